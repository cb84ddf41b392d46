"""Requests, answers and errors as Python objects."""

# ruff: noqa: ANN401 -- what these tests hand over is of any type on purpose

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any

import pytest
import revio_documents as page

from revio import (
    AlreadyOptedOut,
    ApiError,
    Credentials,
    Envelope,
    Header,
    InvalidTn,
    MalformedResponse,
    RevioError,
    Session,
    SmsOptOutCreateRequest,
    SmsOptOutCreateResponse,
    SmsOptOutDeleteRequest,
    SmsOptOutDeleteResponse,
    SmsSendRequest,
    SmsSendResponse,
    SoapFault,
    ValidationError,
    Violation,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)
from revio.sms_send import SmsSendRequestProfile, SmsSendResponseProfile

INSTANCES: list[Any] = [
    SmsSendRequest(
        debug=True,
        to_number="8504700000",
        message="Hello",
        customer_id=5,
        profile=SmsSendRequestProfile(from_number="1"),
    ),
    SmsSendRequestProfile(sms_profile_id=1),
    SmsOptOutCreateRequest(tns=["1", "2"]),
    SmsOptOutDeleteRequest(tns=["1", "2"], debug=False),
    SmsSendResponse(
        header=Header(success=True, session_key="k"),
        id=5,
        profile=SmsSendResponseProfile(sms_profile_id=1, from_number="2"),
    ),
    SmsSendResponseProfile(),
    SmsOptOutCreateResponse(header=Header(success=True), repaired=("bare-ampersand",)),
    SmsOptOutDeleteResponse(header=Header(success=False, message="m")),
    Header(success=True, impersonated=False),
    Credentials("user", "secret", "client"),
    Credentials("user", "secret", "client", "key"),
    Session("key"),
    Violation("a", "b", "c"),
]
EACH = pytest.mark.parametrize(
    "instance", INSTANCES, ids=lambda instance: type(instance).__name__
)
KEYWORD_ONLY = [
    each
    for each in INSTANCES
    if not isinstance(each, Credentials | Session | Violation)
]


@EACH
def test_frozen_with_slots(instance: Any) -> None:
    """Nothing can be changed, deleted or added after construction."""
    assert not hasattr(instance, "__dict__")
    for field in dataclasses.fields(instance):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(instance, field.name, None)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(instance, field.name)
    with pytest.raises((AttributeError, TypeError)):
        instance.no_such_field = 1
    assert dataclasses.is_dataclass(instance)


@pytest.mark.parametrize(
    "instance", KEYWORD_ONLY, ids=lambda instance: type(instance).__name__
)
def test_keyword_only(instance: Any) -> None:
    """Requests, answers and their parts take keywords only."""
    fields = dataclasses.fields(instance)
    assert all(field.kw_only for field in fields)
    with pytest.raises(TypeError):
        type(instance)(*(getattr(instance, field.name) for field in fields))
    with pytest.raises(TypeError):
        type(instance)(no_such_field=1)


def test_credentials_are_positional_too() -> None:
    """Credentials and a session may be given in the order of the documentation."""
    credentials = Credentials("user", "secret", "client")
    assert credentials == Credentials(
        username="user", password="secret", client="client", impersonation_key=None
    )
    assert credentials.impersonation_key is None
    assert Credentials("u", "s", "c", "k").impersonation_key == "k"
    assert Session("k") == Session(session_key="k")


@EACH
def test_equality_and_hash(instance: Any) -> None:
    """Equal values make equal objects with equal hashes, and any difference counts."""
    twin = dataclasses.replace(instance)
    assert twin == instance
    assert twin is not instance
    assert hash(twin) == hash(instance)
    assert len({twin, instance}) == 1
    assert instance != object()
    for field in dataclasses.fields(instance):
        if field.compare:
            value = ("other",) if field.name == "tns" else "other"
            assert dataclasses.replace(instance, **{field.name: value}) != instance


@EACH
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_pickle(instance: Any, protocol: int) -> None:
    """Every object comes back equal from a pickle, its secrets included."""
    twin = pickle.loads(pickle.dumps(instance, protocol))
    assert twin == instance
    assert type(twin) is type(instance)
    for field in dataclasses.fields(instance):
        assert getattr(twin, field.name) == getattr(instance, field.name)


@EACH
def test_copy(instance: Any) -> None:
    """Copies, shallow and deep, are equal."""
    for twin in (copy.copy(instance), copy.deepcopy(instance)):
        assert twin == instance
        assert hash(twin) == hash(instance)
        for field in dataclasses.fields(instance):
            assert getattr(twin, field.name) == getattr(instance, field.name)


def test_replace() -> None:
    """A changed copy is made with dataclasses.replace, where a list becomes a tuple as ever."""
    request = SmsOptOutCreateRequest(tns=["1"])
    changed = dataclasses.replace(request, tns=(str(number) for number in range(3)))  # type: ignore[arg-type]
    assert changed.tns == ("0", "1", "2")
    assert request.tns == ("1",)
    assert dataclasses.replace(INSTANCES[0], message="Bye").message == "Bye"
    assert dataclasses.replace(Session("a"), session_key="b") == Session("b")


