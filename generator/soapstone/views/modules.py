"""The modules of a package."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.model import AuthenticationPlace
from soapstone.naming import Code, Identifier
from soapstone.views.checks import ValidatorView
from soapstone.views.classes import AttributeView, ClassView, EnumerationView
from soapstone.views.code import ConstantView, Docstring, ImportView
from soapstone.views.wire import (
    ReaderView,
    ReadView,
    StateView,
    StructureListView,
    WriterView,
    WriteView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeView:
    """One of the structures that open a request, with the functions around it."""

    class_name: Identifier
    validator: Identifier
    writer: Identifier
    opening: str
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationView:
    """The parameter that opens every request.

    Attributes:
        is_chosen: Whether some operations take only some of the alternatives.
    """

    annotation: Code
    is_chosen: bool
    but_last: tuple[AlternativeView, ...]
    last: AlternativeView

    @property
    def classes(self) -> tuple[Identifier, ...]:
        """The classes of all alternatives."""
        return tuple(each.class_name for each in (*self.but_last, self.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesView:
    """`types.py`: what operations share.

    Attributes:
        is_recursive: Whether some class holds itself, perhaps inside another.
    """

    doc: Docstring
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    namespaces: tuple[str, ...]
    secrets: tuple[str, ...]
    patterns: tuple[ConstantView, ...]
    is_recursive: bool
    enumerations: tuple[EnumerationView, ...]
    classes: tuple[ClassView, ...]
    authentication: AuthenticationView | None
    validators: tuple[ValidatorView, ...]
    writers: tuple[WriterView, ...]
    readers: tuple[ReaderView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationAuthenticationView:
    """The authentication as one operation takes it.

    Attributes:
        classes: Those it takes, where it does not take all; empty where it does.
    """

    annotation: Code
    classes: tuple[Identifier, ...]
    place: AuthenticationPlace

    @property
    def expected(self) -> Code:
        """What tells the classes that it takes from others."""
        listed = Code(", ").join(self.classes)
        return listed if len(self.classes) == 1 else Code(f"({listed})")

    @property
    def is_first(self) -> bool:
        """Whether it stands before the members of the request."""
        return self.place is AuthenticationPlace.FIRST

    @property
    def is_last(self) -> bool:
        """Whether it stands after the members of the request."""
        return self.place is AuthenticationPlace.LAST

    @property
    def is_in_header(self) -> bool:
        """Whether it stands in the header of the envelope."""
        return self.place is AuthenticationPlace.HEADER


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionView:
    """The session that an answer opens.

    Attributes:
        is_missing: Expression on `response` that holds when it opens none.
        arguments: Members of the class with expressions on `response`.
    """

    class_name: Identifier
    is_missing: Code
    arguments: tuple[tuple[Identifier, Code], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallView:
    """What a client has to know to call an operation.

    Attributes:
        annotation: The type of what opens requests of the service, of which the operation may
            take a part, or nothing.
        is_adapted: Whether it takes a part only, or nothing.
    """

    annotation: Code
    is_idempotent: bool
    is_adapted: bool
    session: SessionView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """The module of one operation.

    Attributes:
        writes: The document, from its first tag to its last.
    """

    name: str
    path: Code
    module: Identifier
    doc: Docstring
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    public: tuple[Identifier, ...]
    endpoint: str
    soap_action: str
    envelope: Identifier
    wire_response: str
    wire_result: str
    bare_ampersands: tuple[str, ...]
    has_nil_attribute: bool
    patterns: tuple[ConstantView, ...]
    enumerations: tuple[EnumerationView, ...]
    classes: tuple[ClassView, ...]
    request_class: Identifier
    response_class: Identifier
    authentication: OperationAuthenticationView | None
    build_doc: Docstring
    parse_doc: Docstring
    request: ValidatorView
    writes: tuple[WriteView, ...]
    validators: tuple[ValidatorView, ...]
    writers: tuple[WriterView, ...]
    lists: tuple[StructureListView, ...]
    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]
    readers: tuple[ReaderView, ...]
    call: CallView
    success: Code | None
    required_on_success: tuple[str, ...]
    required_or_nil_on_success: tuple[str, ...]

    @property
    def defined(self) -> tuple[Identifier, ...]:
        """The classes that the module defines."""
        enumerations = (each.name for each in self.enumerations)
        return (*enumerations, *(each.name for each in self.classes))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A test of a message, and the values that it carries."""

    literals: tuple[str, ...]
    values: tuple[MessageValueView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageValueView:
    """One extracted value: the text itself, a tuple of it alone, or the tuple it splits into."""

    name: Identifier
    position: int
    is_list: bool
    separator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """An exception for a documented failure."""

    name: Identifier
    base: Identifier
    doc: Docstring
    code: str
    data: tuple[AttributeView, ...]
    messages: tuple[MessageView, ...]
    cases: tuple[ErrorView, ...]

    @property
    def looks_like_test(self) -> bool:
        """Whether pytest would collect it."""
        return self.name.startswith("Test")

    @property
    def with_messages(self) -> tuple[ErrorView, ...]:
        """This failure and its cases, as far as a message tells them apart."""
        found = (self, *(each for case in self.cases for each in case.with_messages))
        return tuple(each for each in found if each.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolView:
    """Members that several classes have in common."""

    name: Identifier
    doc: Docstring
    members: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """Where an answer tells how it went, as expressions on `response`."""

    protocols: tuple[ProtocolView, ...]
    imports: tuple[ImportView, ...]
    message: Code
    code: Code
    description: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsView:
    """`errors.py`: the tree of exceptions."""

    base: Identifier
    doc: Docstring
    public: tuple[Identifier, ...]
    errors: tuple[ErrorView, ...]
    outcome: OutcomeView | None

    @property
    def has_messages(self) -> bool:
        """Whether any failure is known by its message."""
        return any(error.with_messages for error in self.errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A public name of the package with the module that defines it."""

    name: Identifier
    module: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """`__init__.py`: the public names, resolved when they are first used."""

    name: Identifier
    doc: Docstring
    imports: tuple[ImportView, ...]
    exports: tuple[ExportView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodView:
    """The method of a client that calls one operation.

    Attributes:
        parameters: The members of the request.
    """

    name: Identifier
    request_class: Identifier
    response_class: Identifier
    doc: Docstring
    parameters: tuple[AttributeView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientView:
    """`client.py`: a client that waits and one that lets others run.

    Attributes:
        annotation: The type of what opens requests; None where nothing does.
        refusals: Exceptions that say that the service refused who calls.
        typing_imports: Imports for annotations alone.
    """

    doc: Docstring
    endpoint: str
    annotation: Code | None
    refusals: tuple[Identifier, ...]
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    typing_imports: tuple[ImportView, ...]
    methods: tuple[MethodView, ...]
