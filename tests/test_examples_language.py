"""Documented examples against every kind of member, state, rule and frame that a spec can describe."""

from __future__ import annotations

import textwrap
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from soapstone.decode import decode_service
from soapstone.diagnostics import Report
from soapstone.lint.examples import check_examples
from soapstone.lint.wire import read_text, write_text
from soapstone.model import Atom, Primitive, Timestamp

SERVICE = """\
soapstone: 1
service: Demo
title: Demo API
pages:
  manual: {title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}
protocol: {endpoint: https://example.com/api, namespace: http://example.com/, envelope: none}
"""
OPERATION = """\
soapstone: 1
operation: Ping
summary: Ask for an answer.
source: {page: manual}
"""
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
NIL = f'<A {XSI} xsi:nil="true"/>'
NODE = "types: {Node: {fields: {Name: string, Node: Node}}}\n"
LOGIN = (
    "authentication: {place: %s, alternatives: "
    "{Key: {fields: {K: string}}, Login: {fields: {User: string}}}}\n"
)
CHOICE = """{
  Type: string, Card: string, Wire: {fields: {B: int}}}
rules: [{choice: Type, blocks: {Card: Visa, Wire: [ACH, Bank]}}]"""
KEPT = """{A: {type: int, nil: kept}, B: string}
rules: [{when: {member: A, above: 5}, require: [B]}]"""
WHEN = """{
  N: int, Big: string, T: boolean, L: {repeated: true, of: int}}
rules:
  - when: {any: [{member: N, above: 5}, {all: [{member: T, is: true}, {member: L, given: false}]}]}
    require: [Big]
  - when: {not: {any: [{member: N, maximum: 9}, {member: N, below: 5}]}}
    prohibit: [T]
  - when: {member: N, minimum: 7}
    prohibit: [L]"""


def request(members: str) -> str:
    """Return a request around some members."""
    return (
        f'<Ping xmlns="http://example.com/">\n<Request>{members}</Request>\n</Ping>\n'
    )


def response(members: str) -> str:
    """Return a response around some members."""
    return f'<PingResponse xmlns="http://example.com/">\n<PingResult>{members}</PingResult>\n</PingResponse>\n'


def soap(body: str, header: str = "") -> str:
    """Return a document in an envelope."""
    shown = f"<s:Header>{header}</s:Header>" if header else ""
    return (
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">'
        f"{shown}<s:Body>{body}</s:Body></s:Envelope>\n"
    )


def findings(
    folder: Path,
    fields: str,
    document: str,
    values: str,
    *,
    service: str = "",
    operation: str = "",
    defects: str = "",
    auth: str = "",
) -> list[str]:
    """Return what the check says of a document, each finding after what stands at its place."""
    role = "response" if "<PingRes" in document else "request"
    given = f"      auth: {auth}\n" if auth else ""
    text = (
        f"{OPERATION}{operation}{role}: {fields}\n"
        f"examples:\n  - title: one\n    {role}:\n      text: |\n"
        f"{textwrap.indent(document, ' ' * 8)}"
        f"{given}      values: {values}\n"
        + (f"      defects: {defects}\n" if defects else "")
    )
    (folder / "service.yaml").write_text(SERVICE + service, "utf-8")
    (folder / "ping.yaml").write_text(text, "utf-8")
    report = Report()
    decoded = decode_service(folder, "demo", report)
    assert decoded is not None
    assert not report.has_errors, report.diagnostics
    check_examples(decoded, report)
    lines = text.splitlines()
    return [
        f"{lines[each.span.line - 1][each.span.column - 1 :][:6]}| {each.rule}: {each.message}"
        for each in report.diagnostics
    ]


ENUMERATION = "{A: {values: [X, Y]}}"


