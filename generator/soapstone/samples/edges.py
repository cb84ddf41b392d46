"""Values at the edge of what a type and its constraints allow."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from decimal import Decimal

from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    EnumerationType,
    Length,
    Maximum,
    Minimum,
    Pattern,
    Primitive,
    Timestamp,
)
from soapstone.samples import patterns
from soapstone.samples.atoms import neighbour


def _fine(year: int, month: int, day: int) -> Timestamp:
    """Return a time with more digits than Python has."""
    moment = Timestamp(year, month, day, 12, 30, 15, 123456, datetime.timezone.utc)
    moment.digits = "789"
    return moment


_ASTRAL = "\N{MOBILE PHONE}"

_WRONG: dict[Primitive, tuple[Atom, ...]] = {
    Primitive.STRING: (1, b"text"),
    Primitive.BOOLEAN: ("true", 1),
    Primitive.INT: (True, "1", 1.0),
    Primitive.LONG: (True, "1", 1.0),
    Primitive.DECIMAL: (1.5, "1.5", True),
    Primitive.DOUBLE: (True, "1.5"),
    Primitive.DATE: (
        "2026-01-31",
        datetime.datetime(2026, 1, 31, tzinfo=datetime.timezone.utc),
    ),
    Primitive.DATE_TIME: ("2026-01-31T00:00:00", datetime.date(2026, 1, 31)),
    Primitive.BASE64: ("text",),
}
_EDGES: dict[Primitive, tuple[Atom, ...]] = {
    Primitive.STRING: ("\x00", "\ud800", "a\ufffe"),
    Primitive.BOOLEAN: (False,),
    Primitive.INT: (2**31 - 1, 2**31, -(2**31), -(2**31) - 1),
    Primitive.LONG: (2**63 - 1, 2**63, -(2**63), -(2**63) - 1),
    Primitive.DECIMAL: (Decimal("NaN"), Decimal("Infinity")),
    Primitive.DATE_TIME: (_fine(2026, 1, 31),),
}


# No test makes a longer one.
LONGEST_TEXT = 1_000_000


def atoms(kind: AtomType | EnumerationType) -> Iterator[Atom]:
    """Yield values of wrong types, and for each constraint some that keep and some that break it."""
    if isinstance(kind, EnumerationType):
        texts = [value.text for value in kind.enumeration.values]
        yield from (*_WRONG[Primitive.STRING], *_EDGES[Primitive.STRING])
        yield from (*texts, undocumented(texts))
        return
    yield from _WRONG[kind.primitive]
    yield from _EDGES.get(kind.primitive, ())
    for constraint in kind.constraints:
        yield from _edges(constraint)


def _edges(constraint: AtomConstraint) -> Iterator[Atom]:
    match constraint:
        case Length(minimum=minimum, maximum=maximum):
            is_tried = maximum is None or maximum <= LONGEST_TEXT
            most = maximum if is_tried else None
            lengths = [minimum, most]
            lengths += [] if not minimum else [minimum - 1]
            lengths += [] if most is None else [most + 1]
            yield from ("x" * length for length in lengths if length is not None)
            # One character for whoever counts characters, two for whoever counts UTF-16 units.
            if most is not None:
                yield from (_ASTRAL * most, _ASTRAL * (most + 1))
        case Pattern(expression=expression, accepts=accepts, rejects=rejects):
            yield from (*accepts, *patterns.accepted(expression))
            yield from (*rejects, *patterns.rejected(expression))
        case Minimum(limit=limit):
            yield from (limit, neighbour(limit, -1))
        case Maximum(limit=limit):
            yield from (limit, neighbour(limit, 1))
        case Allowed(values=values):
            yield from values
            yield from (_other(value) for value in values[:1])


def _other(value: Atom) -> Atom:
    match value:
        case str():
            return f"{value} or other"
        case int():
            return value + 7919
        case Decimal():
            return value + Decimal("0.7919")
        case _:  # pragma: no cover -- the type checker asks for it
            return value


def undocumented(texts: Sequence[str]) -> str:
    """Return a text that is none of some texts, and like the first of them where there is one."""
    return f"{max(texts, key=len, default='any')} or other"
