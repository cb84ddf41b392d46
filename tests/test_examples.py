"""The check of documents in examples: every slip is found, and where it contradicts the spec."""

from __future__ import annotations

import codecs
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from soapstone.decode import decode_service
from soapstone.diagnostics import Diagnostic, Report, Severity, Span
from soapstone.lint.examples import check_examples
from soapstone.lint.sample_xml import MAXIMUM_DEPTH, Element, decode, parse
from soapstone.lint.wire import is_same, read_text, write_text
from soapstone.model import (
    Atom,
    AtomType,
    AtomValue,
    Document,
    Example,
    ListValue,
    MemberValue,
    Minimum,
    NilValue,
    Operation,
    Primitive,
    Service,
    StructureValue,
    Timestamp,
    Value,
)

REVIO = Path(__file__).parent.parent / "specs" / "revio"

SERVICE = """\
soapstone: 1
service: Demo
title: Demo
summary: A service to try.
pages:
  manual: {title: Manual, url: "https://example.com/", retrieved: 2026-01-31}
protocol:
  endpoint: https://example.com/api
  namespace: http://example.com/
authentication:
  alternatives:
    Login:
      fields:
        User: {type: string, required: true, length: [1, 8]}
        Password: {type: string, required: true, secret: true, length: [1, 8]}
    Session:
      fields:
        Key: {type: string, required: true, secret: true}
response:
  Header: {type: Header, required: true}
outcome:
  success: Header/Success
  message: Header/Message
  code: Header/Code
types:
  Header:
    fields:
      Success: {type: boolean, required: true}
      Message: string
      Code: string
  Node:
    fields:
      Name: string
      Node: Node
errors:
  Refused:
    doc: Refused.
    code: E1
    cases:
      BadNumber:
        doc: The number is no good.
        data: {number: {doc: The number.}}
        messages: ["'{number}' is no number."]
  Gone: {doc: Gone., code: E2}
"""

OPERATION = """\
soapstone: 1
operation: Pay
summary: Pay something.
source: {page: manual}
request:
  Text: {type: string, length: {max: 12}, pattern: "[^#]*"}
  Count: {type: int, minimum: 1, maximum: 100}
  Flag: boolean
  Ratio: double
  Day: {type: date, minimum: 2026-01-01}
  Moment: {type: dateTime, minimum: "2026-01-01T00:00:00Z"}
  Data: base64
  Amount: {type: decimal, allowed: ["1.50", "2.50"]}
  Exact: {type: string, length: 3}
  Long: {type: string, length: {min: 2}}
  Pin: {type: string, secret: true}
  Code: {type: int, secret: true}
  Hidden:
    secret: true
    fields:
      Inner: int
      Inners: {list: Each, of: int}
  Tags: {list: Tag, of: {type: string, length: {max: 3}}, count: {max: 3}, unique: true}
  Notes: {repeated: true, of: string}
  Grid: {list: Row, of: {list: Cell, of: int}}
  Lines: {list: Line, of: {fields: {Number: {type: int, required: true}, Remark: string}}}
  Profile:
    fields: {Id: int, Name: string, Place: string}
    rules:
      - exclusive: [Id, Name]
      - requires: [Place, Name]
  Choice:
    fields: {First: string, Second: string}
    rules:
      - exactly_one: [First, Second]
  Some:
    fields: {First: string, Second: string}
    rules:
      - at_least_one: [First, Second]
  Tree: Node
  Old: {type: string, presence: ignored}
  Never: {type: string, presence: prohibited}
response:
  Id: {type: int, required: true}
  Name: string
  Log: {repeated: true, of: string}
"""

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
LOGIN = "<Login><User>me</User><Password>secret</Password></Login>"
LOGIN_VALUES = "{Login: {User: me, Password: secret}}"

# Where the parts of a document stand in the operation when it is laid out as below.
FIRST = len(OPERATION.splitlines()) + 1
TEXT = FIRST + 4
MEMBERS = TEXT + 5


def request_text(members: str, *, opening: str = LOGIN) -> str:
    """Return a request in which the members stand in line 6."""
    return (
        f'<soap:Envelope xmlns:soap="{SOAP11}" {XSI}>\n<soap:Body>\n'
        '<Pay xmlns="http://example.com/">\n<Request>\n'
        f"{opening}\n{members}\n</Request>\n</Pay>\n</soap:Body>\n</soap:Envelope>\n"
    )


def response_text(members: str) -> str:
    """Return a response in which the members stand in line 6."""
    return (
        f'<soap:Envelope xmlns:soap="{SOAP11}" {XSI}>\n<soap:Body>\n'
        '<PayResponse xmlns="http://example.com/">\n'
        f"<PayResult>\n\n{members}\n</PayResult>\n</PayResponse>\n</soap:Body>\n</soap:Envelope>\n"
    )


def example(
    text: str,
    values: str,
    *,
    role: str = "request",
    auth: str = LOGIN_VALUES,
    defects: str = "",
) -> str:
    """Return the examples of an operation with one document, as a block."""
    lines = [
        "examples:",
        "  - title: one",
        f"    {role}:",
        "      text: |",
        textwrap.indent(text, " " * 8).rstrip(" "),
    ]
    if role == "request" and auth:
        lines.append(f"      auth: {auth}")
    lines.append(f"      values: {values}")
    if defects:
        lines.append(f"      defects: {defects}")
    return "\n".join(lines) + "\n"


def decoded(folder: Path, shown: str) -> Service:
    """Return a service whose specs the earlier stages take."""
    report = Report()
    service = decode_service(folder, shown, report)
    assert service is not None
    assert not report.has_errors, report.diagnostics
    return service


def findings(
    folder: Path, examples: str, operation: str = OPERATION, service: str = SERVICE
) -> tuple[Diagnostic, ...]:
    """Return what the check finds in an operation with these examples."""
    (folder / "service.yaml").write_text(service, "utf-8")
    (folder / "pay.yaml").write_text(operation + examples, "utf-8")
    report = Report()
    check_examples(decoded(folder, "demo"), report)
    for found in report.diagnostics:
        assert found.hint, found
        assert not found.message.endswith(".") or "`." in found.message, found
    return report.diagnostics


def told(found: tuple[Diagnostic, ...]) -> list[str]:
    """Return rule and message of each finding."""
    return [f"{each.rule}: {each.message}" for each in found]


def in_request(
    folder: Path, members: str, values: str, **changes: str
) -> tuple[Diagnostic, ...]:
    """Return what is found in a request with these members and typed values."""
    return findings(folder, example(request_text(members), values, **changes))


def in_response(
    folder: Path, members: str, values: str, **changes: str
) -> tuple[Diagnostic, ...]:
    """Return what is found in a response with these members and typed values."""
    text = response_text(members)
    return findings(folder, example(text, values, role="response", **changes))


def in_document(folder: Path, text: str, **changes: str) -> tuple[Diagnostic, ...]:
    """Return what is found in a whole request that says `Text` is `a`."""
    return findings(folder, example(text, "{Text: a}", **changes))


WELL = request_text("<Text>a</Text>")
HEADER = "<Header><Success>true</Success></Header>"
HEADER_VALUES = "Header: {Success: true}"


# What is right


@pytest.mark.parametrize(
    ("members", "values"),
    [
        ("<Text>a</Text>", "{Text: a}"),
        ("<Text/>", '{Text: ""}'),
        ("<Text></Text>", '{Text: ""}'),
        ("<Text>  </Text>", '{Text: "  "}'),
        ("<Text> a\tb </Text>", '{Text: " a\\tb "}'),
        ("<Text>a<!-- no -->b</Text>", "{Text: ab}"),
        ("<Text><![CDATA[<&>]]></Text>", '{Text: "<&>"}'),
        ("<Text>&lt;&amp;&#13;ä</Text>", '{Text: "<&\\rä"}'),
        ("<!-- no --><?no really?><Text>a</Text>", "{Text: a}"),
        ("<Count>7</Count>", "{Count: 7}"),
        ("<Flag>true</Flag><Ratio>0.5</Ratio>", "{Flag: true, Ratio: 0.5}"),
        ("<Ratio>NaN</Ratio>", "{Ratio: NaN}"),
        ("<Ratio>-INF</Ratio>", "{Ratio: -INF}"),
        ("<Day>2026-01-31</Day>", "{Day: 2026-01-31}"),
        ("<Moment>2026-01-31T12:00:00Z</Moment>", "{Moment: 2026-01-31T12:00:00Z}"),
        ("<Data>YWI=</Data>", "{Data: YWI=}"),
        ("<Amount>1.50</Amount>", "{Amount: 1.50}"),
        ("<Pin>1</Pin><Code>2</Code>", "{Pin: 1, Code: 2}"),
        ("<Hidden><Inner>1</Inner></Hidden>", "{Hidden: {Inner: 1}}"),
        ("<Tags/>", "{Tags: []}"),
        ("<Tags><Tag>a</Tag><Tag>b</Tag></Tags>", "{Tags: [a, b]}"),
        ("<Notes>a</Notes><Notes>b</Notes>", "{Notes: [a, b]}"),
        ("", "{Notes: []}"),
        ("<Grid><Row><Cell>1</Cell></Row><Row/></Grid>", "{Grid: [[1], []]}"),
        (
            "<Lines><Line><Number>1</Number><Remark>a</Remark></Line></Lines>",
            "{Lines: [{Number: 1, Remark: a}]}",
        ),
        ("<Profile/>", "{Profile: {}}"),
        (
            "<Profile><Name>a</Name><Place>b</Place></Profile>",
            "{Profile: {Name: a, Place: b}}",
        ),
        ("<Tree><Node><Name>a</Name></Node></Tree>", "{Tree: {Node: {Name: a}}}"),
    ],
)
def test_matching_request_has_no_findings(
    tmp_path: Path, members: str, values: str
) -> None:
    """Every state of every type, said alike on both sides."""
    assert not told(in_request(tmp_path, members, values))