@pytest.mark.parametrize(
    ("fields", "members", "values"),
    [
        (ENUMERATION, "<A>X</A>", "{A: X}"),
        ("{A: {values: [X], open: true}}", "<A>Z</A>", "{A: Z}"),
        (
            "{A: {list: {B: int, C: {fields: {D: string}}, E: {values: [X]}}}}",
            "<A><C><D>x</D></C><B>1</B><E>X</E><B>2</B></A>",
            "{A: [{C: {D: x}}, {B: 1}, {E: X}, {B: 2}]}",
        ),
        (
            "{A: {as: attribute, type: int}, B: {fields: {C: {as: attribute, type: string}, D: {as: text, type: string}}}}",
            "<B C='a&#10;b'>text</B>",
            '{B: {C: "a\\nb", D: text}}',
        ),
        ("{B: {fields: {D: {as: text, type: string}}}}", "<B/>", '{B: {D: ""}}'),
        ("{B: {fields: {D: {as: text, type: string}}}}", "<B/>", "{B: {}}"),
        ("{B: {fields: {'xml:lang': {as: attribute, type: string, constant: en}}}}", "<B xml:lang='en'/>", "{B: {}}"),
        (
            "{B: {fields: {'xsi:type': {as: attribute, type: string}}}}",
            f"<B {XSI} xsi:type='b'/>",
            "{B: {xsi:type: b}}",
        ),
        ("{A: {constant: '2', type: int}, B: int}", "<A>2</A><B>1</B>", "{B: 1}"),
        ("{A: {type: int, absent: empty}}", "<A></A>", "{}"),
        ("{A: {type: string, absent: empty}}", "<A></A>", "{A: ''}"),
        ("{A: {list: B, of: int, absent: empty}}", "<A></A>", "{A: []}"),
        ("{A: {fields: {B: int}, absent: empty}}", "<A></A>", "{A: {}}"),
        ("{B: {fields: {A: {as: attribute, type: int, absent: empty}}}}", "<B A=''/>", "{B: {}}"),
        ("{A: {type: int, absent: nil}}", NIL, "{}"),
        ("{A: {type: int, absent: nil}}", NIL, "{A: null}"),
        ("{A: {type: int, nil: kept, required: true}}", NIL, "{A: null}"),
        (KEPT, NIL, "{A: null}"),
        (CHOICE, "<Type>Visa</Type><Card>1</Card>", "{Type: Visa, Card: '1'}"),
        (CHOICE, "<Type>Bank</Type><Wire></Wire>", "{Type: Bank, Wire: {}}"),
        (CHOICE, "<Type>Cash</Type>", "{Type: Cash}"),
        (WHEN, "<N>5</N><T>true</T><L>1</L>", "{N: 5, T: true, L: [1]}"),
        (WHEN, "<N>9</N><Big>x</Big><T>true</T>", "{N: 9, Big: x, T: true}"),
    ],
)  # fmt: skip
def test_request_that_says_what_its_values_say(
    fields: str, members: str, values: str, tmp_path: Path
) -> None:
    """A client that is given these values writes the documented request."""
    assert findings(tmp_path, fields, request(members), values) == []


