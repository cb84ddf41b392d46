"""What a call does, step by step, whoever carries the steps out.

A call is a generator. It yields what is to be done, a request to be sent or a pause to be
made, and is sent the response, or thrown the error of the transport. So the client that waits
and the one that lets others run do the same, and neither can be forgotten in a change.
"""

import random
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from ..envelope import Envelope
from ..errors import (
    MalformedResponse,
    ServiceError,
    TransportError,
    UnexpectedStatus,
)
from ..redaction import secret_values
from ..transports.messages import HttpRequest, HttpResponse, Timeouts
from .content import ACCEPTED, decompressed
from .endpoints import address_of, checked, redirected, shown
from .exchanges import HttpExchange, Observer, legible
from .failures import complete, quote_again
from .operation import (
    AuthT,
    OperationDescription,
    RequestT,
    ResponseT,
    ServiceDescription,
)
from .retries import RetryPolicy, may_repeat, pause_after
from .sessions import Callers
from .statuses import unexpected_status

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pause:
    """A step: wait for some seconds."""

    seconds: float


Step: TypeAlias = HttpRequest | Pause
Steps: TypeAlias = Generator[Step, HttpResponse | None, T]


@dataclass(frozen=True, slots=True)
class Ended(Generic[T]):
    """There are no more steps: what the call gave."""

    value: T


