"""Values of the model as Python expressions, with the names that their classes were given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import (
    Atom,
    AtomValue,
    Enumeration,
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

# From this length on, a text of one character or a list of one item is shorter as a product.
_LONG = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a structure.

    Attributes:
        path: As Python shows it, such as `lines[0].amount`.
        kind: The type of what stands there.
        names: Wire names that a class there is named after.
        member: The member that stands there.
    """

    path: str
    kind: Type | None
    names: tuple[str, ...]
    member: Field | None


@dataclass(slots=True, kw_only=True)
class ValuePlanner:
    """Turns values into expressions, and paths of wire names into paths of attributes.

    Each thing is looked at once: most of what tests say of an operation they say many times. Things
    are told apart by their identity, so that they are kept as well.
    """

    service: Service
    _names: dict[int, tuple[Structure, dict[str, Identifier]]] = field(
        default_factory=dict[int, tuple[Structure, dict[str, Identifier]]]
    )
    _members: dict[int, tuple[Enumeration, dict[str, Identifier]]] = field(
        default_factory=dict[int, tuple[Enumeration, dict[str, Identifier]]]
    )
    _places: dict[tuple[int, tuple[str, ...], Steps], Place] = field(
        default_factory=dict[tuple[int, tuple[str, ...], Steps], Place]
    )
    _views: dict[tuple[int, int, tuple[str, ...]], tuple[Type, Value, ValueView]] = (
        field(
            default_factory=dict[
                tuple[int, int, tuple[str, ...]], tuple[Type, Value, ValueView]
            ]
        )
    )

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
        if isinstance(value, AtomValue):
            return self._atom(kind, names, value.value)
        match kind, value:
            case MixedListType(), ListValue(items=items):
                views = tuple(self._item(kind, names, each) for each in items)
                return ValueView(items=views, is_tuple=True)
            case _, NilValue() if is_nil:
                return ValueView(name=Identifier("NIL"))
            case ListType(of=of, item=item), ListValue(items=items):
                inner = names if item is None else (*names, naming.item_stem(item))
                views = tuple(self._of_item(of, inner, each) for each in items)
                if len(views) > _LONG and all(each is views[0] for each in views):
                    return ValueView(items=views[:1], is_tuple=True, times=len(views))
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

    def _atom(self, kind: Type | None, names: tuple[str, ...], atom: Atom) -> ValueView:
        if isinstance(atom, str):
            if isinstance(kind, EnumerationType):
                return self.enumerated(kind, names, atom)
            if len(atom) > _LONG and len(set(atom)) == 1:
                return ValueView(atom=atom[0], times=len(atom))
        return ValueView(atom=atom)

    def _of_item(self, kind: Type, names: tuple[str, ...], value: Value) -> ValueView:
        key = (id(kind), id(value), names)
        if key not in self._views:
            self._views[key] = (kind, value, self.value(kind, names, value))
        return self._views[key][2]

    def enumerated(
        self, kind: EnumerationType, names: tuple[str, ...], text: str
    ) -> ValueView:
        """Return the member of an enumeration, or a text that is none of its values."""
        enumeration = kind.enumeration
        if id(enumeration) not in self._members:
            # Whatever cannot be named was reported when the class was planned.
            found = Names(Report()).enumeration(enumeration)
            self._members[id(enumeration)] = (enumeration, found)
        members = self._members[id(enumeration)][1]
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
        return self.place(structure, (), steps).path

    def place(
        self, structure: Structure, start: tuple[str, ...], steps: Steps
    ) -> Place:
        """Return what is known of a place.

        Args:
            structure: What the place is in.
            start: The names that its class has.
            steps: Wire names and positions.
        """
        key = (id(structure), start, steps)
        if key not in self._places:
            if steps:
                outer = self.place(structure, start, steps[:-1])
                self._places[key] = self._step(outer, steps[-1])
            else:
                kind = InlineType(structure=structure)
                self._places[key] = Place(path="", kind=kind, names=start, member=None)
        return self._places[key]

    def _step(self, place: Place, step: str | int) -> Place:
        kind, names = place.kind, place.names
        if isinstance(kind, SharedType):
            names = (kind.name,)
        inside = None if kind is None else self.service.structure_of(kind)
        member = None if inside is None else inside.member(str(step))
        if member is not None:
            names = (*names, member.stem)
        elif isinstance(kind, MixedListType) and isinstance(step, str):
            names = (*names, step)
        elif isinstance(kind, ListType) and kind.item is not None:
            names = (*names, naming.item_stem(kind.item))
        if _has_value(kind, step):
            names = (*names, "value")
        text = self._path_step(kind, step, member)
        is_apart = text and not text.startswith("[") and place.path
        return Place(
            path=f"{place.path}.{text}" if is_apart else place.path + text,
            kind=_inside(kind, step, member),
            names=names,
            member=member,
        )

    @staticmethod
    def _path_step(kind: Type | None, step: str | int, member: Field | None) -> str:
        if isinstance(step, int):
            return f"[{step}]"
        if isinstance(kind, MixedListType):
            # What the item is called shows in its class alone.
            return "value" if _has_value(kind, step) else ""
        name = (
            None
            if member is None
            else naming.attribute_name(member.name, member.python_name)
        )
        # Whatever cannot be named was reported when the class was planned.
        return step if name is None else str(name)

    def _attributes(self, structure: Structure) -> dict[str, Identifier]:
        if id(structure) not in self._names:
            # Whatever cannot be named was reported when the class was planned.
            found = Names(Report()).attributes(structure)
            self._names[id(structure)] = (structure, found)
        return self._names[id(structure)][1]


def _inside(kind: Type | None, step: str | int, member: Field | None) -> Type | None:
    if isinstance(kind, ListType) and isinstance(step, int):
        return kind.of
    if isinstance(kind, MixedListType):
        named = (each.type for each in kind.alternatives if each.name == step)
        return kind if isinstance(step, int) else next(named, None)
    return None if member is None else member.type


def _has_value(kind: Type | None, step: str | int) -> bool:
    """Whether a step leads to an item that is not a structure but holds one value."""
    return isinstance(kind, MixedListType) and any(
        each.name == step and not is_item(each) for each in kind.alternatives
    )


def _class(names: tuple[str, ...]) -> Identifier:
    return naming.class_name(*names) or Identifier("Unusable")


@dataclass(frozen=True, slots=True)
class Used:
    """What expressions name: classes, constants, and the types of their literals."""

    classes: set[str]
    constants: set[str]
    literals: set[type]

    def has_literal(self, kind: type) -> bool:
        """Whether there is a literal of a type, or of one that is derived from it."""
        return any(issubclass(each, kind) for each in self.literals)


def used_in(views: Iterable[ValueView]) -> Used:
    """Return what expressions name."""
    used = Used(set(), set(), set())
    waiting = list(views)
    while waiting:
        part = waiting.pop()
        if part.class_name:
            used.classes.add(str(part.class_name))
            waiting += [argument for _, argument in part.arguments]
        elif part.name:
            used.constants.add(str(part.name))
        used.literals.add(type(part.atom))
        waiting += part.items
    return used