@pytest.mark.parametrize(
    ("fields", "members", "values", "expected"),
    [
        (
            ENUMERATION,
            "<A>Z</A>",
            "{A: Z}",
            ["Z}| example-constraint: `A` is not one of the documented values"],
        ),
        (
            ENUMERATION,
            "<A> X</A>",
            "{A: X}",
            ["X}| example-mismatch: `A` is `X` here, ` X` in the document"],
        ),
        (
            "{A: {list: {B: int, C: string}, count: {max: 1}}}",
            "<A><B>1</B><C>x</C></A>",
            "{A: [{C: x}, {B: 2}]}",
            [
                "[{C: x| example-constraint: `A` has 2 items, allowed are at most 1",
                "C: x},| example-mismatch: `A[1]` is `C` here, `B` in the document",
                "B: 2}]| example-mismatch: `A[2]` is `B` here, `C` in the document",
            ],
        ),
        (
            "{A: {list: {B: {type: int, maximum: 3}, C: string}}}",
            "<A><B>5</B><D/></A>",
            "{A: [{B: 5}]}",
            [
                "<D/></| example-unknown-element: `A` has no member `D`",
                "5}]}| example-constraint: `A[1]` is not at most `3`",
            ],
        ),
        (
            "{B: {fields: {C: {as: attribute, type: int}, D: {as: text, type: int}}}}",
            "<B C='1' E='2'>3</B>",
            "{B: {C: 2, D: 4}}",
            [
                "E='2'>| example-unknown-attribute: the attribute `E` of `B` is not known",
                "2, D: | example-mismatch: `C` is `2` here, `1` in the document",
                "4}}| example-mismatch: `D` is `4` here, `3` in the document",
            ],
        ),
        (
            "{B: {fields: {C: {as: attribute, type: int}, D: {as: text, type: int}}}}",
            "<B></B>",
            "{B: {C: 2, D: 4}}",
            [
                "C: 2, | example-missing-element: `C` has a value here, but does not stand in the document",
                "D: 4}}| example-missing-element: `D` has a value here, but does not stand in the document",
            ],
        ),
        (
            "{A: {constant: '2'}, B: {constant: '3'}, C: {constant: '4'}}",
            f"<A>1</A><C {XSI} xsi:nil='true'/>",
            "{}",
            [
                "<Reque| example-missing-element: the constant `B` does not stand in `Request`",
                "1</A><| example-mismatch: `A` is `1` in the document, the spec has the constant `2`",
                "<C xml| example-mismatch: `C` is empty in the document, the spec has the constant `4`",
            ],
        ),
        (
            "{A: {type: int, absent: empty}, B: {type: int, absent: nil}}",
            "",
            "{}",
            [
                "<Reque| example-missing-element: `A` does not stand in `Request`",
                "<Reque| example-missing-element: `B` does not stand in `Request`",
            ],
        ),
        (
            "{A: {type: int, absent: empty}}",
            "<A></A>",
            "{A: 5}",
            ["A: 5}| example-mismatch: `A` has a value here, it is empty in the document"],
        ),
        (
            "{A: {type: int, absent: empty}}",
            "<A></A>",
            "{A: null}",
            ["A: nul| example-mismatch: `A` has a value here, it is empty in the document"],
        ),
        (
            "{A: {type: int}}",
            NIL,
            "{A: null}",
            [
                'reques| example-mismatch: the document has `<A nil="true"></A>`, which the values would not be written as'
            ],
        ),
        (
            "{A: {type: int, absent: empty, required: true}}",
            "",
            "{}",
            ["{}| example-constraint: `A` is required, but not given"],
        ),
        (
            "{A: {list: {B: double}, secret: true}}",
            "<A><B>1</B></A>",
            "{A: [{B: 1.0}]}",
            ["reques| example-mismatch: `B` would be written otherwise than in the document"],
        ),
        (
            "{A: {list: B, of: double, secret: true}}",
            "<A><B>1</B></A>",
            "{A: [1.0]}",
            ["reques| example-mismatch: `B` would be written otherwise than in the document"],
        ),
        (
            CHOICE,
            "<Type>Visa</Type><Wire/>",
            "{Type: Visa, Wire: {}}",
            [
                "Visa, | example-constraint: `Type` chooses `Card`, which is not given",
                "Wire: | example-constraint: `Wire` is given, but not chosen by `Type`",
            ],
        ),
        (
            WHEN,
            "<N>10</N><T>true</T><L>1</L>",
            "{N: 10, T: true, L: [1]}",
            [
                "{N: 10| example-constraint: `Big` is not given, though the condition holds",
                "T: tru| example-constraint: `T` is given, though the condition holds",
                "L: [1]| example-constraint: `L` is given, though the condition holds",
            ],
        ),
        (
            WHEN,
            "<N>1</N><T>true</T>",
            "{N: 1, T: true, L: []}",
            ["{N: 1,| example-constraint: `Big` is not given, though the condition holds"],
        ),
        (
            "{A: dateTime, B: date}",
            "<A>2026-01-02</A><B>2026-01-02T00:00:00</B>",
            "{A: 2026-01-02T00:00:00, B: 2026-01-02}",
            [
                "2026-0| example-mismatch: `A` is `2026-01-02` in the document, which is not a date and time such as 2026-01-31T12:00:00Z",
                "2026-0| example-mismatch: `B` is `2026-01-02T00:00:00` in the document, which is not a date such as 2026-01-31",
            ],
        ),
    ],
)  # fmt: skip
def test_request_that_contradicts_its_values(
    fields: str, members: str, values: str, expected: list[str], tmp_path: Path
) -> None:
    """Every contradiction is told at the character where it stands."""
    assert findings(tmp_path, fields, request(members), values) == expected


