"""Promises of `soapstone coverage`: what examples exercise is counted as one counts by hand."""

from __future__ import annotations

import json
import re
import shutil
import sys
import textwrap
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from soapstone.command import main
from soapstone.coverage import Category, Coverage, Part, Tally, cover, total
from soapstone.diagnostics import Report, Severity, Span
from soapstone.model import SharedType
from soapstone.pipeline import compile_service

REVIO = Path(__file__).parent.parent / "specs" / "revio"

SERVICE = """\
soapstone: 1
service: Demo
title: Demo
summary: A service to ask.
pages:
  manual: {title: Manual, url: "https://example.com/", retrieved: 2026-01-31}
protocol: {endpoint: "https://example.com/api", namespace: "urn:demo", envelope: none}
"""

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@dataclass(frozen=True)
class Sample:
    """A document: what stands in it, and the values typed in for that."""

    role: str
    members: str
    values: str
    auth: str = ""

    def block(self, operation: str) -> str:
        """Return the example as it stands in a spec."""
        inside = {
            "request": f'<{operation} xmlns="urn:demo" {XSI}><Request>{self.members}</Request></{operation}>',
            "response": f'<{operation}Response xmlns="urn:demo" {XSI}><{operation}Result>{self.members}'
            f"</{operation}Result></{operation}Response>",
        }[self.role]
        auth = f"auth: {self.auth}, " if self.auth else ""
        values = f"{{{auth}text: {json.dumps(inside)}, values: {{{self.values}}}}}"
        return f"    {self.role}: {values}\n"


def sent(members: str, values: str, auth: str = "") -> Sample:
    return Sample("request", members, values, auth)


def answered(members: str, values: str) -> Sample:
    return Sample("response", members, values)


def operation_text(name: str, body: str, samples: tuple[Sample, ...]) -> str:
    text = f"soapstone: 1\noperation: {name}\nsummary: Ask for something.\nsource: {{page: manual}}\n"
    text += textwrap.dedent(body)
    if samples:
        text += "examples:\n"
    for number, sample in enumerate(samples):
        text += f"  - title: number {number}\n{sample.block(name)}"
    return text


def write_specs(
    folder: Path, body: str, *samples: Sample, service: str = "", name: str = "Ask"
) -> None:
    """Write a service with one operation into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    text = SERVICE + textwrap.dedent(service)
    (folder / "service.yaml").write_text(text, "utf-8")
    (folder / "ask.yaml").write_text(operation_text(name, body, samples), "utf-8")


def covered_folder(folder: Path) -> Coverage:
    """Return the coverage of specs that have no errors."""
    report = Report()
    compiled = compile_service(folder, report)
    assert compiled is not None
    errors = [each for each in report.diagnostics if each.severity is Severity.ERROR]
    assert errors == []
    return cover(compiled.service)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a service to be, seen from where the specs are."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "specs" / "demo"


def facts(part: Part, category: Category) -> dict[str, bool]:
    """Return the facts of a category by label, each with whether it is exercised."""
    found = [fact for fact in part.facts if fact.category is category]
    assert len({fact.label for fact in found}) == len(found)
    return {fact.label: fact.is_exercised for fact in found}


def besides(part: Part) -> list[str]:
    return [fact.label for fact in part.besides]


# Fields


def test_fields_are_every_member_and_every_item(folder: Path) -> None:
    """Members and items of request and response count apart, hidden members not at all."""
    write_specs(
        folder,
        """\
        request:
          Name: string
          Number: int
          Lines: {list: Line, of: {fields: {Code: string, Sizes: {list: Size, of: int}}}}
          Grid: {list: Row, of: {list: Cell, of: int}}
          Note: {repeated: true, of: string}
          Never: {type: string, presence: prohibited}
          Old: {type: string, presence: ignored}
        response:
          Name: string
          Empty: {list: Item, of: int}
          Echo: {type: string, presence: ignored}
        """,
        sent(
            "<Name>a</Name><Lines><Line><Code>b</Code></Line></Lines><Note>c</Note>",
            "Name: a, Lines: [{Code: b}], Note: [c]",
        ),
        answered("<Empty/>", "Empty: []"),
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.FIELDS) == {
        "request Name": True,
        "request Number": False,
        "request Lines": True,
        "request Lines/Line": True,
        "request Lines/Line/Code": True,
        "request Lines/Line/Sizes": False,
        "request Lines/Line/Sizes/Size": False,
        "request Grid": False,
        "request Grid/Row": False,
        "request Grid/Row/Cell": False,
        "request Note": True,
        "response Name": False,
        "response Empty": True,
        "response Empty/Item": False,
    }


SHARED = """\
types:
  Place: {fields: {Street: string, Zone: string}}
  Node: {fields: {Name: string, Node: Node, Nodes: {list: Node, of: Node}}}
