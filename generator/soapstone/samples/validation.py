"""What a value breaks, by the model alone: the second opinion on the generated checks."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias, assert_never

from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    AtomValue,
    Count,
    Length,
    ListType,
    ListValue,
    Maximum,
    Minimum,
    NilValue,
    Pattern,
    Presence,
    Primitive,
    Service,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
)
from soapstone.samples import patterns
from soapstone.samples.rules import violations

Steps: TypeAlias = tuple[str | int, ...]
"""Wire names and positions in lists, from the request to a member."""

_TYPES: dict[Primitive, type] = {
    Primitive.STRING: str,
    Primitive.BOOLEAN: bool,
    Primitive.INT: int,
    Primitive.LONG: int,
    Primitive.DECIMAL: Decimal,
    Primitive.DOUBLE: float,
    Primitive.DATE: datetime.date,
    Primitive.DATE_TIME: datetime.datetime,
    Primitive.BASE64: bytes,
}
_LIMITS = {Primitive.INT: 2**31, Primitive.LONG: 2**63}
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


def violated(
    service: Service, structure: Structure, value: StructureValue, at: Steps = ()
) -> Iterator[tuple[Steps, str]]:
    """Yield the place and the rule of everything that a structure's value breaks, in order."""
    for member in structure.fields:
        if member.presence in _HIDDEN:
            continue
        found = value.get(member.name)
        if found is not None:
            yield from _violated_value(service, member.type, found, (*at, member.name))
        elif member.presence is Presence.REQUIRED:
            yield (*at, member.name), "required"
    given = frozenset(member.name for member in value.members)
    for rule in structure.rules:
        for name in violations(rule, given):
            yield (*at, name), rule.kind.value


def is_bare_list(kind: Type) -> bool:
    """Whether a type is a list without an element around its items: empty, but never absent."""
    return isinstance(kind, ListType) and kind.item is None


def broken(constraints: tuple[AtomConstraint, ...], value: Atom) -> tuple[str, ...]:
    """Return the names of the constraints that a value of the right type breaks, in order."""
    return tuple(
        type(constraint).__name__.lower()
        for constraint in constraints
        if not _holds(constraint, value)
    )


def _violated_value(
    service: Service, kind: Type, value: Value, at: Steps
) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, NilValue):
        yield at, "required"
    elif isinstance(kind, AtomType):
        yield from ((at, rule) for rule in _violated_atom(kind, value))
    elif isinstance(kind, ListType):
        yield from _violated_list(service, kind, value, at)
    elif not isinstance(value, StructureValue):
        yield at, "type"
    elif (structure := service.structure_of(kind)) is not None:
        yield from violated(service, structure, value, at)


def _violated_atom(kind: AtomType, value: Value) -> tuple[str, ...]:
    if not isinstance(value, AtomValue) or not _is_of_type(kind.primitive, value.value):
        return ("type",)
    if isinstance(value.value, str) and _NOT_IN_XML.search(value.value):
        return ("characters",)
    limit = _LIMITS.get(kind.primitive)
    if (
        limit is not None
        and isinstance(value.value, int)
        and not -limit <= value.value < limit
    ):
        return ("range",)
    if isinstance(value.value, Decimal) and not value.value.is_finite():
        return ("range",)
    return broken(kind.constraints, value.value)


def _is_of_type(primitive: Primitive, value: Atom) -> bool:
    if isinstance(value, bool) or primitive is Primitive.BOOLEAN:
        return isinstance(value, bool) and primitive is Primitive.BOOLEAN
    if isinstance(value, datetime.datetime):
        return primitive is Primitive.DATE_TIME
    if primitive is Primitive.DOUBLE and isinstance(value, int):
        return True
    return isinstance(value, _TYPES[primitive])


def _violated_list(
    service: Service, kind: ListType, value: Value, at: Steps
) -> Iterator[tuple[Steps, str]]:
    if not isinstance(value, ListValue):
        yield at, "type"
        return
    for constraint in kind.constraints:
        match constraint:
            case Count(minimum=minimum, maximum=maximum):
                if not _within(len(value.items), minimum, maximum):
                    yield at, "count"
            case Unique():
                if any(
                    item in value.items[:place]
                    for place, item in enumerate(value.items)
                ):
                    yield at, "unique"
            case _:
                assert_never(constraint)
    for position, item in enumerate(value.items):
        yield from _violated_value(service, kind.of, item, (*at, position))


def _holds(constraint: AtomConstraint, value: Atom) -> bool:
    match constraint:
        case Length(minimum=minimum, maximum=maximum):
            return _within(len(str(value)), minimum, maximum)
        case Pattern(expression=expression):
            return patterns.matches(expression, str(value))
        case Minimum(limit=limit):
            return not _is_less(value, limit)
        case Maximum(limit=limit):
            return not _is_less(limit, value)
        case Allowed(values=values):
            return value in values
        case _:
            assert_never(constraint)


def _within(number: int, minimum: int | None, maximum: int | None) -> bool:
    return (minimum or 0) <= number <= (math.inf if maximum is None else maximum)


def _is_less(value: Atom, other: Atom) -> bool:
    match value, other:
        case (int() | float() | Decimal()), (int() | float() | Decimal()):
            return value < other
        case datetime.datetime(), datetime.datetime():
            return value < other
        case datetime.date(), datetime.date():
            return value < other
        case _:  # pragma: no cover -- the type checker asks for it
            return False
