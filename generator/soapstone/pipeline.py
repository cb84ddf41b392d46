"""The way from specs to a package in memory: what every command and the tests call."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module, resources
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, TypeAlias

import soapstone
from soapstone.decode import decode_service
from soapstone.diagnostics import Report
from soapstone.folders import SERVICE_FILE, shown
from soapstone.model import Operation, Service
from soapstone.output import Package, digest
from soapstone.parts import Parts
from soapstone.workers import ALONE, Workers, nothing

if TYPE_CHECKING:
    from soapstone.plan import Draft, Plan

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


def compile_service(
    folder: Path,
    report: Report,
    workers: Workers = ALONE,
    parts: Parts | None = None,
    *,
    meanwhile: Callable[[], object] = nothing,
) -> Compiled | None:
    """Run the stages from source to plan; mistakes go to the report.

    Args:
        folder: The folder of the service.
        report: Receives the diagnostics.
        workers: They share the operations.
        parts: What is known of these already.
        meanwhile: Is called while others read.
    """
    own = Report()
    service = decode_service(
        folder,
        shown(folder),
        own,
        workers,
        () if parts is None else parts.accepted,
        meanwhile=meanwhile,
    )
    compiled = None if service is None else Compiled(folder=folder, service=service)
    # What follows from a thousand mistakes is compared with each of them, for nobody.
    if compiled is not None and own.error_count < _MOST_ERRORS:
        sound: set[str] = set()
        if parts is not None and parts.sound and not own.diagnostics:
            sound = {path for path, key in compiled.keys.items() if key in parts.sound}
        _check(compiled, own, workers, sound)
    for diagnostic in own.diagnostics:
        report.add(diagnostic)
    return compiled


def _check(
    compiled: Compiled, report: Report, workers: Workers, sound: set[str]
) -> None:
    """Lint a service, and plan its package if there is nothing against it."""
    from soapstone.lint import lint  # noqa: PLC0415 -- see above
    from soapstone.plan import (  # noqa: PLC0415 -- see above
        draft_service,
        plan_service,
    )

    service, named = compiled.service, Report()
    drafts: list[Draft] = []
    lint(
        service,
        report,
        workers,
        sound,
        meanwhile=lambda: drafts.append(draft_service(service, named)),
    )
    for draft in drafts:  # none for a service that is too large
        for diagnostic in named.diagnostics:
            report.add(diagnostic)
        compiled.plan = plan_service(draft, report)


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
    compiled = compile_service(folder, report, workers, parts, meanwhile=_get_ready)
    if compiled is None or compiled.plan is None:
        return None
    from soapstone.format import (  # noqa: PLC0415 -- see above
        OPTIONS,
        VERSION,
        format_files,
    )
    from soapstone.plan import shared_facts  # noqa: PLC0415 -- see above

    plan, service = compiled.plan, compiled.service
    name, keys = str(plan.package.name), compiled.keys
    facts = shared_facts(plan)
    all_keys = [digest(f"{facts}\0{key}".encode()) for key in keys.values()]
    known = {
        number: standing
        for number, key in enumerate(all_keys)
        if parts is not None and (standing := parts.files(name, key)) is not None
    }
    shared: dict[str, bytes] = {}
    files = operation_files(
        plan,
        format_files,
        workers,
        known,
        meanwhile=lambda: shared.update(shared_files(plan, format_files)),
    )
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
        plan: Has no mistakes.
        layout: What becomes of the text of the modules.
    """
    return _together(shared_files(plan, layout), operation_files(plan, layout))


def shared_files(plan: Plan, layout: Layout) -> dict[str, bytes]:
    """Return the modules that are about more than one operation, and what is copied."""
    from soapstone.render import render_package  # noqa: PLC0415 -- see above

    texts = layout(render_package(plan))
    return {path: text.encode() for path, text in texts.items()} | _copies()


def operation_files(
    plan: Plan,
    layout: Layout,
    workers: Workers = ALONE,
    known: Mapping[int, dict[str, bytes]] = _NOTHING,
    *,
    meanwhile: Callable[[], object] = nothing,
) -> list[dict[str, bytes]]:
    """Return the modules of each operation, and its documents.

    Args:
        plan: Has no mistakes.
        layout: What becomes of the text of the modules.
        workers: They share the operations.
        known: The files of some operations, by their place in the service.
        meanwhile: Is called while others work.
    """
    from soapstone.plan import plan_operation  # noqa: PLC0415 -- see above
    from soapstone.render import render_operation  # noqa: PLC0415 -- see above

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

    numbers = range(len(plan.operations))
    missing = [number for number in numbers if number not in known]
    # With the first one all is imported and compiled that the processes for the others need.
    made = chain(
        map(files_of, missing[:1]),
        workers.map(files_of, missing[1:], "writing modules", meanwhile=meanwhile),
    )
    found = {**known, **dict(zip(missing, made, strict=True))}
    return [found[number] for number in numbers]


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
    for operation, view in zip(service.operations, plan.operations, strict=True):
        files = {SERVICE_FILE, *_spec_files(operation)}
        specs = frozenset(f"{name}/{file}" for file in files)
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
