"""Packages of every service that the tests have, as they come from the specs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType

from proof_effort import ONLY

from soapstone.diagnostics import Report
from soapstone.model import (
    Atom,
    MemberValue,
    NamedStructure,
    Operation,
    Service,
    Structure,
    StructureValue,
    Timestamp,
)
from soapstone.naming import Identifier
from soapstone.pipeline import Compiled, compile_service, package_files
from soapstone.plan.values import ValuePlanner
from soapstone.views import ValueView

# Holds the packages, whose names other tests use for packages of their own.
PARENT = "proven"

_TESTS = Path(__file__).parent.parent
FOLDERS = [
    folder
    for folder in (
        _TESTS.parent / "specs" / "revio",
        *sorted((_TESTS / "cases").iterdir()),
        _TESTS / "services" / "tallyhouse",
    )
    if ONLY in {"", folder.name}
]


@dataclass(frozen=True)
class Subject:
    """An operation and the package that has it.

    Attributes:
        package: How the package is imported.
    """

    service: Service
    operation: Operation
    package: str
    module_name: str

    def __str__(self) -> str:
        return f"{self.package.rpartition('.')[2]}.{self.module_name}"

    @property
    def module(self) -> ModuleType:
        """The module of the operation."""
        return import_module(f"{self.package}.{self.module_name}")

    @property
    def errors(self) -> ModuleType:
        """The exceptions of the package."""
        return import_module(f"{self.package}.errors")

    @property
    def runtime(self) -> str:
        """How the support code of the package is imported."""
        return f"{self.package}._runtime"

    def read(self, path: str) -> bytes:
        """Return a file of the package."""
        return (Path(str(self.module.__file__)).parent / path).read_bytes()

    @cached_property
    def makes(self) -> Maker:
        """What makes values of the package."""
        return Maker(self)

    def request(self, value: StructureValue) -> object:
        """Return the request that a value of the model stands for."""
        names = (self.operation.stem, "Request")
        return self.makes.structure(self.operation.request, names, value)


@cache
def compiled(folder: Path) -> Compiled:
    """Return what the specs of a service say, which has no mistakes."""
    report = Report()
    found = compile_service(folder, report)
    assert found is not None, report.diagnostics
    assert found.plan is not None, report.diagnostics
    return found


def subjects() -> list[Subject]:
    """Return every operation of every service."""
    found: list[Subject] = []
    for folder in FOLDERS:
        plan = compiled(folder).plan
        assert plan is not None
        service = compiled(folder).service
        package = f"{PARENT}.{plan.name}"
        found += [
            Subject(service, operation, package, plan.modules[operation.path])
            for operation in service.operations
        ]
    return found


def write_all(parent: Path) -> None:
    """Write every package into a folder; nobody reads it, so that its layout does not matter."""
    for folder in FOLDERS:
        write(compiled(folder), parent)


def write(found: Compiled, parent: Path) -> Path:
    """Write one package, with the support code and the tests that come with it."""
    plan = found.plan
    assert plan is not None
    target = parent / str(plan.name)
    files = package_files(plan, dict)  # however it is laid out
    for path, content in files.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(content)
    return target


class Maker:
    """Makes instances of the classes of a package from values of the model."""

    def __init__(self, subject: Subject) -> None:
        self._modules = (
            subject.module,
            import_module(f"{subject.package}.types"),
        )
        self._nil: object = import_module(f"{subject.runtime}.nil").NIL
        self._with_nanosecond = import_module(
            f"{subject.runtime}.timestamp"
        ).with_nanosecond
        self._planner = ValuePlanner(service=subject.service)

    def structure(
        self, structure: Structure, names: tuple[str, ...], value: StructureValue
    ) -> object:
        """Return the instance of a class that is named after a path of wire names."""
        return self._made(self._planner.structure(structure, names, value))

    def authentication(self, alternative: NamedStructure, value: MemberValue) -> object:
        """Return what opens a request."""
        assert isinstance(value.value, StructureValue)
        return self.structure(alternative.structure, (alternative.stem,), value.value)

    def _made(self, view: ValueView) -> object:
        if view.member is not None:
            return getattr(self._named(view.class_name), view.member)
        if view.name is not None:
            return self._nil
        if view.class_name is not None:
            made = self._named(view.class_name)
            # What must be given and is not is given as None, as callers without types may do.
            members: dict[str, object] = {
                each.name: None
                for each in dataclasses.fields(made)
                if each.default is each.default_factory is dataclasses.MISSING
            }
            members |= {str(name): self._made(each) for name, each in view.arguments}
            return made(**members)
        if view.is_tuple:
            return tuple(map(self._made, view.items)) * (view.times or 1)
        if view.times:
            return str(view.atom) * view.times
        return self._atom(view.atom)

    def _atom(self, atom: Atom | None) -> object:
        if isinstance(atom, Timestamp):
            plain = datetime.combine(atom.date(), atom.timetz())
            return self._with_nanosecond(plain, int(f"{atom.digits:0<3}"))
        return atom

    def _named(self, name: Identifier | None) -> type:
        found = (getattr(module, str(name), None) for module in self._modules)
        made: type = next(each for each in found if each is not None)
        return made
