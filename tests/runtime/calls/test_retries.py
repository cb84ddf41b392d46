"""A failed attempt is repeated where that does no harm, soon but not too soon, and not for ever."""

from __future__ import annotations

import datetime as dt
import math
import time
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played import play
from scripted import (
    COUNT,
    ENDPOINT,
    TAKE,
    Operation,
    Outcome,
    Way,
    answered,
    failed,
    status,
)

from soapstone.runtime.calls.retries import RetryPolicy, pause_after, retry_after
from soapstone.runtime.errors import (
    ConnectionFailed,
    ResponseTooLarge,
    ServiceError,
    TimedOut,
    TlsFailed,
    TransportError,
    UnexpectedStatus,
)
from soapstone.runtime.transports.messages import HttpResponse

FAULT = (
    b"<Fault><faultcode>Server</faultcode><faultstring>Broken.</faultstring></Fault>"
)
DAY = 24 * 60 * 60.0

PASSING: list[Outcome] = [
    ConnectionFailed("lost"),
    TimedOut("late"),
    TransportError("something"),
    OSError("something"),
    TimeoutError(),
    status(429),
    status(502),
    status(503, b"<html>busy</html>"),
    status(504),
    status(200, b"damaged", content_encoding="gzip"),
]
LASTING: list[Outcome] = [
    ResponseTooLarge("too large"),
    status(500),
    status(500, FAULT),
    status(503, FAULT),
    status(500, b"damaged", content_encoding="gzip"),
    status(400),
    status(401),
    status(404),
    status(501),
    status(302, Location="https://other.example/"),
    status(200, FAULT),
    failed("no such item"),
    failed("no such item", status=503),
    status(200, b"<html><title>Log in</title></html>"),
    status(200),
    status(204),
]


def _names(outcome: object) -> str:
    if isinstance(outcome, HttpResponse):
        return f"{outcome.status}-{outcome.body[:9].decode()}"
    return type(outcome).__name__


@pytest.mark.parametrize("outcome", PASSING, ids=_names)
def test_what_passes_is_repeated(way: Way, outcome: Outcome) -> None:
    """Where a repetition does no harm, what may pass is tried again until it has passed."""
    client, script = way.client(outcome, outcome, answered(7))
    assert client.call(COUNT).number == 7
    assert len(script.requests) == 3
    assert len({request.body for request in script.requests}) == 1


@pytest.mark.parametrize("outcome", LASTING, ids=_names)
def test_what_lasts_is_not_repeated(way: Way, outcome: Outcome) -> None:
    """What another attempt would not change is said at once."""
    client, script = way.client(outcome)
    with pytest.raises(ServiceError) as caught:
        client.call(COUNT)
    assert caught.value.attempt == 1
    assert len(script.requests) == 1


@pytest.mark.parametrize("outcome", [*PASSING, *LASTING], ids=_names)
def test_never_twice(way: Way, outcome: Outcome) -> None:
    """A request that must not reach the service twice is not sent again once it may have."""
    client, script = way.client(outcome)
    with pytest.raises(ServiceError):
        client.call(TAKE)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "kind", [ConnectionFailed, TimedOut, TlsFailed, TransportError]
)
@pytest.mark.parametrize("operation", [COUNT, TAKE], ids=["harmless", "once"])
def test_what_was_not_sent(
    way: Way, kind: type[TransportError], operation: Operation
) -> None:
    """Any request is tried again when nothing of it can have reached the service."""
    client, script = way.client(kind("no", was_sent=False), answered(7))
    assert client.call(operation).number == 7
    assert len(script.requests) == 2


def test_sent_at_last(way: Way) -> None:
    """It is the last attempt that decides whether there may be another one."""
    client, script = way.client(
        ConnectionFailed("no", was_sent=False), ConnectionFailed("lost")
    )
    with pytest.raises(ConnectionFailed, match=r"lost .*, attempt 2\)$"):
        client.call(TAKE)
    assert len(script.requests) == 2


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_attempts(way: Way, attempts: int) -> None:
    """There are as many attempts as are allowed, and the error is that of the last one."""
    outcomes = [TimedOut(f"late {number}") for number in range(1, attempts + 1)]
    client, script = way.client(
        *outcomes, retry=RetryPolicy(attempts=attempts, backoff=0)
    )
    with pytest.raises(TimedOut) as caught:
        client.call(COUNT)
    assert caught.value is outcomes[-1]
    assert caught.value.attempt == attempts
    assert str(caught.value) == (
        f"Count: late {attempts} ({ENDPOINT}, attempt {attempts})"
    )
    assert caught.value.__context__ is None
    assert len(script.requests) == attempts


