"""What a transport is given, and what it gives back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a transport waits, in seconds.

    Attributes:
        connect: For a connection, from the look-up of the name to the end of the TLS handshake.
        read: For the next bytes of the answer, and for the service to take those of the request.
    """

    connect: float = 10.0
    read: float = 60.0

    def __post_init__(self) -> None:
        for name, seconds in (("connect", self.connect), ("read", self.read)):
            if not seconds > 0:
                raise ValueError(f"the timeout {name!r} must be above 0, not {seconds}")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A document to be posted. What may hold secrets does not show in its `repr`.

    Attributes:
        url: Where to, `https://host/path` or `http://host/path`, without user and fragment.
        headers: Names and values in their order; a transport adds `Host` and `Content-Length`.
        body: The document.
        timeouts: How long to wait for the parts of the exchange.
        deadline: When the exchange as a whole has to be over, as `time.monotonic` counts; None
            when only the timeouts limit it.
        limit: The largest body of an answer that is taken, in bytes as they are transferred.
        is_idempotent: Whether it may be sent again over a fresh connection when one that was
            kept open turns out to be closed. All others must never be sent twice.
    """

    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    timeouts: Timeouts
    deadline: float | None
    limit: int
    is_idempotent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """What came back. What may hold secrets does not show in its `repr`.

    Attributes:
        status: The status code.
        reason: The words beside it; often empty.
        headers: Names and values in their order, the names in any case.
        body: The body as it was transferred: if there is a header `Content-Encoding`, it is
            still compressed. A transport that decompressed it leaves that header out.
    """

    status: int
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def header(self, name: str) -> str | None:
        """The values of a header, joined by commas; None when there is none."""
        return _joined(
            value for each, value in self.headers if each.lower() == name.lower()
        )


def _joined(values: Iterable[str]) -> str | None:
    found = list(values)
    return ", ".join(found) if found else None


class Transport(Protocol):
    """Carries one request to the service and its answer back. Threads may share it."""

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status; redirects are not followed.

        Raises:
            TransportError: There was no response. Its `was_sent` is False only if no byte of
                the request can have reached the service.
        """
        ...


class AsyncTransport(Protocol):
    """The same for tasks, which may share it."""

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status; redirects are not followed.

        Raises:
            TransportError: There was no response. Its `was_sent` is False only if no byte of
                the request can have reached the service.
        """
        ...
