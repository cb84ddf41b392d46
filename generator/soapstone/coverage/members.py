"""The facts of members: one way through the types, with all documented values at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from soapstone.coverage import constraints, rules
from soapstone.coverage.facts import Category
from soapstone.coverage.findings import Findings, Place
from soapstone.coverage.states import State, states_of
from soapstone.model import (
    AtomType,
    AtomValue,
    EnumerationType,
    Field,
    InlineType,
    ListConstraint,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    Presence,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})
"""What is neither written nor read."""


def members(
    service: Service,
    place: Place,
    structure: Structure,
    documented: Sequence[StructureValue],
    findings: Findings,
) -> None:
    """Find the facts of a request or a response, which examples have with these values."""
    kind = InlineType(structure=structure)
    _walk(service, [(kind, value) for value in documented], findings).structure(
        place, structure, documented
    )


def authentication(
    service: Service, documented: Sequence[MemberValue], findings: Findings
) -> None:
    """Find the facts of the alternatives, of which examples give these."""
    place = Place("authentication")
    found = service.authentication
    alternatives = () if found is None else found.alternatives
    given = [
        (
            alternative,
            [each.value for each in documented if each.name == alternative.name],
        )
        for alternative in alternatives
    ]
    walk = _walk(
        service,
        [
            (InlineType(structure=alternative.structure), value)
            for alternative, values in given
            for value in values
        ],
        findings,
    )
    for alternative, values in given:
        inside = place.below(alternative.name)
        findings.count(
            Category.FIELDS, inside, "", alternative.span, is_exercised=bool(values)
        )
        walk.typed(inside, InlineType(structure=alternative.structure), values)


def _walk(
    service: Service, documented: Iterable[tuple[Type, Value]], findings: Findings
) -> _Walk:
    shared: dict[str, list[Value]] = {}
    for kind, value in documented:
        for name, found in _shared_values(service, kind, value):
            shared.setdefault(name, []).append(found)
    return _Walk(service=service, shared=shared, findings=findings)


def _shared_values(
    service: Service, kind: Type, value: Value
) -> Iterator[tuple[str, Value]]:
    """Yield every value of a shared structure, with the name of the structure."""
    match kind:
        case AtomType() | EnumerationType():
            return
        case ListType(of=of):
            for item in _items_of(value):
                yield from _shared_values(service, of, item)
        case MixedListType(alternatives=alternatives):
            for alternative in alternatives:
                for item in _named(_items_of(value), alternative.name):
                    yield from _shared_values(service, alternative.type, item)
        case SharedType(name=name):
            yield name, value
            yield from _shared_values_inside(service, kind, value)
        case InlineType():
            yield from _shared_values_inside(service, kind, value)
        case _:
            assert_never(kind)


def _shared_values_inside(
    service: Service, kind: InlineType | SharedType, value: Value
) -> Iterator[tuple[str, Value]]:
    structure = service.structure_of(kind)
    if structure is None or not isinstance(value, StructureValue):
        return
    for member in structure.fields:
        inner = value.get(member.name)
        if inner is not None and member.presence not in _HIDDEN:
            yield from _shared_values(service, member.type, inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Walk:
    """Goes through the types of one document, each with all the values that examples have there.

    Attributes:
        shared: The values of each shared structure, wherever they stand.
        entered: Shared structures whose facts are found already.
    """

    service: Service
    shared: Mapping[str, Sequence[Value]]
    findings: Findings
    entered: set[str] = field(default_factory=set[str])

    def structure(
        self, place: Place, structure: Structure, values: Sequence[StructureValue]
    ) -> None:
        """Find the facts of the members, and the rules between them."""
        for member in structure.fields:
            if member.presence not in _HIDDEN and member.constant is None:
                inside = place.below(member.name)
                self._member(inside, member, [each.get(member.name) for each in values])
        if place.is_checked:
            rules.find_rules(place, structure, values, self.findings)

    def _member(
        self, place: Place, member: Field, values: Sequence[Value | None]
    ) -> None:
        """Find the facts of a member; a value is None in a structure that lacks the member."""
        met = {state for value in values for state in states_of(member.type, value)}
        self.findings.count(
            Category.FIELDS,
            place,
            "",
            member.span,
            is_exercised=not met <= {State.ABSENT},
        )
        demanded = [State.GIVEN]
        if member.presence is not Presence.REQUIRED:
            demanded.append(State.ABSENT)
        for state in State:
            if state in demanded:
                self.findings.count(
                    Category.STATES,
                    place,
                    state.value,
                    member.span,
                    is_exercised=state in met,
                )
            elif state in met:
                self.findings.note(Category.STATES, place, state.value, member.span)
        self.typed(place, member.type, [each for each in values if each is not None])

    def typed(self, place: Place, kind: Type, values: Sequence[Value]) -> None:
        """Find the facts of what stands inside a value of a type."""
        match kind:
            case AtomType():
                atoms = [each.value for each in values if isinstance(each, AtomValue)]
                for constraint in kind.constraints:
                    constraints.find_atom(place, constraint, atoms, self.findings)
            case EnumerationType(enumeration=enumeration):
                texts = {each.value for each in values if isinstance(each, AtomValue)}
                for each in enumeration.values:
                    self.findings.count(
                        Category.VALUES,
                        place,
                        f"value `{each.text}`",
                        each.span,
                        is_exercised=each.text in texts,
                    )
            case MixedListType():
                lists = [each for each in values if isinstance(each, ListValue)]
                self._mixed(place, kind, lists)
            case ListType():
                lists = [each for each in values if isinstance(each, ListValue)]
                self._list(place, kind, lists)
            case InlineType(structure=structure):
                self.structure(place, structure, _structures(values))
            case SharedType(name=name):
                named = self.service.type(name)
                if named is not None and name not in self.entered:
                    self.entered.add(name)
                    found = self.shared.get(name, ())
                    self.structure(place, named.structure, _structures(found))
            case _:
                assert_never(kind)

    def _mixed(
        self, place: Place, kind: MixedListType, values: Sequence[ListValue]
    ) -> None:
        self._constrained(place, kind.constraints, values)
        for alternative in kind.alternatives:
            items = [
                item
                for value in values
                for item in _named(value.items, alternative.name)
            ]
            inside = place.below(alternative.name)
            self.findings.count(
                Category.FIELDS,
                inside,
                "",
                alternative.span,
                is_exercised=bool(items),
            )
            self.typed(inside, alternative.type, items)

    def _constrained(
        self,
        place: Place,
        found: Iterable[ListConstraint],
        values: Sequence[ListValue],
    ) -> None:
        counts = [len(value.items) for value in values]
        for constraint in found:
            constraints.find_list(place, constraint, counts, self.findings)

    def _list(self, place: Place, kind: ListType, values: Sequence[ListValue]) -> None:
        items = [item for value in values for item in value.items]
        self._constrained(place, kind.constraints, values)
        if kind.item is not None:
            place = place.below(kind.item)
            self.findings.count(
                Category.FIELDS, place, "", kind.span, is_exercised=bool(items)
            )
        self.typed(place, kind.of, items)


def _items_of(value: Value) -> Sequence[Value]:
    return value.items if isinstance(value, ListValue) else ()


def _named(items: Iterable[Value], name: str) -> Iterator[Value]:
    """Yield the items of a list of differently named children that have a name."""
    for item in items:
        if isinstance(item, MemberValue) and item.name == name:
            yield item.value


def _structures(values: Iterable[Value]) -> list[StructureValue]:
    return [value for value in values if isinstance(value, StructureValue)]
