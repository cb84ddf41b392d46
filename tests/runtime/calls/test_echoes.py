"""A service that repeats a secret does not get it into an error, whole or cut."""

from __future__ import annotations

import copy
import html
import json
import pickle
from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

import pytest
from scripted import (
    PASSWORD,
    CountRequest,
    Credentials,
    FailureError,
    Outcome,
    Way,
    failed,
    status,
)

from soapstone.runtime.calls.failures import as_transport_error
from soapstone.runtime.calls.retries import RetryPolicy
from soapstone.runtime.errors import (
    ConnectionFailed,
    MalformedResponse,
    ResponseTooLarge,
    ServiceError,
    SoapFault,
    TimedOut,
    TlsFailed,
    TransportError,
    UnexpectedStatus,
    ValidationError,
)
from soapstone.runtime.transports.messages import HttpResponse

SECRET = "hunter2&<correct>\"horse'battery"
ONCE = RetryPolicy(attempts=1)

SPELLINGS = [
    SECRET,
    escape(SECRET),
    escape(escape(SECRET)),
    quoteattr(SECRET)[1:-1],
    html.escape(SECRET),
    html.escape(SECRET).replace("&#x27;", "&#39;"),
    json.dumps(SECRET)[1:-1],
    "".join(f"&#{ord(character)};" for character in SECRET),
    "".join(f"&#x{ord(character):X};" for character in SECRET),
]


def _raised(way: Way, response: HttpResponse) -> ServiceError:
    client, _ = way.client(response, auth=Credentials("user", SECRET), retry=ONCE)
    with pytest.raises(ServiceError) as caught:
        client.call(request=CountRequest(pin="12345"))
    return caught.value


def _everything(error: ServiceError) -> str:
    """All that an error shows anywhere."""
    return f"{error} {error!r} {error.args} {vars(error)} {error.__context__!r}"


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("code", [200, 403, 500])
@pytest.mark.parametrize(
    "template",
    [
        "<html><title>Unknown: {}</title><p>{}</p></html>",
        "<html><title>Unknown: {}</title><p>{}</p><br></html>",
        "{{'error': '{}'}} {}",
        "no such user: {} {}",
        "<a b='c'>{}</a>{}",
    ],
)
def test_echoes(way: Way, template: str, spelled: str, code: int) -> None:
    """No error shows a secret, however a page, a text or a document spells it."""
    body = template.format(spelled, spelled)
    shown = _everything(_raised(way, status(code, body.encode())))
    assert "hunter" not in shown
    assert "battery" not in shown
    assert "***" in shown


@pytest.mark.parametrize("where", ["text", "detail", "actor", "code", "attribute"])
def test_faults(way: Way, where: str) -> None:
    """A fault does not repeat the secret of a request in any of its members."""
    told = dict.fromkeys(("text", "detail", "actor", "code"), "")
    told[where] = f"not {escape(SECRET)} and not 12345"
    if where == "attribute":
        told["detail"] = f"<why a={quoteattr(SECRET)} b='12345'/>"
    fault = (
        f"<Fault><faultcode>{told['code']}</faultcode><faultstring>{told['text']}"
        f"</faultstring><faultactor>{told['actor']}</faultactor>"
        f"<detail>{told['detail']}</detail></Fault>"
    )
    error = _raised(way, status(500, fault.encode()))
    assert isinstance(error, SoapFault)
    shown = _everything(error)
    assert "hunter" not in shown
    assert "12345" not in shown
    assert "***" in shown


def test_failures(way: Way) -> None:
    """A failure does not repeat the secret of a request, in its sentence or in its answer."""
    error = _raised(way, failed(f"not {SECRET} or 12345"))
    assert isinstance(error, FailureError)
    assert error.response.message == "not *** or ***"
    assert "hunter" not in _everything(error)
    assert "12345" not in _everything(error)


@pytest.mark.parametrize("code", [200, 500])
@pytest.mark.parametrize("spelled", [SECRET, escape(SECRET)])
def test_starts_that_are_cut(way: Way, code: int, spelled: str) -> None:
    """Wherever the beginning of a body ends, nothing of a secret is left there."""
    for length in range(260, 301):
        body = f"<a>{'x' * length}{spelled} and more"
        error = _raised(way, status(code, body.encode()))
        assert isinstance(error, MalformedResponse | UnexpectedStatus)
        assert "h" not in error.start
        assert "hunter" not in _everything(error)


def test_long_bodies_that_are_cut(way: Way) -> None:
    """The same holds where a secret lies across the end of what is looked at."""
    mask = f"<Key>{'k' * 4000}</Key>"
    for length in range(50, 90):
        body = f"<a>{mask}{'x' * length}{SECRET}{'y' * 9000}"
        error = _raised(way, status(500, body.encode()))
        assert isinstance(error, UnexpectedStatus)
        assert "h" not in error.start


