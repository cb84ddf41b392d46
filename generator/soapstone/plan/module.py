"""One generated module in the making: its parts, and the names of what stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, count

from soapstone import naming
from soapstone.model import ListType, Primitive, Service, Structure
from soapstone.naming import Identifier
from soapstone.plan.names import Names, Place, local_name, usable_fields
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


def _own_constant() -> dict[str, tuple[str, ...]]:
    """Return the constant that every operation has of its own, which belongs to no member."""
    return {"_ANSWER": ()}


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the structures of one module need, nested ones first.

    Attributes:
        owners: The place for which each function and constant is there.
    """

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


def item_names(named: NamedStructure) -> dict[tuple[str, ...], Identifier]:
    """Return a variable for the items of each list of a structure, none for two lists.

    The keys are the wire names down to the list.
    """
    taken = {named.subject}
    found: dict[tuple[str, ...], Identifier] = {}
    for member in usable_fields(named.structure):
        kind, place = member.type, named.place.inside(member)
        while isinstance(kind, ListType):
            stem = place.functions[-1]
            name = local_name(
                stem if kind.item is None else naming.item_stem(kind.item)
            )
            while name in taken:
                name = Identifier(f"{name}_")
            taken.add(name)
            found[place.functions] = name
            place = place.item(kind.item)
            kind = kind.of
    return found
