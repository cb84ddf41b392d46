"""Failures that a service gives on a general occasion."""

from __future__ import annotations

from soapstone.diagnostics import Related, Report
from soapstone.lint import walk
from soapstone.model import ErrorCase, Occasion, Service


def occasions_are_distinct(service: Service, report: Report) -> None:
    """One failure is given on each occasion."""
    first: dict[Occasion, ErrorCase] = {}
    for case in walk.error_cases(service.errors):
        if case.occasion is None:
            continue
        other = first.setdefault(case.occasion, case)
        if other is not case:
            report.error(
                "error-occasion-duplicate",
                case.span,
                f"`{other.name}` is given when `{case.occasion.value}` already",
                hint="keep `when` at the failure that the service gives in general",
                related=[Related(other.span, "the other failure")],
            )


def occasions_can_be_answered(service: Service, report: Report) -> None:
    """A failure on a general occasion can be written without knowing what its message carries."""
    for case in walk.error_cases(service.errors):
        is_written = any(not message.names for message in case.messages)
        if case.occasion is not None and case.messages and not is_written:
            report.error(
                "error-occasion-message",
                case.span,
                f"every message of `{case.name}` carries values, which no occasion knows",
                hint="move `when` to a failure that its code or a fixed message tells",
            )


def occasions_can_arise(service: Service, report: Report) -> None:
    """An authentication can be refused only where there is one."""
    for case in walk.error_cases(service.errors):
        is_refusal = case.occasion is Occasion.REFUSED_AUTHENTICATION
        if is_refusal and service.authentication is None:
            report.error(
                "error-occasion-authentication",
                case.span,
                f"`{case.name}` is given when an authentication is refused, and the service has none",
                hint="describe `authentication` in service.yaml, or remove `when`",
            )
