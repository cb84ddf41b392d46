"""Requests are taken, refused and read as services of the family do it."""

from __future__ import annotations

import pytest
from fake_sms import (
    CREATE_ACTION,
    PATH,
    SEND,
    SEND_ACTION,
    TEXT_XML,
    USER,
    FakeSms,
    create_document,
    http_request,
    post_send,
    send_document,
)
from lxml import etree

from soapstone.runtime.fakes.requests import Received
from soapstone.runtime.transports.messages import HttpResponse

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NEW_TYPE = (
    'application/soap+xml; charset=utf-8; action="http://api.myh2o.com/v20/SMS_Send"'
)
NUMBER = "<ToNumber>8504700000</ToNumber>"
HELLO = f"{NUMBER}<Message>Hello</Message>"


def _fault(response: HttpResponse) -> tuple[str, str]:
    """Code and text of a fault, and that it comes as one."""
    assert response.status == 500
    root = etree.fromstring(response.body)
    version = etree.QName(root).namespace
    if version == SOAP12:
        assert (response.header("content-type") or "").startswith(
            "application/soap+xml"
        )
        path = "{*}Body/{*}Fault/{*}Code/{*}Value", "{*}Body/{*}Fault/{*}Reason/{*}Text"
    else:
        assert response.header("content-type") == "text/xml; charset=utf-8"
        path = "{*}Body/{*}Fault/faultcode", "{*}Body/{*}Fault/faultstring"
    return root.findtext(path[0]), root.findtext(path[1])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS"])
def test_only_posts_are_taken(fake: FakeSms, method: str) -> None:
    """Another method gets a page, and is no call."""
    reply = fake.handle(Received(method=method, target=PATH, headers=(), body=b""))
    assert reply.status == 405
    assert reply.reason == "Method Not Allowed"
    assert ("Allow", "GET, POST") in reply.headers
    assert b"<html" in reply.body
    assert fake.calls == ()


def test_whoever_looks_at_the_endpoint_sees_the_operations(fake: FakeSms) -> None:
    """A browser gets a page that names the operations at the path; elsewhere, there is none."""
    page = fake.handle(Received(method="GET", target=PATH, headers=(), body=b""))
    assert page.status == 200
    for name in fake.operation_names:
        assert f"<li>{name}</li>".encode() in page.body
    other = fake.handle(Received(method="GET", target="/", headers=(), body=b""))
    assert other.status == 404


def test_another_path_is_not_found(fake: FakeSms) -> None:
    """A post to another path gets the page of the server; capitals of the path do not matter."""
    body = send_document()
    for path, status in (("/v20/other.asmx", 404), ("", 404), (PATH.upper(), 200)):
        url = f"https://api.rev.io{path}?x=1"
        request = http_request(body, TEXT_XML, SEND_ACTION, url=url)
        response = fake.transport.send(request)
        assert response.status == status
    assert [(call.operation, call.status) for call in fake.calls] == [
        ("", 404),
        ("", 404),
        ("SMS_Send", 200),
    ]


@pytest.mark.parametrize(
    "headers",
    [(), (("Content-Type", "application/xml"),), (("Content-Type", "text/plain"),)],
)
def test_another_type_is_not_supported(
    fake: FakeSms, headers: tuple[tuple[str, str], ...]
) -> None:
    """A document of another type, or of none, gets an empty answer."""
    request = http_request(send_document(), *headers, SEND_ACTION)
    response = fake.transport.send(request)
    assert (response.status, response.body) == (415, b"")
    assert response.reason == "Unsupported Media Type"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "text/xml"),
        (b"<a>", "text/xml"),
        (b"<a>\0</a>", "text/xml"),
        (b"<!DOCTYPE a><a/>", "text/xml"),
        (send_document(f"{NUMBER}<Message>a &#1;</Message>"), "text/xml"),
        (send_document(f"{NUMBER}<Message>a<!-- b --></Message>"), "text/xml"),
        (send_document(f"{NUMBER}<Message>a\xff</Message>"), "text/xml; charset=ascii"),
        (send_document(), "text/xml; charset=unheard-of"),
        (send_document(), "text/xml; charset=hex"),
        (b"<a>+2AA-</a>", "text/xml; charset=utf-7"),
        (b"<a>\xff</a>", "application/soap+xml"),
        (b"\xff\xfea", "text/xml"),
    ],
)
def test_what_cannot_be_read_is_a_bad_request(
    fake: FakeSms, body: bytes, content_type: str
) -> None:
    """What is not well-formed, not in its encoding or not allowed gets an empty answer."""
    response = post_send(fake, body, content_type)
    assert (response.status, response.body) == (400, b"")
    assert fake.calls[0].document == body


