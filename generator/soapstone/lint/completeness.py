"""What a spec that is fit for use does not lack."""

from __future__ import annotations

from soapstone.diagnostics import Related, Report, Span
from soapstone.lint import walk
from soapstone.model import Example, Service


def operations_are_there(service: Service, report: Report) -> None:
    """A service has operations."""
    if not service.operations:
        report.error(
            "operation-missing",
            service.span,
            f"`{service.name}` has no operations",
            hint="describe each in a file beside service.yaml; `soapstone new operation` starts one",
        )


def examples_are_there(service: Service, report: Report) -> None:
    """Each operation has a documented request and a documented response."""
    for operation in service.operations:
        for what, documents in (
            ("request", [example.request for example in operation.examples]),
            ("response", [example.response for example in operation.examples]),
        ):
            if not any(documents):
                report.warning(
                    "example-missing",
                    operation.span,
                    f"`{operation.name}` has no example of a {what}",
                    hint="add the document of the page to `examples`: it proves the rest of the file",
                )


def examples_have_documents(service: Service, report: Report) -> None:
    """An example shows a request or a response."""
    for operation in service.operations:
        for example in operation.examples:
            if example.request is None and example.response is None:
                report.error(
                    "example-empty",
                    example.span,
                    f"example `{example.title}` shows nothing",
                    hint="add a `request` or a `response`, or remove it",
                )


def examples_have_own_titles(service: Service, report: Report) -> None:
    """No two examples of an operation have one title."""
    for operation in service.operations:
        first: dict[str, Example] = {}
        for example in operation.examples:
            other = first.setdefault(example.title, example)
            if other is not example and example.title:
                report.error(
                    "example-title-duplicate",
                    example.span,
                    f"there is an example `{example.title}` already",
                    hint="say in the title what this one shows",
                    related=[Related(other.span, "the other one")],
                )


def texts_are_there(service: Service, report: Report) -> None:
    """Each member and each shared structure says what it means."""
    for named in walk.named_structures(service):
        if not named.structure.doc:
            _report_missing(named.name, named.span, report)
    for shared in service.enumerations:
        if not shared.enumeration.doc:
            _report_missing(shared.name, shared.span, report)
    for member in walk.fields(service):
        if not member.doc:
            _report_missing(member.name, member.span, report)


def _report_missing(name: str, span: Span, report: Report) -> None:
    report.warning(
        "doc-missing",
        span,
        f"nothing says what `{name}` means",
        hint="add a `doc` in your own words; it becomes the docstring",
    )
