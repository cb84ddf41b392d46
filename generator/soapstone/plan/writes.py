"""How the values of a structure are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import assert_never

from soapstone.model import (
    AtomType,
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    Primitive,
    SharedType,
    Structure,
    Type,
    WhenAbsent,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import wire
from soapstone.plan.module import (
    FUNCTIONS,
    Module,
    NamedStructure,
    has_attributes,
    item_names,
    item_structure,
)
from soapstone.plan.names import Place, may_be_nil, may_be_none, shown_fields
from soapstone.samples.documents import lexical
from soapstone.views import ItemWritesView, WriterView, WriteView

# A written number does not show how many bits it may have.
_WRITERS = FUNCTIONS | {Primitive.LONG: Identifier("integer")}


def plan_writer(module: Module, named: NamedStructure) -> WriterView:
    """Plan the function that writes a nested structure, its attributes first."""
    return WriterView(
        name=module.function("write", named.place),
        subject=named.subject,
        class_name=named.class_name,
        writes=joined(
            [*plan_attribute_writes(module, named), *plan_writes(module, named)]
        ),
    )


def plan_attribute_writes(
    module: Module, named: NamedStructure
) -> tuple[WriteView, ...]:
    """Plan how the attributes of a structure are written, and the end of its start tag."""
    writes = tuple(_Planner(module, named).members(Form.ATTRIBUTE))
    # A value that is the whole content writes the end of the tag itself.
    has_own = has_attributes(named.structure, module.service) and not any(
        isinstance(member.type, SharedType | InlineType) and member.form is Form.TEXT
        for member in named.structure.fields
    )
    if not has_own:
        return writes
    last = writes[-1] if writes else None
    if last is not None and last.value and last.is_certain:
        return (*writes[:-1], replace(last, closing=f"{last.closing}>"))
    return (*writes, WriteView(opening=">"))


def plan_writes(module: Module, named: NamedStructure) -> tuple[WriteView, ...]:
    """Plan how the content of a structure is written, in wire order."""
    return tuple(_Planner(module, named).members(Form.ELEMENT, Form.TEXT))


def joined(writes: Iterable[WriteView]) -> tuple[WriteView, ...]:
    """Return the writes with neighbouring constants put together."""
    found: list[WriteView] = []
    for write in writes:
        if found and not write.value and not found[-1].value:
            found[-1] = replace(found[-1], opening=found[-1].opening + write.opening)
        else:
            found.append(write)
    return tuple(found)


class _Planner:
    """Plans how the members of one structure are written."""

    def __init__(self, module: Module, named: NamedStructure) -> None:
        self._module = module
        self._named = named
        self._items = item_names(named)

    def members(self, *forms: Form) -> Iterator[WriteView]:
        for member in shown_fields(self._named.structure):
            if member.form not in forms:
                continue
            if member.constant is not None:
                yield _constant(member)
            else:
                yield self._member(member)

    def _member(self, member: Field) -> WriteView:
        named = self._named
        value = expression(f"{named.subject}.{named.attributes[member.name]}")
        place = named.place.inside(member)
        view = self._value(member.type, member.name, value, place)
        if member.form is Form.TEXT:
            view = replace(view, opening="", closing="")
        elif member.form is Form.ATTRIBUTE:
            view = replace(
                view, opening=wire.attribute_opening(member.name), closing='"'
            )
            if view.function == FUNCTIONS[Primitive.STRING]:
                view = replace(view, function=Identifier("attribute"))
        is_optional = may_be_none(member)
        return replace(
            view,
            is_optional=is_optional,
            absent=_absent(member) if is_optional else "",
            nil=wire.nil_element(member.name) if may_be_nil(member) else "",
        )

    def _value(self, kind: Type, tag: str, value: Code, place: Place) -> WriteView:
        view = WriteView(
            value=value, opening=wire.start_tag(tag), closing=wire.end_tag(tag)
        )
        match kind:
            case AtomType(primitive=primitive):
                return replace(view, function=_WRITERS[primitive])
            case EnumerationType():
                return replace(view, function=_WRITERS[Primitive.STRING])
            case SharedType(name=name):
                writer = self._module.shared_function("write", name)
                return self._structure(
                    view, self._module.service.structure_of(kind), tag, writer
                )
            case InlineType(structure=structure):
                writer = self._module.function("write", place)
                return self._structure(view, structure, tag, writer)
            case ListType(item=None):
                view = replace(view, opening="", closing="")
                return self._items_of(view, kind, tag, place)
            case ListType(item=item):
                return self._items_of(view, kind, str(item), place)
            case MixedListType():
                return replace(view, items=self._mixed_items_of(kind, place))
            case _:
                assert_never(kind)

    def _structure(
        self, view: WriteView, structure: Structure | None, tag: str, writer: Identifier
    ) -> WriteView:
        is_open = structure is not None and has_attributes(
            structure, self._module.service
        )
        opening = wire.start_tag(tag, is_open=is_open)
        return replace(view, opening=opening, writer=writer)

    def _items_of(
        self, view: WriteView, kind: ListType, tag: str, place: Place
    ) -> WriteView:
        """Add how items are written: texts in one call, anything else one by one."""
        item = self._items[place.list_key]
        write = self._value(kind.of, tag, item, place.item(kind.item))
        if write.function == FUNCTIONS[Primitive.STRING]:
            return replace(view, function=Identifier("texts"), element=tag)
        items = ItemWritesView(item=item, classes=(), writes=(write,))
        return replace(view, items=items)

    def _mixed_items_of(self, kind: MixedListType, place: Place) -> ItemWritesView:
        item = self._items[place.list_key]
        classes: list[Identifier] = []
        writes: list[WriteView] = []
        for alternative in kind.alternatives:
            inner = place.inside(alternative)
            structure = item_structure(alternative)
            classes.append(self._module.names.class_name(inner, structure.span))
            as_item = InlineType(structure=structure)
            writes.append(self._value(as_item, alternative.name, item, inner))
        return ItemWritesView(item=item, classes=tuple(classes), writes=tuple(writes))


def _constant(member: Field) -> WriteView:
    value = member.constant
    if value is None:  # pragma: no cover -- the type checker asks for it
        return WriteView(opening="")
    if member.form is Form.ATTRIBUTE:
        opening = wire.attribute_opening(member.name)
        return WriteView(opening=f'{opening}{wire.attribute_value(value)}"')
    if member.form is Form.TEXT:
        return WriteView(opening=lexical(value))
    tag = member.name
    return WriteView(
        opening=f"{wire.start_tag(tag)}{lexical(value)}{wire.end_tag(tag)}"
    )


def _absent(member: Field) -> str:
    match member.states.absent:
        case WhenAbsent.OMITTED:
            return ""
        case WhenAbsent.EMPTY:
            return wire.empty_element(member.name)
        case WhenAbsent.NIL:
            return wire.nil_element(member.name)
