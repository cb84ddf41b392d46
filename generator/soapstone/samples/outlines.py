"""Which members of a structure may be given together, and with which values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from soapstone.model import (
    Atom,
    ChoiceRule,
    Condition,
    ConditionalRule,
    MemberRule,
    Not,
    Structure,
)
from soapstone.samples.comparison import is_one_of
from soapstone.samples.rules import Facts, holds, is_usable
from soapstone.samples.search import Option, Search
from soapstone.samples.steering import distinct, documented, is_valid, steering
from soapstone.samples.validation import must_be_given

# How many steps the search for one outline may take, and those for all of a structure; first
# for the best outlines, then for others where the best ones are too hard to find.
_STEPS_EACH = 5000
_STEPS_TOTAL = 60_000
_STEPS_ROUGH = 60_000
# A search goes one level deeper for each member that rules name.
_MOST_MEMBERS = 300

_ABSENT: Option = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A valid choice among what rules leave open.

    Attributes:
        given: The members that are given.
        values: The values of those among them by which rules decide.
    """

    given: frozenset[str]
    values: Mapping[str, Atom] = field(default_factory=dict[str, Atom])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goal:
    """What an outline is looked for that shows it."""

    options: Mapping[str, Sequence[Option]] = field(
        default_factory=dict[str, Sequence[Option]]
    )
    condition: Condition | None = None

    def is_shown_by(self, facts: Facts) -> bool:
        if self.condition is not None and not holds(self.condition, facts):
            return False
        return all(
            name in facts and (facts[name],) in options
            for name, options in self.options.items()
        )


def choices(structure: Structure) -> tuple[Outline, ...]:
    """Return outlines that rules allow, until every member and every case of a rule was in one.

    The first has as many members as can be; each further one shows what had no place yet: a
    member, a value that chooses, a condition that is met or that is not.
    """
    puzzle = _Puzzle(structure)
    found: list[Facts] = []
    for goal in puzzle.goals():
        if not any(goal.is_shown_by(facts) for facts in found):
            facts = puzzle.largest(goal)
            found += [] if facts is None else [facts]
            if not found and puzzle.is_hopeless:
                break
    return tuple(puzzle.outline(facts) for facts in found) or (
        Outline(frozenset(puzzle.names)),
    )


def fewest(structure: Structure) -> Outline:
    """Return an outline with as few members as the rules and the required members allow."""
    puzzle = _Puzzle(structure)
    facts = puzzle.smallest()
    if facts is None:
        facts = puzzle.largest(_Goal())
    if facts is None:
        return Outline(puzzle.required)
    return Outline(puzzle.required | facts.keys(), puzzle.outline(facts).values)


def without(structure: Structure, left_out: frozenset[str]) -> Outline | None:
    """Return an outline without some members; None where the rules allow none."""
    puzzle = _Puzzle(structure)
    absent = {name: [_ABSENT] for name in puzzle.options if name in left_out}
    facts = puzzle.largest(_Goal(options=absent))
    if facts is None:
        return None
    outline = puzzle.outline(facts)
    return Outline(outline.given - left_out, outline.values)


class _Puzzle:
    """The search for members and values that keep every rule of a structure.

    Attributes:
        names: Every member that can be given.
        required: Those that must be.
        options: What each member may be that a rule names.
        is_hopeless: Whether nothing keeps the rules, or there are too many members to find out.
    """

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        usable = [member for member in structure.fields if is_usable(member)]
        self.names = tuple(member.name for member in usable)
        self.required = frozenset(
            member.name for member in usable if must_be_given(member)
        )
        named = {member.name for rule in structure.rules for member in rule.members}
        steered = steering(structure)
        self._values = {
            member.name: tuple(
                value for value in steered[member.name] if is_valid(member, value)
            )
            for member in usable
            if member.name in steered
        }
        self.options: dict[str, tuple[Option, ...]] = {
            name: (
                *((value,) for value in self._values.get(name) or (None,)),
                *([] if name in self.required else [_ABSENT]),
            )
            for name in self.names
            if name in named
        }
        self.is_hopeless = len(self.options) > _MOST_MEMBERS
        self._steps = _STEPS_TOTAL
        self._rough_steps = _STEPS_ROUGH

    def outline(self, facts: Facts) -> Outline:
        """Return what a solution says about all members."""
        absent = self.options.keys() - facts.keys()
        values = {name: value for name, value in facts.items() if value is not None}
        return Outline(frozenset(self.names) - absent, values)

    # What is looked for

    def goals(self) -> Iterator[_Goal]:
        """Yield what outlines are to show, in the order of the structure."""
        yield _Goal()
        for name, options in self.options.items():
            if _ABSENT in options:
                given = [option for option in options if option]
                yield _Goal(options={name: given})
        for rule in self._structure.rules:
            match rule:
                case MemberRule():
                    pass
                case ChoiceRule():
                    yield from self._choices(rule)
                case ConditionalRule(condition=condition):
                    yield _Goal(condition=condition)
                    yield _Goal(condition=Not(condition=condition))

    def _choices(self, rule: ChoiceRule) -> Iterator[_Goal]:
        chooser = self._structure.member(rule.chooser.name)
        if chooser is None:
            return
        named = [value for block in rule.blocks for value in block.values]
        for value in distinct((*named, *documented(chooser))):
            if is_one_of(value, self._values.get(chooser.name, ())):
                yield _Goal(options={chooser.name: [(value,)]})

    # Searches

    def largest(self, goal: _Goal) -> Facts | None:
        """Return a solution with as many members as can be; of equal ones that with the first."""
        if self.is_hopeless:
            return None
        names = sorted(self.options, key=self._is_unsteered)
        steered = sum(not self._is_unsteered(name) for name in names)
        order = [*names[:steered], *reversed(names[steered:])]
        exact = self._searched(goal, order, _is_absent, self._steps)
        self._steps -= exact.taken
        if not exact.is_exhausted:
            self.is_hopeless |= exact.facts is None and goal == _Goal()
            return exact.facts
        # Almost as large: whatever comes first is given as long as the rules allow it.
        rough = self._searched(goal, names, _is_never, self._rough_steps)
        self._rough_steps -= rough.taken
        return rough.facts

    def smallest(self) -> Facts | None:
        """Return a solution with as few members as can be."""
        if self.is_hopeless:
            return None
        names = sorted(self.options, key=lambda name: (self._is_unsteered(name), name))
        return self._searched(_Goal(), names, bool, self._steps).facts

    def _is_unsteered(self, name: str) -> bool:
        # What decides is decided first, so that whatever follows from it is not tried in vain.
        return name not in self._values

    def _searched(
        self,
        goal: _Goal,
        names: Sequence[str],
        costly: Callable[[Option], bool],
        steps: int,
    ) -> Search:
        return Search(
            rules=self._structure.rules,
            condition=goal.condition,
            options={**self.options, **goal.options},
            names=names,
            costly=costly,
            steps=min(_STEPS_EACH, steps),
        )


def _is_absent(option: Option) -> bool:
    return not option


def _is_never(option: Option) -> bool:  # noqa: ARG001 -- nothing is counted
    return False
