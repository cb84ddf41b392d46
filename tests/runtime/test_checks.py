"""Checks report what is wrong with a value, never raise, and never quote the value."""

import datetime as dt
import itertools
import math
import re
from collections.abc import Callable
from decimal import Decimal
from enum import IntEnum
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import checks, wording
from soapstone.runtime.enumeration import Enumeration
from soapstone.runtime.errors import Violation
from soapstone.runtime.nil import NIL
from soapstone.runtime.timestamp import Timestamp

TypeCheck = Callable[[list[Violation], str, object], bool]


class Structure:
    """Stands for a class of the generated code."""


class Level(IntEnum):
    """An enumeration of integers."""

    HIGH = 3


class Hostile:
    """Raises whatever is asked of it, and claims to be text."""

    @property
    def __class__(self) -> type:  # the lie is the point
        raise RuntimeError

    @__class__.setter
    def __class__(self, value: type) -> None: ...

    def _refuse(self, *_: object) -> NoReturn:
        raise RuntimeError

    __eq__ = __hash__ = __len__ = __iter__ = __bool__ = __lt__ = __repr__ = _refuse
    __str__ = __getattr__ = __contains__ = _refuse


class HostileNumber(int):
    """An integer whose comparisons raise."""

    def _refuse(self, *_: object) -> NoReturn:
        raise RuntimeError

    __ge__ = __le__ = __lt__ = __gt__ = __float__ = _refuse


class HostileZone(dt.tzinfo):
    """A time zone without an offset that could be asked for."""

    def _refuse(self, _moment: dt.datetime | None) -> NoReturn:
        raise RuntimeError

    utcoffset = dst = tzname = _refuse


DAY = dt.date(2026, 1, 31)
NOON = dt.datetime(2026, 1, 31, 12, tzinfo=dt.timezone.utc)


class Status(Enumeration):
    """Documented values, one of them with an apostrophe."""

    ACTIVE = "Active"
    WONT = "won't"
    NONE = ""


class OtherStatus(Enumeration):
    """Another enumeration with a text in common."""

    ACTIVE = "Active"
    GONE = "Gone"


