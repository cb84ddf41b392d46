"""What a script says happens, once for each step, with a socket and without one."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fake_sms import (
    CREATE,
    SEND,
    SEND_ACTION,
    TEXT_XML,
    USER,
    FakeSms,
    SmsClient,
    http_request,
    send_document,
)
from lxml import etree

from revio.errors import SoapFault as OtherSoapFault
from revio.sms_opt_out_create import SmsOptOutCreateRequest
from revio.sms_send import SmsSendRequest, parse_response
from soapstone.runtime.calls.retries import RetryPolicy
from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import (
    ConnectionFailed,
    MalformedResponse,
    ResponseTooLarge,
    TimedOut,
    UnexpectedStatus,
)
from soapstone.runtime.fakes.script import (
    Chunk,
    Compress,
    CutDocument,
    Delay,
    Drop,
    Fault,
    HtmlPage,
    Respond,
    Step,
    Throttle,
    Truncate,
)
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts

HELLO = SmsSendRequest(to_number="8504700000", message="Hello")
PUT = SmsOptOutCreateRequest(tns=["6788651234"])
ONCE = RetryPolicy(attempts=1)


@contextmanager
def _inside(fake: FakeSms) -> Iterator[SmsClient]:
    yield SmsClient(USER, transport=fake.transport, retry=ONCE)


@contextmanager
def _over_http(fake: FakeSms) -> Iterator[SmsClient]:
    with fake.serve() as url, SmsClient(USER, endpoint=url, retry=ONCE) as client:
        yield client


@pytest.fixture(params=[_inside, _over_http], ids=["inside", "http"])
def client(request: pytest.FixtureRequest, fake: FakeSms) -> Iterator[SmsClient]:
    """Return a client that leads to the fake, one way or the other."""
    with request.param(fake) as made:
        yield made


def test_a_step_is_used_up(fake: FakeSms, client: SmsClient) -> None:
    """Each step is for one call, in order, and then all is as usual."""
    fake.script(HtmlPage(), Throttle())
    fake.script(HtmlPage(500, "<Oops>"))
    statuses: list[int] = []
    for _ in range(3):
        with pytest.raises(UnexpectedStatus) as caught:
            client.call(SEND, HELLO)
        statuses.append(caught.value.status)
    assert "'&lt;Oops&gt;'" in str(caught.value)
    assert client.call(SEND, HELLO).id == 3939323
    assert statuses == [503, 429, 500]
    assert [call.status for call in fake.calls] == [503, 429, 500, 200]
    assert fake.memory.sent == [HELLO]
    assert len(fake.calls_of(SEND)) == 4


def test_a_step_waits_for_its_operation(fake: FakeSms, client: SmsClient) -> None:
    """A step for one operation leaves the others alone; one that does not exist is a mistake."""
    fake.script(HtmlPage(), operation="SMSOptOut_Create")
    assert client.call(SEND, HELLO).id == 3939323
    with pytest.raises(UnexpectedStatus):
        client.call(CREATE, PUT)
    with pytest.raises(ValueError, match=r"no operation 'SMSOptOutCreate'.*SMS_Send"):
        fake.script(HtmlPage(), operation="SMSOptOutCreate")


def test_a_client_tries_again(fake: FakeSms) -> None:
    """A client that is told to wait tries again, and succeeds."""
    fake.script(Throttle(retry_after=0))
    policy = RetryPolicy(attempts=2, backoff=0)
    client = SmsClient(USER, transport=fake.transport, retry=policy)
    assert client.call(CREATE, PUT).header.success
    assert [call.status for call in fake.calls] == [429, 200]


@pytest.mark.parametrize(("asked", "seconds"), [(7, 7.0), (None, None)])
def test_throttling_says_how_long(
    fake: FakeSms, client: SmsClient, asked: int | None, seconds: float | None
) -> None:
    """The pause that is asked for is that of the step, or none."""
    fake.script(Throttle(retry_after=asked))
    with pytest.raises(UnexpectedStatus) as caught:
        client.call(SEND, HELLO)
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("step", [Truncate(), Truncate(0), Truncate(0.99)])
def test_a_truncated_answer_was_given(
    fake: FakeSms, client: SmsClient, step: Step
) -> None:
    """The connection ends too early, after the operation was carried out."""
    fake.script(step)
    with pytest.raises(ConnectionFailed, match="in the middle of its answer") as caught:
        client.call(SEND, HELLO)
    assert caught.value.was_sent
    assert fake.memory.sent == [HELLO]
    assert client.call(SEND, HELLO).id == 3939323


def test_a_dropped_call_is_not_carried_out(fake: FakeSms, client: SmsClient) -> None:
    """The connection ends without a byte; nothing is remembered but the call."""
    fake.script(Drop())
    with pytest.raises(ConnectionFailed, match="before it answered") as caught:
        client.call(SEND, HELLO)
    assert caught.value.was_sent
    assert fake.memory.sent == []
    assert [(call.request, call.status) for call in fake.calls] == [(HELLO, None)]


def test_a_document_is_cut(fake: FakeSms, client: SmsClient) -> None:
    """The answer of HTTP is complete, and the document in it is not."""
    fake.script(CutDocument(0.9), CutDocument(0))
    for told in ("stops before its end", "an empty document"):
        with pytest.raises(MalformedResponse, match=told):
            client.call(SEND, HELLO)
    assert fake.memory.sent == [HELLO, HELLO]


@pytest.mark.parametrize("envelope", Envelope)
@pytest.mark.parametrize("status", [200, 500])
def test_a_fault_is_told(
    fake: FakeSms, client: SmsClient, envelope: Envelope, status: int
) -> None:
    """A fault has all that the step says, in every form and with any status."""
    fake.script(
        Fault(
            "No < way",
            code="soap:Client",
            status=status,
            envelope=envelope,
            actor="urn:a&b",
            detail="<why>late</why>",
        )
    )
    with pytest.raises(OtherSoapFault) as caught:
        client.call(SEND, HELLO)
    fault = caught.value
    new = envelope is Envelope.SOAP12
    assert fault.code == ("soap:Sender" if new else "soap:Client")
    assert (fault.text, fault.actor, fault.detail) == (
        "No < way",
        "urn:a&b",
        "<why>late</why>",
    )
    assert fake.memory.sent == []


@pytest.mark.parametrize("envelope", Envelope)
def test_a_fault_is_plain(envelope: Envelope) -> None:
    """A fault with a text alone has neither actor nor detail, and a code of one's own stays."""
    root = etree.fromstring(Fault("a", code="x", envelope=envelope).document)
    names = {etree.QName(each).localname for each in root.iter()}
    assert not names & {"faultactor", "detail", "Role", "Detail"}
    assert "x" in list(root.itertext())


