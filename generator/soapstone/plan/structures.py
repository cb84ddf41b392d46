"""Structures: their classes, and with them the functions that check, write and read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from soapstone.model import (
    AtomType,
    Enumeration,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    MixedListType,
    Presence,
    Primitive,
    SharedType,
    Structure,
    Type,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import text
from soapstone.plan.checks import has_checks, plan_validator
from soapstone.plan.module import Module, NamedStructure, item_structure
from soapstone.plan.names import Place, local_name, may_be_nil, usable_fields
from soapstone.plan.reads import ReadPlanner
from soapstone.plan.writes import plan_writer
from soapstone.samples.validation import is_bare_list
from soapstone.views import (
    AttributeView,
    ClassView,
    EnumerationView,
    ListAttributeView,
)

ANNOTATIONS = {
    Primitive.STRING: Code("str"),
    Primitive.BOOLEAN: Code("bool"),
    Primitive.INT: Code("int"),
    Primitive.LONG: Code("int"),
    Primitive.DECIMAL: Code("Decimal"),
    Primitive.DOUBLE: Code("float"),
    Primitive.DATE: Code("datetime.date"),
    Primitive.DATE_TIME: Code("datetime.datetime"),
    Primitive.BASE64: Code("bytes"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StructurePlanner:
    """Plans the structures of one module and of one direction.

    Attributes:
        writes: Whether Python code makes them: then they are checked and written.
        reads: Whether answers hold them: then they are read.
    """

    module: Module
    writes: bool
    reads: bool

    @property
    def reading(self) -> ReadPlanner:
        """The planner of how structures are read."""
        return ReadPlanner(module=self.module, annotation_of=self.annotation)

    def nested(
        self,
        structure: Structure,
        place: Place,
        doc: text.StructureText,
        *,
        is_positional: bool = False,
    ) -> None:
        """Plan a structure with all that is inline in it, and the functions around it."""
        named = NamedStructure(
            structure=structure,
            place=place,
            class_name=self.module.names.class_name(place, structure.span),
            attributes=self.module.names.attributes(structure),
            subject=local_name(place.functions[-1]),
        )
        attributes = self.attributes(named)
        if is_positional:
            attributes = tuple(
                sorted(attributes, key=lambda view: view.default is not None)
            )
        parts = self.module.parts
        parts.classes.append(
            ClassView(
                name=named.class_name,
                doc=doc.docstring(named.attributes, is_written=self.writes),
                attributes=attributes,
                lists=self.lists(named),
                is_positional=is_positional,
            )
        )
        if self.writes:
            if has_checks(structure) or self.module.is_shared:
                parts.validators.append(plan_validator(self.module, named))
            parts.writers.append(plan_writer(self.module, named))
        if self.reads:
            parts.readers.append(self.reading.reader(named))

    def attributes(
        self, named: NamedStructure, *, optional: frozenset[str] = frozenset()
    ) -> tuple[AttributeView, ...]:
        """Plan the members of a class, those in `optional` never as required ones.

        Whatever is inline in them is planned first.
        """
        return tuple(
            self.attribute(
                member,
                named.attributes[member.name],
                named.place,
                is_required=member.presence is Presence.REQUIRED
                and member.name not in optional,
            )
            for member in usable_fields(named.structure)
        )

    def lists(self, named: NamedStructure) -> tuple[ListAttributeView, ...]:
        """Return the members that callers may give as any iterable."""
        if not self.writes:
            return ()
        return tuple(
            ListAttributeView(
                name=named.attributes[member.name], depth=_depth(member.type)
            )
            for member in usable_fields(named.structure)
            if isinstance(member.type, ListType | MixedListType)
        )

    def attribute(
        self, member: Field, name: Identifier, place: Place, *, is_required: bool
    ) -> AttributeView:
        """Plan one member of a class."""
        annotation = self.annotation(member.type, place.inside(member), member.doc)
        if may_be_nil(member):
            annotation = expression(f"{annotation} | Nil")
        default = None
        if not is_required and is_bare_list(member.type):
            default = Code("()")
        elif not is_required:
            annotation, default = expression(f"{annotation} | None"), Code("None")
        return AttributeView(
            name=name,
            annotation=annotation,
            default=default,
            is_secret=member.is_secret,
        )

    def annotation(self, kind: Type, place: Place, doc: str = "") -> Code:
        """Return the type expression of a member, planning what is inline in it."""
        match kind:
            case AtomType(primitive=primitive):
                return ANNOTATIONS[primitive]
            case SharedType(name=name):
                return self.module.shared_class(name)
            case InlineType(structure=structure, derived_from=shared):
                return self._inline_class(structure, place, doc, shared)
            case ListType(item=item, of=of):
                item_type = self.annotation(of, place.item(item), doc)
                return self._list_of(item_type)
            case MixedListType(alternatives=alternatives):
                classes = [
                    self._inline_class(
                        item_structure(each), place.inside(each), each.doc
                    )
                    for each in alternatives
                ]
                return self._list_of(expression(" | ".join(classes)))
            case EnumerationType():
                return expression(f"{self._enumeration(kind, place)} | str")
            case _:
                assert_never(kind)

    def _list_of(self, item: Code) -> Code:
        if self.writes:
            return expression(f"Sequence[{item}]")
        return expression(f"tuple[{item}, ...]")

    def _enumeration(self, kind: EnumerationType, place: Place) -> Identifier:
        name = self.module.enumeration_class(kind, place)
        planned = self.module.parts.enumerations
        # The items of a list in a list are met twice: in the class and in their reader.
        if not kind.shared_name and name not in {view.name for view in planned}:
            planned.append(
                plan_enumeration(self.module, name, kind.enumeration, place.wire_name)
            )
        return name

    def _inline_class(
        self, structure: Structure, place: Place, doc: str, derived_from: str = ""
    ) -> Identifier:
        class_name = self.module.names.class_name(place, structure.span)
        # The items of a list in a list are met twice: in the class and in their reader.
        if class_name not in {view.name for view in self.module.parts.classes}:
            described = text.structure_docstring(
                structure, doc, place.wire_name, derived_from=derived_from
            )
            self.nested(structure, place, described)
        return class_name


def plan_enumeration(
    module: Module, name: Identifier, enumeration: Enumeration, wire_name: str
) -> EnumerationView:
    """Plan the class of an enumeration."""
    members = module.names.enumeration(enumeration)
    return EnumerationView(
        name=name,
        doc=text.enumeration_docstring(enumeration, wire_name, members),
        members=tuple(
            (members[each.text], each.text)
            for each in enumeration.values
            if each.text in members
        ),
    )


def _depth(kind: Type) -> int:
    match kind:
        case ListType(of=of):
            return 1 + _depth(of)
        case MixedListType():
            return 1
        case _:
            return 0
