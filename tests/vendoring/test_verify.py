"""A copy of a package knows whether it is as it was generated."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from copies import (
    NAME,
    VERIFY,
    digest_of_lock,
    git,
    package,
    plain_copy,
    vendored,
)

from soapstone.output import LOCK_NAME, Origin, vendor
from soapstone.shipped_root.verify import Deviation, Kind, verify

ORIGIN = "soapstone.origin"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy without an origin."""
    return plain_copy(tmp_path)


def kinds(found: list[Deviation]) -> dict[str, str]:
    """Return the kind of deviation at each path, of which there is one, with all its words."""
    assert len({each.path for each in found}) == len(found)
    assert found == sorted(found, key=lambda each: each.path)
    for each in found:
        assert each.message
        assert each.remedy
    return {each.path: each.kind.value for each in found}


def rewrite(path: Path, **changes: object) -> None:
    """Change members of a JSON file, laid out as before."""
    document = json.loads(path.read_text("utf-8")) | changes
    path.write_text(json.dumps(document, indent=2, sort_keys=True) + "\n", "utf-8")


def test_a_copy_is_as_it_was_generated(copy: Path, tmp_path: Path) -> None:
    """Nothing is said of a copy of all files, whether or not its origin is recorded."""
    assert verify(copy) == []
    assert verify(vendored(tmp_path / "other")) == []


def test_the_generated_package_is_as_it_was_generated() -> None:
    """Nothing is said of the package of Rev.io, where it was generated."""
    assert verify(Path(__file__).parents[2] / "generated" / "revio") == []


def to_link(path: Path) -> None:
    """Put a link to the same in the place of something."""
    moved = path.rename(path.parents[1] / "moved")
    path.symlink_to(moved)


def swap_case(path: Path) -> None:
    path.rename(path.with_name(path.name.swapcase()))


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def to_file(path: Path) -> None:
    shutil.rmtree(path)
    path.write_bytes(b"")


def to_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def to_stranger(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")


def to_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def to_lf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n"))


def edit(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"#\n")


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (edit, "types.py", {"types.py": "edited"}),
        (edit, "verify.py", {"verify.py": "edited"}),
        (edit, "testing/answer.xml", {"testing/answer.xml": "edited"}),
        (Path.unlink, "tests/data/a.xml", {"tests/data/a.xml": "missing"}),
        (shutil.rmtree, "_runtime", {"_runtime/checks.py": "missing"}),
        (to_folder, "types.py", {"types.py": "missing"}),
        (to_stranger, "other.py", {"other.py": "stranger"}),
        (to_stranger, ".hidden", {".hidden": "stranger"}),
        (to_stranger, "a/b/c.py", {"a/b/c.py": "stranger"}),
        (to_file, "tests/data", {"tests/data": "stranger"}),
        (to_link, "types.py", {"types.py": "link"}),
        (to_link, "tests/data", {"moved/a.xml": "stranger", "tests/data": "link"}),
        (to_pipe, "types.py", {"types.py": "link"}),
        (to_pipe, "other", {"other": "link"}),
        (swap_case, "types.py", {"types.py": "renamed"}),
        (
            swap_case,
            "tests",
            {"tests/data/a.xml": "renamed", "tests/test_a.py": "renamed"},
        ),
        (to_crlf, "_runtime/checks.py", {"_runtime/checks.py": "line ends"}),
        (to_lf, "testing/answer.xml", {"testing/answer.xml": "line ends"}),
        (Path.unlink, LOCK_NAME, {LOCK_NAME: "missing"}),
        (to_crlf, LOCK_NAME, {LOCK_NAME: "line ends"}),
        (to_folder, LOCK_NAME, {LOCK_NAME: "missing"}),
        (to_pipe, LOCK_NAME, {LOCK_NAME: "link"}),
        (edit, LOCK_NAME, {LOCK_NAME: "broken"}),
    ],
)
def test_a_deviation_is_named(
    copy: Path,
    change: Callable[[Path], object],
    path: str,
    expected: dict[str, str],
) -> None:
    """Whatever happened to a file is said of its path, once, and of no other."""
    change(copy / path)
    assert kinds(verify(copy)) == expected


def test_every_deviation_is_named_at_once(copy: Path) -> None:
    """Several deviations are all reported, in the order of their paths."""
    edit(copy / "types.py")
    to_stranger(copy / "a.py")
    (copy / "__init__.py").unlink()
    assert kinds(verify(copy)) == {
        "__init__.py": "missing",
        "a.py": "stranger",
        "types.py": "edited",
    }