def test_any_answer_can_be_given(fake: FakeSms, client: SmsClient) -> None:
    """A document, its headers and a status are sent as they are told."""
    document = (
        b"<SMS_SendResult><Header><Success>true</Success></Header></SMS_SendResult>"
    )
    fake.script(
        Respond(body=document),
        Respond(204),
        Respond(302, headers=(("Location", "/x"),)),
    )
    assert client.call(SEND, HELLO).id is None
    with pytest.raises(MalformedResponse, match="an empty document"):
        client.call(SEND, HELLO)
    with pytest.raises(UnexpectedStatus, match="/x"):
        client.call(SEND, HELLO)


@pytest.mark.parametrize(
    "step", [Compress("gzip"), Compress("deflate"), Chunk(1), Chunk(10_000), Delay(0)]
)
def test_the_usual_answer_comes_in_other_ways(
    fake: FakeSms, client: SmsClient, step: Step
) -> None:
    """Compressed, in chunks or later: what is read is the usual answer."""
    fake.script(step)
    assert client.call(SEND, HELLO).id == 3939323
    assert fake.memory.sent == [HELLO]


def test_a_compressed_answer_is_compressed(fake: FakeSms) -> None:
    """What is transferred is compressed as the header says, readable by another library."""
    decompress: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.decompress,
        "deflate": zlib.decompress,
    }
    fake.script(Compress("gzip"), Compress("deflate"))
    for _ in range(2):
        response = fake.transport.send(_request())
        body = decompress[response.header("Content-Encoding") or ""](response.body)
        assert parse_response(body).id == 3939323


