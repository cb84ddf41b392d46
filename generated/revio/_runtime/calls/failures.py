"""Errors of a call: where it was made, at which attempt, and without what is secret."""

from ..errors import (
    ConnectionFailed,
    MalformedResponse,
    ServiceError,
    SoapFault,
    TimedOut,
    TransportError,
    ValidationError,
)
from ..faults import DETAIL_LENGTH
from ..redaction import kind_of, mask_values, start_of, without_values


def complete(
    error: ServiceError,
    *,
    operation: str,
    endpoint: str,
    attempt: int,
    values: frozenset[str],
) -> None:
    """Say in an error what only the call knows.

    Args:
        error: The error.
        operation: Wire name of the operation.
        endpoint: Where the request was to go, as it may be shown.
        attempt: Which attempt it was; 0 when nothing was sent.
        values: Texts of the request that are secret, should the service have repeated them.
    """
    # Its sentences hold no value of a request, and its paths may look like one.
    if values and not isinstance(error, ValidationError):
        if isinstance(error, SoapFault) and error.detail:
            is_cut = len(error.detail) == DETAIL_LENGTH
            error.detail = mask_values(error.detail, values, is_cut=is_cut)
        error.args = without_values(error.args, values)
        for name, value in vars(error).items():
            setattr(error, name, without_values(value, values))
    error.operation = operation
    error.endpoint = endpoint
    error.attempt = attempt


def quote_again(
    error: MalformedResponse,
    document: bytes,
    secrets: frozenset[str],
    values: frozenset[str],
) -> None:
    """Let an error quote its document once more, without what is secret.

    What it quoted was cut off somewhere, perhaps inside a secret value, which is not found then.
    """
    kind = kind_of(document, frozenset())
    is_kind = kind is not None and error.received == kind
    other = MalformedResponse(
        operation=error.operation,
        expected=error.expected,
        received=(is_kind and kind_of(document, values)) or error.received,
        start=start_of(document, secrets, values),
    )
    error.args = other.args
    error.received, error.start = other.received, other.start


def as_transport_error(error: TransportError | OSError) -> TransportError:
    """What a transport raised, also one that raises what its sockets do."""
    if isinstance(error, TransportError):
        return error
    if isinstance(error, TimeoutError):
        return TimedOut("the service took too long")
    # Other libraries derive theirs from it, which say nothing but their names.
    reason = error.strerror or type(error).__name__
    return ConnectionFailed(f"the connection failed: {reason}")
