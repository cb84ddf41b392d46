"""A quick yes: whether a schema accepts a value, for the many specs with which nothing is wrong.

`jsonschema` makes objects for every part of a value that it looks at, so that it can say what is
wrong where. Here each schema is turned into functions once, and `jsonschema` is asked only about
what these do not accept. They may refuse what is accepted in the end, such as `1.0` for a whole
number; never the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, repeat
from typing import Any, TypeAlias

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
Schema: TypeAlias = Mapping[str, Any]
Part: TypeAlias = Schema | bool
# It is given values of the types that its keyword looks at, and no others.
Check: TypeAlias = Callable[[Any], bool]

_KINDS: dict[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}
_ANY = tuple(_KINDS)
_NUMBERS = (int, float)
_EVERY = tuple({kind for kinds in _KINDS.values() for kind in kinds})

# They tell people something, and ask for nothing.
_SILENT = frozenset(
    {"$comment", "$defs", "$id", "$schema", "default", "description", "examples"}
    | {"format", "title"}
)
# `Acceptance` reads them by name.
_STRUCTURAL = frozenset(
    {"$ref", "additionalProperties", "items", "prefixItems", "properties", "type"}
)


def _anything(_value: object) -> bool:
    return True


def _nothing(_value: object) -> bool:
    return False


def _one_of(listed: list[Json]) -> Check:
    # Unlike values themselves, what they are written as tells 1 from true.
    words = frozenset(map(repr, listed))
    return lambda value: repr(value) in words


def _at_least(limit: float) -> Check:
    return lambda value: value >= limit


def _at_most(limit: float) -> Check:
    return lambda value: value <= limit


def _no_shorter(limit: int) -> Check:
    return lambda value: len(value) >= limit


def _no_longer(limit: int) -> Check:
    return lambda value: len(value) <= limit


def _matching(expression: str) -> Check:
    found = re.compile(expression).search
    return lambda value: found(value) is not None


# What other keywords ask for, and of values of which types.
_KEYWORDS: dict[str, tuple[tuple[type, ...], Callable[[Any], Check]]] = {
    "const": (_EVERY, lambda value: _one_of([value])),
    "enum": (_EVERY, _one_of),
    "maximum": (_NUMBERS, _at_most),
    "maxItems": ((list,), _no_longer),
    "maxLength": ((str,), _no_longer),
    "maxProperties": ((dict,), _no_longer),
    "minimum": (_NUMBERS, _at_least),
    "minItems": ((list,), _no_shorter),
    "minLength": ((str,), _no_shorter),
    "minProperties": ((dict,), _no_shorter),
    "pattern": ((str,), _matching),
    "required": ((dict,), lambda keys: lambda value: value.keys() >= set(keys)),
}


class Acceptance:
    """What some schemas accept, which may refer to each other.

    Args:
        schemas: Each under its `$id`.

    Raises:
        KeyError: A schema has a keyword that is not known here.
    """

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._checks: dict[str, Check] = {}
        self._waiting = [f"{name}#" for name in schemas]
        while self._waiting:
            self._add(self._waiting.pop())

    def accepts(self, name: str, value: Json) -> bool:
        """Whether the schema with this `$id` surely accepts a value."""
        return self._checks[f"{name}#"](value)

    def _add(self, reference: str) -> None:
        """Turn a part of a schema into a function, by its address such as `a.json#/$defs/b`."""
        if reference in self._checks:
            return
        name, _, pointer = reference.partition("#")
        part: Any = self._schemas[name]
        for step in pointer.split("/")[1:]:
            part = part[step]
        self._checks[reference] = self._check(part, name)

    def _check(self, schema: Part, name: str) -> Check:
        """Return what a part of the schema `name` accepts."""
        if isinstance(schema, bool):
            return _anything if schema else _nothing
        given = schema.get("type", _ANY)
        allowed = (given,) if isinstance(given, str) else given
        asked: dict[type, list[Check]] = {
            kind: [] for each in allowed for kind in _KINDS[each]
        }
        for keyword in schema.keys() - _SILENT - _STRUCTURAL:
            kinds, make = _KEYWORDS[keyword]
            for kind in asked.keys() & kinds:
                asked[kind].append(make(schema[keyword]))
        for kind, check in self._structural(schema, name):
            if kind in asked:
                asked[kind].append(check)
        by_kind = {kind: _together(checks) for kind, checks in asked.items()}

        def accepts(value: object) -> bool:
            return by_kind.get(type(value), _nothing)(value)

        return accepts

    def _structural(self, schema: Schema, name: str) -> Iterator[tuple[type, Check]]:
        """Yield what is asked of the parts of a value, and by a reference of all of it."""
        if "$ref" in schema:
            referred = self._referred(schema["$ref"], name)
            yield from ((kind, referred) for kind in _EVERY)
        if schema.keys() & {"properties", "additionalProperties"}:
            yield dict, self._members(schema, name)
        if schema.keys() & {"items", "prefixItems"}:
            yield list, self._items(schema, name)

    def _referred(self, reference: str, name: str) -> Check:
        address = name + reference if reference.startswith("#") else reference
        self._waiting.append(address)
        checks = self._checks

        def accepts(value: object) -> bool:
            # It is not there before now: what is referred to may lead back here.
            return checks[address](value)

        return accepts

    def _members(self, schema: Schema, name: str) -> Check:
        known: dict[str, Check] = {
            key: self._check(part, name)
            for key, part in schema.get("properties", {}).items()
        }
        others = self._check(schema.get("additionalProperties", True), name)
        return lambda value: all(
            known.get(key, others)(item) for key, item in value.items()
        )

    def _items(self, schema: Schema, name: str) -> Check:
        first = [self._check(part, name) for part in schema.get("prefixItems", ())]
        others = self._check(schema.get("items", True), name)
        return lambda value: all(
            check(item)
            for check, item in zip(chain(first, repeat(others)), value, strict=False)
        )


def _together(checks: list[Check]) -> Check:
    """Return a check that is met by what meets all of them."""
    if len(checks) == 1:
        return checks[0]
    return lambda value: all(check(value) for check in checks)
