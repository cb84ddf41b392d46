"""Connections are kept open for as long as that is safe, and no request is sent twice in vain."""

from __future__ import annotations

import os
import socket
import threading
import time

import pytest
from loopback import (
    LONG,
    Conversation,
    MakeSender,
    Sender,
    Serve,
    Server,
    answer,
    echo,
    request,
)

from soapstone.runtime.errors import ConnectionFailed
from soapstone.runtime.transports.pool import Pool, is_readable
from soapstone.runtime.transports.routes import Address, Route


@pytest.mark.parametrize(
    ("sent", "connections"),
    [
        (answer(b"ab"), 1),
        (answer(b"ab", "Connection: Keep-Alive"), 1),
        (answer(b"ab", "Connection: close"), 3),
        (answer(b"ab", "Connection: x, Close"), 3),
        (answer(b"ab", "Transfer-Encoding: identity"), 3),
        (answer(b"ab").replace(b"1.1", b"1.0"), 3),
        (answer(b"ab", "Connection: keep-alive").replace(b"1.1", b"1.0"), 1),
        (answer(b"ab") + b"c", 3),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 1),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            1,
        ),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            3,
        ),
    ],
)
def test_a_connection_is_used_again_if_that_is_safe(
    serve: Serve, sender: Sender, sent: bytes, connections: int
) -> None:
    """It is unless the service closes it, or it is unclear where its answer ends."""

    def talk(conversation: Conversation) -> None:
        while conversation.asked():
            conversation.send(sent)

    server = serve(talk)
    for _ in range(3):
        sender.send(request(server.url()))
    assert server.connections == connections


def test_a_kept_connection_that_was_closed_is_noticed(
    serve: Serve, sender: Sender
) -> None:
    """A connection that the service closed meanwhile is not used, by whatever request."""
    is_closed = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.answer(b"a")
        conversation.link.close()
        is_closed.set()

    server = serve(talk)
    sender.send(request(server.url()))
    assert is_closed.wait(LONG)
    assert sender.send(request(server.url())).body == b"a"
    assert server.connections == 2


def test_a_kept_connection_on_which_something_came_is_not_used(
    serve: Serve, sender: Sender
) -> None:
    """What nobody asked for is not taken for the answer to the next request."""
    is_first = threading.Event()
    is_sent = threading.Event()
    is_asked = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.answer(b"right")
        if not is_first.is_set():
            is_first.set()
            assert is_asked.wait(LONG)
            conversation.answer(b"wrong")
            is_sent.set()
        conversation.wait_for_end()

    server = serve(talk)
    sender.send(request(server.url()))
    is_asked.set()
    assert is_sent.wait(LONG)
    assert sender.send(request(server.url())).body == b"right"


class Crossing:
    """Closes a connection when a second request comes on it, and answers all others."""

    def __init__(self, parting: bytes = b"") -> None:
        self.asked = 0
        self._parting = parting

    def __call__(self, conversation: Conversation) -> None:
        """Have a talk."""
        if conversation.asked():
            self.asked += 1
            conversation.answer(b"a")
        if conversation.asked():
            self.asked += 1
            conversation.send(self._parting)


def test_a_harmless_request_that_crossed_is_sent_again(
    serve: Serve, sender: Sender
) -> None:
    """It goes over a fresh connection when a kept one turns out to be closed."""
    talk = Crossing()
    server = serve(talk)
    for _ in range(2):
        response = sender.send(request(server.url(), is_idempotent=True))
        assert response.body == b"a"
    assert (talk.asked, server.connections) == (3, 2)


def test_any_other_request_that_crossed_is_not_sent_again(
    serve: Serve, sender: Sender
) -> None:
    """It may have been carried out, which the error says."""
    talk = Crossing()
    server = serve(talk)
    sender.send(request(server.url()))
    with pytest.raises(ConnectionFailed, match="before it answered") as caught:
        sender.send(request(server.url()))
    assert caught.value.was_sent
    assert (talk.asked, server.connections) == (2, 1)


def test_a_request_is_not_sent_again_once_its_answer_began(
    serve: Serve, sender: Sender
) -> None:
    """One byte of the answer shows that the service had the request."""
    talk = Crossing(b"H")
    server = serve(talk)
    sender.send(request(server.url(), is_idempotent=True))
    with pytest.raises(ConnectionFailed, match="in the middle of its answer"):
        sender.send(request(server.url(), is_idempotent=True))
    assert (talk.asked, server.connections) == (2, 1)


