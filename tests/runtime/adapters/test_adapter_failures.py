from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
import trustme
from adapter_kinds import KINDS, Adapter, Kind, Settings, Tasks, request_to
from adapter_servers import (
    Connection,
    Handler,
    always,
    answer,
    chunked,
    echo,
    free_port,
    full_port,
    once,
    serving,
    silent,
)

from soapstone.runtime.errors import (
    ConnectionFailed,
    TimedOut,
    TlsFailed,
    TransportError,
)
from soapstone.runtime.transports.messages import HttpRequest, Timeouts

# Nobody can look at the clock while a library for threads waits for the head of an answer.
FOR_TASKS = [kind for kind in KINDS if kind.is_async]


def failure(adapter: Adapter, request: HttpRequest) -> TransportError:
    """What sending raises; nothing else may be shown with it."""
    with pytest.raises(TransportError) as caught:
        adapter.send(request)
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert "hunter2" not in str(error)
    return error


def soon(seconds: float) -> float:
    return time.monotonic() + seconds


# Connections


def test_nobody_listens(adapter: Adapter) -> None:
    """A refused connection is told as such, and nothing was sent."""
    port = free_port()
    error = failure(adapter, request_to(f"http://127.0.0.1:{port}/"))
    assert type(error) is ConnectionFailed
    assert not error.was_sent
    assert str(error) == f"no connection to 127.0.0.1:{port}: Connection refused"


