"""The documents of the SMS page: each request is built from its values, each answer gives them."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import pytest
import revio_documents as page

from revio import (
    AlreadyOptedOut,
    ApiError,
    Credentials,
    Header,
    InvalidInput,
    InvalidTn,
    RevioError,
    Session,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)

SPECS = Path(__file__).parent.parent.parent / "specs" / "revio"
PAGE_USER = Credentials("[Rev.io user]", "[Rev.io password]", "[Rev.io Client Code]")


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("sms_send/request", page.SEND_REQUEST),
        ("sms_send/response", page.SEND_SUCCESS),
        ("sms_opt_out_create/request", page.CREATE_REQUEST),
        ("sms_opt_out_create/success", page.CREATE_SUCCESS),
        ("sms_opt_out_create/one_invalid_tn", page.CREATE_ONE_INVALID),
        ("sms_opt_out_create/several_invalid_tns", page.CREATE_SEVERAL_INVALID),
        ("sms_opt_out_create/one_already_opted_out", page.CREATE_ONE_OPTED_OUT),
        ("sms_opt_out_create/several_already_opted_out", page.CREATE_SEVERAL_OPTED_OUT),
        ("sms_opt_out_delete/request", page.DELETE_REQUEST),
        ("sms_opt_out_delete/success", page.DELETE_SUCCESS),
        ("sms_opt_out_delete/one_invalid_tn", page.DELETE_ONE_INVALID),
        ("sms_opt_out_delete/several_invalid_tns", page.DELETE_SEVERAL_INVALID),
    ],
)
def test_the_specs_hold_the_documents_of_the_page(name: str, document: bytes) -> None:
    """The sample documents of the specs are still the ones that the page showed."""
    assert (SPECS / f"{name}.xml").read_bytes() == document


# Requests


def test_the_documented_request_of_sms_send() -> None:
    """SMS_Send is built without an envelope, in the namespace without a version, as shown."""
    request = sms_send.SmsSendRequest(
        to_number="8504700000", message="Test Message from Rev.io"
    )
    built = sms_send.build_request(request, Session("xyzabc123"))
    assert page.canonical(built) == page.canonical(page.SEND_REQUEST)


def test_the_documented_request_of_sms_opt_out_create() -> None:
    """SMSOptOut_Create is built in a SOAP 1.1 envelope from credentials and one number."""
    request = sms_opt_out_create.SmsOptOutCreateRequest(tns=["6788651234"])
    built = sms_opt_out_create.build_request(request, PAGE_USER)
    assert page.canonical(built) == page.canonical(page.CREATE_REQUEST)


def test_the_documented_request_of_sms_opt_out_delete() -> None:
    """SMSOptOut_Delete is built in a SOAP 1.1 envelope from credentials and one number."""
    request = sms_opt_out_delete.SmsOptOutDeleteRequest(tns=["1234567890"])
    built = sms_opt_out_delete.build_request(request, PAGE_USER)
    assert page.canonical(built) == page.canonical(page.DELETE_REQUEST)


# Answers that report success


def test_the_documented_answer_of_sms_send() -> None:
    """The answer to SMS_Send gives its header, its identifier and the profile."""
    response = sms_send.parse_response(page.SEND_SUCCESS)
    assert response.header == Header(success=True, session_key="xyzabc123")
    assert response.header.success is True
    assert response.header.impersonated is None
    assert response.id == 3939323
    assert response.profile == sms_send.SmsSendResponseProfile(
        sms_profile_id=1000, from_number="67312"
    )
    assert response.repaired == ()


@pytest.mark.parametrize(
    ("operation", "document", "session_key"),
    [
        (sms_opt_out_create, page.CREATE_SUCCESS, "ASGJDHAGS%&^%&@!"),
        (sms_opt_out_delete, page.DELETE_SUCCESS, "asdjlas^*&^*&@KJHASD"),
    ],
    ids=["create", "delete"],
)
def test_the_documented_answers_that_are_not_well_formed(
    operation: ModuleType, document: bytes, session_key: str
) -> None:
    """Both answers with a bare ampersand give the key as shown, and say what was mended."""
    response = operation.parse_response(document)
    assert response.header.success is True
    assert response.header.message is None
    assert response.header.session_key == session_key
    assert response.header.impersonated is False
    assert response.header.error_code is None
    assert response.header.error_description is None
    assert response.repaired == ("bare-ampersand",)


# Answers that report a failure

FAILURES = [
    pytest.param(
        sms_opt_out_create,
        page.CREATE_ONE_INVALID,
        "'' is an invalid TN.",
        InvalidTn,
        ("",),
        id="create one invalid",
    ),
    pytest.param(
        sms_opt_out_create,
        page.CREATE_SEVERAL_INVALID,
        "', ' are invalid TNs.",
        InvalidTn,
        ("", ""),
        id="create several invalid",
    ),
    pytest.param(
        sms_opt_out_create,
        page.CREATE_ONE_OPTED_OUT,
        "'1234567890' is already in the opt-out list.",
        AlreadyOptedOut,
        ("1234567890",),
        id="create one opted out",
    ),
    pytest.param(
        sms_opt_out_create,
        page.CREATE_SEVERAL_OPTED_OUT,
        "'1234567890, 1234567891' are already in the opt-out list.",
        AlreadyOptedOut,
        ("1234567890", "1234567891"),
        id="create several opted out",
    ),
    pytest.param(
        sms_opt_out_delete,
        page.DELETE_ONE_INVALID,
        "'' is an invalid TN.",
        InvalidTn,
        ("",),
        id="delete one invalid",
    ),
    pytest.param(
        sms_opt_out_delete,
        page.DELETE_SEVERAL_INVALID,
        "', ' are invalid TNs.",
        InvalidTn,
        ("", ""),
        id="delete several invalid",
    ),
]


@pytest.mark.parametrize(("operation", "document", "message", "kind", "tns"), FAILURES)
def test_the_documented_failures(
    operation: ModuleType,
    document: bytes,
    message: str,
    kind: type[InvalidTn | AlreadyOptedOut],
    tns: tuple[str, ...],
) -> None:
    """Each documented failure is raised as its own class, with the numbers and all texts."""
    with pytest.raises(kind) as caught:
        operation.parse_response(document)
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, InvalidInput)
    assert isinstance(error, ApiError)
    assert isinstance(error, RevioError)
    assert error.tns == tns
    assert error.code == "S2010"
    assert error.description == "Invalid input received."
    assert error.message == message
    assert error.response == operation.parse_response(document, check=False)


@pytest.mark.parametrize(("operation", "document", "message", "kind", "tns"), FAILURES)
def test_the_documented_failures_unchecked(
    operation: ModuleType,
    document: bytes,
    message: str,
    kind: type[ApiError],
    tns: tuple[str, ...],
) -> None:
    """With check=False each documented failure comes back as a response with its header."""
    del kind, tns
    response = operation.parse_response(document, check=False)
    assert response.header == Header(
        success=False,
        message=message,
        session_key=None,
        impersonated=None,
        error_code="S2010",
        error_description="Invalid input received.",
    )
    assert response.repaired == ()


# Names


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("revio", ["Credentials", "Session", "Envelope"]),
        (
            "revio.sms_send",
            [
                "SmsSendRequest",
                "SmsSendResponse",
                "build_request",
                "parse_response",
                "validate",
            ],
        ),
        (
            "revio.sms_opt_out_create",
            ["SmsOptOutCreateRequest", "SmsOptOutCreateResponse", "build_request"],
        ),
        (
            "revio.sms_opt_out_delete",
            ["SmsOptOutDeleteRequest", "SmsOptOutDeleteResponse", "build_request"],
        ),
        (
            "revio.errors",
            [
                "RevioError",
                "ValidationError",
                "ApiError",
                "SoapFault",
                "MalformedResponse",
                "TransportError",
                "InvalidTn",
                "AlreadyOptedOut",
            ],
        ),
    ],
)
def test_the_public_names_of_the_contract(module: str, names: list[str]) -> None:
    """Every name that the contract promises can be imported from where it promises it."""
    imported = importlib.import_module(module)
    assert [name for name in names if not hasattr(imported, name)] == []
