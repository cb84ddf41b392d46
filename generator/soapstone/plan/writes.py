"""How the values of a structure are written."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from soapstone.model import AtomType, InlineType, ListType, Primitive, SharedType, Type
from soapstone.naming import Code, Identifier, expression
from soapstone.plan.module import FUNCTIONS, Module, NamedStructure, item_names
from soapstone.plan.names import Place, may_be_none, usable_fields
from soapstone.views import ItemWritesView, WriterView, WriteView

# A written number does not show how many bits it may have.
_WRITERS = FUNCTIONS | {Primitive.LONG: Identifier("integer")}


def plan_writer(module: Module, named: NamedStructure) -> WriterView:
    """Plan the function that writes a nested structure."""
    return WriterView(
        name=module.function("write", named.place),
        subject=named.subject,
        class_name=named.class_name,
        writes=plan_writes(module, named),
    )


def plan_writes(module: Module, named: NamedStructure) -> tuple[WriteView, ...]:
    """Plan how each member of a structure is written, in wire order."""
    planner = _Planner(module, named)
    return tuple(
        planner.write(
            member.type,
            member.name,
            expression(f"{named.subject}.{named.attributes[member.name]}"),
            named.place.inside(member),
            is_optional=may_be_none(member),
        )
        for member in usable_fields(named.structure)
    )


class _Planner:
    """Plans how the members of one structure are written."""

    def __init__(self, module: Module, named: NamedStructure) -> None:
        self._module = module
        self._items = item_names(named)

    def write(
        self, kind: Type, tag: str, value: Code, place: Place, *, is_optional: bool
    ) -> WriteView:
        view = WriteView(
            value=value,
            is_optional=is_optional,
            opening=f"<{tag}>",
            closing=f"</{tag}>",
        )
        match kind:
            case AtomType(primitive=primitive):
                return replace(view, function=_WRITERS[primitive])
            case SharedType(name=name):
                return replace(view, writer=self._module.shared_function("write", name))
            case InlineType():
                return replace(view, writer=self._module.function("write", place))
            case ListType(item=None):
                items = self._items_of(kind, tag, place)
                return replace(view, opening="", closing="", items=items)
            case ListType(item=item):
                return replace(view, items=self._items_of(kind, str(item), place))
            case _:
                assert_never(kind)

    def _items_of(self, kind: ListType, tag: str, place: Place) -> ItemWritesView:
        item = self._items[place.functions]
        inner = place.item(kind.item)
        return ItemWritesView(
            item=item, write=self.write(kind.of, tag, item, inner, is_optional=False)
        )
