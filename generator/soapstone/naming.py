"""Every Python name is decided here: from wire names, or from what the spec asks for."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import chain, count
from typing import Self

from markupsafe import Markup

# Runs of capitals stay one word (`ID`, the `SMS` of `SMSOptOut`), plurals of them too (`TNs`), and
# digits stay with the word before them.
_WORD = re.compile(
    r"[A-Z]{2,}s(?![a-z])[0-9]*|[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+"
)
# A suggestion keeps together what is one word for a reader: `2nd`.
_ORDINAL = re.compile(r"(?<![a-z0-9])([0-9]+)_(st|nd|rd|th)(?![a-z])")
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
# What XML takes for a name, but for the colon that separates a prefix.
_NAME_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff"
    "\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
_WIRE_NAME = re.compile(
    f"[{_NAME_START}][{_NAME_START}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*"
)

# They declare namespaces and mark elements as nil, whatever a spec says.
_TAKEN_ATTRIBUTES = frozenset({"xmlns", "xsi:nil"})

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Names that an attribute of a generated class must not take, each with its reason.
_RESERVED = {
    "bool": "hides the type in the annotations that follow it",
    "bytes": "hides the type in the annotations that follow it",
    "datetime": "hides the module in the annotations that follow it",
    "field": "hides the function by which later members are declared",
    "float": "hides the type in the annotations that follow it",
    "int": "hides the type in the annotations that follow it",
    "self": "stands for the client in its methods",
    "str": "hides the type in the annotations that follow it",
    "tuple": "hides the type in the annotations that follow it",
}

# Names that no class of a package may have beside the built-in ones, each with its reason: what
# modules import or define themselves, and what packages are to offer later.
RESERVED_CLASSES = {
    "Answer": "it names what every answer of the package has in common",
    "AnswerShape": "every operation imports another one",
    "ApiError": "it is the exception for a failure that an answer reports",
    **dict.fromkeys(
        (
            *("AiohttpTransport", "AsyncHttpTransport", "AsyncHttpxTransport"),
            *("HttpTransport", "HttpxTransport", "RequestsTransport"),
        ),
        "it is one of the transports of the package",
    ),
    **dict.fromkeys(
        (
            *("AsyncClient", "BaseAsyncClient", "BaseClient", "BaseOpenAsyncClient"),
            *("BaseOpenClient", "Client"),
        ),
        "it is kept for the clients of the package",
    ),
    **dict.fromkeys(
        ("AsyncTransport", "HttpExchange", "HttpRequest", "HttpResponse", "Transport"),
        "it names what clients have to do with",
    ),
    "Authentication": "its functions would be those that check and write what opens a request",
    "Decimal": "it is the type of exact numbers",
    "Enumeration": "it is kept for types with allowed values",
    "Envelope": "it names what stands around a request",
    "MalformedResponse": "it is the exception for what is no answer",
    "Members": "every module that reads structures imports another one",
    "NIL": "it is kept for members that are marked as nil",
    "Nil": "it is kept for members that are marked as nil",
    "Protocol": "the module of exceptions imports another one",
    "PythonFinalizationError": "newer versions of Python have one built in",
    "Sequence": "it is the type of lists",
    "ServiceError": "it is the base of all exceptions",
    "SoapFault": "it is the exception for a fault",
    **dict.fromkeys(
        ("FakeOperation", "FakeService", "ServiceMemory"),
        "it is part of the fake service of the package",
    ),
    "Timestamp": "it is kept for moments",
    **dict.fromkeys(
        ("OperationDescription", "ServiceDescription"), "it is what clients know"
    ),
    **dict.fromkeys(
        (
            *("ConnectionFailed", "ResponseTooLarge", "TimedOut", "TlsFailed"),
            *("TransportError", "UnexpectedStatus"),
        ),
        "it is the exception for a request without an answer",
    ),
    **dict.fromkeys(("RetryPolicy", "Timeouts"), "it is an option of clients"),
    "ValidationError": "it is the exception for a broken constraint",
    "Violation": "it names what a broken constraint is reported as",
    **dict.fromkeys(
        (
            *("ANSWER", "ANSWER_VALUES", "AUTH", "DOCUMENTS", "ENDPOINT", "ENVELOPE"),
            *("FAKE", "FULL"),
            *("IMPOSSIBLE", "MALFORMED", "NAMESPACES", "RESPONSE"),
            *("OPERATION", "SECRETS", "SERVICE", "SMALLEST", "SOAP_ACTION"),
            "TYPE_CHECKING",
        ),
        "generated modules have a constant of this name",
    ),
}

# Names that no module of an operation may have, each with its reason.
RESERVED_MODULES = {
    **dict.fromkeys(
        ("bool", "bytes", "datetime", "float", "int", "str"),
        "the method of its name would hide the type in the annotations of clients",
    ),
    **dict.fromkeys(
        ("call", "close", "with_options"), "clients have another method of its name"
    ),
    "client": "it holds the clients of the package",
    "errors": "it holds the exceptions of the package",
    "package": "its tests would replace those of the package as a whole",
    "testing": "it is kept for what helps callers with their tests",
    "tests": "it holds the tests of the package",
    "types": "it holds what operations share",
    "verify": "it proves that a copy of the package is unmodified",
}

# File systems take little more than twice as many characters in the name of a file.
_LONGEST_MODULE = 100
_LONGEST_SUGGESTION = 60

# Name of an enumeration's value that is an empty text.
_EMPTY = "EMPTY"

# Reasons why a name cannot be taken.
NOT_TOLD = "it has no spelling in letters and digits of ASCII"
NO_CLASS = "it is not written like a class of Python"


class Code(Markup):
    """Python source text: the only thing that a template prints as it is.

    Jinja2 takes it for markup that needs no escaping; a plain string is refused (`render`).
    """

    __slots__ = ()

    @classmethod
    def escape(cls, s: object, /) -> Self:
        """Take in source text only: a plain text that is escaped for HTML is still no Python."""
        if not isinstance(s, Markup):
            raise TypeError(f"a {type(s).__name__} becomes part of source text")
        return cls(s)


NO_CODE = Code()


class Identifier(Code):
    """A Python identifier, never a keyword."""

    __slots__ = ()

    def __new__(cls, name: str) -> Self:
        """Check and wrap a name; a bad one is a bug of the caller."""
        if not is_identifier(name):
            raise ValueError(f"not an identifier: {name!r}")
        return super().__new__(cls, name)


@cache
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


@cache
def is_identifier(name: str) -> bool:
    """Whether Python takes an ASCII name as it is."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name)


