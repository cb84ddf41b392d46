"""Ways through a service, each part of it met once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TypeVar

from soapstone.model import (
    AtomType,
    Citation,
    Condition,
    Enumeration,
    EnumerationType,
    ErrorCase,
    Field,
    InlineType,
    ItemsTest,
    ListType,
    MixedListType,
    NamedStructure,
    Operation,
    Service,
    Structure,
    Type,
)

_Part = TypeVar("_Part")


def _once(
    walk: Callable[[Service], Iterator[_Part]],
) -> Callable[[Service], Iterator[_Part]]:
    """Go a way once for all rules, which look at the same service one after the other."""
    last: list[tuple[Service, tuple[_Part, ...]]] = []

    @wraps(walk)
    def gone(service: Service) -> Iterator[_Part]:
        if not last or last[0][0] is not service:
            last[:] = [(service, tuple(walk(service)))]
        return iter(last[0][1])

    return gone


def named_structures(service: Service) -> tuple[NamedStructure, ...]:
    """Return the alternatives of the authentication and the shared structures."""
    authentication = service.authentication
    return (
        *(() if authentication is None else authentication.alternatives),
        *service.types,
    )


@_once
def structures(service: Service) -> Iterator[Structure]:
    """Yield every structure, those inside others too."""
    waiting = [named.structure for named in named_structures(service)]
    for operation in service.operations:
        waiting.extend((operation.request, operation.response))
    seen: set[int] = set()
    while waiting:
        structure = waiting.pop()
        yield structure
        for member in structure.fields:
            # The members of the service are the same objects in each operation.
            if id(member) not in seen:
                seen.add(id(member))
                waiting.extend(_inline(member.type))


def checked_structures(service: Service) -> Iterator[Structure]:
    """Yield the structures that callers are held to: not those described in answers."""
    shared = {id(named.structure) for named in named_structures(service)}
    answers = {
        id(inner)
        for operation in service.operations
        for inner in _inside(operation.response)
    }
    for structure in structures(service):
        if id(structure) in shared or id(structure) not in answers:
            yield structure


def _inside(structure: Structure) -> Iterator[Structure]:
    yield structure
    for member in structure.fields:
        for inner in _inline(member.type):
            yield from _inside(inner)


@_once
def fields(service: Service) -> Iterator[Field]:
    """Yield every member of every structure."""
    seen: set[int] = set()
    for structure in structures(service):
        for member in structure.fields:
            if id(member) not in seen:
                seen.add(id(member))
                yield member


def written(service: Service) -> Iterator[Field]:
    """Yield the members that stand in some request."""
    alternatives = (
        named.structure
        for operation in service.operations
        if operation.authentication is not None
        for named in operation.authentication.alternatives
    )
    requests = (operation.request for operation in service.operations)
    yield from reached(service, [*alternatives, *requests])


def read(service: Service) -> Iterator[Field]:
    """Yield the members that stand in some response."""
    yield from reached(
        service, [operation.response for operation in service.operations]
    )


def types_in(kind: Type) -> Iterator[Type]:
    """Yield a type, and the types of the items in it, from the outside to the inside."""
    yield kind
    match kind:
        case ListType(of=of):
            yield from types_in(of)
        case MixedListType(alternatives=alternatives):
            for alternative in alternatives:
                yield from types_in(alternative.type)
        case _:
            pass


@_once
def types(service: Service) -> Iterator[Type]:
    """Yield the type of every member, those of items too."""
    for member in fields(service):
        yield from types_in(member.type)


def atoms(service: Service) -> Iterator[AtomType]:
    """Yield every type that may have constraints on a single value."""
    return (kind for kind in types(service) if isinstance(kind, AtomType))


def lists(service: Service) -> Iterator[ListType | MixedListType]:
    """Yield every list, those inside others too."""
    return (
        kind for kind in types(service) if isinstance(kind, ListType | MixedListType)
    )


def uses(service: Service) -> Iterator[InlineType]:
    """Yield every use of a shared structure that differs from it."""
    for kind in types(service):
        if isinstance(kind, InlineType) and kind.derived_from:
            yield kind


def enumerations(service: Service) -> Iterator[Enumeration]:
    """Yield every enumeration, the shared ones first."""
    for named in service.enumerations:
        yield named.enumeration
    for kind in types(service):
        if isinstance(kind, EnumerationType) and not kind.shared_name:
            yield kind.enumeration


def error_cases(cases: tuple[ErrorCase, ...]) -> Iterator[ErrorCase]:
    """Yield failures, each before the cases of it."""
    for case in cases:
        yield case
        yield from error_cases(case.cases)


def answer_conditions(
    service: Service,
) -> Iterator[tuple[Structure, Condition | ItemsTest]]:
    """Yield for which requests each documented answer is given, with the members of these."""
    for operation in service.operations:
        for example in operation.examples:
            if example.when is not None:
                yield operation.request, example.when


def items_tests(service: Service) -> Iterator[ItemsTest]:
    """Yield the tests of the items of requests."""
    for _, condition in answer_conditions(service):
        if isinstance(condition, ItemsTest):
            yield condition


@_once
def citations(service: Service) -> Iterator[Citation]:
    """Yield every place that names its source."""
    authentication = service.authentication
    session = None if authentication is None else authentication.session
    yield from _given(
        service.protocol.source,
        None if authentication is None else authentication.source,
        None if session is None else session.source,
        None if service.outcome is None else service.outcome.source,
        *(memory.source for memory in service.memory),
        *(test.source for test in items_tests(service)),
    )
    for case in error_cases(service.errors):
        yield from _given(case.source, *(message.source for message in case.messages))
    for operation in service.operations:
        yield from _operation_citations(operation)
    for structure in structures(service):
        yield from _given(structure.source, *(rule.source for rule in structure.rules))
    yield from _given(*(member.source for member in fields(service)))
    for kind in (*atoms(service), *lists(service)):
        yield from _given(*(constraint.source for constraint in kind.constraints))
    for enumeration in enumerations(service):
        yield from _given(
            enumeration.source, *(value.source for value in enumeration.values)
        )


def _operation_citations(operation: Operation) -> Iterator[Citation]:
    yield operation.source
    yield from _given(
        operation.protocol.source,
        operation.idempotence_source,
        *(example.source for example in operation.examples),
    )


def _given(*found: Citation | None) -> Iterator[Citation]:
    return (citation for citation in found if citation is not None)


def _inline(kind: Type) -> Iterator[Structure]:
    for each in types_in(kind):
        if isinstance(each, InlineType):
            yield each.structure


def reached(service: Service, waiting: list[Structure]) -> Iterator[Field]:
    """Yield the members of some structures, and of all that is inside them."""
    seen: set[int] = set()
    while waiting:
        for member in waiting.pop().fields:
            if id(member) not in seen:
                seen.add(id(member))
                yield member
                for kind in types_in(member.type):
                    structure = service.structure_of(kind)
                    if structure is not None:
                        waiting.append(structure)
