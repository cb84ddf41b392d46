"""What an answer says, read by lxml and by the model alone.

The rules are those of the reference of the spec language, written a second time: the text of an
element is all of its own text, the members of a structure are the elements in a documented
namespace or in none, and everything else is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from lxml import etree
from proof_plain import BLANKS, NIL, Plain, Unreadable, plain_atom, read_atom

from soapstone.model import (
    AtomType,
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    Operation,
    Presence,
    Service,
    SharedType,
    Structure,
    Type,
    WhenEmpty,
    WhenNil,
)
from soapstone.samples.recursion import reachable
from soapstone.samples.rules import is_usable

Element: TypeAlias = etree._Element  # noqa: SLF001 -- it has no other name

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"xsi": XSI, "xml": XML}
ENVELOPES = (
    "http://schemas.xmlsoap.org/soap/envelope/",
    "http://www.w3.org/2003/05/soap-envelope",
)
_NIL = (
    f"{{{XSI}}}nil",
    "{http://www.w3.org/1999/XMLSchema-instance}null",
    "{http://www.w3.org/2000/10/XMLSchema-instance}nil",
    "{http://www.w3.org/2000/10/XMLSchema-instance}null",
)


class Refused(Exception):  # noqa: N818 -- it says what happened
    """The document is no answer to the operation."""


class Fault(Exception):  # noqa: N818 -- the same
    """The document is a fault."""


def tree(document: bytes) -> Element:
    """Return the root of a document; an error where lxml finds it not well-formed."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    return etree.fromstring(document, parser)


def attribute_tag(name: str) -> str:
    """Return how lxml calls an attribute of the model."""
    prefix, colon, local = name.partition(":")
    return f"{{{PREFIXES[prefix]}}}{local}" if colon else name


def elements(element: Element) -> list[Element]:
    """Return the elements in an element, without references to entities."""
    return [child for child in element if isinstance(child.tag, str)]


def text_of(element: Element) -> str:
    """Return the element's own text."""
    return "".join(element.xpath("text()"))


