"""HTTP/1.1 as bytes: how a request is written, and an answer read from whatever pieces come."""

import re
from collections.abc import Generator
from http import HTTPStatus
from typing import TypeAlias

from ..errors import ConnectionFailed, ResponseTooLarge
from .messages import HttpRequest, HttpResponse
from .routes import Proxy, Route

_LONGEST_LINE = 64 * 2**10
# More than any service sends, and few enough to be nothing to a computer.
_MOST_LINES = 500

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LINE_BREAKS = re.compile(r"[\r\n\0]")
_STATUS_LINE = re.compile(r"HTTP/1\.([0-9]) +([1-9][0-9]{2})(?: +(.*))?")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")
_LENGTH = re.compile(r"[0-9]{1,18}")

_PHRASES = {each.value: f" {each.phrase}" for each in HTTPStatus}

_FRAMING = frozenset({"content-length", "transfer-encoding"})

_Steps: TypeAlias = Generator[None, None, HttpResponse]


def written(request: HttpRequest, route: Route, target: str) -> bytes:
    """The request as it is sent.

    Raises:
        ValueError: A header is none, or would contradict the length of the body.
    """
    forwarder = route.forwarder
    if forwarder:
        target = f"{route.scheme}://{route.host}{target}"
    own = {"Host": route.host, "Connection": "keep-alive"}
    if forwarder and forwarder.authorization:
        own["Proxy-Authorization"] = forwarder.authorization
    given = {name.lower() for name, _ in request.headers}
    if given & _FRAMING:
        raise ValueError("the length of the body is written by the transport")
    headers = [
        *((name, value) for name, value in own.items() if name.lower() not in given),
        *request.headers,
        ("Content-Length", str(len(request.body))),
    ]
    return _head(f"POST {target} HTTP/1.1", headers) + request.body


