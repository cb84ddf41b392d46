"""Different values of one type: for lists that must not repeat an item."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from itertools import chain, combinations, islice
from typing import TypeVar, assert_never

from soapstone.model import (
    Allowed,
    Atom,
    AtomType,
    AtomValue,
    EnumerationType,
    InlineType,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    MixedListType,
    Pattern,
    Service,
    SharedType,
    StructureValue,
    Type,
    Value,
)
from soapstone.samples import patterns
from soapstone.samples.validation import Judge

# How many values are tried at most: a domain may be endless, and none of it may fit.
_TRIES = 20_000

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_./@"
_STEPS = (datetime.timedelta(days=1), datetime.timedelta(seconds=1))

_Kind = TypeVar("_Kind")


def different(
    service: Service,
    kind: ListType | MixedListType,
    made: Iterable[Value],
    wanted: int,
) -> tuple[Value, ...]:
    """Return so many different items that a list allows, or as many as were found.

    Args:
        service: The service that has the list.
        kind: The list.
        made: Items to start from; they come first. Each other one differs little from one of them.
        wanted: How many are needed.
    """
    alone = replace(kind, constraints=())
    judge = Judge(service)
    found = dict.fromkeys(made)
    waiting = list(found)
    tries = _TRIES
    while waiting and len(found) < wanted and tries:
        for item in islice(_near_items(service, kind, waiting.pop(0)), tries):
            tries -= 1
            if item in found:
                continue
            value = ListValue(items=(item,), span=kind.span)
            if not judge.value(alone, value):
                found[item] = None
                waiting.append(item)
                if len(found) >= wanted:
                    break
    return tuple(found)


def _near(service: Service, kind: Type, value: Value) -> Iterator[Value]:
    """Yield values that differ from another in one place; not all of them are allowed."""
    match kind, value:
        case (AtomType() | EnumerationType()), AtomValue(value=atom):
            for each in _atoms(kind, atom):
                yield AtomValue(value=each, span=value.span)
        case (SharedType() | InlineType()), StructureValue():
            yield from _structures(service, kind, value)
        case (ListType() | MixedListType()), ListValue(items=items):
            for changed in _lists(service, kind, items):
                yield replace(value, items=changed)
        case _:  # pragma: no cover -- the type checker asks for it
            pass


def _structures(
    service: Service, kind: SharedType | InlineType, value: StructureValue
) -> Iterator[Value]:
    structure = service.structure_of(kind)
    for place, member in enumerate(value.members):
        field = None if structure is None else structure.member(member.name)
        if field is not None:  # pragma: no branch -- the type checker asks for it
            for changed in _near(service, field.type, member.value):
                members = _with(value.members, place, replace(member, value=changed))
                yield replace(value, members=members)
        yield replace(value, members=_with(value.members, place))


def _lists(
    service: Service, kind: ListType | MixedListType, items: tuple[Value, ...]
) -> Iterator[tuple[Value, ...]]:
    for first, second in combinations(range(len(items)), 2):
        swapped = list(items)
        swapped[first], swapped[second] = items[second], items[first]
        yield tuple(swapped)
    for place, item in enumerate(items):
        yield _with(items, place)
        for changed in _near_items(service, kind, item):
            yield _with(items, place, changed)
            yield _with(items, place, item, changed)


def _near_items(
    service: Service, kind: ListType | MixedListType, item: Value
) -> Iterator[Value]:
    """Yield items of a list that differ from another in one place; not all of them are allowed."""
    match kind, item:
        case ListType(of=of), _:
            yield from _near(service, of, item)
        case MixedListType(alternatives=alternatives), MemberValue():
            for alternative in alternatives:
                if alternative.name == item.name:
                    for changed in _near(service, alternative.type, item.value):
                        yield replace(item, value=changed)
        case _:  # pragma: no cover -- the type checker asks for it
            pass


def _with(values: tuple[_Kind, ...], place: int, *instead: _Kind) -> tuple[_Kind, ...]:
    return (*values[:place], *instead, *values[place + 1 :])


def _atoms(kind: AtomType | EnumerationType, atom: Atom) -> Iterator[Atom]:
    """Yield atoms that are next to another, or that the type itself names."""
    if isinstance(kind, EnumerationType):
        yield from (each.text for each in kind.enumeration.values)
    else:
        for constraint in kind.constraints:
            if isinstance(constraint, Allowed):
                yield from constraint.values
            elif isinstance(constraint, Pattern):
                yield from patterns.varied(constraint.expression)
            elif isinstance(constraint, Minimum | Maximum):
                yield constraint.limit
    yield from _next(atom)


def _next(atom: Atom) -> Iterator[Atom]:
    match atom:
        case bool():
            yield not atom
        case int():
            yield from (atom + 1, atom - 1)
        case float():
            yield from (atom + 1, atom - 1, atom + 0.25, atom - 0.25)
        case Decimal():
            for step in (Decimal(1), Decimal("0.01")):
                yield from (atom + step, atom - step)
        case datetime.date():
            # There is nothing after the last day of the calendar, nor before the first.
            with suppress(OverflowError):
                yield from chain.from_iterable(
                    (atom + step, atom - step) for step in _STEPS
                )
        case (
            bytes()
        ):  # pragma: no cover -- samples of bytes are numbered, and differ already
            yield atom + b"x"
        case str():
            yield from _texts(atom)
        case _:
            assert_never(atom)


def _texts(text: str) -> Iterator[str]:
    for place, character in reversed(list(enumerate(text))):
        code = ord(character)
        others = (*_CHARACTERS, chr(code + 1), chr(max(code - 1, 0)))
        yield from (
            text[:place] + other + text[place + 1 :]
            for other in others
            if other.isprintable() and not other.isspace()
        )
