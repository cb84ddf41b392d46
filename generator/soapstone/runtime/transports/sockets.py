"""The transport for threads, on sockets that wait."""

import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from typing import TypeVar

from ..errors import ConnectionFailed
from .delivery import Delivery, Trust, in_turn
from .messages import HttpRequest, HttpResponse
from .pool import Pool, is_readable
from .routes import Routes

_SelfT = TypeVar("_SelfT", bound="HttpTransport")

# Large enough for most documents at once, small enough to notice time in between.
_PIECE = 64 * 2**10


class HttpTransport:
    """Sends over connections of its own, which it keeps open. Threads may share it.

    The look-up of a name cannot be interrupted, and may take longer than the timeouts say.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        proxies: Mapping[str, str] | None = None,
        max_idle: int = 16,
    ) -> None:
        """Make a transport; nothing is opened before the first request.

        Args:
            tls: How connections are made safe; None to believe whom the system believes.
            proxies: URLs of HTTP proxies, by `http`, `https` or `all`, and under `no` which
                hosts are reached without; None for what the environment says now.
            max_idle: How many unused connections are kept open.
        """
        self._trust = Trust(tls)
        self._routes = Routes(proxies)
        self._max_idle = max_idle
        self._pool: Pool[_Connection] = Pool(max_idle)

    def __enter__(  # noqa: PYI019 -- `Self` came later
        self: _SelfT,
    ) -> _SelfT:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, those in use as soon as they are free.

        A later request opens new ones.
        """
        pool, self._pool = self._pool, Pool(self._max_idle)
        pool.close()

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status; redirects are not followed.

        Raises:
            TransportError: There was no response. Its `was_sent` is False only if no byte of
                the request can have reached the service.
            ValueError: The URL or a header is none.
        """
        delivery = Delivery(request, self._routes)
        pool = self._pool
        kept = pool.take(delivery.route)
        if kept:
            try:
                return _asked(kept, delivery, pool)
            except ConnectionFailed:
                if not delivery.may_repeat:
                    raise
        return _asked(_connected(delivery, self._trust), delivery, pool)


class _Connection:
    """One connection to a service."""

    def __init__(self, link: socket.socket) -> None:
        self._link = link

    def is_quiet(self) -> bool:
        return not is_readable(self._link.fileno())

    def close(self) -> None:
        self._link.close()

    def ask(self, delivery: Delivery) -> tuple[HttpResponse, bool]:
        """The answer, and whether the connection can be kept."""
        delivery.start_asking()
        is_taken = self._write(delivery)
        response = self._read(delivery)
        return response, is_taken and delivery.reader.is_reusable

    def _write(self, delivery: Delivery) -> bool:
        """Whether the service took the request; if not, it may have said why."""
        rest = memoryview(delivery.message)
        with suppress(ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            while rest:
                self._link.settimeout(delivery.seconds())
                delivery.was_sent = True
                rest = rest[self._link.send(rest[:_PIECE]) :]
        return not rest

    def _read(self, delivery: Delivery) -> HttpResponse:
        response = None
        while response is None:
            response = delivery.reader.feed(_received(self._link, delivery))
        return response


def _asked(
    connection: _Connection, delivery: Delivery, pool: Pool[_Connection]
) -> HttpResponse:
    is_kept = False
    try:
        with delivery.telling():
            response, is_kept = connection.ask(delivery)
    finally:  # also when somebody interrupts the program
        if is_kept:
            pool.put(delivery.route, connection)
        else:
            connection.close()
    return response


def _received(link: socket.socket, delivery: Delivery) -> bytes:
    link.settimeout(delivery.seconds())
    return link.recv(_PIECE)


def _connected(delivery: Delivery, trust: Trust) -> _Connection:
    delivery.start_connecting()
    with delivery.telling():
        link = _dialled(delivery)
        try:
            _open_tunnel(link, delivery)
            return _Connection(_secured(link, delivery, trust))
        except BaseException:
            link.close()
            raise


def _dialled(delivery: Delivery) -> socket.socket:
    first = delivery.route.first
    places = socket.getaddrinfo(first.host, first.port, type=socket.SOCK_STREAM)
    failure = OSError()
    for left, place in in_turn(places):
        try:
            return _linked(delivery.seconds() / left, *place)
        except OSError as error:  # noqa: PERF203 -- any of them may fail
            failure = error
    raise failure


def _linked(
    seconds: float,
    family: int,
    kind: int,
    protocol: int,
    _: str,
    place: tuple[object, ...],
) -> socket.socket:
    link = socket.socket(family, kind, protocol)
    try:
        link.settimeout(seconds)
        link.connect(place)
    except BaseException:
        link.close()
        raise
    return link


def _open_tunnel(link: socket.socket, delivery: Delivery) -> None:
    tunnel = delivery.tunnel
    if tunnel:
        link.settimeout(delivery.seconds())
        link.sendall(tunnel.request)
        while not tunnel.feed(_received(link, delivery)):
            pass


def _secured(link: socket.socket, delivery: Delivery, trust: Trust) -> socket.socket:
    link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not delivery.route.is_secure:
        return link
    link.settimeout(delivery.seconds())
    host = delivery.route.address.host
    return trust.context().wrap_socket(link, server_hostname=host)
