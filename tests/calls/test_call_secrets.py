"""Secrets of calls show nowhere: in no error, log, hook or `repr`, whatever the service does with them."""

from __future__ import annotations

import html
import json
import logging
from collections.abc import Callable
from types import ModuleType
from xml.sax.saxutils import escape

import pytest
from adapter_servers import answer, free_port, once, serving
from spying import CANARY, FORMS, Spy, found_in, pickled, shown_by_error, spying
from ways import CREATE, NUMBER, ONCE, QUICK, SEND, Auth, Caller, Tap, Way

from revio import (
    Credentials,
    Envelope,
    HttpRequest,
    RevioError,
    Session,
    SmsOptOutDeleteRequest,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)
from revio.testing import (
    Chunk,
    Compress,
    CutDocument,
    Delay,
    Drop,
    FakeService,
    Fault,
    HtmlPage,
    Respond,
    Throttle,
    Truncate,
)

USER = Credentials("user", CANARY, "client", CANARY)
OPEN = Session(CANARY)
EACH_AUTH = pytest.mark.parametrize("auth", [USER, OPEN], ids=["user", "session"])

Step = (
    Chunk
    | Compress
    | CutDocument
    | Delay
    | Drop
    | Fault
    | HtmlPage
    | Respond
    | Throttle
    | Truncate
)

CALLS: dict[str, tuple[ModuleType, object, Callable[[Caller], object]]] = {
    "SMS_Send": (sms_send, SEND, lambda caller: caller.send()),
    "SMSOptOut_Create": (
        sms_opt_out_create,
        CREATE,
        lambda caller: caller.create(NUMBER),
    ),
    "SMSOptOut_Delete": (
        sms_opt_out_delete,
        SmsOptOutDeleteRequest(tns=(NUMBER,)),
        lambda caller: caller.delete(NUMBER),
    ),
}


def answer_of(operation: str, header: str, rest: str = "") -> bytes:
    """An answer to an operation, without an envelope."""
    name = f"{operation}Result"
    return f"<{name}><Header>{header}</Header>{rest}</{name}>".encode()


def opened(operation: str) -> Respond:
    """An answer that opens a session, and repeats the request for whoever debugs."""
    echo = f"<Credentials><Password>{CANARY}</Password></Credentials>"
    header = f"<Success>true</Success><SessionKey>{CANARY}</SessionKey>"
    debug = f"<Debug>{echo}{escape(echo)}{CANARY}</Debug>"
    return Respond(200, answer_of(operation, header, debug))


def failed(operation: str, code: str, message: str = "no") -> Respond:
    """An answer that reports a failure, with the key of the session."""
    header = (
        f"<Success>false</Success><Message>{message}</Message>"
        f"<SessionKey>{CANARY}</SessionKey><Error_Code>{code}</Error_Code>"
    )
    return Respond(200, answer_of(operation, header))


# By what happens, how the service is brought to it.
SCENARIOS: dict[str, Callable[[str], Step]] = {
    "documented": lambda _: Chunk(100),
    "compressed": lambda _: Compress("gzip"),
    "success": opened,
    "failure": lambda name: failed(name, "S1"),
    "refused": lambda name: failed(name, "S2005"),
    "invalid": lambda name: failed(name, "S2010", "'1' is an invalid TN."),
    "opted out": lambda name: failed(
        name, "S2010", "'1, 2' are already in the opt-out list."
    ),
    "dropped": lambda _: Drop(),
    "truncated": lambda _: Truncate(),
    "late": lambda _: Delay(600.0),
    "throttled": lambda _: Throttle(None),
    "unavailable": lambda _: HtmlPage(503),
    "portal": lambda _: HtmlPage(200, "Sign in"),
    "cut": lambda name: Respond(200, (opened(name).body)[:-40]),
    "cut in the key": lambda name: Respond(
        200, opened(name).body.partition(CANARY[12:].encode())[0]
    ),
    "other operation": lambda _: opened("SMS_Other"),
}


def spied(
    way: Way,
    auth: Auth,
    *steps: tuple[str, Step],
    level: int = logging.DEBUG,
    timeout: float = 30.0,
) -> Spy:
    """Everything that calls show, each of an operation and with what happens to it."""
    fake = FakeService()
    fake.script(*(step for _, step in steps))
    tap = Tap()
    with (
        spying(level) as spy,
        way.open(
            fake, auth, tap=tap, hooks=[spy.hook], retry=ONCE, timeout=timeout
        ) as caller,
    ):
        for operation, _ in steps:
            with spy.watching(RevioError):
                spy.see(CALLS[operation][2](caller))
        spy.texts.append(caller.shown)
    spy.see(auth, fake, fake.calls, *fake.calls, *tap.seen)
    return spy


