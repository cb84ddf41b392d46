"""What stands in a folder, without following a symbolic link."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING

from soapstone.output.package import CACHE_NAME

if TYPE_CHECKING:
    from pathlib import Path


class Kind(Enum):
    """What a path is; `OTHER` is a symbolic link, a pipe, a socket or a device."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Entry:
    """One path in a folder.

    Attributes:
        mode: The permission bits.
        version: Differs after any write or replacement; always empty for a folder, whose
            entries speak for it.
    """

    kind: Kind
    mode: int
    version: tuple[int, ...]


def kind_of(path: Path) -> Kind | None:
    """Return what stands at `path` itself, or `None` where nothing does."""
    try:
        return _entry(path.lstat()).kind
    except FileNotFoundError:
        return None


def snapshot(folder: Path) -> dict[str, Entry]:
    """Return everything below `folder` but Python's caches, by relative POSIX path.

    A folder that does not exist is empty.

    Raises:
        OSError: Something cannot be read.
    """
    return list_folder(folder).entries


_NAME = attrgetter("name")


@dataclass(frozen=True)
class Listing:
    """Everything in a folder at one moment.

    Attributes:
        taken: The moment before the first look, in nanoseconds.
    """

    taken: int
    statuses: dict[str, os.stat_result]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """What stands there."""
        return {path: _entry(status) for path, status in self.statuses.items()}

    @cached_property
    def digest(self) -> str:
        """What differs after any change, also after one that pretends to be none."""
        states = (
            (
                f"{path}\0{status.st_mode:o}"
                if stat.S_ISDIR(status.st_mode)
                else f"{path}\0{status.st_mode:o} {status.st_ino} {status.st_size}"
                f" {status.st_mtime_ns} {status.st_ctime_ns}"
            )
            for path, status in self.statuses.items()
        )
        return hashlib.sha256(os.fsencode("\0".join(states))).hexdigest()

    @property
    def files(self) -> set[str]:
        """The paths of what is no folder."""
        return {
            path
            for path, status in self.statuses.items()
            if not stat.S_ISDIR(status.st_mode)
        }

    @property
    def has_links(self) -> bool:
        """Whether something stands there that is neither a file nor a folder."""
        return any(entry.kind is Kind.OTHER for entry in self.entries.values())

    @property
    def newest(self) -> int:
        """When a file was changed last, in nanoseconds."""
        times = (
            max(status.st_mtime_ns, status.st_ctime_ns)
            for status in self.statuses.values()
            if not stat.S_ISDIR(status.st_mode)
        )
        return max(times, default=0)


def list_folder(folder: Path) -> Listing:
    """Return everything below a folder but Python's caches; nothing where there is no folder.

    Raises:
        OSError: Something cannot be read.
    """
    taken = time.time_ns()
    statuses: dict[str, os.stat_result] = {}
    if kind_of(folder) is Kind.FOLDER:
        _walk(str(folder), "", statuses)
    return Listing(taken, statuses)


def _walk(folder: str, prefix: str, statuses: dict[str, os.stat_result]) -> None:
    with os.scandir(folder) as found:
        items = sorted(found, key=_NAME)
    for item in items:
        if item.name == CACHE_NAME and item.is_dir(follow_symlinks=False):
            continue
        path = prefix + item.name
        status = statuses[path] = item.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            _walk(item.path, f"{path}/", statuses)


def _entry(status: os.stat_result) -> Entry:
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISDIR(status.st_mode):
        return Entry(Kind.FOLDER, mode, ())
    kind = Kind.FILE if stat.S_ISREG(status.st_mode) else Kind.OTHER
    return Entry(kind, mode, (status.st_ino, status.st_size, status.st_mtime_ns))
