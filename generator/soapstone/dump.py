"""The model as values that JSON knows, from the dataclasses themselves."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, cast, get_args, get_type_hints

from soapstone.diagnostics import Span
from soapstone.model import Service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed import DataclassInstance


def dump_services(services: Iterable[Service]) -> dict[str, object]:
    """Return everything that the specs of services say.

    An object that could be of several types names its own under `kind`. A place is
    `path:line:column`. A sample document that is not UTF-8 is an object with `base64`.
    """
    return {"services": [dump(service) for service in services]}


def dump(value: object) -> object:
    """Return a value of the model as JSON knows it.

    Raises:
        TypeError: The model has no such values.
    """
    match value:
        case Enum():
            return dump(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            # JSON has no infinity and no NaN.
            return value if math.isfinite(value) else str(value)
        case Decimal() | Span():
            return str(value)
        case date():
            return value.isoformat()
        case bytes():
            return _text(value)
        case tuple():
            return [dump(item) for item in cast("tuple[object, ...]", value)]
        case Mapping():
            members = cast("Mapping[str, object]", value)
            return {name: dump(member) for name, member in members.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _object(value)
        case _:
            raise TypeError(f"no JSON for a {type(value).__name__}")


def _object(value: DataclassInstance) -> dict[str, object]:
    kind = type(value)
    is_choice = kind in alternatives(Service)
    named: dict[str, object] = {"kind": kind.__name__} if is_choice else {}
    members = {member.name: getattr(value, member.name) for member in fields(value)}
    return named | {name: dump(member) for name, member in members.items()}


def _text(content: bytes) -> object:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(content).decode("ascii")}


@cache
def alternatives(root: type) -> frozenset[type]:
    """Return the classes below `root` in whose place another one could stand."""
    found: set[type] = set()
    known: set[type] = set()
    waiting = [root]
    while waiting:
        kind = waiting.pop()
        if kind in known:
            continue
        known.add(kind)
        for hint in get_type_hints(kind).values():
            for classes in _choices(hint):
                waiting += classes
                found |= set(classes) if len(classes) > 1 else set()
    return frozenset(found)


def _choices(hint: object) -> Iterator[list[type]]:
    """Return the dataclasses among which each part of a type expression leaves a choice."""
    parts = get_args(hint)
    yield [
        part
        for part in parts or (hint,)
        if isinstance(part, type) and is_dataclass(part)
    ]
    for part in parts:
        yield from _choices(part)
