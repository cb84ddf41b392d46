"""Requests at the edge of what a spec allows: for every constraint one that passes and one that fails."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    AtomValue,
    Count,
    Field,
    Length,
    ListType,
    ListValue,
    Maximum,
    MemberValue,
    Minimum,
    NilValue,
    Pattern,
    Presence,
    Primitive,
    Service,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
)
from soapstone.samples import patterns
from soapstone.samples.rules import choices
from soapstone.samples.validation import Steps, is_bare_list, violated
from soapstone.samples.values import Sampler, neighbour

_ASTRAL = "\N{MOBILE PHONE}"

_WRONG: dict[Primitive, tuple[Atom, ...]] = {
    Primitive.STRING: (1, b"text"),
    Primitive.BOOLEAN: ("true", 1),
    Primitive.INT: (True, "1", 1.0),
    Primitive.LONG: (True, "1", 1.0),
    Primitive.DECIMAL: (1.5, "1.5", True),
    Primitive.DOUBLE: (True, "1.5"),
    Primitive.DATE: (
        "2026-01-31",
        datetime.datetime(2026, 1, 31, tzinfo=datetime.timezone.utc),
    ),
    Primitive.DATE_TIME: ("2026-01-31T00:00:00", datetime.date(2026, 1, 31)),
    Primitive.BASE64: ("text",),
}
_EDGES: dict[Primitive, tuple[Atom, ...]] = {
    Primitive.STRING: ("\x00", "\ud800", "a\ufffe"),
    Primitive.BOOLEAN: (False,),
    Primitive.INT: (2**31 - 1, 2**31, -(2**31), -(2**31) - 1),
    Primitive.LONG: (2**63 - 1, 2**63, -(2**63), -(2**63) - 1),
    Primitive.DECIMAL: (Decimal("NaN"), Decimal("Infinity")),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A member that is set to another value, or left out."""

    steps: Steps
    value: Value | None


@dataclass(frozen=True, slots=True)
class Case:
    """A valid request, what is changed in it, and what is then broken.

    Attributes:
        base: Which of the valid requests.
    """

    base: int
    changes: tuple[Change, ...]
    broken: tuple[tuple[Steps, str], ...]


def valid_requests(service: Service, request: Structure) -> tuple[StructureValue, ...]:
    """Return requests that together give every member, and last the smallest one."""
    count = max(len(choices(each)) for each in _structures(service, request, set()))
    full = [Sampler(service, variant).structure(request) for variant in range(count)]
    smallest = Sampler(service, None).structure(request)
    return tuple(dict.fromkeys((*full, smallest)))


def constraint_cases(
    service: Service, request: Structure, bases: tuple[StructureValue, ...]
) -> tuple[Case, ...]:
    """Return the cases for every constraint and every rule of a request."""
    found: dict[tuple[object, ...], Case] = {}
    for changes in _changes(service, request, bases):
        base = _best_base(bases, changes[0].steps)
        changed = bases[base]
        for change in changes:
            changed = _changed(changed, change.steps, change.value)
        case = Case(base, changes, tuple(violated(service, request, changed)))
        found.setdefault((base, _key(changes)), case)
    return tuple(found.values())


def _key(changes: tuple[Change, ...]) -> tuple[object, ...]:
    # True equals 1 and 1.0, so that the type has to tell them apart.
    return tuple((change.steps, repr(change.value)) for change in changes)


def _structures(
    service: Service, structure: Structure, seen: set[int]
) -> Iterator[Structure]:
    if id(structure) in seen:
        return
    seen.add(id(structure))
    yield structure
    for member in structure.fields:
        kind = member.type
        while isinstance(kind, ListType):
            kind = kind.of
        nested = service.structure_of(kind)
        if nested is not None:
            yield from _structures(service, nested, seen)


def _changes(
    service: Service, request: Structure, bases: tuple[StructureValue, ...]
) -> Iterator[tuple[Change, ...]]:
    seen: set[Steps] = set()
    for base in bases:
        yield from _structure_changes(service, request, base, (), seen)


def _structure_changes(
    service: Service,
    structure: Structure,
    value: StructureValue,
    at: Steps,
    seen: set[Steps],
) -> Iterator[tuple[Change, ...]]:
    for member in structure.fields:
        steps = (*at, member.name)
        given = value.get(member.name)
        if given is None or member.presence in (Presence.PROHIBITED, Presence.IGNORED):
            continue
        if steps not in seen:
            seen.add(steps)
            if not is_bare_list(member.type):
                yield (Change(steps, None),)
            yield from _value_changes(service, member.type, given, steps)
        yield from _nested_changes(service, member.type, given, steps, seen)
    rules = (*at, "")
    if rules not in seen:
        seen.add(rules)
        yield from _rule_changes(service, structure, at)


def _nested_changes(
    service: Service, kind: Type, value: Value, steps: Steps, seen: set[Steps]
) -> Iterator[tuple[Change, ...]]:
    if isinstance(kind, ListType) and isinstance(value, ListValue) and value.items:
        first = (*steps, 0)
        if first not in seen:
            seen.add(first)
            yield (Change(first, NilValue(span=kind.span)),)
            yield from _value_changes(service, kind.of, value.items[0], first)
        yield from _nested_changes(service, kind.of, value.items[0], first, seen)
    elif isinstance(value, StructureValue):
        structure = service.structure_of(kind)
        if structure is not None:
            yield from _structure_changes(service, structure, value, steps, seen)


