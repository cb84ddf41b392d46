"""`errors.py`: the tree of exceptions."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone import naming
from soapstone.model import ErrorCase, MessagePattern, Service
from soapstone.naming import Code, Identifier
from soapstone.plan import text
from soapstone.plan.imports import import_view
from soapstone.plan.names import Names
from soapstone.plan.outcome import plan_outcome
from soapstone.views import (
    AttributeView,
    Docstring,
    ErrorsView,
    ErrorView,
    MessageValueView,
    MessageView,
    Section,
)

# The exceptions of the runtime as they are drawn, with what they mean.
_RUNTIME_ERRORS = {
    "├── ValidationError": "a constraint of the documentation is broken; nothing was sent",
    "├── TransportError": "the request got no answer",
    "│   ├── ConnectionFailed": "there was no connection, or it ended too early",
    "│   ├── TlsFailed": "the connection could not be made safe",
    "│   ├── TimedOut": "it took longer than it may",
    "│   ├── ResponseTooLarge": "the answer is larger than the limit",
    "│   └── UnexpectedStatus": "the HTTP status says that this is no answer",
    "├── MalformedResponse": "the answer is no answer to the operation",
    "├── SoapFault": "the service could not handle the request at all",
}
_RUNTIME_NAMES = tuple(drawn.split()[-1] for drawn in _RUNTIME_ERRORS)
_API_ERROR = Identifier("ApiError")


def plan_errors(service: Service, names: Names) -> ErrorsView:
    """Plan the module of exceptions."""
    base = base_error(service)
    names.classes[base] = service.span
    errors = tuple(
        _plan_error(error, _API_ERROR, service, names) for error in service.errors
    )
    public = {*_RUNTIME_NAMES, base, "Violation"}
    if service.outcome is not None:
        public |= {_API_ERROR, *(str(error.name) for error in _flat(errors))}
    return ErrorsView(
        base=base,
        doc=Docstring(
            summary="Exceptions of this package.",
            drawing=_tree(base, errors, has_outcome=service.outcome is not None),
        ),
        public=import_view("", public).names,
        errors=errors,
        outcome=plan_outcome(service),
    )


def base_error(service: Service) -> Identifier:
    """Return the name of the exception that all others derive from."""
    name = "Unusable" if naming.service_problem(service.name) else service.name
    return Identifier(f"{name}Error")


def _plan_error(
    error: ErrorCase, base: Identifier, service: Service, names: Names
) -> ErrorView:
    is_given = names.claim(error.name, error.name, error.span, "call it `{}`")
    name = Identifier(error.name if is_given else "Unusable")
    summary, rest = text.split_summary(error.doc)
    cited = (
        () if error.source is None else (text.citation_sentence(error.source, service),)
    )
    attributes = tuple(
        (datum.name, text.sentence(datum.doc)) for datum in error.data if datum.doc
    )
    return ErrorView(
        name=name,
        base=base,
        doc=Docstring(
            summary=summary,
            paragraphs=(*((rest,) if rest else ()), *cited),
            sections=(
                (Section(title="Attributes", entries=attributes),) if attributes else ()
            ),
        ),
        code=error.code,
        data=tuple(
            AttributeView(
                name=Identifier(datum.name),
                annotation=Code("tuple[str, ...]") if datum.is_list else Code("str"),
                default=None,
            )
            for datum in error.data
            if naming.is_identifier(datum.name)
        ),
        messages=tuple(_plan_message(message, error) for message in error.messages),
        cases=tuple(_plan_error(case, name, service, names) for case in error.cases),
    )


def _plan_message(message: MessagePattern, error: ErrorCase) -> MessageView:
    lists = {datum.name for datum in error.data if datum.is_list}
    return MessageView(
        literals=message.literals,
        values=tuple(
            MessageValueView(
                name=Identifier(name),
                position=position,
                is_list=name in lists,
                separator=message.separators.get(name, ""),
            )
            for position, name in enumerate(message.names)
            if naming.is_identifier(name)
        ),
    )


def _flat(errors: tuple[ErrorView, ...]) -> Iterator[ErrorView]:
    for error in errors:
        yield error
        yield from _flat(error.cases)


def _tree(
    base: Identifier, errors: tuple[ErrorView, ...], *, has_outcome: bool
) -> tuple[str, ...]:
    """Draw the tree of exceptions, each with what it means."""
    rows = list(_RUNTIME_ERRORS.items())
    if has_outcome:
        rows.append(("└── ApiError", "the answer reports a failure"))
        rows.extend(_branches(errors, "    "))
    else:
        last, meaning = rows[-1]
        rows[-1] = (last.replace("├", "└"), meaning)
    width = max(len(drawn) for drawn, _ in rows) + 2
    return (
        str(base),
        *(f"{drawn:{width}}{meaning}".rstrip() for drawn, meaning in rows),
    )


def _branches(errors: tuple[ErrorView, ...], indent: str) -> Iterator[tuple[str, str]]:
    for error in errors:
        is_last = error is errors[-1]
        meaning = error.code if not error.messages else ""
        yield f"{indent}{'└' if is_last else '├'}── {error.name}", meaning
        yield from _branches(error.cases, indent + ("    " if is_last else "│   "))
