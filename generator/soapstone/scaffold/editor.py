"""The first line of a spec, by which an editor finds its JSON Schema."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

import soapstone

_SCHEMAS = Path(soapstone.__file__).resolve().parent / "schemas"
_FIRST_LINE = re.compile(
    r"\s*#\s*yaml-language-server:\s*\$schema=(\S*?)(?:service|operation)\.schema\.json\s"
)
_MARKS = (".git", "pyproject.toml")


def schema_of(kind: str, folder: Path, neighbours: Iterable[str]) -> Markup:
    """Return the address of a schema for a spec in `folder`.

    Neighbours at the same depth know best: a project that keeps the schemas at an address of its own has
    written it there. Otherwise it is where this generator has them.

    Args:
        kind: `service` or `operation`.
        folder: The folder of the service.
        neighbours: Texts of specs at the same depth.
    """
    for text in neighbours:
        found = _FIRST_LINE.match(text)
        if found is not None and _leads_somewhere(found[1], folder):
            return _in_comment(f"{found[1]}{kind}.schema.json")
    return _in_comment(f"{_own(folder)}/{kind}.schema.json")


def _leads_somewhere(address: str, folder: Path) -> bool:
    # By its text alone, for the folder itself may not be there yet.
    place = Path(os.path.normpath(folder.resolve() / address))
    return "://" in address or place.is_dir()


def _own(folder: Path) -> str:
    """Return where the schemas of this generator are, as an editor understands it.

    Within one project the way from the spec is the same on every machine. A generator that is installed
    elsewhere is only found by its whole address; as a URI, since the line of the editor ends at a blank.
    """
    place = folder.resolve()
    if any(_is_project(above) and above in _SCHEMAS.parents for above in place.parents):
        way = Path(os.path.relpath(_SCHEMAS, place)).as_posix()
        if len(way.split()) == 1:
            return way
    return _SCHEMAS.as_uri()


def _is_project(folder: Path) -> bool:
    return folder == Path.cwd() or any((folder / mark).exists() for mark in _MARKS)


def _in_comment(address: str) -> Markup:
    # What has no blank ends no line, and so no comment.
    return Markup(address)  # noqa: S704 -- see above