class HostileText(str):
    """A text that equals everything, raises when it is hashed, and shows another one."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise RuntimeError

    def __str__(self) -> str:
        return "Active"


def _enumeration(found: list[Violation], path: str, value: object) -> bool:
    return checks.enumeration(found, path, value, Status)


def _structure(found: list[Violation], path: str, value: object) -> bool:
    return checks.structure(found, path, value, Structure)


TYPE_CHECKS: list[TypeCheck] = [
    checks.text,
    checks.boolean,
    checks.integer,
    checks.long,
    checks.decimal,
    checks.double,
    checks.date,
    checks.date_time,
    checks.binary,
    checks.items,
    _structure,
    _enumeration,
]

UTC = dt.timezone.utc
NOON = dt.datetime(2024, 1, 1, 12, tzinfo=UTC)
WRONG = [
    "secret 4711",
    b"secret 4711",
    4711,
    True,
    4711.5,
    Decimal(4711),
    NOON,
    NOON.date(),
    ("secret 4711",),
    ["secret 4711"],
    {"secret": 4711},
    {"secret 4711"},
    Structure(),
    Structure,
    Hostile(),
    object(),
]


def _rules(check: TypeCheck, value: object) -> list[str]:
    found: list[Violation] = []
    result = check(found, "place", value)
    assert result is not bool(found)
    assert all(violation.path == "place" for violation in found)
    return [violation.rule for violation in found]


@pytest.mark.parametrize(
    ("check", "value", "rules"),
    [
        (checks.text, "", []),
        (checks.text, "tab\t line\n return\r é 𝄞 \ufffd\ue000\ud7ff\x7f\x85", []),
        (checks.text, "\x00", ["characters"]),
        (checks.text, "a\x0b", ["characters"]),
        (checks.text, "\x1f", ["characters"]),
        (checks.text, "\ud800", ["characters"]),
        (checks.text, "a\udfff", ["characters"]),
        (checks.text, "\ufffe", ["characters"]),
        (checks.text, "\uffff", ["characters"]),
        (checks.boolean, True, []),
        (checks.boolean, 1, ["type"]),
        (checks.integer, 2**31 - 1, []),
        (checks.integer, -(2**31), []),
        (checks.integer, 2**31, ["range"]),
        (checks.integer, -(2**31) - 1, ["range"]),
        (checks.integer, True, ["type"]),
        (checks.integer, 1.0, ["type"]),
        (checks.integer, Level.HIGH, []),
        (checks.integer, HostileNumber(5), []),
        (checks.integer, 10**400, ["range"]),
        (checks.long, 2**63 - 1, []),
        (checks.long, -(2**63), []),
        (checks.long, 2**63, ["range"]),
        (checks.long, -(2**63) - 1, ["range"]),
        (checks.long, False, ["type"]),
        (checks.decimal, Decimal("-1.50"), []),
        (checks.decimal, Decimal("NaN"), ["range"]),
        (checks.decimal, Decimal("sNaN"), ["range"]),
        (checks.decimal, Decimal("-Infinity"), ["range"]),
        (checks.decimal, Decimal("1E+1000"), []),
        (checks.decimal, Decimal("1E+1001"), ["range"]),
        (checks.decimal, Decimal("1E-1001"), ["range"]),
        (checks.decimal, Decimal("1E+999999"), ["range"]),
        (checks.decimal, 1, ["type"]),
        (checks.decimal, 1.5, ["type"]),
        (checks.double, 1.5, []),
        (checks.double, math.nan, []),
        (checks.double, -math.inf, []),
        (checks.double, 3, []),
        (checks.double, HostileNumber(3), []),
        (checks.double, True, ["type"]),
        (checks.double, 10**400, ["range"]),
        (checks.double, Decimal(1), ["type"]),
        (checks.date, dt.date(2024, 1, 1), []),
        (checks.date, NOON, ["type"]),
        (checks.date, "2024-01-01", ["type"]),
        (checks.date_time, NOON, []),
        (checks.date_time, NOON.replace(tzinfo=None), []),
        (checks.date_time, NOON.date(), ["type"]),
        (checks.date_time, NOON.replace(tzinfo=HostileZone()), ["range"]),
        (checks.binary, b"", []),
        (checks.binary, bytearray(), ["type"]),
        (checks.items, (), []),
        (checks.items, [], ["type"]),
        (checks.items, "secret", ["type"]),
        (checks.items, b"secret", ["type"]),
        (checks.items, {"a": 1}, ["type"]),
        (checks.date_time, Timestamp(2024, 1, 1, nanosecond=1), []),
        (checks.date_time, Timestamp(2024, 1, 1, tzinfo=HostileZone()), ["range"]),
        (checks.date, Timestamp(2024, 1, 1), ["type"]),
        (checks.text, Status.ACTIVE, []),
        (checks.text, NIL, ["type"]),
        (_enumeration, Status.ACTIVE, []),
        (_enumeration, "Active", []),
        (_enumeration, "won't", []),
        (_enumeration, "", []),
        (_enumeration, OtherStatus.ACTIVE, []),
        (_enumeration, HostileText("Active"), []),
        (_enumeration, OtherStatus.GONE, ["allowed"]),
        (_enumeration, HostileText("Gone"), ["allowed"]),
        (_enumeration, "ACTIVE", ["allowed"]),
        (_enumeration, " Active ", ["allowed"]),
        (_enumeration, "NONE", ["allowed"]),
        (_enumeration, "\x00", ["characters"]),
        (_enumeration, Status, ["type"]),
        (_enumeration, 1, ["type"]),
        (_enumeration, NIL, ["type"]),
        (_structure, Structure(), []),
        (_structure, Structure, ["type"]),
    ],
)
def test_types(check: TypeCheck, value: object, rules: list[str]) -> None:
    """Each check of a type takes exactly the values of that type."""
    assert _rules(check, value) == rules


@pytest.mark.parametrize(
    ("offset", "rules"),
    [
        (dt.timedelta(hours=14), []),
        (dt.timedelta(hours=-14), []),
        (dt.timedelta(hours=14, minutes=1), ["range"]),
        (dt.timedelta(hours=-15), ["range"]),
        (dt.timedelta(hours=5, seconds=28), ["range"]),
    ],
)
def test_offsets(offset: dt.timedelta, rules: list[str]) -> None:
    """A time zone that XSD cannot express is refused."""
    moment = NOON.replace(tzinfo=dt.timezone(offset))
    assert _rules(checks.date_time, moment) == rules


@pytest.mark.parametrize("check", TYPE_CHECKS)
def test_required(check: TypeCheck) -> None:
    """None is a missing value for every type."""
    found: list[Violation] = []
    assert not check(found, "place", None)
    assert found == [Violation("place", "required", "is required")]


@pytest.mark.parametrize("check", TYPE_CHECKS)
def test_no_value_in_messages(check: TypeCheck) -> None:
    """A value of any type is accepted or reported, without raising or being quoted."""
    for value in WRONG:
        found: list[Violation] = []
        assert check(found, "place", value) is not bool(found)
        assert "4711" not in "".join(map(str, found))


def test_list_meant() -> None:
    """Text where a list is meant gets a message that says so."""
    found: list[Violation] = []
    checks.items(found, "tns", "6788651234")
    assert str(found[0]) == "tns: must be a list of values, not str"


@given(st.characters())
def test_characters_are_those_of_xml(character: str) -> None:
    """Text is accepted exactly when a parser of another make accepts its characters."""
    try:
        etree.fromstring(f"<a>&#{ord(character)};</a>")
    except etree.XMLSyntaxError:
        assert _rules(checks.text, character) == ["characters"]
    else:
        assert _rules(checks.text, character) == []


@pytest.mark.parametrize(
    ("limits", "lengths", "sentence"),
    [
        ((1, 3), {1, 2, 3}, "must have 1 to 3 characters"),
        ((2, None), {2, 3, 4}, "must have at least 2 characters"),
        ((None, 2), {0, 1, 2}, "must have at most 2 characters"),
        ((2, 2), {2}, "must have exactly 2 characters"),
        ((None, None), {0, 1, 2, 3, 4}, ""),
    ],
)
def test_length_and_count(
    limits: tuple[int | None, int | None], lengths: set[int], sentence: str
) -> None:
    """Characters and items are counted, limits included; a limit may be left out."""
    minimum, maximum = limits
    for number in range(5):
        found: list[Violation] = []
        checks.length(found, "a", "𝄞" * number, minimum=minimum, maximum=maximum)
        checks.count(
            found, "a", (Hostile(),) * number, minimum=minimum, maximum=maximum
        )
        if number in lengths:
            assert not found
        else:
            assert found == [
                Violation("a", "length", sentence),
                Violation("a", "count", sentence.replace("characters", "items")),
            ]


@pytest.mark.parametrize(
    ("minimum", "maximum", "items", "broken"),
    [
        (1, 3, ("a", "\t", "𝄞" * 3), {}),
        (1, 3, ("a", "", "abcd"), {1: "length", 2: "length"}),
        (None, 3, ("", "abcd"), {1: "length"}),
        (2, None, ("a", "abcd"), {0: "length"}),
        (None, None, ("", "a" * 999), {}),
        (2, None, ("ab", "\0"), {1: "characters"}),
        (
            1,
            1,
            ("\ud800", 5, None, "ab"),
            dict(enumerate(["characters", "type", "required", "length"])),
        ),
        (1, 1, (HostileText("a"), HostileText("")), {1: "length"}),
        (1, None, (Hostile(), "a", ""), {0: "type", 2: "length"}),
        (5, None, (), {}),
    ],
)
def test_texts(
    minimum: int | None,
    maximum: int | None,
    items: tuple[str, ...],
    broken: dict[int, str],
) -> None:
    """Every item that is no text of the right length is reported, in their order."""
    found: list[Violation] = []
    checks.texts(found, "a", items, minimum=minimum, maximum=maximum)
    assert [(each.path, each.rule) for each in found] == [
        (f"a[{position}]", rule) for position, rule in broken.items()
    ]


@given(
    st.lists(
        st.text(max_size=3)
        | st.sampled_from([5, None, b"a", "\0"])
        | st.builds(HostileText)
    ),
    st.integers(0, 3) | st.none(),
    st.integers(0, 3) | st.none(),
    st.none() | st.just("Say something."),
)
def test_texts_together(
    items: list[str], minimum: int | None, maximum: int | None, message: str | None
) -> None:
    """What is said of texts together is what is said of each by itself."""
    together: list[Violation] = []
    checks.texts(
        together, "a", items, minimum=minimum, maximum=maximum, message=message
    )
    apart: list[Violation] = []
    for position, item in enumerate(items):
        place = f"a[{position}]"
        if checks.text(apart, place, item):
            checks.length(
                apart, place, item, minimum=minimum, maximum=maximum, message=message
            )
    assert together == apart


def test_pattern() -> None:
    """The whole value must match, without a free line feed at the end."""
    for value, right in [("12", True), ("123", False), ("12\n", False), ("x12", False)]:
        found: list[Violation] = []
        checks.pattern(found, "a", value, re.compile("[0-9]{2}|[0-9]"))
        assert found == (
            [] if right else [Violation("a", "pattern", "must match [0-9]{2}|[0-9]")]
        )


@pytest.mark.parametrize(
    ("value", "limit", "low", "high"),
    [
        (1, 1, [], []),
        (0, 1, ["minimum"], []),
        (2, 1, [], ["maximum"]),
        (Decimal("0.9"), 1, ["minimum"], []),
        (1.5, Decimal(1), [], ["maximum"]),
        (math.nan, 1, ["minimum"], ["maximum"]),
        (Decimal("NaN"), 1, ["minimum"], ["maximum"]),
        (Decimal("sNaN"), Decimal(1), ["minimum"], ["maximum"]),
        (math.inf, 1, [], ["maximum"]),
        (DAY, DAY, [], []),
        (DAY, DAY + dt.timedelta(days=1), ["minimum"], []),
        (NOON, NOON.replace(tzinfo=None), ["minimum"], ["maximum"]),
    ],
)
def test_minimum_and_maximum(
    value: checks.Ordered, limit: checks.Ordered, low: list[str], high: list[str]
) -> None:
    """A limit is included, whatever the types of number; what cannot be compared is within none."""
    found: list[Violation] = []
    checks.minimum(found, "a", value, limit)
    assert [violation.rule for violation in found] == low
    found.clear()
    checks.maximum(found, "a", value, limit)
    assert [violation.rule for violation in found] == high


def test_allowed() -> None:
    """One of the listed values is allowed; what cannot be compared is not."""
    for value, right in [("a", True), ("A", False), (Hostile(), False), ([], False)]:
        found: list[Violation] = []
        checks.allowed(found, "x", value, ("a", "b"))
        assert found == (
            [] if right else [Violation("x", "allowed", "must be one of 'a', 'b'")]
        )


@pytest.mark.parametrize(
    ("items", "repeated"),
    [
        ((), None),
        (("a", "b"), None),
        (("a", "b", "c", "b", "a"), (3, 1)),
        (([1], [2]), None),
        (([1], [2], [1]), (2, 0)),
        ((Hostile(), Hostile(), "a"), None),
        ((Hostile(), "a", "a"), (2, 1)),
    ],
)
def test_unique(items: tuple[object, ...], repeated: tuple[int, int] | None) -> None:
    """The first repetition is reported, also of what cannot be hashed or compared."""
    found: list[Violation] = []
    checks.unique(found, "x", items)
    if repeated is None:
        assert not found
    else:
        second, first = repeated
        sentence = f"must not repeat an item: [{second}] equals [{first}]"
        assert found == [Violation("x", "unique", sentence)]


Rule = Callable[..., None]


@pytest.mark.parametrize(
    ("rule", "values", "paths"),
    [
        (checks.exclusive, (None, None, None), []),
        (checks.exclusive, (0, None, None), []),
        (checks.exclusive, (0, None, ""), ["message"]),
        (checks.exclusive, (None, False, ""), ["message"]),
        (checks.exclusive, (1, 1, 1), ["path"]),
        (checks.exactly_one, (None, None, None), ["found"]),
        (checks.exactly_one, (None, "", None), []),
        (checks.exactly_one, (1, None, 1), ["message"]),
        (checks.at_least_one, (None, None, None), ["found"]),
        (checks.at_least_one, (None, None, False), []),
        (checks.at_least_one, (1, 1, 1), []),
        (checks.requires, (None, None, None), []),
        (checks.requires, (None, 1, None), []),
        (checks.requires, (0, 1, None), ["message"]),
        (checks.requires, (0, None, None), ["path", "message"]),
        (checks.requires, (Hostile(), Hostile(), Hostile()), []),
    ],
)
def test_rules_between_fields(
    rule: Rule, values: tuple[object, ...], paths: list[str]
) -> None:
    """Rules look at what is given, whatever a member is called and whatever it holds."""
    members = tuple(zip(("found", "path", "message"), values, strict=True))
    found: list[Violation] = []
    rule(found, "", *members)
    assert [violation.path for violation in found] == paths
    nested: list[Violation] = []
    rule(nested, "profile.", *members, message="No.")
    assert nested == [
        Violation(f"profile.{path}", rule.__name__, "No.") for path in paths
    ]


def test_sentences_of_rules() -> None:
    """The messages name the fields that are involved."""
    found: list[Violation] = []
    checks.exclusive(found, "", ("a", 1), ("b", 1))
    checks.exactly_one(found, "", ("a", None), ("b", None))
    checks.requires(found, "", ("a", 1), ("b", None))
    assert [str(violation) for violation in found] == [
        "b: cannot be used together with a",
        "a: a or b is required",
        "b: is required together with a",
    ]


@pytest.mark.parametrize("check", [checks.required_when, checks.prohibited_when])
@pytest.mark.parametrize("values", [*itertools.product([None, 0, NIL], repeat=3)])
def test_conditional_rules(check: Rule, values: tuple[object, ...]) -> None:
    """Each member that is missing, or given, is reported with the sentence of the rule."""
    members = tuple(zip(("found", "prefix", "message"), values, strict=True))
    found: list[Violation] = []
    check(found, "profile.", *members, message="No.")
    assert found == [
        Violation(f"profile.{name}", check.__name__, "No.")
        for name, value in members
        if (value is None) == (check is checks.required_when)
    ]


@pytest.mark.parametrize(
    ("chooser", "blocks", "paths"),
    [
        ("Card", (1, None), []),
        ("Card", (NIL, None), []),
        ("Card", (None, None), ["prefix"]),
        ("Card", (None, 1), ["prefix", "message"]),
        ("Card", (1, 0), ["message"]),
        ("ACH", (None, 1), []),
        ("Wire", (None, ()), []),
        ("Wire", (1, None), ["prefix", "message"]),
        (None, (None, None), []),
        (None, (1, 1), ["prefix", "message"]),
        (5, (1, None), ["prefix"]),
        ("Cash", (None, False), ["message"]),
        (NIL, (None, None), []),
    ],
)
def test_choice(chooser: object, blocks: tuple[object, ...], paths: list[str]) -> None:
    """A block is given exactly when its value is chosen, whatever the values are."""
    first, second = blocks
    for message in (None, "No."):
        found: list[Violation] = []
        checks.choice(
            found,
            "payment.",
            ("kind", chooser),
            ("prefix", first, ("Card",)),
            ("message", second, ("ACH", "Wire")),
            message=message,
        )
        assert [each.path for each in found] == [f"payment.{path}" for path in paths]
        assert {each.rule for each in found} <= {"choice"}
        if message:
            assert {each.message for each in found} <= {message}


def test_hostile_choice() -> None:
    """A value that cannot be compared chooses nothing, and whatever is given is given."""
    found: list[Violation] = []
    hostile = Hostile()
    checks.choice(
        found, "", ("kind", hostile), ("a", None, ("b",)), ("c", hostile, (1,))
    )
    assert [each.path for each in found] == ["c"]


def test_sentences_of_choices() -> None:
    """The messages name the values that choose a block, in the way people write them."""
    found: list[Violation] = []
    checks.choice(
        found,
        "",
        ("kind", Status.ACTIVE),
        ("a", None, (Status.ACTIVE, Status.WONT)),
        ("b", 1, (Decimal("1.50"), 2, True)),
    )
    checks.enumeration(found, "c", "4711", Status)
    assert [str(violation) for violation in found] == [
        "a: is required when kind is 'Active' or \"won't\"",
        "b: must not be given unless kind is 1.50 or 2 or True",
        "c: must be one of 'Active', \"won't\", ''",
    ]


def test_own_messages() -> None:
    """A documented message replaces the general one."""
    found: list[Violation] = []
    checks.length(found, "a", "", minimum=1, message="Say something.")
    checks.pattern(found, "a", "", re.compile("x"), message="Say something.")
    checks.minimum(found, "a", 0, 1, message="Say something.")
    checks.maximum(found, "a", 2, 1, message="Say something.")
    checks.allowed(found, "a", 0, (1,), message="Say something.")
    checks.count(found, "a", (), minimum=1, message="Say something.")
    checks.unique(found, "a", (1, 1), message="Say something.")
    assert [violation.message for violation in found] == ["Say something."] * 7


def test_one_of_several_structures() -> None:
    """A structure may be of any of the classes that stand for it."""
    found: list[Violation] = []
    assert checks.structure(found, "a", Structure(), int, Structure)
    assert not checks.structure(found, "a", "text", int, Structure)
    assert [each.message for each in found] == [
        "must be an int or a Structure, not str"
    ]


def test_structures_that_hold_themselves_end() -> None:
    """The level after the 256th is refused, whatever is there; the path is the outermost member's."""
    found: list[Violation] = []
    path = "a[0]" + ".a" * 255
    assert checks.nested(found, path, Structure(), Structure)
    assert not checks.nested(found, path, 5, Structure)
    assert not checks.nested(found, f"{path}.a", Structure(), Structure)
    assert [(each.path, each.rule) for each in found] == [
        (path, "type"),
        ("a[0]", "depth"),
    ]
    assert found[1].message == "must not be nested more than 256 levels deep"


