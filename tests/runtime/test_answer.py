"""Answers are opened in every shape that services give them, and refused in words."""

import copy
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import reading
from soapstone.runtime.answer import Members, open_answer
from soapstone.runtime.envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from soapstone.runtime.errors import MalformedResponse, SoapFault
from soapstone.runtime.source import AnswerShape

NAMESPACE = "http://api.myh2o.com/v20"
NAMESPACES = frozenset({NAMESPACE, "http://api.myh2o.com/"})
SECRETS = frozenset({"SessionKey", "Password"})
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _shape(operation: str, *bare_ampersands: str) -> AnswerShape:
    return AnswerShape(
        operation=operation,
        response=f"{operation}Response",
        result=f"{operation}Result",
        namespaces=NAMESPACES,
        secrets=SECRETS,
        bare_ampersands=frozenset(bare_ampersands),
    )


SEND = _shape("SMS_Send")
CREATE = _shape("SMSOptOut_Create", "SessionKey")

# As documented, to the letter.
SEND_ANSWER = """<SMS_SendResult>
<Header>
<Success>true</Success>
<SessionKey>xyzabc123</SessionKey>
</Header>
<ID>3939323</ID>
<Profile>
<SmsProfileID>1000</SmsProfileID>
<FromNumber>67312</FromNumber>
</Profile>
</SMS_SendResult>
"""
CREATE_ANSWER = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>true</Success>
<SessionKey>ASGJDHAGS%&^%&@!</SessionKey>
<Impersonated>false</Impersonated>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""
CREATE_FAILURE = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>false</Success>
<Message>'' is an invalid TN.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""


@dataclass(frozen=True)
class Header:
    """A structure, read as generated code reads it."""

    success: bool
    message: str | None = None
    session_key: str | None = None
    impersonated: bool | None = None
    error_code: str | None = None
    error_description: str | None = None


def _header(members: Members) -> Header:
    return Header(
        success=members.required_value("Success", reading.boolean),
        message=members.value("Message", reading.text),
        session_key=members.value("SessionKey", reading.text),
        impersonated=members.value("Impersonated", reading.boolean),
        error_code=members.value("Error_Code", reading.text),
        error_description=members.value("Error_Description", reading.text),
    )


def _profile(members: Members) -> tuple[int | None, str | None]:
    return (
        members.value("SmsProfileID", reading.integer),
        members.value("FromNumber", reading.text),
    )


def _open(content: str, shape: AnswerShape = SEND) -> Members:
    """The members of a result with a content."""
    members, _ = open_answer(
        f'<SMS_SendResult xmlns:xsi="{XSI}">{content}</SMS_SendResult>', shape
    )
    return members


def _refused(document: bytes | str, shape: AnswerShape = SEND) -> str:
    with pytest.raises(MalformedResponse) as caught:
        open_answer(document, shape)
    error = caught.value
    assert error.operation == shape.operation
    assert str(copy.copy(error)) == str(error)
    return f"expected {error.expected}, received {error.received}"


def _soap(content: str, namespace: str = SOAP11_NAMESPACE, prefix: str = "soap") -> str:
    name = f"{prefix}:" if prefix else ""
    declaration = f"xmlns:{prefix}" if prefix else "xmlns"
    return (
        f'<{name}Envelope {declaration}="{namespace}"><{name}Header><x/></{name}Header>'
        f"<{name}Body>{content}</{name}Body></{name}Envelope>"
    )


# Documented answers


def test_documented_send() -> None:
    """The documented answer of SMS_Send is read, without envelope and namespace."""
    members, repaired = open_answer(SEND_ANSWER, SEND)
    assert repaired == ()
    assert members.required_structure("Header", _header) == Header(
        success=True, session_key="xyzabc123"
    )
    assert members.required_value("ID", reading.integer) == 3939323
    assert members.structure("Profile", _profile) == (1000, "67312")


def test_documented_create() -> None:
    """The documented answer with bare ampersands is mended, and says so."""
    for document in (
        CREATE_ANSWER,
        CREATE_ANSWER.encode(),
        CREATE_ANSWER.encode("utf-16"),
    ):
        members, repaired = open_answer(document, CREATE)
        assert repaired == ("bare-ampersand",)
        assert members.structure("Header", _header) == Header(
            success=True, session_key="ASGJDHAGS%&^%&@!", impersonated=False
        )


