"""A timestamp is a `datetime` that loses no digit."""

import copy
import datetime as dt
import pickle
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime import reading, writing
from soapstone.runtime.timestamp import Timestamp

UTC = dt.timezone.utc
MOMENTS = st.datetimes(
    min_value=dt.datetime(2, 1, 1),  # noqa: DTZ001 - the zone is drawn beside it
    max_value=dt.datetime(9998, 12, 31),  # noqa: DTZ001
) | st.builds(
    lambda moment, minutes: moment.replace(
        tzinfo=dt.timezone(dt.timedelta(minutes=minutes))
    ),
    st.datetimes(
        min_value=dt.datetime(2, 1, 1),  # noqa: DTZ001
        max_value=dt.datetime(9998, 12, 31),  # noqa: DTZ001
    ),
    st.integers(-14 * 60, 14 * 60),
)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = Timestamp(2024, 2, 29, 12, 0, 0, 123456, UTC, nanosecond=789)


def _timestamp(moment: dt.datetime, nanosecond: int) -> Timestamp:
    return Timestamp(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
        moment.tzinfo,
        fold=moment.fold,
        nanosecond=nanosecond,
    )


@given(MOMENTS, st.text("0123456789", min_size=1, max_size=9))
def test_round_trip(moment: dt.datetime, digits: str) -> None:
    """What is read from one to nine digits is written with the same, in every zone."""
    seconds = moment.replace(microsecond=0).isoformat()
    zone = seconds[19:]
    written = f"{seconds[:19]}.{digits}{zone}"
    value = reading.date_time(written)
    assert type(value) is (Timestamp if digits[6:].strip("0") else dt.datetime)
    assert value == moment.replace(microsecond=int(f"{digits:0<6}"[:6]))
    assert value.utcoffset() == moment.utcoffset()
    match = re.fullmatch(r"(.{19})(?:\.([0-9]+))?(.*)", writing.date_time(value))
    assert match is not None
    assert match[1] == seconds[:19]
    assert (match[2] or "").rstrip("0") == digits.rstrip("0")
    assert match[3].replace("Z", "+00:00") == zone
    assert writing.date_time(reading.date_time(writing.date_time(value))) == (
        writing.date_time(value)
    )


@given(MOMENTS, st.integers(0, 999), st.integers(0, 999))
def test_like_a_datetime(moment: dt.datetime, first: int, second: int) -> None:
    """Timestamps are equal, ordered and hashed as if they had six digits."""
    one, other = _timestamp(moment, first), _timestamp(moment, second)
    assert isinstance(one, dt.datetime)
    assert one == other == moment == one
    assert hash(one) == hash(other) == hash(moment)
    assert one <= other
    assert not one < moment
    assert moment + dt.timedelta(microseconds=1) > one
    assert (one.nanosecond, other.nanosecond) == (first, second)


@given(MOMENTS, st.integers(0, 999), st.sampled_from([0, 1]))
def test_copies(moment: dt.datetime, nanosecond: int, fold: int) -> None:
    """Pickling and copying keep everything; old protocols drop the fold, as everywhere."""
    original = _timestamp(moment.replace(fold=fold), nanosecond)
    copies: list[tuple[object, int]] = [
        (copy.copy(original), fold),
        (copy.deepcopy(original), fold),
    ]
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        data = pickle.dumps(original, protocol)
        copies.append((pickle.loads(data), fold if protocol >= 4 else 0))
    for each, kept in copies:
        assert isinstance(each, Timestamp)
        assert (each, each.nanosecond, each.fold) == (original, nanosecond, kept)
        assert each.utcoffset() == original.utcoffset()


@given(MOMENTS, st.integers(0, 999), st.timedeltas(-dt.timedelta(9), dt.timedelta(9)))
def test_sums(moment: dt.datetime, nanosecond: int, delta: dt.timedelta) -> None:
    """Sums and differences are those of a `datetime`, with the digits kept."""
    timestamp = _timestamp(moment, nanosecond)
    for result, expected in (
        (timestamp + delta, moment + delta),
        (delta + timestamp, delta + moment),
        (timestamp - delta, moment - delta),
    ):
        assert type(result) is Timestamp
        assert (result, result.nanosecond) == (expected, nanosecond)
    assert timestamp - moment == moment - timestamp == timestamp - timestamp
    assert timestamp - (moment - delta) == delta


def test_changed() -> None:
    """Another zone or another part keeps the digits; they can be replaced too."""
    for zone in (BERLIN, dt.timezone(-dt.timedelta(hours=5)), UTC, None):
        moved = NOON.astimezone(zone)
        assert (moved, moved.nanosecond) == (NOON, 789)
        assert moved.utcoffset() is not None
    assert NOON.astimezone(BERLIN).isoformat() == "2024-02-29T13:00:00.123456789+01:00"
    assert NOON.replace(tzinfo=None).isoformat() == "2024-02-29T12:00:00.123456789"
    assert NOON.replace(2023, 3, 1, hour=5).isoformat() == (
        "2023-03-01T05:00:00.123456789+00:00"
    )
    assert NOON.replace(nanosecond=0).isoformat() == "2024-02-29T12:00:00.123456+00:00"
    assert NOON.replace(fold=1).fold == 1
    # What `copy.replace` calls, which Python has since 3.13.
    changed = Timestamp.__replace__(NOON, hour=5, nanosecond=1)
    assert changed.isoformat() == "2024-02-29T05:00:00.123456001+00:00"
    with pytest.raises(ValueError, match="month"):
        NOON.replace(month=13)
    with pytest.raises(TypeError):
        NOON.replace(century=20)


def test_shown() -> None:
    """All digits are shown, unless another precision is asked for."""
    assert str(NOON) == "2024-02-29 12:00:00.123456789+00:00"
    assert NOON.isoformat(timespec="seconds") == "2024-02-29T12:00:00+00:00"
    assert NOON.isoformat("_", "milliseconds") == "2024-02-29_12:00:00.123+00:00"
    assert Timestamp(1, 2, 3, nanosecond=10).isoformat() == (
        "0001-02-03T00:00:00.00000001"
    )
    assert Timestamp(1, 2, 3).isoformat() == "0001-02-03T00:00:00"
    evaluated: object = eval(  # noqa: S307 - what `repr` just gave
        repr(NOON), {"Timestamp": Timestamp, "datetime": dt}
    )
    assert isinstance(evaluated, Timestamp)
    assert repr(evaluated) == repr(NOON)


def test_made_by_datetime() -> None:
    """What `datetime` itself makes of the class has no more digits than it knew of."""
    for made in (
        Timestamp.fromisoformat("2024-02-29T12:00:00"),
        Timestamp.now(UTC),
        Timestamp.combine(NOON.date(), NOON.time()),
        dt.datetime.replace(NOON, month=3),
    ):
        assert isinstance(made, Timestamp)
        assert made.nanosecond in {0, 789}
        assert writing.date_time(made)


@pytest.mark.parametrize("nanosecond", [-1, 1000])
def test_range(nanosecond: int) -> None:
    """More than a microsecond does not fit beyond a microsecond."""
    with pytest.raises(ValueError, match="nanosecond must be in"):
        Timestamp(2024, 1, 1, nanosecond=nanosecond)
