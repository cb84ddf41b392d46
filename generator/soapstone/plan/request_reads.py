"""How the fake service reads requests: the readers of answers, turned around."""

from __future__ import annotations

from dataclasses import dataclass, replace

from soapstone import naming
from soapstone.model import (
    Field,
    InlineType,
    ListType,
    MixedListType,
    NamedStructure,
    Operation,
    Service,
    States,
    Structure,
    Type,
    WhenAbsent,
    WhenEmpty,
    WhenNil,
)
from soapstone.naming import Identifier
from soapstone.plan import text
from soapstone.plan.module import Module, Parts
from soapstone.plan.module import NamedStructure as Named
from soapstone.plan.names import Names, Place
from soapstone.plan.reads import plan_states
from soapstone.plan.shared import alternatives, in_order_of_use, written_types
from soapstone.plan.structures import StructurePlanner
from soapstone.views import ReaderView, ReadView, StateView


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReads:
    """How a request is read.

    Attributes:
        shared: The functions and classes that the module does not define itself.
    """

    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]
    readers: tuple[ReaderView, ...]
    shared: frozenset[Identifier]


def plan_request_reads(
    operation: Operation, service: Service, names: Names
) -> RequestReads:
    """Plan how the request of an operation is read."""
    structure = _as_read(operation.request)
    parts = Parts()
    module = Module(service=service, names=names, parts=parts)
    place = Place(names=(operation.stem, "Request"), functions=())
    named = Named(
        structure=structure,
        place=place,
        class_name=names.class_name(place, structure.span),
        attributes=names.attributes(structure),
        subject=Identifier("request"),
        is_root=True,
    )
    planner = StructurePlanner(module=module, writes=False, reads=True)
    planner.attributes(named)  # plans the readers of what is inline in it
    return RequestReads(
        states=plan_states(named, service),
        reads=planner.reading.reads(named),
        readers=tuple(parts.readers),
        shared=frozenset(parts.shared),
    )


def plan_shared_reads(
    service: Service, names: Names
) -> tuple[tuple[ReaderView, ...], frozenset[Identifier]]:
    """Plan the readers of structures that requests share, and of what opens requests.

    Returns:
        The readers, and the classes that they need.
    """
    parts = Parts()
    module = Module(service=service, names=names, parts=parts, is_shared=True)
    planner = StructurePlanner(module=module, writes=False, reads=True)
    written = written_types(service)
    shared = [each for each in in_order_of_use(service) if each.name in written]
    for named in (*alternatives(service), *shared):
        _plan_named(planner, named)
    own = {reader.name for reader in parts.readers}
    return tuple(parts.readers), frozenset(parts.shared - own)


def _plan_named(planner: StructurePlanner, named: NamedStructure) -> None:
    structure = _as_read(named.structure)
    place = Place(names=(named.stem,), functions=(named.stem,), wire_name=named.name)
    doc = text.structure_docstring(structure, "", named.name)
    planner.nested(structure, place, doc)


def shared_reader(named: NamedStructure) -> Identifier:
    """Return the function that reads a shared structure."""
    return Identifier(f"read_{naming.snake_case(named.stem)}")


def _as_read(structure: Structure) -> Structure:
    """Return a structure whose members are read as requests write them."""
    return replace(structure, fields=tuple(map(_field, structure.fields)))


def _field(member: Field) -> Field:
    states = member.states
    # An element that is nil is empty, too, and is taken for an absent one then.
    is_told = states.nil is WhenNil.KEPT and states.absent is WhenAbsent.OMITTED
    read = States(
        absent=states.absent,
        empty=(
            WhenEmpty.VALUE if states.absent is WhenAbsent.OMITTED else WhenEmpty.NONE
        ),
        nil=WhenNil.KEPT if is_told else WhenNil.NONE,
    )
    return replace(member, states=read, type=_type(member.type))


def _type(kind: Type) -> Type:
    match kind:
        case InlineType(structure=structure):
            return replace(kind, structure=_as_read(structure))
        case ListType(of=of):
            return replace(kind, of=_type(of))
        case MixedListType(alternatives=alternatives):
            return replace(kind, alternatives=tuple(map(_field, alternatives)))
        case _:
            return kind
