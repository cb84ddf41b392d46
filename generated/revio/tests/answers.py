"""Answers of every shape: changed in one member, in what means nothing, or until they are none."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, QName

Change: TypeAlias = Callable[["SampleAnswer"], bytes | str]

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

PREFIXES = {"xml": "http://www.w3.org/XML/1998/namespace", "xsi": SCHEMA_INSTANCE}


class Malformed:
    """Stands for a value where the document has to be refused."""

    def __repr__(self) -> str:
        return "MALFORMED"


MALFORMED = Malformed()


class Impossible:
    """Stands for a value where there is no such document."""

    def __repr__(self) -> str:
        return "IMPOSSIBLE"


IMPOSSIBLE = Impossible()


@dataclass(frozen=True)
class SampleAnswer:
    """An answer of success, with the names of the elements around its members.

    Attributes:
        ordered: Names of elements in which the order of the children has a meaning.
    """

    document: bytes
    response: str
    result: str
    namespaces: frozenset[str]
    ordered: frozenset[str] = frozenset()

    def root(self) -> Element:
        """Return the document's root, to be changed."""
        return ElementTree.fromstring(self.document)

    def payload(self) -> Element:
        """Return the element around the result, to be changed."""
        return next(
            element
            for element in self.root().iter()
            if _local(element) == self.response
        )

    def members(self, root: Element) -> Element:
        """Return the result element of a root."""
        return next(
            element for element in root.iter() if _local(element) == self.result
        )


def states(
    path: str, absent: object, empty: object, nil: object, blank: object
) -> list[tuple[str, object]]:
    """Return the states that a member can be in, each with what is read then.

    Only an element can be there twice, which is always refused.
    """
    is_element = not path.rpartition("/")[2].startswith(("@", "text()"))
    expected = {
        "absent": absent,
        "empty": empty,
        "nil": nil,
        "blank": blank,
        "twice": MALFORMED if is_element else IMPOSSIBLE,
    }
    return [each for each in expected.items() if each[1] is not IMPOSSIBLE]


def with_state(answer: SampleAnswer, path: str, state: str) -> bytes:
    """Return the answer with a member absent, empty, nil, blank, or there twice.

    The member is the first one under a path of wire names, such as `Lines/Line/Amount`; the last
    name may be that of an attribute, `@status`, or stand for the text, `text()`.
    """
    root = answer.root()
    *above, last = path.split("/")
    parent = answer.members(root)
    for name in above:
        parent = _child(parent, name)
    text = "  " if state == "blank" else ""
    if last.startswith("@"):
        _set_attribute(parent, last[1:], None if state == "absent" else text)
    elif last == "text()":
        parent.text = text
    elif state == "absent":
        parent.remove(_child(parent, last))
    elif state == "twice":
        parent.insert(0, copy.deepcopy(_child(parent, last)))
    else:
        member = _child(parent, last)
        tag, tail = member.tag, member.tail
        member.clear()
        member.tag, member.tail, member.text = tag, tail, text
        if state == "nil":
            member.set(QName(SCHEMA_INSTANCE, "nil").text or "", "true")
    return _bytes(root)


def with_text(answer: SampleAnswer, path: str, text: str) -> bytes:
    """Return the answer with another text in the first member under a path."""
    root = answer.root()
    *above, last = path.split("/")
    parent = answer.members(root)
    for name in above:
        parent = _child(parent, name)
    if last.startswith("@"):
        _set_attribute(parent, last[1:], text)
    elif last == "text()":
        parent.text = text
    else:
        _child(parent, last).text = text
    return _bytes(root)


def _child(parent: Element, name: str) -> Element:
    return next(child for child in parent if _local(child) == name)


def _set_attribute(element: Element, name: str, value: str | None) -> None:
    prefix, _, local = name.rpartition(":")
    tag = f"{{{PREFIXES[prefix]}}}{local}" if prefix else name
    element.attrib.pop(tag, None)
    if value is not None:
        element.set(tag, value)


def name_of(change: Change) -> str:
    """Return the name of a change, for the report of a test."""
    return change.__name__


def fault(envelope: str, inside: str) -> bytes:
    """Return a fault in an envelope."""
    return (
        f'<s:Envelope xmlns:s="{envelope}"><s:Body><s:Fault>{inside}</s:Fault></s:Body>'
        "</s:Envelope>"
    ).encode()


FAULTS = (
    fault(
        SOAP11,
        "<faultcode>s:Server</faultcode><faultstring>It broke.</faultstring>"
        "<faultactor>urn:actor</faultactor><detail><Code>7</Code></detail>",
    ),
    fault(
        SOAP12,
        "<s:Code><s:Value>s:Receiver</s:Value></s:Code>"
        "<s:Reason><s:Text>It broke.</s:Text></s:Reason>"
        "<s:Role>urn:actor</s:Role><s:Detail><Code>7</Code></s:Detail>",
    ),
)


