"""Types: shared structures and lists."""

from __future__ import annotations

from typing import assert_never

from soapstone import naming
from soapstone.decode.remedies import BESIDE_MEMBERS, beside
from soapstone.diagnostics import Report, Span
from soapstone.lint import walk
from soapstone.lint.type_names import unknown_type_hint
from soapstone.model import (
    AtomType,
    Count,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    MixedListType,
    NamedEnumeration,
    NamedStructure,
    Service,
    SharedType,
    Structure,
    Type,
)
from soapstone.samples.validation import must_be_given


def types_are_known(service: Service, report: Report) -> None:
    """A type is a primitive or a structure of service.yaml."""
    shared = [shared.name for shared in _shared(service)]
    beside = _beside_members(service)
    for kind in walk.types(service):
        if isinstance(kind, SharedType) and service.type(kind.name) is None:
            report.error(
                "type-unknown",
                kind.span,
                f"there is no type `{kind.name}`",
                hint=beside.get(kind.span) or unknown_type_hint(kind.name, shared),
            )


def types_are_used(service: Service, report: Report) -> None:
    """Some request or response needs each shared structure and enumeration."""
    used = _used_names(service)
    for shared in _shared(service):
        if shared.name not in used:
            report.warning(
                "type-unused",
                shared.span,
                f"no request or response uses type `{shared.name}`",
                hint="remove it, or name it as the `type` of a member",
            )


def type_names_suit_classes(service: Service, report: Report) -> None:
    """A shared structure or enumeration has the name of its class."""
    for shared in _shared(service):
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
    ending = _ending(service)
    for shared in service.types:
        path = _way_back(shared, service, ending)
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
        for inner in _item_types(each):
            if isinstance(inner, ListType) and inner.item is None:
                report.error(
                    "list-ambiguous-nesting",
                    inner.span,
                    "the lists in this list have no element around them, so nobody can tell where one ends",
                    hint="give the inner list a wrapper: `list` with the name of its items, not `repeated`",
                )


def alternatives_are_several(service: Service, report: Report) -> None:
    """A list that names the types of its children has children of several names."""
    for each in walk.lists(service):
        if isinstance(each, MixedListType) and len(each.alternatives) == 1:
            name = each.alternatives[0].name
            report.warning(
                "list-single-name",
                each.span,
                f"all items of the list are called `{name}`",
                hint=f"write `list: {name}` and its type under `of`; the items need no names then",
            )


def uses_differ(service: Service, report: Report) -> None:
    """What `members` says of a use differs from what the shared structure says."""
    for use in walk.uses(service):
        shared = service.type(use.derived_from)
        for member in use.structure.fields:
            own = None if shared is None else shared.structure.member(member.name)
            if own is not None and own is not member and own == member:
                report.warning(
                    "members-without-effect",
                    member.span,
                    f"`{member.name}` is {member.presence.value} in `{use.derived_from}` already",
                    hint="remove it here: `members` says what is different",
                )


def _beside_members(service: Service) -> dict[Span, str]:
    """Return what to say of types that stand under a key which is no member, by their places."""
    return {
        member.type.span: beside(member.name, holder)
        for operation in service.operations
        for holder, structure in (
            ("request", operation.request),
            ("response", operation.response),
        )
        for member in structure.fields
        if member.name in BESIDE_MEMBERS and isinstance(member.type, SharedType)
    }


def _shared(service: Service) -> tuple[NamedStructure | NamedEnumeration, ...]:
    return (*service.types, *service.enumerations)


def _item_types(kind: ListType | MixedListType) -> tuple[Type, ...]:
    match kind:
        case ListType(of=of):
            return (of,)
        case MixedListType(alternatives=alternatives):
            return tuple(alternative.type for alternative in alternatives)
        case _:
            assert_never(kind)


def _used_names(service: Service) -> set[str]:
    alternatives = (
        () if service.authentication is None else service.authentication.alternatives
    )
    waiting = [named.structure for named in alternatives]
    waiting += [
        structure
        for operation in service.operations
        for structure in (operation.request, operation.response)
    ]
    return {
        name
        for member in walk.reached(service, waiting)
        for kind in walk.types_in(member.type)
        for name in _names_in(kind)
    }


def _names_in(kind: Type) -> tuple[str, ...]:
    match kind:
        case SharedType(name=name) | EnumerationType(shared_name=name):
            return (name,)
        case InlineType(derived_from=name):
            return (name,)
        case AtomType() | ListType() | MixedListType():
            return ()
        case _:
            assert_never(kind)


class _Path(tuple[tuple[str, str], ...]):
    """Members that must be there, each with the shared structure it leads to, if it is one."""

    __slots__ = ()

    @property
    def types(self) -> set[str]:
        return {name for _, name in self if name}

    def __str__(self) -> str:
        return "/".join(member for member, _ in self)


def _way_back(
    shared: NamedStructure, service: Service, ending: frozenset[str]
) -> _Path | None:
    """Return the members that lead from a structure to itself and must all be there."""
    seen: set[str] = set()
    waiting: list[tuple[Structure, _Path]] = [(shared.structure, _Path())]
    while waiting:
        structure, path = waiting.pop(0)
        for member in structure.fields:
            kind = _needed(member, service, ending)
            name = kind.name if isinstance(kind, SharedType) else ""
            further = _Path((*path, (member.name, name)))
            if name == shared.name:
                return further
            inner = None if kind is None else service.structure_of(kind)
            if inner is not None and name not in seen:
                seen.update({name} - {""})
                waiting.append((inner, further))
    return None


def _needed(
    member: Field, service: Service, ending: frozenset[str]
) -> SharedType | InlineType | None:
    """Return the structure that a member always holds; None when it may hold none."""
    if not must_be_given(member):
        return None
    kind = member.type
    while isinstance(kind, ListType | MixedListType):
        if not _has_items(kind):
            return None
        items = _item_types(kind)
        # With a way out among them, no item has to lead back.
        if any(_ends(each, service, ending) for each in items):
            return None
        kind = items[0]
    return kind if isinstance(kind, SharedType | InlineType) else None


def _ending(service: Service) -> frozenset[str]:
    """Return the names of the shared structures that need not contain another without end."""
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(
            shared.name
            for shared in service.types
            if _structure_ends(shared.structure, service, found)
        )
        if more == found:
            return found
        found = more


def _structure_ends(
    structure: Structure, service: Service, ending: frozenset[str]
) -> bool:
    return all(
        not must_be_given(member) or _ends(member.type, service, ending)
        for member in structure.fields
    )


def _ends(kind: Type, service: Service, ending: frozenset[str]) -> bool:
    match kind:
        case AtomType() | EnumerationType():
            return True
        case SharedType(name=name):
            return name in ending or service.type(name) is None
        case InlineType(structure=structure):
            return _structure_ends(structure, service, ending)
        case ListType() | MixedListType():
            return not _has_items(kind) or any(
                _ends(each, service, ending) for each in _item_types(kind)
            )
        case _:
            assert_never(kind)


def _has_items(kind: ListType | MixedListType) -> bool:
    """Whether a list may not be empty."""
    return any(isinstance(each, Count) and each.minimum for each in kind.constraints)
