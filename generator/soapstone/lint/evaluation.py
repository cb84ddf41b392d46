"""What holds of a value: its constraints, and the conditions of rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Final, TypeAlias, assert_never

from soapstone.lint.backtracking import can_be_tried, slowness
from soapstone.lint.sample import counted
from soapstone.lint.wire import write_text
from soapstone.model import (
    AllOf,
    Allowed,
    AnyOf,
    Atom,
    AtomConstraint,
    AtomType,
    Comparison,
    Condition,
    EnumerationType,
    Length,
    Maximum,
    Minimum,
    Not,
    Pattern,
    Relation,
    Type,
)


class Given:
    """A member that has a value which is no atom: a structure, a list, or nil."""


GIVEN: Final = Given()

Values: TypeAlias = Mapping[str, Atom | Given]
"""The members of a structure that are given, by their wire names."""


# No sentence shows a value, which may be secret: the place of a diagnostic shows it well enough.


def broken(constraint: AtomConstraint, value: Atom) -> str:
    """Return what a value does against a constraint; empty when it keeps it."""
    match constraint:
        case Length(minimum=least, maximum=most):
            length = len(str(value))
            if is_within(length, least, most):
                return ""
            return (
                f"has {counted(length, 'character')}, allowed are {limits(least, most)}"
            )
        case Pattern(expression=expression):
            return _mismatch(expression, str(value))
        case Minimum(limit=limit):
            kept = is_ordered(limit, value)
            return "" if kept else f"is not at least `{write_text(limit)}`"
        case Maximum(limit=limit):
            kept = is_ordered(value, limit)
            return "" if kept else f"is not at most `{write_text(limit)}`"
        case Allowed(values=values):
            return "" if value in values else "is not one of the allowed values"
        case _:
            assert_never(constraint)


def refused(kind: Type, value: Atom) -> str:
    """Return why a request cannot hold a value of a type; empty when it can."""
    match kind:
        case AtomType(constraints=constraints):
            found = (broken(constraint, value) for constraint in constraints)
            return next((sentence for sentence in found if sentence), "")
        case EnumerationType(enumeration=enumeration):
            documented = {each.text for each in enumeration.values}
            if enumeration.is_open or value in documented:
                return ""
            return "is not one of the documented values"
        case _:  # pragma: no cover -- the type checker asks for it
            return ""


def is_within(number: int, minimum: int | None, maximum: int | None) -> bool:
    """Whether a number of characters or items lies between two limits."""
    return (minimum is None or minimum <= number) and (
        maximum is None or number <= maximum
    )


def limits(minimum: int | None, maximum: int | None) -> str:
    """Return two limits in words."""
    if minimum is None:
        return f"at most {maximum}"
    if maximum is None:
        return f"at least {minimum}"
    return str(minimum) if minimum == maximum else f"{minimum} to {maximum}"


def is_ordered(low: Atom, high: Atom) -> bool:
    """Whether one value is at most another; not-a-number is in no order."""
    match low, high:
        case (int() | float() | Decimal(), int() | float() | Decimal()):
            return low <= high
        case (datetime(), datetime()):
            # Without a zone there is no telling where a moment lies among those with one.
            is_alike = (low.tzinfo is None) is (high.tzinfo is None)
            return is_alike and low <= high
        case (date(), date()):
            return low <= high
        case _:
            return True


def holds(condition: Condition, values: Values) -> bool:
    """Whether the condition of a rule holds for the members that are given."""
    match condition:
        case Comparison(member=member):
            return _passes(condition, values.get(member.name))
        case AllOf(conditions=conditions):
            return all(holds(each, values) for each in conditions)
        case AnyOf(conditions=conditions):
            return any(holds(each, values) for each in conditions)
        case Not(condition=inner):
            return not holds(inner, values)
        case _:
            assert_never(condition)


def is_chosen(value: Atom | Given | None, values: tuple[Atom, ...]) -> bool:
    """Whether a member has one of some values; true is not 1, and a text is no number."""
    return value is not None and any(
        value == each and isinstance(value, bool) is isinstance(each, bool)
        for each in values
    )


def _passes(test: Comparison, value: Atom | Given | None) -> bool:
    if value is None:
        return False
    match test.relation:
        case Relation.GIVEN:
            return True
        case Relation.IS:
            return is_chosen(value, test.values)
        case Relation.MINIMUM:
            return _is_at_most(test.values[0], value)
        case Relation.MAXIMUM:
            return _is_at_most(value, test.values[0])
        case Relation.ABOVE:
            return _is_at_most(test.values[0], value) and value != test.values[0]
        case Relation.BELOW:
            return _is_at_most(value, test.values[0]) and value != test.values[0]
        case _:
            assert_never(test.relation)


def _is_at_most(low: Atom | Given, high: Atom | Given) -> bool:
    if isinstance(low, Given) or isinstance(high, Given):
        return False
    return is_ordered(low, high)


def _mismatch(expression: str, value: str) -> str:
    """Return how a value does not match; what is no pattern, or a slow one, is reported elsewhere."""
    pattern = usable_pattern(expression)
    if pattern is None:
        return ""
    if not can_be_tried(expression, len(value)):
        return f"is too long to be tried with `{expression}`"
    return "" if pattern.fullmatch(value) else f"does not match `{expression}`"


def consists_of(text: str, literals: tuple[str, ...]) -> bool:
    """Whether a text consists of literals, in their order, with anything between them."""
    first, *inner = literals
    if not inner:
        return text == first
    last = inner.pop()
    position, end = len(first), len(text) - len(last)
    if not (text.startswith(first) and text.endswith(last)):
        return False
    for literal in inner:
        found = text.find(literal, position, end)
        if found < 0:
            return False
        position = found + len(literal)
    return position <= end


@cache
def usable_pattern(expression: str) -> re.Pattern[str] | None:
    """Return a pattern that can be tried without waiting for ever; None for any other."""
    try:
        pattern = re.compile(expression, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None
    return None if slowness(expression) else pattern
