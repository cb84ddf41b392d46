"""XML text to values: one reader for each type, from the text on the wire to its value.

XML white space around a value is ignored, except in text. What is not a value of the type,
also an empty text, raises `NotAValue`; only a string and bytes may be empty.
"""

import binascii
import datetime as dt
import re
from decimal import Decimal

from .timestamp import Timestamp, with_nanosecond


class NotAValue(Exception):
    """A text is not a value of the type; the message names the type.

    Never quotes the text, because only the caller knows whether it is secret.
    """


def text(text: str) -> str:
    """The text as it is, with its blanks."""
    return text


def boolean(text: str) -> bool:
    """`true` or `1`, `false` or `0`."""
    value = _BOOLEANS.get(text.strip(BLANKS))
    if value is None:
        raise NotAValue("a boolean")
    return value


def integer(text: str) -> int:
    """A whole number in 32 bits with sign."""
    return _whole_number(text, _INT_LIMIT, "a 32-bit integer")


def long(text: str) -> int:
    """A whole number in 64 bits with sign."""
    return _whole_number(text, _LONG_LIMIT, "a 64-bit integer")


def decimal(text: str) -> Decimal:
    """A decimal number, exactly and with its scale; without exponent."""
    value = text.strip(BLANKS)
    if not _DECIMAL.fullmatch(value):
        raise NotAValue("a decimal number")
    return Decimal(value)


def double(text: str) -> float:
    """A floating-point number, `INF`, `-INF` or `NaN`."""
    value = text.strip(BLANKS)
    if not _DOUBLE.fullmatch(value):
        raise NotAValue("a floating-point number")
    return float(value)


def date(text: str) -> dt.date:
    """A date in the years 1 to 9999, also written as midnight of that day.

    XSD allows a time zone, which is dropped.
    """
    moment = _moment(text, "a date")
    if isinstance(moment, Timestamp) or moment.time() != _MIDNIGHT:
        raise NotAValue("a date")
    return moment.date()


def date_time(text: str) -> dt.datetime:
    """A date and time in the years 1 to 9999, aware when it has a zone, naive otherwise.

    A fraction of a second has one to nine digits; a `Timestamp` keeps those after the sixth.
    `24:00:00` is the beginning of the next day, and a date alone that of its day.
    """
    return _moment(text, "a date and time")


def binary(text: str) -> bytes:
    """Bytes in base64, with white space anywhere; an empty text is no bytes."""
    value = text.translate(_WITHOUT_BLANKS)
    if len(value) % 4 or not _BASE64.fullmatch(value):
        raise NotAValue("base64")
    return binascii.a2b_base64(value)


# What XML and XSD mean by white space, which is less than what Python does.
BLANKS = " \t\r\n"
_WITHOUT_BLANKS = dict.fromkeys(map(ord, BLANKS))

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}

_INT_LIMIT = 2**31
_LONG_LIMIT = 2**63

# No more digits than a limit has: Python refuses to convert numbers of thousands.
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")

_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.time()
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_ZONE_LIMIT = dt.time(14)


def _whole_number(text: str, limit: int, wanted: str) -> int:
    match = _INTEGER.fullmatch(text.strip(BLANKS))
    if match is None:
        raise NotAValue(wanted)
    number = int(match[1] + match[2])
    if not -limit <= number < limit:
        raise NotAValue(wanted)
    return number


def _moment(text: str, wanted: str) -> dt.datetime:
    match = _MOMENT.fullmatch(text.strip(BLANKS))
    if match is None:
        raise NotAValue(wanted)
    day, hour, minute, second, fraction, zone = match.groups(default="")
    extra_day = hour == "24" and not (minute + second + fraction).strip("0")
    digits = f"{fraction:0<9}"
    try:
        moment = dt.datetime.combine(
            dt.date.fromisoformat(day),
            dt.time(
                0 if extra_day else int(hour or 0),
                int(minute or 0),
                int(second or 0),
                int(digits[:6]),
                _zone(zone),
            ),
        )
        if extra_day:
            moment += _DAY
    except (ValueError, OverflowError):
        raise NotAValue(wanted) from None
    nanosecond = int(digits[6:])
    return with_nanosecond(moment, nanosecond) if nanosecond else moment


def _zone(written: str) -> dt.tzinfo | None:
    """The time zone; ValueError when it is farther from UTC than XSD has it."""
    if not written:
        return None
    if written == "Z":
        return dt.timezone.utc
    time = dt.time(int(written[1:3]), int(written[4:]))
    if time > _ZONE_LIMIT:
        raise ValueError
    offset = dt.timedelta(hours=time.hour, minutes=time.minute)
    return dt.timezone(-offset if written[0] == "-" else offset)