"""


def test_a_shared_structure_counts_once_wherever_it_is_used(folder: Path) -> None:
    """Two members of one type share its facts; request and response do not; a tree ends."""
    write_specs(
        folder,
        """\
        request: {From: Place, To: Place}
        response: {To: {list: Place, of: Place}, Tree: Node}
        """,
        sent(
            "<From/><To><Street>a</Street></To>",
            "From: {}, To: {Street: a}",
        ),
        answered(
            "<Tree><Nodes><Node><Node><Name>a</Name></Node></Node></Nodes></Tree>",
            "Tree: {Nodes: [{Node: {Name: a}}]}",
        ),
        service=SHARED,
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.FIELDS) == {
        "request From": True,
        "request From/Street": True,
        "request From/Zone": False,
        "request To": True,
        "response To": False,
        "response To/Place": False,
        "response To/Place/Street": False,
        "response To/Place/Zone": False,
        "response Tree": True,
        "response Tree/Name": True,
        "response Tree/Node": True,
        "response Tree/Nodes": True,
        "response Tree/Nodes/Node": True,
    }
    states = facts(part, Category.STATES)
    assert states["request From/Street: absent"]
    assert states["response Tree/Name: absent"]
    assert not states["response Tree: absent"]


def test_hidden_members_of_shared_structures_are_passed_by(folder: Path) -> None:
    """What stands in an ignored member exercises nothing, also where its type is read elsewhere."""
    write_specs(
        folder,
        """\
        request: {}
        response: {Place: Place, Old: {type: Place, presence: ignored}}
        """,
        answered("<Old><Street>a</Street></Old>", "Old: {Street: a}"),
        service="types:\n  Place: {fields: {Street: string}}\n",
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.FIELDS) == {
        "response Place": False,
        "response Place/Street": False,
    }


def test_a_type_that_is_nowhere_has_no_facts(folder: Path) -> None:
    """A service that `lint` refuses is measured as far as it goes, and nothing breaks."""
    write_specs(folder, "request: {Name: string}\nresponse: {}\n")
    compiled = compile_service(folder, Report())
    assert compiled is not None
    service = compiled.service
    (operation,) = service.operations
    (member,) = operation.request.fields
    lost = replace(member, type=SharedType(name="Lost", span=Span("a.yaml")))
    request = replace(operation.request, fields=(lost,))
    broken = replace(service, operations=(replace(operation, request=request),))
    assert facts(cover(broken).operations[0], Category.FIELDS) == {
        "request Name": False
    }


# States


@pytest.mark.parametrize(
    ("kind", "members", "values", "counted", "shown"),
    [
        ("string", "", "", {"absent"}, []),
        ("string", "<A>a</A>", "A: a", {"given"}, []),
        ("string", "<A/>", 'A: ""', {"given"}, ["empty"]),
        ("string", "<A> </A>", 'A: " "', {"given"}, ["blank"]),
        ("string", "<A xsi:nil='true'/>", "A: null", set(), ["nil"]),
        ("base64", "<A/>", 'A: ""', {"given"}, ["empty"]),
        ("int", "<A>0</A>", "A: 0", {"given"}, []),
        ("boolean", "<A>false</A>", "A: false", {"given"}, []),
        ("{list: B, of: string}", "<A/>", "A: []", {"given"}, ["empty"]),
        ("{list: B, of: string}", "<A><B>a</B></A>", "A: [a]", {"given"}, []),
        ("{type: string, presence: conditional, when: Now.}", "", "", {"absent"}, []),
        ("{repeated: true, of: string}", "", "A: []", {"absent"}, []),
        ("{repeated: true, of: string}", "<A>a</A>", "A: [a]", {"given"}, []),
        ("{fields: {B: string}}", "<A/>", "A: {}", {"given"}, ["empty"]),
        ("{fields: {B: string}}", "<A xsi:nil='true'/>", "A: null", set(), ["nil"]),
        (
            "{fields: {B: {type: string, presence: conditional, when: Now.}}}",
            "<A><B>a</B></A>",
            "A: {B: a}",
            {"given"},
            [],
        ),
    ],
)
def test_states_of_an_optional_member(
    folder: Path,
    kind: str,
    members: str,
    values: str,
    counted: set[str],
    shown: list[str],
) -> None:
    """An answer shows a member given or absent, which counts; empty, nil and blank are told."""
    write_specs(
        folder, f"request: {{}}\nresponse: {{A: {kind}}}\n", answered(members, values)
    )
    (part,) = covered_folder(folder).operations
    states = facts(part, Category.STATES)
    own = {name for name in states if name.startswith("response A:")}
    assert own == {"response A: given", "response A: absent"}
    assert {name for name in own if states[name]} == {
        f"response A: {state}" for state in counted
    }
    assert besides(part) == [f"response A: {state}" for state in shown]
    is_there = counted != {"absent"}
    assert facts(part, Category.FIELDS)["response A"] is is_there


def test_states_of_a_required_member(folder: Path) -> None:
    """A required member is to be given, and nobody waits for it to be absent."""
    write_specs(
        folder,
        """\
        request: {Name: {type: string, required: true}, Box: {fields: {Size: int}}}
        response: {}
        """,
        sent("<Name>a</Name>", "Name: a"),
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.STATES) == {
        "request Name: given": True,
        "request Box: given": False,
        "request Box: absent": True,
        # Without a box there is nothing that lacks a size.
        "request Box/Size: given": False,
        "request Box/Size: absent": False,
    }


# Allowed values


def test_each_allowed_value_counts_in_both_directions(folder: Path) -> None:
    """A value is exercised by what equals it, however it was written."""
    write_specs(
        folder,
        """\
        request:
          Kind: {type: string, allowed: [new, New, ""]}
          Rate: {type: decimal, allowed: ["1.50", "2"]}
          Sizes: {list: Size, of: {type: int, allowed: [1, 2, 3]}}
        response:
          Kind: {type: string, allowed: [new, old]}
        """,
        sent(
            "<Kind>New</Kind><Rate>1.50</Rate><Sizes><Size>1</Size><Size>3</Size></Sizes>",
            "Kind: New, Rate: 1.50, Sizes: [1, 3]",
        ),
        sent("<Kind/>", 'Kind: ""'),
        answered("<Kind>old</Kind>", "Kind: old"),
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.VALUES) == {
        "request Kind: value `new`": False,
        "request Kind: value `New`": True,
        "request Kind: value ``": True,
        "request Rate: value `1.50`": True,
        "request Rate: value `2`": False,
        "request Sizes/Size: value `1`": True,
        "request Sizes/Size: value `2`": False,
        "request Sizes/Size: value `3`": True,
        "response Kind: value `new`": False,
        "response Kind: value `old`": True,
    }
    assert facts(part, Category.CONSTRAINTS) == {}


# Constraints


CONSTRAINED = """\
Text: {type: string, length: [1, 4], pattern: "[a-z]*"}
Exact: {type: string, length: 2}
Number: {type: int, minimum: 1, maximum: 9}
Day: {type: date, minimum: 2026-01-01}
Words: {list: Word, of: {type: string, length: {max: 3}}, count: [1, 2], unique: true}
"""


@pytest.mark.parametrize(
    ("members", "values", "exercised", "limits"),
    [
        ("", "", set(), []),
        ("<Text>ab</Text>", "Text: ab", {"Text: length", "Text: pattern"}, []),
        (
            "<Text>a</Text>",
            "Text: a",
            {"Text: length", "Text: pattern"},
            ["Text: length 1"],
        ),
        (
            "<Text>abcd</Text>",
            "Text: abcd",
            {"Text: length", "Text: pattern"},
            ["Text: length 4"],
        ),
        ("<Exact>ab</Exact>", "Exact: ab", {"Exact: length"}, ["Exact: length 2"]),
        (
            "<Number>5</Number>",
            "Number: 5",
            {"Number: minimum", "Number: maximum"},
            [],
        ),
        (
            "<Number>1</Number>",
            "Number: 1",
            {"Number: minimum", "Number: maximum"},
            ["Number: minimum 1"],
        ),
        (
            "<Number>9</Number>",
            "Number: 9",
            {"Number: minimum", "Number: maximum"},
            ["Number: maximum 9"],
        ),
        (
            "<Day>2026-01-01</Day>",
            "Day: 2026-01-01",
            {"Day: minimum"},
            ["Day: minimum 2026-01-01"],
        ),
        (
            "<Words><Word>a</Word></Words>",
            "Words: [a]",
            {"Words: count", "Words/Word: length"},
            ["Words: count 1"],
        ),
        (
            "<Words><Word>a</Word><Word>b</Word></Words>",
            "Words: [a, b]",
            {"Words: count", "Words: unique", "Words/Word: length"},
            ["Words: count 2"],
        ),
    ],
)
def test_a_constraint_is_exercised_by_a_value(
    folder: Path, members: str, values: str, exercised: set[str], limits: list[str]
) -> None:
    """Each constraint takes a value, `unique` two items; limits that are met are told."""
    fields = textwrap.indent(CONSTRAINED, "  ")
    write_specs(folder, f"request:\n{fields}response:\n{fields}", sent(members, values))
    (part,) = covered_folder(folder).operations
    found = facts(part, Category.CONSTRAINTS)
    assert set(found) == {
        "request Text: length",
        "request Text: pattern",
        "request Exact: length",
        "request Number: minimum",
        "request Number: maximum",
        "request Day: minimum",
        "request Words: count",
        "request Words: unique",
        "request Words/Word: length",
    }
    assert {label for label, is_exercised in found.items() if is_exercised} == {
        f"request {label}" for label in exercised
    }
    assert besides(part) == [f"request {label}" for label in limits]


def test_limits_of_answers_are_not_told(folder: Path) -> None:
    """Nothing is refused in an answer, so its values lie on no limit."""
    write_specs(
        folder,
        "request: {}\nresponse: {A: {type: int, minimum: 1}}\n",
        answered("<A>1</A>", "A: 1"),
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.CONSTRAINTS) == {}
    assert besides(part) == []


RULES = """\
request:
  A: string
  B: string
  C: string
  D: string
  Box:
    fields: {E: string, F: string}
    rules:
      - at_least_one: [E, F]
