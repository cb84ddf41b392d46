"""Tells whether a regular expression can take time that doubles with each character.

It can when a text has two ways through a loop: `(a+)+` reads `aa` in one turn or in two, so a
text of thirty characters that fails in the end is tried in a thousand million ways. The
expression becomes an automaton with one state for each of its characters (Glushkov), and two walks
through it are made at once: a loop is ambiguous when two different walks over the same text lead from
a state back to that state.

What cannot be followed counts as fast: the check may miss a slow expression, and blames no fast one.
"""

from __future__ import annotations

import importlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

# The tree of Python's own parser has no types, nor public names.
_Tree: TypeAlias = Any
_parser: Any = importlib.import_module("re._parser")
_code: Any = importlib.import_module("re._constants")

# From this many turns on, a loop with a limit is as slow as one without.
_ENDLESS = 16
# Two copies of what is repeated show whatever more copies would.
_COPIES = 2
# The walks are as many as the square of the states.
_MOST_STATES = 64
# Characters beyond are as good as any of these, unless the expression names them.
_ALPHABET = 256

_CATEGORIES: dict[Any, re.Pattern[str]] = {
    _code.CATEGORY_DIGIT: re.compile(r"\d", re.ASCII),
    _code.CATEGORY_NOT_DIGIT: re.compile(r"\D", re.ASCII),
    _code.CATEGORY_SPACE: re.compile(r"\s", re.ASCII),
    _code.CATEGORY_NOT_SPACE: re.compile(r"\S", re.ASCII),
    _code.CATEGORY_WORD: re.compile(r"\w", re.ASCII),
    _code.CATEGORY_NOT_WORD: re.compile(r"\W", re.ASCII),
}


@cache
def is_slow(expression: str) -> bool:
    """Whether a valid expression can take exponential time."""
    tree = _parser.parse(expression, re.ASCII)
    automaton = _Automaton()
    try:
        automaton.sequence(tree)
    except _NotFollowedError:
        return False
    return _has_ambiguous_loop(automaton)


@cache
def width(expression: str) -> tuple[int, int]:
    """Return the least and the greatest number of characters that a valid expression takes."""
    least, most = _parser.parse(expression, re.ASCII).getwidth()
    return int(least), int(most)


class _NotFollowedError(Exception):
    """The expression uses something that the automaton cannot show."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of an expression.

    Attributes:
        empty: In how many ways it takes nothing.
        first: States that it may start with, and in how many ways.
        last: States that it may end with, and in how many ways.
    """

    empty: int
    first: Counter[int] = field(default_factory=Counter[int])
    last: Counter[int] = field(default_factory=Counter[int])


_NOTHING = _Part(1)


@dataclass(slots=True)
class _Automaton:
    """States with the characters they take, and the ways from one to the next."""

    takes: list[frozenset[int]] = field(default_factory=list[frozenset[int]])
    ways: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])

    def sequence(self, tree: _Tree) -> _Part:
        """Add one part after the other."""
        whole = _NOTHING
        for operation, argument in tree:
            whole = self._after(whole, self._part(operation, argument))
        return whole

    def _part(self, operation: _Tree, argument: _Tree) -> _Part:
        if operation in (_code.MAX_REPEAT, _code.MIN_REPEAT):
            return self._repeat(*argument)
        if operation is _code.SUBPATTERN:
            return self.sequence(argument[-1])
        if operation is _code.BRANCH:
            return _either([self.sequence(branch) for branch in argument[1]])
        if operation is _code.AT:
            return _NOTHING
        return self._state(frozenset(_characters(operation, argument)))

    def _state(self, characters: frozenset[int]) -> _Part:
        if len(self.takes) == _MOST_STATES:
            raise _NotFollowedError
        state = len(self.takes)
        self.takes.append(characters)
        return _Part(0, Counter([state]), Counter([state]))

    def _repeat(self, least: int, most: int, body: _Tree) -> _Part:
        whole = _NOTHING
        copies = min(least, _COPIES)
        if most - least >= _ENDLESS:
            for _ in range(copies - 1):
                whole = self._after(whole, self.sequence(body))
            loop = self._loop(self.sequence(body))
            return self._after(whole, loop if least else _optional(loop))
        for _ in range(copies):
            whole = self._after(whole, self.sequence(body))
        further = _NOTHING
        for _ in range(min(most - least, _COPIES)):
            further = _optional(self._after(self.sequence(body), further))
        return self._after(whole, further)

    def _after(self, before: _Part, then: _Part) -> _Part:
        self._connect(before.last, then.first)
        return _Part(
            before.empty * then.empty,
            before.first + _times(then.first, before.empty),
            then.last + _times(before.last, then.empty),
        )

    def _loop(self, part: _Part) -> _Part:
        self._connect(part.last, part.first)
        return part

    def _connect(self, before: Counter[int], then: Counter[int]) -> None:
        for state, ways in before.items():
            for following, more in then.items():
                self.ways[state, following] += ways * more


