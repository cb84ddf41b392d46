"""Each error class, by what really happened, over every way to call."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import replace

import pytest
import trustme
from adapter_servers import free_port, full_port, serving, silent
from told import assert_told, raised
from ways import CREDENTIALS, NUMBER, ONCE, OWN_WAYS, QUICK, Caller, Tap, Way

from revio import (
    AccessRefused,
    AlreadyOptedOut,
    ApiError,
    ConnectionFailed,
    Credentials,
    Envelope,
    HttpRequest,
    InvalidInput,
    InvalidTn,
    MalformedResponse,
    ResponseTooLarge,
    RetryPolicy,
    SoapFault,
    TimedOut,
    Timeouts,
    TlsFailed,
    UnexpectedStatus,
    ValidationError,
    Violation,
)
from revio.testing import (
    CutDocument,
    Delay,
    Drop,
    FakeService,
    Fault,
    HtmlPage,
    Respond,
    ServiceMemory,
    Throttle,
    Truncate,
)

# No answer takes as long; whoever waits for it has failed.
NEVER = 600.0


def test_nothing_is_sent_of_an_invalid_request(way: Way) -> None:
    """All broken rules are reported at once, and the service hears nothing of them."""
    fake = FakeService()
    with way.open(fake) as caller:
        error = raised(ValidationError, lambda: caller.send("850470000", "x" * 161))
        assert_told(error, caller, attempt=0)
        nobody = raised(ValidationError, caller.create)
        assert_told(nobody, caller, "SMSOptOut_Create", attempt=0)
    assert [(each.path, each.rule) for each in error.violations] == [
        ("to_number", "pattern"),
        ("message", "length"),
    ]
    assert all(isinstance(each, Violation) for each in error.violations)
    assert fake.calls == ()


# No answer


def test_a_refused_connection(http_way: Way) -> None:
    """A port at which nobody listens is named, and every attempt is made."""
    endpoint = f"http://127.0.0.1:{free_port()}/sms"
    with http_way.connect(endpoint=endpoint, retry=QUICK) as caller:
        error = raised(ConnectionFailed, caller.send)
        assert_told(error, caller, attempt=3)
        assert error.was_sent is False
        place = endpoint.removeprefix("http://").removesuffix("/sms")
        assert f"no connection to {place}: connection refused" in str(error).replace(
            "Connection", "connection"
        )


@pytest.mark.parametrize(
    "step", [Drop(), Truncate(0), Truncate(), Truncate(0.99)], ids=str
)
def test_a_connection_that_ends_too_early(way: Way, step: Drop | Truncate) -> None:
    """A connection that ends before the answer does, wherever, is a failed connection."""
    fake = FakeService()
    fake.script(step)
    with way.open(fake, retry=ONCE) as caller:
        error = raised(ConnectionFailed, caller.send)
        assert_told(error, caller)
    assert error.was_sent is True


def test_no_time_to_connect(http_way: Way) -> None:
    """A service that takes no connections is given up in time, and tried again: nothing was sent."""
    with (
        full_port() as port,
        http_way.connect(
            endpoint=f"http://127.0.0.1:{port}/",
            timeout=0.2,
            retry=RetryPolicy(attempts=2, backoff=0),
        ) as caller,
    ):
        error = raised(TimedOut, caller.send)
        assert_told(error, caller, attempt=2)
        assert f"no connection to 127.0.0.1:{port} within the" in str(error).replace(
            "within 0.2", "within the 0.2"
        )
    assert error.was_sent is False


def test_no_time_for_the_answer(way: Way) -> None:
    """A service that does not answer is given up after the timeout for reading."""
    fake = FakeService()
    fake.script(Delay(NEVER))
    with way.open(fake, timeout=0.3, retry=ONCE) as caller:
        error = raised(TimedOut, caller.send)
        assert_told(error, caller)
        assert "0.3 seconds" in str(error)
    assert error.was_sent is True


def test_no_time_before_the_deadline(way: Way) -> None:
    """The deadline ends a call, however long the timeouts are and whatever attempts are left."""
    fake = FakeService()
    fake.script(Delay(NEVER))
    # Two adapters of threads look at the deadline only when a timeout is over, too.
    policy = RetryPolicy(attempts=3, backoff=0, deadline=0.3)
    with way.open(fake, timeout=Timeouts(30.0, 0.4), retry=policy) as caller:
        error = raised(TimedOut, lambda: caller.delete(NUMBER))
        assert_told(error, caller, "SMSOptOut_Delete")
        assert "before the deadline" in str(error)
    assert len(fake.calls) == 1


def test_a_certificate_that_nobody_vouches_for(http_way: Way) -> None:
    """A service with a certificate of its own making gets no byte of a request."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with (
        serving(silent, tls=tls) as server,
        http_way.connect(endpoint=server.url(), retry=ONCE) as caller,
    ):
        error = raised(TlsFailed, caller.send)
        assert_told(error, caller)
        assert f"127.0.0.1:{server.port}" in str(error)
        assert "certificate" in str(error)
    assert error.was_sent is False
    assert server.requests == []


