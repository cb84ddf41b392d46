"""Rules between members: what samples make of them, against every assignment that there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soapstone.diagnostics import Span
from soapstone.model import (
    AllOf,
    AnyOf,
    Atom,
    AtomType,
    AtomValue,
    Block,
    ChoiceRule,
    Comparison,
    Condition,
    ConditionalRule,
    Enumeration,
    EnumerationType,
    EnumerationValue,
    EnvelopeKind,
    Field,
    Maximum,
    Member,
    MemberRule,
    MemberValue,
    Minimum,
    Not,
    Presence,
    Primitive,
    Protocol,
    Relation,
    Rule,
    RuleKind,
    Service,
    States,
    Structure,
    StructureValue,
    Type,
    WhenNil,
)
from soapstone.samples.cases import constraint_cases, valid_requests
from soapstone.samples.changes import changed
from soapstone.samples.outlines import choices, fewest
from soapstone.samples.rules import holds, violations
from soapstone.samples.validation import violated
from soapstone.samples.values import Known

Assignment: TypeAlias = dict[str, Atom]

HERE = Span("demo/ping.yaml")
SERVICE = Service(
    name="demo",
    title="Demo",
    summary="",
    path="demo",
    pages=(),
    protocol=Protocol(
        endpoint="https://example.com/api",
        namespace="http://example.com/",
        envelope=EnvelopeKind.NONE,
        soap_action="",
        wrapper="Ping",
        request="Request",
        response="PingResponse",
        result="PingResult",
        span=HERE,
    ),
    authentication=None,
    outcome=None,
    types=(),
    enumerations=(),
    errors=(),
    operations=(),
    span=HERE,
)

_INT = AtomType(
    primitive=Primitive.INT,
    constraints=(Minimum(limit=0, span=HERE), Maximum(limit=3, span=HERE)),
    span=HERE,
)
_WORD = EnumerationType(
    enumeration=Enumeration(
        values=tuple(EnumerationValue(text=each, span=HERE) for each in "xy"),
        span=HERE,
    ),
    span=HERE,
)
_FLAG = AtomType(primitive=Primitive.BOOLEAN, span=HERE)
_TYPES: dict[str, Type] = {"A": _INT, "B": _INT, "C": _WORD, "D": _FLAG}
_VALUES: dict[str, tuple[Atom, ...]] = {
    "A": (0, 1, 2, 3),
    "B": (0, 1, 2, 3),
    "C": ("x", "y"),
    "D": (True, False),
}


def member(name: str) -> Member:
    """Return a member of a rule."""
    return Member(name=name, span=HERE)


def comparison(name: str, relation: Relation, *values: Atom) -> Comparison:
    """Return a condition on one member."""
    return Comparison(member=member(name), relation=relation, values=values, span=HERE)


def conditional(
    condition: Condition, required: str = "", prohibited: str = ""
) -> ConditionalRule:
    """Return a rule about members of one letter each."""
    return ConditionalRule(
        condition=condition,
        required=tuple(map(member, required)),
        prohibited=tuple(map(member, prohibited)),
        span=HERE,
    )


# Random rules

_NAMES = st.sampled_from(sorted(_TYPES))
_SETS = st.lists(_NAMES, min_size=2, max_size=3, unique=True)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    """A condition on one member, of those that its type has."""
    name = draw(_NAMES)
    if draw(st.booleans()):
        return comparison(name, Relation.GIVEN)
    values = st.sampled_from(_VALUES[name])
    if _TYPES[name] is _INT and draw(st.booleans()):
        limits = (Relation.MINIMUM, Relation.MAXIMUM, Relation.ABOVE, Relation.BELOW)
        return comparison(name, draw(st.sampled_from(limits)), draw(values))
    listed = draw(st.lists(values, min_size=1, max_size=2, unique=True))
    return comparison(name, Relation.IS, *listed)


_CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.builds(lambda each: Not(condition=each), inner),
        st.builds(
            lambda each: AllOf(conditions=tuple(each)),
            st.lists(inner, min_size=1, max_size=3),
        ),
        st.builds(
            lambda each: AnyOf(conditions=tuple(each)),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=4,
)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule of any kind."""
    match draw(st.integers(0, 2)):
        case 0:
            kind = draw(st.sampled_from(RuleKind))
            names = draw(_SETS)
            return MemberRule(demand=kind, members=tuple(map(member, names)), span=HERE)
        case 1:
            chooser, *others = draw(_SETS)
            values = st.lists(
                st.sampled_from(_VALUES[chooser]), min_size=1, max_size=2, unique=True
            )
            blocks = tuple(
                Block(member=member(name), values=tuple(draw(values)))
                for name in others
            )
            return ChoiceRule(chooser=member(chooser), blocks=blocks, span=HERE)
        case _:
            required, prohibited = draw(_NAMES), draw(st.sampled_from(["", *"ABCD"]))
            return conditional(draw(_CONDITIONS), required, prohibited)


