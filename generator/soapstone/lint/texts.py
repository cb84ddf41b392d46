"""Prose: what becomes docstrings and sentences of violations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from soapstone.diagnostics import Report, Span
from soapstone.lint import walk
from soapstone.model import (
    AtomType,
    Citation,
    ListType,
    MixedListType,
    Operation,
    Service,
    Type,
)

# Control characters but for the line feed, and what makes a text read differently from what it is:
# bidirectional controls, invisible ones, and what is no character at all.
_UNREADABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)


def texts_say_something(service: Service, report: Report) -> None:
    """A title, a summary or a reason that has to be given is not blank."""
    for key, text, span in _needed(service):
        if not text.strip():
            report.error(
                "text-blank",
                span,
                f"`{key}` is blank",
                hint=f"say it in words of your own: `{key}: …`",
            )


def texts_are_readable(service: Service, report: Report) -> None:
    """No text holds a character that cannot be seen or that turns the text round."""
    for text, span in _texts(service):
        found = _UNREADABLE.search(text)
        if found is not None:
            report.error(
                "doc-character",
                span,
                f"a text here holds U+{ord(found[0]):04X}, which cannot be seen",
                hint="leave the character out, or name it in words",
            )


def _needed(service: Service) -> Iterator[tuple[str, str, Span]]:
    yield "title", service.title, service.span
    for page in service.pages:
        yield "title", page.title, page.span
    for case in walk.error_cases(service.errors):
        yield "doc", case.doc, case.span
    for memory in service.memory:
        yield "doc", memory.doc, memory.span
    for allowance in service.allowances:
        yield "reason", allowance.reason, allowance.span
    for operation in service.operations:
        yield "summary", operation.summary, operation.span
        for example in operation.examples:
            yield "title", example.title, example.span
        for allowance in operation.allowances:
            yield "reason", allowance.reason, allowance.span


def _texts(service: Service) -> Iterator[tuple[str, Span]]:
    yield service.title, service.span
    yield service.summary, service.span
    for page in service.pages:
        for text in (page.key, page.title, page.note):
            yield text, page.span
    for case in walk.error_cases(service.errors):
        yield case.doc, case.span
        for datum in case.data:
            yield datum.doc, datum.span
    for memory in service.memory:
        yield memory.doc, memory.span
    for citation in walk.citations(service):
        yield from _citation_texts(citation)
    for operation in service.operations:
        yield from _operation_texts(operation)
    yield from _structure_texts(service)


def _citation_texts(citation: Citation) -> Iterator[tuple[str, Span]]:
    yield citation.section, citation.span
    yield citation.note, citation.span


def _operation_texts(operation: Operation) -> Iterator[tuple[str, Span]]:
    for text in (operation.heading, operation.summary, operation.doc):
        yield text, operation.span
    for example in operation.examples:
        yield example.title, example.span


def _structure_texts(service: Service) -> Iterator[tuple[str, Span]]:
    for structure in walk.structures(service):
        yield structure.doc, structure.span
        for rule in structure.rules:
            yield rule.message, rule.span
    for member in walk.fields(service):
        yield member.doc, member.span
        yield member.condition, member.span
    for kind in walk.types(service):
        yield from _type_texts(kind)
    for enumeration in walk.enumerations(service):
        yield enumeration.doc, enumeration.span
        for value in enumeration.values:
            yield value.doc, value.span


def _type_texts(kind: Type) -> Iterator[tuple[str, Span]]:
    match kind:
        case AtomType() | ListType() | MixedListType():
            for constraint in kind.constraints:
                yield constraint.message, constraint.span
        case _:
            pass
    if isinstance(kind, MixedListType):
        for alternative in kind.alternatives:
            yield alternative.doc, alternative.span
