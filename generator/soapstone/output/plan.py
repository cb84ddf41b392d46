"""What has to happen to one package folder, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soapstone.output.difference import Cause
from soapstone.output.lock import LOCK_NAME, Lock, LockError, digest, parse_lock
from soapstone.output.package import ORIGIN_NAME, parents
from soapstone.output.tree import Entry, Kind, kind_of, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

GENERATE = "soapstone generate"
"""The command that makes a package folder what it should be, unless another one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Something that is not ours, or not any more, where we would write.

    Attributes:
        path: Inside the package folder; empty for the folder itself.
        message: Completes a sentence that starts with the path.
        forcible: Whether the user may order its loss.
    """

    path: str
    cause: Cause
    message: str
    remedy: str
    forcible: bool = True


@dataclass(slots=True, kw_only=True)
class Plan:
    """What has to happen to one package folder; all paths are inside it.

    Attributes:
        command: What carries it out, as users type it.
        lock: What the lock says; `None` where there is none, or none that can be read.
        entries: What stands there, strangers included.
        deleted: Files of ours that are no longer wanted, and what `--force` may replace.
    """

    command: str = GENERATE
    lock: Lock | None = None
    entries: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    created: set[str] = field(default_factory=set[str])
    updated: set[str] = field(default_factory=set[str])
    deleted: set[str] = field(default_factory=set[str])
    unchanged: set[str] = field(default_factory=set[str])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])

    @property
    def overwrites(self) -> str:
        """What can be done about a conflict at the worst, for a remedy."""
        return f"`{self.command} --force` overwrites it and keeps no copy"

    @property
    def changes(self) -> bool:
        """Whether anything has to be done."""
        return bool(self.created or self.updated or self.deleted)

    @property
    def kept(self) -> set[str]:
        """The files that stay as they are: ours and the strangers'."""
        gone = self.updated | self.deleted
        files = (
            path
            for path, entry in self.entries.items()
            if entry.kind is not Kind.FOLDER
        )
        return {path for path in files if path not in gone}

    @property
    def strangers(self) -> set[str]:
        """The folders that were made by somebody else and hold nothing of ours."""
        listed = self.lock.files.keys() if self.lock else ()
        ours = _folders_of({*listed, *self.created, *self.updated, *self.unchanged})
        found = (
            path for path, entry in self.entries.items() if entry.kind is Kind.FOLDER
        )
        return {path for path in found if path not in ours}

    @property
    def folders(self) -> set[str]:
        """The folders of the new tree: the strangers', and what holds a file."""
        strangers = self.strangers
        return strangers | _folders_of(
            self.kept | self.created | self.updated | strangers
        )


def examine(folder: Path, wanted: Mapping[str, bytes], command: str = GENERATE) -> Plan:
    """Find out how `folder` becomes `wanted`, which includes the lock file.

    Args:
        folder: The package folder.
        wanted: What it should hold.
        command: What users are to type when that is refused and they insist.

    Raises:
        OSError: Something cannot be read.
    """
    if kind_of(folder) not in {None, Kind.FOLDER}:
        return Plan(conflicts=[_not_a_folder()])
    plan = Plan(command=command, entries=snapshot(folder))
    listed: dict[str, str] = {}
    _read_lock(folder, plan, listed)
    for path in sorted(listed.keys() - wanted.keys()):
        _examine_stale(folder / path, path, listed[path], plan)
    for path in sorted(wanted):
        _examine_wanted(folder / path, path, wanted[path], listed.get(path), plan)
    _find_full_folders(plan)
    return plan


def _read_lock(folder: Path, plan: Plan, listed: dict[str, str]) -> None:
    entry = plan.entries.get(LOCK_NAME)
    if entry is None or entry.kind is not Kind.FILE:
        return
    try:
        content = (folder / LOCK_NAME).read_bytes()
        plan.lock = parse_lock(content)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        plan.conflicts.append(_broken_lock(message, plan))
    except LockError as error:
        plan.conflicts.append(_broken_lock(str(error), plan))
    else:
        # Nobody writes into the lock by hand, so that it needs no digest of its own.
        listed.update(plan.lock.files)
        listed[LOCK_NAME] = digest(content)
        origin = plan.entries.get(ORIGIN_NAME)
        if origin is not None and origin.kind is Kind.FILE:
            listed[ORIGIN_NAME] = digest((folder / ORIGIN_NAME).read_bytes())


