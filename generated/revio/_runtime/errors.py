"""What can go wrong between a request and its answer.

    ServiceError
        ValidationError          the request was not sent: it breaks documented rules
        TransportError           the request got no answer
            ConnectionFailed     there was no connection, or it ended too early
            TlsFailed            the connection could not be made safe
            TimedOut             it took too long
            ResponseTooLarge     the answer is larger than the limit
            UnexpectedStatus     the HTTP status says that this is no answer
        MalformedResponse        the answer is not the documented document
        SoapFault                the service answered with a fault

No message contains a value of the request, and what is quoted from an answer is masked.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One documented rule that a request breaks.

    Attributes:
        path: The field in Python names, for example `profile.from_number` or `tns[1]`.
        rule: Identifier of the kind of rule, for example `length`.
        message: What the field must be. Never contains the value.
    """

    path: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class ServiceError(Exception):
    """Base of every error of this package. Errors can be pickled and copied.

    Attributes:
        operation: Wire name of the operation; empty for an error of a transport that was not
            called by a client.
        endpoint: Where the request was to go, without what may be secret in an address; None
            when no client was involved.
        attempt: Which attempt it was, counted from 1; 0 when nothing was sent.
    """

    operation: str = ""
    endpoint: str | None = None
    attempt: int = 0

    def __str__(self) -> str:
        sentence = super().__str__()
        if self.endpoint is None:
            return sentence
        attempt = f"attempt {self.attempt}" if self.attempt else "nothing was sent"
        return f"{sentence} ({self.endpoint}, {attempt})"

    def __reduce__(self) -> tuple[object, ...]:
        """Rebuild without the constructor, whose arguments a subclass may change freely."""
        return _rebuild, (type(self), self.args), self.__dict__.copy()


def _rebuild(kind: type[ServiceError], args: tuple[object, ...]) -> ServiceError:
    return kind.__new__(kind, *args)


class ValidationError(ServiceError):
    """A request breaks documented rules and was therefore not built.

    Attributes:
        operation: Wire name of the operation.
        violations: Every rule that is broken.
    """

    operation: str
    violations: tuple[Violation, ...]

    def __init__(self, operation: str, violations: Iterable[Violation]) -> None:
        self.operation = operation
        self.violations = tuple(violations)
        listed = "; ".join(map(str, self.violations))
        super().__init__(f"{operation}: the request is not valid: {listed}")


class TransportError(ServiceError):
    """A request got no answer; transports raise this, or one of its subclasses.

    Attributes:
        was_sent: Whether any part of the request may have reached the service.
    """

    was_sent: bool

    def __init__(self, sentence: str, *, was_sent: bool = True) -> None:
        self.was_sent = was_sent
        super().__init__(sentence)

    def __str__(self) -> str:
        sentence = super().__str__()
        return f"{self.operation}: {sentence}" if self.operation else sentence


class ConnectionFailed(TransportError):
    """There was no connection to the service, or it ended before the answer did."""


class TlsFailed(TransportError):
    """The connection could not be made safe, for example because of a certificate."""


class TimedOut(TransportError):
    """The service, or the way to it, took longer than the timeouts or the deadline allow."""


class ResponseTooLarge(TransportError):
    """The answer is larger than the limit; the rest of it was not read."""


class UnexpectedStatus(TransportError):
    """The service, or something on the way to it, answered with an HTTP status and no answer.

    Attributes:
        status: The status code.
        reason: The words beside it; often empty.
        start: Beginning of the body, with its secrets masked.
        retry_after: How long the service asks to wait, in seconds, if it does.
    """

    status: int
    reason: str
    start: str
    retry_after: float | None

    def __init__(
        self,
        sentence: str,
        *,
        status: int,
        reason: str,
        start: str,
        retry_after: float | None = None,
    ) -> None:
        self.status = status
        self.reason = reason
        self.start = start
        self.retry_after = retry_after
        super().__init__(sentence)


class MalformedResponse(ServiceError):
    """An answer is not the document that the operation is documented to give.

    Attributes:
        operation: Wire name of the operation.
        expected: What should have come, in words.
        received: What came instead, in words.
        start: Beginning of the document, with its secrets masked.
    """

    operation: str
    expected: str
    received: str
    start: str

    def __init__(
        self, *, operation: str, expected: str, received: str, start: str
    ) -> None:
        self.operation = operation
        self.expected = expected
        self.received = received
        self.start = start
        sentence = f"{operation}: expected {expected}, received {received}"
        if start:
            sentence += f"; the document starts: {start!r}"
        super().__init__(sentence)


class SoapFault(ServiceError):
    """The service answered with a fault instead of a result.

    Attributes:
        operation: Wire name of the operation.
        code: Code of the fault as sent, with its prefix; empty when there was none.
        text: First explanation for people; empty when there was none.
        actor: Who caused the fault (the role in SOAP 1.2), when it was given.
        detail: Beginning of the XML inside the detail, when there was one.
        line: Line of the request where the service stopped reading, when the text names it.
        column: The place in that line, when the text names it.
    """

    operation: str
    code: str
    text: str
    actor: str | None
    detail: str | None
    line: int | None
    column: int | None

    def __init__(  # noqa: PLR0913 -- one for each member of a fault, by name
        self,
        *,
        operation: str,
        code: str,
        text: str,
        actor: str | None,
        detail: str | None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        self.operation = operation
        self.code = code
        self.text = text
        self.actor = actor
        self.detail = detail
        self.line = line
        self.column = column
        parts = (operation, "the service answered with a fault", code, text)
        super().__init__(": ".join(part for part in parts if part))
