"""Values in a form that shows every digit, from Python and from texts on the wire.

Nothing here comes from the runtime, whose opinion about the same texts is compared with it.
"""

from __future__ import annotations

import base64
import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, assert_never

from soapstone import naming
from soapstone.model import (
    Atom,
    AtomType,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    MixedListType,
    Primitive,
    Service,
    SharedType,
    Structure,
    Timestamp,
    Type,
)
from soapstone.samples.rules import is_usable

Plain: TypeAlias = "str | Sequence[Plain] | Mapping[str, Plain]"
"""An atom with the name of its type, a list, or members by their wire names."""

NIL = "nil"
BLANKS = " \t\r\n"


class Unreadable(Exception):  # noqa: N818 -- it says what happened
    """A text is no value of its type."""


# Atoms


def plain_atom(value: object) -> str:
    """Return an atom with everything that tells it from others of its type."""
    match value:
        case Enum():
            return f"value {str(value.value)!r}"
        case bool() | int() | str():
            return f"{type(value).__name__} {value!r}"
        case bytes():
            return f"bytes {value.hex()}"
        case float():
            return f"double {'NaN' if math.isnan(value) else value.hex()}"
        case Decimal():
            return f"decimal {_digits(value)}"
        case datetime.datetime():
            return _moment(value)
        case datetime.date():
            return f"date {value.isoformat()}"
        case _:
            raise AssertionError(value)


def _digits(value: Decimal) -> str:
    """Return sign, digits and scale; no scale on the wire is below zero."""
    sign, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    number = int("".join(map(str, digits))) * 10 ** max(exponent, 0)
    return f"{'-' if sign else '+'}{number} scale {max(-exponent, 0)}"


def _moment(value: datetime.datetime) -> str:
    digits = getattr(value, "digits", "") or f"{getattr(value, 'nanosecond', 0):03}"
    offset = value.utcoffset()
    zone = "none" if offset is None else f"{offset // datetime.timedelta(minutes=1)}"
    parts = (*value.timetuple()[:6], f"{value.microsecond:06}{digits:0<3}")
    return f"moment {parts} zone {zone}"


