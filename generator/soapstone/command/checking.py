"""`soapstone check`: do the packages equal what the specs say, and if not, why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from soapstone.command.services import build_all, find, show
from soapstone.diagnostics import Report
from soapstone.output import Difference, OutputError, compare, leftover_packages
from soapstone.reporting import (
    Format,
    diagnostics_document,
    differences_document,
    json_text,
    packages_document,
    render_differences,
    uses_colour,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from soapstone.output import Package


def check(specs_folder: Path, out: Path, form: Format) -> bool:
    """Print how the packages differ from what the specs say; return whether they do not."""
    specs = find(specs_folder)
    report = Report()
    packages = build_all(specs, 1, report)
    is_sound = len(packages) == len(specs.folders) and not report.has_errors
    differences: list[Difference] = []
    if is_sound:
        differences = _differences(packages, out, has_all=specs.is_whole)
    if form is Format.JSON:
        names = [package.name for package in packages] if is_sound else []
        click.echo(json_text(_document(report, names, differences, out)))
    else:
        show(report, form, is_result=True)
        _show(differences, out, form)
        if is_sound and not differences:
            folder = out if specs.is_whole else out / packages[0].name
            click.echo(f"{visible(folder.as_posix())}/ equals what the specs say")
    return is_sound and not differences


def _differences(
    packages: Sequence[Package], out: Path, *, has_all: bool
) -> list[Difference]:
    try:
        found = [each for package in packages for each in compare(package, out)]
        if has_all:
            found += leftover_packages(out, [package.name for package in packages])
    except OutputError as problem:
        raise click.ClickException(visible(str(problem))) from problem
    return sorted(found, key=lambda difference: difference.path)


def _show(differences: Sequence[Difference], out: Path, form: Format) -> None:
    text = render_differences(differences, out, form, colour=uses_colour(sys.stdout))
    if text:
        click.echo(text)


def _document(
    report: Report,
    names: Sequence[str],
    differences: Sequence[Difference],
    out: Path,
) -> dict[str, object]:
    return {
        "diagnostics": diagnostics_document(report.diagnostics),
        "differences": differences_document(differences, out),
        "packages": packages_document(names, differences, out),
    }
