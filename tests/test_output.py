"""Promises of the output stage, each tried with real files."""

from __future__ import annotations

import builtins
import contextlib
import ctypes
import errno
import fcntl
import io
import json
import multiprocessing
import os
import random
import resource
import runpy
import secrets
import shutil
import signal
import stat
import sys
import tempfile
import threading
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from figures import Figure
from soapstone.output import (
    LOCK_NAME,
    Cause,
    Difference,
    OutputError,
    Package,
    Written,
    compare,
    leftover_packages,
    remove_leftover,
    write,
)
from soapstone.output import disk as disk_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

NAME = "revio"
KILLS = 40


def make(
    files: Mapping[str, bytes],
    *,
    name: str = NAME,
    specs: str = "0",
    generator: str = "0.1.0",
    templates: str = "t1",
    formatter: str = "black 26.10.1",
) -> Package:
    """Return a package of `files`; each digit of `specs` is the digest of a spec."""
    return Package(
        name=name,
        files=files,
        specs={
            f"revio/{number}.yaml": digit * 64 for number, digit in enumerate(specs)
        },
        generator=generator,
        templates=templates,
        formatter=formatter,
    )


BASE = {"__init__.py": b"one\n", "types.py": b"two\n", "tests/data/a.xml": b"<a/>\n"}


def tree(folder: Path) -> dict[str, str | bytes]:
    """Return what stands in `folder`: contents, targets of links, and folders."""
    found: dict[str, str | bytes] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if "__pycache__" in name:
            continue
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = path.read_bytes() if path.is_file() else "special"
    return found


def names_in(folder: Path) -> list[str]:
    """Return the names in `folder`, hidden ones included."""
    return sorted(path.name for path in folder.iterdir())


def files(folder: Path) -> dict[str, bytes]:
    """Return the contents of the regular files in `folder` but the lock."""
    found = {
        path: content for path, content in tree(folder).items() if path != LOCK_NAME
    }
    return {
        path: content for path, content in found.items() if isinstance(content, bytes)
    }


def times(out: Path) -> dict[str, tuple[int, int]]:
    """Return number and time of change of everything in `out`, and of `out` itself."""
    found = {path: path.lstat() for path in (out, *out.rglob("*"))}
    return {
        str(path): (status.st_ino, status.st_mtime_ns) for path, status in found.items()
    }


def causes(differences: tuple[Difference, ...]) -> dict[str, Cause]:
    """Return the cause at each path, of which there is one."""
    assert len({found.path for found in differences}) == len(differences)
    for found in differences:
        assert found.message.startswith(f"`{found.path}` ")
        assert found.remedy
    return {found.path: found.cause for found in differences}


def edit_lock(out: Path, **changes: object) -> None:
    """Change members of the lock in `out`."""
    path = out / NAME / LOCK_NAME
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Return an output folder that does not exist yet."""
    return tmp_path / "generated"


@pytest.fixture
def written(out: Path) -> Path:
    """Return an output folder with `BASE` in it."""
    write(make(BASE), out)
    return out


# --- Packages and their paths ---------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//b",
        "a/",
        "./a",
        "a\\b",
        "C:a",
        "a\0",
        "a\nb",
        "\ud800",
        "__pycache__/a.pyc",
        LOCK_NAME,
        "Soapstone.Lock",
        f"{LOCK_NAME}/a",
    ],
)
def test_path_outside(path: str) -> None:
    """A path that leaves the folder, is not portable or is the lock's makes no package."""
    with pytest.raises(ValueError, match=r"path|same"):
        make({path: b""})


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "a\\b", "__pycache__"])
def test_name_outside(name: str, out: Path) -> None:
    """A package's name is one visible folder."""
    with pytest.raises(ValueError, match="not"):
        make({}, name=name)
    with pytest.raises(ValueError, match="not"):
        remove_leftover(out, name)


@pytest.mark.parametrize(
    "paths",
    [
        ("a.py", "A.py"),
        ("d/a", "D/b"),
        ("é", unicodedata.normalize("NFD", "é")),
        ("d", "d/a"),
    ],
)
def test_paths_collide(paths: tuple[str, str]) -> None:
    """Two paths that are one on some disk, or a file and a folder, make no package."""
    with pytest.raises(ValueError, match=r"same|file and a folder"):
        make(dict.fromkeys(paths, b""))
    with pytest.raises(ValueError, match=r"same|file and a folder"):
        make(dict.fromkeys(reversed(paths), b""))


# --- Writing ---------------------------------------------------------------------------


def test_first_generation(tmp_path: Path) -> None:
    """The first run makes the output folder, the package and nothing else."""
    out = tmp_path / "deep" / "generated"
    assert {found.cause for found in compare(make(BASE), out)} == {Cause.MISSING}
    done = write(make(BASE), out)
    assert done.created == tuple(
        sorted(f"{NAME}/{path}" for path in (*BASE, LOCK_NAME))
    )
    assert (done.updated, done.deleted, done.unchanged, done.refused) == (
        (),
        (),
        (),
        (),
    )
    assert files(out / NAME) == BASE
    assert names_in(out) == [NAME]
    assert compare(make(BASE), out) == ()


def test_lock_text(written: Path) -> None:
    """The lock is sorted, indented JSON with a final newline and a digest of every file."""
    text = (written / NAME / LOCK_NAME).read_text()
    lock = json.loads(text)
    assert text == json.dumps(lock, indent=2, sort_keys=True) + "\n"
    assert lock["format"] == 1
    assert lock["files"].keys() == BASE.keys()
    assert lock["specs"] == {"revio/0.yaml": "0" * 64}
    assert lock["formatter"] == "black 26.10.1"


def test_nothing_to_do(written: Path) -> None:
    """A run that changes nothing writes nothing, with or without `force`."""
    before = times(written)
    for force in (False, True):
        done = write(make(BASE), written, force=force)
        assert done == Written(
            unchanged=tuple(sorted(f"{NAME}/{p}" for p in (*BASE, LOCK_NAME)))
        )
    assert times(written) == before


def test_only_changes(written: Path) -> None:
    """A run writes what changed, deletes what is stale, and keeps the rest as it is."""
    same = (written / NAME / "__init__.py").stat()
    wanted = {"__init__.py": b"one\n", "types.py": b"changed\n", "new/a.py": b"new\n"}
    done = write(make(wanted), written)
    assert done == Written(
        created=("revio/new/a.py",),
        updated=("revio/soapstone.lock", "revio/types.py"),
        deleted=("revio/tests/data/a.xml",),
        unchanged=("revio/__init__.py",),
    )
    assert files(written / NAME) == wanted
    assert not (written / NAME / "tests").exists()
    now = (written / NAME / "__init__.py").stat()
    assert (now.st_ino, now.st_mtime_ns, now.st_nlink) == (
        same.st_ino,
        same.st_mtime_ns,
        1,
    )
    assert names_in(written) == [NAME]


