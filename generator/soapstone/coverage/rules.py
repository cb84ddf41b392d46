"""The facts of rules between fields."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import assert_never

from soapstone.coverage.facts import Category
from soapstone.coverage.findings import Findings, Place
from soapstone.diagnostics import Span
from soapstone.model import (
    ChoiceRule,
    ConditionalRule,
    MemberRule,
    Rule,
    RuleKind,
    Structure,
    StructureValue,
)
from soapstone.samples.rules import Facts, holds
from soapstone.samples.validation import facts_of


def find_rules(
    place: Place,
    structure: Structure,
    values: Sequence[StructureValue],
    findings: Findings,
) -> None:
    """Find the facts of a structure's rules; `values` are those that examples have."""
    facts = [facts_of(structure, value) for value in values]
    for rule in structure.rules:
        for detail, span, is_exercised in _found(rule, facts):
            findings.count(
                Category.CONSTRAINTS,
                place,
                detail,
                span,
                is_exercised=is_exercised,
            )


def _found(rule: Rule, facts: Sequence[Facts]) -> Iterator[tuple[str, Span, bool]]:
    """Yield what a rule says with where it does, and whether some example shows it."""
    match rule:
        case MemberRule():
            yield from _member_facts(rule, {name for each in facts for name in each})
        case ChoiceRule(chooser=chooser, blocks=blocks):
            chosen = {each.get(chooser.name) for each in facts}
            for block in blocks:
                detail = f"choice {chooser.name}: {block.member.name}"
                yield detail, block.member.span, not chosen.isdisjoint(block.values)
        case ConditionalRule():
            demanded = [each.name for each in (*rule.required, *rule.prohibited)]
            text = f"when, for {', '.join(demanded)}"
            results = [bool(holds(rule.condition, each)) for each in facts]
            yield f"{text}: condition holds", rule.span, True in results
            yield f"{text}: condition does not hold", rule.span, False in results
        case _:
            assert_never(rule)


def _member_facts(
    rule: MemberRule, given: Collection[str]
) -> Iterator[tuple[str, Span, bool]]:
    names = [member.name for member in rule.members]
    text = f"{rule.demand.value} {', '.join(names)}"
    match rule.demand:
        case RuleKind.EXACTLY_ONE:
            for member in rule.members:
                yield f"{text}: {member.name}", member.span, member.name in given
        case RuleKind.REQUIRES:
            # The others may be given without it, which says nothing of the rule.
            yield text, rule.span, names[0] in given
        case RuleKind.EXCLUSIVE | RuleKind.AT_LEAST_ONE:
            yield text, rule.span, any(name in given for name in names)
        case _:
            assert_never(rule.demand)
