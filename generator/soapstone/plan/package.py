"""`__init__.py`: the public names of the package."""

from __future__ import annotations

from collections import defaultdict

from soapstone import naming
from soapstone.diagnostics import Related, Report, Span
from soapstone.model import Service
from soapstone.naming import PACKAGE_NAMES, Code, Identifier
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.shared import alternatives
from soapstone.views import (
    Docstring,
    ErrorsView,
    ExportView,
    OperationView,
    PackageView,
    TypesView,
)

# Names that every package has, with their modules; those without one are kept for its clients.
_RESERVED = {"AsyncClient": "", "Client": "", "Envelope": "._runtime.envelope"}


def plan_package(
    service: Service,
    types: TypesView,
    errors: ErrorsView,
    operations: tuple[OperationView, ...],
    report: Report,
) -> PackageView:
    """Plan the package's own module: every public name with the module that defines it."""
    _report_module_collisions(service, operations, report)
    modules = dict(_RESERVED)
    modules |= {str(name): ".errors" for name in errors.public}
    spans = {
        shared.name: shared.span for shared in (*service.types, *alternatives(service))
    }
    for view in types.classes:
        _claim(
            str(view.name),
            ".types",
            spans.get(str(view.name), service.span),
            modules,
            report,
        )
    by_path = {operation.path: operation.span for operation in service.operations}
    for operation in operations:
        for class_name in (operation.request_class, operation.response_class):
            module = f".{operation.module}"
            _claim(str(class_name), module, by_path[operation.path], modules, report)
    modules = {name: module for name, module in modules.items() if module}
    by_module: defaultdict[str, list[str]] = defaultdict(list)
    for name, module in modules.items():
        by_module[module].append(name)
    return PackageView(
        name=_package_name(service, report),
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


def _claim(
    name: str, module: str, span: Span, modules: dict[str, str], report: Report
) -> None:
    """Give a public name to a module, unless another one has it."""
    if modules.get(name, module) != module:
        report.error(
            "python-name-collision",
            span,
            f"the package has a public name `{name}` already",
            hint="choose another name for the shared structure, or give the operation one: `name:`",
        )
    modules.setdefault(name, module)


def _package_name(service: Service, report: Report) -> Identifier:
    name = naming.module_name(service.name, "")
    if name is None or not naming.is_class_name(service.name):
        report.error(
            "python-name-invalid",
            service.span,
            f"no package can be named after `{service.name}`",
            hint="write the service's name like a class of Python, for example `Revio`",
        )
        return Identifier("unusable_name")
    return name


def _report_module_collisions(
    service: Service, operations: tuple[OperationView, ...], report: Report
) -> None:
    spans = {operation.path: operation.span for operation in service.operations}
    seen: dict[str, Span] = {}
    for view in operations:
        span = spans[view.path]
        if view.module in PACKAGE_NAMES:
            report.error(
                "python-name-collision",
                span,
                f"the package has a module `{view.module}` already",
                hint=f"give the operation another name: `name: {view.module}_operation`",
            )
        elif view.module in seen:
            report.error(
                "python-name-collision",
                span,
                f"two operations would both be the module `{view.module}`",
                hint="give one of them another name: `name: some_name`",
                related=[Related(seen[view.module], "the other one")],
            )
        seen.setdefault(view.module, span)
