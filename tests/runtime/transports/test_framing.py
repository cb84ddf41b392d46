"""Answers are read as the standard library reads them, in whatever pieces they come."""

from __future__ import annotations

import http.client
import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.errors import TransportError
from soapstone.runtime.transports.framing import AnswerReader
from soapstone.runtime.transports.messages import HttpResponse, Timeouts

WORD = st.text("abcXYZ-0189", min_size=1, max_size=12)
VALUE = st.text(" abc,;=/\xe9\t", max_size=12).map(str.strip)
HEADERS = st.lists(st.tuples(WORD.map("X-{}".format), VALUE), max_size=5)


@st.composite
def framed(draw: st.DrawFn) -> bytes:
    """A body in one of the ways in which bodies are sent, with the header that says so."""
    body = draw(st.binary(max_size=200))
    kind = draw(st.sampled_from(["length", "chunks", "end"]))
    if kind == "length":
        return f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    if kind == "end":
        return b"\r\n" + body
    sizes = draw(st.lists(st.integers(1, 50), min_size=1))
    sent = b"Transfer-Encoding: chunked\r\n\r\n"
    while body:
        size = sizes[len(sent) % len(sizes)]
        chunk, body = body[:size], body[size:]
        sent += (
            f"{len(chunk):{draw(st.sampled_from('xX'))}};a=b\r\n".encode()
            + chunk
            + b"\r\n"
        )
    return sent + b"0\r\nX-Trailer: c\r\n\r\n"


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """A whole answer."""
    # What comes with an answer that has no body is read by the library, and not by us.
    status = draw(st.integers(200, 599).filter(lambda each: each not in {204, 304}))
    reason = draw(st.sampled_from(["", " ", " OK", " Not at all"]))
    headers = "".join(f"{name}: {value}\r\n" for name, value in draw(HEADERS))
    head = f"HTTP/1.1 {status}{reason}\r\n{headers}"
    return head.encode("latin-1") + draw(framed())


def _read_by_us(sent: bytes, size: int) -> HttpResponse:
    reader = AnswerReader("host:80", 2**20)
    for start in range(0, len(sent), size):
        response = reader.feed(sent[start : start + size])
        if response is not None:
            return response
    response = reader.feed(b"")
    assert response is not None
    return response


def _read_by_the_library(sent: bytes) -> HttpResponse:
    client, server = socket.socketpair()
    with client, server:
        server.sendall(sent)
        server.shutdown(socket.SHUT_WR)
        with http.client.HTTPResponse(client, method="POST") as response:
            response.begin()
            return HttpResponse(
                status=response.status,
                reason=response.reason,
                headers=tuple(response.getheaders()),
                body=response.read(),
            )


@given(answers(), st.integers(1, 40))
def test_answers_agree_with_the_standard_library(sent: bytes, size: int) -> None:
    """Status, reason, headers and body are those that `http.client` finds."""
    assert _read_by_us(sent, size) == _read_by_the_library(sent)


@given(st.binary(max_size=100), st.integers(1, 10))
def test_garbage_is_an_error_of_the_transport(sent: bytes, size: int) -> None:
    """Whatever comes, it is an answer or one of our errors."""
    start = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with suppress(TransportError):
        assert _read_by_us(start + sent, size).status == 200


@pytest.mark.parametrize("name", ["connect", "read"])
@pytest.mark.parametrize("seconds", [0, -1.0, float("nan")])
def test_timeouts_that_are_none(name: str, seconds: float) -> None:
    """A timeout that leaves no time is a mistake, which is told when it is made."""
    with pytest.raises(ValueError, match=f"the timeout {name!r} must be above 0"):
        Timeouts(**{name: seconds})