@st.composite
def structures(draw: st.DrawFn) -> Structure:
    """A structure of a few members with rules, which may contradict each other."""
    fields = tuple(
        Field(
            name=name,
            type=kind,
            presence=draw(
                st.sampled_from(
                    (Presence.OPTIONAL, Presence.OPTIONAL, Presence.REQUIRED)
                )
            ),
            span=HERE,
        )
        for name, kind in _TYPES.items()
    )
    found = draw(st.lists(rules(), min_size=1, max_size=3))
    return Structure(fields=fields, rules=tuple(found), span=HERE)


# Everything that there is


def assignments(structure: Structure) -> Iterator[StructureValue]:
    """Yield every value of a structure that breaks nothing."""
    options = [(None, *_VALUES[field.name]) for field in structure.fields]
    for chosen in product(*options):
        given_members = tuple(
            MemberValue(
                name=field.name, value=AtomValue(value=atom, span=HERE), span=HERE
            )
            for field, atom in zip(structure.fields, chosen, strict=True)
            if atom is not None
        )
        value = StructureValue(members=given_members, span=HERE)
        if not any(violated(SERVICE, structure, value)):
            yield value


def facts(value: StructureValue) -> Assignment:
    """Return the atoms of a value by their names."""
    return {
        each.name: each.value.value
        for each in value.members
        if isinstance(each.value, AtomValue)
    }


@settings(max_examples=60, deadline=None)
@given(structures())
def test_outlines_show_all_that_can_be(structure: Structure) -> None:
    """Whatever a valid request can show, some sample shows; and every sample is valid."""
    possible = [facts(value) for value in assignments(structure)]
    bases = valid_requests(Known(SERVICE), structure)
    made = [facts(base) for base in bases]
    if not possible:
        return
    assert all(not any(violated(SERVICE, structure, base)) for base in bases)
    for name in _TYPES:
        assert any(name in each for each in possible) == any(
            name in each for each in made
        )
    for rule in structure.rules:
        match rule:
            case ChoiceRule(chooser=chooser, blocks=blocks):
                documented = [value for block in blocks for value in block.values]
                if chooser.name in "CD":
                    documented += _VALUES[chooser.name]
                for value in documented:
                    assert any(
                        each.get(chooser.name) == value for each in possible
                    ) == any(each.get(chooser.name) == value for each in made)
            case ConditionalRule(condition=condition):
                assert {holds(condition, each) for each in possible} == {
                    holds(condition, each) for each in made
                }
            case MemberRule():
                pass
    assert min(map(len, made)) == min(map(len, possible))
    assert len(made[0]) == max(map(len, possible))


@settings(max_examples=40, deadline=None)
@given(structures(), st.data())
def test_cases_notice_every_rule_that_is_lost(
    structure: Structure, data: st.DataObject
) -> None:
    """A check that is left out, or one with `all` for `any`, fails in some case if it matters."""
    bases = valid_requests(Known(SERVICE), structure)
    cases = constraint_cases(Known(SERVICE), structure, bases)
    number = data.draw(st.integers(0, len(structure.rules) - 1))
    lost: tuple[Rule, ...] = ()
    match structure.rules[number]:
        case ConditionalRule(condition=AllOf(conditions=inner)) as rule:
            lost = (replace(rule, condition=AnyOf(conditions=inner)),)
        case ConditionalRule(condition=AnyOf(conditions=inner)) as rule:
            lost = (replace(rule, condition=AllOf(conditions=inner)),)
        case ConditionalRule(condition=Not(condition=inner_condition)) as rule:
            lost = (replace(rule, condition=inner_condition),)
        case _:
            pass
    kept = structure.rules[:number], structure.rules[number + 1 :]
    mistaken = replace(structure, rules=(*kept[0], *lost, *kept[1]))
    options = [(None, *_VALUES[name]) for name in _TYPES]
    every = [
        {
            name: atom
            for name, atom in zip(_TYPES, chosen, strict=True)
            if atom is not None
        }
        for chosen in product(*options)
    ]
    matters = any(
        broken_rules(structure, each) != broken_rules(mistaken, each) for each in every
    )
    noticed = False
    for case in cases:
        value = bases[case.base]
        for change in case.changes:
            value = changed(value, change)
        found = tuple(violated(SERVICE, mistaken, value))
        noticed = noticed or found != case.broken
    assert noticed or not matters


