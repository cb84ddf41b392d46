"""The shape of the generator: which module may know which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

GENERATOR = Path(__file__).parent.parent / "generator"
PACKAGE = GENERATOR / "soapstone"
MAP = (GENERATOR / "README.md").read_text(encoding="utf-8")

# Rows of the first table of the map, in the order of the data.
ORDER: list[str] = re.findall(r"^\| `(\w+)` \|", MAP, re.MULTILINE)
COPIED = ("runtime", "shipped_root", "shipped_tests")


def modules() -> set[str]:
    names = {path.stem for path in PACKAGE.glob("*.py")}
    names |= {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    return names - {"__init__", "__main__", *COPIED}


def files_of(name: str) -> list[Path]:
    single = PACKAGE / f"{name}.py"
    return [single] if single.is_file() else sorted((PACKAGE / name).rglob("*.py"))


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of the generator that a file imports, by their first name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "soapstone" and len(parts) > 1:
                yield parts[1]


def test_the_map_names_every_module() -> None:
    """The map in generator/README.md lists each module, and none that is not there."""
    assert sorted(ORDER) == sorted(modules())


def test_the_map_names_every_folder() -> None:
    """The map lists each folder beside the modules."""
    named = set(re.findall(r"^\| `(\w+)/` \|", MAP, re.MULTILINE))
    folders = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    assert (
        named
        == {name for name in folders if not name.startswith(("_", "."))} - modules()
    )


@pytest.mark.parametrize("name", ORDER)
def test_a_module_imports_only_from_those_before_it(name: str) -> None:
    """Data flows one way: no module knows a later one of the map."""
    allowed = {*ORDER[: ORDER.index(name) + 1], "__version__"}
    found = {other for path in files_of(name) for other in imported(path)}
    assert found <= allowed


@pytest.mark.parametrize("folder", COPIED)
def test_what_is_copied_knows_nothing_of_the_generator(folder: str) -> None:
    """The runtime and the test support import the standard library, pytest and each other."""
    for path in (PACKAGE / folder).rglob("*.py"):
        assert set(imported(path)) == set()


RUNTIME = ("", "transports", "calls", "fakes")


@pytest.mark.parametrize("part", RUNTIME)
def test_a_part_of_the_runtime_knows_only_those_before_it(part: str) -> None:
    """Documents know nothing of transports, transports nothing of calls, and neither of the fake."""
    allowed = set(RUNTIME[: RUNTIME.index(part) + 1])
    for path in (PACKAGE / "runtime" / part).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                depth = node.level - 1 if part else node.level
                first = (node.module or "").partition(".")[0]
                target = part if not depth else first if first in RUNTIME else ""
                assert target in allowed, f"{path}: {node.module}"


def test_no_module_grows_too_large_to_read() -> None:
    """No file of the generator has more than 500 lines, and no function more than 60."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 500, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path}: {node.name}"