# Changes that mean nothing


def _unknown_elements(answer: SampleAnswer) -> bytes:
    root = answer.root()
    for element in list(answer.members(root).iter()):
        namespace = element.tag.rpartition("}")[0]
        for tag in (
            f"{namespace}}}Unknown" if namespace else "Unknown",
            "{urn:new}Unknown",
        ):
            unknown = Element(tag)
            unknown.append(Element("Inner"))
            element.append(unknown)
    return _bytes(root)


def _foreign_doubles(answer: SampleAnswer) -> bytes:
    root = answer.root()
    for element in list(answer.members(root).iter()):
        for child in list(element):
            foreign = Element(f"{{urn:foreign}}{_local(child)}")
            foreign.text = "foreign"
            element.insert(0, foreign)
    return _bytes(root)


def _other_order(answer: SampleAnswer) -> bytes:
    root = answer.root()
    for element in answer.members(root).iter():
        # Items of one list keep their order among themselves.
        if _local(element) not in answer.ordered:
            element[:] = sorted(element, key=_local, reverse=True)
    return _bytes(root)


def _unknown_attributes(answer: SampleAnswer) -> bytes:
    root = answer.root()
    for element in answer.members(root).iter():
        for name in list(element.attrib):
            element.set(f"{{urn:foreign}}{name.rpartition('}')[2]}", "foreign")
        element.set("unknown-attribute", "1")
        element.set("{urn:new}unknown", "1")
    return _bytes(root)


def _comments(answer: SampleAnswer) -> bytes:
    root = answer.root()
    for element in list(answer.members(root).iter()):
        if not len(element) and element.text:
            comment = ElementTree.Comment("in the text")
            comment.tail, element.text = element.text[1:], element.text[:1]
            element.append(comment)
        else:
            element.insert(0, ElementTree.Comment("between elements"))
            element.append(ElementTree.ProcessingInstruction("unknown", "data"))
    return _bytes(root)


def _character_data(answer: SampleAnswer) -> bytes:
    return re.sub(rb">([^<>&]+)<", rb"><![CDATA[\1]]><", answer.document)


def _white_space(answer: SampleAnswer) -> bytes:
    root = answer.root()
    ElementTree.indent(root)
    return _bytes(root).replace(b"\n", b"\r\n")


def _byte_order_mark(answer: SampleAnswer) -> bytes:
    return b"\xef\xbb\xbf" + answer.document


def _utf_16(answer: SampleAnswer) -> bytes:
    return answer.document.decode().replace('"utf-8"', '"utf-16"').encode("utf-16")


def _declared_encoding(answer: SampleAnswer) -> bytes:
    text = answer.document.decode().replace('"utf-8"', '"iso-8859-1"')
    return text.encode("iso-8859-1", "xmlcharrefreplace")


def _text(answer: SampleAnswer) -> str:
    return answer.document.decode()


def _without_declaration(answer: SampleAnswer) -> bytes:
    return answer.document.partition(b"?>")[2]


def _soap_11(answer: SampleAnswer) -> bytes:
    return _enclosed(SOAP11, [answer.payload()])


def _soap_12(answer: SampleAnswer) -> bytes:
    return _enclosed(SOAP12, [answer.payload()])


def _no_envelope(answer: SampleAnswer) -> bytes:
    return _bytes(answer.payload())


def _bare_result(answer: SampleAnswer) -> bytes:
    return _bytes(answer.members(answer.root()))


def _no_namespace(answer: SampleAnswer) -> bytes:
    return _in_namespace(answer, "")


def _first_namespace(answer: SampleAnswer) -> bytes:
    return _in_namespace(answer, min(answer.namespaces))


def _last_namespace(answer: SampleAnswer) -> bytes:
    return _in_namespace(answer, max(answer.namespaces))


HARMLESS: tuple[Change, ...] = (
    _unknown_elements,
    _foreign_doubles,
    _other_order,
    _unknown_attributes,
    _comments,
    _character_data,
    _white_space,
    _byte_order_mark,
    _utf_16,
    _declared_encoding,
    _text,
    _without_declaration,
    _soap_11,
    _soap_12,
    _no_envelope,
    _bare_result,
    _no_namespace,
    _first_namespace,
    _last_namespace,
)


# Changes that make a document no answer


def _nothing(_: SampleAnswer) -> bytes:
    return b""


def _blanks(_: SampleAnswer) -> bytes:
    return b" \r\n"


