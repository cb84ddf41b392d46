"""The facts of a service: its operations one by one, and what they share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from soapstone.coverage.facts import Category, Coverage, Fact, Part
from soapstone.coverage.findings import Findings, Place
from soapstone.coverage.members import authentication, members
from soapstone.model import Document, ErrorCase, MessagePattern, Operation, Service
from soapstone.plan.case_views import text_at
from soapstone.plan.error_tests import recognised


def cover(service: Service) -> Coverage:
    """Return what the examples of a service exercise; it is to be free of errors."""
    return Coverage(
        shared=_shared(service),
        operations=tuple(
            _operation(service, operation)
            for operation in sorted(service.operations, key=lambda each: each.span)
        ),
    )


def _operation(service: Service, operation: Operation) -> Part:
    findings = Findings()
    requests = [document.values for document in _requests([operation])]
    members(service, Place("request"), operation.request, requests, findings)
    responses = [document.values for document in _responses([operation])]
    members(service, Place("response"), operation.response, responses, findings)
    return Part(
        name=operation.name,
        span=operation.span,
        facts=tuple(findings.facts),
        besides=tuple(findings.besides),
    )


def _shared(service: Service) -> Part:
    findings = Findings()
    given = [document.authentication for document in _requests(service.operations)]
    authentication(service, [each for each in given if each is not None], findings)
    return Part(
        name=service.name,
        span=service.span,
        facts=(*findings.facts, *_errors(service)),
        besides=tuple(findings.besides),
    )


def _requests(operations: Iterable[Operation]) -> Iterator[Document]:
    for operation in operations:
        for example in operation.examples:
            if example.request is not None:
                yield example.request


def _responses(operations: Iterable[Operation]) -> Iterator[Document]:
    for operation in operations:
        for example in operation.examples:
            if example.response is not None:
                yield example.response


# Errors


@dataclass(frozen=True, slots=True)
class _Failure:
    """What a documented failure says of itself.

    Attributes:
        name: The exception as which the catalogue recognises it.
    """

    code: object
    message: object
    name: str


def _failures(service: Service) -> Iterator[_Failure]:
    outcome = service.outcome
    if outcome is None:
        return
    for document in _responses(_told(service)):
        if text_at(document.values, outcome.success.names) is False:
            code, message = (
                None if path is None else text_at(document.values, path.names)
                for path in (outcome.code, outcome.message)
            )
            name, _ = recognised(service.errors, code, message)
            yield _Failure(code, message, name)


def _told(service: Service) -> list[Operation]:
    """Return the operations whose answers say whether they succeeded."""
    return [each for each in service.operations if each.outcome is not None]


def _errors(service: Service) -> Iterator[Fact]:
    met: dict[str, list[_Failure]] = {}
    for failure in _failures(service):
        met.setdefault(failure.name, []).append(failure)
    for error in service.errors:
        # An answer that is one of its cases carries the code of the error.
        is_exercised = any(case.name in met for case in (error, *error.cases))
        yield _error_fact(error, is_exercised=is_exercised)
        yield from _messages(error, error, met.get(error.name, ()))
        for case in error.cases:
            yield _error_fact(case, is_exercised=case.name in met)
            yield from _messages(case, error, met.get(case.name, ()))


def _messages(
    case: ErrorCase, error: ErrorCase, met: Iterable[_Failure]
) -> Iterator[Fact]:
    """Yield the messages of a case; a single one is exercised when the case is."""
    for pattern in case.messages if len(case.messages) > 1 else ():
        alone = (replace(error, name=case.name, messages=(pattern,), cases=()),)
        names = [recognised(alone, each.code, each.message)[0] for each in met]
        yield Fact(
            category=Category.ERRORS,
            place=f"error {case.name}",
            detail=f"message `{_text(pattern)}`",
            span=pattern.span,
            is_exercised=case.name in names,
        )


def _error_fact(case: ErrorCase, *, is_exercised: bool) -> Fact:
    return Fact(
        category=Category.ERRORS,
        place=f"error {case.name}",
        span=case.span,
        is_exercised=is_exercised,
    )


def _text(pattern: MessagePattern) -> str:
    """Return a message as the spec has it."""
    first, *rest = pattern.literals
    pairs = zip(pattern.names, rest, strict=True)
    return first + "".join(f"{{{name}}}{literal}" for name, literal in pairs)
