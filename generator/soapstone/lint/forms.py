"""As what members stand in an element, and what their states mean there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from soapstone.diagnostics import Related, Report
from soapstone.lint import walk
from soapstone.model import (
    AtomType,
    AuthenticationPlace,
    EnumerationType,
    Field,
    Form,
    ListType,
    Operation,
    Presence,
    Service,
    States,
    WhenAbsent,
    WhenEmpty,
    WhenNil,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


def forms_suit_types(service: Service, report: Report) -> None:
    """Only a single value fits into an attribute, or between two tags."""
    for member in walk.fields(service):
        is_single = isinstance(member.type, AtomType | EnumerationType)
        if member.form is not Form.ELEMENT and not is_single:
            report.error(
                "form-type",
                member.span,
                f"`{member.name}` is no single value, so it cannot be {_SHOWN[member.form]}",
                hint="give it a primitive type or an enumeration, or remove `as`",
            )


def texts_stand_alone(service: Service, report: Report) -> None:
    """An element with a text of its own has nothing else but attributes."""
    for structure in walk.structures(service):
        texts = [each for each in structure.fields if each.form is Form.TEXT]
        others = [each for each in structure.fields if each.form is Form.ELEMENT]
        for other in (*texts[1:], *others) if texts else ():
            report.error(
                "form-text-beside",
                other.span,
                f"`{other.name}` stands beside the text `{texts[0].name}`",
                hint="beside a text there are attributes only: write `as: attribute`, or make the text an element",
                related=[Related(texts[0].span, "the text")],
            )
    for operation in service.operations:
        _check_beside_authentication(operation, report)


def states_can_be_told(service: Service, report: Report) -> None:
    """A state is described only where a member can be in it."""
    for member in walk.fields(service):
        for key, reason in _impossible(member):
            report.error(
                "state-not-applicable",
                member.span,
                f"`{key}` means nothing for `{member.name}`: {reason}",
                hint=f"remove `{key}`",
            )


def states_have_effect(service: Service, report: Report) -> None:
    """A state is described only where it makes a difference."""
    stated = [each for each in walk.fields(service) if any(_given(each.states))]
    if not stated:
        return
    written = {id(member) for member in walk.written(service)}
    read = {id(member) for member in walk.read(service)}
    for member in stated:
        # What nothing uses at all is the matter of another rule.
        is_used = id(member) in written or id(member) in read
        if not is_used or any(_impossible(member)):
            continue
        for key, reason in _pointless(
            member, is_written=id(member) in written, is_read=id(member) in read
        ):
            report.warning(
                "state-without-effect",
                member.span,
                f"`{key}` says nothing about `{member.name}`: {reason}",
                hint=f"remove `{key}`",
            )


_SHOWN = {Form.ATTRIBUTE: "an attribute", Form.TEXT: "the text of an element"}


def _check_beside_authentication(operation: Operation, report: Report) -> None:
    authentication = operation.authentication
    if authentication is None or authentication.place is AuthenticationPlace.HEADER:
        return
    for member in operation.request.fields:
        if member.form is Form.TEXT:
            report.error(
                "form-text-beside",
                member.span,
                f"the text `{member.name}` stands beside the authentication",
                hint="beside a text there are attributes only: make it an element",
                related=[Related(authentication.span, "the authentication")],
            )


def _given(states: States) -> Iterator[str]:
    """Yield the keys with which a spec says something about states."""
    if states.absent is not WhenAbsent.OMITTED:
        yield "absent"
    if states.empty is not WhenEmpty.VALUE:
        yield "empty"
    if states.nil is not WhenNil.NONE:
        yield "nil"
    if states.blank is not WhenEmpty.VALUE:
        yield "blank"


def _impossible(member: Field) -> Iterator[tuple[str, str]]:
    for key in _given(member.states):
        reason = _why_impossible(member, key)
        if reason:
            yield key, reason


def _why_impossible(member: Field, key: str) -> str:
    if member.constant is not None:
        return "a constant always has its value"
    if isinstance(member.type, ListType) and member.type.item is None:
        return "without an element around the items there is nothing to be empty or nil"
    match member.form:
        case Form.ELEMENT:
            return ""
        case Form.ATTRIBUTE:
            if key == "nil" or member.states.absent is WhenAbsent.NIL:
                return "an attribute cannot be nil"
            return "blanks in an attribute are text" if key == "blank" else ""
        case Form.TEXT:
            if key in ("nil", "absent"):
                return "only elements are there without a value"
            return ""
        case _:
            assert_never(member.form)


def _pointless(
    member: Field, *, is_written: bool, is_read: bool
) -> Iterator[tuple[str, str]]:
    for key in _given(member.states):
        is_kept = key == "nil" and member.states.nil is WhenNil.KEPT
        if member.presence in _HIDDEN:
            yield key, f"it is {member.presence.value}"
        elif key == "absent" and not is_written:
            yield key, "no request has it"
        elif key == "absent" and member.presence is Presence.REQUIRED:
            yield key, "it is required, so a request always has it"
        elif key != "absent" and not is_read and not is_kept:
            yield key, "no answer has it"
