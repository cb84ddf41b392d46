"""`types.py`: what the operations share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soapstone import naming
from soapstone.model import (
    Authentication,
    AuthenticationPlace,
    Field,
    Form,
    ListType,
    NamedStructure,
    Presence,
    Service,
    SharedType,
    Structure,
    Type,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import text, wire
from soapstone.plan.imports import (
    Usage,
    import_view,
    in_order,
    runtime_imports,
    runtime_modules,
    standard_imports,
)
from soapstone.plan.module import (
    Module,
    Parts,
    all_fields,
    fields_in,
    has_attributes,
    innermost,
)
from soapstone.plan.names import Names, Place
from soapstone.plan.structures import StructurePlanner, plan_enumeration
from soapstone.views import (
    AlternativeView,
    AuthenticationView,
    Docstring,
    EnumerationView,
    ImportView,
    TypesView,
)


def plan_types(service: Service, names: Names) -> TypesView:
    """Plan the module of shared structures."""
    parts = Parts()
    module = Module(service=service, names=names, parts=parts, is_shared=True)
    _claim(module)
    written = written_types(service)
    read = set(_reachable(service, _response_fields(service)))
    for alternative in alternatives(service):
        planner = StructurePlanner(module=module, writes=True, reads=False)
        _plan_named(planner, alternative, is_positional=True)
    for shared in in_order_of_use(service):
        if shared.name not in written | read:
            continue  # each use of it differs, or there is none
        planner = StructurePlanner(
            module=module, writes=shared.name in written, reads=shared.name in read
        )
        _plan_named(planner, shared)
    enumerations = (*_shared_enumerations(module), *parts.enumerations)
    usage = Usage(
        enumerations=enumerations,
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
        is_recursive=_is_recursive(service),
        namespaces=service.namespaces,
        secrets=tuple(sorted(set(_secret_names(service)))),
        patterns=tuple(parts.patterns),
        enumerations=enumerations,
        classes=tuple(parts.classes),
        authentication=plan_authentication(service),
        validators=tuple(parts.validators),
        writers=tuple(parts.writers),
        readers=tuple(parts.readers),
    )


def written_types(service: Service) -> frozenset[str]:
    """Return the names of the shared structures that stand in requests."""
    return frozenset(_reachable(service, _request_fields(service)))


def _is_recursive(service: Service) -> bool:
    return any(
        shared.name in _reachable(service, shared.structure.fields)
        for shared in service.types
    )


def _shared_enumerations(module: Module) -> tuple[EnumerationView, ...]:
    """Plan the shared enumerations, in their order in the spec."""
    return tuple(
        plan_enumeration(
            module,
            module.shared_class(shared.name),
            shared.enumeration,
            shared.name,
        )
        for shared in module.service.enumerations
    )


def alternatives(service: Service) -> tuple[NamedStructure, ...]:
    """Return the structures of which one opens every request."""
    return () if service.authentication is None else service.authentication.alternatives


def authentication_classes(
    authentication: Authentication | None,
) -> tuple[Identifier, ...]:
    """Return the classes of the alternatives."""
    given = () if authentication is None else authentication.alternatives
    named = (naming.class_name(each.stem) for each in given)
    return tuple(name for name in named if name is not None)


def authentication_annotation(authentication: Authentication | None) -> Code | None:
    """Return the type of the parameter `auth`; None where there is no authentication."""
    classes = authentication_classes(authentication)
    return expression(" | ".join(classes)) if classes else None


def is_chosen(service: Service) -> bool:
    """Whether some operation takes only some of the alternatives of the authentication."""
    return any(
        operation.authentication is not None
        and len(operation.authentication.alternatives) < len(alternatives(service))
        for operation in service.operations
    )


def plan_authentication(service: Service) -> AuthenticationView | None:
    """Plan the functions that check and write the parameter `auth`."""
    annotation = authentication_annotation(service.authentication)
    views = [
        view
        for each in alternatives(service)
        if (view := _alternative(each, service)) is not None
    ]
    if annotation is None:
        return None
    return AuthenticationView(
        annotation=annotation,
        is_chosen=is_chosen(service),
        but_last=tuple(views[:-1]),
        last=views[-1],
    )


def _alternative(named: NamedStructure, service: Service) -> AlternativeView | None:
    class_name = naming.class_name(named.stem)
    if class_name is None:
        return None
    stem = naming.snake_case(named.stem)
    return AlternativeView(
        class_name=class_name,
        validator=Identifier(f"validate_{stem}"),
        writer=Identifier(f"write_{stem}"),
        opening=_opening(named, service),
        closing=wire.end_tag(named.name),
    )


def _opening(named: NamedStructure, service: Service) -> str:
    """Return the start tag of an alternative; in a header it has no parent with a namespace."""
    authentication, end = service.authentication, ">"
    if has_attributes(named.structure, service):
        end = ""
    if authentication is None or authentication.place is not AuthenticationPlace.HEADER:
        return f"<{named.name}{end}"
    namespace = wire.attribute_value(service.protocol.namespace)
    return f'<{named.name} xmlns="{namespace}"{end}'


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
    for kind in _types_in(shared.structure.fields):
        used = service.type(kind.name) if isinstance(kind, SharedType) else None
        if used is not None:
            _visit(used, service, found, open_names)
    found[shared.name] = shared


def _types_in(fields: Iterable[Field]) -> Iterator[Type]:
    """Yield the types of all members, down to the shared structures they name."""
    return (innermost(member.type) for member in fields_in(fields))


def _reachable(service: Service, fields: tuple[Field, ...]) -> Iterator[str]:
    """Yield the names of the shared structures that some members lead to."""
    seen: set[str] = set()
    waiting = list(_types_in(fields))
    while waiting:
        kind = waiting.pop()
        if not isinstance(kind, SharedType) or kind.name in seen:
            continue
        seen.add(kind.name)
        yield kind.name
        structure = service.structure_of(kind)
        if structure is not None:
            waiting.extend(_types_in(structure.fields))


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
    for member in all_fields(service):
        if member.is_secret and member.form is not Form.TEXT:
            yield member.name.rpartition(":")[2]
        inside = service.structure_of(innermost(member.type))
        if inside is not None and _has_secret_text(inside):
            yield from _element_names(member)
    for alternative in alternatives(service):
        if _has_secret_text(alternative.structure):
            yield alternative.name
    for operation in service.operations:
        if _has_secret_text(operation.response):
            yield operation.protocol.result


def _has_secret_text(structure: Structure) -> bool:
    """Whether the text of a structure's own element, which has no name, is secret."""
    return any(each.is_secret and each.form is Form.TEXT for each in structure.fields)


