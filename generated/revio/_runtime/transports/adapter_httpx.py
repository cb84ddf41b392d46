"""Transports on httpx, for projects that have it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import ModuleType
from typing import Protocol, TypeVar

from .adapting import (
    GRACE,
    POOL_SIZE,
    AsyncClosing,
    Body,
    Closing,
    Failures,
    kinds,
    library,
    seconds_left,
)
from .messages import HttpRequest, HttpResponse

_Request = TypeVar("_Request")
_Request_contra = TypeVar("_Request_contra", contravariant=True)


class _Headers(Protocol):
    def multi_items(self) -> list[tuple[str, str]]: ...


class _Head(Protocol):
    status_code: int

    @property
    def reason_phrase(self) -> str: ...

    @property
    def headers(self) -> _Headers: ...


class _Response(_Head, Protocol):
    def iter_raw(self) -> Iterator[bytes]: ...

    def close(self) -> None: ...


class _AsyncResponse(_Head, Protocol):
    def aiter_raw(self) -> AsyncIterator[bytes]: ...

    async def aclose(self) -> None: ...


class HttpxClient(Protocol[_Request_contra]):
    """What is used of `httpx.Client`."""

    def send(
        self,
        request: _Request_contra,
        *,
        stream: bool,
        auth: None,
        follow_redirects: bool,
    ) -> _Response:
        """Return the response as soon as its body can be read."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class HttpxAsyncClient(Protocol[_Request_contra]):
    """What is used of `httpx.AsyncClient`."""

    async def send(
        self,
        request: _Request_contra,
        *,
        stream: bool,
        auth: None,
        follow_redirects: bool,
    ) -> _AsyncResponse:
        """Return the response as soon as its body can be read."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


class HttpxTransport(Closing):
    """Sends through `httpx.Client`.

    A client that is handed in keeps its proxies, its TLS and its connections, and stays open.
    Its own headers, cookies and authentication are not sent. The deadline is looked at when
    something came; of a silent service it is noticed when the timeout for reading is over.
    """

    def __init__(self, client: HttpxClient[_Request] | None = None) -> None:
        httpx = library("httpx")
        used: HttpxClient[_Request] = client or httpx.Client(**_settings(httpx))
        new: Callable[..., _Request] = httpx.Request
        self._open: Callable[[HttpRequest, dict[str, float]], _Response]
        self._open = partial(_opened, used, new)
        self._failures = _failures(httpx)
        super().__init__(None if client else used.close)

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status."""
        waits = _waits(request)
        body = Body(request)
        with self._failures.telling(request) as telling:
            response = self._open(request, waits)
            try:
                _shorten(waits, request)
                for piece in response.iter_raw():
                    body.add(piece)
            finally:
                response.close()
            return _response(response, body)
        raise telling.failure


class AsyncHttpxTransport(AsyncClosing):
    """Sends through `httpx.AsyncClient`.

    A client that is handed in keeps its proxies, its TLS and its connections, and stays open.
    Its own headers, cookies and authentication are not sent.
    """

    def __init__(self, client: HttpxAsyncClient[_Request] | None = None) -> None:
        httpx = library("httpx")
        used: HttpxAsyncClient[_Request]
        used = client or httpx.AsyncClient(**_settings(httpx))
        new: Callable[..., _Request] = httpx.Request
        self._open: Callable[[HttpRequest, dict[str, float]], Awaitable[_AsyncResponse]]
        self._open = partial(_opened_async, used, new)
        self._failures = _failures(httpx)
        # httpx itself runs on it, whichever event loop there is.
        self._fail_after: Callable[[float], AbstractContextManager[object]]
        self._fail_after = library("anyio").fail_after
        super().__init__(None if client else used.aclose)

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status."""
        waits = _waits(request)
        body = Body(request)
        left = waits["pool"]
        with self._failures.telling(request) as telling, self._fail_after(left + GRACE):
            response = await self._open(request, waits)
            try:
                async for piece in response.aiter_raw():
                    body.add(piece)
            finally:
                await response.aclose()
            return _response(response, body)
        raise telling.failure


def _settings(httpx: ModuleType) -> dict[str, object]:
    """What a client of our own is made with."""
    jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=()))
    limits = httpx.Limits(
        max_connections=POOL_SIZE, max_keepalive_connections=POOL_SIZE
    )
    return {"cookies": jar, "limits": limits}


def _failures(httpx: ModuleType) -> Failures:
    return Failures(
        every=kinds(httpx, "HTTPError", "InvalidURL"),
        late=kinds(httpx, "TimeoutException"),
        unsafe=(),
        unsent=kinds(
            httpx,
            "ConnectError",
            "ConnectTimeout",
            "InvalidURL",
            "PoolTimeout",
            "ProxyError",
            "UnsupportedProtocol",
        ),
    )


def _waits(request: HttpRequest) -> dict[str, float]:
    """The timeouts by the names that they have in httpx."""
    left = seconds_left(request, was_sent=False)
    read = min(request.timeouts.read, left)
    connect = min(request.timeouts.connect, left)
    return {"pool": left, "connect": connect, "write": read, "read": read}


def _shorten(waits: dict[str, float], request: HttpRequest) -> None:
    """Let no wait for the body be longer than what is left when it begins."""
    waits["read"] = min(waits["read"], seconds_left(request, was_sent=True))


def _made(
    new: Callable[..., _Request], request: HttpRequest, waits: dict[str, float]
) -> _Request:
    """A request of our own, because one that a client builds has more headers."""
    return new(
        "POST",
        request.url,
        headers=request.headers,
        content=request.body,
        extensions={"timeout": waits},
    )


def _opened(
    client: HttpxClient[_Request],
    new: Callable[..., _Request],
    request: HttpRequest,
    waits: dict[str, float],
) -> _Response:
    made = _made(new, request, waits)
    return client.send(made, stream=True, auth=None, follow_redirects=False)


async def _opened_async(
    client: HttpxAsyncClient[_Request],
    new: Callable[..., _Request],
    request: HttpRequest,
    waits: dict[str, float],
) -> _AsyncResponse:
    made = _made(new, request, waits)
    return await client.send(made, stream=True, auth=None, follow_redirects=False)


def _response(head: _Head, body: Body) -> HttpResponse:
    return HttpResponse(
        status=head.status_code,
        reason=head.reason_phrase,
        headers=tuple(head.headers.multi_items()),
        body=body.content(),
    )