@pytest.mark.parametrize("code", [307, 308])
@pytest.mark.parametrize("operation", [COUNT, TAKE], ids=["harmless", "once"])
def test_redirects_nearby(way: Way, code: int, operation: Operation) -> None:
    """A redirect that asks for the same request is followed on the same server, once."""
    client, script = way.client(status(code, Location="/v2?a=b"), answered(7))
    assert client.call(operation).number == 7
    first, second = script.requests
    assert second.url == "https://stock.example/v2?a=b"
    assert (first.body, first.headers) == (second.body, second.headers)
    there = status(code, Location="/v3")
    client, script = way.client(status(code, Location="/v2"), there)
    with pytest.raises(UnexpectedStatus, match="points to another address: /v3"):
        client.call(operation)
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    ("code", "location"),
    [
        (301, "/v2"),
        (302, "/v2"),
        (303, "/v2"),
        (307, "https://evil.example/v1"),
        (308, "http://stock.example/v1"),
        (307, "https://stock.example:444/v1"),
        (307, "https://[bad/"),
    ],
)
def test_redirects_elsewhere(way: Way, code: int, location: str) -> None:
    """No redirect leads to another server, to plain http or to another kind of request."""
    client, script = way.client(status(code, Location=location))
    with pytest.raises(UnexpectedStatus):
        client.call(COUNT)
    assert len(script.requests) == 1


def test_a_redirect_without_address(way: Way) -> None:
    """A redirect to nowhere is an unexpected status."""
    client, _ = way.client(status(307))
    with pytest.raises(UnexpectedStatus, match="points to another address \\(HTTP 307"):
        client.call(COUNT)


def test_lost_behind_a_redirect(way: Way) -> None:
    """A request that was redirected and lost is tried again from the beginning."""
    moved = status(308, Location="/v2")
    client, script = way.client(moved, ConnectionFailed("lost"), answered(7))
    assert client.call(COUNT).number == 7
    assert [request.url for request in script.requests] == [
        ENDPOINT,
        "https://stock.example/v2",
        ENDPOINT,
    ]


# Pauses


@given(
    st.integers(1, 10**6),
    st.floats(0, exclude_max=False, allow_nan=False),
    st.floats(0, allow_nan=False),
    st.none() | st.floats(0, allow_nan=False),
    st.floats(0, 1),
)
def test_every_pause_can_be_made(
    attempt: int, backoff: float, longest: float, asked: float | None, chance: float
) -> None:
    """No pause is longer than asked for or allowed, than a day, or no number, whatever is set."""
    policy = RetryPolicy(backoff=backoff, longest_pause=longest)
    pause = pause_after(policy, attempt, asked, chance)
    assert 0 <= pause <= min(DAY, max(longest, asked or 0))
    assert pause >= min(asked or 0, DAY)


def test_doubling() -> None:
    """The longest pause doubles with each attempt up to a limit, and chance takes any part."""
    policy = RetryPolicy(backoff=0.5, longest_pause=3)
    longest = [pause_after(policy, attempt, None, 1) for attempt in range(1, 7)]
    assert longest == [0.5, 1, 2, 3, 3, 3]
    assert [pause_after(policy, 3, None, part) for part in (0, 0.25)] == [0, 0.5]
    assert pause_after(policy, 1, 10, 1) == 10
    assert pause_after(policy, 3, 1, 1) == 2


def test_pauses_differ() -> None:
    """Clients spread out: pauses take different parts of what is allowed, and no more of it."""
    retry = RetryPolicy(attempts=4, backoff=8, longest_pause=16, deadline=None)
    pauses = [play(*[status(503)] * 4, retry=retry).pauses for _ in range(20)]
    for column, longest in zip(zip(*pauses, strict=True), (8, 16, 16), strict=True):
        assert all(0 <= pause <= longest for pause in column)
        assert len(set(column)) == 20


