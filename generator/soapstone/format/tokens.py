"""A statement as black sees it: tokens with the space before them, brackets in pairs, places to break.

Parentheses that black may add are tokens without text; it makes them visible where it breaks a
line at them.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain

# Priorities of black for a break, by what it comes before; a comma is broken after.
COMMA, DOT = 18, 1
_COMPREHENSION, _LOGIC, _STRING, _COMPARISON = 20, 14, 12, 10
_OPERATORS = {
    **dict.fromkeys(("and", "or"), _LOGIC),
    **dict.fromkeys(("<", ">", "==", "!=", "<=", ">=", "is", "in"), _COMPARISON),
    "|": 9,
    "^": 8,
    "&": 7,
    "<<": 6,
    ">>": 6,
    "+": 5,
    "-": 5,
    **dict.fromkeys(("*", "/", "//", "%", "@"), 4),
    "**": 2,
}
_SIGNS = frozenset(("+", "-", "*", "**"))
OPENING = frozenset("([{")
CLOSING = frozenset(")]}")
# What can stand before an operand, so that an operator after it is a sign.
_AFTER_NOTHING = CLOSING | {","}
_BEFORE_OPERANDS = (
    OPENING | frozenset(_OPERATORS) | frozenset((",", "=", ":", "not", "return"))
)
# What black lays out in ways of its own.
_UNKNOWN = frozenset(("lambda", "else", "yield", ":=", ";"))

_TOKEN = re.compile(r"""
    (\s*)
    (
        [rbf]{0,2}(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
        | \d+(?:\.\d*)?[eE][-+]?\d+
        | [\w.]+
        | ->|:=|\*\*|//|<<|>>|[-+*/%@|&^~<>=!]=|[-+*/%@|&^~<>=()\[\]{},:;]
    )""", re.VERBOSE)  # fmt: skip
QUOTES = ('"', "'")
_PICTURES = frozenset(map(chr, (*range(0x1F300, 0x1F3FB), *range(0x1F400, 0x1F650))))
_LETTERS = frozenset(("Ll", "Lu", "Lt", "Lo", "Lm", "Nd"))


class UnsureError(Exception):
    """A statement of a kind that black has to lay out itself."""


class Tokens:
    """The tokens of a statement.

    Attributes:
        texts: With the space before it, each.
        kinds: Without; of a parenthesis that may be added too.
        partners: For a bracket, where the other one of the pair is.
    """

    __slots__ = ("kinds", "partners", "texts")

    def __init__(self, texts: list[str], kinds: list[str]) -> None:
        self.texts = texts
        self.kinds = kinds
        self.partners = _pairs(kinds)
        for closing in range(2, len(kinds) - 1):
            if kinds[closing] == ")" and kinds[closing + 1] in "]}":
                self._check_item(self.partners[closing], closing)

    def _check_item(self, opening: int, closing: int) -> None:
        """Leave it to black to take the parentheses of the only item of a list away."""
        is_only = opening > 0 and self.kinds[opening - 1] in {"[", "{"}
        if is_only and COMMA not in self.breaks(opening + 1, closing).values():
            raise UnsureError

    def is_visible(self, index: int) -> bool:
        """Whether there is more to a token than that it may be added."""
        return not self.texts[index].isspace() and self.texts[index] != ""

    def show(self, index: int) -> None:
        """Add a parenthesis."""
        self.texts[index] = self.texts[index].rstrip("()") + self.kinds[index]

    def is_call(self, opening: int) -> bool:
        """Whether a bracket opens arguments or a subscript, rather than a tuple, list or dictionary."""
        if not opening or self.texts[opening][:1] in {" ", ""}:
            return False
        before = self.kinds[opening - 1]
        return before in CLOSING or before[-1].isalnum() or before[-1] in "_\"'"

    def breaks(self, start: int, end: int) -> dict[int, int]:
        """Return the tokens between two places after which a line may be broken, with the priority."""
        found: dict[int, int] = {}
        kinds, partners = self.kinds, self.partners
        index = start
        while index < end:
            kind = kinds[index]
            if kind == ",":
                found[index] = COMMA
            elif kind in OPENING:
                index = partners[index]
            elif kind in {"for", "if"}:
                if index > start:
                    found[index - 1] = _COMPREHENSION
                if kind == "for":
                    index = kinds.index("in", index)
            elif index > start and (priority := self._priority(index)):
                found[index - 1] = priority
            index += 1
        return found

    def _priority(self, index: int) -> int:
        """Return the priority of a break before a token, or 0."""
        kind, before = self.kinds[index], self.kinds[index - 1]
        if kind[0] == ".":
            return DOT if before in CLOSING and kind != "..." else 0
        if kind[-1] in QUOTES:
            return _STRING if before[-1] in QUOTES else 0
        if kind == "not":
            follows = index + 1 < len(self.kinds) and self.kinds[index + 1] == "in"
            return _COMPARISON if follows else 0
        if kind in _SIGNS and before in _BEFORE_OPERANDS:
            return 0
        if kind == "in" and before == "not":
            return 0
        return _OPERATORS.get(kind, 0)


def tokens_of(statement: str) -> tuple[list[str], list[str]]:
    """Return the tokens of a statement, bare, and with the space that belongs before them.

    Raises:
        UnsureError: There is something in it that templates do not write.
    """
    found = _TOKEN.findall(statement)
    if sum(map(len, chain.from_iterable(found))) != len(statement):
        raise UnsureError
    kinds = [kind for _, kind in found]
    if not _UNKNOWN.isdisjoint(kinds):
        raise UnsureError
    texts: list[str] = []
    before = "("
    for space, kind in found:
        if kind in _AFTER_NOTHING or before in OPENING:
            texts.append(kind)
        elif space or before == ",":
            texts.append(f" {kind}")
        else:
            texts.append(kind)
        if kind[-1] == "'" and '"' not in kind:
            raise UnsureError
        before = kind
    return kinds, texts


def fits(line: str, width: int) -> bool:
    """Whether a line takes no more columns than it may.

    Raises:
        UnsureError: It has characters about which opinions differ.
    """
    return len(line) <= width and (line.isascii() or width_of(line) <= width)


def width_of(text: str) -> int:
    """Return the columns that a text takes.

    Raises:
        UnsureError: It has characters about which opinions differ.
    """
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if character < "\u0300":
        return 1
    is_wide = unicodedata.east_asian_width(character) in {"F", "W"}
    category = unicodedata.category(character)
    if category not in _LETTERS and not (is_wide and character in _PICTURES):
        raise UnsureError
    return 2 if is_wide else 1


def _pairs(kinds: list[str]) -> list[int]:
    partners = [-1] * len(kinds)
    waiting: list[int] = []
    for index, kind in enumerate(kinds):
        if kind in OPENING:
            waiting.append(index)
        elif kind in CLOSING:
            if not waiting:
                raise UnsureError
            opening = waiting.pop()
            partners[opening], partners[index] = index, opening
    if waiting:
        raise UnsureError
    return partners
