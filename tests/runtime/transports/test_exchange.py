"""A request arrives as it was given, and its answer comes back as it was sent."""

from __future__ import annotations

import gzip
import threading

import pytest
from loopback import (
    LONG,
    Asked,
    Conversation,
    MakeSender,
    Sender,
    Serve,
    answer,
    echo,
    request,
)

from soapstone.runtime.errors import ConnectionFailed, ResponseTooLarge, TransportError

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_a_request_has_the_given_headers_and_three_more(
    serve: Serve, sender: Sender
) -> None:
    """Nothing arrives but the given headers, the body and what HTTP needs to carry them."""
    seen: list[Asked] = []

    def talk(conversation: Conversation) -> None:
        asked = conversation.asked()
        assert asked
        seen.append(asked)
        conversation.answer()

    server = serve(talk)
    headers = (("Content-Type", "text/xml"), ("SOAPAction", '"urn:a\xe9"'))
    sender.send(request(server.url("/a b?c=d"), b"<a/>", headers=headers))
    assert seen == [
        Asked(
            b"POST /a%20b?c=d HTTP/1.1\r\n"
            + f"Host: {server.address}\r\n".encode()
            + b"Connection: keep-alive\r\n"
            b"Content-Type: text/xml\r\n"
            b'SOAPAction: "urn:a\xe9"\r\n'
            b"Content-Length: 4\r\n\r\n",
            b"<a/>",
        )
    ]


def test_a_given_host_stands_in_for_ours(serve: Serve, sender: Sender) -> None:
    """Whoever gives a header that the transport would add gets theirs, and once."""
    hosts: list[str | None] = []

    def talk(conversation: Conversation) -> None:
        asked = conversation.asked()
        assert asked
        assert asked.head.lower().count(b"\r\nhost:") == 1
        hosts.append(asked.header("Host"))
        conversation.answer()

    sender.send(request(serve(talk).url(), headers=(("host", "example.org"),)))
    assert hosts == ["example.org"]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("A", "b\r\nC: d", "the header A must not have a line break"),
        ("A", "b\nd", "the header A must not have a line break"),
        ("A\r\nB", "c", "'A\\r\\nB' is no name of a header"),
        ("A", "\N{EURO SIGN}5", "headers must consist of characters of Latin-1"),
        ("Content-Length", "5", "the length of the body is written by the transport"),
        (
            "transfer-encoding",
            "chunked",
            "the length of the body is written by the transport",
        ),
    ],
)
def test_headers_that_would_be_another_request_are_refused(
    serve: Serve, sender: Sender, name: str, value: str, sentence: str
) -> None:
    """A header cannot smuggle anything in; it is refused before anything is opened."""
    server = serve(echo)
    with pytest.raises(ValueError, match=r"header|body") as caught:
        sender.send(request(server.url(), headers=((name, value),)))
    assert str(caught.value) == sentence
    assert server.connections == 0


def test_the_answer_comes_back_as_it_was_sent(serve: Serve, sender: Sender) -> None:
    """Status, reason, headers and a compressed body are handed on untouched."""
    body = gzip.compress(b"<a/>")

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        lines = ("Content-Encoding: gzip", "X-A:  b \r\n\t on", "x-a: c", "Location: /")
        conversation.send(answer(body, *lines, status="302 Found elsewhere"))

    response = sender.send(request(serve(talk).url()))
    assert (response.status, response.reason) == (302, "Found elsewhere")
    assert response.body == body
    assert response.headers == (
        ("Content-Length", str(len(body))),
        ("Content-Encoding", "gzip"),
        ("X-A", "b on"),
        ("x-a", "c"),
        ("Location", "/"),
    )


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nab", b"ab"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"ab"), b"ab"),
        (b"HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n" * 3 + answer(b"ab"), b"ab"),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\n\nab", b"ab"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nab", b"ab"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nab", b"ab"),
        (CHUNKED + b"2\r\nab\r\n1\r\nc\r\n0\r\n\r\n", b"abc"),
        (
            CHUNKED + b'002;a="b;c" ; d\r\nab\r\nA \r\n0123456789\r\n0\r\n\r\n',
            b"ab0123456789",
        ),
        (CHUNKED + b"1\r\na\r\n0\r\nX-Checksum: 5\r\n\r\n", b"a"),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", b""),
    ],
)
def test_bodies_of_every_kind(
    serve: Serve, sender: Sender, sent: bytes, body: bytes
) -> None:
    """A body is found in whichever way the service says where it ends."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(sent)

    assert sender.send(request(serve(talk).url())).body == body


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "closed the connection before it answered"),
        (b"HTTP/1.1 20", "closed the connection in the middle of its answer"),
        (
            b"HTTP/1.1 200 OK\r\nA: b\r\n",
            "closed the connection in the middle of its answer",
        ),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345",
            "closed the connection in the middle of its answer: 5 of 10 bytes",
        ),
        (
            CHUNKED + b"A\r\n12345",
            "closed the connection in the middle of its answer: 5 of 10 bytes of a chunk",
        ),
        (CHUNKED + b"1\r\na\r\n", "closed the connection in the middle of its answer"),
        (
            CHUNKED + b"1\r\na\r\n0\r\n",
            "closed the connection in the middle of its answer",
        ),
    ],
)
@pytest.mark.parametrize("is_idempotent", [False, True])
def test_an_answer_that_is_cut_off(
    serve: Serve, sender: Sender, sent: bytes, told: str, is_idempotent: bool
) -> None:
    """An answer that stops early is none, however much came, and the request is not repeated."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(sent)

    server = serve(talk)
    with pytest.raises(ConnectionFailed) as caught:
        sender.send(request(server.url(), is_idempotent=is_idempotent))
    assert str(caught.value) == f"{server.address} {told}"
    assert caught.value.was_sent
    assert server.connections == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (
            b"SSH-2.0-OpenSSH_9.6 of somewhere\r\n",
            "it does not begin with a status",
        ),
        (b"HTTP/2 200\r\n\r\n", "it does not begin with a status"),
        (b"HTTP/1.1 99 X\r\n\r\n", "it does not begin with a status"),
        (b"HTTP/1.1 200 OK\r\nno header\r\n\r\n", "it has a line that is no header"),
        (b"HTTP/1.1 200 OK\r\n continued\r\n\r\n", "it has a line that is no header"),
        (b"HTTP/1.1 200 OK\r\n: b\r\n\r\n", "it has a line that is no header"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 2**17, "it has a line without an end"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 501, "it has too many headers"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 300, "it has too many headers"),
        (answer(b"a", "Content-Length: 2"), "it has no proper length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "it has no proper length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\na", "it has no proper length"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "its transfer encoding is unknown",
        ),
        (CHUNKED + b"x\r\n", "a chunk has no proper size"),
        (CHUNKED + b"-1\r\n", "a chunk has no proper size"),
        (CHUNKED + b"\r\n", "a chunk has no proper size"),
        (CHUNKED + b"1\r\nab\r\n0\r\n\r\n", "a chunk is longer than it says"),
        (CHUNKED + b"0\r\nno header\r\n\r\n", "it has a line that is no header"),
    ],
)
def test_an_answer_that_is_no_http(
    serve: Serve, sender: Sender, sent: bytes, reason: str
) -> None:
    """What is no HTTP is said to be none, at once and without waiting for more."""
    is_told = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(sent)
        assert is_told.wait(LONG)

    server = serve(talk)
    try:
        with pytest.raises(ConnectionFailed) as caught:
            sender.send(request(server.url()))
    finally:
        is_told.set()
    assert str(caught.value) == f"the answer of {server.address} is no HTTP: {reason}"
    assert caught.value.was_sent


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n",
        CHUNKED + b"B\r\n",
        CHUNKED + b"6\r\n123456\r\n5\r\n",
        CHUNKED + b"ffffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n12345678901",
    ],
)
def test_an_answer_above_the_limit(serve: Serve, sender: Sender, sent: bytes) -> None:
    """A body above the limit is refused as soon as that is known; its connection is closed."""
    is_closed = threading.Event()

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(sent)
        conversation.wait_for_end()
        is_closed.set()

    server = serve(talk)
    with pytest.raises(ResponseTooLarge) as caught:
        sender.send(request(server.url(), limit=10))
    assert str(caught.value) == f"the answer of {server.address} has more than 10 bytes"
    assert caught.value.was_sent
    assert is_closed.wait(LONG)