def test_documented_failure() -> None:
    """The documented failure is read, with its nil element."""
    members, repaired = open_answer(CREATE_FAILURE.encode(), CREATE)
    assert repaired == ()
    assert members.structure("Header", _header) == Header(
        success=False,
        message="'' is an invalid TN.",
        error_code="S2010",
        error_description="Invalid input received.",
    )


def test_undeclared_defect() -> None:
    """Where no defect is declared, or another one is there too, nothing is mended."""
    trouble = "line 8, column 24: not well-formed (invalid token)"
    assert trouble in _refused(CREATE_ANSWER, _shape("SMSOptOut_Create"))
    assert trouble in _refused(CREATE_ANSWER, _shape("SMSOptOut_Create", "Message"))
    broken = CREATE_ANSWER.replace("</Header>", "")
    assert trouble in _refused(broken, CREATE)
    undefined = CREATE_ANSWER.replace("&^%&@", "&oops;")
    assert "undefined entity" in _refused(undefined, CREATE)


# Shapes


@pytest.mark.parametrize("namespace", [SOAP11_NAMESPACE, SOAP12_NAMESPACE, None])
@pytest.mark.parametrize("prefix", ["soap", "SOAP-ENV", ""])
@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize(
    "own", ["{}", "x:{}", "y:{}", "{} xmlns='http://api.myh2o.com/'"]
)
def test_shapes(namespace: str | None, prefix: str, own: str, *, wrapped: bool) -> None:
    """Every envelope, wrapper, prefix and documented namespace gives the same members."""

    def element(name: str, content: str) -> str:
        start = own.format(name)
        return f"<{start}>{content}</{start.partition(' ')[0]}>"

    content = element("SMS_SendResult", element("ID", "5"))
    if wrapped:
        content = element("SMS_SendResponse", content)
    declared = (
        "xmlns='' xmlns:x='http://api.myh2o.com/' xmlns:y='http://api.myh2o.com/v20'"
    )
    document = re.sub("^<([^ />]+)", rf"<\1 {declared}", content)
    if "xmlns='http" in own:
        document = document.replace("xmlns='' ", "", 1)
    if namespace:
        document = _soap(document, namespace, prefix)
    etree.fromstring(document)
    members, _ = open_answer(document, SEND)
    assert members.value("ID", reading.integer) == 5


@pytest.mark.parametrize(
    "document",
    [
        f"\ufeff{SEND_ANSWER}".encode(),
        f"<!-- a --><?b c?>{SEND_ANSWER}<!-- d -->",
        bytearray(SEND_ANSWER.encode()),
        memoryview(SEND_ANSWER.encode()),
        SEND_ANSWER.replace("3939323", "<![CDATA[3939]]><!-- x -->323"),
        SEND_ANSWER.replace("<ID>", '<ID a="1" xsi:type="int" xmlns:xsi="urn:any">'),
        SEND_ANSWER.replace("<ID>", '<x:ID xmlns:x="urn:foreign">x</x:ID>stray<ID>'),
        SEND_ANSWER.replace("<ID>", "<Debug><ID>1</ID></Debug><Debug/><ID>"),
        f"<SMS_SendResponse><Extra/>{SEND_ANSWER}</SMS_SendResponse>",
    ],
)
def test_tolerated(document: bytes) -> None:
    """What is not documented but harmless is passed over."""
    members, _ = open_answer(document, SEND)
    assert members.value("ID", reading.integer) == 3939323


@pytest.mark.parametrize("document", [None, 5, ["<a/>"], object()])
def test_no_document(document: bytes) -> None:
    """What is neither bytes nor text is a mistake of the program."""
    with pytest.raises(TypeError, match="must be bytes or str, not"):
        open_answer(document, SEND)


