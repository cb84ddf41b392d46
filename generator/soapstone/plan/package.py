"""`__init__.py`: the public names of the package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import AtomType, Field, Primitive, Service
from soapstone.naming import Code, Identifier
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.interfaces import Interface
from soapstone.plan.module import all_fields, innermost
from soapstone.plan.names import may_be_nil
from soapstone.views import (
    Docstring,
    ErrorsView,
    ExportView,
    PackageView,
    TypesView,
)


def plan_package(
    service: Service,
    types: TypesView,
    errors: ErrorsView,
    interfaces: Sequence[Interface],
) -> PackageView:
    """Plan the package's own module: every public name with the module that defines it."""
    modules = dict(_runtime_names(service))
    modules |= {str(name): ".errors" for name in errors.public}
    modules |= {str(view.name): ".types" for view in types.enumerations}
    modules |= {str(view.name): ".types" for view in types.classes}
    for operation in interfaces:
        for class_name in (operation.request_class, operation.response_class):
            modules[str(class_name)] = f".{operation.module}"
    by_module: defaultdict[str, list[str]] = defaultdict(list)
    for name, module in modules.items():
        by_module[module].append(name)
    return PackageView(
        name=Identifier(naming.snake_case(service.name)),
        doc=Docstring(
            summary=f"{service.title}: requests, answers and errors as typed Python.",
            paragraphs=(service.summary,) if service.summary else (),
        ),
        imports=in_order(
            import_view(module, names) for module, names in by_module.items()
        ),
        exports=tuple(
            ExportView(name=Identifier(name), module=Code(modules[name]))
            for name in sorted(modules)
        ),
    )


_CALLING = {
    "AiohttpTransport": "._runtime.transports.adapter_aiohttp",
    "AsyncClient": ".client",
    "AsyncHttpTransport": "._runtime.transports.streams",
    "AsyncHttpxTransport": "._runtime.transports.adapter_httpx",
    "AsyncTransport": "._runtime.transports.messages",
    "Client": ".client",
    "HttpExchange": "._runtime.calls.exchanges",
    "HttpRequest": "._runtime.transports.messages",
    "HttpResponse": "._runtime.transports.messages",
    "HttpTransport": "._runtime.transports.sockets",
    "HttpxTransport": "._runtime.transports.adapter_httpx",
    "RequestsTransport": "._runtime.transports.adapter_requests",
    "RetryPolicy": "._runtime.calls.retries",
    "Timeouts": "._runtime.transports.messages",
    "Transport": "._runtime.transports.messages",
}


def _runtime_names(service: Service) -> Iterator[tuple[str, str]]:
    """Yield what callers need of the runtime, with its module."""
    yield from _CALLING.items()
    yield "Envelope", "._runtime.envelope"
    fields = list(all_fields(service))
    if any(map(may_be_nil, fields)):
        yield "NIL", "._runtime.nil"
        yield "Nil", "._runtime.nil"
    if any(map(_is_moment, fields)):
        yield "Timestamp", "._runtime.timestamp"


def _is_moment(member: Field) -> bool:
    kind = innermost(member.type)
    return isinstance(kind, AtomType) and kind.primitive is Primitive.DATE_TIME


def package_name(service: Service, report: Report) -> Identifier:
    """Return the name of the package; what cannot be one is reported."""
    problem = naming.service_problem(service.name)
    if problem:
        report.error(
            "python-name-invalid",
            service.span,
            f"no package can be named after `{service.name}`: {problem}",
            hint=f"choose another name: `service: {naming.suggest_service(service.name)}`",
        )
        return Identifier("unusable_name")
    return Identifier(naming.snake_case(service.name))
