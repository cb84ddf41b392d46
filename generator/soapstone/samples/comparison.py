"""Which of two values is greater, and whether they are the same."""

from __future__ import annotations

import datetime
from decimal import Decimal

from soapstone.model import Atom


def order(value: Atom, other: Atom) -> int | None:
    """Return -1, 0 or 1 for less, equal or greater; None for what cannot be compared.

    Neither can NaN, nor times of which only one has a zone, nor values of different types.
    """
    match value, other:
        case (bool(), _) | (_, bool()):
            return None
        case (int() | float() | Decimal()), (int() | float() | Decimal()):
            if Decimal(value).is_nan() or Decimal(other).is_nan():
                return None
            return (value > other) - (value < other)
        case datetime.datetime(), datetime.datetime():
            if (value.utcoffset() is None) is not (other.utcoffset() is None):
                return None
            return (value > other) - (value < other)
        case (datetime.datetime(), _) | (_, datetime.datetime()):
            return None
        case datetime.date(), datetime.date():
            return (value > other) - (value < other)
        case _:
            return None


def is_one_of(value: Atom | None, others: tuple[Atom, ...]) -> bool:
    """Whether a value is among others; a boolean is no number."""
    return value is not None and any(
        isinstance(value, bool) is isinstance(other, bool) and value == other
        for other in others
    )