rules:
  - exclusive: [A, B]
  - exactly_one: [B, C, D]
  - requires: [A, C]
response: {}
"""


@pytest.mark.parametrize(
    ("members", "values", "exercised"),
    [
        ("<D>d</D>", "D: d", {"request: exactly_one B, C, D: D"}),
        # What `requires` asks for was given; that it was asked for is not said.
        ("<C>c</C>", "C: c", {"request: exactly_one B, C, D: C"}),
        (
            "<B>b</B>",
            "B: b",
            {"request: exactly_one B, C, D: B", "request: exclusive A, B"},
        ),
        (
            "<A>a</A><C>c</C>",
            "A: a, C: c",
            {
                "request: exactly_one B, C, D: C",
                "request: exclusive A, B",
                "request: requires A, C",
            },
        ),
        (
            "<D>d</D><Box><F>f</F></Box>",
            "D: d, Box: {F: f}",
            {"request: exactly_one B, C, D: D", "request Box: at_least_one E, F"},
        ),
    ],
)
def test_a_rule_is_exercised_by_its_members(
    folder: Path, members: str, values: str, exercised: set[str]
) -> None:
    """A rule takes a member that it is about, `exactly_one` each of them."""
    write_specs(folder, RULES, sent(members, values))
    (part,) = covered_folder(folder).operations
    found = facts(part, Category.CONSTRAINTS)
    assert set(found) == {
        "request: exclusive A, B",
        "request: exactly_one B, C, D: B",
        "request: exactly_one B, C, D: C",
        "request: exactly_one B, C, D: D",
        "request: requires A, C",
        "request Box: at_least_one E, F",
    }
    assert {label for label, is_exercised in found.items() if is_exercised} == exercised


def test_an_alternative_stands_where_the_rule_names_it(folder: Path) -> None:
    """Each alternative of `exactly_one` has its own place, any other rule has one."""
    write_specs(folder, RULES)
    (part,) = covered_folder(folder).operations
    places = {
        fact.label: (fact.span.line, fact.span.column)
        for fact in part.facts
        if fact.category is Category.CONSTRAINTS
    }
    lines = (folder / "ask.yaml").read_text("utf-8").splitlines()
    row = lines.index("  - exactly_one: [B, C, D]")
    columns = [lines[row].index(name) + 1 for name in "BCD"]
    alternatives = [places[f"request: exactly_one B, C, D: {name}"] for name in "BCD"]
    assert alternatives == [(row + 1, column) for column in columns]
    assert places["request: exclusive A, B"] == (row, 5)


WHOLE = """\
request:
  Kind: {values: [card, account, ""], required: true}
  Card: string
  Account: string
  Note: string
  Changes: {list: {Add: {fields: {Code: string}}, Keep: Place, Drop: string}, count: {max: 9}}
rules:
  - {choice: Kind, blocks: {Card: card, Account: account}}
  - when: {member: Kind, is: card}
    require: [Note]
