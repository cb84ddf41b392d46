"""Values of the model as Python expressions, with the names that their classes were given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import (
    AtomValue,
    EnumerationType,
    Field,
    InlineType,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
)
from soapstone.naming import Identifier
from soapstone.plan.module import is_item
from soapstone.plan.names import Names, may_be_nil, usable_fields
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
            found, is_nil = value.get(member.name), may_be_nil(member)
            if found is not None and (is_nil or not isinstance(found, NilValue)):
                inner = (*names, member.stem)
                view = self.value(member.type, inner, found, is_nil=is_nil)
                arguments.append((attributes[member.name], view))
        return ValueView(class_name=_class(names), arguments=tuple(arguments))

    def value(
        self,
        kind: Type | None,
        names: tuple[str, ...],
        value: Value | None,
        *,
        is_nil: bool = False,
    ) -> ValueView:
        """Return the expression for a value; whatever does not fit its type stays as it is.

        Args:
            kind: The type of the place where it stands.
            names: Wire names that a class at that place is named after.
            value: The value; None and nil are both None, unless `is_nil`.
            is_nil: Whether nil is told from None there.
        """
        match kind, value:
            case EnumerationType(), AtomValue(value=str(text)):
                return self.enumerated(kind, names, text)
            case _, AtomValue(value=str(text)) if (
                len(text) > _LONG and len(set(text)) == 1
            ):
                return ValueView(atom=text[0], times=len(text))
            case _, AtomValue(value=atom):
                return ValueView(atom=atom)
            case MixedListType(), ListValue(items=items):
                views = tuple(self._item(kind, names, each) for each in items)
                return ValueView(items=views, is_tuple=True)
            case _, NilValue() if is_nil:
                return ValueView(name=Identifier("NIL"))
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

    @staticmethod
    def enumerated(
        kind: EnumerationType, names: tuple[str, ...], text: str
    ) -> ValueView:
        """Return the member of an enumeration, or a text that is none of its values."""
        # Whatever cannot be named was reported when the class was planned.
        members = Names(Report()).enumeration(kind.enumeration)
        if text not in members:
            return ValueView(atom=text)
        own = (kind.shared_name,) if kind.shared_name else names
        return ValueView(class_name=_class(own), member=members[text])

    def _item(
        self, kind: MixedListType, names: tuple[str, ...], value: Value
    ) -> ValueView:
        """Return the expression for an item of a list of differently named children."""
        if not isinstance(
            value, MemberValue
        ):  # pragma: no cover -- the type checker asks for it
            return self.value(None, names, value)
        alternatives = {each.name: each for each in kind.alternatives}
        inner = (*names, value.name)
        return self._alternative(alternatives[value.name], inner, value.value)

    def _alternative(
        self, alternative: Field, names: tuple[str, ...], value: Value
    ) -> ValueView:
        if is_item(alternative):
            return self.value(alternative.type, names, value)
        content = self.value(alternative.type, (*names, "value"), value)
        return ValueView(
            class_name=_class(names), arguments=((Identifier("value"), content),)
        )

    def path(self, structure: Structure, steps: Steps) -> str:
        """Return a path such as `lines[0].amount` for wire names and positions."""
        found = ""
        for text in self._path(structure, steps):
            found += text if text.startswith("[") or not found else f".{text}"
        return found

    def member_at(self, structure: Structure, steps: Steps) -> Field | None:
        """Return the member at a path that ends with its name."""
        kind = self.type_at(structure, steps[:-1])
        inside = None if kind is None else self.service.structure_of(kind)
        return None if inside is None else inside.member(str(steps[-1]))

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
        names = start
        current: Type | None = InlineType(structure=structure)
        for step in steps:
            if isinstance(current, SharedType):
                names = (current.name,)
            inside = None if current is None else self.service.structure_of(current)
            member = None if inside is None else inside.member(str(step))
            if member is not None:
                names = (*names, member.stem)
            elif isinstance(current, MixedListType) and isinstance(step, str):
                names = (*names, step)
            elif isinstance(current, ListType) and current.item is not None:
                names = (*names, naming.item_stem(current.item))
            if _has_value(current, step):
                names = (*names, "value")
            current = self._inside(current, step)
        return names

    def _path(self, structure: Structure, steps: Steps) -> Iterator[str]:
        kind: Type | None = InlineType(structure=structure)
        for step in steps:
            if isinstance(step, int):
                yield f"[{step}]"
            elif isinstance(kind, MixedListType):
                # What the item is called shows in its class alone.
                yield from ["value"] * _has_value(kind, step)
            else:
                yield self._attribute(kind, step)
            kind = self._inside(kind, step)

    def _attribute(self, kind: Type | None, step: str) -> str:
        inside = None if kind is None else self.service.structure_of(kind)
        member = None if inside is None else inside.member(step)
        name = (
            None
            if member is None
            else naming.attribute_name(member.name, member.python_name)
        )
        # Whatever cannot be named was reported when the class was planned.
        return step if name is None else str(name)

    def _inside(self, kind: Type | None, step: str | int) -> Type | None:
        if isinstance(kind, ListType) and isinstance(step, int):
            return kind.of
        if isinstance(kind, MixedListType):
            named = (each.type for each in kind.alternatives if each.name == step)
            return kind if isinstance(step, int) else next(named, None)
        structure = None if kind is None else self.service.structure_of(kind)
        member = None if structure is None else structure.member(str(step))
        return None if member is None else member.type

    @staticmethod
    def _attributes(structure: Structure) -> dict[str, Identifier]:
        # Whatever cannot be named was reported when the class was planned.
        return Names(Report()).attributes(structure)


def _has_value(kind: Type | None, step: str | int) -> bool:
    """Whether a step leads to an item that is not a structure but holds one value."""
    return isinstance(kind, MixedListType) and any(
        each.name == step and not is_item(each) for each in kind.alternatives
    )


def _class(names: tuple[str, ...]) -> Identifier:
    return naming.class_name(*names) or Identifier("Unusable")


def classes_in(view: ValueView) -> Iterator[Identifier]:
    """Yield the classes that an expression names."""
    return (each.class_name for each in _parts(view) if each.class_name is not None)


def constants_in(view: ValueView) -> tuple[Identifier, ...]:
    """Return the constants that an expression names."""
    return tuple(each.name for each in _parts(view) if each.name is not None)


def atoms_in(view: ValueView) -> Iterator[object]:
    """Yield the literals of an expression."""
    return (each.atom for each in _parts(view))


def _parts(view: ValueView) -> Iterator[ValueView]:
    yield view
    for _, argument in view.arguments:
        yield from _parts(argument)
    for item in view.items:
        yield from _parts(item)
