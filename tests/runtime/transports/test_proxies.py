"""Requests go through the proxies that users expect, and secrets of those stay secret."""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64encode
from urllib.request import proxy_bypass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import (
    Asked,
    Conversation,
    MakeSender,
    Serve,
    Server,
    Talk,
    answer,
    echo,
    request,
    threaded,
)

from soapstone.runtime.errors import ConnectionFailed, TransportError
from soapstone.runtime.transports import routes as routes_module
from soapstone.runtime.transports.routes import Routes

USER = "us%40er:pass%3Aword"
BASIC = f"Basic {b64encode(b'us@er:pass:word').decode()}"


def _relay(server: Server, heads: list[bytes]) -> Talk:
    """A proxy that opens tunnels to one server, whatever it is asked for."""

    def copy(source: Conversation, target: Conversation) -> None:
        try:
            while data := source.link.recv(2**16):
                target.send(data)
        except OSError:
            pass  # one of them has left
        target.link.close()

    def talk(conversation: Conversation) -> None:
        heads.append(conversation.head())
        conversation.send(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
        other = Conversation(_connection(server))
        back = threading.Thread(target=copy, args=(other, conversation))
        back.start()
        copy(conversation, other)
        back.join()

    return talk


def _connection(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port))


def test_a_request_over_http_is_handed_to_the_proxy(
    serve: Serve, make_sender: MakeSender
) -> None:
    """The proxy is told the whole address and who asks; its connection is kept."""
    seen: list[Asked] = []

    def talk(conversation: Conversation) -> None:
        while asked := conversation.asked():
            seen.append(asked)
            conversation.answer(b"from afar")

    proxy = serve(talk)
    sender = make_sender(proxies={"http": f"http://{USER}@{proxy.address}"})
    for _ in range(2):
        response = sender.send(request("http://example.org:8080/a?b"))
        assert response.body == b"from afar"
    assert proxy.connections == 1
    assert seen[0].head == (
        b"POST http://example.org:8080/a?b HTTP/1.1\r\n"
        b"Host: example.org:8080\r\n"
        b"Connection: keep-alive\r\n"
        b"Proxy-Authorization: " + BASIC.encode() + b"\r\n"
        b"Content-Length: 4\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("user", "authorization"),
    [("", ""), (f"{USER}@", f"Proxy-Authorization: {BASIC}\r\n")],
)
def test_a_request_over_https_goes_through_a_tunnel(
    serve: Serve,
    make_sender: MakeSender,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    user: str,
    authorization: str,
) -> None:
    """The proxy learns host and port, and the service proves through it who it is."""
    server = serve(echo, server_tls)
    heads: list[bytes] = []
    proxy = serve(_relay(server, heads))
    sender = make_sender(
        tls=client_tls, proxies={"https": f"http://{user}{proxy.address}/"}
    )
    for _ in range(2):
        sent = request("https://localhost:9/secret?path", b"x" * 1_000_000)
        assert sender.send(sent).body == b"x" * 1_000_000
    assert proxy.connections == 1
    assert heads == [
        (
            "CONNECT localhost:9 HTTP/1.1\r\n"
            f"Host: localhost:9\r\n{authorization}\r\n"
        ).encode()
    ]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (
            answer(status=f"407 {BASIC}"),
            "refuses a connection to example.org:443: 407 Proxy Authentication Required",
        ),
        (answer(status="599 X"), "refuses a connection to example.org:443: 599"),
        (b"", "closed the connection before it answered"),
        (b"HTTP/1.1 2", "closed the connection in the middle of its answer"),
    ],
)
def test_a_tunnel_that_is_refused(
    serve: Serve, make_sender: MakeSender, sent: bytes, told: str
) -> None:
    """What the proxy says is told, without its words, and nothing was sent."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        conversation.send(sent)

    proxy = serve(talk)
    sender = make_sender(proxies={"https": f"http://{USER}@{proxy.address}"})
    with pytest.raises(ConnectionFailed) as caught:
        sender.send(request("https://example.org/"))
    assert str(caught.value) == f"the proxy {proxy.address} {told}"
    assert not caught.value.was_sent


def test_a_proxy_that_does_not_speak_http(
    serve: Serve, make_sender: MakeSender
) -> None:
    """Something else on the port of the proxy is told to be no HTTP."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        conversation.send(b"\x05\xff\r\n")

    proxy = serve(talk)
    sender = make_sender(proxies={"all": proxy.url()})
    with pytest.raises(ConnectionFailed, match="is no HTTP") as caught:
        sender.send(request("https://example.org/"))
    assert not caught.value.was_sent