response: {}
"""


def test_enumerations_choices_and_conditions_are_exercised_by_values(
    folder: Path,
) -> None:
    """Each documented value and block has a place of its own; a condition has to hold and not to."""
    write_specs(
        folder,
        WHOLE,
        sent(
            "<Kind>card</Kind><Card>c</Card><Note>n</Note>",
            "Kind: card, Card: c, Note: n",
        ),
        service=SHARED,
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.VALUES) == {
        "request Kind: value `card`": True,
        "request Kind: value `account`": False,
        "request Kind: value ``": False,
    }
    assert facts(part, Category.CONSTRAINTS) == {
        "request: choice Kind: Card": True,
        "request: choice Kind: Account": False,
        "request: when, for Note: condition holds": True,
        "request: when, for Note: condition does not hold": False,
        "request Changes: count": False,
    }
    places = {
        fact.label: (fact.span.line, fact.span.column)
        for fact in part.facts
        if fact.category in {Category.VALUES, Category.CONSTRAINTS}
    }
    lines = (folder / "ask.yaml").read_text("utf-8").splitlines()
    for label, text in (
        ("request Kind: value `card`", "card, account"),
        ("request Kind: value `account`", "account, "),
        ("request: choice Kind: Card", "Card: card"),
        ("request: choice Kind: Account", "Account: account"),
        ("request: when, for Note: condition holds", "when:"),
    ):
        row = next(number for number, line in enumerate(lines) if text in line)
        assert places[label] == (row + 1, lines[row].index(text) + 1), label


def test_differently_named_children_count_each(folder: Path) -> None:
    """Each alternative of a list and what stands in it is a field; order makes no difference."""
    write_specs(
        folder,
        WHOLE,
        sent(
            "<Kind/><Changes><Drop>d</Drop><Keep><Street>s</Street></Keep></Changes>",
            'Kind: "", Changes: [{Drop: d}, {Keep: {Street: s}}]',
        ),
        service=SHARED,
    )
    (part,) = covered_folder(folder).operations
    found = facts(part, Category.FIELDS)
    assert {name: found[name] for name in found if "Changes" in name} == {
        "request Changes": True,
        "request Changes/Add": False,
        "request Changes/Add/Code": False,
        "request Changes/Keep": True,
        "request Changes/Keep/Street": True,
        "request Changes/Keep/Zone": False,
        "request Changes/Drop": True,
    }
    assert facts(part, Category.CONSTRAINTS)["request Changes: count"]
    assert facts(part, Category.VALUES)["request Kind: value ``"]


def test_rules_of_a_shared_structure_refuse_nothing_in_an_answer(folder: Path) -> None:
    """A rule counts for requests alone."""
    write_specs(
        folder,
        "request: {Box: Box}\nresponse: {Box: Box}\n",
        answered("<Box><A xsi:nil='true'/><B>b</B></Box>", "Box: {A: null, B: b}"),
        service="""\
        types:
          Box: {fields: {A: string, B: string}, rules: [{exclusive: [A, B]}]}
        """,
    )
    (part,) = covered_folder(folder).operations
    assert facts(part, Category.CONSTRAINTS) == {"request Box: exclusive A, B": False}


# Authentication and errors, which are the service's


SIGNED = """\
authentication:
  alternatives:
    Login: {fields: {User: {type: string, required: true, length: [1, 3]}, Team: string}}
    Session: {fields: {Key: {type: string, required: true}}}
"""


def test_authentication_counts_once_for_the_service(folder: Path) -> None:
    """Each alternative counts with its members and constraints, in whichever operation it stands."""
    write_specs(
        folder,
        "request: {}\nresponse: {}\n",
        sent("<Login><User>abc</User></Login>", "", "{Login: {User: abc}}"),
        service=SIGNED,
    )
    (folder / "other.yaml").write_text(
        operation_text("Other", "request: {}\nresponse: {}\n", ()), "utf-8"
    )
    coverage = covered_folder(folder)
    assert [part.name for part in coverage.operations] == ["Ask", "Other"]
    assert [part.facts for part in coverage.operations] == [(), ()]
    shared = coverage.shared
    assert facts(shared, Category.FIELDS) == {
        "authentication Login": True,
        "authentication Login/User": True,
        "authentication Login/Team": False,
        "authentication Session": False,
        "authentication Session/Key": False,
    }
    assert facts(shared, Category.STATES) == {
        "authentication Login/User: given": True,
        "authentication Login/Team: given": False,
        "authentication Login/Team: absent": True,
        "authentication Session/Key: given": False,
    }
    assert facts(shared, Category.CONSTRAINTS) == {
        "authentication Login/User: length": True
    }
    assert besides(shared) == ["authentication Login/User: length 3"]


ERRORS = """\
outcome: {success: Header/Success, message: Header/Message, code: Header/Code}
types:
  Header: {fields: {Success: {type: boolean, required: true}, Message: string, Code: string}}
response:
  Header: {type: Header, required: true}
errors:
  Refused:
    doc: Refused.
    code: E1
    cases:
      BadNumber:
        doc: The number is no good.
        data: {number: {doc: The number.}}
        messages: ["'{number}' is no number.", "No number in '{number}'."]
      Late: {doc: Too late., messages: [Too late.]}
  Gone: {doc: Gone., code: E2}
