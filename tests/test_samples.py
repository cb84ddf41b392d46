"""Values that are made from the model: what a spec allows, and what just misses it."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from soapstone.decode import decode_service
from soapstone.diagnostics import Report, Span
from soapstone.model import (
    Atom,
    AtomType,
    AtomValue,
    Count,
    Enumeration,
    EnumerationType,
    ListValue,
    MemberValue,
    MixedListType,
    NilValue,
    Operation,
    Pattern,
    Primitive,
    Service,
    StructureValue,
    Timestamp,
    Value,
)
from soapstone.naming import Code
from soapstone.pipeline import build_package
from soapstone.render import literal
from soapstone.samples.atoms import atom, neighbour
from soapstone.samples.cases import constraint_cases, valid_requests
from soapstone.samples.changes import Change, changed
from soapstone.samples.comparison import order
from soapstone.samples.documents import (
    answer_document,
    authentication_text,
    lexical,
    request_document,
)
from soapstone.samples.outlines import choices, fewest
from soapstone.samples.patterns import accepted, rejected, sized
from soapstone.samples.validation import violated
from soapstone.samples.values import Known, Sampler

SERVICE = """\
soapstone: 1
service: Demo
title: Demo API
pages:
  manual: {title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}
protocol: {endpoint: https://example.com/api, namespace: http://example.com/}
"""
OPERATION = """\
soapstone: 1
operation: Ping
summary: Ask for an answer.
source: {page: manual}
"""
EVERYTHING = """\
request:
  Text: {type: string, required: true, length: [2, 4]}
  Short: {type: string, length: {max: 1}}
  Pattern: {type: string, pattern: "[0-9]{3}"}
  Flag: boolean
  Count: {type: int, minimum: 1, maximum: 9}
  Long: {type: long, allowed: [5, 6]}
  Amount: {type: decimal, allowed: ["1.50"], minimum: "1.00"}
  Ratio: {type: double, maximum: 2.5}
  Day: {type: date, minimum: 2026-01-01}
  Moment: {type: dateTime, maximum: "2026-12-31T00:00:00Z"}
  Data: base64
  Word: {type: string, allowed: [yes, no]}
  Tags: {repeated: true, of: string, count: [1, 3], unique: true}
  Items: {list: Item, of: {fields: {Name: {type: string, required: true}, Size: int}}}
  Matrix: {list: Row, of: {list: Cell, of: int}}
  Tree: Tree
  Unused: {type: string, presence: prohibited}
rules:
  - {exclusive: [Flag, Count]}
  - {at_least_one: [Day, Moment]}
  - {requires: [Long, Amount]}
"""
TREE = "types: {Tree: {fields: {Name: string, Trees: {list: Tree, of: Tree}}}}\n"
HERE = Span("demo/ping.yaml")


def load(folder: Path, operation: str, service: str = "") -> tuple[Service, Operation]:
    """Return a service of one operation, which may have mistakes."""
    (folder / "service.yaml").write_text(SERVICE + service, "utf-8")
    (folder / "ping.yaml").write_text(OPERATION + operation, "utf-8")
    decoded = decode_service(folder, "demo", Report())
    assert decoded is not None
    return decoded, decoded.operations[0]


def text(value: Atom) -> AtomValue:
    """Return a value of one atom."""
    return AtomValue(value=value, span=HERE)


def members(**values: Value) -> StructureValue:
    """Return a structure's value."""
    given = [
        MemberValue(name=name, value=value, span=HERE) for name, value in values.items()
    ]
    return StructureValue(members=tuple(given), span=HERE)


# Valid values


def test_sample_requests_break_nothing(tmp_path: Path) -> None:
    """Every request that is made from a spec keeps every constraint and every rule of it."""
    service, operation = load(tmp_path, EVERYTHING, TREE)
    requests = valid_requests(Known(service), operation.request)
    assert [
        list(violated(service, operation.request, request)) for request in requests
    ] == [[] for _ in requests]


def test_sample_requests_give_every_member_between_them(tmp_path: Path) -> None:
    """Members that exclude each other are in different requests; the last is the smallest."""
    service, operation = load(tmp_path, EVERYTHING, TREE)
    requests = valid_requests(Known(service), operation.request)
    names = [{member.name for member in request.members} for request in requests]
    known = {member.name for member in operation.request.fields}
    assert set().union(*names) == known - {"Unused"}
    assert names[-1] == {"Text", "Day", "Tags"}


def test_recursive_structure_ends(tmp_path: Path) -> None:
    """A structure that holds a list of itself is nested a few levels deep only."""
    service, operation = load(tmp_path, "request: {Tree: Tree}\n", TREE)
    made = str(Sampler(service).structure(operation.request))
    assert 0 < made.count("'Trees'") < 20


@pytest.mark.parametrize(
    ("rules", "largest", "smallest"),
    [
        ("[{exclusive: [A, B]}]", [{"A"}, {"B"}], set[str]()),
        ("[{exactly_one: [A, B]}]", [{"A"}, {"B"}], {"A"}),
        ("[{requires: [A, B]}]", [{"A", "B"}], set[str]()),
        (
            "[{exclusive: [A, B]}, {requires: [A, B]}, {at_least_one: [A, B]}]",
            [{"B"}],
            {"B"},
        ),
        (
            (
                "[{exclusive: [A, B]}, {requires: [A, B]}, {requires: [B, A]},"
                " {at_least_one: [A, B]}]"
            ),
            [{"A", "B"}],
            set[str](),
        ),
    ],
)
def test_members_that_rules_allow_together(
    rules: str, largest: list[set[str]], smallest: set[str], tmp_path: Path
) -> None:
    """Sets are as large or as small as the rules let them; rules that contradict cost none."""
    operation = load(tmp_path, f"request: {{A: int, B: int}}\nrules: {rules}\n")[1]
    assert [each.given for each in choices(operation.request)] == largest
    assert fewest(operation.request).given == smallest


def test_structure_that_is_unknown_has_no_sample(tmp_path: Path) -> None:
    """A type that was reported as unknown is left out of what is made."""
    service, operation = load(tmp_path, "request: {A: Nothing, B: int}\n")
    made = Sampler(service).structure(operation.request)
    assert [member.name for member in made.members] == ["B"]


@pytest.mark.parametrize(
    ("primitive", "expected"),
    [
        (Primitive.STRING, "Name 3"),
        (Primitive.BOOLEAN, True),
        (Primitive.INT, 1003),
        (Primitive.LONG, 1003),
        (Primitive.DECIMAL, Decimal("1003.50")),
        (Primitive.DOUBLE, 1003.25),
        (Primitive.DATE, datetime.date(2026, 2, 3)),
        (
            Primitive.DATE_TIME,
            datetime.datetime(2026, 2, 3, 12, 30, 15, tzinfo=datetime.UTC),
        ),
        (Primitive.BASE64, b"bytes 3"),
    ],
)
def test_sample_of_a_primitive(primitive: Primitive, expected: Atom) -> None:
    """Samples count up, so that no two members of a kind are mixed up."""
    assert atom(AtomType(primitive=primitive, span=HERE), "Name", 3) == expected


def test_sample_of_a_pattern_that_cannot_be_followed() -> None:
    """Where no text is found, the name stands in; the examples of the spec come first."""
    pattern = Pattern(expression="(?=b)a", accepts=(), rejects=(), span=HERE)
    kind = AtomType(primitive=Primitive.STRING, constraints=(pattern,), span=HERE)
    assert atom(kind, "Name", 3) == "Name 3"


@pytest.mark.parametrize(
    ("limit", "below", "above"),
    [
        (5, 4, 6),
        (2.0, math.nextafter(2.0, 0), math.nextafter(2.0, 3)),
        (Decimal("1.50"), Decimal("1.49"), Decimal("1.51")),
        (Decimal("1E2"), Decimal(99), Decimal(101)),
        (
            datetime.date(2026, 1, 31),
            datetime.date(2026, 1, 30),
            datetime.date(2026, 2, 1),
        ),
        (True, True, True),
        ("text", "text", "text"),
    ],
)
def test_neighbours_of_a_limit(limit: Atom, below: Atom, above: Atom) -> None:
    """The value next to a limit is as close as its type lets it be."""
    assert (neighbour(limit, -1), neighbour(limit, 1)) == (below, above)


# Patterns


@pytest.mark.parametrize(
    ("expression", "matching"),
    [
        ("[0-9]{3}", ("000", "111", "222")),
        ("a.c", ("a0c", "a1c", "a2c")),
        ("[^0-9]", ("A", "B", "C")),
        (r"\d\w\s", ("00 ", "11 ", "22 ")),
        ("a|b|c", ("a", "b", "c")),
        ("(ab)?", ("", "ab")),
        ("ab|cd", ("ab", "cd")),
        ("^a$", ("a",)),
        ("[^\\x00-\\uffff]", ()),
        ("(?=b)a", ()),
    ],
)
def test_texts_that_a_pattern_takes(expression: str, matching: tuple[str, ...]) -> None:
    """Texts are made by following the pattern; what cannot be followed yields none."""
    assert accepted(expression)[:3] == matching


def test_text_of_a_length_that_a_pattern_takes() -> None:
    """Beside a length, what a pattern repeats is repeated as often as that takes, or never."""
    assert sized("[0-9]+", 9, 9) == "000000000"
    assert sized("[A-Z]{2}[0-9]*", 9, 12) == "AA0000000"
    assert sized("([0-9]{2})+", 9, 9) is None
    assert sized("a{3}", 1, 2) is None
    assert sized("(?=b)a", 1, 3) is None


def test_texts_that_a_pattern_refuses() -> None:
    """Each text misses the pattern by one character, or by the kind of a digit."""
    full_width = "".join(map(chr, (0xFF10, 0xFF10)))
    assert rejected("[0-9]{2}")[:6] == (
        "0",
        "000",
        "00\n",
        full_width,
        "0~",
        "00~",
    )


# Cases


def test_constraint_cases_agree_with_the_model(tmp_path: Path) -> None:
    """For every rule and constraint there is a request that breaks it, and one that does not."""
    service, operation = load(tmp_path, EVERYTHING, TREE)
    bases = valid_requests(Known(service), operation.request)
    cases = constraint_cases(Known(service), operation.request, bases)
    assert {rule for case in cases for _, rule in case.broken} == {
        "required",
        "type",
        "characters",
        "range",
        "length",
        "pattern",
        "minimum",
        "maximum",
        "allowed",
        "count",
        "unique",
        "exclusive",
        "at_least_one",
        "requires",
    }
    assert any(not case.broken for case in cases)
    assert len({(case.base, repr(case.changes)) for case in cases}) == len(cases)


def test_constraint_cases_of_a_type_that_is_unknown(tmp_path: Path) -> None:
    """A type that was reported as unknown adds no cases, and stops none of the others."""
    service, operation = load(tmp_path, "request: {A: Nothing, B: int}\n")
    request = members(A=members(X=text("x")), B=text(1))
    cases = constraint_cases(Known(service), operation.request, (request,))
    changed = {case.changes[0].steps for case in cases}
    assert changed == {("A",), ("B",)}


# Validation


def at_offset(**offset: int) -> datetime.datetime:
    """Return a time in a zone of its own."""
    zone = datetime.timezone(datetime.timedelta(**offset))
    return datetime.datetime(2026, 1, 1, tzinfo=zone)


@pytest.mark.parametrize(
    ("field", "value", "broken"),
    [
        ("string", NilValue(span=HERE), ["required"]),
        ("string", text(1), ["type"]),
        ("string", text("\x00"), ["characters"]),
        ("int", text(True), ["type"]),
        ("int", text(2**31), ["range"]),
        ("double", text(5), []),
        ("date", text(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)), ["type"]),
        ("double", text(2**1024 - 2**970 - 1), []),
        ("double", text(2**1024 - 2**970), ["range"]),
        ("decimal", text(Decimal("NaN")), ["range"]),
        ("decimal", text(Decimal("1E+1000")), []),
        ("decimal", text(Decimal("1E-1001")), ["range"]),
        ("dateTime", text(at_offset(hours=-14)), []),
        ("dateTime", text(at_offset(hours=14, minutes=1)), ["range"]),
        ("dateTime", text(at_offset(seconds=30)), ["range"]),
        ("{list: Item, of: int}", text("text"), ["type"]),
        ("{fields: {X: int}}", text("text"), ["type"]),
        ("Nothing", members(X=text(1)), []),
        (
            "{type: date, minimum: 2026-02-01}",
            text(datetime.date(2026, 1, 1)),
            ["minimum"],
        ),
        (
            '{type: dateTime, minimum: "2026-02-01T00:00:00Z"}',
            text(datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
            ["minimum"],
        ),
        (
            "{list: Item, of: int, count: {min: 3}, unique: true}",
            ListValue(items=(text(1), text(1)), span=HERE),
            ["count", "unique"],
        ),
    ],
)
def test_what_a_value_breaks(
    field: str, value: Value, broken: list[str], tmp_path: Path
) -> None:
    """The model alone tells which rules a value breaks."""
    service, operation = load(tmp_path, f"request:\n  A: {field}\n")
    found = violated(service, operation.request, members(A=value))
    assert list(found) == [(("A",), rule) for rule in broken]


# Documents


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a<b>&c\r", "a&lt;b&gt;&amp;c&#13;"),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        (0.5, "0.5"),
        (math.inf, "INF"),
        (-math.inf, "-INF"),
        (math.nan, "NaN"),
        (Decimal("1E2"), "100"),
        (datetime.date(2026, 1, 31), "2026-01-31"),
        (datetime.datetime(2026, 1, 31, tzinfo=datetime.UTC), "2026-01-31T00:00:00Z"),
        (b"a", "YQ=="),
    ],
)
def test_text_of_an_atom(value: Atom, expected: str) -> None:
    """An atom is written in the form that the wire has for its type."""
    assert lexical(value) == expected


