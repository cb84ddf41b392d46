"""Paths of wire names through an answer, as members and as expressions on `response`."""

from __future__ import annotations

from soapstone import naming
from soapstone.model import Field, Operation, Service, Structure, WirePath
from soapstone.naming import Code, expression


def outcome_paths(operation: Operation) -> tuple[WirePath, ...]:
    """Return the paths to whatever tells how an operation went."""
    outcome = operation.outcome
    told = () if outcome is None else (outcome.success, outcome.message, outcome.code)
    described = None if outcome is None else outcome.description
    return tuple(path for path in (*told, described) if path is not None)


def members_at(
    path: WirePath, operation: Operation, service: Service
) -> tuple[Field, ...]:
    """Return the members that a path leads through; none when it leads nowhere."""
    found: list[Field] = []
    structure: Structure | None = operation.response
    for wire_name in path.names:
        member = None if structure is None else structure.member(wire_name)
        if member is None:
            return ()
        found.append(member)
        structure = service.structure_of(member.type)
    return tuple(found)


def python_path(path: WirePath, operation: Operation, service: Service) -> Code | None:
    """Return the expression for a member of `response`; None when there is none."""
    members = members_at(path, operation, service)
    names = [naming.attribute_name(each.name, each.python_name) for each in members]
    known = [str(name) for name in names if name is not None]
    if not members or len(known) < len(members):
        return None
    return expression(".".join(["response", *known]))
