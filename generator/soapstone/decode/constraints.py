"""Constraints on single values and on lists, as far as they apply to the type."""

from __future__ import annotations

from soapstone.decode import nodes
from soapstone.decode.atoms import DESCRIPTIONS, atom_hint, read_atom
from soapstone.decode.citations import decode_citation
from soapstone.diagnostics import Report, Span
from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    Citation,
    Count,
    Length,
    ListConstraint,
    Maximum,
    Minimum,
    Pattern,
    Primitive,
    Unique,
)
from soapstone.source import Mapping, Node, Scalar, Sequence

ORDERED = frozenset(
    {
        Primitive.INT,
        Primitive.LONG,
        Primitive.DECIMAL,
        Primitive.DOUBLE,
        Primitive.DATE,
        Primitive.DATE_TIME,
    }
)
_TEXT = frozenset({Primitive.STRING})
LISTED = frozenset({Primitive.STRING, Primitive.INT, Primitive.LONG, Primitive.DECIMAL})
_APPLIES = {
    "length": _TEXT,
    "pattern": _TEXT,
    "minimum": ORDERED,
    "maximum": ORDERED,
    "allowed": LISTED,
}
ATOM_CONSTRAINTS = tuple(_APPLIES)
LIST_CONSTRAINTS = ("count", "unique")


_REMOVE = "remove it, or give the field the type that it is meant for"


def refuse(
    body: Mapping,
    keys: tuple[str, ...],
    what: str,
    report: Report,
    *,
    hint: str = _REMOVE,
) -> None:
    """Report the keys that stand in a mapping although they do not apply to what it describes."""
    for key in keys:
        if body.get(key) is not None:
            report.error(
                "constraint-not-applicable",
                body.key(key).span,
                f"`{key}` does not apply to {what}".rstrip(","),
                hint=hint,
            )


def decode_atom_constraints(
    body: Mapping, primitive: Primitive, report: Report
) -> tuple[AtomConstraint, ...]:
    """Return the constraints on a value of a primitive type."""
    found: list[AtomConstraint] = []
    for key, primitives in _APPLIES.items():
        node = body.get(key)
        if node is None:
            continue
        span = body.key(key).span
        if primitive not in primitives:
            refuse(body, (key,), f"type `{primitive.value}`", report)
        elif (
            constraint := _atom_constraint(key, node, primitive, span, report)
        ) is not None:
            found.append(constraint)
    return tuple(found)


def decode_list_constraints(body: Mapping) -> tuple[ListConstraint, ...]:
    """Return the constraints on a list."""
    found: list[ListConstraint] = []
    if (count := body.get("count")) is not None:
        minimum, maximum = limits_of(count)
        found.append(
            Count(
                minimum=minimum,
                maximum=maximum,
                message=_message(count),
                source=_source(count),
                span=body.key("count").span,
            )
        )
    unique = body.get("unique")
    if isinstance(unique, Mapping) or nodes.is_true(unique):
        found.append(
            Unique(
                message=_message(unique),
                source=_source(unique),
                span=body.key("unique").span,
            )
        )
    return tuple(found)


def decode_atom(node: Node | None, primitive: Primitive, report: Report) -> Atom | None:
    """Return the value that a limit, a condition or a constant names; None for none of the type."""
    if not isinstance(node, Scalar):
        return None
    value = read_atom(node.text, primitive)
    if value is None:
        report.error(
            "constraint-value",
            node.span,
            f"`{node.text}` is not {DESCRIPTIONS[primitive]}",
            hint=atom_hint(node.text, primitive)
            or f"the field is of type `{primitive.value}`",
        )
    return value


def _atom_constraint(
    key: str, node: Node, primitive: Primitive, span: Span, report: Report
) -> AtomConstraint | None:
    message, source = _message(node), _source(node)
    match key:
        case "length":
            least, most = limits_of(node)
            return Length(
                minimum=least, maximum=most, message=message, source=source, span=span
            )
        case "pattern":
            return _pattern(node, span)
        case "allowed":
            values = [
                decode_atom(item, primitive, report)
                for item in nodes.items(_value(node, "values"))
            ]
            known = tuple(value for value in values if value is not None)
            return Allowed(values=known, message=message, source=source, span=span)
        case _:
            limit = decode_atom(_value(node, "value"), primitive, report)
            if limit is None:
                return None
            kind = Minimum if key == "minimum" else Maximum
            return kind(limit=limit, message=message, source=source, span=span)


def _pattern(node: Node, span: Span) -> Pattern:
    body = nodes.mapping(node, span)
    return Pattern(
        expression=nodes.verbatim(_value(node, "regex")),
        accepts=nodes.texts(body.get("accepts")),
        rejects=nodes.texts(body.get("rejects")),
        message=_message(node),
        source=_source(node),
        span=span,
    )


def limits_of(node: Node) -> tuple[int | None, int | None]:
    """Return the two limits that a number, a pair or a mapping says."""
    match node:
        case Scalar():
            exact = nodes.integer(node)
            return exact, exact
        case Sequence(items=(least, most)):
            return nodes.integer(least), nodes.integer(most)
        case Sequence():
            # What is left of a pair, of which the schema has refused a part, may be either.
            return None, None
        case Mapping():
            return nodes.integer(node.get("min")), nodes.integer(node.get("max"))


def _message(node: Node | None) -> str:
    return nodes.text(node.get("message")) if isinstance(node, Mapping) else ""


def _source(node: Node | None) -> Citation | None:
    return decode_citation(node.get("source")) if isinstance(node, Mapping) else None


def _value(node: Node, key: str) -> Node | None:
    """Return what a constraint says, whether it is written short or as a mapping."""
    return node.get(key) if isinstance(node, Mapping) else node
