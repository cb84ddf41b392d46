"""Tells whether a regular expression can keep a program busy for ever.

It can when a text has two ways through a loop: `(a+)+` reads `aa` in one turn or in two, so a
text of thirty characters that fails in the end is tried in a thousand million ways. The
expression becomes an automaton with one state for each of its characters (Glushkov), and two walks
through it are made at once: a loop is ambiguous when two different walks over the same text lead from
a state back to that state. Ways can be too many without any loop, or with several in a row: they are
counted for a text that is made to have many.

What cannot be followed exactly is followed as if it took more: a group is read again where its text
has to come again. So an expression may be blamed that is fast, and a slow one hardly goes unseen.
"""

from __future__ import annotations

import importlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any, TypeAlias, TypeVar

# The tree of Python's own parser has no types, nor public names.
_Tree: TypeAlias = Any
_Place = TypeVar("_Place", int, tuple[int, int])
_parser: Any = importlib.import_module("re._parser")
_code: Any = importlib.import_module("re._constants")

# From this many turns on, a loop with a limit is as slow as one without.
_ENDLESS = 16
# Turns that may read nothing are taken one by one, as far as it matters.
_MOST_TURNS = 64
# What is exactly one character each time has one way, however often it is repeated.
_COPIES = 2
# An expression beyond these limits is for no reader either. The walks are as many as the square of
# the states.
_MOST_STATES = 500
_MOST_PARTS = 20_000
_MOST_WAYS = 20_000
_MOST_STEPS = 1_000_000
_MOST_CHARACTERS = 1_000_000
# So many characters has the text for which ways are counted, and so many ways are too many.
_LENGTH = 200
_MOST_TRIES = 1_000_000
# So many are made in about a second.
_MOST_STEPS_OF_TEXT = 20_000_000
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

