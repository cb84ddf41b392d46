"""Values as they stand on the wire: read from a sample, and written as the model says.

Written apart from the code that generated packages use, so that each can prove the other wrong.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import zip_longest
from typing import Final
from xml.etree import ElementTree as ET

from soapstone.lint.sample_xml import BLANKS
from soapstone.model import (
    Atom,
    Enumeration,
    Primitive,
    Timestamp,
)

# Reading


def read_text(
    text: str, primitive: Primitive, *, is_answer: bool = False
) -> Atom | None:
    """Return the value that a text stands for; None when it is none of that type.

    White space around anything but a string has no meaning. In an answer, a date alone is
    midnight, and midnight is a date.
    """
    if primitive is Primitive.STRING:
        return text
    text = text.strip(BLANKS)
    value = _READERS[primitive](text)
    if value is not None or not is_answer:
        return value
    match primitive:
        case Primitive.DATE:
            return _date_at_midnight(text)
        case Primitive.DATE_TIME:
            return _midnight_of(text)
        case _:
            return None


def read_documented(text: str, enumeration: Enumeration) -> str:
    """Return the documented value that a text stands for; the text itself when it is another."""
    documented = {value.text for value in enumeration.values}
    stripped = text.strip(BLANKS)
    return stripped if text not in documented and stripped in documented else text


def is_same(left: Atom, right: Atom) -> bool:
    """Whether two values of one type are the same; not-a-number is the same as itself."""
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return left == right and _further_digits(left) == _further_digits(right)


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# No more digits than a limit has: Python refuses to convert numbers of thousands.
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"({_DECIMAL.pattern})([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_ZONE = r"Z|[+-][0-9]{2}:[0-9]{2}"
_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})({_ZONE})?")
_MIDNIGHT = time()
_DATE_TIME = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
    rf"(\.(?P<fraction>[0-9]{{1,9}}))?(?P<zone>{_ZONE})?"
)


def _integer(text: str, *, bits: int) -> int | None:
    found = _INTEGER.fullmatch(text)
    if found is None:
        return None
    number = int(found[1] + found[2])
    return number if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1) else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _real(text: str) -> float | None:
    return float(text) if _DOUBLE.fullmatch(text) else None


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return None if found is None else date.fromisoformat(found[1])
    except ValueError:
        return None


def _date_time(text: str) -> datetime | None:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    fraction = found["fraction"] or ""
    digits = fraction[6:].rstrip("0")
    # Python knows no 24:00:00, the first moment of the next day.
    is_next_day = found["time"] == "24:00:00" and not fraction.strip("0")
    clock = "00:00:00" if is_next_day else found["time"]
    kind = Timestamp if digits else datetime
    try:
        moment = kind.fromisoformat(
            f"{found['date']}T{clock}.{fraction[:6]:0<6}{found['zone'] or ''}"
        )
        moment += timedelta(days=is_next_day)
    except (ValueError, OverflowError):
        return None
    if isinstance(moment, Timestamp):
        moment.digits = digits
    return moment


def _midnight_of(text: str) -> datetime | None:
    found = _DATE.fullmatch(text)
    zone = "" if found is None else found[2] or ""
    return None if found is None else _date_time(f"{found[1]}T00:00:00{zone}")


def _date_at_midnight(text: str) -> date | None:
    moment = _date_time(text)
    if moment is None or _further_digits(moment) or moment.time() != _MIDNIGHT:
        return None
    return moment.date()


def _further_digits(value: Atom) -> str:
    """Return the digits of a second that a `datetime` has no place for."""
    return value.digits if isinstance(value, Timestamp) else ""


def _binary(text: str) -> bytes | None:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


_READERS: Final[dict[Primitive, Callable[[str], Atom | None]]] = {
    Primitive.BOOLEAN: _BOOLEANS.get,
    Primitive.INT: partial(_integer, bits=32),
    Primitive.LONG: partial(_integer, bits=64),
    Primitive.DECIMAL: _decimal,
    Primitive.DOUBLE: _real,
    Primitive.DATE: _date,
    Primitive.DATE_TIME: _date_time,
    Primitive.BASE64: _binary,
}


# Writing


def write_text(value: Atom) -> str:
    """Return the text that stands for a value on the wire."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _double(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else str(value).upper()


def _moment(value: datetime) -> str:
    digits = _further_digits(value)
    local = value.replace(tzinfo=None)
    text = local.isoformat(timespec="microseconds") + digits
    zone = value.isoformat()[len(local.isoformat()) :]
    return text.rstrip("0").rstrip(".") + zone.replace("+00:00", "Z")


# Comparing


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first lines in which two documents differ, and the element that they are about."""

    element: str
    left: str
    right: str


def first_difference(left: str, right: str) -> Difference | None:
    """Compare two well-formed documents in canonical form, one line for each inner element.

    White space between elements is left out; that around and inside values counts.
    """
    # Nothing to attack is left in documents that `sample_xml` has read: no DOCTYPE, no entities.
    roots = (ET.fromstring(left), ET.fromstring(right))  # noqa: S314
    if _are_alike(*roots):
        return None
    lines = zip_longest(*map(_canonical_lines, roots), fillvalue="")
    one, other = next((one, other) for one, other in lines if one != other)
    # Where nothing is written, what stands there in the other document is told.
    if one.startswith(f"{other}</"):
        one, other = "", next(lines)[1]
    elif one.startswith("</"):
        one = ""
    left, right = _PREFIXES.sub(r"\1", one), _PREFIXES.sub(r"\1", other)
    return Difference(element=_name_in(left or right), left=left, right=right)


def _are_alike(left: ET.Element, right: ET.Element) -> bool:
    """Whether two elements have the same canonical form, which takes longer to make."""
    return all(
        one.tag == other.tag
        and one.attrib == other.attrib
        and len(one) == len(other)
        and (len(one) > 0 or (one.text or "") == (other.text or ""))
        for one, other in zip(left.iter(), right.iter(), strict=False)
    )


def _canonical_lines(root: ET.Element) -> list[str]:
    for element in root.iter():
        if len(element):
            element.text = "\n"
            for child in element:
                child.tail = "\n"
    text = ET.canonicalize(ET.tostring(root, "unicode"), rewrite_prefixes=True)
    return text.split("\n")


# What the canonical form calls its namespaces, which no reader of the document knows.
_PREFIXES = re.compile(r' xmlns:n[0-9]+="[^"]*"|( |</?)n[0-9]+:')
_NAME = re.compile(r"<([^\s<>/]+)")


def _name_in(line: str) -> str:
    found = _NAME.search(line)
    return "" if found is None else found[1]
