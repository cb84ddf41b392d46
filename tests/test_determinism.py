"""The same specs give the same bytes, everywhere."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent

SURROUNDINGS = [
    {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
    {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati"},
    {
        "PYTHONHASHSEED": "4711",
        "LC_ALL": "POSIX",
        "TZ": "America/St_Johns",
        "PYTHONUTF8": "0",
    },
]


def digest_of(tree: Path) -> dict[str, str]:
    return {
        file.relative_to(tree).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(tree.rglob("*"))
        if file.is_file()
    }


def test_surroundings_make_no_difference(tmp_path: Path) -> None:
    """Hash seeds, locales, time zones and working directories leave no trace in the output."""
    trees = []
    for number, surroundings in enumerate(SURROUNDINGS):
        specs = tmp_path / f"place {number}" / "specs"
        # Copied in another order each time: a folder lists its files as they were made.
        shutil.copytree(REPOSITORY / "specs" / "revio", specs / "revio")
        for file in sorted((specs / "revio").glob("*.yaml"), reverse=bool(number % 2)):
            content = file.read_bytes()
            file.unlink()
            file.write_bytes(content)
        subprocess.run(
            [sys.executable, "-m", "soapstone", "generate", str(specs), "--out", "out"],
            cwd=specs.parent,
            env=os.environ | {"COVERAGE_PROCESS_CONFIG": ""} | surroundings,
            check=True,
            capture_output=True,
        )
        trees.append(digest_of(specs.parent / "out"))
    assert trees[0] == trees[1] == trees[2]


def test_a_stale_package_is_noticed_before_it_lands() -> None:
    """What lands is compared with the specs; whoever tries something out may leave that for later."""
    targets = (REPOSITORY / "Makefile").read_text("utf-8").split("\n\n")
    (check,) = [target for target in targets if target.startswith("check:")]
    assert "\t$(BIN)/soapstone check" in check.split("\n")
    steps = (REPOSITORY / ".ci" / "run").read_text("utf-8").split("\n")
    assert "make check" in steps
    assert "git diff --exit-code -- generated" in steps


@pytest.mark.parametrize(
    "name", [str(Path.home()), str(REPOSITORY), sys.prefix, "2026-11"]
)
def test_no_file_tells_where_or_when_it_was_made(name: str) -> None:
    """No path, date or version of the machine stands in the package."""
    for file in (REPOSITORY / "generated").rglob("*"):
        if file.is_file() and file.suffix in {".py", ".xml", ".lock"}:
            assert name not in file.read_text(encoding="utf-8"), file
