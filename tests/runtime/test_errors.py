"""Errors say what is wrong, keep it in attributes, and survive pickling and copying."""

import copy
import pickle

import pytest

from soapstone.runtime.errors import (
    ConnectionFailed,
    MalformedResponse,
    ResponseTooLarge,
    ServiceError,
    SoapFault,
    TimedOut,
    TlsFailed,
    TransportError,
    UnexpectedStatus,
    ValidationError,
    Violation,
)


class RefusedError(ServiceError):
    """An error as the generated code may define it: keyword-only, with its own message."""

    def __init__(self, *, code: str, numbers: tuple[str, ...]) -> None:
        self.code = code
        self.numbers = numbers
        super().__init__(f"refused with {code}")


class RefusedAgainError(RefusedError):
    """A subclass with a constructor of another signature."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(code="E1", numbers=("1", "2"))


TRANSPORT_ERRORS = (ConnectionFailed, TlsFailed, TimedOut, ResponseTooLarge)


def _status(retry_after: float | None = None) -> UnexpectedStatus:
    return UnexpectedStatus(
        "busy", status=503, reason="Busy", start="<a>", retry_after=retry_after
    )


def _of_a_call(error: ServiceError, attempt: int = 2) -> ServiceError:
    """An error as a client completes it."""
    error.operation, error.endpoint, error.attempt = "Send", "https://a/b", attempt
    return error


def _errors() -> list[ServiceError]:
    violation = Violation("a.b", "length", "must have 1 to 3 characters")
    return [
        ServiceError("something", 3),
        ValidationError("Send", [violation]),
        TransportError("no route"),
        MalformedResponse(operation="Send", expected="x", received="y", start="<z"),
        SoapFault(operation="Send", code="c", text="t", actor=None, detail="d"),
        SoapFault(
            operation="Send",
            code="c",
            text="t",
            actor=None,
            detail=None,
            line=3,
            column=14,
        ),
        *(kind("no", was_sent=False) for kind in TRANSPORT_ERRORS),
        _status(7.5),
        _of_a_call(TimedOut("late")),
        RefusedError(code="E1", numbers=("1",)),
        RefusedAgainError(reason="because"),
    ]


@pytest.mark.parametrize("error", _errors(), ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickling(error: ServiceError, protocol: int) -> None:
    """A pickled error is of the same class, with the same message and attributes."""
    again = pickle.loads(pickle.dumps(error, protocol))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.args == error.args
    assert vars(again) == vars(error)


@pytest.mark.parametrize("error", _errors(), ids=lambda error: type(error).__name__)
def test_copying(error: ServiceError) -> None:
    """Copies, shallow and deep, equal the error in class, message and attributes."""
    for again in (copy.copy(error), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert vars(again) == vars(error)
        assert vars(again) is not vars(error)


def test_violation() -> None:
    """A violation is read as path and message, and without path as the message."""
    violation = Violation("tns[1]", "required", "is required")
    assert str(violation) == "tns[1]: is required"
    assert str(Violation("", "type", "must be a str")) == "must be a str"
    assert {violation, Violation("tns[1]", "required", "is required")} == {violation}


def test_validation_error() -> None:
    """The message lists every violation, whatever iterable they came in."""
    found = (Violation(name, "required", "is required") for name in "ab")
    error = ValidationError("Send", found)
    assert error.operation == "Send"
    assert [violation.path for violation in error.violations] == ["a", "b"]
    assert (
        str(error) == "Send: the request is not valid: a: is required; b: is required"
    )


def test_malformed_response() -> None:
    """The message names operation, expectation, what came, and the document's start."""
    error = MalformedResponse(
        operation="Send",
        expected="element SendResult",
        received="an HTML page",
        start="<html>",
    )
    assert str(error) == (
        "Send: expected element SendResult, received an HTML page; "
        "the document starts: '<html>'"
    )
    empty = MalformedResponse(operation="Send", expected="x", received="y", start="")
    assert str(empty) == "Send: expected x, received y"


def test_soap_fault() -> None:
    """The message names operation, code and text."""
    fault = SoapFault(
        operation="Send", code="soap:Server", text="broken", actor=None, detail=None
    )
    assert str(fault) == "Send: the service answered with a fault: soap:Server: broken"
    silent = SoapFault(operation="Send", code="", text="", actor=None, detail=None)
    assert str(silent) == "Send: the service answered with a fault"
    assert (fault.line, fault.column) == (silent.line, silent.column) == (None, None)


@pytest.mark.parametrize("kind", [*TRANSPORT_ERRORS, TransportError])
def test_transport_errors(kind: type[TransportError]) -> None:
    """Whatever a transport raises is one of its errors, which may have sent something."""
    assert issubclass(kind, TransportError)
    assert issubclass(kind, ServiceError)
    error = kind("no route")
    assert error.was_sent
    assert not kind("no route", was_sent=False).was_sent
    assert (error.operation, error.endpoint, error.attempt) == ("", None, 0)
    assert str(error) == "no route"
    assert str(_of_a_call(error)) == "Send: no route (https://a/b, attempt 2)"


def test_unexpected_status() -> None:
    """A status is an error of the transport, and says what there is to know of the answer."""
    error = _status()
    assert isinstance(error, TransportError)
    assert error.was_sent
    assert (error.status, error.reason, error.start) == (503, "Busy", "<a>")
    assert error.retry_after is None
    assert _status(7.5).retry_after == 7.5
    assert str(_of_a_call(error)) == "Send: busy (https://a/b, attempt 2)"


def test_errors_of_a_call() -> None:
    """A call adds where it went and at which attempt it was, and the operation only once."""
    told = [str(_of_a_call(error)) for error in _errors()]
    assert all(sentence.endswith(" (https://a/b, attempt 2)") for sentence in told)
    assert all(sentence.count("Send") <= 1 for sentence in told)
    invalid = _of_a_call(ValidationError("Send", []), attempt=0)
    assert str(invalid).endswith(" (https://a/b, nothing was sent)")
