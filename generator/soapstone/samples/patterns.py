"""Texts that match a regular expression, and texts that just miss it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, TypeAlias

# The parser of Python's expressions has no public name and no types.
parser: Any = importlib.import_module("re._parser")
code: Any = importlib.import_module("re._constants")

# How often something that has no upper limit is repeated at the most.
_MANY = 3
_LONGEST = 5000
_VARIANTS = 64
_PREFERRED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -_./@"
_CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)

_Node: TypeAlias = tuple[object, Any]


@cache
def accepted(expression: str) -> tuple[str, ...]:
    """Return texts that match as a whole: the shortest, the longest, and one between.

    Every text was tried; none comes back for an expression that is too clever to follow.
    """
    compiled = re.compile(expression, re.ASCII)
    parsed = parser.parse(expression, re.ASCII)
    candidates = (
        _text(parsed, more=more, choice=choice)
        for more, choice in (
            (0, 0),
            (_LONGEST, 0),
            (0, 1),
            (1, 0),
            (2, 1),
            (_LONGEST, 2),
        )
    )
    return _distinct(text for text in candidates if compiled.fullmatch(text))


def varied(expression: str) -> Iterator[str]:
    """Yield texts that match as a whole, of many lengths and with many of the alternatives."""
    compiled = re.compile(expression, re.ASCII)
    parsed = parser.parse(expression, re.ASCII)
    for number in range(_VARIANTS):
        for more, choice in ((number, 0), (0, number), (number, number)):
            text = _text(parsed, more=more, choice=choice, many=more)
            if compiled.fullmatch(text):
                yield text


@cache
def sized(expression: str, least: int, most: int) -> str | None:
    """Return a text of one of some lengths that matches as a whole; None when none was found."""
    compiled = re.compile(expression, re.ASCII)
    parsed = parser.parse(expression, re.ASCII)
    for more in range(min(most, _LONGEST) + 1):
        text = _text(parsed, more=more, choice=0, many=more)
        if len(text) > most:
            return None
        if len(text) >= least and compiled.fullmatch(text):
            return text
    return None


@cache
def rejected(expression: str) -> tuple[str, ...]:
    """Return texts that miss the expression by one character, or by the kind of a digit."""
    compiled = re.compile(expression, re.ASCII)
    texts = sorted(accepted(expression), key=len)
    return _distinct(
        near
        for text in _distinct(texts[:1] + texts[-1:])
        for near in _near(text)
        if not compiled.fullmatch(near)
    )


def _near(text: str) -> Iterator[str]:
    yield text[:-1]
    yield text + text[-1:]
    yield text + "\n"
    # Full-width digits are digits to Python and to nobody else.
    yield "".join(
        chr(ord(each) + 0xFEE0) if each in "0123456789" else each for each in text
    )
    yield text[:-1] + "~"
    yield text + "~"
    yield ""


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _text(parsed: Iterable[_Node], *, more: int, choice: int, many: int = _MANY) -> str:
    return "".join(
        _piece(operation, argument, more=more, choice=choice, many=many)
        for operation, argument in parsed
    )


# The tree of Python's own parser has no types: an operation tells what its argument is.
def _piece(
    operation: object,
    argument: Any,  # noqa: ANN401 -- see above
    *,
    more: int,
    choice: int,
    many: int,
) -> str:
    if operation is code.LITERAL:
        return chr(int(argument))
    if operation in (code.IN, code.NOT_LITERAL, code.ANY, code.CATEGORY):
        return _character(operation, argument, choice)
    if operation in _REPEATS:
        least, most, inner = argument
        limit = least + many if most is code.MAXREPEAT else min(most, _LONGEST)
        text = _text(inner, more=more, choice=choice, many=many)
        # Loops in loops would multiply; what has to be there is.
        fitting = max(least, _LONGEST // max(len(text), 1))
        return text * int(min(least + more, limit, fitting))
    if operation is code.SUBPATTERN:
        return _text(argument[-1], more=more, choice=choice, many=many)
    if operation is code.BRANCH:
        branches = argument[1]
        branch = branches[choice % len(branches)]
        return _text(branch, more=more, choice=choice, many=many)
    # Anchors stand for no text; whatever else there is shows when the text is tried.
    return ""


def _character(operation: object, argument: object, choice: int) -> str:
    everything = _PREFERRED + "".join(map(chr, range(0x20, 0x250)))
    fitting = [each for each in everything if _takes(operation, argument, each)]
    return fitting[choice % len(fitting)] if fitting else ""


def _takes(
    operation: object,
    argument: Any,  # noqa: ANN401 -- see above
    character: str,
) -> bool:
    number = ord(character)
    if operation is code.ANY:
        return character != "\n"
    if operation in (code.LITERAL, code.NOT_LITERAL):
        return (number == argument) is (operation is code.LITERAL)
    if operation is code.RANGE:
        least, most = argument
        return least <= number <= most  # type: ignore[no-any-return]  # two code points
    if operation is code.CATEGORY:
        return matches(_CATEGORIES[argument], character)
    is_negated = argument[0][0] is code.NEGATE
    members: list[_Node] = argument[1:] if is_negated else argument
    return is_negated is not any(_takes(*member, character) for member in members)


def matches(expression: str, text: str) -> bool:
    """Whether a text matches as a whole, with ASCII classes."""
    return re.fullmatch(expression, text, re.ASCII) is not None
