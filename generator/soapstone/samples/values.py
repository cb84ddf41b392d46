"""Values that a spec allows: one for every member, different from each other where it can be."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    AtomValue,
    Count,
    Field,
    InlineType,
    Length,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    Pattern,
    Presence,
    Primitive,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
)
from soapstone.samples import patterns
from soapstone.samples.rules import choices, fewest
from soapstone.samples.validation import broken

_DEEPEST = 3
_DAY = datetime.timedelta(days=1)
_START = datetime.datetime(2026, 1, 31, 12, 30, 15, tzinfo=datetime.timezone.utc)


class Sampler:
    """Makes values; numbers and texts count up, so that two members are never mixed up.

    Attributes:
        variant: Which set of members is given where a rule allows only some of them; None for
            as few members as possible.
    """

    def __init__(self, service: Service, variant: int | None = 0) -> None:
        self._service = service
        self._variant = variant
        self._made = 0

    def structure(self, structure: Structure, depth: int = 0) -> StructureValue:
        """Return a value with every member that the rules between them allow."""
        given = self._given(structure)
        members: list[MemberValue] = []
        for member in structure.fields:
            if member.name not in given or self._is_too_deep(member, depth):
                continue
            value = self._value(member.type, member.name, depth)
            if value is not None:
                members.append(
                    MemberValue(name=member.name, value=value, span=member.span)
                )
        return StructureValue(members=tuple(members), span=structure.span)

    def _given(self, structure: Structure) -> frozenset[str]:
        if self._variant is None:
            return fewest(structure)
        sets = choices(structure)
        return sets[min(self._variant, len(sets) - 1)]

    def value(self, kind: Type, name: str) -> Value | None:
        """Return a value for one member."""
        return self._value(kind, name, 0)

    def _is_too_deep(self, member: Field, depth: int) -> bool:
        return depth >= _DEEPEST and member.presence is not Presence.REQUIRED

    def _value(self, kind: Type, name: str, depth: int) -> Value | None:
        match kind:
            case AtomType():
                self._made += 1
                return AtomValue(value=atom(kind, name, self._made), span=kind.span)
            case ListType(of=of, item=item):
                items = [
                    self._value(of, item or name, depth)
                    for _ in range(self._count(kind, depth))
                ]
                return ListValue(
                    items=tuple(value for value in items if value is not None),
                    span=kind.span,
                )
            case SharedType() | InlineType():
                structure = self._service.structure_of(kind)
                return (
                    None if structure is None else self.structure(structure, depth + 1)
                )
            case _:
                assert_never(kind)

    @staticmethod
    def _count(kind: ListType, depth: int) -> int:
        # A structure may hold a list of itself, which has to end somewhere.
        least, most = 0, 2 if depth < _DEEPEST else 0
        for constraint in kind.constraints:
            if isinstance(constraint, Count):
                least = constraint.minimum or 0
                most = 2 if constraint.maximum is None else constraint.maximum
        return max(least, min(2, most))


def atom(kind: AtomType, name: str, number: int) -> Atom:
    """Return the `number`th value of a primitive that its constraints allow, as far as possible."""
    candidates = list(_candidates(kind, name, number))
    fitting = [each for each in candidates if not broken(kind.constraints, each)]
    return fitting[number % len(fitting)] if fitting else candidates[0]


def neighbour(limit: Atom, step: int) -> Atom:
    """Return the value next to a limit, below it (-1) or above it (1)."""
    match limit:
        case bool():
            return limit
        case int():
            return limit + step
        case float():
            return math.nextafter(limit, step * math.inf)
        case Decimal():
            return limit + step * Decimal(
                (0, (1,), min(int(limit.as_tuple().exponent), 0))
            )
        case datetime.date():
            return limit + step * _DAY
        case _:
            return limit


def _candidates(kind: AtomType, name: str, number: int) -> Iterator[Atom]:
    for constraint in kind.constraints:
        if isinstance(constraint, Allowed):
            yield from constraint.values
        elif isinstance(constraint, Pattern):
            yield from constraint.accepts
            yield from patterns.accepted(constraint.expression)
    if kind.primitive is Primitive.STRING:
        yield from _texts(kind, name, number)
        return
    plain = _plain(kind.primitive, number)
    yield plain
    for constraint in kind.constraints:
        if isinstance(constraint, (Minimum, Maximum)):
            yield constraint.limit


def _texts(kind: AtomType, name: str, number: int) -> Iterator[str]:
    text = f"{name} {number}"
    for constraint in kind.constraints:
        if isinstance(constraint, Length):
            least = constraint.minimum or 0
            most = len(text) if constraint.maximum is None else constraint.maximum
            if most < len(text):
                # The number comes first, so that a short text is still unlike the others.
                text = f"{number % 10}{name}"
            text = text.ljust(least, "x")[:most]
    yield text


def _plain(primitive: Primitive, number: int) -> Atom:
    match primitive:
        case Primitive.STRING:  # pragma: no cover -- the type checker asks for it
            return str(number)
        case Primitive.BOOLEAN:
            return True
        case Primitive.INT | Primitive.LONG:
            return 1000 + number
        case Primitive.DECIMAL:
            return Decimal(f"{1000 + number}.50")
        case Primitive.DOUBLE:
            return 1000.25 + number
        case Primitive.DATE:
            return (_START + number * _DAY).date()
        case Primitive.DATE_TIME:
            return _START + number * _DAY
        case Primitive.BASE64:
            return f"bytes {number}".encode()
        case _:
            assert_never(primitive)