@EACH_AUTH
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_nothing_shows_a_secret(way: Way, auth: Auth, scenario: str) -> None:
    """Whatever happens to a call, no secret is in its error, its logs, its hooks or any `repr`."""
    steps = [(operation, SCENARIOS[scenario](operation)) for operation in CALLS]
    spy = spied(way, auth, *steps, timeout=0.05 if scenario == "late" else 30.0)
    assert [each.operation for each in spy.exchanges] == list(CALLS)
    assert spy.logged()
    assert found_in(spy.seen()) == []


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING, logging.ERROR])
def test_no_level_shows_a_secret(own_way: Way, level: int) -> None:
    """At every level, what is logged holds no secret, be it much or little."""
    steps = [
        ("SMS_Send", make("SMS_Send"))
        for name, make in SCENARIOS.items()
        if name != "late"
    ]
    spy = spied(own_way, USER, *steps, level=level)
    assert all(record.levelno >= level for record in spy.records)
    assert found_in(spy.seen()) == []


def test_attempts_and_sessions_show_no_secret(way: Way) -> None:
    """What is said of further attempts, of signing in again and of failing hooks holds no secret either."""
    fake = FakeService()
    fake.script(
        opened("SMSOptOut_Delete"),
        failed("SMSOptOut_Delete", "S2005"),
        Throttle(0),
    )
    with (
        spying() as spy,
        way.open(
            fake,
            USER,
            hooks=[spy.fail, spy.hook],
            keep_session=True,
            retry=QUICK,
        ) as caller,
    ):
        caller.delete(NUMBER)
        spy.see(caller.delete(NUMBER))
        spy.texts.append(caller.shown)
    assert [call.auth for call in fake.calls] == [USER, OPEN, USER, USER]
    said = " ".join(spy.logged())
    assert "SMSOptOut_Delete: a hook failed" in said
    assert "the session was refused; signing in again" in said
    assert "attempt 3 in 0.0 s" in said
    assert found_in(spy.seen()) == []


@pytest.mark.parametrize(
    "auth",
    [
        Credentials("u", CANARY + "\0", "c", CANARY + "\ufffe"),
        Credentials("u", CANARY.encode(), "c"),  # type: ignore[arg-type]
        Credentials("u", [CANARY], "c", (CANARY,)),  # type: ignore[arg-type]
        Session(CANARY + "\ud800"),
        Session({CANARY: CANARY}),  # type: ignore[arg-type]
        CANARY,
    ],
    ids=["control", "bytes", "list", "surrogate", "dictionary", "bare"],
)
def test_a_refused_secret_is_not_shown(way: Way, auth: Auth) -> None:
    """A secret that cannot be sent is refused without being quoted."""
    fake = FakeService()
    with spying() as spy, way.open(fake, auth, hooks=[spy.hook]) as caller:
        with pytest.raises(RevioError) as caught:
            caller.send()
        spy.catch(caught.value)
        spy.texts.append(caller.shown)
    assert fake.calls == ()
    assert found_in(spy.seen()) == []


# A service that repeats what it was sent


def _fault(text: str, detail: str, envelope: Envelope, status: int) -> Respond:
    """A fault in which the echo stands as markup."""
    fault = Fault("TEXT", envelope=envelope, detail="DETAIL", actor="ACTOR").document
    body = fault.decode().replace("TEXT", text).replace("DETAIL", detail)
    return Respond(status, body.replace("ACTOR", text).encode())


def _page(status: int, body: str) -> Respond:
    page = f"<!DOCTYPE html><html><body><h1>Error</h1><pre>{body}</pre></body></html>"
    return Respond(status, page.encode(), (("Content-Type", "text/html"),))


