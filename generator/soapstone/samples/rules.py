"""What the rules of a structure say about its members: the second opinion on their checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias, assert_never

from soapstone.model import (
    AllOf,
    AnyOf,
    Atom,
    ChoiceRule,
    Comparison,
    Condition,
    ConditionalRule,
    Field,
    MemberRule,
    Not,
    Presence,
    Relation,
    Rule,
    RuleKind,
)
from soapstone.samples.comparison import is_one_of, order

Facts: TypeAlias = Mapping[str, Atom | None]
"""The members that are given, by wire name; None for one whose value cannot be compared."""

_NOTHING: frozenset[str] = frozenset()


def is_usable(member: Field) -> bool:
    """Whether callers can give a member at all."""
    presence = member.presence
    is_hidden = presence is Presence.PROHIBITED or presence is Presence.IGNORED
    return not is_hidden and member.constant is None


def violations(
    rule: Rule, facts: Facts, undecided: AbstractSet[str] = _NOTHING
) -> tuple[tuple[str, str], ...]:
    """Return the members at which a rule is found broken, each with the name of the rule.

    As long as some members are undecided, these are the violations that are certain already.
    """
    match rule:
        case MemberRule(demand=demand):
            found = _broken_members(rule, facts, undecided)
            return tuple((name, demand.value) for name in found)
        case ChoiceRule():
            return tuple((name, "choice") for name in _broken(rule, facts, undecided))
        case ConditionalRule(condition=condition):
            if not holds(condition, facts, undecided):
                return ()
            required = (each.name for each in rule.required)
            prohibited = (each.name for each in rule.prohibited)
            return (
                *(
                    (name, "required_when")
                    for name in required
                    if name not in facts and name not in undecided
                ),
                *((name, "prohibited_when") for name in prohibited if name in facts),
            )
        case _:
            assert_never(rule)


def _broken_members(
    rule: MemberRule, facts: Facts, undecided: AbstractSet[str]
) -> tuple[str, ...]:
    names = [member.name for member in rule.members]
    there = [name for name in names if name in facts]
    # Decoded rules have members; what a spec with mistakes says may have none.
    missing = () if there or undecided & set(names) else tuple(names[:1])
    match rule.demand:
        case RuleKind.EXCLUSIVE:
            return tuple(there[1:2])
        case RuleKind.EXACTLY_ONE:
            return missing or tuple(there[1:2])
        case RuleKind.AT_LEAST_ONE:
            return missing
        case RuleKind.REQUIRES:
            return (
                tuple(
                    name
                    for name in names[1:]
                    if name not in facts and name not in undecided
                )
                if there[:1] == names[:1]
                else ()
            )
        case _:
            assert_never(rule.demand)


def _broken(
    rule: ChoiceRule, facts: Facts, undecided: AbstractSet[str]
) -> Iterator[str]:
    chooser = rule.chooser.name
    if chooser in undecided:
        return
    for block in rule.blocks:
        name = block.member.name
        is_chosen = is_one_of(facts.get(chooser), block.values)
        if name not in undecided and is_chosen is not (name in facts):
            yield name


def holds(
    condition: Condition, facts: Facts, undecided: AbstractSet[str] = _NOTHING
) -> bool | None:
    """Whether a condition holds; None when that depends on members that are undecided."""
    match condition:
        case Comparison(member=member):
            return None if member.name in undecided else _compares(condition, facts)
        case AllOf(conditions=conditions):
            found = [holds(each, facts, undecided) for each in conditions]
            return False if False in found else (None if None in found else True)
        case AnyOf(conditions=conditions):
            found = [holds(each, facts, undecided) for each in conditions]
            return True if True in found else (None if None in found else False)
        case Not(condition=inner):
            met = holds(inner, facts, undecided)
            return None if met is None else not met
        case _:
            assert_never(condition)


def _compares(comparison: Comparison, facts: Facts) -> bool:
    name = comparison.member.name
    value = facts.get(name)
    if comparison.relation is Relation.GIVEN:
        return name in facts
    if comparison.relation is Relation.IS:
        return is_one_of(value, comparison.values)
    found = None if value is None else order(value, comparison.values[0])
    if found is None:
        return False
    match comparison.relation:
        case Relation.MINIMUM:
            return found >= 0
        case Relation.MAXIMUM:
            return found <= 0
        case Relation.ABOVE:
            return found > 0
        case Relation.BELOW:
            return found < 0
        case _:
            assert_never(comparison.relation)
