"""The fake over HTTP, asked by other clients and by hand."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fake_others import FakeNumbers
from fake_sms import PATH, SEND, SEND_ACTION, TEXT_XML, FakeSms, send_document

from soapstone.runtime.fakes.script import Chunk, Delay, Respond, Truncate

HEADERS = dict([TEXT_XML, SEND_ACTION])
ANSWER = b"<SMS_SendResult>"


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return parts.hostname, parts.port


def _connected(url: str) -> http.client.HTTPConnection:
    host, port = _address(url)
    return http.client.HTTPConnection(host, port, timeout=10)


def _received(url: str, *sent: bytes) -> bytes:
    """What the server sends until it closes the connection."""
    with socket.create_connection(_address(url), timeout=10) as connection:
        for data in sent:
            connection.sendall(data)
        with connection.makefile("rb") as stream:
            return stream.read()


def test_a_connection_is_kept(fake: FakeSms) -> None:
    """One connection serves many requests, and the URL has the documented path."""
    with fake.serve() as url:
        assert urlsplit(url).path == PATH
        connection = _connected(url)
        connection.connect()
        used = connection.sock
        for method, status in (
            ("GET", 200),
            ("POST", 200),
            ("HEAD", 405),
            ("POST", 200),
        ):
            body = send_document() if method == "POST" else None
            connection.request(method, PATH, body, HEADERS)
            response = connection.getresponse()
            assert response.status == status
            read = response.read()
            assert (method == "POST") == read.startswith(ANSWER)
            assert response.getheader("Content-Length") is not None
        assert connection.sock is used
        connection.close()
    assert len(fake.calls_of(SEND)) == 2


def test_a_fake_is_served_many_times(fake: FakeSms) -> None:
    """A fake can be served again and at two ports at once; afterwards nobody listens."""
    threads = threading.active_count()
    for _ in range(3):
        with fake.serve() as one, fake.serve() as other:
            assert one != other
            for url in (one, other):
                connection = _connected(url)
                connection.request("POST", PATH, send_document(), HEADERS)
                assert connection.getresponse().read().startswith(ANSWER)
                connection.close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(_address(one), timeout=10)
    assert threading.active_count() == threads
    assert len(fake.calls) == 6


def test_the_end_closes_idle_connections(fake: FakeSms) -> None:
    """A connection that is kept open by a client ends with the server."""
    with fake.serve() as url:
        idle = socket.create_connection(_address(url), timeout=10)
        connection = _connected(url)
        connection.request("GET", PATH)
        connection.getresponse().read()
    assert idle.recv(1) == b""
    idle.close()
    connection.close()


def test_the_end_waits_for_no_delay(fake: FakeSms) -> None:
    """An answer that is an hour away does not come when the server ends."""
    fake.script(Delay(3600))
    with fake.serve() as url:
        connection = _connected(url)
        connection.request("POST", PATH, send_document(), HEADERS)
        while not fake.calls:
            time.sleep(0.01)
    with pytest.raises(ConnectionError):
        connection.getresponse()
    connection.close()


def test_many_connections_at_once(fake: FakeSms) -> None:
    """A delay of one connection holds up no other one."""
    fake.script(Delay(3600))
    with fake.serve() as url:
        slow = _connected(url)
        slow.request("POST", PATH, send_document(), HEADERS)
        while not fake.calls:
            time.sleep(0.01)
        quick = _connected(url)
        quick.request("POST", PATH, send_document(), HEADERS)
        assert quick.getresponse().read().startswith(ANSWER)
        quick.close()
    slow.close()


POST = f"POST {PATH} HTTP/1.1\r\nHost: a\r\n{TEXT_XML[0]}: {TEXT_XML[1]}\r\n".encode()


def _post(*more: str, line: bytes = POST) -> bytes:
    body = send_document()
    headers = (f"Content-Length: {len(body)}", ": ".join(SEND_ACTION), *more)
    return line + "".join(f"{each}\r\n" for each in headers).encode() + b"\r\n" + body


def test_requests_may_follow_each_other_at_once(fake: FakeSms) -> None:
    """Two requests in one packet get two answers, and the wish to close is granted."""
    with fake.serve() as url:
        received = _received(url, _post() + _post("Connection: close"))
    assert received.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert received.count(b"Connection: keep-alive\r\n") == 1
    assert received.count(b"Connection: close\r\n") == 1


def test_a_request_may_come_in_pieces(fake: FakeSms) -> None:
    """Every byte by itself makes the same request; a client may ask whether to go on."""
    request = _post("Expect: 100-continue", "Connection: close")
    with fake.serve() as url:
        received = _received(url, *(bytes([byte]) for byte in request))
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_a_body_in_chunks_is_written_as_such(fake: FakeSms) -> None:
    """An answer in chunks has the sizes that the step says; HTTP/1.0 gets it as a whole."""
    fake.script(Chunk(100), Chunk(100), Chunk(100))
    old = POST.replace(b"HTTP/1.1", b"HTTP/1.0")
    with fake.serve() as url:
        new = _received(url, _post("Connection: close"))
        whole = _received(url, _post(line=old))
        head = _received(url, b"HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert b"\r\nTransfer-Encoding: chunked\r\n" in new
    assert b"Content-Length" not in new
    chunks = new.partition(b"\r\n\r\n")[2]
    assert chunks.startswith(b"64\r\n<SMS_SendResult>")
    assert chunks.endswith(b"\r\n0\r\n\r\n")
    assert b"Content-Length" in whole
    assert b"chunked" not in whole
    assert head.endswith(b"\r\n\r\n")


def test_a_truncated_answer_has_its_length(fake: FakeSms) -> None:
    """The head promises all of the body, of which the beginning comes, and then nothing."""
    fake.script(Truncate(0.25))
    with fake.serve() as url:
        received = _received(url, _post())
    head, _, body = received.partition(b"\r\n\r\n")
    promised = int(head.partition(b"Content-Length: ")[2].split(b"\r\n")[0])
    assert len(body) == promised // 4
    assert b"keep-alive" in head


def test_a_status_without_a_body_has_none(fake: FakeSms) -> None:
    """Where HTTP allows no body, the next answer on the connection is still understood."""
    fake.script(Respond(304, b"body"))
    with fake.serve() as url:
        received = _received(url, _post() + _post("Connection: close"))
    assert received.startswith(b"HTTP/1.1 304 Not Modified\r\n")
    assert b"\r\n\r\nHTTP/1.1 200 OK\r\n" in received


@pytest.mark.parametrize(
    "length", ["", "Content-Length: x\r\n", "Content-Length: -1\r\n"]
)
def test_a_post_without_a_length_is_refused(fake: FakeSms, length: str) -> None:
    """A body must say how long it is."""
    with fake.serve() as url:
        received = _received(url, POST + length.encode() + b"\r\n")
    assert received.startswith(b"HTTP/1.1 411 Length Required\r\n")
    assert fake.calls == ()


def test_what_is_no_request_is_no_call(fake: FakeSms) -> None:
    """A request that stops too early, or is no HTTP, is not handled, and harms nobody."""
    with fake.serve() as url:
        with socket.create_connection(_address(url), timeout=10) as connection:
            connection.sendall(POST + b"Content-Length: 10\r\n\r\n<a>")
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
        assert b"400" in _received(url, b"no HTTP at all\r\n\r\n")
        assert _received(url, _post("Connection: close")).startswith(b"HTTP/1.1 200")
    assert len(fake.calls) == 1


def test_a_client_that_leaves_harms_nobody(
    fake: FakeSms, capfd: pytest.CaptureFixture[str]
) -> None:
    """A connection that a client resets is forgotten, without a word."""
    fake.script(Respond(body=b"x" * 2**24))
    with fake.serve() as url:
        connection = socket.create_connection(_address(url), timeout=10)
        connection.sendall(_post())
        connection.recv(1)
        reset = b"\x01\0\0\0\0\0\0\0"
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        connection.close()
        assert _received(url, _post("Connection: close")).startswith(b"HTTP/1.1 200")
    assert capfd.readouterr().err == ""


def test_a_mistake_in_an_answer_is_a_fault(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """An exception of what a test gave to the fake is told to the client, and shown."""
    fake = FakeNumbers()
    request = (
        b"POST / HTTP/1.1\r\nContent-Type: text/xml\r\nSOAPAction: \r\n"
        b"Content-Length: 7\r\n\r\n<Last/>"
    )
    with fake.serve() as url:
        received = _received(f"{url}/", request)
    assert received.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"unable to process request. ---&gt; list index out of range" in received
    assert "IndexError" in capfd.readouterr().err


def test_each_answer_is_told(fake: FakeSms) -> None:
    """Whoever wants to know is told of each answer in a line."""
    lines: list[str] = []
    fake.script(Respond(299))
    with fake.serve(tell=lines.append) as url:
        _received(url, _post("Connection: close"))
        _received(url, b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert lines == ["POST SMS_Send: 299", "GET /x: 404 Not Found"]


def test_a_fake_is_served_over_ipv6(fake: FakeSms) -> None:
    """An address of IPv6 is written with brackets."""
    try:
        with fake.serve(host="::1") as url:
            assert url.startswith("http://[::1]:")
            assert _received(url, _post("Connection: close")).startswith(
                b"HTTP/1.1 200"
            )
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error.strerror}")


def test_no_server_is_imported_before_it_is_needed() -> None:
    """A fake that is not served needs neither sockets nor the modules of HTTP servers."""
    code = (
        "import sys, fake_sms; fake_sms.FakeSms(); "
        "unwanted = {'http.server', 'socketserver', 'argparse', 'asyncio'}; "
        "sys.exit(' '.join(unwanted & set(sys.modules)) or 0)"
    )
    root = Path(__file__).parent
    paths = [root, root.parents[2] / "generated", root.parents[2] / "generator"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
