"""The commands and their options, as `--help` shows them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

import soapstone
from soapstone.reporting import Format

if TYPE_CHECKING:
    from collections.abc import Callable

_Function = TypeVar("_Function", bound="Callable[..., object]")

_FORMATS = [form.value for form in Format]


def _examples(*lines: str) -> str:
    # The first line tells click to leave the line ends alone.
    return "\n  ".join(["\b\nExamples:", *lines])


def _specs(function: _Function) -> _Function:
    return click.argument(
        "specs", type=click.Path(path_type=Path), default="specs", metavar="[SPECS]"
    )(function)


def _out(function: _Function) -> _Function:
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default="generated",
        show_default=True,
        metavar="DIR",
        help="Folder that holds the packages.",
    )(function)


def _jobs(function: _Function) -> _Function:
    return click.option(
        "--jobs",
        type=click.IntRange(min=1),
        default=os.cpu_count() or 1,
        metavar="N",
        help="Build in that many processes; in as many as there are processors unless given.",
    )(function)


def _cache(function: _Function) -> _Function:
    return click.option(
        "--cache/--no-cache",
        "uses_cache",
        default=True,
        help="Use what earlier runs found out, and keep what this one does (in SOAPSTONE_CACHE, if set).",
    )(function)


def _to_format(
    _context: click.Context, _parameter: click.Parameter, value: str
) -> Format:
    return Format(value)


def _format(function: _Function) -> _Function:
    return click.option(
        "--format",
        "form",
        type=click.Choice(_FORMATS),
        callback=_to_format,
        default=Format.TEXT.value,
        show_default=True,
        help="How to write what was found: for people, for programs, or as annotations on GitHub.",
    )(function)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Carve typed, tested Python clients for XML and SOAP APIs out of YAML specs.",
    epilog=_examples(
        "soapstone lint       every mistake in specs/",
        "soapstone generate   specs/ to generated/",
        "soapstone check      in CI: is generated/ what the specs say?",
        "soapstone vendor DIR a copy of a package for another project",
    )
    + "\n\nExit codes: 0 clean, 1 problems found, 2 wrong usage.",
)
@click.version_option(
    soapstone.__version__, prog_name="soapstone", message="%(prog)s %(version)s"
)
def application() -> None:
    """Hold the commands together."""


@application.command(
    short_help="Write the packages that the specs yield.",
    help="""Write the packages that the specs yield, each in one step.

    SPECS is one service's folder or a folder of them. Nothing is written when any spec has a
    mistake, or when a file that was edited by hand would be lost. With a folder of services,
    packages whose specs are gone are removed.""",
    epilog=_examples(
        "soapstone generate",
        "soapstone generate specs/revio --out src/vendored --dry-run",
    ),
)
@_specs
@_out
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite what was edited by hand or is not ours, without a copy.",
)
@_jobs
@_cache
@_format
def generate(  # noqa: PLR0913 -- one for each option
    *,
    specs: Path,
    out: Path,
    dry_run: bool,
    force: bool,
    jobs: int,
    uses_cache: bool,
    form: Format,
) -> None:
    """Write the packages that the specs yield."""
    from soapstone.command import generating

    _leave(
        generating.generate(
            specs,
            generating.Options(
                out=out,
                is_dry_run=dry_run,
                is_forced=force,
                jobs=jobs,
                form=form,
                uses_cache=uses_cache,
            ),
        )
    )


@application.command(
    short_help="Say how the packages differ from what the specs say.",
    help="""Say which files of the packages differ from what the specs say, why, and which
    command mends that. Nothing is written.

    SPECS is one service's folder or a folder of them.""",
    epilog=_examples("soapstone check", "soapstone check --format github"),
)
@_specs
@_out
@_jobs
@_cache
@_format
def check(*, specs: Path, out: Path, jobs: int, uses_cache: bool, form: Format) -> None:
    """Say how the packages differ from what the specs say."""
    from soapstone.command import checking

    _leave(checking.check(specs, out, form, jobs=jobs, uses_cache=uses_cache))


@application.command(
    short_help="Copy a package into another project, or update the copy.",
    help="""Copy a package into the folder DIR of another project, or update the copy that is there.

    Copied is what stands in the output folder, when it is what was generated. Nothing is written
    when that would lose a file of the copy that was edited by hand; files that are not part of the
    package stay. Where the copy came from is recorded in it, in soapstone.origin, and
    `python DIR/NAME/verify.py` proves that it is unmodified, without Soapstone.""",
    epilog=_examples(
        "soapstone vendor ../project/vendor",
        "soapstone vendor ../project/vendor --service revio --no-tests --dry-run",
    ),
)
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option(
    "--service",
    default="",
    metavar="NAME",
    help="Package to copy, where there are several.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path, file_okay=False),
    default="generated",
    show_default=True,
    metavar="DIR",
    help="Folder that holds the packages.",
)
@click.option(
    "--tests/--no-tests",
    "has_tests",
    default=None,
    help="Copy the tests of the package, or leave them out; as before unless given, and at first with them.",
)
@click.option("--dry-run", is_flag=True, help="Only show what would be done.")
@click.option(
    "--force",
    is_flag=True,
    help="Overwrite what was edited by hand or is not ours, without a copy.",
)
@_format
def vendor(  # noqa: PLR0913 -- one for each option
    *,
    out: Path,
    service: str,
    source: Path,
    has_tests: bool | None,
    dry_run: bool,
    force: bool,
    form: Format,
) -> None:
    """Copy a package into another project, or update the copy."""
    from soapstone.command import vendoring

    _leave(
        vendoring.vendor(
            vendoring.Options(
                source=source,
                service=service,
                out=out,
                is_dry_run=dry_run,
                is_forced=force,
                has_tests=has_tests,
                form=form,
            )
        )
    )


