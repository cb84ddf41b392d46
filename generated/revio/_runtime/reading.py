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
    value = _BOOLEANS.get(text)
    if value is None:
        value = _BOOLEANS.get(text.strip(BLANKS))
    if value is None:
        raise NotAValue("a boolean")
    return value


def integer(text: str) -> int:
    """A whole number in 32 bits with sign."""
    if len(text) < _INT_DIGITS and text.isdecimal() and text.isascii():
        return int(text)
    return _whole_number(text, _INT_LIMIT, "a 32-bit integer")


def long(text: str) -> int:
    """A whole number in 64 bits with sign."""
    if len(text) < _LONG_DIGITS and text.isdecimal() and text.isascii():
        return int(text)
    return _whole_number(text, _LONG_LIMIT, "a 64-bit integer")


def decimal(text: str) -> Decimal:
    """A decimal number, exactly and with its scale; without exponent."""
    digits = text.replace(".", "", 1)
    if digits.isdecimal() and digits.isascii():
        return Decimal(text)
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
    if len(text) == _DATE_LENGTH and text[4] == text[7] == "-":
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise NotAValue("a date") from None
    moment = _moment(text, "a date")
    if isinstance(moment, Timestamp) or moment.time() != _MIDNIGHT:
        raise NotAValue("a date")
    return moment.date()


def date_time(text: str) -> dt.datetime:
    """A date and time in the years 1 to 9999, aware when it has a zone, naive otherwise.

    A fraction of a second has one to nine digits; a `Timestamp` keeps those after the sixth.
    `24:00:00` is the beginning of the next day, and a date alone that of its day.
    """
    local = text.removesuffix("Z")
    if len(local) == _SECONDS_LENGTH and _has_usual_marks(local):
        try:
            return dt.datetime.fromisoformat(local + _UTC if local != text else local)
        except ValueError:
            pass  # it may still be the end of a day
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

# A number with fewer digits than its limit has is in it.
_INT_DIGITS = len(str(_INT_LIMIT))
_LONG_DIGITS = len(str(_LONG_LIMIT))

# No more digits than a limit has: Python refuses to convert numbers of thousands.
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_DECIMAL.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")

# Of these lengths are dates and times in their usual form: nothing is left out or added.
_DATE_LENGTH = len("2024-02-29")
_SECONDS_LENGTH = len("2024-02-29T01:02:03")

_UTC = "+00:00"  # what every version of Python understands
_DAY = dt.timedelta(days=1)
_MIDNIGHT = dt.time()
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?)?"
    r"(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
)


def _whole_number(text: str, limit: int, wanted: str) -> int:
    match = _INTEGER.fullmatch(text.strip(BLANKS))
    if match is None:
        raise NotAValue(wanted)
    number = int(match[1] + match[2])
    if not -limit <= number < limit:
        raise NotAValue(wanted)
    return number


def _has_usual_marks(text: str) -> bool:
    """Whether a text could be a date and time in its usual form, which Python has more of."""
    return text[4] == text[7] == "-" and text[10] == "T" and text[13] == text[16] == ":"


def _moment(text: str, wanted: str) -> dt.datetime:
    match = _MOMENT.fullmatch(text.strip(BLANKS))
    if match is None:
        raise NotAValue(wanted)
    day, hour, rest, fraction, zone = match.groups(default="")
    is_end_of_day = hour == "24" and not (rest + fraction).strip("0:")
    time = f"{'00' if is_end_of_day else hour}:{rest}" if hour else "00:00:00"
    digits = f"{fraction:0<9}"
    offset = _UTC if zone == "Z" else zone
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{time}.{digits[:6]}{offset}")
        if is_end_of_day:
            moment += _DAY
    except (ValueError, OverflowError):
        raise NotAValue(wanted) from None
    nanosecond = int(digits[6:])
    return with_nanosecond(moment, nanosecond) if nanosecond else moment