def _value_changes(
    service: Service, kind: Type, given: Value, steps: Steps
) -> Iterator[tuple[Change, ...]]:
    for value in _values(service, kind, given):
        yield (Change(steps, value),)


def _values(service: Service, kind: Type, given: Value) -> Iterator[Value]:
    match kind:
        case AtomType():
            for atom in _atoms(kind):
                yield AtomValue(value=atom, span=kind.span)
        case ListType():
            yield AtomValue(value="text", span=kind.span)
            yield from _lists(service, kind)
        case _:
            yield AtomValue(value="text", span=given.span)


def _atoms(kind: AtomType) -> Iterator[Atom]:
    yield from _WRONG[kind.primitive]
    yield from _EDGES.get(kind.primitive, ())
    for constraint in kind.constraints:
        yield from _edges(constraint)


def _edges(constraint: AtomConstraint) -> Iterator[Atom]:
    match constraint:
        case Length(minimum=minimum, maximum=maximum):
            lengths = [minimum, maximum]
            lengths += [] if not minimum else [minimum - 1]
            lengths += [] if maximum is None else [maximum + 1]
            yield from ("x" * length for length in lengths if length is not None)
            # One character for whoever counts characters, two for whoever counts UTF-16 units.
            if maximum is not None:
                yield from (_ASTRAL * maximum, _ASTRAL * (maximum + 1))
        case Pattern(expression=expression, accepts=accepts, rejects=rejects):
            yield from (*accepts, *patterns.accepted(expression))
            yield from (*rejects, *patterns.rejected(expression))
        case Minimum(limit=limit):
            yield from (limit, neighbour(limit, -1))
        case Maximum(limit=limit):
            yield from (limit, neighbour(limit, 1))
        case Allowed(values=values):
            yield from values
            yield from (_other(value) for value in values[:1])


def _other(value: Atom) -> Atom:
    match value:
        case str():
            return f"{value} or other"
        case int():
            return value + 7919
        case Decimal():
            return value + Decimal("0.7919")
        case _:  # pragma: no cover -- the type checker asks for it
            return value


def _lists(service: Service, kind: ListType) -> Iterator[Value]:
    lengths = {0}
    for constraint in kind.constraints:
        match constraint:
            case Count(minimum=minimum, maximum=maximum):
                lengths |= {minimum or 0, max((minimum or 0) - 1, 0)}
                lengths |= set() if maximum is None else {maximum, maximum + 1}
            case Unique():
                twice = _list_of(service, kind, 1).items * 2
                yield ListValue(items=twice, span=kind.span)
    for length in sorted(lengths):
        yield _list_of(service, kind, length)


def _list_of(service: Service, kind: ListType, length: int) -> ListValue:
    sampler = Sampler(service)
    items = [sampler.value(kind.of, kind.item or "Item") for _ in range(length)]
    return ListValue(
        items=tuple(value for value in items if value is not None), span=kind.span
    )


def _rule_changes(
    service: Service, structure: Structure, at: Steps
) -> Iterator[tuple[Change, ...]]:
    for rule in structure.rules:
        names = [member.name for member in rule.members]
        fields = [
            field for name in names if (field := structure.member(name)) is not None
        ]
        sets = [set[str](), set(names), *({name} for name in names), set(names[:2])]
        sets += [set(names) - {name} for name in names]
        for given in sets:
            yield tuple(
                Change((*at, field.name), _given(service, field, given))
                for field in fields
            )


def _given(service: Service, field: Field, given: set[str]) -> Value | None:
    return (
        Sampler(service).value(field.type, field.name) if field.name in given else None
    )


def _best_base(bases: tuple[StructureValue, ...], steps: Steps) -> int:
    """Return the first request in which a member, or at least what holds it, is there."""
    found = (
        number
        for wanted in (steps, steps[:-1])
        for number, base in enumerate(bases)
        if _at(base, wanted) is not None
    )
    return next(found, 0)


def _at(value: Value | None, steps: Steps) -> Value | None:
    for step in steps:
        match value, step:
            case StructureValue(), str():
                value = value.get(step)
            case ListValue(items=items), int():
                value = items[step] if step < len(items) else None
            case _:  # pragma: no cover -- the type checker asks for it
                return None
    return value


def _changed(root: StructureValue, steps: Steps, value: Value | None) -> StructureValue:
    changed = _replaced(root, steps, value)
    return changed if isinstance(changed, StructureValue) else root


def _replaced(root: Value, steps: Steps, value: Value | None) -> Value:
    step, rest = steps[0], steps[1:]
    if isinstance(root, ListValue) and isinstance(step, int):
        items = list(root.items)
        items[step] = (
            _replaced(items[step], rest, value) if rest else (value or items[step])
        )
        return replace(root, items=tuple(items))
    if not isinstance(
        root, StructureValue
    ):  # pragma: no cover -- the type checker asks for it
        return root
    if rest:
        inner = root.get(str(step))
        return (
            root
            if inner is None
            else _with(root, str(step), _replaced(inner, rest, value))
        )
    return _with(root, str(step), value)


def _with(root: StructureValue, name: str, value: Value | None) -> StructureValue:
    """Return the structure with a member set; its place among the others does not matter."""
    kept = tuple(member for member in root.members if member.name != name)
    if value is None:
        return replace(root, members=kept)
    return replace(
        root, members=(*kept, MemberValue(name=name, value=value, span=root.span))
    )