@application.command(
    short_help="Show every mistake in the specs.",
    help="""Show every mistake in the specs, with its place and its remedy.

    SPECS is one service's folder or a folder of them. Warnings are shown too; they are no
    failure. `soapstone explain` says more about a rule.""",
    epilog=_examples("soapstone lint", "soapstone lint specs/revio --format json"),
)
@_specs
@_format
def lint(*, specs: Path, form: Format) -> None:
    """Show every mistake in the specs."""
    from soapstone.command import linting

    _leave(linting.lint(specs, form))


@application.command(
    short_help="Say what the documented examples exercise, and what they miss.",
    help="""Say which fields, presence states, allowed values, constraints and errors of the
    specs the documented examples exercise, and where those stand that they miss.

    SPECS is one service's folder or a folder of them. What is missed is no problem unless
    --fail-under asks for more.""",
    epilog=_examples(
        "soapstone coverage", "soapstone coverage specs/revio --fail-under 80"
    ),
)
@_specs
@click.option(
    "--fail-under",
    type=click.IntRange(min=0, max=100),
    default=0,
    metavar="N",
    help="Fail when less than N percent of everything is exercised.",
)
@_format
def coverage(*, specs: Path, fail_under: int, form: Format) -> None:
    """Say what the documented examples exercise, and what they miss."""
    from soapstone.command import covering

    _leave(covering.coverage(specs, fail_under, form))


@application.command(
    short_help="Explain a rule, with a bad and a good spec.",
    help="Explain what a rule checks and why, with a bad and a good spec.",
    epilog=_examples(
        "soapstone explain source-duplicate-key", "soapstone explain --list"
    ),
)
@click.argument("rule", required=False)
@click.option("--list", "is_list", is_flag=True, help="List every rule instead.")
def explain(*, rule: str | None, is_list: bool) -> None:
    """Explain a rule, with a bad and a good spec."""
    from soapstone.command import explaining

    if is_list == (rule is not None):
        raise click.UsageError("give one rule, or --list")
    click.echo(explaining.explained(rule) if rule is not None else explaining.listed())


@application.command(
    short_help="Print what the specs say as JSON.",
    help="""Print what the specs say as one JSON document.

    SPECS is one service's folder or a folder of them.""",
    epilog=_examples("soapstone dump", "soapstone dump specs/revio > revio.json"),
)
@_specs
def dump(*, specs: Path) -> None:
    """Print what the specs say as JSON."""
    from soapstone.command import dumping

    _leave(dumping.dump(specs))


@application.group(
    short_help="Write a commented spec to start from.",
    help="Write a commented spec to start from, which lints and generates as it stands.",
    epilog=_examples(
        "soapstone new service Billing",
        "soapstone new operation Create_Invoice specs/billing",
    ),
)
def new() -> None:
    """Hold together what can be started."""


@new.command(
    short_help="Write a service with a first operation.",
    help="""Write the folder of a service, with a first operation.

    NAME is spelled like a class of Python; the folder and the package are the same in snake case.
    Nothing that is there already is touched.""",
    epilog=_examples(
        "soapstone new service Billing",
        "soapstone new service Billing --specs apis",
    ),
)
@click.argument("name")
@click.option(
    "--specs",
    type=click.Path(path_type=Path),
    default="specs",
    show_default=True,
    metavar="DIR",
    help="Folder that holds the services.",
)
def service(*, name: str, specs: Path) -> None:
    """Write a service with a first operation."""
    from soapstone.command import creating

    _leave(creating.new_service(name, specs))


@new.command(
    short_help="Write an operation that fits its service.",
    help="""Write the file of an operation that fits its service.

    NAME is the wire name, as the documentation spells it. SPECS is the service's folder, or a folder
    with one service in it. Nothing that is there already is touched.""",
    epilog=_examples(
        "soapstone new operation SMS_Send",
        "soapstone new operation Errors specs/billing --name list_errors",
    ),
)
@click.argument("name")
@_specs
@click.option(
    "--name",
    "asked_for",
    default="",
    metavar="PYTHON_NAME",
    help="Name of the module, where the one that NAME gives will not do.",
)
def operation(*, name: str, specs: Path, asked_for: str) -> None:
    """Write an operation that fits its service."""
    from soapstone.command import creating

    _leave(creating.new_operation(name, asked_for, specs))


def _leave(is_clean: bool) -> None:  # noqa: FBT001 -- the value is what this is about
    click.get_current_context().exit(0 if is_clean else 1)
