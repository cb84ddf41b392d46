"""The fake over HTTP: loopback sockets, a thread for each connection."""

import os
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from threading import Event, Lock, Thread
from typing import TypeAlias

from ..envelope import Envelope
from .replies import Reply, fault_reply, page
from .requests import Received

Handle: TypeAlias = Callable[[Received], Reply]
Tell: TypeAlias = Callable[[str], object]

# How often the thread that takes connections looks whether it is to end, in seconds.
_POLL = 0.02


@contextmanager
def serving(
    handle: Handle, host: str, port: int, tell: Tell | None
) -> Generator[str, None, None]:
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
        reply_to: Says how a request is to be replied to.
        tell: Called with a line about each answer.
        is_ending: Set when no answer is to be waited for any more.
    """

    # Elsewhere it would let two servers have the same port.
    allow_reuse_address = os.name == "posix"
    request_queue_size = 128

    def __init__(self, handle: Handle, host: str, port: int, tell: Tell | None) -> None:
        self.reply_to = handle
        self.tell = tell
        self.is_ending = Event()
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
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
                with suppress(OSError):  # whoever called may have ended it
                    connection.shutdown(socket.SHUT_RDWR)

    def get_request(self) -> tuple[socket.socket, object]:
        """Take a connection, and remember it."""
        connection, address = super().get_request()
        with self._lock:
            self._connections.add(connection)
        return connection, address

    def close_request(
        self, request: socket.socket | tuple[bytes, socket.socket]
    ) -> None:
        """Forget a connection, and close it."""
        with self._lock:
            self._connections = {
                each for each in self._connections if each is not request
            }
        super().close_request(request)


class _Handler(BaseHTTPRequestHandler):
    """Receives the requests of one connection and sends the replies."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def __init__(
        self, request: socket.socket, address: object, server: _Server
    ) -> None:
        self._fake = server
        super().__init__(request, address, server)

    def handle(self) -> None:
        """Serve the connection, until one of the sides ends it."""
        with suppress(ConnectionError):
            super().handle()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """What serves an HTTP method, which is the same for all of them."""
        if name.startswith("do_"):
            return self._exchange
        raise AttributeError(name)

    def log_message(
        self,
        format: str,
        *args: object,
    ) -> None:
        """Keep quiet about what is not even HTTP."""

    def _exchange(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.command == "POST" and not (length.isascii() and length.isdigit()):
            self.close_connection = True
            self._send(page(411, "Length Required"))
            return
        size = int(length or 0)
        body = self.rfile.read(size)
        if len(body) < size:
            self.close_connection = True
            return
        self._reply(body)

    def _reply(self, body: bytes) -> None:
        received = Received(
            method=self.command,
            target=self.path,
            headers=tuple(self.headers.items()),
            body=body,
        )
        try:
            reply = self._fake.reply_to(received)
        except Exception as error:  # of something that a test gave to the fake
            sentence = f"Server was unable to process request. ---> {error}"
            self.close_connection = True
            self._send(fault_reply(sentence, "soap:Server", Envelope.SOAP11))
            raise
        if self._fake.is_ending.wait(reply.delay):
            self.close_connection = True
            return
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        """Send a reply as far as it is to be sent."""
        if self._fake.tell is not None:
            status = f"{reply.status or 'no answer'} {reply.reason}".rstrip()
            named = reply.operation or self.path
            self._fake.tell(f"{self.command} {named}: {status}")
        if reply.status is None:
            self.close_connection = True
            return
        has_body = self.command != "HEAD" and reply.status not in {204, 304}
        is_chunked = reply.chunk > 0 and self.request_version != "HTTP/1.0"
        body = reply.body if has_body else b""
        head = self._head(reply, is_chunked=is_chunked)
        if reply.sent is not None:
            body = body[: reply.sent]
            self.close_connection = True
        if not (is_chunked and has_body):
            self.wfile.write(head + body)
            return
        self.wfile.write(head)
        for start in range(0, len(body), reply.chunk):
            piece = body[start : start + reply.chunk]
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def _head(self, reply: Reply, *, is_chunked: bool) -> bytes:
        connection = "close" if self.close_connection else "keep-alive"
        framing = ("Content-Length", str(len(reply.body)))
        if is_chunked:
            framing = ("Transfer-Encoding", "chunked")
        lines = [f"HTTP/1.1 {reply.status} {reply.reason}"]
        for name, value in (*reply.headers, framing, ("Connection", connection)):
            lines.append(f"{name}: {value}")
        return "\r\n".join((*lines, "", "")).encode("latin-1")
