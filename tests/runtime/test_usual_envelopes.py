"""A short answer in a usual envelope is parsed without it, and nobody can tell but by the time.

Text is always parsed as a whole, envelope included, and so says what has to come of the bytes.
"""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import document as documents
from soapstone.runtime import reading
from soapstone.runtime.answer import open_answer
from soapstone.runtime.envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from soapstone.runtime.errors import MalformedResponse, SoapFault
from soapstone.runtime.source import AnswerShape

NAMESPACE = "urn:documented"
SHAPE = AnswerShape(
    operation="Get",
    response="GetResponse",
    result="GetResult",
    namespaces=frozenset({NAMESPACE}),
    secrets=frozenset({"Key"}),
)
# As .NET writes them.
SCHEMA = (
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)
STARTS = [
    f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{namespace}"{more}>'
    "<soap:Body>"
    for namespace in (SOAP11_NAMESPACE, SOAP12_NAMESPACE)
    for more in ("", SCHEMA)
]
END = "</soap:Body></soap:Envelope>"
OPENING = f'<GetResponse xmlns="{NAMESPACE}"><GetResult>'
CLOSING = "</GetResult></GetResponse>"
ANSWER = f"{OPENING}<ID>é5</ID>{CLOSING}"


def _outcome(document: bytes | str) -> str:
    try:
        members, _ = open_answer(document, SHAPE)
        return f"{members.value('ID', reading.text)} {members.nil('ID')}"
    except (MalformedResponse, SoapFault) as error:
        return f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("start", STARTS)
def test_the_envelope_is_not_parsed(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the parser is given is the answer alone, unless it may need the envelope's prefixes."""
    given: list[bytes] = []

    class Parser(ElementTree.XMLParser):
        def feed(self, data: bytes, /) -> None:  # type: ignore[override]
            given.append(data)
            super().feed(data)

    monkeypatch.setattr(documents, "XMLParser", Parser)
    whole = f"{start}{ANSWER}{END}".encode()
    assert _outcome(whole) == "é5 None"
    assert given == [ANSWER.encode()]
    given.clear()
    needy = whole.replace(b"<ID>", b"<ID xsi:nil='false'>")
    _outcome(needy)
    is_declared = SCHEMA in start
    assert given.index(needy) == (0 if is_declared else 1)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize(
    "inside",
    [
        ANSWER,
        f"{ANSWER} text ",
        f"{ANSWER}<!-- a --><?b c?>",
        f"{ANSWER}<!-- ",
        f"{ANSWER}<![CDATA[",
        f"{ANSWER}<?xml version='1.0'?>",
        f"{ANSWER}<!DOCTYPE a>",
        f"{ANSWER}<a/>",
        f"{ANSWER}</soap:Body><soap:Body>{ANSWER}",
        f"{ANSWER}{END}{STARTS[0]}{ANSWER}",
        f"{ANSWER}</soap:Body><soap:Body>",
        f"{STARTS[0]}{ANSWER}{END}",
        f"{STARTS[0].partition('?>')[2]}{ANSWER}{END}",
        f"<?xml version='1.0'?>{ANSWER}",
        f"<!DOCTYPE a [<!ENTITY e '5'>]>{ANSWER.replace('é5', '&e;')}",
        f" <!DOCTYPE a [<!ENTITY e '5'>]>{ANSWER.replace('é5', '&e;')}",
        f"<!-- a -->{ANSWER}",
        f"\ufeff{ANSWER}",
        f"\n{ANSWER}",
        f"<_{ANSWER}</_{ANSWER}>",
        "",
        "text",
        "<",
        "<a",
        "<a>",
        "<é/>",
        "<html/>",
        "<soap:Fault><faultcode>a</faultcode><faultstring>b</faultstring></soap:Fault>",
        "<Fault><faultcode>a</faultcode><faultstring>b</faultstring></Fault>",
        ANSWER.replace("é5", "&lt;&#233;"),
        ANSWER.replace("é5", "&e;"),
        ANSWER.replace("é5", "A&B"),
        ANSWER.replace("<ID>", "<ID xsi:nil='true'>"),
        ANSWER.replace("<ID>", "<ID soap:a='b'>"),
        ANSWER.replace("<ID>", "<ID nil='true'>"),
        ANSWER.replace("<ID>", "<ID/><ID>"),
        ANSWER.replace("ID>", "soap:ID>"),
        ANSWER.replace(NAMESPACE, "urn:other"),
        ANSWER.replace("é5", "<a>" * 120 + "</a>" * 120),
        ANSWER.replace("é5", "<a>" * 240 + "</a>" * 240),
        ANSWER.replace("é5", "<a>" * 252 + "</a>" * 252),
    ],
)
def test_bytes_are_read_like_text(start: str, inside: str) -> None:
    """Whatever stands in a usual envelope gives the same answer, or the same error."""
    document = f"{start}{inside}{END}"
    assert _outcome(document.encode()) == _outcome(document)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_an_encoding_of_its_own(start: str, encoding: str) -> None:
    """What answers is in the encoding of its document, and nothing else."""
    document = start.encode() + ANSWER.encode(encoding) + END.encode()
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(document)
    assert _outcome(document).startswith("MalformedResponse")


PIECES = [OPENING, CLOSING, ANSWER, STARTS[1], "<ID xsi:nil='1'>", "</ID>", "é &amp;"]
PIECES += [
    "</soap:Body>",
    "<soap:Body>",
    END,
    "<a>",
    "</a>",
    "<soap:a/>",
    "<!DOCTYPE a>",
]
PIECES += ["<!--", "-->", "<![CDATA[", "]]>", "<?xml version='1.0'?>", "&", " "]


@given(st.sampled_from(STARTS), st.lists(st.sampled_from(PIECES), max_size=8))
def test_any_pieces_are_read_like_text(start: str, pieces: list[str]) -> None:
    """Whatever is put together from pieces of documents is read as if it came as text."""
    document = f"{start}{''.join(pieces)}{END}"
    assert _outcome(document.encode()) == _outcome(document)
