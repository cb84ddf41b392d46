"""Requests: what is refused, what is sent, and that it arrives as it was given."""

# ruff: noqa: ANN401 -- what these tests hand over is of any type on purpose

from __future__ import annotations

import itertools
import sys
from collections import OrderedDict, UserString, deque
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType
from typing import Any

import pytest
import revio_documents as page
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from revio import (
    Credentials,
    Envelope,
    Session,
    SmsOptOutCreateRequest,
    SmsOptOutDeleteRequest,
    SmsSendRequest,
    ValidationError,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)
from revio.sms_send import SmsSendRequestProfile

AUTH = Session("key")
PHONE = "\N{MOBILE PHONE}"


def send(**changes: Any) -> SmsSendRequest:
    """A valid request with some members changed, to anything."""
    return SmsSendRequest(**{"to_number": "8504700000", "message": "Hello", **changes})


def broken(request: Any, auth: Any = AUTH) -> list[tuple[str, str]]:
    """Path and rule of every violation, which validate and build_request must agree about."""
    if isinstance(request, SmsSendRequest):
        operation: Any = sms_send
    elif isinstance(request, SmsOptOutCreateRequest):
        operation = sms_opt_out_create
    else:
        operation = sms_opt_out_delete
    found = operation.validate(request)
    if found:
        with pytest.raises(ValidationError) as caught:
            operation.build_request(request, auth)
        assert isinstance(caught.value.violations, tuple)
        assert caught.value.violations == tuple(found)
    else:
        assert isinstance(operation.build_request(request, auth), bytes)
    return [(violation.path, violation.rule) for violation in found]


