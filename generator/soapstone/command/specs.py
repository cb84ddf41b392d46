"""The specs that a command is about, and what is said of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from soapstone.folders import SERVICE_FILE, find_services
from soapstone.reporting import Format, render_diagnostics, uses_colour, visible

if TYPE_CHECKING:
    from pathlib import Path

    from soapstone.diagnostics import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Specs:
    """The folders of services below the one that the user gave, of which there is one at least.

    Attributes:
        is_whole: Whether it is a folder of services, so that a package without specs is left over.
    """

    folders: tuple[Path, ...]
    is_whole: bool


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


def show(report: Report, form: Format, *, is_result: bool) -> None:
    """Print what was found: beside the results, unless it is the result."""
    on_stderr = form is Format.TEXT and not is_result
    stream = sys.stderr if on_stderr else sys.stdout
    text = render_diagnostics(report.diagnostics, form, colour=uses_colour(stream))
    if text:
        click.echo(text, err=on_stderr)