def test_an_answer_above_the_limit(way: Way) -> None:
    """An answer of a byte more than the limit is not read; one of as many bytes is."""
    fake = FakeService()
    with way.open(fake, retry=ONCE, response_limit=216) as caller:
        assert caller.send().id == 3939323
    with way.open(fake, retry=ONCE, response_limit=215) as caller:
        error = raised(ResponseTooLarge, caller.send)
        assert_told(error, caller)
        assert "215 bytes" in str(error)
    assert error.was_sent is True


# Statuses


@pytest.mark.parametrize(
    ("step", "sentence", "retry_after"),
    [
        (
            HtmlPage(503, "Down for maintenance"),
            (
                "the service is not available at present (HTTP 503 Service Unavailable, "
                "with an HTML page titled 'Down for maintenance')"
            ),
            None,
        ),
        (
            Throttle(7),
            (
                "the service gets more requests than it allows (HTTP 429 Too Many Requests, "
                "with an HTML page titled 'Too Many Requests')"
            ),
            7.0,
        ),
        (
            HtmlPage(401, "Sign in"),
            (
                "the server asks for a log-in of its own before it lets requests through "
                "(HTTP 401 Unauthorized, with an HTML page titled 'Sign in')"
            ),
            None,
        ),
        (
            Respond(502, b"upstream?", (("Content-Type", "text/plain"),)),
            (
                "a gateway could not reach the service (HTTP 502 Bad Gateway, "
                "with plain text)"
            ),
            None,
        ),
        (
            HtmlPage(500, "Runtime Error"),
            (
                "the service failed (HTTP 500 Internal Server Error, "
                "with an HTML page titled 'Runtime Error')"
            ),
            None,
        ),
        (
            Respond(302, b"", (("Location", "https://elsewhere.example/a?key=1"),)),
            (
                "the server points to another address: https://elsewhere.example/a "
                "(HTTP 302 Found, with an empty body)"
            ),
            None,
        ),
    ],
    ids=["503", "429", "401", "502", "500", "302"],
)
def test_a_status_that_is_no_answer(
    way: Way,
    step: HtmlPage | Throttle | Respond,
    sentence: str,
    retry_after: float | None,
) -> None:
    """A status is told in words that an operator understands, with what came along."""
    fake = FakeService()
    fake.script(step)
    with way.open(fake, retry=ONCE) as caller:
        error = raised(UnexpectedStatus, caller.send)
        assert_told(error, caller)
        assert str(error).startswith(f"SMS_Send: {sentence} (")
    assert str(error.status) in sentence
    assert error.reason
    assert error.reason in sentence
    assert error.retry_after == retry_after


def _unreadable(request: HttpRequest) -> HttpRequest:
    return replace(request, body=request.body[:-1])


def _of_another_type(request: HttpRequest) -> HttpRequest:
    headers = dict(request.headers) | {"Content-Type": "application/json"}
    return replace(request, headers=tuple(headers.items()))