@pytest.mark.parametrize(
    ("members", "values"),
    [
        ("<Id>7</Id>", "Id: 7"),
        ("<Id>\n +007 </Id>", "Id: 7"),
        ("<Id>7</Id><Name> a </Name>", 'Id: 7, Name: " a "'),
        ('<Id>7</Id><Name xsi:nil="false">a</Name>', "Id: 7, Name: a"),
        ('<Id>7</Id><Name xsi:nil="true"/>', "Id: 7, Name: null"),
        ('<Id>7</Id><Name xsi:nil="1">\n</Name>', "Id: 7, Name: null"),
        ('<Id>7</Id><Log xsi:nil="true"/>', "Id: 7, Log: null"),
    ],
)
def test_matching_response_has_no_findings(
    tmp_path: Path, members: str, values: str
) -> None:
    """An answer may write a value in any way that its type allows."""
    typed = f"{{{HEADER_VALUES}, {values}}}"
    assert not told(in_response(tmp_path, HEADER + members, typed))


def test_specs_of_the_project_are_clean() -> None:
    """The documents of the SMS page contradict nothing."""
    report = Report()
    check_examples(decoded(REVIO, "specs/revio"), report)
    assert not report.diagnostics


# Values


@pytest.mark.parametrize(
    ("members", "values", "message"),
    [
        ("<Text>a</Text>", "{Text: b}", "`Text` is `b` here, `a` in the document"),
        ("<Text>a </Text>", "{Text: a}", "`Text` is `a` here, `a ` in the document"),
        ("<Text/>", "{Text: a}", "`Text` is `a` here, empty in the document"),
        (
            "<Text>a&#9;\nb&#13;</Text>",
            "{Text: ab}",
            "`Text` is `ab` here, `a\\t\\nb\\r` in the document",
        ),
        (
            f"<Notes>{'a' * 90}b{'a' * 90}</Notes>",
            f"{{Notes: [{'a' * 90}c{'a' * 9}]}}",
            f"`Notes[1]` is `…{'a' * 30}c{'a' * 9}` here, `…{'a' * 30}b{'a' * 29}…` in the document",
        ),
        ("<Count>8</Count>", "{Count: 7}", "`Count` is `7` here, `8` in the document"),
        (
            "<Count>x</Count>",
            "{Count: 7}",
            "`Count` is `x` in the document, which is not a whole number of 32 bits",
        ),
        (
            "<Count/>",
            "{Count: 7}",
            "`Count` is empty in the document, which is not a whole number of 32 bits",
        ),
        (
            "<Flag>yes</Flag>",
            "{Flag: true}",
            "`Flag` is `yes` in the document, which is not true or false",
        ),
        (
            '<Text xsi:nil="true"/>',
            "{Text: a}",
            "`Text` is marked as nil in the document, here it is not",
        ),
        (
            "<Text>a</Text>",
            "{Text: null}",
            "`Text` is nil here, the document does not mark it as nil",
        ),
        (
            "<Tags><Tag>a</Tag></Tags>",
            "{Tags: [a, b]}",
            "`Tags` has 2 items here, 1 in the document",
        ),
        ("<Tags/>", "{Tags: [a]}", "`Tags` has 1 item here, 0 in the document"),
        (
            "<Tags><Tag>a</Tag><Tag>b</Tag></Tags>",
            "{Tags: [a, c]}",
            "`Tags[2]` is `c` here, `b` in the document",
        ),
        (
            "<Grid><Row><Cell>1</Cell></Row></Grid>",
            "{Grid: [[2]]}",
            "`Grid[1][1]` is `2` here, `1` in the document",
        ),
        (
            "<Notes>a</Notes>",
            "{Notes: [a, b]}",
            "`Notes` has 2 items here, 1 in the document",
        ),
        (
            "<Notes>a</Notes>",
            "{}",
            "`Notes` stands in the document, but no value is given for it here",
        ),
        (
            "<Text>a</Text>",
            "{}",
            "`Text` stands in the document, but no value is given for it here",
        ),
        (
            "<Profile><Id>1</Id></Profile>",
            "{Profile: {}}",
            "`Id` stands in the document, but no value is given for it here",
        ),
    ],
)
def test_contradiction_is_a_mismatch(
    tmp_path: Path, members: str, values: str, message: str
) -> None:
    """The two sides differ in a value or in the state of a member."""
    found = in_request(tmp_path, members, values)
    assert told(found) == [f"example-mismatch: {message}"]


@pytest.mark.parametrize(
    ("values", "name"),
    [("{Text: a}", "Text"), ("{Notes: [a]}", "Notes"), ("{Profile: {}}", "Profile")],
)
def test_value_without_element_is_missing(
    tmp_path: Path, values: str, name: str
) -> None:
    """What was typed in does not stand in the document."""
    (found,) = in_request(tmp_path, "", values)
    assert told((found,)) == [
        f"example-missing-element: `{name}` has a value here, but does not stand in the document"
    ]
    assert found.span == Span("demo/pay.yaml", TEXT + 12, 16)
    assert [str(each.span) for each in found.related] == [f"demo/pay.yaml:{TEXT}:9"]


def test_mismatch_is_placed_at_the_value_and_in_the_block(tmp_path: Path) -> None:
    """A finding names the typed value; the text in the document is the related place."""
    members = "<Text>a</Text>\n  <Count>8</Count>"
    (found,) = in_request(tmp_path, members, "{Text: a, Count: 7}")
    assert found.span == Span("demo/pay.yaml", TEXT + 13, 32)
    assert found.hint == "correct whichever of the two differs from the page"
    (related,) = found.related
    assert related.span == Span("demo/pay.yaml", MEMBERS + 1, 9 + 9)
    assert related.message == "the document says it here"


def test_places_in_a_file_are_those_of_the_file(tmp_path: Path) -> None:
    """A file starts at line 1, column 1; a byte order mark takes no column."""
    content = codecs.BOM_UTF8 + request_text("ä <Text>a</Text>").encode()
    (tmp_path / "pay.xml").write_bytes(content)
    examples = (
        "examples:\n  - title: one\n    request:\n      file: pay.xml\n"
        f"      auth: {LOGIN_VALUES}\n      values: {{Text: b}}\n"
    )
    stray, mismatch = sorted(findings(tmp_path, examples), key=lambda each: each.rule)[
        ::-1
    ]
    assert stray.span == Span("demo/pay.xml", 6, 1)
    assert [each.span for each in mismatch.related] == [Span("demo/pay.xml", 6, 9)]


# Secrets


