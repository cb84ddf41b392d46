"""What the README shows is the real thing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"<!-- (from \S+|run|lint|pytest|shell) -->\n```\w*\n(.*?)```", re.DOTALL
)
BLOCKS = BLOCK.findall(README)
EXCERPTS = [
    (kind.removeprefix("from "), text)
    for kind, text in BLOCKS
    if kind.startswith("from ")
]
PROGRAMS = [text for kind, text in BLOCKS if kind == "run"]


def test_the_tour_has_a_spec_a_module_and_calls() -> None:
    """The tour shows what goes in, what comes out, and how it is called."""
    assert [path.partition("/")[0] for path, _ in EXCERPTS] == ["specs", "generated"]
    assert len(PROGRAMS) == 4


@pytest.mark.parametrize(("path", "text"), EXCERPTS)
def test_an_excerpt_stands_in_its_file(path: str, text: str) -> None:
    """An excerpt is a piece of the file that it names, word for word."""
    assert text in (REPOSITORY / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_call_runs(program: str) -> None:
    """A call of the tour runs as it stands, where the package was copied."""
    subprocess.run(
        [sys.executable, "-c", program], cwd=REPOSITORY / "generated", check=True
    )


def only(kind: str) -> str:
    (text,) = (text for each, text in BLOCKS if each == kind)
    return str(text)


def test_the_tests_against_the_fake_pass(tmp_path: Path) -> None:
    """The tests that the README shows pass where the package was copied."""
    shutil.copytree(REPOSITORY / "generated" / "revio", tmp_path / "revio")
    (tmp_path / "test_shown.py").write_text(only("pytest"), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "test_shown.py"]
    ended = subprocess.run(
        command, cwd=tmp_path, check=False, capture_output=True, text=True
    )
    assert "3 passed" in ended.stdout, ended.stdout + ended.stderr


def test_the_package_is_vendored_as_shown(tmp_path: Path) -> None:
    """The commands that the README shows copy the package into a project, where its tests pass."""
    here = tmp_path / "soapstone"
    here.mkdir()
    (here / "generated").symlink_to(REPOSITORY / "generated")
    (tmp_path / "project" / "app" / "vendor").mkdir(parents=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        ["/bin/sh", "-e", "-c", only("shell")],
        cwd=here,
        env=os.environ | {"PATH": path},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert " passed" in ended.stdout


def test_the_message_of_a_mistake_is_the_real_one(tmp_path: Path) -> None:
    """The mistake that the README shows is reported in these words."""
    shown = next(text for kind, text in BLOCKS if kind == "lint").strip()
    specs = tmp_path / "specs" / "revio"
    specs.mkdir(parents=True)
    for file in (REPOSITORY / "specs" / "revio").rglob("*.*"):
        target = specs / file.relative_to(REPOSITORY / "specs" / "revio")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(
            file.read_bytes().replace(b"    length: [1, 160]", b"    lenght: [1, 160]")
        )
    ended = subprocess.run(
        [sys.executable, "-m", "soapstone", "lint"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert shown in ended.stdout


def test_links_lead_somewhere() -> None:
    """Each relative link of the README names a file or folder of the project."""
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (REPOSITORY / link).exists(), link


def test_the_table_of_dependencies_is_complete() -> None:
    """Every dependency of the generator has its reason in CONTRIBUTING.md."""
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert listed is not None
    names = re.findall(r'"([a-z0-9-]+)', listed[1])
    table = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([a-z0-9]+) \|", table.partition("## Dependencies")[2], re.MULTILINE
    )
    assert ["dependency", *names] == rows
