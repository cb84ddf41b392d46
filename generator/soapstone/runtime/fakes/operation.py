"""One operation of the fake: from a request that was read to the documented answer."""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeVar
from xml.etree.ElementTree import Element

from ..answer import Members
from ..calls.operation import AuthT, OperationDescription, RequestT, ResponseT
from ..errors import MalformedResponse, ServiceError, Violation
from ..source import AnswerShape, Source
from .accounts import Accounts
from .documents import in_form, with_text
from .members import ExactNames, RequestMembers, UnreadableValue
from .replies import Reply, document_reply, fault_reply
from .requests import Message

MemoryT = TypeVar("MemoryT")


@dataclass(frozen=True, slots=True)
class Opened(Generic[AuthT, MemoryT]):
    """A request that was read, as far as it could be.

    Attributes:
        operation: Wire name of the operation; empty when the request does not get to one.
        request: What it asks for; None when it could not be read.
        auth: Who calls; None when nobody does.
        answer: Carries the operation out.
    """

    operation: str
    request: object
    auth: AuthT | None
    answer: Callable[[Accounts[AuthT], MemoryT], Reply]


class AnyFakeOperation(Protocol[AuthT, MemoryT]):
    """A `FakeOperation`, whatever its request and response are."""

    @property
    def name(self) -> str:
        """Wire name of the operation."""
        ...

    @property
    def endpoint(self) -> str:
        """Where its requests go."""
        ...

    @property
    def soap_action(self) -> str:
        """What its requests ask for."""
        ...

    def is_asked(self, message: Message) -> bool:
        """Whether the element in a message is that of the operation."""
        ...

    def open(self, message: Message) -> Opened[AuthT, MemoryT]:
        """Read a message as a request of the operation."""
        ...


def always(reply: Reply) -> Callable[[object, object], Reply]:
    """What answers the same to all."""
    return lambda _accounts, _memory: reply


