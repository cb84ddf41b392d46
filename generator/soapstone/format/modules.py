"""A module line by line: which lines belong to one statement, and how many empty lines come before it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum

from soapstone.format.statements import lay_out, lay_out_item
from soapstone.format.tokens import UnsureError, width_of

Fallback = Callable[[str, int], list[str]]

# What may have to be laid out although it is one short line.
_DOUBTFUL = re.compile(r"\b(?:return|in|if|elif|assert|while) \(|= \(")
_QUOTES = '"""'
_BRACKETS = re.compile(r"[(\[{]")
_PAIRS = ("()", "[]", "{}")
_ENDS = frozenset((")", "]", "}", "),", "],", "},"))
# A statement of fewer lines is seen as a whole: one item in brackets may need no comma.
_SEVERAL = 4
_DEPENDENT = ("else", "elif", "except", "finally")


class _Kind(Enum):
    """What a line is to the rules about empty lines."""

    PLAIN = ()
    COMMENT = ("#",)
    TEXT = ('"""', 'r"""')
    IMPORT = ("import ", "from ")
    DECORATOR = ("@",)
    FUNCTION = ("def ", "async def ")
    CLASS = ("class ",)


_STARTS = {start: kind for kind in _Kind for start in kind.value}
_ALL_STARTS = tuple(_STARTS)
_DEFINITIONS = (_Kind.DECORATOR, _Kind.FUNCTION, _Kind.CLASS)


@dataclass(slots=True)
class _Line:
    """A logical line."""

    text: str
    depth: int
    kind: _Kind

    @property
    def opens_definition(self) -> bool:
        """Whether it is the first line of a function or a class."""
        return self.kind is _Kind.FUNCTION or self.kind is _Kind.CLASS


@dataclass(slots=True)
class _Module:
    """The lines of a module so far."""

    lines: list[str] = field(default_factory=list[str])
    previous: _Line | None = None
    definitions: list[_Line] = field(default_factory=list[_Line])
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
    lines = module.lines
    source = text.split("\n")
    position, empty, count = 0, 0, len(source)
    while position < count:
        line = source[position]
        bare = line.strip()
        if not bare:
            empty += 1
            position += 1
            continue
        end = _end_of(source, position, bare)
        depth, rest = divmod(len(line) - len(line.lstrip()), 4)
        if rest:
            raise UnsureError
        found = _Line(bare, depth, _kind_of(bare))
        before = _empty_before(module, found, empty)
        if before:
            lines += [""] * before
        if end == position + 1 and _is_done(line, bare, width):
            lines.append(line)
        elif found.kind is _Kind.TEXT:
            lines += source[position:end]
        else:
            lines += _laid_out(source[position:end], depth, width, fallback)
        module.previous = found
        position, empty = end, 0
    lines.append("")
    return "\n".join(lines)


def _kind_of(bare: str) -> _Kind:
    if not bare.startswith(_ALL_STARTS):
        return _Kind.PLAIN
    return next(kind for start, kind in _STARTS.items() if bare.startswith(start))


def _laid_out(
    lines: list[str], depth: int, width: int, fallback: Fallback
) -> Sequence[str]:
    statement = "\n".join(lines).strip()
    try:
        return _items(lines, depth, width) or lay_out(statement, depth, width)
    except (UnsureError, RecursionError):
        return fallback(statement, depth)


def _items(lines: list[str], depth: int, width: int) -> list[str]:
    """Lay out the items of brackets by themselves, where a comma ends the last one.

    Nothing is returned where the statement has to be seen as a whole. Black keeps a line for each
    item then, so that the long tables of tests need not be taken apart.
    """
    first = lines[0].rstrip()
    is_call = first[-2:-1].isalnum() or first[-2:-1] == "_"
    is_display = first.endswith(("= [", "= {")) or first.strip() in {"[", "{"}
    if len(lines) < _SEVERAL or not (is_call or is_display) or len(first) > width:
        return []
    if _BRACKETS.search(first[:-1]) or lines[-1].strip() not in _ENDS:
        return []
    margin = " " * 4 * (depth + 1)
    found = [first]
    position = 1
    while position < len(lines) - 1:
        line = lines[position]
        bare = line.strip()
        if not bare or line.find(bare) != len(margin):
            return []
        end = _end_of(lines, position, bare)
        item = lines[position:end]
        if not item[-1].endswith(","):
            return []
        if len(item) > 1:
            inner = _items(item, depth + 1, width)
            if not inner:
                return []
            found += inner
        elif _is_done(line, bare, width) and _is_whole(bare):
            found.append(line)
        else:
            found += lay_out_item(bare, depth + 1, width)
        position = end
    return [*found, lines[-1]]


