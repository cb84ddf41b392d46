"""The package as text: short straight-line modules, and a lock that proves the copy."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.output.lock import render_lock
from soapstone.pipeline import build_package

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "generated" / "revio"
OPERATIONS = [
    PACKAGE / name
    for name in ("sms_send.py", "sms_opt_out_create.py", "sms_opt_out_delete.py")
]
GENERATED = [
    *OPERATIONS,
    *(PACKAGE / name for name in ("__init__.py", "errors.py", "types.py")),
]
FILES = sorted(
    path
    for path in PACKAGE.rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
)
LOCK = json.loads((PACKAGE / "soapstone.lock").read_text("utf-8"))


def name_of(path: Path) -> str:
    """A file's place in the package."""
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", OPERATIONS, ids=name_of)
def test_an_operation_is_short(path: Path) -> None:
    """The module of an operation has at most 300 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", GENERATED, ids=name_of)
def test_nothing_is_hushed_up(path: Path) -> None:
    """No generated module uses Any or cast, or silences a checker."""
    text = path.read_text("utf-8")
    for word in ("# noqa", "type: ignore", "pyright:", "pragma:", "fmt:", "pylint:"):
        assert word not in text
    names = {
        node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)
    }
    names |= {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert names & {"Any", "cast", "eval", "exec", "globals", "setattr"} <= (
        {"globals"} if path.name == "__init__.py" else set()
    )


@pytest.mark.parametrize("path", GENERATED, ids=name_of)
def test_every_function_and_class_says_what_it_is_for(path: Path) -> None:
    """Whatever is public and not explained by its protocol has a docstring."""
    module = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(module)
    for node in module.body:
        if isinstance(
            node, ast.FunctionDef | ast.ClassDef
        ) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", OPERATIONS, ids=name_of)
def test_each_documented_member_is_written_in_one_place(path: Path) -> None:
    """The wire names stand in the code itself, each start tag beside its end tag."""
    text = path.read_text("utf-8")
    starts = re.findall(r"<([A-Za-z_]+)(?: [^>]*)?>", text)
    ends = re.findall(r"</([A-Za-z_]+)>", text)
    assert sorted(starts) == sorted(ends)
    assert len(ends) >= 4


VERSIONS = {str(LOCK["generator"]), LOCK["formatter"].rpartition(" ")[2]}
SHIPPED = [path for path in FILES if path.name != "soapstone.lock"]


@pytest.mark.parametrize("path", SHIPPED, ids=name_of)
def test_no_trace_of_where_and_when(path: Path) -> None:
    """No file but the lock tells a path of ours, a user, a date of making or a version."""
    text = path.read_text("utf-8")
    for trace in (
        str(ROOT),
        "/root",
        "/home/",
        "/Users/",
        "/tmp",  # noqa: S108 -- looked for, not used
        "/work",
        "C:\\",
    ):
        assert trace not in text
    for version in VERSIONS:
        assert not re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", text)
    if "_runtime" not in path.parts:  # which explains how a date is written
        assert not re.search(r"\b20\d\d-\d\d-\d\d\b", text)
    assert "\r" not in text
    assert path.suffix != ".py" or text.endswith("\n")
    assert not text.startswith("\ufeff")


def test_the_lock_lists_every_file() -> None:
    """The lock has the digest of every file of the package but itself, and of no other."""
    digests = {
        name_of(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in SHIPPED
    }
    assert LOCK["files"] == digests


def test_the_lock_lists_every_spec() -> None:
    """The lock has the digest of every file that the package was made from."""
    specs = ROOT / "specs"
    package = build_package(specs / "revio", Report())
    assert package is not None
    digests = {
        path.relative_to(specs)
        .as_posix(): hashlib.sha256(path.read_bytes())
        .hexdigest()
        for path in (specs / "revio").rglob("*")
        if path.is_file()
    }
    assert json.loads(render_lock(package))["specs"] == digests


def test_the_lock_names_what_made_it() -> None:
    """The lock tells the format, and the versions of generator, templates and formatter."""
    assert LOCK["format"] == 1
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", LOCK["generator"])
    assert re.fullmatch(r"black \d+\.\d+\.\d+", LOCK["formatter"])
    assert re.fullmatch(r"[0-9a-f]{64}", LOCK["templates"])
    assert set(LOCK) == {
        "format",
        "files",
        "specs",
        "generator",
        "formatter",
        "options",
        "templates",
    }


def test_the_lock_is_written_in_one_way() -> None:
    """The lock is sorted, so that a change of it can be read."""
    text = (PACKAGE / "soapstone.lock").read_text("utf-8")
    assert text == json.dumps(LOCK, indent=2, sort_keys=True) + "\n"


def test_the_files_of_the_contract_are_there() -> None:
    """The package has every file that the contract lists."""
    names = {name_of(path) for path in FILES}
    assert {
        "__init__.py",
        "sms_send.py",
        "sms_opt_out_create.py",
        "sms_opt_out_delete.py",
        "types.py",
        "errors.py",
        "py.typed",
        "soapstone.lock",
        "_runtime/__init__.py",
        "tests/__init__.py",
    } - names == set()


def test_errors_are_drawn() -> None:
    """The tree at the top of errors.py is the tree of the classes."""
    module = ast.parse((PACKAGE / "errors.py").read_text("utf-8"))
    drawing = (ast.get_docstring(module) or "").splitlines()
    names = {match[0] for line in drawing if (match := re.search(r"\b[A-Z]\w+", line))}
    for name in [
        "RevioError",
        "ValidationError",
        "TransportError",
        "MalformedResponse",
        "SoapFault",
        "ApiError",
        "InvalidInput",
        "InvalidTn",
        "AlreadyOptedOut",
        "AccessRefused",
    ]:
        assert name in names
