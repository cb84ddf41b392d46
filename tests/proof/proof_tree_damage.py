"""Damage to the tree of a document: its tags, values, nesting and sizes.

Each kind of damage is a function of an element and of a number, the choice, so that whatever looks
for an example can make it smaller.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from lxml import etree
from proof_answers import ENVELOPES, XML, XSI, Element

_Kind = TypeVar("_Kind")

FOREIGN = "urn:foreign"

# What a member may be read as, and what only looks like it.
TEXTS = (
    *(
        "",
        " ",
        "\t\r\n",
        "  x  ",
        "true",
        " 1 ",
        "FALSE",
        "0",
        "-0",
        "+7",
        "007",
        "1.50",
    ),
    *(
        "-.5",
        "5.",
        "1e5",
        "1E-400",
        "INF",
        "-INF",
        "+INF",
        "NaN",
        "nan",
        "0x10",
        "1_000",
    ),
    *("2147483647", "2147483648", "-2147483648", "9223372036854775807", "٣", "1 2"),
    *("2026-02-29", "2024-02-29", "2026-01-31Z", "2026-01-31T24:00:00", "0001-01-01"),
    *("9999-12-31T24:00:00", "2026-01-31T23:59:60", "2026-01-31T12:30:15.123456789Z"),
    *(
        "2026-01-31T12:30:15.1+14:00",
        "2026-01-31T12:30:15.1+14:01",
        "2026-01-31T00:00:00",
    ),
    *("2026-01-31T12:30:15-00:00", "2026-1-31", "02026-01-31", "2026-01-31T12:30"),
    *(
        "AA==",
        "A A\n= =",
        "AA=",
        "AAA",
        "====",
        "A===",
        "é",
        "\U0001f4f1",
        "\u2028",
        "\x85",
    ),
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
        return of((*self.namespaces, "", FOREIGN, ENVELOPES[0], XSI), choice)


def of(values: Sequence[_Kind], choice: int) -> _Kind:
    return values[choice % len(values)]


def _local(element: Element) -> str:
    return str(etree.QName(element).localname)


def _tagged(element: Element, namespace: str, name: str) -> None:
    name = name.rpartition("}")[2]
    element.tag = f"{{{namespace}}}{name}" if namespace else name


# Tags


def _renamed(seed: Seed, element: Element, choice: int) -> None:
    namespace = etree.QName(element).namespace or ""
    _tagged(element, namespace, of((*seed.names, "Unknown", "Fault", "html"), choice))


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
    target = of(elements, choice)
    if element not in target.iterancestors() and element is not target:
        target.insert(choice % (len(target) + 1), copy.deepcopy(element))


def _reversed(_: Seed, element: Element, __: int) -> None:
    element[:] = reversed(element)


def _nil(seed: Seed, element: Element, choice: int) -> None:
    names = (
        *("nil", f"{{{XSI}}}nil", "{http://www.w3.org/1999/XMLSchema-instance}null"),
        *(f"{{{FOREIGN}}}nil", f"{{{seed.namespaces[0]}}}nil"),
    )
    element.set(
        of(names, choice),
        of(("true", "1", " true\n", "false", "", "TRUE"), choice // 5),
    )
    if choice % 3:
        element.text = None
        element[:] = []


def _attributed(seed: Seed, element: Element, choice: int) -> None:
    names = (
        *seed.names,
        "Unknown",
        f"{{{XML}}}lang",
        f"{{{XSI}}}type",
        f"{{{FOREIGN}}}a",
    )
    element.set(of(names, choice), of(TEXTS, choice // 7))


def _without_attributes(_: Seed, element: Element, __: int) -> None:
    element.attrib.clear()


def _enclosed(_: Seed, element: Element, choice: int) -> None:
    """Put an element, and all beside it, into an envelope or into other elements."""
    namespace = of((*ENVELOPES, "urn:envelope", ""), choice)
    parent = element.getparent()
    if parent is None:
        return
    body = etree.Element(f"{{{namespace}}}Body" if namespace else "Body")
    body.extend(list(parent))
    envelope = etree.SubElement(
        parent, f"{{{namespace}}}Envelope" if namespace else "Envelope"
    )
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
    element.text = of(TEXTS, choice)


def _said_around(_: Seed, element: Element, choice: int) -> None:
    element.tail = of(TEXTS, choice)


def _interrupted(_: Seed, element: Element, choice: int) -> None:
    """Put an element into the middle of a text."""
    text = element.text or "text"
    place = choice % (len(text) + 1)
    unknown = etree.Element("Unknown")
    element.text, unknown.tail = text[:place], text[place:]
    element.insert(0, unknown)


def _emptied(_: Seed, element: Element, choice: int) -> None:
    element[:] = []
    element.text = of((None, "", " ", "\n"), choice)


def _nested(seed: Seed, element: Element, choice: int) -> None:
    """Put something deep into an element, or an element deep into something."""
    depth = of((1, 2, 240, 250, 251, 252, 253, 254, 255, 256, 257, 300), choice)
    name = of((_local(element), "Unknown", *seed.names), choice // 12)
    name = name.rpartition("}")[2]
    top = inner = etree.Element(name)
    for _each in range(depth - 1):
        inner = etree.SubElement(inner, name)
    inner.text = element.text
    element.append(top)


def _grown(seed: Seed, element: Element, choice: int) -> None:
    """Make something large, but not what is large already any larger."""
    size = of((10, 300, 5_000), choice)
    match choice // 3 % 4:
        case 0:
            element.text = (element.text or "x")[:20] * size
        case 1:
            element.set(of(seed.names, choice), "y" * size)
        case 2:
            for number in range(size // 10):
                element.set(f"unknown{number}", "")
        case _:
            for _each in range(size // 10):
                etree.SubElement(element, element.tag).text = (element.text or "")[:20]


TREE: tuple[Callable[[Seed, Element, int], None], ...] = (
    *(_said, _said, _said, _said, _nil, _nil, _renamed, _renamed, _moved_to_namespace),
    *(
        _removed,
        _removed,
        _doubled,
        _moved,
        _reversed,
        _attributed,
        _without_attributes,
    ),
    *(
        _enclosed,
        _payload_as_root,
        _said_around,
        _interrupted,
        _interrupted,
        _emptied,
        _nested,
        _grown,
    ),
)