def is_wire_name(name: str) -> bool:
    """Whether XML takes a name for an element, without a prefix."""
    return _WIRE_NAME.fullmatch(name) is not None


def is_attribute_name(name: str) -> bool:
    """Whether an attribute can have a name, with one of the prefixes that are known."""
    prefix, colon, local = name.partition(":")
    is_known = prefix in ("xml", "xsi") if colon else True
    return (
        is_known
        and is_wire_name(local if colon else prefix)
        and name not in _TAKEN_ATTRIBUTES
    )


def is_wire_text(text: str) -> bool:
    """Whether XML can carry a text."""
    return _NOT_IN_XML.search(text) is None


def wire_name_like(name: str) -> str:
    """Return the nearest name that XML takes; empty when no character of a name can stay."""
    local = name.rpartition(":")[2]
    kept = "".join(each for each in local if is_wire_name(f"_{each}"))
    return kept if is_wire_name(kept) or not kept else f"_{kept}"


@cache
def snake_case(name: str) -> str:
    """Return the words of a wire name in lower case: `SmsProfileID` is `sms_profile_id`."""
    return "_".join(word.lower() for word in _words(name))


@cache
def pascal_case(name: str) -> str:
    """Return the words of a wire name capitalised: `SMSOptOut_Create` is `SmsOptOutCreate`."""
    return "".join(word.capitalize() for word in _words(name))


def file_stem(title: str) -> str:
    """Return the name under which the documents and the tests of an example are kept."""
    return snake_case(title)[:_LONGEST_SUGGESTION].rstrip("_") or "example"


@cache
def attribute_name(wire_name: str, asked_for: str) -> Identifier | None:
    """Return the name of a member in Python; None when no good one can be derived."""
    name = asked_for or _derived(wire_name)
    if not asked_for and (keyword.iskeyword(name) or name in _RESERVED):
        name = f"{name}_"
    return None if reserved_reason(name) else Identifier(name)


def reserved_reason(name: str) -> str:
    """Return why a name that a spec asks for cannot be taken; empty when it can."""
    if name in _RESERVED:
        return f"it {_RESERVED[name]}"
    reason = _identifier_problem(name)
    return reason or ("" if name.islower() else "it is not in small letters")


@cache
def constant_name(text: str, asked_for: str) -> Identifier | None:
    """Return the name of an enumeration's value; None when no good one can be derived."""
    name = asked_for or _derived(text).upper() or ("" if text else _EMPTY)
    return None if constant_problem(name) else Identifier(name)


def constant_problem(name: str) -> str:
    """Return why no value of an enumeration can have a name; empty when one can."""
    reason = _identifier_problem(name)
    return reason or ("" if name.isupper() else "it is not in capitals")


def suggest_constant(text: str, is_free: Callable[[str], bool]) -> str:
    """Return a name in capitals for a value of an enumeration."""
    return suggest(text or "empty", "value", lambda each: is_free(each.upper())).upper()


def module_name(wire_name: str, asked_for: str) -> Identifier | None:
    """Return the name of an operation's module; None when no good one can be derived."""
    name = asked_for or _derived(wire_name)
    return None if module_problem(name) else Identifier(name)


