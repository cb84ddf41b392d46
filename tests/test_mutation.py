"""No check of a generated package can be lost without one of the tests that it ships noticing."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.pipeline import build_package

HERE = Path(__file__).parent
SERVICES = [HERE.parent / "specs" / "revio", *sorted((HERE / "cases").iterdir())]

# What a test of a package runs in order to notice a lost check.
CONSTRAINTS = "constraint or another"


class Removal(ast.NodeTransformer):
    """Takes out the check with a number: a condition becomes true, a statement nothing."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = -1

    def _is_meant(self, node: ast.AST) -> bool:
        if not is_check(node):
            return False
        self.seen += 1
        return self.seen == self.number

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Replace a check in a condition."""
        return ast.Constant(value=True) if self._is_meant(node) else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        """Replace a check that is a statement."""
        return ast.Pass() if self._is_meant(node.value) else node


def is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id == "checks" and function.attr != "as_items"
    return isinstance(function, ast.Name) and function.id.lstrip("_").startswith(
        "validate_"
    )


def mutants(source: str) -> Iterator[str]:
    """Yield the module once for each check, without it."""
    number = 0
    while True:
        tree, removal = ast.parse(source), Removal(number)
        changed = removal.visit(tree)
        if removal.seen < number:
            return
        yield ast.unparse(ast.fix_missing_locations(changed))
        number += 1


def survives(package: Path, module: str, mutant: str, place: Path) -> bool:
    """Whether the tests that come with a package pass although a check is gone."""
    copy = place / package.name
    shutil.copytree(package, copy)
    (copy / module).write_text(mutant, encoding="utf-8")
    tests = copy / "tests"
    if module != "types.py":
        tests /= f"test_{module}"
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            CONSTRAINTS,
            tests,
        ],
        cwd=place,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode in {0, 1}, ended.stdout.decode()
    shutil.rmtree(place)
    return ended.returncode == 0


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_check_is_missed_when_it_is_gone(service: Path, tmp_path: Path) -> None:
    """Whichever single check is taken out of a package, one of its own tests fails."""
    package = build_package(service, Report())
    assert package is not None
    folder = tmp_path / "whole" / package.name
    for path, content in package.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    jobs = [
        (module, number, mutant)
        for module in sorted(
            path for path in package.files if "/" not in path and path.endswith(".py")
        )
        for number, mutant in enumerate(mutants(package.files[module].decode()))
    ]
    assert jobs
    untouched = [
        (
            module,
            survives(
                folder, module, package.files[module].decode(), tmp_path / "untouched"
            ),
        )
        for module in dict.fromkeys(module for module, _, _ in jobs)
    ]
    assert all(survived for _, survived in untouched), untouched
    print(f"{service.name}: {len(jobs)} checks taken out")
    with ThreadPoolExecutor(2) as pool:
        survivors = pool.map(
            lambda job: survives(
                folder, job[0], job[2], tmp_path / f"{job[0]}-{job[1]}"
            ),
            jobs,
        )
        assert [
            job[:2] for job, survived in zip(jobs, survivors, strict=True) if survived
        ] == []