def test_a_name_without_address(
    adapter: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is not found is told as such, and nothing was sent."""

    def unknown(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = failure(adapter, request_to("http://service.example/"))
    assert type(error) is ConnectionFailed
    assert not error.was_sent
    assert (
        str(error) == "no connection to service.example: the name cannot be looked up"
    )


def test_an_address_of_another_kind(adapter: Adapter) -> None:
    """A scheme that no library speaks fails before anything is sent."""
    error = failure(adapter, request_to("ftp://service.example/"))
    assert type(error) is ConnectionFailed
    assert not error.was_sent


def test_no_connection_in_time(adapter: Adapter) -> None:
    """A connection that is not made within its timeout is told so, and nothing was sent."""
    with full_port() as port:
        request = request_to(
            f"http://127.0.0.1:{port}/", timeouts=Timeouts(connect=0.2, read=30)
        )
        error = failure(adapter, request)
    assert type(error) is TimedOut
    assert not error.was_sent
    assert str(error) == f"no connection to 127.0.0.1:{port} within 0.2 seconds"


def test_no_connection_by_the_deadline(adapter: Adapter) -> None:
    """A deadline that passes while a connection is made leaves nothing sent."""
    with full_port() as port:
        request = request_to(f"http://127.0.0.1:{port}/", deadline=soon(0.3))
        error = failure(adapter, request)
    assert type(error) is TimedOut
    assert not error.was_sent
    assert str(error) == f"no connection to 127.0.0.1:{port} before the deadline"


def test_a_deadline_that_has_passed(adapter: Adapter) -> None:
    """After its deadline a request is not sent."""
    with serving(echo) as server:
        error = failure(adapter, request_to(server.url(), deadline=soon(-1)))
    assert type(error) is TimedOut
    assert not error.was_sent
    assert server.connections == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 2",
        answer(b"x" * 100)[:-1],
        chunked(b"x" * 100)[:-5],
        chunked(b"x" * 100)[:-40],
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n",
    ],
    ids=["none", "head", "body", "end", "chunk", "nonsense", "nonsense chunk"],
)
def test_an_answer_that_is_not_whole(adapter: Adapter, data: bytes) -> None:
    """A connection that is closed before the answer is whole has failed, after it was sent."""
    with serving(once(data)) as server:
        error = failure(adapter, request_to(server.url()))
    assert type(error) is ConnectionFailed
    assert error.was_sent
    start = f"the connection to 127.0.0.1:{server.port} ended before the answer did: "
    assert str(error).startswith(start)
    assert len(server.requests) == 1


@pytest.mark.parametrize("data", [b"", answer(b"x" * 100)[:-1]], ids=["head", "body"])
def test_a_connection_that_is_reset(adapter: Adapter, data: bytes) -> None:
    """A reset is a failure after the request was sent."""

    def reset(connection: Connection) -> None:
        connection.receive()
        connection.send(data)
        connection.reset()

    with serving(reset) as server:
        error = failure(adapter, request_to(server.url()))
    assert type(error) is ConnectionFailed
    assert error.was_sent


def test_nothing_is_sent_twice(adapter: Adapter) -> None:
    """A kept connection that is closed instead of answered is a failure, not a second request."""

    def answer_once(connection: Connection) -> None:
        connection.receive()
        connection.send(answer())
        connection.receive()

    with serving(answer_once) as server:
        adapter.send(request_to(server.url()))
        error = failure(adapter, request_to(server.url()))
        assert (server.connections, len(server.requests)) == (1, 2)
    assert type(error) is ConnectionFailed
    assert error.was_sent


def test_a_failure_leaves_the_adapter_usable(adapter: Adapter) -> None:
    """After failures of all kinds, the next request gets its own answer."""
    timeouts = Timeouts(connect=30, read=0.1)

    def moody(connection: Connection) -> None:
        while received := connection.receive():
            if received.body == b"break":
                return
            connection.send(
                answer(received.body)[: -1 if received.body == b"stay" else None]
            )

    with serving(moody) as server:
        for _ in range(3):
            for body, limit in ((b"break", 100), (b"stay", 100), (b"large", 1)):
                request = request_to(
                    server.url(), body=body, limit=limit, timeouts=timeouts
                )
                failure(adapter, request)
            assert adapter.send(request_to(server.url(), body=b"good")).body == b"good"


# Time


def test_no_answer_in_time(adapter: Adapter) -> None:
    """A service that is silent for longer than the timeout is told so, after it was sent."""
    with serving(silent) as server:
        request = request_to(server.url(), timeouts=Timeouts(connect=30, read=0.2))
        error = failure(adapter, request)
    assert type(error) is TimedOut
    assert error.was_sent
    assert str(error) == f"no answer from 127.0.0.1:{server.port} within 0.2 seconds"


def test_a_body_that_stops(adapter: Adapter) -> None:
    """A service that stops in the middle of its answer is noticed by the same timeout."""

    def stop(connection: Connection) -> None:
        connection.receive()
        connection.send(answer(b"x" * 100)[:-1])
        connection.receive()

    with serving(stop) as server:
        request = request_to(server.url(), timeouts=Timeouts(connect=30, read=0.2))
        error = failure(adapter, request)
    assert type(error) is TimedOut
    assert error.was_sent


def dripping(start: bytes, piece: bytes, end: bytes = b"") -> Handler:
    """Send a piece again and again, without ever letting a timeout for reading pass."""

    def drip(connection: Connection) -> None:
        connection.receive()
        connection.send(start)
        for _ in range(600):
            connection.send(piece)
            time.sleep(0.05)
        connection.send(end)

    return drip


@pytest.mark.parametrize(
    "handler",
    [
        dripping(answer(b"x" * 600)[:-600], b"x"),
        dripping(answer(b"x" * 600, headers="Connection: close\r\n")[:-600], b"x"),
        dripping(chunked(b"x")[:-11], b"1\r\nx\r\n", b"0\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", b"x"),
        silent,
    ],
    ids=["length", "last", "chunks", "until close", "silent"],
)
def test_a_deadline_ends_it(adapter: Adapter, handler: Handler) -> None:
    """The deadline ends what the timeouts would not."""
    with serving(handler) as server:
        error = failure(adapter, request_to(server.url(), deadline=soon(0.5)))
    assert type(error) is TimedOut
    assert error.was_sent
    assert str(error) == f"no answer from 127.0.0.1:{server.port} before the deadline"


@pytest.mark.parametrize("kind", FOR_TASKS, ids=lambda kind: kind.name)
def test_a_deadline_ends_a_dripping_head(kind: Kind) -> None:
    """Tasks notice a deadline even while the head of an answer comes byte by byte."""
    handler = dripping(
        b"HTTP/1.1 200 OK\r\nX: ", b"x", b"\r\nContent-Length: 0\r\n\r\n"
    )
    with serving(handler) as server, kind.own() as adapter:
        error = failure(adapter, request_to(server.url(), deadline=soon(0.5)))
    assert type(error) is TimedOut
    assert error.was_sent


def test_a_service_that_takes_nothing(adapter: Adapter) -> None:
    """A service that does not take the request is noticed, at the deadline at the latest."""

    def deaf(connection: Connection) -> None:
        connection.server.closed.wait(30)

    with serving(deaf) as server:
        request = request_to(
            server.url(),
            body=b"x" * 30_000_000,
            timeouts=Timeouts(connect=30, read=0.4),
            deadline=soon(2),
        )
        error = failure(adapter, request)
        server.closed.set()
    assert type(error) is TimedOut
    assert error.was_sent


@pytest.mark.parametrize("kind", FOR_TASKS, ids=lambda kind: kind.name)
def test_a_cancelled_task(kind: Kind) -> None:
    """A task that is cancelled closes its connection, and leaves the others alone."""
    arrived = threading.Event()

    def keep(connection: Connection) -> None:
        connection.receive()
        arrived.set()
        connection.receive()
        connection.server.closed.set()

    with serving(keep) as server, serving(echo) as other, kind.own() as adapter:
        assert isinstance(adapter, Tasks)
        transport = adapter.transport

        async def cancelled() -> None:
            task = asyncio.ensure_future(transport.send(request_to(server.url())))
            await asyncio.to_thread(arrived.wait, 30)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        adapter.loop.run_until_complete(cancelled())
        assert server.closed.wait(30)
        assert adapter.send(request_to(other.url(), body=b"x")).body == b"x"


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that only those know who are told."""
    return trustme.CA()


def context(authority: trustme.CA, name: str = "localhost") -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(made)
    return made


@pytest.fixture
def known(authority: trustme.CA, tmp_path: Path) -> Settings:
    """What a client is made with that knows the authority."""
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return Settings(authority=path)


def test_a_safe_connection(kind: Kind, authority: trustme.CA, known: Settings) -> None:
    """A client that is handed in keeps the authorities that it knows."""
    with (
        serving(echo, tls=context(authority), host="localhost") as server,
        kind.given(known) as (adapter, _),
    ):
        assert adapter.send(request_to(server.url(), body=b"x")).body == b"x"


def test_an_unknown_authority(adapter: Adapter, authority: trustme.CA) -> None:
    """A certificate that nobody vouches for ends it, and nothing was sent."""
    with serving(echo, tls=context(authority), host="localhost") as server:
        error = failure(adapter, request_to(server.url()))
    assert type(error) is TlsFailed
    assert not error.was_sent
    assert str(error) == (
        f"the connection to localhost:{server.port} could not be made safe: "
        "unable to get local issuer certificate"
    )
    assert server.requests == []


def test_a_certificate_for_another_host(
    kind: Kind, authority: trustme.CA, known: Settings
) -> None:
    """A certificate for another name ends it, and nothing was sent."""
    tls = context(authority, "other.example")
    with (
        serving(echo, tls=tls, host="localhost") as server,
        kind.given(known) as (adapter, _),
    ):
        error = failure(adapter, request_to(server.url()))
    assert type(error) is TlsFailed
    assert not error.was_sent
    assert "Hostname mismatch, certificate is not valid for 'localhost'" in str(error)


def test_a_service_without_tls(adapter: Adapter) -> None:
    """What answers the greeting of TLS with something else is not safe."""

    def plain(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.stream.recv(65536)

    with serving(plain) as server:
        url = server.url().replace("http:", "https:")
        error = failure(adapter, request_to(url))
    assert type(error) is TlsFailed
    assert "WRONG_VERSION_NUMBER" in str(error) or "record layer" in str(error).lower()


def test_a_connection_that_ends_in_the_handshake(adapter: Adapter) -> None:
    """What is closed while it is made safe has failed as a connection."""

    def close(connection: Connection) -> None:
        connection.stream.recv(65536)

    with serving(close) as server:
        url = server.url().replace("http:", "https:")
        error = failure(adapter, request_to(url))
    assert type(error) is ConnectionFailed


def test_a_handshake_that_takes_too_long(adapter: Adapter) -> None:
    """The timeout for connecting covers the handshake."""
    with serving(silent) as server:
        url = server.url().replace("http:", "https:")
        timeouts = Timeouts(connect=0.3, read=30)
        error = failure(adapter, request_to(url, timeouts=timeouts))
    assert type(error) is TimedOut


def test_what_was_handled_before_is_no_cause(
    adapter: Adapter, authority: trustme.CA
) -> None:
    """A second attempt, made while the error of the first is handled, has its own error."""
    with (
        serving(echo, tls=context(authority), host="localhost") as unsafe,
        serving(once(b"")) as closing,
    ):
        try:
            adapter.send(request_to(unsafe.url()))
        except TlsFailed:
            with pytest.raises(TransportError) as caught:
                adapter.send(request_to(closing.url()))
            assert type(caught.value) is ConnectionFailed
            assert caught.value.was_sent
        else:
            pytest.fail("it was safe")


# Proxies


def refusing(connection: Connection) -> None:
    """A proxy that lets nobody through."""
    connection.receive()
    connection.send(b"HTTP/1.1 407 hunter2\r\nContent-Length: 0\r\n\r\n")


def test_a_proxy_that_was_handed_in(kind: Kind) -> None:
    """A client that is handed in goes through its proxy."""
    with (
        serving(always(answer(b"proxy"))) as proxy,
        kind.given(Settings(proxy=proxy.url(""))) as (adapter, _),
    ):
        response = adapter.send(request_to("http://service.example/path"))
    assert response.body == b"proxy"
    assert proxy.requests[0].line == "POST http://service.example/path HTTP/1.1"


def test_a_proxy_that_refuses(kind: Kind) -> None:
    """When a proxy refuses a tunnel nothing was sent, and no password of it is told."""
    with serving(refusing) as proxy:
        address = f"http://user:hunter2@127.0.0.1:{proxy.port}"
        with kind.given(Settings(proxy=address)) as (adapter, _):
            error = failure(adapter, request_to("https://service.example/path"))
    assert type(error) is ConnectionFailed
    assert not error.was_sent
    assert str(error).startswith("no connection to service.example: ")
    assert proxy.requests[0].line.startswith("CONNECT service.example:443 ")
    assert proxy.requests[0].header("proxy-authorization") is not None


def test_a_proxy_that_is_not_there(kind: Kind) -> None:
    """When there is no proxy nothing was sent, and no password of it is told."""
    address = f"http://user:hunter2@127.0.0.1:{free_port()}"
    with kind.given(Settings(proxy=address)) as (adapter, _):
        error = failure(adapter, request_to("http://service.example/path"))
    assert type(error) is ConnectionFailed
    assert not error.was_sent


def test_a_proxy_of_the_environment(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An own client takes the proxies of the environment, where its library does."""
    with serving(always(answer(b"proxy"))) as proxy:
        monkeypatch.setenv("http_proxy", f"http://user:hunter2@127.0.0.1:{proxy.port}")
        with kind.own() as adapter:
            url = f"http://127.0.0.1:{free_port()}/path"
            if kind.takes_environment:
                assert adapter.send(request_to(url)).body == b"proxy"
            else:
                assert type(failure(adapter, request_to(url))) is ConnectionFailed


def test_passwords_of_netrc_are_not_sent(adapter: Adapter, tmp_path: Path) -> None:
    """What the user has written down for the host is not sent to it."""
    netrc = "machine 127.0.0.1 login user password hunter2\n"
    (tmp_path / "netrc").write_text(netrc, "utf-8")
    with serving(always(answer())) as server:
        adapter.send(request_to(server.url()))
    assert server.requests[0].header("authorization") is None
