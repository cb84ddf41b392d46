"""`python -m revio.verify`, as a project that has nothing but the copy calls it."""

from __future__ import annotations

import json
import runpy
import shutil
import sys
from pathlib import Path

import pytest
from copies import FILES, VERIFY, Ended, digest_of_lock, plain_copy, run, vendored

import matrix
from soapstone.output import LOCK_NAME
from soapstone.shipped_root import verify as module

REVIO = Path(__file__).parents[2] / "generated" / "revio"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy without an origin, in a folder `vendor` of the project."""
    return plain_copy(tmp_path / "vendor")


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return the command, which runs in this process."""
    return Run(capsys, monkeypatch)


class Run:
    """The command in this process."""

    def __init__(
        self, capture: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.capture = capture
        self.monkeypatch = monkeypatch

    def __call__(self, folder: Path, *arguments: str | Path) -> Ended:
        """Run the command from the folder of the project."""
        self.monkeypatch.chdir(folder)
        code = module.main([str(each) for each in arguments], "python verify.py")
        said = self.capture.readouterr()
        return Ended(code, said.out, said.err)


def clean(shown: str, copy: Path) -> Ended:
    """How a run ends that finds nothing."""
    pinned = f"SHA-256 of the lock: {digest_of_lock(copy)}"
    number = len(FILES)
    return Ended(
        0, f"{shown}: {number} files are as they were generated; {pinned}\n", ""
    )


# What it says


def test_a_clean_copy(called: Run, copy: Path, tmp_path: Path) -> None:
    """One line says how many files were compared, and the digest by which CI can pin the copy."""
    expected = clean("vendor/shop", copy)
    assert called(tmp_path, copy) == expected
    assert called(tmp_path, "vendor/shop") == expected
    assert called(tmp_path, copy, "--digest", digest_of_lock(copy).upper()) == expected
    assert called(tmp_path, copy, "--lock", copy / LOCK_NAME) == expected


def test_a_copy_without_tests_says_so(called: Run, tmp_path: Path) -> None:
    """Whoever reads that all is well also reads what is not there."""
    copy = vendored(tmp_path, "tests")
    ended = called(tmp_path, copy)
    assert ended.code == 0
    assert ended.out.startswith(
        "shop: 5 files are as they were generated, without `tests/`; SHA-256 "
    )


def test_each_deviation_is_a_line(called: Run, copy: Path, tmp_path: Path) -> None:
    """A line has the path as it would be typed, the kind, a sentence and a remedy; the last one counts."""
    (copy / "types.py").unlink()
    (copy / "other.py").touch()
    ended = called(tmp_path, copy)
    assert ended.code == 1
    first, second, last = ended.out.splitlines()
    assert first.startswith("vendor/shop/other.py: stranger: is not part of ")
    assert second.startswith("vendor/shop/types.py: missing: is not there; restore it ")
    assert last.startswith(
        "vendor/shop: 2 deviations from what was generated; SHA-256 of the lock: "
    )
    (copy / LOCK_NAME).unlink()
    ended = called(copy, copy)
    assert ended.out.splitlines()[0].startswith(f"./{LOCK_NAME}: missing: ")
    assert ended.out.splitlines()[1] == ".: 1 deviation from what was generated"


def test_programs_get_json(called: Run, copy: Path, tmp_path: Path) -> None:
    """JSON has all that the text says, under names."""
    assert json.loads(called(tmp_path, copy, "--format", "json").out) == {
        "folder": "vendor/shop",
        "lock": digest_of_lock(copy),
        "files": len(FILES),
        "left_out": [],
        "deviations": [],
    }
    (copy / "types.py").write_bytes(b"")
    ended = called(tmp_path, copy, "--format", "json")
    assert ended.code == 1
    (found,) = json.loads(ended.out)["deviations"]
    assert set(found) == {"kind", "path", "message", "remedy"}
    assert (found["kind"], found["path"]) == ("edited", "types.py")
    (copy / LOCK_NAME).unlink()
    assert json.loads(called(tmp_path, copy, "--format", "json").out)["lock"] is None


def test_github_gets_annotations(called: Run, copy: Path, tmp_path: Path) -> None:
    """Each deviation is an annotation of its file, with what workflow commands take escaped."""
    (copy / "100%, a:b\n.py").touch()
    ended = called(tmp_path, copy, "--format", "github")
    assert ended.code == 1
    annotation, _ = ended.out.splitlines()
    assert annotation.startswith(
        "::error file=vendor/shop/100%25%2C a%3Ab\\n.py,title=stranger::"
        "`vendor/shop/100%25, a:b\\n.py` is not part of the package%0Amove it"
    )


def test_names_of_strangers_do_not_reach_a_terminal(
    called: Run, copy: Path, tmp_path: Path
) -> None:
    """Whatever does not print, in any encoding, is shown as an escape."""
    (copy / "\x1b[31m\n\u202e\xe9\udcff").touch()
    for form in ("text", "json", "github"):
        out = called(tmp_path, copy, "--format", form).out
        assert out.isascii()
        assert all(each.isprintable() for each in out.split("\n"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--loud"], "unrecognized arguments: --loud"),
        (["nowhere"], "there is no folder 'nowhere'"),
        (["vendor/shop/types.py"], "there is no folder 'vendor/shop/types.py'"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--digest", "628e"], "a SHA-256 has 64 hexadecimal digits, not '628e'"),
        (["--lock", "nowhere"], "--lock 'nowhere': No such file or directory"),
        (
            ["--lock", "vendor/shop/types.py"],
            "--lock 'vendor/shop/types.py' is not JSON",
        ),
        (["--lock", "a", "--digest", "0" * 64], "not allowed with argument --lock"),
    ],
    ids=" ".join,
)
def test_wrong_usage(
    called: Run, copy: Path, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    """What cannot be meant is answered with a sentence, how it is meant, and exit code 2."""
    assert copy.is_dir()
    ended = called(tmp_path, *arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert "usage: python verify.py" in ended.err
    assert ended.out == ""


def test_help(called: Run, tmp_path: Path) -> None:
    """Help is no failure, and says what the exit codes mean."""
    ended = called(tmp_path, "--help")
    assert ended.code == 0
    assert "exit codes: 0 clean, 1 problems found, 2 wrong usage" in ended.out


# How it is called


def test_as_a_module_of_the_copy(tmp_path: Path) -> None:
    """`python -m` works at any depth and under any name, and without a folder means the copy itself."""
    shutil.copytree(REVIO, tmp_path / "app" / "other")
    ended = run("-W", "error", "-m", "app.other.verify", cwd=tmp_path)
    assert ended.err == ""
    assert ended.code == 0
    assert ended.out.startswith("app/other: ")
    assert digest_of_lock(REVIO) in ended.out
    ended = run("-m", "app.other.verify", "nowhere", cwd=tmp_path)
    assert ended.code == 2
    assert ended.err.startswith("usage: python -m app.other.verify ")


@pytest.mark.parametrize("options", [[], ["-I"], ["-S"], ["-B"]], ids=" ".join)
def test_by_its_path(copy: Path, tmp_path: Path, options: list[str]) -> None:
    """By its path it runs beside a `types.py`, imports nothing of the package and leaves nothing behind."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for place, cwd, shown in (
        ("vendor/shop/verify.py", tmp_path, "vendor/shop"),
        (copy / "verify.py", elsewhere, copy.as_posix()),
        ("verify.py", copy, "."),
    ):
        assert run(*options, place, cwd=cwd) == clean(shown, copy)
    assert not list(tmp_path.rglob("__pycache__"))


def test_modules_that_are_called_like_those_of_python(
    copy: Path, tmp_path: Path
) -> None:
    """An operation may be called as it likes: no module of Python is looked for in the package."""
    names = ("argparse", "enum", "hashlib", "json", "pathlib", "re", "typing")
    for name in names:
        (copy / f"{name}.py").write_bytes(b"raise ImportError\n")
    ended = run("vendor/shop/verify.py", cwd=tmp_path)
    assert ended.err == ""
    assert f"{len(names)} deviations" in ended.out


def test_a_copy_that_is_not_trusted(copy: Path, tmp_path: Path) -> None:
    """The module of another copy finds what one that was tampered with hides, and runs none of it."""
    tampered = b"print('all is well')\n"
    (copy / "verify.py").write_bytes(tampered)
    (copy / "__init__.py").write_bytes(b"raise SystemExit\n")
    assert run("vendor/shop/verify.py", cwd=tmp_path).out == "all is well\n"
    trusted = plain_copy(tmp_path / "trusted") / "verify.py"
    ended = run(trusted, "vendor/shop", cwd=tmp_path)
    assert ended.code == 1
    assert "vendor/shop/__init__.py: edited: " in ended.out
    assert "vendor/shop/verify.py: edited: " in ended.out


def test_the_module_by_itself(
    copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The module of the generator does the same, and takes away its own folder alone from where Python looks."""
    assert run(VERIFY, copy, cwd=tmp_path) == clean("vendor/shop", copy)
    monkeypatch.chdir(tmp_path)
    places = [str(tmp_path), *sys.path]
    monkeypatch.setattr(sys, "path", [str(VERIFY.parent), *places])
    monkeypatch.setattr(sys, "argv", ["verify.py", str(copy)])
    with pytest.raises(SystemExit) as leaving:
        runpy.run_path(str(VERIFY), run_name="__main__")
    assert Ended(0, *capsys.readouterr()) == clean("vendor/shop", copy)
    assert leaving.value.code == 0
    assert sys.path == places


@pytest.mark.parametrize("minor", range(matrix.OLDEST, matrix.LATEST + 1))
def test_every_python(copy: Path, minor: int) -> None:
    """Each supported Python runs it both ways, without a warning."""
    python = matrix.pythons_here().get(minor)
    if python is None:
        pytest.skip(f"no Python 3.{minor} here")
    project = copy.parents[1]
    strict = ("-W", "error")
    by_path = run(*strict, "vendor/shop/verify.py", cwd=project, python=python)
    assert by_path == clean("vendor/shop", copy)
    shutil.copytree(REVIO, project / "revio")
    as_module = run(*strict, "-m", "revio.verify", cwd=project, python=python)
    assert (as_module.code, as_module.err) == (0, "")
