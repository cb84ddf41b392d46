"""From the folder that a user gives to the services in it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from soapstone.command.progress import shown_progress
from soapstone.decode import SERVICE_FILE
from soapstone.diagnostics import Diagnostic, Related, Report, Span
from soapstone.pipeline import build_package, compile_service, find_services
from soapstone.reporting import (
    Format,
    is_terminal,
    render_diagnostics,
    uses_colour,
    visible,
)
from soapstone.workers import ALONE, WorkerError, Workers

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence
    from pathlib import Path

    from soapstone.model import Service
    from soapstone.output import Package

_LARGE = 24
"""A service of more operations is built by all processes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specs:
    """The folders of services below the one that the user gave, of which there is one at least.

    Attributes:
        is_whole: Whether it is a folder of services, so that a package without specs is left over.
    """

    folders: tuple[Path, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Built:
    """What came of one service, in a form that travels between processes."""

    package: Package | None
    diagnostics: tuple[Diagnostic, ...]


def find(specs: Path) -> Specs:
    """Return the services in a folder.

    Raises:
        click.UsageError: There is none.
    """
    shown = visible(specs.as_posix())
    if specs.is_file():
        parent = visible(specs.parent.as_posix())
        raise click.UsageError(f"`{shown}` is a file; give its folder, `{parent}`")
    if not specs.is_dir():
        raise click.UsageError(
            f"there is no folder `{shown}`; give the folder of a service or of several"
        )
    folders = find_services(specs)
    if not folders:
        raise click.UsageError(
            f"`{shown}` holds no service: there is neither `{shown}/{SERVICE_FILE}` "
            f"nor `{shown}/*/{SERVICE_FILE}`"
        )
    return Specs(folders=folders, is_whole=folders != (specs,))


def read_all(specs: Specs, report: Report) -> list[Service]:
    """Read and check every service; trouble goes to the report."""
    services: list[Service] = []
    places: dict[str, Span] = {}
    for folder in specs.folders:
        compiled = compile_service(folder, report)
        if compiled is None:
            continue
        services.append(compiled.service)
        if compiled.plan is not None:
            name, here = str(compiled.plan.package.name), compiled.service.span
            first = places.setdefault(name, here)
            if first != here:
                _refuse_same_name(name, here, first, report)
    return services


def build_all(specs: Specs, jobs: int, report: Report) -> list[Package]:
    """Build the package of every service, in `jobs` processes; trouble goes to the report."""
    packages: list[Package] = []
    with _workers(jobs) as workers:
        for built in _build_each(specs.folders, workers):
            packages += [built.package] if built.package else []
            for diagnostic in built.diagnostics:
                report.add(diagnostic)
    if len({package.name for package in packages}) < len(packages):
        # Two have the same name; the places of the names are in the specs.
        read_all(specs, report)
    return packages


def show(report: Report, form: Format, *, is_result: bool) -> None:
    """Print what was found: beside the results, unless it is the result."""
    on_stderr = form is Format.TEXT and not is_result
    stream = sys.stderr if on_stderr else sys.stdout
    text = render_diagnostics(report.diagnostics, form, colour=uses_colour(stream))
    if text:
        click.echo(text, err=on_stderr)


def _refuse_same_name(name: str, here: Span, first: Span, report: Report) -> None:
    report.error(
        "service-duplicate",
        here,
        f"package `{name}` would be that of another service too",
        hint="give one of the two services another name",
        related=[Related(first, "the other service")],
    )


@contextmanager
def _workers(jobs: int) -> Generator[Workers]:
    try:
        if is_terminal(sys.stderr):
            with shown_progress() as progress:
                yield Workers(count=jobs, tell=progress)
        else:
            yield Workers(count=jobs)
    except WorkerError as problem:
        raise click.ClickException(
            "a process was killed while it built a package, perhaps because memory ran out; "
            "nothing was written; try fewer --jobs"
        ) from problem


def _build_each(folders: Sequence[Path], workers: Workers) -> Iterator[_Built]:
    """Yield what comes of each service; large ones are shared by the workers, small ones dealt out."""
    small = [folder for folder in folders if not _is_large(folder)]
    alone = workers.map(_build, small, "building packages", few=2)
    for folder in folders:
        if len(folders) == 1 or folder not in small:
            yield _build(folder, workers)
        else:
            yield next(alone)


def _is_large(folder: Path) -> bool:
    return len(list(folder.glob("*.yaml"))) > _LARGE


def _build(folder: Path, workers: Workers = ALONE) -> _Built:
    report = Report()
    try:
        package = build_package(folder, report, workers)
    except Exception as problem:
        problem.add_note(f"building `{folder.as_posix()}`")
        raise
    return _Built(package=package, diagnostics=report.diagnostics)