# One field


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param(
            {"to_number": "123456789"}, [("to_number", "pattern")], id="9 digits"
        ),
        pytest.param({"to_number": "1234567890"}, [], id="10 digits"),
        pytest.param(
            {"to_number": "12345678901"}, [("to_number", "pattern")], id="11 digits"
        ),
        pytest.param(
            {"to_number": "\uff18\uff15\uff10\uff14\uff17" + "\uff10" * 5},
            [("to_number", "pattern")],
            id="full width",
        ),
        pytest.param(
            {"to_number": "\u0660\u0661\u0662\u0663\u0664" * 2},
            [("to_number", "pattern")],
            id="arabic digits",
        ),
        pytest.param(
            {"to_number": "8504700000\n"},
            [("to_number", "pattern")],
            id="trailing newline",
        ),
        pytest.param(
            {"to_number": " 8504700000"}, [("to_number", "pattern")], id="leading blank"
        ),
        pytest.param(
            {"to_number": "850-470-0000"}, [("to_number", "pattern")], id="dashes"
        ),
        pytest.param({"to_number": ""}, [("to_number", "pattern")], id="empty number"),
        pytest.param({"to_number": None}, [("to_number", "required")], id="no number"),
        pytest.param(
            {"to_number": 8504700000}, [("to_number", "type")], id="int for number"
        ),
        pytest.param(
            {"to_number": b"8504700000"}, [("to_number", "type")], id="bytes for number"
        ),
        pytest.param({"message": None}, [("message", "required")], id="no message"),
        pytest.param({"message": ""}, [("message", "length")], id="empty message"),
        pytest.param({"message": "x"}, [], id="1 character"),
        pytest.param({"message": PHONE * 160}, [], id="160 outside the BMP"),
        pytest.param(
            {"message": PHONE * 161}, [("message", "length")], id="161 outside the BMP"
        ),
        pytest.param({"message": "x" * 159 + PHONE}, [], id="160 mixed"),
        pytest.param(
            {"message": "x" * 160 + PHONE}, [("message", "length")], id="161 mixed"
        ),
        pytest.param({"message": " "}, [], id="a blank"),
        pytest.param(
            {"customer_id": True}, [("customer_id", "type")], id="True for an int"
        ),
        pytest.param(
            {"customer_id": False}, [("customer_id", "type")], id="False for an int"
        ),
        pytest.param(
            {"customer_id": "7"}, [("customer_id", "type")], id="str for an int"
        ),
        pytest.param(
            {"customer_id": 7.0}, [("customer_id", "type")], id="float for an int"
        ),
        pytest.param(
            {"customer_id": 2**31}, [("customer_id", "range")], id="2147483648"
        ),
        pytest.param(
            {"customer_id": -(2**31) - 1}, [("customer_id", "range")], id="-2147483649"
        ),
        pytest.param({"customer_id": 2147483647}, [], id="2147483647"),
        pytest.param({"customer_id": -2147483648}, [], id="-2147483648"),
        pytest.param({"customer_id": 0}, [], id="0 is a value"),
        pytest.param({"debug": 1}, [("debug", "type")], id="int for a bool"),
        pytest.param({"debug": "true"}, [("debug", "type")], id="str for a bool"),
        pytest.param({"debug": False}, [], id="False is a value"),
        pytest.param(
            {"profile": {"sms_profile_id": 1}},
            [("profile", "type")],
            id="dict for profile",
        ),
        pytest.param({"profile": SmsSendRequestProfile()}, [], id="empty profile"),
        pytest.param(
            {"profile": SmsSendRequestProfile(sms_profile_id=True)},
            [("profile.sms_profile_id", "type")],
            id="True in profile",
        ),
        pytest.param(
            {"profile": SmsSendRequestProfile(from_number=67312)},  # type: ignore[arg-type]
            [("profile.from_number", "type")],
            id="int for FromNumber",
        ),
    ],
)
def test_one_field(changes: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """A value at or beyond a documented limit is taken or refused under its own path."""
    assert broken(send(**changes)) == expected


def test_a_profile_is_chosen_in_one_way() -> None:
    """SmsProfileID and FromNumber cannot be used together, though each alone can."""
    both = SmsSendRequestProfile(sms_profile_id=0, from_number="")
    assert [path for path, _ in broken(send(profile=both))] == ["profile.from_number"]
    assert broken(send(profile=SmsSendRequestProfile(sms_profile_id=0))) == []
    assert broken(send(profile=SmsSendRequestProfile(from_number=""))) == []


def test_every_violation_is_reported_at_once() -> None:
    """One error lists everything that is wrong, that of the credentials included."""
    request = send(to_number="1", message="", customer_id="7", debug=0, profile=1)
    with pytest.raises(ValidationError) as caught:
        sms_send.build_request(request, Credentials(1, None, "c", b"k"))  # type: ignore[arg-type]
    paths = [violation.path for violation in caught.value.violations]
    assert paths == [
        "auth.username",
        "auth.password",
        "auth.impersonation_key",
        "debug",
        "to_number",
        "message",
        "customer_id",
        "profile",
    ]
    assert all(violation.message for violation in caught.value.violations)


def test_absent_values_are_not_sent_but_zero_false_and_empty_are() -> None:
    """None is left out of the document; 0, False and an empty text are sent."""
    bare = sms_send.build_request(send(), AUTH)
    assert b"CustomerID" not in bare
    assert b"Debug" not in bare
    assert b"Profile" not in bare
    given_ = send(
        customer_id=0, debug=False, profile=SmsSendRequestProfile(from_number="")
    )
    document = sms_send.build_request(given_, AUTH)
    assert page.sent(document, "CustomerID") == ["0"]
    assert page.sent(document, "Debug") == ["false"]
    assert page.sent(document, "FromNumber") == [""]
    assert page.sent(document, "SmsProfileID") == []


def test_members_stand_in_wire_order() -> None:
    """Authentication comes first, then Debug, then the members as the page lists them."""
    request = send(
        debug=True, customer_id=5, profile=SmsSendRequestProfile(sms_profile_id=6)
    )
    document = sms_send.build_request(request, Credentials("u", "p", "c", "k"))
    names = [element.tag.rpartition("}")[2] for element in page.tree(document).iter()]
    assert names == [
        "SMS_Send",
        "Request",
        "Credentials",
        "Username",
        "Password",
        "Client",
        "ImpersonationKey",
        "Debug",
        "ToNumber",
        "Message",
        "CustomerID",
        "Profile",
        "SmsProfileID",
    ]


@pytest.mark.parametrize(
    ("envelope", "root"),
    [
        (Envelope.NONE, "{http://api.myh2o.com/}SMS_Send"),
        (Envelope.SOAP11, "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"),
        (Envelope.SOAP12, "{http://www.w3.org/2003/05/soap-envelope}Envelope"),
    ],
)
def test_the_caller_chooses_the_envelope(envelope: Envelope, root: str) -> None:
    """Any of the three envelopes can be asked for, around the same element."""
    document = sms_send.build_request(send(), AUTH, envelope=envelope)
    assert page.tree(document).tag == root
    payload = page.tree(document)
    if envelope is not Envelope.NONE:
        (body,) = payload
        assert body.tag == root.replace("Envelope", "Body")
        (payload,) = body
    assert page.canonical(etree.tostring(payload)).replace(
        b"</SMS_Send>", b""
    ) == page.canonical(sms_send.build_request(send(), AUTH)).replace(
        b"</SMS_Send>", b""
    )


# Lists


class Broken:
    """Has an iterator, which refuses: an array without dimensions does so."""

    def __iter__(self) -> Iterator[str]:
        raise TypeError("iteration over a 0-d array")


class NoIterator:
    """Has an `__iter__` that gives no iterator."""

    def __iter__(self) -> Any:
        return 5


NUMBERS = ("1234567890", "1234567891")


@pytest.mark.parametrize("kind", [SmsOptOutCreateRequest, SmsOptOutDeleteRequest])
@pytest.mark.parametrize(
    "make",
    [
        lambda: list(NUMBERS),
        lambda: NUMBERS,
        lambda: (number for number in NUMBERS),
        lambda: iter(NUMBERS),
        lambda: dict.fromkeys(NUMBERS).keys(),
        lambda: dict(enumerate(NUMBERS)).values(),
        lambda: deque(NUMBERS),
        lambda: map(str, (1234567890, 1234567891)),
        lambda: itertools.chain(NUMBERS[:1], NUMBERS[1:]),
    ],
    ids=[
        "list",
        "tuple",
        "generator",
        "iterator",
        "keys",
        "values",
        "deque",
        "map",
        "chain",
    ],
)
def test_any_iterable_is_a_list(
    kind: type[SmsOptOutCreateRequest], make: Callable[[], Any]
) -> None:
    """Whatever can be iterated over is kept as a tuple, also when that works only once."""
    request = kind(tns=make())
    assert request.tns == NUMBERS
    assert type(request.tns) is tuple
    assert broken(request) == []
    assert broken(request) == []
    assert hash(request) == hash(kind(tns=NUMBERS))


@pytest.mark.parametrize("make", [set, frozenset])
def test_a_set_is_a_list(make: Callable[[Any], Any]) -> None:
    """A set is kept as a tuple of the same items, in whatever order."""
    request = SmsOptOutCreateRequest(tns=make(NUMBERS))
    assert type(request.tns) is tuple
    assert sorted(request.tns) == sorted(NUMBERS)
    document = sms_opt_out_create.build_request(request, AUTH)
    assert sorted(page.sent(document, "TN")) == sorted(NUMBERS)


def test_items_are_sent_in_order_and_repeated() -> None:
    """Each item becomes one TN, in the given order, repetitions too."""
    request = SmsOptOutCreateRequest(tns=["3", "1", "3", " 2 "])
    document = sms_opt_out_create.build_request(request, AUTH)
    assert page.sent(document, "TN") == ["3", "1", "3", " 2 "]


@pytest.mark.parametrize("kind", [SmsOptOutCreateRequest, SmsOptOutDeleteRequest])
@pytest.mark.parametrize(
    ("value", "rule"),
    [
        pytest.param("6788651234", "type", id="str"),
        pytest.param("", "type", id="empty str"),
        pytest.param(b"6788651234", "type", id="bytes"),
        pytest.param(bytearray(b"6788651234"), "type", id="bytearray"),
        pytest.param(memoryview(b"6788651234"), "type", id="memoryview"),
        pytest.param({"6788651234": 1}, "type", id="dict"),
        pytest.param({}, "type", id="empty dict"),
        pytest.param(OrderedDict({"6788651234": 1}), "type", id="ordered dict"),
        pytest.param(6788651234, "type", id="int"),
        pytest.param(object(), "type", id="object"),
        pytest.param(None, "required", id="None"),
        pytest.param([], "count", id="empty list"),
        pytest.param(iter(()), "count", id="empty iterator"),
        pytest.param(Broken(), "type", id="iteration refuses"),
        pytest.param(NoIterator(), "type", id="no iterator"),
    ],
)
def test_what_is_no_list(
    kind: type[SmsOptOutCreateRequest], value: Any, rule: str
) -> None:
    """Text, bytes, mappings and what is no iterable are a violation, never a TypeError."""
    assert broken(kind(tns=value)) == [("tns", rule)]


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (["1", ""], [("tns[1]", "length")]),
        (["1", None], [("tns[1]", "required")]),
        (["1", 2], [("tns[1]", "type")]),
        (["1", b"2"], [("tns[1]", "type")]),
        (["1", ["2"]], [("tns[1]", "type")]),
        (["1", "\0"], [("tns[1]", "characters")]),
        (["", "1", None], [("tns[0]", "length"), ("tns[2]", "required")]),
        ([" "], []),
    ],
)
def test_items(items: list[Any], expected: list[tuple[str, str]]) -> None:
    """An empty item and an item of a wrong type are named by their position."""
    assert broken(SmsOptOutCreateRequest(tns=items)) == expected
    assert broken(SmsOptOutDeleteRequest(tns=items)) == expected


