"""A service with its operations: protocol, authentication, outcome, failures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from soapstone.diagnostics import Span
from soapstone.model.samples import Example
from soapstone.model.sources import Citation, Page
from soapstone.model.structures import (
    Enumeration,
    InlineType,
    SharedType,
    Structure,
    Type,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedEnumeration:
    """An enumeration that `service.yaml` shares under a name."""

    name: str
    enumeration: Enumeration
    span: Span = field(compare=False, repr=False)


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
        request: Element that holds the members of the request; empty when the wrapper does.
        response: Element around the result.
        result: Element that holds the members of the answer; that of `response` when it does.
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


class AuthenticationPlace(Enum):
    """Where the authentication stands in a request."""

    FIRST = "first"
    LAST = "last"
    HEADER = "header"


@dataclass(frozen=True, slots=True, kw_only=True)
class WirePath:
    """Wire names from the result element to a member."""

    names: tuple[str, ...]
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return "/".join(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSource:
    """The alternative of the authentication that an answer opens.

    Attributes:
        members: Its members, each with where its value stands in the answer.
    """

    alternative: str
    members: tuple[tuple[str, WirePath], ...]
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authentication:
    """Structures of which one stands in every request."""

    alternatives: tuple[NamedStructure, ...]
    place: AuthenticationPlace = AuthenticationPlace.FIRST
    session: SessionSource | None = None
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


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
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """A value that an error carries, extracted from its message."""

    name: str
    is_list: bool
    doc: str
    span: Span = field(compare=False, repr=False)


class Occasion(Enum):
    """On what the service answers with a failure, whatever the operation is."""

    INVALID_REQUEST = "invalid_request"
    REFUSED_AUTHENTICATION = "refused_authentication"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCase:
    """A failure that the documentation names.

    Attributes:
        code: Code that the service answers with; a case under a code has its parent's.
        messages: Texts by which a case is told from others with its code.
        occasion: The general occasion of it; None for one that belongs to single operations.
        cases: Failures with the same code, told apart by their messages.
    """

    name: str
    code: str
    doc: str
    data: tuple[Datum, ...] = ()
    messages: tuple[MessagePattern, ...] = ()
    occasion: Occasion | None = None
    cases: tuple[ErrorCase, ...] = ()
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A set of texts that the service keeps from one request to the next."""

    name: str
    doc: str
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
        authentication: What the operation takes of the service's; None when it takes none.
        outcome: That of the service; None for an operation without what the others share.
        request: Every member after the authentication, those of the service first.
        response: Every member of the result, those of the service first.
        is_idempotent: Whether the service is in the same state after a request that comes twice;
            without it, no request is sent a second time.
    """

    name: str
    heading: str
    python_name: str
    summary: str
    doc: str
    path: str
    source: Citation
    protocol: Protocol
    authentication: Authentication | None
    outcome: Outcome | None
    request: Structure
    response: Structure
    examples: tuple[Example, ...]
    is_idempotent: bool = False
    idempotence_source: Citation | None = None
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
    enumerations: tuple[NamedEnumeration, ...]
    errors: tuple[ErrorCase, ...]
    operations: tuple[Operation, ...]
    memory: tuple[Memory, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    span: Span = field(compare=False, repr=False)

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Every documented namespace; an answer may come in any of them."""
        found = {operation.protocol.namespace for operation in self.operations}
        return tuple(sorted(found | {self.protocol.namespace}))

    def type(self, name: str) -> NamedStructure | None:
        """Return the shared structure with this name."""
        for shared in self.types:
            if shared.name == name:
                return shared
        return None

    def enumeration(self, name: str) -> NamedEnumeration | None:
        """Return the shared enumeration with this name."""
        return next((each for each in self.enumerations if each.name == name), None)

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
