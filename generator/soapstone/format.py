"""Sixth stage: black, in one pinned version and the target's own mode, never a user's settings."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping
from importlib import metadata

from black import format_file_contents
from black.mode import Mode, TargetVersion
from black.parsing import parse_ast, stringify_ast
from black.report import NothingChanged

from soapstone.render import WIDTH

VERSION = f"black {metadata.version('black')}"

_MODE = Mode(target_versions={TargetVersion.PY310}, line_length=WIDTH)

# What decides about the layout beside the version, by the name that black has for it.
OPTIONS: Mapping[str, str] = {
    "line-length": str(_MODE.line_length),
    "target-version": ", ".join(
        sorted(each.name.lower() for each in _MODE.target_versions)
    ),
}


def format_files(files: dict[str, str]) -> dict[str, str]:
    """Return the files with every Python module laid out by black."""
    return {
        path: _format(text) if path.endswith(".py") else text
        for path, text in files.items()
    }


def differs_in_layout_alone(one: bytes, other: bytes) -> bool:
    """Whether two modules are the same program with the same comments."""
    try:
        return _meaning(one.decode()) == _meaning(other.decode())
    except (SyntaxError, UnicodeDecodeError):
        return False


def _meaning(text: str) -> tuple[list[str], list[str]]:
    # The tree in the form in which black makes sure that it has changed nothing.
    program = list(stringify_ast(parse_ast(text)))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return program, comments


def _format(text: str) -> str:
    try:
        return format_file_contents(text, fast=True, mode=_MODE)
    except NothingChanged:
        return text
