"""A module line by line: which lines belong to one statement, and how many empty lines come before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from soapstone.format.lines import Kind, Line, end_of, line_of
from soapstone.format.statements import lay_out
from soapstone.format.tables import lay_out_table
from soapstone.format.tokens import UnsureError

Fallback = Callable[[str, int], list[str]]

_DEFINITIONS = (Kind.DECORATOR, Kind.FUNCTION, Kind.CLASS)
_DEPENDENT = ("else", "elif", "except", "finally")


@dataclass(slots=True)
class _Module:
    """What is known of the lines of a module so far."""

    previous: Line | None = None
    definitions: list[Line] = field(default_factory=list[Line])
    is_empty: bool = True
    is_introduced: bool = False
    after: int = 0


def lay_out_module(text: str, width: int, fallback: Fallback) -> str:
    """Return a module as black lays it out.

    Args:
        text: As the templates write it.
        width: Columns of a line.
        fallback: Lays out a statement, of which it is told the depth, in whatever way it can.

    Raises:
        UnsureError: There is something in it that templates do not write.
    """
    module = _Module()
    lines: list[str] = []
    source = text.split("\n")
    position, empty, count = 0, 0, len(source)
    while position < count:
        line = line_of(source[position], width)
        if not line:
            empty += 1
            position += 1
            continue
        end = end_of(source, position, line) if line.goes_on else position + 1
        if line.margin % 4:
            raise UnsureError
        before = _empty_before(module, line, empty)
        if before:
            lines += [""] * before
        if line.is_done:
            lines.append(source[position])
        elif line.kind is Kind.TEXT:
            lines += source[position:end]
        else:
            lines += _laid_out(source[position:end], line, width, fallback)
        module.previous = line
        position, empty = end, 0
    lines.append("")
    return "\n".join(lines)


def _laid_out(
    source: list[str], line: Line, width: int, fallback: Fallback
) -> Sequence[str]:
    depth = line.margin // 4
    statement = "\n".join(source).strip()
    try:
        return lay_out_table(source, line, width) or lay_out(statement, depth, width)
    except (UnsureError, RecursionError):
        return fallback(statement, depth)


def _empty_before(module: _Module, line: Line, empty: int) -> int:
    """Return how many empty lines black puts before a line."""
    previous, definitions = module.previous, module.definitions
    if (
        previous
        and line.kind is previous.kind
        and line.is_simple
        and not (definitions and definitions[-1].margin >= line.margin)
    ):
        # Nothing that has rules of its own starts or ends here.
        return min(empty, 1 if line.margin else 2)
    before = _rule(module, line, empty)
    before = max(before, module.after)
    if module.is_introduced and not line.opens_definition:
        before = 1
    is_text = line.kind is Kind.TEXT
    is_inside = previous is not None and previous.kind is Kind.CLASS
    module.after = int(is_text and is_inside)
    module.is_introduced = module.is_empty and is_text
    module.is_empty = module.is_empty and line.kind is Kind.COMMENT
    return before


def _rule(module: _Module, line: Line, empty: int) -> int:
    previous, definitions = module.previous, module.definitions
    before = min(empty, 1 if line.margin else 2)
    definition = None
    while definitions and definitions[-1].margin >= line.margin:
        definition = definitions.pop()
    if line.opens_definition:
        definitions.append(line)
    if previous is None:
        return 0
    is_first = previous.opens_definition and line.margin > previous.margin
    if line.kind is Kind.TEXT and is_first:
        return 0
    if definition is not None:
        is_dependent = definition.margin and line.bare.startswith(_DEPENDENT)
        before = 1 if line.margin or is_dependent else 2
    if line.kind in _DEFINITIONS:
        return _before_definition(previous, line, before, empty)
    ends_imports = previous.kind is Kind.IMPORT and line.kind is not Kind.IMPORT
    if ends_imports and previous.margin == line.margin:
        return before or 1 if line.margin else 1
    return before


def _before_definition(previous: Line, line: Line, before: int, empty: int) -> int:
    if previous.kind is Kind.DECORATOR:
        return 0
    if previous.margin < line.margin and previous.opens_definition:
        return 1 if empty else 0
    if previous.kind is Kind.COMMENT and previous.margin == line.margin and not before:
        raise UnsureError
    is_stub = previous.kind is Kind.FUNCTION and previous.bare.endswith(": ...")
    if is_stub and not empty:
        return 0
    return 1 if line.margin else 2
