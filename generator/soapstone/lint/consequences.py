"""Takes out findings that only follow from what the earlier stages took out of the model.

They report what does not fit and go on without it. A rule that then misses something would report
the same mistake a second time, in words that lead astray.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from soapstone.diagnostics import Diagnostic, Report, Severity
from soapstone.model import Service

# They look for something everywhere, so any part that is not there may have held it.
_NEEDS_EVERYTHING = frozenset(
    {"operation-missing", "outcome-needed", "page-unused", "type-unused"}
)

# They look for something in their own file or in service.yaml.
_NEEDS_ITS_FILES = frozenset(
    {
        "allow-unknown",
        "constraint-without-effect",
        "doc-missing",
        "endpoint-invalid",
        "error-code-invalid",
        "error-message-placeholder",
        "error-message-unmatchable",
        "namespace-invalid",
        "outcome-optional",
        "outcome-path-unknown",
        "outcome-type",
        "page-unknown",
        "presence-when",
        "rule-member-unknown",
        "text-blank",
        "type-unknown",
    }
)

# What these found is not in the model, or something else stands there for it.
_TAKES_OUT = frozenset({"field-kind", "schema-missing-key", "schema-value"})


def without_consequences(
    found: Iterable[Diagnostic], service: Service, earlier: Report
) -> tuple[Diagnostic, ...]:
    """Return the findings that hold whatever the earlier stages took out."""
    errors = [
        diagnostic
        for diagnostic in earlier.diagnostics
        if diagnostic.severity is Severity.ERROR
    ]
    if not errors:
        return tuple(found)
    broken = {diagnostic.span.path for diagnostic in errors}
    thinned = {each.span.path for each in errors if each.rule in _TAKES_OUT}
    specs = specs_of_documents(service)
    return tuple(
        diagnostic
        for diagnostic in found
        if not _follows(diagnostic, broken, thinned, service.span.path, specs)
    )


def specs_of_documents(service: Service) -> dict[str, str]:
    """Return the spec in which each file with a sample is named, both as spans show them."""
    return {
        document.start.path: operation.span.path
        for operation in service.operations
        for example in operation.examples
        for document in (example.request, example.response)
        if document is not None
    }


def _follows(
    diagnostic: Diagnostic,
    broken: set[str],
    thinned: set[str],
    shared: str,
    specs: dict[str, str],
) -> bool:
    if diagnostic.rule in _NEEDS_EVERYTHING:
        return True
    files = {shared, *_files(diagnostic, specs)}
    if diagnostic.rule.startswith("example-"):
        return bool(files & broken)
    return diagnostic.rule in _NEEDS_ITS_FILES and bool(files & thinned)


def _files(diagnostic: Diagnostic, specs: dict[str, str]) -> Iterator[str]:
    for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
        yield specs.get(span.path, span.path)