class AnswerReader:
    """Reads answers to an operation."""

    def __init__(self, service: Service, operation: Operation) -> None:
        self._service = service
        self._operation = operation
        has_own = any(
            member.form is Form.ATTRIBUTE and member.name == "nil"
            for structure in reachable(service, operation.response)
            for member in structure.fields
        )
        self._marks = _NIL if has_own else ("nil", *_NIL)

    def read(self, root: Element) -> dict[str, Plain]:
        """Return what the members of the result say.

        Raises:
            Refused: It is no answer to the operation.
            Fault: It is a fault.
        """
        result = self._result(self._payload(root))
        if self._is_nil(result):
            raise Refused
        try:
            return self._structure(self._operation.response, result, is_root=True)
        except Unreadable as error:
            raise Refused from error

    # On the way to the result

    def _payload(self, root: Element) -> Element:
        name = etree.QName(root)
        if name.localname != "Envelope":
            return root
        if name.namespace not in ENVELOPES:
            raise Refused
        bodies = root.findall(f"{{{name.namespace}}}Body")
        if len(bodies) != 1:
            raise Refused
        payloads = elements(bodies[0])
        if len(payloads) == 1:
            return payloads[0]
        for each in filter(_is_fault, payloads):
            return each
        raise Refused

    def _result(self, payload: Element) -> Element:
        protocol = self._operation.protocol
        if self._name(payload) == protocol.result:
            return payload
        if self._name(payload) == protocol.response:
            return _only(self._named(payload, protocol.result))
        if _is_fault(payload):
            raise Fault
        raise Refused

    # Members

    def _name(self, element: Element) -> str:
        name = etree.QName(element)
        known = not name.namespace or name.namespace in self._service.namespaces
        return name.localname if known else ""

    def _named(self, element: Element, name: str) -> list[Element]:
        return [each for each in elements(element) if self._name(each) == name]

    def _is_nil(self, element: Element) -> bool:
        marks = (element.get(name, "").strip(BLANKS) for name in self._marks)
        return any(mark in {"true", "1"} for mark in marks)

    def _structure(
        self, structure: Structure, element: Element, *, is_root: bool = False
    ) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        missing: list[str] = []
        for member in filter(is_usable, structure.fields):
            value = self._member(member, element)
            if value is not None:
                found[member.name] = value
            elif member.presence is Presence.REQUIRED:
                missing.append(member.name)
        outcome = self._operation.outcome
        if is_root and outcome is not None:
            first = {
                path.names[0]
                for path in (
                    *(outcome.success, outcome.message),
                    *(outcome.code, outcome.description),
                )
                if path is not None
            }
            # An answer that reports a failure needs no more than those that say so.
            if any(name in first for name in missing):
                raise Refused
            if _at(found, outcome.success.names) == plain_atom(False):
                return found
        if missing:
            raise Refused
        return found

    def _member(self, member: Field, element: Element) -> Plain | None:
        match member.form:
            case Form.ATTRIBUTE:
                text = element.get(attribute_tag(member.name))
                return None if text is None else self._text(member.type, text)
            case Form.TEXT:
                text = text_of(element)
                is_given = text or member.presence is Presence.REQUIRED
                return self._text(member.type, text) if is_given else None
            case Form.ELEMENT:
                return self._element(member, element)
            case _:
                assert_never(member.form)

    def _element(self, member: Field, parent: Element) -> Plain | None:
        found = self._named(parent, member.name)
        if isinstance(member.type, ListType) and member.type.item is None:
            return [self._item(member.type.of, each) for each in found]
        if not found:
            return None
        element = _only(found)
        if self._is_nil(element):
            if member.states.nil is WhenNil.REFUSED:
                raise Refused
            return NIL if member.states.nil is WhenNil.KEPT else None
        text = text_of(element)
        if not elements(element) and not text.strip(BLANKS):
            state = member.states.blank if text else member.states.empty
            if state is WhenEmpty.REFUSED:
                raise Refused
            if state is WhenEmpty.NONE:
                return None
        return self._value(member.type, element)

    def _value(self, kind: Type, element: Element) -> Plain:
        match kind:
            case AtomType() | EnumerationType():
                return self._text(kind, text_of(element))
            case ListType(of=of, item=item):
                # A list in a list without a name for its items has that of the list around it.
                name = item or etree.QName(element).localname
                return [self._item(of, each) for each in self._named(element, name)]
            case MixedListType():
                return list(self._mixed(kind, element))
            case SharedType() | InlineType():
                structure = self._service.structure_of(kind)
                assert structure is not None
                return self._structure(structure, element)
            case _:
                assert_never(kind)

    def _item(self, kind: Type, element: Element) -> Plain:
        if self._is_nil(element):
            raise Refused
        return self._value(kind, element)

    def _mixed(self, kind: MixedListType, element: Element) -> Iterator[Plain]:
        kinds = {each.name: each.type for each in kind.alternatives}
        for child in elements(element):
            name = self._name(child)
            if name in kinds:
                yield {name: self._item(kinds[name], child)}

    @staticmethod
    def _text(kind: Type, text: str) -> str:
        if isinstance(kind, EnumerationType):
            texts = {each.text for each in kind.enumeration.values}
            documented = [each for each in (text, text.strip(BLANKS)) if each in texts]
            return f"value {documented[0]!r}" if documented else plain_atom(text)
        assert isinstance(kind, AtomType)
        return read_atom(kind.primitive, text)


def _is_fault(element: Element) -> bool:
    name = etree.QName(element)
    return name.localname == "Fault" and (name.namespace or "") in ("", *ENVELOPES)


def _only(found: list[Element]) -> Element:
    if len(found) != 1:
        raise Refused
    return found[0]


def _at(value: Plain, names: tuple[str, ...]) -> Plain | None:
    for name in names:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value
