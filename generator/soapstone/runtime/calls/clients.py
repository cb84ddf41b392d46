"""What the clients of a package are made of: one that waits, and one that lets others run."""

import copy
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from ..envelope import Envelope
from ..errors import TransportError
from ..transports.messages import AsyncTransport, HttpResponse, Timeouts, Transport
from .exchanges import Hook, Observer
from .failures import as_transport_error
from .operation import (
    AuthT,
    OperationDescription,
    RequestT,
    ResponseT,
    ServiceDescription,
)
from .performing import Ended, Pause, Settings, Step, advance, perform
from .retries import RetryPolicy
from .sessions import Callers

if TYPE_CHECKING:
    from ..transports.sockets import HttpTransport
    from ..transports.streams import AsyncHttpTransport

TransportT = TypeVar("TransportT")
_OwnT = TypeVar("_OwnT")
_ClientT = TypeVar("_ClientT", bound="_Configured")

_TIMEOUTS = Timeouts()
_RETRY = RetryPolicy()
_RESPONSE_LIMIT = 64 * 2**20


def _timeouts(timeout: Timeouts | float) -> Timeouts:
    return timeout if isinstance(timeout, Timeouts) else Timeouts(timeout, timeout)


class _Configured:
    """What can be given other options."""

    _settings: Settings

    def with_options(  # noqa: PLR0913, PYI019 -- an option each; `Self` came later
        self: _ClientT,
        *,
        endpoint: str | None = None,
        allow_plain_http: bool | None = None,
        timeout: Timeouts | float | None = None,
        retry: RetryPolicy | None = None,
        hooks: Iterable[Hook] | None = None,
        envelope: Envelope | None = None,
        response_limit: int | None = None,
    ) -> _ClientT:
        """Return a client that differs in some options, for one call or for many.

        It shares all else with this one, the connections and the session among them. The
        options are those of the constructor; None leaves one as it is. Another caller is
        another client, which may be given the same transport.

        Raises:
            ValueError: An option has a value that it cannot have.
        """
        old = self._settings
        other = copy.copy(self)
        other._settings = replace(  # noqa: SLF001 -- the copy is not yet anybody's
            old,
            endpoint=old.endpoint if endpoint is None else endpoint,
            allow_plain_http=(
                old.allow_plain_http if allow_plain_http is None else allow_plain_http
            ),
            timeouts=old.timeouts if timeout is None else _timeouts(timeout),
            retry=old.retry if retry is None else retry,
            observer=(
                old.observer if hooks is None else Observer(old.service.logger, hooks)
            ),
            envelope=old.envelope if envelope is None else envelope,
            limit=old.limit if response_limit is None else response_limit,
        )
        return other


class _BaseClient(_Configured, Generic[AuthT, TransportT, _OwnT]):
    """How clients are made, whatever carries their documents."""

    _service: ClassVar[ServiceDescription]

    def __init__(  # noqa: PLR0913 -- one for each option, by name
        self,
        auth: AuthT,
        *,
        endpoint: str | None = None,
        allow_plain_http: bool = False,
        timeout: Timeouts | float = _TIMEOUTS,
        retry: RetryPolicy = _RETRY,
        keep_session: bool = False,
        transport: TransportT | None = None,
        hooks: Iterable[Hook] = (),
        envelope: Envelope | None = None,
        response_limit: int = _RESPONSE_LIMIT,
    ) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            auth: Who calls.
            endpoint: Address that stands in for the documented one. It must be https unless
                it is of this machine.
            allow_plain_http: Whether requests, and the secrets in them, may go to another
                machine legibly.
            timeout: How long to wait, in seconds: for a connection, and for more of an answer.
            retry: How often and how soon a failed attempt is repeated, where that can do no
                harm, and when a call is over.
            keep_session: Whether later calls use the session that an answer opened. Once it
                is refused, they are opened with `auth` again.
            transport: What carries the documents, and is not closed with the client; None for
                connections of its own.
            hooks: Called with each exchange, secrets masked.
            envelope: What stands around requests; None for what the documentation shows.
            response_limit: The largest answer that is read, in bytes.

        Raises:
            ValueError: An option has a value that it cannot have.
        """
        self._settings = Settings(
            service=self._service,
            endpoint=endpoint,
            allow_plain_http=allow_plain_http,
            timeouts=_timeouts(timeout),
            retry=retry,
            envelope=envelope,
            observer=Observer(self._service.logger, hooks),
            limit=response_limit,
        )
        self._callers = Callers(auth, keeps_session=keep_session)
        self._transport = transport
        self._own: _Own[_OwnT] = _Own()


class BaseClient(_BaseClient[AuthT, Transport, "HttpTransport"]):
    """A client that waits for each answer. Threads may share it."""

    def __enter__(self: _ClientT) -> _ClientT:  # noqa: PYI019 -- `Self` came later
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that the client opened; a later call opens new ones."""
        transport = self._own.taken()
        if transport is not None:
            transport.close()

    def call(
        self,
        operation: OperationDescription[RequestT, AuthT, ResponseT],
        request: RequestT,
    ) -> ResponseT:
        """Call an operation with a request object, and return what its answer says.

        Args:
            operation: `OPERATION` of the operation's module.
            request: What to send.

        Raises:
            ServiceError: The call failed; the error says how, where and at which attempt.
            ValueError: The documented endpoint is not safe, and no other one was chosen.
        """
        steps = perform(operation, request, self._settings, self._callers)
        step = advance(steps, None)  # before there is a connection: it may be refused
        transport = self._transport
        if transport is None:
            transport = self._own.get(_http_transport)
        while not isinstance(step, Ended):
            step = advance(steps, _carried_out(step, transport))
        return step.value