def test_a_proxy_that_is_not_there(make_sender: MakeSender) -> None:
    """The proxy is named in the error, and its password is not."""
    sender = make_sender(proxies={"all": f"http://{USER}@127.0.0.1:1"})
    with pytest.raises(ConnectionFailed) as caught:
        sender.send(request("http://example.org/"))
    assert str(caught.value) == (
        "no connection to example.org:80 through the proxy 127.0.0.1:1: connection refused"
    )
    assert not caught.value.was_sent


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            f"socks5://{USER}@localhost:1080",
            "the proxy localhost:1080 is of the kind 'socks5'; only http is supported",
        ),
        (
            f"https://{USER}@localhost",
            "the proxy localhost:80 is of the kind 'https'; only http is supported",
        ),
        (
            f"http://{USER}@localhost:port",
            "the URL of the proxy must be like http://host:port",
        ),
        ("http://", "the URL of the proxy must be like http://host:port"),
    ],
)
def test_other_proxies_are_refused(
    make_sender: MakeSender, url: str, told: str
) -> None:
    """Nothing goes past a proxy that cannot be used, and its password is not told."""
    sender = make_sender(proxies={"all": url})
    with pytest.raises(TransportError) as caught:
        sender.send(request("https://example.org/"))
    assert str(caught.value) == told
    assert not caught.value.was_sent


def test_a_password_of_a_proxy_is_not_shown() -> None:
    """Neither the way nor the proxy shows it."""
    route, _ = Routes({"all": f"http://{USER}@localhost"}).find("https://a/")
    assert route.proxy
    assert route.proxy.authorization == BASIC
    for shown in (repr(route), str(route), repr(route.proxy)):
        assert BASIC not in shown
        assert "pass" not in shown


def _proxy_of(url: str, proxies: dict[str, str] | None = None) -> str:
    route, _ = Routes(proxies).find(url)
    return str(route.proxy.address) if route.proxy else ""


@pytest.mark.parametrize(
    ("environment", "url", "proxy"),
    [
        ({}, "http://a/", ""),
        ({"http_proxy": "http://p:1"}, "http://a/", "p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "http://a/", "p:1"),
        ({"HTTP_PROXY": "p:1"}, "http://a/", "p:1"),
        ({"HTTP_PROXY": "http://[::1]:1"}, "http://a/", "[::1]:1"),
        ({"HTTP_PROXY": "http://p"}, "http://a/", "p:80"),
        ({"HTTP_PROXY": "http://p:1"}, "https://a/", ""),
        ({"HTTP_PROXY": ""}, "http://a/", ""),
        ({"HTTPS_PROXY": "http://p:1"}, "https://a/", "p:1"),
        ({"ALL_PROXY": "http://p:1"}, "https://a/", "p:1"),
        ({"all_proxy": "http://p:1", "http_proxy": "q:2"}, "http://a/", "q:2"),
        ({"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, "http://a/", ""),
        ({"http_proxy": "http://p:1", "REQUEST_METHOD": "GET"}, "http://a/", "p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "b,a"}, "http://a/", ""),
        ({"ALL_PROXY": "http://p:1", "no_proxy": "*"}, "http://a/", ""),
        (
            {"ALL_PROXY": "http://p:1", "NO_PROXY": " .Example.org "},
            "http://w.example.org/",
            "",
        ),
        (
            {"ALL_PROXY": "http://p:1", "NO_PROXY": "example.org"},
            "http://anexample.org/",
            "p:1",
        ),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "a:81"}, "http://a/", "p:1"),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "a:80"}, "http://a/", ""),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "::1"}, "http://[::1]/", ""),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "[::1]"}, "http://[::1]/", ""),
    ],
)
def test_proxies_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, proxy: str
) -> None:
    """The variables that everybody knows are followed, in either case."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert _proxy_of(url) == proxy


def test_given_proxies_take_the_place_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever gives proxies, or none, is not asked to mind the environment."""
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", "*")
    assert not _proxy_of("http://a/", {})
    assert _proxy_of("http://a/", {"http": "q:2"}) == "q:2"
    assert not _proxy_of("http://a/", {"http": "q:2", "no": "a"})


