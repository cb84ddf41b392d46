"""Replacing a package folder in one step, whatever happens meanwhile.

The new folder is built beside the old one as `.{name}.soapstone-{random}`, and the two
change places. From then on that hidden name holds the old folder, so that whatever
bears it can be removed at any time. Where the system cannot exchange two folders, the old one is
called `.{name}.soapstone-old` for the moment in which the package has no folder; the next
run puts it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import secrets
import shutil
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from soapstone.output.lock import LOCK_NAME, LockError, parse_lock
from soapstone.output.package import ORIGIN_NAME
from soapstone.output.tree import Entry, Kind, kind_of, snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

if sys.platform != "win32":
    import fcntl

_HIDDEN = re.compile(r"\.(?P<name>[^/\\]+)\.soapstone-(?P<kind>old|[0-9a-f]{16})")

# What some network file systems answer when they cannot do it for a folder.
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP}

# The only two systems known to exchange two paths; the last 2 is the request to do so.
_EXCHANGES: Mapping[str, Callable[[ctypes.CDLL, bytes, bytes], int]] = {
    "linux": lambda library, one, two: library.renameat2(-100, one, -100, two, 2),
    "darwin": lambda library, one, two: library.renamex_np(one, two, 2),
}


class OutputError(Exception):
    """The disk refuses: no permission, no space, or a change by somebody else meanwhile.

    The text is a plain sentence with the path and the reason. The package folder is as it
    was before, or the text says under which name it is.
    """


@contextmanager
def plain_errors() -> Generator[None]:
    """Turn what the system says about the disk into an `OutputError`."""
    try:
        yield
    except OSError as error:
        # What concerns the hidden folder is told of the one that it would have become.
        path = _HIDDEN.sub(r"\g<name>", str(error.filename or "disk"))
        reason = f"{error.strerror or error}; the package is as it was before"
        raise OutputError(f"`{path}`: {reason}") from error


@contextmanager
def exclusive(out: Path) -> Generator[bool]:
    """Keep other generators out of `out`, waiting for one that is there already.

    Yields whether that worked: not on Windows, not on some network file systems, and not
    where there is no folder yet.
    """
    with ExitStack() as closing:
        yield out.exists() and _locked(out, closing)


def settle(out: Path, *, alone: bool) -> None:
    """Repair and clean up what killed runs left in `out`.

    Args:
        out: The output folder, which exists.
        alone: Whether no other generator can be at work; otherwise a folder under
            construction may be its, and stays.

    Raises:
        OutputError: A package that a killed run had moved aside cannot be put back, or it
            cannot be decided which of two folders is the package.
    """
    for path in sorted(out.iterdir()):
        match = _HIDDEN.fullmatch(path.name)
        if match is None or kind_of(path) is not Kind.FOLDER:
            continue
        if match["kind"] == "old":
            _settle_old(out / match["name"])
        elif alone:
            _discard(path)


def is_settled(out: Path) -> bool:
    """Whether no killed run has left anything in `out`.

    Raises:
        OSError: Nobody can tell.
    """
    return not any(_HIDDEN.fullmatch(path.name) for path in out.iterdir())


def set_aside(folder: Path) -> Path:
    """Return where a killed run keeps the package while `folder` has none."""
    return folder.with_name(f".{folder.name}.soapstone-old")


def install(
    folder: Path, build: Callable[[Path], None], known: Mapping[str, Entry]
) -> None:
    """Put what `build` makes of an empty folder in the place of `folder`.

    Whatever is not `known` to be in `folder` was saved by somebody in the meantime. It stops
    everything while that is possible, and goes over into the new folder afterwards.

    Raises:
        OSError: The disk refuses; `folder` is as it was before.
    """
    with staging_of(folder) as staging:
        staging.mkdir()
        build(staging)
        _check(folder, known)
        if kind_of(folder) is None:
            staging.rename(folder)
        elif not _exchange(staging, folder):
            _take_turns(staging, folder)
        _rescue(staging, folder, known)
        # The step is done: that the disk cannot promise it for a power cut undoes nothing.
        with suppress(OSError):
            sync_folder(folder.parent)


def uninstall(folder: Path, known: Mapping[str, Entry]) -> None:
    """Remove `folder` in one step; `known` as for `install`.

    Raises:
        OSError: The disk refuses; `folder` is as it was before.
    """
    with staging_of(folder) as staging:
        _check(folder, known)
        folder.rename(staging)
        _rescue(staging, folder, known)


@contextmanager
def staging_of(path: Path) -> Generator[Path]:
    """Yield the hidden name beside `path` for what is to take its place, and remove what is left of it."""
    staging = path.with_name(f".{path.name}.soapstone-{secrets.token_hex(8)}")
    try:
        yield staging
    except BaseException:
        _settle_old(path)
        raise
    finally:
        _discard(staging)


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` survive a power cut, where the system can do that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Have the content of a file survive a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_disk(folder: Path) -> bool:
    """Have all that is on the disk of a folder survive a power cut; whether the system can do that."""
    if sys.platform != "linux":
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        ended: int = ctypes.CDLL(None).syncfs(descriptor)
    except (AttributeError, OSError):
        return False
    finally:
        os.close(descriptor)
    return ended == 0


def _locked(out: Path, closing: ExitStack) -> bool:
    if sys.platform == "win32":
        return False
    # The lock is on the folder itself, which leaves no file in a committed tree.
    descriptor = os.open(out, os.O_RDONLY)
    closing.callback(_release, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError:
        return False
    return True


def _release(descriptor: int) -> None:
    # All is done by now, and an error would say the opposite.
    with suppress(OSError):
        try:
            # Closing does not unlock where a forked process has the descriptor too.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        finally:
            os.close(descriptor)


def _exchange(one: Path, two: Path) -> bool:
    try:
        library = ctypes.CDLL(None)
        call = _EXCHANGES[sys.platform]
        return call(library, os.fsencode(one), os.fsencode(two)) == 0
    except (AttributeError, KeyError, OSError, TypeError):
        # An old C library, another system, or Windows, where `CDLL` wants a name.
        return False


def _take_turns(staging: Path, folder: Path) -> None:
    folder.rename(set_aside(folder))
    staging.rename(folder)
    # From here on the new folder stands; what is left is for the next run.
    with suppress(OSError):
        set_aside(folder).rename(staging)


def _check(folder: Path, known: Mapping[str, Entry]) -> None:
    if snapshot(folder) != known:
        raise OutputError(f"`{folder}` changed during the run; run the command again")


def _rescue(old: Path, folder: Path, known: Mapping[str, Entry]) -> None:
    """Move what was saved at the last moment from the old folder into the new one."""
    found: dict[str, Entry] = {}
    # The step is done: that nobody can look whether anything was saved undoes nothing.
    with suppress(OSError):
        found = snapshot(old)
    late = [path for path in sorted(found) if found[path] != known.get(path)]
    try:
        for path in late:
            if found[path].kind is Kind.FOLDER:
                (folder / path).mkdir(parents=True, exist_ok=True)
            else:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (old / path).replace(folder / path)
    except OSError:
        # Under this name nothing is removed before somebody has decided.
        old.rename(set_aside(folder))
        raise


def _settle_old(folder: Path) -> None:
    old = set_aside(folder)
    if kind_of(old) is not Kind.FOLDER:
        return
    if kind_of(folder) is None:
        _put_back(old, folder)
        return
    lost = _strangers(old) - _files(folder)
    if lost:
        raise OutputError(
            f"`{old}`, which was put aside, has `{min(lost)}`, and `{folder}` has not; "
            "keep one of the two folders under the package's name and remove the other"
        )
    # Under a random name it may be found half removed.
    garbage = folder.with_name(f".{folder.name}.soapstone-{secrets.token_hex(8)}")
    with suppress(OSError):
        old.rename(garbage)
    _discard(garbage)


def _put_back(old: Path, folder: Path) -> None:
    try:
        old.rename(folder)
    except OSError as error:
        message = f"`{old}` cannot get back its name `{folder}`: {error.strerror}"
        raise OutputError(f"{message}; rename it by hand") from error


def _strangers(folder: Path) -> set[str]:
    try:
        lock = parse_lock((folder / LOCK_NAME).read_bytes())
    except (OSError, LockError):
        return _files(folder)
    return _files(folder) - lock.files.keys() - {LOCK_NAME, ORIGIN_NAME}


def _files(folder: Path) -> set[str]:
    entries = snapshot(folder).items()
    return {path for path, entry in entries if entry.kind is not Kind.FOLDER}


def _discard(tree: Path) -> None:
    try:
        _remove(tree)
    except KeyboardInterrupt:
        # Whoever interrupts should not find litter; twice is an order to leave at once.
        _remove(tree)
        raise


def _remove(tree: Path) -> None:
    # What cannot be removed now is hidden, and tried again by the next run.
    for folder, _, _ in os.walk(tree):
        with suppress(OSError):
            Path(folder).chmod(0o700)  # a read-only folder keeps its entries otherwise
    shutil.rmtree(tree, ignore_errors=True)
