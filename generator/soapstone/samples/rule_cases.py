"""Requests around the rules of a structure: each rule kept and broken, in every part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product
from math import prod
from typing import TypeAlias

from soapstone.model import (
    AtomValue,
    ChoiceRule,
    ConditionalRule,
    Field,
    ListValue,
    Member,
    MemberRule,
    NilValue,
    Structure,
    Value,
    comparisons_in,
)
from soapstone.samples.changes import Change
from soapstone.samples.comparison import is_one_of
from soapstone.samples.mutations import mutations
from soapstone.samples.rules import Facts, holds, is_usable
from soapstone.samples.steering import steering
from soapstone.samples.validation import Steps, given, is_bare_list, may_be_nil
from soapstone.samples.values import Known, Sampler

# How many cases a rule has, unless its parts need more to be told apart.
_CASES = 40
# Among how many combinations of values the telling ones are looked for.
_COMBINATIONS = 2000

_Setting: TypeAlias = dict[str, Value | None]
"""The values that some members are given, by wire name; None for none."""


class RuleCases:
    """Finds settings of the members of rules."""

    def __init__(self, known: Known) -> None:
        self._service = known.service
        self._known = known

    def changes(
        self, structure: Structure, place: Steps
    ) -> Iterator[tuple[Change, ...]]:
        """Yield changes of the members that a rule names, made together."""
        for rule in structure.rules:
            match rule:
                case MemberRule(members=members):
                    settings = self._of_members(self._fields(structure, members))
                case ChoiceRule():
                    settings = self._of_choice(structure, rule)
                case ConditionalRule():
                    settings = self._of_condition(structure, rule)
            for setting in settings:
                changes = tuple(
                    Change((*place, name), value) for name, value in setting.items()
                )
                if changes:
                    yield changes

    @staticmethod
    def _fields(structure: Structure, members: Sequence[Member]) -> list[Field]:
        found = (
            structure.member(name) for name in dict.fromkeys(m.name for m in members)
        )
        return [each for each in found if each is not None and is_usable(each)]

    def _value(self, field: Field, *, is_given: bool) -> Value | None:
        if is_given:
            sampler = Sampler(self._service, known=self._known)
            return sampler.value(field.type, field.name)
        # A list without an element of its own is never absent, but it may be without items.
        is_bare = is_bare_list(field.type)
        return ListValue(items=(), span=field.span) if is_bare else None

    # Members that are given

    def _of_members(self, fields: list[Field]) -> Iterator[_Setting]:
        names = [field.name for field in fields]
        sets = [set[str](), set(names), *({name} for name in names), set(names[:2])]
        sets += [set(names) - {name} for name in names]
        for together in sets:
            yield {
                field.name: self._value(field, is_given=field.name in together)
                for field in fields
            }

    # Members that a value chooses

    def _of_choice(self, structure: Structure, rule: ChoiceRule) -> Iterator[_Setting]:
        choosers = self._fields(structure, [rule.chooser])
        blocks = self._fields(structure, [block.member for block in rule.blocks])
        if not choosers:
            return
        values = self._candidates(structure, choosers[0], is_compared=True)
        chosen_by = [self._chosen(rule, choosers[0], value) for value in values]
        flips: list[tuple[int, str]] = [
            (number, field.name)
            for number, chosen in enumerate(chosen_by)
            for field in blocks
            if field.name in chosen
        ]
        # Each block that is not chosen stands beside each value in turn, as far as there is room.
        others = [
            (number, blocks[(number + turn) % len(blocks)].name)
            for turn in range(len(blocks))
            for number in range(len(values))
        ]
        room = max(_CASES - len(values) - len(flips), len(values), len(blocks))
        flips += [each for each in others if each not in flips][:room]
        pairs = [(number, "") for number in range(len(values))] + flips
        for number, flipped in pairs:
            setting: _Setting = {
                field.name: self._value(
                    field,
                    is_given=(field.name in chosen_by[number])
                    is not (field.name == flipped),
                )
                for field in blocks
            }
            yield {**setting, choosers[0].name: values[number]}

    @staticmethod
    def _chosen(rule: ChoiceRule, chooser: Field, value: Value | None) -> set[str]:
        facts = given(chooser.type, value)
        return {
            block.member.name
            for block in rule.blocks
            if facts and is_one_of(facts[0], block.values)
        }

    # Members under a condition

    def _of_condition(
        self, structure: Structure, rule: ConditionalRule
    ) -> Iterator[_Setting]:
        compared = self._fields(
            structure, [each.member for each in comparisons_in(rule.condition)]
        )
        required = self._fields(structure, rule.required)
        prohibited = self._fields(structure, rule.prohibited)
        by_value = {
            each.member.name for each in comparisons_in(rule.condition) if each.values
        }
        candidates = {
            field.name: self._candidates(
                structure, field, is_compared=field.name in by_value
            )
            for field in compared
        }
        kinds = {field.name: field for field in compared}
        targets = [
            *((field, True) for field in required if field.name not in candidates),
            *((field, False) for field in prohibited if field.name not in candidates),
        ]
        settings = _combined(candidates)
        facts = [_facts(kinds, setting) for setting in settings]
        for number in _telling(rule, facts, settings):
            for is_right in (True, False):
                yield {
                    **{
                        field.name: self._value(field, is_given=is_wanted is is_right)
                        for field, is_wanted in targets
                    },
                    **settings[number],
                }
        met = [
            setting
            for setting, known in zip(settings, facts, strict=True)
            if holds(rule.condition, known)
        ]
        for wrong, _ in targets if len(targets) > 1 else []:
            for setting in met[:1]:
                yield {
                    **{
                        field.name: self._value(
                            field, is_given=is_wanted is not (field is wrong)
                        )
                        for field, is_wanted in targets
                    },
                    **setting,
                }

    # Values that make a difference

    def _candidates(
        self, structure: Structure, field: Field, *, is_compared: bool
    ) -> tuple[Value | None, ...]:
        values: list[Value | None] = (
            [
                AtomValue(value=value, span=field.span)
                for value in steering(structure).get(field.name, ())
            ]
            if is_compared
            else [self._value(field, is_given=True)]
        )
        if may_be_nil(field):
            values.append(NilValue(span=field.span))
        return (*values, self._value(field, is_given=False))


def _combined(candidates: Mapping[str, Sequence[Value | None]]) -> list[_Setting]:
    """Return all combinations of values, or evenly spread ones of too many."""
    total = prod(len(values) for values in candidates.values())
    if total <= _COMBINATIONS:
        return [
            dict(zip(candidates, values, strict=True))
            for values in product(*candidates.values())
        ]
    return [
        _numbered(candidates, number * total // _COMBINATIONS)
        for number in range(_COMBINATIONS)
    ]


def _numbered(
    candidates: Mapping[str, Sequence[Value | None]], number: int
) -> _Setting:
    setting: _Setting = {}
    for name, values in candidates.items():
        number, place = divmod(number, len(values))
        setting[name] = values[place]
    return setting


def _facts(kinds: Mapping[str, Field], setting: _Setting) -> Facts:
    return {
        name: fact
        for name, value in setting.items()
        for fact in given(kinds[name].type, value)
    }


def _telling(
    rule: ConditionalRule, facts: Sequence[Facts], settings: Sequence[_Setting]
) -> list[int]:
    """Return the settings that tell a condition from all that are nearly the same."""
    if 2 * len(settings) <= _CASES:
        return list(range(len(settings)))
    expected = [bool(holds(rule.condition, known)) for known in facts]
    chosen: dict[int, None] = dict.fromkeys(
        expected.index(is_met) for is_met in (True, False) if is_met in expected
    )
    for mutation in mutations(rule.condition):
        telling = [
            number
            for number, known in enumerate(facts)
            if bool(holds(mutation, known)) is not expected[number]
        ]
        if telling and not chosen.keys() & set(telling):
            chosen[telling[0]] = None
    # Then every two values together, as far as there is room.
    pairs: set[tuple[tuple[str, str], ...]] = set()
    for number, setting in enumerate(settings):
        if 2 * len(chosen) >= _CASES:
            break
        shown = set(
            combinations([(name, repr(value)) for name, value in setting.items()], 2)
        )
        if not shown <= pairs:
            pairs |= shown
            chosen[number] = None
    return sorted(chosen)