@pytest.mark.parametrize(
    ("members", "values"),
    [
        ("<Pin>s3cret</Pin>", "{Pin: hidden}"),
        ("<Code>31337</Code>", "{Code: 4711}"),
        ("<Code>s3cret</Code>", "{Code: 4711}"),
        ("<Code>0031337</Code>", "{Code: 31337}"),
        ("<Hidden><Inner>31337</Inner></Hidden>", "{Hidden: {Inner: 4711}}"),
        ("<Hidden><Inner>031337</Inner></Hidden>", "{Hidden: {Inner: 31337}}"),
        (
            "<Hidden><Inners><Each>31337</Each></Inners></Hidden>",
            "{Hidden: {Inners: [4711]}}",
        ),
        (
            "<Hidden><Inners><Each>031337</Each></Inners></Hidden>",
            "{Hidden: {Inners: [31337]}}",
        ),
        ("<Pin>s3cret & hidden</Pin>", '{Pin: "s3cret & hidden"}'),
        ("<Pin></Pin>s3cret", '{Pin: ""}'),
        ("<Pin>s3cret<Pin/></Pin>", "{Pin: hidden}"),
        ('<Pin xsi:nil="true">s3cret</Pin>', "{Pin: null}"),
        ("<Pin>s3cret</Pim>", "{Pin: s3cret}"),
    ],
)
def test_secrets_are_never_shown(tmp_path: Path, members: str, values: str) -> None:
    """No message and no hint carries the value of a secret member."""
    found = in_request(tmp_path, members, values)
    assert found
    for shown in map(repr, found):
        assert not re.search("s3cret|hidden|31337|4711", shown)


def test_secret_that_differs_is_said_to_differ(tmp_path: Path) -> None:
    """The name is enough, together with the two places."""
    found = in_request(tmp_path, "<Pin>a</Pin>", "{Pin: b}")
    assert told(found) == ["example-mismatch: `Pin` differs from the document"]
    text = request_text("", opening=LOGIN.replace("secret", "other"))
    found = findings(tmp_path, example(text, "{}"))
    assert told(found) == ["example-mismatch: `Password` differs from the document"]


# Elements, attributes, text


@pytest.mark.parametrize(
    ("members", "values", "messages"),
    [
        (
            "<Txt>a</Txt>",
            "{}",
            ["example-unknown-element: `Request` has no member `Txt`"],
        ),
        (
            "<Profile><Nam>a</Nam></Profile>",
            "{Profile: {}}",
            ["example-unknown-element: `Profile` has no member `Nam`"],
        ),
        (
            "<Text>a<Text/></Text>",
            "{Text: a}",
            ["example-unknown-element: `Text` has no member `Text`"],
        ),
        (
            "<Tags><Tg>a</Tg></Tags>",
            "{Tags: []}",
            ["example-unknown-element: `Tags` has no member `Tg`"],
        ),
        (
            '<Profile xsi:nil="true"><Id>1</Id></Profile>',
            "{Profile: null}",
            ["example-unknown-element: `Profile` has no member `Id`"],
        ),
        (
            "<Text>a</Text><Text>a</Text>",
            "{Text: a}",
            ["example-unknown-element: `Text` is here a second time"],
        ),
        (
            '<Text x="1">a</Text>',
            "{Text: a}",
            ["example-unknown-attribute: the attribute `x` of `Text` is not known"],
        ),
        (
            '<Text xsi:nil="yes">a</Text>',
            "{Text: a}",
            [
                "example-unknown-attribute: the value `yes` of the attribute `nil` of `Text` is not known"
            ],
        ),
        (
            '<Text nil="true">a</Text>',
            "{Text: a}",
            ["example-unknown-attribute: the attribute `nil` of `Text` is not known"],
        ),
        (
            "x",
            "{}",
            ["example-stray-text: text stands directly inside `Request`"],
        ),
        (
            "<Profile>x</Profile>",
            "{Profile: {}}",
            ["example-stray-text: text stands directly inside `Profile`"],
        ),
        (
            "<Tags>x</Tags>",
            "{Tags: []}",
            ["example-stray-text: text stands directly inside `Tags`"],
        ),
        (
            '<Text xsi:nil="true">x</Text>',
            "{Text: null}",
            ["example-stray-text: text stands directly inside `Text`"],
        ),
        (
            "<Count>7</Count><Text>a</Text>",
            "{Count: 7, Text: a}",
            ["example-order: `Text` stands after `Count`, the spec names it first"],
        ),
        (
            "<Profile><Name>a</Name><Id>1</Id></Profile>",
            "{Profile: {Name: a}}",
            [
                "example-mismatch: `Id` stands in the document, but no value is given for it here",
                "example-order: `Id` stands after `Name`, the spec names it first",
            ],
        ),
        (
            "<Notes>a</Notes><Tree/><Notes>b</Notes>",
            "{Notes: [a, b], Tree: {}}",
            ["example-order: `Notes` stands after `Tree`, the spec names it first"],
        ),
        (
            '<Text xmlns="http://example.com">a</Text>',
            "{Text: a}",
            [
                "example-namespace: the namespace `http://example.com` is not known",
            ],
        ),
        (
            '<Text xmlns="">a</Text>',
            "{Text: a}",
            ["example-namespace: `Text` stands in no namespace"],
        ),
        (
            f'<Profile xmlns="{SOAP11}"><Id>1</Id></Profile>',
            "{Profile: {Id: 1}}",
            [
                f"example-namespace: `Profile` stands in the namespace `{SOAP11}`",
            ],
        ),
    ],
)
def test_what_the_model_does_not_know_is_reported(
    tmp_path: Path, members: str, values: str, messages: list[str]
) -> None:
    """Elements, attributes, text, order and namespaces are exactly those of the model."""
    found = in_request(tmp_path, members, values)
    assert sorted(told(found)) == messages


def test_hints_name_what_is_near(tmp_path: Path) -> None:
    """An unknown name is compared with the known ones."""
    (found,) = in_request(tmp_path, "<Txt>a</Txt>", "{}")
    assert found.hint == "did you mean `Text`?"
    (found,) = in_request(tmp_path, "<Text>a<b/></Text>", "{Text: a}")
    assert found.hint == "`Text` holds no elements"
    (found,) = in_request(
        tmp_path, '<Text xmlns="http://exampl.com/">a</Text>', "{Text: a}"
    )
    assert found.hint == "did you mean `http://example.com/`?"
    assert found.span == Span("demo/pay.yaml", MEMBERS, 9 + 6)
    assert [str(each.span) for each in found.related] == ["demo/service.yaml:8:3"]


def test_places_of_attributes_and_text(tmp_path: Path) -> None:
    """An attribute is placed by its name, text by its first character."""
    members = (
        "<Text\n   xsi:nil='false' x='&gt;' >a</Text>\n\n   &#x78; <Count>7</Count>"
    )
    attribute, text = in_request(tmp_path, members, "{Text: a, Count: 7}")
    assert attribute.span == Span("demo/pay.yaml", MEMBERS + 1, 9 + 19)
    assert text.span == Span("demo/pay.yaml", MEMBERS + 3, 9 + 3)


# What stands around the members


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            SOAP11,
            SOAP12,
            [
                "example-protocol: the document has a SOAP 1.2 envelope, the protocol has a SOAP 1.1 envelope"
            ],
        ),
        (
            SOAP11,
            "http://schemas.xmlsoap.org/soap/envelop/",
            [
                "example-namespace: the namespace `http://schemas.xmlsoap.org/soap/envelop/` is not known"
            ],
        ),
        (
            SOAP11,
            "http://example.com/",
            ["example-namespace: `Envelope` does not stand in the namespace of SOAP"],
        ),
        (
            "<soap:Body>",
            "x<soap:Body soap:encodingStyle='x'>",
            [
                "example-stray-text: text stands directly inside `Envelope`",
                "example-unknown-attribute: the attribute `encodingStyle` of `Body` is not known",
            ],
        ),
        (
            "<soap:Body>",
            "<soap:Header/><soap:Body>",
            [
                "example-mismatch: the values would be written as `<Body>`, the document has `<Header></Header>`"
            ],
        ),
        (
            "<soap:Body>",
            "<soap:Header><a/></soap:Header><soap:Body>",
            ["example-unknown-element: `a` does not belong into `Header`"],
        ),
        (
            "<soap:Body>",
            "<Head/><soap:Body>",
            ["example-unknown-element: `Head` does not belong into `Envelope`"],
        ),
        (
            "</soap:Body>",
            "</soap:Body><soap:Body/>",
            ["example-unknown-element: `Body` does not belong into `Envelope`"],
        ),
        (
            "soap:Body",
            "soap:Bod",
            [
                "example-protocol: `Body` is missing in `Envelope`",
                "example-unknown-element: `Bod` does not belong into `Envelope`",
            ],
        ),
        (
            "</soap:Body>",
            "<Pay/></soap:Body>",
            ["example-unknown-element: `Pay` does not belong into `Body`"],
        ),
        (
            "Pay",
            "Play",
            ["example-protocol: `Play` stands where the protocol has `Pay`"],
        ),
        (
            "Request",
            "Requests",
            ["example-protocol: `Requests` stands where the protocol has `Request`"],
        ),
        (
            "</Pay>",
            "<Request/></Pay>",
            ["example-unknown-element: `Request` does not belong into `Pay`"],
        ),
        (
            "<Request>",
            '<Request xsi:nil="false">',
            [
                "example-unknown-attribute: the attribute `nil` of `Request` is not known"
            ],
        ),
        (
            '<Pay xmlns="http://example.com/">',
            f'<Pay xmlns="{SOAP11}">',
            [f"example-namespace: `Pay` stands in the namespace `{SOAP11}`"],
        ),
        (
            "<Request>",
            f'<Request xmlns="{SOAP11}">',
            [f"example-namespace: `Request` stands in the namespace `{SOAP11}`"],
        ),
    ],
)
def test_frame_follows_the_protocol(
    tmp_path: Path, old: str, new: str, messages: list[str]
) -> None:
    """Envelope, wrapper and namespaces are those of the protocol."""
    assert old in WELL
    found = told(in_document(tmp_path, WELL.replace(old, new)))
    assert sorted(found) == messages


