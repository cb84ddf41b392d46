"""Every wait has an end: timeouts bound the parts of an exchange, the deadline bounds it all."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from loopback import LONG, Conversation, MakeSender, Sender, echo, request

from soapstone.runtime.errors import TimedOut

if TYPE_CHECKING:
    import ssl

    from loopback import Serve


@pytest.fixture
def deaf() -> Iterator[int]:
    """Return a port on which nobody can get a connection, since its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for each in waiting:
            each.close()


def silent(conversation: Conversation) -> None:
    conversation.wait_for_end()


def test_connecting_ends(deaf: int, sender: Sender) -> None:
    """A service that takes no connection is given up after the connect timeout."""
    with pytest.raises(TimedOut) as caught:
        sender.send(request(f"http://127.0.0.1:{deaf}/", connect=0.2))
    assert str(caught.value) == (
        f"no connection to 127.0.0.1:{deaf} within the connect timeout of 0.2 seconds"
    )
    assert not caught.value.was_sent


def test_connecting_ends_at_the_deadline(deaf: int, sender: Sender) -> None:
    """The deadline bounds connecting too, and then the error says so."""
    sent = request(f"http://127.0.0.1:{deaf}/", deadline=time.monotonic() + 0.2)
    told = (
        rf"no connection to 127.0.0.1:{deaf} before the deadline, [\d.]+ seconds after"
    )
    with pytest.raises(TimedOut, match=told) as caught:
        sender.send(sent)
    assert not caught.value.was_sent


def test_a_handshake_ends(
    serve: Serve, make_sender: MakeSender, client_tls: ssl.SSLContext
) -> None:
    """The connect timeout reaches to the end of the TLS handshake."""
    server = serve(silent)
    sender = make_sender(tls=client_tls)
    with pytest.raises(TimedOut, match=r"within the connect timeout of 0.2") as caught:
        sender.send(request(f"https://127.0.0.1:{server.port}/", connect=0.2))
    assert not caught.value.was_sent


def test_a_tunnel_ends(serve: Serve, make_sender: MakeSender) -> None:
    """The connect timeout reaches to the answer of a proxy, piecemeal as it may be."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        drip(conversation, b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 100)

    sender = make_sender(proxies={"all": serve(talk).url()})
    with pytest.raises(TimedOut, match=r"within the connect timeout of 0.2") as caught:
        sender.send(request("https://example.org/", connect=0.2))
    assert not caught.value.was_sent


def test_reading_ends(serve: Serve, sender: Sender) -> None:
    """A service that does not answer is given up after the read timeout."""
    server = serve(silent)
    with pytest.raises(TimedOut) as caught:
        sender.send(request(server.url(), read=0.2))
    assert str(caught.value) == (
        f"nothing from {server.address} within the read timeout of 0.2 seconds"
    )
    assert caught.value.was_sent


def drip(conversation: Conversation, data: bytes) -> None:
    """Send a byte at a time until the client leaves."""
    is_over = threading.Event()
    for position in range(len(data)):
        conversation.send(data[position : position + 1])
        is_over.wait(0.02)


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n",
    ],
)
def test_a_service_that_drips_ends_at_the_deadline(
    serve: Serve, sender: Sender, start: bytes
) -> None:
    """However often a byte comes, the exchange is over at the deadline."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(start)
        drip(conversation, b"HTTP/1.1 200 OK\r\nA: " + b"b" * 4000)

    server = serve(talk)
    told = f"no whole answer from {server.address} before the deadline, "
    with pytest.raises(TimedOut, match=told) as caught:
        sender.send(request(server.url(), deadline=time.monotonic() + 0.5))
    assert caught.value.was_sent


def test_a_deadline_that_has_passed(serve: Serve, sender: Sender) -> None:
    """Nothing is opened when there is no time left."""
    server = serve(echo)
    with pytest.raises(TimedOut, match="before the deadline, 0 seconds") as caught:
        sender.send(request(server.url(), deadline=time.monotonic() - 1))
    assert not caught.value.was_sent
    assert server.connections == 0


def test_a_kept_connection_has_no_more_time(serve: Serve, sender: Sender) -> None:
    """A deadline that has passed is noticed on a connection that is there, and nothing is sent."""
    server = serve(echo)
    sender.send(request(server.url()))
    with pytest.raises(TimedOut) as caught:
        sender.send(request(server.url(), deadline=time.monotonic() - 1))
    assert not caught.value.was_sent


def test_waits_may_be_endless(serve: Serve, sender: Sender) -> None:
    """Infinite timeouts, which no system has, are as long as they can be."""
    infinite = float("inf")
    sent = request(
        serve(echo).url(), b"a", connect=infinite, read=infinite, deadline=infinite
    )
    assert sender.send(sent).body == b"a"


def test_sending_ends(serve: Serve, sender: Sender) -> None:
    """A service that does not take the request is given up after the read timeout."""
    is_told = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.head()
        assert is_told.wait(LONG)

    server = serve(talk)
    try:
        with pytest.raises(TimedOut, match=r"within the read timeout of 0.3") as caught:
            sender.send(request(server.url(), b"x" * 20_000_000, read=0.3))
    finally:
        is_told.set()
    assert caught.value.was_sent


def test_sending_goes_on_while_the_service_takes_something(
    serve: Serve, sender: Sender
) -> None:
    """A large document may take longer than the read timeout, of which it is a wait for each part."""
    pause = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.head()
        for _ in range(10):
            pause.wait(0.2)
            for _ in range(30):
                conversation.more()
        while not conversation.ends_with(b"end"):
            conversation.more()
        conversation.answer(b"taken")

    server = serve(talk)
    sent = request(server.url(), b"x" * 30_000_000 + b"end", read=1.0)
    assert sender.send(sent).body == b"taken"
