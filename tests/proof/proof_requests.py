"""Requests of every kind, valid ones and others, as strategies made from the model.

What is valid is decided by `soapstone.samples.validation`, which shares no code with the checks of
a package.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import cache
from typing import Any, assert_never

from hypothesis import assume
from hypothesis import strategies as st

from soapstone.diagnostics import Span
from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    AtomValue,
    Count,
    EnumerationType,
    Field,
    InlineType,
    Length,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    MixedListType,
    NilValue,
    Pattern,
    Primitive,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Timestamp,
    Type,
    Unique,
    Value,
)
from soapstone.samples import edges, patterns
from soapstone.samples.changes import at, replaced
from soapstone.samples.outlines import Outline
from soapstone.samples.rules import is_usable, violations
from soapstone.samples.validation import (
    Steps,
    facts_of,
    is_bare_list,
    may_be_nil,
    must_be_given,
    violated_atom,
)
from soapstone.samples.values import Known

HERE = Span(path="", line=1, column=1)

# Texts that XML cannot carry, numbers that no document can hold, and times that XSD does not know.
_WRONG: tuple[Atom, ...] = (
    *("\0", "a\ud800", "\uffff", "\x0b", "\x1f\x7f"),
    *(Decimal("NaN"), Decimal("-Infinity"), Decimal("sNaN"), Decimal("1E+1001")),
    *(Decimal("1E-1001"), Decimal("1E+999999999"), 2**31, -(2**63) - 1, 2**63, 10**400),
    *(
        datetime.datetime(2026, 1, 31, tzinfo=datetime.timezone(offset))
        for offset in (
            datetime.timedelta(hours=14, minutes=1),
            datetime.timedelta(hours=-15),
            datetime.timedelta(seconds=1),
            datetime.timedelta(microseconds=-1),
        )
    ),
)

# How deep recursive structures go.
DEEPEST = 3

# Everything that XML can carry, and more often what a writer or a reader may spoil.
_CONTROLS = [chr(code) for code in range(32) if chr(code) not in "\t\n\r"]
_CHARACTERS = st.one_of(
    st.sampled_from("\t\n\r &<>\"'"),
    st.characters(
        exclude_categories=["Cs"], exclude_characters=[*_CONTROLS, *"\ufffe\uffff"]
    ),
)
_TEXTS = st.one_of(
    st.text(_CHARACTERS, max_size=12),
    st.just(" \t\r\n&<>\"']]>&amp;\U0001f4f1 "),
    st.sampled_from(
        [
            *(
                "",
                " ",
                "  lead",
                "trail\n",
                "\r",
                "\r\n",
                "]]>",
                "&amp;",
                "<![CDATA[",
                "<!--",
            ),
            *(
                "\x7f\x85\u2028\ufeff",
                "\U0001f4f1" * 3,
                "e\u0301",
                "\u202e",
                "true",
                "nil",
            ),
        ]
    ),
)
_ZONES = st.one_of(
    st.none(),
    st.just(datetime.timezone.utc),
    st.integers(-14 * 60, 14 * 60).map(
        lambda minutes: datetime.timezone(datetime.timedelta(minutes=minutes))
    ),
)


@st.composite
def _moments(draw: st.DrawFn) -> datetime.datetime:
    moment = draw(st.datetimes(timezones=_ZONES, allow_imaginary=False))
    if draw(st.booleans()):
        moment = moment.replace(microsecond=draw(st.sampled_from([0, 1, 100, 500_000])))
    if not draw(st.booleans()):
        return moment
    fine = Timestamp(
        *(moment.year, moment.month, moment.day, moment.hour, moment.minute),
        *(moment.second, moment.microsecond, moment.tzinfo),
    )
    fine.digits = draw(st.sampled_from(["7", "001", "89", "123", "999"]))
    return fine


@st.composite
def _decimals(draw: st.DrawFn) -> Decimal:
    digits = draw(st.integers(0, 10 ** draw(st.sampled_from([1, 3, 9, 30]))))
    exponent = draw(
        st.one_of(st.integers(-6, 3), st.sampled_from([-900, -28, 18, 900]))
    )
    sign = draw(st.integers(0, 1))
    return Decimal((sign, tuple(map(int, str(digits))), exponent))


_ATOMS: dict[Primitive, st.SearchStrategy[Atom]] = {
    Primitive.STRING: _TEXTS,
    Primitive.BOOLEAN: st.booleans(),
    Primitive.INT: st.integers(-(2**31), 2**31 - 1),
    Primitive.LONG: st.integers(-(2**63), 2**63 - 1),
    Primitive.DECIMAL: _decimals(),
    Primitive.DOUBLE: st.one_of(st.floats(), st.integers(-(2**60), 2**60)),
    Primitive.DATE: st.dates(),
    Primitive.DATE_TIME: _moments(),
    Primitive.BASE64: st.binary(max_size=20),
}


def is_valid(kind: AtomType | EnumerationType, atom: Atom) -> bool:
    """Whether a type allows a value."""
    return violated_atom(kind, AtomValue(value=atom, span=HERE)) == ()


def _near_limits(kind: AtomType) -> tuple[Atom, ...]:
    """Return values that the constraints of a type name or lead to, and that keep all of them."""
    found: list[Atom] = list(edges.atoms(kind))
    sizes = [each for each in kind.constraints if isinstance(each, Length)]
    for constraint in kind.constraints:
        if isinstance(constraint, Pattern):
            found += patterns.varied(constraint.expression)
            for size in sizes:
                least, most = size.minimum or 0, size.maximum or 9
                text = patterns.sized(constraint.expression, least, most)
                found += [] if text is None else [text]
    return tuple(each for each in found if is_valid(kind, each))


def _free(kind: AtomType) -> st.SearchStrategy[Atom]:
    """Return values of which many meet the constraints."""
    limits: dict[type[object], Atom] = {}
    for constraint in kind.constraints:
        match constraint:
            case Allowed(values=values):
                return st.sampled_from(values)
            case Pattern(expression=expression):
                return st.from_regex(re.compile(expression, re.ASCII), fullmatch=True)
            case Length(minimum=minimum, maximum=maximum):
                most = (minimum or 0) + 9 if maximum is None else min(maximum, 40)
                return st.lists(_CHARACTERS, min_size=minimum or 0, max_size=most).map(
                    "".join
                )
            case Minimum(limit=limit) | Maximum(limit=limit):
                limits[type(constraint)] = limit
    return _between(kind.primitive, limits.get(Minimum), limits.get(Maximum))


# The limits are values of the type itself, which the type checker does not know.
def _between(
    primitive: Primitive, least: Any, most: Any  # noqa: ANN401 -- see above
) -> st.SearchStrategy[Atom]:
    match primitive:
        case Primitive.INT | Primitive.LONG:
            top = 2**31 if primitive is Primitive.INT else 2**63
            return st.integers(
                -top if least is None else least, top - 1 if most is None else most
            )
        case Primitive.DECIMAL:
            return st.integers(0, 4).flatmap(
                lambda places: st.decimals(
                    least, most, allow_nan=False, allow_infinity=False, places=places
                )
            )
        case Primitive.DOUBLE:
            return st.floats(least, most, allow_nan=False)
        case Primitive.DATE:
            first, last = datetime.date.min, datetime.date.max
            return st.dates(least or first, most or last)
        case _:
            return _ATOMS[primitive]


@cache
def atoms(kind: AtomType | EnumerationType) -> st.SearchStrategy[Atom]:
    """Return the values that a type allows."""
    if isinstance(kind, EnumerationType):
        texts = st.sampled_from([each.text for each in kind.enumeration.values])
        return st.one_of(texts, _TEXTS) if kind.enumeration.is_open else texts
    if not kind.constraints:
        return _ATOMS[kind.primitive]
    near = _near_limits(kind)
    fitting = _free(kind).filter(lambda atom: is_valid(kind, atom))
    if len(kind.constraints) > 1 and near:
        # Of a pattern and a length at once too few texts are found by chance.
        fitting = st.sampled_from(near)
    return st.one_of(st.sampled_from(near), fitting) if near else fitting


# Structures


class Requests:
    """Makes requests for an operation of a service."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known = Known(service)

    def valid(self, structure: Structure) -> st.SearchStrategy[StructureValue]:
        """Return values of a structure that keep every constraint and every rule."""
        return _structures(self, structure, 0)

    def structure(
        self, draw: st.DrawFn, structure: Structure, depth: int
    ) -> StructureValue:
        """Draw members that may stand together."""
        outline = self._outline(draw, structure, depth)
        made: dict[str, MemberValue] = {}
        optional: list[str] = []
        for member in filter(is_usable, structure.fields):
            if member.name in outline.given:
                made[member.name] = self._member(draw, member, outline, depth)
                optional += [] if must_be_given(member) else [member.name]
        left = draw(st.sets(st.sampled_from(optional))) if optional else set[str]()
        some = _of(made, structure, without=left)
        return _of(made, structure) if self._breaks_rules(structure, some) else some

    def _outline(self, draw: st.DrawFn, structure: Structure, depth: int) -> Outline:
        if depth >= DEEPEST and self._known.is_recursive(structure):
            return self._known.end(structure)
        return draw(st.sampled_from(self._known.outlines(structure)))

    def _member(
        self, draw: st.DrawFn, member: Field, outline: Outline, depth: int
    ) -> MemberValue:
        value: Value
        if member.name in outline.values:
            value = AtomValue(value=outline.values[member.name], span=HERE)
        elif may_be_nil(member) and draw(st.integers(0, 3)) == 0:
            value = NilValue(span=HERE)
        else:
            value = self.value(draw, member.type, depth + 1)
            if value == ListValue(items=(), span=HERE) and is_bare_list(member.type):
                # To rules it is not given at all.
                assert isinstance(member.type, ListType)
                item = self._item(draw, member.type, depth + 1)
                value = ListValue(items=(item,), span=HERE)
        return MemberValue(name=member.name, value=value, span=HERE)

    @staticmethod
    def _breaks_rules(structure: Structure, value: StructureValue) -> bool:
        facts = facts_of(structure, value)
        return any(violations(rule, facts) for rule in structure.rules)

    def value(self, draw: st.DrawFn, kind: Type, depth: int) -> Value:
        """Draw a value that a type allows."""
        match kind:
            case AtomType() | EnumerationType():
                return AtomValue(value=draw(atoms(kind)), span=HERE)
            case ListType() | MixedListType():
                return self._list(draw, kind, depth)
            case SharedType() | InlineType():
                structure = self._service.structure_of(kind)
                assert structure is not None
                return self.structure(draw, structure, depth)
            case _:
                assert_never(kind)

    def _list(
        self, draw: st.DrawFn, kind: ListType | MixedListType, depth: int
    ) -> ListValue:
        least, most = 0, 3
        for constraint in kind.constraints:
            if isinstance(constraint, Count):
                least = constraint.minimum or 0
                most = max(least, min(constraint.maximum or 3, 3))
        if depth > DEEPEST and least == 0:
            most = 0
        items: list[Value] = []
        for _ in range(draw(st.integers(least, most))):
            item = self._item(draw, kind, depth)
            is_twice = any(isinstance(each, Unique) for each in kind.constraints)
            if not (is_twice and item in items):
                items.append(item)
        assume(len(items) >= least)
        return ListValue(items=tuple(items), span=HERE)

    def _item(
        self, draw: st.DrawFn, kind: ListType | MixedListType, depth: int
    ) -> Value:
        if isinstance(kind, ListType):
            return self.value(draw, kind.of, depth)
        chosen = draw(st.sampled_from(kind.alternatives))
        value = self.value(draw, chosen.type, depth)
        return MemberValue(name=chosen.name, value=value, span=HERE)

    # What may be wrong

    def broken(self, structure: Structure) -> st.SearchStrategy[StructureValue]:
        """Return values of a structure in which some members are changed, mostly for the worse."""
        return _broken(self, structure)

    def change(
        self, draw: st.DrawFn, structure: Structure, value: StructureValue
    ) -> StructureValue:
        """Draw a change of something anywhere in a structure."""
        places = list(self._places(InlineType(structure=structure), value, ()))
        if not places:
            return value
        steps, kind = draw(st.sampled_from(places))
        changed = replaced(value, steps, self._other(draw, kind, value, steps))
        assert isinstance(changed, StructureValue)
        return changed

    def _other(
        self, draw: st.DrawFn, kind: Type | None, root: StructureValue, steps: Steps
    ) -> Value | None:
        """Draw something else for a place; None leaves it out, and no type means a named item."""
        value = at(root, steps)
        others: list[st.SearchStrategy[Value | None]] = []
        # A list without an element around its items can be empty, but not be absent.
        if kind is None or not is_bare_list(kind):
            is_item = isinstance(steps[-1], int)
            others.append(st.just(NilValue(span=HERE) if is_item else None))
        match kind, value:
            case (AtomType() | EnumerationType()), _:
                # Most of them are next to what is allowed, and so are wrong in one way only.
                near = st.sampled_from(_edges(kind)).map(_atom_value)
                far = st.one_of(st.sampled_from(_WRONG), *_ATOMS.values())
                others += [near, near, near, far.map(_atom_value)]
            case (ListType() | MixedListType()), ListValue(items=items):
                times = st.sampled_from([0, 2, 3, 120])
                lists = times.map(lambda each: ListValue(items=items * each, span=HERE))
                others += [st.just(_TEXT_VALUE), lists]
            case _:
                others.append(st.just(_TEXT_VALUE))
        if value is None and kind is not None:
            others.append(_values(self, kind))
        return draw(draw(st.sampled_from(others)))

    def _places(
        self, kind: Type, value: Value, steps: Steps
    ) -> Iterator[tuple[Steps, Type | None]]:
        """Yield the places in a value that can be changed, with their types."""
        match kind, value:
            case ListType(of=of), ListValue(items=items):
                for position, item in enumerate(items):
                    yield (*steps, position), of
                    yield from self._places(of, item, (*steps, position))
            case MixedListType(alternatives=alternatives), ListValue(items=items):
                kinds = {each.name: each.type for each in alternatives}
                for position, item in enumerate(items):
                    yield (*steps, position), None
                    if not isinstance(item, MemberValue):
                        continue  # it was changed before
                    inside = (*steps, position, item.name)
                    yield inside, kinds[item.name]
                    yield from self._places(kinds[item.name], item.value, inside)
            case (SharedType() | InlineType()), StructureValue():
                structure = self._service.structure_of(kind)
                assert structure is not None
                for member in filter(is_usable, structure.fields):
                    inside = (*steps, member.name)
                    yield inside, member.type
                    given = value.get(member.name)
                    if given is not None:
                        yield from self._places(member.type, given, inside)
            case _:
                pass


