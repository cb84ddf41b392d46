"""A service to start from, with a first operation."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from soapstone.diagnostics import Report
from soapstone.folders import SERVICE_FILE
from soapstone.naming import Identifier
from soapstone.scaffold.editor import schema_of
from soapstone.scaffold.naming import Draft
from soapstone.scaffold.operation import operation_text
from soapstone.scaffold.text import fill

_FIRST = "Example_Operation"
_FIRST_MODULE = Identifier("example_operation")


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What the template of a service places.

    Attributes:
        name: The service, which has the name of a class.
        retrieved: The day on which the page was read: today.
    """

    schema: Markup
    name: Identifier
    package: Identifier
    retrieved: Markup


def service_texts(name: str, folder: Path) -> dict[str, str]:
    """Return the files of a new service.

    Args:
        name: The service, whose package can be named.
        folder: Its folder, which is not there yet.

    Raises:
        ValueError: No package can be named after the service.
    """
    neighbours = [
        each.read_text(encoding="utf-8", errors="replace")
        for each in sorted(folder.parent.glob(f"*/{SERVICE_FILE}"))
    ]
    today = datetime.datetime.now().astimezone().date().isoformat()
    view = _View(
        schema=schema_of("service", folder, neighbours),
        name=Identifier(name),
        package=Identifier(folder.name),
        retrieved=Markup(today),  # noqa: S704 -- digits and dashes
    )
    service = fill("service.yaml.j2", view)
    draft = Draft(name=_FIRST, asked_for="", module=_FIRST_MODULE, folder=folder)
    operation = operation_text(draft, service.encode(), Report())
    if operation is None:  # pragma: no cover -- the type checker asks for it
        raise ValueError(f"no package can be named after {name!r}")
    return {SERVICE_FILE: service, draft.path.name: operation}
