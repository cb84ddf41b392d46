"""What can go wrong between a request and its answer.

    ServiceError
        ValidationError      the request was not sent: it breaks documented rules
        TransportError       the request got no answer
        MalformedResponse    the answer is not the documented document
        SoapFault            the service answered with a fault

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
    """Base of every error of this package. Errors can be pickled and copied."""

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
    """A request got no answer; a transport raises this."""


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
    """

    operation: str
    code: str
    text: str
    actor: str | None
    detail: str | None

    def __init__(
        self,
        *,
        operation: str,
        code: str,
        text: str,
        actor: str | None,
        detail: str | None,
    ) -> None:
        self.operation = operation
        self.code = code
        self.text = text
        self.actor = actor
        self.detail = detail
        parts = (operation, "the service answered with a fault", code, text)
        super().__init__(": ".join(part for part in parts if part))
