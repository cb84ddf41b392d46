"""`soapstone dump`: the model as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from soapstone.command.services import read_all
from soapstone.command.specs import find, show
from soapstone.diagnostics import Report
from soapstone.dump import dump_services
from soapstone.reporting import Format, json_text

if TYPE_CHECKING:
    from pathlib import Path


def dump(specs_folder: Path) -> bool:
    """Print what the specs say, unless they have errors; return whether they have none."""
    report = Report()
    services = read_all(find(specs_folder).folders, report)
    show(report, Format.TEXT, is_result=False)
    if not report.has_errors:
        click.echo(json_text(dump_services(services)))
    return not report.has_errors
