"""The facts of constraints and of rules between fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from soapstone.coverage.facts import Category
from soapstone.coverage.findings import Findings, Place
from soapstone.lint.wire import is_same, write_text
from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    Count,
    Length,
    ListConstraint,
    Maximum,
    Minimum,
    Pattern,
    Unique,
)

_FEWEST_TO_DIFFER = 2


def find_atom(
    place: Place, constraint: AtomConstraint, atoms: Sequence[Atom], findings: Findings
) -> None:
    """Find the facts of a constraint; `atoms` are the documented values."""
    match constraint:
        case Allowed():
            _find_allowed(place, constraint, atoms, findings)
        case Length(minimum=minimum, maximum=maximum):
            sizes = [len(str(atom)) for atom in atoms]
            _find(place, constraint, "length", findings, is_exercised=bool(atoms))
            _note_limits(
                place, constraint, "length", (minimum, maximum), sizes, findings
            )
        case Pattern():
            _find(place, constraint, "pattern", findings, is_exercised=bool(atoms))
        case Minimum(limit=limit):
            _find(place, constraint, "minimum", findings, is_exercised=bool(atoms))
            _note_limits(place, constraint, "minimum", (limit,), atoms, findings)
        case Maximum(limit=limit):
            _find(place, constraint, "maximum", findings, is_exercised=bool(atoms))
            _note_limits(place, constraint, "maximum", (limit,), atoms, findings)
        case _:
            assert_never(constraint)


def find_list(
    place: Place, constraint: ListConstraint, counts: Sequence[int], findings: Findings
) -> None:
    """Find the facts of a constraint on a list; `counts` are the documented numbers of items."""
    match constraint:
        case Count(minimum=minimum, maximum=maximum):
            _find(place, constraint, "count", findings, is_exercised=bool(counts))
            _note_limits(
                place, constraint, "count", (minimum, maximum), counts, findings
            )
        case Unique():
            is_exercised = max(counts, default=0) >= _FEWEST_TO_DIFFER
            _find(place, constraint, "unique", findings, is_exercised=is_exercised)
        case _:
            assert_never(constraint)


def _find_allowed(
    place: Place, allowed: Allowed, atoms: Sequence[Atom], findings: Findings
) -> None:
    for value in allowed.values:
        findings.count(
            Category.VALUES,
            place,
            f"value `{write_text(value)}`",
            allowed.span,
            is_exercised=any(is_same(value, atom) for atom in atoms),
        )


def _find(
    place: Place,
    constraint: AtomConstraint | ListConstraint,
    name: str,
    findings: Findings,
    *,
    is_exercised: bool,
) -> None:
    if place.is_checked:
        findings.count(
            Category.CONSTRAINTS,
            place,
            name,
            constraint.span,
            is_exercised=is_exercised,
        )


def _note_limits(
    place: Place,
    constraint: AtomConstraint | ListConstraint,
    name: str,
    limits: Sequence[Atom | None],
    shown: Sequence[Atom],
    findings: Findings,
) -> None:
    for limit in dict.fromkeys(limits) if place.is_checked else ():
        if limit is not None and any(is_same(limit, each) for each in shown):
            findings.note(
                Category.CONSTRAINTS,
                place,
                f"{name} {write_text(limit)}",
                constraint.span,
            )
