"""Checks of request values.

Every check appends a `Violation` to `found` for what is wrong and goes on; none raises,
whatever the value is. A message tells what a field must be and at most the *type* of what
it is: the value itself may be secret or private.

Checks of a type answer whether the value has the type, so that checks of a constraint,
which rely on it, can follow. They look at `type(value)`, not at `value.__class__`, because
only what an object is, not what it claims to be, can be written.
"""

import contextlib
import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TypeGuard, TypeVar

from . import conditions, wording
from .document import DEPTH_LIMIT
from .enumeration import Enumeration
from .errors import Violation

_Kind = TypeVar("_Kind")

# What can be compared with a limit: both sides are of the same kind.
Ordered = float | Decimal | dt.date

_INT_LIMIT = 2**31
_LONG_LIMIT = 2**63

# A written decimal has no exponent, so a tiny one such as 1E+999999999 would fill the memory.
_DECIMAL_PLACES = 1000

_ZONE_LIMIT = dt.timedelta(hours=14)
_MINUTE = dt.timedelta(minutes=1)


# Types


def text(found: list[Violation], path: str, value: object) -> bool:
    """A `str` of characters that XML can carry, of any length."""
    # Whatever is printable can be carried, and asking for that is the faster question.
    if type(value) is str and value.isprintable():
        return True
    if not _is(value, str):
        return _wrong_type(found, path, value, "a str")
    if not _forbidden().search(value):
        return True
    return _reject(
        found, path, "characters", "must not contain characters that XML cannot carry"
    )


def enumeration(
    found: list[Violation], path: str, value: object, documented: type[Enumeration]
) -> bool:
    """Text that is one of the documented values, as a member of the enumeration or as a `str`."""
    if not text(found, path, value) or not _is(value, str):  # which the first implies
        return False
    with contextlib.suppress(ValueError):
        documented(str.__str__(value))
        return True
    listed = ", ".join(map(wording.shown, documented))
    return _reject(found, path, "allowed", f"must be one of {listed}")


def boolean(found: list[Violation], path: str, value: object) -> bool:
    """A `bool`."""
    return type(value) is bool or _wrong_type(found, path, value, "a bool")


def integer(found: list[Violation], path: str, value: object) -> bool:
    """An `int`, not a `bool`, that fits into 32 bits with sign."""
    return _whole_number(found, path, value, _INT_LIMIT)


def long(found: list[Violation], path: str, value: object) -> bool:
    """An `int`, not a `bool`, that fits into 64 bits with sign."""
    return _whole_number(found, path, value, _LONG_LIMIT)


def decimal(found: list[Violation], path: str, value: object) -> bool:
    """A finite `decimal.Decimal` of at most 1000 places before and after the point."""
    if not _is(value, Decimal):
        return _wrong_type(found, path, value, "a Decimal")
    if not Decimal.is_finite(value):
        return _reject(found, path, "range", "must be a finite number")
    if abs(Decimal.adjusted(value)) > _DECIMAL_PLACES:
        return _reject(found, path, "range", "must have at most 1000 decimal places")
    return True


def double(found: list[Violation], path: str, value: object) -> bool:
    """A `float`, infinities and NaN among them, or an `int` in the range of a float."""
    if _is(value, float):
        return True
    if not _is(value, int) or _is(value, bool):
        return _wrong_type(found, path, value, "a float")
    with contextlib.suppress(OverflowError):
        int.__float__(value)
        return True
    return _reject(found, path, "range", "must be in the range of a double")


def date(found: list[Violation], path: str, value: object) -> bool:
    """A `datetime.date` that is not a `datetime.datetime`."""
    if _is(value, dt.date) and not _is(value, dt.datetime):
        return True
    return _wrong_type(found, path, value, "a date")


def date_time(found: list[Violation], path: str, value: object) -> bool:
    """A `datetime.datetime`, also a `Timestamp`, naive or at an offset that XSD can express."""
    if not _is(value, dt.datetime):
        return _wrong_type(found, path, value, "a datetime")
    with contextlib.suppress(Exception):  # a time zone is code of the caller's
        offset = value.utcoffset()
        if offset is None or (abs(offset) <= _ZONE_LIMIT and not offset % _MINUTE):
            return True
    return _reject(
        found,
        path,
        "range",
        "must have a time zone offset of whole minutes, at most 14 hours",
    )


def binary(found: list[Violation], path: str, value: object) -> bool:
    """A `bytes`."""
    return _is(value, bytes) or _wrong_type(found, path, value, "bytes")


def structure(
    found: list[Violation], path: str, value: object, *classes: type[object]
) -> bool:
    """An instance of one of the classes that stand for structures."""
    if issubclass(type(value), classes):
        return True
    names = " or ".join(wording.with_article(each.__name__) for each in classes)
    return _wrong_type(found, path, value, names)


