"""What cannot stand side by side in one package, or in one folder, is told before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.pipeline import compile_service

SERVICE = """\
soapstone: 1
service: Demo
title: Demo
pages: {guide: {title: Guide, url: "https://example.com", retrieved: 2026-01-31}}
protocol: {endpoint: "https://example.com", namespace: "urn:demo"}
"""
OPERATION = """\
soapstone: 1
operation: NAME
summary: Do something.
source: {page: guide}
"""


def told(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the errors that a service with some operation files gives."""
    (folder / "service.yaml").write_text(SERVICE, encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = Report()
    compile_service(folder, report)
    return [
        f"{Path(each.span.path).name}:{each.span.line}:{each.span.column}: {each.message} [{each.rule}]"
        for each in report.diagnostics
        if each.severity.value == "error"
    ]


def test_two_operations_of_one_module(tmp_path: Path) -> None:
    """Two wire names that are one name in Python are told apart by the spec, or refused."""
    files = {
        "a.yaml": OPERATION.replace("NAME", "Get_Line"),
        "b.yaml": OPERATION.replace("NAME", "GetLine"),
    }
    assert (
        "b.yaml:2:12: two operations would both be the module `get_line` [python-name-collision]"
        in told(tmp_path, files)
    )


@pytest.mark.parametrize("name", ["a b.yaml", "é.yaml", "a;b.yaml"])
def test_a_file_with_an_odd_name(tmp_path: Path, name: str) -> None:
    """The name of a spec stands in generated comments, so it is plain."""
    shown = name.encode("ascii", "backslashreplace").decode()
    files = {"a.yaml": OPERATION.replace("NAME", "Ping"), name: OPERATION}
    assert told(tmp_path, files) == [
        f"{shown}:1:1: the name of a spec has other characters than letters, digits, `_`, `-` and `.` [source-file-name]"
    ]


def test_a_rule_without_members(tmp_path: Path) -> None:
    """A rule whose members were all refused stops nothing else from being told."""
    text = OPERATION.replace("NAME", "Ping") + (
        "request: {class_: {type: string, name: class, doc: A class.}}\n"
        "rules: [{exclusive: [[a], [b]]}]\n"
    )
    rules = {line.rpartition(" ")[2] for line in told(tmp_path, {"a.yaml": text})}
    assert rules == {"[schema-value]", "[python-name-invalid]"}
