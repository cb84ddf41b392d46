"""Checks nodes against the JSON Schema that editors use, and takes out what does not fit.

After that, whatever is still there has the shape that the schema promises, so the rest of `decode`
reads it without asking again, and one mistake does not hide the next.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any

from soapstone.decode import remedies
from soapstone.decode.acceptance import Acceptance, Json, Schema
from soapstone.decode.remedies import Path
from soapstone.diagnostics import Report, Span, did_you_mean
from soapstone.source import Entry, Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

_NAMES = ("operation", "service", "structure")
# From so many mistakes on a file is no spec.
_MOST_ERRORS = 1000
# So many unknown keys of one mapping are compared with the known ones.
_MOST_HINTS = 100
_INTEGER = re.compile(r"[-+]?[0-9]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
# Whatever is longer has more than 64 bits, and is a text for whoever edits the spec.
_LONGEST_INTEGER = 19
_WORDS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "true": True,
    "false": False,
}
# A hint that names the key which was meant, alone or with its value.
_HINTED = re.compile(r"(?:did you mean|write) `([a-z_]+)[`:]")
_LISTED = re.compile(r"\^\(?([a-z|]+)\)?\$")
_KINDS = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}


def read_schema(name: str) -> str:
    """Return the text of a published schema: operation, service or structure."""
    return (
        resources.files("soapstone")
        .joinpath("schemas", f"{name}.schema.json")
        .read_text("utf-8")
    )


def check(root: Mapping, schema: str, report: Report) -> Mapping | None:
    """Report whatever the schema refuses, and return the mapping without it; None when it is too much."""
    value = to_json(root)
    if _acceptance().accepts(f"{schema}.schema.json", value):
        return root
    # pyright takes the half of the overload that is not typed.
    validator: Any = _validator(schema)
    errors: list[ValidationError] = list(
        islice(validator.iter_errors(value), _MOST_ERRORS)
    )
    unfit: dict[Path, str] = {}
    for error in errors:
        unfit.update(_report(error, root, report))
    if len(errors) == _MOST_ERRORS:
        report.error(
            "schema-value",
            root.span,
            f"the spec has {_MOST_ERRORS} mistakes of this kind or more; the others are not shown",
            hint="start from what `soapstone new` writes",
        )
        return None
    pruned = _prune(root, unfit, ())
    return pruned if isinstance(pruned, Mapping) else Mapping({}, root.span)


def to_word(scalar: Scalar) -> bool | int | float | str | None:
    """Read a scalar as YAML's core schema does: what an editor takes it for."""
    if not scalar.is_plain:
        return scalar.text
    if scalar.text in _WORDS:
        return _WORDS[scalar.text]
    if _INTEGER.fullmatch(scalar.text) and len(scalar.text) <= _LONGEST_INTEGER:
        return int(scalar.text)
    if _NUMBER.fullmatch(scalar.text):
        return float(scalar.text)
    return scalar.text


@cache
def _schemas() -> dict[str, Schema]:
    """Return the schemas, each under its `$id`."""
    schemas = (json.loads(read_schema(name)) for name in _NAMES)
    return {schema["$id"]: schema for schema in schemas}


@cache
def _acceptance() -> Acceptance:
    return Acceptance(_schemas())


@cache
def _validator(name: str) -> Draft202012Validator:
    # Most runs do without, and importing it takes as long as reading thirty specs.
    from jsonschema import Draft202012Validator  # noqa: PLC0415 -- see above
    from referencing import Registry, Resource  # noqa: PLC0415 -- see above

    schemas = _schemas()
    registry: Registry[bool | Schema] = Registry()
    registry = registry.with_resources(
        (address, Resource.from_contents(schema)) for address, schema in schemas.items()
    )
    return Draft202012Validator(schemas[f"{name}.schema.json"], registry=registry)


def to_json(node: Node) -> Json:
    """Return a node as an editor reads it."""
    match node:
        case Scalar():
            return to_word(node)
        case Sequence(items=items):
            return [to_json(item) for item in items]
        case Mapping(by_key=entries):
            return {key: to_json(entry.value) for key, entry in entries.items()}


def _report(error: ValidationError, root: Mapping, report: Report) -> dict[Path, str]:
    """Report one violation, and return the paths of what has to go, with the keys meant."""
    path: Path = tuple(error.absolute_path)
    node = _node_at(root, path)
    if error.validator == "additionalProperties" and isinstance(node, Mapping):
        return _report_unknown_keys(error, node, path, report)
    if error.validator == "required" and isinstance(node, Mapping):
        schema = _schema_of(error)
        for key in _words(schema.get("required")):
            if node.get(key) is not None:
                continue
            report.error(
                "schema-missing-key",
                _start_of(node),
                f"key `{key}` is missing{_inside(path)}",
                hint=_describe(schema, key) or remedies.MISSING.get(key, ""),
            )
        return {}
    sentence, hint = _sentence(error, node)
    report.error(
        "schema-value",
        node.span,
        f"{_named(path)} {sentence}",
        hint=remedies.of_value(path, node, _node_at(root, path[:-1])) or hint,
    )
    return {path: str(path[-1]) if path else ""}