def broken_rules(structure: Structure, assignment: Assignment) -> list[tuple[str, str]]:
    """Return what an assignment breaks."""
    return [
        broken for rule in structure.rules for broken in violations(rule, assignment)
    ]


# What rules mean


@pytest.mark.parametrize(
    ("condition", "assignment", "expected"),
    [
        (comparison("A", Relation.IS, 1), {"A": 1}, True),
        (comparison("A", Relation.IS, 1), {"A": True}, False),
        (comparison("A", Relation.IS, 1, 2), {"A": 2}, True),
        (comparison("A", Relation.IS, 1), {}, False),
        (comparison("A", Relation.IS, 1), {"A": None}, False),
        (comparison("A", Relation.GIVEN), {"A": None}, True),
        (comparison("A", Relation.GIVEN), {}, False),
        (comparison("A", Relation.MINIMUM, 1), {"A": 1}, True),
        (comparison("A", Relation.MINIMUM, 1), {"A": 0}, False),
        (comparison("A", Relation.MAXIMUM, 1), {"A": 1}, True),
        (comparison("A", Relation.MAXIMUM, 1), {"A": 2}, False),
        (comparison("A", Relation.ABOVE, 1), {"A": 2}, True),
        (comparison("A", Relation.ABOVE, 1), {"A": 1}, False),
        (comparison("A", Relation.BELOW, 1), {"A": 0}, True),
        (comparison("A", Relation.BELOW, 1), {"A": 1}, False),
        (comparison("A", Relation.BELOW, 1), {}, False),
        (comparison("A", Relation.BELOW, 1), {"A": "0"}, False),
        (Not(condition=comparison("A", Relation.BELOW, 1)), {}, True),
    ],
)
def test_what_a_condition_means(
    condition: Condition, assignment: dict[str, Atom | None], expected: bool
) -> None:
    """A member without a value, or with one of another type, passes no comparison."""
    assert holds(condition, assignment) is expected


def test_violations_come_in_the_order_of_the_rule() -> None:
    """First what is required, then what is prohibited; blocks one by one."""
    always = Not(condition=comparison("D", Relation.GIVEN))
    rule = conditional(always, required="BA", prohibited="C")
    assert violations(rule, {"C": "x"}) == (
        ("B", "required_when"),
        ("A", "required_when"),
        ("C", "prohibited_when"),
    )
    choice = ChoiceRule(
        chooser=member("C"),
        blocks=(
            Block(member=member("A"), values=("x",)),
            Block(member=member("B"), values=("y",)),
        ),
        span=HERE,
    )
    assert violations(choice, {"C": "x", "B": 1}) == (("A", "choice"), ("B", "choice"))
    assert violations(choice, {"B": None}) == (("B", "choice"),)


def test_rule_that_names_nothing_is_kept() -> None:
    """A rule whose members were all reported as mistakes stops nothing."""
    for kind in RuleKind:
        assert violations(MemberRule(demand=kind, members=(), span=HERE), {}) == ()


# Bounds


def many(count: int, *found: Rule, required: bool = False) -> Structure:
    """Return a structure of many members."""
    presence = Presence.REQUIRED if required else Presence.OPTIONAL
    fields = tuple(
        Field(name=f"M{number}", type=_INT, presence=presence, span=HERE)
        for number in range(count)
    )
    return Structure(fields=fields, rules=found, span=HERE)


def test_many_rules_that_contradict_end() -> None:
    """A structure that nothing can satisfy is given up; its members are shown all the same."""
    names = [member(f"M{number}") for number in range(24)]
    rule_pairs = [
        MemberRule(demand=RuleKind.EXACTLY_ONE, members=(left, right), span=HERE)
        for left in names
        for right in names
        if left.name < right.name
    ]
    structure = many(24, *rule_pairs)
    assert choices(structure)[0].given == {each.name for each in structure.fields}
    assert fewest(structure).given == frozenset()


