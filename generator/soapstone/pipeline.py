"""The way from specs to a package in memory: what every command and the tests call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import soapstone
from soapstone.decode import decode_service
from soapstone.diagnostics import Report
from soapstone.folders import SERVICE_FILE, shown
from soapstone.model import Operation, Service
from soapstone.output import Package, digest
from soapstone.parts import Parts
from soapstone.workers import ALONE, Workers, nothing

if TYPE_CHECKING:
    from soapstone.plan import Interface, Plan, PlannedOperation

# Later stages are imported by those who run them: that takes as long as two hundred specs, which
# others read meanwhile.

_MOST_ERRORS = 1000

Layout: TypeAlias = Callable[[dict[str, str]], dict[str, str]]
_NOTHING: Mapping[int, dict[str, bytes]] = {}

# Folders of a generated package, and the hand-written ones that they are copies of.
_COPIED = {"_runtime": "runtime", "tests": "shipped_tests"}
# The hand-written module that stands beside the generated ones, and the folder that holds it.
_VERIFY, _ROOT = "verify.py", "shipped_root"


@dataclass(kw_only=True)
class Compiled:
    """A service whose specs were read; without a plan when they have mistakes."""

    folder: Path
    service: Service
    plan: Plan | None = None

    @cached_property
    def digests(self) -> dict[str, str]:
        """The digest of every file that the specs consist of."""
        return _digests(self.folder, self.service)

    @cached_property
    def keys(self) -> dict[str, str]:
        """A digest of what each operation says and of the service, by the operation's path."""
        return _keys(self.folder, self.service, self.digests)


def compile_service(folder: Path, report: Report) -> Compiled | None:
    """Run the stages from source to plan; mistakes go to the report.

    Args:
        folder: The folder of the service.
        report: Receives the diagnostics.
    """
    own = Report()
    compiled = _compile(folder, own)
    if compiled is not None and compiled.plan is not None:
        _check_names(compiled.plan)
        if own.has_errors:
            compiled.plan = None
    for diagnostic in own.diagnostics:
        report.add(diagnostic)
    return compiled


def build_package(
    folder: Path,
    report: Report,
    workers: Workers = ALONE,
    parts: Parts | None = None,
) -> Package | None:
    """Run all stages up to the formatted package; None when the specs have mistakes.

    Args:
        folder: The folder of the service.
        report: Receives the diagnostics.
        workers: They share the operations.
        parts: What is known of these already.
    """
    own = Report()
    compiled = _compile(folder, own, workers, parts, meanwhile=_get_ready)
    package = None
    if compiled is not None and compiled.plan is not None:
        if not own.has_errors:
            package = _build(compiled, compiled.plan, own, workers, parts)
        if package is None:
            _check_names(compiled.plan)
    for diagnostic in own.diagnostics:
        report.add(diagnostic)
    return package


def _compile(
    folder: Path,
    report: Report,
    workers: Workers = ALONE,
    parts: Parts | None = None,
    *,
    meanwhile: Callable[[], object] = nothing,
) -> Compiled | None:
    """Read and lint a service, and name its modules; there is a plan unless it is too large."""
    service = decode_service(
        folder,
        shown(folder),
        report,
        workers,
        () if parts is None else parts.accepted,
        meanwhile=meanwhile,
    )
    if service is None:
        return None
    compiled = Compiled(folder=folder, service=service)
    # What follows from a thousand mistakes is compared with each of them, for nobody.
    if report.error_count < _MOST_ERRORS:
        from soapstone.lint import lint  # noqa: PLC0415 -- see above
        from soapstone.plan import plan_service  # noqa: PLC0415 -- see above

        sound: set[str] = set()
        if parts is not None and parts.sound and not report.diagnostics:
            sound = {path for path, key in compiled.keys.items() if key in parts.sound}
        if lint(service, report, workers, sound):
            compiled.plan = plan_service(service, report)
    return compiled


def _check_names(plan: Plan) -> None:
    """Name everything in all operations; what cannot be named goes to the report of the plan."""
    from soapstone.plan import check_operations  # noqa: PLC0415 -- see above

    check_operations(plan)


def _build(
    compiled: Compiled,
    plan: Plan,
    report: Report,
    workers: Workers,
    parts: Parts | None,
) -> Package | None:
    """Return the package of a service; None where something in it cannot be named."""
    from soapstone.format import (  # noqa: PLC0415 -- see above
        OPTIONS,
        VERSION,
        format_files,
    )
    from soapstone.plan import shared_facts  # noqa: PLC0415 -- see above

    folder, service = compiled.folder, compiled.service
    name, keys, facts = str(plan.name), compiled.keys, shared_facts(plan)
    all_keys = [digest(f"{facts}\0{key}".encode()) for key in keys.values()]
    known = {
        number: standing
        for number, key in enumerate(all_keys)
        if parts is not None and (standing := parts.files(name, key)) is not None
    }
    made = operation_files(plan, format_files, workers, known)
    if made is None:
        return None
    files = [each.files for each in made]
    shared = shared_files(plan, [each.interface for each in made], format_files)
    return Package(
        name=name,
        files=_together(shared, files),
        specs=compiled.digests,
        generator=soapstone.__version__,
        templates=templates_digest(),
        formatter=VERSION,
        options=OPTIONS,
        copies=frozenset(_copies()),
        subjects=_subjects(folder, service, plan),
        parts={key: frozenset(each) for key, each in zip(all_keys, files, strict=True)},
        sound=_sound(service, report, keys),
    )


