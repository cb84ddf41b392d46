"""The catalogue of documented failures."""

from __future__ import annotations

import re

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.model import Datum, ErrorCase, MessagePattern, Occasion
from soapstone.source import Entry, Mapping, Node

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def decode_errors(node: Node | None) -> tuple[ErrorCase, ...]:
    """Return the failures of `errors` in service.yaml."""
    return tuple(_decode_error(entry, "") for entry in nodes.entries(node))


def _decode_error(entry: Entry, code: str) -> ErrorCase:
    body = nodes.mapping(entry.value, entry.key.span)
    own_code = nodes.verbatim(body.get("code")) or code
    return ErrorCase(
        name=entry.key.text,
        code=own_code,
        doc=nodes.text(body.get("doc")),
        data=tuple(_decode_datum(datum) for datum in nodes.entries(body.get("data"))),
        messages=tuple(
            _decode_message(message) for message in nodes.items(body.get("messages"))
        ),
        occasion=_decode_occasion(body.get("when")),
        cases=tuple(
            _decode_error(case, own_code) for case in nodes.entries(body.get("cases"))
        ),
        source=decode_citation(body.get("source")),
        span=entry.key.span,
    )


def _decode_occasion(node: Node | None) -> Occasion | None:
    return None if node is None else Occasion(nodes.text(node))


def _decode_datum(entry: Entry) -> Datum:
    body = nodes.mapping(entry.value, entry.key.span)
    return Datum(
        name=entry.key.text,
        is_list=nodes.is_true(body.get("list")),
        doc=nodes.text(body.get("doc")),
        span=entry.key.span,
    )


def _decode_message(node: Node) -> MessagePattern:
    body = node if isinstance(node, Mapping) else Mapping({}, node.span)
    text = nodes.verbatim(body.get("text") if isinstance(node, Mapping) else node)
    pieces = _PLACEHOLDER.split(text)
    return MessagePattern(
        literals=tuple(pieces[::2]),
        names=tuple(pieces[1::2]),
        separators={
            entry.key.text: nodes.verbatim(entry.value)
            for entry in nodes.entries(body.get("split"))
        },
        source=decode_citation(body.get("source")),
        span=node.span,
    )
