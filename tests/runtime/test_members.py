"""Attributes, own text, mixed lists and the four states of a member are read as documented."""

import copy
import pickle
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import reading
from soapstone.runtime.answer import Members, open_answer
from soapstone.runtime.errors import MalformedResponse
from soapstone.runtime.nil import NIL, Nil
from soapstone.runtime.source import AnswerShape

NAMESPACE = "urn:documented"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

SHAPE = AnswerShape(
    operation="Get",
    response="GetResponse",
    result="GetResult",
    namespaces=frozenset({NAMESPACE}),
    secrets=frozenset({"SessionKey"}),
)

Read = Callable[[Members], object]


def _open(content: str, attributes: str = "") -> Members:
    """The members of a result with a content."""
    start = f'<GetResult xmlns="{NAMESPACE}" xmlns:xsi="{XSI}" {attributes}>'
    members, _ = open_answer(f"{start}{content}</GetResult>", SHAPE)
    return members


def test_an_attribute_nil_is_a_value_where_the_service_has_one() -> None:
    """An attribute `nil` that is documented marks nothing as nil; that of XML Schema still does."""
    shape = replace(SHAPE, has_nil_attribute=True)
    content = '<a nil="true">5</a><b xsi:nil="true"/><c nil="true"/>'
    start = f'<GetResult nil="1" xmlns:xsi="{XSI}">'
    members, _ = open_answer(f"{start}{content}</GetResult>", shape)
    assert members.required_attribute("nil", reading.boolean) is True
    assert members.required_value("a", reading.integer) == 5
    assert members.value("b", reading.integer) is None
    assert members.nil("b") is NIL
    assert members.nil("c") is None


def _refused(members: Members, read: Read) -> str:
    with pytest.raises(MalformedResponse) as caught:
        read(members)
    assert caught.value.__context__ is None
    assert "S3CRET" not in f"{caught.value!r} {caught.value} {caught.value.start}"
    return f"expected {caught.value.expected}, received {caught.value.received}"


def _itself(members: Members) -> Members:
    return members


# Attributes and own text


def test_attributes() -> None:
    """Attributes are read by name and namespace, with the readers of elements."""
    line = _open(
        '<Line status=" a&#10;b\nc " n=" 5 " xml:lang="en" xsi:type="t" empty=""/>'
    ).required_structure("Line", _itself)
    assert line.attribute("status", reading.text) == " a\nb c "
    assert line.required_attribute("status", reading.text) == " a\nb c "
    assert line.attribute("n", reading.integer) == 5
    assert line.required_attribute("n", reading.integer) == 5
    assert line.attribute(LANGUAGE, reading.text) == "en"
    assert line.required_attribute(f"{{{XSI}}}type", reading.text) == "t"
    assert line.attribute("empty", reading.text) == ""


@pytest.mark.parametrize("name", ["lang", "type", "Status", "absent", "{urn:x}status"])
def test_other_attributes(name: str) -> None:
    """An attribute of another name, spelling or namespace is another attribute."""
    line = _open("<Line status='a' xml:lang='en' xsi:type='t'/>").required_structure(
        "Line", _itself
    )
    assert line.attribute(name, reading.text) is None
    assert "received none" in _refused(
        line, lambda line: line.required_attribute(name, reading.text)
    )


def test_attributes_of_the_result() -> None:
    """The result's own attributes and text are read like those of any element."""
    members = _open("5", 'n="7"')
    assert members.attribute("n", reading.integer) == 7
    assert members.required_text(reading.integer) == 5


def test_own_text() -> None:
    """An element without text has none where that is allowed, and an empty one where not."""
    members = _open(
        "<a> b<!-- -->c<x>no</x>d </a><n> 5 </n><empty/><blank> </blank><c><![CDATA[]]></c>"
    )

    def text(name: str, read: Callable[[Members], object]) -> object:
        return members.required_structure(name, read)

    for read in (
        lambda inner: inner.text(reading.text),
        lambda inner: inner.required_text(reading.text),
    ):
        assert text("a", read) == " bcd "
        assert text("blank", read) == " "
    assert text("n", lambda inner: inner.text(reading.integer)) == 5
    for name in ("empty", "c"):
        assert text(name, lambda inner: inner.text(reading.integer)) is None
        assert text(name, lambda inner: inner.text(reading.text)) is None
        assert text(name, lambda inner: inner.required_text(reading.text)) == ""


