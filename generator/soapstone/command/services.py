"""Services, read or built, in as many processes as there are to be."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from soapstone.command.progress import shown_progress
from soapstone.diagnostics import Diagnostic, Related, Report, Span
from soapstone.pipeline import build_package, compile_service
from soapstone.reporting import is_terminal
from soapstone.workers import ALONE, WorkerError, Workers

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping
    from pathlib import Path

    from soapstone.model import Service
    from soapstone.output import Package
    from soapstone.parts import Parts

_LARGE = 24
"""A service of more operations is built by all processes together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of one service, in a form that travels between processes."""

    package: Package | None
    diagnostics: tuple[Diagnostic, ...]


def read_all(folders: Iterable[Path], report: Report) -> list[Service]:
    """Read and check every service; trouble goes to the report."""
    services: list[Service] = []
    places: dict[str, Span] = {}
    for folder in folders:
        compiled = compile_service(folder, report)
        if compiled is None:
            continue
        services.append(compiled.service)
        if compiled.plan is not None:
            name, here = str(compiled.plan.name), compiled.service.span
            first = places.setdefault(name, here)
            if first != here:
                _refuse_same_name(name, here, first, report)
    return services


def build_all(
    folders: Mapping[Path, Parts | None], jobs: int, report: Report
) -> list[Built]:
    """Build the package of every service, in `jobs` processes; trouble goes to the report.

    Args:
        folders: Those of the services, each with what is known of its operations.
        jobs: How many processes there may be.
        report: Receives the diagnostics.
    """
    with _workers(jobs) as workers:
        found = list(_build_each(folders, workers))
    for built in found:
        for diagnostic in built.diagnostics:
            report.add(diagnostic)
    return found


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


def _build_each(
    folders: Mapping[Path, Parts | None], workers: Workers
) -> Iterator[Built]:
    """Yield what comes of each service; large ones are shared by the workers, small ones dealt out."""

    def build(folder: Path) -> Built:
        return _build(folder, ALONE, folders[folder])

    small = [folder for folder in folders if not _is_large(folder)]
    alone = workers.map(build, small, "building packages", few=2)
    for folder, parts in folders.items():
        if len(folders) == 1 or folder not in small:
            yield _build(folder, workers, parts)
        else:
            yield next(alone)


def _is_large(folder: Path) -> bool:
    return len(list(folder.glob("*.yaml"))) > _LARGE


def _build(folder: Path, workers: Workers, parts: Parts | None) -> Built:
    report = Report()
    try:
        package = build_package(folder, report, workers, parts)
    except Exception as problem:
        problem.add_note(f"building `{folder.as_posix()}`")
        raise
    return Built(package=package, diagnostics=report.diagnostics)
