"""Sessions over the wire: opened by an answer, used by the next request, given up when they end."""

from __future__ import annotations

import pytest
from told import assert_told, raised
from ways import CREDENTIALS, NUMBER, QUICK, Way

from revio import AccessRefused, Credentials, Session
from revio.testing import FakeService, HtmlPage, Respond

# The documented keys of the documented answers.
AFTER_SEND = Session("xyzabc123")
AFTER_CREATE = Session("ASGJDHAGS%&^%&@!")


def callers(fake: FakeService) -> list[Credentials | Session | None]:
    """Who made each request."""
    return [call.auth for call in fake.calls]


def test_a_session_is_kept(way: Way) -> None:
    """After the first answer, requests have the key of the last answer instead of the password."""
    fake = FakeService(accept=[CREDENTIALS])
    with way.open(fake, keep_session=True) as caller:
        caller.send()
        caller.create(NUMBER)
        caller.send()
    assert callers(fake) == [CREDENTIALS, AFTER_SEND, AFTER_CREATE]
    assert b"secret-password" in fake.calls[0].document
    assert b"secret-password" not in fake.calls[1].document


def test_no_session_is_kept_unasked(way: Way) -> None:
    """Without the option every request has what the client was given."""
    fake = FakeService(accept=[CREDENTIALS])
    with way.open(fake) as caller:
        caller.send()
        caller.send()
    assert callers(fake) == [CREDENTIALS, CREDENTIALS]


def test_a_session_that_ended(way: Way) -> None:
    """A refused session is replaced by signing in again, in the same call, and then by the new one."""
    fake = FakeService(accept=[CREDENTIALS])
    with way.open(fake, keep_session=True) as caller:
        caller.send()
        fake.end_sessions()
        assert caller.send().header.success
        caller.send()
    assert callers(fake) == [CREDENTIALS, AFTER_SEND, CREDENTIALS, AFTER_SEND]


def test_a_session_that_ended_and_nothing_else_to_try(way: Way) -> None:
    """A session that the client was given is refused once; there is nothing to fall back to."""
    fake = FakeService(accept=[CREDENTIALS])
    with way.open(fake, AFTER_SEND, keep_session=True, retry=QUICK) as caller:
        error = raised(AccessRefused, caller.send)
        assert_told(error, caller)
    assert callers(fake) == [AFTER_SEND]


def test_neither_session_nor_password_is_accepted(way: Way) -> None:
    """Where signing in again is refused as well, that is the error, after one request for each."""
    refused = Respond(
        body=b"<SMS_SendResult><Header><Success>false</Success><Error_Code>S2005</Error_Code>"
        b"</Header></SMS_SendResult>"
    )
    fake = FakeService()
    with way.open(fake, keep_session=True, retry=QUICK) as caller:
        caller.send()
        fake.script(refused, refused)
        error = raised(AccessRefused, caller.send)
        assert_told(error, caller, attempt=2)
    assert callers(fake) == [CREDENTIALS, AFTER_SEND, CREDENTIALS]


@pytest.mark.parametrize("is_harmless", [False, True], ids=["send", "delete"])
def test_a_failure_keeps_the_session(way: Way, is_harmless: bool) -> None:
    """What fails on the way does not end a session, and the next request has it still."""
    fake = FakeService(accept=[CREDENTIALS])
    with way.open(fake, keep_session=True, retry=QUICK) as caller:
        caller.send()
        fake.script(HtmlPage(503))
        if is_harmless:
            caller.delete(NUMBER)
        else:
            with pytest.raises(Exception, match="HTTP 503"):
                caller.send()
            caller.send()
    assert callers(fake) == [CREDENTIALS, AFTER_SEND, AFTER_SEND]