def test_waiting_as_long_as_asked() -> None:
    """A pause is as long as the service asks for."""
    busy = status(503, Retry_After="31")
    assert play(busy, answered()).pauses == [31]
    assert play(status(429, Retry_After="0"), answered()).pauses == [0]


def test_clients_wait(way: Way) -> None:
    """A client makes the pause before it tries again."""
    retry = RetryPolicy(attempts=2, backoff=0)
    moments: list[float] = []

    def noted(_: object) -> HttpResponse:
        moments.append(time.monotonic())
        soon = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=1.5)
        return status(503, Retry_After=format_datetime(soon, usegmt=True))

    client, _ = way.client(noted, noted, retry=retry)
    with pytest.raises(UnexpectedStatus) as caught:
        client.call(COUNT)
    # The date has no fraction of a second, so up to one second of it is lost.
    assert moments[1] - moments[0] >= 0.4
    assert caught.value.retry_after is not None


@pytest.mark.parametrize("asked", ["120", "9" * 400])
def test_no_pause_beyond_the_deadline(way: Way, asked: str) -> None:
    """Who would have to wait until after the deadline gives up at once."""
    client, script = way.client(
        status(503, Retry_After=asked), retry=RetryPolicy(deadline=60)
    )
    with pytest.raises(UnexpectedStatus) as caught:
        client.call(COUNT)
    assert (caught.value.attempt, len(script.requests)) == (1, 1)
    assert caught.value.retry_after == min(float(asked), 1e9)


def test_the_deadline_is_that_of_the_call() -> None:
    """All attempts of a call share one deadline, which transports are told."""
    before = time.monotonic()
    played = play(status(503), status(503), answered())
    deadlines = {request.deadline for request in played.sent}
    assert len(deadlines) == 1
    assert before + 120 <= (deadlines.pop() or 0) <= time.monotonic() + 120
    endless = play(answered(), retry=RetryPolicy(deadline=None))
    assert [request.deadline for request in endless.sent] == [None]


def test_a_deadline_that_is_over() -> None:
    """Nothing is tried after the deadline, even without a pause."""
    played = play(status(503), retry=RetryPolicy(backoff=0, deadline=1e-9))
    assert played.pauses == []
    assert isinstance(played.error, UnexpectedStatus)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("attempts", 0),
        ("attempts", -1),
        ("backoff", -0.1),
        ("backoff", math.nan),
        ("longest_pause", -1),
        ("longest_pause", math.nan),
        ("deadline", 0),
        ("deadline", -1),
        ("deadline", math.nan),
    ],
)
def test_impossible_policies(name: str, value: float) -> None:
    """A policy that nobody could keep is refused."""
    with pytest.raises(ValueError, match="must"):
        RetryPolicy(**{name: value})  # type: ignore[arg-type]  # what is tried


NOW = 1445412000.0  # Wed, 21 Oct 2015 07:20:00 GMT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("1.5", None),
        ("٣", None),
        ("120, 120", None),
        ("0", 0),
        (" 120 ", 120),
        ("0000000000120", 120),
        ("9" * 99, 1e9),
        ("9" * 9999, 1e9),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 480),
        ("Wed, 21 Oct 2015 09:28:00 +0200", 480),
        ("Wed, 21 Oct 2015 07:28:00 -0000", 480),
        ("Wednesday, 21-Oct-15 07:28:00 GMT", 480),
        ("Wed Oct 21 07:28:00 2015", 480),
        ("Wed, 21 Oct 2015 07:00:00 GMT", 0),
        ("Wed, 32 Oct 2015 07:28:00 GMT", None),
        ("Wed, 21 Oct 99999 07:28:00 GMT", None),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999", None),
    ],
)
def test_retry_after(
    monkeypatch: pytest.MonkeyPatch, header: str | None, seconds: float | None
) -> None:
    """Seconds and dates are understood, in whatever zone this machine is; all else is ignored."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert retry_after(header, NOW) == seconds
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.text(alphabet="0123456789 :,+-GMTWedOctJan./", max_size=40) | st.text())
def test_any_retry_after(header: str) -> None:
    """Whatever the header holds, it is a pause or nothing."""
    seconds = retry_after(header, NOW)
    assert seconds is None or seconds >= 0