def test_document_of_every_shape(tmp_path: Path) -> None:
    """Nil, both kinds of lists and structures are written as the service writes them."""
    service, operation = load(
        tmp_path,
        "request:\n  A: {type: int, nil: kept}\n  B: {list: Item, of: int}\n  C: {repeated: true, of: int}\n"
        "  D: {fields: {E: int}}\n  F: Nothing\n  G: {type: int, presence: ignored}\n"
        "response: {H: int}\n",
    )
    two = ListValue(items=(text(1), text(2)), span=HERE)
    values = members(
        A=NilValue(span=HERE),
        B=two,
        C=two,
        D=members(E=text(3)),
        F=members(),
        G=text(1),
    )
    nil = '<A xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>'
    made = request_document(
        service, operation, values, None, operation.protocol.envelope
    ).decode()
    assert made.partition("<Request>")[2].partition("</Request>")[0] == (
        f"{nil}<B><Item>1</Item><Item>2</Item></B><C>1</C><C>2</C><D><E>3</E></D>"
    )
    answer = answer_document(service, operation, members(H=text(4))).decode()
    assert "<PingResult><H>4</H></PingResult>" in answer


def test_authentication_of_a_service_without_any(tmp_path: Path) -> None:
    """A service without authentication puts nothing before the request."""
    service, _ = load(tmp_path, "")
    login = MemberValue(name="Login", value=members(), span=HERE)
    assert authentication_text(service, login) == ""