def nested(
    found: list[Violation], path: str, value: object, *classes: type[object]
) -> bool:
    """Like `structure`, for one that may hold itself: at most 256 in each other."""
    if path.count(".") < DEPTH_LIMIT:
        return structure(found, path, value, *classes)
    outermost = path.partition(".")[0]
    return _reject(
        found,
        outermost,
        "depth",
        f"must not be nested more than {DEPTH_LIMIT} levels deep",
    )


def items(found: list[Violation], path: str, value: object) -> bool:
    """A tuple; that its items are right is for the caller to check."""
    if type(value) is tuple or _is(value, tuple):
        return True
    return _wrong_type(found, path, value, "a list of values")


def repeated(found: list[Violation], path: str, value: object) -> bool:
    """Like `items`, where no item is an empty list and None is a mistake like any other."""
    if value is None:
        return _reject(found, path, "type", "must be a list of values, not None")
    return items(found, path, value)


# Constraints


def length(
    found: list[Violation],
    path: str,
    value: str,
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    message: str | None = None,
) -> None:
    """Number of characters, which are code points."""
    number = str.__len__(value)
    if (minimum is not None and number < minimum) or (
        maximum is not None and number > maximum
    ):
        limits = wording.limits(minimum, maximum, "character")
        _reject(found, path, "length", message or f"must have {limits}")


def pattern(
    found: list[Violation],
    path: str,
    value: str,
    pattern: re.Pattern[str],
    *,
    message: str | None = None,
) -> None:
    """The whole value matches a regular expression."""
    if not pattern.fullmatch(value):
        expression = pattern.pattern
        _reject(found, path, "pattern", message or f"must match {expression}")


def minimum(
    found: list[Violation],
    path: str,
    value: Ordered,
    limit: Ordered,
    *,
    message: str | None = None,
) -> None:
    """The limit or more; NaN is not, nor a time without zone beside one with a zone."""
    if not _in_order(limit, value):
        _reject(found, path, "minimum", message or wording.minimum(limit))


def maximum(
    found: list[Violation],
    path: str,
    value: Ordered,
    limit: Ordered,
    *,
    message: str | None = None,
) -> None:
    """The limit or less; NaN is not, nor a time without zone beside one with a zone."""
    if not _in_order(value, limit):
        _reject(found, path, "maximum", message or wording.maximum(limit))


def allowed(
    found: list[Violation],
    path: str,
    value: object,
    values: tuple[object, ...],
    *,
    message: str | None = None,
) -> None:
    """One of the values that are listed."""
    with contextlib.suppress(Exception):  # a value may refuse to be compared
        if value in values:
            return
    listed = ", ".join(map(wording.shown, values))
    _reject(found, path, "allowed", message or f"must be one of {listed}")


def count(
    found: list[Violation],
    path: str,
    items: Sequence[object],
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    message: str | None = None,
) -> None:
    """Number of items in a list."""
    number = len(items)
    if (minimum is not None and number < minimum) or (
        maximum is not None and number > maximum
    ):
        limits = wording.limits(minimum, maximum, "item")
        _reject(found, path, "count", message or f"must have {limits}")


def texts(
    found: list[Violation],
    path: str,
    items: Sequence[str],
    *,
    minimum: int | None = None,
    maximum: int | None = None,
    message: str | None = None,
) -> None:
    """Every item passes `text` and `length`."""
    # Mostly nothing is wrong, which a few questions about all of them together tell.
    lengths = [len(item) for item in items if type(item) is str]
    if (
        lengths
        and len(lengths) == len(items)
        and (minimum is None or min(lengths) >= minimum)
        and (maximum is None or max(lengths) <= maximum)
        and "".join(items).isprintable()
    ):
        return
    for position, item in enumerate(items):
        place = f"{path}[{position}]"
        if text(found, place, item):
            length(
                found, place, item, minimum=minimum, maximum=maximum, message=message
            )


def unique(
    found: list[Violation],
    path: str,
    items: Sequence[object],
    *,
    message: str | None = None,
) -> None:
    """No item twice. The path is the list's; the message names the first repetition."""
    with contextlib.suppress(Exception):  # not every item can be hashed
        if len(set(items)) == len(items):
            return
    for index, item in enumerate(items):
        for earlier in range(index):
            if _equal(items[earlier], item):
                sentence = f"must not repeat an item: [{index}] equals [{earlier}]"
                _reject(found, path, "unique", message or sentence)
                return


# Rules between fields
#
# A member is a pair of its name and its value, where None is a value that was not given.
# Pairs, and not keyword arguments, because a field may be called `message` or `prefix`.
# The prefix is the place of the structure with a dot, empty for the request itself.


def exclusive(
    found: list[Violation],
    prefix: str,
    *members: tuple[str, object],
    message: str | None = None,
) -> None:
    """At most one member is given. The path is that of the second one given."""
    _at_most_one(found, prefix, members, "exclusive", message)


