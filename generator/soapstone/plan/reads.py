"""How the values of a structure are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from soapstone.model import (
    AtomType,
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    Presence,
    Primitive,
    Service,
    SharedType,
    States,
    Type,
    WhenEmpty,
    WhenNil,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import wire
from soapstone.plan.module import FUNCTIONS, Module, NamedStructure
from soapstone.plan.names import Place, may_be_nil, usable_fields
from soapstone.samples.validation import is_bare_list
from soapstone.views import ReaderView, ReadView, StateView, StructureListView

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
            states=plan_states(named, self.module.service),
            reads=self.reads(named),
        )

    def reads(
        self, named: NamedStructure, *, optional: frozenset[str] = frozenset()
    ) -> tuple[ReadView, ...]:
        """Plan how each member is read, those in `optional` never as required ones."""
        return tuple(
            self._read(
                member,
                named,
                is_required=member.presence is Presence.REQUIRED
                and member.name not in optional,
            )
            for member in usable_fields(named.structure)
        )

    def _read(
        self, member: Field, named: NamedStructure, *, is_required: bool
    ) -> ReadView:
        attribute = named.attributes[member.name]
        place = named.place.inside(member)
        required = "required_" if is_required else ""
        match member.form:
            case Form.ELEMENT:
                view = self._element(member, place, required)
                nil = member.name if may_be_nil(member) else ""
                return replace(view, attribute=attribute, nil=nil)
            case Form.ATTRIBUTE:
                reader, _ = self._reader(member.type, place)
                return ReadView(
                    attribute=attribute,
                    method=Identifier(f"{required}attribute"),
                    wire_names=(wire.attribute_tag(member.name),),
                    reader=reader,
                )
            case Form.TEXT:
                view = self._content(member.type, place, required)
                return replace(view, attribute=attribute)

    def _element(self, member: Field, place: Place, required: str) -> ReadView:
        kind = member.type
        attribute = Identifier("value")
        if isinstance(kind, MixedListType):
            return ReadView(
                attribute=attribute,
                method=Identifier(f"{required}mixed"),
                wire_names=(member.name,),
                alternatives=self._alternatives(kind, place),
            )
        if not isinstance(kind, ListType):
            reader, is_value = self._reader(kind, place)
            return ReadView(
                attribute=attribute,
                method=Identifier(required + ("value" if is_value else "structure")),
                wire_names=(member.name,),
                reader=reader,
            )
        reader, is_value = self._reader(kind.of, place.item(kind.item))
        noun = "values" if is_value else "structures"
        is_bare = kind.item is None
        return ReadView(
            attribute=attribute,
            method=Identifier(("repeated_" if is_bare else required) + noun),
            wire_names=(
                (member.name,) if kind.item is None else (member.name, kind.item)
            ),
            reader=reader,
        )

    def _content(self, kind: Type, place: Place, required: str) -> ReadView:
        """Plan how everything in an element is read, for a member that is all of it."""
        attribute = Identifier("value")
        match kind:
            case AtomType() | EnumerationType():
                reader, _ = self._reader(kind, place)
                method = Identifier(f"{required}text")
                return ReadView(attribute=attribute, method=method, reader=reader)
            case SharedType() | InlineType():
                reader, _ = self._reader(kind, place)
                return ReadView(attribute=attribute, method=None, reader=reader)
            case ListType():
                return self._items(kind, place)
            case MixedListType():
                return ReadView(
                    attribute=attribute,
                    method=Identifier("repeated_mixed"),
                    alternatives=self._alternatives(kind, place),
                )
            case _:
                assert_never(kind)

    def _alternatives(
        self, kind: MixedListType, place: Place
    ) -> tuple[tuple[str, Code], ...]:
        return tuple(
            (each.name, self.module.function("read", place.inside(each)))
            for each in kind.alternatives
        )

    def _reader(self, kind: Type, place: Place) -> tuple[Code, bool]:
        """Return the function that reads a type, and whether that is text on the wire."""
        match kind:
            case AtomType(primitive=primitive):
                return expression(f"reading.{FUNCTIONS[primitive]}"), True
            case EnumerationType():
                class_name = self.module.enumeration_class(kind, place)
                return expression(f"{class_name}.read"), True
            case SharedType(name=name):
                return self.module.shared_function("read", name), False
            case InlineType():
                return self.module.function("read", place), False
            case ListType() | MixedListType():
                return self._list_reader(kind, place), False
            case _:
                assert_never(kind)

    def _list_reader(self, kind: ListType | MixedListType, place: Place) -> Identifier:
        """Plan the function that reads an item which is itself a list."""
        name = self.module.function("read", place)
        self.module.parts.readers.append(
            ReaderView(
                name=name,
                annotation=self.annotation_of(kind, place),
                class_name=None,
                states=(),
                reads=(self._content(kind, place, ""),),
            )
        )
        return name

    def _items(self, kind: ListType, place: Place) -> ReadView:
        tag = kind.item or place.wire_name
        reader, is_value = self._reader(kind.of, place.item(tag))
        return ReadView(
            attribute=Identifier("value"),
            method=Identifier("repeated_values" if is_value else "repeated_structures"),
            wire_names=(tag,),
            reader=reader,
        )


def plan_structure_lists(
    reads: tuple[ReadView, ...],
) -> tuple[tuple[StructureListView, ...], tuple[ReadView, ...]]:
    """Plan which lists of a result are read while it comes in, and all its members by these."""
    lists: list[StructureListView] = []
    changed: list[ReadView] = []
    for read in reads:
        listed = _LISTED.get(read.method or "")
        if listed is None:
            changed.append(read)
            continue
        # No function, class or module has such a name.
        name = Identifier(f"listed_{read.attribute}")
        lists.append(
            StructureListView(name=name, wire_names=read.wire_names, reader=read.reader)
        )
        changed.append(replace(read, method=listed, wire_names=(), reader=name))
    return tuple(lists), tuple(changed)


_LISTED = {
    "structures": Identifier("listed"),
    "required_structures": Identifier("required_listed"),
}


def plan_states(named: NamedStructure, service: Service) -> tuple[StateView, ...]:
    """Plan the statements about members that are empty, blank or nil.

    Nothing is said of those that no reader takes when they are empty.
    """
    members = [
        member
        for member in usable_fields(named.structure)
        if member.form is Form.ELEMENT and not is_bare_list(member.type)
    ]
    readable = [each for each in members if _may_be_empty(each.type, service)]

    def names(found: list[Field], applies: Callable[[States], bool]) -> tuple[str, ...]:
        return tuple(each.name for each in found if applies(each.states))

    refused, none = WhenEmpty.REFUSED, WhenEmpty.NONE
    found = {
        "refuse_nil": names(members, lambda states: states.nil is WhenNil.REFUSED),
        "refuse_empty": names(readable, lambda states: states.empty is refused),
        "refuse_blank": names(readable, lambda states: states.blank is refused),
        "omit_empty": names(members, lambda states: states.empty is none),
        "omit_blank": names(members, lambda states: states.blank is none),
    }
    return tuple(
        StateView(method=Identifier(method), wire_names=names)
        for method, names in found.items()
        if names
    )


def _may_be_empty(kind: Type, service: Service) -> bool:
    """Whether an element with nothing or blanks inside can be read as a value of a type."""
    match kind:
        case AtomType(primitive=primitive):
            return primitive in {Primitive.STRING, Primitive.BASE64}
        case EnumerationType() | ListType() | MixedListType():
            return True
        case SharedType() | InlineType():
            structure = service.structure_of(kind)
            fields = () if structure is None else usable_fields(structure)
            return not any(
                each.presence is Presence.REQUIRED and not is_bare_list(each.type)
                for each in fields
                if each.form is not Form.TEXT or not _may_be_empty(each.type, service)
            )
        case _:
            assert_never(kind)
