"""One operation file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soapstone.decode import nodes
from soapstone.decode.documents import DocumentContext, decode_examples
from soapstone.decode.structure import decode_citation, decode_fields, decode_rules
from soapstone.decode.values import StructureOf
from soapstone.diagnostics import Report
from soapstone.model import (
    Allowance,
    Authentication,
    Citation,
    EnvelopeKind,
    Field,
    Operation,
    Protocol,
    Structure,
)
from soapstone.source import Mapping, Node, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """What `service.yaml` gives to every operation."""

    folder: Path
    shown_folder: str
    protocol: Mapping
    request: tuple[Field, ...]
    response: tuple[Field, ...]
    authentication: Authentication | None
    structure_of: StructureOf


def decode_operation(
    root: Mapping, path: str, shared: Shared, report: Report
) -> Operation | None:
    """Return the operation that a file describes; None when it does not even name one."""
    named = root.get("operation")
    if not isinstance(named, Scalar):
        return None
    request = (*shared.request, *decode_fields(root.get("request"), report))
    response = (*shared.response, *decode_fields(root.get("response"), report))
    context = DocumentContext(
        folder=shared.folder,
        shown_folder=shared.shown_folder,
        request=request,
        response=response,
        authentication=shared.authentication,
        structure_of=shared.structure_of,
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
        request=Structure(
            fields=request,
            rules=decode_rules(root.get("rules"), report),
            span=named.span,
        ),
        response=Structure(fields=response, span=named.span),
        examples=decode_examples(root.get("examples"), context, report),
        allowances=decode_allowances(root.get("allow")),
        span=named.span,
    )


def decode_protocol(own: Node | None, shared: Mapping, named: Scalar) -> Protocol:
    """Return the protocol of an operation: its own keys, then the service's, then the defaults."""
    first = nodes.mapping(own, shared.span)

    def value(key: str, default: str = "") -> str:
        found = first.get(key) or shared.get(key)
        text = default if found is None else nodes.verbatim(found)
        return text.replace("{operation}", named.text)

    namespace = value("namespace")
    return Protocol(
        endpoint=value("endpoint"),
        namespace=namespace,
        envelope=EnvelopeKind(value("envelope", EnvelopeKind.SOAP11.value)),
        soap_action=value("soap_action", f"{namespace.rstrip('/')}/{{operation}}"),
        wrapper=value("wrapper", "{operation}"),
        request=value("request", "Request"),
        response=value("response", "{operation}Response"),
        result=value("result", "{operation}Result"),
        source=decode_citation(first.get("source") or shared.get("source")),
        span=first.span if own is None else own.span,
    )


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
