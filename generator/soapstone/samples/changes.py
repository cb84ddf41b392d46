"""Changes of single members, anywhere inside a request."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.model import ListValue, MemberValue, StructureValue, Value
from soapstone.samples.validation import Steps


@dataclass(frozen=True, slots=True)
class Change:
    """A member that is set to another value, or left out."""

    steps: Steps
    value: Value | None


def changed(root: StructureValue, change: Change) -> StructureValue:
    """Return a request with a member changed; its place among the others does not matter."""
    value = replaced(root, change.steps, change.value)
    return value if isinstance(value, StructureValue) else root


def at(value: Value | None, steps: Steps) -> Value | None:
    """Return what is at a place; None where nothing is."""
    for step in steps:
        match value, step:
            case StructureValue(), str():
                value = value.get(step)
            case MemberValue(name=name, value=inner), str():
                value = inner if name == step else None
            case ListValue(items=items), int():
                value = items[step] if step < len(items) else None
            case _:
                return None
    return value


def replaced(root: Value, steps: Steps, value: Value | None) -> Value:
    """Return a value with what is at a place inside it replaced; as it is without that place."""
    step, rest = steps[0], steps[1:]
    inner = at(root, (step,))
    if rest:
        if inner is None:
            return root
        value = replaced(inner, rest, value)
    match root:
        case ListValue(items=items) if inner is not None and value is not None:
            kept = list(items)
            kept[int(step)] = value
            return ListValue(items=tuple(kept), span=root.span)
        case MemberValue(name=name) if inner is not None and value is not None:
            return MemberValue(name=name, value=value, span=root.span)
        case StructureValue():
            return _with(root, str(step), value)
        case _:
            return root


def _with(root: StructureValue, name: str, value: Value | None) -> StructureValue:
    members = [member for member in root.members if member.name != name]
    if value is not None:
        members.append(MemberValue(name=name, value=value, span=root.span))
    return StructureValue(members=tuple(members), span=root.span)
