"""One service's generated package in memory, and which paths it may use."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LOCK_NAME = "soapstone.lock"
ORIGIN_NAME = "soapstone.origin"
CACHE_NAME = "__pycache__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One service's generated package in memory.

    Attributes:
        name: Folder under the output folder: one visible name.
        files: POSIX path inside the package to content, without the lock file.
        specs: Spec file (POSIX path relative to the specs folder) to the SHA-256 of its
            content in hexadecimal.
        generator: Version of the generator.
        templates: Digest of the templates.
        formatter: Name and version, such as "black 26.10.1".
        options: What else decides how files look, by name.
        copies: Paths of the files that are the generator's own, whatever the specs say.
        subjects: For files, and folders of files, that are about some of the specs alone, which.
        parts: The files of each operation, by a digest of all that they depend on.
        sound: Digests of operations about which there was nothing to say.

    Raises:
        ValueError: A path would leave the package folder, or does not mean the same file
            on every disk.
    """

    name: str
    files: Mapping[str, bytes]
    specs: Mapping[str, str]
    generator: str
    templates: str
    formatter: str
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    copies: frozenset[str] = frozenset()
    subjects: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]]
    )
    parts: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]]
    )
    sound: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_name(self.name)
        check_paths(self.files)


def check_name(name: str) -> None:
    """Check that `name` is one visible name.

    Raises:
        ValueError: It is not.
    """
    _check_path(name)
    if "/" in name or name.startswith("."):
        raise ValueError(f"`{name}` is not the name of a package folder")


def check_paths(paths: Collection[str]) -> None:
    """Check that `paths` can be the files of a package, on any disk.

    Raises:
        ValueError: One is not a plain relative POSIX path, or belongs to the lock, to what is
            recorded of a copy or to Python's cache, or two are the same to a disk that
            ignores case.
    """
    spelled: dict[str, str] = {
        _folded(LOCK_NAME): "the lock",
        _folded(ORIGIN_NAME): "the origin of a copy",
    }
    for path in paths:
        _check_path(path)
        for name in (*parents(path), path):
            known = spelled.setdefault(_folded(name), name)
            if known != name:
                raise ValueError(
                    f"`{name}` is the same as `{known}` where case is ignored"
                )
            if name != path and name in paths:
                raise ValueError(f"`{name}` cannot be a file and a folder")


def parents(path: str) -> tuple[str, ...]:
    """Return the folders that `path` stands in, the outermost first."""
    parts = path.split("/")[:-1]
    return tuple("/".join(parts[: depth + 1]) for depth in range(len(parts)))


def _check_path(path: str) -> None:
    # A colon or a backslash leaves the folder on Windows; `isprintable` is false for NUL,
    # line ends and lone surrogates.
    if not path.isprintable() or "\\" in path or ":" in path:
        raise ValueError(f"{path!r} has a character that is not allowed in a path")
    for part in path.split("/"):
        if part in {"", ".", "..", CACHE_NAME}:
            raise ValueError(f"{path!r} is not a path inside a package")


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()