@pytest.mark.parametrize(
    "sent",
    [
        answer(b"0123456789"),
        CHUNKED + b"5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n0123456789",
    ],
)
def test_an_answer_at_the_limit(serve: Serve, sender: Sender, sent: bytes) -> None:
    """A body of exactly the limit is taken."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(sent)

    response = sender.send(request(serve(talk).url(), limit=10))
    assert response.body == b"0123456789"


def test_documents_of_any_size(serve: Serve, sender: Sender) -> None:
    """Twenty megabytes go there and come back the same."""
    body = bytes(range(256)) * 80_000
    assert sender.send(request(serve(echo).url(), body)).body == body


@pytest.mark.parametrize("is_reset", [False, True])
def test_an_answer_before_the_request_was_taken(
    serve: Serve, sender: Sender, is_reset: bool
) -> None:
    """A service that refuses a document before it has read it is heard."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        conversation.send(answer(b"too much", status="413 Too Large"))
        if not is_reset:
            conversation.wait_for_end()

    server = serve(talk)
    response = sender.send(request(server.url(), b"x" * 20_000_000))
    assert (response.status, response.body) == (413, b"too much")


def test_a_service_that_leaves_while_it_is_sent_to(
    serve: Serve, sender: Sender
) -> None:
    """A connection that ends under way, without an answer, has failed, and part was sent."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        conversation.reset()

    server = serve(talk)
    with pytest.raises(ConnectionFailed) as caught:
        sender.send(request(server.url(), b"x" * 20_000_000))
    assert caught.value.was_sent
    assert str(caught.value).startswith(server.address)


def test_a_connection_that_breaks(serve: Serve, sender: Sender) -> None:
    """What the system says of a broken connection is told."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()
        conversation.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123")
        conversation.reset()

    server = serve(talk)
    with pytest.raises(TransportError, match=r"127\.0\.0\.1") as caught:
        sender.send(request(server.url()))
    assert caught.value.was_sent


def test_a_service_with_a_number_of_version_6(serve: Serve, sender: Sender) -> None:
    """Numbers of IPv6 work in addresses, and stand in brackets in the header."""
    hosts: list[str | None] = []

    def talk(conversation: Conversation) -> None:
        asked = conversation.asked()
        assert asked
        hosts.append(asked.header("Host"))
        conversation.answer(b"six")

    server = serve(talk, host="::1")
    assert sender.send(request(server.url(host="[::1]"))).body == b"six"
    assert hosts == [f"[::1]:{server.port}"]


def test_errors_hold_no_body_and_no_header(
    serve: Serve, make_sender: MakeSender
) -> None:
    """Nothing of the request stands in an error, nor in what led to it."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()

    server = serve(talk)
    sent = request(
        server.url("/?key=secret"), b"secret", headers=(("Authorization", "secret"),)
    )
    with pytest.raises(TransportError) as caught:
        make_sender().send(sent)
    error: BaseException | None = caught.value
    while error:
        assert "secret" not in f"{error!r} {error}"
        error = error.__cause__ or error.__context__