class BaseAsyncClient(_BaseClient[AuthT, AsyncTransport, "AsyncHttpTransport"]):
    """A client that lets other tasks run while it waits. Tasks may share it."""

    async def __aenter__(  # noqa: PYI019 -- `Self` came later
        self: _ClientT,
    ) -> _ClientT:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that the client opened; a later call opens new ones."""
        transport = self._own.taken()
        if transport is not None:
            await transport.close()

    async def call(
        self,
        operation: OperationDescription[RequestT, AuthT, ResponseT],
        request: RequestT,
    ) -> ResponseT:
        """Call an operation with a request object, and return what its answer says.

        Args:
            operation: `OPERATION` of the operation's module.
            request: What to send.

        Raises:
            ServiceError: The call failed; the error says how, where and at which attempt.
            ValueError: The documented endpoint is not safe, and no other one was chosen.
        """
        steps = perform(operation, request, self._settings, self._callers)
        step = advance(steps, None)  # before there is a connection: it may be refused
        transport = self._transport
        if transport is None:
            transport = self._own.get(_async_http_transport)
        while not isinstance(step, Ended):
            step = advance(steps, await _carried_out_meanwhile(step, transport))
        return step.value


class _OpenClient(_BaseClient[None, TransportT, _OwnT]):
    """How clients are made of a service that asks nobody who calls."""

    def __init__(  # noqa: PLR0913 -- one for each option, by name
        self,
        *,
        endpoint: str | None = None,
        allow_plain_http: bool = False,
        timeout: Timeouts | float = _TIMEOUTS,
        retry: RetryPolicy = _RETRY,
        transport: TransportT | None = None,
        hooks: Iterable[Hook] = (),
        envelope: Envelope | None = None,
        response_limit: int = _RESPONSE_LIMIT,
    ) -> None:
        """Make a client; nothing is sent before the first call.

        Args:
            endpoint: Address that stands in for the documented one. It must be https unless
                it is of this machine.
            allow_plain_http: Whether requests may go to another machine legibly.
            timeout: How long to wait, in seconds: for a connection, and for more of an answer.
            retry: How often and how soon a failed attempt is repeated, where that can do no
                harm, and when a call is over.
            transport: What carries the documents, and is not closed with the client; None for
                connections of its own.
            hooks: Called with each exchange, secrets masked.
            envelope: What stands around requests; None for what the documentation shows.
            response_limit: The largest answer that is read, in bytes.

        Raises:
            ValueError: An option has a value that it cannot have.
        """
        super().__init__(
            None,
            endpoint=endpoint,
            allow_plain_http=allow_plain_http,
            timeout=timeout,
            retry=retry,
            transport=transport,
            hooks=hooks,
            envelope=envelope,
            response_limit=response_limit,
        )


class BaseOpenClient(_OpenClient[Transport, "HttpTransport"], BaseClient[None]):
    """A client of a service that asks nobody who calls, which waits for each answer."""


class BaseOpenAsyncClient(
    _OpenClient[AsyncTransport, "AsyncHttpTransport"], BaseAsyncClient[None]
):
    """A client of a service that asks nobody who calls, which lets other tasks run."""


def _carried_out(
    step: Step, transport: Transport
) -> HttpResponse | TransportError | None:
    if isinstance(step, Pause):
        time.sleep(step.seconds)
        return None
    try:
        return transport.send(step)
    except (TransportError, OSError) as error:
        return as_transport_error(error)


async def _carried_out_meanwhile(
    step: Step, transport: AsyncTransport
) -> HttpResponse | TransportError | None:
    import asyncio  # noqa: PLC0415 -- takes long, and who waits has no use for it

    if isinstance(step, Pause):
        await asyncio.sleep(step.seconds)
        return None
    try:
        return await transport.send(step)
    except asyncio.TimeoutError:  # before Python 3.11 another one than `TimeoutError`
        return as_transport_error(TimeoutError())
    except (TransportError, OSError) as error:
        return as_transport_error(error)


class _Own(Generic[_OwnT]):
    """The transport that a client makes for itself, once it needs one.

    Clients that differ in options share it.
    """

    def __init__(self) -> None:
        self._transport: _OwnT | None = None
        self._lock = Lock()

    def get(self, make: Callable[[], _OwnT]) -> _OwnT:
        """The transport, which is made the first time."""
        with self._lock:
            if self._transport is None:
                self._transport = make()
            return self._transport

    def taken(self) -> _OwnT | None:
        """The transport, if there is one, which is not given out any more."""
        with self._lock:
            transport, self._transport = self._transport, None
        return transport


# Both import what takes long: TLS, and HTTP or the event loop.


def _http_transport() -> "HttpTransport":
    from ..transports.sockets import HttpTransport  # noqa: PLC0415 -- see above

    return HttpTransport()


def _async_http_transport() -> "AsyncHttpTransport":
    from ..transports.streams import AsyncHttpTransport  # noqa: PLC0415 -- see above

    return AsyncHttpTransport()