def _head(first: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [first]
    for name, value in headers:
        if not _TOKEN.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a header")
        if _LINE_BREAKS.search(value):
            raise ValueError(f"the header {name} must not have a line break")
        lines.append(f"{name}: {value}")
    try:
        return "\r\n".join([*lines, "", ""]).encode("latin-1")
    except UnicodeEncodeError:
        raise ValueError("headers must consist of characters of Latin-1") from None


class AnswerReader:
    """Reads one answer from the pieces in which it comes.

    Attributes:
        has_begun: Whether any byte of it came.
        is_reusable: Whether another request can follow on the same connection, which is
            known when the answer is complete.
    """

    def __init__(self, sender: str, limit: int, *, is_tunnel: bool = False) -> None:
        """Make a reader.

        Args:
            sender: Whose answer it is, for sentences.
            limit: The largest body that is taken, in bytes.
            is_tunnel: Whether a proxy answers, which has nothing of the request yet, and of
                whose answer only the head matters.
        """
        self.has_begun = False
        self.is_reusable = False
        self._sender = sender
        self._limit = limit
        self._is_tunnel = is_tunnel
        self._buffer = bytearray()
        self._is_closed = False
        self._line_count = 0
        self._steps = self._read()
        next(self._steps)

    def feed(self, data: bytes) -> HttpResponse | None:
        """Take what came next; nothing stands for the end of the connection.

        Returns:
            The answer, once it is complete.

        Raises:
            ConnectionFailed: It is no HTTP, or the connection ended too early.
            ResponseTooLarge: It has a body above the limit.
        """
        self.has_begun = self.has_begun or bool(data)
        self._is_closed = not data
        self._buffer += data
        try:
            next(self._steps)
        except StopIteration as end:
            response: HttpResponse = end.value
            return response
        return None

    # What follows yields whenever it needs more bytes than there are.

    def _read(self) -> _Steps:
        yield
        version, status, reason = yield from self._status()
        headers = yield from self._headers()
        while status < HTTPStatus.OK:  # the answer follows
            version, status, reason = yield from self._status()
            headers = yield from self._headers()
        head = HttpResponse(status=status, reason=reason, headers=tuple(headers))
        if self._is_tunnel:
            return head
        body = yield from self._body(head)
        is_kept = _is_kept(head, version)
        self.is_reusable = is_kept and not self._is_closed and not self._buffer
        return HttpResponse(
            status=status, reason=reason, headers=head.headers, body=bytes(body)
        )

    def _status(self) -> Generator[None, None, tuple[int, int, str]]:
        line = (yield from self._line()).decode("latin-1")
        found = _STATUS_LINE.fullmatch(line)
        if not found:
            raise self._no_http("it does not begin with a status")
        return int(found[1]), int(found[2]), (found[3] or "").strip()

    def _headers(self) -> Generator[None, None, list[tuple[str, str]]]:
        headers: list[tuple[str, str]] = []
        while line := (yield from self._line()).decode("latin-1"):
            name, colon, value = line.partition(":")
            if (
                line[0] in " \t" and headers
            ):  # the last header goes on, as it once could
                name, value = headers.pop()
                headers.append((name, f"{value} {line.strip()}"))
            elif colon and _TOKEN.fullmatch(name.rstrip()):
                headers.append((name.rstrip(), value.strip()))
            else:
                raise self._no_http("it has a line that is no header")
        return headers

    def _body(self, head: HttpResponse) -> Generator[None, None, bytearray]:
        coding = (head.header("Transfer-Encoding") or "identity").lower()
        if head.status in {204, 304}:
            return bytearray()
        if coding == "chunked":
            return (yield from self._chunks())
        if coding != "identity":
            raise self._no_http("its transfer encoding is unknown")
        length = self._length(head)
        if length is None:
            return (yield from self._rest())
        if length > self._limit:
            raise self._too_large()
        return (yield from self._exactly(length))

    def _length(self, head: HttpResponse) -> int | None:
        header = head.header("Content-Length")
        if header is None:
            return None
        # Some servers repeat it, which does no harm while they agree with themselves.
        lengths = {each.strip() for each in header.split(",")}
        length = lengths.pop()
        if lengths or not _LENGTH.fullmatch(length):
            raise self._no_http("it has no proper length")
        return int(length)

    def _chunks(self) -> Generator[None, None, bytearray]:
        body = bytearray()
        while size := (yield from self._chunk_size()):
            if len(body) + size > self._limit:
                raise self._too_large()
            body += yield from self._exactly(size, " of a chunk")
            if (yield from self._line()):
                raise self._no_http("a chunk is longer than it says")
        yield from self._headers()  # the trailer, which nobody asked for
        return body

    def _chunk_size(self) -> Generator[None, None, int]:
        self._line_count = 0  # there may be any number of chunks
        found = _CHUNK_SIZE.fullmatch((yield from self._line()))
        if not found:
            raise self._no_http("a chunk has no proper size")
        return int(found[1], 16)

    def _rest(self) -> Generator[None, None, bytearray]:
        while len(self._buffer) <= self._limit:
            if self._is_closed:
                return self._buffer
            yield
        raise self._too_large()

    def _exactly(self, size: int, part: str = "") -> Generator[None, None, bytearray]:
        while len(self._buffer) < size:
            if self._is_closed:
                raise self._cut_off(f": {len(self._buffer)} of {size} bytes{part}")
            yield
        taken = self._buffer[:size]
        del self._buffer[:size]
        return taken

    def _line(self) -> Generator[None, None, bytes]:
        self._line_count += 1
        if self._line_count > _MOST_LINES:
            raise self._no_http("it has too many headers")
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > _LONGEST_LINE:
                raise self._no_http("it has a line without an end")
            if self._is_closed:
                raise self._cut_off("")
            yield
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line.removesuffix(b"\r")

    def _no_http(self, reason: str) -> ConnectionFailed:
        return self._failed(f"the answer of {self._sender} is no HTTP: {reason}")

    def _cut_off(self, how_much: str) -> ConnectionFailed:
        place = f"in the middle of its answer{how_much}"
        if not self.has_begun:
            place = "before it answered"
        return self._failed(f"{self._sender} closed the connection {place}")

    def _failed(self, sentence: str) -> ConnectionFailed:
        return ConnectionFailed(sentence, was_sent=not self._is_tunnel)

    def _too_large(self) -> ResponseTooLarge:
        return ResponseTooLarge(
            f"the answer of {self._sender} has more than {self._limit} bytes"
        )


def _is_kept(head: HttpResponse, version: int) -> bool:
    """Whether the service keeps the connection, and both sides agree on where the body ends."""
    wishes = {
        each.strip().lower() for each in (head.header("Connection") or "").split(",")
    }
    has_length = head.header("Content-Length") is not None
    has_coding = head.header("Transfer-Encoding") is not None
    is_clear = has_length != has_coding or head.status in {204, 304}
    is_wanted = "close" not in wishes if version else "keep-alive" in wishes
    return is_clear and is_wanted


class Tunnel:
    """What passes between a client and a proxy that is to let all else through.

    Attributes:
        request: What asks for it.
    """

    def __init__(self, route: Route, proxy: Proxy) -> None:
        headers = [("Host", str(route.address))]
        if proxy.authorization:
            headers.append(("Proxy-Authorization", proxy.authorization))
        self.request = _head(f"CONNECT {route.address} HTTP/1.1", headers)
        self._route = route
        self._sender = f"the proxy {proxy.address}"
        self._reader = AnswerReader(self._sender, 0, is_tunnel=True)

    def feed(self, data: bytes) -> bool:
        """Take what the proxy sent; whether the tunnel is open now.

        Raises:
            ConnectionFailed: It will not be.
        """
        answer = self._reader.feed(data)
        if answer is None:
            return False
        # Its own words may repeat what it was sent, the password among it.
        status = f"{answer.status}{_PHRASES.get(answer.status, '')}"
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise ConnectionFailed(
                f"{self._sender} refuses a connection to {self._route.address}: {status}",
                was_sent=False,
            )
        return True