def test_dry_run(written: Path, tmp_path: Path) -> None:
    """A dry run says what a run would do and leaves the disk alone."""
    wanted = {"types.py": b"changed\n", "new.py": b""}
    before = times(written)
    said = write(make(wanted), written, dry_run=True)
    assert times(written) == before
    assert said == write(make(wanted), written)
    assert write(make(wanted), tmp_path / "none", dry_run=True).created
    assert not (tmp_path / "none").exists()


def test_modes(written: Path) -> None:
    """New files follow the umask; files and folders that are there keep their mode."""
    folder = written / NAME
    (folder / "types.py").chmod(0o750)
    (folder / "tests").chmod(0o711)
    folder.chmod(0o775)
    before = os.umask(0o027)
    try:
        write(make({**BASE, "types.py": b"changed\n", "new.py": b""}), written)
    finally:
        os.umask(before)
    assert stat.S_IMODE((folder / "types.py").stat().st_mode) == 0o750
    assert stat.S_IMODE((folder / "new.py").stat().st_mode) == 0o640
    assert stat.S_IMODE((folder / "tests").stat().st_mode) == 0o711
    assert stat.S_IMODE(folder.stat().st_mode) == 0o775


def test_file_and_folder_swap(written: Path) -> None:
    """A file of ours can become a folder and a folder of ours a file."""
    first = {"a": b"file", "b/c/d": b"file"}
    second = {"a/c/d": b"file", "b": b"file"}
    write(make(first), written)
    write(make(second), written)
    assert files(written / NAME) == second
    write(make(first), written)
    assert files(written / NAME) == first


# --- Edits and strangers ----------------------------------------------------------------


def test_edited(written: Path) -> None:
    """An edit is never lost without `force`: the whole package stays, and why is said."""
    edited = written / NAME / "types.py"
    edited.write_bytes(b"by hand\n")
    wanted = make({**BASE, "__init__.py": b"changed\n", "types.py": b"changed\n"})
    before = times(written)
    for dry_run in (True, False):
        done = write(wanted, written, dry_run=dry_run)
        assert causes(done.refused) == {"revio/types.py": Cause.EDITED}
        assert done == Written(refused=done.refused)
        assert "--force" in done.refused[0].remedy
        assert "no copy" in done.refused[0].remedy
    assert times(written) == before
    assert causes(compare(wanted, written))["revio/types.py"] is Cause.EDITED
    assert write(wanted, written, force=True).refused == ()
    assert edited.read_bytes() == b"changed\n"


def test_edit_anticipates(written: Path) -> None:
    """An edit that is what would be written is no problem."""
    (written / NAME / "types.py").write_bytes(b"changed\n")
    wanted = make({**BASE, "types.py": b"changed\n"})
    assert causes(compare(wanted, written)) == {
        "revio/soapstone.lock": Cause.GENERATOR_CHANGED
    }
    assert write(wanted, written).updated == ("revio/soapstone.lock",)
    assert compare(wanted, written) == ()


@pytest.mark.parametrize("wanted", [b"two\n", b"changed\n"])
def test_line_ends(written: Path, wanted: bytes) -> None:
    """Line ends that git converted are an edit that is called by its name."""
    (written / NAME / "types.py").write_bytes(b"two\r\n")
    done = write(make({**BASE, "types.py": wanted}), written)
    assert causes(done.refused) == {"revio/types.py": Cause.EDITED}
    assert "autocrlf" in done.refused[0].message


def test_stale_but_edited(written: Path) -> None:
    """A file that is no longer wanted but was edited goes only with `force`."""
    (written / NAME / "types.py").write_bytes(b"by hand\n")
    wanted = make({"__init__.py": b"one\n"})
    done = write(wanted, written)
    assert causes(done.refused) == {"revio/types.py": Cause.EDITED}
    assert files(written / NAME) == {**BASE, "types.py": b"by hand\n"}
    assert "revio/types.py" in write(wanted, written, force=True).deleted
    assert files(written / NAME) == {"__init__.py": b"one\n"}


def test_stale_is_somebodys(written: Path) -> None:
    """What took the place of a stale file is a stranger, and a stale file may be gone."""
    folder = written / NAME
    (folder / "types.py").unlink()
    (folder / "types.py").symlink_to("__init__.py")
    (folder / "tests/data/a.xml").unlink()
    assert write(make({"__init__.py": b"one\n"}), written).deleted == ()
    assert tree(folder).keys() == {"__init__.py", "types.py", LOCK_NAME}


def test_foreign(written: Path) -> None:
    """A file that the lock does not list is not overwritten without `force`."""
    foreign = written / NAME / "new.py"
    foreign.write_bytes(b"not ours\n")
    wanted = make({**BASE, "new.py": b"ours\n"})
    assert causes(compare(wanted, written)) == {"revio/new.py": Cause.FOREIGN}
    assert causes(write(wanted, written).refused) == {"revio/new.py": Cause.FOREIGN}
    assert foreign.read_bytes() == b"not ours\n"
    assert write(wanted, written, force=True).updated == (
        "revio/new.py",
        "revio/soapstone.lock",
    )
    assert foreign.read_bytes() == b"ours\n"


def test_foreign_but_equal(out: Path) -> None:
    """Files that are what would be written are taken over, also without a lock."""
    write(make(BASE), out)
    (out / NAME / LOCK_NAME).unlink()
    assert causes(compare(make(BASE), out)) == {"revio/soapstone.lock": Cause.MISSING}
    assert write(make(BASE), out).created == ("revio/soapstone.lock",)


def test_folder_without_lock(out: Path) -> None:
    """A folder without a lock is somebody's: its files differ, so they stay."""
    (out / NAME).mkdir(parents=True)
    (out / NAME / "types.py").write_bytes(b"not ours\n")
    (out / NAME / "own.py").write_bytes(b"own\n")
    assert causes(write(make(BASE), out).refused) == {"revio/types.py": Cause.FOREIGN}
    write(make(BASE), out, force=True)
    assert files(out / NAME) == {**BASE, "own.py": b"own\n"}


def test_strangers(written: Path, tmp_path: Path) -> None:
    """Strangers survive a change untouched; only Python's caches may vanish."""
    folder = written / NAME
    (tmp_path / "target").write_bytes(b"target")
    (folder / "own.py").write_bytes(b"own\n")
    (folder / "tests/own.xml").write_bytes(b"own\n")
    (folder / "empty/deep").mkdir(parents=True)
    (folder / "empty").chmod(0o500)
    (folder / "link").symlink_to(tmp_path / "target")
    (folder / "dangling").symlink_to("nowhere")
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "tests/__pycache__").mkdir()
    (folder / "tests/__pycache__/a.pyc").write_bytes(b"")
    before = tree(folder)
    numbers = {
        path: (folder / path).lstat() for path in before if before[path] != "folder"
    }
    assert compare(make(BASE), written) == ()
    write(make({"new.py": b"new\n"}), written)
    after = tree(folder)
    gone = {*BASE, "tests/data", LOCK_NAME}
    expected = {path: before[path] for path in before.keys() - gone} | {
        "new.py": b"new\n"
    }
    assert after.pop(LOCK_NAME)
    assert after == expected
    for path in numbers.keys() - gone:
        now = (folder / path).lstat()
        assert now.st_ino == numbers[path].st_ino
        assert now.st_mtime_ns == numbers[path].st_mtime_ns
    assert stat.S_IMODE((folder / "empty").stat().st_mode) == 0o500
    assert names_in(written) == [NAME]
    assert (tmp_path / "target").read_bytes() == b"target"


