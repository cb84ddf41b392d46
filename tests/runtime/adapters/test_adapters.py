from __future__ import annotations

import gzip

import pytest
from adapter_kinds import SECRET, Adapter, Kind, Settings, request_to
from adapter_servers import (
    Connection,
    always,
    answer,
    chunked,
    echo,
    once,
    serving,
)

from soapstone.runtime.errors import ResponseTooLarge
from soapstone.runtime.transports.messages import Timeouts

GIVEN = (
    ("Content-Type", 'text/xml; charset=utf-8; action="x"'),
    ("SOAPAction", '"http://service.example/Send"'),
    ("X-Twice", "1"),
    ("X-Twice", "2"),
)


@pytest.mark.parametrize(
    "more", [(), (("Accept-Encoding", "gzip"), ("User-Agent", "t/1"))]
)
def test_what_is_given_is_sent(
    adapter: Adapter, more: tuple[tuple[str, str], ...]
) -> None:
    """The service gets a POST with the body and the headers that were given, and no others."""
    given = (*GIVEN, *more)
    with serving(always(answer())) as server:
        adapter.send(request_to(server.url("/a/b?c=d"), headers=given))
    (received,) = server.requests
    assert received.line == "POST /a/b?c=d HTTP/1.1"
    assert received.body == SECRET
    for name, value in (*GIVEN[:2], ("X-Twice", "1, 2"), *more):
        assert received.header(name.lower()) == value
    names = {name.lower() for name, _ in received.headers}
    added = {"host", "content-length"}
    assert names == {name.lower() for name, _ in given} | added


@pytest.mark.parametrize("body", [b"", b"x" * 3_000_000])
def test_a_body_of_any_size_is_sent(adapter: Adapter, body: bytes) -> None:
    """An empty body and one of some megabytes arrive whole, with their length."""
    with serving(always(answer())) as server:
        adapter.send(request_to(server.url(), body=body))
    assert server.requests[0].body == body
    assert server.requests[0].header("content-length") == str(len(body))


@pytest.mark.parametrize("status", [200, 201, 400, 404, 500, 503])
def test_every_status_is_returned(adapter: Adapter, status: int) -> None:
    """An answer comes back with its status, its words, all of its headers and its body."""
    headers = "X-B: 1\r\nX-A: 2\r\nX-B: 3\r\n"
    data = answer(b"<b/>", head=f"{status} Some words", headers=headers)
    with serving(always(data)) as server:
        response = adapter.send(request_to(server.url()))
    assert response.status == status
    assert response.reason == "Some words"
    assert response.body == b"<b/>"
    # requests keeps the order of those with one name only.
    kept = [(name.lower(), value) for name, value in response.headers]
    assert {("x-b", "1"), ("x-a", "2"), ("x-b", "3")} < set(kept)
    assert response.header("X-B") == "1, 3"


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        (b"HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx", 200, b"x"),
        (b"HTTP/1.1 204 \r\n\r\n", 204, b""),
        (answer(b""), 200, b""),
        (chunked(b"one", b"two"), 200, b"onetwo"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", 200, None),
    ],
    ids=["no reason", "no content", "empty", "chunks", "until close"],
)
def test_every_framing_is_read(
    adapter: Adapter, data: bytes, status: int, body: bytes | None
) -> None:
    """A body is read to where its framing says that it ends."""
    with serving(once(data)) as server:
        response = adapter.send(request_to(server.url()))
    assert response.status == status
    assert response.body == (b"until the end" if body is None else body)
    assert response.reason in {"", "OK"}


def test_a_compressed_body_is_left_alone(adapter: Adapter) -> None:
    """A body comes as it was transferred, and with the header that says how to read it."""
    packed = gzip.compress(b"<a/>" * 100)
    data = answer(packed, headers="Content-Encoding: gzip\r\n")
    with serving(always(data)) as server:
        response = adapter.send(request_to(server.url()))
    assert response.body == packed
    assert response.header("content-encoding") == "gzip"


@pytest.mark.parametrize("location", ["/other", "http://[", "//", ""])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_returned(adapter: Adapter, status: int, location: str) -> None:
    """A redirect is an answer like any other, even one that leads nowhere."""
    headers = f"Location: {location}\r\n"
    data = answer(b"moved", head=f"{status} Moved", headers=headers)
    with serving(always(data)) as server:
        response = adapter.send(request_to(server.url()))
    assert (response.status, response.body) == (status, b"moved")
    assert response.header("location") == location
    assert len(server.requests) == 1