_TEXT_VALUE = AtomValue(value="text", span=HERE)


def _atom_value(atom: Atom) -> Value:
    return AtomValue(value=atom, span=HERE)


@cache
def _edges(kind: AtomType | EnumerationType) -> tuple[Atom, ...]:
    # Of the right type, and impossible all the same.
    return (
        *edges.atoms(kind),
        *(
            each
            for each in _WRONG
            if violated_atom(kind, _atom_value(each)) != ("type",)
        ),
    )


def _of(
    made: dict[str, MemberValue],
    structure: Structure,
    *,
    without: AbstractSet[str] = frozenset(),
) -> StructureValue:
    members = tuple(each for name, each in made.items() if name not in without)
    return StructureValue(members=members, span=structure.span)


@st.composite
def _structures(
    draw: st.DrawFn, requests: Requests, structure: Structure, depth: int
) -> StructureValue:
    return requests.structure(draw, structure, depth)


@st.composite
def _values(draw: st.DrawFn, requests: Requests, kind: Type) -> Value:
    return requests.value(draw, kind, DEEPEST)


@st.composite
def _broken(
    draw: st.DrawFn, requests: Requests, structure: Structure
) -> StructureValue:
    value = requests.structure(draw, structure, 0)
    for _ in range(draw(st.integers(1, 3))):
        value = requests.change(draw, structure, value)
    return value
