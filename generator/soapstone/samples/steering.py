"""The values of members by which rules decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    AtomValue,
    ChoiceRule,
    ConditionalRule,
    EnumerationType,
    Field,
    MemberRule,
    Primitive,
    Relation,
    Structure,
    comparisons_in,
)
from soapstone.samples.atoms import atom, neighbour
from soapstone.samples.rules import is_usable
from soapstone.samples.validation import given, violated_atom

# Among so many samples there is one that no rule names, unless few values are allowed at all.
_TRIES = 8


def steering(structure: Structure) -> dict[str, tuple[Atom, ...]]:
    """Return the values that make a difference to rules, of each member that they compare.

    They are of the type of the member; some may break its constraints. The last is any other.
    """
    found: dict[str, tuple[Atom, ...]] = {}
    for member in structure.fields:
        match member.type:
            case (AtomType() | EnumerationType()) as kind if is_usable(member):
                named = [*_chosen_by(structure, member), *_compared(structure, member)]
                if named:
                    known = distinct(each for each in named if given_as(kind, each))
                    found[member.name] = distinct((*known, *_other(member, known)))
            case _:
                pass
    return found


def is_valid(member: Field, value: Atom) -> bool:
    """Whether a member may have a value."""
    kind = member.type
    return isinstance(kind, (AtomType, EnumerationType)) and not violated_atom(
        kind, AtomValue(value=value, span=member.span)
    )


def given_as(kind: AtomType | EnumerationType, value: Atom) -> bool:
    """Whether a value is of a type."""
    return given(kind, AtomValue(value=value, span=kind.span)) != (None,)


def distinct(values: Iterable[Atom]) -> tuple[Atom, ...]:
    """Return every value once; a boolean is no number."""
    return tuple({(type(value), value): value for value in values}.values())


def documented(member: Field) -> tuple[Atom, ...]:
    """Return the only values that a member may have, as far as the spec lists them."""
    match member.type:
        case EnumerationType(enumeration=enumeration):
            return tuple(value.text for value in enumeration.values)
        case AtomType(primitive=Primitive.BOOLEAN):
            return (True, False)
        case AtomType(constraints=constraints):
            return tuple(
                value
                for constraint in constraints
                if isinstance(constraint, Allowed)
                for value in constraint.values
            )
        case _:
            return ()


def _chosen_by(structure: Structure, member: Field) -> Iterator[Atom]:
    for rule in structure.rules:
        if isinstance(rule, ChoiceRule) and rule.chooser.name == member.name:
            yield from (value for block in rule.blocks for value in block.values)
            yield from documented(member)


def _compared(structure: Structure, member: Field) -> Iterator[Atom]:
    for rule in structure.rules:
        match rule:
            case ConditionalRule(condition=condition):
                for comparison in comparisons_in(condition):
                    if comparison.member.name != member.name:
                        continue
                    yield from comparison.values
                    if comparison.relation not in (Relation.IS, Relation.GIVEN):
                        limit = comparison.values[0]
                        yield from (neighbour(limit, -1), neighbour(limit, 1))
            case MemberRule() | ChoiceRule():
                pass


def _other(member: Field, known: tuple[Atom, ...]) -> Iterator[Atom]:
    """Yield a value that no rule names, if there is one."""
    candidates: list[Atom] = list(documented(member))
    if isinstance(member.type, AtomType):
        candidates += [atom(member.type, member.name, turn) for turn in range(_TRIES)]
        # Where only a few numbers are allowed, those next to one that a rule names are near.
        candidates += [neighbour(each, step) for each in known for step in (-1, 1)]
    else:
        candidates.append(f"{member.name} or other")
    others = (
        value for value in candidates if is_valid(member, value) and value not in known
    )
    yield from list(others)[:1]
