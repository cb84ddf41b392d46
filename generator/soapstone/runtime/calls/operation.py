"""What a client has to know of a service and of its operations."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..envelope import Envelope
from ..errors import ServiceError

RequestT = TypeVar("RequestT")
AuthT = TypeVar("AuthT")
ResponseT = TypeVar("ResponseT")

_RequestT_contra = TypeVar("_RequestT_contra", contravariant=True)
_AuthT_contra = TypeVar("_AuthT_contra", contravariant=True)


class BuildRequest(Protocol[_RequestT_contra, _AuthT_contra]):
    """Makes the document of a request."""

    def __call__(
        self,
        request: _RequestT_contra,
        auth: _AuthT_contra,
        /,
        *,
        envelope: Envelope | None = None,
    ) -> bytes:
        """Return the document; raise `ValidationError` when it must not be sent."""
        ...


def no_session(_: object) -> None:
    """Say that an answer opens no session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationDescription(Generic[RequestT, AuthT, ResponseT]):
    """One documented operation, as a client calls it.

    Attributes:
        name: Wire name.
        endpoint: Where the documentation says that its requests go.
        soap_action: Value of the header `SOAPAction`, without quotes.
        envelope: What the documentation shows around its requests.
        is_idempotent: Whether the same request may reach the service twice without harm.
        secrets: Local names of elements and attributes whose content is never shown.
        build: Makes the document of a request.
        parse: Reads an answer.
        session: Finds in an answer what later requests may be opened with.
    """

    name: str
    endpoint: str
    soap_action: str
    envelope: Envelope
    is_idempotent: bool
    secrets: frozenset[str]
    build: BuildRequest[RequestT, AuthT]
    parse: Callable[[bytes], ResponseT]
    session: Callable[[ResponseT], AuthT | None] = no_session


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDescription:
    """What all operations of a service share.

    Attributes:
        endpoint: Where the documentation says that requests go.
        logger: Name of the logger that tells what clients do.
        refusals: Exceptions that say that the service refused who calls, and did nothing.
    """

    endpoint: str
    logger: str
    refusals: tuple[type[ServiceError], ...] = ()
