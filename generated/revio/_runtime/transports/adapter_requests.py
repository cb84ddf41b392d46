"""A transport on requests, for projects that have it."""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from types import ModuleType
from typing import Protocol, TypeVar

from .adapting import (
    POOL_SIZE,
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
_Request_co = TypeVar("_Request_co", covariant=True)

_PIECE = 65536  # bytes of an answer that are read at once

_SKIPPED = "@@@SKIP_HEADER@@@"  # what urllib3 calls `SKIP_HEADER`


class _Socket(Protocol):
    def settimeout(self, seconds: float, /) -> None: ...


class _Connection(Protocol):
    @property
    def sock(self) -> _Socket | None: ...


class _Headers(Protocol):
    def items(self) -> Iterable[tuple[str, str]]: ...


class _RawResponse(Protocol):
    """What is used of `urllib3.HTTPResponse`."""

    @property
    def reason(self) -> str | None: ...

    @property
    def headers(self) -> _Headers: ...

    @property
    def connection(self) -> _Connection | None: ...

    def read1(self, size: int, /, *, decode_content: bool) -> bytes: ...


class _Response(Protocol):
    status_code: int

    @property
    def raw(self) -> _RawResponse: ...

    @property
    def headers(self) -> MutableMapping[str, str]: ...

    def close(self) -> None: ...


class _Prepared(Protocol[_Request_co]):
    """What is used of `requests.Request`."""

    def prepare(self) -> _Request_co: ...


class RequestsSession(Protocol[_Request_contra]):
    """What is used of `requests.Session`."""

    def merge_environment_settings(
        self, url: str, proxies: dict[str, str], stream: None, verify: None, cert: None
    ) -> Mapping[str, object]:
        """Return what the session and the environment say, under `verify` too."""
        ...

    def send(
        self,
        request: _Request_contra,
        *,
        stream: bool,
        verify: bool | str,
        timeout: tuple[float, float],
        allow_redirects: bool,
    ) -> _Response:
        """Return the response as soon as its body can be read."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class RequestsTransport(Closing):
    """Sends through `requests.Session`.

    A session that is handed in keeps its proxies, its TLS and its connections, and stays open.
    Its own headers, cookies and authentication are not sent, nor those of `.netrc`. The
    deadline is looked at when something came; of a service that is silent before its answer
    it is noticed when the timeout for reading is over.
    """

    def __init__(self, session: RequestsSession[_Request] | None = None) -> None:
        requests = library("requests")
        used: RequestsSession[_Request] = session or _own_session(requests)
        new: Callable[[HttpRequest], _Request] = partial(_made, requests.Request)
        self._open: Callable[[HttpRequest, float], _Response]
        self._open = partial(_opened, used, new)
        self._failures = _failures(requests)
        super().__init__(None if session else used.close)

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status."""
        left = seconds_left(request, was_sent=False)
        body = Body(request)
        with self._failures.telling(request) as telling:
            response = self._open(request, left)
            try:
                raw = response.raw
                # Not `read`, which returns nothing until it has as much as was asked for.
                while piece := raw.read1(_PIECE, decode_content=False):
                    body.add(piece)
                    _shorten(raw.connection, request)
            finally:
                response.close()
            return HttpResponse(
                status=response.status_code,
                reason=raw.reason or "",
                headers=tuple(raw.headers.items()),
                body=body.content(),
            )
        raise telling.failure


def _own_session(requests: ModuleType) -> RequestsSession[object]:
    session = requests.Session()
    adapter = requests.adapters.HTTPAdapter
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter(pool_maxsize=POOL_SIZE, max_retries=0))
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    own: RequestsSession[object] = session
    return own


def _failures(requests: ModuleType) -> Failures:
    urllib3 = library("urllib3").exceptions
    return Failures(
        # Its exceptions come through as they are while a body is read.
        every=kinds(urllib3, "HTTPError"),
        # Not all that urllib3 derives from its timeouts, a refused connection among them.
        late=(
            *kinds(requests, "ConnectTimeout", "ReadTimeout"),
            *kinds(urllib3, "ReadTimeoutError"),
        ),
        unsafe=(),
        unsent=(
            *kinds(requests, "ConnectTimeout"),
            *kinds(requests.exceptions, "InvalidSchema", "InvalidURL", "MissingSchema"),
            *kinds(urllib3, "NewConnectionError", "ProxyError"),
        ),
    )


def _made(new: Callable[..., _Prepared[_Request]], request: HttpRequest) -> _Request:
    """A request of our own, because one that a session prepares has more headers."""
    headers: dict[str, str] = {}
    for name, value in request.headers:
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    # Otherwise urllib3 adds its own.
    for name in ("accept-encoding", "user-agent"):
        headers.setdefault(name, _SKIPPED)
    return new(
        "POST",
        request.url,
        headers=headers,
        data=request.body,
        hooks={"response": _hide_location},
    ).prepare()


def _hide_location(response: _Response, **_settings: object) -> None:
    """Leave nothing to follow: for what it could follow, requests reads the whole body."""
    response.headers.pop("location", None)


def _opened(
    session: RequestsSession[_Request],
    new: Callable[[HttpRequest], _Request],
    request: HttpRequest,
    left: float,
) -> _Response:
    settings = session.merge_environment_settings(request.url, {}, None, None, None)
    verify = settings["verify"]
    return session.send(
        new(request),
        stream=True,
        verify=verify if isinstance(verify, bool | str) else True,
        timeout=(min(request.timeouts.connect, left), min(request.timeouts.read, left)),
        allow_redirects=False,
    )


def _shorten(connection: _Connection | None, request: HttpRequest) -> None:
    """Let the wait for the next piece not be longer than what is left."""
    left = seconds_left(request, was_sent=True)
    # There is none any more when the body was read, or when it ends with the connection.
    if connection is not None and connection.sock is not None:
        connection.sock.settimeout(min(request.timeouts.read, left))