# Refusals


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "element SMS_SendResult, received an empty document"),
        ("\ufeff", "received an empty document"),
        (b" \n", "received white space only"),
        ("<!DOCTYPE html><html></html>", "received an HTML page"),
        ("<html xmlns='http://www.w3.org/1999/xhtml'/>", "received an HTML page"),
        ('{"Success": true}', "received JSON"),
        ("Bad Gateway", "received plain text"),
        (SEND_ANSWER[:100], "received a document that stops before its end"),
        ("<!DOCTYPE a><SMS_SendResult/>", "received a document with a DOCTYPE"),
        ("<a>" * 300 + "</a>" * 300, "received elements nested deeper than 256"),
        (b"\x80", "received a document that is not in its encoding utf-8 (byte 1)"),
        (
            "<SMSOptOut_CreateResponse/>",
            "element SMS_SendResult, received element SMSOptOut_CreateResponse, which is the answer to SMSOptOut_Create",
        ),
        (
            _soap(f"<SMSOptOut_CreateResult xmlns='{NAMESPACE}'/>"),
            "received element SMSOptOut_CreateResult, which is the answer to SMSOptOut_C",
        ),
        (
            "<SMS_SendResponse><a:OtherResult xmlns:a='urn:x'/></SMS_SendResponse>",
            "received element OtherResult, which is the answer to Other",
        ),
        (
            "<SMS_SendResponse/>",
            "received element SMS_SendResponse with nothing inside",
        ),
        ("<SMS_Send/>", "received element SMS_Send"),
        ("<SMS_SendResult nil='1'/>", "element SMS_SendResult, received a nil one"),
        (f"<{'a' * 9999}/>", f"received element {'a' * 100}"),
        (
            "<SMS_SendResult xmlns='urn:x'/>",
            "element SMS_SendResult in a documented namespace, received element SMS_SendResult in the namespace 'urn:x'",
        ),
        (
            "<SMS_SendResponse xmlns='urn:x'><SMS_SendResult/></SMS_SendResponse>",
            "received element SMS_SendResponse in the namespace 'urn:x'",
        ),
        (
            "<SMS_SendResponse><SMS_SendResult xmlns='urn:x'/></SMS_SendResponse>",
            "received element SMS_SendResult in the namespace 'urn:x'",
        ),
        (
            "<SMS_SendResponse><SMS_SendResult/><SMS_SendResult/></SMS_SendResponse>",
            "one element SMS_SendResult, received 2 of them",
        ),
        (
            _soap(SEND_ANSWER, "urn:soap"),
            "a SOAP 1.1 or 1.2 envelope, received element Envelope in the namespace 'urn:",
        ),
        ("<Envelope/>", "received element Envelope without a namespace"),
        (
            f"<Envelope xmlns='{SOAP11_NAMESPACE}'/>",
            "an envelope with one Body, received one without",
        ),
        (
            f"<Envelope xmlns='{SOAP11_NAMESPACE}'><Body/><Body/></Envelope>",
            "an envelope with one Body, received one with 2",
        ),
        (_soap(""), "element SMS_SendResult, received an empty Body"),
        (_soap(" text "), "received an empty Body"),
        (_soap("<SMS_SendResult/><x/>"), "received a Body with 2 elements"),
        (_soap("<x/>"), "element SMS_SendResult, received element x"),
    ],
)
def test_refusals(document: bytes | str, sentence: str) -> None:
    """A wrong answer is refused with what was expected and what came."""
    assert sentence in _refused(document)


def test_start_of_document() -> None:
    """The error keeps the beginning of the document, without its secrets."""
    with pytest.raises(MalformedResponse) as caught:
        open_answer("<a><SessionKey>S3CRET</SessionKey>b</a>", SEND)
    assert caught.value.start == "<a><SessionKey>***</SessionKey>b</a>"
    assert "S3CRET" not in str(caught.value)
    assert caught.value.__context__ is None


# Faults


FAULT11 = (
    "<soap:Fault xmlns:soap='{}'><faultcode> soap:Server\n</faultcode>"
    "<faultstring>Broken. ---&gt; Twice.</faultstring><faultactor>urn:me</faultactor>"
    "<detail>a &amp; b<x:why xmlns:x='urn:x' y='1'>c</x:why></detail></soap:Fault>"
)
FAULT12 = (
    "<Fault xmlns='{}'><Code><Value>soap:Receiver</Value><Subcode><Value>x</Value>"
    "</Subcode></Code><Reason><Text xml:lang='en'>Broken.</Text><Text xml:lang='de'>Kaputt."
    "</Text></Reason><Role>urn:me</Role><Detail><why xmlns=''>c</why></Detail></Fault>"
)


def _fault(document: bytes | str, shape: AnswerShape = SEND) -> SoapFault:
    with pytest.raises(SoapFault) as caught:
        open_answer(document, shape)
    assert caught.value.operation == shape.operation
    return caught.value