def test_a_request_is_sent_again_once(serve: Serve, sender: Sender) -> None:
    """When the fresh connection fails as well, that is the end of it."""
    count = 0

    def talk(conversation: Conversation) -> None:
        nonlocal count
        conversation.asked()
        count += 1
        if count == 1:
            conversation.answer()
            conversation.asked()
            count += 1

    server = serve(talk)
    sender.send(request(server.url(), is_idempotent=True))
    with pytest.raises(ConnectionFailed, match="before it answered"):
        sender.send(request(server.url(), is_idempotent=True))
    assert (count, server.connections) == (3, 2)


def test_a_service_that_is_gone_may_have_got_the_first_of_two(
    serve: Serve, sender: Sender
) -> None:
    """What was sent once was sent, although there is no connection for the second time."""
    servers: list[Server] = []

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.answer()
        conversation.asked()
        servers[0].stop_listening()

    servers.append(serve(talk))
    sender.send(request(servers[0].url(), is_idempotent=True))
    with pytest.raises(ConnectionFailed, match="connection refused") as caught:
        sender.send(request(servers[0].url(), is_idempotent=True))
    assert caught.value.was_sent


def test_no_more_connections_are_kept_than_wanted(
    serve: Serve, make_sender: MakeSender
) -> None:
    """With room for one, a connection to another service takes the place of the first."""
    servers = [serve(echo), serve(echo)]
    sender = make_sender(max_idle=1)
    for server in (servers[0], servers[0], servers[1], servers[1], servers[0]):
        sender.send(request(server.url()))
    assert [server.connections for server in servers] == [2, 1]


def test_none_is_kept_if_none_is_wanted(serve: Serve, make_sender: MakeSender) -> None:
    """Without room every request has a connection of its own."""
    server = serve(echo)
    sender = make_sender(max_idle=0)
    for _ in range(2):
        sender.send(request(server.url()))
    assert server.connections == 2


class Kept:
    """Stands for a connection."""

    is_open = True

    def is_quiet(self) -> bool:
        """Whether it can be used."""
        return True

    def close(self) -> None:
        """Close it."""
        self.is_open = False


ROUTE = Route(Address("a", 80), is_secure=False, proxy=None)
OTHER = Route(Address("a", 80), is_secure=True, proxy=None)


def test_the_connection_that_was_used_last_is_taken_first() -> None:
    """Of several, the last is taken, and only for the same route."""
    pool: Pool[Kept] = Pool(16)
    first, second, other = Kept(), Kept(), Kept()
    pool.put(ROUTE, first)
    pool.put(ROUTE, second)
    pool.put(OTHER, other)
    taken = [pool.take(ROUTE) for _ in range(3)]
    assert taken == [second, first, None]
    assert pool.take(OTHER) is other


def test_connections_that_were_idle_for_long_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After a minute without use a connection is not used again."""
    pool: Pool[Kept] = Pool(16)
    old, new = Kept(), Kept()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    pool.put(ROUTE, old)
    monkeypatch.setattr(time, "monotonic", lambda: now + 30)
    pool.put(OTHER, new)
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    assert pool.take(ROUTE) is None
    assert (old.is_open, new.is_open) == (False, True)
    assert pool.take(OTHER) is new


def test_a_forked_process_shares_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes that write to one connection would read the answers of each other."""
    pool: Pool[Kept] = Pool(16)
    kept = Kept()
    pool.put(ROUTE, kept)
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert pool.take(ROUTE) is None
    assert not kept.is_open


def test_what_is_put_back_after_the_end_is_closed() -> None:
    """A pool that is closed closes what it has, and what was in use meanwhile."""
    pool: Pool[Kept] = Pool(16)
    idle, used = Kept(), Kept()
    pool.put(ROUTE, idle)
    pool.close()
    pool.put(ROUTE, used)
    assert not idle.is_open
    assert not used.is_open


def test_a_socket_of_which_nothing_is_known_is_not_used() -> None:
    """A socket that the system cannot tell about counts as one that was closed."""
    with socket.socket() as gone:
        descriptor = gone.fileno()
    assert is_readable(descriptor)


def test_a_transport_can_be_used_after_it_was_closed(
    serve: Serve, sender: Sender
) -> None:
    """Closing lets go of connections; a later request opens another one."""
    server = serve(echo)
    sender.send(request(server.url()))
    sender.let_go()
    assert sender.send(request(server.url(), b"again")).body == b"again"
    assert server.connections == 2
