"""What arrives at the service and what comes back, over every way to call."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from adapter_servers import Connection, always, answer, chunked, serving
from ways import CREDENTIALS, NUMBER, TEXT, Caller, Way

from revio import (
    Credentials,
    Envelope,
    Session,
    SmsOptOutCreateRequest,
    SmsOptOutDeleteRequest,
    SmsSendRequest,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)
from revio.testing import Chunk, Compress, FakeService

TNS = (NUMBER, "6788651234")
FULL = Credentials("Zoë", 'p & "w" <>', "client", "key")
CALLS: dict[str, tuple[ModuleType, object, Callable[[Caller], object]]] = {
    "send": (
        sms_send,
        SmsSendRequest(to_number=NUMBER, message=TEXT),
        lambda caller: caller.send(),
    ),
    "create": (
        sms_opt_out_create,
        SmsOptOutCreateRequest(tns=TNS),
        lambda caller: caller.create(*TNS),
    ),
    "delete": (
        sms_opt_out_delete,
        SmsOptOutDeleteRequest(tns=TNS),
        lambda caller: caller.delete(*TNS),
    ),
}
EACH_CALL = pytest.mark.parametrize("name", CALLS)

# The documented keys of the documented answers, in which the page forgot to escape.
KEYS = {
    "send": "xyzabc123",
    "create": "ASGJDHAGS%&^%&@!",
    "delete": "asdjlas^*&^*&@KJHASD",
}


def headers_for(module: ModuleType, envelope: Envelope) -> dict[str, str]:
    """The headers that a request has, in which HTTP has no part."""
    shared = {
        "accept": "text/xml, application/soap+xml",
        "accept-encoding": "gzip, deflate",
        "user-agent": "Soapstone",
    }
    if envelope is Envelope.SOAP12:
        kind = f'application/soap+xml; charset=utf-8; action="{module.SOAP_ACTION}"'
        return {**shared, "content-type": kind}
    return {
        **shared,
        "content-type": "text/xml; charset=utf-8",
        "soapaction": f'"{module.SOAP_ACTION}"',
    }


@EACH_CALL
@pytest.mark.parametrize("envelope", [None, *Envelope], ids=str)
@pytest.mark.parametrize("auth", [FULL, Session("a & b")], ids=["user", "session"])
def test_the_documented_request_arrives(
    way: Way, name: str, envelope: Envelope | None, auth: Credentials | Session
) -> None:
    """The service gets the bytes of `build_request` and the documented headers, and nothing else."""
    module, request, call = CALLS[name]
    used = envelope or module.ENVELOPE
    with FakeService().serve() as _:
        pass
    fake = FakeService()
    with way.open(fake, auth, envelope=used) as caller:
        call(caller)
    (arrived,) = fake.calls
    assert arrived.document == module.build_request(request, auth, envelope=used)
    assert arrived.request == request
    assert arrived.auth == auth
    headers = {each.lower(): value for each, value in arrived.headers}
    assert len(headers) == len(arrived.headers)
    if not way.is_local:
        assert headers.pop("host") == urlsplit(caller.endpoint).netloc
        assert headers.pop("content-length") == str(len(arrived.document))
        assert headers.pop("connection", "keep-alive") == "keep-alive"
    assert headers == headers_for(module, used)
