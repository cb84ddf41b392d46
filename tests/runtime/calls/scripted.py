"""An invented service, both ways to call it, and transports that do what a test says."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from soapstone.runtime import reading, writing
from soapstone.runtime.answer import open_answer
from soapstone.runtime.calls.clients import (
    BaseAsyncClient,
    BaseClient,
    BaseOpenAsyncClient,
    BaseOpenClient,
)
from soapstone.runtime.calls.exchanges import Hook
from soapstone.runtime.calls.operation import OperationDescription, ServiceDescription
from soapstone.runtime.calls.retries import RetryPolicy
from soapstone.runtime.envelope import Envelope, enclose
from soapstone.runtime.errors import (
    ServiceError,
    ValidationError,
    Violation,
)
from soapstone.runtime.redaction import without_secrets
from soapstone.runtime.source import AnswerShape
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts

if TYPE_CHECKING:
    from typing import Unpack

ENDPOINT = "https://stock.example/v1/stock.asmx"
LOGGER = "stock"
SECRETS = frozenset({"Key", "Password", "Pin"})
PASSWORD = "pass<w&rd>'\"\\9"
AT_ONCE = RetryPolicy(backoff=0)


# What would be generated


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who calls."""

    user: str = "stocker"
    password: str = field(default=PASSWORD, repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    """What an answer opened."""

    key: str = field(repr=False)


Auth: TypeAlias = Credentials | Session


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRequest:
    """What to count."""

    item: str = "bolt"
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountResponse:
    """How many there are."""

    number: int | None
    key: str | None = field(repr=False)
    message: str | None


class FailureError(ServiceError):
    """A failure that an answer reports."""

    def __init__(self, operation: str, response: CountResponse) -> None:
        self.response = without_secrets(response, SECRETS)
        super().__init__(f"{operation} failed: {self.response.message}")


class RefusedError(FailureError):
    """The failure that whoever calls is refused."""


SHAPE = AnswerShape(
    operation="Count",
    response="CountResponse",
    result="CountResult",
    namespaces=frozenset(),
    secrets=SECRETS,
)


def build(
    request: CountRequest, auth: Auth, /, *, envelope: Envelope | None = None
) -> bytes:
    if not request.item:
        raise ValidationError("Count", [Violation("item", "required", "is required")])
    xml = f"<Count><Item>{writing.text(request.item)}</Item>"
    if isinstance(auth, Session):
        xml += f"<Key>{writing.text(auth.key)}</Key>"
    else:
        xml += f"<User>{auth.user}</User><Password>{writing.text(auth.password)}</Password>"
    if request.pin is not None:
        xml += f"<Pin>{writing.text(request.pin)}</Pin>"
    return enclose(f"{xml}</Count>", envelope or Envelope.SOAP11)


def parse(document: bytes) -> CountResponse:
    members, _ = open_answer(document, SHAPE)
    response = CountResponse(
        number=members.value("Number", reading.integer),
        key=members.value("Key", reading.text),
        message=members.value("Message", reading.text),
    )
    if response.message == "refused":
        raise RefusedError("Count", response)
    if response.message is not None:
        raise FailureError("Count", response)
    return response


def session(response: CountResponse) -> Session | None:
    return None if response.key is None else Session(response.key)


Operation: TypeAlias = OperationDescription[CountRequest, Auth, CountResponse]

COUNT: Operation = OperationDescription(
    name="Count",
    endpoint=ENDPOINT,
    soap_action="urn:stock/Count",
    envelope=Envelope.SOAP11,
    is_idempotent=True,
    secrets=SECRETS,
    build=build,
    parse=parse,
    session=session,
)
# The same for a request that must not reach the service twice.
TAKE = replace(COUNT, name="Take", is_idempotent=False)

OPEN: OperationDescription[CountRequest, None, CountResponse] = OperationDescription(
    name="Count",
    endpoint=ENDPOINT,
    soap_action="urn:stock/Count",
    envelope=Envelope.SOAP12,
    is_idempotent=True,
    secrets=SECRETS,
    build=lambda request, _auth, /, *, envelope=None: build(
        request, Session("none"), envelope=envelope or Envelope.SOAP12
    ),
    parse=parse,
)

SERVICE = ServiceDescription(endpoint=ENDPOINT, logger=LOGGER, refusals=(RefusedError,))


class Client(BaseClient[Auth]):
    """A client that waits."""

    _service = SERVICE


class AsyncClient(BaseAsyncClient[Auth]):
    """A client that lets tasks run."""

    _service = SERVICE


class OpenClient(BaseOpenClient):
    """A client that waits, of a service that asks nobody who calls."""

    _service = SERVICE


class OpenAsyncClient(BaseOpenAsyncClient):
    """A client that lets tasks run, of such a service."""

    _service = SERVICE


# What comes back


def document(content: str) -> bytes:
    return (
        f"<CountResponse><CountResult>{content}</CountResult></CountResponse>".encode()
    )


def answered(number: int = 5, key: str | None = None) -> HttpResponse:
    opened = "" if key is None else f"<Key>{writing.text(key)}</Key>"
    return HttpResponse(status=200, body=document(f"<Number>{number}</Number>{opened}"))


def failed(message: str, status: int = 200) -> HttpResponse:
    body = document(f"<Message>{writing.text(message)}</Message>")
    return HttpResponse(status=status, body=body)


REFUSED = failed("refused")


def status(
    code: int, body: bytes = b"", reason: str = "", **headers: str
) -> HttpResponse:
    return HttpResponse(
        status=code,
        reason=reason,
        headers=tuple(
            (name.replace("_", "-"), value) for name, value in headers.items()
        ),
        body=body,
    )


# What carries it

Outcome: TypeAlias = HttpResponse | Exception | Callable[[HttpRequest], HttpResponse]


class Script:
    """What happens to requests, one after the other.

    Attributes:
        requests: Those that were sent.
    """

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = list(outcomes)
        self.requests: list[HttpRequest] = []

    def __len__(self) -> int:
        """How much is left, so that a script that is over is false."""
        return len(self._outcomes)

    def happen(self, request: HttpRequest) -> HttpResponse:
        """Return, or raise, what comes next."""
        self.requests.append(request)
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome if isinstance(outcome, HttpResponse) else outcome(request)


class Scripted(Script):
    """A script as a transport."""

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return, or raise, what comes next."""
        return self.happen(request)


class AsyncScripted(Script):
    """A script as a transport for tasks."""

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Return, or raise, what comes next."""
        await asyncio.sleep(0)
        return self.happen(request)


# Who calls


class Options(TypedDict, total=False):
    """Options that clients and `with_options` have in common."""

    endpoint: str | None
    allow_plain_http: bool
    timeout: Timeouts | float
    retry: RetryPolicy
    hooks: Iterable[Hook]
    envelope: Envelope | None
    response_limit: int


class Caller(ABC):
    """A client of either kind."""

    @abstractmethod
    def call(
        self,
        operation: Operation = COUNT,
        request: CountRequest | None = None,
    ) -> CountResponse:
        """Call an operation."""

    @abstractmethod
    def with_options(self, **options: Unpack[Options]) -> Caller:
        """Return a client that differs in some options."""

    @abstractmethod
    def close(self) -> None:
        """Close the client."""

    @abstractmethod
    def call_inside(self) -> CountResponse:
        """Call in the block of a `with` statement."""


class Way(ABC):
    """How to call: with a client that waits, or with one that lets tasks run."""

    def client(
        self,
        *outcomes: Outcome,
        auth: Auth | None = None,
        keep_session: bool = False,
        **options: Unpack[Options],
    ) -> tuple[Caller, Script]:
        """A client, to which something happens."""
        script = self.script(*outcomes)
        options = {"retry": AT_ONCE, **options}
        caller = self.make(
            auth or Credentials(), script, keep_session=keep_session, **options
        )
        return caller, script

    @abstractmethod
    def script(self, *outcomes: Outcome) -> Script:
        """A transport."""

    @abstractmethod
    def make(
        self,
        auth: Auth,
        script: Script | None,
        *,
        keep_session: bool = False,
        **options: Unpack[Options],
    ) -> Caller:
        """A client over a transport, or with connections of its own."""

    @abstractmethod
    def open_call(self, script: Script, **options: Unpack[Options]) -> CountResponse:
        """Call a service that asks nobody who calls."""

    @abstractmethod
    def end(self) -> None:
        """Clean up."""


class _WaitingCaller(Caller):
    def __init__(self, client: Client) -> None:
        self._client = client

    def call(
        self,
        operation: Operation = COUNT,
        request: CountRequest | None = None,
    ) -> CountResponse:
        return self._client.call(operation, request or CountRequest())

    def with_options(self, **options: Unpack[Options]) -> Caller:
        return _WaitingCaller(self._client.with_options(**options))

    def close(self) -> None:
        self._client.close()

    def call_inside(self) -> CountResponse:
        with self._client as entered:
            assert entered is self._client
            return self.call()


class Waiting(Way):
    """With clients that wait."""

    def script(self, *outcomes: Outcome) -> Script:
        """A transport."""
        return Scripted(*outcomes)

    def make(
        self,
        auth: Auth,
        script: Script | None,
        *,
        keep_session: bool = False,
        **options: Unpack[Options],
    ) -> Caller:
        """A client over a transport, or with connections of its own."""
        assert script is None or isinstance(script, Scripted)
        return _WaitingCaller(
            Client(auth, transport=script, keep_session=keep_session, **options)
        )

    def open_call(self, script: Script, **options: Unpack[Options]) -> CountResponse:
        """Call a service that asks nobody who calls."""
        assert isinstance(script, Scripted)
        with OpenClient(transport=script, **options) as client:
            return client.call(OPEN, CountRequest())

    def end(self) -> None:
        """There is nothing to clean up."""


class _TasksCaller(Caller):
    def __init__(self, client: AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client = client
        self._loop = loop

    def call(
        self,
        operation: Operation = COUNT,
        request: CountRequest | None = None,
    ) -> CountResponse:
        called = self._client.call(operation, request or CountRequest())
        return self._loop.run_until_complete(called)

    def with_options(self, **options: Unpack[Options]) -> Caller:
        return _TasksCaller(self._client.with_options(**options), self._loop)

    def close(self) -> None:
        self._loop.run_until_complete(self._client.close())

    def call_inside(self) -> CountResponse:
        async def called() -> CountResponse:
            async with self._client as entered:
                assert entered is self._client
                return await entered.call(COUNT, CountRequest())

        return self._loop.run_until_complete(called())


class Tasks(Way):
    """With clients that let tasks run."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()

    def script(self, *outcomes: Outcome) -> Script:
        """A transport."""
        return AsyncScripted(*outcomes)

    def make(
        self,
        auth: Auth,
        script: Script | None,
        *,
        keep_session: bool = False,
        **options: Unpack[Options],
    ) -> Caller:
        """A client over a transport, or with connections of its own."""
        assert script is None or isinstance(script, AsyncScripted)
        client = AsyncClient(
            auth, transport=script, keep_session=keep_session, **options
        )
        return _TasksCaller(client, self._loop)

    def open_call(self, script: Script, **options: Unpack[Options]) -> CountResponse:
        """Call a service that asks nobody who calls."""
        assert isinstance(script, AsyncScripted)

        async def called() -> CountResponse:
            async with OpenAsyncClient(transport=script, **options) as client:
                return await client.call(OPEN, CountRequest())

        return self._loop.run_until_complete(called())

    def end(self) -> None:
        """Close the loop."""
        self._loop.close()
