"""What stands in a folder, without following a symbolic link."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from soapstone.output.package import CACHE_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    return dict(_walk(folder, "")) if kind_of(folder) is Kind.FOLDER else {}


def _walk(folder: Path, prefix: str) -> Iterator[tuple[str, Entry]]:
    with os.scandir(folder) as found:
        names = sorted(item.name for item in found)
    for name in names:
        entry = _entry((folder / name).lstat())
        if entry.kind is not Kind.FOLDER:
            yield f"{prefix}{name}", entry
        elif name != CACHE_NAME:
            yield f"{prefix}{name}", entry
            yield from _walk(folder / name, f"{prefix}{name}/")


def _entry(status: os.stat_result) -> Entry:
    mode = stat.S_IMODE(status.st_mode)
    if stat.S_ISDIR(status.st_mode):
        return Entry(Kind.FOLDER, mode, ())
    kind = Kind.FILE if stat.S_ISREG(status.st_mode) else Kind.OTHER
    return Entry(kind, mode, (status.st_ino, status.st_size, status.st_mtime_ns))
