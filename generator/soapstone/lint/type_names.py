"""What other languages call a type, and what specs call it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from soapstone.diagnostics import did_you_mean
from soapstone.model import Primitive

_PRIMITIVES = {
    Primitive.STRING: (
        *("str", "text", "char", "varchar", "guid", "uuid", "time"),
        *("anyuri", "token", "normalizedstring"),
    ),
    Primitive.BOOLEAN: ("bool", "bit"),
    Primitive.INT: ("integer", "short", "byte", "int32", "unsignedshort"),
    Primitive.LONG: ("int64", "bigint", "unsignedint", "unsignedlong"),
    Primitive.DECIMAL: ("number", "numeric", "money", "currency"),
    Primitive.DOUBLE: ("float", "real", "single"),
    Primitive.DATE_TIME: ("timestamp", "datetime"),
    Primitive.BASE64: ("binary", "base64binary", "bytes", "blob"),
}
_SYNONYMS = {
    name: primitive.value for primitive, names in _PRIMITIVES.items() for name in names
}
_KEYS = {
    **dict.fromkeys(
        ("list", "array", "sequence"),
        "write `list: <name of the items>` instead, or `repeated: true`, and `of:` with their type",
    ),
    **dict.fromkeys(
        ("object", "struct", "structure", "complextype", "dict"),
        "write `fields:` instead, with the members",
    ),
    **dict.fromkeys(
        ("enum", "enumeration"),
        "write `values:` instead, with what is allowed",
    ),
}
_LIST = re.compile(
    r"(?:Array|List)Of(?P<of>\w+)|(?P<item>\w+)\[\]|(?:List|Array|Sequence)\W(?P<in>\w+)\W",
    re.IGNORECASE,
)


def unknown_type_hint(name: str, shared: Sequence[str]) -> str:
    """Return what to write instead of a type that does not exist.

    Args:
        name: What the spec asks for.
        shared: The names under `types`.
    """
    known = [*(primitive.value for primitive in Primitive), *shared]
    local = name.rpartition(":")[2]
    listed = _LIST.fullmatch(local)
    if listed is not None:
        item = next(each for each in listed.groups() if each is not None)
        of = _spelled(item, known)
        return (
            f"a list is written `{{list: <name of the items>, of: {of}}}`, "
            f"or `{{repeated: true, of: {of}}}` without an element around the items"
        )
    spelled = _spelled(local, known)
    if spelled in known:
        return f"did you mean `{spelled}`?"
    return _KEYS.get(local.lower()) or did_you_mean(name, known)


def _spelled(name: str, known: Sequence[str]) -> str:
    """Return what specs call a type that is called like this elsewhere."""
    by_lower_case = {each.lower(): each for each in known}
    lower = name.lower()
    return by_lower_case.get(lower) or _SYNONYMS.get(lower, name)
