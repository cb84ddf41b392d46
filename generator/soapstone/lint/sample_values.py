"""The values typed in by hand against the document that they are to stand for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from soapstone.decode.atoms import DESCRIPTIONS
from soapstone.diagnostics import Related, Span
from soapstone.lint.sample import (
    CORRECT,
    Sample,
    counted,
    find_member,
    qualified_name,
)
from soapstone.lint.sample_structure import is_checkable, is_repeated
from soapstone.lint.sample_xml import BLANKS, Element, Piece
from soapstone.lint.wire import is_same, read_documented, read_text, write_text
from soapstone.model import (
    Atom,
    AtomType,
    AtomValue,
    EnumerationType,
    Field,
    Form,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Presence,
    States,
    StructureValue,
    Type,
    Value,
    WhenAbsent,
    WhenEmpty,
    WhenNil,
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
        if not is_checkable(sample, field.type):
            continue
        place = Place(name=field.name, is_secret=is_secret or field.is_secret)
        elements = _elements(parent, field)
        if field.constant is not None:
            _compare_constant(sample, elements, parent, field)
            continue
        member = find_member(values, field.name)
        state = _state(sample, elements, field) if elements else ""
        if state:
            _settle_state(sample, elements[0], field, member, values, state)
        elif member is None:
            if elements:
                _report_not_typed(sample, elements[0], values, place)
            else:
                _check_absent(sample, parent, field)
        elif is_repeated(field):
            _compare_repeated(sample, elements, field.type, member, place)
        elif elements:
            _compare(sample, elements[0], field.type, member.value, place)
        elif not _is_shown_by_nothing(field, member.value):
            _report_missing(sample, member)


def _elements(parent: Element, field: Field) -> list[Element]:
    """Return what stands for a member; an attribute and a text as if they were elements."""
    match field.form:
        case Form.ELEMENT:
            return parent.named(field.name)
        case Form.ATTRIBUTE:
            return [
                _as_element(
                    parent, Piece(text=attribute.value, offset=attribute.offset)
                )
                for attribute in parent.attributes
                if qualified_name(attribute) == field.name
            ]
        case Form.TEXT:
            return [_as_element(parent, *parent.pieces)] if parent.text else []
        case _:
            assert_never(field.form)


def _as_element(parent: Element, *pieces: Piece) -> Element:
    return Element(
        namespace=parent.namespace,
        name=parent.name,
        offset=pieces[0].offset,
        attributes=(),
        declarations=(),
        children=[],
        pieces=list(pieces),
    )


def _is_shown_by_nothing(field: Field, value: Value) -> bool:
    """Whether an empty text stands in an element without text, where nothing can be seen."""
    return field.form is Form.TEXT and isinstance(value, AtomValue) and not value.value


# States


def _state(sample: Sample, elements: list[Element], field: Field) -> str:
    """Return in which state a member without a value stands in the document, if in one."""
    element, states = elements[0], field.states
    if sample.is_request:
        return _state_without_value(element, states)
    if states.empty is not WhenEmpty.VALUE and _is_empty(element):
        return "empty"
    if states.blank is not WhenEmpty.VALUE and _is_blank(element):
        return "blank"
    if states.nil is WhenNil.REFUSED and element.is_nil:
        return "nil"
    return ""


def _state_without_value(element: Element, states: States) -> str:
    if states.absent is WhenAbsent.EMPTY and _is_empty(element):
        return "empty"
    if states.absent is WhenAbsent.NIL and element.is_nil:
        return "nil"
    return ""


def _is_empty(element: Element) -> bool:
    """Whether an element has no content at all, and is not nil."""
    return not element.children and not element.text and not element.is_nil


def _is_blank(element: Element) -> bool:
    """Whether an element has white space and nothing else, and is not nil."""
    is_white = bool(element.text) and not element.text.strip(BLANKS)
    return is_white and not element.children and not element.is_nil


def _settle_state(
    sample: Sample,
    element: Element,
    field: Field,
    member: MemberValue | None,
    values: StructureValue,
    state: str,
) -> None:
    """Check that a member that is read as None, or means it, has no other value."""
    refusing = {
        "empty": field.states.empty is WhenEmpty.REFUSED,
        "blank": field.states.blank is WhenEmpty.REFUSED,
        "nil": field.states.nil is WhenNil.REFUSED,
    }
    if not sample.is_request and refusing[state]:
        sample.error(
            "example-constraint",
            element,
            f"`{field.name}` is {state} in the document, which the spec refuses",
            "correct the document, or what the spec says of the state",
            Related(field.span, "the spec refuses it here"),
        )
    elif member is None:
        sample.without_value.add((values.span, field.name))
    elif sample.is_request:
        _check_no_value(sample, element, field, member, state)
    else:
        sentence = f"`{field.name}` has a value here, it is {state} in the document"
        hint = "leave the member out: the spec says that this is read as no value"
        _report(sample, member.span, sentence, element.offset, hint=hint)


def _check_no_value(
    sample: Sample, element: Element, field: Field, member: MemberValue, state: str
) -> None:
    value = member.value
    if isinstance(value, NilValue) and state == "nil":
        return
    # What has no content is written like no value at all.
    if state == "empty" and _has_no_content(value):
        return
    sentence = f"`{field.name}` has a value here, it is {state} in the document"
    _report(sample, member.span, sentence, element.offset)


def _has_no_content(value: Value) -> bool:
    match value:
        case AtomValue(value=atom):
            return not write_text(atom)
        case ListValue(items=items):
            return not items
        case StructureValue(members=members):
            return not members
        case NilValue() | MemberValue():
            return False
        case _:
            assert_never(value)


def _check_absent(sample: Sample, parent: Element, field: Field) -> None:
    """Check that nothing has to show that a member has no value."""
    is_hidden = field.presence in (Presence.PROHIBITED, Presence.IGNORED)
    is_shown = field.states.absent is not WhenAbsent.OMITTED
    if not sample.is_request or is_hidden or not is_shown:
        return
    if field.presence is not Presence.REQUIRED:
        sample.error(
            "example-missing-element",
            parent,
            f"`{field.name}` does not stand in `{parent.name}`",
            f"a client without a value for it writes it as {field.states.absent.value}",
            Related(field.span, "the spec says so here"),
        )


def _compare_constant(
    sample: Sample, elements: list[Element], parent: Element, field: Field
) -> None:
    """Check that a request shows a constant; an answer may say what it likes."""
    is_hidden = field.presence in (Presence.PROHIBITED, Presence.IGNORED)
    if not sample.is_request or is_hidden or field.constant is None:
        return
    related = Related(field.span, "the constant")
    if not elements:
        sample.error(
            "example-missing-element",
            parent,
            f"the constant `{field.name}` does not stand in `{parent.name}`",
            "a client writes it in every request: correct the document or the spec",
            related,
        )
        return
    element = elements[0]
    found = _read(element.text, field.type, is_answer=False)
    if element.is_nil or found is None or not is_same(found, field.constant):
        written, constant = _excerpts(element.text, write_text(field.constant))
        sample.error(
            "example-mismatch",
            element.text_offset,
            f"`{field.name}` is {written} in the document, the spec has the constant {constant}",
            CORRECT,
            related,
        )


def _compare_repeated(
    sample: Sample,
    elements: list[Element],
    kind: Type,
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
    match kind, value:
        case (AtomType() | EnumerationType()), AtomValue():
            _compare_atom(sample, element, kind, value, place)
        case ListType(item=item), ListValue():
            elements = element.named(item or "")
            _compare_items(sample, elements, kind, value, place)
        case MixedListType(alternatives=alternatives), ListValue():
            names = {alternative.name for alternative in alternatives}
            elements = [child for child in element.children if child.name in names]
            _compare_items(sample, elements, kind, value, place)
        case _, StructureValue():
            structure = sample.service.structure_of(kind)
            if structure is not None:
                compare_members(
                    sample,
                    element,
                    structure.fields,
                    value,
                    is_secret=place.is_secret,
                )
        case _:
            pass


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
    kind: Type,
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
        match kind, value:
            case ListType(of=of), _:
                _compare(sample, element, of, value, item)
            case MixedListType(), MemberValue():
                _compare_named(sample, element, kind, value, item)
            case _:  # pragma: no cover -- the type checker asks for it
                pass


def _compare_named(
    sample: Sample,
    element: Element,
    kind: MixedListType,
    value: MemberValue,
    place: Place,
) -> None:
    if element.name != value.name:
        sentence = (
            f"`{place.name}` is `{value.name}` here, `{element.name}` in the document"
        )
        _report(sample, value.span, sentence, element.offset)
        return
    for alternative in kind.alternatives:
        if alternative.name == value.name:
            _compare(sample, element, alternative.type, value.value, place)


def _compare_atom(
    sample: Sample,
    element: Element,
    kind: AtomType | EnumerationType,
    value: AtomValue,
    place: Place,
) -> None:
    found = _read(element.text, kind, is_answer=not sample.is_request)
    if found is not None and is_same(found, value.value):
        return
    written, typed = _excerpts(element.text, write_text(value.value))
    if place.is_secret:
        sentence = f"`{place.name}` differs from the document"
    elif found is None and isinstance(kind, AtomType):
        sentence = f"`{place.name}` is {written} in the document, which is not {DESCRIPTIONS[kind.primitive]}"
    else:
        sentence = f"`{place.name}` is {typed} here, {written} in the document"
    _report(sample, value.span, sentence, element.text_offset)


def _read(text: str, kind: Type, *, is_answer: bool) -> Atom | None:
    match kind:
        case AtomType(primitive=primitive):
            return read_text(text, primitive, is_answer=is_answer)
        case EnumerationType(enumeration=enumeration):
            return read_documented(text, enumeration) if is_answer else text
        case _:  # pragma: no cover -- the type checker asks for it
            return None


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
