"""Errors say what is wrong, keep it in attributes, and survive pickling and copying."""

import copy
import pickle

import pytest

from soapstone.runtime.errors import (
    MalformedResponse,
    ServiceError,
    SoapFault,
    TransportError,
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


def _errors() -> list[ServiceError]:
    violation = Violation("a.b", "length", "must have 1 to 3 characters")
    return [
        ServiceError("something", 3),
        ValidationError("Send", [violation]),
        TransportError("no route"),
        MalformedResponse(operation="Send", expected="x", received="y", start="<z"),
        SoapFault(operation="Send", code="c", text="t", actor=None, detail="d"),
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
