"""Making the package folder on disk equal to a package in memory."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soapstone.output.comparison import conflicts
from soapstone.output.disk import (
    exclusive,
    install,
    plain_errors,
    set_aside,
    settle,
    sync_disk,
    sync_file,
    sync_folder,
    uninstall,
)
from soapstone.output.lock import LOCK_NAME, render_lock
from soapstone.output.origin import Origin, render_origin
from soapstone.output.package import ORIGIN_NAME, check_name
from soapstone.output.plan import GENERATE, Plan, examine
from soapstone.output.tree import Entry, Kind, kind_of, snapshot

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    from soapstone.output.difference import Difference
    from soapstone.output.package import Package

# So many files and folders are secured one by one; more of them with the rest of the disk.
_FEW = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a run did, or with `dry_run` would do; the paths are relative to `out`, sorted.

    Attributes:
        refused: What would be lost; when there is any, nothing at all was written.
        entries: What stands in the package folder then; None where it was not written.
    """

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    refused: tuple[Difference, ...] = ()
    entries: Mapping[str, Entry] | None = field(default=None, compare=False, repr=False)

    @property
    def changes(self) -> bool:
        """Whether anything was done, or would be."""
        return bool(self.created or self.updated or self.deleted)


def write(
    package: Package, out: Path, *, force: bool = False, dry_run: bool = False
) -> Written:
    """Make the package folder in `out` equal to `package`, in one step.

    Files and folders that are neither listed in the lock nor part of the package stay as
    they are, Python's caches excepted. When nothing changes, nothing is written. One
    generator at a time works in `out`; others wait. A program whose working directory is
    in the folder stays in the old one.

    Args:
        package: What the specs say.
        out: The output folder, which is made where there is none.
        force: Overwrite what was edited by hand or is not ours, without a copy. Folders
            of others and what they hold are refused all the same.
        dry_run: Only say what would be done.

    Raises:
        OutputError: The disk refuses; the package is as it was before.
    """
    wanted = {**package.files, LOCK_NAME: render_lock(package)}
    return _apply(out, package.name, wanted, force=force, dry_run=dry_run)


def vendor(
    package: Package,
    out: Path,
    origin: Origin,
    *,
    force: bool = False,
    dry_run: bool = False,
) -> Written:
    """Make the package folder in `out` a copy of `package`, as `write` does, with its origin.

    The lock of a copy is that of the package, whatever is left out, so that both have the same
    digest.

    Raises:
        OutputError: The disk refuses; the copy is as it was before.
    """
    wanted = {
        path: content
        for path, content in package.files.items()
        if path.partition("/")[0] not in origin.left_out
    }
    wanted[LOCK_NAME] = render_lock(package)
    wanted[ORIGIN_NAME] = render_origin(package, origin)
    return _apply(
        out,
        package.name,
        wanted,
        force=force,
        dry_run=dry_run,
        command="soapstone vendor",
    )


def remove_leftover(out: Path, name: str, *, dry_run: bool = False) -> Written:
    """Remove a package that no spec yields any more.

    Only the files that its lock lists go; when one of them was edited, nothing does. The
    folder stays when it holds anything else, and nothing goes when it has no lock.

    Raises:
        OutputError: The disk refuses; the package is as it was before.
        ValueError: `name` is not the name of a package.
    """
    check_name(name)
    return _apply(out, name, {}, force=False, dry_run=dry_run)


def _apply(
    out: Path,
    name: str,
    wanted: Mapping[str, bytes],
    *,
    force: bool,
    dry_run: bool,
    command: str = GENERATE,
) -> Written:
    folder = out / name
    with plain_errors():
        if wanted and not dry_run:
            out.mkdir(parents=True, exist_ok=True)
        with exclusive(out) as alone:
            if not dry_run and out.exists():
                settle(out, alone=alone)
            plan = examine(_standing(folder), wanted, command)
            against = [
                found for found in plan.conflicts if not (force and found.forcible)
            ]
            if against:
                return Written(refused=conflicts(name, against))
            entries: Mapping[str, Entry] | None = None
            if plan.changes and not dry_run:
                entries = _carry_out(folder, plan, wanted)
    return Written(
        created=_named(name, plan.created),
        updated=_named(name, plan.updated),
        deleted=_named(name, plan.deleted),
        unchanged=_named(name, plan.unchanged),
        entries=entries,
    )


def _standing(folder: Path) -> Path:
    # Where only a dry run can find it: otherwise it has just been put back.
    old = set_aside(folder)
    return old if kind_of(folder) is None and kind_of(old) is Kind.FOLDER else folder


def _named(name: str, paths: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name}/{path}" for path in sorted(paths))


def _carry_out(
    folder: Path, plan: Plan, wanted: Mapping[str, bytes]
) -> Mapping[str, Entry]:
    """Make the changes; return what stands in the folder then, unless somebody else is at it."""
    built: dict[str, Entry] = {}

    def build(staging: Path) -> None:
        _build(folder, staging, plan, wanted)
        built.update(snapshot(staging))

    if plan.kept or plan.folders or wanted:
        install(folder, build, plan.entries)
    else:
        uninstall(folder, plan.entries)
    return built


def _build(
    folder: Path, staging: Path, plan: Plan, wanted: Mapping[str, bytes]
) -> None:
    folders = sorted(plan.folders)
    new = sorted(plan.created | plan.updated)
    is_large = len(folders) + len(new) > _FEW
    for path in folders:
        (staging / path).mkdir()
    for path in new:
        entry = plan.entries.get(path)
        mode = entry.mode if entry and entry.kind is Kind.FILE else None
        write_file(staging / path, wanted[path], mode, is_secured=not is_large)
    for path in sorted(plan.kept):
        _link(folder / path, staging / path)
    before = {path for path in plan.entries if plan.entries[path].kind is Kind.FOLDER}
    if kind_of(folder):
        before.add("")
    strangers = plan.strangers
    for path in ("", *folders):
        if path in strangers:
            shutil.copystat(folder / path, staging / path)
        elif path in before:
            # A new time, from which Python learns that there are new modules.
            shutil.copymode(folder / path, staging / path)
    if not (is_large and sync_disk(staging)):
        _secure(staging, new if is_large else [], folders)


def _secure(staging: Path, files: Iterable[str], folders: Iterable[str]) -> None:
    for path in files:
        with _blaming(staging / path):
            sync_file(staging / path)
    for path in ("", *folders):
        sync_folder(staging / path)


def write_file(
    path: Path, content: bytes, mode: int | None = None, *, is_secured: bool = True
) -> None:
    """Write a file that is not there yet, so that it survives a power cut if it is to be secured.

    Raises:
        OSError: The disk refuses; `filename` is set whatever the reason.
    """
    with _blaming(path), path.open("xb") as file:
        file.write(content)
        file.flush()
        if mode is not None:
            path.chmod(mode)
        if is_secured:
            os.fsync(file.fileno())


@contextmanager
def _blaming(path: Path) -> Generator[None]:
    # A full disk shows when writing to an open file, which has forgotten its name.
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _link(old: Path, new: Path) -> None:
    # The same file under a second name keeps its times, its number and its owner.
    try:
        os.link(old, new, follow_symlinks=False)
    except FileExistsError:
        # The disk ignores case, and a stranger's name is that of a file of ours.
        raise
    except (OSError, NotImplementedError):
        shutil.copy2(old, new, follow_symlinks=False)