@pytest.mark.parametrize("head", ["200 OK", "302 Found"])
@pytest.mark.parametrize("framing", ["length", "chunks", "none"])
def test_a_body_is_read_up_to_the_limit(
    adapter: Adapter, framing: str, head: str
) -> None:
    """A body of as many bytes as the limit comes; with one more it is too large."""
    body = b"x" * 100_000
    start = f"HTTP/1.1 {head}\r\nLocation: /\r\n".encode()
    data = {
        "length": start + b"Content-Length: 100000\r\n\r\n" + body,
        "chunks": start + b"Transfer-Encoding: chunked\r\n\r\n186a0\r\n" + body,
        "none": start + b"Connection: close\r\n\r\n" + body,
    }[framing] + (b"\r\n0\r\n\r\n" if framing == "chunks" else b"")
    with serving((once if framing == "none" else always)(data)) as server:
        request = request_to(server.url(), limit=100_000)
        assert adapter.send(request).body == body
        with pytest.raises(ResponseTooLarge) as caught:
            adapter.send(request_to(server.url(), limit=99_999))
    assert caught.value.was_sent
    place = f"127.0.0.1:{server.port}"
    assert (
        str(caught.value)
        == f"the answer of {place} is larger than the limit of 99999 bytes"
    )


def test_an_endless_body_ends_at_the_limit(adapter: Adapter) -> None:
    """Of a body without end, no more is read than tells that it is too large."""

    def endless(connection: Connection) -> None:
        connection.receive()
        connection.send(b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n")
        while True:
            connection.send(b"x" * 65536)

    with serving(endless) as server, pytest.raises(ResponseTooLarge):
        adapter.send(request_to(server.url(), limit=1_000_000))


def test_connections_are_kept(adapter: Adapter) -> None:
    """Requests one after the other share a connection."""
    with serving(echo) as server:
        for number in range(5):
            body = b"%d" % number
            assert adapter.send(request_to(server.url(), body=body)).body == body
    assert server.connections == 1


def test_an_adapter_is_shared(kind: Kind) -> None:
    """Hundreds of threads or tasks share an adapter, and each gets its own answer."""
    bodies = [b"%d" % number * 50 for number in range(kind.at_once)]
    with serving(echo) as server, kind.own() as adapter:
        responses = adapter.send_all(
            [request_to(server.url(), body=body) for body in bodies]
        )
    assert [response.body for response in responses] == bodies
    assert len(server.requests) == kind.at_once
    assert server.connections < 200  # those that were idle for long are replaced


def test_a_client_that_was_made_is_closed(kind: Kind) -> None:
    """At the end of the context, the connections of a client of its own are closed."""
    with serving(always(answer())) as server:
        with kind.own() as adapter:
            adapter.send(request_to(server.url()))
            assert not server.closed.is_set()
        assert server.closed.wait(30)


def test_an_adapter_that_sent_nothing_can_be_closed(kind: Kind) -> None:
    """Closing twice, without anything sent, does nothing."""
    with kind.own() as adapter:
        adapter.close()
        adapter.close()


def test_a_client_that_was_handed_in_stays_open(kind: Kind) -> None:
    """What is handed in is not closed, and its connections serve others that have it."""
    with (
        serving(always(answer())) as server,
        kind.given(Settings()) as (first, second),
    ):
        first.send(request_to(server.url()))
        first.close()
        second.send(request_to(server.url()))
        assert not server.closed.is_set()
    assert server.connections == 1


def test_headers_of_a_client_stay_at_home(kind: Kind) -> None:
    """The headers that a client has for others are not sent."""
    with serving(always(answer())) as server, kind.given(Settings()) as (adapter, _):
        adapter.send(request_to(server.url(), headers=GIVEN[:1]))
    names = {name.lower() for name, _ in server.requests[0].headers}
    assert names == {"host", "content-length", "content-type"}


def test_cookies_are_not_kept(adapter: Adapter) -> None:
    """A cookie of the service is returned with its answer, and never sent."""
    cookie = "id=1; Path=/"
    data = answer(headers=f"Set-Cookie: {cookie}\r\n")
    with serving(always(data), host="localhost") as server:
        for _ in range(2):
            response = adapter.send(request_to(server.url()))
            assert response.header("Set-Cookie") == cookie
    assert [each.header("cookie") for each in server.requests] == [None, None]


def test_endless_timeouts(adapter: Adapter) -> None:
    """Timeouts without end are none."""
    timeouts = Timeouts(connect=float("inf"), read=float("inf"))
    with serving(echo) as server:
        response = adapter.send(request_to(server.url(), timeouts=timeouts))
    assert response.body == SECRET
