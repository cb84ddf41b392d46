"""Makes one mistake after another in a package, and finds out which of them its tests do not notice.

Called with the folder of the package. For each module it writes how many changes were made, and
which survived, as JSON. A change inside a function is made in place, so that it costs no more than
the tests that notice it; one of a class or of what stands outside of functions takes a fork, in
which the package is imported anew.
"""

from __future__ import annotations

import ast
import copy
import inspect
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TypeAlias

import pytest

from mutations import mutants

# How many of the last tests that noticed something are asked again, with how many behind each, and
# what is too slow for that, in seconds.
_REMEMBERED = 12
_BESIDE = 8
_QUICK = 0.02

# A test that asks pytest for something runs there only.
_FIXTURES = {"request", "monkeypatch", "capsys", "tmp_path"}


Function = ast.FunctionDef | ast.AsyncFunctionDef
Holder: TypeAlias = ast.Module | ast.ClassDef


class Row:
    """One test with one set of its parameters."""

    def __init__(self, test: Callable[..., None], values: dict[str, object]) -> None:
        self.name = test.__name__
        self._test = test
        self._values = values
        self.seconds = 0.0

    def passes(self) -> bool:
        """Whether the test finds nothing."""
        start = time.perf_counter()
        try:
            self._test(**{name: _fresh(each) for name, each in self._values.items()})
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 -- whatever it is
            return False
        finally:
            self.seconds = time.perf_counter() - start
        return True


def _fresh(value: object) -> object:
    """Return a value as it was: what the fake service keeps is changed by a test."""
    return copy.deepcopy(value) if type(value).__name__ == "ServiceMemory" else value


def rows_of(module: ModuleType) -> Iterator[Row]:
    """Yield the tests of a module as pytest would run them."""
    for name, test in vars(module).items():
        if not name.startswith("test_"):
            continue
        rows: list[dict[str, object]] = [{}]
        for mark in getattr(test, "pytestmark", []):
            assert mark.name == "parametrize"
            rows = [row | values for values in _parameters(*mark.args) for row in rows]
        if _FIXTURES.isdisjoint(inspect.signature(test).parameters):
            yield from (Row(test, row) for row in rows)


def _parameters(
    names: str | Sequence[str], values: Sequence[object]
) -> Iterator[dict[str, object]]:
    for value in values:
        if isinstance(names, str):
            yield {names: value}
        else:
            assert isinstance(value, tuple)
            yield dict(zip(names, value, strict=True))


class Suite:
    """The tests that may notice a mistake in a module.

    Mistakes are made in the order of the source, which is that of the tests as well, so that those
    beside the one that noticed the last mistake are asked first; then the quickest ones.
    """

    def __init__(self, package: str, names: Sequence[str]) -> None:
        modules = [import_module(f"{package}.tests.{name}") for name in names]
        self.rows = [row for module in modules for row in rows_of(module)]
        assert [row.name for row in self.rows if not row.passes()] == []
        self._quickest = sorted(
            range(len(self.rows)), key=lambda place: self.rows[place].seconds
        )
        self._recent: list[int] = []

    def notices(self) -> bool:
        """Whether a test fails."""
        for place in self._order():
            if not self.rows[place].passes():
                self._recent = [place, *self._recent][:_REMEMBERED]
                return True
        return False

    def _order(self) -> list[int]:
        near = [
            place
            for recent in dict.fromkeys(self._recent)
            for place in (recent, *range(recent - 1, recent + _BESIDE))
            if 0 <= place < len(self.rows) and self.rows[place].seconds < _QUICK
        ]
        return list(dict.fromkeys([*near, *self._quickest]))


class Package:
    """A package that is imported, and whose modules are changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tests = {
            path.stem
            for path in (folder / "tests").glob("test_*.py")
            if path.stem != "test_package"
        }

    def modules(self) -> list[Path]:
        """Return the generated modules that do something, relative to the package."""
        found = [
            *self._folder.glob("*.py"),
            *self._folder.glob("testing/answers/*.py"),
            *self._folder.glob("testing/shared.py"),
        ]
        return sorted(
            path.relative_to(self._folder)
            for path in found
            if path.name not in {"__init__.py", "verify.py"}
        )

    def survivors(self, path: Path) -> tuple[int, list[str]]:
        """Return how many changes of a module were made, and those that no test noticed."""
        suite = Suite(self._folder.name, self._names(path))
        tree = ast.parse((self._folder / path).read_text(encoding="utf-8"))
        made = 0
        survived: list[str] = []
        for holder, statement in _statements(tree):
            for said, changed in mutants(statement):
                made += 1
                if isinstance(changed, Function):
                    is_noticed = self._in_place(path, holder, changed, suite)
                else:
                    place = holder.body.index(statement)
                    holder.body[place] = changed
                    is_noticed = self._in_a_fork(path, tree)
                    holder.body[place] = statement
                survived += [] if is_noticed else [said]
        return made, survived

    def _names(self, path: Path) -> list[str]:
        """Return the tests that come with a module, or all where several depend on it."""
        own = f"test_{path.stem}"
        shared = {"test_types", "test_errors", "test_testing"} & self._tests
        is_own = own in self._tests and own not in shared
        return sorted({own} | shared if is_own else self._tests)

    def _in_place(
        self, path: Path, holder: Holder, changed: Function, suite: Suite
    ) -> bool:
        name = ".".join((self._folder.name, *path.with_suffix("").parts))
        module = import_module(name)
        namespace = dict(vars(module))
        body: list[ast.stmt] = [changed]
        original, made = vars(module), namespace
        if isinstance(holder, ast.ClassDef):
            # A method that calls the one of its base class knows its own.
            around = ast.ClassDef(holder.name, [], [], body, [])
            body = [ast.fix_missing_locations(around)]
            original = vars(original[holder.name])
        code = ast.Module(body=body, type_ignores=[])
        compiled = compile(code, name, "exec")
        exec(compiled, namespace)  # noqa: S102 -- the package's own code
        if isinstance(holder, ast.ClassDef):
            made = vars(made[holder.name])
        function: FunctionType = original[changed.name]
        kept, function.__code__ = function.__code__, made[changed.name].__code__
        try:
            return suite.notices()
        finally:
            function.__code__ = kept

    def _in_a_fork(self, path: Path, tree: ast.Module) -> bool:
        """Whether a test of the package notices when a module has another text."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                status = 2 if self._passes_anew(path, tree) else 0
            finally:
                os._exit(status)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert code != 1, path
        return code == 0

    def _passes_anew(self, path: Path, tree: ast.Module) -> bool:
        """Import the package with another text of a module, and run the tests."""
        name = self._folder.name
        for each in [each for each in sys.modules if f"{each}.".startswith(f"{name}.")]:
            del sys.modules[each]
        file = self._folder / path
        original = file.read_text(encoding="utf-8")
        file.write_text(ast.unparse(tree), encoding="utf-8")
        try:
            modules = (
                import_module(f"{name}.tests.{each}") for each in self._names(path)
            )
            return all(row.passes() for module in modules for row in rows_of(module))
        finally:
            file.write_text(original, encoding="utf-8")


def _statements(tree: ast.Module) -> Iterator[tuple[Holder, ast.stmt]]:
    """Yield what can be changed by itself, with what it stands in."""
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            yield from ((statement, each) for each in statement.body)
        elif isinstance(statement, Function):
            yield tree, statement


def main(folder: Path) -> None:
    """Change whatever can be changed."""
    sys.path.insert(0, str(folder.parent))
    package = Package(folder)
    found = {str(path): package.survivors(path) for path in package.modules()}
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
