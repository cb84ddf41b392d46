"""`soapstone new`: specs to start from, which lint as they stand."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import click

from soapstone.command.specs import find, show
from soapstone.diagnostics import Report
from soapstone.folders import SERVICE_FILE
from soapstone.output import OutputError, create_file, create_folder
from soapstone.reporting import Format, visible
from soapstone.scaffold import (
    RefusedNameError,
    draft_operation,
    draft_service,
    operation_text,
    service_texts,
)

if TYPE_CHECKING:
    from pathlib import Path


def new_service(name: str, specs: Path) -> bool:
    """Write a service with a first operation; return whether it was written.

    Raises:
        click.UsageError: The name cannot be taken.
        click.ClickException: The disk refuses.
    """
    try:
        folder = draft_service(name, specs)
        texts = service_texts(name, folder)
    except RefusedNameError as refusal:
        raise click.UsageError(visible(str(refusal))) from refusal
    try:
        create_folder(folder, {file: text.encode() for file, text in texts.items()})
    except OutputError as problem:
        raise click.ClickException(visible(str(problem))) from problem
    _tell([folder / file for file in texts], specs)
    return True


def new_operation(name: str, asked_for: str, specs: Path) -> bool:
    """Write an operation that fits its service; return whether it was written.

    Args:
        name: Wire name.
        asked_for: Python name; empty when it is to be derived.
        specs: The service's folder, or a folder with nothing but that.

    Raises:
        click.UsageError: The name cannot be taken, or there are several services.
        click.ClickException: The disk refuses.
    """
    folder = _only_service(name, specs)
    report = Report()
    try:
        draft = draft_operation(name, asked_for, folder)
    except RefusedNameError as refusal:
        raise click.UsageError(visible(str(refusal))) from refusal
    text = operation_text(draft, (folder / SERVICE_FILE).read_bytes(), report)
    show(report, Format.TEXT, is_result=False)
    if text is None:
        click.echo("nothing was written", err=True)
        return False
    try:
        create_file(draft.path, text.encode())
    except OutputError as problem:
        raise click.ClickException(visible(str(problem))) from problem
    _tell([draft.path], specs)
    return True


def _only_service(name: str, specs: Path) -> Path:
    first, *others = find(specs).folders
    if others:
        shown = visible(specs.as_posix())
        names = ", ".join(f"`{visible(each.name)}`" for each in (first, *others))
        call = f"soapstone new operation {shlex.quote(name)} {_quoted(first)}"
        raise click.UsageError(
            f"`{shown}` holds several services: {names}; give the folder of one, "
            f"for example `{visible(call)}`"
        )
    return first


def _tell(written: list[Path], specs: Path) -> None:
    for path in written:
        click.echo(f"created {visible(path.as_posix())}")
    place = "" if specs.as_posix() == "specs" else f" {_quoted(specs)}"
    click.echo(
        "next: write what the documentation says in place of the placeholders; "
        f"`soapstone lint{place}` checks it, `soapstone generate{place}` makes it Python"
    )


def _quoted(path: Path) -> str:
    return visible(shlex.quote(path.as_posix()))
