"""Types of members, and the structures that are made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from soapstone.diagnostics import Span
from soapstone.model.atoms import Atom, Primitive
from soapstone.model.constraints import AtomConstraint, ListConstraint
from soapstone.model.rules import Rule
from soapstone.model.sources import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomType:
    """Text on the wire that stands for a value of a primitive type."""

    primitive: Primitive
    constraints: tuple[AtomConstraint, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationValue:
    """A documented value; its text on the wire may be any, also empty."""

    text: str
    python_name: str = ""
    doc: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enumeration:
    """The documented values of a text; an answer may hold others.

    Attributes:
        is_open: Whether a request may hold others too.
    """

    values: tuple[EnumerationValue, ...]
    is_open: bool = False
    doc: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationType:
    """Text on the wire that is one of some documented values.

    Attributes:
        shared_name: Its name in `types` of `service.yaml`; empty where it stands at its field.
    """

    enumeration: Enumeration
    shared_name: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedType:
    """A structure of `service.yaml`, by its name."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineType:
    """A structure that is described where it is used.

    Attributes:
        derived_from: The shared structure from which this use differs, if it does.
    """

    structure: Structure
    derived_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListType:
    """Items of one type.

    Attributes:
        item: Wire name of an item inside the list's element; None when there is no such wrapper
            and the field's own element is repeated.
    """

    item: str | None
    of: Type
    constraints: tuple[ListConstraint, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedListType:
    """Items of several types inside the list's element, told apart by their wire names.

    Attributes:
        alternatives: What an item can be; a structure of its own is the item itself.
    """

    alternatives: tuple[Field, ...]
    constraints: tuple[ListConstraint, ...] = ()
    span: Span = field(compare=False, repr=False)


Type: TypeAlias = (
    AtomType | EnumerationType | SharedType | InlineType | ListType | MixedListType
)


class Presence(Enum):
    """Whether a member stands in a document."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    IGNORED = "ignored"


class Form(Enum):
    """As what a member stands in the element of its structure."""

    ELEMENT = "element"
    ATTRIBUTE = "attribute"
    TEXT = "text"


class WhenAbsent(Enum):
    """How a member without a value is written."""

    OMITTED = "omitted"
    EMPTY = "empty"
    NIL = "nil"


class WhenEmpty(Enum):
    """How an empty or blank element of an answer is read."""

    VALUE = "value"
    NONE = "none"
    REFUSED = "refused"


class WhenNil(Enum):
    """How an element of an answer that is marked as nil is read; one that is kept is written too."""

    NONE = "none"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class States:
    """What a member means that is absent, empty, nil or blank, as far as the spec says."""

    absent: WhenAbsent = WhenAbsent.OMITTED
    empty: WhenEmpty = WhenEmpty.VALUE
    nil: WhenNil = WhenNil.NONE
    blank: WhenEmpty = WhenEmpty.VALUE


AS_USUAL = States()
"""What a member means of which the spec says nothing: the same object for nearly all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a structure.

    Attributes:
        name: Wire name, verbatim; of the text of an element, which has none, the name in the spec.
        constant: What always stands in a request, so that callers do not give it; None for
            all other members.
        python_name: The name that the spec asks for in Python; empty when it is to be derived.
        is_secret: Whether its value must never be shown.
        condition: In words, when a conditional member is given.
    """

    name: str
    type: Type
    form: Form = Form.ELEMENT
    constant: Atom | None = None
    presence: Presence = Presence.OPTIONAL
    states: States = AS_USUAL
    condition: str = ""
    python_name: str = ""
    is_secret: bool = False
    doc: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)

    @property
    def stem(self) -> str:
        """What its names in Python are made of."""
        return self.python_name or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Members in wire order, and the rules between them."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    doc: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)

    def member(self, name: str) -> Field | None:
        """Return the member with this wire name."""
        for member in self.fields:
            if member.name == name:
                return member
        return None
