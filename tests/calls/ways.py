"""Every way to call Rev.io: both clients with each transport, all used alike."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    contextmanager,
    nullcontext,
)
from dataclasses import dataclass
from typing import Protocol, TypedDict, TypeVar, Unpack

from revio import (
    AiohttpTransport,
    AsyncClient,
    AsyncHttpTransport,
    AsyncHttpxTransport,
    AsyncTransport,
    Client,
    Credentials,
    Envelope,
    HttpExchange,
    HttpRequest,
    HttpResponse,
    HttpTransport,
    HttpxTransport,
    RequestsTransport,
    RetryPolicy,
    Session,
    SmsOptOutCreateRequest,
    SmsOptOutCreateResponse,
    SmsOptOutDeleteResponse,
    SmsSendRequest,
    SmsSendResponse,
    Timeouts,
    Transport,
)
from revio.client import ENDPOINT
from revio.testing import FakeService

RequestT = TypeVar("RequestT")
ResponseT = TypeVar("ResponseT")

Auth = Credentials | Session

CREDENTIALS = Credentials("user", "secret-password", "client")
NUMBER = "8504700000"
TEXT = "Hällo & <world>"
SEND = SmsSendRequest(to_number=NUMBER, message=TEXT)
CREATE = SmsOptOutCreateRequest(tns=(NUMBER,))

# Attempts follow each other without a pause.
QUICK = RetryPolicy(attempts=3, backoff=0.0)
ONCE = RetryPolicy(attempts=1)


class Options(TypedDict, total=False):
    """Options of both clients."""

    endpoint: str
    allow_plain_http: bool
    timeout: Timeouts | float
    retry: RetryPolicy
    keep_session: bool
    hooks: Iterable[Callable[[HttpExchange], object]]
    envelope: Envelope
    response_limit: int


class Tap:
    """Stands between a client and its transport, and sees what passes.

    Attributes:
        seen: Requests and responses in their order.
    """

    def __init__(
        self, alter: Callable[[HttpRequest], HttpRequest] | None = None
    ) -> None:
        self.seen: list[HttpRequest | HttpResponse] = []
        self._alter = alter

    def request(self, request: HttpRequest) -> HttpRequest:
        """Look at a request, and return what is sent instead."""
        self.seen.append(request)
        return request if self._alter is None else self._alter(request)

    def response(self, response: HttpResponse) -> HttpResponse:
        """Look at a response."""
        self.seen.append(response)
        return response


@dataclass(frozen=True)
class Tapped:
    """A transport with a tap."""

    transport: Transport
    tap: Tap

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send what the tap makes of the request."""
        return self.tap.response(self.transport.send(self.tap.request(request)))


@dataclass(frozen=True)
class AsyncTapped:
    """A transport for tasks with a tap."""

    transport: AsyncTransport
    tap: Tap

    async def send(self, request: HttpRequest, /) -> HttpResponse:
        """Send what the tap makes of the request."""
        return self.tap.response(await self.transport.send(self.tap.request(request)))


class Caller(Protocol):
    """A client, whichever it is.

    Attributes:
        endpoint: Where its requests go.
    """

    endpoint: str

    @property
    def shown(self) -> str:
        """What people may see of the client and its transport."""
        ...

    def send(self, number: str = NUMBER, message: str = TEXT) -> SmsSendResponse:
        """Send a message, which must not be done twice."""
        ...

    def create(self, *tns: str) -> SmsOptOutCreateResponse:
        """Put numbers into the list, which may be done twice."""
        ...

    def delete(self, *tns: str) -> SmsOptOutDeleteResponse:
        """Take numbers out of the list, which may be done twice."""
        ...

    def send_all(self, numbers: Sequence[str]) -> list[SmsSendResponse]:
        """Send all at once, each from a thread or a task of its own."""
        ...


@dataclass
class Waiting:
    """The client of threads."""

    client: Client
    transport: Transport | None
    endpoint: str

    @property
    def shown(self) -> str:
        """What people may see of the client and its transport."""
        return f"{self.client!r} {self.client} {self.transport!r} {self.transport}"

    def send(self, number: str = NUMBER, message: str = TEXT) -> SmsSendResponse:
        """Send a message."""
        return self.client.sms_send(to_number=number, message=message)

    def create(self, *tns: str) -> SmsOptOutCreateResponse:
        """Put numbers into the list."""
        return self.client.sms_opt_out_create(tns=tns)

    def delete(self, *tns: str) -> SmsOptOutDeleteResponse:
        """Take numbers out of the list."""
        return self.client.sms_opt_out_delete(tns=tns)

    def send_all(self, numbers: Sequence[str]) -> list[SmsSendResponse]:
        """Send all at once, as many in a hundred threads as there are turns."""
        with ThreadPoolExecutor(100) as threads:
            return list(threads.map(self.send, numbers))


@dataclass
class Looping:
    """The client of tasks, in a loop that runs while there is something to do."""

    client: AsyncClient
    transport: AsyncTransport | None
    endpoint: str
    loop: asyncio.AbstractEventLoop

    @property
    def shown(self) -> str:
        """What people may see of the client and its transport."""
        return f"{self.client!r} {self.client} {self.transport!r} {self.transport}"

    def send(self, number: str = NUMBER, message: str = TEXT) -> SmsSendResponse:
        """Send a message."""
        work = self.client.sms_send(to_number=number, message=message)
        return self.loop.run_until_complete(work)

    def create(self, *tns: str) -> SmsOptOutCreateResponse:
        """Put numbers into the list."""
        return self.loop.run_until_complete(self.client.sms_opt_out_create(tns=tns))

    def delete(self, *tns: str) -> SmsOptOutDeleteResponse:
        """Take numbers out of the list."""
        return self.loop.run_until_complete(self.client.sms_opt_out_delete(tns=tns))

    def send_all(self, numbers: Sequence[str]) -> list[SmsSendResponse]:
        """Send all at once, each in a task."""

        async def gathered() -> list[SmsSendResponse]:
            calls = [
                self.client.sms_send(to_number=number, message=TEXT)
                for number in numbers
            ]
            return await asyncio.gather(*calls)

        return self.loop.run_until_complete(gathered())


