"""No secret is shown, however it is spelled and wherever the text is cut."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.enumeration import Enumeration
from soapstone.runtime.nil import NIL, Nil
from soapstone.runtime.redaction import (
    MASK,
    kind_of,
    mask_document,
    mask_values,
    secret_values,
    start_of,
    without_secrets,
    without_values,
)
from soapstone.runtime.timestamp import Timestamp

NAMES = frozenset({"Password", "SessionKey"})


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("<a>b</a>", "<a>b</a>"),
        ("<a><Password>S</Password>b</a>", "<a><Password>***</Password>b</a>"),
        ("<p:Password>S</p:Password>b", "<p:Password>***</p:Password>b"),
        ("<Password\n>S</Password\n>b", "<Password\n>***</Password\n>b"),
        ("<Password></Password><Password/>b", "<Password></Password><Password/>b"),
        (
            "<Password a='S' b = \"S\">S</Password>b",
            "<Password a='***' b = \"***\">***</Password>b",
        ),
        ("<Password a='S' />b", "<Password a='***' />b"),
        ("<Password a='/>'>S</Password>b", "<Password***</Password>b"),
        ("<Password a='>S</Password>b", "<Password***</Password>b"),
        ("<Password>S<b>S</b>S</Password>b", "<Password>***</Password>b"),
        (
            "<Password>S<Password>S</Password>S<Password/>S</Password>b",
            "<Password>***</Password>b",
        ),
        ("<Password>S</SessionKey>S</Password>b", "<Password>***</Password>b"),
        (
            "<Password><![CDATA[</Password>S]]>S</Password>b",
            "<Password>***</Password>b",
        ),
        ("<Password><!--</Password>-->S</Password>b", "<Password>***</Password>b"),
        ("<Password><?p </Password>?>S</Password>b", "<Password>***</Password>b"),
        ("<Password><![CDATA[</Password>S", "<Password>***"),
        ("<Password>S</Passwor", "<Password>***"),
        ("<Password>S", "<Password>***"),
        ("<Password S", "<Password***"),
        ("<Password", "<Password"),
        ("<Passwords>b</Passwords>", "<Passwords>b</Passwords>"),
        ("<Old-Password>b</Old-Password>", "<Old-Password>b</Old-Password>"),
        ("<password>S</password>b", "<password>***</password>b"),
        (
            "<![CDATA[<Password>S</Password>]]>b",
            "<![CDATA[<Password>***</Password>]]>b",
        ),
        (
            "&lt;Password&gt;S&lt;/Password&gt;b",
            "&lt;Password&gt;***&lt;/Password&gt;b",
        ),
        ("&lt;Password>S&lt;/Password>b", "&lt;Password>***&lt;/Password>b"),
        (
            "&lt;x:Password a=&quot;S&quot;&gt;S&lt;/x:Password&gt;b",
            "&lt;x:Password a=&quot;***&quot;&gt;***&lt;/x:Password&gt;b",
        ),
        (
            "&#60;Password&#62;S&#x3C;/Password&#x3e;b",
            "&#60;Password&#62;***&#x3C;/Password&#x3e;b",
        ),
        (
            "&amp;lt;Password&amp;gt;S&amp;lt;/Password&amp;gt;b",
            "&amp;lt;Password&amp;gt;***&amp;lt;/Password&amp;gt;b",
        ),
        ("&lt;Password&gt;S", "&lt;Password&gt;***"),
        ("<Password>&lt;/Password&gt;S</Password>b", "<Password>***</Password>b"),
        (
            "&lt;Password&gt;<Password>S&lt;/Password&gt;S</Password>b",
            "&lt;Password&gt;***</Password>b",
        ),
        ("<a SessionKey='S' b='c'/>", "<a SessionKey='***' b='c'/>"),
        ('<a p:SessionKey = "S"/>', '<a p:SessionKey = "***"/>'),
        ("<a SessionKey='S", "<a SessionKey='***"),
        ("<a SessionKey=''/>", "<a SessionKey=''/>"),
        ("<a SessionKey\n=\t'S>S'/>b", "<a SessionKey\n=\t'***'/>b"),
        (
            "<a SessionKey='S\"S' Password=\"S'S\"/>",
            "<a SessionKey='***' Password=\"***\"/>",
        ),
        ("<a sessionkey='S'/>", "<a sessionkey='***'/>"),
        ("<a MySessionKey='b'/>", "<a MySessionKey='b'/>"),
        (
            "&amp;lt;a SessionKey=&amp;quot;S&amp;quot; b=&amp;quot;c",
            "&amp;lt;a SessionKey=&amp;quot;***&amp;quot; b=&amp;quot;c",
        ),
        ("&lt;a SessionKey=&quot;S&quot;/>", "&lt;a SessionKey=&quot;***&quot;/>"),
        ('{"SessionKey": "S\\"S", "b": 1}', '{"SessionKey": "***", "b": 1}'),
        ('{"SessionKey": "S\\', '{"SessionKey": "***'),
    ],
)
def test_mask_document(text: str, masked: str) -> None:
    """Exactly the secret content is masked, and everything else stays."""
    assert mask_document(text, NAMES) == masked


def test_no_names() -> None:
    """Where nothing is secret nothing is masked."""
    assert (
        mask_document("<Password>x</Password>", frozenset()) == "<Password>x</Password>"
    )


SECRET = "hunter2"
CONTENT = st.sampled_from(
    [
        SECRET,
        f"<![CDATA[</Password>{SECRET}]]>",
        f"<!-- </Password> -->{SECRET}",
        f"<Password>{SECRET}</Password>{SECRET}",
        f"<x a='{SECRET}'>{SECRET}</x>",
        f"&lt;/Password&gt;{SECRET}",
        f"&lt;Password/&gt;{SECRET}",
        f"&lt;Password&gt;{SECRET}&lt;/Password&gt;{SECRET}",
        f"<![CDATA[<!--]]>{SECRET}<!---->{SECRET}",
    ]
)
TAGS = st.sampled_from(
    [
        ("<Password>", "</Password>"),
        ("<p:Password xmlns:p='urn:x'>", "</p:Password >"),
        ("<Password b='>'>", "</Password>"),
        ("<Password b='/>' >", "</Password>"),
        (f"<Password b='{SECRET}'>", "</Password>"),
    ]
)
AROUND = st.text(alphabet="ab <>/&;'\"=!-[]", max_size=12)


@given(st.lists(st.tuples(AROUND, TAGS, CONTENT), max_size=4), AROUND, st.data())
def test_no_cut_shows_a_secret(
    parts: list[tuple[str, tuple[str, str], str]], end: str, data: st.DataObject
) -> None:
    """Whatever stands around and wherever the text is cut, no secret is left in it."""
    text = "".join(
        f"{before}{start}{content}{stop}" for before, (start, stop), content in parts
    )
    text = f"<r>{text}{end}</r>"
    for _ in range(data.draw(st.integers(0, 2))):
        text = f"<e>{escape(text)}</e>"
    cut = data.draw(st.integers(0, len(text)))
    assert SECRET not in mask_document(text[:cut], NAMES)


@given(
    CONTENT,
    TAGS,
    st.integers(0, 420),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le"]),
)
def test_start_of(
    content: str, tags: tuple[str, str], blank: int, encoding: str
) -> None:
    """The start of a document shows no secret, wherever its 300 characters end."""
    text = f"<r>{'x' * blank}{tags[0]}{content}{tags[1]}{'y' * 500}</r>"
    for document in (text, text.encode(encoding)):
        shown = start_of(document, NAMES)
        assert "hunt" not in shown
        assert len(shown) <= 300
        assert shown.startswith("<r>")


def test_start_of_long_secrets() -> None:
    """Neither a secret nor a tag that is longer than what is looked at gets through."""
    for text in (
        f"<a><Password>{SECRET * 9999}</Password>{SECRET}</a>",
        f"<a><Password a='{SECRET * 9999}'>{SECRET}</Password></a>",
        f"<a Password='{SECRET * 9999}'/>",
    ):
        assert SECRET not in start_of(text, NAMES)
        assert start_of(text, NAMES).endswith(MASK)


@pytest.mark.parametrize(
    "piece",
    [
        "<Password>",
        "<Password ",
        "<Password a='",
        "&lt;",
        "<a:",
        "SessionKey=",
        "Password='",
        "<Password/>",
        "<!--",
        "<Password><!--",
        "<Password a=''",
        "&amp;lt;Password",
        " ",
    ],
)
def test_linear(piece: str) -> None:
    """No text, however broken, holds up the masking."""
    started = time.perf_counter()
    mask_document(piece * 20_000, NAMES)
    mask_document(f"<Password>{piece * 20_000}", NAMES)
    assert time.perf_counter() - started < 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """A nested structure."""

    name: str
    key: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    """A structure with secrets of several kinds."""

    inner: Inner | None
    many: tuple[Inner, ...] = ()
    pin: int = field(repr=False, default=1)
    kind: type = Inner
    numbers: tuple[int, ...] = (1, 2)

    def __post_init__(self) -> None:
        if self.inner is None and self.many:
            raise ValueError


def test_without_secrets() -> None:
    """Secret fields at any depth are masked, in a copy that keeps everything else."""
    original = Outer(
        inner=Inner(name="a", key="S"), many=(Inner(name="b"), Inner(name="c", key="S"))
    )
    shown = without_secrets(original)
    assert type(shown) is Outer
    assert shown.inner == Inner(name="a", key=MASK)
    assert shown.many == (Inner(name="b", key=None), Inner(name="c", key=MASK))
    assert getattr(shown, "pin") == MASK  # noqa: B009 - declared as a number
    assert (shown.kind, shown.numbers) == (Inner, (1, 2))
    assert original.inner == Inner(name="a", key="S")
    assert without_secrets("text") == "text"


class Status(Enumeration):
    """Documented values."""

    ACTIVE = "Active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A structure with values of other kinds."""

    status: Status | str
    when: Timestamp
    port: str | Nil | None
    pin: Status | str = field(repr=False)


