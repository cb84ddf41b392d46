"""When a documented answer is given, and what the service keeps then."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone.diagnostics import Report, Span, did_you_mean
from soapstone.lint.backtracking import can_be_tried
from soapstone.lint.evaluation import holds, is_within, usable_pattern
from soapstone.lint.relations import is_usable
from soapstone.lint.sample_constraints import given_values
from soapstone.model import (
    AtomType,
    AtomValue,
    Condition,
    Example,
    Field,
    ItemsTest,
    ListType,
    ListValue,
    Member,
    Primitive,
    Service,
    Structure,
    StructureValue,
    Type,
    comparisons_in,
)


def answers_are_there(service: Service, report: Report) -> None:
    """What says when an answer is given stands beside one."""
    for _, example in _examples(service):
        is_said = example.when is not None or example.effects
        if example.response is None and is_said:
            report.error(
                "example-without-answer",
                example.span,
                f"example `{example.title}` says when an answer is given, and has none",
                hint="add the `response`, or remove `when`, `adds` and `removes`",
            )


def answers_ask_for_members(service: Service, report: Report) -> None:
    """A condition of an answer, and what it keeps, name members that requests have."""
    for request, example in _examples(service):
        usable = [each.name for each in request.fields if is_usable(each)]
        for member in (*_compared(example), *_itemized(example)):
            found = request.member(member.name)
            if found is None:
                report.error(
                    "example-member-unknown",
                    member.span,
                    f"the request has no member `{member.name}`",
                    hint=did_you_mean(member.name, usable),
                )
            elif not is_usable(found):
                is_constant = found.constant is not None
                what = "a constant" if is_constant else found.presence.value
                report.error(
                    "example-member-unknown",
                    member.span,
                    f"`{member.name}` is {what}, so no answer depends on it",
                    hint="name a member that callers give",
                )


def answers_count_texts(service: Service, report: Report) -> None:
    """Items that are tested, kept and forgotten are texts."""
    for request, example in _examples(service):
        for member in _itemized(example):
            found = request.member(member.name)
            if found is not None and not _has_texts(found):
                report.error(
                    "example-member-type",
                    member.span,
                    f"`{member.name}` is neither a text nor a list of texts",
                    hint="only these have items; of any other member ask `is`, a limit or `given`",
                )


def answers_suit_their_requests(service: Service, report: Report) -> None:
    """The condition of an answer holds for the request that is documented with it."""
    for request, example in _examples(service):
        if example.when is None or example.request is None or example.response is None:
            continue
        if not _is_met(example.when, request, example.request.values):
            report.error(
                "example-condition",
                _place(example.when),
                f"the request of example `{example.title}` does not meet this condition",
                hint="correct the condition, or show the answer without that request",
            )


def _examples(service: Service) -> Iterator[tuple[Structure, Example]]:
    for operation in service.operations:
        for example in operation.examples:
            yield operation.request, example


def _compared(example: Example) -> tuple[Member, ...]:
    if example.when is None or isinstance(example.when, ItemsTest):
        return ()
    return tuple(test.member for test in comparisons_in(example.when))


def _itemized(example: Example) -> tuple[Member, ...]:
    tested = (example.when.member,) if isinstance(example.when, ItemsTest) else ()
    return (*tested, *(effect.member for effect in example.effects))


def _has_texts(field: Field) -> bool:
    match field.type:
        case ListType(of=of):
            return _is_text(of)
        case _:
            return _is_text(field.type)


def _is_text(kind: Type) -> bool:
    return isinstance(kind, AtomType) and kind.primitive is Primitive.STRING


def _place(when: Condition | ItemsTest) -> Span:
    return when.span if isinstance(when, ItemsTest) else comparisons_in(when)[0].span


def _is_met(
    when: Condition | ItemsTest, request: Structure, values: StructureValue
) -> bool:
    """Whether a condition holds for a request; what is reported otherwise, or remembered, may."""
    if isinstance(when, ItemsTest):
        pattern = usable_pattern(when.unlike)
        field = request.member(when.member.name)
        if not when.unlike or pattern is None or field is None or not _has_texts(field):
            return True
        items = _items(values, field.name)
        if not all(can_be_tried(when.unlike, len(item)) for item in items):
            return False
        counted = sum(pattern.fullmatch(item) is None for item in items)
        return is_within(counted, when.minimum, when.maximum)
    fields = [request.member(test.member.name) for test in comparisons_in(when)]
    is_sound = all(field is not None and is_usable(field) for field in fields)
    return not is_sound or holds(when, given_values(request, values))


def _items(values: StructureValue, name: str) -> list[str]:
    value = values.get(name)
    listed = value.items if isinstance(value, ListValue) else (value,)
    return [
        each.value
        for each in listed
        if isinstance(each, AtomValue) and isinstance(each.value, str)
    ]