@contextmanager
def running() -> Iterator[asyncio.AbstractEventLoop]:
    """Make an event loop, which is closed with all that it started."""
    loop = asyncio.new_event_loop()
    try:
        yield loop
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.run_until_complete(loop.shutdown_default_executor())
    finally:
        loop.close()


class Way:
    """One way to call.

    Attributes:
        name: Client and transport in one word.
        is_local: Whether it needs no socket, but a fake.
        at_once: How many calls are made at the same time.
    """

    def __init__(
        self, name: str, *, is_local: bool = False, at_once: int = 1000
    ) -> None:
        self.name = name
        self.is_local = is_local
        self.at_once = at_once

    def __str__(self) -> str:
        return self.name

    def connect(
        self,
        auth: Auth = CREDENTIALS,
        *,
        fake: FakeService | None = None,
        tap: Tap | None = None,
        **options: Unpack[Options],
    ) -> AbstractContextManager[Caller]:
        """Make a client, which is closed with the block."""
        raise NotImplementedError

    @contextmanager
    def open(
        self,
        fake: FakeService,
        auth: Auth = CREDENTIALS,
        *,
        tap: Tap | None = None,
        **options: Unpack[Options],
    ) -> Iterator[Caller]:
        """Make a client that leads to a fake, which serves as long as the block runs."""
        if self.is_local:
            with self.connect(auth, fake=fake, tap=tap, **options) as caller:
                yield caller
            return
        with fake.serve() as endpoint:
            options["endpoint"] = endpoint
            with self.connect(auth, tap=tap, **options) as caller:
                yield caller


class ThreadsWay(Way):
    """A way for threads."""

    def __init__(
        self,
        name: str,
        make: Callable[[], AbstractContextManager[Transport]] | None = None,
        *,
        is_local: bool = False,
    ) -> None:
        super().__init__(name, is_local=is_local)
        self._make = make

    @contextmanager
    def connect(
        self,
        auth: Auth = CREDENTIALS,
        *,
        fake: FakeService | None = None,
        tap: Tap | None = None,
        **options: Unpack[Options],
    ) -> Iterator[Caller]:
        """Make a client, which is closed with the block."""
        endpoint = options.get("endpoint", ENDPOINT)
        with self._transport(fake, tap) as found:
            transport = Tapped(found, tap) if found and tap else found
            with Client(auth, transport=transport, **options) as client:
                yield Waiting(client, found, endpoint)

    def _transport(
        self, fake: FakeService | None, tap: Tap | None
    ) -> AbstractContextManager[Transport | None]:
        if fake is not None:
            return nullcontext(fake.transport)
        if self._make is not None:
            return self._make()
        return HttpTransport() if tap else nullcontext()


class TasksWay(Way):
    """A way for tasks."""

    def __init__(
        self,
        name: str,
        make: Callable[[], AbstractAsyncContextManager[AsyncTransport]] | None = None,
        *,
        is_local: bool = False,
        at_once: int = 1000,
    ) -> None:
        super().__init__(name, is_local=is_local, at_once=at_once)
        self._make = make

    @contextmanager
    def connect(
        self,
        auth: Auth = CREDENTIALS,
        *,
        fake: FakeService | None = None,
        tap: Tap | None = None,
        **options: Unpack[Options],
    ) -> Iterator[Caller]:
        """Make a client, which is closed with the block."""
        endpoint = options.get("endpoint", ENDPOINT)
        with running() as loop:
            stack = AsyncExitStack()
            entered = stack.enter_async_context(self._transport(fake, tap))
            found = loop.run_until_complete(entered)
            transport = AsyncTapped(found, tap) if found and tap else found
            client = AsyncClient(auth, transport=transport, **options)
            loop.run_until_complete(stack.enter_async_context(client))
            try:
                yield Looping(client, found, endpoint, loop)
            finally:
                loop.run_until_complete(stack.aclose())

    def _transport(
        self, fake: FakeService | None, tap: Tap | None
    ) -> AbstractAsyncContextManager[AsyncTransport | None]:
        if fake is not None:
            return nullcontext(fake.async_transport)
        if self._make is not None:
            return self._make()
        return AsyncHttpTransport() if tap else nullcontext()


OWN_WAYS = (ThreadsWay("threads"), TasksWay("tasks"))
HTTP_WAYS = (
    *OWN_WAYS,
    ThreadsWay("threads-httpx", HttpxTransport),
    ThreadsWay("threads-requests", RequestsTransport),
    # The time that the pool of httpx takes grows with the square of those who wait for it.
    TasksWay("tasks-httpx", AsyncHttpxTransport, at_once=300),
    TasksWay("tasks-aiohttp", AiohttpTransport),
)
ALL_WAYS = (
    *HTTP_WAYS,
    ThreadsWay("threads-fake", is_local=True),
    TasksWay("tasks-fake", is_local=True),
)
