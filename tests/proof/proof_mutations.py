"""Damage to documents, where it hurts: tags, entities, encodings, truncation, nesting, sizes.

Each kind of damage is a function of what is damaged and of two numbers, the place and the choice,
so that whatever looks for an example can make it smaller.
"""

from __future__ import annotations

import codecs
import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st
from lxml import etree
from proof_answers import ENVELOPES, XML, XSI, Element, tree

Numbers: TypeAlias = tuple[int, int]
_Kind = TypeVar("_Kind")

FOREIGN = "urn:foreign"

# What a member may be read as, and what only looks like it.
TEXTS = (
    *("", " ", "\t\r\n", "  x  ", "true", " 1 ", "FALSE", "0", "-0", "+7", "007", "1.50"),
    *("-.5", "5.", "1e5", "1E-400", "INF", "-INF", "+INF", "NaN", "nan", "0x10", "1_000"),
    *("2147483647", "2147483648", "-2147483648", "9223372036854775807", "٣", "1 2"),
    *("2026-02-29", "2024-02-29", "2026-01-31Z", "2026-01-31T24:00:00", "0001-01-01"),
    *("9999-12-31T24:00:00", "2026-01-31T23:59:60", "2026-01-31T12:30:15.123456789Z"),
    *("2026-01-31T12:30:15.1+14:00", "2026-01-31T12:30:15.1+14:01", "2026-01-31T00:00:00"),
    *("2026-01-31T12:30:15-00:00", "2026-1-31", "02026-01-31", "2026-01-31T12:30"),
    *("AA==", "A A\n= =", "AA=", "AAA", "====", "A===", "é", "\U0001f4f1", "\u2028", "\x85"),
    *("]]>", "&", "<", "a & b", "Paid", " Paid ", "line 7 of account A-1 is unknown"),
    *("no one is called x", "nobody is called one of x/y", "E1", "R1", "B1", "-", "+"),
)


@dataclass(frozen=True)
class Seed:
    """A document to be damaged, with what is known of its operation."""

    document: bytes
    namespaces: tuple[str, ...]
    names: tuple[str, ...]

    def namespace(self, choice: int) -> str:
        """Return a documented namespace, none, or another one."""
        return _of((*self.namespaces, "", FOREIGN, ENVELOPES[0], XSI), choice)


def _of(values: Sequence[_Kind], choice: int) -> _Kind:
    return values[choice % len(values)]


def _local(element: Element) -> str:
    return str(etree.QName(element).localname)


def _tagged(element: Element, namespace: str, name: str) -> None:
    name = name.rpartition("}")[2]
    element.tag = f"{{{namespace}}}{name}" if namespace else name


# Tags


def _renamed(seed: Seed, element: Element, choice: int) -> None:
    namespace = etree.QName(element).namespace or ""
    _tagged(element, namespace, _of((*seed.names, "Unknown", "Fault", "html"), choice))


