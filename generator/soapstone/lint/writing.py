"""Requests as the model says that a client writes them.

Written apart from the code that generated packages use, so that each can prove the other wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never
from xml.sax.saxutils import escape, quoteattr

from soapstone.lint.sample_frame import ENVELOPES
from soapstone.lint.sample_xml import SCHEMA_INSTANCE
from soapstone.lint.wire import write_text
from soapstone.model import (
    Atom,
    AtomValue,
    EnvelopeKind,
    Field,
    Form,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Presence,
    Protocol,
    Service,
    StructureValue,
    Type,
    Value,
    WhenAbsent,
    WhenNil,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})
_DECLARED = f'xmlns:xsi="{SCHEMA_INSTANCE}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWriter:
    """Writes a request from typed values as a client does, in the order of the model.

    A client does not know the members that the service ignores. It writes an element that is nil
    only where the spec says that nil is kept, or how a missing value is shown.
    """

    service: Service
    protocol: Protocol
    envelope: EnvelopeKind
    namespace: str

    def write(
        self,
        fields: tuple[Field, ...],
        values: StructureValue,
        header_fields: tuple[Field, ...] = (),
    ) -> str:
        """Return the document; the authentication is one of the members, or of the header."""
        wrapper, request = self.protocol.wrapper, self.protocol.request
        namespace = f"xmlns={quoteattr(self.namespace)}"
        if request:
            members = self._structure(request, fields, values)
            payload = f"<{wrapper} {namespace}>{members}</{wrapper}>"
        else:
            payload = self._structure(wrapper, fields, values, namespace)
        if self.envelope is EnvelopeKind.NONE:
            return payload
        header = "".join(
            self._structure(field.name, structure.fields, value, namespace)
            for field in header_fields
            if isinstance(value := values.get(field.name), StructureValue)
            and (structure := self.service.structure_of(field.type)) is not None
        )
        return (
            f"<soap:Envelope xmlns:soap={quoteattr(ENVELOPES[self.envelope])}>"
            f"{f'<soap:Header>{header}</soap:Header>' if header else ''}"
            f"<soap:Body>{payload}</soap:Body></soap:Envelope>"
        )

    def _structure(
        self,
        name: str,
        fields: Iterable[Field],
        values: StructureValue,
        declaration: str = "",
    ) -> str:
        own = [field for field in fields if field.presence not in _HIDDEN]
        attributes = list(_attributes(own, values))
        if any(each.startswith("xsi:") for each in attributes):
            attributes.insert(0, _DECLARED)
        start = " ".join([name, *filter(None, [declaration]), *attributes])
        content = "".join(
            self._member(field, values)
            for field in own
            if field.form is not Form.ATTRIBUTE
        )
        return f"<{start}>{content}</{name}>"

    def _member(self, field: Field, values: StructureValue) -> str:
        value = _value(field, values)
        if field.form is Form.TEXT:
            return "" if value is None else _escaped(write_text(value))
        if value is not None:
            return f"<{field.name}>{_escaped(write_text(value))}</{field.name}>"
        given = values.get(field.name)
        if given is not None and not isinstance(given, NilValue):
            return self._element(field.name, given, field.type)
        is_nil = given is not None and field.states.nil is WhenNil.KEPT
        absent = WhenAbsent.NIL if is_nil else field.states.absent
        match absent:
            case WhenAbsent.OMITTED:
                return ""
            case WhenAbsent.EMPTY:
                return f"<{field.name}></{field.name}>"
            case WhenAbsent.NIL:
                return f'<{field.name} {_DECLARED} xsi:nil="true"/>'
            case _:
                assert_never(absent)

    def _element(self, name: str, value: Value, kind: Type) -> str:
        match value:
            case AtomValue():
                return f"<{name}>{_escaped(write_text(value.value))}</{name}>"
            case StructureValue():
                structure = self.service.structure_of(kind)
                fields = () if structure is None else structure.fields
                return self._structure(name, fields, value)
            case ListValue(items=items):
                content = "".join(self._item(name, each, kind) for each in items)
                is_bare = isinstance(kind, ListType) and kind.item is None
                return content if is_bare else f"<{name}>{content}</{name}>"
            case (
                MemberValue() | NilValue()
            ):  # pragma: no cover -- the type checker asks for it
                return ""
            case _:
                assert_never(value)

    def _item(self, name: str, value: Value, kind: Type) -> str:
        match kind, value:
            case ListType(item=item, of=of), _:
                return self._element(item or name, value, of)
            case MixedListType(alternatives=alternatives), MemberValue():
                return "".join(
                    self._element(value.name, value.value, alternative.type)
                    for alternative in alternatives
                    if alternative.name == value.name
                )
            case _:  # pragma: no cover -- the type checker asks for it
                return ""


def _attributes(fields: Iterable[Field], values: StructureValue) -> Iterator[str]:
    for field in fields:
        if field.form is Form.ATTRIBUTE:
            value = _value(field, values)
            if value is not None:
                yield f"{field.name}={quoteattr(write_text(value))}"
            elif field.states.absent is WhenAbsent.EMPTY:
                yield f'{field.name}=""'


def _value(field: Field, values: StructureValue) -> Atom | None:
    """Return the single value of a member, if it has one."""
    if field.constant is not None:
        return field.constant
    given = values.get(field.name)
    return given.value if isinstance(given, AtomValue) else None


def _escaped(text: str) -> str:
    # A parser reads a bare carriage return as a line feed.
    return escape(text, {"\r": "&#13;"})
