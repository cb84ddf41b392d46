"""What a service keeps from one request to the next."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone import naming
from soapstone.diagnostics import Report, Span, did_you_mean
from soapstone.model import Example, ItemsTest, Service


def memories_have_names(service: Service, report: Report) -> None:
    """The name of a memory can be a variable of Python."""
    for memory in service.memory:
        if not _is_name(memory.name):
            report.error(
                "memory-name",
                memory.span,
                f"`{memory.name}` cannot be the name of a memory",
                hint="choose an identifier of Python in small letters, such as `opted_out`",
            )


def memories_are_known(service: Service, report: Report) -> None:
    """Answers ask for, and change, what `memory` lists."""
    known = [memory.name for memory in service.memory]
    for name, span in _named(service):
        if name not in known:
            report.error(
                "memory-unknown",
                span,
                f"there is no memory `{name}` in service.yaml",
                hint=did_you_mean(name, known)
                or f"add `memory: {{{name}: {{doc: ...}}}}` to service.yaml",
            )


def memories_are_used(service: Service, report: Report) -> None:
    """Some answer depends on each memory, or changes it."""
    named = {name for name, _ in _named(service)}
    for memory in service.memory:
        if memory.name not in named:
            report.warning(
                "memory-unused",
                memory.span,
                f"no answer asks for or changes memory `{memory.name}`",
                hint="name it in `when`, `adds` or `removes` of an example, or remove it",
            )


def _is_name(name: str) -> bool:
    is_small = name == name.lower() and not name.startswith("_")
    return is_small and naming.is_identifier(name)


def _named(service: Service) -> Iterator[tuple[str, Span]]:
    for operation in service.operations:
        for example in operation.examples:
            yield from _named_in(example)


def _named_in(example: Example) -> Iterator[tuple[str, Span]]:
    test = example.when
    if isinstance(test, ItemsTest) and (test.within or test.outside):
        yield test.within or test.outside, test.span
    for effect in example.effects:
        yield effect.memory, effect.span