def exactly_one(
    found: list[Violation],
    prefix: str,
    *members: tuple[str, object],
    message: str | None = None,
) -> None:
    """One member is given. The path is the second one given, or the first of all."""
    _at_least_one(found, prefix, members, "exactly_one", message)
    _at_most_one(found, prefix, members, "exactly_one", message)


def at_least_one(
    found: list[Violation],
    prefix: str,
    *members: tuple[str, object],
    message: str | None = None,
) -> None:
    """Some member is given. The path is that of the first member."""
    _at_least_one(found, prefix, members, "at_least_one", message)


def requires(
    found: list[Violation],
    prefix: str,
    *members: tuple[str, object],
    message: str | None = None,
) -> None:
    """When the first member is given, so are the others. One violation for each missing."""
    names = _given(members)
    first = members[0][0]
    if first not in names:
        return
    for name, value in members:
        if value is None:
            sentence = message or f"is required together with {first}"
            _reject(found, prefix + name, "requires", sentence)


def required_when(
    found: list[Violation], prefix: str, *members: tuple[str, object], message: str
) -> None:
    """Every member is given, for when a condition holds. One violation for each missing."""
    for name, value in members:
        if value is None:
            _reject(found, prefix + name, "required_when", message)


def prohibited_when(
    found: list[Violation], prefix: str, *members: tuple[str, object], message: str
) -> None:
    """No member is given, for when a condition holds. One violation for each given."""
    for name in _given(members):
        _reject(found, prefix + name, "prohibited_when", message)


def choice(
    found: list[Violation],
    prefix: str,
    chooser: tuple[str, object],
    *blocks: tuple[str, object, tuple[conditions.Comparable, ...]],
    message: str | None = None,
) -> None:
    """A block is given exactly when the chooser has one of the block's values.

    Args:
        found: Where violations are added: one for each block that is missing or too many.
        prefix: The place of the structure with a dot.
        chooser: The member that chooses.
        blocks: The members to choose from, each with the values that choose it.
        message: What to say instead of the general sentences.
    """
    name, chosen = chooser
    for block, value, values in blocks:
        is_chosen = conditions.equals(chosen, *values)
        if is_chosen == (value is not None):
            continue
        start = "is required when" if is_chosen else "must not be given unless"
        listed = " or ".join(map(wording.shown, values))
        sentence = message or f"{start} {name} is {listed}"
        _reject(found, prefix + block, "choice", sentence)


# Helpers


def _reject(found: list[Violation], path: str, rule: str, message: str) -> bool:
    """Report a violation; the result is the answer of a check that fails."""
    found.append(Violation(path, rule, message))
    return False


def _wrong_type(found: list[Violation], path: str, value: object, wanted: str) -> bool:
    if value is None:
        return _reject(found, path, "required", "is required")
    kind = type(value).__name__
    return _reject(found, path, "type", f"must be {wanted}, not {kind}")


def _is(value: object, kind: type[_Kind]) -> TypeGuard[_Kind]:
    """Like `isinstance`, which asks the value what it claims to be, and so may raise."""
    return issubclass(type(value), kind)


@cache
def _forbidden() -> re.Pattern[str]:
    """What XML 1.0 cannot carry; a lone surrogate is not a character either.

    Most programs never ask, and compiling it takes as long as importing this module.
    """
    return re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _whole_number(found: list[Violation], path: str, value: object, limit: int) -> bool:
    if type(value) is int and -limit <= value < limit:
        return True
    if not _is(value, int) or _is(value, bool):
        return _wrong_type(found, path, value, "an int")
    # The methods of `int` itself: a subclass may compare in ways of its own.
    if int.__ge__(value, -limit) and int.__lt__(value, limit):
        return True
    sentence = f"must be from {-limit} to {limit - 1}"
    return _reject(found, path, "range", sentence)


def _in_order(low: Ordered, high: Ordered) -> bool:
    # A decimal NaN cannot be compared, nor can times with and without a zone.
    with contextlib.suppress(ArithmeticError, TypeError):
        return low <= high  # type: ignore[operator]  # both are of the same kind
    return False


def _equal(left: object, right: object) -> bool:
    """Whether two values are equal; what refuses the comparison is not."""
    with contextlib.suppress(Exception):
        return bool(left == right)
    return False


def _given(members: Sequence[tuple[str, object]]) -> list[str]:
    return [name for name, value in members if value is not None]


def _at_least_one(
    found: list[Violation],
    prefix: str,
    members: Sequence[tuple[str, object]],
    rule: str,
    message: str | None,
) -> None:
    if not _given(members):
        names = [name for name, _ in members]
        sentence = message or f"{' or '.join(names)} is required"
        _reject(found, prefix + names[0], rule, sentence)


def _at_most_one(
    found: list[Violation],
    prefix: str,
    members: Sequence[tuple[str, object]],
    rule: str,
    message: str | None,
) -> None:
    names = _given(members)
    if len(names) > 1:
        sentence = message or f"cannot be used together with {names[0]}"
        _reject(found, prefix + names[1], rule, sentence)
