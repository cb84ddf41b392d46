"""Names on the wire."""

from __future__ import annotations

from typing import assert_never

from soapstone.diagnostics import Related, Report, Span
from soapstone.lint import walk
from soapstone.model import (
    Authentication,
    AuthenticationPlace,
    Field,
    Form,
    ListType,
    MixedListType,
    Operation,
    Protocol,
    Service,
    Structure,
)
from soapstone.naming import is_attribute_name, is_wire_name, wire_name_like


def wire_names_are_valid(service: Service, report: Report) -> None:
    """Whatever becomes an element has a name that XML takes, without a prefix."""
    for operation in service.operations:
        _check(operation.name, operation.span, "an operation", report)
        _check_protocol(operation, report)
    if service.authentication is not None:
        for named in service.authentication.alternatives:
            _check(named.name, named.span, "an authentication", report)
    for member in walk.fields(service):
        _check_member(member, report)
    for each in walk.lists(service):
        match each:
            case ListType(item=name):
                if name is not None:
                    _check(name, each.span, "an item of a list", report)
            case MixedListType(alternatives=alternatives):
                for alternative in alternatives:
                    _check(
                        alternative.name, alternative.span, "an item of a list", report
                    )
            case _:
                assert_never(each)


def members_are_distinct(service: Service, report: Report) -> None:
    """No two members of a request or a response have one name."""
    for operation in service.operations:
        opening = _beside_members(operation.authentication)
        _check_members(operation.request, opening, "request", report)
        _check_members(operation.response, {}, "response", report)


def operations_are_distinct(service: Service, report: Report) -> None:
    """Each operation has one file."""
    first: dict[str, Operation] = {}
    for operation in service.operations:
        other = first.setdefault(operation.name, operation)
        if other is not operation:
            report.error(
                "operation-duplicate",
                operation.span,
                f"operation `{operation.name}` has a file already",
                hint="describe it in one file, and remove the other",
                related=[Related(other.span, "the other file")],
            )


def headings_differ(service: Service, report: Report) -> None:
    """A heading is given only where the page has another one than the wire name."""
    for operation in service.operations:
        if operation.heading == operation.name:
            report.warning(
                "heading-redundant",
                operation.span,
                f"heading `{operation.heading}` is the wire name",
                hint="remove `heading`: it is for pages with another one",
            )


def _beside_members(authentication: Authentication | None) -> dict[str, Span]:
    """Return what stands among the members of a request without being one of them."""
    if authentication is None or authentication.place is AuthenticationPlace.HEADER:
        return {}
    return {named.name: named.span for named in authentication.alternatives}


def _check_member(member: Field, report: Report) -> None:
    match member.form:
        case Form.ELEMENT:
            _check(member.name, member.span, "a member", report)
        case Form.ATTRIBUTE:
            if not is_attribute_name(member.name):
                report.error(
                    "wire-name-invalid",
                    member.span,
                    f"`{member.name}` cannot be the name of an attribute",
                    hint="write it as documented; no prefix but `xml:` and `xsi:` is known, and `xmlns` and `xsi:nil` are taken",
                )
        case Form.TEXT:
            pass  # it has no name on the wire
        case _:
            assert_never(member.form)


def _check(name: str, span: Span, what: str, report: Report) -> None:
    if is_wire_name(name):
        return
    sentence = (
        f"`{name}` cannot be the name of {what}" if name else f"{what} has no name"
    )
    like = wire_name_like(name)
    hint = "write the name as the documentation spells it, without a prefix, blanks or brackets"
    hint += f": perhaps `{like}`, if a sample document agrees" if like else ""
    report.error("wire-name-invalid", span, sentence, hint=hint)


def _check_protocol(operation: Operation, report: Report) -> None:
    protocol = operation.protocol
    for key, name in _elements(protocol).items():
        # Braces have a rule of their own; so has the operation's name, wherever it is put in.
        is_reported = "{" in name or "}" in name
        if not is_wire_name(operation.name) and operation.name in name:
            is_reported = True
        if not is_reported:
            _check(name, protocol.span, f"the element `{key}`", report)


def _elements(protocol: Protocol) -> dict[str, str]:
    found = {
        "wrapper": protocol.wrapper,
        "request": protocol.request,
        "response": protocol.response,
        "result": protocol.result,
    }
    # Without an element of their own, the members stand in the one around it.
    if not protocol.request:
        del found["request"]
    if protocol.result == protocol.response:
        del found["result"]
    return found


def _check_members(
    structure: Structure, opening: dict[str, Span], what: str, report: Report
) -> None:
    first = dict(opening)
    for member in structure.fields:
        other = first.setdefault(member.name, member.span)
        if other != member.span:
            is_opening = opening.get(member.name) == other
            hint = _OPENING if is_opening else _REPEATED
            _report_duplicate(member, other, what, hint, report)


_REPEATED = "remove it here: what stands in service.yaml need not be repeated"
_OPENING = "remove it here: it is the element of the authentication, which `authentication` describes"


def _report_duplicate(
    member: Field, other: Span, what: str, hint: str, report: Report
) -> None:
    report.error(
        "field-duplicate",
        member.span,
        f"every {what} has a member `{member.name}` already",
        hint=hint,
        related=[Related(other, "the other one")],
    )
