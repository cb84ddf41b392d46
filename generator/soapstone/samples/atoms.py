"""Single values: what constraints allow, and what is next to a limit."""

from __future__ import annotations

import contextlib
import datetime
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import assert_never

from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    Length,
    Maximum,
    Minimum,
    Pattern,
    Primitive,
    Timestamp,
)
from soapstone.samples import patterns
from soapstone.samples.validation import broken

_DAY = datetime.timedelta(days=1)
_START = datetime.datetime(2026, 1, 31, 12, 30, 15, tzinfo=datetime.timezone.utc)


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
        case Timestamp():
            # A day further on there are no digits beyond those that Python has.
            return neighbour(datetime.datetime.combine(limit, limit.timetz()), step)
        case datetime.date():
            # There is nothing after the last day of the calendar, nor before the first.
            with contextlib.suppress(OverflowError):
                return limit + step * _DAY
            return limit
        case _:
            return limit


def _candidates(kind: AtomType, name: str, number: int) -> Iterator[Atom]:
    for constraint in kind.constraints:
        if isinstance(constraint, Allowed):
            yield from constraint.values
        elif isinstance(constraint, Pattern):
            yield from constraint.accepts
            yield from patterns.accepted(constraint.expression)
            yield from _sized(constraint, kind)
    if kind.primitive is Primitive.STRING:
        yield from _texts(kind, name, number)
        return
    plain = _plain(kind.primitive, number)
    yield plain
    for constraint in kind.constraints:
        if isinstance(constraint, (Minimum, Maximum)):
            yield constraint.limit


def _sized(pattern: Pattern, kind: AtomType) -> Iterator[str]:
    """Yield a text of a length that is asked for beside a pattern."""
    for constraint in kind.constraints:
        if isinstance(constraint, Length):
            least = constraint.minimum or 0
            most = least if constraint.maximum is None else constraint.maximum
            text = patterns.sized(pattern.expression, least, max(least, most))
            if text is not None:
                yield text


def is_met(kind: AtomType) -> bool:
    """Whether a value is known that meets all constraints together."""
    return not broken(kind.constraints, atom(kind, "", 0))


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