@pytest.mark.parametrize("own", [SOAP11_NAMESPACE, SOAP12_NAMESPACE, "bare"])
@pytest.mark.parametrize("around", [SOAP11_NAMESPACE, SOAP12_NAMESPACE, None])
@pytest.mark.parametrize("beside", ["", "<x/>"])
def test_faults(own: str, around: str | None, beside: str) -> None:
    """Faults of both versions are read in envelopes of both versions and without any."""
    for template in (FAULT11, FAULT12):
        document = template.format(own)
        if own == "bare":
            document = document.replace("xmlns='bare'", "").replace(
                "soap:Fault", "Fault"
            )
            document = document.replace("xmlns:soap='bare'", "")
        if around:
            document = _soap(beside + document, around)
        fault = _fault(document)
        assert fault.actor == "urn:me"
        assert fault.detail is not None
        if template is FAULT11:
            assert (fault.code, fault.text) == ("soap:Server", "Broken. ---> Twice.")
            root = etree.fromstring(f"<r>{fault.detail}</r>")
            assert etree.tostring(root, method="c14n2", strip_text=False) == (
                b'<r>a &amp; b<ns0:why xmlns:ns0="urn:x" y="1">c</ns0:why></r>'
            )
        else:
            assert (fault.code, fault.text) == ("soap:Receiver", "Broken.")
            assert fault.detail == "<why>c</why>"


def test_empty_fault() -> None:
    """A fault without its members is a fault still."""
    fault = _fault("<Fault/>")
    assert (fault.code, fault.text, fault.actor, fault.detail) == ("", "", None, None)
    fault = _fault("<Fault><faultcode/><faultactor/><detail/></Fault>")
    assert (fault.code, fault.text, fault.actor, fault.detail) == ("", "", "", "")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            (
                "Server was unable to read request. ---> There is an error in XML document "
                "(3, 14). ---> Input string was not in a correct format."
            ),
            (3, 14),
        ),
        ("There is an error in XML document (1, 100000).", (1, 100000)),
        (
            "Unexpected end tag. Line 3, position 14.",
            (3, 14),
        ),
        ("unexpected token (line 3, column 14)", (3, 14)),
        ("XML document (3, 14): at line 5, position 6", (3, 14)),
        ("There is an error in XML document (0, 0).", (None, None)),
        (f"There is an error in XML document ({'9' * 10}, 1).", (None, None)),
        (f"There is an error in XML document (1, {'9' * 10}).", (None, None)),
        ("There is an error in XML document (3, x).", (None, None)),
        ("Order (3, 14) is not known.", (None, None)),
        ("Pipeline 3, position 14", (None, None)),
        ("The deadline 3 passed.", (None, None)),
        ("", (None, None)),
    ],
)
@pytest.mark.parametrize("template", ["11", "12"])
def test_places_in_faults(
    text: str, place: tuple[int | None, int | None], template: str
) -> None:
    """A fault that names the place of a bad value has it in numbers."""
    content = text.replace(">", "&gt;")
    members = f"<faultstring>{content}</faultstring>"
    if template == "12":
        members = f"<Reason><Text>{content}</Text></Reason>"
    fault = _fault(f"<Fault>{members}</Fault>")
    assert (fault.line, fault.column) == place
    assert fault.text == text


def test_fault_of_a_stranger() -> None:
    """A Fault in another namespace is no SOAP fault."""
    assert "received element Fault" in _refused("<Fault xmlns='urn:x'/>")


def test_secrets_in_faults() -> None:
    """A fault that quotes the request shows no secret, and no more than is useful."""
    echo = "<r><Password>S3CRET</Password></r>"
    quoted = echo.replace("<", "&lt;").replace(">", "&gt;")
    fault = _fault(
        f"<Fault><faultcode>{quoted}</faultcode><faultstring>{quoted}</faultstring>"
        f"<faultactor>{quoted}</faultactor><detail>{quoted}{echo}{'x' * 5000}"
        f"<![CDATA[{echo}]]></detail></Fault>"
    )
    shown = [fault.code, fault.text, str(fault.actor), str(fault.detail), str(fault)]
    assert "S3CRET" not in "".join(shown)
    assert fault.text == "<r><Password>***</Password></r>"
    assert len(str(fault.detail)) == 2000


# Members