def test_folder_time(written: Path) -> None:
    """A stranger's folder keeps its time; one of ours that changes shows it."""
    folder = written / NAME
    (folder / "own").mkdir()
    (folder / "new").mkdir()
    for path in ("own", "new", "tests"):
        os.utime(folder / path, (1, 1))
    write(make({**BASE, "new/new.py": b""}), written)
    assert (folder / "own").stat().st_mtime == 1
    assert (folder / "new").stat().st_mtime != 1
    assert (folder / "tests").stat().st_mtime != 1


def test_link_instead_of_file(written: Path, tmp_path: Path) -> None:
    """Nothing is written through a symbolic link; `force` replaces the link itself."""
    target = tmp_path / "target.py"
    target.write_bytes(b"two\n")
    path = written / NAME / "types.py"
    path.unlink()
    path.symlink_to(target)
    for package in (make(BASE), make({**BASE, "types.py": b"changed\n"})):
        assert causes(compare(package, written))["revio/types.py"] is Cause.FOREIGN
        assert causes(write(package, written).refused) == {
            "revio/types.py": Cause.FOREIGN
        }
    write(make(BASE), written, force=True)
    assert stat.S_IMODE(path.lstat().st_mode) & 0o111 == 0
    assert not path.is_symlink()
    assert path.read_bytes() == target.read_bytes() == b"two\n"


@pytest.mark.parametrize("kind", ["link", "file"])
def test_link_instead_of_folder(written: Path, tmp_path: Path, kind: str) -> None:
    """A link or file where a folder belongs is not followed; `force` replaces it."""
    elsewhere = tmp_path / "elsewhere"
    shutil.move(written / NAME / "tests", elsewhere)
    place = written / NAME / "tests"
    if kind == "link":
        place.symlink_to(elsewhere)
    else:
        place.write_bytes(b"not ours\n")
    assert causes(write(make(BASE), written).refused) == {"revio/tests": Cause.FOREIGN}
    found = causes(compare(make(BASE), written))
    assert found == {
        "revio/tests": Cause.FOREIGN,
        "revio/tests/data/a.xml": Cause.MISSING,
    }
    assert "revio/tests" in write(make(BASE), written, force=True).deleted
    assert files(written / NAME) == BASE
    assert files(elsewhere) == {"data/a.xml": b"<a/>\n"}


def test_folder_instead_of_file(written: Path) -> None:
    """Somebody's folder where a file belongs is not even removed by `force`."""
    place = written / NAME / "types.py"
    place.unlink()
    place.mkdir()
    for force in (False, True):
        done = write(make(BASE), written, force=force)
        assert causes(done.refused) == {"revio/types.py": Cause.FOREIGN}
    assert place.is_dir()


@pytest.mark.parametrize("kind", ["link", "file"])
def test_package_is_no_folder(written: Path, kind: str) -> None:
    """A package folder that is a link or a file is refused, also with `force`."""
    place = written / NAME
    place.rename(written / "elsewhere")
    if kind == "link":
        place.symlink_to("elsewhere")
    else:
        place.write_bytes(b"")
    before = times(written)
    assert causes(compare(make({}), written)) == {NAME: Cause.FOREIGN}
    for force in (False, True):
        assert causes(write(make({}), written, force=force).refused) == {
            NAME: Cause.FOREIGN
        }
    assert times(written) == before


# --- Locks -------------------------------------------------------------------------------

