"""Paths of wire names through an answer, as expressions on `response`."""

from __future__ import annotations

from soapstone import naming
from soapstone.model import Operation, Service, Structure, WirePath
from soapstone.naming import Code, expression


def outcome_paths(operation: Operation) -> tuple[WirePath, ...]:
    """Return the paths to whatever tells how an operation went."""
    outcome = operation.outcome
    told = () if outcome is None else (outcome.success, outcome.message, outcome.code)
    described = None if outcome is None else outcome.description
    return tuple(path for path in (*told, described) if path is not None)


def python_path(path: WirePath, operation: Operation, service: Service) -> Code | None:
    """Return the expression for a member of `response`; None when there is none."""
    names = ["response"]
    structure: Structure | None = operation.response
    for wire_name in path.names:
        member = None if structure is None else structure.member(wire_name)
        name = (
            None
            if member is None
            else naming.attribute_name(wire_name, member.python_name)
        )
        if member is None or name is None:
            return None
        names.append(name)
        structure = service.structure_of(member.type)
    return expression(".".join(names))
