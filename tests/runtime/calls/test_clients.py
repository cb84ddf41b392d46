"""Both clients do the same, over transports of their own and over given ones."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from scripted import (
    ENDPOINT,
    CountRequest,
    Credentials,
    Session,
    Way,
    answered,
    build,
    document,
)

from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import (
    ConnectionFailed,
    ResponseTooLarge,
    TimedOut,
    ValidationError,
)
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts


class _Server(ThreadingHTTPServer):
    """A service on this machine, which counts its connections."""

    daemon_threads = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections = 0
        self.open = threading.Semaphore(0)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, _Server)
        self.server.connections += 1

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = document(f"<Number>{len(body)}</Number>")
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def finish(self) -> None:
        super().finish()
        assert isinstance(self.server, _Server)
        self.server.open.release()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def server() -> Iterator[_Server]:
    """Return a server that runs until the end of the test."""
    with _Server() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,))
        thread.start()
        yield made
        made.shutdown()
        thread.join()


SIZE = len(build(CountRequest(), Credentials()))


def test_connections_of_its_own(way: Way, server: _Server) -> None:
    """A client opens a connection at its first call, shares it with copies, and closes it."""
    client = way.make(Credentials(), None, endpoint=server.url)
    other = client.with_options(timeout=20)
    assert server.connections == 0
    assert [each.call().number for each in (client, other, client)] == [SIZE] * 3
    assert server.connections == 1
    client.close()
    assert server.open.acquire(timeout=30)  # the connection has ended
    client.close()


def test_calls_after_the_end(way: Way, server: _Server) -> None:
    """A closed client can be used, and closed, again."""
    client = way.make(Credentials(), None, endpoint=server.url)
    assert client.call_inside().number == SIZE
    assert client.call_inside().number == SIZE
    assert server.connections == 2


def test_an_invalid_request_opens_nothing(way: Way, server: _Server) -> None:
    """Before a request is known to be valid there is no connection, and no transport."""
    client = way.make(Credentials(), None, endpoint=server.url)
    with pytest.raises(ValidationError, match="nothing was sent"):
        client.call(request=CountRequest(item=""))
    client.close()
    assert server.connections == 0


def test_threads_share_a_client(server: _Server) -> None:
    """Threads that call at the same time all get their own answer."""
    from scripted import COUNT, Client  # noqa: PLC0415 -- of one kind only

    with Client(Credentials(), endpoint=server.url) as client:
        requests = [CountRequest(item="x" * size) for size in range(1, 41)]
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda each: client.call(COUNT, each), requests))
    sizes = [len(build(request, Credentials())) for request in requests]
    assert [response.number for response in found] == sizes


def test_given_transports_stay_open(way: Way) -> None:
    """A given transport has no end with the client."""
    client, script = way.client(answered(), answered())
    client.call_inside()
    client.close()
    client.call()
    assert len(script.requests) == 2


def test_a_transport_that_is_false(way: Way, server: _Server) -> None:
    """A given transport that is false, like an empty list, is used all the same."""
    script = way.script()
    assert not script
    client = way.make(Credentials(), script, endpoint=server.url)
    with pytest.raises(IndexError):  # it has nothing to answer with
        client.call()
    assert server.connections == 0


def test_a_request(way: Way) -> None:
    """A transport is given the document, what HTTP has to say of it, and the limits."""
    client, script = way.client(
        answered(), timeout=Timeouts(1, 2), response_limit=1234, hooks=()
    )
    assert client.call().number == 5
    (request,) = script.requests
    assert request.url == ENDPOINT
    assert request.headers == (
        ("Content-Type", "text/xml; charset=utf-8"),
        ("SOAPAction", '"urn:stock/Count"'),
        ("Accept", "text/xml, application/soap+xml"),
        ("Accept-Encoding", "gzip, deflate"),
        ("User-Agent", "Soapstone"),
    )
    assert request.body == build(CountRequest(), Credentials())
    assert request.timeouts == Timeouts(1, 2)
    assert request.limit == 1234
    assert request.is_idempotent


def test_options(way: Way) -> None:
    """A copy differs in what was given, and the original in nothing."""
    client, script = way.client(*[answered()] * 4, timeout=7)
    client.with_options(
        timeout=3, response_limit=99, envelope=Envelope.NONE
    ).with_options(endpoint="https://other.example/").call()
    client.with_options().call()
    client.call()
    first, second, third = script.requests
    assert first.url == "https://other.example/"
    assert (first.timeouts, first.limit) == (Timeouts(3, 3), 99)
    assert first.body == build(CountRequest(), Credentials(), envelope=Envelope.NONE)
    for request in (second, third):
        assert request.url == ENDPOINT
        assert (request.timeouts, request.limit) == (Timeouts(7, 7), 64 * 2**20)
        assert request.body == build(CountRequest(), Credentials())


def test_impossible_options(way: Way) -> None:
    """A value that an option cannot have is refused where it is given, zero and "" too."""
    client, _ = way.client()
    for give in (
        lambda: client.with_options(timeout=0),
        lambda: client.with_options(timeout=-1.0),
        lambda: client.with_options(response_limit=0),
        lambda: client.with_options(response_limit=-5),
        lambda: client.with_options(endpoint=""),
        lambda: way.client(timeout=0),
        lambda: way.client(response_limit=0),
    ):
        with pytest.raises(ValueError, match="must"):
            give()


def test_the_limit(way: Way) -> None:
    """An answer that is larger than the limit is refused, whoever carried it."""
    client, _ = way.client(answered(), response_limit=20)
    with pytest.raises(ResponseTooLarge, match="the answer has more than 20 bytes"):
        client.call()


def test_a_service_for_everybody(way: Way) -> None:
    """A service that asks nobody who calls is called without authentication."""
    script = way.script(answered(7, key="one"))
    assert way.open_call(script, timeout=3).number == 7
    (request,) = script.requests
    assert request.timeouts == Timeouts(3, 3)
    assert request.body == build(
        CountRequest(), Session("none"), envelope=Envelope.SOAP12
    )


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(5, "Input/output error"), ConnectionFailed),
        (TimeoutError(), TimedOut),
        (ConnectionResetError(104, "Connection reset by peer"), ConnectionFailed),
    ],
)
def test_foreign_transports(
    way: Way, error: OSError, kind: type[ConnectionFailed]
) -> None:
    """What the sockets of a foreign transport raise is an error of this package."""
    client, script = way.client(error, error, error)
    with pytest.raises(kind, match=r"attempt 3\)$"):
        client.call()
    assert len(script.requests) == 3


def test_timeouts_of_the_event_loop() -> None:
    """A transport for tasks may raise the error that the event loop has for it."""
    from scripted import TAKE, AsyncClient, AsyncScripted  # noqa: PLC0415 -- one kind

    client = AsyncClient(Credentials(), transport=AsyncScripted(asyncio.TimeoutError()))
    with pytest.raises(TimedOut, match="the service took too long") as caught:
        asyncio.run(client.call(TAKE, CountRequest()))
    assert caught.value.was_sent


def test_other_errors_are_left_alone(way: Way) -> None:
    """A mistake in a transport is not taken for trouble of the network."""
    client, script = way.client(KeyError("mistake"))
    with pytest.raises(KeyError):
        client.call()
    assert len(script.requests) == 1


def test_a_transport_that_returns_nothing(way: Way) -> None:
    """A transport that returns None is told what it must return."""

    def nothing(_: HttpRequest) -> HttpResponse:
        return None  # type: ignore[return-value]  # what is tried

    client, _ = way.client(nothing)
    with pytest.raises(TypeError, match="must return an HttpResponse"):
        client.call()


def test_a_cancelled_call() -> None:
    """A task that is cancelled ends its call, without another attempt."""
    from scripted import COUNT, AsyncClient  # noqa: PLC0415 -- of one kind only

    asked: list[HttpRequest] = []

    class Slow:
        def __init__(self) -> None:
            self.was_asked = asyncio.Event()

        async def send(self, request: HttpRequest, /) -> HttpResponse:
            asked.append(request)
            self.was_asked.set()
            await asyncio.sleep(3600)
            raise AssertionError

    async def cancelled() -> None:
        slow = Slow()
        client = AsyncClient(Credentials(), transport=slow)
        task = asyncio.ensure_future(client.call(COUNT, CountRequest()))
        await slow.was_asked.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert len(asked) == 1


def test_imports() -> None:
    """A program that imports clients does not pay for TLS, HTTP or the event loop."""
    program = (
        "import sys\n"
        "import soapstone.runtime.calls.clients\n"
        "print(*{'ssl', 'http.client', 'asyncio', 'email'} & set(sys.modules))\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"
