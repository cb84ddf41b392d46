"""New files of the user's own: there whole or not at all, and never in the place of another."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from soapstone.output.disk import OutputError, staging_of, sync_folder
from soapstone.output.tree import kind_of
from soapstone.output.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path


def create_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Make a folder that holds some files; folders above it are made too.

    Raises:
        OutputError: The disk refuses, or something is there already; nothing was written.
    """
    with _plain_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with staging_of(folder) as staging:
            _fill(staging, files)
            # No system lets a folder take the place of anything but an empty folder.
            staging.rename(folder)
        _keep_names(folder.parent)


def create_file(path: Path, content: bytes) -> None:
    """Make a file in a folder that is there.

    Raises:
        OutputError: The disk refuses, or something is there already; nothing was written.
    """
    with _plain_errors(path):
        with staging_of(path) as staging:
            _fill(staging, {path.name: content})
            _publish(staging / path.name, path)
        _keep_names(path.parent)


def _fill(staging: Path, files: Mapping[str, bytes]) -> None:
    staging.mkdir()
    for name, content in files.items():
        write_file(staging / name, content)
    sync_folder(staging)


def _publish(written: Path, path: Path) -> None:
    try:
        # A second name, unlike a new name, never takes the place of another file.
        os.link(written, path)
    except OSError:
        if kind_of(path) is not None:
            raise
        # Some disks know no second names.
        written.rename(path)


def _keep_names(folder: Path) -> None:
    # It is done: that the disk cannot promise it for a power cut undoes nothing.
    with suppress(OSError):
        sync_folder(folder)


@contextmanager
def _plain_errors(path: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        # The error names a hidden path, of which the user knows nothing.
        reason = error.strerror or str(error)
        raise OutputError(
            f"`{path.as_posix()}` cannot be written: {reason}; nothing was written"
        ) from error