_LOOP = "can take exponential time: a loop reads the same text in several ways"
_MANY_WAYS = "can take very long: it reads the same text in more than a million ways"
_TOO_LARGE = "is too large for anybody to tell whether it is fast"
_TOO_LONG = f"takes no text of less than {_MOST_CHARACTERS:,} characters"


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long an expression takes.

    Attributes:
        problem: What is wrong with that; empty when nothing is.
        steps: How many steps are made for a text of a certain length.
        growth: How many times as many are made for a text of twice the length.
    """

    problem: str
    steps: int = 0
    growth: float = 1


def slowness(expression: str) -> str:
    """Return why a valid expression can take for ever; empty when it cannot."""
    return _pace(expression).problem


def can_be_tried(expression: str, length: int) -> bool:
    """Whether a valid expression, which is not slow, is soon through with any text of a length."""
    pace = _pace(expression)
    doublings = math.log2(max(length / _LENGTH, 1))
    return pace.steps * math.pow(pace.growth, doublings) <= _MOST_STEPS_OF_TEXT


@cache
def _pace(expression: str) -> _Pace:
    if width(expression)[0] > _MOST_CHARACTERS:
        return _Pace(_TOO_LONG)
    tree = _parser.parse(expression, re.ASCII)
    automaton = _Automaton(ignores_case=bool(tree.state.flags & re.IGNORECASE))
    try:
        parts = [automaton.sequence(tree)]
        # What looks ahead or behind starts over, and so does what never goes back.
        parts += map(automaton.sequence, automaton.apart)
        has_loop = _has_ambiguous_loop(automaton)
    except (_TooLargeError, RecursionError):
        return _Pace(_TOO_LARGE)
    if has_loop:
        return _Pace(_LOOP)
    half, steps = _tries(automaton, parts)
    problem = _MANY_WAYS if steps > _MOST_TRIES else ""
    return _Pace(problem, steps=steps, growth=steps / max(half, 1))


@cache
def width(expression: str) -> tuple[int, int]:
    """Return the least and the greatest number of characters that a valid expression takes."""
    least, most = _parser.parse(expression, re.ASCII).getwidth()
    return int(least), int(most)


class _TooLargeError(Exception):
    """There is more to follow than is worth it."""


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


@dataclass(slots=True, kw_only=True)
class _Automaton:
    """States with the characters they take, and the ways from one to the next.

    Attributes:
        apart: Parts that are read by themselves; they grow while they are taken up.
        groups: The groups met so far by their numbers.
        parts: Counts what is added, also what takes no character.
    """

    ignores_case: bool
    takes: list[frozenset[int]] = field(default_factory=list[frozenset[int]])
    ways: Counter[tuple[int, int]] = field(default_factory=Counter[tuple[int, int]])
    apart: list[_Tree] = field(default_factory=list[_Tree])
    groups: dict[int, _Tree] = field(default_factory=dict[int, _Tree])
    parts: Iterator[int] = field(default_factory=count)

    def sequence(self, tree: _Tree) -> _Part:
        """Add one part after the other."""
        if next(self.parts) > _MOST_PARTS:
            raise _TooLargeError
        whole = _NOTHING
        for operation, argument in tree:
            whole = self._after(whole, self._part(operation, argument))
        return whole

    def _part(self, operation: _Tree, argument: _Tree) -> _Part:
        if operation in (_code.MAX_REPEAT, _code.MIN_REPEAT):
            return self._repeat(*argument)
        if operation is _code.SUBPATTERN:
            return self._group(*argument)
        if operation is _code.BRANCH:
            return _either([self.sequence(branch) for branch in argument[1]])
        if operation is _code.GROUPREF:
            return self.sequence(self.groups.get(argument, ()))
        if operation is _code.GROUPREF_EXISTS:
            _, there, not_there = argument
            return _either([self.sequence(there), self.sequence(not_there or ())])
        if operation in (_code.ASSERT, _code.ASSERT_NOT):
            self.apart.append(argument[1])
            return _NOTHING
        if operation in _ATOMIC:
            return self._atomic(argument if operation is _ATOMIC[0] else argument[2])
        if operation is _code.AT:
            return _NOTHING
        return self._state(frozenset(_characters(operation, argument)))

    def _group(
        self, number: int | None, added: int, _removed: int, body: _Tree
    ) -> _Part:
        self.ignores_case = self.ignores_case or bool(added & re.IGNORECASE)
        if number is not None:
            self.groups[number] = body
        return self.sequence(body)

    def _atomic(self, body: _Tree) -> _Part:
        """Add what has one way through once it is read, as one state for all of it."""
        self.apart.append(body)
        inside = _Automaton(
            ignores_case=self.ignores_case, groups=self.groups, parts=self.parts
        )
        part = inside.sequence(body)
        state = self._state(frozenset[int]().union(*inside.takes))
        return _optional(state) if part.empty else state

    def _state(self, characters: frozenset[int]) -> _Part:
        if len(self.takes) == _MOST_STATES:
            raise _TooLargeError
        state = len(self.takes)
        if self.ignores_case:
            both = (
                (ord(chr(each).lower()), ord(chr(each).upper()[0]))
                for each in characters
            )
            characters = characters.union(*both)
        self.takes.append(characters)
        return _Part(0, Counter([state]), Counter([state]))

    def _repeat(self, least: int, most: int, body: _Tree) -> _Part:
        if least == most and len(body) == 1 and body[0][0] in _ONE_CHARACTER:
            least = most = min(most, _COPIES)
        if most >= _ENDLESS:
            part = self.sequence(body)
            if most is _code.MAXREPEAT or not part.empty:
                loop = self._loop(part)
                return loop if least else _optional(loop)
            # Nobody can tell which of the turns read nothing.
            most = min(most, _MOST_TURNS)
            least = min(least, most)
        whole = _NOTHING
        for _ in range(least):
            whole = self._after(whole, self.sequence(body))
        further = _NOTHING
        for _ in range(most - least):
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
        if len(self.ways) > _MOST_WAYS:
            raise _TooLargeError


_ONE_CHARACTER = frozenset({_code.LITERAL, _code.NOT_LITERAL, _code.ANY, _code.IN})
_ATOMIC = (_code.ATOMIC_GROUP, _code.POSSESSIVE_REPEAT)


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
    else:
        yield from _set(argument)


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


def _tries(automaton: _Automaton, parts: Iterable[_Part]) -> tuple[int, int]:
    """Return how many steps are made for texts that have many ways through parts: for a half, and the whole."""
    following: dict[int, list[tuple[int, int]]] = {}
    for (state, then), number in automaton.ways.items():
        following.setdefault(state, []).append((then, number))
    choices = _choices(automaton.takes)
    half = whole = 0
    for part in parts:
        steps = _tries_of(part, following, choices)
        half, whole = half + sum(steps[: _LENGTH // 2]), whole + sum(steps)
        if whole > _MOST_TRIES:
            break
    return half, whole


def _tries_of(
    part: _Part,
    following: dict[int, list[tuple[int, int]]],
    choices: set[tuple[int, ...]],
) -> list[int]:
    """Return how many steps are made for each character."""
    ways, steps = part.first, list[int]()
    for _ in range(_LENGTH):
        # The character is taken that can be read in most ways.
        taken = max(
            choices, key=lambda states: sum(map(ways.__getitem__, states)), default=()
        )
        ways = Counter({state: ways[state] for state in taken if state in ways})
        steps.append(ways.total())
        if not 0 < steps[-1] <= _MOST_TRIES:
            break
        ahead = Counter[int]()
        for state, number in ways.items():
            for then, more in following.get(state, ()):
                ahead[then] += number * more
        ways = ahead
    return steps


def _choices(takes: list[frozenset[int]]) -> set[tuple[int, ...]]:
    """Return the states that take a character, for each character that makes a difference."""
    by_character: dict[int, list[int]] = {}
    for state, characters in enumerate(takes):
        for character in characters:
            by_character.setdefault(character, []).append(state)
    return set(map(tuple, by_character.values()))


def _has_ambiguous_loop(automaton: _Automaton) -> bool:
    following: dict[int, set[int]] = {}
    for state, then in automaton.ways:
        following.setdefault(state, set()).add(then)
    reach = {state: _reachable([state], following) for state in following}
    # A walk that leaves the loops of a state does not come back to it.
    loops = {
        state: {then for then in thens if state in reach.get(then, ())}
        for state, thens in following.items()
    }
    if any(automaton.ways[state, then] > 1 for state in loops for then in loops[state]):
        return True
    walks = _walks(loops, automaton.takes)
    back: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for pair, later in walks.items():
        for other in later:
            back.setdefault(other, set()).add(pair)
    # Two walks that part meet again, and from there both go back to where they parted.
    meeting = _reachable([(state, state) for state in loops], back)
    return any(left != right for left, right in meeting)


def _reachable(
    starts: Iterable[_Place], following: dict[_Place, set[_Place]]
) -> set[_Place]:
    seen, waiting = set[_Place](), list(starts)
    while waiting:
        for then in following.get(waiting.pop(), ()):
            if then not in seen:
                seen.add(then)
                waiting.append(then)
    return seen


def _walks(
    loops: dict[int, set[int]], takes: list[frozenset[int]]
) -> dict[tuple[int, int], set[tuple[int, int]]]:
    """Return the pairs of states that two walks over one text can be in, each with those that follow it."""
    found: dict[tuple[int, int], set[tuple[int, int]]] = {}
    waiting, steps = [(state, state) for state in loops], 0
    while waiting:
        left, right = waiting.pop()
        if (left, right) in found:
            continue
        steps += len(loops[left]) * len(loops[right])
        if steps > _MOST_STEPS:
            raise _TooLargeError
        found[left, right] = {
            (one, other)
            for one in loops[left]
            for other in loops[right]
            if not takes[one].isdisjoint(takes[other])
        }
        waiting += found[left, right]
    return found