@pytest.mark.parametrize(
    ("content", "read", "sentence"),
    [
        (
            "<a/>",
            lambda inner: inner.required_attribute("n", reading.text),
            "expected attribute GetResult/a/@n, received none",
        ),
        (
            "<a/>",
            lambda inner: inner.required_attribute(LANGUAGE, reading.text),
            "expected attribute GetResult/a/@lang, received none",
        ),
        (
            "<a n='x'/>",
            lambda inner: inner.attribute("n", reading.integer),
            "expected a 32-bit integer in GetResult/a/@n, received 'x'",
        ),
        (
            "<a n=' '/>",
            lambda inner: inner.required_attribute("n", reading.integer),
            "expected a 32-bit integer in GetResult/a/@n, received an empty attribute",
        ),
        (
            "<a SessionKey='S3CRET'/>",
            lambda inner: inner.attribute("SessionKey", reading.integer),
            "in GetResult/a/@SessionKey, received a value that is secret",
        ),
        (
            "<a x:SessionKey='S3CRET' xmlns:x='urn:x'/>",
            lambda inner: inner.attribute("{urn:x}SessionKey", reading.integer),
            "in GetResult/a/@SessionKey, received a value that is secret",
        ),
        (
            "<a n='&lt;b SessionKey=&quot;S3CRET'/>",
            lambda inner: inner.attribute("n", reading.integer),
            "received '<b SessionKey=\"***'",
        ),
        (
            "<a/>",
            lambda inner: inner.required_text(reading.integer),
            "expected a 32-bit integer in GetResult/a, received an empty element",
        ),
        (
            "<a> </a>",
            lambda inner: inner.text(reading.integer),
            "expected a 32-bit integer in GetResult/a, received an empty element",
        ),
        (
            "<a>x</a>",
            lambda inner: inner.text(reading.integer),
            "expected a 32-bit integer in GetResult/a, received 'x'",
        ),
    ],
)
def test_unreadable(content: str, read: Read, sentence: str) -> None:
    """The error names the attribute or the element, and never shows a secret."""
    inner = _open(content).required_structure("a", _itself)
    assert sentence in _refused(inner, read)


def test_unreadable_secret_text() -> None:
    """The own text of a secret element is secret, and so are the attributes inside."""
    inner = _open("<SessionKey n='S3CRET'>S3CRET</SessionKey>").required_structure(
        "SessionKey", _itself
    )
    for read in (
        lambda members: members.text(reading.integer),
        lambda members: members.attribute("n", reading.integer),
    ):
        assert "a value that is secret" in _refused(inner, read)


# Lists with differently named items


@dataclass(frozen=True)
class Add:
    """An item with members."""

    code: int | None


@dataclass(frozen=True)
class Remove:
    """An item that is a text."""

    value: str


def _add(members: Members) -> Add:
    return Add(members.value("Code", reading.integer))


def _remove(members: Members) -> Remove:
    return Remove(members.required_text(reading.text))


READERS: dict[str, Callable[[Members], Add | Remove]] = {"Add": _add, "Remove": _remove}


def _products(members: Members) -> tuple[Add | Remove, ...]:
    """Inferred from the readers, as in generated code."""
    return members.required_mixed("Products", {"Add": _add, "Remove": _remove})


def test_mixed() -> None:
    """Items of several names keep the order of the document, among whatever is unknown."""
    members = _open(
        "<Products>\n<Add><Code>1</Code></Add>x<Remove>A</Remove><Other/><Add/>"
        "<x:Add xmlns:x='urn:x'/><Remove xmlns=''/></Products><none/>"
    )
    items = (Add(1), Remove("A"), Add(None), Remove(""))
    assert members.mixed("Products", READERS) == items
    assert _products(members) == items
    assert members.mixed("none", READERS) == ()
    assert members.required_mixed("none", READERS) == ()
    assert members.mixed("absent", READERS) is None


