"""Texts that would rather be code, and for each a harmless one of the same words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from leaves import Leaf

# Where a mark goes that tells the texts of several leaves apart.
MARK = "\ue000"

# Each holds everything that may stand in one place together: what is refused for one
# character does not show how another one would have been written.
WORST = {
    "everything": f'{MARK} it\'s "quoted" """three""" \'\'\'three\'\'\' \\"""\\\\""" \\N{{DIGIT ONE}} '
    "\\x41\\u0041 {{ 7 * 7 }} {% for x in y %} {# z #} ${x} %(x)s {x!r} <![CDATA[&lt;]]>--> #\\",
    "lines": f'"""{MARK}\nimport os\nos.abort()\n\n\tx = {{"a": 1}} # type: ignore\n"""\\\n',
    "controls": f"{MARK}\x00\x07\x1b[31m\x1b]0;title\x07\r\x0b\x0c\x7f\x85\x9b31m\ufffe",
    "invisible": f"{MARK}\u202e\u2066\u200b\u200d\u2028\u2029\ufeff\u00ad\U000e0041",
    "surrogate": f'{MARK}\ud800"""\udfff',
    "path": f"../../../../{MARK}/../../x",
    "call": f'{MARK}(x=__import__("os").system("x"))',
    "letters": f"{MARK}\uff45\uff56\uff41\uff4c\u212a\u0131",
}

# The same, one at a time, and what is a word of its own.
SINGLE = {
    "quote": f'{MARK}"',
    "apostrophe": f"{MARK}'",
    "quotes": f'{MARK}"""',
    "opening": f'"""{MARK}',
    "apostrophes": f"'''{MARK}'''",
    "backslash": f"{MARK}\\",
    "backslashes": f'\\"""{MARK}\\\\"""',
    "escapes": f"\\N{{DIGIT ONE}}\\x41\\u0041\\1{MARK}",
    "expression": f"{{{{ {MARK} * 7 }}}}",
    "statement": f"{{% set {MARK} = 1 %}}{{# x #}}",
    "format": f"%s %(x)s {{0}} {{x!r}} ${{{MARK}}}",
    "line": f"{MARK}\nimport os",
    "return": f"{MARK}\rimport os",
    "next": f"{MARK}\x85import os",
    "feed": f"{MARK}\x0cimport os",
    "nul": f"{MARK}\x00",
    "escape": f"{MARK}\x1b[2J",
    "right": f"{MARK}\u202e",
    "isolate": f"{MARK}\u2066",
    "zero": f"{MARK}\u200b",
    "joiner": f"{MARK}\u200dx",
    "separator": f"{MARK}\u2028",
    "surrogate": f"{MARK}\ud800",
    "wide": f"\uff45\uff56\uff41\uff4c{MARK}",
    "above": f"../{MARK}",
    "root": f"/etc/{MARK}",
    "drive": f"C:\\{MARK}",
    "share": f"\\\\host\\{MARK}",
    "markup": f"]]><!--&lt;</{MARK}>&",
    "comment": f"# type: {MARK}",
    "command": f"::error::{MARK}%0A::stop-commands::x",
    "attribute": f"{MARK}.__class__",
    "keywords": f"class def {MARK}",
    "long": MARK + "\"\"\"'''\\\n{{ x }}" * 6700,
}

_PLAIN = re.compile(r"[A-Za-z0-9]")
_LETTER = "\u0436"


@dataclass(frozen=True)
class Hostile:
    """A text for a leaf.

    Attributes:
        is_expression: Whether the leaf holds a regular expression, which is written for exactly this text.
    """

    words: str
    is_expression: bool = False

    @property
    def text(self) -> str:
        """What is written."""
        return re.escape(self.words) if self.is_expression else self.words

    @property
    def harmless(self) -> Iterator[str]:
        """Texts of the same words, one of which should be taken wherever this one is."""
        for text in _harmless(self.words):
            yield re.escape(text) if self.is_expression else text


def hostile(pattern: str, leaf: Leaf, number: int) -> Hostile:
    """Return a text for a leaf with a mark of its own."""
    text = pattern.replace(MARK, f"q{_letters(number)}")
    if leaf.path[-1] in {"pattern", "regex", "unlike"}:
        # How its last character differs from others is no matter of what stands before.
        return Hostile(f"{text}z", is_expression=True)
    return Hostile(text)


def _harmless(text: str) -> Iterator[str]:
    # A text that XML cannot carry is compared with one that it cannot carry either.
    for other in (" ", "_", "-", "", _LETTER, "\x01"):
        yield "".join(_harmless_character(each, other) for each in text)
    yield " ".join("".join(_harmless_character(each, " ") for each in text).split())


def _harmless_character(character: str, other: str) -> str:
    bare = unicodedata.normalize("NFD", character)[0]
    if _PLAIN.match(bare):
        return bare
    return _LETTER if character.isalpha() else other


def _letters(number: int) -> str:
    """Return a number in letters."""
    head, tail = divmod(number, 26)
    return (_letters(head - 1) if head else "") + chr(ord("a") + tail)
