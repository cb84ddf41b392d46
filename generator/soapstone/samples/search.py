"""The search for what members may be so that every rule is kept, in a bounded number of steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from soapstone.model import Atom, Condition, Rule
from soapstone.samples.rules import Facts, holds, violations

Option: TypeAlias = tuple[Atom | None, ...]
"""What a member may be: absent (empty), or given with a value, or with any (None)."""

Options: TypeAlias = Mapping[str, Sequence[Option]]


class Search:
    """Tries the options of members one after the other, and turns back where a rule is broken.

    Args:
        rules: What has to be kept.
        condition: What has to hold besides.
        options: What each member may be that the rules name; no other member is given.
        names: These members in the order in which they are tried.
        costly: Whether an option is one of those of which there are to be few.
        steps: How many options are tried at most.

    Attributes:
        facts: The first solution with as few costly options as can be; None when there is none.
        is_exhausted: Whether the steps were too few to try everything.
        taken: How many steps were taken.
    """

    def __init__(
        self,
        *,
        rules: Sequence[Rule],
        condition: Condition | None,
        options: Options,
        names: Sequence[str],
        costly: Callable[[Option], bool],
        steps: int,
    ) -> None:
        self._rules = rules
        self._condition = condition
        self._options = options
        self._names = names
        self._costly = costly
        self._steps = steps
        self.taken = 0
        self._facts: dict[str, Atom | None] = {}
        self._undecided = set(names)
        self.is_exhausted = False
        costs = [any(map(costly, options[name])) for name in names]
        self._most = [sum(costs[place:]) for place in range(len(names) + 1)]
        self._rules_of = {
            name: [
                rule
                for rule in rules
                if any(member.name == name for member in rule.members)
            ]
            for name in names
        }
        self.facts = self._best()

    def _best(self) -> Facts | None:
        if self._is_refused(self._rules):
            return None
        for allowed in range(self._most[0] + 1):
            if self._is_solved(0, allowed):
                return dict(self._facts)
            if self.is_exhausted:
                break
        return None

    def _is_solved(self, place: int, left: int) -> bool:
        """Whether the members from a place on have a solution, with exactly so many costly options."""
        if place == len(self._names):
            return True
        name = self._names[place]
        self._undecided.discard(name)
        # Costly ones first: of equal solutions, that with the last members without is the first.
        for option in sorted(self._options[name], key=self._costly, reverse=True):
            rest = left - self._costly(option)
            if not 0 <= rest <= self._most[place + 1]:
                continue
            if self.taken == self._steps:
                self.is_exhausted = True
                break
            self.taken += 1
            if option:
                self._facts[name] = option[0]
            if not self._is_refused(self._rules_of[name]) and self._is_solved(
                place + 1, rest
            ):
                return True
            self._facts.pop(name, None)
            if self.is_exhausted:
                break
        self._undecided.add(name)
        return False

    def _is_refused(self, rules: Sequence[Rule]) -> bool:
        if self._condition is not None and (
            holds(self._condition, self._facts, self._undecided) is False
        ):
            return True
        return any(violations(rule, self._facts, self._undecided) for rule in rules)
