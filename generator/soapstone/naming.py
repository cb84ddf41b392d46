"""Every Python name is decided here: from wire names, or from what the spec asks for."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from typing import Self

from markupsafe import Markup

# Runs of capitals stay one word (`ID`, the `SMS` of `SMSOptOut`), plurals of them too (`TNs`), and
# digits stay with the word before them.
_WORD = re.compile(
    r"[A-Z]{2,}s(?![a-z])[0-9]*|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+"
)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
# What XML takes for a name, but for the colon that separates a prefix.
_NAME_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_WIRE_NAME = re.compile(
    f"[{_NAME_START}][{_NAME_START}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*"
)

# Names that an attribute of a generated class must not take, each with its reason.
_RESERVED = {
    "bool": "hides the type in the annotations that follow it",
    "bytes": "hides the type in the annotations that follow it",
    "datetime": "hides the module in the annotations that follow it",
    "field": "hides the function by which later members are declared",
    "float": "hides the type in the annotations that follow it",
    "int": "hides the type in the annotations that follow it",
    "str": "hides the type in the annotations that follow it",
    "tuple": "hides the type in the annotations that follow it",
}

# Names of modules and attributes in every generated package.
PACKAGE_NAMES = frozenset({"errors", "types", "tests", "client", "testing", "verify"})


class Code(Markup):
    """Python source text: the only thing that a template prints as it is.

    Jinja2 takes it for markup that needs no escaping; a plain string is refused (`render`).
    """

    __slots__ = ()


NO_CODE = Code()


class Identifier(Code):
    """A Python identifier, never a keyword."""

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        """Check and wrap a name; a bad one is a bug of the caller."""
        if not is_identifier(name):
            raise ValueError(f"not an identifier: {name!r}")
        return super().__new__(cls, name)


def expression(text: str) -> Code:
    """Return an expression that was put together from identifiers; a bad one is a bug."""
    ast.parse(text, mode="eval")
    return Code(text)


def path_in_comment(path: str) -> Code:
    """Return the path of a spec as a comment shows it; a bad one is a bug of the caller."""
    if not all(is_file_name(part) for part in path.split("/")):
        raise ValueError(f"not a path of plain names: {path!r}")
    return Code(path)


def is_file_name(name: str) -> bool:
    """Whether a file or folder has a name that every system and every comment takes."""
    return _FILE_NAME.fullmatch(name) is not None


def is_identifier(name: str) -> bool:
    """Whether Python takes an ASCII name as it is."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name)


def is_wire_name(name: str) -> bool:
    """Whether XML takes a name for an element, without a prefix."""
    return _WIRE_NAME.fullmatch(name) is not None


def snake_case(name: str) -> str:
    """Return the words of a wire name in lower case: `SmsProfileID` is `sms_profile_id`."""
    return "_".join(word.lower() for word in _words(name))


def pascal_case(name: str) -> str:
    """Return the words of a wire name capitalised: `SMSOptOut_Create` is `SmsOptOutCreate`."""
    return "".join(word.capitalize() for word in _words(name))


def attribute_name(wire_name: str, asked_for: str) -> Identifier | None:
    """Return the name of a member in Python; None when no good one can be derived."""
    name = asked_for or snake_case(wire_name)
    if not asked_for and (keyword.iskeyword(name) or name in _RESERVED):
        name = f"{name}_"
    usable = is_identifier(name) and not name.startswith("_") and name not in _RESERVED
    return Identifier(name) if usable else None


def constant_name(text: str, asked_for: str) -> Identifier | None:
    """Return the name of an enumeration's member; None when no good one can be derived."""
    name = asked_for or snake_case(text).upper()
    usable = is_identifier(name) and name.isupper() and not name.startswith("_")
    return Identifier(name) if usable else None


def reserved_reason(name: str) -> str:
    """Return why a name that a spec asks for cannot be taken; empty when it can."""
    if name in _RESERVED:
        return f"it {_RESERVED[name]}"
    if keyword.iskeyword(name):
        return "it is a keyword of Python"
    if name.startswith("_"):
        return "a leading underscore would make it private"
    return "" if is_identifier(name) else "it is not an identifier of ASCII letters"


def module_name(wire_name: str, asked_for: str) -> Identifier | None:
    """Return the name of an operation's module; None when no good one can be derived."""
    name = asked_for or snake_case(wire_name)
    return (
        Identifier(name) if is_identifier(name) and not name.startswith("_") else None
    )


def class_name(*wire_names: str) -> Identifier | None:
    """Return the class named after a path of wire names; None when no good one can be derived."""
    name = "".join(pascal_case(each) for each in wire_names)
    return Identifier(name) if is_class_name(name) else None


def is_class_name(name: str) -> bool:
    """Whether a name suits a class."""
    return is_identifier(name) and name[:1].isupper() and not hasattr(builtins, name)


def _words(name: str) -> list[str]:
    return _WORD.findall(name)
