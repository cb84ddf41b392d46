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
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan.names import may_be_nil
from soapstone.plan.paths import members_at, python_path
from soapstone.views import SessionView

# Of what cannot be named, which is reported where it stands.
_UNUSABLE = Identifier("unusable_name")


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
    guards: list[str] = []
    arguments: list[tuple[Identifier, Code]] = []
    for name, path in source.members:
        member = opened.structure.member(name)
        value = python_path(path, operation, service)
        steps = members_at(path, operation, service)
        if member is None or value is None or any(map(may_be_nil, steps)):
            return None
        attribute = naming.attribute_name(member.name, member.python_name)
        arguments.append((attribute or _UNUSABLE, value))
        guards += _parents(value, steps, late)
        guards += [f"not {value}"] if member.presence is Presence.REQUIRED else []
    if not arguments:
        return None
    # Where no member is needed by itself, a session has one of them.
    is_missing = " or ".join(dict.fromkeys(guards)) or " and ".join(
        f"not {value}" for _, value in arguments
    )
    return SessionView(
        class_name=naming.class_name(opened.stem) or Identifier("Unusable"),
        is_missing=expression(is_missing),
        arguments=tuple(arguments),
    )


def _alternative(service: Service, source: SessionSource) -> NamedStructure | None:
    authentication = service.authentication
    offered = () if authentication is None else authentication.alternatives
    return next((each for each in offered if each.name == source.alternative), None)


def _parents(value: str, steps: tuple[Field, ...], late: frozenset[str]) -> list[str]:
    """Return what holds when something on the way to a value is missing."""
    parts = value.split(".")
    return [
        f"{'.'.join(parts[: place + 2])} is None"
        for place, member in enumerate(steps[:-1])
        if member.presence is not Presence.REQUIRED
        or (not place and member.name in late)
    ]