@pytest.mark.parametrize(
    ("pattern", "new", "messages"),
    [
        (
            "<Pay .*</Pay>",
            "",
            ["example-protocol: `Pay` is missing in `Body`"],
        ),
        (
            "<Request>.*</Request>",
            "",
            ["example-protocol: `Request` is missing in `Pay`"],
        ),
        (
            "<Request>.*</Request>",
            "<a/><b/>",
            [
                "example-protocol: `a` stands where the protocol has `Request`",
                "example-unknown-element: `b` does not belong into `Pay`",
            ],
        ),
    ],
)
def test_members_that_cannot_be_found(
    tmp_path: Path, pattern: str, new: str, messages: list[str]
) -> None:
    """Nothing more is said of a document in which it is unclear where the members are."""
    text = re.sub(pattern, new, WELL, flags=re.DOTALL)
    assert told(in_document(tmp_path, text)) == messages


def test_protocol_is_shown_beside_a_wrong_name(tmp_path: Path) -> None:
    """The place is that of the element; the protocol stands beside it."""
    (found,) = in_document(tmp_path, WELL.replace("Pay", "Play"))
    assert found.span == Span("demo/pay.yaml", TEXT + 2, 9)
    (related,) = found.related
    assert (str(related.span), related.message) == (
        "demo/service.yaml:8:3",
        "the protocol is given here",
    )
    assert found.hint == (
        "correct the document or `protocol`, whichever differs from the page"
    )


RESULT = HEADER + "<Id>7</Id>"
RESULT_VALUES = f"{{{HEADER_VALUES}, Id: 7}}"


@pytest.mark.parametrize(
    ("old", "new", "messages"),
    [
        (
            "PayResponse",
            "PlayResponse",
            [
                "example-protocol: `PlayResponse` stands where the protocol has `PayResponse`"
            ],
        ),
        (
            "PayResult",
            "Result",
            ["example-protocol: `Result` stands where the protocol has `PayResult`"],
        ),
        (
            "PayRes",
            "PlayRes",
            [
                "example-protocol: `PlayResponse` stands where the protocol has `PayResponse`",
            ],
        ),
    ],
)
def test_answer_has_the_names_of_the_protocol(
    tmp_path: Path, old: str, new: str, messages: list[str]
) -> None:
    """Response and result have their documented names."""
    text = response_text(RESULT).replace(old, new)
    found = findings(tmp_path, example(text, RESULT_VALUES, role="response"))
    assert told(found) == messages


def test_fault_is_no_documented_answer(tmp_path: Path) -> None:
    """An empty body and an answer of another kind are reported."""
    text = f'<e:Envelope xmlns:e="{SOAP11}"><e:Body></e:Body></e:Envelope>'
    found = findings(tmp_path, example(text + "\n", RESULT_VALUES, role="response"))
    assert told(found) == ["example-protocol: `PayResponse` is missing in `Body`"]


BARE = "\n".join(request_text("<Text>a</Text>").splitlines()[2:-2]) + "\n"


def own_protocol(protocol: str) -> str:
    """Return the operation with a protocol of its own."""
    return OPERATION.replace("request:\n", f"protocol: {protocol}\nrequest:\n", 1)


@pytest.mark.parametrize(
    ("envelopes", "text", "defects", "messages"),
    [
        (("soap11", "soap11"), BARE, "{missing-envelope: x}", []),
        (("soap11", "none"), BARE, "{missing-envelope: x}", []),
        (("none", "none"), BARE, "", []),
        (("soap12", "none"), WELL.replace(SOAP11, SOAP12), "", []),
        (("soap11", "soap12"), WELL.replace(SOAP11, SOAP12), "", []),
        (("none", "soap11"), WELL, "", []),
        (
            ("none", "none"),
            WELL,
            "",
            [
                "example-protocol: the document has a SOAP 1.1 envelope, the protocol has no envelope"
            ],
        ),
        (
            ("soap11", "none"),
            BARE,
            "",
            ["example-defect-undeclared: `Pay` stands without an envelope around it"],
        ),
        (
            ("none", "none"),
            BARE,
            "{missing-envelope: x}",
            [
                "example-defect-absent: the document does not have the defect `missing-envelope`"
            ],
        ),
    ],
)
def test_envelope_is_that_of_the_operation_or_the_service(
    tmp_path: Path,
    envelopes: tuple[str, str],
    text: str,
    defects: str,
    messages: list[str],
) -> None:
    """An operation documented without envelope still has that of the service."""
    shared, own = envelopes
    found = findings(
        tmp_path,
        example(text.replace(XSI, ""), "{Text: a}", defects=defects),
        own_protocol(f"{{envelope: {own}}}"),
        SERVICE.replace("  namespace:", f"  envelope: {shared}\n  namespace:"),
    )
    assert told(found) == messages


def test_element_of_the_payload_may_be_called_envelope(tmp_path: Path) -> None:
    """A name alone does not make an envelope."""
    text = BARE.replace("<Pay ", "<Envelope ").replace("</Pay>", "</Envelope>")
    found = findings(
        tmp_path,
        example(text, "{Text: a}"),
        own_protocol("{wrapper: Envelope, envelope: none}"),
        SERVICE.replace("  namespace:", "  envelope: none\n  namespace:"),
    )
    assert not told(found)


# Defects

UNWRAPPED = re.sub("</?PayResponse.*?>", "", response_text(RESULT)).replace(
    "<PayResult>", '<PayResult xmlns="http://example.com/">'
)


@pytest.mark.parametrize(
    ("text", "defect", "message"),
    [
        (
            UNWRAPPED,
            "missing-wrapper",
            "`PayResult` stands without `PayResponse` around it",
        ),
        (
            response_text(RESULT).replace(' xmlns="http://example.com/"', ""),
            "missing-namespace",
            "`PayResponse` has no namespace",
        ),
        (
            response_text("<Id>7</Id>" + HEADER),
            "output-order",
            "`Header` stands after `Id`, the spec names it first",
        ),
        (
            "\n".join(response_text(RESULT).splitlines()[2:-2]) + "\n",
            "missing-envelope",
            "`PayResponse` stands without an envelope around it",
        ),
    ],
)
def test_defects_are_declared_exactly(
    tmp_path: Path, text: str, defect: str, message: str
) -> None:
    """A defect that is there is declared, and one that is declared is there."""

    def found(shown: str, defects: str) -> tuple[Diagnostic, ...]:
        return findings(
            tmp_path, example(shown, RESULT_VALUES, role="response", defects=defects)
        )

    assert not found(text, f"{{{defect}: seen}}")
    (undeclared,) = found(text, "")
    assert told((undeclared,)) == [f"example-defect-undeclared: {message}"]
    assert undeclared.hint == (
        f"if the page shows it like this, declare `{defect}` under `defects`, with a note"
    )
    (absent,) = found(response_text(RESULT), f"{{{defect}: seen}}")
    assert told((absent,)) == [
        f"example-defect-absent: the document does not have the defect `{defect}`"
    ]
    assert absent.span == Span("demo/pay.yaml", TEXT + 12, 17)


def test_request_without_namespace_is_built_without(tmp_path: Path) -> None:
    """A declared defect of a request holds for the request that is built as well."""
    text = WELL.replace(' xmlns="http://example.com/"', "")
    assert not told(in_document(tmp_path, text, defects="{missing-namespace: x}"))
    text = text.replace("<Text>", '<Text xmlns="http://example.com/">')
    assert told(in_document(tmp_path, text, defects="{missing-namespace: x}")) == [
        "example-namespace: `Text` stands in the namespace `http://example.com/`"
    ]