def _of_another_path(request: HttpRequest) -> HttpRequest:
    return replace(request, url=request.url.replace("default.asmx", "no.asmx"))


@pytest.mark.parametrize(
    ("alter", "status", "sentence"),
    [
        (
            _unreadable,
            400,
            "the service could not read the request (HTTP 400 Bad Request, with an empty body)",
        ),
        (
            _of_another_type,
            415,
            (
                "the service does not take documents of this type; another envelope may help "
                "(HTTP 415 Unsupported Media Type, with an empty body)"
            ),
        ),
        (
            _of_another_path,
            404,
            (
                "there is no service at this address (HTTP 404 Not Found, with an HTML page titled "
                "'404 - File or directory not found.')"
            ),
        ),
    ],
    ids=["400", "415", "404"],
)
def test_a_request_that_was_altered_on_its_way(
    way: Way, alter: Callable[[HttpRequest], HttpRequest], status: int, sentence: str
) -> None:
    """What the service answers to a request that it cannot read is told, and is no fault."""
    fake = FakeService()
    with way.open(fake, tap=Tap(alter)) as caller:
        error = raised(UnexpectedStatus, caller.send)
        assert_told(error, caller)
        assert str(error).startswith(f"SMS_Send: {sentence} (")
    assert error.status == status
    assert [call.status for call in fake.calls] == [status]


# Answers


@pytest.mark.parametrize(
    ("step", "received", "start"),
    [
        (HtmlPage(200, "Hotel WiFi"), "an HTML page titled 'Hotel WiFi'", "<!DOCTYPE"),
        (CutDocument(), "a document that stops before its end", "<SMS_SendResult>"),
        (CutDocument(0), "an empty document", ""),
        (Respond(200, b"{}"), "JSON", "{}"),
        (Respond(204), "an empty document", ""),
    ],
    ids=["portal", "cut", "empty", "json", "204"],
)
def test_an_answer_that_is_none(
    way: Way, step: HtmlPage | CutDocument | Respond, received: str, start: str
) -> None:
    """A complete answer of HTTP that is no answer of the service says what came instead."""
    fake = FakeService()
    fake.script(step)
    with way.open(fake, retry=QUICK) as caller:
        error = raised(MalformedResponse, caller.send)
        assert_told(error, caller)
    assert error.received.startswith(received)
    assert error.expected == "element SMS_SendResult"
    assert error.start.startswith(start)
    assert "xyzabc123" not in str(error)
    assert len(fake.calls) == 1


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (Envelope.SOAP11, "soap:Server"),
        (Envelope.SOAP12, "soap:Receiver"),
        (Envelope.NONE, "soap:Server"),
    ],
    ids=str,
)
def test_a_fault(way: Way, status: int, envelope: Envelope, code: str) -> None:
    """A fault of either version, with either status, carries what it says, and is not repeated."""
    fake = FakeService()
    detail = "<at><line>7</line></at>"
    fake.script(
        Fault(
            "It <broke>", status=status, envelope=envelope, actor="urn:a", detail=detail
        )
    )
    with way.open(fake, retry=QUICK) as caller:
        error = raised(SoapFault, lambda: caller.create(NUMBER))
        assert_told(error, caller, "SMSOptOut_Create")
        assert f"the service answered with a fault: {code}: It <broke> (" in str(error)
    assert (error.code, error.text) == (code, "It <broke>")
    assert (error.actor, error.detail) == ("urn:a", detail)
    assert len(fake.calls) == 1


def test_the_faults_of_the_service_itself(way: Way) -> None:
    """A request for an operation that there is not is answered with a fault, which is told."""

    def alter(request: HttpRequest) -> HttpRequest:
        headers = dict(request.headers) | {"SOAPAction": '"urn:no"'}
        return replace(request, headers=tuple(headers.items()))

    fake = FakeService()
    with way.open(fake, tap=Tap(alter)) as caller:
        error = raised(SoapFault, caller.send)
        assert_told(error, caller)
    assert error.code == "soap:Client"
    assert "did not recognize the value of HTTP Header SOAPAction: urn:no" in error.text


