"""`soapstone generate`: the packages on disk become what the specs say, or nothing is written."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

import click

from soapstone.command.building import Building, build
from soapstone.command.specs import find, show
from soapstone.command.telling import written_document, written_lines
from soapstone.output import (
    Difference,
    OutputError,
    Written,
    leftover_packages,
    remove_leftover,
    write,
)
from soapstone.records import Records
from soapstone.reporting import (
    Format,
    diagnostics_document,
    differences_document,
    json_text,
    render_differences,
    uses_colour,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soapstone.diagnostics import Report
    from soapstone.output import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asked for beside the specs."""

    out: Path
    is_dry_run: bool
    is_forced: bool
    jobs: int
    form: Format
    uses_cache: bool


class _Action(Protocol):
    """Makes one package folder what it should be, or says how."""

    def __call__(self, *, dry_run: bool) -> Written: ...


@dataclass(slots=True, kw_only=True)
class _Result:
    """What was done, by package; or why it was not."""

    written: dict[str, Written] = field(default_factory=dict[str, Written])
    refused: list[Difference] = field(default_factory=list[Difference])
    failures: list[str] = field(default_factory=list[str])

    @property
    def is_clean(self) -> bool:
        return not (self.refused or self.failures)


def generate(specs_folder: Path, options: Options) -> bool:
    """Write the packages that the specs yield; return whether all went well.

    Raises:
        click.UsageError: There are no specs, or the packages would come among them.
    """
    specs = find(specs_folder)
    if options.out.resolve() in {folder.resolve().parent for folder in specs.folders}:
        raise click.UsageError("--out is the folder of the specs; give another one")
    records = Records(options.out, is_used=options.uses_cache)
    building = build(specs, records, options.jobs)
    result = _Result()
    if building.is_sound:
        result = _write_all(
            building, records, options, removes_leftovers=specs.is_whole
        )
    if options.form is Format.JSON:
        click.echo(json_text(_document(building.report, result, options)))
    else:
        show(building.report, options.form, is_result=False)
        _show(result, options)
    return building.is_sound and result.is_clean


def _write_all(
    building: Building, records: Records, options: Options, *, removes_leftovers: bool
) -> _Result:
    actions: dict[str, _Action] = {}
    for record in building.known.values():
        actions[record.name] = partial(_stay, records.files(record))
    for package in building.packages:
        force = options.is_forced
        actions[package.name] = partial(write, package, options.out, force=force)
    actions = dict(sorted(actions.items()))
    if removes_leftovers:
        try:
            leftovers = leftover_packages(options.out, actions)
        except OutputError as problem:
            return _Result(failures=[str(problem)])
        for leftover in leftovers:
            actions[leftover.path] = partial(_remove, leftover, options.out)
    # All that could be refused is known before the first package is touched; one knows by itself.
    if options.is_dry_run or len(actions) > 1:
        foreseen = _carry_out(actions, is_dry_run=True)
        if options.is_dry_run or not foreseen.is_clean:
            return foreseen if foreseen.is_clean else replace(foreseen, written={})
    result = _carry_out(actions, is_dry_run=False)
    building.keep(records, _standing(result))
    return result


def _standing(result: _Result) -> dict[str, Mapping[str, Entry] | None]:
    """Return what stands in the packages that are right now; None where that is as it was."""
    return {
        name: written.entries if written.changes else None
        for name, written in result.written.items()
    }


def _stay(files: tuple[str, ...], *, dry_run: bool) -> Written:
    del dry_run
    return Written(unchanged=files)


def _carry_out(actions: Mapping[str, _Action], *, is_dry_run: bool) -> _Result:
    result = _Result()
    for name, action in actions.items():
        try:
            written = action(dry_run=is_dry_run)
        except OutputError as problem:
            result.failures.append(str(problem))
            continue
        result.refused += written.refused
        if not written.refused:
            result.written[name] = written
    return result


def _remove(leftover: Difference, out: Path, *, dry_run: bool) -> Written:
    try:
        written = remove_leftover(out, leftover.path, dry_run=dry_run)
    except ValueError:
        # A folder with a lock whose name no package can have: somebody's copy.
        return Written(refused=(leftover,))
    # `--force` is for what is generated; nobody orders the loss of a whole package by accident.
    refused = tuple(replace(found, remedy=leftover.remedy) for found in written.refused)
    return replace(written, refused=refused)


def _show(result: _Result, options: Options) -> None:
    on_stderr = options.form is Format.TEXT
    stream = sys.stderr if on_stderr else sys.stdout
    refused = render_differences(
        result.refused, options.out, options.form, colour=uses_colour(stream)
    )
    if refused:
        click.echo(refused, err=on_stderr)
    for failure in result.failures:
        click.echo(f"Error: {visible(failure)}", err=True)
    if not (result.is_clean or result.written):
        click.echo("nothing was written", err=on_stderr)
    for name, written in result.written.items():
        for line in written_lines(
            name, written, options.out, is_dry_run=options.is_dry_run
        ):
            click.echo(line)


def _document(report: Report, result: _Result, options: Options) -> dict[str, object]:
    return {
        "dry_run": options.is_dry_run,
        "diagnostics": diagnostics_document(report.diagnostics),
        "refused": differences_document(result.refused, options.out),
        "failures": result.failures,
        "packages": [
            written_document(name, written, options.out)
            for name, written in result.written.items()
        ],
    }
