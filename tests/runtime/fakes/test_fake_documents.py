"""Documented documents are read and filled in; the values of a request are sorted out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from soapstone.runtime.envelope import Envelope
from soapstone.runtime.fakes.documents import (
    Documents,
    among,
    in_form,
    not_among,
    stored_documents,
    unlike,
    with_text,
)

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"


def _text(document: bytes, name: str) -> str | None:
    """The text of an element as lxml reads it, bare ampersands and all."""
    root = etree.fromstring(document, etree.XMLParser(recover=True))
    found: str | None = root.findtext(f".//{{*}}{name}")
    return found


def test_a_document_is_read_once(tmp_path: Path) -> None:
    """A document is given as it is stored, and is not read again."""
    stored = b"<a>\r\n <b>x & y</b>\n</a>\n"
    (tmp_path / "a.xml").write_bytes(stored)
    documents = Documents(tmp_path)
    assert documents.read("a.xml") == stored
    (tmp_path / "a.xml").unlink()
    assert documents.read("a.xml") == stored


def test_a_package_keeps_documents_for_each_operation(tmp_path: Path) -> None:
    """The documents of an operation lie in a folder of its name, beside the modules' folder."""
    folder = tmp_path / "documents" / "send"
    folder.mkdir(parents=True)
    (folder / "a.xml").write_bytes(b"<a/>")
    documents = stored_documents(str(tmp_path / "answers" / "module.py"), "send")
    assert documents.read("a.xml") == b"<a/>"


@pytest.mark.parametrize(
    ("stored", "encoding"),
    [
        ('<?xml version="1.0" encoding="utf-16"?><a>\u00e9</a>', "utf-16"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>\u00e9</a>", "iso-8859-1"),
        ('<?xml version="1.0"?><a>\u00e9</a>', "utf-8-sig"),
        ('<?xml version="1.0" encoding="UTF-8"?><a>\u00e9</a>', "utf-8"),
    ],
)
def test_a_document_is_given_in_utf_8(
    tmp_path: Path, stored: str, encoding: str
) -> None:
    """Whatever a document is stored in, what is given says that it is in UTF-8, and is."""
    (tmp_path / "a.xml").write_bytes(stored.encode(encoding))
    read = Documents(str(tmp_path)).read("a.xml")
    assert b"\xc3\xa9" in read
    assert etree.fromstring(read).text == "\u00e9"


@pytest.mark.parametrize(
    "document",
    [
        "<a><Message>old</Message><k>x & y</k></a>",
        "<a><p:Message xmlns:p='urn:p' b=\"1 > 0\">old</p:Message></a>",
        "<a><Message/><Message>second</Message></a>",
        "<a><Message />tail</a>",
        "<a><Message></Message></a>",
        "<a><Message><![CDATA[old <b>]]> and <!-- this --> too</Message></a>",
        "<!-- <Message>no</Message> --><a><![CDATA[<Message>]]><?p <Message> ?><Message>old</Message></a>",
        f'<a xmlns:xsi="{XSI}"><Message xsi:nil="true" /></a>',
    ],
)
def test_a_text_is_put_into_a_document(document: str) -> None:
    """The first element of the name says the new text, and nothing else changes."""
    new = "'<&>' \u00e9 is an invalid TN."
    changed = with_text(document.encode(), "Message", new)
    assert _text(changed, "Message") == new
    assert b"old" not in changed
    assert b"xsi:nil" not in changed
    for kept in (b"<k>x & y</k>", b"<Message>second</Message>", b"tail</a>", b"1 > 0"):
        assert (kept in document.encode()) == (kept in changed)


def test_a_document_without_the_element_stays() -> None:
    """Where there is no element of the name, nothing changes."""
    document = b"<a><Messages>old</Messages> <!-- <Message> --> & </a>"
    assert with_text(document, "Message", "new") == document


def _enclosed(namespace: str, inside: str) -> bytes:
    return (
        f'<?xml version="1.0"?>\n<s:Envelope xmlns:s="{namespace}" xmlns:xsi="{XSI}">'
        f"<s:Header/><s:Body>\n {inside}\n</s:Body></s:Envelope>"
    ).encode()


@pytest.mark.parametrize("old", [SOAP11, SOAP12])
@pytest.mark.parametrize(
    ("envelope", "new"), [(Envelope.SOAP11, SOAP11), (Envelope.SOAP12, SOAP12)]
)
def test_an_envelope_is_exchanged_for_another(
    old: str, envelope: Envelope, new: str
) -> None:
    """An envelope becomes one of the other version around the same content."""
    changed = in_form(_enclosed(old, "<a/>"), envelope)
    root = etree.fromstring(changed)
    assert root.tag == f"{{{new}}}Envelope"
    assert [each.tag for each in root] == [f"{{{new}}}Header", f"{{{new}}}Body"]
    assert root[1][0].tag == "a"


def test_an_envelope_is_taken_off() -> None:
    """What stands in the body stands alone, with the prefixes that it needs."""
    content = '<a xmlns="urn:a"><b xsi:nil="true"/><k>x & y</k></a>'
    changed = in_form(_enclosed(SOAP11, content), Envelope.NONE)
    assert b"<k>x & y</k>" in changed
    root = etree.fromstring(changed.replace(b"& ", b""))
    assert root.tag == "{urn:a}a"
    assert root[0].get(f"{{{XSI}}}nil") == "true"


@pytest.mark.parametrize("envelope", Envelope)
def test_a_document_without_an_envelope_gets_none(envelope: Envelope) -> None:
    """A document that is documented without an envelope stays as it is."""
    assert in_form(b"<a>x & y</a>", envelope) == b"<a>x & y</a>"


def test_the_values_of_a_request_are_sorted_out() -> None:
    """Values are found by a pattern or a set, in their order; a text is one value, None none."""
    pattern, known = re.compile("[0-9]+"), {"12", "x"}
    values = ("12", "3x", "x", "12")
    assert unlike(values, pattern) == ("3x", "x")
    assert among(values, known) == ("12", "x", "12")
    assert not_among(values, known) == ("3x",)
    assert unlike("3x", pattern) == ("3x",)
    assert among("12", known) == ("12",)
    assert not_among("12", known) == ()
    assert unlike(None, pattern) == among(None, known) == not_among(None, known) == ()
