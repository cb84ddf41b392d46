"""Documents made from values by the model alone: the second opinion on the generated writers."""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import assert_never
from xml.sax.saxutils import escape

from soapstone.model import (
    Atom,
    AtomValue,
    AuthenticationPlace,
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
    Service,
    Structure,
    StructureValue,
    Timestamp,
    Type,
    Value,
    WhenAbsent,
    WhenNil,
)

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ENVELOPES = {
    EnvelopeKind.SOAP11: "http://schemas.xmlsoap.org/soap/envelope/",
    EnvelopeKind.SOAP12: "http://www.w3.org/2003/05/soap-envelope",
}
# Where the digits of a fraction of a second end that Python writes.
_FRACTION = len("2026-01-31T12:30:15.123456")
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def request_document(
    service: Service,
    operation: Operation,
    values: StructureValue,
    authentication: MemberValue | None,
    envelope: EnvelopeKind,
) -> bytes:
    """Return the request for some values, byte for byte as a generated package writes it."""
    protocol = operation.protocol
    content = _Writer(service, is_request=True).content(operation.request, values)
    taken = operation.authentication
    first = last = header = ""
    if authentication is not None and taken is not None:
        match taken.place:
            case AuthenticationPlace.FIRST:
                first = authentication_text(service, authentication)
            case AuthenticationPlace.LAST:
                last = authentication_text(service, authentication)
            case AuthenticationPlace.HEADER:
                header = authentication_text(service, authentication)
            case _:
                assert_never(taken.place)
    content = _Content(content.attributes, f"{first}{content.inside}{last}")
    namespace = _declared(protocol.namespace)
    if protocol.request:
        inside = content.element(protocol.request)
        body = _Content(namespace, inside).element(protocol.wrapper)
    else:
        body = content.element(protocol.wrapper, namespace)
    return _enclose(body, envelope, header)


def answer_document(
    service: Service, operation: Operation, values: StructureValue
) -> bytes:
    """Return an answer that says some values, as the service would send it."""
    protocol = operation.protocol
    content = _Writer(service, is_request=False).content(operation.response, values)
    namespace = _declared(protocol.namespace)
    if protocol.result == protocol.response:
        body = content.element(protocol.response, namespace)
    else:
        inside = content.element(protocol.result)
        body = _Content(namespace, inside).element(protocol.response)
    return _enclose(body, protocol.envelope)


def authentication_text(service: Service, authentication: MemberValue) -> str:
    """Return the element that opens or closes a request."""
    found = service.authentication
    if found is None:  # pragma: no cover -- the type checker asks for it
        return ""
    # In the header it has no parent whose namespace it could have.
    is_outermost = found.place is AuthenticationPlace.HEADER
    declared = _declared(service.protocol.namespace) if is_outermost else ""
    writer = _Writer(service, is_request=True)
    return "".join(
        writer.content(each.structure, authentication.value).element(
            each.name, declared
        )
        for each in found.alternatives
        if each.name == authentication.name
        and isinstance(authentication.value, StructureValue)
    )


def _declared(namespace: str) -> str:
    return f' xmlns="{attribute(namespace)}"'


def _enclose(body: str, envelope: EnvelopeKind, header: str = "") -> bytes:
    namespace = _ENVELOPES.get(envelope)
    if namespace is not None:
        head = f"<soap:Header>{header}</soap:Header>" if header else ""
        body = (
            f'<soap:Envelope xmlns:soap="{namespace}">{head}'
            f"<soap:Body>{body}</soap:Body></soap:Envelope>"
        )
    return f"{_DECLARATION}{body}".encode()


