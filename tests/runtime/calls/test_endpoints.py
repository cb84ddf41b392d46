"""Requests go to safe addresses only, and no address is shown with what may be secret in it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted import COUNT, ENDPOINT, SERVICE, Credentials, Way, answered, status

from soapstone.runtime.calls.clients import BaseClient
from soapstone.runtime.calls.endpoints import address_of, checked, redirected, shown
from soapstone.runtime.errors import UnexpectedStatus

SAFE = [
    "https://host",
    "https://host/path?a=b",
    "HTTPS://host:443/",
    "https://[2001:db8::1]:8443/x",
    "https://10.0.0.1/",
    "http://localhost/x",
    "http://LOCALHOST:8080/x",
    "http://a.localhost/",
    "http://127.0.0.1:1/",
    "http://127.255.0.9/",
    "http://[::1]:8080/",
]
PLAIN = [
    "http://host/",
    "http://localhost.example/",
    "http://notlocalhost/",
    "http://127.0.0.1.example/",
    "http://128.0.0.1/",
    "http://[::2]/",
    "http://0.0.0.0/",
]
NO_ADDRESSES = [
    "",
    "host",
    "host/S3CRET",
    "//host/",
    "https:///S3CRET",
    "https:host",
    "ftp://host/S3CRET",
    "file:///S3CRET",
    "https://user:S3CRET@host/",
    "https://S3CRET@host/",
    "https://@host/",
    "https://host/#S3CRET",
    "https://host/#",
    "https://host/a b",
    " https://host/",
    "https://host/\nS3CRET",
    "https://host/\r\nX: S3CRET",
    "https://ho\tst/",
    "https://host/\0",
    "https://h\xf6st/",
    "https://host:0/",
    "https://host:65536/",
    "https://host:S3CRET/",
    "https://user:S3CRET/@host/",
    "https://[::1/S3CRET",
]


@pytest.mark.parametrize("endpoint", SAFE)
def test_safe_addresses(endpoint: str) -> None:
    """An address of https, and one of this machine, is taken as it is."""
    assert checked(endpoint, allow_plain_http=False) == endpoint


@pytest.mark.parametrize("endpoint", PLAIN)
def test_plain_http(endpoint: str) -> None:
    """Plain http to another machine has to be allowed, and the sentence says how."""
    with pytest.raises(ValueError, match="allow_plain_http=True"):
        checked(endpoint, allow_plain_http=False)
    assert checked(endpoint, allow_plain_http=True) == endpoint


@pytest.mark.parametrize("endpoint", NO_ADDRESSES)
def test_no_addresses(endpoint: str, way: Way) -> None:
    """What is no address of a web service is refused where it is given, and nothing is quoted."""
    client, _ = way.client()
    for give in (
        lambda: checked(endpoint, allow_plain_http=True),
        lambda: way.client(endpoint=endpoint, allow_plain_http=True),
        lambda: client.with_options(endpoint=endpoint, allow_plain_http=True),
    ):
        with pytest.raises(ValueError, match=r"^the endpoint must ") as caught:
            give()
        assert "S3CRET" not in str(caught.value)
        assert caught.value.__context__ is None


def test_plain_http_of_clients(way: Way) -> None:
    """A client takes plain http only when allowed, also when that is taken back."""
    url = "http://host/x"
    with pytest.raises(ValueError, match="must be an https address"):
        way.client(endpoint=url)
    client, script = way.client(answered(), endpoint=url, allow_plain_http=True)
    with pytest.raises(ValueError, match="must be an https address"):
        client.with_options(allow_plain_http=False)
    client.with_options(timeout=1.0).call()
    assert [request.url for request in script.requests] == [url]


def test_a_documented_endpoint_of_plain_http(way: Way) -> None:
    """A documented endpoint that is not safe is refused at the call, unless that is allowed."""
    plain = replace(COUNT, endpoint="http://stock.example/other")
    client, script = way.client(answered())
    with pytest.raises(ValueError, match="must be an https address"):
        client.call(plain)
    assert not script.requests
    client.with_options(allow_plain_http=True).call(plain)
    assert [request.url for request in script.requests] == [plain.endpoint]


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("https://host/a/b", "https://host/a/b"),
        ("https://host:8443/a?S3CRET", "https://host:8443/a"),
        ("https://S3CRET:S3CRET@host/a#S3CRET", "https://host/a"),
        ("https://S3C@RET@[::1]:1/a", "https://[::1]:1/a"),
        ("https://host?S3CRET", "https://host"),
    ],
)
def test_shown(endpoint: str, address: str) -> None:
    """An address is shown without user, query and fragment."""
    assert shown(endpoint) == address


@pytest.mark.parametrize(
    ("operation", "chosen", "address"),
    [
        ("https://a/v1", None, "https://a/v1"),
        ("https://b/x?y", None, "https://b/x?y"),
        ("https://a/v1", "https://c/w?z", "https://c/w?z"),
        ("https://a/v1/sub/op", "https://c/w", "https://c/w/sub/op"),
        ("https://a/v1/sub?op=1", "https://c/w/", "https://c/w/sub?op=1"),
        ("https://a/v1/sub", "https://c:1/w?z", "https://c:1/w/sub?z"),
        ("https://a/v1/sub", "https://c", "https://c/sub"),
        ("https://a/v12", "https://c/w", "https://c/v12"),
        ("https://a/other.asmx?x=1", "https://c/w", "https://c/other.asmx?x=1"),
        ("https://b/other", "http://localhost:1/w", "http://localhost:1/other"),
    ],
)
def test_address_of(operation: str, chosen: str | None, address: str) -> None:
    """A chosen address stands in for the service's; what is below that goes along."""
    assert address_of(operation, "https://a/v1", chosen) == address


