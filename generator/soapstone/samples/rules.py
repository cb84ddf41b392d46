"""Which members of a structure may be given together."""

from __future__ import annotations

from itertools import combinations

from soapstone.model import Presence, Rule, RuleKind, Structure

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


def choices(structure: Structure, variant: int) -> frozenset[str]:
    """Return as many members as the rules allow together; another variant prefers others."""
    names = [
        member.name for member in structure.fields if member.presence not in _HIDDEN
    ]
    optional = [
        member.name
        for member in structure.fields
        if member.presence not in _HIDDEN and member.presence is not Presence.REQUIRED
    ]
    bound = {member.name for rule in structure.rules for member in rule.members}
    movable = [name for name in optional if name in bound]
    turned = [
        movable[(place + variant) % len(movable)] for place in range(len(movable))
    ]
    for left_out in range(len(turned) + 1):
        # The members that are left out come from the end, so that each variant keeps its first.
        for absent in combinations(reversed(turned), left_out):
            given = frozenset(names) - frozenset(absent)
            if not any(violations(rule, given) for rule in structure.rules):
                return given
    return frozenset(names)


def fewest(structure: Structure) -> frozenset[str]:
    """Return as few members as the rules and the required members allow."""
    required = frozenset(
        member.name
        for member in structure.fields
        if member.presence is Presence.REQUIRED
    )
    bound = sorted(
        {member.name for rule in structure.rules for member in rule.members} - required
    )
    for added in range(len(bound) + 1):
        for more in combinations(bound, added):
            given = required | frozenset(more)
            if not any(violations(rule, given) for rule in structure.rules):
                return given
    return required


def variants(structure: Structure) -> int:
    """Return how many variants it takes until every member of a rule was given."""
    return max(
        (
            len(rule.members)
            for rule in structure.rules
            if rule.kind in (RuleKind.EXCLUSIVE, RuleKind.EXACTLY_ONE)
        ),
        default=1,
    )


def violations(rule: Rule, given: frozenset[str]) -> tuple[str, ...]:
    """Return the wire names of the members at which a rule is found broken."""
    names = [member.name for member in rule.members]
    there = [name for name in names if name in given]
    match rule.kind:
        case RuleKind.EXCLUSIVE:
            return tuple(there[1:2])
        case RuleKind.EXACTLY_ONE:
            return tuple(there[1:2]) if there else (names[0],)
        case RuleKind.AT_LEAST_ONE:
            return () if there else (names[0],)
        case RuleKind.REQUIRES:
            return (
                tuple(name for name in names[1:] if name not in given)
                if names[0] in given
                else ()
            )