@dataclass(frozen=True, slots=True)
class _Content:
    """What stands in the start tag of an element, and between it and the end tag."""

    attributes: str
    inside: str

    def element(self, tag: str, declared: str = "") -> str:
        return f"<{tag}{declared}{self.attributes}>{self.inside}</{tag}>"


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes values.

    Attributes:
        is_request: Whether members without a value are written as their states say.
    """

    service: Service
    is_request: bool

    def content(self, structure: Structure, values: Value) -> _Content:
        """Return everything inside the element of a structure."""
        attributes: list[str] = []
        inside: list[str] = []
        for member in structure.fields:
            if member.presence in (Presence.PROHIBITED, Presence.IGNORED):
                continue
            value = self._value(member, values)
            match member.form:
                case Form.ATTRIBUTE:
                    attributes += self._attribute(member, value)
                case Form.TEXT:
                    inside += (
                        [lexical(value.value)] if isinstance(value, AtomValue) else []
                    )
                case Form.ELEMENT:
                    inside += self._member(member, value)
                case _:
                    assert_never(member.form)
        return _Content("".join(_with_prefix(attributes)), "".join(inside))

    def _value(self, member: Field, values: Value) -> Value | None:
        """Return what a member says; a request marks as nil only what may be kept as nil."""
        if member.constant is not None:
            return AtomValue(value=member.constant, span=member.span)
        found = values.get(member.name) if isinstance(values, StructureValue) else None
        if isinstance(found, NilValue) and self.is_request:
            return found if member.states.nil is WhenNil.KEPT else None
        return found

    def _attribute(self, member: Field, value: Value | None) -> Iterator[str]:
        if isinstance(value, AtomValue):
            yield f' {member.name}="{attribute(text_of(value.value))}"'
        elif self.is_request and member.states.absent is WhenAbsent.EMPTY:
            yield f' {member.name}=""'

    def _member(self, member: Field, value: Value | None) -> Iterator[str]:
        if value is not None:
            yield from self._element(member.type, member.name, value)
        elif self.is_request:
            match member.states.absent:
                case WhenAbsent.OMITTED:
                    pass
                case WhenAbsent.EMPTY:
                    yield _Content("", "").element(member.name)
                case WhenAbsent.NIL:
                    yield _nil(member.name)
                case _:
                    assert_never(member.states.absent)

    def _element(self, kind: Type, tag: str, value: Value) -> Iterator[str]:
        match kind, value:
            case _, NilValue():
                yield _nil(tag)
            case ListType(item=None, of=of), ListValue(items=items):
                for item in items:
                    yield from self._element(of, tag, item)
            case ListType(item=str(name), of=of), ListValue(items=items):
                inside = (
                    text for item in items for text in self._element(of, name, item)
                )
                yield _Content("", "".join(inside)).element(tag)
            case MixedListType(), ListValue(items=items):
                inside = (text for item in items for text in self._named(kind, item))
                yield _Content("", "".join(inside)).element(tag)
            case _, AtomValue(value=atom):
                yield _Content("", lexical(atom)).element(tag)
            case _, _:
                structure = self.service.structure_of(kind)
                if structure is not None:
                    yield self.content(structure, value).element(tag)

    def _named(self, kind: MixedListType, item: Value) -> Iterator[str]:
        for alternative in kind.alternatives:
            if isinstance(item, MemberValue) and item.name == alternative.name:
                yield from self._element(alternative.type, item.name, item.value)


def _nil(tag: str) -> str:
    return f'<{tag} xmlns:xsi="{_XSI}" xsi:nil="true"/>'


def _with_prefix(attributes: list[str]) -> Iterator[str]:
    """Yield attributes, with the prefix of the schema declared before its first use."""
    prefixed = [text for text in attributes if text.startswith(" xsi:")]
    for text in attributes:
        yield f' xmlns:xsi="{_XSI}"{text}' if text in prefixed[:1] else text


def attribute(value: str) -> str:
    """Return the value of an attribute, escaped."""
    escaped = escape(value, {"\r": "&#13;", '"': "&quot;", "'": "&apos;"})
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;")


def lexical(value: Atom) -> str:
    """Return the text of an atom, escaped."""
    return escape(text_of(value), {"\r": "&#13;"})


def text_of(value: Atom) -> str:
    """Return the text of an atom."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else ("INF" if value > 0 else "-INF")
        case int() | float():
            return repr(value)
        case Decimal():
            return f"{value:f}"
        case datetime.datetime():
            digits = value.digits if isinstance(value, Timestamp) else ""
            written = value.isoformat(timespec="microseconds")
            exact = f"{written[:_FRACTION]}{digits}"
            shown = exact.rstrip("0").rstrip(".") if "." in exact else exact
            return f"{shown}{written[_FRACTION:]}".replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
