"""What a value breaks, by the model alone: the second opinion on the generated checks."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, assert_never

from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    AtomValue,
    Count,
    EnumerationType,
    Field,
    InlineType,
    Length,
    ListConstraint,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    MixedListType,
    NilValue,
    Pattern,
    Presence,
    Primitive,
    Rule,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
    WhenNil,
)
from soapstone.samples import patterns
from soapstone.samples.comparison import order
from soapstone.samples.rules import Facts, is_usable, violations

Steps: TypeAlias = tuple[str | int, ...]
"""Wire names and positions in lists, from the request to a member.

After the position in a list with several names comes the name of the item: ("Products", 0, "Add").
"""

_TYPES: dict[Primitive, type] = {
    Primitive.STRING: str,
    Primitive.BOOLEAN: bool,
    Primitive.INT: int,
    Primitive.LONG: int,
    Primitive.DECIMAL: Decimal,
    Primitive.DOUBLE: float,
    Primitive.DATE: datetime.date,
    Primitive.DATE_TIME: datetime.datetime,
    Primitive.BASE64: bytes,
}
_LIMITS = {Primitive.INT: 2**31, Primitive.LONG: 2**63}
# How far from the point the first digit of a decimal may stand, and from UTC a time zone.
_PLACES = 1000
_FARTHEST = datetime.timedelta(hours=14)
_MINUTE = datetime.timedelta(minutes=1)
# The least whole number that is too large for a double, also when it is rounded.
_DOUBLE_LIMIT = 2**1024 - 2**970
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


Broken: TypeAlias = tuple[tuple[Steps, str], ...]
"""The place and the rule of everything that a value breaks, in order."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What was found out about a value in the place of a type.

    Attributes:
        kind: Kept, as is the value, so that nothing else gets its identity.
        broken: What it breaks, with places from the value on.
        facts: What conditions see of it.
    """

    kind: Type
    value: Value
    broken: Broken
    facts: tuple[Atom | None, ...]


def violated(service: Service, structure: Structure, value: StructureValue) -> Broken:
    """Return what the value of a structure breaks."""
    return Judge(service).structure(structure, value)


class Judge:
    """Says what values break; each one that stands in several others is looked at once."""

    def __init__(self, service: Service) -> None:
        self._service = service
        # By identity: of the type and of the value, and of the structure, which is kept.
        self._judged: dict[tuple[int, int], _Judgement] = {}
        self._usable: dict[int, tuple[Structure, tuple[Field, ...]]] = {}
        self._facts: dict[tuple[int, int], tuple[Structure, StructureValue, Facts]] = {}
        self._rules: dict[tuple[int, str], tuple[Structure, tuple[Rule, ...]]] = {}

    def structure(self, structure: Structure, value: StructureValue) -> Broken:
        """Return what the value of a structure breaks."""
        found: list[tuple[Steps, str]] = []
        facts: dict[str, Atom | None] = {}
        values = {each.name: each.value for each in value.members}
        for member in self._members(structure):
            found += self._member(member, values.get(member.name), facts)
        return (*found, *_broken_rules(structure.rules, facts))

    def with_member(
        self,
        structure: Structure,
        value: StructureValue,
        member: Field,
        inner: Value | None,
    ) -> Broken:
        """Return what a valid value breaks as soon as one member is another one, or absent."""
        rules = self._rules_about(structure, member.name)
        facts = self._facts_of(structure, value) if rules else {}
        facts.pop(member.name, None)
        found = self._member(member, inner, facts)
        return (*found, *_broken_rules(rules, facts))

    def value(self, kind: Type, value: Value) -> Broken:
        """Return what a value of a type breaks."""
        return self._judge(kind, value).broken

    def _members(self, structure: Structure) -> tuple[Field, ...]:
        if id(structure) not in self._usable:
            usable = tuple(filter(is_usable, structure.fields))
            self._usable[id(structure)] = (structure, usable)
        return self._usable[id(structure)][1]

    def _rules_about(self, structure: Structure, name: str) -> tuple[Rule, ...]:
        """Return the rules that name a member: the others see nothing of it."""
        key = (id(structure), name)
        if key not in self._rules:
            rules = (
                rule
                for rule in structure.rules
                if any(each.name == name for each in rule.members)
            )
            self._rules[key] = (structure, tuple(rules))
        return self._rules[key][1]

    def _facts_of(
        self, structure: Structure, value: StructureValue
    ) -> dict[str, Atom | None]:
        key = (id(structure), id(value))
        if key not in self._facts:
            self._facts[key] = (structure, value, facts_of(structure, value))
        return dict(self._facts[key][2])

    def _member(
        self, member: Field, value: Value | None, facts: dict[str, Atom | None]
    ) -> Broken:
        """Return what a member breaks; add to the facts what conditions see of it."""
        name = member.name
        if value is None:
            is_missing = member.presence is Presence.REQUIRED
            return (((name,), "required"),) if is_missing else ()
        judged = self._judge(member.type, value)
        if judged.facts:
            facts[name] = judged.facts[0]
        if not judged.broken or (isinstance(value, NilValue) and may_be_nil(member)):
            return ()
        return tuple(((name, *steps), rule) for steps, rule in judged.broken)

    def _judge(self, kind: Type, value: Value) -> _Judgement:
        key = (id(kind), id(value))
        judged = self._judged.get(key)
        if judged is None:
            broken = self._broken(kind, value)
            judged = _Judgement(kind, value, broken, given(kind, value))
            self._judged[key] = judged
        return judged

    def _broken(self, kind: Type, value: Value) -> Broken:
        if isinstance(value, NilValue):
            return (((), "required"),)
        match kind:
            case AtomType() | EnumerationType():
                return tuple(((), rule) for rule in violated_atom(kind, value))
            case ListType() | MixedListType():
                if not isinstance(value, ListValue):
                    return (((), "type"),)
                broken = tuple(_violated_list(kind.constraints, value))
                return (*broken, *self._inside(kind, value))
            case SharedType() | InlineType():
                structure = self._service.structure_of(kind)
                if not isinstance(value, StructureValue):
                    return (((), "type"),)
                return () if structure is None else self.structure(structure, value)
            case _:
                assert_never(kind)

    def _inside(self, kind: ListType | MixedListType, value: ListValue) -> Broken:
        # A long list repeats one item, which is looked at once.
        different = {id(item): item for item in value.items}
        broken = {key: self._item(kind, item) for key, item in different.items()}
        if not any(broken.values()):
            return ()
        return tuple(
            ((position, *steps), rule)
            for position, item in enumerate(value.items)
            for steps, rule in broken[id(item)]
        )

    def _item(self, kind: ListType | MixedListType, item: Value) -> Broken:
        """Return what an item breaks: that of a list with several names is of no class, or inside."""
        if isinstance(kind, ListType):
            return self._judge(kind.of, item).broken
        if isinstance(item, NilValue):
            return (((), "required"),)
        for alternative in kind.alternatives:
            if isinstance(item, MemberValue) and item.name == alternative.name:
                found = self._judge(alternative.type, item.value).broken
                return tuple(((item.name, *steps), rule) for steps, rule in found)
        return (((), "type"),)


def _broken_rules(rules: tuple[Rule, ...], facts: Facts) -> Broken:
    return tuple(
        ((name,), broken) for rule in rules for name, broken in violations(rule, facts)
    )


def may_be_nil(member: Field) -> bool:
    """Whether a request may mark a member as nil."""
    return member.states.nil is WhenNil.KEPT


def facts_of(structure: Structure, value: StructureValue) -> Facts:
    """Return the members that are given, with what conditions can be asked of."""
    found: dict[str, Atom | None] = {}
    for member in structure.fields:
        its_value = value.get(member.name)
        if its_value is not None and is_usable(member):
            for fact in given(member.type, its_value):
                found[member.name] = fact
    return found


def is_bare_list(kind: Type) -> bool:
    """Whether a type is a list without an element around its items: empty, but never absent."""
    return isinstance(kind, ListType) and kind.item is None


def must_be_given(member: Field) -> bool:
    """Whether a request has to hold a member: also a bare list that may not be empty."""
    if member.presence is Presence.REQUIRED:
        return True
    return (
        is_usable(member)
        and isinstance(member.type, ListType)
        and is_bare_list(member.type)
        and any(
            isinstance(each, Count) and each.minimum for each in member.type.constraints
        )
    )


def is_item(kind: Type) -> bool:
    """Whether an alternative of a list is the item itself, not a value that the item holds."""
    return isinstance(kind, InlineType) and not kind.derived_from


def given(kind: Type, value: Value | None) -> tuple[Atom | None, ...]:
    """Return what conditions see of a member: nothing, or its value, or None for any other."""
    match value:
        case None:
            return ()
        case ListValue(items=()) if is_bare_list(kind):
            return ()
        case AtomValue(value=atom):
            primitive = primitive_of(kind)
            fits = primitive is not None and _is_of_type(primitive, atom)
            return (atom if fits else None,)
        case _:
            return (None,)


def primitive_of(kind: Type) -> Primitive | None:
    """Return as what a text on the wire is read; None for lists and structures."""
    match kind:
        case AtomType(primitive=primitive):
            return primitive
        case EnumerationType():
            return Primitive.STRING
        case ListType() | MixedListType() | SharedType() | InlineType():
            return None
        case _:
            assert_never(kind)


def broken(constraints: tuple[AtomConstraint, ...], value: Atom) -> tuple[str, ...]:
    """Return the names of the constraints that a value of the right type breaks, in order."""
    return tuple(
        type(constraint).__name__.lower()
        for constraint in constraints
        if not _holds(constraint, value)
    )


def violated_atom(kind: AtomType | EnumerationType, value: Value) -> tuple[str, ...]:
    """Return the rules that a single value breaks, in order."""
    primitive = kind.primitive if isinstance(kind, AtomType) else Primitive.STRING
    if not isinstance(value, AtomValue) or not _is_of_type(primitive, value.value):
        return ("type",)
    if isinstance(value.value, str) and _NOT_IN_XML.search(value.value):
        return ("characters",)
    if not _is_in_range(primitive, value.value):
        return ("range",)
    if isinstance(kind, AtomType):
        return broken(kind.constraints, value.value)
    known = kind.enumeration.is_open or any(
        value.value == each.text for each in kind.enumeration.values
    )
    return () if known else ("allowed",)


def _is_in_range(primitive: Primitive, value: Atom) -> bool:
    """Whether a value of the right type can stand in a document."""
    match value:
        case int() if primitive is Primitive.DOUBLE:
            return abs(value) < _DOUBLE_LIMIT
        case int():
            limit = _LIMITS.get(primitive, math.inf)
            return -limit <= value < limit
        case Decimal():
            return value.is_finite() and abs(value.adjusted()) <= _PLACES
        case datetime.datetime():
            offset = value.utcoffset() or datetime.timedelta()
            return abs(offset) <= _FARTHEST and not offset % _MINUTE
        case _:
            return True


def _is_of_type(primitive: Primitive, value: Atom) -> bool:
    if isinstance(value, bool) or primitive is Primitive.BOOLEAN:
        return isinstance(value, bool) and primitive is Primitive.BOOLEAN
    if isinstance(value, datetime.datetime):
        return primitive is Primitive.DATE_TIME
    if primitive is Primitive.DOUBLE and isinstance(value, int):
        return True
    return isinstance(value, _TYPES[primitive])


def _violated_list(
    constraints: tuple[ListConstraint, ...], value: ListValue
) -> Iterator[tuple[Steps, str]]:
    for constraint in constraints:
        match constraint:
            case Count(minimum=minimum, maximum=maximum):
                if not _within(len(value.items), minimum, maximum):
                    yield (), "count"
            case Unique():
                if len(set(value.items)) < len(value.items):
                    yield (), "unique"
            case _:
                assert_never(constraint)


def _holds(constraint: AtomConstraint, value: Atom) -> bool:
    match constraint:
        case Length(minimum=minimum, maximum=maximum):
            return _within(len(str(value)), minimum, maximum)
        case Pattern(expression=expression):
            return patterns.matches(expression, str(value))
        case Minimum(limit=limit):
            return order(value, limit) in (0, 1)
        case Maximum(limit=limit):
            return order(value, limit) in (-1, 0)
        case Allowed(values=values):
            return value in values
        case _:
            assert_never(constraint)


def _within(number: int, minimum: int | None, maximum: int | None) -> bool:
    return (minimum or 0) <= number <= (math.inf if maximum is None else maximum)
