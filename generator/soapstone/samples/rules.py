"""Which members of a structure may be given together."""

from __future__ import annotations

from itertools import combinations

from soapstone.model import Presence, Rule, RuleKind, Structure

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})
_OPTIONAL = frozenset({Presence.OPTIONAL, Presence.CONDITIONAL})


def choices(structure: Structure) -> tuple[frozenset[str], ...]:
    """Return sets of members that the rules allow together, until every member was in one.

    The first set is as large as can be; each further one adds a member that had no place yet.
    """
    names = [
        member.name for member in structure.fields if member.presence not in _HIDDEN
    ]
    bound = {member.name for rule in structure.rules for member in rule.members}
    movable = [
        member.name
        for member in structure.fields
        if member.name in bound and member.presence in _OPTIONAL
    ]
    found: list[frozenset[str]] = []
    for wanted in ("", *movable):
        if not any(wanted in given for given in found):
            given = _largest(structure, frozenset(names), movable, wanted)
            found += [] if given is None else [given]
    return tuple(found) or (frozenset(names),)


def _largest(
    structure: Structure, names: frozenset[str], movable: list[str], wanted: str
) -> frozenset[str] | None:
    """Return the largest set with a wanted member; of equal ones that with the first members."""
    last_first = [name for name in reversed(movable) if name != wanted]
    for left_out in range(len(last_first) + 1):
        for absent in combinations(last_first, left_out):
            given = names - frozenset(absent)
            if not any(violations(rule, given) for rule in structure.rules):
                return given
    return None


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