@pytest.mark.parametrize(
    ("encoding", "content_type", "read"),
    [
        ("utf-8", "text/xml; charset=utf-8", "\u00e9\u20ac"),
        ("utf-8", "text/xml; charset='UTF-8'", "\u00e9\u20ac"),
        ("cp1252", 'TEXT/XML;charset="windows-1252"', "\u00e9\u20ac"),
        ("utf-8", "text/xml", "?????"),
        ("utf-16", "text/xml", "\u00e9\u20ac"),
        ("utf-16-be", "text/xml; charset=utf-16-be", "\u00e9\u20ac"),
        ("utf-8-sig", "text/xml", "\u00e9\u20ac"),
        ("utf-8", NEW_TYPE.replace(" charset=utf-8;", ""), "\u00e9\u20ac"),
    ],
)
def test_the_encoding_decides_what_is_read(
    fake: FakeSms, encoding: str, content_type: str, read: str
) -> None:
    """Without a charset every byte beyond ASCII becomes a question mark; a mark goes first."""
    text = send_document(f"{NUMBER}<Message>\u00e9\u20ac</Message>").decode()
    response = post_send(fake, text.encode(encoding), content_type)
    assert response.status == 200
    (request,) = fake.calls_of(SEND)
    assert request.message == read


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ((), ""),
        ((("SOAPAction", '""'),), ""),
        ((("SOAPAction", '"urn:other"'),), "urn:other"),
        (
            (("SOAPAction", "http://api.myh2o.com/v20/sms_send"),),
            "http://api.myh2o.com/v20/sms_send",
        ),
    ],
)
def test_an_unknown_action_is_a_fault(
    fake: FakeSms, header: tuple[tuple[str, str], ...], told: str
) -> None:
    """A request that asks for nothing, or for what there is not, gets a fault that quotes it."""
    response = fake.transport.send(http_request(send_document(), TEXT_XML, *header))
    code, text = _fault(response)
    assert code == "soap:Client"
    sentence = "Server did not recognize the value of HTTP Header SOAPAction"
    assert text == f"{sentence}: {told}."
    assert [(call.operation, call.status) for call in fake.calls] == [("", 500)]


@pytest.mark.parametrize(
    "action",
    ["http://api.myh2o.com/v20/SMS_Send", ' "http://api.myh2o.com/v20/SMS_Send"'],
)
def test_an_action_may_be_unquoted(fake: FakeSms, action: str) -> None:
    """The action counts, with quotation marks or without."""
    request = http_request(send_document(), TEXT_XML, ("soapaction", action))
    assert fake.transport.send(request).status == 200


def test_the_new_version_has_its_action_in_the_type(fake: FakeSms) -> None:
    """SOAP 1.2 names the action in the type of the content, and the header does not matter."""
    assert post_send(fake, send_document(), NEW_TYPE).status == 200
    response = post_send(fake, send_document(), "application/soap+xml")
    code, text = _fault(response)
    assert code == "soap:Sender"
    assert text.startswith("Unable to handle request without a valid action parameter.")