@pytest.mark.parametrize(
    ("fields", "members", "values"),
    [
        (ENUMERATION, "<A> X </A>", "{A: X}"),
        ("{A: {constant: '2'}}", "<A>3</A>", "{}"),
        ("{A: {type: int, required: true, empty: none}}", "<A/>", "{}"),
        ("{A: {type: int, blank: none}}", "<A> \n </A>", "{}"),
        ("{A: {type: string, nil: kept, required: true}}", NIL, "{A: null}"),
        ("{A: {as: attribute, type: string, required: true}}", "", "{A: ''}"),
        ("{B: {fields: {C: {as: text, type: string, required: true}}}}", "<B/>", "{B: {C: ''}}"),
        ("{A: dateTime, B: dateTime}", "<A>2026-01-02</A><B>2026-01-02Z</B>", "{A: 2026-01-02T00:00:00, B: 2026-01-02T00:00:00Z}"),
        ("{A: date, B: date}", "<A>2026-01-02T00:00:00.000Z</A><B>2026-01-02</B>", "{A: 2026-01-02, B: 2026-01-02}"),
        ("{A: dateTime}", "<A>2026-01-02T00:00:00.123456789Z</A>", "{A: 2026-01-02T00:00:00.123456789Z}"),
        ("{A: int, B: int}", "<A>1</A>", "{A: 1}"),
    ],
)  # fmt: skip
def test_answer_that_says_what_its_values_say(
    fields: str, members: str, values: str, tmp_path: Path
) -> None:
    """A client reads these values from the documented answer."""
    document = response(members)
    if "as: attribute" in fields:
        document = document.replace("<PingResult>", "<PingResult A=''>")
    assert findings(tmp_path, fields, document, values) == []


@pytest.mark.parametrize(
    ("fields", "members", "values", "expected"),
    [
        (
            ENUMERATION,
            "<A>Xx</A>",
            "{A: Xx}",
            ["Xx}| example-value-undocumented: `A` has the value `Xx`, which is not documented"],
        ),
        (
            "{A: {type: int, required: true, empty: none}}",
            "",
            "{}",
            ["{}| example-constraint: `A` is required, but not given"],
        ),
        (
            "{A: {type: string, empty: refused, blank: refused, nil: refused}}",
            "<A/>",
            "{A: ''}",
            ["<A/></| example-constraint: `A` is empty in the document, which the spec refuses"],
        ),
        (
            "{A: {type: string, blank: refused}}",
            "<A> </A>",
            "{A: ' '}",
            ["<A> </| example-constraint: `A` is blank in the document, which the spec refuses"],
        ),
        (
            "{A: {type: string, nil: refused}}",
            NIL,
            "{A: null}",
            ["<A xml| example-constraint: `A` is nil in the document, which the spec refuses"],
        ),
        (
            "{A: {type: string, blank: none}}",
            "<A> </A>",
            "{A: ' '}",
            ["A: ' '| example-mismatch: `A` has a value here, it is blank in the document"],
        ),
        (
            "{A: date, B: dateTime}",
            "<A>2026-01-02T00:00:01</A><B>2026-13-02</B>",
            "{A: 2026-01-02, B: 2026-01-02T00:00:00}",
            [
                "2026-0| example-mismatch: `A` is `2026-01-02T00:00:01` in the document, which is not a date such as 2026-01-31",
                "2026-0| example-mismatch: `B` is `2026-13-02` in the document, which is not a date and time such as 2026-01-31T12:00:00Z",
            ],
        ),
        (
            "{A: dateTime}",
            "<A>2026-01-02T00:00:00.123456789Z</A>",
            "{A: 2026-01-02T00:00:00.123456Z}",
            ["2026-0| example-mismatch: `A` is `2026-01-02T00:00:00.123456Z` here, `2026-01-02T00:00:00.123456789Z` in the document"],
        ),
    ],
)  # fmt: skip
def test_answer_that_contradicts_its_values(
    fields: str, members: str, values: str, expected: list[str], tmp_path: Path
) -> None:
    """What a client would not read like this is told at its place."""
    assert findings(tmp_path, fields, response(members), values) == expected