COMPLETE = b'{"format": 1, "files": {}, "specs": {}, "generator": "", "templates": "", "formatter": ""}'
BROKEN = {
    "conflict": b"<<<<<<< ours\n",
    "binary": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "list": b"[]",
    "empty": b"",
    "no format": b"{}",
    "wrong format": b'{"format": true}',
    "future": b'{"format": 2}',
    "true": COMPLETE.replace(b"1", b"true"),
    "zero": COMPLETE.replace(b"1", b"0"),
    "no files": b'{"format": 1}',
    "number": b'{"format": 1, "files": {"a": 1}}',
    "outside": b'{"format": 1, "files": {"../a": "0"}}',
    "no specs": b'{"format": 1, "files": {}}',
    "no generator": b'{"format": 1, "files": {}, "specs": {}}',
    "large number": b'{"format": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_lock(written: Path, content: bytes) -> None:
    """A lock that cannot be relied on is one worded difference, and stops all but `force`."""
    (written / NAME / LOCK_NAME).write_bytes(content)
    (written / NAME / "types.py").write_bytes(b"perhaps by hand\n")
    expected = {
        "revio/soapstone.lock": Cause.BROKEN_LOCK,
        "revio/types.py": Cause.FOREIGN,
    }
    before = times(written)
    assert causes(compare(make(BASE), written)) == expected
    assert causes(write(make(BASE), written).refused) == expected
    assert causes(remove_leftover(written, NAME).refused) == {
        "revio/soapstone.lock": Cause.BROKEN_LOCK
    }
    assert times(written) == before
    assert write(make(BASE), written, force=True).refused == ()
    assert compare(make(BASE), written) == ()


def test_broken_lock_place(written: Path) -> None:
    """What is wrong with a lock's text is said with line and column."""
    (written / NAME / LOCK_NAME).write_bytes(b'{\n  "format" 1\n}')
    assert "line 2, column 12" in compare(make(BASE), written)[0].message


@pytest.mark.parametrize("kind", ["link", "folder"])
def test_lock_is_no_file(written: Path, kind: str) -> None:
    """A lock that is a link or a folder is foreign, and the package has no lock."""
    lock = written / NAME / LOCK_NAME
    lock.rename(written / "elsewhere")
    if kind == "link":
        lock.symlink_to("../elsewhere")
    else:
        lock.mkdir()
    refused = write(make({**BASE, "types.py": b"changed\n"}), written).refused
    assert causes(refused) == {
        "revio/soapstone.lock": Cause.FOREIGN,
        "revio/types.py": Cause.FOREIGN,
    }
    assert bool(write(make(BASE), written, force=True).refused) is (kind == "folder")


# --- What `check` prints ------------------------------------------------------------------


def test_not_generated(out: Path) -> None:
    """A package that was never generated is one difference, whatever else is there."""
    assert causes(compare(make(BASE), out)) == {NAME: Cause.MISSING}
    (out / NAME).mkdir(parents=True)
    (out / NAME / "own.py").write_bytes(b"")
    (found,) = compare(make(BASE), out)
    assert found.message == "`revio` is not generated yet"
    assert "soapstone generate" in found.remedy


def test_spec_changed(written: Path) -> None:
    """Files that a changed spec explains name the specs."""
    changed = {"__init__.py": b"changed\n", "new.py": b""}
    found = compare(make(changed, specs="12", generator="9"), written)
    assert causes(found) == {
        "revio/__init__.py": Cause.SPEC_CHANGED,
        "revio/new.py": Cause.MISSING,
        "revio/tests/data/a.xml": Cause.ORPHAN,
        "revio/types.py": Cause.ORPHAN,
    }
    assert "`revio/0.yaml` and 1 more spec changed" in found[0].message
    found = compare(make(changed, specs="123"), written)
    assert "`revio/0.yaml` and 2 more specs changed" in found[0].message


@pytest.mark.parametrize(
    ("changes", "cause", "words"),
    [
        ({"specs": ""}, Cause.SPEC_CHANGED, "`revio/0.yaml` is gone"),
        (
            {"generator": "0.2.0"},
            Cause.GENERATOR_CHANGED,
            "0.1.0 wrote it, and this is 0.2.0",
        ),
        ({"templates": "t2"}, Cause.TEMPLATE_CHANGED, "templates"),
        ({"formatter": "black 27"}, Cause.FORMATTER_CHANGED, "black 26.10.1"),
    ],
)
def test_causes(
    written: Path, changes: dict[str, str], cause: Cause, words: str
) -> None:
    """A file, or the lock alone where every file is right, tells the causes apart."""
    found = compare(make({**BASE, "types.py": b"changed\n"}, **changes), written)
    assert causes(found) == {"revio/types.py": cause}
    assert words in found[0].message
    found = compare(make(BASE, **changes), written)
    assert causes(found) == {"revio/soapstone.lock": cause}
    assert words in found[0].message
    (written / NAME / "types.py").write_bytes(b"by hand\n")
    found = compare(make({**BASE, "types.py": b"changed\n"}, **changes), written)
    assert causes(found) == {"revio/types.py": Cause.EDITED}


def test_unexplained_change(written: Path) -> None:
    """A change that the lock does not explain is the generator's."""
    found = compare(make({**BASE, "types.py": b"changed\n"}), written)
    assert causes(found) == {"revio/types.py": Cause.GENERATOR_CHANGED}
    assert "same version" in found[0].message


def test_lock_edited(written: Path) -> None:
    """A lock that says the same in another way is out of date, and mended."""
    edit_lock(written)
    assert causes(compare(make(BASE), written)) == {
        "revio/soapstone.lock": Cause.EDITED
    }
    assert write(make(BASE), written).updated == ("revio/soapstone.lock",)
    assert compare(make(BASE), written) == ()


def test_missing(written: Path) -> None:
    """A generated file that somebody removed is missing, and comes back."""
    (written / NAME / "types.py").unlink()
    (found,) = compare(make(BASE), written)
    assert found.cause is Cause.MISSING
    assert "not there any more" in found.message
    assert write(make(BASE), written).created == ("revio/types.py",)


def test_order(out: Path) -> None:
    """Differences are in order of their paths, whatever their cause."""
    write(make({f"{letter}.py": b"" for letter in "abcdef"}), out)
    (out / NAME / "b.py").write_bytes(b"by hand\n")
    (out / NAME / "d.py").unlink()
    found = compare(make({"b.py": b"1", "c.py": b"1", "d.py": b"1", "e.py": b"1"}), out)
    assert [difference.path[-4] for difference in found] == list("abcdef")


# --- Packages without specs ---------------------------------------------------------------


def test_leftover_packages(written: Path, out: Path) -> None:
    """A folder with a lock and no specs is an orphan; other folders are strangers."""
    write(make(BASE, name="other"), out)
    (out / "broken").mkdir()
    (out / "broken" / LOCK_NAME).write_bytes(b"")
    (out / "own").mkdir()
    (out / "file").write_bytes(b"")
    shutil.copytree(written / NAME, out / ".hidden")
    found = leftover_packages(out, iter([NAME]))
    assert causes(found) == {"broken": Cause.ORPHAN, "other": Cause.ORPHAN}
    assert "cannot be read" in found[0].message
    assert leftover_packages(out / "none", []) == ()


def test_remove_leftover(written: Path) -> None:
    """A package without specs goes as a whole, with its caches."""
    (written / NAME / "__pycache__").mkdir()
    said = remove_leftover(written, NAME, dry_run=True)
    assert (written / NAME).exists()
    assert remove_leftover(written, NAME) == said
    assert said.deleted == tuple(
        sorted(f"{NAME}/{path}" for path in (*BASE, LOCK_NAME))
    )
    assert names_in(written) == []
    assert remove_leftover(written, NAME) == Written()
    assert remove_leftover(written / "none", NAME) == Written()
    assert not (written / "none").exists()


@pytest.mark.parametrize(
    "stranger", ["tests/own.py", "own.py", "empty/", "tests/data/empty/"]
)
def test_remove_leftover_with_strangers(written: Path, stranger: str) -> None:
    """What else is in the folder of a package without specs stays there."""
    place = written / NAME / stranger
    if stranger.endswith("/"):
        place.mkdir()
    else:
        place.write_bytes(b"own\n")
    remove_leftover(written, NAME)
    left = tree(written / NAME)
    found = left.pop(stranger.rstrip("/"))
    assert found == ("folder" if stranger.endswith("/") else b"own\n")
    assert left.keys() == {str(way) for way in Path(stranger).parents} - {"."}
    before = times(written)
    assert remove_leftover(written, NAME) == Written()
    assert times(written) == before


def test_remove_leftover_edited(written: Path) -> None:
    """An edited package without specs is left alone."""
    (written / NAME / "types.py").write_bytes(b"by hand\n")
    before = times(written)
    done = remove_leftover(written, NAME)
    assert causes(done.refused) == {"revio/types.py": Cause.EDITED}
    assert times(written) == before


# --- A disk that refuses -------------------------------------------------------------------

SECOND = {
    "__init__.py": b"one\n",
    "types.py": b"other\n" * 400,
    "new/b.xml": b"<b/>\n" * 400,
}
MANY = {f"folder{number % 7}/file{number}.py": b"%d\n" % number for number in range(60)}


# Without `close`: after an exception there, `shutil.rmtree` closes a second time.
CALLS = [
    "mkdir",
    "rename",
    "link",
    "fsync",
    "chmod",
    "open",
    "unlink",
    "rmdir",
    "listdir",
]
CALLS += ["scandir", "lstat", "stat"]


class Trip:
    """Does something at the n-th call into the system, before or after the call."""

    def __init__(self, action: Callable[[], object], turn: int, *, after: bool) -> None:
        self.action = action
        self.turn = turn
        self.after = after
        self.calls = 0

    def around(self, call: Callable[..., object]) -> Callable[..., object]:
        """Return `call` with the trip wire."""

        def tripping(*arguments: object, **options: object) -> object:
            self.calls += 1
            mine = self.calls == self.turn
            if mine and not self.after:
                self.action()
            result = call(*arguments, **options)
            if mine and self.after:
                # What the caller never gets cannot be closed by it.
                getattr(result, "close", int)()
                self.action()
            return result

        return tripping

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Put the wire before everything that the module asks of the system."""
        for name in CALLS:
            monkeypatch.setattr(os, name, self.around(getattr(os, name)))
        monkeypatch.setattr(io, "open", self.around(builtins.open))
        monkeypatch.setattr(ctypes, "CDLL", self.around(ctypes.CDLL))
        monkeypatch.setattr(fcntl, "flock", self.around(fcntl.flock))


def refuse() -> None:
    """Behave like a full disk."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt() -> None:
    """Behave like Ctrl-C."""
    raise KeyboardInterrupt


def kill() -> None:
    """Behave like a power cut, to this process."""
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have every test run with the exchange of folders, and on a system without it."""
    if request.param == "renames":
        monkeypatch.setattr(disk_module, "_EXCHANGES", {})
    return str(request.param)


Trees = dict[str, dict[str, str | bytes]]


@pytest.fixture
def trees(out: Path) -> Trees:
    """Return the complete trees between which the trials change, by a word for each."""
    prepare(out, "old")
    old = tree(out / NAME)
    write(make(SECOND), out)
    return {"none": {}, "old": old, "new": tree(out / NAME)}


def prepare(out: Path, start: str) -> None:
    """Make `out` as it is before each trial."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    if start == "old":
        write(make(BASE), out)
        (out / NAME / "own.txt").write_bytes(b"own\n")


def state(out: Path, trees: Trees, *, hidden: bool = False) -> str:
    """Return which complete tree stands in `out`; with `hidden`, leftovers may be there."""
    left = {path.name for path in out.iterdir()} - {NAME}
    assert hidden or not left
    assert all(name.startswith(f".{NAME}.soapstone-") for name in left)
    old = out / f".{NAME}.soapstone-old"
    folder = old if old.exists() and not (out / NAME).exists() else out / NAME
    found = tree(folder)
    # A first generation has no stranger.
    (name,) = {
        name
        for name, expected in trees.items()
        if found
        in (expected, {key: expected[key] for key in expected if key != "own.txt"})
    }
    return name


def finish(out: Path, trees: Trees) -> None:
    """Check that the next run succeeds whatever stands there, and leaves no litter."""
    write(make(SECOND), out)
    assert state(out, trees) == "new"
    assert compare(make(SECOND), out) == ()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what only matters when the power fails."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


REFUSED = "No space left on device; the package is as it was before"


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("start", ["none", "old"])
def test_refusal_at_every_call(
    out: Path, trees: Trees, start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the disk refuses: the old tree and a sentence, or the new one and no error."""
    seen: set[str] = set()
    trip = Trip(refuse, 1, after=False)
    while trip.calls >= trip.turn - 1:
        prepare(out, start)
        trip.calls = 0
        sentence = ""
        with monkeypatch.context() as patched:
            trip.install(patched)
            try:
                # A lock that cannot be read is refused like a broken one.
                refused = bool(write(make(SECOND), out).refused)
            except OutputError as error:
                sentence, refused = str(error), True
        assert "soapstone-" not in sentence
        assert not sentence or sentence.endswith(REFUSED)
        expected = start if refused else "new"
        assert state(out, trees, hidden=True) == expected
        seen.add(expected)
        finish(out, trees)
        trip.turn += 1
    assert trip.turn > 20
    assert seen == {start, "new"}


@pytest.mark.usefixtures("way", "fast")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("start", ["none", "old"])
def test_interrupt_at_every_call(
    out: Path, trees: Trees, start: str, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    """Ctrl-C at any moment leaves the old tree or the new one, and no litter."""
    seen: set[str] = set()
    trip = Trip(interrupt, 1, after=after)
    while trip.calls >= trip.turn - 1:
        prepare(out, start)
        trip.calls = 0
        with monkeypatch.context() as patched:
            trip.install(patched)
            with contextlib.suppress(KeyboardInterrupt):
                write(make(SECOND), out)
        seen.add(state(out, trees))
        finish(out, trees)
        trip.turn += 1
    assert trip.turn > 20
    assert seen == {start, "new"}


FORK = multiprocessing.get_context("fork")


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.usefixtures("way", "fast")
@pytest.mark.parametrize("start", ["none", "old"])
def test_kill_at_every_call(
    out: Path,
    trees: Trees,
    start: str,
    monkeypatch: pytest.MonkeyPatch,
    figure: Figure,
) -> None:
    """A kill at any call leaves the old tree or the new one, and the next run cleans up."""
    seen: set[str] = set()

    def run(turn: int) -> None:
        # What counts the reached lines writes them at the end, which is no call of the generator.
        with monkeypatch.context() as patched:
            Trip(kill, turn, after=False).install(patched)
            write(make(SECOND), out)

    code: int | None = -signal.SIGKILL
    turn = 0
    while code == -signal.SIGKILL:
        prepare(out, start)
        turn += 1
        process = FORK.Process(target=run, args=(turn,))
        process.start()
        process.join()
        code = process.exitcode
        seen.add(state(out, trees, hidden=True))
        finish(out, trees)
    assert code == 0
    assert turn > 20
    assert seen == {start, "new"}
    figure("places of a run at which it was killed", turn - 1)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.usefixtures("way")
def test_kill_at_random(out: Path, figure: Figure) -> None:
    """A generator at work that is killed at any moment leaves one of its two trees."""
    first = make({**MANY, "a.py": b"1\n"})
    second = make(
        {path: content * 2 for path, content in MANY.items()} | {"b.py": b"2\n"}
    )
    write(second, out)
    trees = {"second": tree(out / NAME)}
    write(first, out)
    trees["first"] = tree(out / NAME)

    def run() -> None:
        while True:
            write(second, out)
            write(first, out)

    moment = random.Random(5)  # noqa: S311 - no secret
    for _ in range(KILLS):
        process = FORK.Process(target=run)
        process.start()
        time.sleep(moment.uniform(0.005, 0.1))
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        state(out, trees, hidden=True)
        write(first, out)
        assert state(out, trees) == "first"
        assert compare(first, out) == ()
    figure("moments at which a run was killed", KILLS)


def test_file_too_large(written: Path) -> None:
    """A file that the system refuses in the middle of writing keeps the old tree."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000_000, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"revio/large\.py`: File too large"):
            write(make({"large.py": b"x" * 11_000_000}), written)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert files(written / NAME) == BASE
    assert names_in(written) == [NAME]


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Return a folder, and be somebody for whom permissions count."""
    with tempfile.TemporaryDirectory() as folder:
        root = os.geteuid() == 0
        if root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            for path in Path(folder).rglob("*"):
                path.chmod(0o700)
            if root:
                os.seteuid(0)


def test_no_permission(unprivileged: Path) -> None:
    """An output folder that takes no files is a sentence."""
    out = unprivileged / "generated"
    write(make(BASE), out)
    out.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        write(make(SECOND), out)
    assert files(out / NAME) == BASE
    (out / NAME / "types.py").chmod(0)
    with pytest.raises(OutputError, match=r"revio/types\.py`: Permission denied"):
        compare(make(SECOND), out)


def test_lock_not_readable(unprivileged: Path) -> None:
    """A lock that may not be read is one worded difference."""
    write(make(BASE), unprivileged)
    (unprivileged / NAME / LOCK_NAME).chmod(0)
    assert causes(compare(make(BASE), unprivileged)) == {
        "revio/soapstone.lock": Cause.BROKEN_LOCK
    }
    assert causes(leftover_packages(unprivileged, [])) == {NAME: Cause.ORPHAN}


def test_read_only_folder(unprivileged: Path) -> None:
    """Read-only folders in the package neither stop a run nor make it leave litter."""
    write(make(BASE), unprivileged)
    (unprivileged / NAME / "own").mkdir()
    (unprivileged / NAME / "own/file").write_bytes(b"own\n")
    for path in ("own", "tests/data", "tests", ""):
        (unprivileged / NAME / path).chmod(0o555)
    write(make({**BASE, "tests/data/a.xml": b"<b/>\n"}), unprivileged)
    assert names_in(unprivileged) == [NAME]
    assert files(unprivileged / NAME)["own/file"] == b"own\n"
    assert stat.S_IMODE((unprivileged / NAME / "tests").stat().st_mode) == 0o555


def test_output_folder_is_a_file(tmp_path: Path) -> None:
    """An output folder that is a file is a sentence for every function."""
    out = tmp_path / "generated"
    out.write_bytes(b"")
    calls: list[Callable[[], object]] = [
        lambda: write(make(BASE), out),
        lambda: write(make(BASE), out, dry_run=True),
        lambda: compare(make(BASE), out),
        lambda: leftover_packages(out, []),
        lambda: remove_leftover(out, NAME),
    ]
    for call in calls:
        with pytest.raises(
            OutputError, match=r"generated.*`: (Not a directory|File exists)"
        ):
            call()
    assert out.read_bytes() == b""


def test_links_not_possible(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where files cannot have two names, they are copied with their times."""

    def link(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    folder = written / NAME
    (folder / "own.py").write_bytes(b"own\n")
    (folder / "own.py").chmod(0o741)
    (folder / "link").symlink_to("nowhere")
    os.utime(folder / "own.py", (1, 1))
    write(make({**BASE, "types.py": b"changed\n"}), written)
    assert files(folder) == {**BASE, "types.py": b"changed\n", "own.py": b"own\n"}
    assert (folder / "own.py").stat().st_mtime == 1
    assert stat.S_IMODE((folder / "own.py").stat().st_mode) == 0o741
    assert (folder / "link").readlink() == Path("nowhere")
    os.mkfifo(folder / "pipe")
    with pytest.raises(OutputError, match="named pipe"):
        write(make(BASE), written)
    assert files(folder)["types.py"] == b"changed\n"


def test_names_collide_on_disk(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger that a disk takes for a file of ours stops the run instead of losing."""

    def link(*_: object, **__: object) -> None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(OutputError, match="File exists"):
        write(make({**BASE, "types.py": b"changed\n"}), written)
    assert files(written / NAME) == BASE


@pytest.mark.parametrize("name", ["late.py", "own.py"])
@pytest.mark.parametrize(
    "act",
    [
        lambda out: write(make({**BASE, "types.py": b"changed\n"}), out),
        lambda out: remove_leftover(out, NAME),
    ],
    ids=["write", "remove"],
)
def test_change_during_run(
    written: Path,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[Path], Written],
    name: str,
) -> None:
    """What somebody saves while the generator works is not lost."""
    folder = written / NAME
    (folder / "own.py").write_bytes(b"own\n")

    def save(_: int) -> str:
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(b"just in time\n")
        return "0" * 16

    monkeypatch.setattr(secrets, "token_hex", save)
    with pytest.raises(OutputError, match="changed during the run"):
        act(written)
    assert files(folder) == {**BASE, "own.py": b"own\n", name: b"just in time\n"}
    assert names_in(written) == [NAME]


def test_change_before_removal(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that gets a stranger just before it would go as a whole stays."""

    def save(_: int) -> str:
        (written / NAME / "late.py").write_bytes(b"just in time\n")
        return "0" * 16

    monkeypatch.setattr(secrets, "token_hex", save)
    with pytest.raises(OutputError, match="changed during the run"):
        remove_leftover(written, NAME)
    assert files(written / NAME) == {**BASE, "late.py": b"just in time\n"}


def before(
    call: Callable[..., object], act: Callable[[], object]
) -> Callable[..., object]:
    """Return `call` with something that happens just before it."""

    def later(*arguments: object, **options: object) -> object:
        act()
        return call(*arguments, **options)

    return later


def replace(path: Path, content: bytes) -> None:
    """Save as editors do: under another name, which takes the place of the file."""
    path.with_name("saving").write_bytes(content)
    path.with_name("saving").replace(path)


@pytest.mark.usefixtures("way")
def test_saved_at_the_last_moment(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved between the last look and the step is in the new tree as well."""
    folder = written / NAME
    (folder / "own.py").write_bytes(b"own\n")
    (folder / "changed.py").write_bytes(b"own\n")

    def save() -> None:
        (folder / "tests/own/deep").mkdir(parents=True)
        (folder / "tests/own/late.py").write_bytes(b"late\n")
        (folder / "tests/data/late.xml").write_bytes(b"<late/>\n")
        replace(folder / "own.py", b"late\n")
        (folder / "changed.py").write_bytes(b"changed\n")
        replace(folder / "types.py", b"by hand\n")

    with monkeypatch.context() as patched:
        patched.setattr(ctypes, "CDLL", before(ctypes.CDLL, save))
        write(make(SECOND), written)
    assert files(folder) == {
        **SECOND,
        "tests/own/late.py": b"late\n",
        "tests/data/late.xml": b"<late/>\n",
        "own.py": b"late\n",
        "changed.py": b"changed\n",
        "types.py": b"by hand\n",
    }
    assert (folder / "tests/own/deep").is_dir()
    assert names_in(written) == [NAME]
    assert causes(compare(make(SECOND), written)) == {"revio/types.py": Cause.EDITED}


@pytest.mark.usefixtures("way")
def test_saved_where_something_else_belongs(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was saved at the last moment and has no place in the new tree is not thrown away."""
    folder = written / NAME
    old = written / f".{NAME}.soapstone-old"
    late = {"new": b"late\n"}
    with monkeypatch.context() as patched:
        save = folder / "new"
        act = before(ctypes.CDLL, lambda: save.write_bytes(b"late\n"))
        patched.setattr(ctypes, "CDLL", act)
        with pytest.raises(OutputError, match="put aside, has `new`") as refused:
            write(make(SECOND), written)
    assert str(old) in str(refused.value)
    assert files(folder) == SECOND
    assert files(old) == {**BASE, **late}


def test_saved_while_a_package_goes(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved at the last moment stays, although all else of the package goes."""
    late = written / NAME / "tests" / "late.py"
    with monkeypatch.context() as patched:
        patched.setattr(os, "rename", before(os.rename, lambda: late.write_bytes(b"1")))
        remove_leftover(written, NAME)
    assert files(written / NAME) == {"tests/late.py": b"1"}
    assert names_in(written) == [NAME]


def test_secured(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is new is on the disk before it takes its place, for when the power fails."""
    secured: set[int] = set()
    rename = Path.rename
    monkeypatch.setattr(disk_module, "_EXCHANGES", {})
    monkeypatch.setattr(
        os, "fsync", lambda number: secured.add(os.fstat(number).st_ino)
    )

    def checked(one: Path, two: Path) -> None:
        if two == written / NAME:
            new = [
                one,
                one / "tests",
                one / "tests/data",
                one / "types.py",
                one / LOCK_NAME,
            ]
            assert {path.stat().st_ino for path in new} == secured
        rename(one, two)

    monkeypatch.setattr(Path, "rename", checked)
    write(make({**BASE, "types.py": b"changed\n"}), written)
    assert written.stat().st_ino in secured


@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_folder_sync(
    written: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """A file system that cannot secure folders is good enough; one that fails is not."""
    secure = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        secure(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    fails = number == errno.EIO
    with pytest.raises(OutputError) if fails else contextlib.nullcontext():
        write(make({**BASE, "types.py": b"changed\n"}), written)
    assert files(written / NAME)["types.py"] == (b"two\n" if fails else b"changed\n")


@pytest.mark.parametrize("lacks", ["syncfs", "leave", "linux"])
def test_many_files_are_secured_one_by_one(
    out: Path, monkeypatch: pytest.MonkeyPatch, lacks: str
) -> None:
    """Where a system cannot secure a whole disk, each of many files is, and so is each folder."""
    secured: set[int] = set()
    secure = os.fsync

    class Library:
        """A C library that refuses, or has no such function."""

        if lacks == "leave":

            def syncfs(self, _descriptor: int) -> int:
                """Refuse."""
                return -1

    def fsync(descriptor: int) -> None:
        secured.add(os.fstat(descriptor).st_ino)
        secure(descriptor)

    monkeypatch.setattr(disk_module, "_EXCHANGES", {})
    if lacks == "linux":
        monkeypatch.setattr(sys, "platform", "freebsd")
    else:
        monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    monkeypatch.setattr(os, "fsync", fsync)
    many = {f"folder{number}/{number}.py": b"1\n" for number in range(80)}
    write(make(many), out)
    written = [out / NAME / path for path in many]
    places = {
        path.stat().st_ino for path in (*written, *(each.parent for each in written))
    }
    assert places <= secured


# --- Leftovers of killed runs ----------------------------------------------------------------


def test_leftovers(written: Path) -> None:
    """Leftovers of any package go with the next run, but nothing that looks similar."""
    shutil.copytree(written / NAME, written / f".other.soapstone-{'0' * 16}")
    (written / f".link.soapstone-{'0' * 16}").symlink_to(NAME)
    (written / ".own.soapstone-notes").mkdir()
    (written / f".{NAME}.soapstone-old").write_bytes(b"")
    mode = (written / NAME).stat().st_mode
    before = {path.name for path in written.iterdir()} - {
        f".other.soapstone-{'0' * 16}"
    }
    write(make(BASE), written, dry_run=True)
    assert set(names_in(written)) > before
    write(make(BASE), written)
    assert set(names_in(written)) == before
    assert (written / NAME).stat().st_mode == mode


def test_name_is_taken(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file under the name for the moment without a folder stops the run and stays."""
    monkeypatch.setattr(disk_module, "_EXCHANGES", {})
    (written / f".{NAME}.soapstone-old").write_bytes(b"own\n")
    with pytest.raises(OutputError, match="Not a directory"):
        write(make(SECOND), written)
    assert files(written / NAME) == BASE
    assert names_in(written) == [f".{NAME}.soapstone-old", NAME]


def test_moved_aside(written: Path) -> None:
    """A package that a killed run had moved aside is said to be, and put back first."""
    (written / NAME).rename(written / f".{NAME}.soapstone-old")
    before = times(written)
    (found,) = compare(make(BASE), written)
    assert found.cause is Cause.MISSING
    assert "puts it back" in found.remedy
    assert write(make(BASE), written, dry_run=True).created == ()
    assert times(written) == before
    assert write(make(BASE), written).created == ()
    assert names_in(written) == [NAME]


@pytest.mark.parametrize("lock", [True, False])
def test_two_candidates(written: Path, *, lock: bool) -> None:
    """When both folders hold what the other has not, a person decides."""
    old = written / f".{NAME}.soapstone-old"
    shutil.copytree(written / NAME, old)
    (old / "own.py").write_bytes(b"own\n")
    if not lock:
        (old / LOCK_NAME).unlink()
    with pytest.raises(OutputError, match=r"which was put aside, has `own\.py`"):
        write(make(BASE), written)
    assert (old / "own.py").read_bytes() == b"own\n"
    (old / "own.py").rename(written / NAME / "own.py")
    if lock:
        (written / NAME / LOCK_NAME).unlink()
    write(make(BASE), written)
    assert names_in(written) == [NAME]


def test_cannot_put_back(unprivileged: Path) -> None:
    """A package that cannot be put back is said to stand under its other name."""
    out = unprivileged / "generated"
    write(make(BASE), out)
    (out / NAME).rename(out / f".{NAME}.soapstone-old")
    out.chmod(0o500)
    with pytest.raises(OutputError, match="cannot get back its name"):
        write(make(BASE), out)


# --- Generators side by side ------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
@pytest.mark.usefixtures("way")
def test_two_generators(out: Path, trees: Trees) -> None:
    """Two generators at once take turns, and a reader sees complete packages only."""
    prepare(out, "old")

    def run(one: Package, two: Package) -> None:
        for _ in range(25):
            assert not write(one, out).refused
            assert not write(two, out).refused

    both = (make(BASE), make(SECOND))
    complete = {(), compare(both[1], out)}
    processes = [FORK.Process(target=run, args=pair) for pair in (both, both[::-1])]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        assert compare(both[1], out) in complete
    assert [process.exitcode for process in processes] == [0, 0]
    assert state(out, trees) in {"old", "new"}


def test_packages_in_parallel(out: Path) -> None:
    """Threads may write the packages of one output folder at the same time."""
    names = [f"service{number}" for number in range(8)]
    threads = [
        threading.Thread(target=write, args=(make(BASE, name=name), out))
        for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names_in(out) == names
    assert all(compare(make(BASE, name=name), out) == () for name in names)


def test_running_generator(written: Path) -> None:
    """The folder that another generator is building stays until that has ended."""
    building = written / f".{NAME}.soapstone-{'0' * 16}"
    building.mkdir()
    descriptor = os.open(written, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    thread = threading.Thread(target=write, args=(make(SECOND), written))
    thread.start()
    thread.join(0.2)
    assert thread.is_alive()
    assert building.exists()
    assert files(written / NAME) == BASE
    os.close(descriptor)
    thread.join()
    assert not building.exists()
    assert files(written / NAME) == SECOND


def test_no_locks(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where folders cannot be locked, a run works, and leaves what may be another's."""

    def flock(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", flock)
    building = written / f".{NAME}.soapstone-{'0' * 16}"
    building.mkdir()
    write(make(SECOND), written)
    assert building.exists()
    assert files(written / NAME) == SECOND


# --- Other systems ------------------------------------------------------------------------------


def test_windows(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows there are no locks of folders, no exchange and no sync of folders."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delitem(sys.modules, "fcntl")
    assert "fcntl" not in runpy.run_path(str(disk_module.__file__))
    write(make(SECOND), written)
    assert files(written / NAME) == SECOND


def test_macos(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On macOS the exchange is `renamex_np` with `RENAME_SWAP`."""
    swaps: list[tuple[bytes, bytes, int]] = []

    class Library:
        """The part of the C library of macOS that is asked for."""

        def renamex_np(self, one: bytes, two: bytes, request: int) -> int:
            """Exchange two folders."""
            swaps.append((one, two, request))
            first, second = Path(os.fsdecode(one)), Path(os.fsdecode(two))
            first.rename(written / "aside")
            second.rename(first)
            (written / "aside").rename(second)
            return 0

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: Library())
    write(make(SECOND), written)
    assert files(written / NAME) == SECOND
    assert [(two, request) for _, two, request in swaps] == [
        (os.fsencode(written / NAME), 2)
    ]


# --- Anything at all ------------------------------------------------------------------------------

PATHS = ["a", "b", "d", "d/a", "d/b", "d/e", "d/e/f", "own", "d/own"]
CONTENTS = st.sampled_from([b"1", b"2", b"3"])
MOVES = st.sampled_from(["write", "delete", "folder", "link", "cache"])


def packages(contents: dict[str, bytes]) -> Package:
    """Return a package of the part of `contents` that can be one."""
    chosen: dict[str, bytes] = {}
    for path, content in contents.items():
        with contextlib.suppress(ValueError):
            make({**chosen, path: content})
            chosen[path] = content
    return make(chosen)


def disturb(folder: Path, move: str, path: str, content: bytes) -> None:
    """Do to the package folder what a person may do."""
    place = folder / path
    with contextlib.suppress(OSError):
        if move == "cache":
            (place / "__pycache__").mkdir(parents=True)
        elif move != "write" and place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        elif move != "write":
            place.unlink(missing_ok=True)
        if move == "write":
            place.write_bytes(content)
        elif move == "folder":
            place.mkdir(parents=True)
        elif move == "link":
            place.symlink_to("a")


CHOICES = st.dictionaries(st.sampled_from(PATHS), CONTENTS).map(packages)


@settings(max_examples=300, deadline=None)
@given(
    old=CHOICES,
    new=CHOICES,
    moves=st.lists(st.tuples(MOVES, st.sampled_from(PATHS), CONTENTS), max_size=6),
    lock=st.booleans(),
)
def test_anything(
    old: Package, new: Package, moves: list[tuple[str, str, bytes]], *, lock: bool
) -> None:
    """Strangers stay, edits are never lost without `force`, the rest is what is wanted."""
    with (
        tempfile.TemporaryDirectory() as temporary,
        pytest.MonkeyPatch.context() as patched,
    ):
        patched.setattr(os, "fsync", lambda _: None)
        out = Path(temporary)
        write(old, out)
        for move in moves:
            disturb(out / NAME, *move)
        if not lock:
            (out / NAME / LOCK_NAME).unlink()
        before = tree(out / NAME)
        untouched = times(out)
        said = write(new, out, dry_run=True)
        check_refusal(said, before, old if lock else make({}), new)
        done = write(new, out)
        assert done == said
        if done.refused:
            assert times(out) == untouched
            compared = {(found.path, found.cause) for found in compare(new, out)}
            assert {(found.path, found.cause) for found in done.refused} <= compared
            done = write(new, out, force=True)
        if done.refused:
            assert tree(out / NAME) == before
            return
        check_result(tree(out / NAME), before, old if lock else make({}), new)
        assert names_in(out) == [NAME]
        assert compare(new, out) == ()
        untouched = times(out)
        write(new, out)
        assert times(out) == untouched


def check_refusal(
    said: Written, before: dict[str, str | bytes], old: Package, new: Package
) -> None:
    """Check that a run refuses when, and only when, it would lose something."""
    lost = {
        path
        for path in old.files.keys() | new.files.keys()
        if isinstance(before.get(path), bytes)
        and before[path] not in (new.files.get(path), old.files.get(path))
    }
    lost |= {
        path
        for path in new.files
        if before.get(path, "folder") != "folder" and isinstance(before[path], str)
    }
    named = {found.path.removeprefix(f"{NAME}/") for found in said.refused}
    assert lost <= named
    for path in named - lost:
        # A folder of somebody's where a file belongs, or a file where a folder does.
        if before[path] == "folder":
            assert path in new.files
        else:
            assert any(wanted.startswith(f"{path}/") for wanted in new.files)


def check_result(
    after: dict[str, str | bytes],
    before: dict[str, str | bytes],
    old: Package,
    new: Package,
) -> None:
    """Check that `after` is what is wanted, and what strangers had in `before`."""
    contents = {path: content for path, content in after.items() if path != LOCK_NAME}
    ways = {str(way) for path in new.files for way in Path(path).parents}
    for path, wanted in new.files.items():
        assert contents.pop(path) == wanted
    for path, content in before.items():
        if path == LOCK_NAME or path in new.files or path in ways:
            continue
        if path in old.files and isinstance(content, bytes):
            assert path not in contents
        elif content != "folder":
            assert contents.pop(path) == content
    strangers = {path for path in before if before[path] == "folder"}
    held = {str(way) for path in old.files for way in Path(path).parents}
    assert contents.keys() <= strangers | ways
    assert strangers - held <= contents.keys() | ways
    assert set(contents.values()) <= {"folder"}
