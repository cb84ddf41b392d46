"""Keeps secrets out of what people get to see."""

import copy
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeGuard, TypeVar

from . import writing
from .document import decode_roughly

_Kind = TypeVar("_Kind")

MASK = "***"

_START_LENGTH = 300

_SHORTEST_SECRET = 4

# Masking removes text, so more is looked at than is shown. What lies behind cannot change
# the mask of what is shown, because a secret that does not end is masked to the end.
_WINDOW = 4096


def start_of(document: bytes | str, secrets: frozenset[str]) -> str:
    """At most 300 characters from the beginning of a document of any kind, masked.

    Args:
        document: Anything that came as an answer; undecodable bytes are replaced.
        secrets: Local names of the elements whose content is secret.
    """
    return mask_document(decode_roughly(document, _WINDOW), secrets)[:_START_LENGTH]


def mask_document(text: str, secrets: frozenset[str]) -> str:
    """XML text, or a piece of it, without the content of its secret elements.

    Masks the content up to the end tag, whatever it consists of, and up to the end of the
    text when there is none: when in doubt, too much. Finds elements with any prefix, in
    comments and CDATA too, in escaped spelling (`&lt;Name&gt;`, also escaped twice), and
    attributes and JSON members of such a name. Capitals and small letters are the same.
    """
    if not secrets:
        return text
    patterns = _patterns(secrets)
    regions = list(_quoted(text, patterns.quoted))
    for level in patterns.levels:
        regions.extend(_contents(text, level))
    pieces: list[str] = []
    position = 0
    for start, end in sorted(regions):
        if start > position:  # otherwise it continues the mask before
            pieces += (text[position:start], MASK)
        position = max(position, end)
    pieces.append(text[position:])
    return "".join(pieces)


def without_secrets(instance: _Kind, secrets: frozenset[str] = frozenset()) -> _Kind:
    """A copy of a dataclass instance to show to people.

    In it, and in all dataclasses inside, also in tuples, every field that is declared with
    `repr=False` holds `MASK`, unless its value is None, and every other text is masked
    like a document: it may quote a request. The copy is not validated.
    """
    if not is_dataclass(instance) or isinstance(instance, type):
        return instance
    shown = copy.copy(instance)
    for field in fields(instance):
        value: object = getattr(instance, field.name)
        if value is not None:
            # The class may be frozen, which is what this goes around.
            masked = _masked(value, secrets) if field.repr else MASK
            object.__setattr__(shown, field.name, masked)
    return shown


def secret_values(*instances: object) -> frozenset[str]:
    """The texts that stand in secret fields of dataclass instances, and of all inside them.

    A field is secret that is declared with `repr=False`. A text of a few characters is left
    out: it would be found, and masked, in everything.
    """
    return frozenset(
        value for value in _secrets_in(instances) if len(value) >= _SHORTEST_SECRET
    )


def mask_values(text: str, values: frozenset[str]) -> str:
    """A text without secret values, as they are or as they are written in XML."""
    for value in sorted(values, key=len, reverse=True):
        for written in (value, writing.text(value), writing.attribute(value)):
            text = text.replace(written, MASK)
    return text


def without_values(value: _Kind, values: frozenset[str]) -> _Kind:
    """A text, or a copy of a tuple or dataclass instance, without secret values in its texts."""
    found: object = _replaced(value, values)
    return found if isinstance(found, type(value)) else value