def calls_of(action: Callable[[], object]) -> int:
    """How many functions written in Python an action calls."""
    names: list[str] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            names.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return len(names)


def test_many_items_take_no_more_calls_than_few() -> None:
    """Numbers are checked and written all together, not one by one."""
    few, many = (
        calls_of(
            partial(
                sms_opt_out_create.build_request,
                SmsOptOutCreateRequest(tns=["6788651234"] * count),
                AUTH,
            )
        )
        for count in (2, 1000)
    )
    assert few == many


def test_a_user_string_is_not_taken_apart_into_a_list() -> None:
    """A string in all but name never becomes a list of its characters on the wire."""
    assert broken(SmsOptOutCreateRequest(tns=UserString("6788651234"))) != []  # type: ignore[arg-type]


# Text arrives as it was given

FORBIDDEN = [
    *map(chr, sorted(set(range(0x20)) - {0x9, 0xA, 0xD})),
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
    "\ud83d\udcf1",
    "\ufffe",
    "\uffff",
]


@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
@pytest.mark.parametrize("place", ["{}", "a{}", "{}a", "a{}a"])
def test_what_xml_cannot_carry_is_refused(character: str, place: str) -> None:
    """Control characters, lone surrogates and the two non-characters are a violation."""
    text = place.format(character)
    rule = "characters"
    assert broken(send(message=text)) == [("message", rule)]
    assert broken(SmsOptOutCreateRequest(tns=[text])) == [("tns[0]", rule)]
    profile = SmsSendRequestProfile(from_number=text)
    assert broken(send(profile=profile)) == [("profile.from_number", rule)]
    for auth, path in (
        (Session(text), "auth.session_key"),
        (Credentials(text, "p", "c"), "auth.username"),
        (Credentials("u", text, "c"), "auth.password"),
        (Credentials("u", "p", text), "auth.client"),
        (Credentials("u", "p", "c", text), "auth.impersonation_key"),
    ):
        with pytest.raises(ValidationError) as caught:
            sms_send.build_request(send(), auth)
        assert [(each.path, each.rule) for each in caught.value.violations] == [
            (path, rule)
        ]