# Literals


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ('it\'s "a"', '"it\'s \\"a\\""'),
        (math.inf, 'float("inf")'),
        (Decimal("1.50"), 'Decimal("1.50")'),
        ((1,), "(1,)"),
        ((1, "a"), '(1, "a")'),
        (None, "None"),
    ],
)
def test_literal_of_a_value(value: object, expected: str) -> None:
    """A value becomes Python source on one line, in double quotes where that is shorter."""
    assert literal(value) == Code(expected)


def test_value_without_literal_is_a_bug() -> None:
    """What has no form in source text is refused, not guessed."""
    with pytest.raises(TypeError, match="no literal for a set"):
        literal({1})


# Whole packages


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        (TREE, EVERYTHING),
        (
            "outcome: {success: Ok}\nresponse: {Ok: {type: boolean, required: true}}\n",
            "response: {Data: base64, Ratio: double, Tree: {fields: {A: {list: B, of: int}}}}\n",
        ),
        (
            "",
            'doc: It ends with a "quote"\nrequest: {A: {type: string, pattern: "[a]", doc: \'A "b"\'}}\n',
        ),
        (
            "",
            "request:\n  A: {type: string, pattern: '[a-z]+'}\n  B: {repeated: true, of: {type: string, pattern: '[a-z]+'}}\n",
        ),
    ],
)
def test_package_of_unusual_specs_is_python(
    service: str, operation: str, tmp_path: Path
) -> None:
    """Whatever a spec without mistakes says becomes modules that Python takes."""
    load(tmp_path, operation, service)
    report = Report()
    package = build_package(tmp_path, report)
    assert [
        each.message for each in report.diagnostics if each.severity.value == "error"
    ] == []
    assert package is not None
    for path, content in package.files.items():
        if path.endswith(".py"):
            compile(content, path, "exec")


