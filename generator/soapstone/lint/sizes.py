"""How much a request or a response is once every structure in it is written out.

A few types that hold each other twice are a thousand million members ten lines further on. Nothing
else looks at a service that is too large, since whatever does makes a whole request of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from soapstone.diagnostics import Report, Span
from soapstone.model import (
    Count,
    ListType,
    MixedListType,
    Service,
    Structure,
    Type,
)
from soapstone.samples.cases import MOST_VALUES

_MOST_MEMBERS = 500
# What the members of a rule may be is tried together, which takes their square.
_MOST_PAIRS = 10_000
_MOST_LEVELS = 50
_LESS = "leave out what no caller needs, and structures that stand in one another many times"
# A sample of a list has two items where it may.
_ITEMS = 2


def sizes_are_bounded(service: Service, report: Report) -> None:
    """No request, response or authentication is too large to be made."""
    for what, structure, span in _wholes(service):
        found = _problem(service, structure)
        if found is not None:
            report.error(
                "structure-too-large",
                found.span or span,
                f"{what} {found}",
                hint=found.hint,
            )


def _problem(service: Service, structure: Structure) -> _TooLargeError | None:
    try:
        _Size(service).structure(structure, ())
    except _TooLargeError as found:
        return found
    return None


def _wholes(service: Service) -> Iterator[tuple[str, Structure, Span]]:
    for operation in service.operations:
        shown = f"of `{operation.name}`"
        yield f"the request {shown}", operation.request, operation.span
        yield f"the response {shown}", operation.response, operation.span
    if service.authentication is not None:
        for named in service.authentication.alternatives:
            yield f"the authentication `{named.name}`", named.structure, named.span


class _TooLargeError(Exception):
    """Says what there is too much of, where that is one place, and what to do about it."""

    def __init__(
        self, message: str, span: Span | None = None, hint: str = _LESS
    ) -> None:
        super().__init__(message)
        self.span = span
        self.hint = hint


@dataclass(slots=True)
class _Size:
    """Counts members, each as often as its structure stands somewhere, and stops at too many."""

    service: Service
    members: int = 0

    def structure(self, structure: Structure, above: tuple[Structure, ...]) -> int:
        """Return how many values a structure has; one inside itself is written out once."""
        if any(structure is each for each in above):
            return 0
        if len(above) == _MOST_LEVELS:
            raise _TooLargeError(f"has structures on more than {_MOST_LEVELS} levels")
        if sum(len(rule.members) ** 2 for rule in structure.rules) > _MOST_PAIRS:
            raise _TooLargeError(
                "has a structure whose rules name too many members",
                structure.span,
                "name fewer members in each rule, or have fewer rules",
            )
        inside, values = (*above, structure), 0
        for member in structure.fields:
            self.members += 1
            if self.members > _MOST_MEMBERS:
                raise _TooLargeError(
                    f"has more than {_MOST_MEMBERS:,} members, with those of the structures in it"
                )
            values += 1 + self._values(member.type, inside)
        return values

    def _values(self, kind: Type, above: tuple[Structure, ...]) -> int:
        match kind:
            case ListType(of=of):
                return _times(1 + self._values(of, above), kind)
            case MixedListType(alternatives=alternatives):
                each = (self._values(found.type, above) for found in alternatives)
                return _times(1 + max(each, default=0), kind)
            case _:
                structure = self.service.structure_of(kind)
                return 0 if structure is None else self.structure(structure, above)


def _times(values: int, kind: ListType | MixedListType) -> int:
    """Return how many values a list has where it is written out."""
    counts = [each for each in kind.constraints if isinstance(each, Count)]
    least = max((each.minimum or 0 for each in counts), default=0)
    found = values * max(least, _ITEMS)
    if found > MOST_VALUES:
        raise _TooLargeError(
            f"has a list that needs more than {MOST_VALUES:,} values, with those of the lists in it",
            kind.span,
            "let `count` ask for fewer items, or leave its minimum out",
        )
    return found
