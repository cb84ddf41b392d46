"""What `check` prints: how the disk differs from what the specs say, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soapstone.output.difference import Cause, Difference, difference
from soapstone.output.disk import exclusive, plain_errors, set_aside
from soapstone.output.lock import LOCK_NAME, Lock, LockError, parse_lock, render_lock
from soapstone.output.plan import Conflict, Plan, examine
from soapstone.output.tree import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from soapstone.output.package import Package

_GENERATE = "run `soapstone generate`"


def compare(package: Package, out: Path) -> tuple[Difference, ...]:
    """Return how the package folder in `out` differs from `package`, in order of paths.

    What is neither listed in the lock nor part of the package is no difference. Nothing is
    written.

    Raises:
        OutputError: Something cannot be read.
    """
    folder = out / package.name
    with plain_errors(), exclusive(out):
        if kind_of(folder) is None and kind_of(set_aside(folder)) is Kind.FOLDER:
            return (_interrupted(package.name, set_aside(folder).name),)
        plan = examine(folder, {**package.files, LOCK_NAME: render_lock(package)})
    found = (*conflicts(package.name, plan.conflicts), *_changes(package, plan))
    return tuple(sorted(found, key=lambda each: each.path))


def package_names(out: Path) -> tuple[str, ...]:
    """Return the folders in `out` that are packages, in order; none where there is no such folder.

    Raises:
        OutputError: `out` cannot be read.
    """
    with plain_errors(), exclusive(out):
        found = sorted(out.iterdir()) if out.exists() else []
        return tuple(path.name for path in found if _is_package(path))


def leftover_packages(out: Path, names: Iterable[str]) -> tuple[Difference, ...]:
    """Return the packages in `out` that no spec yields any more.

    Args:
        out: The output folder.
        names: The packages that have specs, whether or not they are on disk.

    Raises:
        OutputError: `out` cannot be read.
    """
    known = set(names)
    return tuple(
        _leftover(out / name) for name in package_names(out) if name not in known
    )


def conflicts(name: str, found: Iterable[Conflict]) -> tuple[Difference, ...]:
    """Say where the conflicts in the package folder `name` are, in order of paths."""
    return tuple(
        difference(
            name, conflict.path, conflict.cause, conflict.message, conflict.remedy
        )
        for conflict in sorted(found, key=lambda conflict: conflict.path)
    )


def _changes(package: Package, plan: Plan) -> Iterator[Difference]:
    name = package.name
    if plan.created and not (
        plan.updated or plan.unchanged or plan.conflicts or plan.lock
    ):
        yield difference(name, "", Cause.MISSING, "is not generated yet", _GENERATE)
        return
    said = {conflict.path for conflict in plan.conflicts}
    for path in plan.created - said:
        yield difference(name, path, Cause.MISSING, _absence(path, plan), _GENERATE)
    if plan.lock is None:
        return  # whatever else differs is a conflict
    cause, reason = _reason(package, plan.lock)
    for path in plan.updated - said - {LOCK_NAME}:
        message = f"is not what the specs say: {reason}"
        yield difference(name, path, cause, message, _GENERATE)
    for path in plan.deleted - said:
        message = f"is no longer part of the package: {reason}"
        yield difference(
            name, path, Cause.ORPHAN, message, f"{_GENERATE}, which deletes it"
        )
    if plan.updated == {LOCK_NAME} and not (said or plan.created or plan.deleted):
        yield _lock_alone(package, plan.lock)


def _reason(package: Package, lock: Lock) -> tuple[Cause, str]:
    specs = {path for path, _ in package.specs.items() ^ lock.specs.items()}
    if specs:
        return Cause.SPEC_CHANGED, f"{_some(sorted(specs))} changed since"
    if lock.generator != package.generator:
        wrote = f"soapstone {lock.generator} wrote it, and this is {package.generator}"
        return Cause.GENERATOR_CHANGED, wrote
    if lock.templates != package.templates:
        return Cause.GENERATOR_CHANGED, "the templates or the runtime changed since"
    if lock.formatter != package.formatter:
        wrote = f"{lock.formatter} laid it out, and now it is {package.formatter}"
        return Cause.FORMATTER_CHANGED, wrote
    reason = "the generator changed since, under the same version"
    return Cause.GENERATOR_CHANGED, reason


def _lock_alone(package: Package, lock: Lock) -> Difference:
    cause, reason = _reason(package, lock)
    message = f"is out of date, although every file is right: {reason}"
    if lock == parse_lock(render_lock(package)):
        cause, message = Cause.EDITED, "says what it should, but was edited by hand"
    return difference(package.name, LOCK_NAME, cause, message, _GENERATE)


def _some(paths: Iterable[str]) -> str:
    first, *others = paths
    if not others:
        return f"`{first}`"
    return f"`{first}` and {len(others)} more {'specs' if others[1:] else 'spec'}"


def _absence(path: str, plan: Plan) -> str:
    if plan.lock and path in plan.lock.files:
        return "was generated, but is not there any more"
    return "is not generated yet"


def _interrupted(name: str, hidden: str) -> Difference:
    message = f"was left as `{hidden}` by a run that was killed"
    return difference(
        name, "", Cause.MISSING, message, f"{_GENERATE}, which puts it back"
    )


def _is_package(path: Path) -> bool:
    if path.name.startswith(".") or kind_of(path) is not Kind.FOLDER:
        return False
    return kind_of(path / LOCK_NAME) is Kind.FILE


def _leftover(folder: Path) -> Difference:
    message = "is a generated package that has no spec any more"
    remedy = "bring its specs back, or remove the folder"
    try:
        parse_lock((folder / LOCK_NAME).read_bytes())
    except (OSError, LockError):
        message = "has no spec, and a lock that cannot be read"
    return difference(folder.name, "", Cause.ORPHAN, message, remedy)
