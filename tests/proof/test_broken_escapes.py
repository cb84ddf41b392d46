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

# What one second suffices for.
QUICK = " or ".join(
    (
        *("minimal-everything", "enumerations-everything", "constants-lines"),
        *("without_it", "comment_ends", "leave_the_folder", "file_of_its_folder"),
        "name_of_a_file",
        "(terminal_raw and controls)",
    )
)

BROKEN = {
    "nothing": ("naming.py", "", ""),
    "literal": (
        "render.py",
        "return Code(_quoted(str(value)))",
        "return Code(f'\"{value}\"')",
    ),
    "docstring": (
        "render.py",
        "    if not is_raw:\n",
        "    if not is_raw and not text:\n",
    ),
    "docstring, its three quotes": (
        "render.py",
        """.replace('\"\"\"', '\\\\"\\\\"\\\\"')""",
        "",
    ),
    "refuse_text": (
        "render.py",
        "if not isinstance(value, Markup):",
        "if value is environment:",
    ),
    "path_in_comment": (
        "naming.py",
        'if not all(is_file_name(part) for part in path.split("/")):',
        "if not path:",
    ),
    "names of files": (
        "decode/__init__.py",
        "is_plain = is_file_name(path.name)",
        "is_plain = True",
    ),
    "paths with dots, and links": (
        "source.py",
        "return found if found.is_relative_to(folder.resolve()) else None",
        "return found",
    ),
    "visible": ("reporting.py", "    if text.isprintable():\n", "    if text:\n"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_lost_escape_is_noticed(name: str, tmp_path: Path) -> None:
    """Without any single one of the escapes and checks some test of hostile specs fails, and with all of them none."""
    path, old, new = BROKEN[name]
    shutil.copytree(
        SOURCES, tmp_path / "soapstone", ignore=shutil.ignore_patterns("__pycache__")
    )
    broken = tmp_path / "soapstone" / path
    text = broken.read_text("utf-8")
    assert not old or text.count(old) == 1
    broken.write_text(text.replace(old, new) if old else text, "utf-8")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("-k", QUICK, str(HERE / "test_injection.py")),
        ],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "COVERAGE_PROCESS_START": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    wanted = pytest.ExitCode.TESTS_FAILED if old else pytest.ExitCode.OK
    assert ended.returncode == wanted, ended.stdout[-4000:] + ended.stderr
