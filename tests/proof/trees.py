"""What comes of a spec: the tree of the package, in a form that can be compared but for its constants."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from soapstone.diagnostics import Report, Severity
from soapstone.pipeline import compile_service
from soapstone.plan import Plan, PlannedOperation, plan_operation, plan_shared
from soapstone.render import render_operation, render_package

_PATH = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.(py|xml)|py\.typed")


@dataclass(frozen=True)
class Outcome:
    """What the generator said of a spec, and what it would write."""

    report: Report
    plan: Plan | None

    @property
    def places(self) -> set[tuple[str, int, int]]:
        """Where it found errors."""
        return {
            (Path(each.span.path).name, each.span.line, each.span.column)
            for each in self.report.diagnostics
            if each.severity is Severity.ERROR
        }


def tried(folder: Path) -> Outcome:
    """Compile a spec; the report says what is wrong exactly when there is no plan."""
    report = Report()
    compiled = compile_service(folder, report)
    plan = None if compiled is None else compiled.plan
    assert (plan is None) is report.has_errors
    return Outcome(report, plan)


def files_of(plan: Plan) -> dict[str, str]:
    """Return every file that is made for a service, and not copied; documents without their text."""
    files: dict[str, str] = {}
    operations = planned_operations(plan)
    for planned in operations:
        files |= render_operation(planned)
        folder = f"testing/documents/{planned.view.module}"
        names = [f"{folder}/{name}" for name in planned.fake.documents]
        names += [f"tests/data/{path}" for path in planned.tests.data]
        files |= dict.fromkeys(names, "")
    shared = plan_shared(plan, [each.interface for each in operations])
    return files | render_package(shared)


def planned_operations(plan: Plan) -> list[PlannedOperation]:
    """Return the plans of all operations, in which everything can be named."""
    found: list[PlannedOperation] = []
    for number in range(len(plan.service.operations)):
        planned = plan_operation(plan, number)
        assert planned is not None
        found.append(planned)
    return found


def least_difference(plan: Plan, others: Iterable[Outcome]) -> list[str]:
    """Return what differs besides constants, next to whichever of some harmless specs is nearest.

    Whatever stands in a spec, the files have plain names and lie in the package.
    """
    files = files_of(plan)
    if strange := [path for path in files if not _PATH.fullmatch(path)]:
        return strange
    found = ["none of the harmless texts is taken"]
    for other in others:
        if other.plan is not None:
            found = differences(files, files_of(other.plan))
        if not found:
            break
    return found


def differences(left: dict[str, str], right: dict[str, str]) -> list[str]:
    """Return what differs between two trees besides constants."""
    found = [f"{path}: only one has it" for path in sorted(set(left) ^ set(right))]
    for path in sorted(set(left) & set(right)):
        if path.endswith(".py") and left[path] != right[path]:
            found += [
                f"{path}: {each}" for each in _differences(left[path], right[path])
            ]
    return found


def _differences(left: str, right: str) -> Iterator[str]:
    try:
        one, other = shape(left), shape(right)
    except SyntaxError as problem:
        yield f"line {problem.lineno}: {problem.msg}"
        return
    if one != other:
        place = next(
            (
                at
                for at, pair in enumerate(zip(one, other, strict=False))
                if pair[0] != pair[1]
            ),
            min(len(one), len(other)),
        )
        yield f"{one[place : place + 3]} and {other[place : place + 3]}"


@cache
def shape(source: str) -> tuple[str, ...]:
    """Return the syntax tree of a module, flat, with no more of its constants than their types."""
    found: list[str] = []
    waiting: list[object] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant):
            found.append(type(node.value).__name__)
        elif isinstance(node, ast.AST):
            found.append(type(node).__name__)
            waiting += [getattr(node, name) for name in reversed(node._fields)]
        elif isinstance(node, list):
            found.append(str(len(node)))
            waiting += reversed(node)
        else:
            found.append(repr(node))
    return tuple(found)
