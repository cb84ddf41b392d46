"""Values of the model as Python expressions, with the names that their classes were given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import (
    AtomValue,
    InlineType,
    ListType,
    ListValue,
    NilValue,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
)
from soapstone.naming import Identifier
from soapstone.plan.names import Names, usable_fields
from soapstone.samples.validation import Steps
from soapstone.views import ValueView

# From this length on, a text of one character is shorter to read as a product.
_LONG = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePlanner:
    """Turns values into expressions, and paths of wire names into paths of attributes."""

    service: Service

    def structure(
        self, structure: Structure, names: tuple[str, ...], value: StructureValue
    ) -> ValueView:
        """Return the call of the class that is named after a path of wire names."""
        attributes = self._attributes(structure)
        arguments: list[tuple[Identifier, ValueView]] = []
        for member in usable_fields(structure):
            found = value.get(member.name)
            if found is not None and not isinstance(found, NilValue):
                view = self.value(member.type, (*names, member.stem), found)
                arguments.append((attributes[member.name], view))
        return ValueView(class_name=_class(names), arguments=tuple(arguments))

    def value(
        self, kind: Type | None, names: tuple[str, ...], value: Value | None
    ) -> ValueView:
        """Return the expression for a value; whatever does not fit its type stays as it is."""
        match kind, value:
            case _, AtomValue(value=str(text)) if (
                len(text) > _LONG and len(set(text)) == 1
            ):
                return ValueView(atom=text[0], times=len(text))
            case _, AtomValue(value=atom):
                return ValueView(atom=atom)
            case ListType(of=of, item=item), ListValue(items=items):
                inner = names if item is None else (*names, naming.item_stem(item))
                views = tuple(self.value(of, inner, each) for each in items)
                return ValueView(items=views, is_tuple=True)
            case (InlineType() | SharedType()), StructureValue():
                structure = self.service.structure_of(kind)
                if (
                    structure is not None
                ):  # pragma: no branch -- the type checker asks for it
                    own = (kind.name,) if isinstance(kind, SharedType) else names
                    return self.structure(structure, own, value)
            case _:
                pass
        return ValueView(atom=None)

    def path(self, structure: Structure, steps: Steps) -> str:
        """Return a path such as `lines[0].amount` for wire names and positions."""
        found = ""
        for text in self._path(structure, steps):
            found += text if text.startswith("[") or not found else f".{text}"
        return found

    def type_at(self, structure: Structure, steps: Steps) -> Type | None:
        """Return the type of the member at a path."""
        kind: Type | None = InlineType(structure=structure)
        for step in steps:
            kind = self._inside(kind, step)
        return kind

    def names_at(
        self, structure: Structure, start: tuple[str, ...], steps: Steps
    ) -> tuple[str, ...]:
        """Return the wire names that the class of the member at a path is named after."""
        names, kind = start, InlineType(structure=structure)
        current: Type | None = kind
        for step in steps:
            if isinstance(current, SharedType):
                names = (current.name,)
            inside = None if current is None else self.service.structure_of(current)
            member = None if inside is None else inside.member(str(step))
            if member is not None:
                names = (*names, member.stem)
            elif isinstance(current, ListType) and current.item is not None:
                names = (*names, naming.item_stem(current.item))
            current = self._inside(current, step)
        return names

    def _path(self, structure: Structure, steps: Steps) -> Iterator[str]:
        kind: Type | None = InlineType(structure=structure)
        for step in steps:
            if isinstance(step, int):
                yield f"[{step}]"
            else:
                inside = None if kind is None else self.service.structure_of(kind)
                yield step if inside is None else str(self._attributes(inside)[step])
            kind = self._inside(kind, step)

    def _inside(self, kind: Type | None, step: str | int) -> Type | None:
        if isinstance(kind, ListType) and isinstance(step, int):
            return kind.of
        structure = None if kind is None else self.service.structure_of(kind)
        member = None if structure is None else structure.member(str(step))
        return None if member is None else member.type

    @staticmethod
    def _attributes(structure: Structure) -> dict[str, Identifier]:
        # Whatever cannot be named was reported when the class was planned.
        return Names(Report()).attributes(structure)


def _class(names: tuple[str, ...]) -> Identifier:
    return naming.class_name(*names) or Identifier("Unusable")


def classes_in(view: ValueView) -> Iterator[Identifier]:
    """Yield the classes that an expression calls."""
    if view.class_name is not None:
        yield view.class_name
    for _, argument in view.arguments:
        yield from classes_in(argument)
    for item in view.items:
        yield from classes_in(item)


def atoms_in(view: ValueView) -> Iterator[object]:
    """Yield the literals of an expression."""
    yield view.atom
    for _, argument in view.arguments:
        yield from atoms_in(argument)
    for item in view.items:
        yield from atoms_in(item)
