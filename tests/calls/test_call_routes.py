"""Where requests go: after a redirect, through a proxy, and over TLS; and where they must not."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import trustme
from adapter_servers import Connection, Server, answer, serving
from told import assert_told, raised
from ways import NUMBER, ONCE, QUICK, Way

from revio import ConnectionFailed, TlsFailed, UnexpectedStatus

SENT = answer(
    b"<SMS_SendResult><Header><Success>1</Success></Header><ID>7</ID></SMS_SendResult>"
)


def canary(connection: Connection) -> None:
    """Take whatever comes, so that it is counted, and answer as if all were well."""
    while connection.receive():
        connection.send(SENT)


def assert_unheard(server: Server) -> None:
    """Nobody has as much as connected."""
    assert (server.connections, server.requests) == (0, [])


# Redirects


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("kind", ["path", "address", "capitals"])
def test_a_redirect_on_the_same_server_is_followed(
    http_way: Way, status: int, kind: str
) -> None:
    """The same request goes to the new path of the same server, and the answer is that of the call."""

    def handle(connection: Connection) -> None:
        while received := connection.receive():
            location = {
                "path": "/new?a=1",
                "address": server.url("/new?a=1"),
                "capitals": server.url("/new?a=1").replace("http", "HTTP"),
            }[kind]
            moved = answer(
                b"", head=f"{status} Moved", headers=f"Location: {location}\r\n"
            )
            is_old = received.line.startswith("POST /old ")
            connection.send(moved if is_old else SENT)

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url("/old")) as caller,
    ):
        assert caller.send().id == 7
    old, new = server.requests
    assert new.line == "POST /new?a=1 HTTP/1.1"
    assert new.body == old.body
    assert new.headers == old.headers


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:{port}/new",
        "http://localhost:{port}/new",
        "//127.0.0.1:{port}/new",
        "http://user:pass@127.0.0.1:{port}/new",
        "https://127.0.0.1:{old}/new",
        "http://127.0.0.2:{old}/new",
    ],
    ids=["port", "host", "no-scheme", "user", "scheme", "address"],
)
@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_to_another_server_is_not_followed(
    http_way: Way, status: int, location: str
) -> None:
    """Credentials go to nobody but the chosen server; the error says where it points."""

    def handle(connection: Connection) -> None:
        while connection.receive():
            header = f"Location: {target}\r\n"
            connection.send(answer(b"", head=f"{status} Moved", headers=header))

    with serving(canary) as other, serving(handle) as server:
        target = location.format(port=other.port, old=server.port)
        with http_way.connect(endpoint=server.url("/old"), retry=QUICK) as caller:
            error = raised(UnexpectedStatus, lambda: caller.create(NUMBER))
            assert_told(error, caller, "SMSOptOut_Create")
        assert_unheard(other)
    assert error.status == status
    host = urlsplit(target).netloc.rpartition("@")[2]
    assert "the server points to another address: " in str(error)
    assert f"{host}/new (HTTP {status}" in str(error)
    assert "pass" not in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_asks_for_another_request_is_not_followed(
    http_way: Way, status: int
) -> None:
    """Redirects that would turn a document into a request for a page end the call."""
    head, header = f"{status} Moved", "Location: /new\r\n"
    moved = answer(b"", head=head, headers=header)

    def handle(connection: Connection) -> None:
        while connection.receive():
            connection.send(moved)

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url("/old"), retry=QUICK) as caller,
    ):
        error = raised(UnexpectedStatus, lambda: caller.delete(NUMBER))
        assert_told(error, caller, "SMSOptOut_Delete")
    assert len(server.requests) == 1


def test_redirects_in_a_circle_end(http_way: Way) -> None:
    """A server that sends requests from one path to the next is asked twice."""

    def handle(connection: Connection) -> None:
        while received := connection.receive():
            path = received.line.split()[1]
            header = f"Location: {path}x\r\n"
            connection.send(answer(b"", head="307 Moved", headers=header))

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url("/a"), retry=QUICK) as caller,
    ):
        error = raised(UnexpectedStatus, lambda: caller.delete(NUMBER))
        assert_told(error, caller, "SMSOptOut_Delete")
    paths = [each.line.split()[1] for each in server.requests]
    assert paths == ["/a", "/ax"]


# Proxies


def forward(connection: Connection) -> None:
    """Answer what was asked of a service that only the proxy can find."""
    while connection.receive():
        connection.send(SENT)


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_the_proxy_of_the_environment_is_used(
    own_way: Way, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """A request for a host that nobody knows gets to the proxy, with its whole address and who asks it."""
    with serving(forward) as proxy:
        address = f"http://us%65r:pa%3Ass@127.0.0.1:{proxy.port}"
        monkeypatch.setenv(variable, address)
        with own_way.connect(
            endpoint="http://sms.invalid:81/a?b", allow_plain_http=True
        ) as caller:
            assert caller.send().id == 7
            assert caller.send().id == 7
        asked = proxy.requests[0]
        assert asked.line == "POST http://sms.invalid:81/a?b HTTP/1.1"
        assert asked.header("host") == "sms.invalid:81"
        # Both say user:pa:ss.
        assert asked.header("proxy-authorization") == "Basic dXNlcjpwYTpzcw=="
        assert proxy.connections == 1


@pytest.mark.parametrize(
    "exempt", ["127.0.0.1", "*", "x.example, 127.0.0.1", "127.0.0.1:{port}"]
)
@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
def test_what_needs_no_proxy_is_reached_without(
    own_way: Way, monkeypatch: pytest.MonkeyPatch, exempt: str, variable: str
) -> None:
    """The proxy hears nothing of requests to hosts that are exempt."""
    with serving(canary) as proxy, serving(canary) as server:
        monkeypatch.setenv("http_proxy", proxy.url(""))
        monkeypatch.setenv(variable, exempt.format(port=server.port))
        with own_way.connect(endpoint=server.url("/a")) as caller:
            assert caller.send().id == 7
        assert_unheard(proxy)
        assert server.requests[0].line == "POST /a HTTP/1.1"


def test_other_hosts_still_need_the_proxy(
    own_way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is exempt is that host, and not one whose name ends like it."""
    with serving(canary) as proxy, serving(canary) as server:
        monkeypatch.setenv("http_proxy", proxy.url(""))
        monkeypatch.setenv("no_proxy", "7.0.0.1,example.com")
        with own_way.connect(endpoint=server.url("/a")) as caller:
            assert caller.send().id == 7
        assert_unheard(server)
        assert proxy.requests[0].line == f"POST {server.url('/a')} HTTP/1.1"