# The whole language

_LANGUAGE_SERVICE = """\
authentication:
  place: PLACE
  alternatives:
    Login: {fields: {Kind: {as: attribute, constant: basic}, User: {type: string, required: true}}}
types:
  Status: {values: [A, ""]}
  Node: {fields: {Name: string, Left: Node, Nodes: {list: Node, of: Node}}, rules: [{exactly_one: [Name, Left]}]}
  Even: {fields: {Odd: Odd}}
  Odd: {fields: {Even: Even, Mixed: {list: {Even: Even, Number: int}}}}
"""
_LANGUAGE = """\
request:
  Version: {constant: 1.0, as: attribute}
  xsi:type: {type: string, as: attribute}
  xml:lang: {type: string, as: attribute}
  xsi:other: {type: string, as: attribute, absent: empty}
  Kind: {values: [card, account, none], required: true}
  Card: {fields: {Number: {type: string, required: true}}}
  Account: {fields: {Owner: string, Company: string}, rules: [{exactly_one: [Owner, Company]}]}
  Line: {fields: {Id: {type: int, as: attribute, required: true}, Value: {type: string, as: text}}}
  Products: {list: {Add: {fields: {Code: {type: string, length: 3}}}, Remove: string, Change: Status}}
  One: {list: {Add: {fields: {Code: string}}, Remove: {type: string, length: 2}, Node: Node, Lost: Nothing}, count: {max: 1}}
  Node: Node
  Even: Even
  Empty: {type: string, absent: empty}
  Nil: {type: string, absent: nil, nil: kept}
  States: {list: Status, of: Status, unique: true}
  Open: {values: [B], open: true}
rules:
  - {choice: Kind, blocks: {Card: card, Account: account}}
  - {when: {member: Open, is: B}, prohibit: [Nil], require: [Empty, Line]}
"""