def test_structural_pattern_matching() -> None:
    """Answers, requests and errors can be matched by their members."""
    response = sms_send.parse_response(page.SEND_SUCCESS)
    match response:
        case SmsSendResponse(
            header=Header(success=True, session_key=str(key)),
            id=int(number),
            profile=SmsSendResponseProfile(from_number=sender),
        ):
            assert (key, number, sender) == ("xyzabc123", 3939323, "67312")
        case _:
            pytest.fail("no match")
    match Credentials("u", "s", "c"):
        case Credentials(user, _, client, None):
            assert (user, client) == ("u", "c")
        case _:
            pytest.fail("no match")
    match SmsOptOutCreateRequest(tns=["1", "2"]):
        case SmsOptOutCreateRequest(tns=(first, *rest)):
            assert (first, rest) == ("1", ["2"])
        case _:
            pytest.fail("no match")
    with pytest.raises(AlreadyOptedOut) as caught:
        sms_opt_out_create.parse_response(page.CREATE_SEVERAL_OPTED_OUT)
    match caught.value:
        case ApiError(code="S2010", tns=[first, second]):
            assert (first, second) == ("1234567890", "1234567891")
        case _:
            pytest.fail("no match")


def test_a_list_that_changes_afterwards() -> None:
    """A request keeps what it was given, whatever becomes of the list."""
    numbers = ["1"]
    request = SmsOptOutDeleteRequest(tns=numbers)
    numbers.append("2")
    assert request.tns == ("1",)


def test_members_that_must_be_given() -> None:
    """A required member has no default, an optional one is None."""
    incomplete: list[tuple[Any, dict[str, object]]] = [
        (SmsSendRequest, {"to_number": "1"}),
        (SmsSendRequest, {"message": "1"}),
        (SmsOptOutCreateRequest, {}),
        (SmsOptOutDeleteRequest, {"debug": True}),
        (Credentials, {"username": "u", "password": "p"}),
        (Session, {}),
        (Header, {"message": "m"}),
    ]
    for kind, members in incomplete:
        with pytest.raises(TypeError):
            kind(**members)
    request = SmsSendRequest(to_number="8504700000", message="x")
    assert (request.debug, request.customer_id, request.profile) == (None, None, None)


def test_envelopes() -> None:
    """There are three envelopes, by name."""
    assert [each.name for each in Envelope] == ["NONE", "SOAP11", "SOAP12"]
    assert all(pickle.loads(pickle.dumps(each)) is each for each in Envelope)


# Errors


def errors() -> list[RevioError]:
    """One error of each kind, as it is really raised."""
    caught: list[RevioError] = []
    for operation, document in (
        (sms_send, b"<a/>"),
        (sms_send, page.fault("<faultstring>x</faultstring><detail><a/></detail>")),
        (sms_opt_out_create, page.CREATE_SEVERAL_OPTED_OUT),
        (sms_opt_out_delete, page.DELETE_SEVERAL_INVALID),
        (
            sms_send,
            page.send_answer("<Success>0</Success><Error_Code>S2005</Error_Code>"),
        ),
        (
            sms_send,
            page.send_answer("<Success>0</Success><Error_Code>S2010</Error_Code>"),
        ),
        (sms_send, page.send_answer("<Success>0</Success>")),
    ):
        with pytest.raises(RevioError) as raised:
            operation.parse_response(document)
        caught.append(raised.value)
    with pytest.raises(RevioError) as raised:
        sms_send.build_request(SmsSendRequest(to_number="", message=""), Session("x"))
    caught.append(raised.value)
    return caught


def test_each_kind_is_among_them() -> None:
    """The errors that the next tests look at are of all kinds."""
    kinds = {type(error) for error in errors()}
    assert {
        MalformedResponse,
        SoapFault,
        AlreadyOptedOut,
        InvalidTn,
        ValidationError,
    } < kinds
    assert ApiError in kinds


@pytest.mark.parametrize("error", errors(), ids=lambda error: type(error).__name__)
def test_errors_can_be_pickled_and_copied(error: RevioError) -> None:
    """An error comes back from a pickle and from a copy with its class, text and data."""
    for twin in (
        pickle.loads(pickle.dumps(error)),
        copy.copy(error),
        copy.deepcopy(error),
    ):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert repr(twin) == repr(error)
        assert twin.args == error.args
        assert vars(twin) == vars(error)
        assert vars(error)


def test_violations() -> None:
    """A violation tells path, rule and message, and is a value like any other."""
    (violation,) = sms_send.validate(SmsSendRequest(to_number="1", message="x"))
    assert violation.path == "to_number"
    assert violation.rule == "pattern"
    assert violation.message
    assert violation.path in str(violation)
    assert violation == Violation("to_number", "pattern", violation.message)


def test_what_is_shown() -> None:
    """A repr names the class and its members, none of them secret."""
    assert repr(Credentials("user", "secret", "client")).startswith("Credentials(")
    assert "user" in repr(Credentials("user", "secret", "client"))
    assert "8504700000" in repr(INSTANCES[0])
    assert "3939323" in repr(sms_send.parse_response(page.SEND_SUCCESS))
