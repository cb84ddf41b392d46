"""The one declared defect: a bare ampersand in the session key of the opt-out answers."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest
import revio_documents as page
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from revio import (
    ApiError,
    MalformedResponse,
    SoapFault,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)

MENDED = ("bare-ampersand",)

OPT_OUT = pytest.mark.parametrize(
    ("operation", "name"),
    [
        (sms_opt_out_create, "SMSOptOut_Create"),
        (sms_opt_out_delete, "SMSOptOut_Delete"),
    ],
    ids=["create", "delete"],
)


def answer(name: str, header: str, rest: str = "") -> bytes:
    """An answer of success of one of the opt-out operations."""
    return page.envelope(
        f'<{name}Response xmlns="{page.V20}"><{name}Result><Header><Success>true</Success>'
        f"{header}</Header>{rest}</{name}Result></{name}Response>"
    )


def keyed(name: str, key: str) -> bytes:
    """An answer whose session key is written in some way."""
    return answer(name, f"<SessionKey>{key}</SessionKey>")


@OPT_OUT
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("a&b", "a&b"),
        ("&", "&"),
        ("&&&", "&&&"),
        ("a & b", "a & b"),
        ("&b", "&b"),
        ("a&", "a&"),
        ("a&amp;b&c", "a&b&c"),
        ("&&amp;&", "&&&"),
        ("&amp;amp;&", "&amp;&"),
        ("&lt;x&gt;&", "<x>&"),
        ("&#65;&#x42;&", "AB&"),
        ("&#13;&", "\r&"),
        ("&amp", "&amp"),
        ("&lt ;", "&lt ;"),
        ("&;", "&;"),
        ("& amp;", "& amp;"),
        ("%&^%&@!", "%&^%&@!"),
        ("&1;", "&1;"),
        ("\"&'", "\"&'"),
        ("&\u00fc&\U0001f4f1", "&\u00fc&\U0001f4f1"),
        ("\r\n&\r", "\n&\n"),
    ],
)
def test_a_bare_ampersand_in_a_session_key(
    operation: ModuleType, name: str, written: str, key: str
) -> None:
    """It is read as itself, references beside it keep their meaning, and the answer says so."""
    response = operation.parse_response(keyed(name, written))
    assert response.header.session_key == key
    assert response.repaired == MENDED


@OPT_OUT
@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("a&amp;b", "a&b"),
        ("&amp;nbsp;", "&nbsp;"),
        ("&amp;amp;", "&amp;"),
        ("&#38;&#x26;", "&&"),
        ("&lt;&gt;&quot;&apos;", "<>\"'"),
        ("<![CDATA[a&b&amp;c]]>", "a&b&amp;c"),
        ("<!-- & -->x", "x"),
        ("<?a &?>x", "x"),
        ("", ""),
    ],
)
def test_a_well_formed_session_key_is_left_alone(
    operation: ModuleType, name: str, written: str, key: str
) -> None:
    """Where nothing is wrong nothing is mended, and the answer says that too."""
    response = operation.parse_response(keyed(name, written))
    assert response.header.session_key == key
    assert response.repaired == ()


@OPT_OUT
@pytest.mark.parametrize(
    "written",
    [
        "&nbsp;",
        "a&nbsp;b&c",
        "&eacute;&",
        "&unknown;",
        "&AMP;",
        "&#0;&",
        "&#xD800;&",
        "&a-b.c;",
        "&_;",
        "&é;",
        "&#1;",
        "<b>&</b>",
        "&<",
        "&</a>",
        "&\x01",
    ],
)
def test_what_is_no_bare_ampersand(
    operation: ModuleType, name: str, written: str
) -> None:
    """An undefined entity, a forbidden character and other damage stay what they are."""
    with pytest.raises(MalformedResponse):
        operation.parse_response(keyed(name, written))


@OPT_OUT
@pytest.mark.parametrize(
    "header",
    [
        "<Message>a&b</Message>",
        "<Message>&</Message><SessionKey>a&b</SessionKey>",
        "<Error_Code>a&b</Error_Code>",
        "<Error_Description>a & b</Error_Description>",
        "<Impersonated>false&</Impersonated>",
        "<Unknown>a&b</Unknown>",
        "<SessionKeys>a&b</SessionKeys>",
        "<sessionkey>a&b</sessionkey>",
        "<SESSIONKEY>a&b</SESSIONKEY>",
        "<NoSessionKey>a&b</NoSessionKey>",
        "<SessionKey a='&'>x</SessionKey>",
        "<SessionKey a='b&c'/>",
        "<SessionKey a='&'>a&b</SessionKey>",
        "<Message a='&'/>",
        "<SessionKey>x</SessionKey>&",
        "&<SessionKey>x</SessionKey>",
        "<SessionKey/>&",
        "<SessionKey/>a&b<SessionKey/>",
        "<!-- <SessionKey> --><Message>&</Message>",
        "<![CDATA[<SessionKey>]]>&",
        "<Message><![CDATA[<SessionKey>]]>&</Message>",
        "<?SessionKey ?>&",
        "<Message a='&lt;SessionKey>'>&</Message>",
        "<Message a='<SessionKey>'>&</Message>",
    ],
)
def test_a_bare_ampersand_elsewhere(
    operation: ModuleType, name: str, header: str
) -> None:
    """In any other element, in attributes and between elements it is refused."""
    with pytest.raises(MalformedResponse):
        operation.parse_response(answer(name, header))


@OPT_OUT
def test_what_surrounds_a_repair_is_left_alone(
    operation: ModuleType, name: str
) -> None:
    """CDATA, comments, instructions and attributes of a mended document stay as they are."""
    document = answer(
        name,
        "<SessionKey a='&amp;' b=\"'>\">x&y</SessionKey>"
        "<Message><![CDATA[<SessionKey>a&b&amp;</SessionKey>]]>&amp;</Message>"
        "<!-- <SessionKey>a&b</SessionKey> & --><?p <SessionKey>&</SessionKey>?>"
        "<Error_Code><![CDATA[&]]></Error_Code>",
    )
    response = operation.parse_response(document)
    assert response.repaired == MENDED
    assert response.header.session_key == "x&y"
    assert response.header.message == "<SessionKey>a&b&amp;</SessionKey>&"
    assert response.header.error_code == "&"


@OPT_OUT
def test_sections_in_a_session_key_that_is_mended(
    operation: ModuleType, name: str
) -> None:
    """A section and a comment inside the key itself lose and gain nothing by the repair."""
    response = operation.parse_response(
        keyed(name, "a&b<![CDATA[&amp;&]]>c<!-- & -->d")
    )
    assert response.header.session_key == "a&b&amp;&cd"
    assert response.repaired == MENDED


@pytest.mark.parametrize(
    "header",
    [
        "<SessionKey>a&b</SessionKey>",
        "<SessionKey>&</SessionKey>",
        "<Message>a&b</Message>",
    ],
)
def test_sms_send_declares_no_defect(header: str) -> None:
    """The answers to SMS_Send are shown well-formed, so nothing is mended in them."""
    for document in (
        page.send_answer(f"<Success>true</Success>{header}"),
        page.envelope(page.send_answer(f"<Success>true</Success>{header}").decode()),
        page.SEND_SUCCESS.replace(b"xyzabc123", b"xyz&abc123"),
    ):
        with pytest.raises(MalformedResponse):
            sms_send.parse_response(document)


@OPT_OUT
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_repair_in_any_encoding_and_with_any_prefix(
    operation: ModuleType, name: str, encoding: str
) -> None:
    """The repair works on text, whatever bytes and prefixes it came in."""
    text = keyed(name, "ü&").decode().replace("utf-8", encoding)
    text = re.sub(r"<(/?)(SMS|Header|Success|SessionKey)", r"<\1n:\2", text)
    text = text.replace("xmlns=", "xmlns:n=")
    for document in (text.encode(encoding), text, "\ufeff" + text):
        response = operation.parse_response(document)
        assert response.header.session_key == "ü&"
        assert response.repaired == MENDED


@OPT_OUT
def test_a_repair_takes_no_part_in_equality(operation: ModuleType, name: str) -> None:
    """An answer that was mended equals the same answer written as it should be."""
    mended = operation.parse_response(keyed(name, "a&b"))
    proper = operation.parse_response(keyed(name, "a&amp;b"))
    assert mended == proper
    assert hash(mended) == hash(proper)
    assert (mended.repaired, proper.repaired) == (MENDED, ())


@OPT_OUT
def test_a_failure_and_a_fault_are_mended_as_well(
    operation: ModuleType, name: str
) -> None:
    """A failure that carries such a key is still the failure, and a fault the fault."""
    failed = keyed(name, "a&b").replace(b"<Success>true", b"<Success>false")
    with pytest.raises(ApiError) as caught:
        operation.parse_response(failed)
    response: Any = caught.value.response
    assert response.repaired == MENDED
    fault = page.fault("<faultstring>x</faultstring>")
    with pytest.raises(SoapFault):
        operation.parse_response(fault)


@page.thorough(300)
@given(
    key=st.text(
        st.one_of(
            st.sampled_from("&;#xamplt1 "),
            st.characters(exclude_categories=["Cs", "Cc"]),
        ),
        max_size=30,
    ).filter(lambda key: "<" not in key and "\ufffe" not in key and "\uffff" not in key)
)
@example(key="&&")
@example(key="&amp;#38;")
def test_any_key_with_bare_ampersands(key: str) -> None:
    """A key is read as its references say, with every other ampersand as it stands."""
    escaped = re.sub(
        r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9a-fA-F]+);)", "&amp;", key
    )
    escaped = escaped.replace("]]>", "]]&gt;")
    proper = keyed("SMSOptOut_Create", escaped)
    defective = keyed("SMSOptOut_Create", key)
    try:
        expected = page.tree(proper).findtext(".//{*}SessionKey") or ""
    except etree.XMLSyntaxError:
        return  # a reference to what is no character
    try:
        response = sms_opt_out_create.parse_response(defective)
    except MalformedResponse:
        # What looks like an entity is none of ours, nor is "]]>".
        assert re.search(r"&[^\W\d][\w.:-]*;|&:|]]>", key)
    else:
        assert response.header.session_key == expected
        assert response.repaired == (MENDED if escaped != key else ())
