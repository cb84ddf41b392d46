"""Functions that write and read values."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.naming import NO_CODE, Code, Identifier
from soapstone.views.checks import branches


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteView:
    """How one value is written.

    Attributes:
        value: Empty for a constant, which `opening` holds.
        function: Writer of an atom in the runtime.
        writer: Function that writes a structure's members.
        items: How the items of a list are written.
        element: Name of the element around each item of a list that the runtime writes in one go.
        absent: What stands for None; empty where nothing does.
        nil: What stands for NIL; empty where that is no value.
    """

    opening: str
    closing: str = ""
    value: Code = NO_CODE
    is_optional: bool = False
    function: Identifier | None = None
    writer: Identifier | None = None
    items: ItemWritesView | None = None
    element: str = ""
    absent: str = ""
    nil: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it is one expression, whatever the value is."""
        return not self.is_optional and not self.nil and self.items is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWritesView:
    """How each item of a list is written: as the only class there is, or as the one that it has."""

    item: Identifier
    classes: tuple[Identifier, ...]
    writes: tuple[WriteView, ...]

    @property
    def branches(self) -> tuple[tuple[Code, WriteView], ...]:
        """How each class is written, under the condition that tells it from the rest."""
        if len(self.writes) == 1:
            return ((NO_CODE, self.writes[0]),)
        names = (Identifier("write"),) * len(self.writes)
        conditions = branches(self.item, self.classes, names)
        return tuple(
            (each.condition, write)
            for each, write in zip(conditions, self.writes, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterView:
    """A function that writes the members of a structure."""

    name: Identifier
    subject: Identifier
    class_name: Identifier
    writes: tuple[WriteView, ...]

    @property
    def only(self) -> WriteView | None:
        """The one value that is written whatever the members are, where there is no other."""
        first = self.writes[0] if len(self.writes) == 1 else None
        return first if first is not None and first.is_certain else None

    @property
    def starts_with_value(self) -> bool:
        """Whether something is written whatever the members are."""
        return any(
            not each.is_optional and not each.nil and bool(each.opening)
            for each in self.writes[:1]
        )

    @property
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadView:
    """How one member is read: a method of `Members`, the wire names, and the reader.

    Attributes:
        method: None where the reader takes the element's members as they are.
        alternatives: Wire names with readers, for a list of differently named children.
        nil: Wire name of a member that may be nil, and then is NIL; empty for any other.
    """

    attribute: Identifier
    method: Identifier | None
    wire_names: tuple[str, ...] = ()
    reader: Code = NO_CODE
    alternatives: tuple[tuple[str, Code], ...] = ()
    nil: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureListView:
    """Structures that are read while a long answer comes in.

    Attributes:
        name: What stands for the list until then.
    """

    name: Identifier
    wire_names: tuple[str, ...]
    reader: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """A statement about members that are empty, blank or nil, made before they are read."""

    method: Identifier
    wire_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """A function that reads a structure; no class where an item of a list is a list."""

    name: Identifier
    annotation: Code
    class_name: Identifier | None
    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]

    @property
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")
