"""`soapstone coverage`: what the documented examples exercise, and what they miss."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, assert_never

import click

from soapstone.command.services import read_all
from soapstone.command.specs import find, show
from soapstone.coverage import (
    TITLE,
    Coverage,
    cover,
    coverage_document,
    coverage_notices,
    coverage_text,
    total,
)
from soapstone.diagnostics import Report
from soapstone.reporting import (
    Format,
    annotation,
    diagnostics_document,
    json_text,
    uses_colour,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def coverage(specs_folder: Path, fail_under: int, form: Format) -> bool:
    """Print what the examples exercise; return whether the specs have no error and it is enough."""
    report = Report()
    services = read_all(find(specs_folder).folders, report)
    if report.has_errors:
        _show_mistakes(report, form)
        return False
    coverages = [cover(service) for service in services]
    tally = total(part for each in coverages for part in each.parts)
    is_enough = not tally.is_below(fail_under)
    sentence = "" if is_enough else f"{tally.percent} % is below {fail_under} %"
    _show(report, coverages, sentence, form)
    return is_enough


def _show_mistakes(report: Report, form: Format) -> None:
    if form is Format.JSON:
        # That nothing is known is not the same as that there is nothing to exercise.
        document: dict[str, object] = {"total": None, "services": []}
        click.echo(json_text(_document(report, document)))
    else:
        show(report, form, is_result=True)


def _show(
    report: Report, coverages: Sequence[Coverage], sentence: str, form: Format
) -> None:
    match form:
        case Format.JSON:
            click.echo(json_text(_document(report, coverage_document(coverages))))
        case Format.TEXT:
            show(report, form, is_result=False)
            click.echo(coverage_text(coverages, colour=uses_colour(sys.stdout)))
            if sentence:
                click.echo(f"\n{sentence}")
        case Format.GITHUB:
            show(report, form, is_result=False)
            click.echo(coverage_notices(coverages))
            if sentence:
                click.echo(annotation("error", {"title": TITLE}, [sentence]))
        case _:
            assert_never(form)


def _document(report: Report, measured: dict[str, object]) -> dict[str, object]:
    return {"diagnostics": diagnostics_document(report.diagnostics), **measured}
