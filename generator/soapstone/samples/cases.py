"""Requests at the edge of what a spec allows: for every constraint one that passes and one that fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from soapstone.model import (
    AtomType,
    AtomValue,
    Count,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Unique,
    Value,
)
from soapstone.samples.changes import Change, at, changed, replaced
from soapstone.samples.edges import atoms
from soapstone.samples.recursion import reachable
from soapstone.samples.rule_cases import RuleCases
from soapstone.samples.rules import is_usable
from soapstone.samples.validation import (
    Broken,
    Judge,
    Steps,
    is_bare_list,
    is_item,
    may_be_nil,
    violated,
)
from soapstone.samples.values import Known, Sampler

# No list of a test has more, with those of the structures in it.
MOST_VALUES = 20_000
# A list of more items is as good as any other if it repeats one.
LONG = 12


@dataclass(frozen=True, slots=True)
class Case:
    """A valid request, what is changed in it, and what is then broken.

    Attributes:
        base: Which of the valid requests.
    """

    base: int
    changes: tuple[Change, ...]
    broken: Broken


def valid_requests(known: Known, request: Structure) -> tuple[StructureValue, ...]:
    """Return requests that together show all that rules leave open, and last the smallest one."""
    service = known.service
    structures = reachable(service, request)
    count = max(len(known.outlines(each)) for each in structures)
    made: list[StructureValue] = []
    shown: set[tuple[int, int]] = set()
    plans: list[tuple[int, dict[int, int], set[int]]] = []

    def make(variant: int, others: dict[int, int]) -> None:
        sampler = Sampler(service, variant, known=known, others=others)
        made.append(sampler.structure(request))
        shown.update(sampler.shown)
        plans.append((variant, others, {key for key, _ in sampler.shown}))

    for variant in range(count):
        make(variant, {})
    # What stands in a member that only some requests give was not yet shown in every way.
    missing = [
        (id(each), number)
        for each in structures
        for number in range(len(known.outlines(each)))
    ]
    while wanted := [
        (each, plan)
        for each in missing
        if each not in shown
        for plan in plans
        if each[0] in plan[2]
    ]:
        (key, number), (variant, others, _) = wanted[0]
        missing.remove((key, number))
        make(variant, {**others, key: number})
    made.append(Sampler(service, None, known=known).structure(request))
    return tuple(dict.fromkeys(made))


def _size(value: Value) -> int:
    """Return how many values there are in a value, itself included."""
    match value:
        case ListValue(items=items):
            return 1 + sum(map(_size, items))
        case StructureValue(members=members):
            return 1 + sum(_size(each.value) for each in members)
        case MemberValue(value=inner):
            return _size(inner)
        case _:
            return 1


def request_of_nils(known: Known, request: Structure) -> StructureValue | None:
    """Return a valid request in which everything is nil that may be; None where nothing may."""
    base = known.usual(request)
    members = tuple(
        (
            replace(each, value=NilValue(span=each.span))
            if _is_nil(request, each)
            else each
        )
        for each in base.members
    )
    made = replace(base, members=members)
    is_valid = made != base and not violated(known.service, request, made)
    return made if is_valid else None


def _is_nil(request: Structure, given: MemberValue) -> bool:
    member = request.member(given.name)
    return member is not None and may_be_nil(member)


def constraint_cases(
    known: Known, request: Structure, bases: tuple[StructureValue, ...]
) -> tuple[Case, ...]:
    """Return the cases for every constraint and every rule of a request."""
    found: dict[tuple[object, ...], Case] = {}
    finder = _Finder(known)
    requests = _Requests(known.service, request, bases)
    told: dict[int, tuple[Value, object]] = {}
    for changes in finder.changes(request, bases):
        base = requests.best(changes[0].steps)
        key = tuple((each.steps, _told(each.value, told)) for each in changes)
        if (base, key) not in found:
            found[base, key] = Case(base, changes, requests.broken(base, changes))
    return tuple(found.values())


class _Requests:
    """The valid requests that cases start from."""

    def __init__(
        self, service: Service, request: Structure, bases: tuple[StructureValue, ...]
    ) -> None:
        self._request = request
        self._bases = bases
        self._judge = Judge(service)
        self._broken = [self._judge.structure(request, base) for base in bases]
        self._best: dict[Steps, int] = {}

    def best(self, steps: Steps) -> int:
        """Return the first request in which a member, or at least what holds it, is there."""
        if steps not in self._best:
            found = (
                number
                for wanted in (steps, steps[:-1])
                for number, base in enumerate(self._bases)
                if at(base, wanted) is not None
            )
            self._best[steps] = next(found, 0)
        return self._best[steps]

    def broken(self, base: int, changes: tuple[Change, ...]) -> Broken:
        """Return what a request breaks when it is changed."""
        value = self._bases[base]
        name, *rest = changes[0].steps
        member = self._request.member(str(name))
        if len(changes) == 1 and member is not None and not self._broken[base]:
            inner = changes[0].value
            if rest:
                given = value.get(member.name)
                inner = None if given is None else replaced(given, tuple(rest), inner)
            return self._judge.with_member(self._request, value, member, inner)
        for change in changes:
            value = changed(value, change)
        return self._judge.structure(self._request, value)


def _told(value: Value | None, told: dict[int, tuple[Value, object]]) -> object:
    """Return what tells a value from others; each one, which is kept, is looked at once."""
    if value is None:
        return None
    if id(value) not in told:
        told[id(value)] = (value, _parts(value, told))
    return told[id(value)][1]


def _parts(value: Value, told: dict[int, tuple[Value, object]]) -> object:
    match value:
        case ListValue(items=items):
            return ListValue, tuple(_told(each, told) for each in items)
        case StructureValue(members=members):
            return tuple((each.name, _told(each.value, told)) for each in members)
        case MemberValue(name=name, value=inner):
            return name, _told(inner, told)
        case _:
            # True equals 1 and 1.0, so that the type has to tell them apart.
            return repr(value)


class _Finder:
    """Finds what to change in requests; every place is looked at once."""

    def __init__(self, known: Known, *, is_alone: bool = False) -> None:
        self._service = known.service
        self._is_alone = is_alone
        self._known = known
        self._rules = RuleCases(known)
        self._seen: set[Steps] = set()

    def changes(
        self, request: Structure, bases: tuple[StructureValue, ...]
    ) -> Iterator[tuple[Change, ...]]:
        """Yield changes that are made together."""
        for base in bases:
            yield from self._structure(request, base, ())

    def _is_new(self, steps: Steps) -> bool:
        is_new = steps not in self._seen
        self._seen.add(steps)
        return is_new

    def _structure(
        self, structure: Structure, value: StructureValue, place: Steps
    ) -> Iterator[tuple[Change, ...]]:
        for member in structure.fields:
            steps = (*place, member.name)
            given = value.get(member.name)
            if given is None or not is_usable(member):
                continue
            if self._is_new(steps):
                yield from self._member(member, steps)
                yield from self._values(member.type, given, steps)
            yield from self._inside(member.type, given, steps)
        if self._is_new((*place, "")):
            yield from self._rules.changes(structure, place)

    def _member(self, member: Field, steps: Steps) -> Iterator[tuple[Change, ...]]:
        if not is_bare_list(member.type):
            yield (Change(steps, None),)
        if may_be_nil(member):
            yield (Change(steps, NilValue(span=member.span)),)

    def _values(
        self, kind: Type, given: Value, steps: Steps
    ) -> Iterator[tuple[Change, ...]]:
        match kind:
            case AtomType() | EnumerationType():
                for atom in atoms(kind):
                    yield (Change(steps, AtomValue(value=atom, span=kind.span)),)
            case ListType() | MixedListType():
                for value in (
                    AtomValue(value="text", span=kind.span),
                    *self._lists(kind),
                ):
                    yield (Change(steps, value),)
            case SharedType() | InlineType():
                yield (Change(steps, AtomValue(value="text", span=given.span)),)

    def _lists(self, kind: ListType | MixedListType) -> Iterator[Value]:
        size = _size(self._list_of(kind, 1))
        lengths = {0}
        for constraint in kind.constraints:
            match constraint:
                case Count(minimum=minimum, maximum=maximum):
                    lengths |= {minimum or 0, max((minimum or 0) - 1, 0)}
                    if maximum is not None and maximum * size <= MOST_VALUES:
                        lengths |= {maximum, maximum + 1}
                case Unique():
                    twice = self._list_of(kind, 1).items * 2
                    yield ListValue(items=twice, span=kind.span)
        # Shorter ones are the start of longer ones; how long one is shows best in one number.
        may_repeat = isinstance(kind, ListType) and not any(
            isinstance(each, Unique) for each in kind.constraints
        )
        most = LONG if may_repeat else max(lengths)
        items = self._list_of(kind, min(most, max(lengths))).items
        for length in sorted(lengths):
            repeated = items[:1] * length
            shown = repeated if may_repeat and length > LONG else items[:length]
            yield ListValue(items=shown, span=kind.span)

    def _list_of(self, kind: ListType | MixedListType, length: int) -> ListValue:
        name = kind.item if isinstance(kind, ListType) else None
        sampler = Sampler(self._service, known=self._known)
        return sampler.items(kind, name or "Item", length)

    # Inside

    def _inside(
        self, kind: Type, value: Value, steps: Steps
    ) -> Iterator[tuple[Change, ...]]:
        match kind, value:
            case ListType(of=of), ListValue(items=(first, *_)):
                inner = (*steps, 0)
                if self._is_new(inner):
                    yield (Change(inner, NilValue(span=kind.span)),)
                    yield from self._values(of, first, inner)
                yield from self._inside(of, first, inner)
            case MixedListType(alternatives=alternatives), ListValue():
                for alternative in alternatives:
                    yield from self._alternative(alternative, value, steps)
            case (SharedType() | InlineType()), StructureValue():
                structure = self._service.structure_of(kind)
                if structure is not None:
                    yield from self._structure(structure, value, steps)
            case _:
                pass

    def _alternative(
        self, alternative: Field, value: ListValue, steps: Steps
    ) -> Iterator[tuple[Change, ...]]:
        """Yield changes of the first item with a name; of a list with such an item if there is none."""
        for position, item in enumerate(value.items):
            if isinstance(item, MemberValue) and item.name == alternative.name:
                yield from self._named(alternative, item, (*steps, position))
                return
        sampler = Sampler(self._service, known=self._known)
        made = sampler.value(alternative.type, alternative.name)
        if (
            made is None
            or self._is_alone
            or not self._is_new((*steps, "", alternative.name))
        ):
            return
        named = MemberValue(name=alternative.name, value=made, span=alternative.span)
        alone = ListValue(items=(named,), span=value.span)
        # The place in a list that is not there is no place at which others were seen.
        finder = _Finder(self._known, is_alone=True)
        for changes in finder._named(alternative, named, (0,)):
            whole: Value = alone
            for change in changes:
                whole = replaced(whole, change.steps, change.value)
            yield (Change(steps, whole),)

    def _named(
        self, alternative: Field, item: MemberValue, place: Steps
    ) -> Iterator[tuple[Change, ...]]:
        if self._is_new(place):
            yield (Change(place, NilValue(span=item.span)),)
            yield (Change(place, AtomValue(value="text", span=item.span)),)
        inside = (*place, alternative.name)
        if not is_item(alternative.type) and self._is_new(inside):
            yield (Change(inside, NilValue(span=item.span)),)
            yield from self._values(alternative.type, item.value, inside)
        yield from self._inside(alternative.type, item.value, inside)
