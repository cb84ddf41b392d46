"""A module line by line: which lines belong to one statement, and how many empty lines come before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from soapstone.format.statements import lay_out, lay_out_item
from soapstone.format.tokens import UnsureError, width_of

Fallback = Callable[[str, int], list[str]]

_OPENING = ("(", "[", "{")
# What may have to be laid out although it is one short line.
_DOUBTFUL = re.compile(r"\b(?:return|in|if|elif|assert|while) \(|= \(")
_QUOTES = '"""'
_BRACKETS = re.compile(r"[(\[{]")
_PAIRS = ("()", "[]", "{}")
_ENDS = frozenset((")", "]", "}", "),", "],", "},"))
# A statement of fewer lines is seen as a whole: one item in brackets may need no comma.
_SEVERAL = 4
_DEPENDENT = ("else", "elif", "except", "finally")


@dataclass(slots=True)
class _Line:
    """A logical line as the rules about empty lines see it."""

    text: str
    depth: int

    @property
    def is_decorator(self) -> bool:
        return self.text.startswith("@")

    @property
    def is_definition(self) -> bool:
        return self.text.startswith(("def ", "async def "))

    @property
    def is_class(self) -> bool:
        return self.text.startswith("class ")

    @property
    def is_import(self) -> bool:
        return self.text.startswith(("import ", "from "))

    @property
    def is_comment(self) -> bool:
        return self.text.startswith("#")

    @property
    def is_string(self) -> bool:
        return self.text.startswith(('"""', 'r"""'))


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
    source = text.split("\n")
    position, empty, count = 0, 0, len(source)
    while position < count:
        line = source[position]
        bare = line.strip()
        if not bare:
            empty += 1
            position += 1
            continue
        end = _end_of(source, position)
        depth, rest = divmod(len(line) - len(line.lstrip()), 4)
        if rest:
            raise UnsureError
        found = _Line(bare, depth)
        before = _empty_before(module, found, empty)
        module.lines += [""] * before
        if end == position + 1 and _is_done(line, bare, width):
            module.lines.append(line)
        elif bare.startswith(('"""', 'r"""')):
            module.lines += source[position:end]
        else:
            module.lines += _laid_out(source[position:end], depth, width, fallback)
        module.previous = found
        position, empty = end, 0
    return "".join(f"{line}\n" for line in module.lines)


def _laid_out(
    lines: list[str], depth: int, width: int, fallback: Fallback
) -> list[str]:
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
        if not lines[position].strip():
            return []
        end = _end_of(lines, position)
        item = lines[position:end]
        indentation = item[0][: -len(item[0].lstrip())]
        if indentation != margin or not item[-1].endswith(","):
            return []
        if len(item) > 1:
            inner = _items(item, depth + 1, width)
            if not inner:
                return []
            found += inner
        elif _is_done(item[0], item[0].strip(), width) and _is_whole(item[0]):
            found += item
        else:
            found += lay_out_item(item[0].strip(), depth + 1, width)
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


def _end_of(source: list[str], start: int) -> int:
    """Return the line after the statement that starts on a line."""
    bare = source[start].strip()
    if bare.startswith(('"""', 'r"""')):
        rest = bare[bare.index(_QUOTES) + 3 :]
        while not rest.endswith(_QUOTES):
            start += 1
            rest = source[start]
        return start + 1
    if bare[0] == "#" or not bare.endswith(_OPENING):
        return start + 1
    margin = (
        source[start][: -len(source[start].lstrip())] if source[start][0] == " " else ""
    )
    closing = tuple(f"{margin}{bracket}" for bracket in ")]}")
    while True:
        start += 1
        line = source[start]
        if line.startswith(closing) and not line.endswith(_OPENING):
            return start + 1


def _empty_before(module: _Module, line: _Line, empty: int) -> int:
    """Return how many empty lines black puts before a line."""
    before = max(_rule(module, line, empty), module.after)
    if module.is_introduced and not (line.is_class or line.is_definition):
        before = 1
    previous = module.previous
    module.after = int(line.is_string and previous is not None and previous.is_class)
    module.is_introduced = module.is_empty and line.is_string
    module.is_empty = module.is_empty and line.is_comment
    return before


def _rule(module: _Module, line: _Line, empty: int) -> int:
    previous = module.previous
    before = min(empty, 1 if line.depth else 2)
    definition = None
    while module.definitions and module.definitions[-1].depth >= line.depth:
        definition = module.definitions.pop()
    if line.is_definition or line.is_class:
        module.definitions.append(line)
    if previous is None:
        return 0
    if (
        line.is_string
        and line.depth > previous.depth
        and (previous.is_class or previous.is_definition)
    ):
        return 0
    if definition is not None:
        if line.depth or (definition.depth and line.text.startswith(_DEPENDENT)):
            before = 1
        else:
            before = 2
    if line.is_decorator or line.is_definition or line.is_class:
        return _before_definition(previous, line, before, empty)
    if previous.is_import and not line.is_import and previous.depth == line.depth:
        return 1 if line.depth == 0 else before or 1
    return before


def _before_definition(previous: _Line, line: _Line, before: int, empty: int) -> int:
    if previous.is_decorator:
        return 0
    if previous.depth < line.depth and (previous.is_class or previous.is_definition):
        return 1 if empty else 0
    if previous.is_comment and previous.depth == line.depth and not before:
        raise UnsureError
    if previous.is_definition and previous.text.endswith(": ...") and not empty:
        return 0
    return 1 if line.depth else 2
