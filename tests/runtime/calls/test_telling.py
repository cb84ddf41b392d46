"""Hooks and the log are told of every exchange, and no secret with it."""

from __future__ import annotations

import gzip
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import SupportsIndex

import pytest
from scripted import (
    AT_ONCE,
    COUNT,
    ENDPOINT,
    LOGGER,
    PASSWORD,
    REFUSED,
    CountRequest,
    Session,
    Way,
    answered,
    build,
    status,
)

from soapstone.runtime.calls.exchanges import Hook, HttpExchange, legible
from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import ConnectionFailed, ServiceError
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse


@pytest.fixture(autouse=True)
def _log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.INFO, LOGGER)
    yield
    assert PASSWORD not in caplog.text
    assert "pass&lt;" not in caplog.text


def test_an_exchange(way: Way) -> None:
    """A hook gets both documents with their secrets masked, their sizes, and how long it took."""
    told: list[HttpExchange] = []

    def slow(_: HttpRequest) -> HttpResponse:
        time.sleep(0.02)
        return answered(7, key="S3CRET")

    client, script = way.client(slow, hooks=[told.append])
    client.call(request=CountRequest(pin="12345"))
    (exchange,) = told
    body = script.requests[0].body
    assert exchange == HttpExchange(
        operation="Count",
        endpoint=ENDPOINT,
        attempt=1,
        request=(
            '<?xml version="1.0" encoding="utf-8"?>'
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
            "<soap:Body><Count><Item>bolt</Item><User>stocker</User>"
            "<Password>***</Password><Pin>***</Pin></Count></soap:Body></soap:Envelope>"
        ),
        request_size=len(body),
        status=200,
        response=(
            "<CountResponse><CountResult><Number>7</Number><Key>***</Key>"
            "</CountResult></CountResponse>"
        ),
        response_size=len(answered(7, key="S3CRET").body),
        duration=exchange.duration,
        error=None,
    )
    assert exchange.duration >= 0.02
    assert b"12345" in body


def test_a_lost_exchange(way: Way) -> None:
    """A hook is told why there was no answer, and of each attempt."""
    told: list[HttpExchange] = []
    client, _ = way.client(ConnectionFailed("lost"), answered(), hooks=[told.append])
    client.call()
    assert [each.attempt for each in told] == [1, 2]
    lost = told[0]
    assert lost.error == f"Count: lost ({ENDPOINT}, attempt 1)"
    assert (lost.status, lost.response, lost.response_size) == (None, None, 0)


def test_redirects_are_told(way: Way) -> None:
    """Each request is an exchange of its own, also within an attempt."""
    told: list[HttpExchange] = []
    moved = status(307, Location="/v2?S3CRET")
    client, _ = way.client(moved, answered(), hooks=[told.append])
    client.call()
    assert [(each.endpoint, each.attempt, each.status) for each in told] == [
        (ENDPOINT, 1, 307),
        ("https://stock.example/v2", 1, 200),
    ]


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        (status(500, gzip.compress(b"<a/>"), content_encoding="gzip"), "<a/>"),
        (
            status(500, b"?" * 30, content_encoding="gzip"),
            "(the compressed answer is damaged)",
        ),
        (status(500, b"\xff\0"), "\ufffd"),
        (status(500), ""),
        (status(500, b"x" * 50_000), "x" * 20_000),
    ],
)
def test_bodies(way: Way, response: HttpResponse, shown: str) -> None:
    """A body is shown as it can be read, and counted as it was transferred."""
    told: list[HttpExchange] = []
    client, _ = way.client(response, hooks=[told.append])
    with pytest.raises(ServiceError):
        client.call()
    assert told[0].response == shown
    assert told[0].response_size == len(response.body)