def language(folder: Path, place: str = "first") -> tuple[Service, Operation]:
    """Return a service that says what `EVERYTHING` does not."""
    return load(folder, _LANGUAGE, _LANGUAGE_SERVICE.replace("PLACE", place))


def test_samples_of_the_whole_language_break_nothing(tmp_path: Path) -> None:
    """Samples are valid; what a value chooses stands in one, in every way that there is."""
    service, operation = language(tmp_path)
    requests = valid_requests(Known(service), operation.request)
    for request in requests:
        assert list(violated(service, operation.request, request)) == []
    made = repr(requests)
    assert all(f"name='{name}'" in made for name in ("Owner", "Company", "Number"))
    kinds = {request.get("Kind") for request in requests}
    assert kinds == {text("card"), text("account"), text("none")}


def test_sample_shows_every_alternative_of_a_list(tmp_path: Path) -> None:
    """A list with several names holds an item of each, an enumeration each of its values."""
    service, operation = language(tmp_path)
    request = Sampler(service).structure(operation.request)
    products, states = request.get("Products"), request.get("States")
    assert isinstance(products, ListValue)
    assert isinstance(states, ListValue)
    names = [item.name for item in products.items if isinstance(item, MemberValue)]
    assert names == ["Add", "Remove", "Change"]
    assert set(states.items) == {text("A"), text("")}
    assert request.get("Version") is None


def test_cases_of_the_whole_language(tmp_path: Path) -> None:
    """Cases reach into items of every name, also of those that no sample has room for."""
    service, operation = language(tmp_path)
    bases = valid_requests(Known(service), operation.request)
    cases = constraint_cases(Known(service), operation.request, bases)
    broken = {broken for case in cases for broken in case.broken}
    assert {
        (("Products", 0), "required"),
        (("Products", 0), "type"),
        (("Products", 0, "Add", "Code"), "length"),
        (("Products", 1, "Remove"), "characters"),
        (("Products", 1, "Remove"), "required"),
        (("Products", 2, "Change"), "allowed"),
        (("One", 0, "Remove"), "length"),
        (("Line", "Id"), "required"),
        (("Kind",), "allowed"),
        (("Card",), "choice"),
        (("Account",), "choice"),
        (("Nil",), "prohibited_when"),
        (("Empty",), "required_when"),
        (("Line",), "required_when"),
    } <= broken
    assert (("Open",), "allowed") not in broken
    nil = NilValue(span=HERE)
    kept = [case for case in cases if case.changes[0].steps == ("Nil",)]
    assert any(case.changes[0].value == nil and not case.broken for case in kept)


