"""Requests for which the service gives each of its documented answers, and what it keeps then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, islice, product
from typing import TypeAlias

from soapstone.model import (
    Atom,
    AtomValue,
    Comparison,
    Condition,
    Effect,
    Example,
    ItemsTest,
    ListType,
    ListValue,
    Member,
    MemberValue,
    Operation,
    Outcome,
    StructureValue,
    Value,
    comparisons_in,
)
from soapstone.samples.atoms import neighbour
from soapstone.samples.mutations import mutations
from soapstone.samples.patterns import accepted, matches, rejected
from soapstone.samples.rules import holds
from soapstone.samples.validation import facts_of
from soapstone.samples.values import Known

Memory: TypeAlias = Mapping[str, frozenset[str]]

# How many requests are tried before an answer counts as one that is never given.
_TRIED = 2000
_ORDERED = (int, float)
# More items than any list has.
_MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A request, and what the service makes of it.

    Attributes:
        memory: What the service remembers before.
        example: Whose answer it gives; None where no documented one is meant for it.
        items: Those that the answer is about.
        remembered: What it remembers afterwards.
    """

    request: StructureValue
    memory: Memory
    example: Example | None
    items: tuple[str, ...]
    remembered: Memory


def conditional(operation: Operation) -> tuple[Example, ...]:
    """Return the examples whose answers are given on a condition, in the order of trial."""
    return tuple(
        example
        for example in operation.examples
        if example.response is not None and example.when is not None
    )


def default(operation: Operation) -> Example | None:
    """Return the example whose answer is given when no condition holds; None without one."""
    return next(
        (
            example
            for example in operation.examples
            if example.response is not None
            and example.when is None
            and _is_success(operation.outcome, example.response.values)
        ),
        None,
    )


def _is_success(outcome: Outcome | None, values: StructureValue) -> bool:
    if outcome is None:
        return True
    found = values.at(outcome.success.names)
    return isinstance(found, AtomValue) and found.value is True


def scenarios(known: Known, operation: Operation) -> tuple[Scenario, ...]:
    """Return scenarios for each answer, as far as there is a request for it.

    Each condition and each effect shows in one of them: without it the service would have given
    another answer, or have kept something else.
    """
    played = [
        _played(operation, request, memory)
        for request, memory in islice(_tried(known, operation), _TRIED)
    ]
    first: dict[str, Scenario] = {}
    for scenario in played:
        title = "" if scenario.example is None else scenario.example.title
        first.setdefault(title, scenario)
    found = list(first.values())
    for mistaken in _mistaken(operation):
        if not any(_shows(mistaken, each) for each in found):
            found += islice((each for each in played if _shows(mistaken, each)), 1)
    return tuple(found)


def _shows(mistaken: Operation, scenario: Scenario) -> bool:
    """Whether a scenario would go another way if the documentation were another one."""
    other = _played(mistaken, scenario.request, scenario.memory)
    return (_given(other), other.remembered) != (_given(scenario), scenario.remembered)


def _given(scenario: Scenario) -> bytes:
    """Return the document of a scenario; nothing where none is documented."""
    document = None if scenario.example is None else scenario.example.response
    return b"" if document is None else document.content


def _mistaken(operation: Operation) -> Iterator[Operation]:
    """Yield an operation with a mistake in one condition, or with an effect left out."""
    for place, example in enumerate(operation.examples):
        for changed in _mistaken_examples(example):
            examples = [*operation.examples]
            examples[place] = changed
            yield replace(operation, examples=tuple(examples))


def _mistaken_examples(example: Example) -> Iterator[Example]:
    for place in range(len(example.effects)):
        kept = (*example.effects[:place], *example.effects[place + 1 :])
        yield replace(example, effects=kept)
    match example.when:
        case ItemsTest(minimum=least, maximum=most) as test:
            # Never, always, and with a limit that is off by one.
            limits: set[tuple[int, int | None]] = {
                *((_MANY, None), (0, None)),
                *((least + 1, most), (least - 1, most)),
            }
            if most is not None:
                limits |= {(least, most - 1), (least, most + 1)}
            for minimum, maximum in sorted(limits, key=str):
                when = replace(test, minimum=minimum, maximum=maximum)
                yield replace(example, when=when)
        case None:
            pass
        case condition:
            for other in mutations(condition):
                yield replace(example, when=other)


def _played(operation: Operation, request: StructureValue, memory: Memory) -> Scenario:
    """Return what the service makes of a request, by the model alone."""
    example = default(operation)
    items: tuple[str, ...] = ()
    for each in conditional(operation):
        chosen = _chosen(operation, each, request, memory)
        if chosen is not None:
            example, items = each, chosen
            break
    effects = () if example is None else example.effects
    return Scenario(
        request=request,
        memory=memory,
        example=example,
        items=items,
        remembered=_after(effects, request, memory),
    )


