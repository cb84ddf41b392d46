"""Nothing is sent to a service that cannot prove who it is, and the error says why."""

from __future__ import annotations

import datetime as dt
import errno
import socket
import ssl
from pathlib import Path

import pytest
import trustme
from loopback import Conversation, MakeSender, Serve, Server, echo, request, threaded

from soapstone.runtime.errors import ConnectionFailed, TlsFailed

NOW = dt.datetime.now(dt.timezone.utc)
DAY = dt.timedelta(days=1)


def _context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def _refused(sender_tls: ssl.SSLContext, server: Server, make: MakeSender) -> str:
    """What is told of a service that is not trusted, to which nothing must be sent."""
    with pytest.raises(TlsFailed) as caught:
        make(tls=sender_tls).send(request(server.url()))
    assert not caught.value.was_sent
    place, _, reason = str(caught.value).partition(server.address)
    assert place == "the certificate of "
    return reason


def test_a_service_that_is_trusted(
    serve: Serve,
    make_sender: MakeSender,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
) -> None:
    """A good certificate, for a name or a number, is enough; its connection is used again."""
    server = serve(echo, server_tls)
    sender = make_sender(tls=client_tls)
    body = bytes(range(256)) * 20_000
    for host in ("127.0.0.1", "localhost", "127.0.0.1"):
        assert sender.send(request(server.url(host=host), body)).body == body
    assert server.connections == 2