def test_addresses_below_a_host() -> None:
    """A service may be a whole host."""
    address = address_of("https://a/op", "https://a", "https://c/base")
    assert address == "https://c/base/op"


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/new", "https://host/new"),
        ("/new?a=b#c", "https://host/new?a=b"),
        ("https://host/new", "https://host/new"),
        ("https://HOST:443/new", "https://host/new"),
        ("https://user:S3CRET@host/new", "https://host/new"),
        ("https://host//evil.example/", "https://host//evil.example/"),
        ("http://host/new", None),
        ("https://host:444/new", None),
        ("https://evil.example/new", None),
        ("//evil.example/new", None),
        ("https://host.evil.example/", None),
        ("https://host@evil.example/", None),
        ("new", None),
        ("", None),
        ("https://[evil", None),
        ("/a b", None),
        ("/a\r\nX: y", None),
    ],
)
def test_redirected(location: str, url: str | None) -> None:
    """A redirect leads to the same server, as safely as before, or nowhere."""
    assert redirected("https://host/old?q", location) == url


def test_the_standard_port_of_plain_http() -> None:
    """A server is the same with and without its standard port."""
    assert redirected("http://h:80/a", "http://h/b") == "http://h:80/b"


def test_where_requests_go(way: Way) -> None:
    """A chosen endpoint is used with its query, which no error shows."""
    url = "https://other.example/stock?token=S3CRET"
    client, script = way.client(status(500), endpoint=url)
    with pytest.raises(UnexpectedStatus) as caught:
        client.call()
    assert script.requests[0].url == url
    assert caught.value.endpoint == "https://other.example/stock"
    assert "S3CRET" not in f"{caught.value} {caught.value!r} {vars(caught.value)}"


def test_the_documented_endpoint(way: Way) -> None:
    """Without another choice, also after `with_options`, the documented one is used."""
    client, script = way.client(answered(), answered())
    client.call()
    client.with_options(endpoint=None).call()
    assert [request.url for request in script.requests] == [ENDPOINT, ENDPOINT]


def test_making_a_client_opens_nothing() -> None:
    """A client can be made without a transport, and closed without a call."""

    class Plain(BaseClient[Credentials]):
        _service = SERVICE

    with Plain(Credentials()) as client:
        client.close()