def test_the_environment_is_read_when_a_transport_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What changes later does not lead requests elsewhere."""
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    routes = Routes(None)
    monkeypatch.setenv("ALL_PROXY", "http://q:2")
    monkeypatch.setenv("NO_PROXY", "*")
    route, _ = routes.find("http://a/")
    assert route.proxy
    assert str(route.proxy.address) == "p:1"


@given(
    st.lists(st.sampled_from(["a.b", ".b", "b", "c:80", "a", "xb", " A.B", "", "b:1"])),
    st.sampled_from(["a.b", "b", "x.a.b", "xb", "c", "ab"]),
    st.sampled_from([80, 1]),
)
def test_exemptions_are_those_of_the_standard_library(
    names: list[str], host: str, port: int
) -> None:
    """Which hosts NO_PROXY exempts agrees with what urllib makes of it."""
    exempt = ",".join(names)
    is_exempt = bool(proxy_bypass(f"{host}:{port}", {"no": exempt}))
    found = _proxy_of(f"http://{host}:{port}/", {"all": "p:1", "no": exempt})
    assert (found == "") is is_exempt


def test_settings_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has settings for proxies, and the environment none, those are followed."""
    monkeypatch.setattr(routes_module, "getproxies", lambda: {"http": "http://p:1"})
    monkeypatch.setattr(routes_module, "proxy_bypass", lambda host: host == "a")
    assert not _proxy_of("http://a/")
    assert _proxy_of("http://b/") == "p:1"
    monkeypatch.setenv("HTTP_PROXY", "http://p:1")
    assert _proxy_of("http://a/") == "p:1"


@pytest.mark.parametrize(
    ("url", "place", "host", "target"),
    [
        ("http://a", "a:80", "a", "/"),
        ("https://A.B?c=d", "a.b:443", "a.b", "/?c=d"),
        ("https://a:80/b", "a:80", "a:80", "/b"),
        ("http://[::1]/", "[::1]:80", "[::1]", "/"),
        ('http://a/%20\N{EURO SIGN}"', "a:80", "a", '/%20%E2%82%AC"'),
        (
            "http://b\N{LATIN SMALL LETTER U WITH DIAERESIS}cher/",
            "xn--bcher-kva:80",
            "xn--bcher-kva",
            "/",
        ),
        ("http://user:secret@a/b#c", "a:80", "a", "/b"),
    ],
)
def test_addresses(url: str, place: str, host: str, target: str) -> None:
    """An address is taken apart into where to connect, whom to name and what to ask for."""
    route, found = Routes({}).find(url)
    assert (str(route), route.host, found) == (place, host, target)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://secret/",
        "ftp://secret:80/",
        "secret",
        "",
        "http://",
        "http://:80/",
        "http://user:sec/ret@host/",
        "http://secret:99999/",
        "http://se cret/",
        "http://secret..secret/",
        "http://[secret/",
    ],
)
def test_what_is_no_address(url: str) -> None:
    """An address that leads nowhere is refused, and not quoted."""
    sender = threaded()
    with pytest.raises(ValueError, match="the URL must") as caught:
        sender.send(request(url))
    assert "sec" not in str(caught.value)
