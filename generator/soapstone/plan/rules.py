"""How the rules between the members of a structure are checked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from soapstone.model import (
    AllOf,
    AnyOf,
    Atom,
    ChoiceRule,
    Comparison,
    Condition,
    ConditionalRule,
    Member,
    MemberRule,
    Not,
    Relation,
    Rule,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import text
from soapstone.plan.module import NamedStructure
from soapstone.samples.validation import is_bare_list
from soapstone.views import ConditionView, RuleGroupView, RuleMemberView, RuleView

_FUNCTIONS = {
    Relation.IS: Identifier("equals"),
    Relation.MINIMUM: Identifier("at_least"),
    Relation.MAXIMUM: Identifier("at_most"),
    Relation.ABOVE: Identifier("above"),
    Relation.BELOW: Identifier("below"),
}


def plan_rules(named: NamedStructure) -> tuple[RuleGroupView, ...]:
    """Plan the checks of a structure's rules, in their order."""
    planner = _Planner(named)
    return tuple(
        planner.group(rule)
        for rule in named.structure.rules
        # One that names a member that is not there is reported, and still planned around.
        if all(member.name in named.attributes for member in rule.members)
    )


def plan_condition(named: NamedStructure, condition: Condition) -> ConditionView:
    """Plan a condition on the members of a structure."""
    return _Planner(named).condition(condition)


class _Planner:
    """Plans the rules of one structure."""

    def __init__(self, named: NamedStructure) -> None:
        self._named = named
        self._path = Code('""') if named.is_root else Code("prefix")

    def group(self, rule: Rule) -> RuleGroupView:
        match rule:
            case MemberRule():
                members = self._members(rule.members)
                view = self._rule(rule.demand.value, members, rule.message)
                return RuleGroupView(rules=(view,))
            case ChoiceRule():
                blocks = tuple(
                    self._member(each.member, each.values) for each in rule.blocks
                )
                members = (self._member(rule.chooser), *blocks)
                view = self._rule("choice", members, rule.message)
                return RuleGroupView(rules=(view,))
            case ConditionalRule():
                return RuleGroupView(
                    rules=self._conditional(rule),
                    condition=self.condition(rule.condition),
                )
            case _:
                assert_never(rule)

    def _conditional(self, rule: ConditionalRule) -> tuple[RuleView, ...]:
        words = text.condition_words(rule.condition, self._named.attributes)
        demands = (
            ("required_when", rule.required, f"is required when {words}"),
            ("prohibited_when", rule.prohibited, f"must not be given when {words}"),
        )
        return tuple(
            self._rule(function, self._members(members), rule.message or sentence)
            for function, members, sentence in demands
            if members
        )

    def _rule(
        self, function: str, members: tuple[RuleMemberView, ...], message: str
    ) -> RuleView:
        return RuleView(
            function=Identifier(function),
            path=self._path,
            members=members,
            message=message,
        )

    def _members(self, members: Iterable[Member]) -> tuple[RuleMemberView, ...]:
        return tuple(map(self._member, members))

    def _member(self, member: Member, values: tuple[Atom, ...] = ()) -> RuleMemberView:
        return RuleMemberView(
            name=self._named.attributes[member.name],
            value=self._value(member),
            values=values,
        )

    def _value(self, member: Member) -> Code:
        """Return the expression that is None for a member without a value."""
        value = f"{self._named.subject}.{self._named.attributes[member.name]}"
        field = self._named.structure.member(member.name)
        is_bare = field is not None and is_bare_list(field.type)
        return expression(f"({value} or None)" if is_bare else value)

    def condition(self, condition: Condition) -> ConditionView:
        match condition:
            case Comparison(relation=Relation.GIVEN):
                value = self._value(condition.member)
                return ConditionView(value=expression(f"{value} is not None"))
            case Comparison():
                return ConditionView(
                    value=self._value(condition.member),
                    function=_FUNCTIONS[condition.relation],
                    values=condition.values,
                )
            case AllOf(conditions=(only,)) | AnyOf(conditions=(only,)):
                return self.condition(only)
            case AllOf(conditions=conditions):
                inner = tuple(map(self.condition, conditions))
                return ConditionView(word=Code("and"), conditions=inner)
            case AnyOf(conditions=conditions):
                inner = tuple(map(self.condition, conditions))
                return ConditionView(word=Code("or"), conditions=inner)
            case Not(condition=Comparison(relation=Relation.GIVEN) as comparison):
                value = self._value(comparison.member)
                return ConditionView(value=expression(f"{value} is None"))
            case Not(condition=inner_condition):
                inner = (self.condition(inner_condition),)
                return ConditionView(word=Code("not"), conditions=inner)
            case _:
                assert_never(condition)
