"""Conditions of rules on the value of one member of a request.

None of them raises, whatever the value is: a member without value, one of a wrong type, NaN, and
a time that cannot be compared with the limit, pass no comparison. They look at `type(value)`,
as the checks of types do, and take the type of the member from what it is compared with.
"""

import datetime as dt
import operator
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

Comparable = bool | int | float | Decimal | str | bytes | dt.date


def equals(value: object, *values: Comparable) -> bool:
    """The value is one of those that are listed; `True` is not 1."""
    return any(_holds(operator.eq, value, each) for each in values)


def at_least(value: object, limit: Comparable) -> bool:
    """The value is the limit or more."""
    return _holds(operator.ge, value, limit)


def at_most(value: object, limit: Comparable) -> bool:
    """The value is the limit or less."""
    return _holds(operator.le, value, limit)


def above(value: object, limit: Comparable) -> bool:
    """The value is more than the limit."""
    return _holds(operator.gt, value, limit)


def below(value: object, limit: Comparable) -> bool:
    """The value is less than the limit."""
    return _holds(operator.lt, value, limit)


def _holds(
    comparison: Callable[[float, float], object], value: object, other: Comparable
) -> bool:
    kind, wanted = _kind(type(value)), _kind(type(other))
    # A member of type double takes whole numbers too.
    if kind is wanted or (kind is int and wanted is float):
        with suppress(Exception):  # a value may refuse to be compared
            return bool(comparison(value, other))  # type: ignore[arg-type]  # of one kind
    return False


def _kind(given: type[object]) -> type[object] | None:
    """The type of a member that takes values of a class."""
    return next((kind for kind in _KINDS if issubclass(given, kind)), None)


# A kind stands before the one that it belongs to as well.
_KINDS = (str, bool, int, float, Decimal, dt.datetime, dt.date, bytes)
