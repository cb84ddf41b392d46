"""Where services are."""

from __future__ import annotations

from pathlib import Path

SERVICE_FILE = "service.yaml"


def find_services(specs: Path) -> tuple[Path, ...]:
    """Return the folders of services: the given one, or those in it."""
    if (specs / SERVICE_FILE).is_file():
        return (specs,)
    found = (file.parent for file in specs.glob(f"*/{SERVICE_FILE}"))
    return tuple(sorted(folder for folder in found if not folder.name.startswith(".")))


def shown(folder: Path) -> str:
    """Return a folder as messages show it: relative to the working directory if it is below."""
    resolved, here = folder.resolve(), Path.cwd()
    path = resolved.relative_to(here) if resolved.is_relative_to(here) else folder
    return path.as_posix()
