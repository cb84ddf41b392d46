"""Transports that lead to the fake itself, without a socket."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from ..errors import ConnectionFailed, ResponseTooLarge, TimedOut
from ..transports.messages import HttpRequest, HttpResponse
from .replies import Reply
from .requests import Received

Handle = Callable[[Received], Reply]


@dataclass(frozen=True, slots=True)
class FakeTransport:
    """Leads to the fake. Threads may share it."""

    _handle: Handle

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status.

        Raises:
            TransportError: The script says that there is none, or only one that is too late.
        """
        exchange = _Exchange(request, self._handle)
        time.sleep(exchange.seconds)
        return exchange.response()


@dataclass(frozen=True, slots=True)
class AsyncFakeTransport:
    """Leads to the fake. Tasks may share it."""

    _handle: Handle

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status.

        Raises:
            TransportError: The script says that there is none, or only one that is too late.
        """
        import asyncio  # noqa: PLC0415 -- takes long, and who waits has no use for it

        exchange = _Exchange(request, self._handle)
        await asyncio.sleep(exchange.seconds)
        return exchange.response()


class _Exchange:
    """A request that the fake has handled.

    Attributes:
        seconds: How long whoever asked waits.
    """

    def __init__(self, request: HttpRequest, handle: Handle) -> None:
        """Let the fake handle a request.

        Raises:
            TimedOut: There is no time for that.
        """
        start = time.monotonic()
        if request.deadline is not None and request.deadline <= start:
            raise TimedOut("no time was left before the deadline", was_sent=False)
        received = Received(
            target=request.url, headers=request.headers, body=request.body
        )
        self._reply = handle(received)
        self._limit = request.limit
        self._late = ""
        self.seconds = self._reply.delay
        read = request.timeouts.read
        if self.seconds >= read:
            self._late = (
                f"nothing from the fake within the read timeout of {read:g} seconds"
            )
            self.seconds = read
        if request.deadline is not None and self.seconds >= request.deadline - start:
            self.seconds = request.deadline - start
            self._late = (
                "no whole answer from the fake before the deadline, "
                f"{self.seconds:.3g} seconds after the start"
            )

    def response(self) -> HttpResponse:
        """The response, once the time has passed.

        Raises:
            TransportError: There is none.
        """
        reply = self._reply
        if self._late:
            raise TimedOut(self._late)
        if reply.status is None:
            raise ConnectionFailed("the fake closed the connection before it answered")
        size = len(reply.body)
        if reply.sent is not None and reply.sent < size:
            raise ConnectionFailed(
                "the fake closed the connection in the middle of its answer: "
                f"{reply.sent} of {size} bytes"
            )
        if size > self._limit:
            raise ResponseTooLarge(
                f"the answer of the fake has more than {self._limit} bytes"
            )
        return HttpResponse(
            status=reply.status,
            reason=reply.reason,
            headers=reply.headers,
            body=reply.body,
        )
