"""What a request says, read by lxml and by the model alone, and what it is to say.

Nothing is passed over: an element, attribute or text that the model does not put there is an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from lxml import etree
from proof_answers import ENVELOPES, XSI, Element, attribute_tag, text_of
from proof_plain import NIL, Plain, plain_atom, read_atom

from soapstone.model import (
    AtomType,
    AtomValue,
    AuthenticationPlace,
    EnumerationType,
    EnvelopeKind,
    Field,
    Form,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Operation,
    Presence,
    Primitive,
    Service,
    Structure,
    StructureValue,
    Type,
    Value,
    WhenAbsent,
)
from soapstone.samples.validation import is_bare_list

EMPTY = "empty"

_NAMESPACES = dict(
    zip((EnvelopeKind.SOAP11, EnvelopeKind.SOAP12), ENVELOPES, strict=True)
)
_NOTHING: tuple[Plain, ...] = (plain_atom(""), plain_atom(b""), [], {})


def stands(member: Field) -> bool:
    """Whether a member stands in requests."""
    return member.presence not in (Presence.PROHIBITED, Presence.IGNORED)


def settled(member: Field, value: Plain | None) -> Plain | None:
    """Return what a document can tell: no member without value from an empty one, in some places."""
    if member.form is Form.TEXT and member.presence is not Presence.REQUIRED:
        return None if value in _NOTHING else value
    if member.states.absent is WhenAbsent.EMPTY and value in (None, *_NOTHING):
        return EMPTY
    if member.states.absent is WhenAbsent.NIL and value is None:
        return NIL
    return value


# What it is to say


@dataclass(frozen=True)
class Expected:
    """Tells what the values of a request are to be in its document."""

    service: Service

    def structure(
        self, structure: Structure, value: StructureValue
    ) -> dict[str, Plain]:
        """Return the members of a structure."""
        found: dict[str, Plain] = {}
        for member in filter(stands, structure.fields):
            given = value.get(member.name)
            if member.constant is not None:
                given = AtomValue(value=member.constant, span=member.span)
            if given is None and is_bare_list(member.type):
                given = ListValue(items=(), span=member.span)
            plain = settled(
                member, None if given is None else self._value(member.type, given)
            )
            if plain is not None:
                found[member.name] = plain
        return found

    def _value(self, kind: Type, value: Value) -> Plain:
        match kind, value:
            case _, NilValue():
                return NIL
            case AtomType(primitive=Primitive.DOUBLE), AtomValue(value=int(number)):
                return plain_atom(float(number))
            case _, AtomValue(value=atom):
                return plain_atom(atom)
            case ListType(of=of), ListValue(items=items):
                return [self._value(of, each) for each in items]
            case MixedListType(alternatives=alternatives), ListValue(items=items):
                kinds = {each.name: each.type for each in alternatives}
                return [
                    {each.name: self._value(kinds[each.name], each.value)}
                    for each in items
                    if isinstance(each, MemberValue)
                ]
            case _, StructureValue():
                structure = self.service.structure_of(kind)
                assert structure is not None
                return self.structure(structure, value)
            case _:
                raise AssertionError(kind, value)


# What it says


class SentReader:
    """Reads requests of an operation."""

    def __init__(self, service: Service, operation: Operation) -> None:
        self._service = service
        self._operation = operation
        self._namespace = operation.protocol.namespace

    def read(
        self, root: Element, envelope: EnvelopeKind, opened: str
    ) -> tuple[Plain | None, dict[str, Plain]]:
        """Return what opens a request, and its members.

        Args:
            root: The document.
            envelope: What stands around the request.
            opened: The alternative that opens it; empty where nothing does.
        """
        header, wrapper = self._unwrapped(root, envelope)
        protocol = self._operation.protocol
        assert wrapper.tag == self._tag(protocol.wrapper)
        element = wrapper
        if protocol.request:
            (element,) = wrapper
            assert element.tag == self._tag(protocol.request)
            assert wrapper.attrib == {}
            assert text_of(wrapper) == ""
        children = list(element)
        authentication: Element | None = None
        taken = self._operation.authentication
        if taken is not None and opened:
            match taken.place:
                case AuthenticationPlace.FIRST:
                    authentication = children.pop(0)
                case AuthenticationPlace.LAST:
                    authentication = children.pop()
                case AuthenticationPlace.HEADER:
                    assert header is not None
                    (authentication,) = header
                case _:
                    assert_never(taken.place)
        else:
            assert header is None
        members = self._structure(
            self._operation.request, element, children, self._namespace
        )
        if authentication is None:
            return None, members
        return self._opening(authentication, opened), members

    def _unwrapped(
        self, root: Element, envelope: EnvelopeKind
    ) -> tuple[Element | None, Element]:
        if envelope is EnvelopeKind.NONE:
            return None, root
        namespace = _NAMESPACES[envelope]
        assert root.tag == f"{{{namespace}}}Envelope"
        *headers, body = root
        assert [each.tag for each in headers] in ([], [f"{{{namespace}}}Header"])
        assert body.tag == f"{{{namespace}}}Body"
        (wrapper,) = body
        return headers[0] if headers else None, wrapper

    def _opening(self, element: Element, opened: str) -> dict[str, Plain]:
        taken = self._operation.authentication
        assert taken is not None
        (alternative,) = (each for each in taken.alternatives if each.name == opened)
        is_outermost = taken.place is AuthenticationPlace.HEADER
        namespace = (
            self._service.protocol.namespace if is_outermost else self._namespace
        )
        assert element.tag == f"{{{namespace}}}{opened}"
        return self._structure(alternative.structure, element, list(element), namespace)

    def _tag(self, name: str) -> str:
        return f"{{{self._namespace}}}{name}"

    def _structure(
        self,
        structure: Structure,
        element: Element,
        children: list[Element],
        namespace: str,
    ) -> dict[str, Plain]:
        attributes = dict(element.attrib)
        has_text = any(member.form is Form.TEXT for member in structure.fields)
        assert has_text or text_of(element) == ""
        found: dict[str, Plain] = {}
        for member in filter(stands, structure.fields):
            value: Plain | None
            match member.form:
                case Form.ATTRIBUTE:
                    text = attributes.pop(attribute_tag(member.name), None)
                    value = self._attribute(member, text)
                case Form.TEXT:
                    value = self._text(member, text_of(element))
                case Form.ELEMENT:
                    value = self._member(member, children, namespace)
                case _:
                    assert_never(member.form)
            if value is not None:
                found[member.name] = value
        assert attributes == {}
        assert children == []
        return found

    @staticmethod
    def _attribute(member: Field, text: str | None) -> Plain | None:
        if text is None:
            return None
        if not text and member.states.absent is WhenAbsent.EMPTY:
            return EMPTY
        return _atom(member.type, text)

    @staticmethod
    def _text(member: Field, text: str) -> Plain | None:
        if not text and member.presence is not Presence.REQUIRED:
            return None
        return _atom(member.type, text)

    def _member(
        self, member: Field, children: list[Element], namespace: str
    ) -> Plain | None:
        """Take the elements of a member from the front of those that are left."""
        found: list[Element] = []
        is_bare = is_bare_list(member.type)
        while children and children[0].tag == f"{{{namespace}}}{member.name}":
            found.append(children.pop(0))
            if not is_bare:
                break
        if isinstance(member.type, ListType) and is_bare:
            return [self._value(member.type.of, each, namespace) for each in found]
        if not found:
            return None
        (element,) = found
        if element.attrib == {f"{{{XSI}}}nil": "true"}:
            assert (element.text, list(element)) == (None, [])
            return NIL
        is_bare_element = not (element.attrib or element.text or len(element))
        if is_bare_element and member.states.absent is WhenAbsent.EMPTY:
            return EMPTY
        return self._value(member.type, element, namespace)

    def _value(self, kind: Type, element: Element, namespace: str) -> Plain:
        if isinstance(kind, AtomType | EnumerationType):
            assert element.attrib == {}
            assert len(element) == 0
            return _atom(kind, text_of(element))
        if isinstance(kind, ListType | MixedListType):
            assert element.attrib == {}
            assert text_of(element) == ""
            return [self._item(kind, each, namespace) for each in element]
        structure = self._service.structure_of(kind)
        assert structure is not None
        return self._structure(structure, element, list(element), namespace)

    def _item(
        self, kind: ListType | MixedListType, element: Element, namespace: str
    ) -> Plain:
        name = str(etree.QName(element).localname)
        assert element.tag == f"{{{namespace}}}{name}"
        if isinstance(kind, ListType):
            assert name == kind.item
            return self._value(kind.of, element, namespace)
        (alternative,) = (each for each in kind.alternatives if each.name == name)
        return {name: self._value(alternative.type, element, namespace)}


def _atom(kind: Type, text: str) -> Plain:
    """Return what a text says, which must not have blanks around anything but a text."""
    if isinstance(kind, EnumerationType):
        return plain_atom(text)
    assert isinstance(kind, AtomType)
    assert kind.primitive is Primitive.STRING or text == text.strip()
    return read_atom(kind.primitive, text)