def _report_unknown_keys(
    error: ValidationError, node: Mapping, path: Path, report: Report
) -> dict[Path, str]:
    properties = _schema_of(error).get("properties")
    known = set(properties) if isinstance(properties, dict) else set[str]()
    free = known - {entry.key.text for entry in node}
    unfit: dict[Path, str] = {}
    for key, value in ((entry.key, entry.value) for entry in node):
        if key.text in known:
            continue
        is_first = len(unfit) < _MOST_HINTS
        hint = remedies.of_key(path, key.text, value, free) if is_first else ""
        report.error(
            "schema-unknown-key",
            key.span,
            f"key `{key.text}` is not known{_inside(path)}",
            hint=hint,
        )
        unfit[(*path, key.text)] = _meant(hint)
    return unfit


def _meant(hint: str) -> str:
    """Return the key that a hint names; empty when it names none."""
    found = _HINTED.match(hint)
    return "" if found is None else found[1]


def _sentence(error: ValidationError, node: Node) -> tuple[str, str]:
    """Say what is wrong with a value, and what to write instead."""
    schema = _schema_of(error)
    examples = schema.get("examples")
    hint = (
        f"for example: {json.dumps(examples[0])}" if isinstance(examples, list) else ""
    )
    limit = schema[str(error.validator)]
    match error.validator:
        case "type":
            expected = " or ".join(_KINDS[kind] for kind in _words(limit))
            return f"must be {expected}, not {_shown(node)}", hint
        case "enum":
            return f"cannot be {_shown(node)}", did_you_mean(_text(node), _words(limit))
        case "const":
            wanted = f"write `{json.dumps(limit)}`"
            return f"must be {json.dumps(limit)}, not {_shown(node)}", hint or wanted
        case "pattern":
            # Words are listed in a pattern where a mapping may stand in their place.
            listed = _LISTED.fullmatch(str(limit))
            words = listed[1].split("|") if listed else []
            return f"cannot be {_shown(node)}", did_you_mean(_text(node), words) or hint
        case "minimum" | "maximum" as bound:
            side = "least" if bound == "minimum" else "most"
            return f"must be at {side} {limit}, not {_shown(node)}", hint
        case "minItems" | "minProperties":
            return (
                f"needs at least {limit} {'entry' if limit == 1 else 'entries'}",
                hint,
            )
        case "maxItems" | "maxProperties":
            return f"takes at most {limit} {'entry' if limit == 1 else 'entries'}", hint
        case "maxLength":
            return f"must have at most {limit} characters", hint
        case _:
            return f"must have at least {limit} character", hint


def _prune(node: Node, unfit: dict[Path, str], path: Path) -> Node:
    match node:
        case Scalar():
            return node
        case Sequence(items=items, span=span):
            kept = [
                _prune(item, unfit, (*path, position))
                for position, item in enumerate(items)
                if (*path, position) not in unfit
            ]
            return Sequence(tuple(kept), span)
        case Mapping(by_key=entries, span=span):
            gone = {key for key in entries if (*path, key) in unfit}
            return Mapping(
                {
                    key: Entry(entry.key, _prune(entry.value, unfit, (*path, key)))
                    for key, entry in entries.items()
                    if key not in gone
                },
                span,
                frozenset(unfit[(*path, key)] for key in gone),
            )


def _node_at(root: Node, path: Path) -> Node:
    node = root
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
        elif (
            isinstance(node, Mapping) and (found := node.get(str(step))) is not None
        ):  # pragma: no branch -- the type checker asks for it
            node = found
    return node


def _start_of(node: Mapping) -> Span:
    return node.entries[0].key.span if node.entries else node.span


def _describe(schema: dict[str, Json], key: str) -> str:
    properties = schema.get("properties")
    described = properties.get(key) if isinstance(properties, dict) else None
    description = described.get("description") if isinstance(described, dict) else None
    return f"`{key}`: {description}" if isinstance(description, str) else ""


def _schema_of(error: ValidationError) -> dict[str, Json]:
    """Return the part of the schema that refused, which is never a bare true or false."""
    return error.schema if isinstance(error.schema, dict) else {}


def _words(value: Json) -> list[str]:
    return [str(word) for word in value] if isinstance(value, list) else [str(value)]


def _named(path: Path) -> str:
    return f"`{'.'.join(map(str, path))}`" if path else "the spec"


def _inside(path: Path) -> str:
    return f" in `{'.'.join(map(str, path))}`" if path else ""


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _shown(node: Node) -> str:
    match node:
        case Scalar(text="", is_plain=True):
            return "empty"
        case Scalar(text=text):
            return f"`{text}`"
        case Sequence():
            return "a list"
        case Mapping():
            return "a mapping"
