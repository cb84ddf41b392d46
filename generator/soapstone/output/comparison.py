"""What `check` prints: how the disk differs from what the specs say, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soapstone.output.difference import Cause, Difference, difference
from soapstone.output.disk import exclusive, plain_errors, set_aside
from soapstone.output.lock import (
    LOCK_NAME,
    LockError,
    digest,
    parse_lock,
    render_lock,
)
from soapstone.output.plan import Conflict, Plan, examine
from soapstone.output.reasons import RUN_GENERATE, UNEXPLAINED, Reason, Reasons
from soapstone.output.tree import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from soapstone.output.package import Package


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
        found = _Comparison(
            folder=folder,
            package=package,
            plan=plan,
            reasons=Reasons(package, plan.lock) if plan.lock else None,
        ).differences()
        return tuple(sorted(found, key=lambda found: found.path))


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
        _conflict(name, each)
        for each in sorted(found, key=lambda conflict: conflict.path)
    )


def _conflict(name: str, found: Conflict, reasons: Sequence[Reason] = ()) -> Difference:
    message = found.message
    if reasons:
        message += f"; besides, {_text(reasons)}"
    return difference(
        name, found.path, (found.cause, *_causes(reasons)), message, found.remedy
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Comparison:
    """The differences of one package folder; `reasons` is None where there is no lock to compare."""

    folder: Path
    package: Package
    plan: Plan
    reasons: Reasons | None

    def differences(self) -> Iterator[Difference]:
        plan = self.plan
        if plan.created and not (
            plan.updated or plan.unchanged or plan.conflicts or plan.lock
        ):
            yield self._difference("", (Cause.MISSING,), "is not generated yet")
            return
        found = [*self._conflicts(), *self._missing()]
        if self.reasons is not None:  # otherwise whatever else differs is a conflict
            found += [*self._updated(self.reasons), *self._orphans(self.reasons)]
            found += self._lock(self.reasons, found)
        yield from found

    def _said(self) -> set[str]:
        return {conflict.path for conflict in self.plan.conflicts}

    def _conflicts(self) -> Iterator[Difference]:
        for conflict in self.plan.conflicts:
            reasons: Sequence[Reason] = ()
            if conflict.cause is Cause.EDITED and self.reasons is not None:
                reasons = self._beneath(conflict.path, self.reasons)
            yield _conflict(self.package.name, conflict, reasons)

    def _beneath(self, path: str, reasons: Reasons) -> tuple[Reason, ...]:
        """Return what has changed beneath an edit."""
        content = self.package.files.get(path)
        if content is None:
            return reasons.of(path)
        is_same = digest(content) == reasons.lock.files[path]
        return () if is_same else reasons.of_change(path)

    def _missing(self) -> Iterator[Difference]:
        for path in self.plan.created - self._said():
            if self.reasons is None:
                yield self._difference(path, (Cause.MISSING,), "is not generated yet")
            elif path in self.reasons.lock.files:
                message = "was generated, but is not there any more"
                remedy = f"{RUN_GENERATE}, which writes it again"
                yield self._difference(path, (Cause.MISSING,), message, remedy)
            else:
                found = self.reasons.of(path)
                message = f"is not generated yet: {_text(found)}"
                yield self._difference(path, (Cause.MISSING, *_causes(found)), message)

    def _updated(self, reasons: Reasons) -> Iterator[Difference]:
        for path in self.plan.updated - self._said() - {LOCK_NAME}:
            found = reasons.of_change(path, (self.folder / path).read_bytes())
            message = f"is not what the specs say: {_text(found)}"
            yield self._difference(path, _causes(found), message, found[0].remedy)

    def _orphans(self, reasons: Reasons) -> Iterator[Difference]:
        for path in self.plan.deleted - self._said():
            found = reasons.of(path)
            message = f"is no longer part of the package: {_text(found)}"
            remedy = f"{RUN_GENERATE}, which deletes it"
            yield self._difference(
                path, (Cause.ORPHAN, *_causes(found)), message, remedy
            )

    def _lock(
        self, reasons: Reasons, others: Sequence[Difference]
    ) -> Iterator[Difference]:
        """Yield what has changed, but shows in no other file."""
        if LOCK_NAME not in self.plan.updated or LOCK_NAME in self._said():
            return
        shown = {cause for difference in others for cause in difference.causes}
        found = [each for each in reasons.all if each.cause not in shown]
        if not found and (others or self.plan.created or self.plan.deleted):
            return
        if reasons.lock == parse_lock(render_lock(self.package)):
            message = "says what it should, but was edited by hand"
            yield self._difference(LOCK_NAME, (Cause.EDITED,), message)
            return
        found = found or [UNEXPLAINED]
        state = (
            "although no file shows it" if others else "although every file is right"
        )
        message = f"is out of date, {state}: {_text(found)}"
        yield self._difference(LOCK_NAME, _causes(found), message, found[0].remedy)

    def _difference(
        self,
        path: str,
        causes: tuple[Cause, ...],
        message: str,
        remedy: str = RUN_GENERATE,
    ) -> Difference:
        return difference(self.package.name, path, causes, message, remedy)


def _text(reasons: Iterable[Reason]) -> str:
    return ", and ".join(reason.text for reason in reasons)


def _causes(reasons: Iterable[Reason]) -> tuple[Cause, ...]:
    return tuple(reason.cause for reason in reasons)


def _interrupted(name: str, hidden: str) -> Difference:
    message = f"was left as `{hidden}` by a run that was killed"
    remedy = f"{RUN_GENERATE}, which puts it back"
    return difference(name, "", (Cause.MISSING,), message, remedy)


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
    return difference(folder.name, "", (Cause.ORPHAN,), message, remedy)