def _optional(part: _Part) -> _Part:
    return _Part(part.empty + 1, part.first, part.last)


def _either(parts: Iterable[_Part]) -> _Part:
    empty, first, last = 0, Counter[int](), Counter[int]()
    for part in parts:
        empty, first, last = empty + part.empty, first + part.first, last + part.last
    return _Part(empty, first, last)


def _times(counted: Counter[int], factor: int) -> Counter[int]:
    return Counter({state: ways * factor for state, ways in counted.items() if factor})


def _characters(operation: _Tree, argument: _Tree) -> Iterator[int]:
    if operation is _code.LITERAL:
        yield argument
    elif operation is _code.NOT_LITERAL:
        yield from (each for each in range(_ALPHABET) if each != argument)
    elif operation is _code.ANY:
        yield from (each for each in range(_ALPHABET) if each != ord("\n"))
    elif operation is _code.IN:
        yield from _set(argument)
    else:
        raise _NotFollowedError


def _set(members: _Tree) -> Iterator[int]:
    is_negated = members[0][0] is _code.NEGATE
    found = {each for member in members for each in _set_member(*member)}
    if is_negated:
        yield from (each for each in range(_ALPHABET) if each not in found)
    else:
        yield from found


def _set_member(operation: _Tree, argument: _Tree) -> Iterator[int]:
    if operation is _code.LITERAL:
        yield argument
    elif operation is _code.RANGE:
        low, high = argument
        # The ends of a range that goes beyond the alphabet stand for the rest of it.
        yield from (each for each in range(_ALPHABET) if low <= each <= high)
        yield from argument
    elif operation is _code.CATEGORY:
        pattern = _CATEGORIES[argument]
        yield from (each for each in range(_ALPHABET) if pattern.match(chr(each)))


def _has_ambiguous_loop(automaton: _Automaton) -> bool:
    following: dict[int, set[int]] = {}
    for state, then in automaton.ways:
        following.setdefault(state, set()).add(then)
    reach = {state: _reachable(state, following) for state in following}
    for state in following:
        # A walk that leaves the loops of a state does not come back to it.
        loops = {then for then in reach[state] if state in reach.get(then, ())}
        inside = {each: following[each] & loops for each in loops}
        if any(automaton.ways[state, then] > 1 for then in inside.get(state, ())):
            return True
        if state in loops and _parts_and_meets(state, inside, automaton.takes):
            return True
    return False


def _reachable(start: int, following: dict[int, set[int]]) -> set[int]:
    seen, waiting = set[int](), [start]
    while waiting:
        for then in following.get(waiting.pop(), ()):
            if then not in seen:
                seen.add(then)
                waiting.append(then)
    return seen


def _parts_and_meets(
    start: int, following: dict[int, set[int]], takes: list[frozenset[int]]
) -> bool:
    """Whether two walks over one text part at a state and meet at it again."""
    # A pair of states, and whether the walks were ever in two different ones.
    seen = {(start, start, False)}
    waiting = [(start, start, False)]
    while waiting:
        left, right, parted = waiting.pop()
        for one in following[left]:
            for other in following[right]:
                if takes[one].isdisjoint(takes[other]):
                    continue
                pair = (one, other, parted or one != other)
                if pair == (start, start, True):
                    return True
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
    return False