def test_order_of_a_request_is_no_defect(tmp_path: Path) -> None:
    """Output order cannot be declared away for what a client writes."""
    found = in_request(
        tmp_path,
        "<Count>7</Count><Text>a</Text>",
        "{Count: 7, Text: a}",
        defects="{output-order: x}",
    )
    assert {each.rule for each in found} == {"example-order", "example-defect-absent"}


AMPERSANDS = "<Text>a & b &amp; &c&</Text>\n<Count>8</Count><Exact>x&y</Exact>"
AMPERSAND_VALUES = '{Text: "a & b & &c&", Exact: x&y, Count: 7}'


def test_bare_ampersand_is_mended_where_it_is_declared(tmp_path: Path) -> None:
    """Places behind a mended ampersand are those of the document as it stands."""
    (found,) = in_request(
        tmp_path,
        AMPERSANDS,
        AMPERSAND_VALUES,
        defects="{bare-ampersand: {in: [Text, Exact]}}",
    )
    assert told((found,)) == [
        "example-mismatch: `Count` is `7` here, `8` in the document"
    ]
    column = AMPERSANDS.splitlines()[1].index("8") + 9
    assert [each.span for each in found.related] == [
        Span("demo/pay.yaml", MEMBERS + 1, column)
    ]


def test_bare_ampersand_that_is_not_declared(tmp_path: Path) -> None:
    """The place is the first ampersand in each element; the rest is checked all the same."""
    text, exact, mismatch = in_request(tmp_path, AMPERSANDS, AMPERSAND_VALUES)
    assert told((text, exact, mismatch)) == [
        "example-defect-undeclared: `&` stands in the text of `Text` without being escaped",
        "example-defect-undeclared: `&` stands in the text of `Exact` without being escaped",
        "example-mismatch: `Count` is `7` here, `8` in the document",
    ]
    assert text.span == Span("demo/pay.yaml", MEMBERS, 9 + 8)
    assert exact.span == Span("demo/pay.yaml", MEMBERS + 1, 9 + 24)
    assert exact.hint == (
        "if the page shows it like this, declare `bare-ampersand: {in: [Exact]}` under `defects`"
    )


def test_bare_ampersand_that_is_not_there(tmp_path: Path) -> None:
    """Each element that is named has one."""
    found = in_request(
        tmp_path,
        "<Text>&amp;&#38;&#x26;</Text><Exact>a&b</Exact>",
        '{Text: "&&&", Exact: a&b}',
        defects="{bare-ampersand: {in: [Text, Exact, Nothing]}}",
    )
    assert told(found) == [
        "example-defect-absent: no bare `&` stands in the text of `Nothing`",
        "example-defect-absent: no bare `&` stands in the text of `Text`",
    ]


@pytest.mark.parametrize(
    "members",
    [
        "<Text><!-- & --><![CDATA[a]]></Text>",
        "<Text><?a &?>a</Text>",
        "<Text><![CDATA[a]]></Text>",
    ],
)
def test_ampersands_outside_text_are_no_defect(tmp_path: Path, members: str) -> None:
    """Comments, instructions and CDATA may hold any ampersand."""
    assert not told(in_request(tmp_path, members, "{Text: a}"))


# Documents that cannot be read


@pytest.mark.parametrize(
    ("members", "reason", "column"),
    [
        (
            "<Text>a</Txt>",
            "this end tag does not match the start tag, inside `Text`",
            10,
        ),
        (
            "<Text>a<</Text>",
            "something stands here that XML does not allow, inside `Text`",
            9,
        ),
        (
            "<Text x='&'/>",
            "something stands here that XML does not allow, inside `Request`",
            11,
        ),
        (
            "<Text/>a & b",
            "something stands here that XML does not allow, inside `Request`",
            11,
        ),
        ("<a:Text/>", "this prefix is not declared, inside `Request`", 1),
        ("<Text>&nbsp;</Text>", "this entity is not defined, inside `Text`", 7),
        (
            "<Text a='' a=''/>",
            "this attribute is here a second time, inside `Request`",
            12,
        ),
    ],
)
def test_not_well_formed_is_told_in_plain_words(
    tmp_path: Path, members: str, reason: str, column: int
) -> None:
    """The reason and the place of what XML does not allow."""
    (found,) = in_request(tmp_path, members, "{}")
    assert told((found,)) == [
        f"example-not-well-formed: the document is not well-formed: {reason}"
    ]
    assert found.span.line == MEMBERS
    assert abs(found.span.column - 8 - column) <= 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the document is empty"),
        (" \n", "the document is empty"),
        ("<a>", "the document is not well-formed: it ends too early, inside `a`"),
        ("<a", "the document is not well-formed: what begins here is not closed"),
        (
            "<a/><b/>",
            "the document is not well-formed: something stands after the root element",
        ),
        (
            "\n<?xml version='1.0'?><a/>",
            "the document is not well-formed: the XML declaration is not at the very start",
        ),
        ("<a>\0</a>", "the character U+0000 cannot stand in XML"),
        ("<!DOCTYPE a><a/>", "the document has a DOCTYPE"),
        (
            "<a>" * 9999,
            f"the document is nested more than {MAXIMUM_DEPTH} levels deep",
        ),
    ],
)
def test_unreadable_document_is_one_finding(text: str, message: str) -> None:
    """Whatever a file holds, the check says what it is and goes on."""
    report = Report()
    check_examples(with_content(text.encode()), report)
    assert told(report.diagnostics) == [f"example-not-well-formed: {message}"]


def with_content(content: bytes, role: str = "request") -> Service:
    """Return the service of the project with one document, whose content is another."""
    service = decoded(REVIO, "specs/revio")
    (sample,) = [
        each for each in samples(service) if each.name == f"sms_send/{role}.xml"
    ]
    return sample.changed(content)


def test_deepest_document_does_not_overflow(tmp_path: Path) -> None:
    """A structure inside itself is followed down to the limit."""
    depth = MAXIMUM_DEPTH - 4
    (found,) = in_request(
        tmp_path, "<Tree>" + "<Node>" * depth + "</Node>" * depth + "</Tree>", "{}"
    )
    assert found.rule == "example-not-well-formed"
    depth = MAXIMUM_DEPTH - 5
    (found,) = in_request(
        tmp_path, "<Tree>" + "<Node>" * depth + "</Node>" * depth + "</Tree>", "{}"
    )
    assert found.rule == "example-mismatch"


def test_binary_junk_is_reported() -> None:
    """Bytes that are no text do not stop the check."""
    report = Report()
    check_examples(with_content(b"<a>\n\xff\xfe"), report)
    assert told(report.diagnostics) == [
        "example-encoding: byte 0xff is not valid in `utf-8`"
    ]
    assert report.diagnostics[0].span == Span("specs/revio/sms_send/request.xml", 2, 1)


def test_parse_refuses_nothing_that_is_well_formed() -> None:
    """Prefixes, quotes and empty tags are told apart as XML has them."""
    root = parse(
        "<a:b xmlns:a = 'u:1' xmlns='u:2' a:c='1' d=\"2\" >x='y'<e xmlns='' />x='y'</a:b>"
    )
    assert isinstance(root, Element)
    assert [(each.namespace, each.name, each.value) for each in root.attributes] == [
        ("u:1", "c", "1"),
        ("", "d", "2"),
    ]
    assert [each.uri for each in root.declarations] == ["u:1", "u:2"]
    assert [(each.namespace, each.name) for each in root.children] == [("", "e")]


# Encodings

