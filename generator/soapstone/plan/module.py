"""One generated module in the making: its parts, and the names of what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from soapstone import naming
from soapstone.model import ListType, Primitive, Service, Structure
from soapstone.naming import Identifier
from soapstone.plan.names import Names, subject_name, usable_fields
from soapstone.views import (
    ClassView,
    ConstantView,
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


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the structures of one module need, nested ones first."""

    classes: list[ClassView] = field(default_factory=list[ClassView])
    validators: list[ValidatorView] = field(default_factory=list[ValidatorView])
    writers: list[WriterView] = field(default_factory=list[WriterView])
    readers: list[ReaderView] = field(default_factory=list[ReaderView])
    patterns: list[ConstantView] = field(default_factory=list[ConstantView])
    shared: set[Identifier] = field(default_factory=set[Identifier])


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a structure or a member stands.

    Attributes:
        names: Wire names that a class is named after.
        functions: Wire names that functions and constants are named after.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]

    def inside(self, wire_name: str | None) -> Place:
        """Return the place of a member; the same place where nothing is around it."""
        if wire_name is None:
            return self
        return Place(
            names=(*self.names, wire_name), functions=(*self.functions, wire_name)
        )


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

    def shared_function(self, verb: str, name: str) -> Identifier:
        """Return a function of a shared structure, noting that the module needs it."""
        found = Identifier(f"{verb}_{naming.snake_case(name)}")
        self.parts.shared.add(found)
        return found

    def function(self, verb: str, place: Place) -> Identifier:
        """Return the name of a function of this module."""
        subject = "_".join(naming.snake_case(name) for name in place.functions)
        return Identifier(f"{'' if self.is_shared else '_'}{verb}_{subject}")

    @staticmethod
    def constant(place: Place) -> Identifier:
        """Return the name of a constant of this module."""
        words = (naming.snake_case(name).upper() for name in place.functions)
        return Identifier(f"_{'_'.join(words)}")


def item_names(named: NamedStructure) -> dict[tuple[str, ...], Identifier]:
    """Return a variable for the items of each list of a structure, none for two lists.

    The keys are the wire names down to the list.
    """
    taken = {named.subject}
    found: dict[tuple[str, ...], Identifier] = {}
    for member in usable_fields(named.structure):
        kind, place = member.type, named.place.inside(member.name)
        while isinstance(kind, ListType):
            name = subject_name(kind.item or place.functions[-1])
            while name in taken:
                name = Identifier(f"{name}_")
            taken.add(name)
            found[place.functions] = name
            place = place.inside(kind.item)
            kind = kind.of
    return found
