"""Threads and tasks share a transport, and each gets its own answer."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from loopback import LONG, Conversation, echo, request

from soapstone.runtime.errors import TimedOut
from soapstone.runtime.transports.sockets import HttpTransport
from soapstone.runtime.transports.streams import AsyncHttpTransport

if TYPE_CHECKING:
    import ssl

    from loopback import Serve


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_hundred_threads(
    serve: Serve,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    is_secure: bool,
) -> None:
    """Each of a hundred threads gets the answers to its own requests."""
    server = serve(echo, server_tls if is_secure else None)
    together = threading.Barrier(100)

    def work(number: int) -> bool:
        together.wait(LONG)
        bodies = [f"{number} {turn} ".encode() * 500 for turn in range(5)]
        return all(
            transport.send(request(server.url(), body)).body == body for body in bodies
        )

    with (
        HttpTransport(tls=client_tls) as transport,
        ThreadPoolExecutor(100) as executor,
    ):
        assert all(executor.map(work, range(100)))


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_thousand_tasks(
    serve: Serve,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    is_secure: bool,
) -> None:
    """Each of a thousand tasks gets the answer to its own request, over a few connections."""
    server = serve(echo, server_tls if is_secure else None)
    bodies = [f"{number} ".encode() * 500 for number in range(1000)]

    async def main() -> list[bytes]:
        async with AsyncHttpTransport(tls=client_tls, max_connections=20) as transport:
            tasks = [transport.send(request(server.url(), body)) for body in bodies]
            return [response.body for response in await asyncio.gather(*tasks)]

    assert asyncio.run(main()) == bodies
    assert server.connections <= 20


class Patient:
    """Answers a request when it is allowed to."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.was_asked = threading.Event()
        self.was_left = threading.Event()

    def __call__(self, conversation: Conversation) -> None:
        """Have a talk."""
        while conversation.asked():
            self.was_asked.set()
            assert self.may_answer.wait(LONG)
            conversation.answer(b"a")
        self.was_left.set()


async def _until(event: threading.Event) -> None:
    assert await asyncio.to_thread(event.wait, LONG)


def test_the_loop_goes_on_while_a_task_waits(serve: Serve) -> None:
    """A task that waits for its answer does not keep others from running."""
    talk = Patient()
    server = serve(talk)

    async def main() -> bytes:
        async with AsyncHttpTransport() as transport:
            task = asyncio.create_task(transport.send(request(server.url())))
            await _until(talk.was_asked)
            talk.may_answer.set()
            return (await task).body

    assert asyncio.run(main()) == b"a"


def test_a_task_that_is_cancelled_closes_its_connection(serve: Serve) -> None:
    """Its connection is closed at once, and the only place is free for the next."""
    talk = Patient()
    server = serve(talk)

    async def main() -> None:
        async with AsyncHttpTransport(max_connections=1) as transport:
            task = asyncio.create_task(transport.send(request(server.url())))
            await _until(talk.was_asked)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            talk.may_answer.set()
            await _until(talk.was_left)
            assert (await transport.send(request(server.url()))).body == b"a"
            assert server.connections == 2

    asyncio.run(main())


@pytest.mark.parametrize("turns", range(12))
def test_no_place_is_lost_whenever_a_task_is_cancelled(
    serve: Serve,
    server_tls: ssl.SSLContext,
    client_tls: ssl.SSLContext,
    turns: int,
) -> None:
    """At whichever step of an exchange a task is cancelled, the next one can go."""
    server = serve(echo, server_tls if turns % 2 else None)

    async def main() -> None:
        async with AsyncHttpTransport(tls=client_tls, max_connections=1) as transport:
            for _ in range(10):
                task = asyncio.create_task(transport.send(request(server.url())))
                waiting = asyncio.create_task(transport.send(request(server.url())))
                for _ in range(turns):
                    await asyncio.sleep(0)
                waiting.cancel()
                task.cancel()
                await asyncio.gather(task, waiting, return_exceptions=True)
            last = request(server.url(), b"last", deadline=time.monotonic() + LONG)
            assert (await transport.send(last)).body == b"last"

    asyncio.run(main())


def test_a_task_waits_for_a_place_until_the_deadline(serve: Serve) -> None:
    """While all connections are in use, the others wait, and nothing of them is sent."""
    talk = Patient()
    server = serve(talk)

    async def main() -> None:
        async with AsyncHttpTransport(max_connections=1) as transport:
            task = asyncio.create_task(transport.send(request(server.url())))
            await _until(talk.was_asked)
            late = request(server.url(), deadline=time.monotonic() + 0.1)
            with pytest.raises(
                TimedOut, match="was free before the deadline"
            ) as caught:
                await transport.send(late)
            assert not caught.value.was_sent
            talk.may_answer.set()
            assert (await task).body == b"a"

    asyncio.run(main())


def test_a_second_loop_opens_its_own_connections(serve: Serve) -> None:
    """Connections of a loop that still exists are closed there once another one sends."""
    left = threading.Event()

    def talk(conversation: Conversation) -> None:
        echo(conversation)
        left.set()

    server = serve(talk)
    transport = AsyncHttpTransport()
    first, second = asyncio.new_event_loop(), asyncio.new_event_loop()
    for loop in (first, second, second):
        loop.run_until_complete(transport.send(request(server.url())))
    assert server.connections == 2
    first.run_until_complete(_until(left))
    second.run_until_complete(transport.close())
    for loop in (first, second):
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def test_a_loop_that_is_closed_leaves_nothing_open(serve: Serve) -> None:
    """Connections of a loop that is gone are closed once another one sends."""
    left = threading.Event()

    def talk(conversation: Conversation) -> None:
        echo(conversation)
        left.set()

    server = serve(talk)
    transport = AsyncHttpTransport()

    async def send() -> None:
        await transport.send(request(server.url()))

    async def send_and_close() -> None:
        await send()
        await _until(left)
        await transport.close()
        await transport.close()  # when there is nothing left to close

    def run_again() -> None:
        asyncio.run(send_and_close())
        gc.collect()

    asyncio.run(send())
    # Python tells whoever ends a loop before its connections.
    with pytest.warns(ResourceWarning, match="unclosed transport"):
        run_again()
    assert server.connections == 2


def test_requests_that_are_under_way_when_a_transport_is_closed(serve: Serve) -> None:
    """They get their answers, and then their connection is closed."""
    talk = Patient()
    server = serve(talk)

    async def main() -> bytes:
        transport = AsyncHttpTransport()
        task = asyncio.create_task(transport.send(request(server.url())))
        await _until(talk.was_asked)
        await transport.close()
        talk.may_answer.set()
        body = (await task).body
        await _until(talk.was_left)
        return body

    assert asyncio.run(main()) == b"a"
