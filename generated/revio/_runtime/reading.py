"""XML text to values: one reader for each type, from an element to its value.

XML white space around a value is ignored, except in text. What is not a value of the type,
also an element without content, raises `NotAValue`; only text may be empty. Text around
unknown elements inside counts as one text.
"""

import binascii
import datetime as dt
import re
from decimal import Decimal
from xml.etree.ElementTree import Element


class NotAValue(Exception):
    """An element does not hold a value of the type; the message names the type.

    Never quotes what the element holds, because only the caller knows whether it is secret.
    """


def text(element: Element) -> str:
    """The text as it is, with its blanks; an empty element is an empty text."""
    value = element.text or ""
    if len(element):
        return value + "".join(child.tail or "" for child in element)
    return value


def boolean(element: Element) -> bool:
    """`true` or `1`, `false` or `0`."""
    value = _BOOLEANS.get(_stripped(element))
    if value is None:
        raise NotAValue("a boolean")
    return value


def integer(element: Element) -> int:
    """A whole number in 32 bits with sign."""
    return _whole_number(element, _INT_LIMIT, "a 32-bit integer")


def long(element: Element) -> int:
    """A whole number in 64 bits with sign."""
    return _whole_number(element, _LONG_LIMIT, "a 64-bit integer")


def decimal(element: Element) -> Decimal:
    """A decimal number, exactly and with its scale; without exponent."""
    value = _stripped(element)
    if not _DECIMAL.fullmatch(value):
        raise NotAValue("a decimal number")
    return Decimal(value)


def double(element: Element) -> float:
    """A floating-point number, `INF`, `-INF` or `NaN`."""
    value = _stripped(element)
    if not _DOUBLE.fullmatch(value):
        raise NotAValue("a floating-point number")
    return float(value)


def date(element: Element) -> dt.date:
    """A date in the years 1 to 9999. XSD allows a time zone, which is dropped."""
    match = _DATE.fullmatch(_stripped(element))
    if match is None:
        raise NotAValue("a date")
    day, zone = match.groups(default="")
    try:
        _zone(zone)  # only to see that it is one
        return dt.date.fromisoformat(day)
    except ValueError:
        raise NotAValue("a date") from None


def date_time(element: Element) -> dt.datetime:
    """A date and time in the years 1 to 9999, aware when it has a zone, naive otherwise.

    A fraction of a second has one to nine digits, of which those after the sixth are
    dropped. `24:00:00` is the beginning of the next day.
    """
    match = _DATE_TIME.fullmatch(_stripped(element))
    if match is None:
        raise NotAValue("a date and time")
    day, hour, minute, second, fraction, zone = match.groups(default="")
    extra_day = hour == "24" and not (minute + second + fraction).strip("0")
    try:
        moment = dt.datetime.combine(
            dt.date.fromisoformat(day),
            dt.time(
                0 if extra_day else int(hour),
                int(minute),
                int(second),
                int(f"{fraction:0<6}"[:6]),
                _zone(zone),
            ),
        )
        return moment + _DAY if extra_day else moment
    except (ValueError, OverflowError):
        raise NotAValue("a date and time") from None


def binary(element: Element) -> bytes:
    """Bytes in base64, with white space anywhere; an empty element is no bytes."""
    value = text(element).translate(_WITHOUT_BLANKS)
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
_DAY_PATTERN = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_ZONE_PATTERN = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE = re.compile(_DAY_PATTERN + _ZONE_PATTERN)
_DATE_TIME = re.compile(
    _DAY_PATTERN
    + r"T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    + _ZONE_PATTERN
)
_ZONE_LIMIT = dt.time(14)


def _stripped(element: Element) -> str:
    return text(element).strip(BLANKS)


def _whole_number(element: Element, limit: int, wanted: str) -> int:
    match = _INTEGER.fullmatch(_stripped(element))
    if match is None:
        raise NotAValue(wanted)
    number = int(match[1] + match[2])
    if not -limit <= number < limit:
        raise NotAValue(wanted)
    return number


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
