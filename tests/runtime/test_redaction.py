"""No secret is shown, however it is spelled and wherever the text is cut."""

import time
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.enumeration import Enumeration
from soapstone.runtime.nil import NIL, Nil
from soapstone.runtime.redaction import MASK, mask_document, start_of, without_secrets
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
