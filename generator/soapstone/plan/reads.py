"""How the values of a structure are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from soapstone.model import (
    AtomType,
    Field,
    InlineType,
    ListType,
    Presence,
    SharedType,
    Type,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan.module import FUNCTIONS, Module, NamedStructure
from soapstone.plan.names import Place, usable_fields
from soapstone.views import ReaderView, ReadView

AnnotationOf: TypeAlias = Callable[[Type, Place], Code]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPlanner:
    """Plans how structures of one module are read.

    Attributes:
        annotation_of: Gives the type expression of what stands at a place.
    """

    module: Module
    annotation_of: AnnotationOf

    def reader(self, named: NamedStructure) -> ReaderView:
        """Plan the function that reads a nested structure."""
        return ReaderView(
            name=self.module.function("read", named.place),
            annotation=named.class_name,
            class_name=named.class_name,
            reads=self.reads(named),
        )

    def reads(
        self, named: NamedStructure, *, optional: frozenset[str] = frozenset()
    ) -> tuple[ReadView, ...]:
        """Plan how each member is read, those in `optional` never as required ones."""
        return tuple(
            self._read(
                member,
                named.attributes[member.name],
                named.place.inside(member),
                is_required=member.presence is Presence.REQUIRED
                and member.name not in optional,
            )
            for member in usable_fields(named.structure)
        )

    def _read(
        self, member: Field, attribute: Identifier, place: Place, *, is_required: bool
    ) -> ReadView:
        kind = member.type
        if isinstance(kind, ListType):
            reader, is_value = self._reader(kind.of, place.item(kind.item))
            noun = "values" if is_value else "structures"
        else:
            reader, is_value = self._reader(kind, place)
            noun = "value" if is_value else "structure"
        item = kind.item if isinstance(kind, ListType) else None
        if isinstance(kind, ListType) and item is None:
            method = f"repeated_{noun}"
        else:
            method = f"required_{noun}" if is_required else noun
        return ReadView(
            attribute=attribute,
            method=Identifier(method),
            wire_names=(member.name,) if item is None else (member.name, item),
            reader=reader,
        )

    def _reader(self, kind: Type, place: Place) -> tuple[Code, bool]:
        """Return the function that reads a type, and whether that is text on the wire."""
        match kind:
            case AtomType(primitive=primitive):
                return expression(f"reading.{FUNCTIONS[primitive]}"), True
            case SharedType(name=name):
                return self.module.shared_function("read", name), False
            case InlineType():
                return self.module.function("read", place), False
            case ListType():
                return self._list_reader(kind, place), False
            case _:
                assert_never(kind)

    def _list_reader(self, kind: ListType, place: Place) -> Identifier:
        """Plan the function that reads an item which is itself a list."""
        name = self.module.function("read", place)
        tag = kind.item or place.wire_name
        reader, is_value = self._reader(kind.of, place.item(tag))
        method = "repeated_values" if is_value else "repeated_structures"
        read = ReadView(
            attribute=name,
            method=Identifier(method),
            wire_names=(tag,),
            reader=reader,
        )
        self.module.parts.readers.append(
            ReaderView(
                name=name,
                annotation=self.annotation_of(kind, place),
                class_name=None,
                reads=(read,),
            )
        )
        return name
