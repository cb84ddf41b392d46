"""The tests of the fake service as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soapstone import naming
from soapstone.model import NamedStructure, Operation, Service
from soapstone.naming import Code, Identifier
from soapstone.plan.case_views import runtime_imports, standard_imports
from soapstone.plan.errors import base_error
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.interfaces import Interface
from soapstone.plan.shared import alternatives, authentication_annotation
from soapstone.plan.values import ValuePlanner, used_in
from soapstone.samples.values import Sampler
from soapstone.views import CallerView, FakeTestsView


def plan_fake_tests(service: Service, interfaces: Sequence[Interface]) -> FakeTestsView:
    """Plan the tests of the fake service."""
    callers = tuple(_callers(service, interfaces))
    used = used_in(value for each in callers for value in (each.auth, each.request))
    modules = {
        str(name): f"..{view.module}" for view in interfaces for name in view.defined
    }
    by_module: dict[str, set[str]] = {}
    for name in used.classes:
        by_module.setdefault(modules.get(name, "..types"), set()).add(name)
    base = base_error(service)
    fixture = Identifier(f"fake_{naming.snake_case(service.name)}")
    imports = [
        *runtime_imports(used),
        *(import_view(module, names) for module, names in by_module.items()),
        import_view("..testing.fixtures", [fixture]),
        import_view("..testing.service", ["FakeService"]),
    ]
    if callers:
        imports += [
            import_view("..client", ["Client"]),
            import_view("..errors", [base]),
            import_view(".", ["support"]),
        ]
    contextlib = [Code("import contextlib")] if callers else []
    found = standard_imports(used, pickles=False)
    plain = [*contextlib, Code("import runpy"), Code("import sys")]
    plain += [each for each in found if each.startswith("import ")]
    return FakeTestsView(
        standard_imports=(
            *sorted(plain),
            *(each for each in found if each.startswith("from ")),
        ),
        imports=in_order(imports),
        fixture=fixture,
        annotation=authentication_annotation(service.authentication) or Code("None"),
        base=base,
        callers=callers,
    )


def _callers(service: Service, interfaces: Sequence[Interface]) -> Iterator[CallerView]:
    """Yield each alternative with the first operation that takes it."""
    values = ValuePlanner(service=service)
    both = list(zip(service.operations, interfaces, strict=True))
    for alternative in alternatives(service):
        takers = [each for each in both if _takes(each[0], alternative)]
        for operation, view in takers[:1]:
            structure = alternative.structure
            auth = Sampler(service).structure(structure)
            request = Sampler(service).structure(operation.request)
            yield CallerView(
                auth=values.structure(structure, (alternative.stem,), auth),
                method=view.module,
                request=values.structure(
                    operation.request, (operation.stem, "Request"), request
                ),
            )


def _takes(operation: Operation, alternative: NamedStructure) -> bool:
    taken = operation.authentication
    return taken is not None and any(
        each.name == alternative.name for each in taken.alternatives
    )
