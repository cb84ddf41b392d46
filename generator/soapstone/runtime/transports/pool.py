"""Connections that are kept open, because opening one takes longer than most answers."""

import os
import selectors
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Generic, Protocol, TypeVar

from .routes import Route

# Load balancers commonly close what was idle for a minute. A request that crosses with that
# fails, and must not be sent again unless it is harmless, so ours are given up before.
_LONGEST_IDLE = 55.0


class Connection(Protocol):
    """What can be kept open."""

    def is_quiet(self) -> bool:
        """Whether it is open, and nothing came that nobody asked for."""
        ...

    def close(self) -> None:
        """Close it without further ado."""
        ...


ConnectionT = TypeVar("ConnectionT", bound=Connection)


@dataclass(frozen=True, slots=True)
class _Idle(Generic[ConnectionT]):
    """A connection that waits to be used again."""

    connection: ConnectionT
    route: Route
    since: float
    process: int


class Pool(Generic[ConnectionT]):
    """Keeps idle connections, which threads may take and put back.

    Args:
        max_idle: How many, over all routes; the oldest are closed first.
    """

    def __init__(self, max_idle: int) -> None:
        self._max_idle = max_idle
        self._idle: list[_Idle[ConnectionT]] = []  # in the order of `since`
        self._is_closed = False
        self._lock = Lock()

    def take(self, route: Route) -> ConnectionT | None:
        """The connection that was used last, for its memory is the freshest on all sides."""
        while found := self._taken(route):
            # A process that was forked off must not share the stream of its parent.
            if found.process == os.getpid() and found.connection.is_quiet():
                return found.connection
            found.connection.close()
        return None

    def put(self, route: Route, connection: ConnectionT, extra: int = 0) -> None:
        """Keep a connection, if there is room and the pool is open.

        Args:
            route: What it is good for.
            connection: The connection.
            extra: For how many more than usual there is room.
        """
        idle = _Idle(connection, route, time.monotonic(), os.getpid())
        with self._lock:
            self._idle.append(idle)
            room = 0 if self._is_closed else self._max_idle + extra
            given_up = self._idle[: max(len(self._idle) - room, 0)]
            del self._idle[: len(given_up)]
        _close(given_up)

    def close(self) -> None:
        """Close what is idle now, and later what is put back."""
        with self._lock:
            self._is_closed = True
            given_up, self._idle = self._idle, []
        _close(given_up)

    def _taken(self, route: Route) -> _Idle[ConnectionT] | None:
        with self._lock:
            oldest = time.monotonic() - _LONGEST_IDLE
            given_up = [each for each in self._idle if each.since < oldest]
            del self._idle[: len(given_up)]
            fitting = [each for each in self._idle if each.route == route]
            if fitting:
                self._idle.remove(fitting[-1])
        _close(given_up)
        return fitting[-1] if fitting else None


def _close(given_up: list[_Idle[ConnectionT]]) -> None:
    for each in given_up:
        each.connection.close()


def is_readable(descriptor: int) -> bool:
    """Whether a socket has something to read now, its end included; if in doubt, it has."""
    with suppress(OSError), selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        return bool(selector.select(0))
    return True