@given(st.lists(st.integers(0, 999) | st.text(alphabet="ab", max_size=3)))
def test_mixed_order(values: list[int | str]) -> None:
    """Whatever the order of the items is, it is kept."""
    content = "".join(
        (
            f"<Add><Code>{each}</Code></Add>"
            if isinstance(each, int)
            else f"<Remove>{each}</Remove>"
        )
        for each in values
    )
    assert _products(_open(f"<Products>{content}</Products>")) == tuple(
        Add(each) if isinstance(each, int) else Remove(each) for each in values
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "expected element GetResult/Products, received none"),
        ("<Products xsi:nil='1'/>", "element GetResult/Products, received a nil one"),
        (
            "<Products/><Products/>",
            "one element GetResult/Products, received 2 of them",
        ),
        (
            "<Products><Add/><Remove/><Add xsi:nil='true'/></Products>",
            "expected element GetResult/Products/Add[2], received a nil one",
        ),
        (
            "<Products><Remove/><Add/><Add><Code>x</Code></Add></Products>",
            "a 32-bit integer in GetResult/Products/Add[2]/Code, received 'x'",
        ),
    ],
)
def test_unreadable_mixed(content: str, sentence: str) -> None:
    """Items are counted by their names in the path of an error."""
    assert sentence in _refused(_open(content), _products)


def test_nil_mixed() -> None:
    """A nil list is None where it may be absent."""
    assert _open("<Products xsi:nil='1'/>").mixed("Products", READERS) is None


# The four states

STATES = {
    "absent": "",
    "empty": "<a/>",
    "nil": "<a xsi:nil='true'/>",
    "blank": "<a> \t\r\n</a>",
    "value": "<a>5</a>",
    "structure": "<a> <b/> </a>",
    "blank nil": "<a xsi:nil='true'> </a>",
}
EMPTY = ["<a/>", "<a></a>", "<a x='1'/>", "<a xsi:nil='false'/>", "<a><!-- --></a>"]
BLANK = ["<a> </a>", "<a>\n<!-- -->\t</a>", "<a>&#32;</a>", "<a><![CDATA[ ]]></a>"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("statement", "states", "received"),
    [
        (Members.require_or_nil, {"absent"}, "none"),
        (Members.refuse_nil, {"nil", "blank nil"}, "a nil one"),
        (Members.refuse_empty, {"empty"}, "an empty one"),
        (Members.refuse_blank, {"blank"}, "a blank one"),
    ],
)
def test_refused_states(
    statement: Callable[..., None], states: set[str], received: str, state: str
) -> None:
    """Each statement refuses exactly its state, wherever the member is named."""
    members = _open(f"{STATES[state]}<other>1</other>")
    if state in states:
        sentence = _refused(members, lambda members: statement(members, "other", "a"))
        assert sentence == f"expected element GetResult/a, received {received}"
    else:
        statement(members)
        statement(members, "other", "a")
        assert members.value("other", reading.text) == "1"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize(
    ("statement", "states"),
    [(Members.omit_empty, {"empty"}), (Members.omit_blank, {"blank"})],
)
def test_omitted_states(
    statement: Callable[..., None], states: set[str], state: str
) -> None:
    """What a statement omits is absent from then on, and nothing else is."""
    members = _open(f"{STATES[state]}<other>1</other>")
    before = members.value("a", reading.text)
    statement(members, "absent", "other", "a")
    assert members.value("other", reading.text) == "1"
    if state in states | {"absent"}:
        assert members.value("a", reading.text) is None
        assert members.structure("a", _itself) is None
        assert members.values("a", "b", reading.text) is None
        assert "received none" in _refused(members, lambda each: each.require("a"))
        _refused(members, lambda each: each.require_or_nil("a"))
    else:
        assert members.value("a", reading.text) == before
        members.require_or_nil("a")


