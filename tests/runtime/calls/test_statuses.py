"""Whatever comes instead of an answer is told in words that an operator understands."""

from __future__ import annotations

import gzip

import pytest
from scripted import (
    COUNT,
    ENDPOINT,
    PASSWORD,
    FailureError,
    Way,
    answered,
    failed,
    status,
)

from soapstone.runtime.calls.retries import RetryPolicy
from soapstone.runtime.envelope import Envelope, enclose
from soapstone.runtime.errors import (
    ConnectionFailed,
    MalformedResponse,
    ServiceError,
    SoapFault,
    UnexpectedStatus,
)
from soapstone.runtime.transports.messages import HttpResponse

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
FAULT11 = (
    '<s:Fault xmlns:s="{}"><faultcode>s:Client</faultcode><faultstring>Server was unable to '
    "read request. ---&gt; There is an error in XML document (3, 14).</faultstring></s:Fault>"
)
FAULT12 = (
    '<s:Fault xmlns:s="{}"><s:Code><s:Value>s:Sender</s:Value></s:Code><s:Reason><s:Text '
    'xml:lang="en">There is an error in XML document (3, 14).</s:Text></s:Reason></s:Fault>'
)
PAGE = b"<html><head><title>Service  Temporarily\n Down</title></head><br></html>"


def _raised(way: Way, response: HttpResponse) -> ServiceError:
    client, script = way.client(response)
    with pytest.raises(ServiceError) as caught:
        client.with_options(retry=RetryPolicy(attempts=1)).call(COUNT)
    assert len(script.requests) == 1
    return caught.value


@pytest.mark.parametrize("code", [200, 202, 400, 500, 503])
@pytest.mark.parametrize("around", list(Envelope))
@pytest.mark.parametrize("namespace", [SOAP11, SOAP12])
@pytest.mark.parametrize("fault", [FAULT11, FAULT12], ids=["old", "new"])
def test_faults(
    way: Way, code: int, around: Envelope, namespace: str, fault: str
) -> None:
    """A fault is one in either form and envelope, whatever the status is."""
    document = enclose(fault.format(namespace), around)
    error = _raised(way, status(code, document))
    assert isinstance(error, SoapFault)
    assert error.text.endswith("There is an error in XML document (3, 14).")
    assert (error.line, error.column) == (3, 14)
    assert error.code in {"s:Client", "s:Sender"}


@pytest.mark.parametrize("code", [200, 500, 401])
def test_failures(way: Way, code: int) -> None:
    """An answer that reports a failure is raised as such, whatever the status is."""
    error = _raised(way, failed("no such item", code))
    assert isinstance(error, FailureError)
    assert error.response.message == "no such item"


def test_success_with_a_status_of_failure(way: Way) -> None:
    """An answer that all went well is not believed when the status says the opposite."""
    error = _raised(way, status(500, answered().body, "Oops"))
    assert isinstance(error, UnexpectedStatus)
    assert str(error) == (
        "Count: the service failed (HTTP 500 Oops, with an answer that says that all went well)"
        f" ({ENDPOINT}, attempt 1)"
    )
    assert error.start == answered().body.decode()


@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (
            status(400, b"", "Bad Request"),
            "the service could not read the request (HTTP 400 Bad Request, with an empty body)",
        ),
        (
            status(415),
            (
                "the service does not take documents of this type; another envelope may help "
                "(HTTP 415, with an empty body)"
            ),
        ),
        (
            status(413, b" \r\n"),
            "the request is larger than the server allows (HTTP 413, with an empty body)",
        ),
        (
            status(503, PAGE, "Service Unavailable"),
            (
                "the service is not available at present (HTTP 503 Service Unavailable, "
                "with an HTML page titled 'Service Temporarily Down')"
            ),
        ),
        (
            status(401, b"Access denied"),
            (
                "the server asks for a log-in of its own before it lets requests through "
                "(HTTP 401, with plain text)"
            ),
        ),
        (
            status(403, b'{"error": 1}'),
            "the server does not let the request through (HTTP 403, with JSON)",
        ),
        (
            status(404, b"<a/>"),
            (
                "there is no service at this address "
                "(HTTP 404, with a body that is no answer to the operation)"
            ),
        ),
        (
            status(405),
            "there is no service at this address that takes requests (HTTP 405, with an empty",
        ),
        (status(407), "the proxy asks for a user and a password (HTTP 407"),
        (status(429), "the service gets more requests than it allows (HTTP 429"),
        (status(502), "a gateway could not reach the service (HTTP 502"),
        (status(504), "a gateway got no answer from the service in time (HTTP 504"),
        (status(418), "the server refused the request (HTTP 418"),
        (status(599), "the server failed (HTTP 599"),
        (status(101), "the server sent no final answer (HTTP 101"),
        (status(103), "the server sent no final answer (HTTP 103"),
        (status(600), "the server answered with an unknown status (HTTP 600"),
        (status(99), "the server answered with an unknown status (HTTP 99"),
        (
            status(503, gzip.compress(PAGE), content_encoding="gzip"),
            "(HTTP 503, with an HTML page titled 'Service Temporarily Down')",
        ),
        (
            status(500, b"no gzip", content_encoding="gzip"),
            (
                "the service failed (HTTP 500, with a body that cannot be read: "
                "the compressed answer is damaged)"
            ),
        ),
        (
            status(404, b"x" * (65 * 2**20)),
            "(HTTP 404, with a body that cannot be read: the answer has more than",
        ),
    ],
    ids=lambda value: str(value.status) if isinstance(value, HttpResponse) else "",
)
def test_sentences(way: Way, response: HttpResponse, sentence: str) -> None:
    """The sentence says what it means, the status, and what came with it."""
    error = _raised(way, response)
    assert isinstance(error, UnexpectedStatus)
    assert sentence in str(error)
    assert error.status == response.status
    assert error.was_sent


