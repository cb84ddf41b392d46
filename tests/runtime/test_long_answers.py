"""Lists in long answers are read while these come in, and nobody can tell but by the memory."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from soapstone.runtime import reading
from soapstone.runtime.answer import Members, StructureList, open_answer
from soapstone.runtime.envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from soapstone.runtime.errors import MalformedResponse, SoapFault
from soapstone.runtime.source import AnswerShape, Names

NAMESPACE = "urn:documented"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SHAPE = AnswerShape(
    operation="List",
    response="ListResponse",
    result="ListResult",
    namespaces=frozenset({NAMESPACE}),
    secrets=frozenset({"Key"}),
)
DIRECT = AnswerShape(
    operation="List",
    response="ListResponse",
    result="ListResponse",
    namespaces=frozenset({NAMESPACE}),
    secrets=frozenset(),
)
LONG = 200_000  # far more characters than are parsed in one step


@dataclass(frozen=True)
class Record:
    """An item of a list."""

    number: int
    note: str | None


@dataclass(frozen=True)
class Result:
    """What an answer says."""

    title: str | None
    records: tuple[Record, ...] | None
    others: tuple[Record, ...] | None


def _record(members: Members) -> Record:
    return Record(
        members.required_value("Number", reading.integer),
        members.value("Note", reading.text),
    )


def _read(
    document: bytes | str,
    shape: AnswerShape = SHAPE,
    reader: Callable[[Members], Record] = _record,
) -> Result:
    """What generated code makes of an answer."""
    records = StructureList("Records", "Record", reader)
    others = StructureList("Others", "Record", reader)
    members, _ = open_answer(document, shape, records, others)
    return Result(
        members.value("Title", reading.text),
        members.listed(records),
        members.listed(others),
    )


def _outcome(document: bytes | str, shape: AnswerShape = SHAPE) -> Result | str:
    try:
        return _read(document, shape)
    except (MalformedResponse, SoapFault) as error:
        return f"{type(error).__name__}: {error}"


def _item(number: object, more: str = "") -> str:
    return f"<Record><Number>{number}</Number>{more}</Record>\n"


def _items(count: int = LONG // 30, first: int = 1) -> str:
    return "".join(map(_item, range(first, first + count)))


def _answer(content: str, envelope: str = SOAP11_NAMESPACE) -> str:
    result = f'<ListResponse xmlns="{NAMESPACE}"><ListResult>{content}</ListResult></ListResponse>'
    return _enclosed(result, envelope)


def _enclosed(payload: str, envelope: str = SOAP11_NAMESPACE) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope xmlns:s="{envelope}" '
        f'xmlns:xsi="{XSI}"><s:Body>{payload}</s:Body></s:Envelope>'
    )


def _numbers(document: str) -> list[int]:
    root = etree.fromstring(document.encode())
    return [int(str(each.text)) for each in root.iter(f"{{{NAMESPACE}}}Number")]


def _records(content: str) -> str:
    return f"<Records>{content}</Records>"


FAULT = (
    "<s:Fault><faultcode>s:Server</faultcode><faultstring>no</faultstring>{}</s:Fault>"
)
START, END = _items(), _items(3, 90_000)

# Read alike whether they come as text, which is parsed as a whole, or as bytes.
DOCUMENTS = {
    "plain": _answer(f"<Title>a</Title>{_records(START)}"),
    "followed": _answer(f"{_records(START)}<Title>a</Title>"),
    "SOAP 1.2": _answer(_records(START), SOAP12_NAMESPACE),
    "two lists": _answer(f"{_records(START)}<Others>{START}</Others>"),
    "one list without items": _answer(f"{_records('')}<Others>{START}</Others>"),
    "one item": _answer(_records(_item(1, f"<Note>{'é' * LONG}</Note>"))),
    "no list": _answer(f"<Title>{'a' * LONG}</Title>"),
    "unknown list": _answer(f"<Unknown>{START}</Unknown><Title>a</Title>"),
    "unknown items": _answer(_records("<Unknown><Number/></Unknown> text" + START)),
    "foreign items": _answer(
        _records(START + _item(1).replace("d>", "d xmlns=''>", 1))
    ),
    "inside an item": _answer(_records(START + _item(1, _records(START)) + END)),
    "comments": _answer(_records(f"{START}<!--{START}-->{END}")),
    "CDATA": _answer(_records(f"{START}<![CDATA[{START}]]>{END}")),
    "twice": _answer(_records(START) * 2),
    "twice with others between": _answer(f"{_records(START)}<Title/>{_records(START)}"),
    "nil": _answer(_records(START).replace(">", " xsi:nil='true'>", 1)),
    "nil item": _answer(_records(START + "<Record xsi:nil='1'/>" + START)),
    "attribute that is not nil": _answer(
        _records(START + "<Record xsi:nil='0'><Number>5</Number></Record>" + START)
    ),
    "unreadable item": _answer(_records(START + _item("x") + START)),
    "unreadable at the end": _answer(_records(START + _item("x"))),
    "unreadable in a foreign list": _answer(
        f"<Records xmlns='urn:x'>{START}{_item('x')}{START}</Records>"
    ),
    "deep item": _answer(_records(START + _item(1, "<a>" * 130 + "</a>" * 130) + END)),
    "too deep item": _answer(
        _records(START + _item(1, "<a>" * 255 + "</a>" * 255) + END)
    ),
    "too deep elsewhere": _answer(_records(START) + "<a>" * 255 + "</a>" * 255),
    "stops": _answer(_records(START))[:-100_000],
    "ends badly": _answer(_records(START)) + "<",
    "fault": _enclosed(FAULT.format(f"<detail>{START}</detail>")),
    "fault beside": _enclosed(
        f"<ListResponse xmlns='{NAMESPACE}'><ListResult>{_records(START)}</ListResult>"
        f"</ListResponse>{FAULT.format('')}"
    ),
    "result in a fault": _enclosed(
        FAULT.format(f"<ListResult xmlns='{NAMESPACE}'>{_records(START)}</ListResult>")
    ),
    "two results": _enclosed(
        f"<ListResponse xmlns='{NAMESPACE}'><ListResult>{_records(START)}</ListResult>"
        f"<ListResult>{_records(START)}</ListResult></ListResponse>"
    ),
    "no envelope": f"<ListResult xmlns='{NAMESPACE}'>{_records(START)}</ListResult>",
    "other envelope": _answer(_records(START), "urn:x"),
    "header only": _enclosed("").replace("Body", "Header") + START,
    "header first": _answer(_records(START)).replace(
        "<s:Body>", f"<s:Header>{START}</s:Header><s:Body>"
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_long_answers_are_read_alike_in_both_ways(name: str) -> None:
    """A document says the same, or is refused in the same words, as bytes and as text."""
    document = DOCUMENTS[name]
    assert len(document) > LONG // 2 or name == "header only"
    assert _outcome(document.encode()) == _outcome(document)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                START,
                "<Records>",
                "</Records>",
                "<Others>",
                "</Others>",
                "<Record>",
                "</Record>",
                "<Record/>",
                _item(7, "<Note> a &amp; b </Note>"),
                _item("x"),
                "<Record xsi:nil='true'/>",
                "<Title>t</Title>",
                "<!-- <Record> -->",
                "<Record xmlns=''><Number>8</Number></Record>",
            ]
        ),
        max_size=8,
    )
)
def test_any_long_answer_is_read_alike_in_both_ways(pieces: list[str]) -> None:
    """Whatever stands in a list and around it, bytes and text are read alike."""
    document = _answer("".join(pieces) + "<Records>" + START + "</Records>")
    assert _outcome(document.encode()) == _outcome(document)


def test_a_long_list_is_read_in_order() -> None:
    """All items of a long list are read, as another parser finds them."""
    document = _answer(f"<Title>a</Title>{_records(START + END)}")
    result = _read(document.encode())
    assert result.title == "a"
    assert result.records is not None
    assert [each.number for each in result.records] == _numbers(document)
    assert result.others is None


def test_the_number_of_an_item_in_an_error() -> None:
    """An item that cannot be read is named by its number among all items."""
    count = START.count("<Record>")
    for document in (
        _records(START + _item("x")),
        _records(START + _item("x") + START),
    ):
        with pytest.raises(MalformedResponse) as caught:
            _read(_answer(document).encode())
        assert f"ListResult/Records/Record[{count + 1}]/Number" in str(caught.value)


def test_a_list_that_must_be_there() -> None:
    """A required list is refused when it is missing or nil, and read otherwise."""
    records = StructureList("Records", "Record", _record)
    for content, received in (
        ("", "received none"),
        ("<Records xsi:nil='1'/>", "received a nil one"),
    ):
        members, _ = open_answer(_answer(content), SHAPE, records)
        with pytest.raises(MalformedResponse, match=received):
            members.required_listed(records)
    members, _ = open_answer(_answer(_records(_item(3))), SHAPE, records)
    assert members.required_listed(records) == (Record(3, None),)


def test_members_directly_in_the_response() -> None:
    """A list is found, too, where the members stand directly in the response."""
    document = f'<ListResponse xmlns="{NAMESPACE}">{_records(START)}</ListResponse>'
    result = _outcome(document.encode(), DIRECT)
    assert result == _outcome(document, DIRECT)
    assert isinstance(result, Result)
    assert result.records is not None
    assert len(result.records) == START.count("<Record>")


def test_elements_of_a_long_list_are_given_up() -> None:
    """While the items of a long list are read, only few of its elements are there."""
    document = _answer(_records(START)).encode()
    most, seen = 0, 0

    def reader(members: Members) -> Record:
        nonlocal most, seen
        seen += 1
        if seen % 500 == 0:
            living = sum(type(each) is Element for each in gc.get_objects())
            most = max(most, living)
        return _record(members)

    before = sum(type(each) is Element for each in gc.get_objects())
    _read(document, reader=reader)
    assert seen == START.count("<Record>")
    assert 0 < most - before < START.count("<Record>") // 4


def _calls(function: Callable[[], object]) -> list[str]:
    """The names of the functions in C that something calls."""
    called: list[str] = []

    def note(_: FrameType, event: str, argument: object) -> None:
        if event == "c_call":
            called.append(getattr(argument, "__name__", ""))

    sys.setprofile(note)
    try:
        function()
    finally:
        sys.setprofile(None)
    return called


def test_an_answer_in_utf_8_is_parsed_once_as_it_is() -> None:
    """The bytes of an answer go to one parser, in one piece, and are not decoded before."""
    document = _answer("<Title>a</Title>").encode()
    called = _calls(lambda: _read(document))
    assert called.count("feed") == 1
    assert "decode" not in called


def test_a_long_answer_is_parsed_in_a_few_steps() -> None:
    """However long a comment is, it is not begun again more often than a few times."""
    document = _answer(f"<!--{'x' * 50 * LONG}-->").encode()
    assert _calls(lambda: _read(document)).count("feed") <= 65


def test_few_names_are_remembered() -> None:
    """Names are told alike however many there were, and no more than some are kept."""
    names = Names(frozenset({NAMESPACE}))
    for number in range(5000):
        assert names[f"{{{NAMESPACE}}}a{number}"] == f"a{number}"
        assert names[f"{{urn:x}}a{number}"] == ""
    assert names["a" * 5000] == "a" * 5000
    assert names["b"] == "b"
    assert len(names) <= 1000
    assert max(map(len, names)) <= 1000
