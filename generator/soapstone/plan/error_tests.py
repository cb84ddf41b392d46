"""The tests of the catalogue of failures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soapstone.model import (
    ErrorCase,
    MessagePattern,
    Operation,
    Presence,
    Service,
    Structure,
)
from soapstone.naming import Identifier
from soapstone.plan.case_views import (
    runtime_imports,
    standard_imports,
    success_answer,
)
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.interfaces import Interface
from soapstone.plan.paths import outcome_paths
from soapstone.plan.values import ValuePlanner, used_in
from soapstone.samples.values import Known
from soapstone.views import (
    ErrorTestsView,
    MessageCaseView,
)


def plan_error_tests(
    service: Service, interfaces: Sequence[Interface]
) -> ErrorTestsView | None:
    """Plan the tests of the catalogue; None for a service without one."""
    both = zip(service.operations, interfaces, strict=True)
    told = next((each for each in both if each[0].outcome is not None), None)
    outcome = service.outcome
    if told is None or outcome is None or outcome.code is None or not service.errors:
        return None
    operation, view = told
    values = ValuePlanner(service=service)
    answer = success_answer(Known(service), operation, success=False)
    response = values.structure(
        operation.response,
        (operation.stem, "Response"),
        answer,
    )
    cases = tuple(dict.fromkeys(_message_cases(service)))
    own = set(map(str, view.defined))
    shown = used_in([response])
    used = shown.classes
    imports = [
        *runtime_imports(shown),
        import_view(
            "..errors", {"ApiError", "failure", *(str(case.error) for case in cases)}
        ),
        import_view(f"..{view.module}", used & own),
        import_view("..types", used - own),
        import_view(".", ["support"]),
    ]
    return ErrorTestsView(
        standard_imports=standard_imports(shown, pickles=False),
        imports=in_order(each for each in imports if each.names),
        response_class=view.response_class,
        response=response,
        code_path=values.path(operation.response, outcome.code.names),
        message_path=(
            ""
            if outcome.message is None
            else values.path(operation.response, outcome.message.names)
        ),
        optional=tuple(
            values.path(operation.response, steps)
            for steps in dict.fromkeys(_optional(service, operation))
        ),
        cases=cases,
    )


def _optional(service: Service, operation: Operation) -> Iterator[tuple[str, ...]]:
    """Yield, of each path to what tells of a failure, as much as need not be there."""
    for path in outcome_paths(operation):
        structure: Structure | None = operation.response
        for place, name in enumerate(path.names):
            member = None if structure is None else structure.member(name)
            if member is None:  # pragma: no cover -- the type checker asks for it
                break
            if member.presence is not Presence.REQUIRED:
                yield path.names[: place + 1]
                break
            structure = service.structure_of(member.type)


def recognised_message(
    errors: tuple[ErrorCase, ...], code: object, message: object
) -> tuple[ErrorCase, MessagePattern] | None:
    """Return the failure that a message stands for, and its pattern; None for any other."""
    for error in errors:
        for case in (error, *error.cases):
            for pattern in case.messages if code in (None, error.code) else ():
                if _extracted(pattern, str(message).strip()) is not None:
                    return case, pattern
    return None


def recognised(
    errors: tuple[ErrorCase, ...], code: object, message: object
) -> tuple[Identifier, tuple[tuple[Identifier, tuple[str, ...] | str], ...]]:
    """Return the exception for a code and a message, with its data, by the catalogue alone."""
    found = recognised_message(errors, code, message)
    if found is not None:
        case, pattern = found
        values = _extracted(pattern, str(message).strip()) or ()
        return Identifier(case.name), _data(case, pattern, values)
    for error in errors:
        if code == error.code and not error.messages:
            return Identifier(error.name), ()
    return Identifier("ApiError"), ()


def _extracted(pattern: MessagePattern, message: str) -> tuple[str, ...] | None:
    first, *rest = pattern.literals
    if not message.startswith(first):
        return None
    values: list[str] = []
    left = message[len(first) :]
    for place, literal in enumerate(rest):
        is_last = place == len(rest) - 1
        at = len(left) - len(literal) if is_last else left.find(literal)
        if at < 0 or left[at : at + len(literal)] != literal:
            return None
        values.append(left[:at])
        left = left[at + len(literal) :]
    return None if left else tuple(values)


def _data(
    case: ErrorCase, pattern: MessagePattern, values: tuple[str, ...]
) -> tuple[tuple[Identifier, tuple[str, ...] | str], ...]:
    lists = {datum.name for datum in case.data if datum.is_list}
    found: list[tuple[Identifier, tuple[str, ...] | str]] = []
    for name, value in zip(pattern.names, values, strict=True):
        separator = pattern.separators.get(name)
        several = (value,) if separator is None else tuple(value.split(separator))
        found.append((Identifier(name), several if name in lists else value))
    return tuple(found)


def _message_cases(service: Service) -> Iterator[MessageCaseView]:
    for error in service.errors:
        for case in (error, *error.cases):
            for pattern in case.messages:
                for message in _messages(pattern):
                    for code in (error.code, "", "no such code"):
                        found, data = recognised(service.errors, code or None, message)
                        yield MessageCaseView(
                            code=code, message=message, error=found, data=data
                        )
        found, data = recognised(service.errors, error.code, "another message")
        yield MessageCaseView(
            code=error.code, message="another message", error=found, data=data
        )
    yield MessageCaseView(
        code="no such code",
        message="another message",
        error=Identifier("ApiError"),
        data=(),
    )


def _messages(pattern: MessagePattern) -> Iterator[str]:
    """Yield messages with usual values, with empty ones, and with several in a list."""
    samples = [f"value {place}" for place in range(len(pattern.names))]
    yield message_text(pattern, samples)
    yield message_text(pattern, ["" for _ in samples])
    if pattern.separators:
        yield message_text(
            pattern,
            [
                pattern.separators.get(name, " ").join((sample, "", "other"))
                for name, sample in zip(pattern.names, samples, strict=True)
            ],
        )


def message_text(pattern: MessagePattern, values: list[str]) -> str:
    """Return a message with values in it."""
    pieces = [pattern.literals[0]]
    for value, literal in zip(values, pattern.literals[1:], strict=True):
        pieces += [value, literal]
    return "".join(pieces)
