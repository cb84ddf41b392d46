"""The transport for tasks: while one waits for its answer, others run."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import TypeVar

from ..errors import ConnectionFailed
from .delivery import Delivery, Trust, in_turn
from .messages import HttpRequest, HttpResponse
from .pool import Pool, is_readable
from .routes import Routes

_SelfT = TypeVar("_SelfT", bound="AsyncHttpTransport")
_ResultT = TypeVar("_ResultT")

_PIECE = 64 * 2**10


class AsyncHttpTransport:
    """Sends over connections of its own, which it keeps open. Tasks may share it.

    The connections belong to the event loop that runs; those of another loop are dropped.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        proxies: Mapping[str, str] | None = None,
        max_idle: int = 16,
        max_connections: int = 100,
    ) -> None:
        """Make a transport; nothing is opened before the first request.

        Args:
            tls: How connections are made safe; None to believe whom the system believes.
            proxies: URLs of HTTP proxies, by `http`, `https` or `all`, and under `no` which
                hosts are reached without; None for what the environment says now.
            max_idle: How many unused connections are kept open.
            max_connections: How many are in use at the same time; further tasks wait.
        """
        self._trust = Trust(tls)
        self._routes = Routes(proxies)
        self._max_idle = max_idle
        self._max_connections = max_connections
        self._home: _Home | None = None

    async def __aenter__(  # noqa: PYI019 -- `Self` came later
        self: _SelfT,
    ) -> _SelfT:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections, those in use as soon as they are free.

        A later request opens new ones.
        """
        home, self._home = self._home, None
        if home:
            home.pool.close()
            await asyncio.sleep(0)  # in which the event loop lets go of them

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return the response, whatever its status; redirects are not followed.

        Raises:
            TransportError: There was no response. Its `was_sent` is False only if no byte of
                the request can have reached the service.
            ValueError: The URL or a header is none.
        """
        delivery = Delivery(request, self._routes)
        home = self._home_now()
        with delivery.telling():
            await home.take_turn(delivery.seconds())
        try:
            return await self._sent(delivery, home)
        finally:
            home.end_turn()

    async def _sent(self, delivery: Delivery, home: "_Home") -> HttpResponse:
        kept = home.pool.take(delivery.route)
        if kept:
            try:
                return await _asked(kept, delivery, home)
            except ConnectionFailed:
                if not delivery.may_repeat:
                    raise
        delivery.start_connecting()
        with delivery.telling():
            fresh = await _within(
                delivery.seconds(),
                _connected(delivery, self._trust),
                _Connection.close,
            )
        return await _asked(fresh, delivery, home)

    def _home_now(self) -> "_Home":
        loop = asyncio.get_running_loop()
        home = self._home
        if home is None or home.loop is not loop:
            if home:
                home.pool.close()
            home = self._home = _Home(loop, self._max_idle, self._max_connections)
        return home


class _Home:
    """What belongs to one event loop: its connections, and whose turn it is to use one."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, max_idle: int, max_connections: int
    ) -> None:
        self.loop = loop
        self.pool: Pool[_Connection] = Pool(max_idle)
        self._turns = asyncio.Semaphore(max_connections)
        self._max_connections = max_connections
        self._waiting = 0

    async def take_turn(self, seconds: float) -> None:
        """Wait until a connection may be used.

        Raises:
            TimeoutError: It took longer.
        """
        self._waiting += 1
        try:
            await _within(seconds, self._turns.acquire(), lambda _: self.end_turn())
        finally:
            self._waiting -= 1

    def end_turn(self) -> None:
        """Let the next one."""
        self._turns.release()

    def keep(self, delivery: Delivery, connection: "_Connection") -> None:
        """Put a connection back, even if it is one too many, when somebody waits for it."""
        extra = self._max_connections if self._waiting else 0
        self.pool.put(delivery.route, connection, extra)


class _Inbox(asyncio.Protocol):
    """What came over a connection and was not looked at yet.

    Unlike a stream, it gives what came before the connection broke, and then says so.

    Attributes:
        is_over: Whether nothing more will come.
        is_blocked: Whether the service has not taken yet what it was sent.
    """

    def __init__(self) -> None:
        self.is_over = False
        self.is_blocked = False
        self._bytes = bytearray()
        self._failure: OSError | None = None
        self._news: asyncio.Future[None] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to receive, not even the end."""
        return not self._bytes and not self.is_over

    async def receive(self, seconds: float) -> bytes:
        """What came next; nothing for the end.

        Raises:
            TimeoutError: Nothing came in time.
            OSError: The connection broke.
        """
        if self.is_empty:
            self._news = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._news}, timeout=seconds)
        if self.is_empty:
            raise TimeoutError
        if self._failure and not self._bytes:
            raise self._failure
        data = bytes(self._bytes)
        self._bytes.clear()
        return data

    def data_received(self, data: bytes) -> None:
        self._bytes += data
        self._tell()

    def eof_received(self) -> None:
        self.is_over = True
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._failure = exc if isinstance(exc, OSError) else None
        self.is_over = True
        self._tell()

    def pause_writing(self) -> None:
        self.is_blocked = True

    def resume_writing(self) -> None:
        self.is_blocked = False

    def _tell(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)


