"""What to write instead of a key or a value that the schema refuses.

The schema knows what may stand at a place; only a table knows what a person meant who wrote
something else there. `schema` asks here first, and helps itself where no answer is known.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from soapstone.diagnostics import did_you_mean
from soapstone.source import Mapping, Node, Scalar, Sequence

Path: TypeAlias = tuple[str | int, ...]

# What other languages call a key, the key that has to be known there, and how to say it.
_SYNONYMS = {
    "optional": (
        "required",
        "remove it: a member is optional unless it has `required: true`",
    ),
    "mandatory": ("required", "write `required: true`"),
    "use": ("required", "write `required: true`, or nothing for an optional member"),
    "minOccurs": ("required", "write `required: true` for 1, nothing for 0"),
    "maxOccurs": (
        "repeated",
        "write `repeated: true` and `of:` with the type, and `count` for the limit",
    ),
    "array": ("list", "write `list: <name of the items>` and `of:` with their type"),
    "items": ("of", "write `of:` with the type of the items"),
    "nillable": (
        "nil",
        "write `nil: kept` where nil tells something, `absent: nil` where no value is sent as nil",
    ),
    "nullable": (
        "nil",
        "write `nil: kept` where nil tells something, `absent: nil` where no value is sent as nil",
    ),
    "enum": ("values", "write `values: [...]`"),
    "enumeration": ("values", "write `values: [...]`"),
    "description": ("doc", "write `doc`"),
    "comment": ("doc", "write `doc`"),
    "default": ("doc", "say it in `doc`: what is left out is never sent"),
    "fixed": ("constant", "write `constant`"),
    "attribute": ("as", "write `as: attribute`"),
    "text": ("as", "write `as: text`"),
    "regex": ("pattern", "write `pattern`"),
    "min": ("minimum", "write `minimum`"),
    "max": ("maximum", "write `maximum`"),
    "minLength": ("length", "write `length: {min: ...}`"),
    "maxLength": ("length", "write `length: {max: ...}`"),
    "properties": ("fields", "write `fields`"),
    "if": ("when", "write `when`, with `require` or `prohibit`"),
    "then": ("when", "write `require` or `prohibit`, each with a list of members"),
    "else": ("when", "write another rule, `when: {not: ...}` with `require`"),
    "equals": ("is", "write `is`"),
    "in": ("is", "write `is: [...]`"),
}
_SHARED = frozenset({"types", "errors", "memory", "pages", "outcome", "service"})
_OF_OPERATIONS = frozenset(
    {"operation", "examples", "rules", "heading", "common", "idempotent"}
)
# What stands beside the members of an operation and not among them.
BESIDE_MEMBERS = frozenset(
    {"rules", "doc", "summary", "source", "examples", "authentication", "idempotent"}
)
_MEMBERS = (("request",), ("response",))
_RULES_OF_TWO = frozenset({"exclusive", "exactly_one", "at_least_one", "requires"})
_NOTHING = frozenset({"", "~", "none", "null"})
_WORD = re.compile(r"[A-Za-z_]+")

# Keys that are missing, where the schema itself does not say what they hold.
MISSING = {
    "source": "write where it is documented: `source: {page: ...}`, a key of `pages` in service.yaml",
    "doc": "write `doc`: what it means, in a sentence of your own",
}


def of_key(path: Path, key: str, value: Node, known: set[str]) -> str:
    """Return what to write instead of a key that is not known.

    Args:
        path: Where the mapping stands that has the key.
        key: The key.
        value: What stands under it.
        known: The keys that the mapping could still have.
    """
    needed, hint = _SYNONYMS.get(key, ("", ""))
    if not path and key in _SHARED:
        return f"`{key}` stands in service.yaml, for all operations"
    if not path and key in _OF_OPERATIONS:
        return f"`{key}` stands in the file of an operation"
    if needed in known:
        return hint
    if path in {(*each, "fields") for each in _MEMBERS}:
        return f"members stand directly under `{path[0]}`: remove `fields`"
    if key == "items" and "member" in known:
        return "a test of `items` stands alone, directly under `when` of an example"
    near = did_you_mean(key, known)
    if near.startswith("did you mean") and _WORD.fullmatch(key):
        return near
    if isinstance(value, Scalar) and value.is_plain and not value.text:
        return _of_comma(key)
    if {"member", "given"} & known and isinstance(value, Scalar):
        return f"write `{{member: {key}, is: {value.text}}}`"
    return near


def of_value(path: Path, node: Node, parent: Node) -> str:
    """Return what to write instead of a value that the schema refuses; empty if unknown.

    Args:
        path: Where the value stands.
        node: The value.
        parent: What the value stands in.
    """
    return (
        _of_operation(path, node)
        or _of_place(path, node)
        or _of_rule(path, node, parent)
        or _of_null(node)
    )


def _of_operation(path: Path, node: Node) -> str:
    match path, node:
        case (("request" | "response"),), Scalar():
            return "remove the key, or write `{}`, where there are no members"
        case (("request" | "response"), "required"), _:
            return "say it at each member itself: `required: true`"
        case (("request" | "response") as holder, name), _ if name in BESIDE_MEMBERS:
            return beside(str(name), holder)
        case ("authentication",), Scalar(text=text) if text:
            return f"did you mean `[{text}]`?"
        case ("examples", *_, "values"), Scalar():
            return "write `{}` when the document has no members"
        case _:
            return ""


def _of_place(path: Path, node: Node) -> str:
    match path, node:
        case (*_, "values", int()), Mapping():
            return _of_described_value(node)
        case (*_, "protocol", ("request" | "result") as key), Scalar(text=text) if (
            text.lower() in _NOTHING
        ):
            return (
                f"did you mean `none`? `{key}: none` says that there is no such element"
            )
        case (*_, "data", name), Scalar():
            return f"write `{name}: {{}}`, or what it means as `{name}: {{doc: ...}}`"
        case (*_, "list"), _:
            return _of_list(node)
        case _:
            return ""


def beside(name: str, holder: str) -> str:
    """Say that a key of the operation stands among its members."""
    return f"`{name}` stands beside `{holder}`, not in it"


def _of_null(node: Node) -> str:
    is_null = isinstance(node, Scalar) and node.is_plain and node.text == "null"
    return 'write `"null"`, if it is a word of the documentation' if is_null else ""


def _of_comma(key: str) -> str:
    if key.strip().isdigit():
        return f"a comma ends a value in `{{...}}`: write a number with a point, as in `0.{key}`"
    return "a comma ends a value in `{...}`: put the value into quotes, or add a value here"


def _of_described_value(node: Mapping) -> str:
    named = node.entries[0].key.text if node.entries else "Active"
    return f"write `values` as a mapping, each value with its own: `values: {{{named}: {{name: ..., doc: ...}}}}`"


def _of_list(node: Node) -> str:
    names = (
        [item.text for item in node.items if isinstance(item, Scalar)]
        if isinstance(node, Sequence)
        else []
    )
    if len(names) > 1:
        types = ", ".join(f"{name}: <type>" for name in names)
        return f"for items of several names write `list: {{{types}}}`"
    name = names[0] if names else "<name of the items>"
    return f"write `list: {name}`, or `repeated: true` for items without an element around them"


def _of_rule(path: Path, node: Node, parent: Node) -> str:
    key = path[-1] if path else ""
    if key not in _RULES_OF_TWO:
        return ""
    if key == "requires":
        if isinstance(parent, Mapping) and parent.get("when") is not None:
            return "beside `when` it is `require`"
        if isinstance(node, Mapping) and node.entries:
            entry = node.entries[0]
            needed = entry.value.text if isinstance(entry.value, Scalar) else "..."
            first = entry.key.text
            return (
                f"write `[{first}, {needed}]`: when `{first}` is given, `{needed}` is"
            )
        return "write `[A, B]`: when `A` is given, `B` is"
    return f"name at least two members: `{key}: [A, B]`"
