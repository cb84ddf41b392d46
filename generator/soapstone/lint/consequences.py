"""Takes out findings that only follow from what the earlier stages took out of the model.

They report what does not fit and go on without it. A rule that then misses something would report
the same mistake a second time, in words that lead astray.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from soapstone.diagnostics import Diagnostic, Report, Severity
from soapstone.model import Service

# They look for something everywhere, so any part that is not there may have held it.
_NEEDS_EVERYTHING = frozenset(
    {
        "constant-without-effect",
        "memory-unused",
        "operation-missing",
        "outcome-needed",
        "page-unused",
        "state-without-effect",
        "type-unused",
    }
)

# They look for something that they name, in their own file or in service.yaml.
_NEEDS_WHAT_IT_NAMES = frozenset(
    {
        "doc-missing",
        "error-message-placeholder",
        "error-message-unmatchable",
        "error-occasion-authentication",
        "error-occasion-message",
        "members-without-effect",
        "memory-unknown",
        "outcome-optional",
        "outcome-path-unknown",
        "outcome-type",
        "page-unknown",
        "presence-when",
        "rule-condition",
        "rule-contradiction",
        "rule-member-unknown",
        "rule-value",
        "session-alternative",
        "session-member",
        "session-path",
        "type-unknown",
    }
)

# They look for a value that nothing but its place names.
_NEEDS_ITS_FILES = frozenset(
    {
        "allow-unknown",
        "constant-refused",
        "constraint-without-effect",
        "endpoint-invalid",
        "enumeration-single",
        "error-code-invalid",
        "form-type",
        "list-single-name",
        "namespace-invalid",
        "state-not-applicable",
        "text-blank",
    }
)

# What these found is not in the model, or something else stands there for it.
_TAKES_OUT = frozenset(
    {
        "authentication-unknown",
        "field-kind",
        "schema-missing-key",
        "schema-value",
        "type-kind",
    }
)

# Keys of a field without which a sample can still be checked against it.
_BESIDE_THE_SHAPE = frozenset(
    {
        "allowed",
        "basis",
        "count",
        "doc",
        "length",
        "max",
        "maximum",
        "message",
        "min",
        "minimum",
        "name",
        "note",
        "pattern",
        "presence",
        "required",
        "section",
        "source",
        "unique",
        "when",
    }
)

# What these found is missing in an example.
_OF_SAMPLES = ("example-", "source-", "value-")

_QUOTED = re.compile("`([^`]*)`")


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
    specs = specs_of_documents(service)
    return tuple(
        diagnostic
        for diagnostic in found
        if not _follows(diagnostic, errors, service.span.path, specs)
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
    errors: list[Diagnostic],
    shared: str,
    specs: dict[str, str],
) -> bool:
    if diagnostic.rule in _NEEDS_EVERYTHING:
        return True
    files = {shared, *_files(diagnostic, specs)}
    near = [error for error in errors if error.span.path in files]
    if diagnostic.rule.startswith("example-"):
        return any(_touches_samples(error) for error in near)
    taken = [error for error in near if error.rule in _TAKES_OUT]
    if diagnostic.rule in _NEEDS_ITS_FILES:
        return bool(taken)
    if diagnostic.rule not in _NEEDS_WHAT_IT_NAMES:
        return False
    names = _names(diagnostic)
    return any(_is_general(error) or names & _names(error) for error in taken)


def _touches_samples(error: Diagnostic) -> bool:
    """Whether what an error took out may be what a sample holds or is checked against."""
    path = _path(error)
    if error.rule == "schema-unknown-key":
        return len(path) < _INSIDE_A_FIELD
    if error.rule == "schema-value":
        names = [name for name in path if not name.isdecimal()]
        return len(path) < _INSIDE_A_FIELD or names[-1] not in _BESIDE_THE_SHAPE
    return error.rule in _TAKES_OUT or error.rule.startswith(_OF_SAMPLES)


def _is_general(error: Diagnostic) -> bool:
    """Whether an error took out a whole section of a file."""
    return error.rule.startswith("schema-") and len(_path(error)) < _INSIDE_A_FIELD


# `request.Name` is the shortest path into a field.
_INSIDE_A_FIELD = 2


def _path(error: Diagnostic) -> list[str]:
    """Return the path in a spec that an error is about, as far as it quotes one."""
    quoted: list[str] = _QUOTED.findall(error.message)
    if error.rule == "schema-value":
        return quoted[0].split(".") if quoted else []
    return quoted[-1].split(".") if " in `" in error.message else []


def _names(diagnostic: Diagnostic) -> set[str]:
    """Return the names that a finding quotes, paths taken apart."""
    return {
        name
        for text in _QUOTED.findall(diagnostic.message)
        for name in re.split("[./]", text)
    }


def _files(diagnostic: Diagnostic, specs: dict[str, str]) -> Iterator[str]:
    for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
        yield specs.get(span.path, span.path)
