"""Types: shared structures and lists."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone import naming
from soapstone.diagnostics import Report, did_you_mean
from soapstone.lint import walk
from soapstone.model import (
    Count,
    Field,
    InlineType,
    ListType,
    NamedStructure,
    Presence,
    Primitive,
    Service,
    SharedType,
    Structure,
    Type,
)


def types_are_known(service: Service, report: Report) -> None:
    """A type is a primitive or a structure of service.yaml."""
    known = [primitive.value for primitive in Primitive]
    known += [shared.name for shared in service.types]
    for member in walk.fields(service):
        for kind in walk.types_in(member.type):
            if isinstance(kind, SharedType) and service.type(kind.name) is None:
                report.error(
                    "type-unknown",
                    kind.span,
                    f"there is no type `{kind.name}`",
                    hint=did_you_mean(kind.name, known),
                )


def types_are_used(service: Service, report: Report) -> None:
    """Some request or response needs each shared structure."""
    used = _used_names(service)
    for shared in service.types:
        if shared.name not in used:
            report.warning(
                "type-unused",
                shared.span,
                f"no request or response uses type `{shared.name}`",
                hint="remove it, or name it as the `type` of a member",
            )


def type_names_suit_classes(service: Service, report: Report) -> None:
    """A shared structure has the name of its class."""
    for shared in service.types:
        derived = naming.class_name(shared.name)
        # Where no class can be named after it at all, the plan says so.
        if derived is not None and naming.class_problem(shared.name) == naming.NO_CLASS:
            report.error(
                "type-name-invalid",
                shared.span,
                f"`{shared.name}` is not written like a class",
                hint=f"call the type `{derived}`",
            )


def recursion_ends(service: Service, report: Report) -> None:
    """A structure can leave itself out somewhere inside itself."""
    reported: set[str] = set()
    for shared in service.types:
        path = _way_back(shared, service)
        if path is None or reported & {shared.name, *path.types}:
            continue
        reported.update((shared.name, *path.types))
        report.error(
            "type-recursive-required",
            shared.span,
            f"every `{shared.name}` must contain another one, at `{path}`",
            hint="make one of the members on the way optional",
        )


def lists_can_be_told_apart(service: Service, report: Report) -> None:
    """A list in a list shows on the wire where one ends and the next starts."""
    for each in walk.lists(service):
        inner = each.of
        if isinstance(inner, ListType) and inner.item is None:
            report.error(
                "list-ambiguous-nesting",
                inner.span,
                "the lists in this list have no element around them, so nobody can tell where one ends",
                hint="give the inner list a wrapper: `list` with the name of its items, not `repeated`",
            )


def _used_names(service: Service) -> set[str]:
    waiting = [
        structure
        for operation in service.operations
        for structure in (operation.request, operation.response)
    ]
    if service.authentication is not None:
        waiting += [each.structure for each in service.authentication.alternatives]
    used: set[str] = set()
    while waiting:
        for kind in _types_of_members(waiting.pop()):
            if isinstance(kind, SharedType):
                if kind.name in used:
                    continue
                used.add(kind.name)
            structure = service.structure_of(kind)
            if structure is not None:
                waiting.append(structure)
    return used


def _types_of_members(structure: Structure) -> Iterator[Type]:
    for member in structure.fields:
        yield from walk.types_in(member.type)


class _Path(tuple[tuple[str, str], ...]):
    """Members that must be there, each with the shared structure it leads to, if it is one."""

    __slots__ = ()

    @property
    def types(self) -> set[str]:
        return {name for _, name in self if name}

    def __str__(self) -> str:
        return "/".join(member for member, _ in self)


def _way_back(shared: NamedStructure, service: Service) -> _Path | None:
    """Return the members that lead from a structure to itself and must all be there."""
    seen: set[str] = set()
    waiting: list[tuple[Structure, _Path]] = [(shared.structure, _Path())]
    while waiting:
        structure, path = waiting.pop(0)
        for member in structure.fields:
            kind = _needed(member)
            name = kind.name if isinstance(kind, SharedType) else ""
            further = _Path((*path, (member.name, name)))
            if name == shared.name:
                return further
            inner = None if kind is None else service.structure_of(kind)
            if inner is not None and name not in seen:
                seen.update({name} - {""})
                waiting.append((inner, further))
    return None


def _needed(member: Field) -> SharedType | InlineType | None:
    """Return the structure that a member always holds; None when it may hold none."""
    if member.presence is not Presence.REQUIRED:
        return None
    kind = member.type
    while isinstance(kind, ListType):
        if not any(
            isinstance(each, Count) and each.minimum for each in kind.constraints
        ):
            return None
        kind = kind.of
    return kind if isinstance(kind, SharedType | InlineType) else None
