"""Every element of a sample against the model: is it known there, and does it stand in order."""

from __future__ import annotations

from typing import assert_never

from soapstone.diagnostics import Related, did_you_mean
from soapstone.lint.sample import Sample
from soapstone.lint.sample_frame import (
    MISPLACED,
    check_attributes,
    check_namespace,
    check_no_text,
)
from soapstone.lint.sample_xml import Element
from soapstone.model import (
    AtomType,
    Defect,
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    SharedType,
    Type,
)


def check_members(sample: Sample, parent: Element, fields: tuple[Field, ...]) -> None:
    """Check the children of the element of a structure."""
    if not any(field.form is Form.TEXT for field in fields):
        check_no_text(sample, parent, MISPLACED if parent.children else _AS_TEXT)
    known = {field.name: field for field in fields if field.form is Form.ELEMENT}
    first: dict[str, Element] = {}
    for child in parent.children:
        field = known.get(child.name)
        if field is None:
            _report_unknown(sample, child, parent, tuple(known))
            continue
        if child.name in first and not is_repeated(field):
            _report_second(sample, child, first[child.name])
        first.setdefault(child.name, child)
        check_element(sample, child, parent, field.type)
    _check_order(sample, parent, list(known))


_AS_TEXT = "if the page documents it, describe it as a member with `as: text`"


def check_element(
    sample: Sample, element: Element, parent: Element, kind: Type
) -> None:
    """Check an element of a member, or of an item, and everything in it."""
    check_namespace(sample, element, parent)
    if not is_checkable(sample, kind):
        sample.skipped.add(element.name)
        return
    if isinstance(kind, ListType) and kind.item is None:
        # The element is one of the items; only at a field, because of `is_checkable`.
        kind = kind.of
    structure = sample.service.structure_of(kind)
    fields = () if structure is None else structure.fields
    check_attributes(sample, element, may_be_nil=True, fields=fields)
    if element.is_nil:
        check_no_text(sample, element)
        _check_children(sample, element, {})
    elif structure is not None:
        check_members(sample, element, fields)
    else:
        items = _items(kind)
        if items:
            check_no_text(sample, element)
        _check_children(sample, element, items)


def is_checkable(sample: Sample, kind: Type) -> bool:
    """Whether a type can be told from the document.

    A shared structure that does not exist is reported elsewhere. In a list whose items are lists
    without an element of their own, nothing says where one ends.
    """
    match kind:
        case AtomType() | EnumerationType():
            return True
        case ListType() | MixedListType():
            return all(
                not is_bare(of) and is_checkable(sample, of)
                for of in _items(kind).values()
            )
        case InlineType() | SharedType():
            return sample.service.structure_of(kind) is not None
        case _:
            assert_never(kind)


def is_bare(kind: Type) -> bool:
    """Whether a type is a list without an element around its items."""
    return isinstance(kind, ListType) and kind.item is None


def is_repeated(field: Field) -> bool:
    """Whether the element of a member stands once for each item."""
    return is_bare(field.type)


def _items(kind: Type) -> dict[str, Type]:
    """Return what a list holds: the type of each name that an item may have."""
    match kind:
        case ListType(item=item, of=of):
            return {item or "": of}
        case MixedListType(alternatives=alternatives):
            return {each.name: each.type for each in alternatives}
        case _:
            return {}


def _check_children(sample: Sample, parent: Element, items: dict[str, Type]) -> None:
    """Check that an element holds nothing but the items of a list, or nothing at all."""
    for child in parent.children:
        of = items.get(child.name)
        if of is None:
            _report_unknown(sample, child, parent, tuple(items))
        else:
            check_element(sample, child, parent, of)


def _report_unknown(
    sample: Sample, element: Element, parent: Element, known: tuple[str, ...]
) -> None:
    sample.error(
        "example-unknown-element",
        element,
        f"`{parent.name}` has no member `{element.name}`",
        did_you_mean(element.name, known) or f"`{parent.name}` holds no elements",
    )


def _report_second(sample: Sample, element: Element, first: Element) -> None:
    sample.error(
        "example-unknown-element",
        element,
        f"`{element.name}` is here a second time",
        "remove one of the two, or make the field a list with `repeated: true`",
        Related(sample.span(first.offset), "the first one"),
    )


def _check_order(sample: Sample, parent: Element, names: list[str]) -> None:
    places = {name: place for place, name in enumerate(names)}
    highest: Element | None = None
    for child in parent.children:
        if child.name not in places:
            continue
        if highest is not None and places[child.name] < places[highest.name]:
            _report_order(sample, child, highest)
            return
        highest = child


def _report_order(sample: Sample, element: Element, before: Element) -> None:
    sentence = f"`{element.name}` stands after `{before.name}`, the spec names it first"
    if not sample.is_request:
        sample.find(Defect.OUTPUT_ORDER, element, sentence)
        return
    sample.error(
        "example-order",
        element,
        sentence,
        "order the fields of the spec as the page shows them; that is the order on the wire",
    )