def _html_page(_: SampleAnswer) -> bytes:
    return (
        b"<!DOCTYPE html><html><head><title>503</title></head><body>Busy</body></html>"
    )


def _html_that_is_xml(_: SampleAnswer) -> bytes:
    return b"<html><body><p>Sign in</p></body></html>"


def _json(_: SampleAnswer) -> bytes:
    return b'{"error": "busy"}'


def _truncated(answer: SampleAnswer) -> bytes:
    return answer.document[: len(answer.document) * 3 // 4]


def _truncated_at_the_end(answer: SampleAnswer) -> bytes:
    return answer.document.rstrip()[:-1]


def _trailing_text(answer: SampleAnswer) -> bytes:
    return answer.document + b"<more/>"


def _document_type(answer: SampleAnswer) -> bytes:
    return _after_declaration(answer, b'<!DOCTYPE answer SYSTEM "file:///etc/passwd">')


def _entity(answer: SampleAnswer) -> bytes:
    declared = _after_declaration(answer, b'<!DOCTYPE a [<!ENTITY laugh "ha">]>')
    return re.sub(rb">[^<>]+<", b">&laugh;<", declared)


def _undefined_entity(answer: SampleAnswer) -> bytes:
    return _inserted(answer, b"<Unknown>&nbsp;</Unknown>")


def _bare_ampersand(answer: SampleAnswer) -> bytes:
    return _inserted(answer, b"<Unknown>this & that</Unknown>")


def _deep_nesting(answer: SampleAnswer) -> bytes:
    return _inserted(answer, b"<a>" * 100_000 + b"</a>" * 100_000)


def _invalid_utf_8(answer: SampleAnswer) -> bytes:
    return _inserted(answer, b"<Unknown>\xff</Unknown>")


def _unknown_encoding(answer: SampleAnswer) -> bytes:
    return answer.document.replace(b'"utf-8"', b'"no-such-encoding"', 1)


def _control_character(answer: SampleAnswer) -> bytes:
    return _inserted(answer, b"<Unknown>\x00</Unknown>")


def _foreign_namespace(answer: SampleAnswer) -> bytes:
    return _in_namespace(answer, "urn:foreign")


def _unknown_envelope(answer: SampleAnswer) -> bytes:
    return _enclosed("urn:envelope", [answer.payload()])


def _empty_body(_: SampleAnswer) -> bytes:
    return _enclosed(SOAP11, [])


def _two_answers(answer: SampleAnswer) -> bytes:
    return _enclosed(SOAP11, [answer.payload(), answer.payload()])


def _two_results(answer: SampleAnswer) -> bytes:
    if answer.response == answer.result:
        return _two_answers(answer)
    payload = answer.payload()
    payload.append(copy.deepcopy(payload[0]))
    return _bytes(payload)


def _no_result(answer: SampleAnswer) -> bytes:
    if answer.response == answer.result:
        return _empty_body(answer)
    payload = answer.payload()
    payload[:] = []
    return _bytes(payload)


def _other_operation(answer: SampleAnswer) -> bytes:
    return answer.document.replace(answer.response.encode(), b"OtherResponse").replace(
        answer.result.encode(), b"OtherResult"
    )


HARMFUL: tuple[Change, ...] = (
    _nothing,
    _blanks,
    _html_page,
    _html_that_is_xml,
    _json,
    _truncated,
    _truncated_at_the_end,
    _trailing_text,
    _document_type,
    _entity,
    _undefined_entity,
    _bare_ampersand,
    _deep_nesting,
    _invalid_utf_8,
    _unknown_encoding,
    _control_character,
    _foreign_namespace,
    _unknown_envelope,
    _empty_body,
    _two_answers,
    _two_results,
    _no_result,
    _other_operation,
)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _bytes(root: Element) -> bytes:
    document: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _enclosed(namespace: str, payloads: Iterable[Element]) -> bytes:
    envelope = Element(f"{{{namespace}}}Envelope")
    envelope.append(Element(f"{{{namespace}}}Header"))
    body = Element(f"{{{namespace}}}Body")
    body.extend(payloads)
    envelope.append(body)
    return _bytes(envelope)


def _in_namespace(answer: SampleAnswer, namespace: str) -> bytes:
    payload = answer.payload()
    for element in payload.iter():
        element.tag = (
            f"{{{namespace}}}{_local(element)}" if namespace else _local(element)
        )
    return _bytes(payload)


def _after_declaration(answer: SampleAnswer, text: bytes) -> bytes:
    head, end, rest = answer.document.partition(b"?>")
    return head + end + text + rest


def _inserted(answer: SampleAnswer, text: bytes) -> bytes:
    """Put text in front of the end of the result."""
    end = f"</{answer.result}>".encode()
    return answer.document.replace(end, text + end)
