"""A transport on aiohttp, for projects that have it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from functools import cache, partial
from io import BytesIO
from operator import attrgetter
from types import ModuleType
from typing import Protocol, TypeVar

from .adapting import (
    GRACE,
    LONGEST_WAIT,
    POOL_SIZE,
    AsyncClosing,
    Body,
    Failures,
    kinds,
    library,
    seconds_left,
)
from .messages import HttpRequest, HttpResponse

_Timeout = TypeVar("_Timeout")
_Timeout_contra = TypeVar("_Timeout_contra", contravariant=True)

_AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class _Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _Content(Protocol):
    def iter_any(self) -> AsyncIterator[bytes]: ...


class _Response(Protocol):
    status: int
    reason: str | None

    @property
    def content(self) -> _Content: ...

    def release(self) -> object: ...


# A property of a kind that not every type checker finds in a protocol.
_headers: Callable[[_Response], _Headers] = attrgetter("headers")


class AiohttpSession(Protocol[_Timeout_contra]):
    """What is used of `aiohttp.ClientSession`."""

    def post(  # noqa: PLR0913 -- as many as there are things to say
        self,
        url: str,
        *,
        data: BytesIO,
        headers: Iterable[tuple[str, str]],
        skip_auto_headers: Iterable[str],
        allow_redirects: bool,
        auto_decompress: bool,
        raise_for_status: bool,
        timeout: _Timeout_contra,
    ) -> Awaitable[_Response]:
        """Return the response as soon as its body can be read."""
        ...

    async def close(self) -> None:
        """Close the connections."""
        ...


class AiohttpTransport(AsyncClosing):
    """Sends through `aiohttp.ClientSession`.

    A session that is handed in keeps its proxies, its TLS and its connections, and stays open;
    aiohttp adds its headers, cookies and authentication to what is sent. One of our own
    belongs to the event loop in which it is first used, and knows no proxy, as aiohttp takes
    none from the environment by itself. While a service does not take the request, only the
    deadline ends the wait.
    """

    def __init__(self, session: AiohttpSession[_Timeout] | None = None) -> None:
        aiohttp = library("aiohttp")
        # aiohttp makes sessions only where an event loop runs.
        own = cache(partial(_own_session, aiohttp))
        timeout: Callable[..., _Timeout] = aiohttp.ClientTimeout
        self._open: Callable[[HttpRequest], Awaitable[_Response]]
        self._open = partial(_opened, session, own, timeout)
        self._failures = _failures(aiohttp)
        super().__init__(None if session else partial(_closed, own))

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status."""
        body = Body(request)
        with self._failures.telling(request) as telling:
            response = await self._open(request)
            try:
                async for piece in response.content.iter_any():
                    body.add(piece)
            finally:
                # Not `close`, which ends connections that could be kept; this one ends those
                # of which something is left.
                response.release()
            return HttpResponse(
                status=response.status,
                reason=response.reason or "",
                headers=tuple(_headers(response).items()),
                body=body.content(),
            )
        raise telling.failure


def _own_session(aiohttp: ModuleType) -> AiohttpSession[object]:
    session: AiohttpSession[object] = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=POOL_SIZE),
        cookie_jar=aiohttp.DummyCookieJar(),
    )
    return session


async def _closed(own: Callable[[], AiohttpSession[object]]) -> None:
    """Close the session, so that it is refused from then on, even when it was never used."""
    await own().close()


def _failures(aiohttp: ModuleType) -> Failures:
    return Failures(
        # In Python 3.10, the error of asyncio is not that of the language.
        every=(*kinds(aiohttp, "ClientError"), asyncio.TimeoutError),
        late=(*kinds(aiohttp, "ServerTimeoutError"), asyncio.TimeoutError),
        unsafe=kinds(aiohttp, "ClientSSLError", "ServerFingerprintMismatch"),
        unsent=kinds(
            aiohttp,
            "ClientConnectorError",
            "ClientHttpProxyError",
            "ConnectionTimeoutError",
            "InvalidURL",
            "NonHttpUrlClientError",
            "ServerFingerprintMismatch",
        ),
    )


async def _opened(
    given: AiohttpSession[_Timeout] | None,
    own: Callable[[], AiohttpSession[_Timeout]],
    timeout: Callable[..., _Timeout],
    request: HttpRequest,
) -> _Response:
    # Lets the event loop notice which of the connections the service has closed meanwhile.
    await asyncio.sleep(0)
    left = seconds_left(request, was_sent=False)
    return await (given or own()).post(
        request.url,
        data=BytesIO(request.body),  # of bytes, aiohttp wants few
        headers=request.headers,
        skip_auto_headers=_AUTOMATIC,
        allow_redirects=False,
        auto_decompress=False,
        raise_for_status=False,
        timeout=timeout(
            total=left + GRACE,
            connect=left,  # to wait for a free connection, too
            sock_connect=min(request.timeouts.connect, left),
            sock_read=min(request.timeouts.read, left),
            ceil_threshold=LONGEST_WAIT,  # above it, times are rounded up to whole seconds
        ),
    )