def advance(
    steps: Steps[T], outcome: HttpResponse | TransportError | None
) -> Step | Ended[T]:
    """Tell a call how its last step went, and return the next one.

    Args:
        steps: The call.
        outcome: The response, or why there is none; None before the first step and after a
            pause.
    """
    try:
        if isinstance(outcome, TransportError):
            return steps.throw(outcome)
        return steps.send(outcome)
    except StopIteration as end:
        value: T = end.value
    return Ended(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How calls are made.

    Attributes:
        endpoint: What stands in for the documented endpoint; None for that itself.
        allow_plain_http: Whether requests may go to another machine legibly.
        envelope: What stands around requests; None for what the documentation shows.
        limit: The largest answer that is read, in bytes.
    """

    service: ServiceDescription
    endpoint: str | None
    allow_plain_http: bool
    timeouts: Timeouts
    retry: RetryPolicy
    envelope: Envelope | None
    observer: Observer
    limit: int

    def __post_init__(self) -> None:
        if self.endpoint is not None:
            checked(self.endpoint, allow_plain_http=self.allow_plain_http)
        if self.limit < 1:
            raise ValueError(f"an answer must have room, not {self.limit} bytes")


def perform(
    operation: OperationDescription[RequestT, AuthT, ResponseT],
    request: RequestT,
    settings: Settings,
    callers: Callers[AuthT],
) -> Steps[ResponseT]:
    """Call an operation.

    Returns:
        What its answer says.

    Raises:
        ServiceError: The call failed; the error says where and at which attempt.
        ValueError: The documented endpoint is one to which nothing may be sent.
    """
    return (yield from _Call(operation, request, settings, callers).steps())


class _Call(Generic[RequestT, AuthT, ResponseT]):
    """One call, over all its attempts."""

    def __init__(
        self,
        operation: OperationDescription[RequestT, AuthT, ResponseT],
        request: RequestT,
        settings: Settings,
        callers: Callers[AuthT],
    ) -> None:
        self._operation = operation
        self._request = request
        self._settings = settings
        self._callers = callers
        self._auth = callers.current()
        self._url = checked(
            address_of(
                operation.endpoint, settings.service.endpoint, settings.endpoint
            ),
            allow_plain_http=settings.allow_plain_http,
        )
        self._attempt = 0
        limit = settings.retry.deadline
        self._deadline = None if limit is None else time.monotonic() + limit

    def steps(self) -> Steps[ResponseT]:
        """Sign in with a session if there is one, otherwise with what the client was given."""
        try:
            response = yield from self._attempts()
        except self._settings.service.refusals:
            if not self._callers.refused(self._auth):
                raise
            self._settings.observer.refused(self._operation.name)
            self._auth = self._callers.given
            response = yield from self._attempts()
        self._callers.opened(self._operation.session(response))
        return response

    def _attempts(self) -> Steps[ResponseT]:
        """Try, and try again where that can do no harm."""
        body = self._document()
        while True:
            self._attempt += 1
            try:
                return (yield from self._answer(body))
            except ServiceError as error:
                self._complete(error)
                pause = self._pause(error)
                if pause is None:
                    raise
                self._settings.observer.repeating(error, pause, self._attempt + 1)
            yield Pause(pause)

    def _document(self) -> bytes:
        envelope = self._settings.envelope
        try:
            return self._operation.build(self._request, self._auth, envelope=envelope)
        except ServiceError as error:
            self._complete(error)
            raise

    def _values(self) -> frozenset[str]:
        """Texts of the request that are secret; found when they are needed, which is rare."""
        return secret_values(self._auth, self._request)

    def _complete(self, error: ServiceError) -> None:
        complete(
            error,
            operation=self._operation.name,
            endpoint=shown(self._url),
            attempt=self._attempt,
            values=self._values(),
        )

    def _pause(self, error: ServiceError) -> float | None:
        """How long to wait before the next attempt; None when there is none."""
        policy, operation = self._settings.retry, self._operation
        if not isinstance(error, TransportError) or self._attempt >= policy.attempts:
            return None
        if not may_repeat(error, is_idempotent=operation.is_idempotent):
            return None
        asked = error.retry_after if isinstance(error, UnexpectedStatus) else None
        chance = random.random()  # noqa: S311 -- nothing to guess
        pause = pause_after(policy, self._attempt, asked, chance)
        if self._deadline is not None and time.monotonic() + pause >= self._deadline:
            return None
        return pause

    # One attempt

    def _answer(self, body: bytes) -> Steps[ResponseT]:
        """Send a request, and once more where the service says that it is nearby."""
        response = yield from self._exchange(self._url, body)
        location = response.header("location")
        if response.status in _MOVED and location is not None:
            url = redirected(self._url, location)
            if url is not None:
                response = yield from self._exchange(url, body)
        return self._read(response)

    def _exchange(self, url: str, body: bytes) -> Steps[HttpResponse]:
        """Send one request, and tell of it."""
        request = self._http_request(url, body)
        start = time.monotonic()
        try:
            response = yield request
        except TransportError as error:
            self._complete(error)
            self._tell(request, error, time.monotonic() - start)
            raise
        if response is None:
            raise TypeError("a transport must return an HttpResponse")
        self._tell(request, response, time.monotonic() - start)
        return response

    def _http_request(self, url: str, body: bytes) -> HttpRequest:
        settings, operation = self._settings, self._operation
        return HttpRequest(
            url=url,
            headers=(
                *_content_headers(
                    settings.envelope or operation.envelope, operation.soap_action
                ),
                ("Accept", "text/xml, application/soap+xml"),
                ("Accept-Encoding", ACCEPTED),
                ("User-Agent", "Soapstone"),
            ),
            body=body,
            timeouts=settings.timeouts,
            deadline=self._deadline,
            limit=settings.limit,
            is_idempotent=operation.is_idempotent,
        )

    def _tell(
        self,
        request: HttpRequest,
        outcome: HttpResponse | TransportError,
        duration: float,
    ) -> None:
        observer = self._settings.observer
        if not observer.wants_exchanges:
            return
        response = outcome if isinstance(outcome, HttpResponse) else None
        secrets, values = self._operation.secrets, self._values()
        observer.exchanged(
            HttpExchange(
                operation=self._operation.name,
                endpoint=shown(request.url),
                attempt=self._attempt,
                request=legible(request.body, secrets, values),
                request_size=len(request.body),
                status=None if response is None else response.status,
                response=None if response is None else self._legible(response, values),
                response_size=0 if response is None else len(response.body),
                duration=duration,
                error=str(outcome) if response is None else None,
            )
        )

    def _legible(self, response: HttpResponse, values: frozenset[str]) -> str:
        try:
            body = self._body(response)
        except TransportError as error:
            return f"({error})"
        return legible(body, self._operation.secrets, values)

    def _body(self, response: HttpResponse) -> bytes:
        encodings = response.header("content-encoding")
        return decompressed(response.body, encodings, self._settings.limit)

    def _read(self, response: HttpResponse) -> ResponseT:
        """What a response says; an error if it is no answer, or says so itself."""
        if response.status // 100 == _SUCCESSFUL:
            return self._parsed(self._body(response))
        body, received = b"", ""
        try:
            body = self._body(response)
            if body.strip():
                self._operation.parse(body)  # raises what the answer says, if it is one
                received = "an answer that says that all went well"
        except TransportError as error:
            received = f"a body that cannot be read: {error}"
        except MalformedResponse:
            pass  # which is what the status says already
        raise unexpected_status(
            response,
            body,
            secrets=self._operation.secrets,
            values=self._values(),
            received=received,
        )

    def _parsed(self, body: bytes) -> ResponseT:
        try:
            return self._operation.parse(body)
        except MalformedResponse as error:
            quote_again(error, body, self._operation.secrets, self._values())
            raise


_SUCCESSFUL = 2

# Redirects that ask for the same request once more; all others ask for another one.
_MOVED = frozenset({307, 308})


def _content_headers(
    envelope: Envelope, soap_action: str
) -> tuple[tuple[str, str], ...]:
    if envelope is Envelope.SOAP12:
        kind = f'application/soap+xml; charset=utf-8; action="{soap_action}"'
        return (("Content-Type", kind),)
    return (
        ("Content-Type", "text/xml; charset=utf-8"),
        ("SOAPAction", f'"{soap_action}"'),
    )