def _chosen(
    operation: Operation, example: Example, request: StructureValue, memory: Memory
) -> tuple[str, ...] | None:
    """Return the items that an answer is about, if it is given; None when it is not."""
    test = example.when
    if isinstance(test, ItemsTest):
        items = tuple(
            each
            for each in _items(request, test.member)
            if _is_counted(test, each, memory)
        )
        most = len(items) if test.maximum is None else test.maximum
        return items if test.minimum <= len(items) <= most else None
    facts = facts_of(operation.request, request)
    return () if test is not None and holds(test, facts) else None


def _is_counted(test: ItemsTest, item: str, memory: Memory) -> bool:
    if test.unlike:
        return not matches(test.unlike, item)
    if test.within:
        return item in memory.get(test.within, ())
    return item not in memory.get(test.outside, ())


def _items(request: StructureValue, member: Member) -> tuple[str, ...]:
    match request.get(member.name):
        case ListValue(items=items):
            values = (each.value for each in items if isinstance(each, AtomValue))
            return tuple(each for each in values if isinstance(each, str))
        case AtomValue(value=str(text)):
            return (text,)
        case _:
            return ()


def _after(
    effects: tuple[Effect, ...], request: StructureValue, memory: Memory
) -> Memory:
    found = dict(memory)
    for effect in effects:
        items = frozenset(_items(request, effect.member))
        kept = found.get(effect.memory, frozenset())
        found[effect.memory] = kept - items if effect.is_removal else kept | items
    return {name: texts for name, texts in found.items() if texts}


# Requests to try


def _tried(
    known: Known, operation: Operation
) -> Iterator[tuple[StructureValue, Memory]]:
    base = known.usual(operation.request)
    options = _options(operation, base)
    for chosen in product(*options.values()):
        request = base
        for name, value in zip(options, chosen, strict=True):
            request = _with(request, name, value)
        for memory in _memories(operation, request):
            yield request, memory


def _with(request: StructureValue, name: str, value: Value | None) -> StructureValue:
    others = tuple(each for each in request.members if each.name != name)
    if value is None:
        return replace(request, members=others)
    member = MemberValue(name=name, value=value, span=value.span)
    return replace(request, members=(*others, member))


def _options(
    operation: Operation, base: StructureValue
) -> dict[str, list[Value | None]]:
    """Return what to try for each member that a condition names, the usual value first."""
    found: dict[str, list[Value | None]] = {}
    for example in conditional(operation):
        for name, value in _named(operation, example.when):
            options = found.setdefault(name, [base.get(name)])
            if value not in options:
                options.append(value)
    return found


def _named(
    operation: Operation, when: Condition | ItemsTest | None
) -> Iterator[tuple[str, Value | None]]:
    if isinstance(when, ItemsTest):
        for items in _lists(operation, when):
            yield when.member.name, _of_items(operation, when, items)
        return
    for comparison in () if when is None else comparisons_in(when):
        yield comparison.member.name, None
        for atom in _around(comparison):
            value = AtomValue(value=atom, span=comparison.span)
            yield comparison.member.name, value


def _around(comparison: Comparison) -> Iterator[Atom]:
    for atom in comparison.values:
        yield atom
        if isinstance(atom, _ORDERED) and not isinstance(atom, bool):
            yield neighbour(atom, 1)
            yield neighbour(atom, -1)


def _lists(operation: Operation, test: ItemsTest) -> Iterator[tuple[str, ...]]:
    """Yield items of a list: as many good and bad ones as the tests of its member may count."""
    tests = [
        each.when
        for each in conditional(operation)
        if isinstance(each.when, ItemsTest) and each.when.member == test.member
    ]
    patterns = [each.unlike for each in tests if each.unlike]
    good = tuple(chain.from_iterable(_several(each) for each in patterns)) or _TEXTS
    bad = tuple(chain.from_iterable(rejected(each) for each in patterns))
    # One more than is counted, where that is too much.
    most = max(max(each.minimum, (each.maximum or 0) + 1) for each in tests)
    for length in range(1, most + 1):
        yield (bad * length)[:length]
        yield (good * length)[:length]
    yield ()


_TEXTS = ("first", "second")


def _several(pattern: str) -> tuple[str, ...]:
    return accepted(pattern)[:2]


def _of_items(
    operation: Operation, test: ItemsTest, items: tuple[str, ...]
) -> Value | None:
    atoms = tuple(AtomValue(value=each, span=test.span) for each in items)
    member = operation.request.member(test.member.name)
    if member is not None and isinstance(member.type, ListType):
        return ListValue(items=atoms, span=test.span)
    return atoms[0] if atoms else None


def _memories(operation: Operation, request: StructureValue) -> Iterator[Memory]:
    """Yield an empty memory, and one that holds the first items, and one with all of them."""
    yield {}
    tests = [
        each.when for each in conditional(operation) if isinstance(each.when, ItemsTest)
    ]
    asked = {(each.within or each.outside, each.member) for each in tests}
    asked |= {
        (effect.memory, effect.member)
        for example in operation.examples
        for effect in example.effects
        if effect.is_removal
    }
    known = [(name, _items(request, member)) for name, member in asked if name]
    for count in (1, 2, None):
        memory = {name: frozenset(items[:count]) for name, items in known if items}
        if memory:
            yield memory
