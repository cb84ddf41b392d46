"""Ampersands of a sample that start no reference, as documentation pages show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

MAXIMUM_ELEMENTS: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BareAmpersand:
    """An ampersand that starts no reference, and the name of the element in whose text it is."""

    element: str
    offset: int


def bare_ampersands(text: str) -> tuple[BareAmpersand, ...]:
    """Find the bare ampersands that directly follow start tags, up to the next markup."""
    if not _BARE.search(text):
        return ()
    # Where there are more, the document is not well-formed, as others are.
    bare = (
        BareAmpersand(element=tag["name"].rpartition(":")[2], offset=found.start())
        for tag in _MARKUP.finditer(text)
        if tag["name"] and not tag["rest"].endswith("/")
        for found in _BARE.finditer(text, tag.end(), _next_markup(text, tag.end()))
    )
    return tuple(islice(bare, MAXIMUM_ELEMENTS))


def mend(text: str, offsets: Sequence[int]) -> str:
    """Escape the ampersands at these offsets."""
    pieces: list[str] = []
    start = 0
    for offset in offsets:
        pieces += [text[start:offset], _ESCAPED]
        start = offset + 1
    return "".join([*pieces, text[start:]])


_ESCAPED = "&amp;"
SHIFT = len(_ESCAPED) - 1

# What is never closed reaches to the end of the text, so that the search stays linear.
_MARKUP = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
  | <!\[CDATA\[.*?(?:\]\]>|\Z)
  | <\?.*?(?:\?>|\Z)
  | <(?P<name>[^\s<>/!?"'=]+)(?P<rest>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>
    """,
    re.DOTALL | re.VERBOSE,
)
_BARE = re.compile(r"&(?!#[0-9]+;|#x[0-9A-Fa-f]+;|[^\W\d][\w.\-:]*;)")


def _next_markup(text: str, offset: int) -> int:
    found = text.find("<", offset)
    return len(text) if found < 0 else found