def no_authentication(_: Members) -> None:
    """Find nobody who calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeOperation(Generic[RequestT, AuthT, ResponseT, MemoryT]):
    """What the fake knows of one operation.

    Attributes:
        operation: The operation, as clients know it.
        wrapper: Local name of the element of its requests.
        request: Local name of the element inside, which holds the members; empty when the
            wrapper does.
        namespace: Namespace of both, and of all members.
        place: Where authentication stands: before or behind the other members, in the header
            of the envelope, or nowhere.
        read_authentication: Finds in a structure who calls.
        read: Reads a request.
        validate: Lists every documented constraint that a request breaks.
        answer: Picks the documented document and updates the memory.
        refused: The answer to whom is not accepted; None for a fault.
        invalid: The documented failure for a request that is not valid; None for a fault.
        message: Local name of the element in it that holds the message; empty when none does.
        has_nil_attribute: Whether a structure has an attribute `nil` of its own.
    """

    operation: OperationDescription[RequestT, AuthT, ResponseT]
    wrapper: str
    request: str
    namespace: str
    place: Literal["first", "last", "header", ""] = ""
    read_authentication: Callable[[Members], AuthT | None] = no_authentication
    read: Callable[[Members], RequestT]
    validate: Callable[[RequestT], list[Violation]]
    answer: Callable[[RequestT, MemoryT], bytes]
    refused: bytes | None = None
    invalid: bytes | None = None
    message: str = ""
    has_nil_attribute: bool = False

    @property
    def name(self) -> str:
        """Wire name of the operation."""
        return self.operation.name

    @property
    def endpoint(self) -> str:
        """Where its requests go."""
        return self.operation.endpoint

    @property
    def soap_action(self) -> str:
        """What its requests ask for."""
        return self.operation.soap_action

    def is_asked(self, message: Message) -> bool:
        """Whether the element in a message is that of the operation."""
        return message.payload is not None and message.payload.tag == self._tag(
            self.wrapper
        )

    def open(self, message: Message) -> Opened[AuthT, MemoryT]:
        """Read a message as a request of the operation."""
        auth: AuthT | None = None
        try:
            auth = self._authentication(message)
            request = self.read(self._members(message))
        except UnreadableValue as error:
            reply = _unreadable(error, message)
            return Opened(self.name, None, auth, always(reply))
        except MalformedResponse as error:
            missing = f"expected {error.expected}, received {error.received}"
            return Opened(
                self.name,
                None,
                auth,
                lambda accounts, _: self._incomplete(missing, auth, message, accounts),
            )
        return Opened(
            self.name,
            request,
            auth,
            lambda accounts, memory: self._answered(
                request, auth, message, accounts, memory
            ),
        )

    # Reading

    def _authentication(self, message: Message) -> AuthT | None:
        if not self.place:
            return None
        members = self._members(message)
        if self.place == "header":
            members = self._inside(message, message.header, "Header")
        try:
            return self.read_authentication(members)
        except MalformedResponse:
            return None  # a part of it is missing

    def _members(self, message: Message) -> Members:
        """The members of the request; none where another element came."""
        element = message.payload if self.is_asked(message) else None
        if element is not None and self.request:
            element = element.find(self._tag(self.request))
        name = self.request or self.wrapper
        return self._inside(
            message, Element(name) if element is None else element, name
        )

    def _inside(self, message: Message, element: Element, name: str) -> Members:
        shape = AnswerShape(
            operation=self.name,
            response=self.wrapper,
            result=self.request or self.wrapper,
            namespaces=frozenset({self.namespace}),
            secrets=self.operation.secrets,
            has_nil_attribute=self.has_nil_attribute,
        )
        source = Source(message.document, shape)
        source.names = ExactNames(self.namespace)
        return RequestMembers(element, source, (None, name), message.positions)

    def _tag(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}" if self.namespace else name

    # Answering

    def _incomplete(
        self,
        missing: str,
        auth: AuthT | None,
        message: Message,
        accounts: Accounts[AuthT],
    ) -> Reply:
        """The reply to a request that lacks something.

        Where the whole element is missing, so is who calls, which is not what is wrong.
        """
        if self.is_asked(message) and not self._is_accepted(auth, accounts):
            return self._refused(message)
        return self._invalid(missing, message)

    def _answered(
        self,
        request: RequestT,
        auth: AuthT | None,
        message: Message,
        accounts: Accounts[AuthT],
        memory: MemoryT,
    ) -> Reply:
        if not self._is_accepted(auth, accounts):
            return self._refused(message)
        violations = self.validate(request)
        if violations:
            # Documented failures come first, but nothing is carried out.
            document = self.answer(request, copy.deepcopy(memory))
            if not self._is_failure(document):
                return self._invalid("; ".join(map(str, violations)), message)
        else:
            document = self.answer(request, memory)
            accounts.opened(self._session(document))
        return self._reply(document, message)

    def _is_accepted(self, auth: AuthT | None, accounts: Accounts[AuthT]) -> bool:
        return not self.place or (auth is not None and accounts.accepts(auth))

    def _is_failure(self, document: bytes) -> bool:
        try:
            self.operation.parse(document)
        except MalformedResponse:
            return False
        except ServiceError:
            return True
        return False

    def _session(self, document: bytes) -> AuthT | None:
        try:
            return self.operation.session(self.operation.parse(document))
        except ServiceError:
            return None

    def _refused(self, message: Message) -> Reply:
        if self.refused is None:
            sentence = "The request does not say who calls, or that is not accepted."
            return fault_reply(sentence, "soap:Client", message.protocol)
        return self._reply(self.refused, message)

    def _invalid(self, violations: str, message: Message) -> Reply:
        if self.invalid is None:
            sentence = f"Server was unable to process request. ---> {violations}"
            return fault_reply(sentence, "soap:Client", message.protocol)
        document = with_text(self.invalid, self.message, violations)
        return self._reply(document, message)

    def _reply(self, document: bytes, message: Message) -> Reply:
        """A documented document, in the form of the request where that is another one."""
        if message.envelope is not self.operation.envelope:
            document = in_form(document, message.envelope)
        return document_reply(document, message.protocol)


def _unreadable(error: UnreadableValue, message: Message) -> Reply:
    line, column = error.position
    sentence = (
        "Server was unable to read request. ---> "
        f"There is an error in XML document ({line}, {column}). ---> {error}"
    )
    return fault_reply(sentence, "soap:Client", message.protocol)
