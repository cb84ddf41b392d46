"""What is no answer is refused: quickly, with an error that says what came, and no other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest
import revio_documents as page
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from revio import (
    ApiError,
    MalformedResponse,
    RevioError,
    SoapFault,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)

EVERY_ANSWER = list(page.ANSWERS.values())
NAMES = list(page.ANSWERS)


@contextmanager
def quickly(seconds: float = 2) -> Iterator[None]:
    """Fail when the body takes longer than anybody would wait.

    The machine may be busy, so it is the time of this process that counts.
    """
    start = time.process_time()
    yield
    assert time.process_time() - start < seconds


def refused(operation: ModuleType, document: bytes | str) -> MalformedResponse:
    """The error of a document that is no answer, which has all its parts."""
    with pytest.raises(MalformedResponse) as caught:
        operation.parse_response(document)
    error = caught.value
    assert error.operation
    assert error.expected
    assert error.received
    assert isinstance(error.start, str)
    assert len(error.start) <= 300
    assert error.expected in str(error)
    assert error.received in str(error)
    return error


# Another operation


@pytest.mark.parametrize("asked", page.OPERATIONS)
@pytest.mark.parametrize("came", page.OPERATIONS)
@pytest.mark.parametrize("around", ["", page.SOAP11, page.SOAP12])
@pytest.mark.parametrize("wrapper", [True, False])
def test_an_answer_to_another_operation(
    asked: str, came: str, around: str, wrapper: bool
) -> None:
    """An answer to another operation is refused with both wire names in the message."""
    payload = f'<{came}Result xmlns="{page.V20}"><Header><Success>true</Success></Header></{came}Result>'
    if wrapper:
        payload = f'<{came}Response xmlns="{page.V20}">{payload}</{came}Response>'
    document = page.envelope(payload, around) if around else payload.encode()
    if came == asked:
        assert page.OPERATIONS[asked].parse_response(document).header.success is True
        return
    error = refused(page.OPERATIONS[asked], document)
    assert error.operation == asked
    assert asked in str(error)
    assert came in error.received


@pytest.mark.parametrize(
    ("operation", "document", "came"),
    [
        (sms_send, page.CREATE_ONE_INVALID, "SMSOptOut_Create"),
        (sms_send, page.DELETE_ONE_INVALID, "SMSOptOut_Delete"),
        (sms_opt_out_create, page.DELETE_SUCCESS, "SMSOptOut_Delete"),
        (sms_opt_out_create, page.SEND_SUCCESS, "SMS_Send"),
        (sms_opt_out_delete, page.CREATE_SUCCESS, "SMSOptOut_Create"),
        (sms_opt_out_delete, page.SEND_SUCCESS, "SMS_Send"),
    ],
)
def test_a_documented_answer_to_another_operation(
    operation: ModuleType, document: bytes, came: str
) -> None:
    """So is each documented answer, a failure as well, which must not pass as an ApiError."""
    assert came in refused(operation, document).received


# What is no XML of ours


@pytest.mark.parametrize(
    "operation", page.OPERATIONS.values(), ids=list(page.OPERATIONS)
)
@pytest.mark.parametrize(
    "document",
    [
        b"",
        "",
        b" \r\n\t",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xff\xfe<",
        b"\0",
        b"\0\0\0\0",
        b"<",
        b"<?xml",
        b'<?xml version="1.0"?>',
        b"<a",
        b"<a>",
        b"<a/>",
        b"<a/><b/>",
        b"<!-- only a comment -->",
        b"null",
        b'{"Success": true}',
        b"Bad Request",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\x1f\x8b\x08\x00",
        b"<!DOCTYPE html><html><head><title>502</title></head><body>Bad Gateway</body></html>",
        b"<html><body><form action='/login'/></body></html>",
        b"<html><br></html>",
        page.envelope(""),
        page.envelope("text"),
        page.envelope("<a/><b/>"),
        page.envelope("<a/>", "urn:not-soap"),
        page.envelope("<a/>").replace(b"soap:Body", b"soap:Bodies"),
        f'<s:Envelope xmlns:s="{page.SOAP11}"/>'.encode(),
        b"<Envelope><Body/></Envelope>",
        b'<a:b xmlns:a=""/>',
        b"<undeclared:a/>",
        b'<a b="1" b="2"/>',
        "\udcff",
        "\0" * 10,
    ],
    ids=ascii,
)
def test_what_is_no_answer(operation: ModuleType, document: bytes | str) -> None:
    """Anything else is refused in words, with the beginning of what came."""
    error = refused(operation, document)
    if isinstance(document, bytes) and document.isascii() and document.isalpha():
        assert error.start == document.decode()


@pytest.mark.parametrize("kind", [bytearray, memoryview])
def test_a_document_in_a_buffer(kind: Callable[[bytes], bytes]) -> None:
    """A buffer is read like the bytes that it holds, if it is taken at all."""
    try:
        answer = sms_send.parse_response(kind(page.SEND_SUCCESS))
    except (RevioError, TypeError):
        return
    assert answer == sms_send.parse_response(page.SEND_SUCCESS)


@pytest.mark.parametrize(
    "namespace",
    [
        "urn:foreign",
        "http://api.myh2o.com",
        "http://api.myh2o.com/v20/",
        "http://api.myh2o.com/v21",
    ],
)
def test_a_foreign_namespace(namespace: str) -> None:
    """A response, a result or a header in a foreign namespace is not the documented one."""
    refused(
        sms_opt_out_create,
        page.CREATE_SUCCESS.replace(page.V20.encode(), namespace.encode()),
    )
    inside = page.send_answer(attributes=f' xmlns="{namespace}"')
    refused(sms_send, inside)
    refused(sms_send, b"<SMS_SendResponse>" + inside + b"</SMS_SendResponse>")
    header = f'<Header xmlns="{namespace}"><Success>true</Success></Header>'
    refused(sms_send, f"<SMS_SendResult>{header}</SMS_SendResult>")


def test_two_results() -> None:
    """Two results or two bodies are no answer."""
    once = page.send_answer().decode()
    refused(sms_send, f"<SMS_SendResponse>{once}{once}</SMS_SendResponse>")
    refused(sms_send, page.envelope(once + once))
    twice = page.envelope(once).replace(
        b"</soap:Body>", b"</soap:Body><soap:Body>" + once.encode() + b"</soap:Body>"
    )
    refused(sms_send, twice)


# Attacks


def with_doctype(doctype: str, document: bytes) -> bytes:
    """A document with a document type declaration before its root."""
    declaration, end, rest = document.rpartition(b"?>")
    return declaration + end + doctype.encode() + rest


LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12)
)


@pytest.mark.parametrize(
    ("doctype", "message"),
    [
        ("<!DOCTYPE SMS_SendResult>", "x"),
        ("<!DOCTYPE SMS_SendResult []>", "x"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd">', "x"),
        ('<!DOCTYPE a PUBLIC "-//A//B" "http://127.0.0.1:9/a.dtd">', "x"),
        ('<!DOCTYPE a [<!ENTITY e "EXPANDED">]>', "&e;"),
        ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>', "&e;"),
        ('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>', "x"),
        ('<!DOCTYPE a [<!ATTLIST Success a CDATA "EXPANDED">]>', "x"),
        (f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>', "&l11;"),
        (f'<!DOCTYPE a [<!ENTITY big "{"A" * 100_000}">]>', "&big;" * 20_000),
    ],
    ids=[
        "empty",
        "internal",
        "system",
        "public",
        "entity",
        "external",
        "parameter",
        "attlist",
        "laughs",
        "blowup",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type(doctype: str, message: str, encoding: str) -> None:
    """A document type is refused at once; no entity is expanded and nothing is looked up."""
    bare = page.send_answer(f"<Success>1</Success><Message>{message}</Message>")
    for operation, document in (
        (sms_send, with_doctype(doctype, bare)),
        (
            sms_opt_out_create,
            with_doctype(
                doctype,
                page.create_answer(f"<Success>1</Success><Message>{message}</Message>"),
            ),
        ),
    ):
        text = document.decode().replace('encoding="utf-8"', f'encoding="{encoding}"')
        with quickly():
            error = refused(operation, text.encode(encoding))
        assert "hahaha" not in str(error)
        assert error.received.count("EXPANDED") == 0


def test_the_word_doctype_is_no_document_type() -> None:
    """A comment or a text may talk about a document type."""
    header = "<!-- <!DOCTYPE a> --><Success>1</Success><Message><![CDATA[<!DOCTYPE a>]]></Message>"
    answer = sms_send.parse_response(page.send_answer(header))
    assert answer.header.message == "<!DOCTYPE a>"


@pytest.mark.parametrize(
    "entity", ["&nbsp;", "&euro;", "&e;", "&LT;", "&#;", "&#x;", "&#xZ;"]
)
def test_an_undefined_entity(entity: str) -> None:
    """A reference to what XML does not define is refused."""
    document = page.send_answer(f"<Success>1</Success><Message>{entity}</Message>")
    refused(sms_send, document)


@pytest.mark.parametrize("depth", [10_000, 100_000])
@pytest.mark.parametrize("end", [True, False])
@pytest.mark.parametrize(
    "place",
    ["{}", "<SMS_SendResult><Header><Success>1</Success>{}</Header></SMS_SendResult>"],
)
def test_deep_nesting(
    depth: int,
    end: bool,
    place: str,
) -> None:
    """Elements in each other by the thousand are refused before anything suffers."""
    nested = "<a>" * depth + ("</a>" * depth if end else "")
    with quickly():
        refused(sms_send, place.format(nested))


@pytest.mark.parametrize(
    "operation", page.OPERATIONS.values(), ids=list(page.OPERATIONS)
)
def test_deep_nesting_everywhere(operation: ModuleType) -> None:
    """So are they in an envelope, in a fault and around the answer."""
    nested = "<a>" * 50_000 + "</a>" * 50_000
    around = "<a>" * 50_000 + page.send_answer().decode() + "</a>" * 50_000
    with quickly():
        refused(operation, page.envelope(nested))
        refused(operation, page.envelope(around))
    with quickly(), pytest.raises(RevioError):
        operation.parse_response(
            page.fault(f"<faultstring>x</faultstring><detail>{nested}</detail>")
        )


MEGABYTES = 10_000_000


@pytest.mark.parametrize(
    "make",
    [
        lambda: f'<SMS_SendResult a="{"x" * MEGABYTES}"><Header><Success>1</Success></Header></SMS_SendResult>',
        lambda: f'<SMS_SendResult a="{"x" * MEGABYTES}',
        lambda: f"<{'x' * MEGABYTES}/>",
        lambda: f"<SMS_SendResult><Header><Success>{'1' * MEGABYTES}</Success></Header></SMS_SendResult>",
        lambda: f"<SMS_SendResult><Header><Success>1</Success></Header><ID>{'0' * MEGABYTES}x</ID></SMS_SendResult>",
        lambda: f"<SMS_SendResult><!--{'-x' * (MEGABYTES // 2)}",
        lambda: "<" * (MEGABYTES // 10),
        lambda: "&" * (MEGABYTES // 10),
        lambda: "<SessionKey>" + "&" * (MEGABYTES // 10),
        lambda: "<SessionKey>&</SessionKey>" * (MEGABYTES // 100),
        lambda: "<SessionKey a='" * (MEGABYTES // 100),
        lambda: "<!--" * (MEGABYTES // 100),
        lambda: "<![CDATA[" * (MEGABYTES // 100),
        lambda: "<a b='c' " * (MEGABYTES // 100),
        lambda: "&lt;Password a=&quot;" * (MEGABYTES // 100),
    ],
    ids=[
        "attribute",
        "open-attribute",
        "name",
        "value",
        "number",
        "comment",
        "less",
        "ampersands",
        "key-ampersands",
        "many-keys",
        "open-keys",
        "comments",
        "sections",
        "attributes",
        "escaped",
    ],
)
@pytest.mark.parametrize(
    "operation", [sms_send, sms_opt_out_create], ids=["send", "create"]
)
def test_large_documents(make: Callable[[], str], operation: ModuleType) -> None:
    """Megabytes of anything are read or refused in little time."""
    document = make()
    with quickly(5):
        try:
            operation.parse_response(document)
        except RevioError as error:
            shown = len(str(error))
        else:
            shown = 0
    assert shown < 5_000


@pytest.mark.parametrize(
    "echo",
    [
        "&lt;Password a=&quot;",
        "&lt;Password&gt;&lt;/Password&gt;",
        "&lt;Password a=&quot;&#039;",
        "&amp;lt;Debug a='",
        "Password=\"'",
        "Password='\\",
        "&lt;Debug&gt;&lt;!--",
        "&lt;Debug " + "a='' " * 20,
        "&#39;&quot;",
        "&lt;a:" * 3,
    ],
)
def test_large_faults(echo: str) -> None:
    """A fault that quotes a megabyte of markup is masked in little time."""
    inside = echo * (400_000 // len(echo))
    document = page.fault(
        f"<faultcode>a</faultcode><faultstring>{inside}</faultstring><detail>{inside}</detail>"
    )
    with quickly(), pytest.raises(SoapFault):
        sms_opt_out_create.parse_response(document)


# Truncation


@pytest.mark.parametrize(("operation", "document"), EVERY_ANSWER, ids=NAMES)
def test_truncation_at_every_byte(operation: ModuleType, document: bytes) -> None:
    """A documented answer cut anywhere is malformed; only its last line end may be missing."""
    whole = len(document.rstrip())
    for length in range(whole):
        error = refused(operation, document[:length])
        assert document.decode().startswith(error.start.split("***")[0])
    for length in range(whole, len(document)):
        answer = operation.parse_response(document[:length], check=False)
        assert answer == operation.parse_response(document, check=False)


@pytest.mark.parametrize(("operation", "document"), EVERY_ANSWER, ids=NAMES)
def test_truncation_of_utf_16(operation: ModuleType, document: bytes) -> None:
    """So is one in UTF-16, also where the cut goes through a character."""
    encoded = document.decode().strip().replace("utf-8", "utf-16").encode("utf-16")
    for length in range(0, len(encoded), 3):
        refused(operation, encoded[:length])
    refused(operation, encoded[:-1])
    operation.parse_response(encoded, check=False)


# Fuzzing

KNOWN = {"", page.BARE, page.V20}


def members(element: etree._Element, name: str) -> list[etree._Element]:
    """The members of a name that a structure has, in a known namespace or none."""
    return [
        child
        for child in element
        if isinstance(child.tag, str)
        and child.tag.rpartition("}")[2] == name
        and child.tag.rpartition("}")[0].lstrip("{") in KNOWN
    ]


def text_of(element: etree._Element, name: str) -> str | None:
    """The text of a member as lxml sees it; None when it is absent or nil."""
    found = members(element, name)
    if not found:
        return None
    (member,) = found
    nil = member.get(f"{{{page.SCHEMA_INSTANCE}}}nil", "").strip()
    return None if nil in {"true", "1"} else "".join(member.xpath("text()"))


def agree(operation: ModuleType, document: bytes) -> str:
    """Parse anything; when another parser reads it too, both must have read the same."""
    try:
        answer = operation.parse_response(document, check=False)
    except RevioError as error:
        return type(error).__name__ if str(error) else "an error without a text"
    if answer.repaired:
        return "repaired"
    try:
        root = page.tree(document)
    except etree.XMLSyntaxError:
        return "accepted by us only"
    headers = [
        header
        for header in root.iter("{*}Header")
        if header.getparent() is not None
        and str(header.getparent().tag).endswith("Result")
    ]
    header = next(each for each in headers if members(each, "Success"))
    assert answer.header.message == text_of(header, "Message")
    assert answer.header.session_key == text_of(header, "SessionKey")
    assert answer.header.error_code == text_of(header, "Error_Code")
    assert answer.header.error_description == text_of(header, "Error_Description")
    success = text_of(header, "Success")
    assert success is not None
    assert answer.header.success is (success.strip() in {"true", "1"})
    if operation is sms_send:
        number = text_of(header.getparent(), "ID")
        assert answer.id == (None if number is None else int(number))
    return "agreed"


ALPHABET = b"<>/&;\"'= !?-[]#x01aSM:\r\n\t\0\x80\xc3\xff%"
PIECES = [
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"&amp;",
    b"&#13;",
    b"&#0;",
    b"&x;",
    b"<?a?>",
    b"<a/>",
    b"<Success>1</Success>",
    b"</Header>",
    b"<Header>",
    b' xmlns="urn:x"',
    b' xmlns=""',
    b' xsi:nil="1"',
    b' encoding="utf-16"',
    b"<!DOCTYPE a>",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"SMSOptOut_DeleteResult",
]


def mutated(document: bytes, dice: random.Random) -> bytes:
    """The document with some bytes changed, removed, doubled, moved or put in."""
    changed = bytearray(document)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 8))):
        start = dice.randrange(len(changed) + 1)
        end = min(len(changed), start + dice.choice((0, 1, 1, 2, 5, 30)))
        action = dice.randrange(6)
        if action == 0:
            changed[start:end] = bytes(dice.choices(ALPHABET, k=end - start))
        elif action == 1:
            del changed[start:end]
        elif action == 2:
            changed[start:start] = changed[start:end]
        elif action == 3:
            changed[start:start] = dice.choice(PIECES)
        elif action == 4:
            changed[start:start] = bytes([dice.choice(ALPHABET)])
        elif changed:
            changed[start : start + 1] = bytes([dice.randrange(256)])
    return bytes(changed)


@pytest.mark.parametrize(("operation", "document"), EVERY_ANSWER, ids=NAMES)
def test_mutated_answers(operation: ModuleType, document: bytes) -> None:
    """A damaged answer is refused with an error of ours, or read as another parser reads it."""
    dice = random.Random(len(document))  # noqa: S311 -- the same damage in every run
    outcomes = {agree(operation, mutated(document, dice)) for _ in range(1_500)}
    assert "MalformedResponse" in outcomes
    assert "an error without a text" not in outcomes
    assert outcomes & {"agreed", "repaired"}


@page.thorough(300)
@given(document=st.one_of(st.binary(max_size=200), st.text(max_size=200)))
@example(document="\ufeff")
@example(document=b"+ADw-SMS_SendResult+AD4-")
@example(document=b'<?xml version="1.0" encoding="utf-7"?>+ADw-a/+AD4-')
@example(document=b'<?xml version="1.0" encoding="undefined"?><a/>')
@example(document=b'<?xml version="1.0" encoding="mbcs"?><a/>')
@example(document=b'<?xml version="1.0" encoding="base64"?><a/>')
@example(document=b'<?xml version="1.0" encoding="utf-32"?><a/>')
@example(document=b"\x00\x00\xfe\xff\x00\x00\x00\x3c\x00")
@example(document=b"\xff\xfe\x00\x00<")
def test_arbitrary_documents(document: bytes | str) -> None:
    """Bytes and texts of any kind are refused with errors of ours."""
    for operation in page.OPERATIONS.values():
        refused(operation, document)


@page.thorough(200)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                "<SMS_SendResult>",
                "</SMS_SendResult>",
                "<Header>",
                "</Header>",
                "<ID>",
                "</ID>",
                "<Success>",
                "</Success>",
                "true",
                "1",
                " ",
                "&",
                "&amp;",
                "<a:b/>",
                "<Profile/>",
                "<!-- -->",
                "<![CDATA[1]]>",
                "<SMS_SendResponse>",
                "</SMS_SendResponse>",
            ]
        ),
        max_size=14,
    )
)
def test_arbitrary_markup(pieces: list[str]) -> None:
    """Markup in any mixture is refused with errors of ours, or read."""
    agree(sms_send, "".join(pieces).encode())


@pytest.mark.parametrize(("operation", "document"), EVERY_ANSWER, ids=NAMES)
def test_every_single_byte_matters_or_does_not(
    operation: ModuleType, document: bytes
) -> None:
    """Each byte in turn replaced by a few others raises nothing but errors of ours."""
    for position in range(len(document)):
        for byte in b"<&\0\xff x":
            changed = bytearray(document)
            changed[position] = byte
            agree(operation, bytes(changed))


def test_errors_do_not_mix_up_what_they_are() -> None:
    """A failure is no malformed answer, nor is a fault a failure."""
    kinds = (ApiError, SoapFault, MalformedResponse)
    for kind in kinds:
        assert issubclass(kind, RevioError)
        assert not any(issubclass(kind, other) for other in kinds if other is not kind)
