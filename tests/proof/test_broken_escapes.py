"""The tests of hostile specs notice when something that they rely on is gone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import soapstone

SOURCES = Path(soapstone.__file__).parent
HERE = Path(__file__).parent

# What is taken away, and the test that misses it.
BROKEN = {
    "literal": (
        "render.py",
        "return _quoted(str(value))",
        "return f'\"{value}\"'",
        "enumerations-everything",
    ),
    "docstring": (
        "render.py",
        "    if not is_raw:\n",
        "    if not is_raw and not text:\n",
        "minimal-everything",
    ),
    "docstring, its three quotes": (
        "render.py",
        """.replace('\"\"\"', '\\\\"\\\\"\\\\"')""",
        "",
        "minimal-everything",
    ),
    "refuse_text": (
        "render.py",
        "if not isinstance(value, Markup):",
        "if value is environment:",
        "without_it",
    ),
    "path_in_comment": (
        "naming.py",
        'if not all(is_file_name(part) for part in path.split("/")):',
        "if not path:",
        "comment_ends",
    ),
    "names of files": (
        "decode/__init__.py",
        "is_plain = is_file_name(path.name)",
        "is_plain = True",
        "name_of_a_file",
    ),
    "paths with dots, and links": (
        "source.py",
        "return found if found.is_relative_to(folder.resolve()) else None",
        "return found",
        "leave_the_folder or file_of_its_folder",
    ),
    "visible": (
        "reporting.py",
        "    if text.isprintable():\n",
        "    if text:\n",
        "terminal_raw and controls",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_lost_escape_is_noticed(name: str, tmp_path: Path) -> None:
    """Without any single one of the escapes and checks a test of hostile specs fails, which passes with all of them."""
    path, old, new, test = BROKEN[name]
    shutil.copytree(
        SOURCES, tmp_path / "soapstone", ignore=shutil.ignore_patterns("__pycache__")
    )
    broken = tmp_path / "soapstone" / path
    text = broken.read_text("utf-8")
    assert text.count(old) == 1
    broken.write_text(text.replace(old, new), "utf-8")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("-k", test, str(HERE / "test_injection.py")),
        ],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "COVERAGE_PROCESS_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    report = ended.stdout[-4000:] + ended.stderr
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, report
