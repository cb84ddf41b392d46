"""The fake over HTTP: loopback sockets, a thread for each connection."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Lock, Thread
from typing import TypeAlias

from .replies import Reply, page
from .requests import Received

Handle: TypeAlias = Callable[[Received], Reply]
Tell: TypeAlias = Callable[[str], object]

# How often the thread that takes connections looks whether it is to end, in seconds.
_POLL = 0.02


@contextmanager
def serving(handle: Handle, host: str, port: int, tell: Tell | None) -> Iterator[str]:
    """Serve while a `with` block runs, which is given the address without a path.

    Args:
        handle: Says how a request is to be replied to.
        host: The address to serve at.
        port: The port; 0 for any that is free.
        tell: Called with a line about each answer.

    Raises:
        OSError: It cannot be served there.
    """
    server = _Server(handle, host, port, tell)
    thread = Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.shutdown()
        thread.join()
        server.disconnect()
        server.server_close()


class _Server(ThreadingMixIn, TCPServer):
    """Takes connections.

    Attributes:
        is_ending: Set when no answer is to be waited for any more.
    """

    # Elsewhere it would let two servers have the same port.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 128

    def __init__(self, handle: Handle, host: str, port: int, tell: Tell | None) -> None:
        self.handle = handle
        self.tell = tell
        self.is_ending = Event()
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        if ":" in host:
            self.address_family = socket.AF_INET6
        super().__init__((host, port), _Handler)

    @property
    def address(self) -> str:
        """Where it serves."""
        host, port = self.socket.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def disconnect(self) -> None:
        """End all connections, also those that nobody uses at present."""
        self.is_ending.set()
        with self._lock:
            for connection in self._connections:
                # Others may have ended it already.
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def get_request(self) -> tuple[socket.socket, object]:
        """Take a connection, and remember it."""
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def close_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Close a connection, and forget it."""
        with self._lock:
            self._connections.discard(request)
        super().close_request(request)


class _Handler(BaseHTTPRequestHandler):
    """Receives the requests of one connection and sends the replies."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        """Serve the connection, until one of the sides ends it."""
        with suppress(ConnectionError):
            super().handle()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """The method for an HTTP method, which is the same for all of them."""
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- that is its name
        """Keep quiet about what is no request at all."""

    def _exchange(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.command == "POST" and not (length.isascii() and length.isdigit()):
            self.close_connection = True
            self._send(page(411, "Length Required"))
            return
        body = self.rfile.read(int(length or 0))
        received = Received(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=body,
        )
        reply = self.server.handle(received)
        ...
