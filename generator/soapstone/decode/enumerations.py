"""Enumerations: documented values, each with its meaning."""

from __future__ import annotations

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.diagnostics import Span
from soapstone.model import Enumeration, EnumerationValue
from soapstone.source import Entry, Mapping


def decode_enumeration(body: Mapping, span: Span) -> Enumeration:
    """Return the enumeration that a mapping with `values` describes."""
    values = body.get("values")
    listed = (
        EnumerationValue(text=nodes.verbatim(item), span=item.span)
        for item in nodes.items(values)
    )
    described = (_described(entry) for entry in nodes.entries(values))
    return Enumeration(
        values=(*listed, *described),
        is_open=nodes.is_true(body.get("open")),
        doc=nodes.text(body.get("doc")),
        source=decode_citation(body.get("source")),
        span=span,
    )


def _described(entry: Entry) -> EnumerationValue:
    body = nodes.mapping(entry.value, entry.key.span)
    is_short = not isinstance(entry.value, Mapping)
    return EnumerationValue(
        text=entry.key.text,
        python_name=nodes.text(body.get("name")),
        doc=nodes.text(entry.value if is_short else body.get("doc")),
        source=decode_citation(body.get("source")),
        span=entry.key.span,
    )
