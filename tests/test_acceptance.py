"""What is accepted quickly is what `jsonschema` accepts."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from soapstone.decode.acceptance import Acceptance, Json
from soapstone.decode.schema import read_schema, to_json
from soapstone.diagnostics import Report
from soapstone.source import read

HERE = Path(__file__).parent
FOLDERS = (HERE / "cases", HERE / "services", HERE.parent / "specs" / "revio")
SPECS = sorted(path for folder in FOLDERS for path in folder.rglob("*.yaml"))

SCHEMAS: dict[str, dict[str, Any]] = {
    f"{name}.schema.json": json.loads(read_schema(name))
    for name in ("operation", "service", "structure")
}
QUICK = Acceptance(SCHEMAS)
REGISTRY: Registry[bool | Mapping[str, Any]] = Registry()
REGISTRY = REGISTRY.with_resources(
    (name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)
SLOW = {
    name: Draft202012Validator(schema, registry=REGISTRY)
    for name, schema in SCHEMAS.items()
}


def parts(pointer: str, node: object) -> Iterator[str]:
    """Yield the pointers of every part of a schema that is a schema itself."""
    if isinstance(node, dict):
        yield pointer
        for key in node.keys() & {"properties", "$defs"}:
            for name, inner in node[key].items():
                yield from parts(f"{pointer}/{key}/{name}", inner)
        for key in node.keys() & {"items", "additionalProperties"}:
            yield from parts(f"{pointer}/{key}", node[key])


def schema_of(path: Path) -> str:
    """Return the name of the schema for a file of specs."""
    return f"{'service' if path.name == 'service.yaml' else 'operation'}.schema.json"


def value_of(path: Path) -> Json:
    """Return what a file of specs says."""
    root = read(path, path.name, Report())
    assert root is not None
    return to_json(root)


def places(value: Json) -> Iterator[tuple[Any, Any]]:
    """Yield every part of a value, as its container and its key or position there."""
    keys: list[Any] = []
    if isinstance(value, dict | list):
        keys += value if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        yield from places(value[key])  # type: ignore[index]  # it is no other type


VALUES = [(schema_of(path), value_of(path)) for path in SPECS]
PARTS = [container[key] for _, value in VALUES for container, key in places(value)]
ODD: list[Json] = [None, True, False, 0, 1, -1, 2, 1.0, 1.5, 2**31, 10**400, 1e999]
ODD += ["", "none", "None", "required", "text", "1", "2026-01-31", "x" * 5000]
ODD += [[], [0], [1, 2], [True, 2], [2, 1, 3], ["a", "a"], [None], [[]], [{}] * 300]
ODD += [{}, {"": None}, {"min": 1.0}, {"min": 1, "max": 2}, {"page": "a"}]


def change(value: Json, data: st.DataObject) -> None:
    """Put something else into a random place of a value, or take something out."""
    container, key = data.draw(st.sampled_from(list(places(value))))
    other = copy.deepcopy(data.draw(st.sampled_from([*ODD, *ODD, *PARTS])))
    what = data.draw(st.sampled_from(["replace", "add", "remove"]))
    if what == "remove":
        del container[key]
    elif what == "replace":
        container[key] = other
    elif isinstance(container, list):
        container.insert(key, other)
    else:
        keys = [key for where, key in places(value) if isinstance(where, dict)]
        container[data.draw(st.sampled_from([*keys, "odd"]))] = other


def agree(*, is_accepted: bool, is_valid: bool, value: Json) -> None:
    """Assert that what is accepted is valid, and that what is valid is accepted.

    Only what has a whole number that is written with a point may be valid all the same.
    """
    numbers = [container[key] for container, key in places([value])]
    is_whole = any(isinstance(each, float) and each.is_integer() for each in numbers)
    assert is_accepted == is_valid or (is_valid and is_whole), value


@pytest.mark.parametrize(
    "path", SPECS, ids=lambda path: str(path.relative_to(HERE.parent))
)
def test_right_specs_are_accepted_quickly(path: Path) -> None:
    """With no spec of ours does anybody have to wait for `jsonschema`."""
    assert QUICK.accepts(schema_of(path), value_of(path))


def test_every_part_of_the_schemas_accepts_what_is_valid_there() -> None:
    """Each part of each schema says of odd values of every type what `jsonschema` says."""
    pointers = [
        pointer for name in SCHEMAS for pointer in parts(f"{name}#", SCHEMAS[name])
    ]
    named = {str(number): {"$ref": each} for number, each in enumerate(pointers)}
    quick = Acceptance(SCHEMAS | named)
    for name, schema in named.items():
        slow = Draft202012Validator(schema, registry=REGISTRY)
        for value in ODD:
            agree(
                is_accepted=quick.accepts(name, value),
                is_valid=slow.is_valid(value),
                value=value,
            )


RULES: list[dict[str, Any]] = [{}, {"properties": {}}, {"items": True}]
RULES += [{"type": "null"}, {"type": "number"}, {"type": ["integer", "string"]}]
RULES += [{"const": value} for value in ODD if not isinstance(value, float)]
RULES += [
    {"enum": [0, "none"]},
    {"enum": [False, [1]]},
    {"enum": [1], "type": "string"},
]
RULES += [{"minimum": 1}, {"maximum": 1}, {"minimum": 1.5, "maximum": 2}]
RULES += [{"minLength": 1}, {"maxLength": 4}, {"minItems": 1}, {"maxItems": 1}]
RULES += [{"minProperties": 1}, {"maxProperties": 1}, {"required": ["min", "max"]}]
RULES += [{"pattern": "^[a-z]+$"}, {"pattern": "one"}, {"pattern": "^$"}]
RULES += [{"items": {"type": "integer"}}, {"items": False}, {"prefixItems": [False]}]
RULES += [{"prefixItems": [{"const": 1}], "items": {"type": "integer"}}]
RULES += [{"additionalProperties": False}, {"additionalProperties": {"minimum": 2}}]
RULES += [{"properties": {"min": {"minimum": 1}}, "additionalProperties": False}]
RULES += [{"$ref": "structure.schema.json#/$defs/presence", "type": "string"}]
RULES += [{"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#"}}}}]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: json.dumps(rule)[:40])
def test_keywords_mean_the_same(rule: dict[str, Any]) -> None:
    """Each keyword says of odd values what it says to `jsonschema`, also where no spec has them."""
    quick = Acceptance(SCHEMAS | {"rule": rule})
    slow = Draft202012Validator(rule, registry=REGISTRY)
    for value in ODD:
        agree(
            is_accepted=quick.accepts("rule", value),
            is_valid=slow.is_valid(value),
            value=value,
        )


def test_unknown_keywords_are_noticed() -> None:
    """A schema with a keyword that nobody here has thought of is not half understood."""
    with pytest.raises(KeyError, match="uniqueItems"):
        Acceptance({"rule": {"uniqueItems": True}})


@given(st.sampled_from(VALUES), st.integers(1, 3), st.data())
def test_changed_specs_are_accepted_where_they_are_valid(
    spec: tuple[str, Json], changes: int, data: st.DataObject
) -> None:
    """Whatever is changed in a spec, it is accepted if it is valid and refused if not."""
    name, value = spec[0], copy.deepcopy(spec[1])
    for _ in range(changes):
        change(value, data)
    agree(
        is_accepted=QUICK.accepts(name, value),
        is_valid=SLOW[name].is_valid(value),
        value=value,
    )
