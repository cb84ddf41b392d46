"""What the tests of both transports share."""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import trustme

HERE = Path(__file__).parent

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from loopback import (  # noqa: E402 -- found by the line above
    MakeSender,
    Sender,
    Serve,
    Server,
    Talk,
    looped,
    threaded,
)


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.lower().endswith("_proxy") or name == "REQUEST_METHOD":
            monkeypatch.delenv(name)


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return what starts servers."""
    servers: list[Server] = []

    def start(
        talk: Talk, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
    ) -> Server:
        servers.append(Server(talk, tls, host))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture(params=[threaded, looped], ids=["threads", "tasks"])
def make_sender(request: pytest.FixtureRequest) -> Iterator[MakeSender]:
    """Return what makes transports of either kind, which are closed after the test."""
    make: MakeSender = request.param
    made: list[Sender] = []

    def start(
        *,
        tls: ssl.SSLContext | None = None,
        proxies: Mapping[str, str] | None = None,
        max_idle: int = 16,
    ) -> Sender:
        made.append(make(tls=tls, proxies=proxies, max_idle=max_idle))
        return made[-1]

    yield start
    for sender in made:
        sender.close()


@pytest.fixture
def sender(make_sender: MakeSender) -> Sender:
    """Return a transport of either kind as it is without options."""
    return make_sender()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """Return somebody who issues certificates."""
    return trustme.CA()


@pytest.fixture(scope="session")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a service with a good certificate uses."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    return context


@pytest.fixture(scope="session")
def client_tls(authority: trustme.CA) -> ssl.SSLContext:
    """Return what a client uses that believes the authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context
