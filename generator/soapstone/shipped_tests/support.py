"""What all tests share: documents that came with them, and values that are changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree

T = TypeVar("T")

DATA = Path(__file__).with_name("data")

_ENVELOPES = {
    "http://schemas.xmlsoap.org/soap/envelope/": "soap11",
    "http://www.w3.org/2003/05/soap-envelope": "soap12",
}
_STEP = re.compile(r"(\w+)|\[(\d+)\]")


def read(name: str) -> bytes:
    """Return a document that came with the tests."""
    return (DATA / name).read_bytes()


def canonical(document: bytes) -> str:
    """Return a document in its canonical form, without the blanks between elements."""
    root = ElementTree.fromstring(document)
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None
    text = ElementTree.tostring(root, encoding="unicode")
    return ElementTree.canonicalize(text, rewrite_prefixes=True)


def envelope_of(document: bytes) -> str:
    """Return which envelope stands around a request, or that none does."""
    tag = ElementTree.fromstring(document).tag
    return _ENVELOPES.get(tag.removesuffix("}Envelope").removeprefix("{"), "none")


def anything(
    value: object,
) -> Any:
    """Return a value as one of any type."""
    return value


def with_values(request: T, changes: Mapping[str, object]) -> T:
    """Return a request with members set, each under a path such as `lines[0].amount`."""
    for path, value in changes.items():
        request = _with_value(request, _steps(path), value)
    return request


def members(request: object) -> dict[str, Any]:
    """Return the members of a request by their names, as a client takes them."""
    assert is_dataclass(request)
    return {each.name: getattr(request, each.name) for each in fields(request)}


def attribute(instance: object, path: str) -> Any:
    """Return what stands under a path such as `lines[0].amount`."""
    found: Any = instance
    for step in _steps(path):
        found = found[step] if isinstance(step, int) else getattr(found, step)
    return found


def _steps(path: str) -> list[str | int]:
    return [name or int(position) for name, position in _STEP.findall(path)]


def _with_value(instance: Any, steps: list[str | int], value: object) -> Any:
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(instance)
        items[step] = _with_value(items[step], rest, value) if rest else value
        return tuple(items)
    if rest:
        value = _with_value(getattr(instance, step), rest, value)
    return replace(instance, **{step: value})