def test_other_values() -> None:
    """Documented values, points in time and nil stay what they are; secret ones do not."""
    when = Timestamp(2024, 1, 1, nanosecond=1)
    line = Line(status=Status.ACTIVE, when=when, port=NIL, pin=Status.ACTIVE)
    shown = without_secrets(line, NAMES)
    assert shown.status is Status.ACTIVE
    assert shown.when is when
    assert shown.port is NIL
    assert shown.pin == MASK


# Secret values


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A structure with secrets of every kind."""

    name: str = "somebody"
    password: str = field(default="hunter2", repr=False)
    pin: int | None = field(default=None, repr=False)
    seed: bytes | None = field(default=None, repr=False)
    is_old: bool = field(default=True, repr=False)
    keys: tuple[str, ...] = field(default=(), repr=False)
    inner: Inner | None = field(default=None, repr=False)
    open: tuple[Inner, ...] = ()
    status: Status | str = field(default=Status.ACTIVE, repr=False)


def test_secret_values() -> None:
    """Every text in a secret field is found at any depth, and what is written as one."""
    account = Account(
        pin=123456,
        seed=b"\0\1\2",
        keys=("first", "abc", "second"),
        inner=Inner(name="hidden", key="deeper"),
        open=(Inner(name="visible", key="inside"), Inner(name="no key")),
    )
    found = secret_values(account, None, "text", (Account(password="another"),), Inner)
    assert found == {
        "hunter2",
        "another",
        "123456",
        "AAEC",
        "first",
        "second",
        "hidden",
        "deeper",
        "inside",
        "Active",
    }
    assert {type(each) for each in found} == {str}
    assert secret_values() == frozenset()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("", ""),
        ("a&b<c", MASK),
        ("x a&b<c y a&b<c", f"x {MASK} y {MASK}"),
        ("x a&amp;b&lt;c y", f"x {MASK} y"),
        ("x a&amp;b<c y", f"x {MASK} y"),
        ("x a&amp;amp;b&amp;lt;c y", f"x {MASK} y"),
        ("x a&#38;b&#x3C;c y", f"x {MASK} y"),
        ("x &#97;&#0038;\\u0062&LT;c y", f"x {MASK} y"),
        ("x a&#38;#38;b&#60;c y", f"x {MASK} y"),
        ("longer", MASK),
        ("longer still", MASK),
        ("longer stil", f"{MASK} stil"),
        ("x it's\\y z", f"x {MASK} z"),
        ("x it\\'s\\\\y z", f"x {MASK} z"),
        ("x it&#39;s\\y z", f"x {MASK} z"),
        ("x it&apos;s&#92;y z", f"x {MASK} z"),
        ('x \\/\\"/ z', f"x {MASK} z"),
        ("a&b", "a&b"),
        ("a&amp;b&nbsp;c &#1114112; &#x110000; &# & \\ \\u12", None),
    ],
)
def test_mask_values(text: str, masked: str | None) -> None:
    """A value is found in every spelling, alone or in a longer one, and nothing else is."""
    values = frozenset({"a&b<c", "longer", "longer still", "it's\\y", '/"/'})
    assert mask_values(text, values) == (text if masked is None else masked)
    assert mask_values(text, frozenset()) == text


def test_values_that_touch() -> None:
    """Values that overlap or touch leave one mask and nothing of themselves."""
    values = frozenset({"abcd", "cdef", "efgh"})
    assert mask_values("xabcdefghy", values) == "x***y"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("x secret&key", "x ***"),
        ("x secret&ke", "x ***"),
        ("x secret&k", "x ***"),
        ("x secret&", "x ***"),
        ("x secret&amp;", "x ***"),
        ("x secret&amp", "x ***"),
        ("x secret&am", "x ***"),
        ("x secret&#x2", "x ***"),
        ("x secret\\u00", "x ***"),
        ("x secret\\", "x ***"),
        ("x secret", "x ***"),
        ("x s", "x ***"),
        ("s", "***"),
        ("x ", "x "),
        ("secret&nothing", "secret&nothing"),
        ("", ""),
    ],
)
def test_values_that_are_cut(text: str, masked: str) -> None:
    """Where a text was cut, the beginning of a value at its end is masked, and only there."""
    values = frozenset({"secret&key"})
    assert mask_values(text, values, is_cut=True) == masked


@given(
    st.text(alphabet="ab&<>;\"'\\#x3 ", min_size=4, max_size=9),
    st.text(alphabet="ab&<>;\"'\\#x3 ", max_size=9),
    st.sampled_from([str, escape, lambda text: escape(escape(text))]),
    st.data(),
)
def test_no_value_is_left(
    value: str, around: str, spell: Callable[[str], str], data: st.DataObject
) -> None:
    """Whatever a value consists of, it is masked beside a boundary that no escape crosses."""
    text = f"{around} |{spell(value)}| {around}"
    assert f"|{spell(value)}|" not in mask_values(text, frozenset({value}))
    cut = data.draw(st.integers(len(around) + 3, len(text) - len(around) - 3))
    shown = mask_values(text[:cut], frozenset({value}), is_cut=True)
    # The first character may be left, as far as it is no more than the start of an escape.
    assert re.fullmatch(
        r"\*{3}|(?:&(?:amp;)*[a-z]{0,3})?|\\+", shown.rpartition("|")[2]
    )


@pytest.mark.parametrize("piece", ["&", "\\", "&amp;", "&#", "a", "\\u", "&a"])
def test_values_are_found_in_linear_time(piece: str) -> None:
    """No text, however strange, holds up the search for values."""
    started = time.perf_counter()
    for text in (piece * 20_000, f"{piece * 20_000}!"):
        mask_values(text, frozenset({"secret", "a&b\\c"}), is_cut=True)
    assert time.perf_counter() - started < 2


def test_start_of_with_values() -> None:
    """Secret names and secret values are masked alike, up to any length."""
    text = "<a><Password>S</Password>hunter2</a>"
    values = frozenset({"hunter2"})
    assert start_of(text, NAMES, values) == "<a><Password>***</Password>***</a>"
    shown = start_of(text * 300, NAMES, values, 5000)
    assert "hunt" not in shown
    assert shown.startswith("<a><Password>***</Password>***</a>" * 138)
    assert len(start_of("x" * 9000, NAMES, values, 5000)) == 5000


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<html><title>Not hunter2</title>", "an HTML page titled 'Not ***'"),
        (f"<html><title>{'x' * 77} hunter2", f"an HTML page titled '{'x' * 77} **'"),
        ("hunter2", "plain text"),
        ("<a/>", None),
        ("<html><title>" + " " * 16_368 + "hunter2", "an HTML page titled '***'"),
    ],
)
def test_kind_of(page: str, kind: str | None) -> None:
    """What a document is is told without a secret value, also where its title is cut."""
    for document in (page, page.encode()):
        assert kind_of(document, frozenset({"hunter2"})) == kind


def test_without_values() -> None:
    """Texts in tuples and structures are masked in a copy; everything else stays as it is."""
    values = frozenset({"hunter2"})
    line = Outer(
        inner=Inner(name="my hunter2"), many=(Inner(name="b", key="hunter2"),), pin=7
    )
    shown = without_values((line, "hunter2", 5, Status.ACTIVE, None), values)
    masked = Outer(
        inner=Inner(name="my ***"), many=(Inner(name="b", key="***"),), pin=7
    )
    assert shown == (masked, "***", 5, Status.ACTIVE, None)
    assert line.inner == Inner(name="my hunter2")
    assert without_values(Inner, values) is Inner
    assert without_values("hunter2!", values) == "***!"