@pytest.mark.parametrize(
    "attribute",
    [
        f'n:nil="true" xmlns:n="{XSI}"',
        f'n:nil=" 1&#10;" xmlns:n="{XSI}"',
        'nil="true"',
        'n:null="1" xmlns:n="http://www.w3.org/1999/XMLSchema-instance"',
        'n:nil="true" xmlns:n="http://www.w3.org/2000/10/XMLSchema-instance"',
        'n:null="true" xmlns:n="http://www.w3.org/2000/10/XMLSchema-instance"',
    ],
)
def test_nil(attribute: str) -> None:
    """Nil in every spelling is None for what is optional and missing for what is not."""
    members = _open(f"<a {attribute}>5</a>")
    assert members.value("a", reading.integer) is None
    assert members.structure("a", _profile) is None
    assert members.values("a", "b", reading.text) is None
    assert members.structures("a", "b", _profile) is None
    for read in (
        lambda: members.required_value("a", reading.integer),
        lambda: members.required_structure("a", _header),
        lambda: members.required_values("a", "b", reading.text),
        lambda: members.required_structures("a", "b", _profile),
        lambda: members.refuse_nil("a"),
    ):
        with pytest.raises(MalformedResponse) as caught:
            read()
        assert "expected element SMS_SendResult/a, received a nil one" in str(
            caught.value
        )


@pytest.mark.parametrize(
    "attribute",
    [
        f'n:nil="false" xmlns:n="{XSI}"',
        f'n:nil="TRUE" xmlns:n="{XSI}"',
        'n:nil="true" xmlns:n="urn:x"',
        f'n:null="true" xmlns:n="{XSI}"',
        'n:nil="true" xmlns:n="http://www.w3.org/1999/XMLSchema-instance"',
        'null="true"',
    ],
)
def test_not_nil(attribute: str) -> None:
    """What only looks like nil is an attribute like any other."""
    assert _open(f"<a {attribute}>5</a>").value("a", reading.integer) == 5


def test_absent() -> None:
    """What is absent is None, what is empty is empty."""
    members = _open("<empty/><list/>")
    assert members.value("a", reading.text) is None
    assert members.structure("a", _profile) is None
    assert members.values("a", "b", reading.text) is None
    assert members.structures("a", "b", _profile) is None
    assert members.repeated_values("a", reading.text) == ()
    assert members.repeated_structures("a", _profile) == ()
    assert members.value("empty", reading.text) == ""
    assert members.structure("empty", _profile) == (None, None)
    assert members.values("list", "b", reading.text) == ()
    assert members.structures("list", "b", _profile) == ()


def test_lists() -> None:
    """Items are read in order, with or without wrapper, past what is unknown."""
    number = "<TN>{}</TN><x/>"
    numbers = "".join(map(number.format, range(3)))
    members = _open(
        f"{numbers}<TNs>{numbers}</TNs><Ps><P><FromNumber>7</FromNumber></P></Ps>"
    )
    assert members.repeated_values("TN", reading.integer) == (0, 1, 2)
    assert members.values("TNs", "TN", reading.text) == ("0", "1", "2")
    assert members.structures("Ps", "P", _profile) == ((None, "7"),)
    assert members.required_values("TNs", "TN", reading.text) == ("0", "1", "2")
    assert members.required_structures("Ps", "P", _profile) == ((None, "7"),)
    members.require("TNs", "Ps")
    assert members.repeated_structures("Ps", _profile) == ((None, None),)


def _list_of_lists(members: Members) -> tuple[int, ...]:
    return members.repeated_values("b", reading.integer)


Read = Callable[[Members], object]


