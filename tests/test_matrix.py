"""Promises of `make matrix`: which interpreters it finds, and what it says in the end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import matrix

sys.path.pop(0)

THIS = sys.version_info[1]


def script(path: Path, text: str) -> Path:
    """Write a program of the shell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
    path.chmod(0o755)
    return path


def test_only_what_runs_is_an_interpreter(tmp_path: Path) -> None:
    """What fails, is something else, is too old or is not there is no interpreter; the first counts."""
    found = matrix.find_pythons(
        [
            [str(script(tmp_path / "fails", "exit 3"))],
            [str(script(tmp_path / "other", "echo pypy 3 12 /pypy"))],
            [str(script(tmp_path / "old", "echo cpython 3 9 /old"))],
            [str(script(tmp_path / "two", "echo cpython 2 11 /two"))],
            [str(tmp_path / "none")],
            [str(script(tmp_path / "newer", "echo cpython 3 99 '/a b'"))],
            [sys.executable],
            [str(script(tmp_path / "late", f"echo cpython 3 {THIS} /late"))],
        ]
    )
    assert found == {THIS: Path(sys.executable), 99: Path("/a b")}


def test_where_interpreters_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The path comes first, then what pyenv and uv installed, the newest of each first."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", str(tmp_path / "uv"))
    expected = [
        script(tmp_path / "bin/python3.12", "exit"),
        script(tmp_path / "pyenv/versions/3.12.10/bin/python3.12", "exit"),
        script(tmp_path / "pyenv/versions/3.12.9/bin/python3.12", "exit"),
        script(tmp_path / "uv/cpython-3.12.1-linux/bin/python3.12", "exit"),
    ]
    script(tmp_path / "pyenv/versions/3.9.1/bin/python3.9", "exit")
    commands = [path for command in matrix.candidates() for path in command]
    found = [Path(path) for path in commands if path.startswith(str(tmp_path))]
    assert found == expected


def test_the_end_of_a_command() -> None:
    """What a command says is of interest when it fails, and also when it fails in silence."""
    here = Path.cwd()
    assert matrix.run(sys.executable, "-c", "print(1)", cwd=here) is None
    assert matrix.run(sys.executable, "-c", "print(1); exit(2)", cwd=here) == "1\n"
    assert matrix.run(sys.executable, "-c", "exit(2)", cwd=here)
    code = f"import os; exit({'MARK'!r} in os.environ)"
    os.environ["MARK"] = "1"
    try:
        assert matrix.run(sys.executable, "-c", code, cwd=here) is None
    finally:
        del os.environ["MARK"]


def test_only_failures_count() -> None:
    """A run with nothing but missing interpreters is a good one."""
    results = matrix.Results()
    assert not results.has_failures
    results.add("tests", 10, None)
    assert not results.has_failures


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """The table says what passed, failed, was not tried and was missing."""
    results = matrix.Results()
    pythons = {minor: Path("python") for minor in (10, 11, 13, 15)}
    results.add("tests", 10, None)
    results.add("tests", 15, None)
    results.add("types", 13, "a reason")
    assert results.has_failures
    assert "    a reason\n" in capsys.readouterr().out
    assert results.table(pythons).splitlines() == [
        "       3.10     3.11     3.12     3.13     3.14     3.15",
        "tests  passed   -        missing  -        missing  passed",
        "types  -        -        missing  FAILED   missing  -",
    ]