def test_unreadable_answer_is_not_said_to_lack_members(tmp_path: Path) -> None:
    """Whether a member was there without a value cannot be told of a broken document."""
    fields = "{A: {type: int, required: true, empty: none}}"
    found = findings(tmp_path, fields, response("<A>"), "{}")
    assert [each.split(":")[0] for each in found] == ["PingRe| example-not-well-formed"]


def test_recursive_structure_is_compared_at_every_depth(tmp_path: Path) -> None:
    """A slip in the innermost structure is found there."""
    document = request("<N><Node><Node><Name>a</Name></Node></Node></N>")
    same = findings(
        tmp_path, "{N: Node}", document, "{N: {Node: {Node: {Name: a}}}}", service=NODE
    )
    assert same == []
    other = findings(
        tmp_path, "{N: Node}", document, "{N: {Node: {Node: {Name: b}}}}", service=NODE
    )
    assert other == ["b}}}}| example-mismatch: `Name` is `b` here, `a` in the document"]


# The frame


def test_members_stand_in_the_wrapper_where_there_is_no_request_element(
    tmp_path: Path,
) -> None:
    """`request: none` takes one element away, and the attributes move outwards."""
    fields = "{A: {as: attribute, type: int}, B: int}"
    values, protocol = "{A: 1, B: 2}", "protocol: {request: none}\n"
    document = '<Ping xmlns="http://example.com/" A="1"><B>2</B></Ping>\n'
    assert findings(tmp_path, fields, document, values, operation=protocol) == []
    wrong = document.replace("Ping", "Pong").replace("B>", "C>")
    assert [
        each.partition("| ")[2].partition(": ")[2]
        for each in findings(tmp_path, fields, wrong, values, operation=protocol)
    ] == [
        "`Pong` stands where the protocol has `Ping`",
        "`Pong` has no member `C`",
        "`B` has a value here, but does not stand in the document",
    ]


def test_members_stand_in_the_response_where_there_is_no_result_element(
    tmp_path: Path,
) -> None:
    """`result: none` takes one element away."""
    protocol = "protocol: {result: none}\n"
    document = '<PingResponse xmlns="http://example.com/"><B>2</B></PingResponse>\n'
    assert findings(tmp_path, "{B: int}", document, "{B: 2}", operation=protocol) == []
    wrong = document.replace("PingResponse", "PingResult")
    assert findings(tmp_path, "{B: int}", wrong, "{B: 2}", operation=protocol) == [
        "<PingR| example-protocol: `PingResult` stands where the protocol has `PingResponse`"
    ]


