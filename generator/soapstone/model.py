"""What the documentation says: the facts of one service, with the place where each was written.

Documented names stand here verbatim. Types, constraints and rules are closed unions, so that a
`match` with `assert_never` lists whatever a new member still lacks. Spans take no part in equality.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from soapstone.diagnostics import Span


class Basis(Enum):
    """On what a fact rests."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of documentation that the specs record."""

    key: str
    title: str
    url: str
    retrieved: str
    note: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact comes from: a page, by its key in `service.yaml`, and a section of it."""

    page: str
    section: str = ""
    basis: Basis = Basis.DOCUMENTED
    note: str = ""
    span: Span = field(compare=False, repr=False)


class Primitive(Enum):
    """Types of text on the wire, under their names in a spec."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    DECIMAL = "decimal"
    DOUBLE = "double"
    DATE = "date"
    DATE_TIME = "dateTime"
    BASE64 = "base64"


Atom: TypeAlias = str | bool | int | float | Decimal | date | datetime | bytes
"""The Python value of a primitive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Number of characters, both limits inclusive."""

    minimum: int | None = None
    maximum: int | None = None
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression with ASCII classes that the whole value matches.

    Attributes:
        accepts: Values that match, for patterns from which none can be derived.
        rejects: Values that do not match, likewise.
    """

    expression: str
    accepts: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The least value allowed."""

    limit: Atom
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """The greatest value allowed."""

    limit: Atom
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The only values that the service takes."""

    values: tuple[Atom, ...]
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Number of items in a list, both limits inclusive."""

    minimum: int | None = None
    maximum: int | None = None
    message: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """No item of a list occurs twice."""

    message: str = ""
    span: Span = field(compare=False, repr=False)


AtomConstraint: TypeAlias = Length | Pattern | Minimum | Maximum | Allowed
ListConstraint: TypeAlias = Count | Unique


@dataclass(frozen=True, slots=True, kw_only=True)
class AtomType:
    """Text on the wire that stands for a value of a primitive type."""

    primitive: Primitive
    constraints: tuple[AtomConstraint, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedType:
    """A structure of `service.yaml`, by its name."""

    name: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineType:
    """A structure that is described where it is used."""

    structure: Structure


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


Type: TypeAlias = AtomType | SharedType | InlineType | ListType


class Presence(Enum):
    """Whether a member stands in a document."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    CONDITIONAL = "conditional"
    PROHIBITED = "prohibited"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a structure.

    Attributes:
        name: Wire name, verbatim.
        python_name: The name that the spec asks for in Python; empty when it is to be derived.
        is_secret: Whether its value must never be shown.
        condition: In words, when a conditional member is given.
    """

    name: str
    type: Type
    presence: Presence = Presence.OPTIONAL
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
class Member:
    """A field that a rule names."""

    name: str
    span: Span = field(compare=False, repr=False)


class RuleKind(Enum):
    """What a rule between fields demands of its members."""

    EXCLUSIVE = "exclusive"
    EXACTLY_ONE = "exactly_one"
    AT_LEAST_ONE = "at_least_one"
    REQUIRES = "requires"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule between fields of one structure; in `requires` the first member needs the others."""

    kind: RuleKind
    members: tuple[Member, ...]
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


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
        return next((member for member in self.fields if member.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStructure:
    """A structure that `service.yaml` shares under a name.

    Attributes:
        python_name: The name that the spec asks for in Python, where the name is one of the wire.
    """

    name: str
    structure: Structure
    python_name: str = ""
    span: Span = field(compare=False, repr=False)

    @property
    def stem(self) -> str:
        """What its names in Python are made of."""
        return self.python_name or self.name


class EnvelopeKind(Enum):
    """What stands around the payload."""

    NONE = "none"
    SOAP11 = "soap11"
    SOAP12 = "soap12"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How an operation stands on the wire.

    Attributes:
        wrapper: Element around the request element.
        request: Element that holds the members of the request.
        response: Element around the result.
        result: Element that holds the members of the answer.
    """

    endpoint: str
    namespace: str
    envelope: EnvelopeKind
    soap_action: str
    wrapper: str
    request: str
    response: str
    result: str
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Structures of which one opens every request."""

    alternatives: tuple[NamedStructure, ...]
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WirePath:
    """Wire names from the result element to a member."""

    names: tuple[str, ...]
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return "/".join(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where an answer says whether the operation succeeded, and why not."""

    success: WirePath
    message: WirePath | None = None
    code: WirePath | None = None
    description: WirePath | None = None
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePattern:
    """A documented message whose text carries values.

    Attributes:
        literals: The fixed texts, one more than there are values; the first and last may be empty.
        names: What stands between them.
        separators: Names whose value is a list, with the text between its items.
    """

    literals: tuple[str, ...]
    names: tuple[str, ...]
    separators: Mapping[str, str]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """A value that an error carries, extracted from its message."""

    name: str
    is_list: bool
    doc: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCase:
    """A failure that the documentation names.

    Attributes:
        code: Code that the service answers with; a case under a code has its parent's.
        messages: Texts by which a case is told from others with its code.
        cases: Failures with the same code, told apart by their messages.
    """

    name: str
    code: str
    doc: str
    data: tuple[Datum, ...] = ()
    messages: tuple[MessagePattern, ...] = ()
    cases: tuple[ErrorCase, ...] = ()
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


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
    """A member of a structure with its value; `span` is the place of its name."""

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
        return next(
            (member.value for member in self.members if member.name == name), None
        )


Value: TypeAlias = NilValue | AtomValue | ListValue | StructureValue


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
class Example:
    """Documents that belong together."""

    title: str
    request: Document | None = None
    response: Document | None = None
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """A warning that the spec accepts, with the reason."""

    rule: str
    reason: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One documented operation.

    Attributes:
        name: Wire name.
        heading: The documentation's own heading where it is another.
        path: The spec file, relative to the folder that holds the services.
        request: Every member after the authentication, those of the service first.
        response: Every member of the result, those of the service first.
    """

    name: str
    heading: str
    python_name: str
    summary: str
    doc: str
    path: str
    source: Citation
    protocol: Protocol
    request: Structure
    response: Structure
    examples: tuple[Example, ...]
    allowances: tuple[Allowance, ...] = ()
    span: Span = field(compare=False, repr=False)

    @property
    def stem(self) -> str:
        """What its names in Python are made of."""
        return self.python_name or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that the specs of one folder say."""

    name: str
    title: str
    summary: str
    path: str
    pages: tuple[Page, ...]
    protocol: Protocol
    authentication: Authentication | None
    outcome: Outcome | None
    types: tuple[NamedStructure, ...]
    errors: tuple[ErrorCase, ...]
    operations: tuple[Operation, ...]
    allowances: tuple[Allowance, ...] = ()
    span: Span = field(compare=False, repr=False)

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every documented namespace; an answer may come in any of them."""
        found = {operation.protocol.namespace for operation in self.operations}
        return tuple(sorted(found | {self.protocol.namespace}))

    def type(self, name: str) -> NamedStructure | None:
        """Return the shared structure with this name."""
        return next((shared for shared in self.types if shared.name == name), None)

    def structure_of(self, kind: Type) -> Structure | None:
        """Return the structure that a type stands for; None for any other and for an unknown one."""
        match kind:
            case InlineType(structure=structure):
                return structure
            case SharedType(name=name):
                shared = self.type(name)
                return None if shared is None else shared.structure
            case _:
                return None
