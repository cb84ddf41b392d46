"""`soapstone vendor`: a copy of a package in another project."""

from __future__ import annotations

import difflib
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soapstone.command.telling import written_document, written_lines
from soapstone.output import (
    LOCK_NAME,
    Difference,
    Origin,
    OutputError,
    Package,
    Written,
    leaves_out,
    lock_digest,
    package_names,
    read_package,
)
from soapstone.output import vendor as write_copy
from soapstone.reporting import (
    Format,
    differences_document,
    json_text,
    render_differences,
    uses_colour,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_TESTS = "tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the user asked for.

    Attributes:
        source: Folder of the packages.
        service: Name of the package; empty for the only one.
        out: Folder that is to hold the copy.
        has_tests: Whether the copy is to have the tests; None for what it has.
    """

    source: Path
    service: str
    out: Path
    is_dry_run: bool
    is_forced: bool
    has_tests: bool | None
    form: Format


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copied:
    """A package, where it came from, and what was written."""

    package: Package
    origin: Origin
    written: Written


def vendor(options: Options) -> bool:
    """Copy a package as it was generated into another project; return whether that was done.

    Raises:
        click.UsageError: It is not clear what to copy, or it cannot be meant where to.
        click.ClickException: The disk refuses.
    """
    against: list[Difference] = []
    copied: _Copied | None = None
    try:
        name = _chosen(options)
        _refuse_places(name, options)
        package = read_package(name, options.source, against)
        if package is not None:
            copied = _copy(package, options)
    except OutputError as problem:
        raise click.ClickException(visible(str(problem))) from problem
    refused = () if copied is None else copied.written.refused
    is_done = copied is not None and not refused
    if options.form is Format.JSON:
        document = {
            "dry_run": options.is_dry_run,
            "refused": [
                *differences_document(against, options.source),
                *differences_document(refused, options.out),
            ],
            "package": _document(copied, options) if copied and is_done else None,
        }
        click.echo(json_text(document))
        return is_done
    _refuse(against, options.source, options.form)
    _refuse(refused, options.out, options.form)
    if copied and is_done:
        _tell(copied, options)
    else:
        click.echo("nothing was written", err=options.form is Format.TEXT)
    return is_done


def _chosen(options: Options) -> str:
    shown = visible(options.source.as_posix())
    # What cannot be imported was not generated under that name.
    names = [name for name in package_names(options.source) if name.isidentifier()]
    if not names:
        raise click.UsageError(
            f"`{shown}` holds no package; run `soapstone generate` first, "
            "or give the folder of the packages with --from"
        )
    if options.service in names:
        return options.service
    listed = ", ".join(f"`{name}`" for name in names)
    if options.service:
        near = difflib.get_close_matches(options.service.lower(), names, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"there is {listed}"
        service = visible(options.service)
        raise click.UsageError(f"`{shown}` holds no package `{service}`; {hint}")
    if len(names) > 1:
        raise click.UsageError(
            f"`{shown}` holds several packages: {listed}; choose one with --service"
        )
    return names[0]


def _refuse_places(name: str, options: Options) -> None:
    out, source = options.out.resolve(), options.source.resolve()
    shown = visible(options.out.as_posix())
    if out == source:
        raise click.UsageError(f"`{shown}` is where the package comes from")
    if out.is_relative_to(source / name):
        raise click.UsageError(f"`{shown}` is a part of the package itself")
    if (out / LOCK_NAME).exists():
        parent = visible(options.out.parent.as_posix())
        raise click.UsageError(
            f"`{shown}` is a package; give the folder that is to hold it, `{parent}`"
        )


def _copy(package: Package, options: Options) -> _Copied:
    has_tests = options.has_tests
    if has_tests is None:
        has_tests = not leaves_out(options.out / package.name, _TESTS)
    origin = Origin(
        commit=_commit(options.source / package.name),
        left_out=() if has_tests else (_TESTS,),
    )
    written = write_copy(
        package,
        options.out,
        origin,
        force=options.is_forced,
        dry_run=options.is_dry_run,
    )
    return _Copied(package=package, origin=origin, written=written)


def _commit(folder: Path) -> str:
    """Return the last commit that changed a folder; empty when git knows none that holds it as it is."""
    # Other commits leave the copy as it is, so that they are no reason to write it anew.
    if _git(folder, "status", "--porcelain", "--", ".") != "":
        return ""
    return _git(folder, "log", "-1", "--format=%H", "--", ".") or ""


def _git(folder: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    # A hook that calls us has git look at another repository.
    kept = {name: text for name, text in os.environ.items() if name[:4] != "GIT_"}
    ended = subprocess.run(  # noqa: S603 -- all arguments are ours
        [program, "-C", str(folder), *arguments],
        env={**kept, "GIT_OPTIONAL_LOCKS": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    return None if ended.returncode else ended.stdout.strip()


def _refuse(found: Sequence[Difference], folder: Path, form: Format) -> None:
    stream = sys.stderr if form is Format.TEXT else sys.stdout
    text = render_differences(found, folder, form, colour=uses_colour(stream))
    if text:
        click.echo(text, err=form is Format.TEXT)


def _tell(copied: _Copied, options: Options) -> None:
    name, digest = copied.package.name, lock_digest(copied.package)
    lines = written_lines(
        name, copied.written, options.out, is_dry_run=options.is_dry_run
    )
    for line in lines:
        click.echo(line)
    if copied.origin.left_out:
        click.echo(f"left out: {name}/{_TESTS}/")
    module = shlex.quote((options.out / name / "verify.py").as_posix())
    click.echo(f"in CI: `{visible(f'python {module} --digest {digest}')}`")


def _document(copied: _Copied, options: Options) -> dict[str, object]:
    return {
        **written_document(copied.package.name, copied.written, options.out),
        "left_out": list(copied.origin.left_out),
        "commit": copied.origin.commit or None,
        "lock": lock_digest(copied.package),
    }
