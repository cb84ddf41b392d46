"""`soapstone check`: do the packages equal what the specs say, and if not, why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from soapstone.command.building import build
from soapstone.command.specs import find, show
from soapstone.output import Difference, OutputError, compare, leftover_packages
from soapstone.records import Records
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

    from soapstone.diagnostics import Report
    from soapstone.output import Package


def check(
    specs_folder: Path, out: Path, form: Format, *, jobs: int, uses_cache: bool
) -> bool:
    """Print how the packages differ from what the specs say; return whether they do not."""
    specs = find(specs_folder)
    records = Records(out, is_used=uses_cache)
    building = build(specs, records, jobs)
    names = building.names if building.is_sound else []
    differences: list[Difference] = []
    if building.is_sound:
        differences = _differences(
            building.packages, names, out, has_all=specs.is_whole
        )
        wrong = {each.path.partition("/")[0] for each in differences}
        building.keep(
            records, dict.fromkeys(name for name in names if name not in wrong)
        )
    if form is Format.JSON:
        click.echo(json_text(_document(building.report, names, differences, out)))
    else:
        show(building.report, form, is_result=True)
        _show(differences, out, form)
        if building.is_sound and not differences:
            folder = out if specs.is_whole else out / names[0]
            click.echo(f"{visible(folder.as_posix())}/ equals what the specs say")
    return building.is_sound and not differences


def _differences(
    packages: Sequence[Package], names: Sequence[str], out: Path, *, has_all: bool
) -> list[Difference]:
    try:
        found = [each for package in packages for each in compare(package, out)]
        if has_all:
            found += leftover_packages(out, names)
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
