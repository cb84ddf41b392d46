"""What is wrong with a spec, and where: located messages, collected in a report.

Every stage appends to the `Report` that it is given and carries on, so that one run shows
every mistake. An exception that reaches a user is a bug of the generator.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(Enum):
    """How much a diagnostic weighs: an error keeps the generator from writing anything."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file.

    Attributes:
        path: Relative to the working directory and with forward slashes, so that messages
            are the same on every machine.
        line: Counted from 1.
        column: Counted from 1, in characters.
    """

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a reader needs in order to understand a diagnostic."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One mistake.

    Attributes:
        rule: Name of the rule that found it, in kebab case; `soapstone explain` knows it.
        message: One sentence: what is wrong, with the offending text.
        hint: What to write instead.
    """

    rule: str
    span: Span
    message: str
    severity: Severity = Severity.ERROR
    hint: str = ""
    related: tuple[Related, ...] = ()


@dataclass(slots=True)
class Report:
    """The diagnostics of one run; passed down through the stages and appended to."""

    _found: dict[Diagnostic, None] = field(default_factory=dict[Diagnostic, None])

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic; one that is already there is not repeated."""
        self._found[diagnostic] = None

    def error(
        self,
        rule: str,
        span: Span,
        message: str,
        *,
        hint: str = "",
        related: Iterable[Related] = (),
    ) -> None:
        """Add an error."""
        self.add(
            Diagnostic(
                rule=rule,
                span=span,
                message=_shortened(message),
                hint=_shortened(hint),
                related=tuple(related),
            )
        )

    def warning(self, rule: str, span: Span, message: str, *, hint: str = "") -> None:
        """Add a warning: something to look at that does not stop the generator."""
        self.add(
            Diagnostic(
                rule=rule,
                span=span,
                message=_shortened(message),
                hint=_shortened(hint),
                severity=Severity.WARNING,
            )
        )

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found, in the order of the files' text."""
        return tuple(
            sorted(
                self._found, key=lambda found: (found.span, found.rule, found.message)
            )
        )

    @property
    def error_count(self) -> int:
        """How many of them keep the generator from writing."""
        return sum(found.severity is Severity.ERROR for found in self._found)

    @property
    def has_errors(self) -> bool:
        """Whether anything found keeps the generator from writing."""
        return any(found.severity is Severity.ERROR for found in self._found)


def _shortened(text: str) -> str:
    """Return a text without the middle of what nobody reads to its end."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


# Quoted texts of a spec can have any length.
_LONGEST = 2000
# So many characters of words are compared with one that is not known; it takes their square.
_MOST_COMPARED = 10_000


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to `word`, or lists the known ones."""
    words = sorted(set(known))
    by_lower_case = {candidate.lower(): candidate for candidate in words}
    near = (
        difflib.get_close_matches(word.lower(), by_lower_case, n=1)
        if sum(map(len, words)) <= _MOST_COMPARED >= len(word)
        else []
    )
    if near:
        return f"did you mean `{by_lower_case[near[0]]}`?"
    if not words:
        return ""
    return "known: " + ", ".join(f"`{candidate}`" for candidate in words)
