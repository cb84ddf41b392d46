"""Black itself, in one pinned version and the target's own mode, never a user's settings."""

from __future__ import annotations

import io
import tokenize
from functools import cache

from black import format_file_contents
from black.mode import Mode, TargetVersion
from black.parsing import parse_ast, stringify_ast
from black.report import NothingChanged

from soapstone.format.options import TARGET, WIDTH

_MODE = Mode(target_versions={TargetVersion[TARGET.upper()]}, line_length=WIDTH)
# What a clause depends on: without it, it is no statement.
_BEFORE = {
    "elif": "if x:\n    pass\n",
    "else": "if x:\n    pass\n",
    "except": "try:\n    pass\n",
    "finally": "try:\n    pass\n",
}


def format_module(text: str) -> str:
    """Lay out a module."""
    try:
        return format_file_contents(text, fast=True, mode=_MODE)
    except NothingChanged:
        return text


@cache
def format_statement(statement: str, depth: int) -> list[str]:
    """Lay out one logical line, the first of a compound statement too, at a depth of indentation."""
    word = statement.split(maxsplit=1)[0].rstrip(":")
    body = "\n    pass" if statement.partition("  #")[0].endswith(":") else ""
    decorated = "\ndef f(): ..." if word.startswith("@") else ""
    before = _BEFORE.get(word, "")
    text = f"{before}{statement}{body}{decorated}\n"
    for _ in range(depth):
        indented = "".join(f"    {line}" for line in text.splitlines(keepends=True))
        text = f"if x:\n{indented}"
    lines = format_module(text).split("\n")
    first = depth + before.count("\n")
    last = len(lines) - 1 - body.count("\n") - decorated.count("\n")
    return [line for line in lines[first:last] if line]


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
