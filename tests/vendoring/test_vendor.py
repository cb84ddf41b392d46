"""`soapstone vendor`, as its user would try it: by what it prints, writes and exits with."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from copies import FILES, NAME, Ended, digest_of_lock, environment, git, package, run

import soapstone
from soapstone.command import main
from soapstone.output import (
    LOCK_NAME,
    Cause,
    Package,
    compare,
    remove_leftover,
    write,
)
from soapstone.shipped_root.verify import verify

SOURCE = Path(soapstone.__file__).parents[1]
ORIGIN = "soapstone.origin"
WITHOUT_TESTS = [path for path in FILES if not path.startswith("tests/")]


@dataclass
class Desk:
    """A folder with `generated/`, in which the command runs inside this process."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str) -> Ended:
        """Run `soapstone vendor`."""
        self.monkeypatch.setattr(sys, "argv", ["soapstone", "vendor", *arguments])
        with pytest.raises(SystemExit) as leaving:
            main()
        said = self.capture.readouterr()
        assert isinstance(leaving.value.code, int)
        return Ended(leaving.value.code, said.out, said.err)

    @property
    def copy(self) -> Path:
        """Where the copy is to stand."""
        return self.folder / "vendor" / NAME

    @property
    def source(self) -> Path:
        """The package that is copied."""
        return self.folder / "generated" / NAME

    def generate(self, made: Package) -> None:
        """Write a package to be copied."""
        write(made, self.folder / "generated")


