"""Services and proxies on this machine, each of which does what a test says, and no more."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts
from soapstone.runtime.transports.sockets import HttpTransport
from soapstone.runtime.transports.streams import AsyncHttpTransport

# Nothing takes as long; whoever waits for it has failed.
LONG = 30.0


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header."""
        found = re.search(
            rf"^{name}: (.*)\r$",
            self.head.decode("latin-1"),
            re.MULTILINE | re.IGNORECASE,
        )
        return found[1] if found else None


class Conversation:
    """The side of the service in one connection."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self._received = bytearray()

    def head(self) -> bytes:
        """Everything up to the first empty line; nothing when the client has left."""
        while b"\r\n\r\n" not in self._received:
            if not self.more():
                return b""
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        return bytes(head) + b"\r\n\r\n"

    def asked(self) -> Asked | None:
        """The next request; None when the client has left."""
        head = self.head()
        if not head:
            return None
        length = int(Asked(head, b"").header("Content-Length") or "0")
        while len(self._received) < length:
            assert self.more()
        body, self._received = self._received[:length], self._received[length:]
        return Asked(head, bytes(body))

    def more(self) -> bool:
        """Wait for more; whether there was any."""
        data = self.link.recv(2**16)
        self._received += data
        return bool(data)

    def ends_with(self, end: bytes) -> bool:
        """Whether what came and was not used ends so."""
        return self._received.endswith(end)

    def send(self, data: bytes) -> None:
        """Send anything."""
        self.link.sendall(data)

    def answer(self, body: bytes = b"") -> None:
        """Send a proper answer."""
        self.send(answer(body))

    def wait_for_end(self) -> None:
        """Take everything until the client leaves."""
        while self.more():
            self._received.clear()

    def reset(self) -> None:
        """Let the client see an error and not the end."""
        self.link.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.link.close()


Talk: TypeAlias = Callable[[Conversation], None]


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def echo(conversation: Conversation) -> None:
    """Answer every request with its body."""
    while (asked := conversation.asked()) is not None:
        conversation.answer(asked.body)


class Server:
    """Listens on a port and has the same talk with everybody who comes, in threads."""

    def __init__(
        self, talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> None:
        self._talk = talk
        self._tls = tls
        self._links: list[socket.socket] = []
        self._failures: list[BaseException] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=2000)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self._links)

    @property
    def address(self) -> str:
        """Where it is, as errors name it."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Where requests go."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host}:{self.port}{path}"

    def stop_listening(self) -> None:
        """Refuse connections from now on."""
        if self._threads[0].is_alive():
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join(LONG)
        self._listener.close()

    def close(self) -> None:
        """End everything; a talk that failed fails the test."""
        self.stop_listening()
        for link in self._links:
            with suppress(OSError):  # it may have ended
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(LONG)
            assert not thread.is_alive()
        assert not self._failures

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:  # it listens no longer
                return
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._links.append(link)
            thread = threading.Thread(target=self._serve, args=(len(self._links) - 1,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, number: int) -> None:
        link = self._links[number]
        try:
            if self._tls:
                link = self._links[number] = self._tls.wrap_socket(
                    link, server_side=True
                )
            self._talk(Conversation(link))
        except OSError:
            pass  # the client has left, as it may
        except BaseException as failure:  # noqa: BLE001 -- told when the server closes
            self._failures.append(failure)
        finally:
            link.close()


class Sender(Protocol):
    """A transport, whichever it is, as its tests use it."""

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send a request, and wait for its answer."""
        ...

    def let_go(self) -> None:
        """Close the transport."""
        ...

    def close(self) -> None:
        """Close the transport, and whatever runs it."""
        ...


class Threaded(HttpTransport):
    """The transport of threads."""

    def let_go(self) -> None:
        """Close the transport."""
        self.close()


class Looped:
    """The transport of tasks in a loop that runs while there is something to send."""

    def __init__(self, transport: AsyncHttpTransport) -> None:
        self.transport = transport
        self.loop = asyncio.new_event_loop()

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send a request, and run the loop until its answer is there."""
        return self.loop.run_until_complete(self._sent(request))

    async def _sent(self, request: HttpRequest) -> HttpResponse:
        try:
            return await self.transport.send(request)
        finally:
            await asyncio.sleep(0)  # the loop closes what was given up

    def let_go(self) -> None:
        """Close the transport."""
        self.loop.run_until_complete(self.transport.close())

    def close(self) -> None:
        """Close the transport and the loop."""
        self.let_go()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


class MakeSender(Protocol):
    """Makes a transport of the kind that is tested."""

    def __call__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        proxies: Mapping[str, str] | None = None,
        max_idle: int = 16,
    ) -> Sender:
        """Make one."""
        ...


def threaded(
    *,
    tls: ssl.SSLContext | None = None,
    proxies: Mapping[str, str] | None = None,
    max_idle: int = 16,
) -> Sender:
    return Threaded(tls=tls, proxies=proxies, max_idle=max_idle)


def looped(
    *,
    tls: ssl.SSLContext | None = None,
    proxies: Mapping[str, str] | None = None,
    max_idle: int = 16,
) -> Sender:
    return Looped(AsyncHttpTransport(tls=tls, proxies=proxies, max_idle=max_idle))


def request(
    url: str,
    body: bytes = b"<a/>",
    *,
    headers: tuple[tuple[str, str], ...] = (),
    connect: float = LONG,
    read: float = LONG,
    deadline: float | None = None,
    limit: int = 2**30,
    is_idempotent: bool = False,
) -> HttpRequest:
    return HttpRequest(
        url=url,
        headers=headers,
        body=body,
        timeouts=Timeouts(connect=connect, read=read),
        deadline=deadline,
        limit=limit,
        is_idempotent=is_idempotent,
    )


class Serve(Protocol):
    """Starts servers that are closed after the test."""

    def __call__(
        self, talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> Server:
        """Start a server."""
        ...
