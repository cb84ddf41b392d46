"""The way from specs to a package in memory: what every command and the tests call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

import soapstone
from soapstone.decode import decode_service
from soapstone.diagnostics import Report
from soapstone.folders import SERVICE_FILE, shown
from soapstone.lint import lint
from soapstone.model import Operation, Service
from soapstone.output import Package
from soapstone.plan import Plan, plan_operation, plan_service
from soapstone.workers import ALONE, Workers

_MOST_ERRORS = 1000

# Folders of a generated package, and the hand-written ones that they are copies of.
_COPIED = {"_runtime": "runtime", "tests": "shipped_tests"}
# The hand-written module that stands beside the generated ones, and the folder that holds it.
_VERIFY, _ROOT = "verify.py", "shipped_root"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A service whose specs were read; without a plan when they have mistakes."""

    service: Service
    plan: Plan | None


def compile_service(
    folder: Path, report: Report, workers: Workers = ALONE
) -> Compiled | None:
    """Run the stages from source to plan; mistakes go to the report."""
    own = Report()
    service = decode_service(folder, shown(folder), own, workers)
    plan = None
    # What follows from a thousand mistakes is compared with each of them, for nobody.
    if (
        service is not None
        and own.error_count < _MOST_ERRORS
        and lint(service, own, workers)
    ):
        plan = plan_service(service, own)
    for diagnostic in own.diagnostics:
        report.add(diagnostic)
    return None if service is None else Compiled(service=service, plan=plan)


def build_package(
    folder: Path, report: Report, workers: Workers = ALONE
) -> Package | None:
    """Run all stages up to the formatted package; None when the specs have mistakes."""
    compiled = compile_service(folder, report, workers)
    if compiled is None or compiled.plan is None:
        return None
    # Jinja2 takes longer to import than specs to check: `lint` goes without it.
    from soapstone.format import (  # noqa: PLC0415 -- see above
        OPTIONS,
        VERSION,
        format_files,
    )

    plan, service = compiled.plan, compiled.service
    return Package(
        name=str(plan.package.name),
        files=package_files(plan, format_files, workers),
        specs=_digests(folder, service),
        generator=soapstone.__version__,
        templates=templates_digest(),
        formatter=VERSION,
        options=OPTIONS,
        copies=frozenset(_copies()),
        subjects=_subjects(folder, service, plan),
    )


def package_files(
    plan: Plan,
    layout: Callable[[dict[str, str]], dict[str, str]],
    workers: Workers = ALONE,
) -> dict[str, bytes]:
    """Return every file of a package: its modules, what is copied, and documents.

    Args:
        plan: Has no mistakes.
        layout: What becomes of the text of the modules.
        workers: They share the operations.
    """
    from soapstone.render import (  # noqa: PLC0415 -- see above
        render_operation,
        render_package,
    )

    def files_of(number: int) -> dict[str, bytes]:
        planned = plan_operation(plan, number)
        module = planned.view.module
        texts = layout(render_operation(planned))
        files = {path: text.encode() for path, text in texts.items()}
        for name, document in planned.fake.documents.items():
            files[f"testing/documents/{module}/{name}"] = document
        for path, document in planned.tests.data.items():
            files[f"tests/data/{path}"] = document
        return files

    texts = layout(render_package(plan))
    files = {path: text.encode() for path, text in texts.items()} | _copies()
    numbers = range(len(plan.operations))
    for found in workers.map(files_of, numbers, "writing modules"):
        files |= found
    return files


@cache
def templates_digest() -> str:
    """Return the digest of all templates."""
    found = hashlib.sha256()
    for path, content in _read_all("templates").items():
        found.update(f"{path}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _copies() -> dict[str, bytes]:
    found = {
        f"{target}/{path}": content
        for target, source in _COPIED.items()
        for path, content in _read_all(source).items()
    }
    return {**found, _VERIFY: _read_all(_ROOT)[_VERIFY]}


def _subjects(folder: Path, service: Service, plan: Plan) -> dict[str, frozenset[str]]:
    """Return the specs of each operation by the files and folders that are about it alone."""
    found: dict[str, frozenset[str]] = {}
    for operation, view in zip(service.operations, plan.operations, strict=True):
        files = {SERVICE_FILE, *_spec_files(operation)}
        specs = frozenset(_placed(folder, file) for file in files)
        about = (
            f"{view.module}.py",
            f"testing/answers/{view.module}.py",
            f"testing/documents/{view.module}",
            f"tests/data/{view.module}",
            f"tests/test_{view.module}.py",
        )
        found |= dict.fromkeys(about, specs)
    return found


def _read_all(folder: str) -> dict[str, bytes]:
    root = resources.files("soapstone").joinpath(folder)
    return dict(sorted(_files_in(root, "")))


def _files_in(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """Yield every file in a folder, and in those in it, by its path."""
    for entry in folder.iterdir():
        # Nothing that a tool left beside the sources belongs into a package.
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _files_in(entry, f"{path}{entry.name}/")
        elif entry.name.endswith((".py", ".j2")):
            yield f"{path}{entry.name}", entry.read_bytes()


def _digests(folder: Path, service: Service) -> dict[str, str]:
    """Return the digest of every file that the specs consist of."""
    files = {SERVICE_FILE}.union(*map(_spec_files, service.operations))
    return {
        _placed(folder, file): hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file in sorted(files)
    }


def _spec_files(operation: Operation) -> set[str]:
    """Return the files in the folder of a service that an operation consists of."""
    files = {PurePosixPath(operation.path).name}
    for example in operation.examples:
        documents = (example.request, example.response)
        files |= {document.file for document in documents if document and document.file}
    return files


def _placed(folder: Path, file: str) -> str:
    return f"{folder.resolve().name}/{file}"