def _element_names(member: Field) -> Iterator[str]:
    """Yield the names of the elements that hold a member or the items of its lists."""
    yield member.name
    kind: Type = member.type
    while isinstance(kind, ListType):
        if kind.item is not None:
            yield kind.item
        kind = kind.of


def _claim(module: Module) -> None:
    """Give the classes and functions of shared types to them before anything inside them."""
    service = module.service
    asks = [
        (each, each.stem, "give it a name in Python: `name: {}`")
        for each in alternatives(service)
    ]
    asks += [(each, each.stem, "call the type `{}`") for each in service.types]
    for named, stem, ask in asks:
        name = naming.class_spelling(stem)
        if module.names.claim(name, stem, named.span, ask):
            for verb in ("read", "validate", "write"):
                module.function(verb, _place(named))
    for shared in service.enumerations:
        name = naming.class_spelling(shared.name)
        module.names.claim(name, shared.name, shared.span, "call the type `{}`")


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
    imports = list(runtime_imports(usage))
    if modules := runtime_modules(usage):
        imports.append(import_view("._runtime", modules))
    if usage.readers:
        imports.append(import_view("._runtime.answer", ["Members"]))
    if usage.validators:
        imports.append(import_view("._runtime.errors", ["Violation"]))
    return in_order(imports)
