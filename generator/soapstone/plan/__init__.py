"""Fourth stage: the model to views.

Every name, type expression, import and docstring of the output is decided here, and every collision
between them reported, before a template runs.
"""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.diagnostics import Report
from soapstone.model import Service
from soapstone.plan.errors import plan_errors
from soapstone.plan.operation import OperationPlanner
from soapstone.plan.package import plan_package
from soapstone.plan.shared import plan_types
from soapstone.views import ErrorsView, OperationView, PackageView, TypesView


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The views of every module of one package."""

    package: PackageView
    types: TypesView
    errors: ErrorsView
    operations: tuple[OperationView, ...]


def plan_service(service: Service, report: Report) -> Plan:
    """Plan the package of a service; what cannot be named goes to the report."""
    planned = [
        OperationPlanner(operation, service, report).plan()
        for operation in service.operations
    ]
    operations = tuple(view for view in planned if view is not None)
    types = plan_types(service, report)
    errors = plan_errors(service, report)
    return Plan(
        package=plan_package(service, types, errors, operations, report),
        types=types,
        errors=errors,
        operations=operations,
    )
