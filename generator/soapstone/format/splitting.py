"""Where black breaks a statement that does not fit on a line.

The functions are named after those of black, and decide alike. A part is a run of tokens that is to
become one line, or several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from soapstone.format.tokens import (
    CLOSING,
    COMMA,
    DOT,
    OPENING,
    Tokens,
    UnsureError,
    width_of,
)


class _CannotSplitError(Exception):
    pass


@dataclass(slots=True)
class Part:
    """Tokens from one place to another, at a depth of indentation.

    Attributes:
        is_inside: Whether it is the content of brackets, or some of it.
        is_tail: Whether it starts with the bracket that closes what was before.
        is_exploded: Whether it takes a line for each item, even if it fits on one.
        comma: What is added at the end.
    """

    start: int
    end: int
    depth: int
    is_inside: bool = False
    is_tail: bool = False
    is_exploded: bool = False
    comma: str = ""


class Splitter:
    """Breaks one statement."""

    def __init__(self, tokens: Tokens, width: int) -> None:
        self._tokens = tokens
        self._texts = tokens.texts
        self._kinds = tokens.kinds
        self._partners = tokens.partners
        self._width = width
        self._optional = [
            index for index, text in enumerate(self._texts) if not text.strip()
        ]
        self._magic = [
            index
            for index, kind in enumerate(self._kinds)
            if kind in CLOSING and self._ends_in_comma(index)
        ]

    def lines(self, part: Part, *, forced: bool = False) -> list[str]:
        """Return the lines of a part."""
        text = self._text(part)
        if not part.is_exploded and self._fits(text) and not self._has_magic(part):
            return [text]
        if self._kinds[part.start] == "def":
            return self._all_lines(self._left_hand_split(part), forced=forced)
        with suppress(_CannotSplitError):
            if part.is_inside:
                return self._all_lines(self._delimiter_split(part), forced=forced)
        with suppress(_CannotSplitError):
            return self._right_hand_lines(part, forced=forced)
        return [text]

    def _all_lines(self, parts: Iterable[Part], *, forced: bool) -> list[str]:
        return [line for part in parts for line in self.lines(part, forced=forced)]

    def _right_hand_lines(self, part: Part, *, forced: bool) -> list[str]:
        """Return the lines of a part that is split at brackets, with more parentheses if that is better."""
        optional = [index for index in self._optional if part.start <= index < part.end]
        before = [self._texts[index] for index in self._optional]
        found = self._all_lines(
            self._right_hand_split_with_omits(part, forced=forced), forced=forced
        )
        after = [self._texts[index] for index in self._optional]
        if forced or not optional or self._fits(found[0]) or after != before:
            return found
        self._restore(before)
        other = self.lines(part, forced=True)
        if all(map(self._fits, other)):
            return other
        self._restore(after)
        return found

    def _restore(self, texts: list[str]) -> None:
        for index, text in zip(self._optional, texts, strict=True):
            self._texts[index] = text

    def _left_hand_split(self, part: Part) -> list[Part]:
        opening = self._kinds.index("(", part.start)
        closing = self._partners[opening]
        if closing == opening + 1 or self._kinds[part.start + 2] == "[":
            raise UnsureError
        tail = Part(closing, part.end, part.depth, is_tail=True)
        if not self._fits(self._text(tail)):
            raise UnsureError
        depth, commas, nested = 0, False, False
        for kind in self._kinds[opening + 1 : closing]:
            depth += (kind in OPENING) - (kind in CLOSING)
            commas |= kind == "," and not depth
            nested |= kind == "," and depth > 0
        if nested and not commas and "=" in self._kinds[opening + 1 : closing]:
            raise UnsureError
        body = Part(
            opening + 1,
            closing,
            part.depth + 1,
            is_inside=True,
            is_exploded=self._ends_in_comma(closing),
            comma="" if commas else ",",
        )
        if self._ends_in_comma(closing) and not commas:
            raise UnsureError
        return [Part(part.start, opening + 1, part.depth), body, tail]

    def _delimiter_split(self, part: Part) -> list[Part]:
        breaks = self._breaks_but_last(part)
        if not breaks:
            raise _CannotSplitError
        priority = max(breaks.values())
        places = [index for index, found in breaks.items() if found == priority]
        if priority == DOT and len(places) == 1:
            raise _CannotSplitError
        parts = []
        start = part.start
        for index in sorted(places):
            parts.append(Part(start, index + 1, part.depth, part.is_inside))
            start = index + 1
        comma = part.comma
        if priority == COMMA and self._kinds[part.end - 1] != ",":
            comma = ","
        if start < part.end:
            parts.append(Part(start, part.end, part.depth, part.is_inside, comma=comma))
        if self._kinds[0] == "def" and not all(map(self._fits, map(self._text, parts))):
            raise UnsureError
        return parts

    def _breaks_but_last(self, part: Part) -> dict[int, int]:
        breaks = self._tokens.breaks(part.start, part.end)
        if not part.comma:
            breaks.pop(part.end - 1, None)
        return breaks

    def _right_hand_split_with_omits(self, part: Part, *, forced: bool) -> list[Part]:
        if self._kinds[part.start] == "def" or self._kinds[0] == "def":
            raise UnsureError
        first: list[Part] | None = None
        for omit in self._trailers_to_omit(part):
            if omit and self._is_hopeless(part, omit):
                continue
            parts = self._right_hand_split(part, omit, forced=forced)
            if not omit:
                first = parts
            if self._fits(self._text(parts[0])):
                return parts
            if (
                self._tokens.is_visible(parts[0].end - 1)
                and parts[0].end - 1 in self._optional
            ):
                raise UnsureError
        return first or self._right_hand_split(part, frozenset(), forced=forced)

    def _is_hopeless(self, part: Part, omit: frozenset[int]) -> bool:
        for index in range(part.end - 1, part.start - 1, -1):
            if self._kinds[index] in CLOSING and index not in omit:
                opening = self._partners[index]
                return (
                    opening >= part.start
                    and self._tokens.is_visible(opening)
                    and self._length(part.start, opening, part.depth) > self._width
                )
        return False

    def _right_hand_split(
        self, part: Part, omit: frozenset[int], *, forced: bool
    ) -> list[Part]:
        opening, closing = self._last_pair(part, omit)
        is_optional = not self._tokens.is_visible(opening)
        if is_optional and not forced and self._kinds[part.start] != "from":
            found = self._without_parentheses(part, opening, closing, omit)
            if found:
                return found
        if is_optional:
            self._tokens.show(opening)
            self._tokens.show(closing)
        return [
            self._head(part, opening),
            self._body(part, opening, closing),
            self._tail(part, closing),
        ]

    def _without_parentheses(self, part, opening, closing, omit) -> list[Part]:
        """Return a split that omits optional parentheses, or nothing where they are better."""
        body = self._body(part, opening, closing)
        if not self._can_omit_invisible_parens(body):
            return []
        omit = frozenset((closing, *omit))
        try:
            other_opening, other_closing = self._last_pair(part, omit)
            if self._prefers_omitting(part, opening, other_opening):
                return self._right_hand_split(part, omit, forced=False)
        except _CannotSplitError:
            if not self._can_be_split(body) and not self._fits(self._text(body)):
                raise
        return []

    def _prefers_omitting(self, part: Part, opening: int, other: int) -> bool:
        kinds = self._kinds
        if opening - part.start < 1 or kinds[opening - 1] != "=":
            return True
        head = range(part.start, opening)
        if not any(
            kinds[index] in OPENING or kinds[index] in CLOSING for index in head
        ):
            return True
        if self._length(part.start, opening + 1, part.depth) > self._width - 1:
            return True
        if self._has_magic(self._head(part, opening)):
            return True
        for index in range(other, part.start - 1, -1):
            if kinds[index] == "=":
                break
            if kinds[index] in CLOSING:
                return True
        is_after = "=" in kinds[part.start : other + 1]
        return is_after and self._fits(self._text(self._head(part, other)))

    def _can_be_split(self, part: Part) -> bool:
        kinds = self._kinds[part.start : part.end]
        if len(kinds) == 1:
            return (
                "." in kinds[0][1:]
                and kinds[0][0].isidentifier()
                and kinds[0][-1] not in "\"'"
            )
        if kinds[0][-1] in "\"'" and kinds[1][0] == ".":
            raise UnsureError
        return True

    def _can_omit_invisible_parens(self, body: Part) -> bool:
        breaks = self._tokens.breaks(body.start, body.end)
        if not breaks:
            return True
        priority = max(breaks.values())
        if list(breaks.values()).count(priority) > 1:
            return False
        if priority == DOT:
            return True
        kinds = self._kinds
        if kinds[body.start] in OPENING and kinds[body.start + 1] not in CLOSING:
            if self._can_omit_opening_paren(body):
                return True
        last = body.end - 1
        opening = self._partners[last]
        if kinds[last] in {")", "}"} or (
            kinds[last] == "]" and not self._tokens.is_call(opening)
        ):
            if kinds[last - 1] in OPENING:
                return False
            return self._can_omit_closing_paren(body)
        return False

    def _can_omit_opening_paren(self, body: Part) -> bool:
        is_rest = False
        length = 4 * body.depth
        for index in range(body.start, body.end):
            if self._partners[index] == body.start:
                is_rest = True
            if is_rest:
                length += self._len(index)
                if length > self._width:
                    return False
                if self._kinds[index] in OPENING:
                    is_rest = False
        return True

    def _can_omit_closing_paren(self, body: Part) -> bool:
        length = 4 * body.depth
        seen = False
        opening = self._partners[body.end - 1]
        for index in range(body.start, body.end):
            length += self._len(index)
            if index == opening:
                return seen or length <= self._width
            if self._kinds[index] in OPENING:
                seen = True
        return False

    def _trailers_to_omit(self, part: Part) -> Iterator[frozenset[int]]:
        """Yield sets of closing brackets that are not to be split at, each with more than the last."""
        omit: set[int] = set()
        if not self._has_magic(part):
            yield frozenset()
        length = 4 * part.depth + len(part.comma)
        opening = closing = -1
        inner: set[int] = set()
        for index in range(part.end - 1, part.start - 1, -1):
            length += (
                self._len(index)
                if index > part.start
                else len(self._texts[index].lstrip())
            )
            if length > self._width:
                break
            kind = self._kinds[index]
            if opening >= 0:
                if index == opening:
                    opening = -1
                elif kind in CLOSING:
                    if self._ends_in_comma(index):
                        break
                    inner.add(index)
            elif kind in CLOSING:
                if index > part.start and self._kinds[index - 1] in OPENING:
                    inner.add(index)
                    continue
                if closing >= 0:
                    omit |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omit)
                if self._ends_in_comma(index):
                    break
                if self._tokens.is_visible(index):
                    opening, closing = self._partners[index], index

    def _last_pair(self, part: Part, omit: frozenset[int]) -> tuple[int, int]:
        """Return the last brackets that hold something."""
        index = part.end - 1
        while index >= part.start:
            if self._kinds[index] in CLOSING and index not in omit:
                opening = self._partners[index]
                if opening < part.start:
                    raise _CannotSplitError
                if opening < index - 1:
                    return opening, index
                index = opening
            index -= 1
        raise _CannotSplitError

    def _head(self, part: Part, opening: int) -> Part:
        return Part(part.start, opening + 1, part.depth)

    def _tail(self, part: Part, closing: int) -> Part:
        return Part(closing, part.end, part.depth, is_tail=True, comma=part.comma)

    def _body(self, part: Part, opening: int, closing: int) -> Part:
        is_import = self._kinds[part.start] in {"from", "import"}
        comma = "," if is_import and not self._ends_in_comma(closing) else ""
        body = Part(opening + 1, closing, part.depth + 1, is_inside=True, comma=comma)
        breaks = self._breaks_but_last(body)
        ends_in_comma = self._kinds[closing - 1] == "," or comma
        if (
            breaks
            and max(breaks.values()) == COMMA
            and (ends_in_comma or not self._tokens.is_call(opening))
        ):
            return Part(opening + 1, closing, part.depth + 1, True, False, True, comma)
        return body

    def _ends_in_comma(self, closing: int) -> bool:
        """Whether a comma before a bracket is there by choice, and not for a tuple of one."""
        if self._kinds[closing - 1] != ",":
            return False
        opening = self._partners[closing]
        if self._kinds[closing] == ")" and self._tokens.is_call(opening):
            return True
        if self._kinds[closing] == "}" or (
            self._kinds[closing] == "]" and not self._tokens.is_call(opening)
        ):
            return True
        breaks = self._tokens.breaks(opening + 1, closing)
        return list(breaks.values()).count(COMMA) > 1

    def _has_magic(self, part: Part) -> bool:
        if part.is_tail:
            return False
        return any(
            part.start < closing < part.end and self._partners[closing] >= part.start
            for closing in self._magic
        )

    def _text(self, part: Part) -> str:
        text = "".join(self._texts[part.start : part.end]).strip()
        return f"{' ' * 4 * part.depth}{text}{part.comma}"

    def _fits(self, text: str) -> bool:
        return len(text) <= self._width and (
            text.isascii() or width_of(text) <= self._width
        )

    def _len(self, index: int) -> int:
        return len(self._texts[index])

    def _length(self, start: int, end: int, depth: int) -> int:
        return 4 * depth + len("".join(self._texts[start:end]).lstrip())