"""


def failed(code: str, message: str, success: str = "false") -> Sample:
    texts = {"Message": message, "Code": code}
    given = {name: text for name, text in texts.items() if text}
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in given.items())
    values = "".join(f', {name}: "{text}"' for name, text in given.items())
    return answered(
        f"<Header><Success>{success}</Success>{elements}</Header>",
        f"Header: {{Success: {success}{values}}}",
    )


FIRST = "message `'{number}' is no number.`"
SECOND = "message `No number in '{number}'.`"


@pytest.mark.parametrize(
    ("samples", "exercised"),
    [
        ([], set()),
        ([failed("E2", "")], {"Gone"}),
        ([failed("E2", "", success="true")], set()),
        (
            [failed("E1", "'x' is no number.")],
            {"Refused", "BadNumber", f"BadNumber: {FIRST}"},
        ),
        (
            [failed("E1", "No number in 'x'.")],
            {"Refused", "BadNumber", f"BadNumber: {SECOND}"},
        ),
        ([failed("E1", "Too late.")], {"Refused", "Late"}),
        ([failed("", "Too late.")], {"Refused", "Late"}),
        (
            [failed("E2", "At last."), failed("E1", "Too late.")],
            {"Gone", "Refused", "Late"},
        ),
    ],
)
def test_errors_are_exercised_by_documented_failures(
    folder: Path, samples: list[Sample], exercised: set[str]
) -> None:
    """A code, a case and each of several messages take an answer that is recognised as such."""
    write_specs(folder, "request: {}\nresponse: {}\n", *samples, service=ERRORS)
    coverage = covered_folder(folder)
    found = facts(coverage.shared, Category.ERRORS)
    assert set(found) == {
        "error Refused",
        "error BadNumber",
        f"error BadNumber: {FIRST}",
        f"error BadNumber: {SECOND}",
        "error Late",
        "error Gone",
    }
    assert {label for label, is_exercised in found.items() if is_exercised} == {
        f"error {label}" for label in exercised
    }
    assert facts(coverage.operations[0], Category.ERRORS) == {}


def test_an_outcome_without_codes_or_messages(folder: Path) -> None:
    """A failure without anything to tell it by is recognised as nothing."""
    write_specs(
        folder,
        "request: {}\nresponse: {Success: {type: boolean, required: true}}\n",
        answered("<Success>false</Success>", "Success: false"),
        service="outcome: {success: Success}\n",
    )
    coverage = covered_folder(folder)
    assert coverage.shared.facts == ()


# Everything


def test_everything_can_be_exercised(folder: Path) -> None:
    """With examples that show all there is, 100 % are reached, in each category."""
    write_specs(
        folder,
        """\
        request:
          Kind: {type: string, allowed: [new, old]}
          Words: {list: Word, of: {type: string, length: [1, 3]}, count: {min: 1}, unique: true}
          A: string
          B: string
        rules: [{exactly_one: [A, B]}]
        response: {Id: int}
        """,
        sent(
            "<Login><User>me</User></Login><Kind>new</Kind><A>a</A>",
            "Kind: new, A: a",
            "{Login: {User: me}}",
        ),
        sent(
            "<Login><User>me</User><Team>us</Team></Login><Kind>old</Kind><B>b</B>",
            "Kind: old, B: b",
            "{Login: {User: me, Team: us}}",
        ),
        sent(
            "<Session><Key>k</Key></Session><Words><Word>a</Word><Word>b</Word></Words><A>a</A>",
            "Words: [a, b], A: a",
            "{Session: {Key: k}}",
        ),
        answered(
            "<Header><Success>true</Success></Header><Id>1</Id>",
            "Header: {Success: true}, Id: 1",
        ),
        failed("E2", "At last."),
        failed("E1", "Too late."),
        failed("E1", "'x' is no number."),
        failed("E1", "No number in 'x'."),
        service=SIGNED + ERRORS,
    )
    coverage = covered_folder(folder)
    assert [fact for part in coverage.parts for fact in part.missed] == []
    # Counted by hand: 6 + 5 members and items of the request and the response, 5 of authentication.
    assert total(coverage.parts, Category.FIELDS) == Tally(15, 15)
    # 4 of the request and 1 + 2 of the response with two states, 2 with one; 4 of authentication.
    assert total(coverage.parts, Category.STATES) == Tally(20, 20)
    assert total(coverage.parts, Category.VALUES) == Tally(2, 2)
    # Count, unique and length of words, two alternatives; length of the user.
    assert total(coverage.parts, Category.CONSTRAINTS) == Tally(6, 6)
    assert total(coverage.parts, Category.ERRORS) == Tally(6, 6)
    assert total(coverage.parts) == Tally(49, 49)


@pytest.mark.parametrize(
    ("tally", "percent", "enough", "too_much"),
    [
        (Tally(0, 3), 0.0, 0, 1),
        (Tally(2, 3), 66.6, 66, 67),
        (Tally(1, 2), 50.0, 50, 51),
        (Tally(9999, 10000), 99.9, 99, 100),
        (Tally(7, 7), 100.0, 100, 101),
    ],
)
def test_a_share_is_never_rounded_up(
    tally: Tally, percent: float, enough: int, too_much: int
) -> None:
    """100 % means all, and the limit is held against the exact share."""
    assert tally.percent == percent
    assert not tally.is_below(enough)
    assert tally.is_below(too_much)


# The specs of the repository


@pytest.fixture
def revio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the real specs, seen from the folder that they are in."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(REVIO, tmp_path / "specs" / "revio")
    return tmp_path / "specs" / "revio"


def missed(coverage: Coverage) -> set[tuple[str, str]]:
    return {(part.name, fact.label) for part in coverage.parts for fact in part.missed}


def members_of(node: dict[str, Any], types: dict[str, Any]) -> int:
    """Count members and items in the text of a spec, without the generator."""
    found = 0
    for member in node.values():
        body = {"type": member} if isinstance(member, str) else member
        if body.get("presence") == "ignored":
            continue
        found += 1 + ("list" in body)
        inner = body.get("of", body)
        inner = {"type": inner} if isinstance(inner, str) else inner
        shared = types.get(inner.get("type", ""), {}).get("fields", {})
        found += members_of(inner.get("fields", shared), types)
    return found


def test_the_fields_of_the_real_specs_are_all_there(revio: Path) -> None:
    """As many fields are counted as a plain reader of the YAML finds."""
    coverage = covered_folder(revio)
    service = yaml.safe_load((revio / "service.yaml").read_text("utf-8"))
    specs = {file.name for file in revio.glob("*.yaml")} - {"service.yaml"}
    assert {Path(part.span.path).name for part in coverage.operations} == specs
    for part in coverage.operations:
        own = yaml.safe_load((Path.cwd() / part.span.path).read_text("utf-8"))
        expected = sum(
            members_of({**service[side], **own[side]}, service["types"])
            for side in ("request", "response")
        )
        assert len(facts(part, Category.FIELDS)) == expected
    alternatives = service["authentication"]["alternatives"]
    assert len(facts(coverage.shared, Category.FIELDS)) == members_of(alternatives, {})


def test_every_place_is_that_of_the_fact(revio: Path) -> None:
    """A fact stands where its name, its constraint or its rule stands in the file."""
    coverage = covered_folder(revio)
    lines = {
        f"specs/revio/{file.name}": file.read_text("utf-8").splitlines()
        for file in revio.glob("*.yaml")
    }
    for part in coverage.parts:
        for fact in part.facts:
            line = lines[fact.span.path][fact.span.line - 1]
            here = line[fact.span.column - 1 :]
            last = fact.place.replace("/", " ").split()[-1]
            word = fact.detail.split()[0] if fact.detail else last
            expected = {
                Category.FIELDS: "TNs" if last == "TN" else last,
                Category.STATES: last,
                Category.CONSTRAINTS: word,
                Category.ERRORS: ("'", '"', "{") if fact.detail else last,
            }[fact.category]
            assert here.startswith(expected), (fact, here)


ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
SEND = (
    '<SMS_Send xmlns="http://api.myh2o.com/"><Request><Session><SessionKey>k</SessionKey></Session>'
    "{}</Request></SMS_Send>"
)
RESULT = (
    f'<s:Envelope xmlns:s="{ENVELOPE}" {XSI}><s:Body><SMS_SendResponse xmlns="http://api.myh2o.com/">'
    "<SMS_SendResult>{}</SMS_SendResult></SMS_SendResponse></s:Body></s:Envelope>"
)

# What an example of SMS_Send has, and what is no longer missed with it.
ADDITIONS = (
    (
        "request",
        "<Debug>true</Debug><ToNumber>8504700000</ToNumber><Message>a</Message>",
        "Debug: true, ToNumber: 8504700000, Message: a",
        {"request Debug", "request Debug: given"},
    ),
    (
        "request",
        "<ToNumber>8504700000</ToNumber><Message>a</Message><CustomerID>0</CustomerID>",
        "ToNumber: 8504700000, Message: a, CustomerID: 0",
        {"request CustomerID", "request CustomerID: given"},
    ),
    (
        "request",
        (
            "<ToNumber>8504700000</ToNumber><Message>a</Message>"
            "<Profile><SmsProfileID>1</SmsProfileID></Profile>"
        ),
        "ToNumber: 8504700000, Message: a, Profile: {SmsProfileID: 1}",
        {
            "request Profile",
            "request Profile: given",
            "request Profile/SmsProfileID",
            "request Profile/SmsProfileID: given",
            "request Profile/FromNumber: absent",
            "request Profile: exclusive SmsProfileID, FromNumber",
        },
    ),
    (
        "request",
        (
            "<ToNumber>8504700000</ToNumber><Message>a</Message>"
            "<Profile><FromNumber>1</FromNumber></Profile>"
        ),
        "ToNumber: 8504700000, Message: a, Profile: {FromNumber: 1}",
        {
            "request Profile",
            "request Profile: given",
            "request Profile/FromNumber",
            "request Profile/FromNumber: given",
            "request Profile/SmsProfileID: absent",
            "request Profile: exclusive SmsProfileID, FromNumber",
        },
    ),
    (
        "response",
        "<Header><Success>true</Success><Impersonated>true</Impersonated></Header><Profile/>",
        "Header: {Success: true, Impersonated: true}, Profile: {}",
        {
            "response Header/SessionKey: absent",
            "response Header/Impersonated",
            "response Header/Impersonated: given",
            "response Profile/SmsProfileID: absent",
            "response Profile/FromNumber: absent",
            "response ID: absent",
        },
    ),
    (
        "response",
        (
            "<Header><Success>false</Success><Message>m</Message><SessionKey>k</SessionKey>"
            "<Error_Code>S2005</Error_Code><Error_Description>d</Error_Description></Header>"
        ),
        "Header: {Success: false, Message: m, SessionKey: k, Error_Code: S2005, Error_Description: d}",
        {
            "response Header/Message",
            "response Header/Message: given",
            "response Header/Error_Code",
            "response Header/Error_Code: given",
            "response Header/Error_Description",
            "response Header/Error_Description: given",
            "response Profile: absent",
            "response ID: absent",
            "error AccessRefused",
        },
    ),
)


def add_example(revio: Path, number: int) -> set[tuple[str, str]]:
    """Add an example to SMS_Send; return what is no longer missed, with its part."""
    role, members, values, labels = ADDITIONS[number]
    text = (SEND if role == "request" else RESULT).format(members)
    auth = "auth: {Session: {SessionKey: k}}, " if role == "request" else ""
    file = revio / "sms_send.yaml"
    block = (
        f"  - title: added {number}\n"
        f"    {role}: {{{auth}text: {json.dumps(text)}, values: {{{values}}}DEFECTS}}\n"
    )
    defects = ", defects: {missing-envelope: Shortened.}" if role == "request" else ""
    file.write_text(
        file.read_text("utf-8") + block.replace("DEFECTS", defects), "utf-8"
    )
    return {
        ("Revio" if label.startswith("error") else "SMS_Send", label)
        for label in labels
    }


@pytest.mark.parametrize("number", range(len(ADDITIONS)))
def test_an_example_mends_what_it_shows_and_nothing_else(
    revio: Path, number: int
) -> None:
    """What is missed vanishes with an example that shows it; the rest stays missed."""
    before = missed(covered_folder(revio))
    shown = add_example(revio, number)
    assert shown <= before
    assert missed(covered_folder(revio)) == before - shown


def test_together_the_examples_mend_an_operation(revio: Path) -> None:
    """With all of them nothing of SMS_Send is missed any more."""
    assert any(name == "SMS_Send" for name, _ in missed(covered_folder(revio)))
    for number in range(len(ADDITIONS)):
        add_example(revio, number)
    left = missed(covered_folder(revio))
    assert {label for name, label in left if name == "SMS_Send"} == set()


# The command


@dataclass(frozen=True)
class Command:
    """Runs the command inside this process."""

    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return how `soapstone coverage` ended, what it printed and what it complained of."""
        self.monkeypatch.setattr(sys, "argv", ["soapstone", "coverage", *arguments])
        with pytest.raises(SystemExit) as leaving:
            main()
        said = self.capture.readouterr()
        assert isinstance(leaving.value.code, int)
        return leaving.value.code, said.out, said.err