DECLARED = '<?xml version="1.0" encoding="{}" standalone="yes"?>\n<a>ä</a>'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"<a/>", "<a/>"),
        ("<a>ä</a>".encode(), "<a>ä</a>"),
        (codecs.BOM_UTF8 + "<a>ä</a>".encode(), "<a>ä</a>"),
        (DECLARED.format("UTF-8").encode(), DECLARED.format("UTF-8")),
        (DECLARED.format("utf-16").encode("utf-16"), DECLARED.format("utf-16")),
        (DECLARED.format("UTF-16").encode("utf-16-be"), DECLARED.format("UTF-16")),
        (DECLARED.format("utf-16le").encode("utf-16-le"), DECLARED.format("utf-16le")),
        (DECLARED.format("utf-32").encode("utf-32"), DECLARED.format("utf-32")),
        (
            DECLARED.format("iso-8859-1").encode("iso-8859-1"),
            DECLARED.format("iso-8859-1"),
        ),
        (b"<?xml version='1.0' encoding='us-ascii'?><a/>", None),
    ],
)
def test_encoding_is_found(content: bytes, text: str | None) -> None:
    """Byte order mark, NULs and declaration tell how a document is read."""
    found = decode(content)
    assert found.is_whole
    assert not found.problems
    assert text is None or found.text == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            DECLARED.format("utf8").encode(),
            "the document declares the unknown encoding `utf8`",
        ),
        (
            DECLARED.format("utf--8").encode(),
            "the document declares the unknown encoding `utf--8`",
        ),
        (
            DECLARED.format("utf-16").encode(),
            "the document declares the encoding `utf-16`, but its bytes are `utf-8`",
        ),
        (
            DECLARED.format("utf-8").encode("utf-16"),
            "the document declares the encoding `utf-8`, but its bytes are `utf-16`",
        ),
        (
            DECLARED.format("iso-8859-1").encode(),
            "the document declares the encoding `iso-8859-1`, but its bytes are `utf-8`",
        ),
        (
            DECLARED.format("us-ascii").encode("iso-8859-1"),
            "byte 0xe4 is not valid in `us-ascii`",
        ),
        (
            DECLARED.format("utf-8").encode("iso-8859-1"),
            "byte 0xe4 is not valid in `utf-8`",
        ),
        (
            b"<?xml version='1.1' encoding='utf-8'?><a/>",
            "the document says that it is XML `1.1`",
        ),
    ],
)
def test_encoding_that_is_not_so(content: bytes, message: str) -> None:
    """A declaration says what the bytes are."""
    (problem,) = decode(content).problems
    assert (problem.rule, problem.message) == ("example-encoding", message)


def test_misspelt_declaration_is_found(tmp_path: Path) -> None:
    """What looks like an XML declaration and is none would be an instruction without meaning."""
    (found,) = in_document(tmp_path, '<?xm version="1.0" encoding="utf-8"?>\n' + WELL)
    assert told((found,)) == [
        "example-encoding: `<?xm` is no XML declaration, though it looks like one"
    ]
    (found,) = in_document(tmp_path, '<?x l version="1.0"?>\n' + WELL)
    assert found.rule == "example-encoding"
    (found,) = in_document(tmp_path, '<?xml version="1.0" encoding="utf-9"?>\n' + WELL)
    assert found.span == Span("demo/pay.yaml", TEXT, 9 + 30)


# Authentication


@pytest.mark.parametrize(
    ("opening", "auth", "messages"),
    [
        ("<Session><Key>k</Key></Session>", "{Session: {Key: k}}", []),
        (
            "",
            "",
            ["example-authentication: the request has no authentication"],
        ),
        (
            LOGIN,
            "",
            [
                "example-authentication: no `auth` is given here, the document has `Login`"
            ],
        ),
        (
            "",
            LOGIN_VALUES,
            ["example-authentication: `Login` is given here, the document has none"],
        ),
        (
            "<Session><Key>k</Key></Session>",
            LOGIN_VALUES,
            [
                "example-authentication: `Login` is given here, the document has `Session`"
            ],
        ),
        (
            LOGIN + "<Session><Key>k</Key></Session>",
            LOGIN_VALUES,
            [
                "example-authentication: `Session` stands beside `Login`, a request is opened by one of them"
            ],
        ),
        (
            LOGIN + LOGIN,
            LOGIN_VALUES,
            ["example-unknown-element: `Login` is here a second time"],
        ),
        (
            LOGIN.replace("me", "you"),
            LOGIN_VALUES,
            ["example-mismatch: `User` is `me` here, `you` in the document"],
        ),
        (
            LOGIN.replace("User", "Usr"),
            "{Login: {Password: secret}}",
            [
                "example-constraint: `User` is required, but not given",
                "example-unknown-element: `Login` has no member `Usr`",
            ],
        ),
        (
            LOGIN.replace("secret", "long" * 3),
            f"{{Login: {{User: me, Password: {'long' * 3}}}}}",
            ["example-constraint: `Password` has 12 characters, allowed are 1 to 8"],
        ),
    ],
)
def test_one_authentication_opens_a_request(
    tmp_path: Path, opening: str, auth: str, messages: list[str]
) -> None:
    """What is typed in under `auth` opens the document."""
    found = findings(
        tmp_path, example(request_text("", opening=opening), "{}", auth=auth)
    )
    assert sorted(told(found)) == messages


def test_authentication_comes_first(tmp_path: Path) -> None:
    """It stands before all other members."""
    text = request_text("<Text>a</Text>" + LOGIN, opening="")
    assert told(in_document(tmp_path, text)) == [
        "example-order: `Login` stands after `Text`, the spec names it first"
    ]


def test_service_without_authentication_wants_none(tmp_path: Path) -> None:
    """Where there is none, its element is unknown."""
    service = re.sub("authentication:.*?(?=response:)", "", SERVICE, flags=re.DOTALL)
    found = findings(tmp_path, example(WELL, "{Text: a}", auth=""), OPERATION, service)
    assert told(found) == ["example-unknown-element: `Request` has no member `Login`"]
    text = request_text("<Text>a</Text>", opening="")
    found = findings(tmp_path, example(text, "{Text: a}", auth=""), OPERATION, service)
    assert not found


# Constraints


@pytest.mark.parametrize(
    ("members", "values", "message"),
    [
        (
            "<Text>aaaaaaaaaaaaa</Text>",
            "{Text: aaaaaaaaaaaaa}",
            "`Text` has 13 characters, allowed are at most 12",
        ),
        ("<Text>a#</Text>", "{Text: a#}", "`Text` does not match `[^#]*`"),
        (
            "<Exact>ab</Exact>",
            "{Exact: ab}",
            "`Exact` has 2 characters, allowed are 3",
        ),
        (
            "<Long>a</Long>",
            "{Long: a}",
            "`Long` has 1 character, allowed are at least 2",
        ),
        ("<Count>0</Count>", "{Count: 0}", "`Count` is not at least `1`"),
        ("<Count>101</Count>", "{Count: 101}", "`Count` is not at most `100`"),
        (
            "<Day>2025-12-31</Day>",
            "{Day: 2025-12-31}",
            "`Day` is not at least `2026-01-01`",
        ),
        (
            "<Moment>2025-12-31T00:00:00Z</Moment>",
            "{Moment: 2025-12-31T00:00:00Z}",
            "`Moment` is not at least `2026-01-01T00:00:00Z`",
        ),
        (
            "<Moment>2026-12-31T00:00:00</Moment>",
            "{Moment: 2026-12-31T00:00:00}",
            "`Moment` is not at least `2026-01-01T00:00:00Z`",
        ),
        (
            "<Amount>3.50</Amount>",
            "{Amount: 3.50}",
            "`Amount` is not one of the allowed values",
        ),
        (
            "<Tags><Tag>a</Tag><Tag>b</Tag><Tag>c</Tag><Tag>d</Tag></Tags>",
            "{Tags: [a, b, c, d]}",
            "`Tags` has 4 items, allowed are at most 3",
        ),
        (
            "<Tags><Tag>a</Tag><Tag>a</Tag></Tags>",
            "{Tags: [a, a]}",
            "`Tags` has an item twice",
        ),
        (
            "<Tags><Tag>a</Tag><Tag>abcd</Tag></Tags>",
            "{Tags: [a, abcd]}",
            "`Tags[2]` has 4 characters, allowed are at most 3",
        ),
        (
            "<Lines><Line/></Lines>",
            "{Lines: [{}]}",
            "`Number` is required, but not given",
        ),
        (
            '<Lines><Line><Number xsi:nil="true"/></Line></Lines>',
            "{Lines: [{Number: null}]}",
            "`Number` is required, but nil",
        ),
        (
            "<Never>a</Never>",
            "{Never: a}",
            "`Never` must not be given in this operation",
        ),
        (
            "<Profile><Id>1</Id><Name>a</Name></Profile>",
            "{Profile: {Id: 1, Name: a}}",
            "`Name` cannot be given together with `Id`",
        ),
        (
            "<Profile><Place>a</Place></Profile>",
            "{Profile: {Place: a}}",
            "`Place` is given without `Name`, which it needs",
        ),
        ("<Choice/>", "{Choice: {}}", "one of `First`, `Second` must be given"),
        (
            "<Choice><First>a</First><Second>b</Second></Choice>",
            "{Choice: {First: a, Second: b}}",
            "`Second` cannot be given together with `First`",
        ),
        ("<Some/>", "{Some: {}}", "one of `First`, `Second` must be given"),
        (
            '<Some><First xsi:nil="true"/></Some>',
            "{Some: {First: null}}",
            "one of `First`, `Second` must be given",
        ),
    ],
)
def test_request_keeps_what_the_spec_demands(
    tmp_path: Path, members: str, values: str, message: str
) -> None:
    """A client would refuse to send anything else."""
    found = in_request(tmp_path, members, values)
    assert told(found) == [f"example-constraint: {message}"]


