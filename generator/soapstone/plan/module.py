"""One generated module in the making: its parts, and the names of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, count

from soapstone import naming
from soapstone.model import (
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    Presence,
    Primitive,
    Service,
    Structure,
    Type,
)
from soapstone.naming import Identifier
from soapstone.plan.names import Names, Place, local_name, shown_fields, usable_fields
from soapstone.samples.recursion import reachable
from soapstone.views import (
    ClassView,
    ConstantView,
    EnumerationView,
    ReaderView,
    ValidatorView,
    WriterView,
)

# One stem for each primitive names its check, its writer and its reader in the runtime.
FUNCTIONS = {
    Primitive.STRING: Identifier("text"),
    Primitive.BOOLEAN: Identifier("boolean"),
    Primitive.INT: Identifier("integer"),
    Primitive.LONG: Identifier("long"),
    Primitive.DECIMAL: Identifier("decimal"),
    Primitive.DOUBLE: Identifier("double"),
    Primitive.DATE: Identifier("date"),
    Primitive.DATE_TIME: Identifier("date_time"),
    Primitive.BASE64: Identifier("binary"),
}


def _own_constant() -> dict[str, tuple[str, ...]]:
    """Return the constant that every operation has of its own, which belongs to no member."""
    return {"_ANSWER": ()}


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the structures of one module need, nested ones first.

    Attributes:
        owners: The place for which each function and constant is there.
    """

    enumerations: list[EnumerationView] = field(default_factory=list[EnumerationView])
    classes: list[ClassView] = field(default_factory=list[ClassView])
    validators: list[ValidatorView] = field(default_factory=list[ValidatorView])
    writers: list[WriterView] = field(default_factory=list[WriterView])
    readers: list[ReaderView] = field(default_factory=list[ReaderView])
    patterns: list[ConstantView] = field(default_factory=list[ConstantView])
    shared: set[Identifier] = field(default_factory=set[Identifier])
    owners: dict[str, tuple[str, ...]] = field(default_factory=_own_constant)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStructure:
    """A structure with the names that it and its members got.

    Attributes:
        subject: Parameter or variable that holds it.
        is_root: Whether it is a request or an answer itself.
    """

    structure: Structure
    place: Place
    class_name: Identifier
    attributes: dict[str, Identifier]
    subject: Identifier
    is_root: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """A module in the making.

    Attributes:
        is_shared: Whether other modules import its functions.
    """

    service: Service
    names: Names
    parts: Parts
    is_shared: bool = False

    def shared_class(self, name: str) -> Identifier:
        """Return the class of a shared structure, noting that the module needs it."""
        found = naming.class_name(name) or Identifier("Unusable")
        self.parts.shared.add(found)
        return found

    def enumeration_class(self, kind: EnumerationType, place: Place) -> Identifier:
        """Return the class of an enumeration, whether it is shared or stands at its member."""
        if kind.shared_name:
            return self.shared_class(kind.shared_name)
        return self.names.class_name(place, kind.span)

    def shared_function(self, verb: str, name: str) -> Identifier:
        """Return a function of a shared structure, noting that the module needs it."""
        found = Identifier(f"{verb}_{naming.snake_case(name)}")
        self.parts.shared.add(found)
        return found

    def function(self, verb: str, place: Place) -> Identifier:
        """Return the name of a function of this module."""
        subject = "_".join(naming.snake_case(name) for name in place.functions)
        return self._own(f"{'' if self.is_shared else '_'}{verb}_{subject}", place)

    def constant(self, place: Place) -> Identifier:
        """Return the name of a constant of this module."""
        words = (naming.snake_case(name).upper() for name in place.functions)
        return self._own(f"_{'_'.join(words)}", place)

    def _own(self, name: str, place: Place) -> Identifier:
        """Return a name that belongs to a place: with a number if another place has it.

        Nobody but the module itself uses such a name, so no spec needs to care.
        """
        owners = self.parts.owners
        numbered = (f"{name}_{number}" for number in count(2))
        return Identifier(
            next(
                each
                for each in chain((name,), numbered)
                if owners.setdefault(each, place.functions) == place.functions
            )
        )


def item_names(
    named: NamedStructure,
) -> dict[tuple[tuple[str, ...], int], Identifier]:
    """Return a variable for the items of each list of a structure, none for two lists.

    The keys are those of the lists' places.
    """
    taken = {named.subject}
    found: dict[tuple[tuple[str, ...], int], Identifier] = {}
    for member in usable_fields(named.structure):
        for place, wanted in _lists_in(member.type, named.place.inside(member)):
            name = wanted
            while name in taken:
                name = Identifier(f"{name}_")
            taken.add(name)
            found[place.list_key] = name
    return found


def _lists_in(kind: Type, place: Place) -> Iterator[tuple[Place, Identifier]]:
    """Yield each list from the outside to the inside, with a name for its items."""
    if isinstance(kind, ListType):
        stem = place.functions[-1] if kind.item is None else naming.item_stem(kind.item)
        yield place, local_name(stem)
        yield from _lists_in(kind.of, place.item(kind.item))
    elif isinstance(kind, MixedListType):
        yield place, local_name(f"{place.functions[-1]}_item")


def innermost(kind: Type) -> Type:
    """Return the type of the items of a list, and of those of lists in it."""
    while isinstance(kind, ListType):
        kind = kind.of
    return kind


def fields_in(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield members, and those of whatever is inline in them."""
    for member in fields:
        yield member
        match innermost(member.type):
            case InlineType(structure=structure):
                yield from fields_in(structure.fields)
            case MixedListType(alternatives=alternatives):
                yield from fields_in(alternatives)
            case _:
                pass


def all_fields(service: Service) -> Iterator[Field]:
    """Yield the members of everything that a service describes."""
    authentication = service.authentication
    opening = () if authentication is None else authentication.alternatives
    for named in (*opening, *service.types):
        yield from fields_in(named.structure.fields)
    for operation in service.operations:
        yield from fields_in(operation.request.fields)
        yield from fields_in(operation.response.fields)


def is_item(alternative: Field) -> bool:
    """Whether an item of a list of differently named children is a structure described there."""
    kind = alternative.type
    return isinstance(kind, InlineType) and not kind.derived_from


def item_structure(alternative: Field) -> Structure:
    """Return the structure of an item of a list of differently named children.

    A structure that is described there is the item itself; anything else is its `value`.
    """
    if is_item(alternative) and isinstance(alternative.type, InlineType):
        return alternative.type.structure
    content = replace(
        alternative,
        name="value",
        form=Form.TEXT,
        presence=Presence.REQUIRED,
        doc=f"What `{alternative.name}` holds.",
    )
    doc = alternative.doc or f"An item `{alternative.name}`."
    return Structure(fields=(content,), doc=doc, span=alternative.span)


def has_attributes(structure: Structure, service: Service) -> bool:
    """Whether something of a structure stands in the start tag of its element."""
    return any(
        member.form is Form.ATTRIBUTE
        or (member.form is Form.TEXT and _has_attributes(member.type, service))
        for member in shown_fields(structure)
    )


def _has_attributes(kind: Type, service: Service) -> bool:
    structure = service.structure_of(kind)
    return structure is not None and has_attributes(structure, service)


def has_nil_attribute(service: Service, structure: Structure) -> bool:
    """Whether something in a structure has an attribute `nil` of its own."""
    return any(
        member.form is Form.ATTRIBUTE and member.name == "nil"
        for inner in reachable(service, structure)
        for member in usable_fields(inner)
    )