@pytest.fixture
def command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """Return what runs the command."""
    return Command(capsys, monkeypatch)


def write_small_service(folder: Path) -> None:
    """Write two operations, of which one has an example, without anything to warn of."""
    write_specs(
        folder,
        """\
        request:
          Kind: {type: string, required: true, allowed: [new, old], doc: Which one.}
          Size: {type: int, minimum: 1, doc: How large.}
        response:
          Name: {type: string, doc: What it is called.}
        """,
        sent("<Kind>new</Kind><Size>1</Size>", "Kind: new, Size: 1"),
        answered("<Code>a</Code>", "Code: a"),
        service="""\
        response:
          Code: {type: string, doc: What came of it.}
        """,
    )
    (folder / "other.yaml").write_text(
        operation_text(
            "Other",
            "request: {}\nresponse:\n  Names: {repeated: true, of: string, doc: Names.}\n"
            "allow: [{rule: example-missing, reason: None is shown.}]\n",
            (),
        ),
        "utf-8",
    )


SMALL = """\
Demo   fields  states  values  constraints  errors  total     %
Ask       3/4     4/7     1/2          1/1       -   9/14  64.2
Other     0/2     0/4       -            -       -    0/6   0.0
total     3/6    4/11     1/2          1/1       -   9/20  45.0
shown besides, though not counted: 1 at a limit

not exercised in specs/demo/ask.yaml
specs/demo/ask.yaml:6:40: request Kind: value `old`
specs/demo/ask.yaml:7:3: request Size: absent
specs/demo/ask.yaml:9:3: response Name: field, given

not exercised in specs/demo/other.yaml
specs/demo/other.yaml:7:3: response Names: field, given, absent

not exercised in specs/demo/service.yaml
specs/demo/service.yaml:9:3: response Code: absent (in every operation)
specs/demo/service.yaml:9:3: response Code: field, given (in Other)
"""