xml_text = st.text(
    st.one_of(
        st.sampled_from("&<>\"'];\r\n\t #x0"),
        st.characters(
            exclude_categories=["Cs"],
            exclude_characters=[*FORBIDDEN[:29], "\ufffe", "\uffff"],
        ),
    ),
    max_size=160,
)


@page.thorough(300)
@given(text=xml_text.filter(bool), envelope=st.sampled_from(Envelope))
@example(text="]]>", envelope=Envelope.NONE)
@example(text="<![CDATA[x]]>", envelope=Envelope.SOAP11)
@example(text="&amp; & &#13; &lt;", envelope=Envelope.SOAP12)
@example(text="\r", envelope=Envelope.NONE)
@example(text="a\r\nb\rc\nd", envelope=Envelope.SOAP11)
@example(text="\t leading and trailing \t\n", envelope=Envelope.SOAP12)
@example(
    text="\x7f\x80\x85\x9f\xa0\u2028\ud7ff\ue000\ufdd0\ufffd\U00010000\U0010ffff",
    envelope=Envelope.NONE,
)
@example(text="\ufeff", envelope=Envelope.NONE)
@example(text=PHONE * 160, envelope=Envelope.SOAP11)
@example(text="%s {} {0} %(x)s \\ \\n", envelope=Envelope.NONE)
def test_any_text_arrives_unchanged(text: str, envelope: Envelope) -> None:
    """An independent parser reads back exactly the text that was given, in each envelope."""
    body = sms_send.build_request(
        send(message=text, profile=SmsSendRequestProfile(from_number=text)),
        Credentials(text, text[::-1], text, text),
        envelope=envelope,
    )
    assert page.sent(body, "Message") == [text]
    assert page.sent(body, "FromNumber") == [text]
    assert page.sent(body, "Username") == [text]
    assert page.sent(body, "Password") == [text[::-1]]
    assert page.sent(body, "Client") == [text]
    assert page.sent(body, "ImpersonationKey") == [text]
    body = sms_opt_out_delete.build_request(
        SmsOptOutDeleteRequest(tns=[text, "1", text]), Session(text), envelope=envelope
    )
    assert page.sent(body, "TN") == [text, "1", text]
    assert page.sent(body, "SessionKey") == [text]