_INTEGER = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_NUMBER.pattern}([eE][+-]?[0-9]+)?")
_MOMENT = re.compile(
    r"(?P<date>\d\d\d\d-\d\d-\d\d)"
    r"(T(?P<clock>\d\d:\d\d:\d\d)(\.(?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}
_LIMITS = {Primitive.INT: 2**31, Primitive.LONG: 2**63}


def read_atom(primitive: Primitive, text: str) -> str:
    """Return what a text on the wire says, in the form of `plain_atom`."""
    match primitive:
        case Primitive.STRING:
            return plain_atom(text)
        case Primitive.BASE64:
            return plain_atom(_bytes(re.sub(f"[{BLANKS}]", "", text)))
        case _:
            return plain_atom(_read(primitive, text.strip(BLANKS)))


def _read(primitive: Primitive, text: str) -> Atom:
    match primitive:
        case Primitive.BOOLEAN:
            if text not in {"true", "1", "false", "0"}:
                raise Unreadable
            return text in {"true", "1"}
        case Primitive.INT | Primitive.LONG:
            number = Decimal(_matched(_INTEGER, text))
            if not -_LIMITS[primitive] <= number < _LIMITS[primitive]:
                raise Unreadable
            return int(number)
        case Primitive.DECIMAL:
            return Decimal(_matched(_NUMBER, text))
        case Primitive.DOUBLE:
            return _read_double(text)
        case Primitive.DATE:
            return _read_day(text)
        case Primitive.DATE_TIME:
            return _read_moment(text)
        case _:
            raise AssertionError(primitive)


def _read_double(text: str) -> float:
    return _SPECIAL[text] if text in _SPECIAL else float(_matched(_DOUBLE, text))


def _read_day(text: str) -> datetime.date:
    """Return a day, which may be written as its beginning or as the end of the one before."""
    if "T" in text and not re.search(r"T(00:00:00|24:00:00)(\.0+)?(Z|[+-]|\Z)", text):
        raise Unreadable
    return _read_moment(text).date()


def _matched(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise Unreadable
    return text


def _read_moment(text: str) -> Timestamp:
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise Unreadable
    fraction = (match["fraction"] or "").ljust(9, "0")
    hour, minute, second = map(int, (match["clock"] or "00:00:00").split(":"))
    late = (hour, minute, second, int(fraction)) == (24, 0, 0, 0)
    try:
        day = datetime.date(*map(int, match["date"].split("-")))
        day += datetime.timedelta(days=late)
        moment = Timestamp(
            *(day.year, day.month, day.day),
            *(0 if late else hour, minute, second, int(fraction[:6])),
            tzinfo=_zone(match["zone"]),
        )
    except (ValueError, OverflowError) as error:
        raise Unreadable from error
    moment.digits = fraction[6:]
    return moment


def _zone(text: str | None) -> datetime.tzinfo | None:
    if text is None or text == "Z":
        return None if text is None else datetime.timezone.utc
    hours, minutes = int(text[1:3]), int(text[4:])
    if minutes > 59 or hours * 60 + minutes > 14 * 60:
        raise Unreadable
    sign = -1 if text[0] == "-" else 1
    offset = datetime.timedelta(hours=hours, minutes=minutes)
    return datetime.timezone(sign * offset)


def _bytes(text: str) -> bytes:
    if len(text) % 4:
        raise Unreadable
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError as error:
        raise Unreadable from error


# Instances of generated classes


@dataclass(frozen=True)
class Speaker:
    """Tells what instances of the classes of a package say."""

    service: Service

    def structure(
        self, structure: Structure, names: tuple[str, ...], instance: object
    ) -> dict[str, Plain]:
        """Return the members of an instance, whose class is named after some wire names."""
        assert type(instance).__name__ == naming.class_name(*names)
        found: dict[str, Plain] = {}
        for member in filter(is_usable, structure.fields):
            attribute = str(naming.attribute_name(member.name, member.python_name))
            value: object = getattr(instance, attribute)
            if value is not None:
                inner = (*names, member.stem)
                found[member.name] = self.value(member.type, inner, value)
        return found

    def value(self, kind: Type, names: tuple[str, ...], value: object) -> Plain:
        """Return what an attribute says, whose type is named after some wire names."""
        if type(value).__name__ == "Nil":
            return NIL
        match kind:
            case AtomType() | EnumerationType():
                return plain_atom(value)
            case ListType(of=of, item=item):
                inner = names if item is None else (*names, naming.item_stem(item))
                return [self.value(of, inner, each) for each in _items(value)]
            case MixedListType():
                return [self._item(kind, names, each) for each in _items(value)]
            case SharedType() | InlineType():
                structure = self.service.structure_of(kind)
                assert structure is not None
                own = (kind.name,) if isinstance(kind, SharedType) else names
                return self.structure(structure, own, value)
            case _:
                assert_never(kind)

    def _item(
        self, kind: MixedListType, names: tuple[str, ...], item: object
    ) -> dict[str, Plain]:
        alternative, inner = next(self._alternatives(kind, names, item))
        if (
            isinstance(alternative.type, InlineType)
            and not alternative.type.derived_from
        ):
            return {alternative.name: self.value(alternative.type, inner, item)}
        content: object = getattr(item, "value")  # noqa: B009 -- its class is generated
        inside = (*inner, "value")
        return {alternative.name: self.value(alternative.type, inside, content)}

    @staticmethod
    def _alternatives(
        kind: MixedListType, names: tuple[str, ...], item: object
    ) -> Iterator[tuple[Field, tuple[str, ...]]]:
        """Yield the alternative of which an item is."""
        for alternative in kind.alternatives:
            inner = (*names, alternative.name)
            if type(item).__name__ == naming.class_name(*inner):
                yield alternative, inner


def _items(value: object) -> tuple[object, ...]:
    assert type(value) is tuple
    return value
