"""One request on its way: how long it may still take, and how its failures are told."""

import errno
import os
import socket
import ssl
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TypeGuard, TypeVar

from ..errors import ConnectionFailed, TimedOut, TlsFailed, TransportError
from .framing import AnswerReader, Tunnel, written
from .messages import HttpRequest
from .routes import Routes

_PlaceT = TypeVar("_PlaceT")

# Longer waits do not fit into the timers of all systems.
_LONGEST_WAIT = 24 * 60 * 60.0

_UNKNOWN_ISSUER = "was issued by an authority that is not known here"
# By the numbers that OpenSSL has for what is wrong with a certificate.
_CERTIFICATES = {
    9: "is not valid yet",
    10: "has expired",
    18: "is self-signed",
    19: _UNKNOWN_ISSUER,
    20: _UNKNOWN_ISSUER,
    21: _UNKNOWN_ISSUER,
    62: "is for another host",
    64: "is for another address",
}

# What the event loop and some systems say in words of their own.
_WORDS: dict[type[OSError], str] = {
    ConnectionRefusedError: "connection refused",
    ConnectionResetError: "connection reset",
    ssl.SSLEOFError: "connection closed",
    ssl.SSLZeroReturnError: "connection closed",
}


class Trust:
    """Whose certificates are believed; finding that out takes long, and is done once."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._lock = Lock()

    def context(self) -> ssl.SSLContext:
        """The given context, or one that believes whom the system believes."""
        with self._lock:
            if self._tls is None:
                self._tls = ssl.create_default_context()
                self._tls.set_alpn_protocols(["http/1.1"])
            return self._tls


@dataclass(frozen=True, slots=True)
class _Phase:
    """What is waited for.

    Attributes:
        seconds: How long it may take.
        until: When that is over, as `time.monotonic` counts; None if every wait may take as
            long.
        missing: What there is not when time is over.
        late: The sentence for when that is not because of the deadline.
        lost: How the sentence starts when the system reports an error.
    """

    seconds: float
    until: float | None
    missing: str
    late: str
    lost: str


class Delivery:
    """What both transports know of a request while they carry it.

    Attributes:
        route: Where it goes.
        message: The request as it is sent.
        reader: Reads the answer, anew for each connection that is tried.
        was_sent: Whether any of it may have reached the service.
    """

    def __init__(self, request: HttpRequest, routes: Routes) -> None:
        """Find the way, and wait for a connection that is free, as long as it takes.

        Raises:
            ValueError: The URL or a header is none.
            TransportError: The proxy is of a kind that is not supported.
        """
        self.route, target = routes.find(request.url)
        self.message = written(request, self.route, target)
        self.reader = AnswerReader(str(self.route), request.limit)
        self.was_sent = False
        self._request = request
        self._started = time.monotonic()
        self._is_last_wait = False
        missing = f"no connection to {self.route} was free"
        self._phase = _Phase(_LONGEST_WAIT, None, missing, missing, missing)

    @property
    def tunnel(self) -> Tunnel | None:
        """What has to be agreed with a proxy first."""
        proxy = self.route.tunnel
        return Tunnel(self.route, proxy) if proxy else None

    @property
    def may_repeat(self) -> bool:
        """Whether it may be sent again, after a connection failed that had been kept.

        A service may close one at any time, which crosses with the request.
        """
        return self._request.is_idempotent and not self.reader.has_begun

    def start_connecting(self) -> None:
        """From now on wait for a connection."""
        seconds = self._request.timeouts.connect
        missing = f"no connection to {self.route}"
        late = f"{missing} within the connect timeout of {seconds:g} seconds"
        until = time.monotonic() + seconds
        self._phase = _Phase(seconds, until, missing, late, missing)

    def start_asking(self) -> None:
        """From now on wait for the answer, or for the service to take more of the request."""
        self.reader = AnswerReader(str(self.route), self._request.limit)
        seconds = self._request.timeouts.read
        self._phase = _Phase(
            seconds=seconds,
            until=None,
            missing=f"no whole answer from {self.route}",
            late=f"nothing from {self.route} within the read timeout of {seconds:g} seconds",
            lost=f"{self.route} broke off the connection before the answer was complete",
        )

    def seconds(self) -> float:
        """How long the next wait may take.

        Raises:
            TimedOut: No time is left.
        """
        now = time.monotonic()
        phase, deadline = self._phase, self._request.deadline
        left = phase.seconds if phase.until is None else phase.until - now
        total = _LONGEST_WAIT if deadline is None else deadline - now
        self._is_last_wait = total < left
        left = min(left, total, _LONGEST_WAIT)
        if left <= 0:
            raise self._timed_out()
        return left

    @contextmanager
    def telling(self) -> Generator[None, None, None]:
        """Raise what the system reports inside as an error of transports."""
        try:
            yield
        except OSError as error:
            raise self._told(error) from error

    def _timed_out(self) -> TimedOut:
        """The error for when the last wait was in vain."""
        sentence = self._phase.late
        if self._is_last_wait and self._request.deadline is not None:
            seconds = max(self._request.deadline - self._started, 0)
            sentence = (
                f"{self._phase.missing} before the deadline, "
                f"{round(seconds, 1):g} seconds after the start"
            )
        return TimedOut(sentence, was_sent=self.was_sent)

    def _told(self, error: OSError) -> TransportError:
        # One with a number is that of the system, which does not wait as long as it might.
        if isinstance(error, TimeoutError) and error.errno is None:
            return self._timed_out()
        if _is_tls(error):
            return TlsFailed(
                _tls_sentence(error, str(self.route)), was_sent=self.was_sent
            )
        return ConnectionFailed(
            f"{self._phase.lost}: {_words(error)}", was_sent=self.was_sent
        )


def in_turn(places: Sequence[_PlaceT]) -> Iterator[tuple[int, _PlaceT]]:
    """Each place to connect to, with how many have to share the time that is left then."""
    return zip(range(len(places), 0, -1), places, strict=True)


def _is_tls(error: OSError) -> TypeGuard[ssl.SSLError]:
    """Whether TLS itself failed, and not the connection below it."""
    is_closed = isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
    return isinstance(error, ssl.SSLError) and not is_closed


def _tls_sentence(error: ssl.SSLError, service: str) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = _CERTIFICATES.get(error.verify_code)
        reason = reason or f"is not valid: {error.verify_message}"
        return f"the certificate of {service} {reason}"
    reason = error.reason or "unknown reason"
    return f"no safe connection to {service}: {reason.replace('_', ' ').lower()}"


def _words(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "the name cannot be looked up"
    if type(error) in _WORDS:
        return _WORDS[type(error)]
    return os.strerror(error.errno or errno.ENOTCONN).lower()
