"""Every element of a sample against the model: is it known there, and does it stand in order."""

from __future__ import annotations

from soapstone.diagnostics import Related, did_you_mean
from soapstone.lint.sample import Sample
from soapstone.lint.sample_frame import (
    check_attributes,
    check_namespace,
    check_no_text,
)
from soapstone.lint.sample_xml import Element
from soapstone.model import AtomType, Defect, Field, ListType, Type


def check_members(sample: Sample, parent: Element, fields: tuple[Field, ...]) -> None:
    """Check the children of the element of a structure."""
    check_no_text(sample, parent)
    known = {field.name: field for field in fields}
    first: dict[str, Element] = {}
    for child in parent.children:
        field = known.get(child.name)
        if field is None:
            _report_unknown(sample, child, parent, tuple(known))
            continue
        if child.name in first and not _is_repeated(field):
            _report_second(sample, child, first[child.name])
        first.setdefault(child.name, child)
        _check_element(sample, child, parent, field.type)
    _check_order(sample, parent, [field.name for field in fields])


def is_checkable(sample: Sample, kind: Type) -> bool:
    """Whether a type can be told from the document.

    A shared structure that does not exist is reported elsewhere. In a list whose items are lists
    without an element of their own, nothing says where one ends.
    """
    if isinstance(kind, ListType):
        of = kind.of
        is_bare = isinstance(of, ListType) and of.item is None
        return not is_bare and is_checkable(sample, of)
    return isinstance(kind, AtomType) or sample.service.structure_of(kind) is not None


def _is_repeated(field: Field) -> bool:
    return isinstance(field.type, ListType) and field.type.item is None


def _check_element(
    sample: Sample, element: Element, parent: Element, kind: Type
) -> None:
    check_namespace(sample, element, parent)
    check_attributes(sample, element, may_be_nil=True)
    if not is_checkable(sample, kind):
        sample.skipped.add(element.name)
        return
    if isinstance(kind, ListType) and kind.item is None:
        # The element is one of the items; only at a field, because of `is_checkable`.
        kind = kind.of
    structure = sample.service.structure_of(kind)
    if element.is_nil:
        check_no_text(sample, element)
        _check_children(sample, element, None)
    elif structure is not None:
        check_members(sample, element, structure.fields)
    elif isinstance(kind, ListType):
        check_no_text(sample, element)
        _check_children(sample, element, kind)
    else:
        _check_children(sample, element, None)


def _check_children(sample: Sample, parent: Element, kind: ListType | None) -> None:
    """Check that an element holds nothing but the items of a list, or nothing at all."""
    for child in parent.children:
        if kind is None or child.name != kind.item:
            known = () if kind is None else (kind.item or "",)
            _report_unknown(sample, child, parent, known)
        else:
            _check_element(sample, child, parent, kind.of)


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
