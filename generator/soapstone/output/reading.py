"""A package on disk, taken back as it was generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soapstone.output.difference import Cause, difference
from soapstone.output.disk import exclusive, plain_errors
from soapstone.output.lock import (
    LOCK_NAME,
    Lock,
    LockError,
    digest,
    parse_lock,
    render_lock,
)
from soapstone.output.package import Package
from soapstone.output.plan import GENERATE
from soapstone.output.tree import Kind, snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soapstone.output.difference import Difference

_REMEDY = f"run `{GENERATE}`; with `--force` it overwrites what was edited"


def read_package(name: str, out: Path, against: list[Difference]) -> Package | None:
    """Return a package in the folder `out`, strangers aside; None when it is not what its lock says.

    Args:
        name: The package.
        out: The output folder.
        against: Takes what is not as it was generated.

    Raises:
        OutputError: Something cannot be read.
    """
    with plain_errors(), exclusive(out):
        return _read(name, out / name, against)


def _read(name: str, folder: Path, against: list[Difference]) -> Package | None:
    content = (folder / LOCK_NAME).read_bytes()
    try:
        lock = parse_lock(content)
    except LockError as error:
        against.append(
            difference(name, LOCK_NAME, (Cause.BROKEN_LOCK,), str(error), _REMEDY)
        )
        return None
    files = dict(_files(name, folder, lock, against))
    if against:
        return None
    package = Package(
        name=name,
        files=files,
        specs=lock.specs,
        generator=lock.generator,
        templates=lock.templates,
        formatter=lock.formatter,
        options=lock.options or {},
    )
    if render_lock(package) != content:
        message = "says what it should, but was edited by hand"
        against.append(difference(name, LOCK_NAME, (Cause.EDITED,), message, _REMEDY))
        return None
    return package


def _files(
    name: str, folder: Path, lock: Lock, against: list[Difference]
) -> Iterator[tuple[str, bytes]]:
    entries = snapshot(folder)
    for path, listed in sorted(lock.files.items()):
        entry = entries.get(path)
        if entry is None or entry.kind is not Kind.FILE:
            message = "was generated, but is not there any more"
            against.append(difference(name, path, (Cause.MISSING,), message, _REMEDY))
            continue
        content = (folder / path).read_bytes()
        if digest(content) == listed:
            yield path, content
        else:
            message = "was edited by hand since it was generated"
            against.append(difference(name, path, (Cause.EDITED,), message, _REMEDY))
