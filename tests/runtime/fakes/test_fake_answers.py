"""The fake answers with the documented documents, remembers, and knows who calls."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from fake_others import ADD, NO_ACTION, XSI, FakeNumbers, FakeVault
from fake_sms import (
    CREATE,
    CREATE_ACTION,
    CREATED,
    DELETE,
    KEY,
    OTHER,
    SEND,
    SERVICE,
    TEXT_XML,
    USER,
    Auth,
    FailureError,
    FakeSms,
    Memory,
    RefusalError,
    SmsClient,
    create_document,
    http_request,
    post_send,
    send_document,
)
from lxml import etree

from revio import sms_opt_out_create, sms_send
from revio.errors import AlreadyOptedOut, InvalidInput, InvalidTn
from revio.sms_opt_out_create import SmsOptOutCreateRequest
from revio.sms_opt_out_delete import SmsOptOutDeleteRequest
from revio.sms_send import SmsSendRequest
from revio.types import Session
from soapstone.runtime.calls.clients import BaseAsyncClient
from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import SoapFault
from soapstone.runtime.transports.messages import HttpResponse

TN = "6788651234"
HELLO = SmsSendRequest(to_number="8504700000", message="Hello")
PUT = SmsOptOutCreateRequest(tns=[TN])
TAKEN = SmsOptOutDeleteRequest(tns=[TN])


def _client(fake: FakeSms, auth: Auth = USER) -> SmsClient:
    return SmsClient(auth, transport=fake.transport, keep_session=True)


def test_a_client_gets_the_documented_answer(fake: FakeSms) -> None:
    """A client that is given the transport reads the documented answer."""
    assert _client(fake).call(SEND, HELLO).id == 3939323
    assert fake.memory.sent == [HELLO]


def test_a_task_gets_the_documented_answer(fake: FakeSms) -> None:
    """A client that lets others run gets the same answers."""

    class AsyncSmsClient(BaseAsyncClient[Auth]):
        _service = SERVICE

    async def ask() -> int | None:
        client = AsyncSmsClient(USER, transport=fake.async_transport)
        answers = await asyncio.gather(*(client.call(SEND, HELLO) for _ in range(5)))
        return answers[0].id

    assert asyncio.run(ask()) == 3939323
    assert fake.calls_of(SEND) == (HELLO,) * 5


def test_the_fake_remembers(fake: FakeSms) -> None:
    """What was put into the list is in it, until it is taken out, and can be looked at."""
    client = _client(fake)
    client.call(CREATE, PUT)
    assert fake.memory.opted_out == {TN}
    with pytest.raises(FailureError) as caught:
        client.call(CREATE, PUT)
    assert isinstance(caught.value.__cause__, AlreadyOptedOut)
    assert caught.value.__cause__.tns == (TN,)
    client.call(DELETE, TAKEN)
    assert fake.memory.opted_out == set()
    with pytest.raises(FailureError):
        client.call(DELETE, TAKEN)


def test_a_memory_is_given(fake: FakeSms) -> None:
    """A fake starts with the memory that it is given, and others are not touched by it."""
    given = FakeSms(memory=Memory(opted_out={TN}))
    _client(given).call(DELETE, TAKEN)
    assert given.memory.opted_out == set()
    _client(fake).call(CREATE, PUT)


def test_threads_share_a_fake(fake: FakeSms) -> None:
    """No call of many threads gets lost, and each number is put into the list once."""

    def put() -> None:
        client = _client(fake)
        for number in range(20):
            with pytest.raises(FailureError):
                client.call(CREATE, SmsOptOutCreateRequest(tns=[f"{number:010}", "x"]))
            client.call(SEND, HELLO)

    threads = [threading.Thread(target=put) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fake.calls_of(CREATE)) == len(fake.memory.sent) == 80


# Requests that are not valid


def test_documented_failures_come_first(fake: FakeSms) -> None:
    """A failure that is documented is told as such, though the request breaks constraints too."""
    response = fake.transport.send(
        http_request(create_document("<TNs><TN/><TN/></TNs>"), TEXT_XML, CREATE_ACTION)
    )
    with pytest.raises(InvalidTn) as caught:
        sms_opt_out_create.parse_response(response.body)
    assert caught.value.tns == ("", "")


def test_violations_are_told_in_the_documented_failure(fake: FakeSms) -> None:
    """What is wrong with a request stands in the message, and nothing is carried out."""
    for members, told in (
        ("<TNs/>", "tns: must have at least 1 item"),
        ("", "expected element Request/TNs, received none"),
    ):
        request = http_request(create_document(members), TEXT_XML, CREATE_ACTION)
        response = fake.transport.send(request)
        assert response.status == 200
        with pytest.raises(InvalidInput) as caught:
            sms_opt_out_create.parse_response(response.body)
        assert caught.value.message == told
    assert fake.memory == Memory()


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ("<ToNumber>1</ToNumber><Message/>", "; message: "),
        ("<Message>a</Message>", "expected element Request/ToNumber, received none"),
    ],
)
def test_violations_are_told_in_a_fault(fake: FakeSms, members: str, told: str) -> None:
    """Where no failure is documented, a fault tells what is wrong."""
    response = post_send(fake, send_document(members))
    assert response.status == 500
    with pytest.raises(SoapFault) as caught:
        _parsed_fault(response)
    assert caught.value.code == "soap:Client"
    assert told in caught.value.text
    assert fake.memory.sent == []


def _parsed_fault(response: HttpResponse) -> None:
    """Raise the fault as the class that is tried here."""
    root = etree.fromstring(response.body)
    raise SoapFault(
        operation="",
        code=root.findtext(".//faultcode"),
        text=root.findtext(".//faultstring"),
        actor=None,
        detail=None,
    )


# Who calls


def test_nobody_is_refused(fake: FakeSms) -> None:
    """A request that does not say who calls is refused, as is one that says it in part."""
    nobody = send_document(auth=None)
    part = nobody.replace(b"<Request>", b"<Request><Session/>")
    for body in (nobody, part):
        response = post_send(fake, body)
        assert response.status == 500
        assert b"accepted" in response.body
    first, second = fake.calls
    assert first.auth is second.auth is None
    assert first.request == second.request == HELLO


def test_only_who_is_accepted_may_call() -> None:
    """With a list of callers, all others get the documented refusal, also wrong passwords."""
    fake = FakeSms(accept=[USER])
    _client(fake).call(CREATE, PUT)
    wrong = replace(USER, password="wrong")
    for auth in (OTHER, wrong, Session("never opened")):
        with pytest.raises(RefusalError):
            _client(fake, auth).call(DELETE, TAKEN)
    assert fake.memory.opted_out == {TN}


def test_who_is_not_accepted_learns_nothing_else() -> None:
    """The refusal comes before anything that is missing."""
    fake = FakeSms(accept=[OTHER])
    body = create_document("")
    response = fake.transport.send(http_request(body, TEXT_XML, CREATE_ACTION))
    assert b"S2005" in response.body


@pytest.mark.parametrize("accept", [None, [USER]])
def test_a_session_lasts_until_it_is_ended(accept: list[Auth] | None) -> None:
    """The session of an answer is accepted until it ends; then a client opens it anew."""
    fake = FakeSms(accept=accept)
    client = _client(fake)
    client.call(CREATE, PUT)
    client.call(DELETE, TAKEN)
    assert [call.auth for call in fake.calls] == [USER, CREATED]
    fake.end_sessions()
    fake.clear()
    with pytest.raises(RefusalError):
        _client(fake, CREATED).call(CREATE, PUT)
    client.call(CREATE, PUT)
    assert [call.auth for call in fake.calls] == [CREATED, GONE_ON, USER]
    _client(fake, CREATED).call(DELETE, TAKEN)


# The key in the documented answer of the other operation.
GONE_ON = Session("asdjlas^*&^*&@KJHASD")


def test_a_failure_opens_no_session() -> None:
    """What is not in an answer is not accepted."""
    fake = FakeSms(accept=[USER], memory=Memory(opted_out={TN}))
    with pytest.raises(FailureError):
        _client(fake).call(CREATE, PUT)
    with pytest.raises(RefusalError):
        _client(fake, CREATED).call(DELETE, TAKEN)


def test_a_session_can_be_accepted_from_the_start() -> None:
    """A session that a test knows is accepted like a user, and goes on in other calls."""
    fake = FakeSms(accept=[Session(KEY)])
    client = _client(fake, Session(KEY))
    client.call(CREATE, PUT)
    client.call(DELETE, TAKEN)
    assert [call.auth for call in fake.calls] == [Session(KEY), CREATED]


# Forms


@pytest.mark.parametrize("envelope", Envelope)
def test_an_answer_has_the_form_of_its_request(
    fake: FakeSms, envelope: Envelope
) -> None:
    """All three forms are taken; an answer with an envelope has that of the request."""
    client = _client(fake).with_options(envelope=envelope, hooks=[])
    assert client.call(CREATE, PUT).header.success
    assert client.call(SEND, HELLO).id == 3939323
    created, _ = fake.calls
    requested = etree.fromstring(created.document).tag
    assert created.document == CREATE.build(PUT, USER, envelope=envelope)
    response = fake.transport.send(
        http_request(
            created.document.replace(TN.encode(), b"1234567890"), *created.headers
        )
    )
    root = etree.fromstring(response.body.replace(b"%&^%&@", b""))
    if envelope is Envelope.NONE:
        requested = "{http://api.myh2o.com/v20}SMSOptOut_CreateResponse"
    assert root.tag == requested


def test_a_bare_answer_stays_bare(fake: FakeSms) -> None:
    """An answer that is documented without an envelope has none, as documented."""
    request = SEND.build(HELLO, USER, envelope=Envelope.SOAP11)
    response = post_send(fake, request)
    assert response.body.startswith(b"<SMS_SendResult>")
    assert sms_send.parse_response(response.body).id == 3939323


# What was asked


def test_calls_are_kept_in_order(fake: FakeSms) -> None:
    """What came can be looked at: typed requests, who called, and what was sent as it was."""
    client = _client(fake)
    client.call(SEND, HELLO)
    client.call(CREATE, PUT)
    post_send(fake, send_document("<CustomerID/>"))
    assert [call.operation for call in fake.calls] == [
        "SMS_Send",
        "SMSOptOut_Create",
        "SMS_Send",
    ]
    assert [call.status for call in fake.calls] == [200, 200, 500]
    assert fake.calls_of(SEND)[0].message == "Hello"
    assert len(fake.calls_of(SEND)) == 1
    first = fake.calls[0]
    assert first.document == SEND.build(HELLO, USER)
    assert ("SOAPAction", '"http://api.myh2o.com/v20/SMS_Send"') in first.headers
    fake.clear()
    assert not fake.calls
    assert not fake.calls_of(CREATE)
    assert fake.memory.opted_out == {TN}


def test_no_secret_shows(fake: FakeSms) -> None:
    """Neither password nor document shows in what a failing test would print."""
    _client(fake).call(SEND, HELLO)
    request = http_request(send_document(), TEXT_XML)
    shown = repr(fake.calls) + repr(fake.transport.send(request))
    assert "Hello" in shown
    assert "S3CRET" not in shown


# Services of other kinds


def test_a_service_without_authentication_refuses_nobody() -> None:
    """An operation without authentication reads none; where actions are equal, elements count."""
    fake = FakeNumbers()

    def ask(document: str) -> bytes:
        url = "https://numbers.example"
        request = http_request(document.encode(), TEXT_XML, NO_ACTION, url=url)
        return fake.transport.send(request).body

    assert ask("<Add><A>1</A><B>2</B></Add>") == b"<Number>3</Number>"
    assert ask("<Last/>") == b"<Number>3</Number>"
    assert b"expected element Add/A, received none" in ask("<Other/>")
    assert [call.operation for call in fake.calls] == ["Add", "Last", "Add"]
    assert fake.calls_of(ADD) == ((1, 2),)


VAULT_KEY = "<s:Header><Key xmlns='urn:vault'>7</Key></s:Header>"


def _open(content: str, header: str = VAULT_KEY) -> tuple[FakeVault, HttpResponse]:
    document = (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f'{header}<s:Body><Open xmlns="urn:vault" xmlns:n="{XSI}">{content}</Open></s:Body>'
        "</s:Envelope>"
    )
    fake = FakeVault()
    request = http_request(
        document.encode(), TEXT_XML, NO_ACTION, url="https://vault.example/a"
    )
    return fake, fake.transport.send(request)


@pytest.mark.parametrize(
    ("header", "auth", "status"),
    [(VAULT_KEY, 7, 200), ("<s:Header/>", None, 500), ("", None, 500)],
)
def test_authentication_in_the_header(
    header: str, auth: int | None, status: int
) -> None:
    """Who calls is found in the header of the envelope, and is refused where there is none."""
    fake, response = _open("<Box n='1'/>", header)
    assert response.status == status
    assert fake.calls[0].auth == auth


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<Box n=' 1 '>x</Box>", b"<Opened>1 'x' ()</Opened>"),
        ("<Box n='1' ><Coin n:nil='1'>5</Coin><Coin>b</Coin></Box>", b"1 '' ('', 'b')"),
        ("<Box n='x'/>", b"Input string was not in a correct format."),
        ("<Box/>", b"expected attribute Open/Box/@n, received none"),
        ("", b"expected element Open/Box, received none"),
        ("<Box n='1'/><Count/>", b"<Opened>1"),
        ("<Box n='1'/><Count n:nil='1'/>", b"<Opened>1"),
        ("<Box n='1'/><Count>x</Count>", b"an error in XML document (1, "),
        ("<Box n='1'/><Count n:nil='0'>x</Count>", b"---&gt; Input string"),
        ("<Box n='1'/><On>yesterday</On>", b"'yesterday' is not a valid AllXsd value."),
    ],
)
def test_attributes_lists_and_own_texts_are_read(content: str, told: bytes) -> None:
    """Attributes, nil items and what is missing altogether are read like other members."""
    _, response = _open(content)
    assert told in response.body.replace(b"&#39;", b"'")


def test_the_text_of_an_absent_structure_has_a_place() -> None:
    """A number that is the request itself cannot be read where there is no request."""
    fake = FakeNumbers()
    request = http_request(
        b"<Other/>",
        TEXT_XML,
        ("SOAPAction", "urn:square"),
        url="https://numbers.example/",
    )
    assert b"(1, 1)" in fake.transport.send(request).body


def test_an_answer_that_is_none_opens_no_session() -> None:
    """Where the answer of an invalid request cannot be read, it counts as no failure."""
    fake = FakeNumbers()
    request = http_request(
        b"<Square>-2</Square>",
        TEXT_XML,
        ("SOAPAction", "urn:square"),
        url="https://numbers.example/",
    )
    assert b"must be 0 or more" in fake.transport.send(request).body
