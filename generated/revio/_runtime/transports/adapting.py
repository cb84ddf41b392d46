"""What the adapters of other libraries share: time, the limit of a body, words for failures.

An adapter imports its library when it is made, so that its module can be imported without.
"""

import importlib
import os
import socket
import ssl
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar
from urllib.parse import urlsplit

from ..errors import (
    ConnectionFailed,
    ResponseTooLarge,
    TimedOut,
    TlsFailed,
    TransportError,
)
from .messages import HttpRequest

_Sync = TypeVar("_Sync", bound="Closing")
_Async = TypeVar("_Async", bound="AsyncClosing")

POOL_SIZE = 100  # connections of a client that an adapter makes for itself

# Sockets take no number of seconds that is much larger, and infinity not at all.
LONGEST_WAIT = 1_000_000.0

# By how much the timer of the whole exchange is later than the others: those know whether
# there was a connection yet.
GRACE = 0.25


def library(name: str) -> ModuleType:
    """The library of an adapter.

    Raises:
        ImportError: It is not installed; the sentence says how to install it.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        sentence = f"this transport sends through {name}, which is not installed: run `pip install {name}`"
        raise ImportError(sentence, name=name) from None


class Closing:
    """Has connections, which it closes when they are its own."""

    def __init__(self, close: Callable[[], None] | None) -> None:
        self._close = close

    def close(self) -> None:
        """Close the connections, unless they belong to what was handed in."""
        if self._close is not None:
            self._close()

    def __enter__(self: _Sync) -> _Sync:  # noqa: PYI019 -- `Self` came with Python 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClosing:
    """The same for tasks."""

    def __init__(self, close: Callable[[], Awaitable[None]] | None) -> None:
        self._close = close

    async def close(self) -> None:
        """Close the connections, unless they belong to what was handed in."""
        if self._close is not None:
            await self._close()

    async def __aenter__(self: _Async) -> _Async:  # noqa: PYI019 -- the same
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def seconds_left(request: HttpRequest, *, was_sent: bool) -> float:
    """How long the exchange may still take.

    Raises:
        TimedOut: Its deadline has passed.
    """
    if request.deadline is None:
        return LONGEST_WAIT
    left = request.deadline - time.monotonic()
    if left <= 0:
        raise _timed_out(request, was_sent=was_sent)
    return min(left, LONGEST_WAIT)


class Body:
    """The body of an answer while it comes in, within the limit and the deadline."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._content = bytearray()

    def add(self, piece: bytes) -> None:
        """Take the next piece.

        Raises:
            ResponseTooLarge: With it there are more bytes than the limit allows.
            TimedOut: It came after the deadline.
        """
        limit = self._request.limit
        if len(self._content) + len(piece) > limit:
            sentence = f"the answer of {_place(self._request)} is larger than the limit of {limit} bytes"
            raise ResponseTooLarge(sentence)
        seconds_left(self._request, was_sent=True)
        self._content += piece

    def content(self) -> bytes:
        """All pieces so far."""
        return bytes(self._content)


@dataclass(frozen=True, slots=True)
class Failures:
    """What the exceptions of a library mean.

    Attributes:
        every: All that it raises when an exchange fails.
        late: Those that say that something took too long.
        unsafe: Those that are about TLS, besides the ones of the standard library.
        unsent: Those after which it is certain that no byte of the request left.
    """

    every: tuple[type[Exception], ...]
    late: tuple[type[Exception], ...]
    unsafe: tuple[type[Exception], ...]
    unsent: tuple[type[Exception], ...]

    def telling(self, request: HttpRequest) -> "Telling":
        """What takes the exceptions of the library in an exchange."""
        return Telling(self, request)

    def told(self, request: HttpRequest, causes: list[BaseException]) -> TransportError:
        """The error of a transport that an exception and its causes stand for.

        The library's own words are left behind, as they may quote secrets.
        """
        unsent = (*self.unsent, ssl.SSLCertVerificationError)
        was_sent = not any(isinstance(each, unsent) for each in causes)
        if any(isinstance(each, (*self.late, TimeoutError)) for each in causes):
            return _timed_out(request, was_sent=was_sent)
        reason = _reason(causes)
        place = _place(request)
        if any(isinstance(each, self.unsafe) or _is_unsafe(each) for each in causes):
            return TlsFailed(
                f"the connection to {place} could not be made safe: {reason}",
                was_sent=was_sent,
            )
        if was_sent:
            return ConnectionFailed(
                f"the connection to {place} ended before the answer did: {reason}"
            )
        return ConnectionFailed(f"no connection to {place}: {reason}", was_sent=False)


class Telling:
    """Takes the exception of a library in a `with` block, and has an error in its place.

    That one is raised after the block: inside, Python would keep the exception, and with it
    addresses and documents that may hold secrets, as its context.

    Attributes:
        failure: The error; there is one exactly if the block did not end by itself.
    """

    failure: TransportError

    def __init__(self, failures: Failures, request: HttpRequest) -> None:
        self._failures = failures
        self._request = request
        self._outer = sys.exc_info()[1]

    def __enter__(self) -> "Telling":  # noqa: PYI034 -- `Self` came later
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> bool:
        every: tuple[type[Exception], ...] = (*self._failures.every, OSError)
        if not isinstance(error, every):
            return False
        causes = list(_causes(error, self._outer))
        self.failure = self._failures.told(self._request, causes)
        return True


def kinds(module: ModuleType, *names: str) -> tuple[type[Exception], ...]:
    """The exceptions of a library that have these names."""
    return tuple(getattr(module, name) for name in names)


def _causes(
    error: BaseException, outer: BaseException | None
) -> Iterator[BaseException]:
    """An exception and what led to it, the first cause last.

    Args:
        error: What the library raised.
        outer: What was handled when the exchange began, which is no cause of it.
    """
    seen = {id(outer)}
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            yield each
            # Some libraries hand a cause to the constructor only.
            waiting += (*each.args, each.__context__, each.__cause__)


def _is_unsafe(error: BaseException) -> bool:
    """Whether it is about TLS itself, and not about a connection that ended below it."""
    ends = ssl.SSLEOFError, ssl.SSLZeroReturnError
    return isinstance(error, ssl.SSLError) and not isinstance(error, ends)


def _reason(causes: list[BaseException]) -> str:
    """What happened, in words of the system, if it has any."""
    for cause in reversed(causes):
        words = _words(cause) if isinstance(cause, OSError) else None
        if words:
            return words
    return "the service closed it, or does not speak HTTP"


def _words(error: OSError) -> str | None:
    if isinstance(error, ssl.SSLError):
        # Libraries make some of their own, which have none of this.
        known = vars(error)
        words: object = known.get("verify_message") or known.get("reason")
        return words.rstrip(".") if isinstance(words, str) else None
    if isinstance(error, socket.gaierror):
        return "the name cannot be looked up"
    return os.strerror(error.errno) if error.errno else None


def _timed_out(request: HttpRequest, *, was_sent: bool) -> TimedOut:
    missing = "answer from" if was_sent else "connection to"
    waits = request.timeouts
    limit = f"within {waits.read if was_sent else waits.connect:g} seconds"
    if request.deadline is not None and time.monotonic() >= request.deadline:
        limit = "before the deadline"
    return TimedOut(f"no {missing} {_place(request)} {limit}", was_sent=was_sent)


def _place(request: HttpRequest) -> str:
    """Host and port as in the address, without anything that may be secret."""
    return urlsplit(request.url).netloc.rpartition("@")[2]