@pytest.mark.parametrize(
    ("content", "read", "sentence"),
    [
        (
            "",
            lambda members: members.required_value("ID", reading.integer),
            "expected element SMS_SendResult/ID, received none",
        ),
        (
            "<ID/><ID/>",
            lambda members: members.value("ID", reading.text),
            "expected one element SMS_SendResult/ID, received 2 of them",
        ),
        (
            "<P/><x:P xmlns:x='http://api.myh2o.com/'/>",
            lambda members: members.structure("P", _profile),
            "expected one element SMS_SendResult/P, received 2 of them",
        ),
        (
            "<ID>abc</ID>",
            lambda members: members.value("ID", reading.integer),
            "expected a 32-bit integer in SMS_SendResult/ID, received 'abc'",
        ),
        (
            "<ID> </ID>",
            lambda members: members.value("ID", reading.integer),
            "expected a 32-bit integer in SMS_SendResult/ID, received an empty element",
        ),
        (
            f"<ID>{'9' * 999}</ID>",
            lambda members: members.value("ID", reading.long),
            f"SMS_SendResult/ID, received '{'9' * 50}...'",
        ),
        (
            "<ID>&lt;Password>S3CRET</ID>",
            lambda members: members.value("ID", reading.integer),
            "received '<Password>***'",
        ),
        (
            "<SessionKey>S3CRET</SessionKey>",
            lambda members: members.value("SessionKey", reading.integer),
            "a 32-bit integer in SMS_SendResult/SessionKey, received a value that is secret",
        ),
        (
            "<SessionKey><FromNumber/><SmsProfileID>S3CRET</SmsProfileID></SessionKey>",
            lambda members: members.repeated_structures("SessionKey", _profile),
            "in SMS_SendResult/SessionKey[1]/SmsProfileID, received a value that is secret",
        ),
        (
            "<Profile><SmsProfileID>x</SmsProfileID></Profile>",
            lambda members: members.required_structure("Profile", _profile),
            "a 32-bit integer in SMS_SendResult/Profile/SmsProfileID, received 'x'",
        ),
        (
            "<TNs><TN>1</TN><TN/></TNs>",
            lambda members: members.values("TNs", "TN", reading.integer),
            "a 32-bit integer in SMS_SendResult/TNs/TN[2], received an empty element",
        ),
        (
            "<TNs><TN>1</TN><TN xsi:nil='true'/></TNs>",
            lambda members: members.values("TNs", "TN", reading.text),
            "expected element SMS_SendResult/TNs/TN[2], received a nil one",
        ),
        (
            "<a><b>1</b></a><a><b>1</b><b>x</b></a>",
            lambda members: members.repeated_structures("a", _list_of_lists),
            "a 32-bit integer in SMS_SendResult/a[2]/b[2], received 'x'",
        ),
        (
            "<l><a/><a xsi:nil='1'/></l>",
            lambda members: members.structures("l", "a", _profile),
            "expected element SMS_SendResult/l/a[2], received a nil one",
        ),
    ],
)
def test_unreadable_members(content: str, read: Read, sentence: str) -> None:
    """The error says where, what was expected and what came, but never a secret."""
    with pytest.raises(MalformedResponse) as caught:
        read(_open(content))
    assert sentence in str(caught.value)
    assert "S3CRET" not in str(caught.value)
    assert caught.value.start.startswith("<SMS_SendResult")
    assert caught.value.__context__ is None


@given(st.randoms(use_true_random=False), st.lists(st.text(alphabet="AbZ"), max_size=5))
def test_order_does_not_matter(shuffle: random.Random, unknown: list[str]) -> None:
    """Members are read in any order, among any unknown elements."""
    elements = ["<Success>true</Success>", "<Message> m </Message>", "<Error_Code/>"]
    elements += [f"<x{name}>1</x{name}>" for name in unknown]
    shuffle.shuffle(elements)
    members = _open(f"<Header>{'<!-- -->'.join(elements)}</Header>")
    assert members.required_structure("Header", _header) == Header(
        success=True, message=" m ", error_code=""
    )


@given(
    st.binary(max_size=80)
    | st.text(alphabet="<>/SMS_SendResult &;'\"=![]-?x", max_size=80)
    | st.integers(0, len(CREATE_ANSWER)).map(lambda cut: CREATE_ANSWER[:cut])
)
def test_any_document(document: bytes | str) -> None:
    """Any document gives an answer or a typed error, which shows no secret."""
    message = ""
    try:
        open_answer(document, CREATE)
    except (MalformedResponse, SoapFault) as error:
        message = str(error)
    assert "ASGJD" not in message


def test_readers_see_texts() -> None:
    """A reader is any function of a text."""
    assert _open("<a> b</a>").value("a", str.upper) == " B"


def test_text_around() -> None:
    """Text around unknown elements, comments and CDATA counts as one text."""
    members = _open("<x> a<y>no</y>b<!-- no --><z/><?no no?><![CDATA[&c]]></x>")
    assert members.value("x", reading.text) == " ab&c"
    assert _open("<x> 1<y/>2 </x>").value("x", reading.integer) == 12


def test_no_result_element() -> None:
    """Where the response has no result inside, its own members are read."""
    shape = AnswerShape(
        operation="Get",
        response="GetResponse",
        result="GetResponse",
        namespaces=NAMESPACES,
        secrets=SECRETS,
    )
    for document in (
        "<GetResponse><ID>5</ID></GetResponse>",
        _soap(f"<GetResponse xmlns='{NAMESPACE}'><ID>5</ID></GetResponse>"),
    ):
        members, _ = open_answer(document, shape)
        assert members.value("ID", reading.integer) == 5
    assert "expected element GetResponse, received element GetResult" in _refused(
        "<GetResult/>", shape
    )
