"""Fourth stage: the model to views.

Every name, type expression, import and docstring of the output is decided here, and every collision
between them reported, before a template runs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from soapstone.diagnostics import Report
from soapstone.model import Operation, Service
from soapstone.naming import Identifier
from soapstone.plan.authentication_tests import plan_authentication_tests
from soapstone.plan.client import plan_client, plan_method
from soapstone.plan.error_tests import plan_error_tests
from soapstone.plan.errors import plan_errors
from soapstone.plan.failures import descriptions
from soapstone.plan.fake_service import plan_fake_service, plan_shared_readers
from soapstone.plan.fake_tests import plan_fake_tests
from soapstone.plan.fakes import FakePlanner, PlannedFake
from soapstone.plan.interfaces import Interface, collide
from soapstone.plan.names import Names
from soapstone.plan.operation import OperationPlanner
from soapstone.plan.operation_names import name_operations
from soapstone.plan.operation_tests import OperationTestsPlanner, PlannedTests
from soapstone.plan.package import package_name, plan_package
from soapstone.plan.shared import is_chosen, plan_types
from soapstone.samples.values import Known
from soapstone.views import (
    AuthenticationTestsView,
    ClientView,
    ErrorsView,
    ErrorTestsView,
    FakeServiceView,
    FakeTestsView,
    OperationView,
    PackageView,
    SharedReadersView,
    TypesView,
)

__all__ = [
    "Interface",
    "Plan",
    "PlannedOperation",
    "PlannedPackage",
    "check_operations",
    "collide",
    "plan_interface",
    "plan_operation",
    "plan_service",
    "plan_shared",
    "shared_facts",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is decided before single operations are looked at.

    Attributes:
        alone: The service without its operations.
        name: Of the package.
        names: Those of its modules, and of the classes that operations share.
        modules: By the path of each operation; those without a good name are left out.
        descriptions: The words that documents show beside codes of failures, by the code.
        is_chosen: Whether the operations of the service differ in whom they take.
    """

    service: Service
    alone: Service
    name: Identifier
    names: Names
    modules: Mapping[str, Identifier]
    descriptions: Mapping[str, str]
    is_chosen: bool
    types: TypesView
    errors: ErrorsView


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOperation:
    """The views of every module that is about one operation, with its documents."""

    view: OperationView
    fake: PlannedFake
    tests: PlannedTests
    interface: Interface


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPackage:
    """The views of every module that is about more than one operation."""

    package: PackageView
    types: TypesView
    errors: ErrorsView
    client: ClientView
    fake: FakeServiceView
    shared_readers: SharedReadersView | None
    error_tests: ErrorTestsView | None
    fake_tests: FakeTestsView
    authentication_tests: AuthenticationTestsView | None


def plan_service(service: Service, report: Report) -> Plan:
    """Name the modules of a package, and all that operations share.

    Args:
        service: May have any mistake but that of being too large.
        report: Receives what cannot be named.
    """
    names = Names(report, service.name)
    errors = plan_errors(service, names)
    types = plan_types(service, names)
    return Plan(
        service=service,
        alone=replace(service, operations=()),
        modules=name_operations(service.operations, names),
        name=package_name(service, report),
        names=names,
        descriptions=descriptions(service),
        is_chosen=is_chosen(service),
        types=types,
        errors=errors,
    )


def check_operations(plan: Plan) -> None:
    """Name everything in all operations; what cannot be named goes to the report of the plan."""
    for operation in plan.service.operations:
        if operation.path in plan.modules:
            _plan_view(plan, operation, plan.names)


def plan_interface(plan: Plan, number: int) -> Interface | None:
    """Return what an operation shows to others; None where something in it cannot be named."""
    operation, report = plan.service.operations[number], Report()
    names = plan.names.apart(report)
    view = _plan_view(plan, operation, names)
    return None if report.has_errors else _interface(plan, operation, view, names)


def plan_operation(plan: Plan, number: int) -> PlannedOperation | None:
    """Plan what is about one operation, by its place in the service: most of the work.

    What it yields depends on nothing that another operation says, but for what `shared_facts` tells.
    None is returned where something in it cannot be named.
    """
    operation, report = plan.service.operations[number], Report()
    names, known = plan.names.apart(report), Known(plan.alone)
    view = _plan_view(plan, operation, names)
    if report.has_errors:
        return None
    fake = FakePlanner(operation, known, view, plan.types, names, plan.descriptions)
    tests = OperationTestsPlanner(operation, known, view)
    return PlannedOperation(
        view=view,
        fake=fake.plan(),
        tests=tests.plan(),
        interface=_interface(plan, operation, view, names),
    )


def plan_shared(plan: Plan, interfaces: Sequence[Interface]) -> PlannedPackage:
    """Plan what is about all operations, from what these show, in their order."""
    service, types = plan.service, plan.types
    return PlannedPackage(
        package=plan_package(service, types, plan.errors, interfaces),
        types=types,
        errors=plan.errors,
        client=plan_client(service, types, interfaces),
        fake=plan_fake_service(service, interfaces),
        shared_readers=plan_shared_readers(service, plan.names),
        fake_tests=plan_fake_tests(service, interfaces),
        error_tests=plan_error_tests(service, interfaces),
        authentication_tests=plan_authentication_tests(service),
    )


def shared_facts(plan: Plan) -> str:
    """Return what an operation shows that depends on others."""
    return repr((plan.types, plan.descriptions, plan.is_chosen))


def _plan_view(plan: Plan, operation: Operation, names: Names) -> OperationView:
    return OperationPlanner(
        operation,
        plan.modules[operation.path],
        plan.alone,
        names,
        is_chosen=plan.is_chosen,
    ).plan()


def _interface(
    plan: Plan, operation: Operation, view: OperationView, names: Names
) -> Interface:
    return Interface(
        module=view.module,
        request_class=view.request_class,
        response_class=view.response_class,
        defined=view.defined,
        method=plan_method(operation, view),
        claims=dict(islice(names.classes.items(), len(plan.names.classes), None)),
    )
