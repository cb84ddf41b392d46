"""Keeps secrets out of what people get to see."""

import copy
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeGuard, TypeVar

from . import writing
from .document import LOOKED_AT, decode_roughly, described

_Kind = TypeVar("_Kind")

MASK = "***"

_START_LENGTH = 300

_SHORTEST_SECRET = 4

# Masking removes text, so more is looked at than is shown. What lies behind cannot change
# the mask of what is shown, because a secret that does not end is masked to the end.
_WINDOW = 4096


def start_of(
    document: bytes | str,
    secrets: frozenset[str],
    values: frozenset[str] = frozenset(),
    length: int = _START_LENGTH,
) -> str:
    """The beginning of a document of any kind, masked, wherever it is cut off.

    Args:
        document: Anything that was sent or received; undecodable bytes are replaced.
        secrets: Local names of elements and attributes whose content is secret.
        values: Texts that are secret wherever they stand.
        length: How many characters there are at most.
    """
    window = max(length, _WINDOW)
    text = mask_document(decode_roughly(document, window), secrets)
    return mask_values(text, values, is_cut=len(document) > window)[:length]


def kind_of(document: bytes | str, values: frozenset[str]) -> str | None:
    """What `described` says of a document, which quotes its title, without secret values."""
    text = decode_roughly(document, LOOKED_AT)
    return described(mask_values(text, values, is_cut=len(document) > LOOKED_AT))


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
    return _without(text, regions)


def _without(text: str, regions: Iterable[tuple[int, int]]) -> str:
    """A text with a mask in the place of each region; those that touch get one."""
    pieces: list[str] = []
    position = -1
    for start, end in sorted(regions):
        if start > position:  # otherwise it continues the mask before
            pieces += (text[max(position, 0) : start], MASK)
        position = max(position, end)
    pieces.append(text[max(position, 0) :])
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


def mask_values(text: str, values: frozenset[str], *, is_cut: bool = False) -> str:
    """A text without secret values, however XML, HTML or JSON escape them.

    Args:
        text: Any text.
        values: What is masked in it.
        is_cut: Whether the text went on, so that it may end inside a value.
    """
    if not values:
        return text
    plain, places = _unescaped(text)
    regions: list[tuple[int, int]] = []
    for value in values:
        sought, _ = _unescaped(value)
        regions.extend(
            (places[found.start()], places[found.end()])
            for found in re.finditer(re.escape(sought), plain)
        )
        if is_cut:
            regions.append((_beginning(text, sought), len(text)))
    return _without(text, (each for each in regions if each[0] < each[1]))


def _beginning(text: str, sought: str) -> int:
    """Where a value begins that a text ends inside; the end of the text if it does not.

    What the text ends inside may also be the spelling of a character.
    """
    begins = len(text)
    for whole in (text, _UNFINISHED.sub("", text)):
        plain, places = _unescaped(whole)
        longest = min(len(sought) - 1, len(plain))
        for length in range(longest, 0, -1):
            if plain.endswith(sought[:length]):
                begins = min(begins, places[len(plain) - length])
                break
    return begins


def _unescaped(text: str) -> tuple[str, Sequence[int]]:
    """A text without escapes, however often it was escaped, and where each character stood."""
    if "&" not in text and "\\" not in text:
        return text, range(len(text) + 1)
    pieces: list[str] = []
    places: list[int] = []
    position = 0
    for escape in _ESCAPE.finditer(text):
        places.extend(range(position, escape.start() + 1))
        pieces += (text[position : escape.start()], _meant(escape))
        position = escape.end()
    places.extend(range(position, len(text) + 1))
    return "".join((*pieces, text[position:])), places


def _meant(escape: re.Match[str]) -> str:
    """The one character that an escape stands for."""
    if escape["name"]:
        return _NAMED[escape["name"].lower()]
    if escape["quote"]:
        return escape["quote"]
    for group, base in (("decimal", 10), ("hexadecimal", 16), ("json", 16)):
        if escape[group]:
            number = int(escape[group], base)
            return chr(number) if number <= sys.maxunicode else "\ufffd"
    return escape[0][0]


_NAMED = {"lt": "<", "gt": ">", "quot": '"', "apos": "'"}

# Backslashes are those of JSON, and of Python, in whose spelling an error quotes a document.
_ESCAPE = re.compile(
    r"""&(?:(?:amp|\#0*38|\#x0*26);)*(?:
        (?P<name>lt|gt|quot|apos);
      | \#0*(?P<decimal>[0-9]{1,7});
      | \#x0*(?P<hexadecimal>[0-9a-f]{1,6});
    )?
    | \\+(?:u(?P<json>[0-9a-f]{4})|(?P<quote>["'/]))?""",
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"""(?:&(?:(?:amp|\#0*38|\#x0*26);)*(?:[a-z]{0,4}|\#0*[0-9]{0,7}|\#x0*[0-9a-f]{0,6})
    | (?<!\\)\\+(?:u[0-9a-f]{0,3})?)\Z""",
    re.VERBOSE | re.IGNORECASE,
)


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
    """Every text in a value that is secret as a whole, and what is written as one."""
    if isinstance(value, str):
        yield str.__str__(value)
    elif isinstance(value, bytes):
        yield writing.binary(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield writing.integer(value)
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
