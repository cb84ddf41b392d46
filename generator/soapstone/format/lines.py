"""A line by itself: what it is to the rules about empty lines, and whether it may stay as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from soapstone.format.tokens import fits

# What may have to be laid out although it is one short line.
_DOUBTFUL = re.compile(r"\b(?:return|in|if|elif|assert|while) \(|= \(")
_QUOTES = '"""'
# Most lines of an operation are those of other operations too, as tests of all ask for the same.
_KEPT_LINES = 4096


class Kind(Enum):
    """What a line is to the rules about empty lines."""

    PLAIN = ()
    COMMENT = ("#",)
    TEXT = ('"""', 'r"""')
    IMPORT = ("import ", "from ")
    DECORATOR = ("@",)
    FUNCTION = ("def ", "async def ")
    CLASS = ("class ",)


_STARTS = {start: kind for kind in Kind for start in kind.value}
_ALL_STARTS = tuple(_STARTS)


@dataclass(slots=True)
class Line:
    """A line that is not empty.

    Attributes:
        bare: Without the spaces around it.
        margin: How many spaces are before it.
        kind: Of a line that starts a statement.
        is_simple: Whether that is a kind with no rules of its own, at least among its like.
        opens_definition: Whether it is the first line of a function or a class.
        goes_on: Whether the statement or item that it starts takes more lines.
        is_done: Whether it is a whole statement, and one line for black too.
        is_item: Whether it is an item, with its comma, and one line for black too.
    """

    bare: str
    margin: int
    kind: Kind
    is_simple: bool
    opens_definition: bool
    goes_on: bool
    is_done: bool
    is_item: bool


@lru_cache(_KEPT_LINES)
def line_of(text: str, width: int) -> Line | None:
    """Return what is known of a line, unless it is empty.

    Raises:
        UnsureError: It has characters about whose width opinions differ.
    """
    bare = text.strip()
    if not bare:
        return None
    kind = _kind_of(bare)
    goes_on = _goes_on(bare, kind)
    is_done = not goes_on and _is_done(text, bare, width)
    return Line(
        bare=bare,
        margin=text.find(bare),
        kind=kind,
        is_simple=kind is Kind.PLAIN or kind is Kind.IMPORT,
        opens_definition=kind is Kind.FUNCTION or kind is Kind.CLASS,
        goes_on=goes_on,
        is_done=is_done,
        is_item=is_done and text[-1] == "," and _is_whole(bare),
    )


def end_of(source: list[str], start: int, line: Line) -> int:
    """Return the line after the statement or item that starts on a line."""
    if line.kind is Kind.TEXT:
        while True:
            start += 1
            if source[start].endswith(_QUOTES):
                return start + 1
    margin = " " * line.margin
    closing = tuple(f"{margin}{bracket}" for bracket in ")]}")
    while True:
        start += 1
        text = source[start]
        if text.startswith(closing) and not text.endswith(("(", "[", "{")):
            return start + 1


def _kind_of(bare: str) -> Kind:
    if not bare.startswith(_ALL_STARTS):
        return Kind.PLAIN
    return next(kind for start, kind in _STARTS.items() if bare.startswith(start))


def _goes_on(bare: str, kind: Kind) -> bool:
    if kind is Kind.TEXT:
        return not bare[bare.index(_QUOTES) + 3 :].endswith(_QUOTES)
    return bare[-1] in "([{" and kind is not Kind.COMMENT


def _is_done(text: str, bare: str, width: int) -> bool:
    if bare[0] == "#":
        return True
    spaced = bare.count(", ") + bare.endswith(",")
    if "'" in bare or bare.count(",") > spaced:
        return False
    if " (" in bare and _DOUBTFUL.search(bare):
        return False
    return fits(text, width)


def _is_whole(item: str) -> bool:
    return (
        item.count("(") == item.count(")")
        and item.count("[") == item.count("]")
        and item.count("{") == item.count("}")
    )