def test_titles_that_are_cut(way: Way) -> None:
    """Wherever a title is cut, nothing of a secret is left there."""
    for length in range(60, 81):
        page = f"<html><title>{'x' * length}{SECRET}</title></html>"
        for code in (200, 500):
            shown = _everything(_raised(way, status(code, page.encode())))
            assert "xh" not in shown


def test_details_that_are_cut(way: Way) -> None:
    """Wherever the detail of a fault is cut, nothing of a secret is left there."""
    for length in range(1960, 2001):
        detail = f"<x>{'y' * length}{escape(SECRET)}</x>"
        fault = f"<Fault><detail>{detail}</detail></Fault>"
        error = _raised(way, status(500, fault.encode()))
        assert isinstance(error, SoapFault)
        assert "h" not in str(error.detail)


def test_heads_that_are_cut(way: Way) -> None:
    """Wherever the words of a status and an address are cut, nothing of a secret is left there."""
    secret = "hunter2-correct-horse"
    auth = Credentials("user", secret)
    for length in range(30, 61):
        reason = "x" * length + secret
        location = f"https://z/{'x' * (length + 140)}{secret}"
        response = status(302, reason=reason, Location=location)
        client, _ = way.client(response, auth=auth)
        with pytest.raises(UnexpectedStatus) as caught:
            client.call()
        assert "xh" not in _everything(caught.value)


def test_errors_of_transports(way: Way) -> None:
    """What a transport says is masked like what a service says."""
    client, _ = way.client(ConnectionFailed(f"lost {PASSWORD}"), retry=ONCE)
    with pytest.raises(ConnectionFailed) as caught:
        client.call()
    assert PASSWORD not in _everything(caught.value)
    assert "lost ***" in str(caught.value)


def test_a_short_secret_is_not_looked_for(way: Way) -> None:
    """What consists of a few characters would be found in everything."""
    client, _ = way.client(status(500, b"<a>abc</a>"), auth=Credentials("user", "abc"))
    with pytest.raises(UnexpectedStatus) as caught:
        client.call()
    assert caught.value.start == "<a>abc</a>"


# What every error can do


def _all_errors(way: Way) -> list[ServiceError]:
    fault = b"<Fault><faultstring>at line 3, position 14</faultstring></Fault>"
    errors: list[ServiceError] = []
    outcomes: list[Outcome] = [
        status(503, b"busy", "Busy", Retry_After="7"),
        status(500, fault),
        status(200, b"<html><title>Log in</title></html>"),
        failed("no such item"),
        *(kind("no") for kind in _KINDS),
    ]
    for outcome in outcomes:
        client, _ = way.client(outcome, retry=ONCE)
        with pytest.raises(ServiceError) as caught:
            client.call()
        errors.append(caught.value)
    client, script = way.client()
    with pytest.raises(ValidationError) as invalid:
        client.call(request=CountRequest(item=""))
    assert not script.requests
    return [*errors, invalid.value]


_KINDS = (ConnectionFailed, TlsFailed, TimedOut, ResponseTooLarge, TransportError)


def test_copies(way: Way) -> None:
    """A pickled or copied error says the same as the error, with operation, place and attempt."""
    for error in _all_errors(way):
        assert error.operation == "Count"
        assert error.endpoint == "https://stock.example/v1/stock.asmx"
        attempt = 0 if isinstance(error, ValidationError) else 1
        assert error.attempt == attempt
        end = f"({error.endpoint}, {'attempt 1' if attempt else 'nothing was sent'})"
        assert str(error).endswith(end)
        assert str(error).startswith("Count")
        for again in (
            pickle.loads(pickle.dumps(error)),
            copy.copy(error),
            copy.deepcopy(error),
        ):
            assert type(again) is type(error)
            assert (str(again), vars(again)) == (str(error), vars(error))


def test_an_invalid_request_keeps_its_paths(way: Way) -> None:
    """Violations are named as they are, even where they look like a secret."""
    client, _ = way.client(auth=Credentials("user", "required"))
    with pytest.raises(ValidationError, match="item: is required"):
        client.call(request=replace(CountRequest(), item=""))


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (TimeoutError("x"), TimedOut, "the service took too long"),
        (OSError(111, "Connection refused"), ConnectionFailed, "Connection refused"),
        (OSError("S3CRET"), ConnectionFailed, "the connection failed: OSError"),
        (ConnectionError(), ConnectionFailed, "the connection failed: ConnectionError"),
    ],
)
def test_errors_of_the_system(
    error: OSError, kind: type[TransportError], sentence: str
) -> None:
    """What sockets raise becomes an error of a transport, which may have sent something."""
    found = as_transport_error(error)
    assert type(found) is kind
    assert sentence in str(found)
    assert found.was_sent
    assert "S3CRET" not in str(found)