def test_no_link_is_followed(copy: Path, tmp_path: Path) -> None:
    """Of a folder behind a link nothing is said but that it is one."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").touch()
    (copy / "inside").symlink_to(outside)
    (copy / "loop").symlink_to(copy)
    assert kinds(verify(copy)) == {"inside": "link", "loop": "link"}


def test_the_folder_itself_may_be_behind_a_link(copy: Path, tmp_path: Path) -> None:
    """A project may have the whole package elsewhere."""
    (tmp_path / "linked").symlink_to(copy)
    assert verify(tmp_path / "linked") == []


@pytest.mark.parametrize(
    ("path", "is_byte_code"),
    [
        ("__pycache__/types.cpython-311.pyc", True),
        ("tests/__pycache__/a.cpython-310.opt-2.pyc", True),
        ("gone/__pycache__/a.pyc", True),
        ("__pycache__/types.cpython-311.pyc.140226104", True),
        ("__pycache__/types.py", False),
        ("__pycache__/types.so", False),
        ("__pycache__/deep/types.pyc", False),
        ("my__pycache__/types.pyc", False),
        ("other.pyc", False),
        ("tests/test_a.pyc", False),
    ],
)
def test_byte_code_of_python_is_no_stranger(
    copy: Path, path: str, is_byte_code: bool
) -> None:
    """What Python writes beside modules is no deviation; whatever it would import from elsewhere is."""
    to_stranger(copy / path)
    assert kinds(verify(copy)) == ({} if is_byte_code else {path: "stranger"})


def test_a_link_to_byte_code_is_a_link(copy: Path) -> None:
    """A link is none of the files that Python writes."""
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__" / "types.pyc").symlink_to(copy / "types.py")
    assert kinds(verify(copy)) == {"__pycache__/types.pyc": "link"}


def test_empty_folders_are_no_strangers(copy: Path) -> None:
    """Folders do not count, as they do not in git."""
    (copy / "a" / "b").mkdir(parents=True)
    assert verify(copy) == []


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """Return a folder, and be somebody for whom permissions count."""
    with tempfile.TemporaryDirectory() as folder:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, 65534, 65534)
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            for path in Path(folder).rglob("*"):
                path.chmod(0o700)
            if is_root:
                os.seteuid(0)


def test_what_cannot_be_read_is_said(unprivileged: Path) -> None:
    """A file or folder that its reader may not read is a deviation, and the rest is looked at."""
    copy = plain_copy(unprivileged)
    edit(copy / "types.py")
    (copy / "__init__.py").chmod(0)
    (copy / "tests" / "data").chmod(0)
    assert kinds(verify(copy)) == {
        "__init__.py": "unreadable",
        "tests/data": "unreadable",
        "types.py": "edited",
    }


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """Nothing can be read where there is nothing."""
    assert kinds(verify(tmp_path / "nowhere")) == {
        "": "unreadable",
        LOCK_NAME: "missing",
    }


# The lock


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]\n",
        b"{}\n",
        b'{\n  "files": {},\n  "format": 2\n}\n',
        b'{\n  "files": [],\n  "format": 1\n}\n',
        b'{"files": {}, "format": 1}\n',
        b'{\n  "files": {},\n  "files": {},\n  "format": 1\n}\n',
    ],
)
def test_a_broken_lock_is_the_only_deviation(copy: Path, content: bytes) -> None:
    """Nothing is said of files when nobody knows what they should be."""
    (copy / LOCK_NAME).write_bytes(content)
    assert kinds(verify(copy)) == {LOCK_NAME: "broken"}


def test_an_edited_lock_lists_something_else(copy: Path) -> None:
    """A lock without a file makes it a stranger, and with another digest it is edited."""
    files = json.loads((copy / LOCK_NAME).read_bytes())["files"]
    del files["types.py"]
    rewrite(copy / LOCK_NAME, files=files | {"__init__.py": "0" * 64, "verify.py": 1})
    assert kinds(verify(copy)) == {
        "__init__.py": "edited",
        "types.py": "stranger",
        "verify.py": "edited",
    }


def test_a_digest_pins_the_lock(copy: Path) -> None:
    """A lock that was changed along with a file has another digest than the one that was kept."""
    known = digest_of_lock(copy)
    assert verify(copy, digest=known) == []
    edit(copy / "types.py")
    vendor(
        package({"types.py": (copy / "types.py").read_bytes()}),
        copy.parent,
        Origin(),
        force=True,
    )
    assert verify(copy) == []
    (found,) = verify(copy, digest=known)
    assert (found.kind, found.path) == (Kind.EDITED, LOCK_NAME)
    assert digest_of_lock(copy) in found.message


def test_line_ends_of_the_lock_leave_its_digest(copy: Path) -> None:
    """That git changed the lock's line ends is no reason to say that another one is expected."""
    known = digest_of_lock(copy)
    to_crlf(copy / LOCK_NAME)
    assert kinds(verify(copy, digest=known)) == {LOCK_NAME: "line ends"}


