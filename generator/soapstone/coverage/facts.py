"""Facts that examples may exercise, and how many of them they do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from soapstone.diagnostics import Span


class Category(Enum):
    """Kinds of facts, in the order in which they are shown."""

    FIELDS = "fields"
    STATES = "states"
    VALUES = "values"
    CONSTRAINTS = "constraints"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that the specs say.

    Attributes:
        place: What it is about, such as `request Profile/FromNumber`.
        detail: What is said of it, such as `absent`; empty when it is the place itself.
        span: Where the specs say it.
    """

    category: Category
    place: str
    detail: str = ""
    span: Span
    is_exercised: bool

    @property
    def label(self) -> str:
        """Place and detail in one; the same for no other fact of a part."""
        return f"{self.place}: {self.detail}" if self.detail else self.place


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts of how many are exercised."""

    exercised: int
    of: int

    @property
    def percent(self) -> float:
        """The share with one digit, never rounded up: 100 means all; so it does for nothing."""
        return self.exercised * 1000 // self.of / 10 if self.of else 100.0

    def is_below(self, percent: int) -> bool:
        """Whether the exact share is less than that."""
        return self.exercised * 100 < percent * self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The facts of one operation, or those that the operations of a service share.

    Attributes:
        name: Wire name of the operation; the name of the service for what is shared.
        facts: What is counted, in the order of the walk.
        besides: What examples show and nobody demands: further states, values on limits.
    """

    name: str
    span: Span
    facts: tuple[Fact, ...]
    besides: tuple[Fact, ...]

    @property
    def missed(self) -> tuple[Fact, ...]:
        """What is counted and not exercised."""
        return tuple(fact for fact in self.facts if not fact.is_exercised)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The facts of one service.

    Attributes:
        shared: Authentication and errors.
        operations: The others, in the order of the operations' files.
    """

    shared: Part
    operations: tuple[Part, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The operations, and what they share."""
        return (*self.operations, self.shared)


def total(parts: Iterable[Part], category: Category | None = None) -> Tally:
    """Return how many facts of parts are exercised: those of a category, or all."""
    found = [
        fact.is_exercised
        for part in parts
        for fact in part.facts
        if category in (None, fact.category)
    ]
    return Tally(sum(found), len(found))
