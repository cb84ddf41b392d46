"""Rules between the members of one structure: whether they can be met.

All choices among a few telling values of each member are tried, if they are not too many.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import TypeAlias, assert_never

from soapstone.diagnostics import Report
from soapstone.lint import walk
from soapstone.lint.evaluation import (
    GIVEN,
    Given,
    Values,
    holds,
    is_chosen,
    refused,
)
from soapstone.lint.relations import compared, demanded, is_usable, repeated
from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    ChoiceRule,
    ConditionalRule,
    EnumerationType,
    Field,
    Maximum,
    Member,
    MemberRule,
    Minimum,
    Presence,
    Primitive,
    Rule,
    RuleKind,
    Service,
    Structure,
    comparisons_in,
)

# The schema refuses fewer, and `decode` goes on with those that are left.
_FEWEST_MEMBERS = 2

_MOST_CHOICES = 4096

_DAY = timedelta(days=1)

_Tried: TypeAlias = Atom | Given | None


def conditions_can_go_either_way(service: Service, report: Report) -> None:
    """The condition of a rule holds for some requests and not for others."""
    for structure in _own_structures(service):
        for rule in structure.rules:
            if isinstance(rule, ConditionalRule):
                problem, hint = _condition_problem(structure, rule)
                if problem:
                    report.error("rule-condition", rule.span, problem, hint=hint)


def relations_can_be_met(service: Service, report: Report) -> None:
    """The rules of a structure leave a choice in which each member is given."""
    own = {id(structure) for structure in _own_structures(service)}
    for structure in walk.checked_structures(service):
        is_own = id(structure) in own
        if not structure.rules or not _is_sound(structure, is_own=is_own):
            continue
        tried = _choices(structure, [rule.members for rule in structure.rules])
        if tried is None:
            continue
        choices = [
            values
            for values in tried
            if all(_is_met(rule, values) for rule in structure.rules)
        ]
        for rule, member in _named_once(structure):
            if choices and not any(member.name in values for values in choices):
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


def _own_structures(service: Service) -> Iterator[Structure]:
    """Yield the structures but for uses of shared ones, which bring rules made for others."""
    derived = {id(use.structure) for use in walk.uses(service)}
    return (each for each in walk.structures(service) if id(each) not in derived)


# Conditions


def _condition_problem(structure: Structure, rule: ConditionalRule) -> tuple[str, str]:
    """Return what is wrong with a condition, and a hint; empty texts when nothing is."""
    tests = tuple(test.member for test in comparisons_in(rule.condition))
    choices = None
    if _can_be_tried(structure, rule):
        choices = _choices(structure, [tests])
    if choices is None:
        return "", ""
    holding = [values for values in choices if holds(rule.condition, values)]
    if not holding:
        return "the condition never holds", "correct it, or remove the rule"
    if len(holding) == len(choices):
        hint = (
            "use `required: true` or another presence for the members, without a rule"
        )
        return "the condition always holds", hint
    named = {member.name for member in tests}
    for member in demanded(rule):
        name, is_required = member.name, member in rule.required
        is_given = {name in values for values in holding}
        if name in named and len(is_given) == 1:
            if is_required in is_given:
                sentence = f"the condition says already whether `{name}` is given"
                return sentence, "take the member out of the rule, which says no more"
            sentence = f"the condition holds only if `{name}` breaks the rule"
            hint = "say it with the presence or the constraints of the member"
            return sentence, hint
    return "", ""


# Choices


def _is_sound(structure: Structure, *, is_own: bool) -> bool:
    """Whether no other rule has something to say about the rules of a structure."""
    for rule in structure.rules:
        if not _can_be_tried(structure, rule):
            return False
        if is_own and (_is_too_small(rule) or _asks_for_required(structure, rule)):
            return False
        if is_own and _has_condition_problem(structure, rule):
            return False
    return True


def _has_condition_problem(structure: Structure, rule: Rule) -> bool:
    return isinstance(rule, ConditionalRule) and any(
        _condition_problem(structure, rule)
    )


def _can_be_tried(structure: Structure, rule: Rule) -> bool:
    fields = [structure.member(member.name) for member in rule.members]
    return (
        all(field is not None and is_usable(field) for field in fields)
        and not any(repeated(rule))
        and not any(
            refused(field.type, value)
            for member, value, _ in compared(rule)
            if (field := structure.member(member.name)) is not None
        )
    )


def _is_too_small(rule: Rule) -> bool:
    return isinstance(rule, MemberRule) and len(rule.members) < _FEWEST_MEMBERS


def _asks_for_required(structure: Structure, rule: Rule) -> bool:
    names = {member.name for member in demanded(rule)}
    return any(
        field.name in names and field.presence is Presence.REQUIRED
        for field in structure.fields
    )


def _named_once(structure: Structure) -> Iterator[tuple[Rule, Member]]:
    seen: set[str] = set()
    for rule in structure.rules:
        for member in rule.members:
            if member.name not in seen:
                seen.add(member.name)
                yield rule, member


def _choices(
    structure: Structure, named: Iterable[tuple[Member, ...]]
) -> list[Values] | None:
    """Return every way to give some members, or not to; None when there are too many."""
    names = {member.name for members in named for member in members}
    fields = [field for field in structure.fields if field.name in names]
    tried = [_tried(field, structure.rules) for field in fields]
    if math.prod(map(len, tried)) > _MOST_CHOICES:
        return None
    return [
        {
            field.name: value
            for field, value in zip(fields, chosen, strict=True)
            if value is not None
        }
        for chosen in product(*tried)
    ]


def _is_met(rule: Rule, values: Values) -> bool:
    match rule:
        case MemberRule():
            return _is_kept(rule, values)
        case ChoiceRule(chooser=chooser, blocks=blocks):
            chosen = values.get(chooser.name)
            return all(
                (block.member.name in values) is is_chosen(chosen, block.values)
                for block in blocks
            )
        case ConditionalRule(required=required, prohibited=prohibited):
            return not holds(rule.condition, values) or (
                all(member.name in values for member in required)
                and not any(member.name in values for member in prohibited)
            )
        case _:
            assert_never(rule)


def _is_kept(rule: MemberRule, values: Values) -> bool:
    names = {member.name for member in rule.members}
    given = names & set(values)
    match rule.demand:
        case RuleKind.EXCLUSIVE:
            return len(given) <= 1
        case RuleKind.EXACTLY_ONE:
            return len(given) == 1
        case RuleKind.AT_LEAST_ONE:
            return bool(given)
        case RuleKind.REQUIRES:
            return rule.members[0].name not in values or names == given
        case _:
            assert_never(rule.demand)


# Values


def _tried(field: Field, rules: tuple[Rule, ...]) -> list[_Tried]:
    """Return telling values of a member, with None for none at all."""
    absent: list[_Tried] = [] if field.presence is Presence.REQUIRED else [None]
    named = list(_named_values(field, rules))
    possible = [value for value in named if not refused(field.type, value)]
    if not named or not possible:
        return [*absent, GIVEN]
    if _is_limited(field):
        return [*absent, *possible]
    # Some other value, which is none of those that are named.
    return [*absent, *possible, GIVEN]


def _named_values(field: Field, rules: tuple[Rule, ...]) -> Iterator[Atom]:
    points = [value for rule in rules for value in _points(rule, field.name)]
    if not points:
        return
    match field.type:
        case EnumerationType(enumeration=enumeration):
            documented = [value.text for value in enumeration.values]
            yield from dict.fromkeys([*documented, *points])
        case AtomType(primitive=Primitive.BOOLEAN):
            yield from (True, False)
        case AtomType(constraints=constraints):
            for constraint in constraints:
                match constraint:
                    case Allowed(values=values):
                        points = [*points, *values]
                    case Minimum(limit=limit) | Maximum(limit=limit):
                        points = [*points, limit]
                    case _:
                        pass
            yield from _around(points)
        case _:  # pragma: no cover -- the type checker asks for it
            return


def _points(rule: Rule, name: str) -> Iterator[Atom]:
    """Yield the values with which a rule compares a member."""
    match rule:
        case MemberRule():
            return
        case ChoiceRule(chooser=chooser, blocks=blocks):
            for block in blocks if chooser.name == name else ():
                yield from block.values
        case ConditionalRule(condition=condition):
            for test in comparisons_in(condition):
                yield from test.values if test.member.name == name else ()
        case _:
            assert_never(rule)


def _is_limited(field: Field) -> bool:
    """Whether a member has no values but those that are tried, as far as rules can tell."""
    match field.type:
        case EnumerationType(enumeration=enumeration):
            return not enumeration.is_open
        case AtomType(primitive=Primitive.STRING, constraints=constraints):
            return any(isinstance(each, Allowed) for each in constraints)
        case AtomType(primitive=primitive):
            return primitive is not Primitive.BASE64
        case _:  # pragma: no cover -- the type checker asks for it
            return False


def _around(points: Sequence[Atom]) -> Iterator[Atom]:
    """Yield some points, and values below, between and above them where there are any."""
    found = [*points]
    for point in points:
        found += _neighbours(point)
        found += [between for other in points for between in _between(point, other)]
    yield from dict.fromkeys(found)


def _neighbours(point: Atom) -> list[Atom]:
    match point:
        case bool() | str() | bytes():
            return []
        case int() | float() | Decimal():
            return [point - 1, point + 1]
        case date():
            try:
                return [point - _DAY, point + _DAY]
            except OverflowError:
                return []
        case _:
            assert_never(point)


def _between(low: Atom, high: Atom) -> list[Atom]:
    match low, high:
        case (float(), float()) if low < high:
            return [(low + high) / 2]
        case (Decimal(), Decimal()) if low < high:
            return [(low + high) / 2]
        case (datetime(), datetime()) if (low.tzinfo is None) is (high.tzinfo is None):
            return [low + (high - low) / 2] if low < high else []
        case _:
            return []
