"""`client.py`: a method for each operation, twice: for who waits, and for tasks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from soapstone import naming
from soapstone.model import ErrorCase, Occasion, Operation, Service
from soapstone.naming import Code, Identifier
from soapstone.plan import text
from soapstone.plan.imports import import_view, in_order, names_in
from soapstone.plan.interfaces import Interface
from soapstone.plan.names import usable_fields
from soapstone.plan.shared import authentication_annotation, authentication_classes
from soapstone.views import (
    ClassView,
    ClientView,
    Docstring,
    ImportView,
    MethodView,
    OperationView,
    Section,
    TypesView,
)

# What fits on the first line of a method's docstring, with its quotes and indentation.
_LONGEST_SUMMARY = 74

_STANDARD_IMPORTS = {
    "datetime": "import datetime",
    "Sequence": "from collections.abc import Sequence",
    "Decimal": "from decimal import Decimal",
}
_REPEATED = (
    "A repetition does no harm, so a failed attempt may be followed by another one."
)
_NEVER_REPEATED = (
    "A request is not sent again once any of it may have reached the service."
)


def plan_client(
    service: Service, types: TypesView, interfaces: Sequence[Interface]
) -> ClientView:
    """Plan the module of the clients."""
    methods = tuple(each.method for each in interfaces)
    refusals = tuple(_refusals(service.errors))
    annotation = authentication_annotation(service.authentication)
    annotations = [each.annotation for view in methods for each in view.parameters]
    return ClientView(
        doc=Docstring(
            summary=f"Clients of the {service.title}: a method for each operation."
        ),
        endpoint=service.protocol.endpoint,
        annotation=annotation,
        refusals=refusals,
        imports=_imports(service, refusals),
        standard_imports=_standard_imports(annotations),
        typing_imports=_typing_imports(types, interfaces, annotations),
        methods=methods,
    )


def _refusals(errors: Iterable[ErrorCase]) -> Iterator[Identifier]:
    """Yield the exceptions that say that the service refused who calls."""
    for error in errors:
        if error.occasion is Occasion.REFUSED_AUTHENTICATION:
            yield Identifier(error.name)
        yield from _refusals(error.cases)


def plan_method(operation: Operation, view: OperationView) -> MethodView:
    """Plan the method that calls an operation."""
    request = _class_of(view)
    return MethodView(
        name=view.module,
        request_class=view.request_class,
        response_class=view.response_class,
        doc=_docstring(operation, request),
        parameters=request.attributes,
    )


def _class_of(view: OperationView) -> ClassView:
    return next(each for each in view.classes if each.name == view.request_class)


def _docstring(operation: Operation, request: ClassView) -> Docstring:
    """Say what the operation does, what its members mean and whether it may be repeated."""
    summary = text.sentence(operation.summary)
    attributes = {
        member.name: name
        for member in usable_fields(operation.request)
        if (name := naming.attribute_name(member.name, member.python_name))
    }
    rules = (text.rule_sentence(rule, attributes) for rule in operation.request.rules)
    repetition = _REPEATED if operation.is_idempotent else _NEVER_REPEATED
    paragraphs = (operation.doc, *rules, repetition)
    if len(summary) > _LONGEST_SUMMARY:
        summary, paragraphs = f"Call {operation.name}.", (summary, *paragraphs)
    return Docstring(
        summary=summary,
        paragraphs=tuple(filter(None, paragraphs)),
        sections=tuple(
            Section(title="Args", entries=each.entries) for each in request.doc.sections
        ),
    )


def _imports(
    service: Service, refusals: tuple[Identifier, ...]
) -> tuple[ImportView, ...]:
    classes = authentication_classes(service.authentication)
    bases = (
        ["BaseAsyncClient", "BaseClient"]
        if classes
        else ["BaseOpenAsyncClient", "BaseOpenClient"]
    )
    imports = (
        import_view("._runtime.calls.clients", bases),
        import_view("._runtime.calls.operation", ["ServiceDescription"]),
        import_view(".errors", refusals),
        import_view(".types", classes),
    )
    return in_order(each for each in imports if each.names)


def _standard_imports(annotations: list[Code]) -> tuple[Code, ...]:
    used = names_in(*annotations)
    return tuple(
        Code(statement) for name, statement in _STANDARD_IMPORTS.items() if name in used
    )


def _typing_imports(
    types: TypesView, interfaces: Sequence[Interface], annotations: list[Code]
) -> tuple[ImportView, ...]:
    """Return the imports of the classes that annotations name, and of those of answers."""
    modules = {str(each.name): ".types" for each in types.classes}
    modules |= {str(each.name): ".types" for each in types.enumerations}
    modules["Nil"] = "._runtime.nil"
    for view in interfaces:
        modules |= {str(name): f".{view.module}" for name in view.defined}
    used = {name for name in names_in(*annotations) if name in modules}
    used |= {str(view.response_class) for view in interfaces}
    by_module: defaultdict[str, list[str]] = defaultdict(list)
    for name in used:
        by_module[modules[name]].append(name)
    return in_order(import_view(module, names) for module, names in by_module.items())
