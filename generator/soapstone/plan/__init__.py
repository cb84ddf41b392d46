"""Fourth stage: the model to views.

Every name, type expression, import and docstring of the output is decided here, and every collision
between them reported, before a template runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from soapstone.diagnostics import Report
from soapstone.model import Service
from soapstone.plan.authentication_tests import plan_authentication_tests
from soapstone.plan.client import plan_client
from soapstone.plan.error_tests import plan_error_tests
from soapstone.plan.errors import plan_errors
from soapstone.plan.failures import descriptions
from soapstone.plan.fake_service import plan_fake_service, plan_shared_readers
from soapstone.plan.fake_tests import plan_fake_tests
from soapstone.plan.fakes import FakePlanner, PlannedFake
from soapstone.plan.names import Names
from soapstone.plan.operation import OperationPlanner
from soapstone.plan.operation_names import name_operations
from soapstone.plan.operation_tests import OperationTestsPlanner, PlannedTests
from soapstone.plan.package import plan_package
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The views of every module of one package that is about more than one operation.

    Attributes:
        operations: The modules of the operations themselves, in the order of the service.
        descriptions: The words that documents show beside codes of failures, by the code.
    """

    service: Service
    names: Names
    descriptions: Mapping[str, str]
    package: PackageView
    types: TypesView
    errors: ErrorsView
    operations: tuple[OperationView, ...]
    client: ClientView
    fake: FakeServiceView
    shared_readers: SharedReadersView | None
    error_tests: ErrorTestsView | None
    fake_tests: FakeTestsView
    authentication_tests: AuthenticationTestsView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedOperation:
    """The views of every module that is about one operation, with its documents."""

    view: OperationView
    fake: PlannedFake
    tests: PlannedTests


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The views of modules that stand for themselves, perhaps with mistakes in their names."""

    service: Service
    names: Names
    types: TypesView
    errors: ErrorsView
    operations: tuple[OperationView, ...]


def draft_service(service: Service, report: Report) -> Draft:
    """Give all modules, classes and members their names; those that cannot be given are reported.

    Args:
        service: May have any mistake but that of being too large.
        report: Receives the diagnostics.
    """
    names = Names(report, service.name)
    errors = plan_errors(service, names)
    types = plan_types(service, names)
    modules = name_operations(service.operations, names)
    alone, differ = _alone(service), is_chosen(service)
    operations = tuple(
        OperationPlanner(
            operation, modules[operation.path], alone, names, is_chosen=differ
        ).plan()
        for operation in service.operations
        if operation.path in modules
    )
    return Draft(
        service=service,
        names=names,
        types=types,
        errors=errors,
        operations=operations,
    )


def plan_service(draft: Draft, report: Report) -> Plan | None:
    """Plan the package of a service; None when the report has errors, new ones among them."""
    service, types, operations = draft.service, draft.types, draft.operations
    package = plan_package(service, types, draft.errors, operations, report)
    if report.has_errors or not operations:
        return None
    return Plan(
        service=service,
        names=draft.names,
        descriptions=descriptions(service),
        package=package,
        types=types,
        errors=draft.errors,
        operations=operations,
        client=plan_client(service, types, operations),
        fake=plan_fake_service(service, operations),
        shared_readers=plan_shared_readers(service, draft.names),
        fake_tests=plan_fake_tests(service, operations),
        error_tests=plan_error_tests(service, operations),
        authentication_tests=plan_authentication_tests(service),
    )


def plan_operation(plan: Plan, number: int) -> PlannedOperation:
    """Plan what is about one operation, by its place in the service: most of the work.

    What it yields depends on nothing that another operation says, but for what `shared_facts` tells.
    """
    view, operation = plan.operations[number], plan.service.operations[number]
    known = Known(_alone(plan.service))
    fake = FakePlanner(
        operation, known, view, plan.types, plan.names, plan.descriptions
    )
    tests = OperationTestsPlanner(operation, known, view)
    return PlannedOperation(view=view, fake=fake.plan(), tests=tests.plan())


def shared_facts(plan: Plan) -> str:
    """Return what an operation shows that depends on others."""
    return repr((plan.types, plan.descriptions, is_chosen(plan.service)))


def _alone(service: Service) -> Service:
    return replace(service, operations=())
