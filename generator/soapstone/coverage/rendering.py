"""What examples exercise and miss, as text for people, JSON for programs and notices for GitHub."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import click

from soapstone.coverage.facts import Category, Coverage, Fact, Part, Tally, total
from soapstone.diagnostics import Span
from soapstone.reporting import annotation, columns, span_document, visible

TITLE = "coverage by examples"
"""Stands over the total on GitHub."""

# No operation has such a name: names are those of XML.
_SHARED = "(shared)"


def coverage_text(coverages: Sequence[Coverage], *, colour: bool = False) -> str:
    """Return a table for each service, and below it what is missed, file by file."""
    lines: list[str] = []
    for coverage in coverages:
        lines += _table(coverage, colour=colour)
        lines += _besides(coverage)
        for path, gaps in groupby(_gaps(coverage), lambda gap: gap.span.path):
            lines += ["", _bold(f"not exercised in {visible(path)}", colour=colour)]
            lines += [f"{visible(str(gap.span))}: {visible(str(gap))}" for gap in gaps]
        lines.append("")
    if len(coverages) > 1:
        lines.append(f"{len(coverages)} services: {_share(_everything(coverages))}")
    return "\n".join(lines).rstrip("\n")


def coverage_notices(coverages: Sequence[Coverage]) -> str:
    """Return a workflow command for each thing that is missed, and one with the total."""
    notices = [
        annotation(
            "notice",
            {
                "file": gap.span.path,
                "line": str(gap.span.line),
                "col": str(gap.span.column),
                "title": "not exercised by examples",
            },
            [str(gap)],
        )
        for coverage in coverages
        for gap in _gaps(coverage)
    ]
    share = _share(_everything(coverages))
    return "\n".join([*notices, annotation("notice", {"title": TITLE}, [share])])


def coverage_document(coverages: Sequence[Coverage]) -> dict[str, object]:
    """Return everything as values that JSON knows; the order of the keys is fixed."""
    return {
        "total": _tally_document(_everything(coverages)),
        "services": [
            {
                "service": coverage.shared.name,
                "path": coverage.shared.span.path,
                **_tallies_document(coverage.parts),
                "operations": [
                    {
                        "operation": part.name,
                        "path": part.span.path,
                        **_part_document(part),
                    }
                    for part in coverage.operations
                ],
                "shared": _part_document(coverage.shared),
            }
            for coverage in coverages
        ],
    }


def _everything(coverages: Iterable[Coverage]) -> Tally:
    return total(part for coverage in coverages for part in coverage.parts)


def _share(tally: Tally) -> str:
    return f"{tally.exercised}/{tally.of} facts exercised, {tally.percent} %"


# JSON


def _part_document(part: Part) -> dict[str, object]:
    return {
        **_tallies_document([part]),
        "facts": [
            {**_fact_document(fact), "exercised": fact.is_exercised}
            for fact in part.facts
        ],
        "besides": [_fact_document(fact) for fact in part.besides],
    }


def _tallies_document(parts: Sequence[Part]) -> dict[str, object]:
    categories = {
        category.value: _tally_document(total(parts, category)) for category in Category
    }
    return {"total": _tally_document(total(parts)), "categories": categories}


def _tally_document(tally: Tally) -> dict[str, object]:
    return {"exercised": tally.exercised, "of": tally.of, "percent": tally.percent}


def _fact_document(fact: Fact) -> dict[str, object]:
    return {
        "category": fact.category.value,
        "label": fact.label,
        **span_document(fact.span),
    }


# Text


def _table(coverage: Coverage, *, colour: bool) -> Iterator[str]:
    heading = [
        visible(coverage.shared.name),
        *(category.value for category in Category),
        "total",
        "%",
    ]
    rows = [_row(visible(part.name), [part]) for part in coverage.operations]
    if coverage.shared.facts:
        rows.append(_row(_SHARED, [coverage.shared]))
    table = [heading, *rows, _row("total", coverage.parts)]
    widths = [max(map(columns, cells)) for cells in zip(*table, strict=True)]
    for cells in table:
        line = "  ".join(
            _padded(cell, width, is_left=place == 0)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        is_bold = colour and cells in (table[0], table[-1])
        yield _bold(line, colour=is_bold)


def _row(name: str, parts: Sequence[Part]) -> list[str]:
    tallies = [total(parts, category) for category in (*Category, None)]
    shares = [f"{each.exercised}/{each.of}" if each.of else "-" for each in tallies]
    return [name, *shares, f"{tallies[-1].percent}"]


def _padded(text: str, width: int, *, is_left: bool) -> str:
    blanks = " " * (width - columns(text))
    return text + blanks if is_left else blanks + text


def _besides(coverage: Coverage) -> Iterator[str]:
    """Yield a line on what is shown and not demanded, if there is something."""
    found = Counter(
        fact.detail if fact.category is Category.STATES else "at a limit"
        for part in coverage.parts
        for fact in part.besides
    )
    if found:
        counts = ", ".join(f"{number} {what}" for what, number in sorted(found.items()))
        yield f"shown besides, though not counted: {counts}"


def _bold(text: str, *, colour: bool) -> str:
    return click.style(text, bold=True) if colour else text


# What is missed


@dataclass(frozen=True, slots=True)
class _Gap:
    """What examples miss of one place, in some operations.

    Attributes:
        where: Names of the operations; empty where the file says which one it is.
    """

    span: Span
    place: str
    details: tuple[str, ...]
    where: str

    def __str__(self) -> str:
        details = ", ".join(filter(None, self.details))
        said = f"{self.place}: {details}" if details else self.place
        return f"{said} (in {self.where})" if self.where else said


def _gaps(coverage: Coverage) -> list[_Gap]:
    """Return what is missed in the order of the files; what is alike in operations once."""
    operations: dict[tuple[Span, str, str], list[str]] = {}
    for part in coverage.parts:
        for fact in part.missed:
            is_field = fact.category is Category.FIELDS
            detail = "field" if is_field else fact.detail
            # A file of an operation says which one it is; what is shared is about none.
            name = "" if fact.span.path == part.span.path else part.name
            names = operations.setdefault((fact.span, fact.place, detail), [])
            names.append(name)
    details: dict[tuple[Span, str, str], list[str]] = {}
    for (span, place, detail), names in operations.items():
        is_common = len(names) == len(coverage.operations) > 1
        where = "every operation" if is_common else ", ".join(names)
        details.setdefault((span, place, where), []).append(detail)
    gaps = [
        _Gap(span, place, tuple(found), where)
        for (span, place, where), found in details.items()
    ]
    return sorted(gaps, key=lambda gap: gap.span)