def test_failing_hooks(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """A hook that fails is reported by its name alone, and takes nothing from anybody."""
    told: list[HttpExchange] = []

    def broken(token: str, _: HttpExchange) -> None:
        raise RuntimeError(f"no room for {len(token)} characters")

    @dataclass
    class Broken:
        token: str

        def __call__(self, _: HttpExchange) -> None:
            raise RuntimeError

    def failing(_: HttpExchange) -> None:
        raise RuntimeError

    hooks: list[Hook] = [
        partial(broken, "S3CRET"),
        Broken("S3CRET"),
        failing,
        told.append,
    ]
    client, _ = way.client(answered(7), hooks=hooks)
    assert client.call().number == 7
    assert len(told) == 1
    records = [record for record in caplog.records if record.levelno == logging.ERROR]
    names = [record.getMessage().rpartition(".")[2] for record in records]
    assert names == ["Count: a hook failed: partial", "Broken", "failing"]
    assert all(record.exc_info for record in records)
    assert "S3CRET" not in caplog.text


def test_the_log(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """The log of a package tells of exchanges, of repetitions and of sessions, each at its level."""
    caplog.set_level(logging.DEBUG, LOGGER)
    client, _ = way.client(
        answered(key="one"),
        status(503, b"busy"),
        REFUSED,
        answered(),
        keep_session=True,
    )
    client.call()
    client.call()
    told = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert {record.name for record in caplog.records} == {LOGGER}
    assert told[0][1].startswith(
        f"Count: HTTP 200, {len(answered(key='one').body)} bytes"
    )
    assert f"({ENDPOINT}, attempt 1) after 0." in told[0][1]
    assert told[1][1].startswith("Count: sent <?xml")
    assert told[2][1].startswith("Count: received <CountResponse>")
    assert [each for each in told if each[0] != "DEBUG"] == [
        (
            "WARNING",
            (
                "Count: the service is not available at present (HTTP 503, with plain text) "
                f"({ENDPOINT}, attempt 1); attempt 2 in 0.0 s"
            ),
        ),
        ("INFO", "Count: the session was refused; signing in again"),
    ]
    assert not any("one" in sentence for _, sentence in told)


def test_losses_in_the_log(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """An exchange without an answer is logged with the reason and the request."""
    caplog.set_level(logging.DEBUG, LOGGER)
    client, _ = way.client(ConnectionFailed("lost"), retry=replace(AT_ONCE, attempts=1))
    with pytest.raises(ConnectionFailed):
        client.call()
    first, second = [record.getMessage() for record in caplog.records]
    assert first.startswith(f"Count: lost ({ENDPOINT}, attempt 1) after 0.")
    assert second.startswith("Count: sent <?xml")


def test_nothing_is_printed() -> None:
    """A program that did not set up logging gets no output, whatever happens."""
    program = (
        "from soapstone.runtime.calls.exchanges import Observer\n"
        "from soapstone.runtime.errors import ServiceError\n"
        "for _ in range(2):\n"
        "    observer = Observer('quiet', [])\n"
        "observer.repeating(ServiceError('lost'), 1, 2)\n"
        "import logging\n"
        "print(logging.getLogger('quiet').handlers)\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[<NullHandler (NOTSET)>]\n", "")


class Watched(bytes):
    """A document that counts how often a part of it is looked at."""

    looks = 0

    def __getitem__(self, key: SupportsIndex | slice) -> object:  # type: ignore[override]  # either
        """Count, and return the part."""
        type(self).looks += 1
        return bytes(self)[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedRequest(CountRequest):
    """A request that counts how often its secret is looked at."""

    seen: list[str]

    def __getattribute__(self, name: str) -> object:
        """Count, and return the field."""
        if name == "pin":
            self.seen.append(name)
        return object.__getattribute__(self, name)


@pytest.mark.parametrize("listens", [False, True])
def test_no_work_for_nobody(way: Way, *, listens: bool) -> None:
    """Unless somebody listens, no document is decoded and no secret is looked for."""
    Watched.looks = 0

    def watched(request: CountRequest, auth: object, /, **_: object) -> Watched:
        assert isinstance(auth, Session)
        return Watched(build(request, auth))

    request = WatchedRequest(pin="12345", seen=[])
    build(request, Session("one"))
    needed = len(request.seen)
    request.seen.clear()
    told: list[HttpExchange] = []
    client, _ = way.client(
        answered(), auth=Session("one"), hooks=[told.append] if listens else []
    )
    client.call(replace(COUNT, build=watched), request)
    assert (len(request.seen) > needed) is listens
    assert (Watched.looks > 0) is listens
    assert bool(told) is listens


# Secrets


@pytest.mark.parametrize("cut", range(-40, 3))
def test_documents_that_are_cut(cut: int) -> None:
    """However a long document is cut, nothing of a secret is left at its end."""
    for spelled in (PASSWORD, "pass&lt;w&amp;rd&gt;&#39;&quot;\\\\9"):
        text = "\N{CYRILLIC SMALL LETTER A}" * (20_000 + cut) + spelled * 3
        shown = legible(text.encode(), frozenset(), frozenset({PASSWORD}))
        assert shown.strip("\N{CYRILLIC SMALL LETTER A}*") == ""
        assert len(shown) <= 20_000


def test_a_copied_operation_keeps_its_envelope(way: Way) -> None:
    """The log shows what was sent, in the envelope that was chosen."""
    told: list[HttpExchange] = []
    client, script = way.client(
        answered(), hooks=[told.append], envelope=Envelope.SOAP12
    )
    client.call()
    assert "http://www.w3.org/2003/05/soap-envelope" in told[0].request
    assert script.requests[0].headers[0] == (
        "Content-Type",
        'application/soap+xml; charset=utf-8; action="urn:stock/Count"',
    )
