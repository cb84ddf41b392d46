"""What reaches the service when something goes wrong: a message never twice, all else as often as needed."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import pytest
from adapter_servers import Connection, always, answer, free_port, serving
from told import assert_told, raised
from ways import NUMBER, QUICK, Caller, Way

from revio import (
    ConnectionFailed,
    RetryPolicy,
    RevioError,
    TimedOut,
    TransportError,
    UnexpectedStatus,
    sms_send,
)
from revio.testing import Delay, Drop, FakeService, Fault, HtmlPage, Throttle, Truncate

# No answer takes as long; whoever waits for it has failed.
NEVER = 600.0

SENT = answer(b"<SMS_SendResult><Header><Success>1</Success></Header></SMS_SendResult>")
CREATED = answer(
    b"<SMSOptOut_CreateResult><Header><Success>1</Success></Header></SMSOptOut_CreateResult>"
)

FAILURES: dict[str, tuple[Drop | Truncate | Throttle | HtmlPage, type[RevioError]]] = {
    "drop": (Drop(), ConnectionFailed),
    "none of the answer": (Truncate(0), ConnectionFailed),
    "half of the answer": (Truncate(), ConnectionFailed),
    "throttle": (Throttle(0), UnexpectedStatus),
    "502": (HtmlPage(502, "Bad Gateway"), UnexpectedStatus),
    "503": (HtmlPage(503), UnexpectedStatus),
    "504": (HtmlPage(504, "Gateway Timeout"), UnexpectedStatus),
}
EACH_FAILURE = pytest.mark.parametrize(
    ("step", "kind"), FAILURES.values(), ids=list(FAILURES)
)
REPEATED: dict[str, Callable[[Caller], object]] = {
    "create": lambda caller: caller.create(NUMBER),
    "delete": lambda caller: caller.delete(NUMBER),
}
EACH_REPEATED = pytest.mark.parametrize("name", REPEATED)


# Messages


@EACH_FAILURE
def test_a_message_is_not_sent_twice(
    way: Way,
    step: Drop | Truncate | Throttle | HtmlPage,
    kind: type[TransportError],
) -> None:
    """Whatever happens once a message may have left, exactly one request reaches the service."""
    fake = FakeService()
    fake.script(step, operation="SMS_Send")
    with way.open(fake, retry=QUICK) as caller:
        error = raised(kind, caller.send)
        assert_told(error, caller)
        assert error.was_sent
        assert len(fake.calls) == 1
        # A call of its own is another message.
        assert caller.send().header.success
    assert len(fake.calls_of(sms_send.OPERATION)) == 2


def test_a_message_that_is_not_answered_in_time_is_not_sent_twice(way: Way) -> None:
    """A service that is silent may have sent the message, so it is asked once."""
    fake = FakeService()
    fake.script(Delay(NEVER))
    with way.open(fake, retry=QUICK, timeout=0.2) as caller:
        assert_told(raised(TimedOut, caller.send), caller)
    assert len(fake.calls) == 1


def test_a_message_is_not_sent_twice_over_a_kept_connection(http_way: Way) -> None:
    """A service that closes a kept connection when a message comes gets it once."""

    def handle(connection: Connection) -> None:
        connection.receive()
        connection.send(SENT)
        connection.receive()

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url(), retry=QUICK) as caller,
    ):
        caller.send()
        error = raised(ConnectionFailed, caller.send)
        assert_told(error, caller)
        assert error.was_sent
        assert (server.connections, len(server.requests)) == (1, 2)
        caller.send()
        assert (server.connections, len(server.requests)) == (2, 3)


def test_a_message_is_sent_again_while_nothing_left(http_way: Way) -> None:
    """As long as there is no connection, a message is tried as often as anything else."""
    endpoint = f"http://127.0.0.1:{free_port()}/"
    with http_way.connect(endpoint=endpoint, retry=QUICK) as caller:
        error = raised(ConnectionFailed, caller.send)
        assert_told(error, caller, attempt=3)
        assert not error.was_sent


# All else


@EACH_FAILURE
@EACH_REPEATED
def test_a_harmless_request_is_repeated(
    way: Way,
    name: str,
    step: Drop | Truncate | Throttle | HtmlPage,
    kind: type[RevioError],
) -> None:
    """One failure of the connection or the server is made up for by another attempt."""
    assert issubclass(kind, TransportError)
    fake = FakeService()
    fake.script(step)
    with way.open(fake, retry=QUICK) as caller:
        if name == "create" and isinstance(step, Truncate):
            # The first attempt was carried out, and so the numbers are in the list.
            with pytest.raises(RevioError, match="already in the opt-out list"):
                caller.create(NUMBER)
        else:
            REPEATED[name](caller)
    assert len(fake.calls) == 2
    first, second = fake.calls
    assert first.document == second.document


def test_a_harmless_request_is_repeated_when_time_is_over(way: Way) -> None:
    """After an answer that does not come in time, the next attempt may succeed."""
    fake = FakeService()
    fake.script(Delay(NEVER))
    with way.open(
        fake, retry=RetryPolicy(attempts=9, backoff=0), timeout=0.4
    ) as caller:
        assert caller.delete(NUMBER).header.success
    assert len(fake.calls) >= 2


@EACH_REPEATED
def test_attempts_come_to_an_end(way: Way, name: str) -> None:
    """After as many attempts as there may be, the last failure is raised with its number."""
    fake = FakeService()
    fake.script(Drop(), HtmlPage(503), Throttle(0), Drop())
    with way.open(fake, retry=QUICK) as caller:
        error = raised(UnexpectedStatus, lambda: REPEATED[name](caller))
        operation = f"SMSOptOut_{name.title()}"
        assert_told(error, caller, operation, attempt=3)
        assert error.status == 429
    assert len(fake.calls) == 3


def test_what_is_no_failure_of_the_way_is_not_repeated(way: Way) -> None:
    """Pages for people, faults and failures come from the service itself, and another attempt changes nothing."""
    fake = FakeService()
    fake.script(HtmlPage(404), HtmlPage(500), HtmlPage(200), Fault("No"))
    with way.open(fake, retry=QUICK) as caller:
        for count in range(1, 5):
            with pytest.raises(RevioError):
                caller.delete(NUMBER)
            assert len(fake.calls) == count


def test_a_service_is_given_the_time_that_it_asks_for(own_way: Way) -> None:
    """After a throttled request the next one comes no sooner than the service said."""
    fake = FakeService()
    fake.script(Throttle(1))
    with own_way.open(fake, retry=QUICK) as caller:
        start = time.monotonic()
        caller.create(NUMBER)
        assert time.monotonic() - start >= 1
    assert [call.status for call in fake.calls] == [429, 200]


def test_a_service_that_asks_for_too_long_is_not_waited_for(way: Way) -> None:
    """A pause that would end after the deadline is not begun."""
    fake = FakeService()
    fake.script(Throttle(3600))
    with way.open(fake, retry=RetryPolicy(deadline=60.0)) as caller:
        error = raised(UnexpectedStatus, lambda: caller.create(NUMBER))
        assert_told(error, caller, "SMSOptOut_Create")
        assert error.retry_after == 3600
    assert len(fake.calls) == 1


# Connections that are kept


def test_many_calls_share_a_connection(http_way: Way) -> None:
    """Calls that follow each other take the same connection, also after a failure that was answered."""
    steps = (SENT, answer(b"<html/>", head="503 Busy"), answer(b"", head="400 No"))
    served = [steps[number % 3] for number in range(30)]

    def handle(connection: Connection) -> None:
        while connection.receive():
            connection.send(served.pop())

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url()) as caller,
    ):
        for number in range(30):
            if number % 3 == 2:
                caller.send()
            else:
                raised(UnexpectedStatus, caller.send)
        assert len(server.requests) == 30
        assert server.connections == 1


@pytest.mark.parametrize("name", ["send", "create"])
def test_an_idle_connection_that_was_closed(http_way: Way, name: str) -> None:
    """The service may close a connection that nobody uses; the next call opens another one."""
    closed = Event()

    def handle(connection: Connection) -> None:
        connection.receive()
        connection.send(SENT if name == "send" else CREATED)
        connection.stream.close()
        closed.set()

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url(), retry=QUICK) as caller,
    ):
        for _ in range(5):
            closed.clear()
            caller.send() if name == "send" else caller.create(NUMBER)
            assert closed.wait(30)
        assert (server.connections, len(server.requests)) == (5, 5)


@pytest.mark.parametrize("is_reset", [False, True], ids=["closed", "reset"])
def test_a_harmless_request_crosses_with_the_end(http_way: Way, is_reset: bool) -> None:
    """A service that ends a kept connection when the next request comes gets it once more."""

    def handle(connection: Connection) -> None:
        connection.receive()
        connection.send(CREATED)
        if connection.receive() and is_reset:
            connection.reset()

    with (
        serving(handle) as server,
        http_way.connect(endpoint=server.url(), retry=QUICK) as caller,
    ):
        for _ in range(3):
            caller.create(NUMBER)
        assert (server.connections, len(server.requests)) == (3, 5)


def test_a_closed_client_keeps_no_connection(http_way: Way) -> None:
    """With its block a client lets go of its connections, and the service sees that."""
    with serving(always(SENT)) as server:
        with http_way.connect(endpoint=server.url()) as caller:
            caller.send()
            assert not server.closed.is_set()
        assert server.closed.wait(30)
