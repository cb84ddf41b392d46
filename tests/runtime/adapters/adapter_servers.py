"""Services on loopback that do, byte by byte, what a test tells them to."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """A request as it came in."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the values of a header, whose name is in small letters, joined by commas."""
        found = [value for each, value in self.headers if each.lower() == name]
        return ", ".join(found) if found else None


@dataclass
class Connection:
    """The server's end of a connection."""

    stream: socket.socket
    server: Server
    _rest: bytes = b""

    def receive(self) -> Received | None:
        """The next request; None when the client closed the connection."""
        while b"\r\n\r\n" not in self._rest:
            if not self._read():
                return None
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        line, *lines = head.decode("latin-1").split("\r\n")
        headers = tuple((n, v) for n, _, v in (each.partition(": ") for each in lines))
        size = int(Received(line, headers, b"").header("content-length") or 0)
        while len(self._rest) < size:
            if not self._read():
                return None
        body, self._rest = self._rest[:size], self._rest[size:]
        received = Received(line, headers, body)
        self.server.requests.append(received)
        return received

    def _read(self) -> bool:
        piece = self.stream.recv(65536)
        self._rest += piece
        return bool(piece)

    def send(self, data: bytes) -> None:
        """Send some bytes, whatever they mean."""
        self.stream.sendall(data)

    def reset(self) -> None:
        """Close it so that the client is told of a reset."""
        self.stream.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.stream.close()


Handler = Callable[[Connection], None]


@dataclass
class Server:
    """A service, with what came in so far."""

    host: str
    port: int
    scheme: str = "http"
    connections: int = 0
    requests: list[Received] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)  # by a client

    def url(self, path: str = "/path") -> str:
        """Return an address of the service."""
        return f"{self.scheme}://{self.host}:{self.port}{path}"


@contextmanager
def serving(
    handler: Handler, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[Server]:
    """Run a handler for each connection, in a thread of its own."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=200)
    server = Server(host, listener.getsockname()[1], "https" if tls else "http")
    streams: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(stream: socket.socket) -> None:
        # What a client does to its end is for the test to judge.
        with suppress(OSError), stream:
            if tls is not None:
                secured = tls.wrap_socket(stream, server_side=True)
                streams.append(secured)
                with secured:
                    handler(Connection(secured, server))
            else:
                handler(Connection(stream, server))

    def accept() -> None:
        with suppress(OSError):
            while True:
                stream, _ = listener.accept()
                server.connections += 1
                streams.append(stream)
                thread = threading.Thread(target=serve, args=(stream,))
                threads.append(thread)
                thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield server
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join()
        for stream in streams:
            with suppress(OSError):
                stream.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()


def answer(body: bytes = b"<a/>", *, head: str = "200 OK", headers: str = "") -> bytes:
    """A whole answer."""
    return b"".join(
        (
            f"HTTP/1.1 {head}\r\n{headers}".encode(),
            f"Content-Length: {len(body)}\r\n\r\n".encode(),
            body,
        )
    )


def chunked(*pieces: bytes) -> bytes:
    """A whole answer in chunks."""
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%b0\r\n\r\n" % chunks


def always(data: bytes) -> Handler:
    """Answer everything with the same bytes, and keep the connection."""

    def handle(connection: Connection) -> None:
        while connection.receive():
            connection.send(data)
        connection.server.closed.set()

    return handle


def once(data: bytes) -> Handler:
    """Answer the first request with some bytes, and close the connection."""

    def handle(connection: Connection) -> None:
        connection.receive()
        connection.send(data)

    return handle


def echo(connection: Connection) -> None:
    """Answer with what came."""
    while received := connection.receive():
        connection.send(answer(received.body))


def silent(connection: Connection) -> None:
    """Take the request, and everything until the client gives up, and say nothing."""
    connection.receive()
    connection.receive()


@contextmanager
def full_port() -> Iterator[int]:
    """A port on which connections are neither accepted nor refused."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        try:
            yield listener.getsockname()[1]
        finally:
            for each in waiting:
                each.close()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
