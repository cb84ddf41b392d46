"""Uses of a shared structure that differ from it in the presence of some members."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.presence import decode_presence
from soapstone.diagnostics import Report, did_you_mean
from soapstone.model import (
    AllOf,
    AnyOf,
    ChoiceRule,
    Comparison,
    Condition,
    ConditionalRule,
    Field,
    Member,
    MemberRule,
    Not,
    Presence,
    Rule,
    RuleKind,
    Structure,
)
from soapstone.source import Entry, Scalar

_HIDDEN = (Presence.PROHIBITED, Presence.IGNORED)


def derived(
    structure: Structure, changes: tuple[Entry, ...], report: Report
) -> Structure:
    """Return a structure with the presence of some members changed.

    Rules lose what no longer makes a difference: members that are not there, demands for those
    that always are.
    """
    known = [member.name for member in structure.fields]
    by_name = {entry.key.text: entry for entry in changes}
    for name, entry in by_name.items():
        if name not in known:
            report.error(
                "members-unknown",
                entry.key.span,
                f"the shared structure has no member `{name}`",
                hint=did_you_mean(name, known),
            )
    fields = tuple(
        (
            _changed(member, by_name[member.name], report)
            if member.name in by_name
            else member
        )
        for member in structure.fields
    )
    hidden = frozenset(member.name for member in fields if member.presence in _HIDDEN)
    required = frozenset(
        member.name for member in fields if member.presence is Presence.REQUIRED
    )
    rules = tuple(_rules_of_use(structure.rules, hidden, required))
    return replace(structure, fields=fields, rules=rules)


def _changed(member: Field, entry: Entry, report: Report) -> Field:
    body = nodes.mapping(entry.value, entry.key.span)
    if isinstance(entry.value, Scalar):
        return replace(
            member, presence=Presence(nodes.text(entry.value)), span=entry.key.span
        )
    return replace(
        member,
        presence=decode_presence(body, member.presence, report),
        condition=nodes.text(body.get("when"), member.condition),
        doc=nodes.text(body.get("doc"), member.doc),
        source=decode_citation(body.get("source")) or member.source,
        span=entry.key.span,
    )


def _rules_of_use(
    rules: tuple[Rule, ...], hidden: frozenset[str], required: frozenset[str]
) -> Iterator[Rule]:
    """Yield what rules still demand where some members never and others always are given.

    What can no longer be kept stays as it is, to be reported.
    """
    for rule in rules:
        match rule:
            case MemberRule(demand=RuleKind.REQUIRES, members=(first, *others)):
                others = [each for each in others if each.name not in required]
                if first.name not in hidden and others:
                    yield replace(rule, members=(first, *others))
            case MemberRule(demand=demand):
                is_met = demand is RuleKind.AT_LEAST_ONE and any(
                    member.name in required for member in rule.members
                )
                members = _without(rule.members, hidden)
                if len(members) > (demand is RuleKind.EXCLUSIVE) and not is_met:
                    yield replace(rule, members=members)
            case ChoiceRule():
                blocks = tuple(
                    each for each in rule.blocks if each.member.name not in hidden
                )
                if blocks:
                    yield replace(rule, blocks=blocks)
            case ConditionalRule():
                prohibited = _without(rule.prohibited, hidden)
                demanded = _without(rule.required, required)
                can_apply = _can_hold(rule.condition, hidden)
                if can_apply and (prohibited or demanded):
                    yield replace(rule, prohibited=prohibited, required=demanded)


def _can_hold(condition: Condition, hidden: frozenset[str]) -> bool:
    """Whether a condition may still hold: a member that is not there passes no comparison."""
    match condition:
        case Comparison(member=member):
            return member.name not in hidden
        case AllOf(conditions=conditions):
            return all(_can_hold(each, hidden) for each in conditions)
        case AnyOf(conditions=conditions):
            return any(_can_hold(each, hidden) for each in conditions)
        case Not():
            return True


def _without(members: tuple[Member, ...], names: frozenset[str]) -> tuple[Member, ...]:
    return tuple(member for member in members if member.name not in names)
