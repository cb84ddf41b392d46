"""Ways through a service, each part of it met once."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone.model import (
    AtomType,
    Citation,
    ErrorCase,
    Field,
    InlineType,
    ListType,
    NamedStructure,
    Operation,
    Service,
    Structure,
    Type,
)


def named_structures(service: Service) -> tuple[NamedStructure, ...]:
    """Return the alternatives of the authentication and the shared structures."""
    authentication = service.authentication
    return (
        *(() if authentication is None else authentication.alternatives),
        *service.types,
    )


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


def fields(service: Service) -> Iterator[Field]:
    """Yield every member of every structure."""
    seen: set[int] = set()
    for structure in structures(service):
        for member in structure.fields:
            if id(member) not in seen:
                seen.add(id(member))
                yield member


def types_in(kind: Type) -> Iterator[Type]:
    """Yield a type, and the types of the items in it, from the outside to the inside."""
    yield kind
    while isinstance(kind, ListType):
        kind = kind.of
        yield kind


def atoms(service: Service) -> Iterator[AtomType]:
    """Yield every type that may have constraints on a single value."""
    for member in fields(service):
        for kind in types_in(member.type):
            if isinstance(kind, AtomType):
                yield kind


def lists(service: Service) -> Iterator[ListType]:
    """Yield every list, those inside others too."""
    for member in fields(service):
        for kind in types_in(member.type):
            if isinstance(kind, ListType):
                yield kind


def error_cases(cases: tuple[ErrorCase, ...]) -> Iterator[ErrorCase]:
    """Yield failures, each before the cases of it."""
    for case in cases:
        yield case
        yield from error_cases(case.cases)


def citations(service: Service) -> Iterator[Citation]:
    """Yield every place that names its source."""
    yield from _given(
        service.protocol.source,
        None if service.authentication is None else service.authentication.source,
        None if service.outcome is None else service.outcome.source,
        *(case.source for case in error_cases(service.errors)),
    )
    for operation in service.operations:
        yield from _operation_citations(operation)
    for structure in structures(service):
        yield from _given(structure.source, *(rule.source for rule in structure.rules))
    yield from _given(*(member.source for member in fields(service)))


def _operation_citations(operation: Operation) -> Iterator[Citation]:
    yield operation.source
    yield from _given(
        operation.protocol.source, *(example.source for example in operation.examples)
    )


def _given(*found: Citation | None) -> Iterator[Citation]:
    return (citation for citation in found if citation is not None)


def _inline(kind: Type) -> Iterator[Structure]:
    for each in types_in(kind):
        if isinstance(each, InlineType):
            yield each.structure
