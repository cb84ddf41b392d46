"""The fake as a whole: which operation is asked for, what a script says, and what was asked."""

import html
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from threading import Lock
from typing import ClassVar, Generic, TypeGuard
from urllib.parse import urlsplit

from ..calls.operation import (
    AuthT,
    OperationDescription,
    RequestT,
    ResponseT,
    ServiceDescription,
)
from ..envelope import Envelope
from ..transports.messages import AsyncTransport, Transport
from .accounts import Accounts
from .operation import AnyFakeOperation, MemoryT, Opened, always
from .replies import Headers, Refused, Reply, Step, page, refused, with_headers
from .requests import Message, Received, path_of, read_message
from .script import Script
from .transports import AsyncFakeTransport, FakeTransport


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[AuthT]):
    """One request that came. What may be secret does not show in its `repr`.

    Attributes:
        operation: Wire name of the operation; empty when the request did not get to one.
        request: The request object; None when it could not be read.
        auth: Who called; None when that was not said.
        headers: Headers of HTTP, names and values in their order.
        document: What came, as it came.
        status: HTTP status of the answer; None when the connection ended without one.
    """

    operation: str
    request: object
    auth: AuthT | None
    headers: Headers = field(repr=False)
    document: bytes = field(repr=False)
    status: int | None