def test_the_text_is_a_table_and_what_is_missed(folder: Path, command: Command) -> None:
    """Who reads the text finds the shares, and each gap at its place, file by file."""
    write_small_service(folder)
    assert command() == (0, SMALL, "")
    assert command("specs/demo") == (0, SMALL, "")


@pytest.mark.parametrize(("percent", "code"), [("0", 0), ("45", 0), ("46", 1)])
def test_a_share_can_be_demanded(
    folder: Path, command: Command, percent: str, code: int
) -> None:
    """Less than `--fail-under` is a problem, in every format; what is missed alone is none."""
    write_small_service(folder)
    sentence = f"45.0 % is below {percent} %"
    ended, out, _ = command("--fail-under", percent)
    assert ended == code
    assert out == SMALL + (f"\n{sentence}\n" if code else "")
    ended, out, _ = command("--fail-under", percent, "--format", "github")
    assert ended == code
    error = f"::error title=coverage by examples::{sentence.replace('%', '%25')}"
    assert (error in out.splitlines()) == bool(code)
    ended, out, _ = command("--fail-under", percent, "--format", "json")
    assert ended == code
    assert json.loads(out)["total"]["percent"] == 45.0


def test_the_json_has_every_fact(folder: Path, command: Command) -> None:
    """Programs get shares, facts and places in an order of keys that is fixed."""
    write_small_service(folder)
    code, out, err = command("--format", "json")
    assert (code, err) == (0, "")
    document = json.loads(out)
    assert list(document) == ["diagnostics", "total", "services"]
    assert document["diagnostics"] == []
    assert document["total"] == {"exercised": 9, "of": 20, "percent": 45.0}
    (service,) = document["services"]
    assert list(service) == [
        "service",
        "path",
        "total",
        "categories",
        "operations",
        "shared",
    ]
    assert (service["service"], service["path"]) == ("Demo", "specs/demo/service.yaml")
    assert service["total"] == document["total"]
    assert service["categories"] == {
        "fields": {"exercised": 3, "of": 6, "percent": 50.0},
        "states": {"exercised": 4, "of": 11, "percent": 36.3},
        "values": {"exercised": 1, "of": 2, "percent": 50.0},
        "constraints": {"exercised": 1, "of": 1, "percent": 100.0},
        "errors": {"exercised": 0, "of": 0, "percent": 100.0},
    }
    assert service["shared"]["facts"] == []
    ask, other = service["operations"]
    assert list(ask) == [
        "operation",
        "path",
        "total",
        "categories",
        "facts",
        "besides",
    ]
    assert (other["operation"], other["path"]) == ("Other", "specs/demo/other.yaml")
    assert ask["total"] == {"exercised": 9, "of": 14, "percent": 64.2}
    assert len(ask["facts"]) == 14
    assert ask["facts"][3] == {
        "category": "values",
        "label": "request Kind: value `old`",
        "path": "specs/demo/ask.yaml",
        "line": 6,
        "column": 40,
        "exercised": False,
    }
    assert ask["besides"] == [
        {
            "category": "constraints",
            "label": "request Size: minimum 1",
            "path": "specs/demo/ask.yaml",
            "line": 7,
            "column": 21,
        }
    ]


def test_github_gets_a_notice_for_each_gap(folder: Path, command: Command) -> None:
    """What the text says line by line stands as a notice at its place; the last is the share."""
    write_small_service(folder)
    code, out, err = command("--format", "github")
    assert (code, err) == (0, "")
    gaps = [line for line in SMALL.splitlines() if line.startswith("specs/")]
    *notices, share = out.splitlines()
    for gap, notice in zip(gaps, notices, strict=True):
        place, _, text = gap.partition(": ")
        path, line, column = place.split(":")
        assert notice == (
            f"::notice file={path},line={line},col={column},title=not exercised by examples::{text}"
        )
    assert share == (
        "::notice title=coverage by examples::9/20 facts exercised, 45.0 %25"
    )


