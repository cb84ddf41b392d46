"""Documents made from values by the model alone: the second opinion on the generated writers."""

from __future__ import annotations

import base64
import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from soapstone.model import (
    Atom,
    AtomValue,
    EnvelopeKind,
    ListType,
    ListValue,
    MemberValue,
    NilValue,
    Operation,
    Presence,
    Service,
    Structure,
    StructureValue,
    Type,
    Value,
)

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ENVELOPES = {
    EnvelopeKind.SOAP11: "http://schemas.xmlsoap.org/soap/envelope/",
    EnvelopeKind.SOAP12: "http://www.w3.org/2003/05/soap-envelope",
}
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
    inside = "".join(_members(service, operation.request, values))
    if authentication is not None and service.authentication is not None:
        inside = authentication_text(service, authentication) + inside
    namespace = quoteattr(protocol.namespace, {'"': "&quot;"})
    body = (
        f"<{protocol.wrapper} xmlns={namespace}><{protocol.request}>"
        f"{inside}</{protocol.request}></{protocol.wrapper}>"
    )
    return _enclose(body, envelope)


def answer_document(
    service: Service, operation: Operation, values: StructureValue
) -> bytes:
    """Return an answer that says some values, as the service would send it."""
    protocol = operation.protocol
    inside = "".join(_members(service, operation.response, values))
    body = (
        f"<{protocol.response} xmlns={quoteattr(protocol.namespace)}><{protocol.result}>"
        f"{inside}</{protocol.result}></{protocol.response}>"
    )
    return _enclose(body, operation.protocol.envelope)


def authentication_text(service: Service, authentication: MemberValue) -> str:
    """Return the element that opens a request."""
    alternatives = (
        () if service.authentication is None else service.authentication.alternatives
    )
    return "".join(
        f"<{each.name}>{''.join(_members(service, each.structure, authentication.value))}</{each.name}>"
        for each in alternatives
        if each.name == authentication.name
        and isinstance(authentication.value, StructureValue)
    )


def _enclose(body: str, envelope: EnvelopeKind) -> bytes:
    namespace = _ENVELOPES.get(envelope)
    if namespace is not None:
        body = f'<soap:Envelope xmlns:soap="{namespace}"><soap:Body>{body}</soap:Body></soap:Envelope>'
    return f"{_DECLARATION}{body}".encode()


def _members(service: Service, structure: Structure, values: Value) -> Iterator[str]:
    for member in structure.fields:
        value = values.get(member.name) if isinstance(values, StructureValue) else None
        if value is not None and member.presence not in (
            Presence.PROHIBITED,
            Presence.IGNORED,
        ):
            yield from _element(service, member.type, member.name, value)


def _element(service: Service, kind: Type, tag: str, value: Value) -> Iterator[str]:
    match kind, value:
        case _, NilValue():
            yield f'<{tag} xmlns:xsi="{_XSI}" xsi:nil="true"/>'
        case ListType(item=None, of=of), ListValue(items=items):
            for item in items:
                yield from _element(service, of, tag, item)
        case ListType(item=str(name), of=of), ListValue(items=items):
            inside = "".join(
                text for item in items for text in _element(service, of, name, item)
            )
            yield f"<{tag}>{inside}</{tag}>"
        case _, AtomValue(value=atom):
            yield f"<{tag}>{lexical(atom)}</{tag}>"
        case _, _:
            structure = service.structure_of(kind)
            if (
                structure is not None
            ):  # pragma: no branch -- the type checker asks for it
                yield f"<{tag}>{''.join(_members(service, structure, value))}</{tag}>"


def lexical(value: Atom) -> str:
    """Return the text of an atom, escaped."""
    match value:
        case str():
            return escape(value, {"\r": "&#13;"})
        case bool():
            return "true" if value else "false"
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else ("INF" if value > 0 else "-INF")
        case int() | float():
            return repr(value)
        case Decimal():
            return f"{value:f}"
        case datetime.datetime():
            return value.isoformat().replace("+00:00", "Z")
        case datetime.date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode("ascii")