def _get_ready() -> None:
    """Import all stages, and compile what can be compiled beforehand."""
    from soapstone.render import prepare  # noqa: PLC0415 -- see above

    for stage in ("lint", "plan", "format"):
        import_module(f"soapstone.{stage}")
    prepare()


def package_files(plan: Plan, layout: Layout) -> dict[str, bytes]:
    """Return every file of a package.

    Args:
        plan: Has no mistakes, and neither have its operations.
        layout: What becomes of the text of the modules.
    """
    made = operation_files(plan, layout) or []
    interfaces = [each.interface for each in made]
    files = (each.files for each in made)
    return _together(shared_files(plan, interfaces, layout), files)


def shared_files(
    plan: Plan, interfaces: Sequence[Interface], layout: Layout
) -> dict[str, bytes]:
    """Return the modules that are about more than one operation, and what is copied."""
    from soapstone.plan import plan_shared  # noqa: PLC0415 -- see above
    from soapstone.render import render_package  # noqa: PLC0415 -- see above

    texts = layout(render_package(plan_shared(plan, interfaces)))
    return {path: text.encode() for path, text in texts.items()} | _copies()


class Made(NamedTuple):
    """The modules of an operation and its documents, and what it shows to others."""

    files: dict[str, bytes]
    interface: Interface


def operation_files(
    plan: Plan,
    layout: Layout,
    workers: Workers = ALONE,
    known: Mapping[int, dict[str, bytes]] = _NOTHING,
) -> list[Made] | None:
    """Return what is made of each operation; None where something cannot be named.

    Args:
        plan: Has no mistakes.
        layout: What becomes of the text of the modules.
        workers: They share the operations.
        known: The files of some operations, by their place in the service.
    """
    from soapstone.plan import (  # noqa: PLC0415 -- see above
        collide,
        plan_interface,
        plan_operation,
    )

    def make(number: int) -> Made | None:
        if number in known:
            interface = plan_interface(plan, number)
            return None if interface is None else Made({}, interface)
        planned = plan_operation(plan, number)
        return None if planned is None else _made(planned, layout)

    numbers = range(len(plan.service.operations))
    found = [each for each in workers.map(make, numbers, "writing modules") if each]
    if len(found) < len(numbers) or collide(each.interface for each in found):
        return None
    return [
        each._replace(files=known.get(number, each.files))
        for number, each in enumerate(found)
    ]


def _made(planned: PlannedOperation, layout: Layout) -> Made:
    from soapstone.render import render_operation  # noqa: PLC0415 -- see above

    module = planned.view.module
    texts = layout(render_operation(planned))
    files = {path: text.encode() for path, text in texts.items()}
    for name, document in planned.fake.documents.items():
        files[f"testing/documents/{module}/{name}"] = document
    for path, document in planned.tests.data.items():
        files[f"tests/data/{path}"] = document
    return Made(files, planned.interface)


def _together(
    shared: dict[str, bytes], others: Iterable[dict[str, bytes]]
) -> dict[str, bytes]:
    for files in others:
        shared |= files
    return shared


def _keys(folder: Path, service: Service, digests: Mapping[str, str]) -> dict[str, str]:
    """Return a digest of what each operation says and of the service, by the operation's path."""
    keys: dict[str, str] = {}
    name = folder.resolve().name
    for operation in service.operations:
        about = [
            f"{name}/{file}" for file in (SERVICE_FILE, *sorted(_spec_files(operation)))
        ]
        lines = (f"{file}\0{digests[file]}" for file in about)
        keys[operation.path] = digest("\0".join(lines).encode())
    return keys


def _sound(service: Service, report: Report, keys: Mapping[str, str]) -> frozenset[str]:
    """Return the keys of operations about which there is nothing to say, allowed or not."""
    allowed = (each.allowances for each in service.operations)
    is_silent = not (report.diagnostics or service.allowances or any(allowed))
    return frozenset(keys.values() if is_silent else ())


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
    name = folder.resolve().name
    for operation in service.operations:
        module = plan.modules[operation.path]
        files = {SERVICE_FILE, *_spec_files(operation)}
        specs = frozenset(f"{name}/{file}" for file in files)
        about = (
            f"{module}.py",
            f"testing/answers/{module}.py",
            f"testing/documents/{module}",
            f"tests/data/{module}",
            f"tests/test_{module}.py",
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
    name = folder.resolve().name
    return {
        f"{name}/{file}": hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file in sorted(files)
    }


def _spec_files(operation: Operation) -> set[str]:
    """Return the files in the folder of a service that an operation consists of."""
    files = {PurePosixPath(operation.path).name}
    for example in operation.examples:
        documents = (example.request, example.response)
        files |= {document.file for document in documents if document and document.file}
    return files