def _replaced(value: object, values: frozenset[str]) -> object:
    if type(value) is str:
        return mask_values(value, values)
    if _is_tuple(value):
        return tuple(_replaced(item, values) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    shown = copy.copy(value)
    for field in fields(value):
        inner: object = getattr(value, field.name)
        object.__setattr__(shown, field.name, _replaced(inner, values))
    return shown


def _secrets_in(value: object) -> Iterator[str]:
    if _is_tuple(value):
        for item in value:
            yield from _secrets_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            found: object = getattr(value, field.name)
            if field.repr:
                yield from _secrets_in(found)
            else:
                yield from _texts_in(found)


def _texts_in(value: object) -> Iterator[str]:
    """Every text in a value that is secret as a whole."""
    if isinstance(value, str):
        yield str.__str__(value)
    elif _is_tuple(value):
        for item in value:
            yield from _texts_in(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner: object = getattr(value, field.name)
            yield from _texts_in(inner)


def _masked(value: object, secrets: frozenset[str]) -> object:
    if _is_tuple(value):
        return tuple(_masked(item, secrets) for item in value)
    # A documented value is no secret, and would no longer be one of its enumeration.
    if isinstance(value, str) and not isinstance(value, Enum):
        return mask_document(value, secrets)
    return without_secrets(value, secrets)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


# Finding secrets
#
# Markup inside a text is escaped, perhaps once more when a fault quotes it. An end tag ends
# an element only when it is escaped as often as the start tag: the content may well hold
# `&lt;/Name&gt;` as text. So each level of escaping is searched on its own, and what is
# masked is everything that one of the searches found.


class _Level(NamedTuple):
    """How markup looks at one level of escaping."""

    start: re.Pattern[str]
    """A start tag of a secret element; `tag` is set when it was understood to its end."""
    token: re.Pattern[str]
    """What matters inside: other such tags, and whatever may hide one that is none."""
    value: re.Pattern[str]
    """The value of an attribute."""


class _Patterns(NamedTuple):
    """What finds the secrets of one set of names."""

    quoted: re.Pattern[str]
    levels: tuple[_Level, ...]


def _contents(text: str, level: _Level) -> Iterator[tuple[int, int]]:
    """The contents of secret elements, and the attribute values in their start tags."""
    position = 0
    while start := level.start.search(text, position):
        position = start.end()
        if start["tag"]:
            for value in level.value.finditer(text, start.end("name"), position):
                yield value.span("value")
        if start["empty"]:
            continue
        end, after = _end_tag(text, level, start["name"].lower(), position)
        if end > position:
            yield position, end
        position = after


def _end_tag(text: str, level: _Level, name: str, position: int) -> tuple[int, int]:
    """Where the end tag of an element starts and ends; the end of the text without one."""
    depth = 1
    for token in level.token.finditer(text, position):
        if (token["name"] or "").lower() != name or token["empty"]:
            continue
        depth += -1 if token["end"] else 1
        if not depth:
            return token.span()
    return len(text), len(text)


def _quoted(text: str, quoted: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The values of attributes and JSON members with a secret name."""
    position = 0
    while start := quoted.search(text, position):
        quote = start["quote"]
        end = text.find(quote, start.end())
        while end > 0 and text[end - 1] == "\\":  # a quote inside JSON text
            end = text.find(quote, end + 1)
        position = end if end >= 0 else len(text)
        if position > start.end():
            yield start.end(), position


@lru_cache(maxsize=16)
def _patterns(secrets: frozenset[str]) -> _Patterns:
    names = "|".join(map(re.escape, sorted(secrets)))
    quoted = re.compile(
        rf"(?<![\w.-])(?:{names})(?:\\?{_QUOTE})?\s*[=:]\s*(?P<quote>\\?{_QUOTE})",
        re.IGNORECASE,
    )
    return _Patterns(
        quoted,
        (
            _level(names, "<", ">"),
            _level(names, r"&(?:lt|\#0*60|\#x0*3c);", _ANY_END),
            _level(names, rf"{_AMPERSAND}(?:lt|\#0*60|\#x0*3c);", _ANY_END),
        ),
    )


_AMPERSAND = r"&(?:amp|\#0*38|\#x0*26);"
_ANY_END = rf"(?:>|(?:&|{_AMPERSAND})(?:gt|\#0*62|\#x0*3e);)"
_QUOTE = rf"(?:[\"']|(?:&|{_AMPERSAND})(?:quot|apos|\#0*3[49]|\#x0*2[27]);)"


def _level(names: str, less: str, greater: str) -> _Level:
    name = rf"(?:[^\s<>/:&;\"'=]+:)?(?P<name>{names})(?![\w.:-])"
    value = (
        rf"(?P<quote>{_QUOTE})(?P<value>(?:(?!(?P=quote)|{greater})[^<>])*)(?P=quote)"
    )
    attributes = rf"(?:\s+[^\s<>/&\"'=]+\s*=\s*{value})*\s*"
    flags = re.DOTALL | re.IGNORECASE
    start = rf"{less}{name}(?P<tag>{attributes}(?P<empty>/?){greater})?"
    token = rf"""{less}(?:
        !\[CDATA\[.*?(?:\]\]{greater}|\Z)
      | !--.*?(?:--{greater}|\Z)
      | \?.*?(?:\?{greater}|\Z)
      | (?P<end>/)?{name}(?(end)\s*{greater}|(?P<empty>{attributes}/{greater})?)
    )"""
    return _Level(
        re.compile(start, flags),
        re.compile(token, flags | re.VERBOSE),
        re.compile(value, flags),
    )
