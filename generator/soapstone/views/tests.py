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
        times: How often the literal, one character, or the tuple, of one item, is repeated; 0
            for one that is not.
    """

    atom: Atom | None = None
    name: Identifier | None = None
    member: Identifier | None = None
    times: int = 0
    class_name: Identifier | None = None
    arguments: tuple[tuple[Identifier, ValueView], ...] = ()
    items: tuple[ValueView, ...] = ()
    is_tuple: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequestView:
    """A valid request, and the document that it is written as."""

    name: Identifier
    value: ValueView
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A valid request with changes, and the places and rules that are then reported.

    Attributes:
        lost: Members that are empty then, and that a service takes for absent ones.
    """

    request: Identifier
    changes: tuple[tuple[str, ValueView], ...]
    broken: tuple[tuple[str, str], ...]
    lost: tuple[str, ...]


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
class ScenarioView:
    """A request, what the service remembers before and after, and the document that it gives.

    Attributes:
        message: What the message in the document says instead; empty where it stays.
    """

    request: ValueView
    memory: tuple[tuple[Identifier, tuple[str, ...]], ...]
    file: str
    message: str
    remembered: tuple[tuple[Identifier, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTestsView:
    """The tests of an operation's calls, and of the fake service's answers to them.

    Attributes:
        caller: What clients are given, where the operation itself takes nothing.
        other_caller: What clients may be given that the operation does not take.
        invalid: A request that is not valid either.
        needs_envelope: Whether no request can stand without an envelope.
        session: The session in the sample answer; None where answers open none.
        session_paths: What must be missing, alone or together, for there to be none.
        session_choices: Where those stand of which any one is enough.
        message: Element that holds the message of an answer.
    """

    caller: ValueView | None
    other_caller: ValueView | None
    invalid: CaseView | None
    needs_envelope: bool
    session: ValueView | None
    session_paths: tuple[tuple[str, ...], ...]
    session_choices: tuple[str, ...]
    scenarios: tuple[ScenarioView, ...]
    message: str

    @property
    def has_messages(self) -> bool:
        """Whether any message names items of a request."""
        return any(each.message for each in self.scenarios)

    @property
    def values(self) -> tuple[ValueView, ...]:
        """Every value that is written out."""
        told = (self.caller, self.other_caller, self.session)
        requests = (each.request for each in self.scenarios)
        return (*(each for each in told if each is not None), *requests)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationTestsView:
    """The tests of one operation.

    Attributes:
        nils: A request in which everything is nil that may be.
        request_secrets: Requests with where they hold a secret.
        cases: Those in which nothing is lost.
        lost: Those in which something is.
        calls: What is tested of its calls.
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
    nils: NamedRequestView | None
    request_secrets: tuple[tuple[Identifier, str], ...]
    cases: tuple[CaseView, ...]
    lost: tuple[CaseView, ...]
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
    calls: CallTestsView

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
    """The tests of the catalogue of failures.

    Attributes:
        optional: Where what tells of a failure may be missing.
    """

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    response_class: Identifier
    response: ValueView
    code_path: str
    message_path: str
    optional: tuple[str, ...]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerView:
    """What opens a request, with an operation that takes it."""

    auth: ValueView
    method: Identifier
    request: ValueView


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeTestsView:
    """The tests of the fake service as a whole."""

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    fixture: Identifier
    annotation: Code
    base: Identifier
    callers: tuple[CallerView, ...]
