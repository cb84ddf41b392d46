"""How facts travel from one process to another: as a class and its values, in the order of its fields.

What dataclasses with slots do by themselves looks at all fields of a class again for each object,
which takes twice as long.
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

# They set what is frozen, and take half as long as `object.__setattr__`.
_SETTERS: dict[type, tuple[Callable[[object, object], None], ...]] = {}


def pickle_by_values(kind: type[Any]) -> None:
    """Pickle the objects of a dataclass that has slots, but not those of its subclasses, by their values."""
    names = [field.name for field in fields(kind)]
    _SETTERS[kind] = tuple(getattr(kind, name).__set__ for name in names)
    parts: Callable[[object], tuple[Any, ...]] = attrgetter("__class__", *names)
    copyreg.pickle(kind, lambda fact: (_restored, parts(fact)))


def _restored(kind: type[object], *values: object) -> object:
    fact: object = object.__new__(kind)
    for put, value in zip(_SETTERS[kind], values, strict=True):
        put(fact, value)
    return fact
