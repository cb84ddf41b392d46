"""Values that a spec allows: one for every member, different from each other where it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from soapstone.model import (
    AtomType,
    AtomValue,
    Count,
    EnumerationType,
    Field,
    Form,
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
    Unique,
    Value,
    WhenEmpty,
)
from soapstone.samples.atoms import atom
from soapstone.samples.outlines import Outline, choices, fewest, without
from soapstone.samples.recursion import is_recursive, structures_in
from soapstone.samples.variety import different

# How many recursive structures stand in each other, and how many of them are made in all.
_DEEPEST = 3
_MOST = 500
# How many items a list has: to tell them apart, and to show the values of an enumeration.
_FEW = 2
_MANY = 12


class Known:
    """What was found out about the structures of a service, each thing once.

    Args:
        service: The service.
        ignores_rules: Whether rules are those of requests only, which an answer need not keep.
    """

    def __init__(self, service: Service, *, ignores_rules: bool = False) -> None:
        self.service = service
        self._ignores_rules = ignores_rules
        # The structures are kept too, so that no other one gets the identity of one of them.
        self._structures: dict[int, Structure] = {}
        self._outlines: dict[int, tuple[Outline, ...]] = {}
        self._smallest: dict[int, Outline] = {}
        self._ends: dict[int, Outline] = {}
        self._recursive: dict[int, bool] = {}
        self._usual: dict[int, StructureValue] = {}

    def usual(self, structure: Structure) -> StructureValue:
        """Return a value with every member that the rules between them allow."""
        key = self._key(structure)
        if key not in self._usual:
            self._usual[key] = Sampler(self.service, known=self).structure(structure)
        return self._usual[key]

    def _key(self, structure: Structure) -> int:
        self._structures.setdefault(id(structure), structure)
        return id(structure)

    def outlines(self, structure: Structure) -> tuple[Outline, ...]:
        """Return outlines that show all that the rules leave open."""
        key = self._key(structure)
        if key not in self._outlines:
            self._outlines[key] = choices(self._ruled(structure))
        return self._outlines[key]

    def smallest(self, structure: Structure) -> Outline:
        """Return the outline with the fewest members."""
        key = self._key(structure)
        if key not in self._smallest:
            self._smallest[key] = fewest(structure)
        return self._smallest[key]

    def end(self, structure: Structure) -> Outline:
        """Return an outline that goes no deeper into recursive structures, if there is one."""
        key = self._key(structure)
        if key not in self._ends:
            deeper = frozenset(
                member.name
                for member in structure.fields
                if member.presence is not Presence.REQUIRED
                and self.leads_deeper(member.type)
            )
            self._ends[key] = without(self._ruled(structure), deeper) or self.smallest(
                structure
            )
        return self._ends[key]

    def _ruled(self, structure: Structure) -> Structure:
        return replace(structure, rules=()) if self._ignores_rules else structure

    def leads_deeper(self, kind: Type) -> bool:
        """Whether a type is of recursive structures."""
        return any(map(self.is_recursive, structures_in(self.service, kind)))

    def is_recursive(self, structure: Structure) -> bool:
        """Whether a structure can stand inside itself."""
        key = self._key(structure)
        if key not in self._recursive:
            self._recursive[key] = is_recursive(self.service, structure)
        return self._recursive[key]


class Sampler:
    """Makes values; numbers and texts count up, so that two members are never mixed up.

    Args:
        variant: Which outline is taken where rules leave something open; None for as few members
            as possible.
        known: What is known about the service already.
        others: Outlines of single structures, by their identity, that are not that of the variant.

    Attributes:
        shown: The structures that were made, by their identity, with the number of the outline.
    """

    def __init__(
        self,
        service: Service,
        variant: int | None = 0,
        *,
        known: Known | None = None,
        others: Mapping[int, int] | None = None,
    ) -> None:
        self.shown: set[tuple[int, int]] = set()
        self._service = service
        self._variant = variant
        self._known = Known(service) if known is None else known
        self._others = dict[int, int]() if others is None else others
        self._made = 0
        self._turns: dict[int, int] = {}
        # The recursive structures that are being made, each with whether it was to be the last.
        self._open: list[tuple[int, bool]] = []
        self._opened = 0

    def structure(self, structure: Structure) -> StructureValue:
        """Return a value with every member that the rules between them allow."""
        if not self._known.is_recursive(structure):
            return self._structure(structure, self._outline(structure))
        is_last = self._is_deep(structure)
        outline = self._known.end(structure) if is_last else self._outline(structure)
        self._open.append((id(structure), is_last))
        self._opened += 1
        value = self._structure(structure, outline)
        self._open.pop()
        return value

    def value(self, kind: Type, name: str) -> Value | None:
        """Return a value for one member; None where there can be none."""
        match kind:
            case AtomType():
                self._made += 1
                return AtomValue(value=atom(kind, name, self._made), span=kind.span)
            case EnumerationType():
                return self._documented(kind, name)
            case ListType() | MixedListType():
                length = _within(self._wanted(kind), kind.constraints)
                return self._distinct(kind, self.items(kind, name, length))
            case SharedType() | InlineType():
                structure = self._service.structure_of(kind)
                # What needs itself has no end, and no value.
                if structure is None or (id(structure), True) in self._open:
                    return None
                return self.structure(structure)
            case _:
                assert_never(kind)

    def items(
        self, kind: ListType | MixedListType, name: str, length: int
    ) -> ListValue:
        """Return a list of so many items, or of none where there can be none."""
        made = (self._item(kind, name, position) for position in range(length))
        items = tuple(item for item in made if item is not None)
        return ListValue(items=items, span=kind.span)

    # Structures

    def _structure(self, structure: Structure, outline: Outline) -> StructureValue:
        needed = {member.name for rule in structure.rules for member in rule.members}
        members: list[MemberValue] = []
        for member in structure.fields:
            if member.name not in outline.given:
                continue
            value = self._member(member, outline)
            is_needed = member.name in needed or member.presence is Presence.REQUIRED
            if value is not None and (is_needed or not _is_lost(member, value)):
                members.append(
                    MemberValue(name=member.name, value=value, span=member.span)
                )
        return StructureValue(members=tuple(members), span=structure.span)

    def _outline(self, structure: Structure) -> Outline:
        if self._variant is None:
            return self._known.smallest(structure)
        outlines = self._known.outlines(structure)
        wanted = self._others.get(id(structure), self._variant)
        number = min(wanted, len(outlines) - 1)
        self.shown.add((id(structure), number))
        return outlines[number]

    def _member(self, member: Field, outline: Outline) -> Value | None:
        if member.name in outline.values:
            self._made += 1
            return AtomValue(value=outline.values[member.name], span=member.span)
        if isinstance(member.type, EnumerationType):
            return self._documented(member.type, member.name, member)
        return self.value(member.type, member.name)

    def _is_deep(self, structure: Structure) -> bool:
        """Whether a recursive structure has been shown inside itself, or too many were made."""
        path = [*(key for key, _ in self._open), id(structure)]
        return len(path) >= _DEEPEST and (
            len(set(path)) < len(path) or self._opened > _MOST
        )

    def _has_to_end(self, kind: Type) -> bool:
        is_last = bool(self._open) and self._open[-1][1]
        return is_last and self._known.leads_deeper(kind)

    # Enumerations and lists

    def _documented(
        self, kind: EnumerationType, name: str, member: Field | None = None
    ) -> AtomValue:
        """Return the next documented value; one that the member reads as another, if need be."""
        made = [
            AtomValue(value=each.text, span=kind.span)
            for each in kind.enumeration.values
        ]
        kept = [
            each for each in made if member is None or not _is_lost(member, each)
        ] or made
        if not kept:  # a spec with a mistake
            return AtomValue(value=name, span=kind.span)
        turn = self._turns.get(id(kind.enumeration), self._variant or 0)
        self._turns[id(kind.enumeration)] = turn + 1
        return kept[turn % len(kept)]

    def _wanted(self, kind: ListType | MixedListType) -> int:
        """Return how many items a list is to have, if it may."""
        match kind:
            case ListType(of=EnumerationType(enumeration=enumeration)):
                return max(_FEW, min(len(enumeration.values), _MANY))
            case ListType(of=of):
                return 0 if self._has_to_end(of) else _FEW
            case MixedListType():
                ending = self._ending(kind)
                return max(_FEW, len(ending)) if ending else 0
            case _:
                assert_never(kind)

    def _ending(self, kind: MixedListType) -> list[Field]:
        """Return what an item may be that goes no deeper than it should."""
        return [each for each in kind.alternatives if not self._has_to_end(each.type)]

    def _distinct(self, kind: ListType | MixedListType, made: ListValue) -> ListValue:
        """Return a list without items that it must not repeat, with others if it needs them."""
        if not any(isinstance(constraint, Unique) for constraint in kind.constraints):
            return made
        least = _within(0, kind.constraints)
        items = different(self._service, kind, made.items, least)
        return replace(made, items=items)

    def _item(
        self, kind: ListType | MixedListType, name: str, position: int
    ) -> Value | None:
        match kind:
            case ListType(of=of, item=item):
                return self.value(of, item or name)
            case MixedListType(alternatives=alternatives):
                alternatives = tuple(self._ending(kind)) or alternatives
                if not alternatives:  # a spec with a mistake
                    return None
                chosen = alternatives[position % len(alternatives)]
                value = self.value(chosen.type, chosen.name)
                return (
                    None
                    if value is None
                    else MemberValue(name=chosen.name, value=value, span=chosen.span)
                )
            case _:
                assert_never(kind)


def _within(wanted: int, constraints: tuple[ListConstraint, ...]) -> int:
    """Return the number that is wanted, or the nearest that constraints allow."""
    least, most = 0, wanted
    for constraint in constraints:
        if isinstance(constraint, Count):
            least = constraint.minimum or 0
            most = wanted if constraint.maximum is None else constraint.maximum
    return max(least, min(wanted, most))


def _is_lost(member: Field, value: Value) -> bool:
    """Whether an answer would not give a value back, as it is empty or blank on the wire."""
    match value:
        case AtomValue(value="") if member.form is Form.TEXT:
            return member.presence is not Presence.REQUIRED
        case AtomValue(value="" | b"") | ListValue(items=()):
            refused = member.states.empty
        case StructureValue(members=()):
            refused = member.states.empty
        case AtomValue(value=str(text)) if not text.strip(" \t\r\n"):
            refused = member.states.blank
        case _:
            return False
    return member.form is Form.ELEMENT and refused is not WhenEmpty.VALUE
