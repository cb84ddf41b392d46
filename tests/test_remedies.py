"""Common mistakes: what a message proposes leads to a spec without mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.pipeline import compile_service

SERVICE = """\
soapstone: 1
service: Demo
title: Demo API
pages:
  manual: {title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}
protocol: {envelope: none, endpoint: https://example.com/api, namespace: http://example.com/}
"""
OPERATION = """\
soapstone: 1
operation: Ping
summary: Ask for an answer.
source: {page: manual}
"""
# What the shortened specs of this module leave out on purpose.
SHORTENED = frozenset({"doc-missing", "example-missing", "page-unused", "type-unused"})
SESSION = "authentication: {alternatives: {Session: {fields: {Token: {type: string, required: true}}}}}\n"
ADDRESS = "types: {Address: {fields: {City: string, Zip: string}, rules: [{requires: [Zip, City]}]}}\n"
HEADER = (
    "types: {Header: {fields: {Ok: {type: boolean, required: true}, Code: string}}}\n"
)
ANSWER = "response: {Header: {type: Header, required: true}}\n"
NIL = "http://www.w3.org/2001/XMLSchema-instance"
ABC = "request: {A: string, B: string, C: string}\n"


def found(
    folder: Path, *, operation: str = "", service: str = ""
) -> list[tuple[str, str]]:
    """Return the messages and hints about a service of one operation."""
    demo = folder / "demo"
    demo.mkdir(exist_ok=True)
    (demo / "service.yaml").write_text(SERVICE + service, "utf-8")
    (demo / "ping.yaml").write_text(OPERATION + operation, "utf-8")
    report = Report()
    compile_service(demo, report)
    return [
        (each.message, each.hint)
        for each in report.diagnostics
        if each.rule not in SHORTENED
    ]


def member(kind: str) -> str:
    """Return a request with one member."""
    return f"request:\n  A: {kind}\n"


def shown(inner: str, values: str = "{}", more: str = "") -> str:
    """Return an example of a request."""
    return (
        "examples:\n  - title: one\n    request:\n      text: |\n        "
        f'<Ping xmlns="http://example.com/">{inner}</Ping>\n'
        f"      values: {values}\n{more}"
    )


def answered(inner: str, values: str) -> str:
    """Return an example of an answer."""
    return (
        "examples:\n  - title: one\n    response:\n      text: |\n        "
        f'<PingResponse xmlns="http://example.com/">{inner}</PingResponse>\n'
        f"      values: {values}\n"
    )


def answered_when(condition: str) -> str:
    """Return an example of an answer that is given on a condition."""
    answer = '<PingResponse xmlns="http://example.com/"><PingResult/></PingResponse>'
    return (
        "examples:\n  - {title: one, when: "
        f"{condition}, response: {{text: '{answer}', values: {{}}}}}}\n"
    )


def value(kind: str, text: str, typed: str, key: str = "A") -> str:
    """Return an operation with one member and its value in a document."""
    inner = f"<Request><{key}>{text}</{key}></Request>"
    return f"request:\n  {key}: {kind}\n" + shown(inner, f"{{{key}: {typed}}}")


IN_HEADER = """\
protocol: {envelope: soap11}
examples:
  - title: one
    request:
      text: |
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>
        <Session xmlns="http://example.com/"><Token>t</Token></Session></s:Header><s:Body>
        <Ping xmlns="http://example.com/"><Request/></Ping></s:Body></s:Envelope>
      values: {}
      auth: {Session: {Token: t}}
"""

# Wrong lines of an operation, what the hint has to say, and the lines with the remedy.
MISTAKES = [
    # Keys and values of the language
    ("authentication: Session\n", "`[Session]`", None),
    ("request:\n", "remove the key, or write `{}`", "request: {}\n"),
    ("response: none\n", "remove the key, or write `{}`", ""),
    (
        member("{type: string, doc: Telephone, old.}"),
        "put the value into quotes",
        member('{type: string, doc: "Telephone, old."}'),
    ),
    (
        member("{type: decimal, minimum: 0,5}"),
        "`0.5`",
        member("{type: decimal, minimum: 0.5}"),
    ),
    (
        "request:\n  A:\n    type: decimal\n    minimum: 0,5\n",
        "`0.5`",
        member("{type: decimal, minimum: 0.5}"),
    ),
    (
        "protocol: {request: None}\n",
        "did you mean `none`?",
        "protocol: {request: none}\n",
    ),
    (
        "protocol: {request: ''}\n",
        "did you mean `none`?",
        "protocol: {request: none}\n",
    ),
    ("protocol: {request: 5}\n", 'for example: "none"', "protocol: {request: none}\n"),
    (
        member("{type: string, optional: true}"),
        "has `required: true`",
        member("{type: string}"),
    ),
    (
        member("{type: string, minOccurs: 1}"),
        "`required: true`",
        member("{type: string, required: true}"),
    ),
    (
        member("{type: string, maxOccurs: 2}"),
        "`repeated: true`",
        member("{repeated: true, of: string, count: {max: 2}}"),
    ),
    (
        member("{type: string, nillable: true}"),
        "`nil: kept`",
        member("{type: string, nil: kept}"),
    ),
    (member("{enum: [X, Y]}"), "`values: [...]`", member("{values: [X, Y]}")),
    (
        member("{type: string, description: Text.}"),
        "write `doc`",
        member("{type: string, doc: Text.}"),
    ),
    (member("{tpye: int}"), "did you mean `type`?", member("{type: int}")),
    (member("{xyzzy: 1}"), "known: `absent`", member("{type: int}")),
    # Members and their types
    (
        "request: {fields: {A: string}}\n",
        "remove `fields`",
        "request: {A: string}\n",
    ),
    (
        "request: {A: string, B: string, rules: [{exclusive: [A, B]}]}\n",
        "`rules` stands beside `request`",
        "request: {A: string, B: string}\nrules: [{exclusive: [A, B]}]\n",
    ),
    ("request: {doc: Hallo.}\n", "`doc` stands beside", "doc: Hallo.\n"),
    (
        "request: {A: string, required: true}\n",
        "at each member itself",
        "request: {A: {type: string, required: true}}\n",
    ),
    (
        member("{type: list, of: string}"),
        "write `list:",
        member("{list: I, of: string}"),
    ),
    (
        member("{list: true, of: int}"),
        "`repeated: true`",
        member("{repeated: true, of: int}"),
    ),
    (
        member("{list: [Add, Remove]}"),
        "`list: {Add: <type>, Remove: <type>}`",
        member("{list: {Add: string, Remove: string}}"),
    ),
    (
        member("{type: int, list: X}"),
        "write `of` instead of `type`",
        member("{list: X, of: int}"),
    ),
    (member("{list: [Add], of: int}"), "`list: Add`", member("{list: Add, of: int}")),
    (member("{list: {}, of: [int]}"), "`repeated: true`", member("{list: X, of: int}")),
    (member("'int[]'"), "of: int}", member("{list: Item, of: int}")),
    (member("s:ArrayOfString"), "of: string}", member("{list: Item, of: string}")),
    (member("List<Boolean>"), "of: boolean}", member("{repeated: true, of: boolean}")),
    (member("float"), "did you mean `double`?", member("double")),
    (member("xs:binary"), "did you mean `base64`?", member("base64")),
    (member("object"), "write `fields:`", member("{fields: {B: int}}")),
    (
        member("{type: int, values: [1, 2]}"),
        "write `allowed` instead of `values`",
        member("{type: int, allowed: [1, 2]}"),
    ),
    (
        member("{type: string, values: [a, b]}"),
        "remove `type`",
        member("{values: [a, b]}"),
    ),
    (
        member("{fields: {X: string}, members: {X: required}}"),
        "at each member itself",
        member("{fields: {X: {type: string, required: true}}}"),
    ),
    (
        member("{constant: x, required: true}"),
        "remove `required`",
        member("{constant: x}"),
    ),
    (
        member("{type: decimal, allowed: [1.0, 2, 1]}"),
        "`1` equals `1.0`",
        member("{type: decimal, allowed: [1.0, 2]}"),
    ),
    (
        member("{values: [a, {b: c}]}"),
        "as a mapping",
        member("{values: {a: First., b: {name: SECOND}}}"),
    ),
    (
        member("{values: [a, {}]}"),
        "as a mapping",
        member("{values: {a: First., b: {name: SECOND}}}"),
    ),
    (member("{values: [a, null]}"), '`"null"`', member('{values: [a, "null"]}')),
    (
        member('{values: {a: x, "2nd-Day": x, 2nd Day: y}}'),
        "`2nd-Day: {name: VALUE_2ND_DAY, doc: ...}`",
        None,
    ),
    (
        member('{values: {a: x, "2nd-Day": x, 2nd Day: y}}'),
        "`2nd Day: {name: VALUE_2ND_DAY_VALUE, doc: ...}`",
        member(
            '{values: {a: x, "2nd-Day": {name: VALUE_2ND_DAY}, 2nd Day: {name: VALUE_2ND_DAY_VALUE}}}'
        ),
    ),
    (
        member("{values: {a: x, '+': x, b: y}}"),
        '`"+": {name: VALUE, doc: ...}`',
        member('{values: {a: x, "+": {name: VALUE, doc: z}, b: y}}'),
    ),
    (
        member("{type: string, name: Foo}"),
        "`name: foo`",
        member("{type: string, name: foo}"),
    ),
    # Answers
    (
        ABC + answered_when("{A: x}"),
        "`{member: A, is: x}`",
        ABC + answered_when("{member: A, is: x}"),
    ),
    (
        ABC + answered_when("{member: A, unlike: x}"),
        "name the member under `items`",
        ABC + answered_when("{items: A, unlike: x}"),
    ),
    (
        ABC + answered_when("{member: A, is: x, source: {page: manual}}"),
        "write it beside `when`",
        ABC + answered_when("{member: A, is: x}, source: {page: manual}"),
    ),
    (
        ABC + answered_when("{not: {items: A, unlike: x}}"),
        "stands alone, directly under `when`",
        ABC + answered_when("{items: A, unlike: x, count: 0}"),
    ),
    ("memory: {known: {doc: Numbers.}}\n", "stands in service.yaml", ""),
    (
        "request: {idempotent: true}\n",
        "stands beside `request`",
        "idempotent: true\n",
    ),
    # Rules
    (
        ABC + "rules: [{choice: A, blocks: {x: B, y: C}}]\n",
        "turned round: `B: x`",
        ABC + "rules: [{choice: A, blocks: {B: x, C: y}}]\n",
    ),
    (
        ABC + "rules: [{when: {C: x}, require: [A]}]\n",
        "`{member: C, is: x}`",
        ABC + "rules: [{when: {member: C, is: x}, require: [A]}]\n",
    ),
    (
        ABC + "rules: [{if: {C: x}, then: [A]}]\n",
        "`when`, with `require` or `prohibit`",
        ABC + "rules: [{when: {member: C, is: x}, require: [A]}]\n",
    ),
    (
        ABC + "rules: [{when: {member: C, is: x}, requires: [B]}]\n",
        "it is `require`",
        ABC + "rules: [{when: {member: C, is: x}, require: [B]}]\n",
    ),
    (
        ABC + "rules: [{when: {member: C, is: x}, requires: [A, B]}]\n",
        "it is `require`",
        ABC + "rules: [{when: {member: C, is: x}, require: [A, B]}]\n",
    ),
    (
        ABC + "rules: [{requires: {B: C}}]\n",
        "`[B, C]`: when `B` is given, `C` is",
        ABC + "rules: [{requires: [B, C]}]\n",
    ),
    (
        ABC + "rules: [{requires: {B: [C]}}]\n",
        "`[B, ...]`",
        ABC + "rules: [{requires: [B, C]}]\n",
    ),
    (
        ABC + "rules: [{requires: B}]\n",
        "when `A` is given, `B` is",
        ABC + "rules: [{requires: [A, B]}]\n",
    ),
    (
        ABC + "rules: [{exclusive: [B]}]\n",
        "`exclusive: [A, B]`",
        ABC + "rules: [{exclusive: [A, B]}]\n",
    ),
    # Examples
    (shown("<Request/>", ""), "write `{}`", shown("<Request/>")),
    (
        value("dateTime", "2026-11-20T00:00:00", "2026-11-20"),
        "`2026-11-20T00:00:00`; or give the field the type `date`",
        value("dateTime", "2026-11-20T00:00:00", "2026-11-20T00:00:00"),
    ),
    (
        value("date", "2026-11-20", "2026-11-20T00:00:00"),
        "`2026-11-20`; or give the field the type `dateTime`",
        value("date", "2026-11-20", "2026-11-20"),
    ),
    (value("boolean", "true", "1"), "write `true`", value("boolean", "true", "true")),
    (
        value("int", "3000000000", "3000000000"),
        "the type `long`",
        value("long", "3000000000", "3000000000"),
    ),
    (
        value("{list: T, of: string}", "<T>x</T>", "x"),
        "write `[x]`",
        value("{list: T, of: string}", "<T>x</T>", "[x]"),
    ),
    (
        value("{list: T, of: string}", "<T>x</T>", "{T: [x]}"),
        "write `[x]`",
        value("{list: T, of: string}", "<T>x</T>", "[x]"),
    ),
    (
        value("{list: T, of: string}", "<T>x</T>", "[{T: x}]"),
        "write `x` alone",
        value("{list: T, of: string}", "<T>x</T>", "[x]"),
    ),
    (
        value("{list: T, of: string}", "<T>x</T>", "{T: x, U: y}"),
        "type in what the document says",
        value("{list: T, of: string}", "<T>x</T>", "[x]"),
    ),
    (
        value("boolean", "1", "true"),
        "clients write each value in one way",
        value("boolean", "true", "true"),
    ),
    (
        member("string")
        + shown(f'<Request><A xmlns:x="{NIL}" x:nil="true"/></Request>', "{A: null}"),
        "`nil: kept`, or `absent: nil`",
        member("{type: string, nil: kept}")
        + shown(f'<Request><A xmlns:x="{NIL}" x:nil="true"/></Request>', "{A: null}"),
    ),
    (
        member("string") + shown('<Request><A foo="1">x</A></Request>', "{A: x}"),
        "`foo` with `as: attribute`, and its text as a member with `as: text`",
        member(
            "{fields: {foo: {type: string, as: attribute}, T: {type: string, as: text}}}"
        )
        + shown('<Request><A foo="1">x</A></Request>', "{A: {foo: 1, T: x}}"),
    ),
    (
        member("string") + shown('<Request A="1"/>', "{A: 1}"),
        "give `A` the key `as: attribute`",
        member("{type: string, as: attribute}") + shown('<Request A="1"/>', "{A: 1}"),
    ),
    (
        member("string") + shown('<Request B="1"/>'),
        "add a member `B` with `as: attribute`",
        "request: {B: {type: string, as: attribute}}\n"
        + shown('<Request B="1"/>', "{B: 1}"),
    ),
    (
        shown(""),
        "`protocol: {request: none}`",
        "protocol: {request: none}\n" + shown(""),
    ),
    (
        member("string") + shown("<A>x</A>", "{A: x}"),
        "`protocol: {request: none}`",
        "protocol: {request: none}\n" + member("string") + shown("<A>x</A>", "{A: x}"),
    ),
    (
        "response: {A: int}\n" + answered("<PingResult>7</PingResult>", "{A: 7}"),
        "a member with `as: text`",
        "response: {A: {type: int, as: text}}\n"
        + answered("<PingResult>7</PingResult>", "{A: 7}"),
    ),
    (
        shown("<Request/>").replace("<Ping", "POST /ping HTTP/1.1\n\n        <Ping", 1),
        "the header of HTTP",
        shown("<Request/>"),
    ),
]


@pytest.mark.parametrize(("wrong", "remedy", "right"), MISTAKES)
def test_hint_about_an_operation_leads_to_the_remedy(
    tmp_path: Path, wrong: str, remedy: str, right: str | None
) -> None:
    """A hint says what to write, and what it says to write is accepted."""
    hints = [hint for _, hint in found(tmp_path, operation=wrong)]
    assert [hint for hint in hints if remedy in hint], hints
    if right is not None:
        assert found(tmp_path, operation=right) == []


# Wrong lines of service.yaml and of the operation, the hint, and both with the remedy.
SHARED_MISTAKES = [
    (
        "errors: {Gone: {code: 1, doc: x}}\n",
        "",
        "`outcome: {success: ..., code: ...}`",
        "",
        "",
    ),
    (
        HEADER + "outcome: {success: /Header/Ok}\n",
        ANSWER,
        "did you mean `Header/Ok`?",
        HEADER + "outcome: {success: Header/Ok}\n",
        ANSWER,
    ),
    (
        HEADER + "outcome: {success: Header/Ok, code: Header.Code}\n",
        ANSWER,
        "did you mean `Header/Code`?",
        HEADER + "outcome: {success: Header/Ok, code: Header/Code}\n",
        ANSWER,
    ),
    (
        "",
        "types: {Line: {fields: {A: int}}}\n",
        "`types` stands in service.yaml",
        "types: {Line: {fields: {A: int}}}\n",
        "",
    ),
    (
        "types: {list: {fields: {A: int}}}\n",
        "",
        "call the type `List`",
        "types: {List: {fields: {A: int}}}\n",
        "",
    ),
    ("rules: []\n", "", "in the file of an operation", "", "rules: []\n"),
    (
        HEADER
        + "outcome: {success: Header/Ok, code: Header/Code, message: Header/Code}\n"
        "errors: {Bad: {code: 1, doc: x, messages: ['no {thing}']}}\n",
        ANSWER,
        "add `data: {thing: {}}`",
        HEADER
        + "outcome: {success: Header/Ok, code: Header/Code, message: Header/Code}\n"
        "errors: {Bad: {code: 1, doc: x, data: {thing: {}}, messages: ['no {thing}']}}\n",
        ANSWER,
    ),
    (
        HEADER
        + "outcome: {success: Header/Ok, code: Header/Code, message: Header/Code}\n"
        "errors: {Bad: {code: 1, doc: x, data: {thing: string}, messages: ['no {thing}']}}\n",
        ANSWER,
        "write `thing: {}`",
        HEADER
        + "outcome: {success: Header/Ok, code: Header/Code, message: Header/Code}\n"
        "errors: {Bad: {code: 1, doc: x, data: {thing: {}}, messages: ['no {thing}']}}\n",
        ANSWER,
    ),
    (
        ADDRESS,
        member("{type: Address, members: {City: prohibited}}"),
        "take `City` out of `members`",
        ADDRESS,
        member("Address"),
    ),
    (
        SESSION,
        "request: {Session: string}\n",
        "the element of the authentication",
        SESSION,
        "",
    ),
    (
        SESSION,
        shown("<Request><Session><Token>t</Token></Session></Request>"),
        "add `auth: {Session: {Token: ...}}`",
        SESSION,
        shown(
            "<Request><Session><Token>t</Token></Session></Request>",
            more="      auth: {Session: {Token: t}}\n",
        ),
    ),
    (
        SESSION,
        shown("<Request/>"),
        "write `authentication: none`",
        SESSION,
        "authentication: none\n" + shown("<Request/>"),
    ),
    (
        SESSION,
        IN_HEADER,
        "add `place: header`",
        SESSION.replace("{alternatives", "{place: header, alternatives"),
        IN_HEADER,
    ),
]


@pytest.mark.parametrize(
    ("service", "operation", "remedy", "right_service", "right_operation"),
    SHARED_MISTAKES,
)
def test_hint_about_a_service_leads_to_the_remedy(
    tmp_path: Path,
    service: str,
    operation: str,
    remedy: str,
    right_service: str,
    right_operation: str,
) -> None:
    """A hint says what to write and in which file, and what it says to write is accepted."""
    hints = [hint for _, hint in found(tmp_path, operation=operation, service=service)]
    assert [hint for hint in hints if remedy in hint], hints
    assert found(tmp_path, operation=right_operation, service=right_service) == []


@pytest.mark.parametrize(
    "operation",
    [
        member("{list: true, of: string}"),
        member("{list: Item, of: [string]}"),
        member("{tpye: int}"),
        member("{unheard_of: int}"),
        "request: {fields: {A: string}}\n",
        member("{type: list, of: string}"),
        ABC + "rules: [{exclusive: [B]}]\n",
        ABC + "rules: [{when: C, require: [A]}]\n",
        ABC + "rules: [{when: {member: C, given: true}, require: A}]\n",
        ABC + "rules: [{when: {member: C, given: 'yes'}, require: [A]}]\n",
        ABC + "rules: [{when: {member: [C], given: true}, require: [A]}]\n",
        ABC + "rules: [{choice: A, blocks: {x: B, y: C}}]\n",
        "examples: [{title: one, request: {text: [a], values: {}}}]\n",
        "protocol: {endpoint: [a]}\n",
    ],
)
def test_one_mistake_is_told_once(tmp_path: Path, operation: str) -> None:
    """What is refused is not reported a second time as missing."""
    assert len(found(tmp_path, operation=operation)) == 1


def test_refused_values_of_the_service_are_told_once(tmp_path: Path) -> None:
    """A shared type, or an endpoint, with a bad value is not called missing as well."""
    types = "types: {Line: {fields: [A]}, State: {values: A}}\n"
    assert len(found(tmp_path, service=types)) == 2
    folder = tmp_path / "demo"
    text = SERVICE.replace("https://example.com/api", "[https://example.com/api]")
    (folder / "service.yaml").write_text(text, "utf-8")
    report = Report()
    compile_service(folder, report)
    assert [
        each.rule
        for each in report.diagnostics
        if each.rule not in SHORTENED | {"endpoint-invalid"}
    ] == ["schema-value"]
