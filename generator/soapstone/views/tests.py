"""The tests that come with a package."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.model import Atom
from soapstone.naming import Code, Identifier
from soapstone.views.code import Docstring, ImportView


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """A value as an expression: a literal, a call of a generated class, or a tuple.

    Attributes:
        name: A constant in place of a literal.
        member: The member of an enumeration, which is the class then.
        times: How often the literal, one character, is repeated; 0 for a plain literal.
        is_malformed: Whether the document must be refused instead.
        is_impossible: Whether there is no such document.
    """

    atom: Atom | None = None
    name: Identifier | None = None
    member: Identifier | None = None
    times: int = 0
    class_name: Identifier | None = None
    arguments: tuple[tuple[Identifier, ValueView], ...] = ()
    items: tuple[ValueView, ...] = ()
    is_tuple: bool = False
    is_malformed: bool = False
    is_impossible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequestView:
    """A valid request, and the document that it is written as."""

    name: Identifier
    value: ValueView
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A valid request with changes, and the places and rules that are then reported."""

    request: Identifier
    changes: tuple[tuple[str, ValueView], ...]
    broken: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedRequestView:
    """A documented request: values, what opens it, its document and our own bytes.

    Attributes:
        function: What its test's name ends with.
    """

    function: Identifier
    value: ValueView
    authentication: ValueView | None
    envelope: Identifier
    file: str
    is_comparable: bool
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedAnswerView:
    """A documented answer: its document, its values, and the exception for a failure.

    Attributes:
        function: What its test's name ends with.
    """

    function: Identifier
    file: str
    value: ValueView
    repaired: tuple[str, ...]
    error: Identifier | None
    data: tuple[tuple[Identifier, tuple[str, ...] | str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatesView:
    """What is read for one member when it is absent, empty, nil or blank.

    Attributes:
        wire_path: Wire names; an attribute after `@`, the text of an element as `text()`.
    """

    wire_path: str
    attribute: str
    is_secret: bool
    absent: ValueView
    empty: ValueView
    nil: ValueView
    blank: ValueView


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationTestsView:
    """The tests of one operation.

    Attributes:
        success_path: Where the sample answer says that the operation succeeded.
        success_text: How its document shows that.
        failure_text: How the document of a failure shows the opposite.
    """

    name: str
    path: Code
    module: Identifier
    doc: Docstring
    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    authentication: ValueView | None
    requests: tuple[NamedRequestView, ...]
    cases: tuple[CaseView, ...]
    documented_requests: tuple[DocumentedRequestView, ...]
    documented_answers: tuple[DocumentedAnswerView, ...]
    request_class: Identifier
    answer_file: str
    wire_response: str
    wire_result: str
    answer: ValueView
    ordered: tuple[str, ...]
    states: tuple[StatesView, ...]
    success_path: str
    success_text: bytes
    failure_text: bytes
    has_outcome: bool

    @property
    def secrets(self) -> tuple[str, ...]:
        """The paths of secret members in the sample answer."""
        return tuple(row.wire_path for row in self.states if row.is_secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCaseView:
    """An answer with a code and a message, and the exception that it becomes."""

    code: str
    message: str
    error: Identifier
    data: tuple[tuple[Identifier, tuple[str, ...] | str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTestsView:
    """The tests of the catalogue of failures."""

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    response_class: Identifier
    response: ValueView
    code_path: str
    message_path: str
    cases: tuple[MessageCaseView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningView:
    """A valid value that opens a request, and what it is written as."""

    name: Identifier
    value: ValueView
    written: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationTestsView:
    """The tests of what opens a request.

    Attributes:
        chosen: All classes, where callers say which of them they take.
    """

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    annotation: Code
    chosen: tuple[Identifier, ...]
    openings: tuple[OpeningView, ...]
    cases: tuple[CaseView, ...]

    @property
    def has_secrets(self) -> bool:
        """Whether any member is secret."""
        return any(opening.secrets for opening in self.openings)