def test_a_text_of_another_class_arrives_unchanged() -> None:
    """Text of a template engine's class, which escapes whatever is put into it, is only text."""
    markupsafe = pytest.importorskip("markupsafe")
    text = markupsafe.Markup("a & b < c ]]> \r")
    document = sms_send.build_request(send(message=text), AUTH)
    assert page.sent(document, "Message") == ["a & b < c ]]> \r"]


# Junk


class RefusalError(Exception):
    """What hostile values raise: no exception that anyone might have thought of."""


def _refuse(*_: object, **__: object) -> Any:
    raise RefusalError


class HostileStr(str):
    """A str that refuses whatever it is asked."""

    __slots__ = ()
    __contains__ = replace = find = __getitem__ = __len__ = __str__ = _refuse
    __eq__ = __ne__ = __repr__ = __format__ = __add__ = __radd__ = __iter__ = _refuse
    __bool__ = isprintable = encode = strip = translate = __mod__ = __rmod__ = _refuse
    __hash__ = str.__hash__


class LyingStr(str):
    """A str that claims to hold nothing that needs escaping."""

    __slots__ = ()

    def __contains__(self, _: object) -> bool:
        return False

    def replace(self, *_: object) -> str:
        """Give another text."""
        return "<lie/>"

    def __str__(self) -> str:
        return "<lie/>"

    def __format__(self, _: str) -> str:
        return "<lie/>"

    def __len__(self) -> int:
        return 1

    def isprintable(self) -> bool:
        """Claim to be harmless."""
        return True


class HostileInt(int):
    """An int that refuses whatever it is asked."""

    __str__ = __repr__ = __format__ = __eq__ = __lt__ = __le__ = __gt__ = _refuse
    __ge__ = __ne__ = __bool__ = __int__ = __index__ = __abs__ = __neg__ = _refuse
    __hash__ = int.__hash__