def test_many_rules_that_are_hard_end() -> None:
    """Where the best outline is too hard to find, a valid one is found; and every member stands in one."""
    names = [member(f"M{number}") for number in range(60)]
    pairs = [
        MemberRule(demand=RuleKind.EXACTLY_ONE, members=(left, right), span=HERE)
        for left, right in zip(names[::2], names[1::2], strict=True)
    ]
    structure = many(60, *pairs)
    outlines = choices(structure)
    for outline in outlines:
        known = dict.fromkeys(outline.given)
        assert not any(violations(rule, known) for rule in structure.rules)
    assert "M0" in outlines[0].given
    assert frozenset().union(*(each.given for each in outlines)) == {
        each.name for each in structure.fields
    }


def test_too_many_members_are_not_searched() -> None:
    """Rules over hundreds of members are left to the lint."""
    structure = many(
        400,
        MemberRule(
            demand=RuleKind.EXCLUSIVE,
            members=tuple(member(f"M{number}") for number in range(400)),
            span=HERE,
        ),
    )
    assert len(choices(structure)) == 1
    assert fewest(structure).given == frozenset()


def test_many_steering_members_have_few_cases() -> None:
    """A condition on many members has as many cases as tell its parts apart, not all."""
    parts = [comparison(f"M{number}", Relation.MINIMUM, 2) for number in range(8)]
    rule = ConditionalRule(
        condition=AnyOf(
            conditions=(Not(condition=AllOf(conditions=tuple(parts[:4]))), *parts[4:])
        ),
        required=(member("M8"), member("M9")),
        span=HERE,
    )
    structure = many(10, rule)
    bases = valid_requests(Known(SERVICE), structure)
    cases = [
        case
        for case in constraint_cases(Known(SERVICE), structure, bases)
        if len(case.changes) > 1
    ]
    assert 20 < len(cases) < 70


def test_value_of_a_long_condition_is_noticed() -> None:
    """Each of many values has a case of its own, and so has a member that is kept as nil."""
    texts = tuple(f"value {number}" for number in range(30))
    word = AtomType(primitive=Primitive.STRING, span=HERE)
    rule = conditional(comparison("A", Relation.IS, *texts), required="B")
    structure = Structure(
        fields=(
            Field(name="A", type=word, states=States(nil=WhenNil.KEPT), span=HERE),
            Field(name="B", type=word, span=HERE),
        ),
        rules=(rule,),
        span=HERE,
    )
    bases = valid_requests(Known(SERVICE), structure)
    cases = constraint_cases(Known(SERVICE), structure, bases)
    compared = {
        change.value.value
        for case in cases
        if case.broken == ((("B",), "required_when"),)
        for change in case.changes
        if isinstance(change.value, AtomValue)
    }
    assert compared == set(texts)


@pytest.mark.parametrize(
    ("together", "names", "kept", "pairs"),
    [
        (AnyOf, "ABC", "ABC", 3 * 3 * 3),
        (AllOf, "ABC", "ABC", 3 * 3 * 3),
        (AllOf, "ABCD", "D", 3 * 2 * 2 + 3 * 2 * 3),
        (AllOf, "ABCDE", "", 10 * 2 * 2),
    ],
)
def test_every_two_states_of_members_stand_together(
    together: type[AllOf | AnyOf], names: str, kept: str, pairs: int
) -> None:
    """Of many combinations of given, nil and absent, some are taken in which all pairs occur."""
    word = AtomType(primitive=Primitive.STRING, span=HERE)
    parts = tuple(comparison(name, Relation.GIVEN) for name in names)
    structure = Structure(
        fields=tuple(
            Field(
                name=name,
                type=word,
                states=States(nil=WhenNil.KEPT if name in kept else WhenNil.NONE),
                span=HERE,
            )
            for name in f"{names}Z"
        ),
        rules=(conditional(together(conditions=parts), required="Z"),),
        span=HERE,
    )
    bases = valid_requests(Known(SERVICE), structure)
    shown = {
        frozenset((change.steps, repr(change.value)) for change in pair)
        for case in constraint_cases(Known(SERVICE), structure, bases)
        if len(case.changes) > 1
        for pair in combinations(
            [change for change in case.changes if change.steps != ("Z",)], 2
        )
    }
    assert len(shown) == pairs
