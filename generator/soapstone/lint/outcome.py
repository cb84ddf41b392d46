"""Where an answer says how the operation went."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from soapstone.diagnostics import Related, Report, did_you_mean
from soapstone.lint import walk
from soapstone.model import (
    AtomType,
    EnumerationType,
    Field,
    Operation,
    Outcome,
    Presence,
    Primitive,
    Service,
    Structure,
    WhenEmpty,
    WhenNil,
    WirePath,
)

_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


@dataclass(frozen=True, slots=True)
class Way:
    """Where a path leads in the response of one operation.

    Attributes:
        members: The members on the way, as far as it goes.
        problem: Why it goes no further; empty when the end was reached.
        hint: What to write instead.
    """

    members: tuple[Field, ...]
    problem: str = ""
    hint: str = ""


def outcome_leads_somewhere(service: Service, report: Report) -> None:
    """Each path leads to a member of every response."""
    for _, path in _paths(service):
        for way, related in lost_ways(path, told(service), service):
            report.error(
                "outcome-path-unknown",
                path.span,
                f"`{path}` leads nowhere: {way.problem}",
                hint=way.hint,
                related=related,
            )


def outcome_is_typed(service: Service, report: Report) -> None:
    """Success is true or false, and the rest is text."""
    for key, path in _paths(service):
        wanted = Primitive.BOOLEAN if key == "success" else Primitive.STRING
        for operation in told(service):
            way = follow(path, operation.response, service)
            if not way.problem and not _is_of(way.members[-1], wanted):
                report.error(
                    "outcome-type",
                    path.span,
                    f"`{path}` must be of type `{wanted.value}`",
                    hint=f"`{key}` names a member of type `{wanted.value}`",
                    related=[Related(way.members[-1].span, "the member")],
                )


def outcome_is_certain(service: Service, report: Report) -> None:
    """Every answer says whether the operation succeeded."""
    if service.outcome is None:
        return
    path = service.outcome.success
    for operation in told(service):
        way = follow(path, operation.response, service)
        for member in () if way.problem else way.members:
            key = _none_key(member)
            if member.presence is Presence.REQUIRED and key:
                report.error(
                    "outcome-optional",
                    path.span,
                    f"`{path}` may have no value: `{member.name}` has `{key}`",
                    hint="remove that: an answer without it says nothing about success",
                    related=[Related(member.span, "the member")],
                )
            elif member.presence is not Presence.REQUIRED:
                report.error(
                    "outcome-optional",
                    path.span,
                    f"`{path}` may be absent: `{member.name}` is {member.presence.value}",
                    hint="add `required: true` to each member on the way to it",
                    related=[Related(member.span, "the member")],
                )


def catalogue_can_be_told(service: Service, report: Report) -> None:
    """Failures are told by what the outcome says where to find."""
    for case in walk.error_cases(service.errors):
        key = _lacking(service.outcome, needs_message=bool(case.messages))
        if key:
            report.error(
                "outcome-needed",
                case.span,
                f"nothing says where an answer has what tells `{case.name}`",
                hint=(
                    "add `outcome: {success: ..., code: ...}` to service.yaml, the paths to both"
                    if service.outcome is None
                    else f"add `{key}`, the path to it, to `outcome`"
                ),
            )
            return


def told(service: Service) -> Iterator[Operation]:
    """Yield the operations whose answers say whether they succeeded."""
    return (each for each in service.operations if each.outcome is not None)


def lost_ways(
    path: WirePath, operations: Iterable[Operation], service: Service
) -> Iterator[tuple[Way, list[Related]]]:
    """Yield why a path leads nowhere, with where it does so unless it does everywhere."""
    lost: dict[Way, list[Operation]] = {}
    for operation in operations:
        way = follow(path, operation.response, service)
        if way.problem:
            lost.setdefault(Way((), way.problem, way.hint), []).append(operation)
    for way, found in lost.items():
        is_common = len(found) == len(service.operations)
        places = [] if is_common else found
        yield way, [Related(each.span, "not here") for each in places]


def _none_key(member: Field) -> str:
    """Return the key by which a required member may be read as no value; empty without one."""
    states = member.states
    if states.empty is WhenEmpty.NONE:
        return "empty: none"
    if states.blank is WhenEmpty.NONE:
        return "blank: none"
    return "nil: kept" if states.nil is WhenNil.KEPT else ""


def _paths(service: Service) -> Iterator[tuple[str, WirePath]]:
    outcome = service.outcome
    if outcome is None:
        return
    yield "success", outcome.success
    for key, path in (
        ("message", outcome.message),
        ("code", outcome.code),
        ("description", outcome.description),
    ):
        if path is not None:
            yield key, path


def follow(path: WirePath, response: Structure, service: Service) -> Way:
    """Return where a path leads in the response of one operation."""
    structure: Structure | None = response
    place = "the response"
    members: list[Field] = []
    for name in path.names:
        if structure is None:
            hint = "a path goes through structures, not through lists or single values"
            return Way(tuple(members), f"{place} is no structure", hint)
        member = structure.member(name)
        if member is None or not _is_read(member):
            known = [each.name for each in structure.fields if _is_read(each)]
            problem = f"{place} has no member `{name}` that is read"
            is_misspelled = not name or "." in name
            hint = _spelling(path) if is_misspelled else did_you_mean(name, known)
            return Way(tuple(members), problem, hint)
        members.append(member)
        structure, place = service.structure_of(member.type), f"`{name}`"
    return Way(tuple(members))


def _spelling(path: WirePath) -> str:
    """Return how a path is written that has other signs in it than slashes between names."""
    spelled = "/".join(name for name in re.split("[./]", str(path)) if name)
    return f"did you mean `{spelled}`? Slashes stand between the names, none in front"


def _is_read(member: Field) -> bool:
    return member.presence not in _HIDDEN and member.constant is None


def _is_of(member: Field, primitive: Primitive) -> bool:
    match member.type:
        case AtomType():
            return member.type.primitive is primitive
        case EnumerationType():
            return primitive is Primitive.STRING
        case _:
            return False


def _lacking(outcome: Outcome | None, *, needs_message: bool) -> str:
    if outcome is None:
        return "success"
    if outcome.code is None:
        return "code"
    return "message" if needs_message and outcome.message is None else ""