@pytest.mark.parametrize(
    ("namespace", "content_type", "version"),
    [
        (SOAP12, TEXT_XML[1], SOAP11),
        ("urn:other", TEXT_XML[1], SOAP11),
        (SOAP11, NEW_TYPE, SOAP12),
    ],
)
def test_an_envelope_of_another_version_is_a_fault(
    fake: FakeSms, namespace: str, content_type: str, version: str
) -> None:
    """The envelope has to be of the version that the type of the content belongs to."""
    body = f'<s:Envelope xmlns:s="{namespace}"><s:Body/></s:Envelope>'.encode()
    response = post_send(fake, body, content_type)
    code, text = _fault(response)
    assert code == "soap:VersionMismatch"
    assert namespace in text
    assert etree.fromstring(response.body).tag == f"{{{version}}}Envelope"


def test_members_come_in_any_order_and_company(fake: FakeSms) -> None:
    """Unknown elements, attributes, comments and the order do not matter; the first wins."""
    members = (
        "<Message a='1'>Hel<![CDATA[lo]]></Message><x>1</x>"
        f"<!-- c -->{NUMBER}<ToNumber>1</ToNumber><CustomerID> 7 </CustomerID>"
        "<CustomerID>abc</CustomerID><Message xmlns='urn:other'>no</Message>"
        "<Profile a='1'><!-- none --><FromNumber/></Profile>"
    )
    assert post_send(fake, send_document(members)).status == 200
    (request,) = fake.calls_of(SEND)
    assert (request.to_number, request.message) == ("8504700000", "Hello")
    assert request.customer_id == 7
    assert request.profile is not None
    assert request.profile.from_number == ""


def test_a_nil_text_is_empty_and_a_nil_structure_is_none(fake: FakeSms) -> None:
    """A text that is marked as nil is an empty one, and a structure is not there."""
    nil = f'xmlns:xsi="{XSI}" xsi:nil="true"'
    members = (
        f"<ToNumber {nil}>8504700000</ToNumber><Message>a</Message><Profile {nil}/>"
    )
    post_send(fake, send_document(members))
    (request,) = fake.calls_of(SEND)
    assert request.to_number == ""
    assert request.profile is None


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        ("<CustomerID/>", "Input string was not in a correct format."),
        ("<CustomerID>abc</CustomerID>", "Input string was not in a correct format."),
        (
            f'<CustomerID xmlns:xsi="{XSI}" xsi:nil="1">7</CustomerID>',
            "Input string was not in a correct format.",
        ),
        ("<Debug>{0}</Debug>", "The string '{0}' is not a valid Boolean value."),
    ],
)
def test_an_unreadable_value_is_a_fault_with_its_place(
    fake: FakeSms, member: str, reason: str
) -> None:
    """The fault names line and column of the element, as an editor counts them."""
    body = send_document(f"{NUMBER}\n\u00e9 {member}<Message>a</Message>")
    code, text = _fault(post_send(fake, body))
    assert code == "soap:Client"
    assert text == (
        "Server was unable to read request. ---> There is an error in XML document (2, 3). "
        f"---> {reason}"
    )
    (call,) = fake.calls
    assert (call.operation, call.request) == ("SMS_Send", None)
    assert call.auth == USER
    assert fake.memory.sent == []


def test_another_element_has_no_members(fake: FakeSms) -> None:
    """An element of another name or namespace is not read, and so members are missing."""
    action = dict([CREATE_ACTION])["SOAPAction"]
    for body in (
        send_document(),
        create_document().replace(b"/v20", b"/v21"),
        create_document().replace(b"<Request>", b"<Request xmlns=''>"),
        f'<s:Envelope xmlns:s="{SOAP11}"><s:Body/></s:Envelope>'.encode(),
        f'<s:Envelope xmlns:s="{SOAP11}"/>'.encode(),
    ):
        headers = (TEXT_XML, ("SOAPAction", action))
        response = fake.transport.send(http_request(body, *headers))
        assert response.status == 200
        root = etree.fromstring(response.body)
        assert root.findtext(".//{*}Success") == "false"
    assert {call.operation for call in fake.calls} == {"SMSOptOut_Create"}
    assert fake.memory.opted_out == set()
