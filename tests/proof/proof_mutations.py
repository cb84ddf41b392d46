"""Damage to documents, where it hurts: tags, entities, encodings, truncation, nesting, sizes.

Each kind of damage is a function of what is damaged and of two numbers, the place and the choice,
so that whatever looks for an example can make it smaller. That to a tree stands in `proof_tree_damage`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import strategies as st
from lxml import etree
from proof_answers import tree
from proof_tree_damage import TREE, Seed, of

Numbers: TypeAlias = tuple[int, int]

# Text

MARKUP = (
    *(
        "&amp;",
        "&#13;",
        "&#0;",
        "&#x10FFFF;",
        "&#xD800;",
        "&#xFFFE;",
        "&nbsp;",
        "&",
        "& ",
        "&;",
    ),
    *(
        "<!---->",
        "<!-- & -- -->",
        "<!-- <a> -->",
        "<?pi data?>",
        "<?xml version='1.0'?>",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "<![CDATA[]]>",
        "<![CDATA[ & < ]]>",
        "<a/>",
        "<a>",
        "</a>",
        "<",
        ">",
    ),
    *(
        '"',
        "'",
        "=",
        "\0",
        "\x01",
        "\ufffe",
        "\ufeff",
        "\r\n",
        "\r",
        "\x85",
        "\u2028",
        " ",
    ),
    *("<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', "&b;", "<!ENTITY b 'c'>"),
    *(
        ' xmlns=""',
        ' xmlns="urn:foreign"',
        ' xmlns:p="urn:p"',
        " p:a='1'",
        " a='1' a='2'",
    ),
    *(
        '<p:a xmlns:p=""/>',
        '<a xmlns:xml="urn:x"/>',
        "<x:y/>",
        "<a b='&lt;'/>",
        "<a b='<'/>",
    ),
)

BETWEEN = ("\r", "\r\n", "\n", "\t", " ", "x", "<!---->")
_BETWEEN = re.compile(r"(?<=>)|(?=<)")


def _inserted(text: str, place: int, choice: int) -> str:
    """Put markup next to a tag, or anywhere."""
    if choice % 2:
        places = [match.start() for match in _BETWEEN.finditer(text)] or [0]
        at = of(places, place)
    else:
        at = place % (len(text) + 1)
    return text[:at] + of(MARKUP, choice // 2) + text[at:]


def _as_character_data(text: str, _: int, __: int) -> str:
    return re.sub(r">([^<>&]+)<", r"><![CDATA[\1]]><", text)


def _as_references(text: str, _: int, choice: int) -> str:
    form = of(("&#{};", "&#x{:x};", "&#x{:X};"), choice)
    return re.sub(
        r">([^<>&]+)<",
        lambda match: f">{''.join(form.format(ord(each)) for each in match[1])}<",
        text,
    )


def _cut(text: str, place: int, choice: int) -> str:
    end = place % (len(text) + 1)
    return text[:end] if choice % 3 else text[end:]


def _without(text: str, place: int, choice: int) -> str:
    start = place % (len(text) + 1)
    return text[:start] + text[start + 1 + choice % 30 :]


def _repeated(text: str, place: int, choice: int) -> str:
    start = place % (len(text) + 1)
    return text[:start] + text[start : start + 1 + choice % 60] + text[start:]


def _line_ends(text: str, _: int, choice: int) -> str:
    return text.replace("><", f">{of(BETWEEN, choice)}<")


TEXT: tuple[Callable[[str, int, int], str], ...] = (
    *(_inserted, _inserted, _inserted, _as_character_data, _as_references),
    *(_cut, _without, _repeated, _line_ends),
)


# Encodings and bytes

_CODECS = (
    *(
        "utf-8",
        "utf-8",
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
    ),
    *(
        "iso-8859-1",
        "us-ascii",
        "windows-1252",
        "iso-8859-15",
        "shift_jis",
        "koi8-r",
        "utf-7",
    ),
)
_LABELS = (
    *(
        "utf-8",
        "UTF-8",
        "utf-16",
        "UTF-16LE",
        "iso-8859-1",
        "latin1",
        "us-ascii",
        "utf8",
    ),
    *(
        "windows-1252",
        "no-such-encoding",
        "rot13",
        "base64",
        "idna",
        "utf-7",
        "ebcdic-cp-us",
    ),
)


def _encoded(text: str, place: int, choice: int) -> bytes:
    """Write a text in some encoding, declared as that, as another one, or not at all."""
    codec = of(_CODECS, choice)
    declared = of(
        ("", codec.removesuffix("-sig"), of(_LABELS, place)), choice // len(_CODECS)
    )
    if declared:
        text = f'<?xml version="1.0" encoding="{declared}"?>{text}'
    return codecs.encode(
        text, codec, "xmlcharrefreplace" if "utf" not in codec else "replace"
    )


def _changed(document: bytes, place: int, choice: int) -> bytes:
    """Change, remove or add one byte."""
    at = place % (len(document) + 1)
    byte = bytes([choice % 256])
    match choice // 256 % 3:
        case 0:
            return document[:at] + byte + document[at + 1 :]
        case 1:
            return document[:at] + document[at + 1 :]
        case _:
            return document[:at] + byte + document[at:]


def _cut_bytes(document: bytes, place: int, _: int) -> bytes:
    return document[: place % (len(document) + 1)]


BYTES: tuple[Callable[[bytes, int, int], bytes], ...] = (_changed, _cut_bytes)


# All together


@dataclass(frozen=True)
class Damage:
    """What is done to a document, in this order.

    Attributes:
        encoding: Numbers that choose an encoding; None for UTF-8.
    """

    tree: tuple[tuple[int, Numbers], ...]
    text: tuple[tuple[int, Numbers], ...]
    encoding: Numbers | None
    data: tuple[tuple[int, Numbers], ...]

    def done(self, seed: Seed) -> bytes:
        """Return the damaged document."""
        root = tree(seed.document)
        for kind, (place, choice) in self.tree:
            found = list(root.iter())
            # Most members stand at the end.
            TREE[kind](seed, found[-1 - place % len(found)], choice)
        text: str = etree.tostring(root, encoding="unicode")
        for kind, (place, choice) in self.text:
            text = TEXT[kind](text, place, choice)
        if self.encoding is None:
            document = bytes(text, "utf-8", "surrogatepass")
        else:
            document = _encoded(text, *self.encoding)
        for kind, (place, choice) in self.data:
            document = BYTES[kind](document, place, choice)
        return document


_NUMBER = st.integers(0, 2**16)
_NUMBERS = st.tuples(_NUMBER, _NUMBER)


def _some(
    kinds: Sequence[object], most: int
) -> st.SearchStrategy[tuple[tuple[int, Numbers], ...]]:
    one = st.tuples(st.integers(0, len(kinds) - 1), _NUMBERS)
    return st.lists(one, max_size=most).map(tuple)


def damages() -> st.SearchStrategy[Damage]:
    """Return every damage: mostly to the tree, which stays well-formed then."""
    return st.builds(
        Damage,
        tree=_some(TREE, 4),
        text=st.one_of(st.just(()), st.just(()), _some(TEXT, 2)),
        encoding=st.one_of(st.none(), _NUMBERS),
        data=st.one_of(st.just(()), st.just(()), st.just(()), _some(BYTES, 1)),
    )
