"""What kind of statement something is, and with that where black may add parentheses or take some away."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from soapstone.format.brackets import break_item, break_statement
from soapstone.format.splitting import Part, Splitter
from soapstone.format.tokens import CLOSING, OPENING, Tokens, UnsureError, tokens_of

# Statements that hold an expression from their first word to the colon, or to the end.
_BEFORE_BLOCKS = frozenset(("if", "elif", "while"))
_BEFORE_EXPRESSIONS = frozenset(("return", "assert"))
_ASSIGNMENTS = frozenset(("=", "+=", "-=", "*=", "|="))
# Statements in which black has no choice.
_PLAIN = frozenset(("class", "raise", "await", "@"))
_UNKNOWN = frozenset(
    (
        "with",
        "async",
        "except",
        "del",
        "yield",
        "import",
        "match",
        "case",
        "global",
        "lambda",
    )
)
# A third of the statements of a package are those of other modules too.
_KEPT_LAYOUTS = 512
# What means something else, or nothing at all, without parentheses.
_KEPT = frozenset((",", "for", "yield", ":="))
_ARITHMETIC = frozenset(("+", "-", "*", "/", "//", "%", "@", "|", "&", "^", "<<", ">>"))


@lru_cache(_KEPT_LAYOUTS)
def lay_out(statement: str, depth: int, width: int) -> tuple[str, ...]:
    """Return the lines that black makes of a statement.

    Raises:
        UnsureError: Black has to be asked.
    """
    broken = break_statement(statement, depth, width)
    if broken:
        return tuple(broken)
    kinds, texts = tokens_of(statement)
    if kinds[:2] == ["async", "def"]:
        kinds[:2], texts[:2] = ["def"], ["async def"]
    for start, end in reversed(_expressions(kinds)):
        _put_in_parentheses(kinds, texts, start, end)
    splitter = Splitter(Tokens(texts, kinds), width)
    return tuple(splitter.lines(Part(0, len(kinds), depth)))


@lru_cache(_KEPT_LAYOUTS)
def lay_out_item(item: str, depth: int, width: int) -> tuple[str, ...]:
    """Return the lines that black makes of an item in brackets, with the comma after it.

    Raises:
        UnsureError: Black has to be asked.
    """
    broken = break_item(item, depth, width)
    if broken:
        return tuple(broken)
    kinds, texts = tokens_of(item)
    part = Part(0, len(kinds), depth, is_inside=True)
    return tuple(Splitter(Tokens(texts, kinds), width).lines(part))


def _expressions(kinds: list[str]) -> list[tuple[int, int]]:
    """Return where the expressions are around which black puts parentheses when it breaks lines."""
    first, last = kinds[0], len(kinds)
    if first in _UNKNOWN:
        raise UnsureError
    if first == "def":
        return list(_annotations(kinds))
    if first in _PLAIN:
        return []
    if first == "from":
        return [(kinds.index("import") + 1, last)]
    top = _at_top(kinds)
    commas = [index for index in top if kinds[index] == ","]
    if first == "assert" and len(commas) == 1:
        return [(1, commas[0]), (commas[0] + 1, last)]
    if first in _BEFORE_EXPRESSIONS:
        if commas or last == 1:
            raise UnsureError
        return [(1, last)]
    if first in _BEFORE_BLOCKS:
        return [(1, last - 1)]
    if first == "for":
        place = next(index for index in top if kinds[index] == "in")
        return [(1, place), (place + 1, last - 1)]
    return _of_assignment(kinds, top)


def _of_assignment(kinds: list[str], top: list[int]) -> list[tuple[int, int]]:
    places = [index for index in top if kinds[index] in _ASSIGNMENTS]
    annotations = [index for index in top if kinds[index] == ":"]
    if not places and annotations == [1]:
        return [(2, len(kinds))]
    if not places:
        if any(kinds[index] in _ARITHMETIC for index in top) or ":" in kinds:
            raise UnsureError
        return []
    if len(places) > 1 or any(kinds[index] == "," for index in top):
        raise UnsureError
    (place,) = places
    value = (place + 1, len(kinds))
    if annotations:
        return [(annotations[0] + 1, place), value]
    return [value]


def _annotations(kinds: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where the annotations of parameters are that are a choice of types."""
    depth = start = 0
    is_choice = False
    for index, kind in enumerate(kinds):
        if start and depth == 1 and kind in {",", "=", ")"}:
            if is_choice:
                yield start, index
            start, is_choice = 0, False
        elif depth == 1 and kind == ":":
            start = index + 1
        is_choice |= depth == 1 and kind == "|"
        depth += (kind in OPENING) - (kind in CLOSING)


def _at_top(kinds: list[str]) -> list[int]:
    """Return the places of the tokens outside of all brackets."""
    depth = 0
    found: list[int] = []
    for index, kind in enumerate(kinds):
        if kind in CLOSING:
            depth -= 1
        elif kind in OPENING:
            depth += 1
        elif not depth:
            found.append(index)
    return found


def _put_in_parentheses(
    kinds: list[str], texts: list[str], start: int, end: int
) -> None:
    """Put tokens into parentheses that do not show, in the place of those that do."""
    if kinds[0] == "from" and kinds[start] == "(":
        texts[start], texts[end - 1] = " ", ""
        texts[start + 1] = texts[start + 1].lstrip()
        return
    while _is_in_parentheses(kinds, start, end):
        space = texts[start][: -len(kinds[start])]
        del kinds[end - 1], texts[end - 1]
        del kinds[start], texts[start]
        texts[start] = space + texts[start].lstrip()
        end -= 2
    space = texts[start][: -len(kinds[start])]
    texts[start] = kinds[start]
    kinds.insert(end, ")")
    texts.insert(end, "")
    kinds.insert(start, "(")
    texts.insert(start, space)


def _is_in_parentheses(kinds: list[str], start: int, end: int) -> bool:
    """Whether tokens are one expression in parentheses that mean nothing."""
    if kinds[start] != "(" or kinds[end - 1] != ")":
        return False
    depth = 0
    for index in range(start, end - 1):
        depth += (kinds[index] in OPENING) - (kinds[index] in CLOSING)
        if not depth or (depth == 1 and kinds[index] in _KEPT):
            return False
    return end > start + len("()")
