"""What a walk through the types appends to."""

from __future__ import annotations

from dataclasses import dataclass, field

from soapstone.coverage.facts import Category, Fact
from soapstone.diagnostics import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A member, by the wire names that lead to it.

    Attributes:
        side: `request`, `response` or `authentication`.
    """

    side: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.side} {'/'.join(self.names)}".rstrip()

    def below(self, name: str) -> Place:
        """Return the place of a member or of the items in a list."""
        return Place(self.side, (*self.names, name))

    @property
    def is_checked(self) -> bool:
        """Whether constraints and rules refuse anything there; in a response they do not."""
        return self.side != "response"


@dataclass(frozen=True, slots=True)
class Findings:
    """Facts that count, and what examples show besides."""

    facts: list[Fact] = field(default_factory=list[Fact])
    besides: list[Fact] = field(default_factory=list[Fact])

    def count(
        self,
        category: Category,
        place: Place,
        detail: str,
        span: Span,
        *,
        is_exercised: bool,
    ) -> None:
        """Add a fact that counts."""
        self.facts.append(
            Fact(
                category=category,
                place=str(place),
                detail=detail,
                span=span,
                is_exercised=is_exercised,
            )
        )

    def note(self, category: Category, place: Place, detail: str, span: Span) -> None:
        """Add something that examples show, and that nobody demands."""
        self.besides.append(
            Fact(
                category=category,
                place=str(place),
                detail=detail,
                span=span,
                is_exercised=True,
            )
        )