class BaseFakeService(Generic[AuthT, MemoryT]):
    """A fake of a service. Threads and tasks may share it.

    It carries operations out one after the other, in the order in which requests come.

    Attributes:
        memory: What the fake remembers.
        transport: Leads to the fake, without a socket, for clients that wait.
        async_transport: The same for clients that let others run.
    """

    _service: ClassVar[ServiceDescription]
    _operations: tuple[AnyFakeOperation[AuthT, MemoryT], ...]
    _memory: Callable[[], MemoryT]

    def __init__(
        self, *, accept: Iterable[AuthT] | None = None, memory: MemoryT | None = None
    ) -> None:
        """Make a fake that nobody has called.

        Args:
            accept: Who may call; None for everybody who says who calls. Sessions that answers
                open are accepted as well, until `end_sessions`.
            memory: What it remembers at the start; None for nothing.
        """
        self.memory: MemoryT = self._memory() if memory is None else memory
        self.transport: Transport = FakeTransport(self.handle)
        self.async_transport: AsyncTransport = AsyncFakeTransport(self.handle)
        self._accounts = Accounts(accept)
        self._script = Script()
        self._calls: list[Call[AuthT]] = []
        self._lock = Lock()

    @property
    def calls(self) -> tuple[Call[AuthT], ...]:
        """What was posted, in the order in which it came."""
        with self._lock:
            return tuple(self._calls)

    def calls_of(
        self, operation: OperationDescription[RequestT, AuthT, ResponseT]
    ) -> tuple[RequestT, ...]:
        """The requests for an operation that could be read, in the order in which they came.

        Args:
            operation: `OPERATION` of the operation's module.
        """
        named = [(call.operation, call.request) for call in self.calls]
        return tuple(
            request for name, request in named if _is_of(request, name, operation)
        )

    def clear(self) -> None:
        """Forget the calls; the memory, the sessions and the script stay."""
        with self._lock:
            self._calls.clear()

    def script(self, *steps: Step, operation: str | None = None) -> None:
        """Say what happens to the next calls, a step for each; then all is as usual again.

        Args:
            steps: What happens, after what was scripted before.
            operation: Wire name of the operation that the steps are for; None for any call.

        Raises:
            ValueError: There is no such operation.
        """
        names = self.operation_names
        if operation is not None and operation not in names:
            raise ValueError(f"there is no operation {operation!r}: {', '.join(names)}")
        with self._lock:
            self._script.add(steps, operation)

    def end_sessions(self) -> None:
        """Refuse the sessions that answers opened, until an answer opens them anew."""
        with self._lock:
            self._accounts.end_sessions()

    @property
    def operation_names(self) -> tuple[str, ...]:
        """Wire names of the operations that it serves."""
        return tuple(operation.name for operation in self._operations)

    @contextmanager
    def serve(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        *,
        tell: Callable[[str], object] | None = None,
    ) -> Generator[str, None, None]:
        """Serve over HTTP while a `with` block runs, which is given the endpoint.

        At its end all connections are closed.

        Args:
            port: The port; 0 for any that is free.
            host: The address to serve at.
            tell: Called with a line about each answer.

        Raises:
            OSError: It cannot be served there.
        """
        from .server import serving  # noqa: PLC0415 -- takes long

        with serving(self.handle, host, port, tell) as address:
            yield address + urlsplit(self._service.endpoint).path

    def run(
        self, port: int = 0, host: str = "127.0.0.1", *, verbose: bool = False
    ) -> None:
        """Serve until Ctrl-C, and print where.

        Args:
            port: The port; 0 for any that is free.
            host: The address to serve at.
            verbose: Whether to print a line about each answer.

        Raises:
            OSError: It cannot be served there.
        """
        from .command import run  # noqa: PLC0415 -- takes long

        run(self, port, host, verbose=verbose)

    def handle(self, received: Received) -> Reply:
        """Handle an HTTP request, and say how it is to be replied to."""
        if received.method != "POST":
            return self._shown(received)
        with self._lock:
            opened = self._opened(received)
            usual = partial(opened.answer, self._accounts, self.memory)
            step = self._script.taken(opened.operation)
            reply = usual() if step is None else step.applied(usual)
            self._calls.append(
                Call(
                    operation=opened.operation,
                    request=opened.request,
                    auth=opened.auth,
                    headers=received.headers,
                    document=received.body,
                    status=reply.status,
                )
            )
        return replace(reply, operation=opened.operation)

    def _opened(self, received: Received) -> Opened[AuthT, MemoryT]:
        try:
            operations = self._at(received.path)
            message = read_message(received)
            return _asked(message, operations).open(message)
        except Refused as error:
            reply = error.reply
        return Opened("", None, None, always(reply))

    def _at(self, path: str) -> list[AnyFakeOperation[AuthT, MemoryT]]:
        """The operations at a path."""
        found = [each for each in self._operations if path_of(each.endpoint) == path]
        if not found:
            raise Refused(page(404, "404 - File or directory not found."))
        return found

    def _shown(self, received: Received) -> Reply:
        """The reply to a request that posts nothing: the page that such services have."""
        if received.method != "GET":
            title = "405 - HTTP verb used to access this page is not allowed."
            return with_headers(page(405, title), ("Allow", "GET, POST"))
        try:
            operations = self._at(received.path)
        except Refused as error:
            return error.reply
        items = "".join(f"<li>{html.escape(each.name)}</li>" for each in operations)
        supported = "<p>The following operations are supported.</p>\n"
        return page(200, "Web Service", f"{supported}<ul>{items}</ul>\n")


def _is_of(
    request: object,
    name: str,
    operation: OperationDescription[RequestT, AuthT, ResponseT],
) -> TypeGuard[RequestT]:
    """Whether a request was read as one for an operation, whose reader gives nothing else."""
    return request is not None and name == operation.name


def _asked(
    message: Message, operations: list[AnyFakeOperation[AuthT, MemoryT]]
) -> AnyFakeOperation[AuthT, MemoryT]:
    """The operation that a message asks for; its element matters where several have one action.

    Raises:
        Refused: There is no such operation.
    """
    found = [each for each in operations if each.soap_action == message.action]
    named = [each for each in found if each.is_asked(message)]
    for operation in (*named, *found):
        return operation
    if message.protocol is Envelope.SOAP12:
        sentence = (
            "Unable to handle request without a valid action parameter. "
            "Please supply a valid soap action."
        )
    else:
        sentence = (
            "Server did not recognize the value of HTTP Header SOAPAction: "
            f"{message.action or ''}."
        )
    raise refused(sentence, "soap:Client", message.protocol)
