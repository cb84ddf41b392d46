"""No check of a generated package can be lost, and no condition turned around, unnoticed by its own tests."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.pipeline import build_package

HERE = Path(__file__).parent
SERVICES = [HERE.parent / "specs" / "revio", *sorted((HERE / "cases").iterdir())]


class Mutation(ast.NodeTransformer):
    """Makes the change with a number: a check is taken out, or a condition turned around."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.seen = -1

    def visit(self, node: ast.AST) -> ast.AST:
        """Put the change in the place of the node that it is about."""
        for changed in alternatives(node):
            self.seen += 1
            if self.seen == self.number:
                return changed
        # What a check stands in is a statement of its own, which is gone as a whole.
        if isinstance(node, ast.Expr) and is_check(node.value):
            return node
        return self.generic_visit(node)


def alternatives(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node can be changed to so that a test must notice."""
    match node:
        case ast.Expr(value=value) if is_check(value):
            yield ast.Pass()
        case ast.Call() if is_check(node):
            yield ast.Constant(value=True)
        case ast.Call() if is_condition(node):
            yield ast.Constant(value=True)
            yield ast.Constant(value=False)
        case ast.BoolOp(op=op, values=values) if has_condition(node):
            swapped = ast.Or() if isinstance(op, ast.And) else ast.And()
            yield ast.BoolOp(op=swapped, values=values)
        case ast.UnaryOp(op=ast.Not(), operand=operand) if has_condition(operand):
            yield operand
        case _:
            pass


def is_check(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        return function.value.id == "checks" and function.attr != "as_items"
    return isinstance(function, ast.Name) and function.id.lstrip("_").startswith(
        "validate_"
    )


def is_condition(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="conditions"))):
            return True
        case _:
            return False


def has_condition(node: ast.AST) -> bool:
    return any(is_condition(each) for each in ast.walk(node))


def mutants(source: str) -> Iterator[str]:
    """Yield the module once for each change, with it."""
    number = 0
    while True:
        mutation = Mutation(number)
        changed = mutation.visit(ast.parse(source))
        if mutation.seen < number:
            return
        yield ast.unparse(ast.fix_missing_locations(changed))
        number += 1


def exit_codes(folder: Path, module: str, texts: list[str]) -> list[int]:
    """Return how the tests of a package end with each text of a module."""
    ended = subprocess.run(
        [sys.executable, HERE / "mutants.py", folder, module],
        input=json.dumps(texts),
        cwd=folder.parent,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_START": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    codes: list[int] = json.loads(ended.stdout)
    return codes


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_check_is_missed_when_it_is_gone(service: Path, tmp_path: Path) -> None:
    """Whichever single check is taken out, or condition turned around, a test of the package fails."""
    package = build_package(service, Report())
    assert package is not None
    folder = tmp_path / package.name
    for path, content in package.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    modules = [
        path for path in package.files if "/" not in path and path.endswith(".py")
    ]
    total = 0
    for module in modules:
        text = package.files[module].decode()
        changed = list(mutants(text))
        if not changed:
            continue
        # The module as it is comes last, so that it stands there for the next one.
        *found, untouched = exit_codes(folder, module, [*changed, text])
        assert untouched == pytest.ExitCode.OK, module
        survivors = [
            number
            for number, code in enumerate(found)
            if code != pytest.ExitCode.TESTS_FAILED
        ]
        assert survivors == [], module
        total += len(changed)
    assert total
    print(f"{service.name}: {total} changes made")
