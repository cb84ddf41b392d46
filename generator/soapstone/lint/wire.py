"""Values as they stand on the wire: read from a sample, and written as the model says.

Written apart from the code that generated packages use, so that each can prove the other wrong.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import zip_longest
from typing import Final, assert_never
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from soapstone.lint.sample_frame import ENVELOPES
from soapstone.lint.sample_xml import BLANKS
from soapstone.model import (
    Atom,
    AtomValue,
    EnvelopeKind,
    Field,
    ListType,
    ListValue,
    NilValue,
    Presence,
    Primitive,
    Protocol,
    Service,
    StructureValue,
    Type,
    Value,
)

# Reading


def read_text(text: str, primitive: Primitive) -> Atom | None:
    """Return the value that the text of an element stands for; None when it is none of that type.

    White space around anything but a string has no meaning.
    """
    if primitive is Primitive.STRING:
        return text
    return _READERS[primitive](text.strip(BLANKS))


def is_same(left: Atom, right: Atom) -> bool:
    """Whether two values of one type are the same; not-a-number is the same as itself."""
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return left == right


_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
# No more digits than a limit has: Python refuses to convert numbers of thousands.
_INTEGER = re.compile(r"([+-]?)0*([0-9]{1,19})")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"({_DECIMAL.pattern})([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_ZONE = r"Z|[+-][0-9]{2}:[0-9]{2}"
_DATE = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})({_ZONE})?")
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
    # Python keeps six digits of a second and knows no 24:00:00, the first moment of the next day.
    is_next_day = found["time"] == "24:00:00" and not (found["fraction"] or "").strip(
        "0"
    )
    time = "00:00:00" if is_next_day else found["time"]
    fraction = f"{found['fraction'] or '':0<6}"[:6]
    try:
        moment = datetime.fromisoformat(
            f"{found['date']}T{time}.{fraction}{found['zone'] or ''}"
        )
        return moment + timedelta(days=is_next_day)
    except (ValueError, OverflowError):
        return None


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
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _double(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else str(value).upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWriter:
    """Writes a request from typed values as a client does, in the order of the model.

    A client has one way of not giving a value, so it never writes an element that is nil, and it
    does not know the members that the service ignores.
    """

    service: Service
    protocol: Protocol
    envelope: EnvelopeKind
    namespace: str

    def write(self, fields: Iterable[Field], values: StructureValue) -> str:
        """Return the document; the authentication is the first of the members."""
        wrapper, request = self.protocol.wrapper, self.protocol.request
        payload = (
            f"<{wrapper} xmlns={quoteattr(self.namespace)}><{request}>"
            f"{self._members(fields, values)}</{request}></{wrapper}>"
        )
        if self.envelope is EnvelopeKind.NONE:
            return payload
        return (
            f"<soap:Envelope xmlns:soap={quoteattr(ENVELOPES[self.envelope])}>"
            f"<soap:Body>{payload}</soap:Body></soap:Envelope>"
        )

    def _members(self, fields: Iterable[Field], values: StructureValue) -> str:
        return "".join(
            self._element(field.name, value, field.type)
            for field in fields
            if field.presence is not Presence.IGNORED
            and (value := values.get(field.name)) is not None
        )

    def _element(self, name: str, value: Value, kind: Type) -> str:
        match value:
            case NilValue():
                return ""
            case AtomValue():
                content = _escaped(write_text(value.value))
            case StructureValue():
                structure = self.service.structure_of(kind)
                fields = () if structure is None else structure.fields
                content = self._members(fields, value)
            case ListValue(items=items):
                item, of = (
                    (kind.item, kind.of) if isinstance(kind, ListType) else ("", kind)
                )
                content = "".join(
                    self._element(item or name, each, of) for each in items
                )
                if item is None:
                    return content
            case _:
                assert_never(value)
        return f"<{name}>{content}</{name}>"


def _escaped(text: str) -> str:
    # A parser reads a bare carriage return as a line feed.
    return escape(text, {"\r": "&#13;"})


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
    lines = zip_longest(_canonical_lines(left), _canonical_lines(right), fillvalue="")
    for one, other in lines:
        if one != other:
            left, right = _PREFIXES.sub(r"\1", one), _PREFIXES.sub(r"\1", other)
            return Difference(element=_name_in(left or right), left=left, right=right)
    return None


def _canonical_lines(document: str) -> list[str]:
    # Nothing to attack is left in a document that `sample_xml` has read: no DOCTYPE, no entities.
    root = ET.fromstring(document)  # noqa: S314
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
