"""The values typed in by hand against the document that they are to stand for."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.decode.atoms import DESCRIPTIONS
from soapstone.diagnostics import Related, Span
from soapstone.lint.sample import CORRECT, Sample, counted, find_member
from soapstone.lint.sample_structure import is_checkable
from soapstone.lint.sample_xml import Element
from soapstone.lint.wire import is_same, read_text, write_text
from soapstone.model import (
    AtomType,
    AtomValue,
    Field,
    ListType,
    ListValue,
    MemberValue,
    NilValue,
    StructureValue,
    Type,
    Value,
)

_EXCERPT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The member, or the item of one, that is compared.

    Attributes:
        name: What a message calls it.
        is_secret: Whether its value must never be shown.
    """

    name: str
    is_secret: bool


def compare_members(
    sample: Sample,
    parent: Element,
    fields: tuple[Field, ...],
    values: StructureValue,
    *,
    is_secret: bool = False,
) -> None:
    """Compare the members of a structure, each by its state: absent, nil, empty, a value."""
    for field in fields:
        if is_checkable(sample, field.type):
            place = Place(name=field.name, is_secret=is_secret or field.is_secret)
            elements = parent.named(field.name)
            member = find_member(values, field.name)
            if member is None:
                if elements:
                    _report_not_typed(sample, elements[0], values, place)
            elif isinstance(field.type, ListType) and field.type.item is None:
                _compare_repeated(sample, elements, field.type, member, place)
            elif elements:
                _compare(sample, elements[0], field.type, member.value, place)
            else:
                _report_missing(sample, member)


def _compare_repeated(
    sample: Sample,
    elements: list[Element],
    kind: ListType,
    member: MemberValue,
    place: Place,
) -> None:
    value = member.value
    if not isinstance(value, ListValue):
        value = ListValue(items=(value,), span=value.span)
    if value.items and not elements:
        _report_missing(sample, member)
    else:
        _compare_items(sample, elements, kind, value, place)


def _compare(
    sample: Sample, element: Element, kind: Type, value: Value, place: Place
) -> None:
    if element.is_nil or isinstance(value, NilValue):
        _compare_nil(sample, element, value, place)
        return
    match kind:
        case AtomType():
            if isinstance(value, AtomValue):
                _compare_atom(sample, element, kind, value, place)
        case ListType(item=item):
            if isinstance(value, ListValue):
                elements = element.named(item or "")
                _compare_items(sample, elements, kind, value, place)
        case _:
            structure = sample.service.structure_of(kind)
            if structure is not None and isinstance(value, StructureValue):
                compare_members(
                    sample,
                    element,
                    structure.fields,
                    value,
                    is_secret=place.is_secret,
                )


def _compare_nil(sample: Sample, element: Element, value: Value, place: Place) -> None:
    if element.is_nil and not isinstance(value, NilValue):
        sentence = f"`{place.name}` is marked as nil in the document, here it is not"
    elif isinstance(value, NilValue) and not element.is_nil:
        sentence = f"`{place.name}` is nil here, the document does not mark it as nil"
    else:
        return
    _report(sample, value.span, sentence, element.offset)


def _compare_items(
    sample: Sample,
    elements: list[Element],
    kind: ListType,
    values: ListValue,
    place: Place,
) -> None:
    if len(elements) != len(values.items):
        sentence = f"`{place.name}` has {counted(len(values.items), 'item')} here, {len(elements)} in the document"
        _report(sample, values.span, sentence, elements[0].offset if elements else 0)
        return
    pairs = zip(elements, values.items, strict=True)
    for number, (element, value) in enumerate(pairs, start=1):
        item = Place(name=f"{place.name}[{number}]", is_secret=place.is_secret)
        _compare(sample, element, kind.of, value, item)


def _compare_atom(
    sample: Sample, element: Element, kind: AtomType, value: AtomValue, place: Place
) -> None:
    found = read_text(element.text, kind.primitive)
    if found is not None and is_same(found, value.value):
        return
    written, typed = _excerpts(element.text, write_text(value.value))
    if place.is_secret:
        sentence = f"`{place.name}` differs from the document"
    elif found is None:
        sentence = f"`{place.name}` is {written} in the document, which is not {DESCRIPTIONS[kind.primitive]}"
    else:
        sentence = f"`{place.name}` is {typed} here, {written} in the document"
    _report(sample, value.span, sentence, element.text_offset)


def _excerpts(left: str, right: str) -> tuple[str, str]:
    """Show two texts around the place where they begin to differ."""
    pairs = enumerate(zip(left, right, strict=False))
    shared = next((place for place, (a, b) in pairs if a != b), 0)
    start = max(0, shared - _EXCERPT // 2)
    return _excerpt(left, start), _excerpt(right, start)


def _excerpt(text: str, start: int) -> str:
    if not text:
        return "empty"
    shown = text[start : start + _EXCERPT]
    before = "…" if start else ""
    after = "…" if start + _EXCERPT < len(text) else ""
    escaped = shown.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f"`{before}{escaped}{after}`"


def _report_not_typed(
    sample: Sample, element: Element, values: StructureValue, place: Place
) -> None:
    _report(
        sample,
        values.span,
        f"`{place.name}` stands in the document, but no value is given for it here",
        element.offset,
        hint="type in what the document says, `null` for a member marked as nil",
    )


def _report_missing(sample: Sample, member: MemberValue) -> None:
    sample.report.error(
        "example-missing-element",
        member.span,
        f"`{member.name}` has a value here, but does not stand in the document",
        hint=CORRECT,
        related=[Related(sample.span(0), "the document starts here")],
    )


def _report(
    sample: Sample, span: Span, message: str, offset: int, *, hint: str = CORRECT
) -> None:
    related = [Related(sample.span(offset), "the document says it here")]
    sample.report.error("example-mismatch", span, message, hint=hint, related=related)
