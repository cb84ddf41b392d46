"""How a session is found in an answer that opened one."""

from __future__ import annotations

from soapstone import naming
from soapstone.model import (
    Field,
    NamedStructure,
    Operation,
    Presence,
    Service,
    SessionSource,
    Structure,
    WirePath,
)
from soapstone.naming import Identifier, expression
from soapstone.plan.names import may_be_nil
from soapstone.plan.paths import python_path
from soapstone.views import SessionView


def plan_session(
    operation: Operation, service: Service, late: frozenset[str]
) -> SessionView | None:
    """Plan how a session is found in the answers of an operation; None where they hold none.

    Args:
        operation: The operation.
        service: Its service.
        late: Members that only an answer of success must have, and which may be None for that.
    """
    source = None if service.authentication is None else service.authentication.session
    opened = None if source is None else _alternative(service, source)
    if source is None or opened is None:
        return None
    class_name = naming.class_name(opened.stem)
    guards: list[str] = []
    arguments: list[tuple[Identifier, naming.Code]] = []
    for name, path in source.members:
        member = opened.structure.member(name)
        value = python_path(path, operation, service)
        steps = _members(path, operation.response, service)
        if member is None or value is None or any(map(may_be_nil, steps)):
            return None
        attribute = naming.attribute_name(member.name, member.python_name)
        if attribute is None:
            return None
        arguments.append((attribute, value))
        guards += [
            each
            for each in _guards(
                value, steps, late, is_needed=member.presence is Presence.REQUIRED
            )
            if each not in guards
        ]
    if class_name is None or not arguments:
        return None
    # Where no member is needed by itself, a session has one of them.
    is_missing = " or ".join(guards) or " and ".join(
        f"not {value}" for _, value in arguments
    )
    return SessionView(
        class_name=class_name,
        is_missing=expression(is_missing),
        arguments=tuple(arguments),
    )


def _alternative(service: Service, source: SessionSource) -> NamedStructure | None:
    authentication = service.authentication
    offered = () if authentication is None else authentication.alternatives
    return next((each for each in offered if each.name == source.alternative), None)


def _members(path: WirePath, response: Structure, service: Service) -> list[Field]:
    """Return the members that a path leads through."""
    found: list[Field] = []
    structure: Structure | None = response
    for name in path.names:
        member = None if structure is None else structure.member(name)
        if member is not None:
            found.append(member)
            structure = service.structure_of(member.type)
    return found


def _guards(
    value: str, steps: list[Field], late: frozenset[str], *, is_needed: bool
) -> list[str]:
    """Return what holds when something on the way to a value is missing, or what is needed."""
    parts = value.split(".")
    guards = [
        f"{'.'.join(parts[: place + 2])} is None"
        for place, member in enumerate(steps[:-1])
        if member.presence is not Presence.REQUIRED
        or (not place and member.name in late)
    ]
    return [*guards, f"not {value}"] if is_needed else guards