def module_problem(name: str) -> str:
    """Return why no module of an operation can have a name; empty when one can."""
    if len(name) > _LONGEST_MODULE:
        return f"its file would have a name of more than {_LONGEST_MODULE} characters"
    # On some file systems capitals and small letters are the same.
    return RESERVED_MODULES.get(name.lower(), "") or _identifier_problem(name)


@cache
def class_name(*wire_names: str) -> Identifier | None:
    """Return the class named after a path of wire names; None when no good one can be derived."""
    name = "".join(map(class_spelling, wire_names))
    usable = all(map(class_spelling, wire_names)) and not class_problem(name)
    return Identifier(name) if usable else None


@cache
def class_spelling(wire_name: str) -> str:
    """Return a wire name as a class is written; empty when letters of it would get lost."""
    return pascal_case(wire_name) if _is_ascii(wire_name) else ""


def class_problem(name: str) -> str:
    """Return why no class can have a name; empty when one can."""
    if name in RESERVED_CLASSES:
        return RESERVED_CLASSES[name]
    if name[:1].isupper() and hasattr(builtins, name):
        return "Python has one built in"
    return "" if _is_written_like_class(name) else NO_CLASS


def service_problem(name: str) -> str:
    """Return why neither a package nor its exceptions can be named after a service."""
    package, base = snake_case(name), f"{name}Error"
    if not _is_written_like_class(name):
        return NO_CLASS
    if class_problem(base):
        return f"its exceptions would have the base `{base}`, but {class_problem(base)}"
    if package in sys.stdlib_module_names or package == "pytest":
        return f"the package would hide the module `{package}`"
    if len(package) > _LONGEST_MODULE:
        return f"its folder would have a name of more than {_LONGEST_MODULE} characters"
    problem = _identifier_problem(package)
    return problem and f"no package can be the folder `{package}`: {problem}"


def item_stem(item: str) -> str:
    """Return what names after the items of a list are made of; no spec can ask for others."""
    return item if attribute_name(item, "") else "item"


def suggest(wire_name: str, noun: str, is_free: Callable[[str], bool]) -> str:
    """Return a name in small letters for which a spec can ask.

    Args:
        wire_name: What it is to remind of.
        noun: What it names; added where the words of the wire name alone do not do.
        is_free: Whether a name can be taken.
    """
    stem = snake_case(wire_name)[:_LONGEST_SUGGESTION].rstrip("_") or noun
    stem = f"{noun}_{stem}" if stem[0].isdigit() else stem
    stem = _ORDINAL.sub(r"\1\2", stem)
    longer = () if stem == noun else (f"{stem}_{noun}",)
    return _first_free((stem, *longer), f"{stem}_", is_free)


def suggest_number(name: str, is_free: Callable[[str], bool]) -> str:
    """Return a name with a number, where another one has the name without."""
    return _first_free((), f"{str(name).rstrip('_')}_", is_free)


def suggest_class(name: str, service: str, is_free: Callable[[str], bool]) -> str:
    """Return a name for a class of a service that reminds of another name."""
    stem, owner = pascal_case(name) or "Structure", pascal_case(service)
    longer = f"{owner if is_identifier(owner) else 'Own'}{stem}"
    return _first_free((stem, longer), longer, is_free)


def suggest_service(name: str) -> str:
    """Return a name for a service that reminds of another name."""
    stem = pascal_case(name)[:_LONGEST_SUGGESTION] or "OwnService"
    candidates = (stem, f"{stem}Service", f"Service{stem}")
    return _first_free(candidates, "Service", lambda each: not service_problem(each))


def _first_free(
    candidates: tuple[str, ...], stem: str, is_free: Callable[[str], bool]
) -> str:
    """Return the first candidate that is free, or else the stem with the first such number."""
    numbered = (f"{stem}{number}" for number in count(2))
    return next(filter(is_free, chain(candidates, numbered)))


def _derived(wire_name: str) -> str:
    """Return the words of a wire name; none when letters of it would get lost."""
    return snake_case(wire_name) if _is_ascii(wire_name) else ""


def _identifier_problem(name: str) -> str:
    if keyword.iskeyword(name):
        return "it is a keyword of Python"
    if name.startswith("_"):
        return "a leading underscore would make it private"
    return "" if is_identifier(name) else "it is not an identifier of ASCII letters"


def _is_written_like_class(name: str) -> bool:
    return is_identifier(name) and name[:1].isupper()


@cache
def _is_ascii(name: str) -> bool:
    """Whether nothing but accents gets lost where a name is written in ASCII."""
    return _without_accents(name).isascii()


def _without_accents(name: str) -> str:
    decomposed = unicodedata.normalize("NFD", name)
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _words(name: str) -> list[str]:
    return _WORD.findall(_without_accents(name))
