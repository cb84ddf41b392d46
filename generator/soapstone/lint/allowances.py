"""Warnings that a spec allows, each with its reason."""

from __future__ import annotations

from collections.abc import Iterable

from soapstone.diagnostics import Diagnostic, Severity, Span, did_you_mean
from soapstone.explanations import known_rules
from soapstone.lint.consequences import specs_of_documents
from soapstone.model import Allowance, Service

# Every rule that warns, but for `allow-unused`, which would allow itself. A test compares.
WARNINGS = frozenset(
    {
        "constraint-pattern-anchored",
        "constraint-without-effect",
        "constant-without-effect",
        "doc-missing",
        "enumeration-single",
        "error-message-brace",
        "example-missing",
        "example-outcome",
        "example-value-undocumented",
        "heading-redundant",
        "list-single-name",
        "members-without-effect",
        "memory-unused",
        "page-unused",
        "presence-when",
        "state-without-effect",
        "type-unused",
    }
)


def without_allowed(
    found: Iterable[Diagnostic], service: Service, *, is_whole: bool
) -> tuple[Diagnostic, ...]:
    """Return the findings that no spec allows, and what is wrong with the allowances.

    Args:
        found: What the rules found.
        service: Holds the allowances.
        is_whole: Whether the earlier stages left everything in the service. Otherwise nobody
            can tell what an allowance would have matched.
    """
    kept: list[Diagnostic] = []
    used: set[tuple[str, str]] = set()
    specs = specs_of_documents(service)
    allowed = {(each.span.path, each.rule) for each in _allowances(service)}
    for diagnostic in found:
        path = specs.get(diagnostic.span.path, diagnostic.span.path)
        place = (path, diagnostic.rule)
        if place in allowed and diagnostic.severity is Severity.WARNING:
            used.add(place)
        else:
            kept.append(diagnostic)
    for allowance in _allowances(service):
        if allowance.rule not in WARNINGS:
            kept.append(_unknown(allowance))
        elif is_whole and (allowance.span.path, allowance.rule) not in used:
            kept.append(_unused(allowance))
    return tuple(kept)


def _allowances(service: Service) -> tuple[Allowance, ...]:
    own = (
        allowance
        for operation in service.operations
        for allowance in operation.allowances
    )
    return (*service.allowances, *own)


def _unknown(allowance: Allowance) -> Diagnostic:
    rule, span = allowance.rule, allowance.span
    if rule in known_rules():
        return _diagnostic(span, f"`{rule}` cannot be allowed", _UNALLOWABLE)
    return _diagnostic(
        span, f"there is no rule `{rule}` that warns", did_you_mean(rule, WARNINGS)
    )


_UNALLOWABLE = "only warnings can be; mend what the rule reports, and remove the entry"


def _diagnostic(span: Span, message: str, hint: str) -> Diagnostic:
    return Diagnostic(rule="allow-unknown", span=span, message=message, hint=hint)


def _unused(allowance: Allowance) -> Diagnostic:
    return Diagnostic(
        rule="allow-unused",
        span=allowance.span,
        message=f"`{allowance.rule}` reports nothing in this file",
        hint="remove the entry from `allow`",
        severity=Severity.WARNING,
    )