def test_constraint_is_shown_beside_the_value(tmp_path: Path) -> None:
    """The place is that of the value; the constraint stands beside it."""
    (found,) = in_request(tmp_path, "<Count>0</Count>", "{Count: 0}")
    assert found.span == Span("demo/pay.yaml", TEXT + 12, 23)
    (related,) = found.related
    assert related.message == "the spec demands it here"
    assert related.span == Span("demo/pay.yaml", 7, 22)


def test_pattern_that_cannot_be_used_is_left_to_its_own_rule(tmp_path: Path) -> None:
    """An invalid or slow pattern is no reason to doubt the example, or to hang."""
    for pattern in ("[", "(a+)+"):
        operation = OPERATION.replace("[^#]*", pattern)
        text = request_text(f"<Text>{'a' * 12}</Text>")
        found = findings(tmp_path, example(text, f"{{Text: {'a' * 12}}}"), operation)
        assert not found


@pytest.mark.parametrize(
    ("members", "values", "messages"),
    [
        (
            HEADER,
            f"{{{HEADER_VALUES}}}",
            ["example-constraint: `Id` is required, but not given"],
        ),
        (
            "<Header><Message>a</Message></Header><Id>7</Id>",
            "{Header: {Message: a}, Id: 7}",
            ["example-constraint: `Success` is required, but not given"],
        ),
        (
            "<Header><Success>false</Success></Header>",
            "{Header: {Success: false}}",
            [],
        ),
        (
            "<Header><Success>false</Success></Header><Id>7</Id>",
            "{Header: {Success: false}, Id: 7}",
            [],
        ),
    ],
)
def test_answer_has_what_is_required(
    tmp_path: Path, members: str, values: str, messages: list[str]
) -> None:
    """An answer that reports a failure owes its header alone."""
    assert told(in_response(tmp_path, members, values)) == messages


# Building


@pytest.mark.parametrize(
    ("members", "values", "message"),
    [
        (
            "<Text>a</Text><Count>007</Count>",
            "{Text: a, Count: 7}",
            "the values would be written as `<Count>7</Count>`, the document has `<Count>007</Count>`",
        ),
        (
            "<Flag>1</Flag>",
            "{Flag: true}",
            "the values would be written as `<Flag>true</Flag>`, the document has `<Flag>1</Flag>`",
        ),
        (
            "<Code>007</Code>",
            "{Code: 7}",
            "`Code` would be written otherwise than in the document",
        ),
        (
            '<Text xsi:nil="true"/>',
            "{Text: null}",
            'the document has `<Text nil="true"></Text>`, which the values would not be written as',
        ),
        (
            "<Old>a</Old>",
            "{Old: a}",
            "the document has `<Old>a</Old>`, which the values would not be written as",
        ),
    ],
)
def test_request_that_no_client_writes(
    tmp_path: Path, members: str, values: str, message: str
) -> None:
    """The same values in other words would make the golden test of the package fail."""
    (found,) = in_request(tmp_path, members, values)
    assert told((found,)) == [f"example-mismatch: {message}"]
    assert found.span == Span("demo/pay.yaml", FIRST + 2, 5)


# The outcome


@pytest.mark.parametrize(
    ("header", "values", "messages"),
    [
        ("<Code>E1</Code>", "Code: E1", []),
        ("<Code>E2</Code>", "Code: E2", []),
        (
            "<Message>'1' is no number.</Message><Code>E1</Code>",
            "Message: \"'1' is no number.\", Code: E1",
            [],
        ),
        (
            "<Message> 'a\nb' is no number. </Message>",
            "Message: \" 'a\\nb' is no number. \"",
            [],
        ),
        ("<Message>Gone.</Message><Code>E2</Code>", "Message: Gone., Code: E2", []),
        (
            "<Code>E9</Code>",
            "Code: E9",
            ["example-outcome: the code `E9` is not in the catalogue of errors"],
        ),
        (
            "<Message>x</Message><Code>E1</Code>",
            "Message: x, Code: E1",
            [
                "example-outcome: no message in the catalogue of errors reads like this one"
            ],
        ),
        (
            "<Message>x</Message>",
            "Message: x",
            [
                "example-outcome: no message in the catalogue of errors reads like this one"
            ],
        ),
    ],
)
def test_documented_failure_is_in_the_catalogue(
    tmp_path: Path, header: str, values: str, messages: list[str]
) -> None:
    """A failure that the catalogue does not know is worth a warning."""
    found = in_response(
        tmp_path,
        f"<Header><Success>false</Success>{header}</Header>",
        f"{{Header: {{Success: false, {values}}}}}",
    )
    assert told(found) == messages
    assert {each.severity for each in found} <= {Severity.WARNING}


def test_catalogue_without_messages_recognises_nothing(tmp_path: Path) -> None:
    """A service that lists codes alone is not asked for more."""
    service = re.sub("    cases:.*?(?=  Gone)", "", SERVICE, flags=re.DOTALL)
    text = response_text("<Header><Success>false</Success><Code>E9</Code></Header>")
    values = "{Header: {Success: false, Code: E9}}"
    found = findings(
        tmp_path, example(text, values, role="response"), OPERATION, service
    )
    assert not found


@pytest.mark.parametrize("paths", ["", "  success: Header/Deep/Success\n"])
def test_outcome_that_cannot_be_found(tmp_path: Path, paths: str) -> None:
    """Without an outcome, or where its path ends nowhere, an answer owes everything."""
    outcome = f"outcome:\n{paths}" if paths else ""
    service = re.sub("outcome:.*?(?=types:)", outcome, SERVICE, flags=re.DOTALL)
    text = response_text("<Header><Success>false</Success></Header>")
    found = findings(
        tmp_path,
        example(text, "{Header: {Success: false}}", role="response"),
        OPERATION,
        service,
    )
    assert told(found) == ["example-constraint: `Id` is required, but not given"]


# What cannot be checked


def test_unknown_type_is_passed_over(tmp_path: Path) -> None:
    """A shared structure that does not exist, and a list without an end, are reported elsewhere."""
    operation = OPERATION.replace(
        "request:\n",
        "request:\n  Lost: Missing\n  Lists: {list: Item, of: {repeated: true, of: int}}\n",
        1,
    )
    text = request_text("<Lost><a/></Lost><Lists><Item>1</Item></Lists>")
    assert not findings(tmp_path, example(text, "{Lists: [[1]]}"), operation)


def test_pruned_model_does_not_crash(tmp_path: Path) -> None:
    """Values of another kind than their types, as a broken spec may leave behind, are passed over."""
    members = "<Text>a</Text><Tags><Tag>a</Tag></Tags><Profile><Id>1</Id></Profile>"
    examples = example(request_text(members), "{Text: a, Tags: [a], Profile: {Id: 1}}")
    (tmp_path / "service.yaml").write_text(SERVICE, "utf-8")
    (tmp_path / "pay.yaml").write_text(OPERATION + examples, "utf-8")
    service = decoded(tmp_path, "demo")
    (operation,) = service.operations
    (shown,) = operation.examples
    assert shown.request is not None
    span = shown.request.span
    values: tuple[Value, ...] = (
        AtomValue(value="a", span=span),
        ListValue(items=(AtomValue(value="a", span=span),), span=span),
        StructureValue(members=(), span=span),
        NilValue(span=span),
    )
    for name in ("Text", "Tags", "Profile", "Tree", "Login", "Lost"):
        for value in values:
            member = MemberValue(name=name, value=value, span=span)
            document = replace(
                shown.request,
                values=StructureValue(members=(member,), span=span),
                authentication=member,
            )
            changed = replace(operation, examples=(replace(shown, request=document),))
            for kept in (service.authentication, None):
                check_examples(
                    replace(service, operations=(changed,), authentication=kept),
                    Report(),
                )


def test_limit_of_a_text_is_passed_over(tmp_path: Path) -> None:
    """A constraint that does not apply to its type is reported elsewhere."""
    (tmp_path / "service.yaml").write_text(SERVICE, "utf-8")
    (tmp_path / "pay.yaml").write_text(OPERATION + example(WELL, "{Text: a}"), "utf-8")
    service = decoded(tmp_path, "demo")
    (operation,) = service.operations
    text = operation.request.fields[0]
    limit = Minimum(limit=1, span=text.span)
    kind = AtomType(primitive=Primitive.STRING, constraints=(limit,), span=text.span)
    fields = (replace(text, type=kind), *operation.request.fields[1:])
    request = replace(operation.request, fields=fields)
    report = Report()
    changed = replace(operation, request=request)
    check_examples(replace(service, operations=(changed,)), report)
    assert not report.diagnostics