def _request(
    read: float = 10.0, deadline: float | None = None, limit: int = 2**20
) -> HttpRequest:
    return http_request(
        send_document(),
        TEXT_XML,
        SEND_ACTION,
        read=read,
        deadline=deadline,
        limit=limit,
    )


def _sent(fake: FakeSms, request: HttpRequest) -> HttpResponse:
    return fake.transport.send(request)


def _sent_meanwhile(fake: FakeSms, request: HttpRequest) -> HttpResponse:
    return asyncio.run(fake.async_transport.send(request))


@pytest.mark.parametrize("send", [_sent, _sent_meanwhile])
def test_nobody_waits_longer_than_allowed(
    fake: FakeSms, send: Callable[[FakeSms, HttpRequest], HttpResponse]
) -> None:
    """A delay of an hour ends with the read timeout or the deadline, after the call was made."""
    fake.script(Delay(3600), Delay(3600), Delay(3600))
    with pytest.raises(
        TimedOut, match=r"within the read timeout of 0.01 seconds"
    ) as first:
        send(fake, _request(read=0.01))
    with pytest.raises(TimedOut, match="before the deadline") as second:
        send(fake, _request(deadline=time.monotonic() + 0.5))
    with pytest.raises(TimedOut, match="read timeout") as third:
        send(fake, _request(read=0.01, deadline=time.monotonic() + 3600))
    assert first.value.was_sent
    assert second.value.was_sent
    assert third.value.was_sent
    assert len(fake.memory.sent) == 3


def test_nothing_is_sent_after_the_deadline(fake: FakeSms) -> None:
    """Where no time is left, the fake is not asked."""
    with pytest.raises(TimedOut) as caught:
        fake.transport.send(_request(deadline=time.monotonic() - 1))
    assert not caught.value.was_sent
    assert fake.calls == ()


def test_a_delay_over_http_times_out(fake: FakeSms) -> None:
    """Over HTTP too, a client gives up by itself, and the end of the server does not wait."""
    fake.script(Delay(3600))
    patience = Timeouts(connect=10, read=0.05)
    with fake.serve() as url:
        client = SmsClient(USER, endpoint=url, retry=ONCE, timeout=patience)
        with client, pytest.raises(TimedOut):
            client.call(SEND, HELLO)
        while not fake.calls:
            time.sleep(0.01)
    assert fake.memory.sent == [HELLO]


def test_an_answer_may_be_too_large(fake: FakeSms) -> None:
    """An answer above the limit is not taken."""
    with pytest.raises(ResponseTooLarge, match="more than 10 bytes"):
        fake.transport.send(_request(limit=10))


# What a type checker would refuse, and users without one may write.
_BROTLI: Any = "br"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Delay(-1), "a delay must be 0 or more"),
        (lambda: Delay(float("nan")), "a delay must be 0 or more"),
        (lambda: Truncate(1), "from 0 to less than 1"),
        (lambda: CutDocument(-0.1), "from 0 to less than 1"),
        (lambda: Chunk(0), "at least 1 byte"),
        (lambda: Compress(_BROTLI), "no such compression: 'br'"),
    ],
)
def test_a_step_that_cannot_be(make: Callable[[], Step], told: str) -> None:
    """A step with a value that makes no sense is refused where it is written."""
    with pytest.raises(ValueError, match=told):
        make()
