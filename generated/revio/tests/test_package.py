"""Tests of the package as a whole: what it offers, and when it is imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent
PACKAGE = import_module(__name__.rpartition(".tests.")[0])


def test_the_copy_is_as_it_was_generated() -> None:
    """Each file is the one that the lock lists, and nothing is missing or a stranger."""
    assert import_module(f"{PACKAGE.__name__}.verify").verify() == []


@pytest.mark.parametrize("name", PACKAGE.__all__)
def test_a_public_name_is_there(name: str) -> None:
    """Each public name resolves, again and again to the same object."""
    assert getattr(PACKAGE, name) is getattr(PACKAGE, name)
    assert name in dir(PACKAGE)


def test_public_names_are_sorted() -> None:
    """The public names stand in order, each once."""
    assert list(PACKAGE.__all__) == sorted(set(PACKAGE.__all__))


def test_another_name_is_an_attribute_error() -> None:
    """A name that the package does not have is reported as every module does."""
    with pytest.raises(AttributeError, match="no_such_name"):
        PACKAGE.no_such_name  # noqa: B018 -- the access is what is tested


def test_importing_the_package_imports_no_module_of_it() -> None:
    """Modules are imported when they are first used, so that one costs nothing for the others."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); "
        "__import__(sys.argv[2]); "
        "print([name for name in set(sys.modules) - before if name.startswith(sys.argv[2] + '.')])"
    )
    command = [sys.executable, "-I", "-c", code, str(FOLDER.parent), FOLDER.name]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_client_is_imported_without_what_it_may_not_need() -> None:
    """Neither TLS nor HTTP, the event loop or an operation is imported before it is used."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "package = __import__(sys.argv[2]); before = set(sys.modules); package.Client; "
        "print(sorted(name.removeprefix(sys.argv[2]) for name in set(sys.modules) - before "
        "if name.startswith((sys.argv[2] + '.', 'ssl', 'http.client', 'asyncio'))))"
    )
    command = [sys.executable, "-I", "-c", code, str(FOLDER.parent), FOLDER.name]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    imported = ast.literal_eval(ended.stdout)
    assert all(
        name.startswith("._runtime") or name in {".client", ".errors", ".types"}
        for name in imported
    )
    assert not any(".transports.streams" in name for name in imported)
