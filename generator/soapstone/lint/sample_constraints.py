"""Typed values against the constraints, the presence and the rules of the spec."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import assert_never

from soapstone.diagnostics import Related, Span
from soapstone.lint.backtracking import is_slow
from soapstone.lint.sample import Sample, counted, find_member
from soapstone.lint.wire import write_text
from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    AtomValue,
    Count,
    Field,
    Length,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    NilValue,
    Pattern,
    Presence,
    Rule,
    RuleKind,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
)


def check_request_values(sample: Sample) -> None:
    """Check that a client takes the values of a documented request."""
    checker = _Checker(sample=sample, is_request=True)
    checker.structure(sample.operation.request, sample.values)
    given = sample.document.authentication
    authentication = sample.service.authentication
    if given is None or authentication is None:
        return
    for alternative in authentication.alternatives:
        if alternative.name == given.name:
            checker.value(given.value, given.name, alternative.structure)


def check_response_values(sample: Sample, *, is_failure: bool) -> None:
    """Check that a documented response has what is required.

    An answer that reports a failure owes nothing but what the outcome is told from.
    """
    checker = _Checker(sample=sample, is_request=False)
    fields = sample.operation.response.fields
    outcome = sample.service.outcome
    if is_failure and outcome is not None:
        paths = (outcome.success, outcome.message, outcome.code, outcome.description)
        owed = {path.names[0] for path in paths if path is not None}
        fields = tuple(field for field in fields if field.name in owed)
    checker.members(fields, sample.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """Checks values; those of a response only for what is required."""

    sample: Sample
    is_request: bool

    def structure(self, structure: Structure, values: StructureValue) -> None:
        """Check the members, and in a request the rules between them."""
        self.members(structure.fields, values)
        if self.is_request:
            given = {
                member.name: member
                for member in values.members
                if not isinstance(member.value, NilValue)
            }
            for rule in structure.rules:
                self._rule(rule, given, values.span)

    def members(self, fields: tuple[Field, ...], values: StructureValue) -> None:
        """Check the presence of each member, and its value."""
        for field in fields:
            member = find_member(values, field.name)
            self._presence(field, member, values.span)
            if member is not None:
                self._typed(member.value, field.name, field.type)

    def value(self, value: Value, name: str, structure: Structure) -> None:
        """Check a value that is to be a structure; a nil one is not."""
        if isinstance(value, StructureValue):
            self.structure(structure, value)
        else:
            self._report(value.span, f"`{name}` is nil", structure.span)

    def _presence(self, field: Field, member: MemberValue | None, span: Span) -> None:
        if field.presence is Presence.REQUIRED and member is None:
            self._report(span, f"`{field.name}` is required, but not given", field.span)
        elif member is None:
            return
        elif field.presence is Presence.REQUIRED and isinstance(member.value, NilValue):
            sentence = f"`{field.name}` is required, but nil"
            self._report(member.value.span, sentence, field.span)
        elif field.presence is Presence.PROHIBITED and self.is_request:
            sentence = f"`{field.name}` must not be given in this operation"
            self._report(member.span, sentence, field.span)

    def _typed(self, value: Value, name: str, kind: Type) -> None:
        structure = self.sample.service.structure_of(kind)
        match value:
            case AtomValue() if isinstance(kind, AtomType) and self.is_request:
                for constraint in kind.constraints:
                    self._constraint(constraint, value, name)
            case ListValue() if isinstance(kind, ListType):
                self._list(value, name, kind)
            case StructureValue() if structure is not None:
                self.structure(structure, value)
            case _:
                pass

    def _list(self, value: ListValue, name: str, kind: ListType) -> None:
        for constraint in kind.constraints if self.is_request else ():
            broken = _broken_by_list(constraint, value)
            if broken:
                self._report(value.span, f"`{name}` {broken}", constraint.span)
        for number, item in enumerate(value.items, start=1):
            self._typed(item, f"{name}[{number}]", kind.of)

    def _constraint(
        self, constraint: AtomConstraint, value: AtomValue, name: str
    ) -> None:
        broken = _broken(constraint, value.value)
        if broken:
            self._report(value.span, f"`{name}` {broken}", constraint.span)

    def _rule(self, rule: Rule, given: dict[str, MemberValue], span: Span) -> None:
        names = [member.name for member in rule.members]
        found = [given[name] for name in names if name in given]
        listed = ", ".join(f"`{name}`" for name in names)
        is_one_at_most = rule.kind in (RuleKind.EXCLUSIVE, RuleKind.EXACTLY_ONE)
        is_one_at_least = rule.kind in (RuleKind.AT_LEAST_ONE, RuleKind.EXACTLY_ONE)
        if is_one_at_most and len(found) > 1:
            sentence = (
                f"`{found[1].name}` cannot be given together with `{found[0].name}`"
            )
            self._report(found[1].span, sentence, rule.span)
        if is_one_at_least and not found:
            self._report(span, f"one of {listed} must be given", rule.span)
        if rule.kind is RuleKind.REQUIRES and names and names[0] in given:
            for name in names[1:]:
                if name not in given:
                    sentence = f"`{names[0]}` is given without `{name}`, which it needs"
                    self._report(given[names[0]].span, sentence, rule.span)

    def _report(self, span: Span, message: str, demanded: Span) -> None:
        self.sample.report.error(
            "example-constraint",
            span,
            message,
            hint="a documented example keeps what the spec demands: correct the value or the spec",
            related=[Related(demanded, "the spec demands it here")],
        )


# No message shows a value, which may be secret: the place of the diagnostic shows it well enough.


def _broken(constraint: AtomConstraint, value: Atom) -> str:
    """Return what a value does against a constraint; empty when it keeps it."""
    match constraint:
        case Length() | Pattern():
            return _broken_by_text(constraint, str(value))
        case Minimum(limit=limit):
            kept = _is_ordered(limit, value)
            return "" if kept else f"is not at least `{write_text(limit)}`"
        case Maximum(limit=limit):
            kept = _is_ordered(value, limit)
            return "" if kept else f"is not at most `{write_text(limit)}`"
        case Allowed(values=values):
            return "" if value in values else "is not one of the allowed values"
        case _:
            assert_never(constraint)


def _broken_by_text(constraint: Length | Pattern, value: str) -> str:
    match constraint:
        case Length(minimum=least, maximum=most):
            if not _is_within(len(value), least, most):
                return f"has {counted(len(value), 'character')}, allowed are {_limits(least, most)}"
        case Pattern(expression=expression):
            if not _matches(expression, value):
                return f"does not match `{expression}`"
        case _:
            assert_never(constraint)
    return ""


def _broken_by_list(constraint: Count | Unique, value: ListValue) -> str:
    match constraint:
        case Count(minimum=minimum, maximum=maximum):
            if not _is_within(len(value.items), minimum, maximum):
                return f"has {counted(len(value.items), 'item')}, allowed are {_limits(minimum, maximum)}"
        case Unique():
            if any(
                item in value.items[:place] for place, item in enumerate(value.items)
            ):
                return "has an item twice"
        case _:
            assert_never(constraint)
    return ""


def _is_within(number: int, minimum: int | None, maximum: int | None) -> bool:
    return (minimum is None or minimum <= number) and (
        maximum is None or number <= maximum
    )


def _limits(minimum: int | None, maximum: int | None) -> str:
    if minimum is None:
        return f"at most {maximum}"
    if maximum is None:
        return f"at least {minimum}"
    return str(minimum) if minimum == maximum else f"{minimum} to {maximum}"


def _matches(expression: str, value: str) -> bool:
    """Whether a value matches; what is no pattern, or a slow one, is reported elsewhere."""
    pattern = _usable(expression)
    return pattern is None or pattern.fullmatch(value) is not None


@cache
def _usable(expression: str) -> re.Pattern[str] | None:
    try:
        pattern = re.compile(expression, re.ASCII)
    except (re.error, OverflowError, RecursionError):
        return None
    return None if is_slow(expression) else pattern


def _is_ordered(low: Atom, high: Atom) -> bool:
    """Whether one value is at most another; not-a-number is in no order."""
    match low, high:
        case (int() | float() | Decimal(), int() | float() | Decimal()):
            return low <= high
        case (datetime(), datetime()):
            # Without a zone there is no telling where a moment lies among those with one.
            is_alike = (low.tzinfo is None) is (high.tzinfo is None)
            return is_alike and low <= high
        case (date(), date()):
            return low <= high
        case _:
            return True