class Hostile:
    """An object that refuses everything but to be iterated over, which it does not offer."""

    __eq__ = __ne__ = __repr__ = __str__ = __bool__ = __len__ = __hash__ = _refuse
    __contains__ = __getitem__ = __format__ = __int__ = __index__ = _refuse
    __bytes__ = __call__ = __lt__ = __le__ = __gt__ = __ge__ = __getattr__ = _refuse


class Unclassed:
    """An object that refuses to say what it is."""

    __class__ = property(_refuse)


class Pretender:
    """An object that claims to be credentials."""

    __class__ = Credentials  # type: ignore[assignment]


class HostileTuple(tuple[str, ...]):
    """A tuple that cannot be compared or shown, and says that it is empty."""

    __slots__ = ()
    __eq__ = __bool__ = __repr__ = __str__ = __getitem__ = _refuse
    __hash__ = tuple.__hash__

    def __len__(self) -> int:
        return 0


def recursive() -> list[Any]:
    """A list that is its own item."""
    made: list[Any] = []
    made.append(made)
    return made


# Made anew for each use, and chosen by name, so that no tool ever has to show one.
JUNK: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "true": lambda: True,
    "false": lambda: False,
    "zero": lambda: 0,
    "float": lambda: 1.5,
    "nan": lambda: float("nan"),
    "complex": lambda: 1j,
    "bytes": lambda: b"8504700000",
    "huge int": lambda: 10**5000,
    "object": object,
    "class": lambda: int,
    "enum class": lambda: Envelope,
    "generic alias": lambda: list[str],
    "ellipsis": lambda: ...,
    "lambda": lambda: lambda: None,
    "list": lambda: ["8504700000"],
    "recursive list": recursive,
    "dict": lambda: {"a": 1},
    "set": lambda: {"8504700000"},
    "generator": lambda: (each for each in ("8504700000",)),
    "exception": lambda: ValueError("8504700000"),
    "request": send,
    "session": lambda: Session("x"),
    "surrogate": lambda: "\ud800",
    "nul": lambda: "\0",
    "hostile": Hostile,
    "hostile class": lambda: Hostile,
    "hostile str": lambda: HostileStr("8504700000"),
    "hostile markup": lambda: HostileStr("<a>&]]>\r"),
    "lying str": lambda: LyingStr("8504700000"),
    "lying markup": lambda: LyingStr("</Message><Message>"),
    "lying long": lambda: LyingStr("x" * 1000),
    "lying nul": lambda: LyingStr("\0"),
    "hostile int": lambda: HostileInt(5),
    "hostile big int": lambda: HostileInt(2**40),
    "unclassed": Unclassed,
    "pretender": Pretender,
    "hostile tuple": lambda: HostileTuple(("1",)),
    "list of hostile": lambda: [Hostile(), HostileStr("1"), LyingStr("&"), None],
    "iteration refuses": Broken,
    "no iterator": NoIterator,
}

plain_junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(max_size=20),
    st.text(max_size=20),
    st.text("0123456789", min_size=10, max_size=10),
    st.lists(st.one_of(st.none(), st.text(max_size=5), st.integers()), max_size=4),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
    st.dates(),
    st.decimals(),
)
junk = st.one_of(
    plain_junk, st.sampled_from(sorted(JUNK)).map(lambda name: ("junk", name))
)