def test_a_lock_from_elsewhere_is_believed(copy: Path, tmp_path: Path) -> None:
    """Files are compared with the lock that was kept, and so is the copy's own."""
    kept = tmp_path / "kept"
    shutil.copy(copy / LOCK_NAME, kept)
    assert verify(copy, lock=kept) == []
    edit(copy / "types.py")
    rewrite(copy / LOCK_NAME, files={})
    assert kinds(verify(copy, lock=kept)) == {
        LOCK_NAME: "edited",
        "types.py": "edited",
    }
    (copy / LOCK_NAME).unlink()
    assert kinds(verify(copy, lock=kept)) == {
        LOCK_NAME: "missing",
        "types.py": "edited",
    }


def test_a_lock_from_elsewhere_has_to_be_one(copy: Path, tmp_path: Path) -> None:
    """Whoever compares with something else than a lock is told so."""
    with pytest.raises(ValueError, match="is not JSON"):
        verify(copy, lock=copy / "types.py")
    with pytest.raises(OSError, match="nowhere"):
        verify(copy, lock=tmp_path / "nowhere")


# The origin


def test_tests_that_were_left_out_are_not_missing(tmp_path: Path) -> None:
    """Nothing is said of tests when it is recorded that the copy does without them."""
    copy = vendored(tmp_path, "tests")
    assert not (copy / "tests").exists()
    assert verify(copy) == []
    (copy / ORIGIN).unlink()
    assert kinds(verify(copy)) == {
        "tests/data/a.xml": "missing",
        "tests/test_a.py": "missing",
    }


def test_tests_are_left_out_as_a_whole(tmp_path: Path) -> None:
    """Where one of the tests is there, the others are missing."""
    copy = vendored(tmp_path, "tests")
    (copy / "tests").mkdir()
    (copy / "tests" / "test_a.py").write_bytes(b"four\n")
    to_stranger(copy / "tests" / "test_b.py")
    assert kinds(verify(copy)) == {
        "tests/data/a.xml": "missing",
        "tests/test_b.py": "stranger",
    }


def test_nothing_else_can_be_left_out(tmp_path: Path) -> None:
    """An origin cannot excuse what the package needs."""
    copy = vendored(tmp_path)
    shutil.rmtree(copy / "_runtime")
    rewrite(copy / ORIGIN, left_out=["_runtime"])
    assert kinds(verify(copy)) == {ORIGIN: "broken", "_runtime/checks.py": "missing"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (edit, {ORIGIN: "broken"}),
        (to_crlf, {ORIGIN: "line ends"}),
        (to_link, {ORIGIN: "link"}),
        (lambda path: rewrite(path, left_out="tests"), {ORIGIN: "broken"}),
        (lambda path: rewrite(path, format=2), {ORIGIN: "broken"}),
        (lambda path: rewrite(path, lock="0" * 64), {LOCK_NAME: "edited"}),
        (
            lambda path: (path.parent / LOCK_NAME).unlink(),
            {LOCK_NAME: "missing"},
        ),
    ],
)
def test_an_origin_is_looked_at(
    tmp_path: Path, change: Callable[[Path], object], expected: dict[str, str]
) -> None:
    """An origin that is damaged, or of another lock, is a deviation."""
    copy = vendored(tmp_path / "vendor")
    change(copy / ORIGIN)
    (copy / "moved").unlink(missing_ok=True)
    assert kinds(verify(copy)) == expected


# Git


def test_line_ends_that_git_changed_are_mended_as_it_says(tmp_path: Path) -> None:
    """Files that a checkout wrote with other line ends are named as such; what it advises helps."""
    project = tmp_path / "project"
    vendored(project / "vendor")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "All of it")
    git(tmp_path, "clone", "-q", "-c", "core.autocrlf=true", "project", "checkout")
    copy = tmp_path / "checkout" / "vendor" / NAME
    found = verify(copy)
    assert set(kinds(found)) >= {LOCK_NAME, ORIGIN, "types.py"}
    assert {each.kind for each in found} == {Kind.LINE_ENDS}
    (advice,) = {each.remedy for each in found}
    attributes = advice.split("`")[1]
    (copy.parent / ".gitattributes").write_text(f"{attributes}\n", "utf-8")
    shutil.rmtree(copy)
    git(copy.parent, "checkout", "-q", "--", NAME)
    assert verify(copy) == []


def test_the_module_is_the_one_that_is_shipped(copy: Path) -> None:
    """What is tried here is what stands in the copy."""
    assert (copy / "verify.py").read_bytes() == VERIFY.read_bytes()
