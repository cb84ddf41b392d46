"""Typed values against the constraints, the presence and the rules of the spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from soapstone.diagnostics import Related, Span, did_you_mean
from soapstone.lint.evaluation import (
    GIVEN,
    Values,
    broken,
    holds,
    is_chosen,
    is_within,
    limits,
)
from soapstone.lint.sample import Sample, counted, find_member
from soapstone.lint.sample_structure import is_repeated
from soapstone.model import (
    AtomConstraint,
    AtomType,
    AtomValue,
    ChoiceRule,
    ConditionalRule,
    Count,
    EnumerationType,
    Field,
    ListType,
    ListValue,
    MemberRule,
    MemberValue,
    MixedListType,
    NilValue,
    Presence,
    Rule,
    RuleKind,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
    WhenEmpty,
    WhenNil,
)


def check_request_values(sample: Sample) -> None:
    """Check that a client takes the values of a documented request."""
    checker = _Checker(sample=sample, is_request=True)
    checker.structure(sample.operation.request, sample.values)
    given = sample.document.authentication
    authentication = sample.authentication
    if given is None or authentication is None:
        return
    for alternative in authentication.alternatives:
        if alternative.name == given.name:
            checker.value(given.value, given.name, alternative.structure)


def check_response_values(
    sample: Sample, *, is_failure: bool, is_compared: bool
) -> None:
    """Check that a documented response has what is required.

    An answer that reports a failure owes nothing but what the outcome is told from.
    """
    checker = _Checker(sample=sample, is_request=False, is_compared=is_compared)
    fields = sample.operation.response.fields
    outcome = sample.operation.outcome
    if is_failure and outcome is not None:
        paths = (outcome.success, outcome.message, outcome.code, outcome.description)
        owed = {path.names[0] for path in paths if path is not None}
        fields = tuple(field for field in fields if field.name in owed)
    checker.members(fields, sample.values)


def given_values(structure: Structure, values: StructureValue) -> Values:
    """Return the members that conditions count as given, with their values."""
    return _values(_given(structure, values))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checker:
    """Checks values; those of a response only for what is required.

    Attributes:
        is_compared: Whether it is known which members the document has without a value.
    """

    sample: Sample
    is_request: bool
    is_compared: bool = True

    def structure(self, structure: Structure, values: StructureValue) -> None:
        """Check the members, and in a request the rules between them."""
        self.members(structure.fields, values)
        if self.is_request:
            given = _given(structure, values)
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
        is_required = field.presence is Presence.REQUIRED and field.constant is None
        if is_required and member is None:
            if not self._is_read_as_none(field, span):
                sentence = f"`{field.name}` is required, but not given"
                self._report(span, sentence, field.span)
        elif member is None:
            return
        elif is_required and isinstance(member.value, NilValue):
            if field.states.nil is not WhenNil.KEPT:
                sentence = f"`{field.name}` is required, but nil"
                self._report(member.value.span, sentence, field.span)
        elif field.presence is Presence.PROHIBITED and self.is_request:
            sentence = f"`{field.name}` must not be given in this operation"
            self._report(member.span, sentence, field.span)

    def _is_read_as_none(self, field: Field, span: Span) -> bool:
        """Whether a required member may well be there without a value, as far as can be told."""
        if self.is_request:
            return False
        found = (span, field.name) in self.sample.without_value
        may_be = WhenEmpty.NONE in (field.states.empty, field.states.blank)
        return found or (may_be and not self.is_compared)

    def _typed(self, value: Value, name: str, kind: Type) -> None:
        match kind, value:
            case AtomType(constraints=constraints), AtomValue():
                for constraint in constraints if self.is_request else ():
                    self._constraint(constraint, value, name)
            case EnumerationType(), AtomValue():
                self._enumeration(kind, value, name)
            case (ListType() | MixedListType()), ListValue():
                self._list(value, name, kind)
            case _, StructureValue():
                structure = self.sample.service.structure_of(kind)
                if structure is not None:
                    self.structure(structure, value)
            case _:
                pass

    def _list(
        self, value: ListValue, name: str, kind: ListType | MixedListType
    ) -> None:
        for constraint in kind.constraints if self.is_request else ():
            sentence = _broken_by_list(constraint, value)
            if sentence:
                self._report(value.span, f"`{name}` {sentence}", constraint.span)
        for number, item in enumerate(value.items, start=1):
            match kind, item:
                case ListType(of=of), _:
                    self._typed(item, f"{name}[{number}]", of)
                case MixedListType(alternatives=alternatives), MemberValue():
                    for alternative in alternatives:
                        if alternative.name == item.name:
                            shown = f"{name}[{number}]"
                            self._typed(item.value, shown, alternative.type)
                case _:  # pragma: no cover -- the type checker asks for it
                    pass

    def _constraint(
        self, constraint: AtomConstraint, value: AtomValue, name: str
    ) -> None:
        sentence = broken(constraint, value.value)
        if sentence:
            self._report(value.span, f"`{name}` {sentence}", constraint.span)

    def _enumeration(self, kind: EnumerationType, value: AtomValue, name: str) -> None:
        documented = [each.text for each in kind.enumeration.values]
        if value.value in documented or kind.enumeration.is_open:
            return
        if not self.is_request:
            shown = str(value.value)
            sentence = f"`{name}` has the value `{shown}`, which is not documented"
            hint = did_you_mean(shown, documented)
            self.sample.report.warning(
                "example-value-undocumented", value.span, sentence, hint=hint
            )
        else:
            sentence = f"`{name}` is not one of the documented values"
            self._report(value.span, sentence, kind.enumeration.span)

    # Rules

    def _rule(self, rule: Rule, given: dict[str, MemberValue], span: Span) -> None:
        match rule:
            case MemberRule():
                self._member_rule(rule, given, span)
            case ChoiceRule():
                self._choice(rule, given)
            case ConditionalRule():
                self._conditional(rule, given, span)
            case _:
                assert_never(rule)

    def _member_rule(
        self, rule: MemberRule, given: dict[str, MemberValue], span: Span
    ) -> None:
        names = [member.name for member in rule.members]
        found = [given[name] for name in names if name in given]
        listed = ", ".join(f"`{name}`" for name in names)
        is_one_at_most = rule.demand in (RuleKind.EXCLUSIVE, RuleKind.EXACTLY_ONE)
        is_one_at_least = rule.demand in (RuleKind.AT_LEAST_ONE, RuleKind.EXACTLY_ONE)
        if is_one_at_most and len(found) > 1:
            sentence = (
                f"`{found[1].name}` cannot be given together with `{found[0].name}`"
            )
            self._report(found[1].span, sentence, rule.span)
        if is_one_at_least and not found:
            self._report(span, f"one of {listed} must be given", rule.span)
        if rule.demand is RuleKind.REQUIRES and names and names[0] in given:
            for name in names[1:]:
                if name not in given:
                    sentence = f"`{names[0]}` is given without `{name}`, which it needs"
                    self._report(given[names[0]].span, sentence, rule.span)

    def _choice(self, rule: ChoiceRule, given: dict[str, MemberValue]) -> None:
        chooser = rule.chooser.name
        chosen_by = _values(given).get(chooser)
        for block in rule.blocks:
            name, is_chosen_now = block.member.name, is_chosen(chosen_by, block.values)
            if is_chosen_now and name not in given:
                sentence = f"`{chooser}` chooses `{name}`, which is not given"
                self._report(given[chooser].value.span, sentence, rule.span)
            elif name in given and not is_chosen_now:
                sentence = f"`{name}` is given, but not chosen by `{chooser}`"
                self._report(given[name].span, sentence, rule.span)

    def _conditional(
        self, rule: ConditionalRule, given: dict[str, MemberValue], span: Span
    ) -> None:
        if not holds(rule.condition, _values(given)):
            return
        for member in rule.required:
            if member.name not in given:
                sentence = f"`{member.name}` is not given, though the condition holds"
                self._report(span, sentence, rule.span)
        for member in rule.prohibited:
            if member.name in given:
                sentence = f"`{member.name}` is given, though the condition holds"
                self._report(given[member.name].span, sentence, rule.span)

    def _report(self, span: Span, message: str, demanded: Span) -> None:
        self.sample.report.error(
            "example-constraint",
            span,
            message,
            hint="a documented example keeps what the spec demands: correct the value or the spec",
            related=[Related(demanded, "the spec demands it here")],
        )


def _given(structure: Structure, values: StructureValue) -> dict[str, MemberValue]:
    return {
        member.name: member for member in values.members if _is_given(structure, member)
    }


def _is_given(structure: Structure, member: MemberValue) -> bool:
    """Whether rules count a member as given: nil where it is kept, a bare list with items."""
    field = structure.member(member.name)
    match member.value:
        case NilValue():
            return field is not None and field.states.nil is WhenNil.KEPT
        case ListValue(items=items):
            return bool(items) or field is None or not is_repeated(field)
        case _:
            return True


def _values(given: dict[str, MemberValue]) -> Values:
    return {
        name: value.value if isinstance(value := member.value, AtomValue) else GIVEN
        for name, member in given.items()
    }


def _broken_by_list(constraint: Count | Unique, value: ListValue) -> str:
    match constraint:
        case Count(minimum=minimum, maximum=maximum):
            if not is_within(len(value.items), minimum, maximum):
                return f"has {counted(len(value.items), 'item')}, allowed are {limits(minimum, maximum)}"
        case Unique():
            if any(
                item in value.items[:place] for place, item in enumerate(value.items)
            ):
                return "has an item twice"
        case _:
            assert_never(constraint)
    return ""
