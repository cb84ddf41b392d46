"""Reads the text of a scalar as the value of the primitive that is expected there."""

from __future__ import annotations

import base64
import binascii
import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import assert_never

from soapstone.model import Atom, Primitive, Timestamp

_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_LONGEST_DECIMAL = 1000
_SPECIAL = {"INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
_RANGES = {Primitive.INT: 2**31, Primitive.LONG: 2**63}

_NUMBERS = (Primitive.DECIMAL, Primitive.DOUBLE)
_TRUTHS = {
    **dict.fromkeys(("1", "true", "yes", "on", "y"), "true"),
    **dict.fromkeys(("0", "false", "no", "off", "n"), "false"),
}

DESCRIPTIONS = {
    Primitive.STRING: "a text",
    Primitive.BOOLEAN: "true or false",
    Primitive.INT: "a whole number of 32 bits",
    Primitive.LONG: "a whole number of 64 bits",
    Primitive.DECIMAL: "a decimal number without exponent",
    Primitive.DOUBLE: "a number",
    Primitive.DATE: "a date such as 2026-01-31",
    Primitive.DATE_TIME: "a date and time such as 2026-01-31T12:00:00Z",
    Primitive.BASE64: "base64",
}


def read_atom(text: str, primitive: Primitive) -> Atom | None:
    """Return the value that `text` stands for; None when it is none of that type."""
    match primitive:
        case Primitive.STRING:
            return text
        case Primitive.BOOLEAN:
            return {"true": True, "false": False}.get(text)
        case Primitive.INT | Primitive.LONG:
            return _integer(text, _RANGES[primitive])
        case Primitive.DECIMAL:
            return _decimal(text)
        case Primitive.DOUBLE:
            return _SPECIAL.get(text, float(text) if _DOUBLE.fullmatch(text) else None)
        case Primitive.DATE:
            return _date(text)
        case Primitive.DATE_TIME:
            return _date_time(text)
        case Primitive.BASE64:
            return _binary(text)
        case _:
            assert_never(primitive)


def atom_hint(text: str, primitive: Primitive) -> str:
    """Return how to write a text that is no value of a type; empty if nobody knows."""
    if primitive is Primitive.BOOLEAN and text.lower() in _TRUTHS:
        return f"write `{_TRUTHS[text.lower()]}`"
    if primitive in _RANGES and _INTEGER.fullmatch(text):
        is_long = _integer(text, 2**63) is not None
        wider = Primitive.LONG if is_long else Primitive.DECIMAL
        return f"give the field the type `{wider.value}`, which holds it"
    if primitive is Primitive.DATE_TIME and _date(text) is not None:
        return f"write it with the time: `{text}T00:00:00`; or give the field the type `date`"
    if primitive is Primitive.DATE and _date_time(text) is not None:
        return f"write the date alone: `{text[:10]}`; or give the field the type `dateTime`"
    pointed = text.replace(",", ".")
    if pointed != text and primitive in _NUMBERS and _DECIMAL.fullmatch(pointed):
        return f"write it with a point: `{pointed}`"
    return ""


def _integer(text: str, bound: int) -> int | None:
    # No number of this size is in range, and Python refuses to convert very long ones.
    if not _INTEGER.fullmatch(text) or len(text) > len(str(bound)) + 20:
        return None
    value = int(text)
    return value if -bound <= value < bound else None


def _decimal(text: str) -> Decimal | None:
    # Python computes with no more digits than a million.
    is_short = len(text) <= _LONGEST_DECIMAL
    return Decimal(text) if is_short and _DECIMAL.fullmatch(text) else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _date_time(text: str) -> datetime | None:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    seconds, fraction, zone = match.groups(default="")
    digits = fraction[6:].rstrip("0")
    kind = Timestamp if digits else datetime
    try:
        moment = kind.fromisoformat(f"{seconds}.{fraction[:6]:0<6}{zone}")
    except ValueError:
        return None
    if isinstance(moment, Timestamp):
        moment.digits = digits
    return moment


def _binary(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