@pytest.mark.parametrize(
    ("place", "members", "expected"),
    [
        ("first", "<Login><User>a</User></Login><B>2</B>", []),
        ("last", "<B>2</B><Login><User>a</User></Login>", []),
        (
            "last",
            "<Login><User>a</User></Login><B>2</B>",
            [
                "<B>2</| example-order: `B` stands after `Login`, the spec names it first"
            ],
        ),
    ],
)
def test_authentication_stands_where_the_service_puts_it(
    place: str, members: str, expected: list[str], tmp_path: Path
) -> None:
    """The first and the last place are different places."""
    assert (
        findings(
            tmp_path,
            "{B: int}",
            request(members),
            "{B: 2}",
            service=LOGIN % place,
            auth="{Login: {User: a}}",
        )
        == expected
    )


HEADER = '<Login xmlns="http://example.com/"><User>a</User></Login>'
ENVELOPE = "protocol: {envelope: soap11}\n"


@pytest.mark.parametrize(
    ("header", "auth", "expected"),
    [
        (HEADER, "{Login: {User: a}}", []),
        (
            HEADER.replace(">a<", ">b<"),
            "{Login: {User: a}}",
            ["a}}| example-mismatch: `User` is `a` here, `b` in the document"],
        ),
        (
            HEADER.replace("User", "Usr"),
            "{Login: {}}",
            ["<Usr>a| example-unknown-element: `Login` has no member `Usr`"],
        ),
        (
            "<Logn/>",
            "",
            [
                "reques| example-authentication: the request has no authentication",
                "<Logn/| example-unknown-element: `Logn` does not belong into `Header`",
            ],
        ),
        (
            "",
            "{Login: {User: a}}",
            [
                "Login:| example-authentication: `Login` is given here, the document has none"
            ],
        ),
    ],
)
def test_authentication_in_the_header_is_compared(
    header: str, auth: str, expected: list[str], tmp_path: Path
) -> None:
    """What stands in the header is checked like what stands in the body."""
    found = findings(
        tmp_path,
        "{B: int}",
        soap(request("<B>2</B>").replace("\n", ""), header),
        "{B: 2}",
        service=LOGIN % "header",
        operation=ENVELOPE,
        auth=auth,
    )
    assert found == expected


def test_page_that_leaves_the_envelope_out_shows_no_header(tmp_path: Path) -> None:
    """Without an envelope, authentication in its header is not missed."""
    found = findings(
        tmp_path,
        "{B: int}",
        request("<B>2</B>"),
        "{B: 2}",
        service=LOGIN % "header",
        operation=ENVELOPE,
        defects="{missing-envelope: The page shows none.}",
    )
    assert found == []


def test_operation_without_authentication_shows_none(tmp_path: Path) -> None:
    """`authentication: none` holds whatever the service has."""
    members = "<Login><User>a</User></Login><B>2</B>"
    found = findings(
        tmp_path,
        "{B: int}",
        request(members),
        "{B: 2}",
        service=LOGIN % "first",
        operation="authentication: none\n",
    )
    assert found == ["<Login| example-unknown-element: `Request` has no member `Login`"]


# Values


ZONE = timezone(timedelta(hours=1))


def moment(digits: str, micro: int, zone: timezone | None = None) -> Timestamp:
    """Return a point in time with further digits."""
    found = Timestamp(2026, 2, 28, 12, 0, 0, micro, zone)
    found.digits = digits
    return found


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (moment("789", 123456, ZONE), "2026-02-28T12:00:00.123456789+01:00"),
        (moment("001", 0), "2026-02-28T12:00:00.000000001"),
        (moment("5", 120000, UTC), "2026-02-28T12:00:00.1200005Z"),
        (datetime(2026, 2, 28, 12, 0, 0, 120000, UTC), "2026-02-28T12:00:00.12Z"),
        (date(2026, 2, 28), "2026-02-28"),
    ],
)  # fmt: skip
def test_point_in_time_keeps_its_digits(value: Atom, text: str) -> None:
    """All nine digits of a second are written and read."""
    assert write_text(value) == text
    kind = Primitive.DATE_TIME if isinstance(value, datetime) else Primitive.DATE
    found = read_text(text, kind)
    assert found == value
    assert getattr(found, "digits", "") == getattr(value, "digits", "")