def test_a_proxy_that_is_not_there(
    own_way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the proxy cannot be reached, nothing goes around it, and its password is not told."""
    with serving(canary) as server, socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
        gone.close()
        monkeypatch.setenv("http_proxy", f"http://me:pass-word@127.0.0.1:{port}")
        with own_way.connect(endpoint=server.url(), retry=ONCE) as caller:
            error = raised(ConnectionFailed, caller.send)
            assert_told(error, caller)
        assert f"through the proxy 127.0.0.1:{port}" in str(error)
        assert "pass-word" not in str(error)
        assert error.was_sent is False
        assert_unheard(server)


# TLS


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """Return somebody who issues certificates, whom the system believes."""
    issuer = trustme.CA()
    file = tmp_path / "authority.pem"
    issuer.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return issuer


def tls_of(authority: trustme.CA, name: str) -> ssl.SSLContext:
    """What a server with a certificate for a name uses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_service_whom_the_system_believes(
    own_way: Way, authority: trustme.CA
) -> None:
    """With a certificate of an authority of the system, calls work and share a connection."""
    with (
        serving(canary, tls=tls_of(authority, "127.0.0.1")) as server,
        own_way.connect(endpoint=server.url("/a")) as caller,
    ):
        assert [caller.send().id, caller.send().id] == [7, 7]
        assert server.connections == 1
    assert server.requests[0].line == "POST /a HTTP/1.1"


class Tunnels:
    """A proxy that opens tunnels, and counts them."""

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self._port = port

    def __call__(self, connection: Connection) -> None:
        """Open one tunnel to the port, wherever it was to lead."""
        received = connection.receive()
        assert received is not None
        self.asked.append(received.line)
        with socket.create_connection(("127.0.0.1", self._port)) as far:
            connection.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = Thread(target=_pump, args=(far, connection.stream))
            back.start()
            _pump(connection.stream, far)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def test_a_tunnel_through_the_proxy(
    own_way: Way, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA
) -> None:
    """A safe connection goes through a tunnel, inside which the proxy reads nothing."""
    with serving(canary, tls=tls_of(authority, "sms.invalid")) as server:
        tunnels = Tunnels(server.port)
        with serving(tunnels) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url(""))
            monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
            with own_way.connect(endpoint="https://sms.invalid/a") as caller:
                assert [caller.send().id, caller.send().id] == [7, 7]
            assert tunnels.asked == ["CONNECT sms.invalid:443 HTTP/1.1"]
            assert b"SMS_Send" not in proxy.requests[0].body
        assert server.requests[0].line == "POST /a HTTP/1.1"
        assert server.requests[0].header("host") == "sms.invalid"


def test_nothing_goes_through_a_tunnel_to_somebody_else(
    own_way: Way, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA
) -> None:
    """A proxy that leads to another server cannot make it pass for the service."""
    with serving(canary, tls=tls_of(authority, "else.invalid")) as server:
        with serving(Tunnels(server.port)) as proxy:
            monkeypatch.setenv("https_proxy", proxy.url(""))
            with own_way.connect(
                endpoint="https://sms.invalid/a", retry=ONCE
            ) as caller:
                error = raised(TlsFailed, caller.send)
                assert_told(error, caller)
        assert "is for another host" in str(error)
        assert server.requests == []