def _examine_stale(place: Path, path: str, listed: str, plan: Plan) -> None:
    entry = plan.entries.get(path)
    if entry is None or entry.kind is not Kind.FILE:
        return
    plan.deleted.add(path)
    if digest(place.read_bytes()) != listed:
        plan.conflicts.append(
            Conflict(
                path=path,
                cause=Cause.EDITED,
                message="is no longer generated, but was edited by hand since it was",
                remedy="move the file away if you need it; "
                f"`{plan.command} --force` deletes it and keeps no copy",
            )
        )


def _examine_wanted(
    place: Path, path: str, content: bytes, listed: str | None, plan: Plan
) -> None:
    entry = plan.entries.get(path)
    if entry is None:
        plan.created.add(path)
        _clear_way(path, plan)
    elif entry.kind is Kind.FOLDER:
        plan.created.add(path)
    elif entry.kind is Kind.OTHER:
        plan.updated.add(path)
        message = "is a symbolic link or a special file"
        plan.conflicts.append(_foreign(path, message, plan))
    elif path == LOCK_NAME and plan.lock is None:
        plan.updated.add(path)
    else:
        _examine_file(place.read_bytes(), path, content, listed, plan)


def _examine_file(
    found: bytes, path: str, content: bytes, listed: str | None, plan: Plan
) -> None:
    if found == content:
        plan.unchanged.add(path)
        return
    plan.updated.add(path)
    if listed is None:
        plan.conflicts.append(
            _foreign(path, "is not what would be written, nor in the lock", plan)
        )
    elif digest(found) != listed:
        plain = found.replace(b"\r\n", b"\n")
        if plain == content or digest(plain) == listed:
            plan.conflicts.append(_converted(path, plan))
        else:
            plan.conflicts.append(_edited(path, plan))


def _clear_way(path: str, plan: Plan) -> None:
    for parent in parents(path):
        entry = plan.entries.get(parent)
        if entry is None or entry.kind is Kind.FOLDER or parent in plan.deleted:
            continue
        plan.deleted.add(parent)
        plan.conflicts.append(
            _foreign(parent, "is not a folder, but we have files to put there", plan)
        )


def _find_full_folders(plan: Plan) -> None:
    # A folder is no file that `--force` may replace: what else is in it would be lost.
    for path in sorted(plan.created & plan.folders):
        plan.conflicts.append(
            Conflict(
                path=path,
                cause=Cause.FOREIGN,
                message="is a folder with things that are not ours where a file belongs",
                remedy="move the folder away",
                forcible=False,
            )
        )


def _edited(path: str, plan: Plan) -> Conflict:
    return Conflict(
        path=path,
        cause=Cause.EDITED,
        message="was edited by hand since it was generated",
        remedy=f"move the change into the spec; {plan.overwrites}",
    )


def _converted(path: str, plan: Plan) -> Conflict:
    return Conflict(
        path=path,
        cause=Cause.EDITED,
        message="has other line ends than were generated (git's `core.autocrlf`?)",
        remedy=f"have git leave line ends alone; {plan.overwrites}",
    )


def _foreign(path: str, message: str, plan: Plan) -> Conflict:
    remedy = f"move it away; {plan.overwrites}"
    return Conflict(path=path, cause=Cause.FOREIGN, message=message, remedy=remedy)


def _broken_lock(message: str, plan: Plan) -> Conflict:
    return Conflict(
        path=LOCK_NAME,
        cause=Cause.BROKEN_LOCK,
        message=f"{message}; without it nobody can tell which files were edited by hand",
        remedy="restore the file from version control or use the newer generator; "
        f"`{plan.command} --force` overwrites it and every file that differs",
    )


def _not_a_folder() -> Conflict:
    return Conflict(
        path="",
        cause=Cause.FOREIGN,
        message="is a file or a symbolic link where the package folder belongs",
        remedy="move it away",
        forcible=False,
    )


def _folders_of(paths: Iterable[str]) -> set[str]:
    return {parent for path in paths for parent in parents(path)}