def test_whom_the_system_trusts_is_trusted(
    serve: Serve,
    make_sender: MakeSender,
    server_tls: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a context of the caller, the authorities of the system count, and no others."""
    server = serve(echo, server_tls)
    with pytest.raises(TlsFailed, match="an authority that is not known here"):
        make_sender().send(request(server.url()))
    bundle = tmp_path / "authorities.pem"
    authority.cert_pem.write_to_path(str(bundle))
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    sender = make_sender()
    for host in ("127.0.0.1", "localhost"):
        assert sender.send(request(server.url(host=host), b"a")).body == b"a"


def test_a_certificate_that_has_expired(
    serve: Serve,
    make_sender: MakeSender,
    authority: trustme.CA,
    client_tls: ssl.SSLContext,
) -> None:
    """The error names the reason that an operator has to look for."""
    old = authority.issue_cert(
        "127.0.0.1", not_before=NOW - 2 * DAY, not_after=NOW - DAY
    )
    server = serve(echo, _context(old))
    assert _refused(client_tls, server, make_sender) == " has expired"


def test_a_certificate_of_tomorrow(
    serve: Serve,
    make_sender: MakeSender,
    authority: trustme.CA,
    client_tls: ssl.SSLContext,
) -> None:
    """The same for one that is not valid yet, or a clock that is wrong."""
    new = authority.issue_cert(
        "127.0.0.1", not_before=NOW + DAY, not_after=NOW + 2 * DAY
    )
    server = serve(echo, _context(new))
    assert _refused(client_tls, server, make_sender) == " is not valid yet"


def test_a_certificate_of_another_host(
    serve: Serve,
    make_sender: MakeSender,
    authority: trustme.CA,
    client_tls: ssl.SSLContext,
) -> None:
    """The same for one that belongs to somebody else, by name and by number."""
    server = serve(echo, _context(authority.issue_cert("example.org")))
    assert _refused(client_tls, server, make_sender) == " is for another address"
    with pytest.raises(TlsFailed) as caught:
        make_sender(tls=client_tls).send(request(server.url(host="localhost")))
    sentence = f"the certificate of localhost:{server.port} is for another host"
    assert str(caught.value) == sentence


def test_a_certificate_that_is_self_signed(
    serve: Serve,
    make_sender: MakeSender,
    client_tls: ssl.SSLContext,
    tmp_path: Path,
) -> None:
    """The same for one that vouches for itself."""
    own = trustme.CA()
    path = tmp_path / "own.pem"
    path.write_bytes(own.private_key_pem.bytes() + own.cert_pem.bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = serve(echo, context)
    assert _refused(client_tls, server, make_sender) == " is self-signed"


def test_a_certificate_of_an_authority_that_is_not_known(
    serve: Serve, make_sender: MakeSender, client_tls: ssl.SSLContext
) -> None:
    """The same for one that somebody issued whom nobody here knows."""
    server = serve(echo, _context(trustme.CA().issue_cert("127.0.0.1")))
    reason = " was issued by an authority that is not known here"
    assert _refused(client_tls, server, make_sender) == reason


def test_a_certificate_that_is_wrong_in_another_way(
    serve: Serve,
    make_sender: MakeSender,
    authority: trustme.CA,
    server_tls: ssl.SSLContext,
) -> None:
    """What has no sentence of ours is told in the words of the library."""
    strict = ssl.create_default_context()
    authority.configure_trust(strict)
    strict.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    server = serve(echo, server_tls)
    reason = " is not valid: unable to get certificate CRL"
    assert _refused(strict, server, make_sender) == reason


def test_a_service_without_tls(
    serve: Serve, make_sender: MakeSender, client_tls: ssl.SSLContext
) -> None:
    """A port on which no TLS is spoken is told from a certificate that is wrong."""

    def talk(conversation: Conversation) -> None:
        conversation.more()
        conversation.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        conversation.wait_for_end()

    server = serve(talk)
    with pytest.raises(TlsFailed) as caught:
        make_sender(tls=client_tls).send(request(f"https://{server.address}/"))
    sentence = f"no safe connection to {server.address}: wrong version number"
    assert str(caught.value) == sentence
    assert not caught.value.was_sent


@pytest.mark.parametrize("is_reset", [False, True])
def test_a_service_that_leaves_during_the_handshake(
    serve: Serve,
    make_sender: MakeSender,
    client_tls: ssl.SSLContext,
    is_reset: bool,
) -> None:
    """A connection that ends before it is safe has failed like any other."""

    def talk(conversation: Conversation) -> None:
        conversation.more()
        if is_reset:
            conversation.reset()

    server = serve(talk)
    with pytest.raises(ConnectionFailed) as caught:
        make_sender(tls=client_tls).send(request(f"https://{server.address}/"))
    place, _, reason = str(caught.value).rpartition(": ")
    assert place == f"no connection to {server.address}"
    assert reason in {"connection closed", "connection reset"}
    assert not caught.value.was_sent


def test_a_service_that_asks_for_a_certificate(
    serve: Serve,
    make_sender: MakeSender,
    authority: trustme.CA,
    client_tls: ssl.SSLContext,
) -> None:
    """A service that wants to know who calls says so after the request has left."""
    context = _context(authority.issue_cert("127.0.0.1"))
    context.verify_mode = ssl.CERT_REQUIRED
    authority.configure_trust(context)
    server = serve(echo, context)
    with pytest.raises(TlsFailed, match="certificate required"):
        make_sender(tls=client_tls).send(request(server.url()))


def test_a_service_that_leaves_before_it_answers(
    serve: Serve,
    make_sender: MakeSender,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
) -> None:
    """An end without the farewell of TLS is an end as well."""

    def talk(conversation: Conversation) -> None:
        conversation.asked()

    server = serve(talk, server_tls)
    with pytest.raises(ConnectionFailed, match="before it answered") as caught:
        make_sender(tls=client_tls).send(request(server.url()))
    assert caught.value.was_sent


def test_an_answer_before_the_request_was_taken(
    serve: Serve,
    make_sender: MakeSender,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
) -> None:
    """A service that refuses a document before it has read it is heard through TLS too."""

    def talk(conversation: Conversation) -> None:
        conversation.head()
        conversation.answer(b"enough")
        conversation.wait_for_end()

    server = serve(talk, server_tls)
    sent = request(server.url(), b"x" * 5_000_000)
    assert make_sender(tls=client_tls).send(sent).body == b"enough"


def test_nobody_listens(make_sender: MakeSender) -> None:
    """A port without a service is told in the words that an operator knows."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(ConnectionFailed) as caught:
            make_sender().send(request(f"http://127.0.0.1:{port}/"))
    assert str(caught.value) == f"no connection to 127.0.0.1:{port}: connection refused"
    assert not caught.value.was_sent
    assert isinstance(caught.value.__cause__, OSError)


def test_nobody_has_this_name(make_sender: MakeSender) -> None:
    """A name that does not exist is told from a service that is down."""
    with pytest.raises(ConnectionFailed) as caught:
        make_sender().send(request("http://nobody.invalid/"))
    assert str(caught.value) == (
        "no connection to nobody.invalid:80: the name cannot be looked up"
    )
    assert not caught.value.was_sent


def test_a_name_with_several_addresses(
    serve: Serve, make_sender: MakeSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When one address of a service cannot be reached, the next one is tried."""
    server = serve(echo)
    kind = (socket.AF_INET, socket.SOCK_STREAM, 0, "")
    places = [(*kind, ("127.0.0.1", 1)), (*kind, ("127.0.0.1", server.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
    assert make_sender().send(request("http://two.invalid/", b"a")).body == b"a"


def test_the_system_gives_up_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait that the system ends is no timeout of ours, and is told in its words."""

    def lookup(*_: object, **__: object) -> None:
        raise OSError(errno.ETIMEDOUT, "whatever")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    sender = threaded()
    with pytest.raises(ConnectionFailed) as caught:
        sender.send(request("http://127.0.0.1/"))
    assert str(caught.value) == ("no connection to 127.0.0.1:80: connection timed out")
