"""A session is used while it is accepted, and never takes the place of what was given."""

from __future__ import annotations

import threading

import pytest
from scripted import (
    COUNT,
    REFUSED,
    TAKE,
    Auth,
    Client,
    CountRequest,
    Credentials,
    Operation,
    RefusedError,
    Script,
    Session,
    Way,
    answered,
    status,
)

from soapstone.runtime.calls.sessions import Callers
from soapstone.runtime.errors import UnexpectedStatus
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse

PASSWORD = b"<Password>"


def _openings(script: Script) -> list[str]:
    """What the requests were opened with: a key, or the password."""
    return [_opening(request) for request in script.requests]


def _opening(request: HttpRequest) -> str:
    if PASSWORD in request.body:
        return "password"
    _, _, rest = request.body.partition(b"<Key>")
    return rest.partition(b"</Key>")[0].decode()


def test_a_session_is_kept(way: Way) -> None:
    """From the call on that follows an answer with a key, that key opens requests."""
    client, script = way.client(
        answered(),
        answered(key="one"),
        answered(),
        answered(key="two"),
        answered(),
        keep_session=True,
    )
    for _ in range(5):
        client.call()
    assert _openings(script) == ["password", "password", "one", "one", "two"]


def test_sessions_are_shared_with_copies(way: Way) -> None:
    """A client with other options uses, and opens, the same session."""
    client, script = way.client(
        answered(key="one"), answered(key="two"), answered(), keep_session=True
    )
    client.call()
    client.with_options(response_limit=999).call()
    client.call()
    assert _openings(script) == ["password", "one", "two"]


def test_sessions_are_not_kept_unless_asked(way: Way) -> None:
    """Without that option every request is opened with what was given."""
    client, script = way.client(answered(key="one"), answered(), answered())
    for _ in range(3):
        client.call()
    assert _openings(script) == ["password"] * 3


@pytest.mark.parametrize("operation", [COUNT, TAKE], ids=["harmless", "once"])
def test_a_session_that_is_over(way: Way, operation: Operation) -> None:
    """A refused session is followed by the same request with what was given, and by a new one."""
    client, script = way.client(
        answered(key="one"),
        REFUSED,
        answered(7, key="two"),
        answered(),
        keep_session=True,
    )
    client.call()
    assert client.call(operation).number == 7
    client.call()
    assert _openings(script) == ["password", "one", "password", "two"]


def test_refused_again(way: Way) -> None:
    """When what was given is refused too, that is raised, and the session is forgotten."""
    client, script = way.client(
        answered(key="one"), REFUSED, REFUSED, answered(), keep_session=True
    )
    client.call()
    with pytest.raises(RefusedError) as caught:
        client.call()
    assert caught.value.attempt == 2
    client.call()
    assert _openings(script) == ["password", "one", "password", "password"]


@pytest.mark.parametrize("keep_session", [False, True])
@pytest.mark.parametrize("auth", [Credentials(), Session("given")])
def test_a_failed_login(way: Way, auth: Auth, *, keep_session: bool) -> None:
    """When what was given is refused, that is raised and nothing else is tried."""
    client, script = way.client(REFUSED, auth=auth, keep_session=keep_session)
    with pytest.raises(RefusedError, match="attempt 1"):
        client.call()
    assert len(script.requests) == 1


def test_a_failed_login_during_repetition(way: Way) -> None:
    """Attempts go on counting when the session is refused, and what was given gets what is left."""
    client, script = way.client(
        answered(key="one"), status(503), REFUSED, status(503), keep_session=True
    )
    client.call()
    with pytest.raises(UnexpectedStatus, match="attempt 3"):
        client.call()
    assert _openings(script) == ["password", "one", "one", "password"]


def test_a_given_session(way: Way) -> None:
    """A session may be given; a new one that an answer opens is used, and falls back to it."""
    client, script = way.client(
        answered(key="new"),
        REFUSED,
        answered(),
        auth=Session("given"),
        keep_session=True,
    )
    client.call()
    client.call()
    assert _openings(script) == ["given", "new", "given"]


def test_a_key_of_the_given_session(way: Way) -> None:
    """An answer that repeats the key of the given session gives nothing to fall back to."""
    client, script = way.client(
        answered(key="given"), REFUSED, auth=Session("given"), keep_session=True
    )
    client.call()
    with pytest.raises(RefusedError):
        client.call()
    assert _openings(script) == ["given", "given"]


def test_failures_open_no_session(way: Way) -> None:
    """An answer that was not read opens nothing."""
    body = b"<Wrong><Key>one</Key></Wrong>"
    client, script = way.client(status(500, body), answered(), keep_session=True)
    with pytest.raises(UnexpectedStatus):
        client.call()
    client.call()
    assert _openings(script) == ["password", "password"]


def test_a_newer_session_stays() -> None:
    """The refusal of an old session takes nothing away from a newer one."""
    callers: Callers[Auth] = Callers(Credentials(), keeps_session=True)
    callers.opened(Session("one"))
    callers.opened(Session("two"))
    assert callers.refused(Session("one"))
    assert callers.current() == Session("two")
    assert callers.refused(Session("two"))
    assert callers.current() == Credentials()
    callers.opened(None)
    assert callers.current() == Credentials()
    assert not callers.refused(Credentials())


class Sessions:
    """A service that accepts only the newest key; a transport that threads share."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = 0
        self.refusals = 0
        self.both_refused = threading.Barrier(2)

    def send(self, request: HttpRequest, /) -> HttpResponse:
        """Open a session for the password, and accept the newest one."""
        opening = _opening(request)
        with self._lock:
            if opening == "password":
                self._newest += 1
                return answered(key=f"key{self._newest}")
            if opening == f"key{self._newest}":
                return answered()
            self.refusals += 1
        self.both_refused.wait(30)
        return REFUSED

    def end_all(self) -> None:
        """Accept no session that there is."""
        with self._lock:
            self._newest += 100


def test_refusals_at_once() -> None:
    """Two threads whose session is refused at the same time both get their answer."""
    service = Sessions()
    client = Client(Credentials(), transport=service, keep_session=True)
    client.call(COUNT, CountRequest())
    service.end_all()
    numbers: list[int | None] = []

    def call() -> None:
        numbers.append(client.call(COUNT, CountRequest()).number)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert numbers == [5, 5]
    assert service.refusals == 2