PLACES: dict[str, Callable[[str, str], Respond]] = {
    "fault": lambda _, echo: _fault(echo, echo, Envelope.SOAP11, 500),
    "fault of 1.2": lambda _, echo: _fault(
        echo, f"<a>{echo}</a>", Envelope.SOAP12, 200
    ),
    "page 500": lambda _, echo: _page(500, echo),
    "page 503": lambda _, echo: _page(503, echo),
    "page 200": lambda _, echo: _page(200, echo),
    "text": lambda _, echo: Respond(502, f"Cannot forward {echo}".encode()),
    "message": lambda name, echo: failed(name, "S2010", echo),
    "code": failed,
    "known message": lambda name, echo: failed(
        name, "S2010", f"'{echo}' is an invalid TN."
    ),
    "number": lambda name, echo: Respond(
        200, answer_of(name, "<Success>true</Success>", f"<ID>{echo}</ID>")
    ),
    "boolean": lambda name, echo: Respond(
        200, answer_of(name, f"<Success>{echo}</Success>")
    ),
    "debug": lambda name, echo: Respond(
        200, answer_of(name, "<Success>true</Success>", f"<Debug>{echo}</Debug>")
    ),
    "whole": lambda _, echo: Respond(200, echo.encode()),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_echo_shows_no_secret(own_way: Way, place: str) -> None:
    """A service that repeats the request, anywhere and in any spelling, gives no secret away."""
    for operation, (module, request, _) in CALLS.items():
        auth = OPEN if operation == "SMS_Send" else USER
        document = module.build_request(request, auth).decode()
        steps = [
            (operation, PLACES[place](operation, form(document)))
            for form in FORMS.values()
        ]
        spy = spied(own_way, auth, *steps)
        assert len(spy.exchanges) == len(steps)
        assert found_in(spy.seen()) == []


@pytest.mark.parametrize("limit", [60, 80, 200, 300, 2000, 4096, 20_000])
def test_a_secret_where_a_text_ends(own_way: Way, limit: int) -> None:
    """Wherever a quoted text is cut, not even the beginning of a repeated secret is left."""
    steps: list[tuple[str, Step]] = []
    for padding in range(limit - 60, limit + 1, 12):
        echo = f"{'x' * padding} {CANARY} {CANARY}"
        page = f"<html><head><title>{echo}</title></head></html>"
        respond = (
            Respond(502, echo.encode()),
            Respond(500, page.encode()),
            Respond(200, page.encode()),
            _fault(echo, echo, Envelope.SOAP11, 500),
            failed("SMS_Send", "S1", echo),
            Respond(302, b"", (("Location", f"/{echo.replace(' ', '/')}"),)),
        )
        steps += (("SMS_Send", each) for each in respond)
    fake = FakeService()
    fake.script(*(step for _, step in steps))
    with (
        spying() as spy,
        own_way.open(fake, USER, hooks=[spy.hook], retry=ONCE) as caller,
    ):
        for _ in steps:
            with spy.watching(RevioError):
                caller.send()
    assert len(spy.exchanges) == len(steps)
    assert found_in(spy.seen()) == []


def test_a_secret_with_markup_in_it(own_way: Way) -> None:
    """A repeated secret is recognised in every spelling in which documents and pages have it."""
    secret = "".join(
        f"{CANARY[at : at + 6]}{mark}" for at, mark in enumerate("&<>\"'", 1)
    )
    spellings = [
        secret,
        escape(secret),
        escape(escape(secret)),
        html.escape(secret),
        html.escape(html.escape(secret)),
        json.dumps(secret),
        repr(secret),
    ]
    steps = [
        ("SMS_Send", step)
        for each in spellings
        for step in (
            Respond(500, f"Wrong: {each}".encode()),
            Fault(f"Wrong: {each}"),
            Fault("Wrong", detail=f"<a>{escape(each)}</a>", envelope=Envelope.SOAP12),
            failed("SMS_Send", "S1", escape(each)),
        )
    ]
    for auth in (Credentials("user", secret, "client"), Session(secret)):
        spy = spied(own_way, auth, *steps)
        assert len(spy.exchanges) == len(steps)
        assert found_in(spy.seen()) == []


LINES: dict[str, bytes] = {
    "reason": answer(b"", head=f"400 Wrong {CANARY}"),
    "long reason": answer(b"", head=f"400 {'x' * 50}{CANARY}"),
    "markup in the reason": answer(b"", head=f"400 {'x' * 30}<Password>{CANARY}"),
    "path": answer(
        b"", head="302 Found", headers=f"Location: /{CANARY}?a={CANARY}\r\n"
    ),
    "user": answer(
        b"", head="302 Found", headers=f"Location: https://u:{CANARY}@a.example/\r\n"
    ),
    "pause": answer(b"", head="429 Busy", headers=f"Retry-After: {CANARY}\r\n"),
    "compression": answer(b"", headers=f"Content-Encoding: {'x' * 30}{CANARY}\r\n"),
    "no HTTP": f"<Password>{CANARY}\r\n\r\n".encode(),
    "no status": f"HTTP/1.1 {CANARY} OK\r\n\r\n".encode(),
    "no header": f"HTTP/1.1 200 OK\r\n{CANARY}\r\n\r\n".encode(),
    "no length": f"HTTP/1.1 200 OK\r\nContent-Length: {CANARY}\r\n\r\n".encode(),
    "no chunk": (
        f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{CANARY}\r\n\r\n"
    ).encode(),
}


@pytest.mark.parametrize("line", LINES)
def test_what_http_says_is_not_shown(http_way: Way, line: str) -> None:
    """A secret in a line or a header of HTTP is in no error, hook or record of ours."""
    with (
        spying() as spy,
        serving(once(LINES[line])) as server,
        http_way.connect(
            USER, endpoint=server.url(), hooks=[spy.hook], retry=ONCE
        ) as caller,
    ):
        with spy.watching(RevioError):
            caller.send()
        spy.texts.append(caller.shown)
    assert len(spy.exchanges) == 1
    # Other libraries have logs of their own.
    assert found_in([*spy.texts, *spy.hooked(), *spy.logged("revio")]) == []


def test_an_address_shows_no_secret(
    http_way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key in the query of the endpoint, and the password of the proxy, are in no error, log or hook."""
    gone = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv("http_proxy", f"http://user:{CANARY}@{gone}")
    monkeypatch.setenv("no_proxy", gone)
    for place in (gone, "127.0.0.1:9"):
        endpoint = f"http://{place}/a?key={CANARY}"
        with (
            spying() as spy,
            http_way.connect(
                endpoint=endpoint, hooks=[spy.hook], retry=QUICK
            ) as caller,
        ):
            with pytest.raises(RevioError) as caught:
                caller.send()
            assert caught.value.endpoint == f"http://{place}/a"
            spy.catch(caught.value)
            spy.texts.append(caller.shown)
        assert len(spy.exchanges) == 3
        assert found_in(spy.seen()) == []


@pytest.mark.parametrize("name", ["user", "password"])
def test_an_endpoint_that_is_refused_is_not_shown(own_way: Way, name: str) -> None:
    """An endpoint with a password in it, which is not allowed, is refused without being quoted."""
    user = {"user": CANARY, "password": f"user:{CANARY}"}[name]
    with (
        pytest.raises(ValueError, match="must not hold a user or a password") as caught,
        own_way.connect(endpoint=f"https://{user}@a.example/"),
    ):
        pass
    assert found_in(shown_by_error(caught.value)) == []


# That these tests can fail


SHOWS: dict[str, Callable[[Spy], list[str]]] = {
    "hooks": Spy.hooked,
    "logs": Spy.logged,
    "values": lambda spy: spy.texts,
}


@pytest.mark.parametrize("channel", SHOWS)
def test_what_is_no_secret_is_found(way: Way, channel: str) -> None:
    """The same text as a name of the user or as a message is found in each channel, so a secret would be."""
    auth = Credentials(CANARY, "secret-password", "client")
    document = sms_send.build_request(SEND, auth).decode()
    echo = _fault(escape(document), escape(document), Envelope.SOAP11, 500)
    spy = spied(way, auth, ("SMS_Send", echo))
    assert found_in(SHOWS[channel](spy))


@pytest.mark.parametrize("place", PLACES)
def test_an_echo_is_of_use(own_way: Way, place: str) -> None:
    """What an echo says besides secrets can be read in the log, and but for the `Debug` member in full."""
    auth = Credentials(CANARY, "secret-password", "client")
    document = sms_send.build_request(SEND, auth).decode()
    step = PLACES[place]("SMS_Send", escape(document))
    spy = spied(own_way, auth, ("SMS_Send", step))
    received = [each.response or "" for each in spy.exchanges]
    assert bool(found_in(received)) == (place != "debug")
    assert "secret-password" not in "".join(spy.seen())


class CarelessError(RevioError):
    """An error that keeps a secret, which it does not show itself."""

    def __init__(self, secret: str) -> None:
        self.hidden = Session(secret)
        super().__init__("nothing to see")


def test_a_secret_that_is_shown_is_found(own_way: Way) -> None:
    """Errors, pickles and requests that do hold the secret are noticed as such."""
    assert found_in(shown_by_error(CarelessError(CANARY)))
    plain = RevioError("nothing to see")
    assert not found_in(shown_by_error(plain))
    plain.__context__ = LookupError(CANARY[5:11])
    assert found_in(shown_by_error(plain))
    assert not found_in([CANARY[:5], CANARY.swapcase()])
    fake = FakeService()
    tap = Tap()
    with own_way.open(fake, USER, tap=tap) as caller:
        caller.send()
    (sent,) = [each for each in tap.seen if isinstance(each, HttpRequest)]
    # It is there, and does not show.
    assert sent.body.count(CANARY.encode()) == 2
    assert fake.calls[0].document == sent.body
    assert found_in([pickled(sent)])
    assert not found_in([repr(sent), str(sent), repr(fake.calls)])