@pytest.fixture
def desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """Return a folder with a package in `generated/`, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GIT_") or name == "NO_COLOR":
            monkeypatch.delenv(name)
    desk = Desk(tmp_path, capsys, monkeypatch)
    desk.generate(package())
    return desk


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def origin(copy: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((copy / ORIGIN).read_bytes())
    return found


# Copying


def test_a_first_copy(desk: Desk) -> None:
    """A copy has all files of the package and its origin, and the command says how CI proves it."""
    ended = desk("vendor")
    assert ended.code == 0
    assert ended.err == ""
    first, *lines, last = ended.out.splitlines()
    assert first == f"shop: created {len(FILES) + 2} files"
    assert sorted(lines) == [
        f"  created vendor/shop/{path}" for path in sorted([*FILES, LOCK_NAME, ORIGIN])
    ]
    copied = tree(desk.copy)
    copied.pop(ORIGIN)
    assert copied == tree(desk.source)
    assert verify(desk.copy) == []
    shown = re.fullmatch(r"in CI: `python (.*)`", last)
    assert shown is not None
    assert run(*shown[1].split(), cwd=desk.folder).code == 0


def test_the_lock_is_that_of_the_package(desk: Desk) -> None:
    """Whatever is left out, a copy has the digest of the package that it is a copy of."""
    assert desk("vendor", "--no-tests").code == 0
    assert digest_of_lock(desk.copy) == digest_of_lock(desk.source)


def test_the_origin_is_recorded(desk: Desk) -> None:
    """The copy says what it is a copy of, and no path of this machine."""
    assert desk("vendor").code == 0
    assert origin(desk.copy) == {
        "format": 1,
        "package": "shop",
        "generator": "0.1.0",
        "commit": None,
        "left_out": [],
        "lock": digest_of_lock(desk.source),
    }
    assert str(desk.folder) not in (desk.copy / ORIGIN).read_text("utf-8")


def test_the_commit_is_recorded(desk: Desk) -> None:
    """Recorded is the last commit that changed the package, so that others change no copy."""
    project = desk.folder
    (project / ".gitignore").write_text("vendor\n", "utf-8")
    git(project, "init", "-q")
    git(project, "add", ".")
    git(project, "commit", "-qm", "The package")
    commit = git(project, "rev-parse", "HEAD")
    (project / "other").touch()
    git(project, "add", "other")
    git(project, "commit", "-qm", "Something else")
    assert desk("vendor").code == 0
    assert origin(desk.copy)["commit"] == commit
    desk.generate(package(FILES | {"types.py": b"new\n"}))
    assert desk("vendor").code == 0
    assert origin(desk.copy)["commit"] is None


def test_without_git(desk: Desk) -> None:
    """Where there is no git, no commit is recorded."""
    desk.monkeypatch.setenv("PATH", str(desk.folder))
    assert desk("vendor").code == 0
    assert origin(desk.copy)["commit"] is None


def test_a_second_time_nothing_changes(desk: Desk) -> None:
    """A copy that is up to date is left as it is."""
    assert desk("vendor").code == 0
    before = {path: path.stat().st_mtime_ns for path in desk.copy.rglob("*")}
    ended = desk("vendor")
    assert ended.out.splitlines()[0] == f"shop: {len(FILES) + 2} files unchanged"
    assert {path: path.stat().st_mtime_ns for path in desk.copy.rglob("*")} == before


def test_an_update_says_what_changes(desk: Desk) -> None:
    """Files that are new, others or gone are told apart, and a dry run tells the same."""
    assert desk("vendor").code == 0
    files = {**FILES, "types.py": b"new\n", "new.py": b"new\n"}
    del files["_runtime/checks.py"]
    desk.generate(package(files))
    before = tree(desk.copy)
    foreseen = desk("vendor", "--dry-run")
    assert tree(desk.copy) == before
    ended = desk("vendor")
    assert ended.out.splitlines()[:-1] == [
        "shop: created 1 file, updated 3 files, deleted 1 file, 5 files unchanged",
        "  created vendor/shop/new.py",
        "  updated vendor/shop/soapstone.lock",
        "  updated vendor/shop/soapstone.origin",
        "  updated vendor/shop/types.py",
        "  deleted vendor/shop/_runtime/checks.py",
    ]
    assert foreseen.out.replace("would ", "") == re.sub(
        r"(create|update|delete)d", r"\1", ended.out
    )
    assert verify(desk.copy) == []


def test_strangers_stay(desk: Desk) -> None:
    """What is not part of the package is neither copied nor removed."""
    (desk.source / "notes.txt").write_bytes(b"ours\n")
    assert desk("vendor").code == 0
    assert not (desk.copy / "notes.txt").exists()
    (desk.copy / "mine.py").write_bytes(b"theirs\n")
    (desk.copy / "mine").mkdir()
    desk.generate(package(FILES | {"types.py": b"new\n"}))
    assert desk("vendor", "--force").code == 0
    assert (desk.copy / "mine.py").read_bytes() == b"theirs\n"
    assert (desk.copy / "mine").is_dir()


def test_a_copy_by_hand_is_taken_over(desk: Desk) -> None:
    """A folder that was copied without the command is a copy like any other."""
    shutil.copytree(desk.source, desk.copy)
    ended = desk("vendor")
    assert ended.code == 0
    assert ended.out.splitlines()[1] == f"  created vendor/shop/{ORIGIN}"
    assert verify(desk.copy) == []


# Tests


def test_tests_can_be_left_out(desk: Desk) -> None:
    """A copy can do without the tests of the package, which stays so until it is told otherwise."""
    ended = desk("vendor", "--no-tests")
    assert ended.code == 0
    assert ended.out.splitlines()[-2] == "left out: shop/tests/"
    assert set(tree(desk.copy)) == {*WITHOUT_TESTS, LOCK_NAME, ORIGIN}
    assert verify(desk.copy) == []
    desk.generate(package(FILES | {"types.py": b"new\n"}))
    assert desk("vendor").code == 0
    assert set(tree(desk.copy)) == {*WITHOUT_TESTS, LOCK_NAME, ORIGIN}
    assert desk("vendor", "--tests").code == 0
    assert set(tree(desk.copy)) == {*FILES, LOCK_NAME, ORIGIN}
    assert verify(desk.copy) == []


def test_tests_are_taken_away(desk: Desk) -> None:
    """Tests that were copied go when they are not wanted, but for what somebody added."""
    assert desk("vendor").code == 0
    (desk.copy / "tests" / "mine.py").touch()
    ended = desk("vendor", "--no-tests")
    assert ended.code == 0
    assert "  deleted vendor/shop/tests/test_a.py" in ended.out
    assert (desk.copy / "tests" / "mine.py").exists()


def test_tests_that_were_edited_are_kept(desk: Desk) -> None:
    """Leaving tests out is no reason to lose a change of them."""
    assert desk("vendor").code == 0
    (desk.copy / "tests" / "test_a.py").write_bytes(b"mine\n")
    ended = desk("vendor", "--no-tests")
    assert ended.code == 1
    assert (desk.copy / "tests" / "test_a.py").read_bytes() == b"mine\n"
    assert "`soapstone vendor --force` deletes it" in ended.err


@pytest.mark.parametrize("content", [b"", b"[]\n", b'{"left_out": "tests"}\n'])
def test_an_origin_that_says_nothing_is_replaced(desk: Desk, content: bytes) -> None:
    """A damaged origin is written anew, with the tests."""
    assert desk("vendor", "--no-tests").code == 0
    (desk.copy / ORIGIN).write_bytes(content)
    assert desk("vendor").code == 0
    assert verify(desk.copy) == []
    assert (desk.copy / "tests").is_dir()


# Refusals


@pytest.mark.parametrize(
    ("spoil", "sentence", "remedy"),
    [
        (
            lambda copy: (copy / "types.py").write_bytes(b"mine\n"),
            "vendor/shop/types.py: edited: `shop/types.py` was edited by hand",
            "`soapstone vendor --force` overwrites it and keeps no copy",
        ),
        (
            lambda copy: (copy / "verify.py").write_bytes(
                FILES["verify.py"].replace(b"\n", b"\r\n")
            ),
            "vendor/shop/verify.py: edited: `shop/verify.py` has other line ends",
            "`soapstone vendor --force` overwrites it and keeps no copy",
        ),
        (
            lambda copy: (copy / LOCK_NAME).write_bytes(b""),
            f"vendor/shop/{LOCK_NAME}: broken lock: ",
            "`soapstone vendor --force` overwrites it and every file that differs",
        ),
        (
            lambda copy: (copy / "new.py").write_bytes(b"mine\n"),
            "vendor/shop/new.py: foreign: `shop/new.py` is not what would be written",
            "`soapstone vendor --force` overwrites it and keeps no copy",
        ),
    ],
)
def test_local_edits_are_not_lost(
    desk: Desk, spoil: Callable[[Path], object], sentence: str, remedy: str
) -> None:
    """What somebody changed in the copy stops the update, which says so, until it is forced."""
    assert desk("vendor").code == 0
    spoil(desk.copy)
    desk.generate(package(FILES | {"types.py": b"new\n", "new.py": b"new\n"}))
    before = tree(desk.copy)
    for options in ([], ["--dry-run"]):
        ended = desk("vendor", *options)
        assert ended.code == 1
        assert sentence in ended.err
        assert remedy in ended.err
        assert ended.err.endswith("nothing was written\n")
        assert ended.out == ""
        assert tree(desk.copy) == before
    assert desk("vendor", "--force").code == 0
    assert verify(desk.copy) == []


def test_something_else_stands_there(desk: Desk) -> None:
    """A file where the copy belongs is not replaced, not even by force."""
    desk.copy.parent.mkdir()
    desk.copy.touch()
    ended = desk("vendor", "--force")
    assert ended.code == 1
    assert "vendor/shop: foreign: `shop` is a file or a symbolic link" in ended.err


def relayout(lock: Path) -> None:
    lock.write_text(json.dumps(json.loads(lock.read_bytes())), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "path", "cause"),
    [
        (lambda path: path.write_bytes(b"x\n"), "types.py", "edited"),
        (Path.unlink, "types.py", "missing"),
        (lambda path: path.write_bytes(b"{"), LOCK_NAME, "broken lock"),
        (relayout, LOCK_NAME, "edited"),
    ],
)
def test_what_was_not_generated_is_not_copied(
    desk: Desk, spoil: Callable[[Path], object], path: str, cause: str
) -> None:
    """A package that was edited where it was generated is refused, with place and remedy."""
    spoil(desk.source / path)
    ended = desk("vendor", "--force")
    assert ended.code == 1
    assert f"generated/shop/{path}: {cause}: `shop/{path}` " in ended.err
    assert "hint: run `soapstone generate`" in ended.err
    assert ended.err.endswith("nothing was written\n")
    assert not desk.copy.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Missing argument 'DIR'"),
        (["generated"], "`generated` is where the package comes from"),
        (["generated/shop/x"], "`generated/shop/x` is a part of the package itself"),
        (
            ["old/shop"],
            "`old/shop` is a package; give the folder that is to hold it, `old`",
        ),
        (["vendor", "--from", "nowhere"], "`nowhere` holds no package; run `soapstone"),
        (["vendor", "--from", "empty"], "`empty` holds no package; run `soapstone"),
        (
            ["vendor", "--service", "Shops"],
            "holds no package `Shops`; did you mean `shop`",
        ),
        (["vendor", "--service", "x"], "holds no package `x`; there is `shop`"),
        (
            ["vendor", "--from", "two"],
            "several packages: `bank`, `shop`; choose one with",
        ),
        (["file"], "is a file"),
    ],
    ids=" ".join,
)
def test_wrong_usage(desk: Desk, arguments: list[str], sentence: str) -> None:
    """What cannot be meant is answered with a sentence and exit code 2, and nothing is written."""
    (desk.folder / "empty" / "no package").mkdir(parents=True)
    (desk.folder / "file").touch()
    for place in ("old/shop", "two/shop", "two/bank", "two/no name"):
        shutil.copytree(desk.source, desk.folder / place)
    before = tree(desk.folder)
    ended = desk(*arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.out == ""
    assert tree(desk.folder) == before


def test_one_of_several(desk: Desk) -> None:
    """The package that is asked for is copied, and no other."""
    bank = Package(
        name="bank",
        files=FILES,
        specs={},
        generator="0.1.0",
        templates="t",
        formatter="black 26",
    )
    desk.generate(bank)
    assert desk("vendor", "--service", "bank").code == 0
    assert [path.name for path in desk.copy.parent.iterdir()] == ["bank"]


def test_a_disk_that_refuses_is_a_sentence(desk: Desk) -> None:
    """A folder that cannot be made is told with its place, and no traceback."""
    (desk.folder / "file").touch()
    ended = desk("file/vendor")
    assert ended.code == 1
    assert ended.err == (
        "Error: `file/vendor`: Not a directory; the package is as it was before\n"
    )


# For programs


def test_programs_get_json(desk: Desk) -> None:
    """JSON has what was done, and what pins it."""
    ended = desk("vendor", "--no-tests", "--format", "json")
    assert ended.code == 0
    document = json.loads(ended.out)
    done = document.pop("package")
    assert document == {"dry_run": False, "refused": []}
    expected = [f"vendor/shop/{path}" for path in [*WITHOUT_TESTS, LOCK_NAME, ORIGIN]]
    assert done == {
        "name": "shop",
        "created": sorted(expected),
        "updated": [],
        "deleted": [],
        "unchanged": [],
        "left_out": ["tests"],
        "commit": None,
        "lock": digest_of_lock(desk.source),
    }


@pytest.mark.parametrize("folder", ["generated", "vendor"])
def test_refusals_for_programs_and_for_github(desk: Desk, folder: str) -> None:
    """What stands against a copy is told of the file that it is about, in its folder."""
    assert desk("vendor").code == 0
    (desk.folder / folder / NAME / "types.py").write_bytes(b"mine\n")
    desk.monkeypatch.setenv("CI", "1")
    ended = desk("vendor", "--format", "json")
    document = json.loads(ended.out)
    assert ended.code == 1
    (refused,) = document["refused"]
    assert refused["path"] == f"{folder}/shop/types.py"
    assert refused["cause"] == "edited"
    assert document["package"] is None
    ended = desk("vendor", "--format", "github")
    assert ended.code == 1
    assert ended.out.startswith(f"::error file={folder}/shop/types.py,title=edited::")
    assert ended.out.endswith("\nnothing was written\n")
    assert ended.err == ""


# Beside the other commands


def test_generate_takes_a_copy_over(desk: Desk) -> None:
    """A package that is generated into a copy is no copy any more, and verifies as such."""
    assert desk("vendor", "--no-tests").code == 0
    found = compare(package(), desk.copy.parent)
    assert {each.path: each.cause for each in found} == {
        "shop/soapstone.origin": Cause.ORPHAN,
        "shop/tests/data/a.xml": Cause.MISSING,
        "shop/tests/test_a.py": Cause.MISSING,
    }
    written = write(package(), desk.copy.parent)
    assert written.deleted == ("shop/soapstone.origin",)
    assert verify(desk.copy) == []


def test_a_copy_is_removed_as_a_whole(desk: Desk) -> None:
    """The origin goes with the files of the copy."""
    assert desk("vendor", "--no-tests").code == 0
    remove_leftover(desk.copy.parent, NAME)
    assert not desk.copy.exists()


def test_the_origin_is_no_file_of_a_package() -> None:
    """No package can have a file where copies record where they came from."""
    with pytest.raises(ValueError, match="origin of a copy"):
        package({"Soapstone.Origin": b""})


def test_the_package_of_revio(tmp_path: Path) -> None:
    """The real package is vendored by the real command, and proves itself without it."""
    generated = SOURCE.parent / "generated"
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "soapstone",
            "vendor",
            "app/vendor",
            "--from",
            generated,
        ],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(SOURCE)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    ended_ = run("-m", "app.vendor.revio.verify", cwd=tmp_path)
    assert ended_.code == 0, ended_.out
