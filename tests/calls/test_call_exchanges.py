"""What arrives at the service and what comes back, over every way to call."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from adapter_servers import always, answer, chunked, once, serving
from ways import NUMBER, SEND, Caller, Options, Way

from revio import (
    Credentials,
    Envelope,
    Header,
    Session,
    SmsOptOutCreateRequest,
    SmsOptOutCreateResponse,
    SmsOptOutDeleteRequest,
    SmsOptOutDeleteResponse,
    SmsSendResponse,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)
from revio.sms_send import SmsSendResponseProfile
from revio.testing import Chunk, Compress, FakeService

TNS = (NUMBER, "6788651234")
FULL = Credentials("Zoë", 'p & "w" <>', "client", "key")
CALLS: dict[str, tuple[ModuleType, object, Callable[[Caller], object]]] = {
    "send": (
        sms_send,
        SEND,
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
def test_the_documented_request_arrives(
    way: Way, name: str, envelope: Envelope | None
) -> None:
    """The service gets the bytes of `build_request` and the documented headers, and nothing else."""
    module, request, call = CALLS[name]
    used = envelope or module.ENVELOPE
    auth = Session("a & b") if envelope else FULL
    options = Options(envelope=envelope) if envelope else Options()
    fake = FakeService()
    with way.open(fake, auth, **options) as caller:
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


@EACH_CALL
@pytest.mark.parametrize(
    "step",
    [None, Chunk(1), Chunk(7), Compress("gzip"), Compress("deflate")],
    ids=str,
)
def test_the_documented_answer_comes_back(
    way: Way, name: str, step: Chunk | Compress | None
) -> None:
    """The caller gets the documented values, in whatever form HTTP transfers them."""
    call = CALLS[name][2]
    fake = FakeService()
    if step is not None:
        fake.script(step)
    with way.open(fake) as caller:
        response = call(caller)
    expected: object = {
        "send": SmsSendResponse(
            header=Header(success=True, session_key=KEYS["send"]),
            profile=SmsSendResponseProfile(sms_profile_id=1000, from_number="67312"),
            id=3939323,
        ),
        "create": SmsOptOutCreateResponse(
            header=Header(success=True, session_key=KEYS["create"], impersonated=False)
        ),
        "delete": SmsOptOutDeleteResponse(
            header=Header(success=True, session_key=KEYS["delete"], impersonated=False)
        ),
    }[name]
    assert response == expected


def _raw_deflate(data: bytes) -> bytes:
    """What some servers send instead of what the standard calls deflate."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


ANSWER = (
    b"<SMS_SendResult><Header><Success>1</Success></Header><ID>7</ID></SMS_SendResult>"
)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", _raw_deflate)],
    ids=["gzip", "deflate", "raw-deflate"],
)
def test_an_answer_compressed_in_chunks(
    http_way: Way, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    """A compressed answer that comes in chunks of any size is read, and so is the next one."""
    packed = pack(ANSWER)
    whole = chunked(packed[:1], packed[1:9], packed[9:])
    whole = whole.replace(b"\r\n", f"\r\nContent-Encoding: {encoding}\r\n".encode(), 1)
    with (
        serving(always(whole)) as server,
        http_way.connect(endpoint=server.url()) as caller,
    ):
        assert [caller.send().id, caller.send().id] == [7, 7]
        assert server.connections == 1


def test_an_answer_that_ends_with_its_connection(http_way: Way) -> None:
    """An answer without a length is read up to the end of the connection."""
    data = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + ANSWER
    with (
        serving(once(data)) as server,
        http_way.connect(endpoint=server.url()) as caller,
    ):
        assert [caller.send().id, caller.send().id] == [7, 7]
        assert server.connections == 2


def test_an_answer_in_another_encoding(http_way: Way) -> None:
    """An answer in UTF-16 with blanks around what HTTP says of it is read."""
    body = f'<?xml version="1.0" encoding="utf-16"?>{ANSWER.decode()}'.encode("utf-16")
    data = answer(body, headers="Content-Type:   text/xml; charset=utf-16  \r\n")
    with (
        serving(always(data)) as server,
        http_way.connect(endpoint=server.url()) as caller,
    ):
        assert caller.send().id == 7