@pytest.mark.parametrize(
    ("place", "before", "after"),
    [
        (
            "first",
            (
                '<Ping xmlns="http://example.com/"><Request ATTRIBUTES>'
                '<Login Kind="basic"><User>u</User></Login><Kind>'
            ),
            "</Open></Request></Ping></soap:Body></soap:Envelope>",
        ),
        (
            "last",
            '<Ping xmlns="http://example.com/"><Request ATTRIBUTES><Kind>',
            (
                '</Open><Login Kind="basic"><User>u</User></Login></Request></Ping>'
                "</soap:Body></soap:Envelope>"
            ),
        ),
        (
            "header",
            (
                '<soap:Header><Login xmlns="http://example.com/" Kind="basic"><User>u</User>'
                '</Login></soap:Header><soap:Body><Ping xmlns="http://example.com/">'
                "<Request ATTRIBUTES><Kind>"
            ),
            "</Open></Request></Ping></soap:Body></soap:Envelope>",
        ),
    ],
)
def test_document_of_the_whole_language(
    place: str, before: str, after: str, tmp_path: Path
) -> None:
    """Attributes, constants, states and the authentication stand where they belong."""
    service, operation = language(tmp_path, place)
    nil = NilValue(span=HERE)
    values = StructureValue(
        members=(
            MemberValue(name="xsi:type", value=text('a"b xsi:\t'), span=HERE),
            MemberValue(name="xml:lang", value=text("de\n<'"), span=HERE),
            *members(
                Kind=text("none"),
                Line=members(Id=text(1), Value=text("a<b")),
                Products=ListValue(
                    items=(
                        MemberValue(name="Remove", value=text("x"), span=HERE),
                        MemberValue(name="Add", value=members(), span=HERE),
                        MemberValue(name="Other", value=text("x"), span=HERE),
                        text("neither"),
                    ),
                    span=HERE,
                ),
                Empty=nil,
                Open=text(""),
            ).members,
        ),
        span=HERE,
    )
    login = MemberValue(name="Login", value=members(User=text("u")), span=HERE)
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    attributes = (
        f'Version="1.0" xmlns:xsi="{xsi}" xsi:type="a&quot;b xsi:&#9;"'
        ' xml:lang="de&#10;&lt;&apos;" xsi:other=""'
    )
    made = request_document(
        service, operation, values, login, operation.protocol.envelope
    ).decode()
    assert before.replace("ATTRIBUTES", attributes) + "none</Kind>" in made
    assert (
        '<Line Id="1">a&lt;b</Line><Products><Remove>x</Remove><Add></Add></Products>'
        f'<Empty></Empty><Nil xmlns:xsi="{xsi}" xsi:nil="true"/><Open>' + after
    ) in made


def test_documents_without_elements_for_members(tmp_path: Path) -> None:
    """Without a request or a result element, the outer element holds members and attributes."""
    service, operation = load(
        tmp_path,
        "protocol: {request: none, result: none, envelope: none}\nauthentication: none\n"
        "request: {A: {constant: a, as: attribute}, B: int, E: {type: int, as: attribute}}\n"
        "response: {C: {type: int, as: attribute}, D: {type: int, nil: kept}, E: int}\n",
        "authentication: {alternatives: {Login: {fields: {User: string}}}}\n",
    )
    login = MemberValue(name="Login", value=members(), span=HERE)
    kind = operation.protocol.envelope
    made = request_document(service, operation, members(B=text(1)), login, kind)
    assert made.decode().endswith(
        '?><Ping xmlns="http://example.com/" A="a"><B>1</B></Ping>'
    )
    answer = answer_document(
        service, operation, members(C=text(2), D=NilValue(span=HERE))
    )
    assert '<PingResponse xmlns="http://example.com/" C="2"><D xmlns:xsi=' in (
        answer.decode()
    )


