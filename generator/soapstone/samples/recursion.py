"""Structures that hold structures of their own kind."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone.model import (
    AtomType,
    EnumerationType,
    InlineType,
    ListType,
    MixedListType,
    Service,
    SharedType,
    Structure,
    Type,
)


def structures_in(service: Service, kind: Type) -> Iterator[Structure]:
    """Yield the structures of a member or of its items, not those inside them."""
    match kind:
        case AtomType() | EnumerationType():
            pass
        case ListType(of=of):
            yield from structures_in(service, of)
        case MixedListType(alternatives=alternatives):
            for alternative in alternatives:
                yield from structures_in(service, alternative.type)
        case SharedType() | InlineType():
            structure = service.structure_of(kind)
            if structure is not None:
                yield structure


def reachable(service: Service, structure: Structure) -> tuple[Structure, ...]:
    """Return a structure and everything inside it, each once, in the order of a document."""
    found: dict[int, Structure] = {}
    # A path as deep as a spec likes must not be too deep for Python.
    waiting = [structure]
    while waiting:
        current = waiting.pop()
        if id(current) not in found:
            found[id(current)] = current
            inside = [
                each
                for member in current.fields
                for each in structures_in(service, member.type)
            ]
            waiting.extend(reversed(inside))
    return tuple(found.values())


def is_recursive(service: Service, structure: Structure) -> bool:
    """Whether a structure can stand inside itself."""
    return any(
        inner is structure
        for each in reachable(service, structure)
        for member in each.fields
        for inner in structures_in(service, member.type)
    )
