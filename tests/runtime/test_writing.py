"""XML text is what a parser of another make reads back as the same value."""

import datetime as dt
import math
from decimal import Decimal
from enum import Enum, IntEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import checks, writing
from soapstone.runtime.timestamp import Timestamp

CHARACTERS = st.text(
    st.one_of(
        st.sampled_from("&<>\"'\t\n\r ]"),
        st.characters(exclude_categories=["Cs"]).filter(
            lambda character: checks.text([], "", character)
        ),
    )
)


class Colour(str, Enum):
    """An enumeration of text, whose formatting differs between Python versions."""

    RED = "red"
    BOTH = "a&b"


class Level(IntEnum):
    """An enumeration of integers."""

    HIGH = 3


@given(CHARACTERS)
@example("a ]]> b\r\nc &#13; &amp;")
@example(" \t\n ")
def test_text(value: str) -> None:
    """A parser reads exactly the text that was written."""
    root = etree.fromstring(f"<a>{writing.text(value)}</a>".encode())
    assert (root.text or "") == value


@given(st.lists(CHARACTERS))
@example([])
@example([""])
@example(["a", "b&c", ""])
@example(["1", Colour.RED, Colour.BOTH])
def test_texts(values: list[str]) -> None:
    """A parser reads as many elements as there are texts, each with its text."""
    written = writing.texts(values, "b")
    assert type(written) is str
    root = etree.fromstring(f"<a>{written}</a>".encode())
    assert [child.tag for child in root] == ["b"] * len(values)
    assert [child.text or "" for child in root] == list(map(str.__str__, values))
    assert root.text is None


@given(CHARACTERS)
@example("a\tb\nc\rd\"e'f")
def test_attribute(value: str) -> None:
    """A parser reads exactly the attribute that was written, in either quotes."""
    for quote in "\"'":
        written = f"<a b={quote}{writing.attribute(value)}{quote}/>"
        assert etree.fromstring(written.encode()).get("b") == value


def test_enumerations() -> None:
    """Members of enumerations are written as their values, as plain text."""
    for written, wanted in [
        (writing.text(Colour.RED), "red"),
        (writing.text(Colour.BOTH), "a&amp;b"),
        (writing.attribute(Colour.RED), "red"),
        (writing.integer(Level.HIGH), "3"),
    ]:
        assert type(written) is str
        assert written == wanted


def test_boolean() -> None:
    """Booleans are lower case."""
    assert [*map(writing.boolean, (True, False))] == ["true", "false"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal("1.50"), "1.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-0"), "-0"),
        (Decimal("12345678901234567890.12345678901234567890"),) * 2,
    ],
)
def test_decimal(value: Decimal, written: Decimal | str) -> None:
    """Decimals keep every digit and the scale, and have no exponent."""
    assert writing.decimal(value) == str(written)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.1, "0.1"),
        (3, "3.0"),
        (1e300, "1e+300"),
        (math.inf, "INF"),
        (-math.inf, "-INF"),
        (math.nan, "NaN"),
    ],
)
def test_double(value: float, written: str) -> None:
    """Doubles are written in XSD's spelling."""
    assert writing.double(value) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (dt.datetime(2024, 2, 29, 1, 2, 3), "2024-02-29T01:02:03"),  # noqa: DTZ001
        (
            dt.datetime(1, 1, 1, 0, 0, 0, 5, dt.timezone.utc),
            "0001-01-01T00:00:00.000005Z",
        ),
        (
            dt.datetime(
                2024, 1, 1, tzinfo=dt.timezone(-dt.timedelta(hours=5, minutes=30))
            ),
            "2024-01-01T00:00:00-05:30",
        ),
        (Timestamp(2024, 1, 1, nanosecond=1), "2024-01-01T00:00:00.000000001"),
        (
            Timestamp(2024, 1, 1, 0, 0, 0, 5, dt.timezone.utc, nanosecond=120),
            "2024-01-01T00:00:00.00000512Z",
        ),
        (Timestamp(2024, 1, 1, 0, 0, 0, 5), "2024-01-01T00:00:00.000005"),
    ],
)
def test_date_time(value: dt.datetime, written: str) -> None:
    """The zone is kept, and none is made up; so are the digits."""
    assert writing.date_time(value) == written


def test_date_and_binary() -> None:
    """Dates are ISO dates, bytes base64 without line ends."""
    assert writing.date(dt.date(99, 1, 2)) == "0099-01-02"
    assert writing.binary(b"\0\xff") == "AP8="
    assert "\n" not in writing.binary(bytes(1000))
