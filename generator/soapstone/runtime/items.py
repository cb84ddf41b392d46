"""Values of a list, as callers give them."""

from collections.abc import Iterable, Mapping
from typing import TypeGuard


def as_items(value: object, depth: int = 1) -> object:
    """What was given for a list, as a tuple; so are its items, down to a depth.

    Takes any iterable but text, bytes and mappings, which nobody means as a list of values.
    These, and what is no iterable at all, come back as they are, for `checks.items` to
    report; so does what only looks like one. Whatever else the iteration raises passes through.
    """
    if not _is_list(value):
        return value
    try:
        items = tuple(value)
    except TypeError:
        return value
    return items if depth == 1 else tuple(as_items(item, depth - 1) for item in items)


def _is_list(value: object) -> TypeGuard[Iterable[object]]:
    kind = type(value)
    if kind is list or kind is tuple:  # to ask an abstract class takes longer
        return True
    return issubclass(kind, Iterable) and not issubclass(kind, _NOT_LISTS)


_NOT_LISTS = (str, bytes, bytearray, memoryview, Mapping)
