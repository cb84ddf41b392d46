"""Documented values, and the documents that show them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from soapstone.diagnostics import Span
from soapstone.model.atoms import Atom
from soapstone.model.rules import Condition, Member
from soapstone.model.sources import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class NilValue:
    """A member that is there, marked as nil."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomValue:
    """The value of a primitive, typed in from the documentation."""

    value: Atom
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListValue:
    """The items of a list."""

    items: tuple[Value, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberValue:
    """A member of a structure, or an item of a list with several names, with its value.

    Attributes:
        span: The place of its name.
    """

    name: str
    value: Value
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureValue:
    """The members that are there."""

    members: tuple[MemberValue, ...]
    span: Span = field(compare=False, repr=False)

    def get(self, name: str) -> Value | None:
        """Return the value of a member; None when it is absent."""
        for member in self.members:
            if member.name == name:
                return member.value
        return None

    def at(self, names: tuple[str, ...]) -> Value | None:
        """Return the value at a path of names; None when there is none."""
        found: Value | None = self
        for name in names:
            found = found.get(name) if isinstance(found, StructureValue) else None
        return found


Value: TypeAlias = NilValue | AtomValue | ListValue | MemberValue | StructureValue


class Defect(Enum):
    """How a documented sample differs from what the service would send or take."""

    BARE_AMPERSAND = "bare-ampersand"
    MISSING_ENVELOPE = "missing-envelope"
    MISSING_WRAPPER = "missing-wrapper"
    MISSING_NAMESPACE = "missing-namespace"
    OUTPUT_ORDER = "output-order"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDefect:
    """A defect of a sample; `elements` are the wire names in whose text it stands, if it matters."""

    defect: Defect
    elements: tuple[str, ...] = ()
    note: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A sample, verbatim, with the values that it stands for.

    Attributes:
        file: Its file, relative to the folder of the spec; empty when it stands in the spec.
        start: Where its first character stands: in that file, or in the spec.
        authentication: Which alternative opens a request, with its values.
    """

    content: bytes
    file: str
    start: Span = field(compare=False)
    values: StructureValue
    authentication: MemberValue | None = None
    defects: tuple[DeclaredDefect, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsTest:
    """How many items of a list in a request are of one kind; a text by itself is one item.

    Attributes:
        unlike: Items that a regular expression does not match are counted.
        within: Items that are in this memory are.
        outside: Items that are not in this memory are; one of the three is given.
    """

    member: Member
    unlike: str = ""
    within: str = ""
    outside: str = ""
    minimum: int = 1
    maximum: int | None = None
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Items of a request that the service keeps in a memory when it gives an answer, or forgets."""

    memory: str
    member: Member
    is_removal: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Documents that belong together.

    Attributes:
        when: For which requests the answer is given. Examples are tried in their order. Without a
            condition, an answer of success is given when no other is, and one of failure never.
    """

    title: str
    request: Document | None = None
    response: Document | None = None
    when: Condition | ItemsTest | None = None
    effects: tuple[Effect, ...] = ()
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)
