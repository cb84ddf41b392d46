"""Errors of a call: where it was made, at which attempt, and without what is secret."""

from ..errors import (
    ConnectionFailed,
    ServiceError,
    TimedOut,
    TransportError,
    ValidationError,
)
from ..redaction import without_values


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
        error.args = without_values(error.args, values)
        for name, value in vars(error).items():
            setattr(error, name, without_values(value, values))
    error.operation = operation
    error.endpoint = endpoint
    error.attempt = attempt


def as_transport_error(error: TransportError | OSError) -> TransportError:
    """What a transport raised, also one that raises what its sockets do."""
    if isinstance(error, TransportError):
        return error
    if isinstance(error, TimeoutError):
        return TimedOut("the service took too long")
    return ConnectionFailed(
        f"the connection failed: {error.strerror or 'unknown reason'}"
    )
