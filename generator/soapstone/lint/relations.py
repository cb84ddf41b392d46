"""Rules between the members of one structure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import assert_never

from soapstone.diagnostics import Report, did_you_mean
from soapstone.lint import walk
from soapstone.model import (
    Field,
    Member,
    Presence,
    Rule,
    RuleKind,
    Service,
    Structure,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})

# The schema refuses fewer, and `decode` goes on with those that are left.
_FEWEST_MEMBERS = 2

# All choices among so many members are tried, which are four thousand.
_MOST_MEMBERS = 12


def relations_refer_to_members(service: Service, report: Report) -> None:
    """A rule names members of its structure that callers can give."""
    for structure, rule in _rules(service):
        usable = [each.name for each in structure.fields if _is_usable(each)]
        for member in rule.members:
            found = structure.member(member.name)
            if found is None:
                report.error(
                    "rule-member-unknown",
                    member.span,
                    f"there is no member `{member.name}`",
                    hint=did_you_mean(member.name, usable),
                )
            elif not _is_usable(found):
                report.error(
                    "rule-member-hidden",
                    member.span,
                    f"`{member.name}` is {found.presence.value}, so no rule can ask for it",
                    hint="take it out of the rule, or give it another presence",
                )


def relations_name_members_once(service: Service, report: Report) -> None:
    """A rule names each member once."""
    for _, rule in _rules(service):
        seen: set[str] = set()
        for member in rule.members:
            if member.name in seen:
                report.error(
                    "rule-member-repeated",
                    member.span,
                    f"`{member.name}` is in this rule already",
                    hint="name each member once",
                )
            seen.add(member.name)


def relations_need_freedom(service: Service, report: Report) -> None:
    """Members of a rule can be left out, or else the rule is empty or cannot be met."""
    for structure, rule in _rules(service):
        for member in rule.members:
            if _is_required(structure, member):
                report.error(
                    "rule-member-required",
                    member.span,
                    f"`{member.name}` is required, so {_effect(rule, member)}",
                    hint="make the member optional, or remove the rule",
                )


def relations_can_be_met(service: Service, report: Report) -> None:
    """The rules of a structure leave a choice in which each member is given."""
    for structure in walk.structures(service):
        if not structure.rules or not _is_sound(structure):
            continue
        choices = list(_choices(structure))
        for rule, member in _named_once(structure):
            if choices and not any(member.name in choice for choice in choices):
                report.error(
                    "rule-contradiction",
                    rule.span,
                    f"the rules leave no way to give `{member.name}`",
                    hint="remove one of the rules that name it",
                )
        if not choices:
            report.error(
                "rule-contradiction",
                structure.rules[0].span,
                "the rules of this structure cannot all be met",
                hint="remove one of them",
            )


def _rules(service: Service) -> Iterator[tuple[Structure, Rule]]:
    for structure in walk.structures(service):
        for rule in structure.rules:
            yield structure, rule


def _is_usable(member: Field) -> bool:
    return member.presence not in _HIDDEN


def _is_required(structure: Structure, member: Member) -> bool:
    found = structure.member(member.name)
    return found is not None and found.presence is Presence.REQUIRED


def _effect(rule: Rule, member: Member) -> str:
    match rule.kind:
        case RuleKind.EXCLUSIVE | RuleKind.EXACTLY_ONE:
            return "the others can never be given"
        case RuleKind.AT_LEAST_ONE:
            return "the rule refuses nothing"
        case RuleKind.REQUIRES:
            if member is rule.members[0]:
                return "what it needs is always needed"
            return "it need not be asked for"
        case _:
            assert_never(rule.kind)


def _is_sound(structure: Structure) -> bool:
    """Whether no other rule has something to say about the members, which are not too many."""
    if any(len(rule.members) < _FEWEST_MEMBERS for rule in structure.rules):
        return False
    members = [member for rule in structure.rules for member in rule.members]
    found = [structure.member(member.name) for member in members]
    return len({member.name for member in members}) <= _MOST_MEMBERS and all(
        each is not None and _is_usable(each) and each.presence is not Presence.REQUIRED
        for each in found
    )


def _named_once(structure: Structure) -> Iterator[tuple[Rule, Member]]:
    seen: set[str] = set()
    for rule in structure.rules:
        for member in rule.members:
            if member.name not in seen:
                seen.add(member.name)
                yield rule, member


def _choices(structure: Structure) -> Iterator[frozenset[str]]:
    """Yield the members of rules that may be given together, in every way that there is."""
    names = [member.name for _, member in _named_once(structure)]
    for number in range(len(names) + 1):
        for chosen in combinations(names, number):
            given = frozenset(chosen)
            if all(_is_met(rule, given) for rule in structure.rules):
                yield given


def _is_met(rule: Rule, given: frozenset[str]) -> bool:
    names = {member.name for member in rule.members}
    match rule.kind:
        case RuleKind.EXCLUSIVE:
            return len(names & given) <= 1
        case RuleKind.EXACTLY_ONE:
            return len(names & given) == 1
        case RuleKind.AT_LEAST_ONE:
            return bool(names & given)
        case RuleKind.REQUIRES:
            return rule.members[0].name not in given or names <= given
        case _:
            assert_never(rule.kind)