@pytest.mark.parametrize("status", [200, 500])
def test_a_failure_that_nobody_knows(way: Way, status: int) -> None:
    """A failure with an unknown code is one of the service, whatever its status is."""
    header = (
        "<Success>false</Success><Message>No credit</Message>"
        "<Error_Code>S9</Error_Code><Error_Description>Pay</Error_Description>"
    )
    document = f"<SMS_SendResult><Header>{header}</Header></SMS_SendResult>"
    fake = FakeService()
    fake.script(Respond(status, document.encode()))
    with way.open(fake) as caller:
        error = raised(ApiError, caller.send)
        assert_told(error, caller)
        assert str(error).startswith("SMS_Send failed: S9 Pay No credit (")
    assert (error.code, error.message, error.description) == ("S9", "No credit", "Pay")
    assert error.response.header.success is False


def test_numbers_that_are_none(way: Way) -> None:
    """The service names the numbers that are none, and the error has them as they were sent."""
    fake = FakeService()
    with way.open(fake) as caller:
        one = raised(InvalidTn, lambda: caller.create(NUMBER, "12"))
        assert_told(one, caller, "SMSOptOut_Create")
        several = raised(InvalidTn, lambda: caller.delete("1", NUMBER, "x<y"))
        assert_told(several, caller, "SMSOptOut_Delete")
    assert one.tns == ("12",)
    assert several.tns == ("1", "x<y")
    assert isinstance(one, InvalidInput)
    assert (one.code, one.message) == ("S2010", "'12' is an invalid TN.")
    assert fake.memory.opted_out == set()


def test_numbers_that_are_in_the_list(way: Way) -> None:
    """Numbers that are in the list already are named, and can be taken out of it."""
    fake = FakeService(memory=ServiceMemory(opted_out={"6788651234"}))
    with way.open(fake) as caller:
        error = raised(AlreadyOptedOut, lambda: caller.create("6788651234", NUMBER))
        assert_told(error, caller, "SMSOptOut_Create")
        assert error.tns == ("6788651234",)
        assert caller.delete("6788651234").header.success
        assert caller.create("6788651234", NUMBER).header.success
        both = raised(AlreadyOptedOut, lambda: caller.create(NUMBER, "6788651234"))
    assert both.tns == (NUMBER, "6788651234")


@pytest.mark.parametrize("name", ["send", "create", "delete"])
def test_a_caller_who_is_refused(way: Way, name: str) -> None:
    """Wrong credentials are refused once, for every operation, and not tried again."""
    fake = FakeService(accept=[CREDENTIALS])
    calls: dict[str, tuple[str, Callable[[Caller], object]]] = {
        "send": ("SMS_Send", lambda caller: caller.send()),
        "create": ("SMSOptOut_Create", lambda caller: caller.create(NUMBER)),
        "delete": ("SMSOptOut_Delete", lambda caller: caller.delete(NUMBER)),
    }
    operation, call = calls[name]
    wrong = Credentials("user", "wrong-password", "client")
    with way.open(fake, wrong, keep_session=True, retry=QUICK) as caller:
        error = raised(AccessRefused, lambda: call(caller))
        assert_told(error, caller, operation)
    assert error.code == "S2005"
    assert [each.auth for each in fake.calls] == [wrong]


@pytest.mark.parametrize("way", OWN_WAYS, ids=str)
def test_the_sentences_are_for_people(way: Way) -> None:
    """Without a library in between, failures of connections are told in whole words."""
    fake = FakeService()
    fake.script(Drop(), Truncate())
    with way.open(fake, retry=ONCE) as caller:
        place = caller.endpoint.split("/")[2]
        dropped = raised(ConnectionFailed, caller.send)
        cut = raised(ConnectionFailed, caller.send)
        where = f"({caller.endpoint}, attempt 1)"
    assert str(dropped) == (
        f"SMS_Send: {place} closed the connection before it answered {where}"
    )
    assert str(cut) == (
        f"SMS_Send: {place} closed the connection in the middle of its answer: "
        f"108 of 216 bytes {where}"
    )