def _is_whole(item: str) -> bool:
    return all(item.count(pair[0]) == item.count(pair[1]) for pair in _PAIRS)


def _is_done(line: str, bare: str, width: int) -> bool:
    """Whether a line of a whole statement or item is one for black too."""
    if bare[0] == "#":
        return True
    if len(line) > width or "'" in bare:
        return False
    spaced = bare.count(", ") + bare.endswith(",")
    if bare.count(",") > spaced or (" (" in bare and _DOUBTFUL.search(bare)):
        return False
    return line.isascii() or width_of(line) <= width


def _end_of(source: list[str], start: int, bare: str) -> int:
    """Return the line after the statement that starts on a line."""
    if bare[-1] not in "([{" and bare[-1] != '"' and bare[0] not in 'r"':
        return start + 1
    if bare.startswith(_Kind.TEXT.value):
        rest = bare[bare.index(_QUOTES) + 3 :]
        while not rest.endswith(_QUOTES):
            start += 1
            rest = source[start]
        return start + 1
    if bare[0] == "#" or bare[-1] not in "([{":
        return start + 1
    margin = (
        source[start][: -len(source[start].lstrip())] if source[start][0] == " " else ""
    )
    closing = tuple(f"{margin}{bracket}" for bracket in ")]}")
    while True:
        start += 1
        line = source[start]
        if line.startswith(closing) and not line.endswith(("(", "[", "{")):
            return start + 1


def _empty_before(module: _Module, line: _Line, empty: int) -> int:
    """Return how many empty lines black puts before a line."""
    before = _rule(module, line, empty)
    if line.kind is _Kind.PLAIN and not (module.after or module.is_introduced):
        module.is_empty = False
        return before
    before = max(before, module.after)
    if module.is_introduced and not line.opens_definition:
        before = 1
    previous, is_text = module.previous, line.kind is _Kind.TEXT
    is_inside = previous is not None and previous.kind is _Kind.CLASS
    module.after = int(is_text and is_inside)
    module.is_introduced = module.is_empty and is_text
    module.is_empty = module.is_empty and line.kind is _Kind.COMMENT
    return before


def _rule(module: _Module, line: _Line, empty: int) -> int:
    previous, definitions = module.previous, module.definitions
    before = min(empty, 1 if line.depth else 2)
    definition = None
    while definitions and definitions[-1].depth >= line.depth:
        definition = definitions.pop()
    if line.opens_definition:
        definitions.append(line)
    if previous is None:
        return 0
    is_first = previous.opens_definition and line.depth > previous.depth
    if line.kind is _Kind.TEXT and is_first:
        return 0
    if definition is not None:
        is_dependent = definition.depth and line.text.startswith(_DEPENDENT)
        before = 1 if line.depth or is_dependent else 2
    if line.kind in _DEFINITIONS:
        return _before_definition(previous, line, before, empty)
    ends_imports = previous.kind is _Kind.IMPORT and line.kind is not _Kind.IMPORT
    if ends_imports and previous.depth == line.depth:
        return before or 1 if line.depth else 1
    return before


def _before_definition(previous: _Line, line: _Line, before: int, empty: int) -> int:
    if previous.kind is _Kind.DECORATOR:
        return 0
    if previous.depth < line.depth and previous.opens_definition:
        return 1 if empty else 0
    if previous.kind is _Kind.COMMENT and previous.depth == line.depth and not before:
        raise UnsureError
    is_stub = previous.kind is _Kind.FUNCTION and previous.text.endswith(": ...")
    if is_stub and not empty:
        return 0
    return 1 if line.depth else 2
