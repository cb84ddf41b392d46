"""A call by hand: what it wants done is noted, and not waited for."""

from __future__ import annotations

from dataclasses import dataclass

from scripted import (
    AT_ONCE,
    COUNT,
    LOGGER,
    SERVICE,
    Auth,
    CountRequest,
    Credentials,
    Operation,
)

from soapstone.runtime.calls.exchanges import Observer
from soapstone.runtime.calls.performing import Ended, Pause, Settings, advance, perform
from soapstone.runtime.calls.retries import RetryPolicy
from soapstone.runtime.calls.sessions import Callers
from soapstone.runtime.errors import ServiceError, TransportError
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts


@dataclass
class Played:
    """What a call did.

    Attributes:
        sent: The requests.
        pauses: The pauses, in seconds.
        error: What it failed with; None when it did not.
    """

    sent: list[HttpRequest]
    pauses: list[float]
    error: Exception | None


def settings(retry: RetryPolicy) -> Settings:
    return Settings(
        service=SERVICE,
        endpoint=None,
        allow_plain_http=False,
        timeouts=Timeouts(),
        retry=retry,
        envelope=None,
        observer=Observer(LOGGER, ()),
        limit=10_000,
    )


def play(
    *outcomes: HttpResponse | TransportError,
    operation: Operation = COUNT,
    retry: RetryPolicy = AT_ONCE,
) -> Played:
    """Carry a call out without waiting; it must do nothing beyond what there are outcomes for."""
    callers: Callers[Auth] = Callers(Credentials(), keeps_session=False)
    steps = perform(operation, CountRequest(), settings(retry), callers)
    left, played = list(outcomes), Played([], [], None)
    try:
        step = advance(steps, None)
        while not isinstance(step, Ended):
            if isinstance(step, Pause):
                played.pauses.append(step.seconds)
                step = advance(steps, None)
            else:
                played.sent.append(step)
                step = advance(steps, left.pop(0))
    except ServiceError as error:
        played.error = error
    assert not left
    return played