def real(value: Any) -> Any:
    """What a drawn value stands for."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == "junk":
        return JUNK[value[1]]()
    return value


def attempt(build: Callable[[], bytes]) -> bytes | None:
    """The document, or None when it was refused; every other exception passes through."""
    document: bytes | None = None
    told: list[object] = [True]
    try:
        document = build()
    except ValidationError as error:
        told = [error.violations, str(error), repr(error)]
    assert all(told)
    if document is None:
        return None
    assert type(document) is bytes
    page.tree(document)
    return document


def plain(value: Any) -> str:
    """The characters that a str of any class holds."""
    return str.__str__(value)


FIELDS: dict[str, Callable[[Any], Callable[[], bytes]]] = {
    "Debug": lambda value: lambda: sms_send.build_request(send(debug=value), AUTH),
    "ToNumber": lambda value: lambda: sms_send.build_request(
        send(to_number=value), AUTH
    ),
    "Message": lambda value: lambda: sms_send.build_request(send(message=value), AUTH),
    "CustomerID": lambda value: lambda: sms_send.build_request(
        send(customer_id=value), AUTH
    ),
    "Profile": lambda value: lambda: sms_send.build_request(send(profile=value), AUTH),
    "SmsProfileID": lambda value: lambda: sms_send.build_request(
        send(profile=SmsSendRequestProfile(sms_profile_id=value)), AUTH
    ),
    "FromNumber": lambda value: lambda: sms_send.build_request(
        send(profile=SmsSendRequestProfile(from_number=value)), AUTH
    ),
    "request": lambda value: lambda: sms_send.build_request(value, AUTH),
    "auth": lambda value: lambda: sms_send.build_request(send(), value),
    "SessionKey": lambda value: lambda: sms_send.build_request(send(), Session(value)),
    "Username": lambda value: lambda: sms_send.build_request(
        send(), Credentials(value, "p", "c")
    ),
    "Password": lambda value: lambda: sms_send.build_request(
        send(), Credentials("u", value, "c")
    ),
    "Client": lambda value: lambda: sms_send.build_request(
        send(), Credentials("u", "p", value)
    ),
    "ImpersonationKey": lambda value: lambda: sms_send.build_request(
        send(), Credentials("u", "p", "c", value)
    ),
    "TNs": lambda value: lambda: sms_opt_out_create.build_request(
        SmsOptOutCreateRequest(tns=value), AUTH
    ),
    "TN": lambda value: lambda: sms_opt_out_create.build_request(
        SmsOptOutCreateRequest(tns=["1", value]), AUTH
    ),
}


@pytest.mark.parametrize("junk_name", sorted(JUNK))
@pytest.mark.parametrize("field", sorted(FIELDS))
def test_junk_in_one_field(field: str, junk_name: str) -> None:
    """Whatever stands in a field is refused with ValidationError or arrives as it is."""
    value = JUNK[junk_name]()
    document = attempt(FIELDS[field](value))
    if document is not None and issubclass(type(value), str):
        assert page.sent(document, field)[-1] == plain(value)


@page.thorough(300)
@given(field=st.sampled_from(sorted(FIELDS)), value=plain_junk)
def test_arbitrary_values_in_one_field(field: str, value: Any) -> None:
    """Arbitrary values are refused with ValidationError or arrive as they are."""
    document = attempt(FIELDS[field](value))
    if (
        document is not None
        and isinstance(value, str)
        and field not in {"request", "auth"}
    ):
        assert page.sent(document, field)[-1] == value
    if document is not None and type(value) is int and field.endswith("ID"):
        assert page.sent(document, field) == [str(value)]


@page.thorough(200)
@given(values=st.lists(junk, min_size=12, max_size=12))
def test_junk_in_all_fields(values: list[Any]) -> None:
    """Junk in every field at once raises nothing but ValidationError."""
    values = [real(value) for value in values]
    request = send(
        debug=values[0],
        to_number=values[1],
        message=values[2],
        customer_id=values[3],
        profile=SmsSendRequestProfile(sms_profile_id=values[4], from_number=values[5]),
    )
    auth = Credentials(values[6], values[7], values[8], values[9])
    attempt(lambda: sms_send.build_request(request, auth))
    for kind, operation in (
        (SmsOptOutCreateRequest, sms_opt_out_create),
        (SmsOptOutDeleteRequest, sms_opt_out_delete),
    ):
        attempt(
            lambda kind=kind, operation=operation: operation.build_request(  # type: ignore[misc]
                kind(tns=values[10], debug=values[0]), Session(values[11])
            )
        )
