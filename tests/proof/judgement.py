"""Tries hostile texts in many leaves of a spec at once, until each has its own verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hostile import Hostile, hostile
from leaves import Leaf, Workshop
from trees import Outcome, least_difference, tried


@dataclass
class Judge:
    """Gives every leaf of a spec one text.

    Attributes:
        refused: Leaves whose text is reported: with an error of their own, or when it is the only one.
        accepted: Groups of leaves whose texts are taken together, and make no difference.
        failures: What differs, for leaves whose texts were taken.
    """

    workshop: Workshop
    pattern: str
    refused: list[Leaf] = field(default_factory=list[Leaf])
    accepted: list[dict[Leaf, str]] = field(default_factory=list[dict[Leaf, str]])
    failures: list[str] = field(default_factory=list[str])
    tried: int = 0

    def judge(self, leaves: Sequence[Leaf]) -> None:
        """Give each of some leaves its text, and find out what is made of them."""
        texts = {
            leaf: hostile(self.pattern, leaf, number)
            for number, leaf in enumerate(leaves)
        }
        self.tried += len(texts)
        waiting = [
            [leaf for leaf in leaves if is_of_group(leaf)]
            for is_of_group in (_is_prose, _is_key, _is_value)
        ]
        waiting = [group for group in waiting if group]
        while waiting:
            waiting += self._judged(waiting.pop(), texts)

    def _judged(
        self, group: list[Leaf], texts: dict[Leaf, Hostile]
    ) -> list[list[Leaf]]:
        """Judge a group; return those that are to be judged again, in smaller groups."""
        outcome = self._tried({leaf: texts[leaf].text for leaf in group})
        if outcome.plan is not None:
            return self._compared(group, texts, outcome)
        blamed = set(_blamed(group, outcome))
        self.refused += blamed
        rest = [leaf for leaf in group if leaf not in blamed]
        return [rest] if blamed and rest else _halves(rest)

    def _compared(
        self, group: list[Leaf], texts: dict[Leaf, Hostile], outcome: Outcome
    ) -> list[list[Leaf]]:
        assert outcome.plan is not None
        harmless = (
            dict(zip(group, each, strict=True))
            for each in zip(*(texts[leaf].harmless for leaf in group), strict=False)
        )
        found = least_difference(outcome.plan, map(self._tried, harmless))
        if not found:
            self.accepted.append({leaf: texts[leaf].text for leaf in group})
        elif len(group) > 1:
            return _halves(group)
        else:
            self.failures += [f"{group[0]}: {each}" for each in found]
        return []

    def _tried(self, texts: dict[Leaf, str]) -> Outcome:
        self.workshop.write(texts)
        return tried(self.workshop.folder)


def _is_prose(leaf: Leaf) -> bool:
    """Whether nothing else in the spec refers to a text."""
    return not leaf.is_key and leaf.path[-1] in {
        *("doc", "heading", "message", "note", "reason", "section", "summary"),
        *("title", "url", "when"),
    }


def _is_key(leaf: Leaf) -> bool:
    return leaf.is_key


def _is_value(leaf: Leaf) -> bool:
    return not leaf.is_key and not _is_prose(leaf)


def _blamed(group: list[Leaf], outcome: Outcome) -> Iterator[Leaf]:
    """Yield the leaves with an error of their own: at their place, or at one that is in no other's way."""
    shared = Counter(place for leaf in group for place in leaf.places)
    for leaf in group:
        own = {leaf.place}
        if _is_prose(leaf):
            own |= {place for place in leaf.places if shared[place] == 1}
        if len(group) == 1 or own & outcome.places:
            yield leaf


def _halves(group: list[Leaf]) -> list[list[Leaf]]:
    """Part neighbours from each other: what is said of their surroundings is then said of one."""
    return [half for half in (group[::2], group[1::2]) if half]
