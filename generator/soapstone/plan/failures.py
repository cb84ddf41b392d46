"""Answers that report a failure of which no document is shown, for the fake service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from soapstone.model import (
    Atom,
    AtomValue,
    ErrorCase,
    MemberValue,
    Occasion,
    Operation,
    Presence,
    Service,
    Structure,
    StructureValue,
    Value,
    WirePath,
)
from soapstone.plan import text
from soapstone.plan.case_views import success_answer, text_at
from soapstone.plan.paths import outcome_paths
from soapstone.samples.documents import answer_document
from soapstone.samples.values import Known


def failure_document(
    known: Known,
    operation: Operation,
    occasion: Occasion,
    descriptions: Mapping[str, str],
) -> bytes | None:
    """Return the answer to a request on some occasion; None where no failure is meant for it.

    Args:
        known: What is known about the service.
        operation: The operation.
        occasion: The occasion.
        descriptions: The documented words beside codes.
    """
    service, outcome = known.service, operation.outcome
    error = next(
        (
            each
            for error in service.errors
            for each in (error, *error.cases)
            if each.occasion is occasion
        ),
        None,
    )
    if outcome is None or error is None:
        return None
    said = (
        (outcome.code, error.code),
        (outcome.description, descriptions.get(error.code, "")),
        (outcome.message, _message(error)),
    )
    told: dict[WirePath, Atom] = {outcome.success: False}
    told |= {path: words for path, words in said if path is not None and words}
    answer = _smallest(known, operation)
    for path, atom in told.items():
        answer = _with(service, operation.response, answer, path.names, atom)
    return answer_document(service, operation, answer)


def message_element(operation: Operation) -> str:
    """Return the element that holds the message of a failure; empty where there is none."""
    outcome = operation.outcome
    if outcome is None or outcome.message is None:
        return ""
    return outcome.message.names[-1]


def descriptions(service: Service) -> dict[str, str]:
    """Return the words that documents show beside codes, by the code."""
    outcome = service.outcome
    found: dict[str, str] = {}
    if outcome is None or outcome.description is None or outcome.code is None:
        return found
    for operation in service.operations:
        for example in operation.examples:
            if example.response is not None and operation.outcome is not None:
                values = example.response.values
                code = text_at(values, outcome.code.names)
                described = text_at(values, outcome.description.names)
                if isinstance(code, str) and described:
                    found.setdefault(code, str(described))
    return found


def _message(error: ErrorCase) -> str:
    fixed = (each.literals[0] for each in error.messages if not each.names)
    return next(fixed, text.split_summary(error.doc or error.name)[0])


def _smallest(known: Known, operation: Operation) -> StructureValue:
    """Return an answer with what must be there, and nothing that tells of success."""
    paths = [path.names for path in outcome_paths(operation)]
    answer = success_answer(known, operation, success=False)
    return _pruned(known.service, operation.response, answer, paths)


def _pruned(
    service: Service,
    structure: Structure,
    value: StructureValue,
    paths: list[tuple[str, ...]],
) -> StructureValue:
    heads = {path[0] for path in paths if len(path) > 1}
    kept: list[MemberValue] = []
    for each in value.members:
        member = structure.member(each.name)
        inside = None if member is None else service.structure_of(member.type)
        if each.name in heads and inside and isinstance(each.value, StructureValue):
            rest = [path[1:] for path in paths if path[0] == each.name]
            pruned = _pruned(service, inside, each.value, rest)
            kept.append(replace(each, value=pruned))
        elif member is not None and member.presence is Presence.REQUIRED:
            kept.append(each)
    return replace(value, members=tuple(kept))


def _with(
    service: Service,
    structure: Structure,
    value: StructureValue,
    names: tuple[str, ...],
    atom: Atom,
) -> StructureValue:
    """Return a value in which the member at a path has another value, or has one at all."""
    name, *rest = names
    member = structure.member(name)
    if member is None:  # pragma: no cover -- paths of an outcome were looked up
        return value
    inner: Value = AtomValue(value=atom, span=member.span)
    inside = service.structure_of(member.type)
    if rest and inside is not None:
        found = value.get(name)
        nothing = StructureValue(members=(), span=member.span)
        start = found if isinstance(found, StructureValue) else nothing
        inner = _with(service, inside, start, tuple(rest), atom)
    others = tuple(each for each in value.members if each.name != name)
    changed = MemberValue(name=name, value=inner, span=member.span)
    return replace(value, members=(*others, changed))