def _moved_to_namespace(seed: Seed, element: Element, choice: int) -> None:
    inside = element.iter() if choice % 2 else [element]
    for each in inside:
        _tagged(each, seed.namespace(choice // 2), _local(each))


def _removed(_: Seed, element: Element, choice: int) -> None:
    parent = element.getparent()
    if parent is not None:
        if choice % 2:
            parent.extend(list(element))
        parent.remove(element)


def _doubled(_: Seed, element: Element, choice: int) -> None:
    parent = element.getparent()
    if parent is not None:
        for _each in range(1 + choice % 3):
            parent.insert(choice % (len(parent) + 1), copy.deepcopy(element))


def _moved(_: Seed, element: Element, choice: int) -> None:
    elements = list(element.getroottree().getroot().iter())
    target = _of(elements, choice)
    if element not in target.iterancestors() and element is not target:
        target.insert(choice % (len(target) + 1), copy.deepcopy(element))


def _reversed(_: Seed, element: Element, __: int) -> None:
    element[:] = reversed(element)


def _nil(seed: Seed, element: Element, choice: int) -> None:
    names = (
        *("nil", f"{{{XSI}}}nil", "{http://www.w3.org/1999/XMLSchema-instance}null"),
        *(f"{{{FOREIGN}}}nil", f"{{{seed.namespaces[0]}}}nil"),
    )
    element.set(_of(names, choice), _of(("true", "1", " true\n", "false", "", "TRUE"), choice // 5))
    if choice % 3:
        element.text = None
        element[:] = []


def _attributed(seed: Seed, element: Element, choice: int) -> None:
    names = (*seed.names, "Unknown", f"{{{XML}}}lang", f"{{{XSI}}}type", f"{{{FOREIGN}}}a")
    element.set(_of(names, choice), _of(TEXTS, choice // 7))


def _without_attributes(_: Seed, element: Element, __: int) -> None:
    element.attrib.clear()


def _enclosed(_: Seed, element: Element, choice: int) -> None:
    """Put an element, and all beside it, into an envelope or into other elements."""
    namespace = _of((*ENVELOPES, "urn:envelope", ""), choice)
    parent = element.getparent()
    if parent is None:
        return
    body = etree.Element(f"{{{namespace}}}Body" if namespace else "Body")
    body.extend(list(parent))
    envelope = etree.SubElement(parent, f"{{{namespace}}}Envelope" if namespace else "Envelope")
    envelope.append(body)


def _payload_as_root(_: Seed, element: Element, __: int) -> None:
    root = element.getroottree().getroot()
    if element is not root:
        inside = copy.deepcopy(element)
        root.tag = inside.tag
        root.text = inside.text
        root[:] = list(inside)


# Values, nesting and sizes


def _said(_: Seed, element: Element, choice: int) -> None:
    element.text = _of(TEXTS, choice)


def _said_around(_: Seed, element: Element, choice: int) -> None:
    element.tail = _of(TEXTS, choice)


def _interrupted(_: Seed, element: Element, choice: int) -> None:
    """Put an element into the middle of a text."""
    text = element.text or "text"
    place = choice % (len(text) + 1)
    unknown = etree.Element("Unknown")
    element.text, unknown.tail = text[:place], text[place:]
    element.insert(0, unknown)


def _emptied(_: Seed, element: Element, choice: int) -> None:
    element[:] = []
    element.text = _of((None, "", " ", "\n"), choice)


def _nested(seed: Seed, element: Element, choice: int) -> None:
    """Put something deep into an element, or an element deep into something."""
    depth = _of((1, 2, 240, 250, 251, 252, 253, 254, 255, 256, 257, 300), choice)
    name = _of((_local(element), "Unknown", *seed.names), choice // 12)
    name = name.rpartition("}")[2]
    top = inner = etree.Element(name)
    for _each in range(depth - 1):
        inner = etree.SubElement(inner, name)
    inner.text = element.text
    element.append(top)


def _grown(seed: Seed, element: Element, choice: int) -> None:
    """Make something large, but not what is large already any larger."""
    size = _of((10, 300, 5_000), choice)
    match choice // 3 % 4:
        case 0:
            element.text = (element.text or "x")[:20] * size
        case 1:
            element.set(_of(seed.names, choice), "y" * size)
        case 2:
            for number in range(size // 10):
                element.set(f"unknown{number}", "")
        case _:
            for _each in range(size // 10):
                etree.SubElement(element, element.tag).text = (element.text or "")[:20]


TREE: tuple[Callable[[Seed, Element, int], None], ...] = (
    *(_said, _said, _said, _said, _nil, _nil, _renamed, _renamed, _moved_to_namespace),
    *(_removed, _removed, _doubled, _moved, _reversed, _attributed, _without_attributes),
    *(_enclosed, _payload_as_root, _said_around, _interrupted, _interrupted, _emptied, _nested, _grown),
)


# Text

MARKUP = (
    *("&amp;", "&#13;", "&#0;", "&#x10FFFF;", "&#xD800;", "&#xFFFE;", "&nbsp;", "&", "& ", "&;"),
    *("<!---->", "<!-- & -- -->", "<!-- <a> -->", "<?pi data?>", "<?xml version='1.0'?>"),
    *("<![CDATA[", "]]>", "<![CDATA[]]>", "<![CDATA[ & < ]]>", "<a/>", "<a>", "</a>", "<", ">"),
    *('"', "'", "=", "\0", "\x01", "\ufffe", "\ufeff", "\r\n", "\r", "\x85", "\u2028", " "),
    *("<!DOCTYPE a>", '<!DOCTYPE a [<!ENTITY b "c">]>', "&b;", "<!ENTITY b 'c'>"),
    *(' xmlns=""', ' xmlns="urn:foreign"', ' xmlns:p="urn:p"', " p:a='1'", " a='1' a='2'"),
    *('<p:a xmlns:p=""/>', '<a xmlns:xml="urn:x"/>', '<x:y/>', "<a b='&lt;'/>", "<a b='<'/>"),
)

BETWEEN = ("\r", "\r\n", "\n", "\t", " ", "x", "<!---->")
_BETWEEN = re.compile(r"(?<=>)|(?=<)")


def _inserted(text: str, place: int, choice: int) -> str:
    """Put markup next to a tag, or anywhere."""
    if choice % 2:
        places = [match.start() for match in _BETWEEN.finditer(text)] or [0]
        at = _of(places, place)
    else:
        at = place % (len(text) + 1)
    return text[:at] + _of(MARKUP, choice // 2) + text[at:]


def _as_character_data(text: str, _: int, __: int) -> str:
    return re.sub(r">([^<>&]+)<", r"><![CDATA[\1]]><", text)


def _as_references(text: str, _: int, choice: int) -> str:
    form = _of(("&#{};", "&#x{:x};", "&#x{:X};"), choice)
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
    return text.replace("><", f">{_of(BETWEEN, choice)}<")


TEXT: tuple[Callable[[str, int, int], str], ...] = (
    *(_inserted, _inserted, _inserted, _as_character_data, _as_references),
    *(_cut, _without, _repeated, _line_ends),
)


# Encodings and bytes

_CODECS = (
    *("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"),
    *("iso-8859-1", "us-ascii", "windows-1252", "iso-8859-15", "shift_jis", "koi8-r", "utf-7"),
)
_LABELS = (
    *("utf-8", "UTF-8", "utf-16", "UTF-16LE", "iso-8859-1", "latin1", "us-ascii", "utf8"),
    *("windows-1252", "no-such-encoding", "rot13", "base64", "idna", "utf-7", "ebcdic-cp-us"),
)


def _encoded(text: str, place: int, choice: int) -> bytes:
    """Write a text in some encoding, declared as that, as another one, or not at all."""
    codec = _of(_CODECS, choice)
    declared = _of(("", codec.removesuffix("-sig"), _of(_LABELS, place)), choice // len(_CODECS))
    if declared:
        text = f'<?xml version="1.0" encoding="{declared}"?>{text}'
    return codecs.encode(text, codec, "xmlcharrefreplace" if "utf" not in codec else "replace")


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
        text = etree.tostring(root, encoding="unicode")
        for kind, (place, choice) in self.text:
            text = TEXT[kind](text, place, choice)
        if self.encoding is None:
            document = text.encode("utf-8", "surrogatepass")
        else:
            document = _encoded(text, *self.encoding)
        for kind, (place, choice) in self.data:
            document = BYTES[kind](document, place, choice)
        return document


_NUMBER = st.integers(0, 2**16)
_NUMBERS = st.tuples(_NUMBER, _NUMBER)


def _some(kinds: Sequence[object], most: int) -> st.SearchStrategy[tuple[tuple[int, Numbers], ...]]:
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