def test_nil_is_required_only_where_it_counts() -> None:
    """A nil member is none for `require`, and one for `require_or_nil`."""
    members = _open('<a xsi:nil="true"/>')
    assert "received a nil one" in _refused(members, lambda each: each.require("a"))
    members.require_or_nil("a")


def test_an_attribute_is_required() -> None:
    """An attribute that must be there is asked for after `@`, under its whole name."""
    members = _open("", 'a="" xml:lang="en"')
    members.require("@a", f"@{LANGUAGE}")
    refused = _refused(members, lambda each: each.require("@b"))
    assert refused == "expected attribute GetResult/@b, received none"


@pytest.mark.parametrize("content", EMPTY)
def test_empty(content: str) -> None:
    """Empty is what has no content, however it is spelled."""
    _refused(_open(content), lambda members: members.refuse_empty("a"))
    _open(content).refuse_blank("a")


@pytest.mark.parametrize("content", BLANK)
def test_blank(content: str) -> None:
    """Blank is what has nothing but white space, however it is spelled."""
    _refused(_open(content), lambda members: members.refuse_blank("a"))
    _open(content).refuse_empty("a")


@pytest.mark.parametrize("content", ["<a>\xa0</a>", "<a><b/></a>", "<a> <b/></a>"])
def test_neither(content: str) -> None:
    """White space is that of XML, and what has elements inside has content."""
    members = _open(content)
    members.refuse_empty("a")
    members.refuse_blank("a")


def test_states_of_lists() -> None:
    """Wrapped lists and structures have states like values."""
    members = _open("<l/><s/><m/><full><b>1</b></full>")
    members.omit_empty("l", "s", "m", "full")
    assert members.values("l", "b", reading.text) is None
    assert members.structure("s", _itself) is None
    assert members.mixed("m", READERS) is None
    assert members.values("full", "b", reading.text) == ("1",)


def test_kept_nil() -> None:
    """Nil is told from every other state, and from a member that came twice."""
    for state, content in STATES.items():
        found = _open(content).nil("a")
        assert (found is NIL) == ("nil" in state)
        assert found is NIL or found is None
    for content in ("<a xsi:nil='1'/><a xsi:nil='1'/>", "<a xsi:nil='1'/><a/>"):
        assert _open(content).nil("a") is None
    read: list[Read] = [
        lambda each: each.nil("a") or each.required_value("a", reading.integer),
        lambda each: each.nil("a") or each.value("a", reading.integer),
    ]
    assert [each(_open(STATES["nil"])) for each in read] == [NIL, NIL]
    assert [each(_open(STATES["value"])) for each in read] == [5, 5]


def test_twice() -> None:
    """A member that came twice is refused by all that looks at its content."""
    for statement in (
        Members.refuse_empty,
        Members.refuse_blank,
        Members.omit_empty,
        Members.omit_blank,
    ):
        with pytest.raises(MalformedResponse, match="2 of them"):
            statement(_open("<a/><a/>"), "a")


def test_the_value_nil() -> None:
    """There is one `NIL`, also after pickling and copying."""
    assert copy.copy(NIL) is copy.deepcopy(NIL) is NIL is Nil.NIL
    assert all(
        pickle.loads(pickle.dumps(NIL, protocol)) is NIL
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
    )
    assert repr((NIL,)) == "(NIL,)"


@given(st.randoms(use_true_random=False), st.text(alphabet=" \t\nab", max_size=4))
def test_states_by_another_parser(shuffle: random.Random, text: str) -> None:
    """Empty, blank and filled are told apart as another parser sees the document."""
    inside = [text, "<b/>"][: shuffle.randint(1, 2)]
    content = f"<a>{''.join(inside)}</a>"
    root = etree.fromstring(content)
    filled = len(root) > 0 or bool((root.text or "").strip(" \t\r\n"))
    members = _open(content)
    members.omit_empty("a")
    assert (members.structure("a", _itself) is None) == (
        not filled and root.text is None
    )
    members = _open(content)
    members.omit_blank("a")
    assert (members.structure("a", _itself) is None) == (
        not filled and root.text is not None
    )