# Values on the wire


@pytest.mark.parametrize(
    ("text", "primitive", "value"),
    [
        (" a ", Primitive.STRING, " a "),
        (" 1\n", Primitive.BOOLEAN, True),
        ("false", Primitive.BOOLEAN, False),
        ("True", Primitive.BOOLEAN, None),
        ("2147483647", Primitive.INT, 2147483647),
        ("2147483648", Primitive.INT, None),
        ("-2147483648", Primitive.INT, -2147483648),
        ("2147483648", Primitive.LONG, 2147483648),
        ("9" * 5000, Primitive.LONG, None),
        ("0" * 5000 + "1", Primitive.LONG, 1),
        ("\uff11", Primitive.INT, None),
        ("1.50", Primitive.DECIMAL, Decimal("1.50")),
        ("1e5", Primitive.DECIMAL, None),
        ("1e5", Primitive.DOUBLE, 1e5),
        ("+INF", Primitive.DOUBLE, float("inf")),
        ("inf", Primitive.DOUBLE, None),
        ("2026-02-28", Primitive.DATE, date(2026, 2, 28)),
        ("2026-02-28Z", Primitive.DATE, date(2026, 2, 28)),
        ("2026-02-29", Primitive.DATE, None),
        ("28.2.2026", Primitive.DATE, None),
        (
            "2026-02-28T24:00:00",
            Primitive.DATE_TIME,
            datetime(2026, 3, 1),  # noqa: DTZ001 - without a zone, as on the wire
        ),
        (
            "2026-02-28T12:00:00.123456789+01:00",
            Primitive.DATE_TIME,
            Timestamp(2026, 2, 28, 12, 0, 0, 123456, timezone(timedelta(hours=1))),
        ),
        ("2026-02-28T24:00:01", Primitive.DATE_TIME, None),
        ("9999-12-31T24:00:00", Primitive.DATE_TIME, None),
        ("2026-02-28 12:00:00", Primitive.DATE_TIME, None),
        ("YW I=", Primitive.BASE64, b"ab"),
        ("YWI", Primitive.BASE64, None),
        ("ä", Primitive.BASE64, None),
    ],
)
def test_text_is_read_by_its_type(
    text: str, primitive: Primitive, value: Atom | None
) -> None:
    """Each type reads its own texts and no others."""
    found = read_text(text, primitive)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1.50"), "1.50"),
        (0.1, "0.1"),
        (float("inf"), "INF"),
        (float("-inf"), "-INF"),
        (float("nan"), "NaN"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00Z"),
        (b"ab", "YWI="),
    ],
)
def test_value_is_written_by_its_type(value: Atom, text: str) -> None:
    """Each value has one text."""
    assert write_text(value) == text


def test_not_a_number_is_itself() -> None:
    """Two values that are not numbers say the same in a document."""
    nothing = float("nan")
    assert is_same(nothing, float("nan"))
    assert not is_same(nothing, 1.0)
    assert not is_same(1.0, nothing)


# Every character of every document


@dataclass(frozen=True, slots=True)
class SampleOf:
    """A document of the project, and where to put it back when it was changed."""

    service: Service
    operation: Operation
    example: Example
    role: str

    @property
    def document(self) -> Document:
        """The document."""
        document = getattr(self.example, self.role)
        assert isinstance(document, Document)
        return document

    @property
    def name(self) -> str:
        """Its file."""
        return self.document.file

    def changed(self, content: bytes) -> Service:
        """Return the service with nothing but this document, whose content is another."""
        document = replace(self.document, content=content)
        alone = replace(self.example, request=None, response=None)
        example = (
            replace(alone, request=document)
            if self.role == "request"
            else replace(alone, response=document)
        )
        operation = replace(self.operation, examples=(example,))
        others = tuple(
            replace(each, examples=())
            for each in self.service.operations
            if each.name != operation.name
        )
        return replace(self.service, operations=(operation, *others))

    def value_spans(self) -> dict[str, Span]:
        """Return where the value of each element was typed in, by its name."""
        found = dict(_spans(self.document.values))
        given = self.document.authentication
        if given is not None:
            assert isinstance(given.value, StructureValue)
            found |= dict(_spans(given.value))
        return found


def _spans(values: StructureValue) -> Iterator[tuple[str, Span]]:
    for member in values.members:
        match member.value:
            case StructureValue():
                yield from _spans(member.value)
            case ListValue(items=items):
                for item in items:
                    yield member.name.removesuffix("s"), item.span
            case _:
                yield member.name, member.value.span


# Each document of theirs is a file, in which no element has two values.
DOCUMENTED = ("SMS_Send", "SMSOptOut_Create", "SMSOptOut_Delete")


def samples(service: Service) -> Iterator[SampleOf]:
    """Yield every document of the operations that the page documents."""
    for operation in service.operations:
        if operation.name not in DOCUMENTED:
            continue
        for example in operation.examples:
            for role in ("request", "response"):
                if getattr(example, role) is not None:
                    yield SampleOf(service, operation, example, role)


def mutations(text: str, place: int) -> Iterator[tuple[str, str]]:
    """Yield the text with one character changed: replaced in three ways, deleted, doubled."""
    before, character, after = text[:place], text[place], text[place + 1 :]
    yield "replaced", before + ("7" if character == "x" else "x") + after
    yield "blanked", before + (" " if character != " " else "x") + after
    yield "opened", before + (">" if character == "<" else "<") + after
    yield "deleted", before + after
    yield "doubled", before + character + character + after


def canonical(text: str) -> bytes | None:
    """Return the canonical form by another implementation; None when there is none.

    Bare ampersands are escaped and white space between elements is left out.
    """
    mended = re.sub(r"&(?!\w+;)", "&amp;", text)
    try:
        root = etree.fromstring(mended.encode())
        for element in root.iter():
            if len(element) and not (element.text or "").strip():
                element.text = None
            for child in element:
                child.tail = (child.tail or "").strip() or None
        return bytes(etree.tostring(root.getroottree(), method="c14n", exclusive=True))
    except (etree.XMLSyntaxError, etree.C14NError):
        return None


# Beginnings and ends of the secrets that the documents show.
SECRETS = re.compile(r"ASGJD|%&@!|asdjl|KJHASD|xyzab|bc123|Rev.io password|io passw")


@pytest.fixture(scope="module")
def project() -> Service:
    """Return the service of the project."""
    return decoded(REVIO, "specs/revio")


@pytest.mark.parametrize(
    "name", [sample.name for sample in samples(decoded(REVIO, "specs/revio"))]
)
def test_change_of_one_character_is_found(name: str, project: Service) -> None:
    """Every character counts, and a value is contradicted where it was typed in.

    Exempt is only what an independent canonical form proves to be without meaning: white space
    between elements and inside tags, and the prefix of a namespace that is declared and not used.
    """
    (sample,) = [each for each in samples(project) if each.name == name]
    text = sample.document.content.decode()
    spans = sample.value_spans()
    own = canonical(text)
    assert own is not None
    figures: Counter[str] = Counter()
    places = {
        place: spans[found[1]]
        for found in re.finditer(r"<(\w+)>([^<>\n]+)</\1>", text)
        for place in range(found.start(2), found.end(2))
    }
    for place in range(len(text)):
        for kind, changed in mutations(text, place):
            figures["mutations"] += 1
            report = Report()
            check_examples(sample.changed(changed.encode()), report)
            errors = [
                each for each in report.diagnostics if each.severity is Severity.ERROR
            ]
            if not errors:
                assert canonical(changed) == own, (kind, place, changed)
                figures["exempt"] += 1
                continue
            assert not any(SECRETS.search(repr(each)) for each in report.diagnostics)
            figures["caught"] += 1
            rules = {each.rule for each in errors}
            if place in places and "example-not-well-formed" not in rules:
                assert errors_at(errors, places[place]), (kind, place, errors)
                figures["at the value"] += 1
    assert figures["exempt"] < figures["mutations"] / 20
    print(name, dict(figures))


def errors_at(errors: list[Diagnostic], span: Span) -> bool:
    """Whether a value is contradicted at its place, and nothing else but its ampersands is."""
    others = {each.rule for each in errors if each.span != span}
    return any(
        each.rule == "example-mismatch" and each.span == span and each.related
        for each in errors
    ) and others <= {"example-defect-absent"}
