"""Conditions compare values of one type, and hold for nothing else; none of them raises."""

import datetime as dt
import math
import operator
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime import conditions
from soapstone.runtime.conditions import Comparable
from soapstone.runtime.enumeration import Enumeration
from soapstone.runtime.nil import NIL
from soapstone.runtime.timestamp import Timestamp

Condition = Callable[[object, Comparable], bool]

UTC = dt.timezone.utc
DAY = dt.date(2024, 2, 29)
NAIVE = dt.datetime(2024, 2, 29)  # noqa: DTZ001 - a naive one
AWARE = dt.datetime(2024, 2, 29, tzinfo=UTC)


class Status(Enumeration):
    """Documented values."""

    ACTIVE = "Active"


class Level(IntEnum):
    """An enumeration of integers."""

    HIGH = 3


class Hostile:
    """Claims to be a number, and raises whatever is asked of it."""

    @property
    def __class__(self) -> type:  # the lie is the point
        raise RuntimeError

    @__class__.setter
    def __class__(self, value: type) -> None: ...

    def _refuse(self, *_: object) -> NoReturn:
        raise RuntimeError

    __eq__ = __hash__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse


class HostileNumber(int):
    """A number that raises when it is compared."""

    def _refuse(self, *_: object) -> NoReturn:
        raise RuntimeError

    __eq__ = __hash__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse


class Undecided(int):
    """A number of which no comparison is true or false."""

    def _compare(self, _: object) -> Any:  # noqa: ANN401 - what no comparison may give
        return Hostile()

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = _compare
    __hash__ = int.__hash__


LIMITS: list[Comparable] = [
    True,
    1,
    1.0,
    math.nan,
    Decimal(1),
    Decimal("NaN"),
    Decimal("sNaN"),
    "1",
    "",
    b"1",
    DAY,
    NAIVE,
    AWARE,
    Timestamp(2024, 2, 29, nanosecond=1),
    Status.ACTIVE,
    Level.HIGH,
]
OTHERS: list[object] = [
    None,
    NIL,
    Hostile(),
    HostileNumber(1),
    Undecided(1),
    object(),
    (1,),
    [],
    1j,
    Status,
]
COMPARISONS: list[tuple[Condition, Callable[[Any, Any], bool]]] = [
    (conditions.equals, operator.eq),
    (conditions.at_least, operator.ge),
    (conditions.at_most, operator.le),
    (conditions.above, operator.gt),
    (conditions.below, operator.lt),
]


@pytest.mark.parametrize(
    ("value", "limit"),
    [
        (None, "a"),
        (None, False),
        (NIL, 1),
        (True, 1),
        (False, 0),
        (1, True),
        (True, 1.0),
        (1.0, 1),
        (1, Decimal(1)),
        (Decimal(1), 1),
        (1.5, Decimal("1.5")),
        ("1", 1),
        ("1", b"1"),
        (b"1", "1"),
        (DAY, NAIVE),
        (NAIVE, DAY),
        (NAIVE, AWARE),
        (AWARE, NAIVE),
        (math.nan, math.nan),
        (math.nan, 1.0),
        (Decimal("NaN"), Decimal("NaN")),
        (Decimal("sNaN"), Decimal(1)),
        (HostileNumber(1), 1),
        (Undecided(1), 1),
    ],
)
def test_not_comparable(value: object, limit: Comparable) -> None:
    """Without value, of another type, or without an order: nothing holds."""
    for condition, _ in COMPARISONS:
        assert condition(value, limit) is False


@pytest.mark.parametrize(
    ("value", "limit", "order"),
    [
        (1, 1, 0),
        (Level.HIGH, 3, 0),
        (3, Level.HIGH, 0),
        (2, 1.5, 1),
        (1, 1.0, 0),
        (-math.inf, 0.0, -1),
        (Decimal("1.50"), Decimal("1.5"), 0),
        ("b", "a", 1),
        (Status.ACTIVE, "Active", 0),
        ("Active", Status.ACTIVE, 0),
        (True, True, 0),
        (False, True, -1),
        (b"a", b"a", 0),
        (DAY, DAY + dt.timedelta(1), -1),
        (AWARE, AWARE.astimezone(dt.timezone(dt.timedelta(hours=5))), 0),
        (Timestamp(2024, 2, 29, nanosecond=1), NAIVE, 0),
    ],
)
def test_comparable(value: object, limit: Comparable, order: int) -> None:
    """Values of one type are equal, less or more, as Python has it."""
    for condition, comparison in COMPARISONS:
        assert condition(value, limit) is comparison(order, 0)


def test_one_of_several() -> None:
    """A value may be any of those that are listed; of none, it is none."""
    assert conditions.equals("b", "a", "b")
    assert not conditions.equals("c", "a", "b")
    assert not conditions.equals("c")
    assert conditions.equals(1, True, 1)
    assert not conditions.equals(True, 1, 0)


def test_never_raise() -> None:
    """Whatever is compared, the answer is true or false; for what no member is, false."""
    for condition, _ in COMPARISONS:
        for limit in LIMITS:
            assert not any(condition(value, limit) for value in OTHERS)
            for value in (*LIMITS, "Active", "\ud800"):
                assert type(condition(value, limit)) is bool


@given(
    st.tuples(st.integers(), st.integers())
    | st.tuples(st.floats(), st.floats() | st.just(0.0))
    | st.tuples(st.text(), st.text())
    | st.tuples(st.dates(), st.dates())
    | st.tuples(st.decimals(allow_nan=False), st.decimals(allow_nan=False))
)
def test_like_python(pair: tuple[Comparable, Comparable]) -> None:
    """Within one type the conditions are Python's comparisons."""
    value, limit = pair
    for condition, comparison in COMPARISONS:
        assert condition(value, limit) is comparison(value, limit)
