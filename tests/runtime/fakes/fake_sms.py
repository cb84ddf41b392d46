"""A fake of the SMS service, written by hand as it would be generated, and ways to ask it.

The package of Rev.io has a runtime of its own, the classes of which are others than those that
are tried here; so its functions are translated.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from revio import sms_opt_out_create, sms_opt_out_delete, sms_send
from revio.errors import AccessRefused, ApiError
from revio.errors import MalformedResponse as OtherMalformedResponse
from revio.errors import Violation as OtherViolation
from revio.sms_opt_out_create import SmsOptOutCreateRequest, SmsOptOutCreateResponse
from revio.sms_opt_out_delete import SmsOptOutDeleteRequest, SmsOptOutDeleteResponse
from revio.sms_send import SmsSendRequest, SmsSendRequestProfile, SmsSendResponse
from revio.types import SECRETS, Credentials, Session, write_authentication
from soapstone.runtime import reading
from soapstone.runtime.answer import Members
from soapstone.runtime.calls.clients import BaseClient
from soapstone.runtime.calls.operation import OperationDescription, ServiceDescription
from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import MalformedResponse, ServiceError, Violation
from soapstone.runtime.fakes.documents import (
    Documents,
    among,
    not_among,
    unlike,
    with_text,
)
from soapstone.runtime.fakes.operation import FakeOperation
from soapstone.runtime.fakes.service import BaseFakeService
from soapstone.runtime.transports.messages import HttpRequest, HttpResponse, Timeouts

ENDPOINT = "https://api.rev.io/v20/default.asmx"
PATH = "/v20/default.asmx"
BARE = "http://api.myh2o.com/"
V20 = "http://api.myh2o.com/v20"
KEY = "xyzabc123"
USER = Credentials("user", "S3CRET-password", "client")
OTHER = Credentials("other", "S3CRET-other", "client")
CREATED = Session("ASGJDHAGS%&^%&@!")  # the key in the documented answer

Auth = Credentials | Session
_T = TypeVar("_T")
_SPECS = Path(__file__).parent.parent.parent.parent / "specs" / "revio"
_CREATE = Documents(_SPECS / "sms_opt_out_create")
_DELETE = Documents(_SPECS / "sms_opt_out_delete")
_SEND = Documents(_SPECS / "sms_send")


def _refusal(documents: Documents) -> bytes:
    document = documents.read("one_invalid_tn.xml").replace(b"S2010", b"S2005")
    return with_text(document, "Message", "Access denied.")


_TN = re.compile("[0-9]{10}", re.ASCII)


class FailureError(ServiceError):
    """A failure that an answer of Rev.io reports."""


class RefusalError(FailureError):
    """The failure that whoever calls is refused."""


@dataclass
class Memory:
    """What the fake remembers."""

    opted_out: set[str] = field(default_factory=set)
    sent: list[SmsSendRequest] = field(default_factory=list)


def _parsing(parse: Callable[[bytes], _T]) -> Callable[[bytes], _T]:
    def parsed(document: bytes) -> _T:
        try:
            return parse(document)
        except AccessRefused as error:
            raise RefusalError(str(error)) from error
        except ApiError as error:
            raise FailureError(str(error)) from error
        except OtherMalformedResponse as error:
            raise MalformedResponse(
                operation=error.operation,
                expected=error.expected,
                received=error.received,
                start=error.start,
            ) from error

    return parsed


def _violations(found: list[OtherViolation]) -> list[Violation]:
    return [Violation(each.path, each.rule, each.message) for each in found]


def read_authentication(members: Members) -> Auth | None:
    session = members.structure("Session", _read_session)
    return session or members.structure("Credentials", _read_credentials)


def _read_session(members: Members) -> Session:
    return Session(members.required_value("SessionKey", reading.text))


def _read_credentials(members: Members) -> Credentials:
    return Credentials(
        username=members.required_value("Username", reading.text),
        password=members.required_value("Password", reading.text),
        client=members.required_value("Client", reading.text),
        impersonation_key=members.value("ImpersonationKey", reading.text),
    )


# SMS_Send


def _build_send(
    request: SmsSendRequest, auth: Auth, /, *, envelope: Envelope | None = None
) -> bytes:
    other = None if envelope is None else type(sms_send.ENVELOPE)(envelope.value)
    return sms_send.build_request(request, auth, envelope=other)


SEND: OperationDescription[SmsSendRequest, Auth, SmsSendResponse] = (
    OperationDescription(
        name="SMS_Send",
        endpoint=ENDPOINT,
        soap_action=sms_send.SOAP_ACTION,
        envelope=Envelope.NONE,
        is_idempotent=False,
        secrets=SECRETS,
        build=_build_send,
        parse=_parsing(sms_send.parse_response),
    )
)


def _read_send(members: Members) -> SmsSendRequest:
    return SmsSendRequest(
        debug=members.value("Debug", reading.boolean),
        to_number=members.required_value("ToNumber", reading.text),
        message=members.required_value("Message", reading.text),
        customer_id=members.value("CustomerID", reading.integer),
        profile=members.structure("Profile", _read_profile),
    )


def _read_profile(members: Members) -> SmsSendRequestProfile:
    return SmsSendRequestProfile(
        sms_profile_id=members.value("SmsProfileID", reading.integer),
        from_number=members.value("FromNumber", reading.text),
    )


def _answer_send(request: SmsSendRequest, memory: Memory) -> bytes:
    memory.sent.append(request)
    return _SEND.read("response.xml")


FAKE_SEND = FakeOperation(
    operation=SEND,
    wrapper="SMS_Send",
    request="Request",
    namespace=BARE,
    place="first",
    read_authentication=read_authentication,
    read=_read_send,
    validate=lambda request: _violations(sms_send.validate(request)),
    answer=_answer_send,
)


# SMSOptOut_Create


def _build_create(
    request: SmsOptOutCreateRequest, auth: Auth, /, *, envelope: Envelope | None = None
) -> bytes:
    other = None if envelope is None else type(sms_send.ENVELOPE)(envelope.value)
    return sms_opt_out_create.build_request(request, auth, envelope=other)


def _opened(
    response: SmsOptOutCreateResponse | SmsOptOutDeleteResponse,
) -> Session | None:
    key = response.header.session_key
    return None if key is None else Session(key)


CREATE: OperationDescription[SmsOptOutCreateRequest, Auth, SmsOptOutCreateResponse] = (
    OperationDescription(
        name="SMSOptOut_Create",
        endpoint=ENDPOINT,
        soap_action=sms_opt_out_create.SOAP_ACTION,
        envelope=Envelope.SOAP11,
        is_idempotent=True,
        secrets=SECRETS,
        build=_build_create,
        parse=_parsing(sms_opt_out_create.parse_response),
        session=_opened,
    )
)


def _read_create(members: Members) -> SmsOptOutCreateRequest:
    return SmsOptOutCreateRequest(
        debug=members.value("Debug", reading.boolean),
        tns=members.required_values("TNs", "TN", reading.text),
    )


def _answer_create(request: SmsOptOutCreateRequest, memory: Memory) -> bytes:
    invalid = unlike(request.tns, _TN)
    if len(invalid) == 1:
        told = f"'{invalid[0]}' is an invalid TN."
        return with_text(_CREATE.read("one_invalid_tn.xml"), "Message", told)
    if invalid:
        told = f"'{', '.join(invalid)}' are invalid TNs."
        return with_text(_CREATE.read("several_invalid_tns.xml"), "Message", told)
    known = among(request.tns, memory.opted_out)
    if known:
        told = f"'{known[0]}' is already in the opt-out list."
        return with_text(_CREATE.read("one_already_opted_out.xml"), "Message", told)
    memory.opted_out.update(request.tns)
    return _CREATE.read("success.xml")


FAKE_CREATE = FakeOperation(
    operation=CREATE,
    wrapper="SMSOptOut_Create",
    request="Request",
    namespace=V20,
    place="first",
    read_authentication=read_authentication,
    read=_read_create,
    validate=lambda request: _violations(sms_opt_out_create.validate(request)),
    answer=_answer_create,
    refused=_refusal(_CREATE),
    invalid=_CREATE.read("one_invalid_tn.xml"),
    message="Message",
)


# SMSOptOut_Delete


def _build_delete(
    request: SmsOptOutDeleteRequest, auth: Auth, /, *, envelope: Envelope | None = None
) -> bytes:
    other = None if envelope is None else type(sms_send.ENVELOPE)(envelope.value)
    return sms_opt_out_delete.build_request(request, auth, envelope=other)


DELETE: OperationDescription[SmsOptOutDeleteRequest, Auth, SmsOptOutDeleteResponse] = (
    OperationDescription(
        name="SMSOptOut_Delete",
        endpoint=ENDPOINT,
        soap_action=sms_opt_out_delete.SOAP_ACTION,
        envelope=Envelope.SOAP11,
        is_idempotent=True,
        secrets=SECRETS,
        build=_build_delete,
        parse=_parsing(sms_opt_out_delete.parse_response),
        session=_opened,
    )
)


def _read_delete(members: Members) -> SmsOptOutDeleteRequest:
    return SmsOptOutDeleteRequest(
        debug=members.value("Debug", reading.boolean),
        tns=members.required_values("TNs", "TN", reading.text),
    )


def _answer_delete(request: SmsOptOutDeleteRequest, memory: Memory) -> bytes:
    unknown = not_among(request.tns, memory.opted_out)
    if unknown:
        told = f"'{', '.join(unknown)}' are invalid TNs."
        return with_text(_DELETE.read("several_invalid_tns.xml"), "Message", told)
    memory.opted_out.difference_update(request.tns)
    return _DELETE.read("success.xml")


FAKE_DELETE = FakeOperation(
    operation=DELETE,
    wrapper="SMSOptOut_Delete",
    request="Request",
    namespace=V20,
    place="first",
    read_authentication=read_authentication,
    read=_read_delete,
    validate=lambda request: _violations(sms_opt_out_delete.validate(request)),
    answer=_answer_delete,
    refused=_refusal(_DELETE),
)


SERVICE = ServiceDescription(
    endpoint=ENDPOINT, logger="fake_sms", refusals=(RefusalError,)
)


class FakeSms(BaseFakeService[Auth, Memory]):
    """A fake of the SMS service."""

    _service = SERVICE
    _operations = (FAKE_SEND, FAKE_CREATE, FAKE_DELETE)
    _memory = Memory


class SmsClient(BaseClient[Auth]):
    """A client of the SMS service."""

    _service = SERVICE


# Documents that no client would build


def send_document(
    members: str = "<ToNumber>8504700000</ToNumber><Message>Hello</Message>",
    auth: Auth | None = USER,
) -> bytes:
    """A request for SMS_Send with given members, bare as the page shows it."""
    opened = "" if auth is None else write_authentication(auth)
    return (
        f'<SMS_Send xmlns="{BARE}"><Request>{opened}{members}</Request></SMS_Send>'
    ).encode()


def create_document(tns: str = "<TNs><TN>6788651234</TN></TNs>") -> bytes:
    """A request for SMSOptOut_Create with given members, in a SOAP 1.1 envelope."""
    members = write_authentication(USER) + tns
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
        f'<SMSOptOut_Create xmlns="{V20}"><Request>{members}</Request></SMSOptOut_Create>'
        "</s:Body></s:Envelope>"
    ).encode()


def http_request(
    body: bytes,
    *headers: tuple[str, str],
    url: str = ENDPOINT,
    read: float = 10.0,
    deadline: float | None = None,
    limit: int = 2**20,
) -> HttpRequest:
    """A request as a client hands it to a transport."""
    return HttpRequest(
        url=url,
        headers=headers,
        body=body,
        timeouts=Timeouts(10.0, read),
        deadline=deadline,
        limit=limit,
        is_idempotent=False,
    )


TEXT_XML = ("Content-Type", "text/xml; charset=utf-8")
SEND_ACTION = ("SOAPAction", f'"{sms_send.SOAP_ACTION}"')
CREATE_ACTION = ("SOAPAction", f'"{sms_opt_out_create.SOAP_ACTION}"')


def post_send(
    fake: FakeSms, body: bytes, content_type: str = TEXT_XML[1]
) -> HttpResponse:
    """Post a document to SMS_Send, without a socket."""
    headers = (("Content-Type", content_type), SEND_ACTION)
    return fake.transport.send(http_request(body, *headers))