def test_none_is_no_list_of_what_may_be_missing() -> None:
    """A member that may come any number of times is never None; an empty list says there is none."""
    found: list[Violation] = []
    assert checks.repeated(found, "a", ())
    assert not checks.repeated(found, "a", None)
    assert not checks.repeated(found, "a", "text")
    assert [str(each) for each in found] == [
        "a: must be a list of values, not None",
        "a: must be a list of values, not str",
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Folder", "a Folder"),
        ("Order", "an Order"),
        ("User", "a User"),
        ("int", "an int"),
        ("OneOff", "a OneOff"),
        ("Update", "an Update"),
    ],
)
def test_articles(name: str, expected: str) -> None:
    """A class is called by the article that goes with its sound."""
    assert wording.with_article(name) == expected


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (1, None, "at least 1 item"),
        (None, 1, "at most 1 item"),
        (1, 1, "exactly 1 item"),
        (0, 1, "0 to 1 item"),
        (None, 0, "at most 0 items"),
        (2, None, "at least 2 items"),
        (1, 3, "1 to 3 items"),
    ],
)
def test_numbers(minimum: int | None, maximum: int | None, expected: str) -> None:
    """One is singular."""
    assert wording.limits(minimum, maximum, "item") == expected


def test_limits_in_time() -> None:
    """Days and times are not more or less than others, but before or after them."""
    day = dt.date(2020, 1, 2)
    moment = dt.datetime(2020, 1, 2, 3, 4, tzinfo=dt.timezone.utc)
    found: list[Violation] = []
    checks.minimum(found, "a", dt.date(2020, 1, 1), day)
    checks.maximum(found, "b", moment + dt.timedelta(1), moment)
    assert [each.message for each in found] == [
        "must be on or after 2020-01-02",
        "must be on or before 2020-01-02T03:04:00+00:00",
    ]
