"""Where black breaks a statement that does not fit on a line.

The functions are named after those of black, and decide alike. A part is a run of tokens that is to
become one line, or several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise

from soapstone.format.tokens import (
    CLOSING,
    COMMA,
    DOT,
    OPENING,
    QUOTES,
    Tokens,
    UnsureError,
    fits,
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
        self._optional = {
            index for index, text in enumerate(self._texts) if not text.strip()
        }
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
        before = self._shown()
        parts = self._right_hand_split_with_omits(part, forced=forced)
        found = self._all_lines(parts, forced=forced)
        after = self._shown()
        has_optional = any(part.start <= index < part.end for index in before)
        if forced or not has_optional or self._fits(found[0]) or after != before:
            return found
        other = self.lines(part, forced=True)
        if all(map(self._fits, other)):
            return other
        for index, text in after.items():
            self._texts[index] = text
        return found

    def _shown(self) -> dict[int, str]:
        return {index: self._texts[index] for index in self._optional}

    def _left_hand_split(self, part: Part) -> list[Part]:
        """Split a definition at its parameters."""
        opening = self._kinds.index("(", part.start)
        closing = self._partners[opening]
        head = Part(part.start, opening + 1, part.depth)
        tail = Part(closing, part.end, part.depth, is_tail=True)
        if closing == opening + 1 or not all(
            self._fits(self._text(each)) for each in (head, tail)
        ):
            raise UnsureError
        parameters = self._kinds[opening + 1 : closing]
        has_several = COMMA in self._tokens.breaks(opening + 1, closing).values()
        if not has_several and "," in parameters and "=" in parameters:
            # A comma in a value is one for black, a comma in an annotation is none.
            raise UnsureError
        body = Part(
            opening + 1,
            closing,
            part.depth + 1,
            is_inside=True,
            is_exploded=self._ends_in_comma(closing),
            comma="" if has_several else ",",
        )
        return [head, body, tail]

    def _delimiter_split(self, part: Part) -> list[Part]:
        """Split the content of brackets at whatever binds least."""
        breaks = self._breaks_but_last(part)
        priority = max(breaks.values(), default=0)
        places = [index for index, found in breaks.items() if found == priority]
        if not places or (priority == DOT and len(places) == 1):
            raise _CannotSplitError
        starts = [part.start, *(index + 1 for index in sorted(places))]
        adds_comma = priority == COMMA and self._kinds[part.end - 1] != ","
        parts = [
            Part(start, end, part.depth, is_inside=part.is_inside)
            for start, end in pairwise([*starts, part.end])
        ]
        parts[-1].comma = "," if adds_comma else part.comma
        return parts

    def _breaks_but_last(self, part: Part) -> dict[int, int]:
        breaks = self._tokens.breaks(part.start, part.end)
        if not part.comma:
            breaks.pop(part.end - 1, None)
        return breaks

    def _right_hand_split_with_omits(self, part: Part, *, forced: bool) -> list[Part]:
        """Split at the last brackets that leave a first line that fits."""
        first: list[Part] = []
        for omit in self._trailers_to_omit(part):
            parts = self._right_hand_split(part, omit, forced=forced)
            if self._fits(self._text(parts[0])):
                return parts
            if part.is_tail or parts[0].end - 1 in self._optional:
                # Black leaves such a one, or a parenthesis that shows now, as it is.
                raise UnsureError
            first = first or parts
        return first or self._right_hand_split(part, frozenset(), forced=forced)

    def _right_hand_split(
        self, part: Part, omit: frozenset[int], *, forced: bool
    ) -> list[Part]:
        pair = self._last_pair(part, omit)
        opening, closing = pair
        if not self._tokens.is_visible(opening):
            if not forced and self._kinds[part.start] != "from":
                found = self._without_parentheses(part, pair, omit)
                if found:
                    return found
            self._tokens.show(opening)
            self._tokens.show(closing)
        return [
            self._head(part, opening),
            self._body(part, pair),
            Part(closing, part.end, part.depth, is_tail=True, comma=part.comma),
        ]

    def _without_parentheses(
        self, part: Part, pair: tuple[int, int], omit: frozenset[int]
    ) -> list[Part]:
        """Return a split that omits optional parentheses, or nothing where they are better."""
        opening, closing = pair
        body = self._body(part, pair)
        if not self._can_omit_invisible_parens(body):
            return []
        omit |= {closing}
        try:
            other, _ = self._last_pair(part, omit)
            if self._prefers_omitting(part, opening, other):
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
            # Names with dots are one token here, and several there.
            return (
                kinds[0][0].isidentifier() and "." in kinds[0] and '"' not in kinds[0]
            )
        if kinds[0].endswith(QUOTES) and kinds[1].startswith("."):
            raise UnsureError
        return True

    def _can_omit_invisible_parens(self, body: Part) -> bool:
        breaks = list(self._tokens.breaks(body.start, body.end).values())
        priority = max(breaks, default=0)
        if breaks.count(priority) > 1:
            return False
        if priority in {0, DOT}:
            return True
        return self._can_omit_opening_paren(body) or self._can_omit_closing_paren(body)

    def _can_omit_opening_paren(self, body: Part) -> bool:
        """Whether what follows the brackets at the start fits, up to the next ones."""
        closing = self._partners[body.start]
        if self._kinds[body.start] not in OPENING or closing == body.start + 1:
            return False
        length = 4 * body.depth
        for index in range(closing, body.end):
            length += len(self._texts[index])
            if length > self._width:
                return False
            if self._kinds[index] in OPENING:
                # From its end on, black looks again, and finds nothing more to add.
                return True
        return True

    def _can_omit_closing_paren(self, body: Part) -> bool:
        """Whether what comes before the brackets at the end fits, or can be split itself."""
        last = body.end - 1
        opening = self._partners[last]
        is_subscript = self._kinds[last] == "]" and self._tokens.is_call(opening)
        if self._kinds[last] not in CLOSING or is_subscript or opening == last - 1:
            return False
        before = range(body.start, opening)
        length = sum(len(self._texts[index]) for index in (*before, opening))
        return 4 * body.depth + length <= self._width or any(
            self._kinds[index] in OPENING for index in before
        )

    def _trailers_to_omit(self, part: Part) -> Iterator[frozenset[int]]:
        """Yield sets of closing brackets that are not to be split at, each with more than the last."""
        if not self._has_magic(part):
            yield frozenset()
        omit: set[int] = set()
        inner: set[int] = set()
        opening = closing = part.end
        for index in self._closing_in_reach(part):
            if index > opening:
                if self._ends_in_comma(index):
                    return
                inner.add(index)
            elif self._kinds[index - 1] in OPENING:
                inner.add(index)
            else:
                if closing < part.end:
                    omit |= {closing, *inner}
                    inner.clear()
                    yield frozenset(omit)
                if self._ends_in_comma(index):
                    return
                if self._tokens.is_visible(index):
                    opening, closing = self._partners[index], index

    def _closing_in_reach(self, part: Part) -> Iterator[int]:
        """Yield the closing brackets of a part, the last one first, as long as a line has room."""
        room = self._width - 4 * part.depth - len(part.comma)
        for index in range(part.end - 1, part.start, -1):
            room -= len(self._texts[index])
            if room < 0:
                return
            if self._kinds[index] in CLOSING:
                yield index

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

    def _body(self, part: Part, pair: tuple[int, int]) -> Part:
        opening, closing = pair
        is_import = self._kinds[part.start] == "from"
        has_comma = self._kinds[closing - 1] == ","
        comma = "," if is_import and not has_comma else ""
        body = Part(opening + 1, closing, part.depth + 1, is_inside=True, comma=comma)
        is_listed = COMMA in self._breaks_but_last(body).values()
        body.is_exploded = is_listed and (
            has_comma or is_import or not self._tokens.is_call(opening)
        )
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
        return fits(text, self._width)

    def _length(self, start: int, end: int, depth: int) -> int:
        return 4 * depth + len("".join(self._texts[start:end]).lstrip())