def test_text_of_a_fine_timestamp() -> None:
    """Every digit of a fraction is written, also where the first six are zero."""
    moment = Timestamp(2026, 1, 31, 12, tzinfo=datetime.UTC)
    moment.digits = "789"
    assert lexical(moment) == "2026-01-31T12:00:00.000000789Z"


@pytest.mark.parametrize(
    ("value", "other", "expected"),
    [
        (1, 2.5, -1),
        (Decimal(2), Decimal("2.0"), 0),
        (True, 1, None),
        (math.nan, 1.0, None),
        (1.0, math.nan, None),
        ("a", "b", None),
        (datetime.date(2026, 1, 2), datetime.date(2026, 1, 1), 1),
        (
            datetime.date(2026, 1, 2),
            datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            None,
        ),
        (
            datetime.datetime.fromisoformat("2026-01-01T00:00:00"),
            datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            None,
        ),
        (
            datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
            0,
        ),
    ],
)
def test_order_of_values(value: Atom, other: Atom, expected: int | None) -> None:
    """Only values of one kind have an order; NaN has none, nor has a time without zone."""
    assert order(value, other) == expected


def test_neighbour_of_the_last_day() -> None:
    """There is no day after the last one."""
    assert neighbour(datetime.date.max, 1) == datetime.date.max


# Recursion


def test_mutual_recursion_is_shown_and_ends(tmp_path: Path) -> None:
    """Structures that hold each other are shown inside themselves, and end in a valid value."""
    service, operation = language(tmp_path)
    made = Sampler(service).structure(operation.request)
    assert "'Even'" in str(made.get("Even"))
    assert list(violated(service, operation.request, made)) == []


def test_recursion_that_a_rule_asks_for_ends(tmp_path: Path) -> None:
    """Where a rule would go on for ever, the last structure takes what else the rule allows."""
    service, operation = load(
        tmp_path,
        "request: {Node: {type: Node, required: true}}\n",
        "types: {Node: {fields: {Left: Node, Name: string}, rules: [{exactly_one: [Left, Name]}]}}\n",
    )
    for request in valid_requests(Known(service), operation.request):
        assert list(violated(service, operation.request, request)) == []


@pytest.mark.parametrize(
    "types",
    [
        "{Node: {fields: {Node: {type: Node, required: true}}}}",
        "{Node: {fields: {Nodes: {list: Node, of: Node, count: {min: 2}, required: true}}}}",
        "{Node: {fields: {Nodes: {list: {A: Node, B: Node}, count: {min: 2}, required: true}}}}",
        "{Node: {fields: {Node: Node, Name: string}, rules: [{requires: [Name, Node]}, {at_least_one: [Name]}]}}",
        "{Node: {fields: {Left: Node, Right: Node}, rules: [{at_least_one: [Left, Right]}]}}",
        "{Node: {fields: {A: Node, B: Node, C: Node, D: Node, E: Node, F: Node, G: Node, H: Node}}}",
    ],
)
def test_recursion_without_end_is_cut(types: str, tmp_path: Path) -> None:
    """A structure that can never be complete stops nothing; neither does one that is wide."""
    service, operation = load(tmp_path, "request: {Node: Node}\n", f"types: {types}\n")
    bases = valid_requests(Known(service), operation.request)
    assert 0 < len(repr(bases)) < 1_000_000
    assert constraint_cases(Known(service), operation.request, bases)


def test_many_recursive_structures_end(tmp_path: Path) -> None:
    """Structures that all hold each other would fill the memory, so that few are made."""
    names = [f"N{number}" for number in range(9)]
    fields = ", ".join(f"{name}: {name}" for name in names)
    types = ", ".join(f"{name}: {{fields: {{{fields}}}}}" for name in names)
    service, operation = load(tmp_path, "request: {N0: N0}\n", f"types: {{{types}}}\n")
    made = Sampler(service).structure(operation.request)
    assert len(repr(made)) < 5_000_000


# What cannot be shown