def test_a_single_operation_is_named(folder: Path, command: Command) -> None:
    """Where a service has one operation, what it misses of the shared specs says its name."""
    write_specs(
        folder,
        "request: {}\nresponse: {}\n",
        service="response: {Code: {type: string, doc: A code.}}\n",
    )
    _, out, _ = command()
    assert out.endswith("response Code: field, given, absent (in Ask)\n")


def test_several_services_have_their_tables_and_one_total(
    folder: Path, command: Command
) -> None:
    """Each service comes with its own table; the limit is held against all of them."""
    write_small_service(folder)
    write_specs(
        folder.parent / "signed",
        "request: {}\nresponse: {}\n",
        sent("<Session><Key>k</Key></Session>", "", "{Session: {Key: k}}"),
        service="""\
        authentication:
          alternatives:
            Session:
              doc: A session.
              fields: {Key: {type: string, required: true, doc: Its key.}}
        """.replace("Demo", "Signed"),
    )
    file = folder.parent / "signed" / "service.yaml"
    file.write_text(file.read_text("utf-8").replace("service: Demo", "service: Signed"))
    code, out, _ = command("--fail-under", "53")
    assert code == 1
    assert out == (SMALL + """
Signed    fields  states  values  constraints  errors  total      %
Ask            -       -       -            -       -      -  100.0
(shared)     2/2     1/1       -            -       -    3/3  100.0
total        2/2     1/1       -            -       -    3/3  100.0

2 services: 12/23 facts exercised, 52.1 %

52.1 % is below 53 %
""")


def test_specs_with_mistakes_are_reported_instead(
    folder: Path, command: Command
) -> None:
    """Of specs with errors the errors are shown, as `lint` shows them, and nothing is measured."""
    write_small_service(folder)
    file = folder / "ask.yaml"
    file.write_text(file.read_text("utf-8").replace("minimum", "minimun"), "utf-8")
    place = "specs/demo/ask.yaml:7:21"
    code, out, err = command()
    assert (code, err) == (1, "")
    assert out.startswith(f"{place}: error: key `minimun` is not known")
    assert out.endswith("1 error\n")
    code, out, _ = command("--format", "github")
    assert code == 1
    assert out.startswith("::error file=specs/demo/ask.yaml,line=7,col=21,")
    assert "notice" not in out
    code, out, _ = command("--format", "json")
    assert code == 1
    document = json.loads(out)
    assert [each["rule"] for each in document.pop("diagnostics")] == [
        "schema-unknown-key"
    ]
    assert document == {"total": None, "services": []}


def test_warnings_stand_beside_the_result(folder: Path, command: Command) -> None:
    """What `lint` warns of is shown too, and is no part of the table."""
    write_specs(folder, "request: {Name: string}\nresponse: {}\n")
    code, out, err = command()
    assert code == 0
    assert "warning: " in err
    assert out.startswith("Demo ")
    code, out, err = command("--format", "github")
    assert (code, err) == (0, "")
    assert out.startswith("::warning ")
    code, out, err = command("--format", "json")
    assert (code, err) == (0, "")
    rules = [found["rule"] for found in json.loads(out)["diagnostics"]]
    assert rules == ["example-missing", "example-missing", "doc-missing"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "there is no folder `nowhere`"),
        (["--fail-under", "101"], "101 is not in the range"),
        (["--fail-under", "-1"], "-1 is not in the range"),
        (["--fail-under", "nan"], "'nan' is not a valid integer"),
        (["--format", "xml"], "'xml' is not one of"),
    ],
)
def test_wrong_usage(
    folder: Path, command: Command, arguments: list[str], sentence: str
) -> None:
    """What cannot be meant is a sentence and exit code 2."""
    write_small_service(folder)
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err


def test_bold_on_a_terminal_alone(
    folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The heading, the total and the names of files stand out where somebody looks."""
    write_small_service(folder)
    assert "\x1b" not in command()[1]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _, out, _ = command()
    bold = re.findall(r"\x1b\[1m(\S+).*\x1b\[0m$", out, re.MULTILINE)
    assert bold == ["Demo", "total", "not", "not", "not"]
    assert re.sub(r"\x1b\[\d+m", "", out) == SMALL


def test_hostile_texts_stay_text(folder: Path, command: Command) -> None:
    """Values and names of any characters neither break a line nor reach a terminal raw."""
    value = "\x85\u202e%0A::error::{{ x }}'\"\\`"
    write_specs(
        folder,
        f"""\
        name: size
        request:
          名前: {{type: string, name: kanji, allowed: [{json.dumps(value)}, a], doc: A name.}}
          E\u0301_.-: {{type: string, doc: A name.}}
        response: {{}}
        """,
        name="Größe",
    )
    code, out, _ = command()
    assert code == 0, out
    assert out.isascii() is False
    assert all(line.isprintable() for line in out.splitlines())
    assert (
        "request 名前: value `\\x85\\u202e%0A::error::{{ x }}'\"\\``, value `a`" in out
    )
    assert out.splitlines()[1].startswith("Größe  ")
    code, out, _ = command("--format", "github")
    assert code == 0
    assert all(
        line.startswith(("::notice ", "::warning ")) for line in out.split("\n")[:-1]
    )
    assert "value `\\x85\\u202e%250A::error::" in out
    code, out, _ = command("--format", "json")
    labels = [
        fact["label"]
        for fact in json.loads(out)["services"][0]["operations"][0]["facts"]
    ]
    assert f"request 名前: value `{value}`" in labels
    assert out.replace("\n", "").isprintable()


def test_a_wide_name_keeps_the_columns(folder: Path, command: Command) -> None:
    """Characters that take two columns of a terminal are counted as such."""
    write_specs(folder, "name: wide\nrequest: {}\nresponse: {}\n", name="名前名前")
    _, out, _ = command()
    heading, row, *_ = out.splitlines()
    assert heading.startswith("Demo      fields")
    assert row.startswith("名前名前       -")
