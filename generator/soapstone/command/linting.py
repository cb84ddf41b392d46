"""`soapstone lint`: every mistake in the specs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from soapstone.command.services import read_all
from soapstone.command.specs import find, show
from soapstone.diagnostics import Report
from soapstone.reporting import Format, counted

if TYPE_CHECKING:
    from pathlib import Path


def lint(specs_folder: Path, form: Format) -> bool:
    """Print every mistake in the specs; return whether there is no error."""
    report = Report()
    services = read_all(find(specs_folder).folders, report)
    show(report, form, is_result=True)
    if not report.diagnostics and form is not Format.JSON:
        operations = sum(len(service.operations) for service in services)
        where = (
            f"{counted(len(services), 'service')}, {counted(operations, 'operation')}"
        )
        click.echo(f"no problems in {where}")
    return not report.has_errors