def test_sample_leaves_out_what_an_answer_would_lose(tmp_path: Path) -> None:
    """What is empty or blank on the wire is left out where it reads as something else."""
    service, operation = load(
        tmp_path,
        "response:\n"
        '  A: {values: ["", "  ", full], empty: none, blank: none}\n'
        '  B: {values: ["", "  ", full], empty: none}\n'
        '  C: {values: ["", full]}\n'
        '  D: {values: [""], empty: none, required: true}\n'
        "  E: {type: string, length: 0, empty: none}\n"
        "  F: {list: Item, of: int, count: 0, empty: refused}\n"
        "  G: {fields: {H: Nothing}, empty: none}\n"
        '  I: {fields: {J: {values: [""], as: text}, K: {values: [""], as: attribute}}}\n',
    )
    made = Sampler(service).structure(operation.response)
    assert made == members(
        A=text("full"),
        B=text("  "),
        C=text(""),
        D=text(""),
        I=members(K=text("")),
    )


def test_mistakes_in_a_spec_stop_no_sample(tmp_path: Path) -> None:
    """Empty lists of alternatives or values and rules about nothing are left to other checks."""
    service, operation = load(
        tmp_path,
        "request:\n"
        "  A: {list: {}}\n"
        "  B: {values: []}\n"
        "  C: {fields: {}}\n"
        "  D: {type: int, presence: prohibited}\n"
        "  E: {repeated: true, of: int}\n"
        "  F: {list: {G: Nothing}}\n"
        "rules:\n"
        "  - {choice: Missing, blocks: {B: x}}\n"
        "  - {choice: D, blocks: {E: 1}}\n"
        "  - {choice: C, blocks: {E: x}}\n"
        "  - {when: {member: D, given: true}, require: [D]}\n"
        "  - {when: {member: E, given: true}, require: [C]}\n",
    )
    bases = valid_requests(Known(service), operation.request)
    assert constraint_cases(Known(service), operation.request, bases)


def test_sample_of_what_has_no_values(tmp_path: Path) -> None:
    """A name stands in where no value is documented; a list without alternatives has no items."""
    sampler = Sampler(load(tmp_path, "")[0])
    enumeration = EnumerationType(
        enumeration=Enumeration(values=(), span=HERE), span=HERE
    )
    assert sampler.value(enumeration, "Name") == text("Name")
    listed = MixedListType(
        alternatives=(), constraints=(Count(minimum=2, span=HERE),), span=HERE
    )
    assert sampler.value(listed, "Name") == ListValue(items=(), span=HERE)


def test_place_that_is_not_there_is_not_changed() -> None:
    """A change of something inside of what is absent changes nothing."""
    base = members(A=text(1), B=ListValue(items=(text(1),), span=HERE))
    for steps in (("C", "D"), ("A", "D"), ("B", 1), ("B", 1, "D")):
        unchanged = changed(base, Change(steps, text(2)))
        assert set(unchanged.members) == set(base.members)
    item = MemberValue(name="D", value=text(1), span=HERE)
    listed = members(B=ListValue(items=(item,), span=HERE))
    assert changed(listed, Change(("B", 0, "E"), text(2))) == listed
    assert changed(listed, Change(("B", 0, "D"), text(2))) == members(
        B=ListValue(items=(replace(item, value=text(2)),), span=HERE)
    )


@pytest.mark.parametrize(
    ("items", "count"),
    [
        ("of: boolean", 2),
        ("of: {type: date, minimum: 9999-12-30}", 2),
        ("of: {fields: {B: {type: base64, required: true}, F: boolean}}", 9),
        ("of: {list: M, of: boolean, count: 3}", 8),
        (
            "of: {type: string, pattern: '[a~]~'}",
            2,
        ),
        (
            "of: {type: string, pattern: {regex: '(?=[0-9]?[a-z])[a-z0-9]{1,2}', accepts: [a]}}",
            9,
        ),
        (
            "of: {list: M, of: {type: string, pattern: 'a|b|c'}, unique: true, count: 3}",
            6,
        ),
        ("of: {type: dateTime, minimum: 2026-01-01T00:00:00Z}", 9),
        ("of: {type: string, pattern: '[x-z]'}", 3),
    ],
)
def test_a_list_of_different_items_has_as_many_as_it_needs(
    items: str, count: int, tmp_path: Path
) -> None:
    """No item of the sample comes twice, and the sample breaks nothing."""
    service, operation = load(
        tmp_path,
        f"request: {{A: {{list: L, {items}, unique: true, count: {count}, required: true}}}}\n",
    )
    made = Sampler(service).structure(operation.request)
    value = made.get("A")
    assert isinstance(value, ListValue)
    assert len(set(value.items)) == len(value.items) == count
    assert not list(violated(service, operation.request, made))
