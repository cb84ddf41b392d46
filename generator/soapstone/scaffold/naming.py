"""Names that a user gives to something new: whether they can be taken, and what to type instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from soapstone import naming
from soapstone.diagnostics import Report, Span
from soapstone.folders import SERVICE_FILE, shown
from soapstone.naming import Identifier
from soapstone.output import kind_of
from soapstone.source import Scalar, read


class RefusedNameError(Exception):
    """A name cannot be taken; the text says why, and what to type instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An operation whose names are good, and which is not there yet.

    Attributes:
        name: Wire name.
        asked_for: Python name that the spec has to give, where the derived one will not do.
        folder: The folder of its service.
    """

    name: str
    asked_for: str
    module: Identifier
    folder: Path

    @property
    def path(self) -> Path:
        """The file that is to be written."""
        return self.folder / f"{self.module}.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sibling:
    """An operation that is there already."""

    name: str
    module: Identifier | None
    span: Span


def draft_service(name: str, specs: Path) -> Path:
    """Return the folder that a service is to have in a folder of services.

    Raises:
        RefusedNameError: The name is none, or it is taken; or the folder is not one of services.
    """
    problem = naming.service_problem(name)
    if problem:
        raise RefusedNameError(
            f"`{name}` cannot be the name of a service: {problem}; give another name, "
            f"for example `{naming.suggest_service(name)}`"
        )
    package = naming.snake_case(name)
    if specs.is_file():
        raise RefusedNameError(
            f"`{specs.as_posix()}` is a file; give a folder of services"
        )
    if (specs / SERVICE_FILE).is_file():
        raise RefusedNameError(
            f"`{specs.as_posix()}` is the folder of one service; give the folder that holds it, "
            f"`{specs.resolve().parent.as_posix()}`"
        )
    for other, span in _services(specs):
        if naming.snake_case(other) == package:
            raise RefusedNameError(
                f"package `{package}` is that of `{other}` already: {span}"
            )
    folder = specs / package
    if kind_of(folder) is not None:
        raise RefusedNameError(
            f"`{folder.as_posix()}` is there already; give another name, or move it away"
        )
    return folder


def _services(specs: Path) -> Iterator[tuple[str, Span]]:
    for path in sorted(specs.glob(f"*/{SERVICE_FILE}")):
        root = read(path, shown_path(path), Report())
        name = None if root is None else root.get("service")
        if isinstance(name, Scalar):
            yield name.text, name.span


def draft_operation(name: str, asked_for: str, folder: Path) -> Draft:
    """Return an operation that can be added to the specs in a folder.

    Raises:
        RefusedNameError: The name is none, or it is taken.
    """
    # What cannot be seen is refused in specs as well, whatever XML says.
    if not naming.is_wire_name(name) or not name.isprintable():
        raise RefusedNameError(
            f"`{name}` cannot be the name of an operation; write it as the documentation spells "
            "it, without a prefix, blanks or brackets"
        )
    siblings = tuple(_siblings(folder))
    for sibling in siblings:
        if sibling.name == name:
            raise RefusedNameError(
                f"`{name}` has a file already: {sibling.span}; edit it"
            )
    module = naming.module_name(name, asked_for)
    problem = (
        f"no module can be named after `{asked_for or name}`: {_reason(name, asked_for)}"
        if module is None
        else _taken(module, folder, siblings)
    )
    if module is None or problem:
        suggested = naming.suggest(
            asked_for or name,
            "operation",
            lambda each: (
                naming.module_name("", each) is not None
                and not _taken(each, folder, siblings)
            ),
        )
        remedy = "write" if asked_for else "add"
        raise RefusedNameError(f"{problem}; {remedy} `--name {suggested}`")
    return Draft(name=name, asked_for=asked_for, module=module, folder=folder)


def _reason(name: str, asked_for: str) -> str:
    """Return why no module can have a name."""
    stem = asked_for or naming.snake_case(name)
    return (naming.module_problem(stem) if stem else "") or naming.NOT_TOLD


def _taken(module: str, folder: Path, siblings: Iterable[_Sibling]) -> str:
    """Return what has the name of a module already; empty when nothing has."""
    for sibling in siblings:
        # On some file systems capitals and small letters are the same.
        if sibling.module is not None and sibling.module.lower() == module.lower():
            return (
                f"module `{module}` is that of `{sibling.name}` already: {sibling.span}"
            )
    path = folder / f"{module}.yaml"
    is_there = kind_of(path) is not None
    return f"there is a file `{shown_path(path)}` already" if is_there else ""


def shown_path(path: Path) -> str:
    """Return a path as messages show it."""
    return f"{shown(path.parent)}/{path.name}"


def _siblings(folder: Path) -> Iterator[_Sibling]:
    """Yield the operations of a folder; whoever cannot be read has no name that could be taken."""
    for path in sorted(folder.glob("*.yaml")):
        root = read(path, shown_path(path), Report())
        if root is None or path.name == SERVICE_FILE:
            continue
        name, asked_for = root.get("operation"), root.get("name")
        if isinstance(name, Scalar):
            asked = asked_for.text if isinstance(asked_for, Scalar) else ""
            module = naming.module_name(name.text, asked)
            yield _Sibling(name=name.text, module=module, span=name.span)