@pytest.mark.parametrize("code", [301, 302, 303, 307])
@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("https://new.example/v2?S3CRET#S3CRET", ": https://new.example/v2 (HTTP"),
        ("https://S3CRET:S3CRET@new.example/v2", ": https://new.example/v2 (HTTP"),
        ("//new.example/v2?S3CRET", ": //new.example/v2 (HTTP"),
        ("v2?S3CRET", ": v2 (HTTP"),
        ("?S3CRET", " another address (HTTP"),
        ("https://[S3CRET/", " another address (HTTP"),
        ("https://new.example/a\x1b[2J\nb", ": https://new.example/a[2Jb (HTTP"),
        (
            "https://new.example/" + "x" * 999,
            f": https://new.example/{'x' * 180} (HTTP",
        ),
    ],
)
def test_redirects(way: Way, code: int, location: str, shown: str) -> None:
    """Where a redirect leads is named without what may be secret, and not followed."""
    error = _raised(way, status(code, Location=location))
    assert shown in str(error)
    assert "S3CRET" not in f"{error} {error!r} {vars(error)}"


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("Oops", "Oops"),
        ("\x1b[31mRed\x07\r\nX: y", "[31mRedX: y"),
        ("\u202egnihton\u200b", "gnihton"),
        ("x" * 99, "x" * 60),
        ("  ", ""),
    ],
)
def test_reasons(way: Way, reason: str, shown: str) -> None:
    """What stands beside a status is shown as far as it can be printed."""
    error = _raised(way, status(500, reason=reason))
    assert isinstance(error, UnexpectedStatus)
    assert error.reason == shown
    assert f"({f'HTTP 500 {shown}'.strip()}, with" in str(error)
    assert str(error).isprintable()


@pytest.mark.parametrize(
    "page",
    [
        PAGE,
        b"<html><head><title>Service Temporarily Down</title></head></html>",
        b"<!DOCTYPE html>\n<HTML><TITLE lang='en'>Service Temporarily Down</TITLE>",
    ],
)
@pytest.mark.parametrize("code", [200, 203])
def test_a_page_instead_of_an_answer(way: Way, page: bytes, code: int) -> None:
    """A page that is not from the service is named by its title, also where it is well-formed."""
    error = _raised(way, status(code, page))
    assert isinstance(error, MalformedResponse)
    assert error.received == "an HTML page titled 'Service Temporarily Down'"
    assert error.start == page.decode()
    assert str(error).startswith(
        "Count: expected element CountResult, received an HTML page titled "
    )
    assert str(error).endswith(f" ({ENDPOINT}, attempt 1)")


@pytest.mark.parametrize("code", [200, 204])
def test_nothing_instead_of_an_answer(way: Way, code: int) -> None:
    """An empty body is no answer, however well it went."""
    error = _raised(way, status(code))
    assert isinstance(error, MalformedResponse)
    assert error.received == "an empty document"


def test_a_damaged_answer(way: Way) -> None:
    """An answer that cannot be decompressed is as good as lost."""
    error = _raised(way, status(200, b"?", content_encoding="gzip"))
    assert isinstance(error, ConnectionFailed)
    assert error.was_sent


def test_secrets_by_name_in_what_is_kept(way: Way) -> None:
    """The beginning of a body is kept without the content of secret elements."""
    error = _raised(way, status(500, b"<a><Key>other</Key></a>"))
    assert isinstance(error, UnexpectedStatus)
    assert error.start == "<a><Key>***</Key></a>"
    assert PASSWORD not in error.start