class _Connection:
    """One connection to a service; it belongs to the loop that it was made in."""

    def __init__(
        self, link: socket.socket, transport: asyncio.Transport, inbox: _Inbox
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._link = link
        self._transport = transport
        self._inbox = inbox
        transport.set_write_buffer_limits(high=1)  # one byte that waits is told

    def is_quiet(self) -> bool:
        # The loop may not have come to look at what the system knows already.
        return self._inbox.is_empty and not is_readable(self._link.fileno())

    def close(self) -> None:
        if self._loop is asyncio.get_running_loop():
            self._transport.abort()
        elif self._loop.is_closed():
            self._link.close()
        else:
            self._loop.call_soon_threadsafe(self._transport.abort)

    async def ask(self, delivery: Delivery) -> tuple[HttpResponse, bool]:
        """The answer, and whether the connection can be kept."""
        delivery.start_asking()
        _ = delivery.seconds()
        delivery.was_sent = True
        self._transport.write(delivery.message)
        response = None
        while response is None:
            response = delivery.reader.feed(await self._received(delivery))
        return response, delivery.reader.is_reusable and not self._inbox.is_blocked

    async def _received(self, delivery: Delivery) -> bytes:
        """What came next, for which the service has time as long as it takes the request."""
        while True:
            unsent = self._unsent()
            try:
                return await self._inbox.receive(delivery.seconds())
            except TimeoutError:
                if self._unsent() >= unsent:
                    raise

    def _unsent(self) -> int:
        is_blocked = self._inbox.is_blocked
        return self._transport.get_write_buffer_size() if is_blocked else 0


async def _asked(
    connection: _Connection, delivery: Delivery, home: _Home
) -> HttpResponse:
    is_kept = False
    try:
        with delivery.telling():
            response, is_kept = await connection.ask(delivery)
    finally:  # also when the task is cancelled
        if is_kept:
            home.keep(delivery, connection)
        else:
            connection.close()
    return response


async def _connected(delivery: Delivery, trust: Trust) -> _Connection:
    route = delivery.route
    # Making a context reads files.
    tls = await asyncio.to_thread(trust.context) if route.is_secure else None
    link = await _dialled(delivery)
    try:
        await _open_tunnel(link, delivery)
    except BaseException:
        link.close()
        raise
    transport, inbox = await asyncio.get_running_loop().create_connection(
        _Inbox,
        sock=link,
        ssl=tls,
        server_hostname=route.address.host if tls else None,
        # Never reached: what waits for this function waits less.
        ssl_handshake_timeout=2 * delivery.seconds() if tls else None,
    )
    return _Connection(link, transport, inbox)


async def _dialled(delivery: Delivery) -> socket.socket:
    first = delivery.route.first
    places = await asyncio.get_running_loop().getaddrinfo(
        first.host, first.port, type=socket.SOCK_STREAM
    )
    failure = OSError()
    for left, place in in_turn(places):
        try:
            return await _within(
                delivery.seconds() / left, _linked(*place), socket.socket.close
            )
        except OSError as error:  # noqa: PERF203 -- any of them may fail
            failure = error
    raise failure


async def _linked(
    family: int, kind: int, protocol: int, _: str, place: tuple[object, ...]
) -> socket.socket:
    link = socket.socket(family, kind, protocol)
    try:
        link.setblocking(False)
        await asyncio.get_running_loop().sock_connect(link, place)
    except BaseException:
        link.close()
        raise
    return link


async def _open_tunnel(link: socket.socket, delivery: Delivery) -> None:
    tunnel = delivery.tunnel
    if tunnel:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(link, tunnel.request)
        while not tunnel.feed(await loop.sock_recv(link, _PIECE)):
            pass


async def _within(
    seconds: float,
    work: Coroutine[object, None, _ResultT],
    undo: Callable[[_ResultT], object],
) -> _ResultT:
    """What a task comes to in time, and otherwise undo it.

    In contrast to `asyncio.wait_for`, a result that comes together with a cancellation is
    not lost, and the cancellation neither.
    """
    task = asyncio.ensure_future(work)
    is_taken = False
    try:
        await asyncio.wait({task}, timeout=seconds)
        is_taken = task.done()
    finally:
        if not is_taken:
            task.add_done_callback(partial(_undo, undo))
            task.cancel()
    if not is_taken:
        raise TimeoutError
    return task.result()


def _undo(undo: Callable[[_ResultT], object], task: "asyncio.Task[_ResultT]") -> None:
    if not task.cancelled() and task.exception() is None:
        undo(task.result())
