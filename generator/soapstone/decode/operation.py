"""One operation file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.documents import DocumentContext, decode_examples
from soapstone.decode.rules import decode_rules
from soapstone.decode.structure import StructureDecoder
from soapstone.diagnostics import Report, did_you_mean
from soapstone.model import (
    Allowance,
    Authentication,
    Citation,
    EnvelopeKind,
    Field,
    Operation,
    Outcome,
    Protocol,
    Structure,
)
from soapstone.source import Mapping, Node, Scalar

_Fact = TypeVar("_Fact", Authentication, Outcome)

# In place of an element's name: there is no such element.
_NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What `service.yaml` gives to every operation."""

    folder: Path
    shown_folder: str
    protocol: Mapping
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    authentication: Authentication | None
    outcome: Outcome | None
    decoder: StructureDecoder

    def reporting(self, report: Report) -> Shared:
        """Return the same for an operation that is reported on by itself."""
        return replace(self, decoder=self.decoder.reporting(report))

    def adopted(self, operation: Operation) -> Operation:
        """Return an operation with what it has of the service, instead of copies of that."""
        request, response = operation.request, operation.response
        return replace(
            operation,
            authentication=_same(self.authentication, operation.authentication),
            outcome=_same(self.outcome, operation.outcome),
            request=replace(request, fields=_adopted(self.request, request.fields)),
            response=replace(response, fields=_adopted(self.response, response.fields)),
        )


def _same(shared: _Fact | None, own: _Fact | None) -> _Fact | None:
    return shared if shared == own else own


def _adopted(shared: tuple[Field, ...], own: tuple[Field, ...]) -> tuple[Field, ...]:
    starts_alike = shared and own[: len(shared)] == shared
    return (*shared, *own[len(shared) :]) if starts_alike else own


def decode_operation(
    root: Mapping, path: str, shared: Shared, report: Report
) -> Operation | None:
    """Return the operation that a file describes; None when it does not even name one."""
    named = root.get("operation")
    if not isinstance(named, Scalar):
        return None
    has_common = root.get("common") is None
    request = shared.decoder.fields(root.get("request"))
    response = shared.decoder.fields(root.get("response"))
    if has_common:
        request = (*shared.request, *request)
        response = (*shared.response, *response)
    authentication = _decode_authentication(
        root.get("authentication"), shared.authentication, report
    )
    idempotent = root.get("idempotent")
    stated = nodes.mapping(idempotent, named.span)
    context = DocumentContext(
        folder=shared.folder,
        shown_folder=shared.shown_folder,
        request=request,
        response=response,
        authentication=authentication,
        structure_of=shared.decoder.structure_of,
    )
    return Operation(
        name=named.text,
        heading=nodes.text(root.get("heading")),
        python_name=nodes.text(root.get("name")),
        summary=nodes.text(root.get("summary")),
        doc=nodes.text(root.get("doc")),
        path=path,
        source=decode_citation(root.get("source"))
        or Citation(page="", span=named.span),
        protocol=decode_protocol(root.get("protocol"), shared.protocol, named),
        authentication=authentication,
        outcome=shared.outcome if has_common else None,
        request=Structure(
            fields=request,
            rules=decode_rules(root.get("rules"), request, report),
            span=named.span,
        ),
        response=Structure(fields=response, span=named.span),
        examples=decode_examples(root.get("examples"), context, report),
        is_idempotent=nodes.is_true(stated.get("value") or idempotent),
        idempotence_source=decode_citation(stated.get("source")),
        allowances=decode_allowances(root.get("allow")),
        span=named.span,
    )


def _decode_authentication(
    node: Node | None, shared: Authentication | None, report: Report
) -> Authentication | None:
    """Return the alternatives that an operation takes: all of the service's unless it says."""
    if node is None or isinstance(node, Scalar):  # `none`
        return shared if node is None else None
    known = () if shared is None else [each.name for each in shared.alternatives]
    for item in nodes.items(node):
        if nodes.verbatim(item) not in known:
            report.error(
                "authentication-unknown",
                item.span,
                f"the service has no authentication `{nodes.verbatim(item)}`",
                hint=did_you_mean(nodes.verbatim(item), known),
            )
    if shared is None:
        return None
    names = nodes.texts(node)
    taken = tuple(each for each in shared.alternatives if each.name in names)
    return replace(shared, alternatives=taken) if taken else None


def decode_protocol(own: Node | None, shared: Mapping, named: Scalar) -> Protocol:
    """Return the protocol of an operation: its own keys, then the service's, then the defaults."""
    first = nodes.mapping(own, shared.span)

    def value(key: str, default: str = "") -> str:
        found = first.get(key) or shared.get(key)
        text = default if found is None else nodes.verbatim(found)
        return text.replace("{operation}", named.text)

    def element(key: str, default: str) -> str:
        name = value(key, default)
        return "" if name == _NONE else name

    namespace = value("namespace")
    response = value("response", "{operation}Response")
    return Protocol(
        endpoint=_joined(value("endpoint"), value("path")),
        namespace=namespace,
        envelope=EnvelopeKind(value("envelope", EnvelopeKind.SOAP11.value)),
        soap_action=value("soap_action", f"{namespace.rstrip('/')}/{{operation}}"),
        wrapper=value("wrapper", "{operation}"),
        request=element("request", "Request"),
        response=response,
        result=element("result", "{operation}Result") or response,
        source=decode_citation(first.get("source") or shared.get("source")),
        span=first.span if own is None else own.span,
    )


def _joined(endpoint: str, path: str) -> str:
    return f"{endpoint.rstrip('/')}/{path.lstrip('/')}" if path else endpoint


def decode_allowances(node: Node | None) -> tuple[Allowance, ...]:
    """Return the warnings that a spec accepts."""
    return tuple(
        Allowance(
            rule=nodes.text(allowance.get("rule")),
            reason=nodes.text(allowance.get("reason")),
            span=allowance.span,
        )
        for allowance in nodes.items(node)
        if isinstance(allowance, Mapping)
    )
