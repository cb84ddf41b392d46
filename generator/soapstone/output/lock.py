"""The lock file: what a package was generated from, and the digest of each of its files."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from soapstone.output.package import LOCK_NAME, check_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soapstone.output.package import Package

__all__ = [
    "LOCK_NAME",
    "Lock",
    "LockError",
    "digest",
    "lock_digest",
    "parse_lock",
    "render_lock",
]

_FORMAT = 1


class LockError(ValueError):
    """A lock says nothing that can be relied on; the text completes "the lock ..."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """What a lock file says; the fields are those of `Package`, with digests as content.

    Attributes:
        options: `None` in a lock of the time before they were written down.
    """

    files: Mapping[str, str]
    specs: Mapping[str, str]
    generator: str
    templates: str
    formatter: str
    options: Mapping[str, str] | None


def digest(content: bytes) -> str:
    """Return the SHA-256 of `content` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def render_lock(package: Package) -> bytes:
    """Return the lock file of `package`; the same package always gives the same bytes."""
    # JSON, because Python 3.10, which generated packages support, reads no TOML.
    document = {
        "format": _FORMAT,
        "files": {path: digest(content) for path, content in package.files.items()},
        "specs": dict(package.specs),
        "generator": package.generator,
        "templates": package.templates,
        "formatter": package.formatter,
        "options": dict(package.options),
    }
    return f"{json.dumps(document, indent=2, sort_keys=True)}\n".encode()


def lock_digest(package: Package) -> str:
    """Return the SHA-256 of the lock file, by which a copy of the package can be pinned."""
    return digest(render_lock(package))


def parse_lock(content: bytes) -> Lock:
    """Read a lock file.

    Raises:
        LockError: It is damaged, or a newer generator wrote it.
    """
    document = _mapping(_decoded(content), "the document")
    found = document.get("format")
    if type(found) is not int or found < 1:
        raise LockError("has no format version")
    if found > _FORMAT:
        raise LockError(
            f"has format {found} of a newer generator; this one reads {_FORMAT}"
        )
    files = _texts(document, "files")
    try:
        check_paths(files)
    except ValueError as error:
        raise LockError(f"lists a path that is none of ours: {error}") from error
    return Lock(
        files=files,
        specs=_texts(document, "specs"),
        generator=_text(document.get("generator"), "generator"),
        templates=_text(document.get("templates"), "templates"),
        formatter=_text(document.get("formatter"), "formatter"),
        options=_texts(document, "options") if "options" in document else None,
    )


def _decoded(content: bytes) -> object:
    try:
        return cast("object", json.loads(content.decode()))
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise LockError(f"is not JSON: {error.msg} at {place}") from error
    except (ValueError, RecursionError) as error:
        raise LockError(f"is not JSON: {error}") from error


def _texts(document: Mapping[str, object], key: str) -> dict[str, str]:
    members = _mapping(document.get(key), f"`{key}`")
    return {name: _text(value, f"{key}: {name}") for name, value in members.items()}


def _mapping(value: object, name: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise LockError(f"is damaged: {name} is not an object")
    return cast("dict[str, object]", value)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise LockError(f"is damaged: `{name}` is not text")
    return value
