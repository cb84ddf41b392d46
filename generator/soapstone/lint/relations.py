"""Rules between the members of one structure: what they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from soapstone.diagnostics import Related, Report, Span, did_you_mean
from soapstone.lint import walk
from soapstone.lint.evaluation import refused
from soapstone.lint.wire import write_text
from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    ChoiceRule,
    Condition,
    ConditionalRule,
    EnumerationType,
    Field,
    ItemsTest,
    Member,
    MemberRule,
    Presence,
    Relation,
    Rule,
    RuleKind,
    Service,
    Structure,
    Type,
    comparisons_in,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


def relations_refer_to_members(service: Service, report: Report) -> None:
    """A rule names members of its structure that callers can give."""
    derived = {id(use.structure) for use in walk.uses(service)}
    for structure, rule in _rules(service):
        usable = [each.name for each in structure.fields if is_usable(each)]
        for member in rule.members:
            found = structure.member(member.name)
            if found is None:
                report.error(
                    "rule-member-unknown",
                    member.span,
                    f"there is no member `{member.name}`",
                    hint=did_you_mean(member.name, usable),
                )
            elif found.constant is not None:
                report.error(
                    "rule-member-hidden",
                    member.span,
                    f"`{member.name}` is a constant, so no rule can ask for it",
                    hint="take it out of the rule: it is always given, and always the same",
                )
            elif id(structure) in derived and not is_usable(found):
                report.error(
                    "rule-member-hidden",
                    found.span,
                    f"`{member.name}` is {found.presence.value} in this use, but a rule of the type asks for it",
                    hint=f"take `{member.name}` out of `members`, or use a type without the rule",
                    related=[Related(member.span, "the rule")],
                )
            elif not is_usable(found):
                report.error(
                    "rule-member-hidden",
                    member.span,
                    f"`{member.name}` is {found.presence.value}, so no rule can ask for it",
                    hint="take it out of the rule, or give it another presence",
                )


def relations_name_members_once(service: Service, report: Report) -> None:
    """A rule names each member once; a condition as often as it likes."""
    for _, rule in _rules(service):
        for member in repeated(rule):
            report.error(
                "rule-member-repeated",
                member.span,
                f"`{member.name}` is in this rule already",
                hint="name each member once",
            )


def relations_need_freedom(service: Service, report: Report) -> None:
    """Members of a rule can be left out, or else the rule is empty or cannot be met."""
    derived = {id(use.structure) for use in walk.uses(service)}
    for structure, rule in _rules(service):
        # Where one use makes a member required, the rule still means something in the others.
        for member in () if id(structure) in derived else demanded(rule):
            if _is_required(structure, member):
                report.error(
                    "rule-member-required",
                    member.span,
                    f"`{member.name}` is required, so {_effect(rule, member)}",
                    hint="make the member optional, or remove the rule",
                )


def relations_compare_with_values(service: Service, report: Report) -> None:
    """A rule, and a condition of an answer, asks a member for values that it can have."""
    for structure, member, value, span in _asked(service):
        field = structure.member(member.name)
        if field is None:
            continue
        problem = refused(field.type, value)
        if problem:
            shown = write_text(value)
            report.error(
                "rule-value",
                span,
                f"`{member.name}` never has the value `{shown}`, which {problem}",
                hint=did_you_mean(shown, _documented(field.type)),
            )


def is_usable(member: Field) -> bool:
    """Whether callers can give a member."""
    return member.presence not in _HIDDEN and member.constant is None


def demanded(rule: Rule) -> tuple[Member, ...]:
    """Return the members that a rule wants to be given, or not to be."""
    match rule:
        case MemberRule(members=members):
            return members
        case ChoiceRule(blocks=blocks):
            return tuple(block.member for block in blocks)
        case ConditionalRule(required=required, prohibited=prohibited):
            return (*required, *prohibited)
        case _:
            assert_never(rule)


def repeated(rule: Rule) -> Iterator[Member]:
    """Yield the members that stand in a rule although they are in it already."""
    seen = {rule.chooser.name} if isinstance(rule, ChoiceRule) else set[str]()
    for member in demanded(rule):
        if member.name in seen:
            yield member
        seen.add(member.name)


def compared(rule: Rule) -> Iterator[tuple[Member, Atom, Span]]:
    """Yield each value that a rule asks a member for, and where."""
    match rule:
        case MemberRule():
            return
        case ChoiceRule(chooser=chooser, blocks=blocks):
            for block in blocks:
                for value in block.values:
                    yield chooser, value, block.member.span
        case ConditionalRule(condition=condition):
            yield from _compared_in(condition)
        case _:
            assert_never(rule)


def _compared_in(condition: Condition) -> Iterator[tuple[Member, Atom, Span]]:
    for test in comparisons_in(condition):
        if test.relation is Relation.IS:
            for value in test.values:
                yield test.member, value, test.span


def _asked(service: Service) -> Iterator[tuple[Structure, Member, Atom, Span]]:
    for structure, rule in _rules(service):
        for asked in compared(rule):
            yield structure, *asked
    for structure, condition in walk.answer_conditions(service):
        if not isinstance(condition, ItemsTest):
            for asked in _compared_in(condition):
                yield structure, *asked


def _rules(service: Service) -> Iterator[tuple[Structure, Rule]]:
    for structure in walk.checked_structures(service):
        for rule in structure.rules:
            yield structure, rule


def _is_required(structure: Structure, member: Member) -> bool:
    found = structure.member(member.name)
    return (
        found is not None
        and found.presence is Presence.REQUIRED
        and found.constant is None
    )


def _documented(kind: Type) -> list[str]:
    match kind:
        case EnumerationType(enumeration=enumeration):
            return [value.text for value in enumeration.values]
        case AtomType(constraints=constraints):
            return [
                write_text(value)
                for constraint in constraints
                if isinstance(constraint, Allowed)
                for value in constraint.values
            ]
        case _:  # pragma: no cover -- the type checker asks for it
            return []


def _effect(rule: Rule, member: Member) -> str:
    match rule:
        case MemberRule():
            return _effect_of_kind(rule, member)
        case ChoiceRule():
            return f"`{rule.chooser.name}` can choose nothing else"
        case ConditionalRule(required=required):
            if member in required:
                return "it need not be asked for"
            return "the condition may never hold"
        case _:
            assert_never(rule)


def _effect_of_kind(rule: MemberRule, member: Member) -> str:
    match rule.demand:
        case RuleKind.EXCLUSIVE | RuleKind.EXACTLY_ONE:
            return "the others can never be given"
        case RuleKind.AT_LEAST_ONE:
            return "the rule refuses nothing"
        case RuleKind.REQUIRES:
            if member is rule.members[0]:
                return "what it needs is always needed"
            return "it need not be asked for"
        case _:
            assert_never(rule.demand)
