"""`types.py`: what the operations share."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone import naming
from soapstone.model import (
    Field,
    ListType,
    NamedStructure,
    Presence,
    Service,
    SharedType,
    Type,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import text
from soapstone.plan.imports import Usage, import_view, runtime_modules, standard_imports
from soapstone.plan.module import Module, Parts
from soapstone.plan.names import Names, Place
from soapstone.plan.structures import StructurePlanner
from soapstone.views import (
    AlternativeView,
    AuthenticationView,
    Docstring,
    ImportView,
    TypesView,
)


def plan_types(service: Service, names: Names) -> TypesView:
    """Plan the module of shared structures."""
    parts = Parts()
    module = Module(service=service, names=names, parts=parts, is_shared=True)
    _claim(module)
    written = set(_reachable(service, _request_fields(service)))
    read = set(_reachable(service, _response_fields(service)))
    for alternative in alternatives(service):
        planner = StructurePlanner(module=module, writes=True, reads=False)
        _plan_named(planner, alternative, is_positional=True)
    for shared in in_order_of_use(service):
        planner = StructurePlanner(
            module=module, writes=shared.name in written, reads=shared.name in read
        )
        _plan_named(planner, shared)
    usage = Usage(
        classes=tuple(parts.classes),
        validators=tuple(parts.validators),
        writers=tuple(parts.writers),
        readers=tuple(parts.readers),
        patterns=tuple(parts.patterns),
    )
    return TypesView(
        doc=Docstring(
            summary=f"Structures that the operations of the {service.title} share."
        ),
        imports=_imports(usage),
        standard_imports=standard_imports(usage),
        namespaces=service.namespaces,
        secrets=tuple(sorted(set(_secret_names(service)))),
        patterns=tuple(parts.patterns),
        classes=tuple(parts.classes),
        authentication=plan_authentication(service),
        validators=tuple(parts.validators),
        writers=tuple(parts.writers),
        readers=tuple(parts.readers),
    )


def alternatives(service: Service) -> tuple[NamedStructure, ...]:
    """Return the structures of which one opens every request."""
    return () if service.authentication is None else service.authentication.alternatives


def authentication_annotation(service: Service) -> Code | None:
    """Return the type of the parameter `auth`; None for a service without authentication."""
    named = (naming.class_name(each.stem) for each in alternatives(service))
    classes = [name for name in named if name is not None]
    return expression(" | ".join(classes)) if classes else None


def plan_authentication(service: Service) -> AuthenticationView | None:
    """Plan the functions that check and write the parameter `auth`."""
    annotation = authentication_annotation(service)
    views = [
        view
        for each in alternatives(service)
        if (view := _alternative(each)) is not None
    ]
    if annotation is None:
        return None
    return AuthenticationView(
        annotation=annotation, but_last=tuple(views[:-1]), last=views[-1]
    )


def _alternative(named: NamedStructure) -> AlternativeView | None:
    class_name = naming.class_name(named.stem)
    if class_name is None:
        return None
    stem = naming.snake_case(named.stem)
    return AlternativeView(
        class_name=class_name,
        validator=Identifier(f"validate_{stem}"),
        writer=Identifier(f"write_{stem}"),
        opening=f"<{named.name}>",
        closing=f"</{named.name}>",
    )


def in_order_of_use(service: Service) -> tuple[NamedStructure, ...]:
    """Return the shared structures, each after those that it uses."""
    found: dict[str, NamedStructure] = {}
    for shared in service.types:
        _visit(shared, service, found, set())
    return tuple(found.values())


def _visit(
    shared: NamedStructure,
    service: Service,
    found: dict[str, NamedStructure],
    open_names: set[str],
) -> None:
    if shared.name in found or shared.name in open_names:
        return
    open_names.add(shared.name)
    for kind in _types_in(shared.structure.fields, service):
        used = service.type(kind.name) if isinstance(kind, SharedType) else None
        if used is not None:
            _visit(used, service, found, open_names)
    found[shared.name] = shared


def _types_in(fields: tuple[Field, ...], service: Service) -> Iterator[Type]:
    """Yield the types of all members, down to the shared structures they name."""
    for member in fields:
        kind = member.type
        while isinstance(kind, ListType):
            kind = kind.of
        yield kind
        structure = None if isinstance(kind, SharedType) else service.structure_of(kind)
        if structure is not None:
            yield from _types_in(structure.fields, service)


def _reachable(service: Service, fields: tuple[Field, ...]) -> Iterator[str]:
    """Yield the names of the shared structures that some members lead to."""
    seen: set[str] = set()
    waiting = list(_types_in(fields, service))
    while waiting:
        kind = waiting.pop()
        if not isinstance(kind, SharedType) or kind.name in seen:
            continue
        seen.add(kind.name)
        yield kind.name
        structure = service.structure_of(kind)
        if structure is not None:
            waiting.extend(_types_in(structure.fields, service))


def _request_fields(service: Service) -> tuple[Field, ...]:
    own = (
        member
        for operation in service.operations
        for member in operation.request.fields
    )
    opening = (
        member for each in alternatives(service) for member in each.structure.fields
    )
    return tuple(_shown(opening)) + tuple(_shown(own))


def _response_fields(service: Service) -> tuple[Field, ...]:
    return tuple(
        _shown(
            member
            for operation in service.operations
            for member in operation.response.fields
        )
    )


def _shown(fields: Iterator[Field]) -> Iterator[Field]:
    hidden = {Presence.PROHIBITED, Presence.IGNORED}
    return (member for member in fields if member.presence not in hidden)


def _secret_names(service: Service) -> Iterator[str]:
    """Yield the wire names of all secret members, wherever they stand."""
    waiting = [each.structure for each in (*alternatives(service), *service.types)]
    for operation in service.operations:
        waiting.extend((operation.request, operation.response))
    while waiting:
        for member in waiting.pop().fields:
            if member.is_secret:
                yield member.name
            kind = member.type
            while isinstance(kind, ListType):
                kind = kind.of
            structure = (
                None if isinstance(kind, SharedType) else service.structure_of(kind)
            )
            if structure is not None:
                waiting.append(structure)


def _claim(module: Module) -> None:
    """Give the classes and functions of shared structures to them before anything inside them."""
    asks = [
        (each, "give it a name in Python: `name: {}`")
        for each in alternatives(module.service)
    ]
    asks += [(each, "call the type `{}`") for each in module.service.types]
    for named, ask in asks:
        name = naming.class_spelling(named.stem)
        if module.names.claim(name, named.stem, named.span, ask):
            for verb in ("read", "validate", "write"):
                module.function(verb, _place(named))


def _place(named: NamedStructure) -> Place:
    return Place(names=(named.stem,), functions=(named.stem,), wire_name=named.name)


def _plan_named(
    planner: StructurePlanner, named: NamedStructure, *, is_positional: bool = False
) -> None:
    planner.nested(
        named.structure,
        _place(named),
        text.structure_docstring(named.structure, "", named.name),
        is_positional=is_positional,
    )


def _imports(usage: Usage) -> tuple[ImportView, ...]:
    imports: list[ImportView] = []
    if modules := runtime_modules(usage):
        imports.append(import_view("._runtime", modules))
    if usage.readers:
        imports.append(import_view("._runtime.answer", ["Members"]))
    if usage.validators:
        imports.append(import_view("._runtime.errors", ["Violation"]))
    return tuple(imports)
