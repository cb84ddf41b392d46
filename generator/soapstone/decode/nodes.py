"""Reads the parts of a node that the schema has approved."""

from __future__ import annotations

from decimal import Decimal

from soapstone.diagnostics import Span
from soapstone.source import Entry, Mapping, Node, Scalar, Sequence


def text(node: Node | None, default: str = "") -> str:
    """Return a scalar's text with the blanks of folded lines taken off its end."""
    return node.text.strip() if isinstance(node, Scalar) else default


def verbatim(node: Node | None) -> str:
    """Return a scalar's text as it is."""
    return node.text if isinstance(node, Scalar) else ""


def is_true(node: Node | None) -> bool:
    """Whether a scalar says `true`."""
    return isinstance(node, Scalar) and node.text == "true"


def integer(node: Node | None) -> int | None:
    """Return a whole number, which may be written as `1.0` or as `1e3`."""
    return int(Decimal(node.text)) if isinstance(node, Scalar) else None


def items(node: Node | None) -> tuple[Node, ...]:
    """Return the items of a list; none when there is no list."""
    return node.items if isinstance(node, Sequence) else ()


def texts(node: Node | None) -> tuple[str, ...]:
    """Return the items of a list of texts."""
    return tuple(verbatim(item) for item in items(node))


def entries(node: Node | None) -> tuple[Entry, ...]:
    """Return the entries of a mapping; none when there is no mapping."""
    return node.entries if isinstance(node, Mapping) else ()


def mapping(node: Node | None, span: Span) -> Mapping:
    """Return a mapping; an empty one at `span` when there is none."""
    return node if isinstance(node, Mapping) else Mapping({}, span)
