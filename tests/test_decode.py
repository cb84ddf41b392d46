"""Specs of the wrong shape: every mistake is told at its place, in words that help."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from soapstone.decode import decode_service
from soapstone.diagnostics import Report
from soapstone.model import (
    Basis,
    Comparison,
    EnumerationType,
    InlineType,
    ItemsTest,
    Not,
    Occasion,
    Presence,
    Relation,
    Service,
)
from soapstone.pipeline import compile_service

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
R = "request:\n"
V = "examples:\n  - title: one\n    request:\n      text: <a/>\n      values:\n"
KNOWN = "types:\n  Known: {fields: {A: int}}\n"
ALLF = """\
request:
  S: string
  B: boolean
  I: int
  L: long
  D: decimal
  F: double
  Y: date
  M: dateTime
  X: base64
  T: Known
  U: Unknown
  P: {list: Item, of: int}
"""

# What the shortened specs of this module leave out on purpose.
SHORTENED = frozenset({"doc-missing", "example-missing", "page-unused", "type-unused"})


def said(folder: Path, service: str, operation: str) -> list[str]:
    """Return what all stages up to the plan say about a service of one operation."""
    demo = folder / "demo"
    demo.mkdir(exist_ok=True)
    (demo / "service.yaml").write_text(service, "utf-8")
    (demo / "ping.yaml").write_text(operation, "utf-8")
    report = Report()
    compile_service(demo, report)
    return [
        f"{each.span}: {each.message} [{each.rule}]"
        + (f" -- {each.hint}" if each.hint else "")
        for each in report.diagnostics
        if each.rule not in SHORTENED
    ]


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        pytest.param(
            SERVICE.replace("soapstone: 1", "soapstone: 2"),
            OPERATION,
            [
                (
                    "demo/service.yaml:1:12: `soapstone` must be 1, not `2` "
                    "[schema-value] -- write `1`"
                )
            ],
            id="const",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: string, secret: maybe}\n",
            [
                (
                    "demo/ping.yaml:6:29: `request.A.secret` must be true or "
                    "false, not `maybe` [schema-value] -- for example: true"
                )
            ],
            id="const of text",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace("Ask for an answer.", "[a]"),
            [
                (
                    "demo/ping.yaml:3:10: `summary` must be a text or a number or "
                    "true or false, not a list [schema-value] -- for example: "
                    '"Send one text message to a customer."'
                )
            ],
            id="type",
        ),
        pytest.param(
            SERVICE.replace("Demo API", "{a: b}"),
            OPERATION,
            [
                (
                    "demo/service.yaml:3:8: `title` must be a text or a number or "
                    "true or false, not a mapping [schema-value] -- for example: "
                    '"Rev.io SMS API"'
                )
            ],
            id="mapping for text",
        ),
        pytest.param(
            SERVICE.replace("Demo API", ""),
            OPERATION,
            [
                (
                    "demo/service.yaml:3:7: `title` must be a text or a number or "
                    "true or false, not empty [schema-value] -- for example: "
                    '"Rev.io SMS API"'
                )
            ],
            id="empty",
        ),
        pytest.param(
            SERVICE.replace("2026-01-31", "yesterday"),
            OPERATION,
            [
                (
                    "demo/service.yaml:5:71: `pages.manual.retrieved` cannot be "
                    '`yesterday` [schema-value] -- for example: "2026-11-22"'
                )
            ],
            id="pattern",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, presence: optionl}}\n",
            [
                (
                    "demo/ping.yaml:5:39: `request.A.presence` cannot be `optionl` "
                    "[schema-value] -- did you mean `optional`?"
                )
            ],
            id="enum",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, presence: [optional]}}\n",
            [
                (
                    "demo/ping.yaml:5:39: `request.A.presence` cannot be a list "
                    "[schema-value] -- known: `conditional`, `ignored`, "
                    "`optional`, `prohibited`, `required`"
                )
            ],
            id="enum with list",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, length: -1}}\n",
            [
                (
                    "demo/ping.yaml:5:37: `request.A.length` must be at least 0, "
                    "not `-1` [schema-value] -- for example: [1, 160]"
                )
            ],
            id="minimum",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, allowed: []}}\n",
            [
                (
                    "demo/ping.yaml:5:38: `request.A.allowed` needs at least 1 "
                    'entry [schema-value] -- for example: ["Y", "N"]'
                )
            ],
            id="minItems",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, length: [1]}}\n",
            [
                (
                    "demo/ping.yaml:5:37: `request.A.length` needs at least 2 "
                    "entries [schema-value] -- for example: [1, 160]"
                )
            ],
            id="minItems 2",
        ),
        pytest.param(
            SERVICE,
            # The limit that is left is not taken for the other one, which `x` is below.
            OPERATION
            + "request: {A: {type: string, length: [1000001, 2000], allowed: [x]}}\n",
            [
                (
                    "demo/ping.yaml:5:38: `request.A.length.0` must be at most 1000000, "
                    "not `1000001` [schema-value]"
                )
            ],
            id="half a pair",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, length: [1, 2, 3]}}\n",
            [
                (
                    "demo/ping.yaml:5:37: `request.A.length` takes at most 2 "
                    "entries [schema-value] -- for example: [1, 160]"
                )
            ],
            id="maxItems",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, length: {}}}\n",
            [
                (
                    "demo/ping.yaml:5:37: `request.A.length` needs at least 1 "
                    "entry [schema-value] -- for example: [1, 160]"
                )
            ],
            id="minProperties",
        ),
        pytest.param(
            SERVICE
            + "authentication: {alternatives: {A: {fields: {X: string}}, B: {fields: {X: string}}}}\n",
            OPERATION
            + "examples: [{title: one, request: {text: <a/>, values: {}, auth: {A: {X: a}, B: {X: a}}}}]\n",
            [
                (
                    "demo/ping.yaml:5:65: `examples.0.request.auth` takes at most "
                    "1 entry [schema-value] -- for example: "
                    '{"Session": {"SessionKey": "xyzabc123"}}'
                )
            ],
            id="maxProperties",
        ),
        pytest.param(
            SERVICE + "errors: {Gone: {doc: Gone., code: E1, messages: ['']}}\n",
            OPERATION,
            [
                (
                    "demo/service.yaml:7:10: nothing says where an answer has what "
                    "tells `Gone` [outcome-needed] -- add `outcome: {success: ..., "
                    "code: ...}` to service.yaml, the paths to both"
                ),
                (
                    "demo/service.yaml:7:50: an empty message tells no failure "
                    "[error-message-unmatchable] -- write the documented text, "
                    "without white space around it"
                ),
            ],
            id="minLength",
        ),
        pytest.param(
            SERVICE
            + "errors: {Gone: {doc: Gone., code: E1, data: {a: {list: true}}, messages: [{text: 'x {a}', split: {a: ''}}]}}\n",
            OPERATION,
            [
                (
                    "demo/service.yaml:7:102: `errors.Gone.messages.0.split.a` "
                    "must have at least 1 character [schema-value]"
                )
            ],
            id="minLength split",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace("summary: Ask for an answer.\n", ""),
            [
                (
                    "demo/ping.yaml:1:1: key `summary` is missing "
                    "[schema-missing-key] -- `summary`: What the operation does, "
                    "in one sentence of our own."
                )
            ],
            id="missing",
        ),
        pytest.param(
            SERVICE.replace("title: Manual, ", ""),
            OPERATION,
            [
                (
                    "demo/service.yaml:5:12: key `title` is missing in "
                    "`pages.manual` [schema-missing-key] -- `title`: Title of the "
                    "page."
                )
            ],
            id="missing nested",
        ),
        pytest.param(
            SERVICE.replace(
                "{title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}",
                "{}",
            ),
            OPERATION,
            [
                (
                    "demo/service.yaml:5:11: key `retrieved` is missing in "
                    "`pages.manual` [schema-missing-key] -- `retrieved`: Day on "
                    "which the facts were read off the page."
                ),
                (
                    "demo/service.yaml:5:11: key `title` is missing in "
                    "`pages.manual` [schema-missing-key] -- `title`: Title of the "
                    "page."
                ),
                (
                    "demo/service.yaml:5:11: key `url` is missing in "
                    "`pages.manual` [schema-missing-key] -- `url`: Where the page "
                    "is."
                ),
            ],
            id="missing in empty",
        ),
        pytest.param(
            SERVICE.replace("endpoint: https://example.com/api, ", ""),
            OPERATION,
            [
                (
                    "demo/service.yaml:6:1: key `endpoint` is missing in "
                    "`protocol` [schema-missing-key] -- operations may override "
                    "it; the service needs one"
                )
            ],
            id="missing endpoint",
        ),
        pytest.param(
            SERVICE.replace("title: Demo", "titel: Demo"),
            OPERATION,
            [
                (
                    "demo/service.yaml:1:1: key `title` is missing "
                    "[schema-missing-key] -- `title`: What people call the service."
                ),
                (
                    "demo/service.yaml:3:1: key `titel` is not known "
                    "[schema-unknown-key] -- did you mean `title`?"
                ),
            ],
            id="unknown key",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "request: {A: {type: string, requird: true}}\n",
            [
                (
                    "demo/ping.yaml:5:29: key `requird` is not known in "
                    "`request.A` [schema-unknown-key] -- did you mean `required`?"
                )
            ],
            id="unknown key nested",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace("operation: Ping\n", ""),
            [
                (
                    "demo/ping.yaml:1:1: key `operation` is missing "
                    "[schema-missing-key] -- `operation`: Wire name, verbatim."
                )
            ],
            id="operation missing",
        ),
        pytest.param(
            SERVICE,
            "a: b: c\n",
            [
                (
                    "demo/ping.yaml:1:5: not readable as YAML: mapping values are "
                    "not allowed in this context [source-syntax] -- put quotes "
                    "around a value that holds a colon, a hash or a bracket"
                )
            ],
            id="operation unreadable",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {list: Item}\n",
            [
                (
                    "demo/ping.yaml:6:3: the list does not say what its items are "
                    "[field-kind] -- add `of:` with a type, for example `of: "
                    "string`"
                )
            ],
            id="list without items",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {list: Item, of: {type: int, fields: {}}}\n",
            [
                (
                    "demo/ping.yaml:6:35: the field has `type` and `fields`; one "
                    "says what it is [field-kind] -- give exactly one of `type`, "
                    "`fields`, `list`, `repeated`, `values`"
                )
            ],
            id="list of two kinds",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: string, fields: {}}\n",
            [
                (
                    "demo/ping.yaml:6:21: the field has `type` and `fields`; one "
                    "says what it is [field-kind] -- give exactly one of `type`, "
                    "`fields`, `list`, `repeated`, `values`"
                )
            ],
            id="two kinds",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {required: true}\n",
            [
                (
                    "demo/ping.yaml:6:3: the field does not say what it is "
                    "[field-kind] -- give exactly one of `type`, `fields`, `list`, "
                    "`repeated`, `values`"
                )
            ],
            id="no kind",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: string, required: true, presence: required}\n",
            [
                (
                    "demo/ping.yaml:6:37: `required` and `presence` say the same "
                    "thing in two ways [field-presence] -- keep one of them"
                )
            ],
            id="presence twice",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: int, length: 3}\n",
            [
                (
                    "demo/ping.yaml:6:18: `length` does not apply to type `int` "
                    "[constraint-not-applicable] -- remove it, or give the field "
                    "the type that it is meant for"
                )
            ],
            id="length of int",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: string, count: 3}\n",
            [
                (
                    "demo/ping.yaml:6:21: `count` does not apply to a single value "
                    "[constraint-not-applicable] -- remove it, or give the field "
                    "the type that it is meant for"
                )
            ],
            id="count of text",
        ),
        pytest.param(
            SERVICE + KNOWN,
            OPERATION
            + R
            + "  A: {type: Known, length: 3}\n  B: {fields: {C: string}, minimum: 3}\n",
            [
                (
                    "demo/ping.yaml:6:20: `length` does not apply to a named "
                    "structure or enumeration [constraint-not-applicable] -- remove "
                    "it, or give the field the type that it is meant for"
                ),
                (
                    "demo/ping.yaml:7:28: `minimum` does not apply to a structure "
                    "[constraint-not-applicable] -- remove it, or give the field "
                    "the type that it is meant for"
                ),
            ],
            id="length of structure",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {list: Item, of: string, length: 3}\n",
            [
                (
                    "demo/ping.yaml:6:31: `length` does not apply to a list; its "
                    "items take it, under `of` [constraint-not-applicable] -- "
                    "remove it, or give the field the type that it is meant for"
                )
            ],
            id="length of list",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {type: int, minimum: low, maximum: 99999999999999999999999999999999999999}\n",
            [
                (
                    "demo/ping.yaml:6:27: `low` is not a whole number of 32 bits "
                    "[constraint-value] -- the field is of type `int`"
                ),
                (
                    "demo/ping.yaml:6:41: `99999999999999999999999999999999999999` "
                    "is not a whole number of 32 bits [constraint-value] -- give "
                    "the field the type `decimal`, which holds it"
                ),
            ],
            id="bad limit",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {type: date, minimum: 2026-02-30}\n  B: {type: dateTime, maximum: '2026-01-31T25:00:00'}\n",
            [
                (
                    "demo/ping.yaml:6:28: `2026-02-30` is not a date such as "
                    "2026-01-31 [constraint-value] -- the field is of type `date`"
                ),
                (
                    "demo/ping.yaml:7:32: `2026-01-31T25:00:00` is not a date and "
                    "time such as 2026-01-31T12:00:00Z [constraint-value] -- the "
                    "field is of type `dateTime`"
                ),
            ],
            id="bad date limit",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {type: base64, allowed: [YQ==, a]}\n  B: {type: boolean, allowed: {values: [yes]}}\n",
            [
                (
                    "demo/ping.yaml:6:21: `allowed` does not apply to type "
                    "`base64` [constraint-not-applicable] -- remove it, or give "
                    "the field the type that it is meant for"
                ),
                (
                    "demo/ping.yaml:7:22: `allowed` does not apply to type "
                    "`boolean` [constraint-not-applicable] -- remove it, or give "
                    "the field the type that it is meant for"
                ),
            ],
            id="bad allowed",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: {type: int, minimum: {value: [1]}}\n",
            [
                (
                    "demo/ping.yaml:6:35: `request.A.minimum.value` must be a "
                    "number or a text, not a list [schema-value] -- for example: 1"
                )
            ],
            id="limit without value",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: string\n  B: string\nrules:\n  - {exclusive: [A, B], requires: [A, B]}\n  - {message: Nothing.}\n",
            [
                (
                    "demo/ping.yaml:9:25: the rule says `exclusive` and "
                    "`requires`; one is what it is about [rule-kind] -- name one "
                    "of `exclusive`, `exactly_one`, `at_least_one`, `requires`, "
                    "`choice`, `when`"
                ),
                (
                    "demo/ping.yaml:10:5: the rule does not say what it demands "
                    "[rule-kind] -- name one of `exclusive`, `exactly_one`, "
                    "`at_least_one`, `requires`, `choice`, `when`"
                ),
            ],
            id="rule of two kinds",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + "examples: [{title: one, request: {text: <a/>, file: a.xml, values: {}}}]\n",
            [
                (
                    "demo/ping.yaml:5:25: the document is given twice "
                    "[example-content] -- give either `file`, a path beside the "
                    "spec, or `text`, the document as a block"
                )
            ],
            id="document twice",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "examples: [{title: one, request: {values: {}}}]\n",
            [
                (
                    "demo/ping.yaml:5:25: the document is not given "
                    "[example-content] -- give either `file`, a path beside the "
                    "spec, or `text`, the document as a block"
                )
            ],
            id="document not given",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + "examples: [{title: one, request: {file: ../a.xml, values: {}}}]\n",
            [
                (
                    "demo/ping.yaml:5:41: `../a.xml` does not lie in the folder of "
                    "the spec [example-file] -- name a file in or below that "
                    "folder, with forward slashes and without `..`"
                )
            ],
            id="document outside",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + "examples: [{title: one, request: {file: a.xml, values: {}}}]\n",
            ["demo/ping.yaml:5:41: the file `a.xml` is not there [example-file]"],
            id="document not there",
        ),
        pytest.param(
            SERVICE
            + "authentication: {alternatives: {Login: {fields: {User: string}}}}\n",
            OPERATION
            + "examples: [{title: one, request: {text: <a/>, values: {}, auth: {Logn: {User: a}}}}]\n",
            [
                (
                    "demo/ping.yaml:5:66: the operation has no authentication `Logn` "
                    "[value-unknown-member] -- did you mean `Login`?"
                )
            ],
            id="authentication unknown",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + "examples: [{title: one, request: {text: <a/>, values: {}, auth: {Login: {User: a}}}}]\n",
            [
                (
                    "demo/ping.yaml:5:66: the operation has no authentication "
                    "`Login` [value-unknown-member]"
                )
            ],
            id="authentication of none",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + "examples: [{title: one, request: {text: <a/>, values: {}, auth: {}}}]\n",
            [
                (
                    "demo/ping.yaml:5:65: `examples.0.request.auth` needs at least "
                    "1 entry [schema-value] -- for example: "
                    '{"Session": {"SessionKey": "xyzabc123"}}'
                )
            ],
            id="authentication empty",
        ),
        pytest.param(
            SERVICE + KNOWN,
            OPERATION
            + ALLF
            + V
            + "        S: [a]\n        B: yes\n        I: 2147483648\n        L: 999999999999999999999999999999999999999999999999\n        D: 1e3\n        F: one\n        Y: 2026-02-30\n        M: 2026-02-30T00:00:00\n        X: a\n        T: 5\n        U: {A: 1}\n        P: 5\n        Q: 5\n",
            [
                (
                    "demo/ping.yaml:16:6: there is no type `Unknown` "
                    "[type-unknown] -- did you mean `Known`?"
                ),
                (
                    "demo/ping.yaml:23:12: this is not a text [value-type] -- type "
                    "in what the document says, in the form of the field's type"
                ),
                (
                    "demo/ping.yaml:24:12: `yes` is not true or false [value-type] "
                    "-- write `true`"
                ),
                (
                    "demo/ping.yaml:25:12: `2147483648` is not a whole number of "
                    "32 bits [value-type] -- give the field the type `long`, "
                    "which holds it"
                ),
                (
                    "demo/ping.yaml:26:12: "
                    "`999999999999999999999999999999999999999999999999` is not a "
                    "whole number of 64 bits [value-type] -- give the field the "
                    "type `decimal`, which holds it"
                ),
                (
                    "demo/ping.yaml:27:12: `1e3` is not a decimal number without "
                    "exponent [value-type] -- type in what the document says, in "
                    "the form of the field's type"
                ),
                (
                    "demo/ping.yaml:28:12: `one` is not a number [value-type] -- "
                    "type in what the document says, in the form of the field's "
                    "type"
                ),
                (
                    "demo/ping.yaml:29:12: `2026-02-30` is not a date such as "
                    "2026-01-31 [value-type] -- type in what the document says, in "
                    "the form of the field's type"
                ),
                (
                    "demo/ping.yaml:30:12: `2026-02-30T00:00:00` is not a date and "
                    "time such as 2026-01-31T12:00:00Z [value-type] -- type in "
                    "what the document says, in the form of the field's type"
                ),
                (
                    "demo/ping.yaml:31:12: `a` is not base64 [value-type] -- type "
                    "in what the document says, in the form of the field's type"
                ),
                (
                    "demo/ping.yaml:32:12: `5` is not a mapping from wire names to "
                    "values [value-type] -- type in what the document says, in the "
                    "form of the field's type"
                ),
                (
                    "demo/ping.yaml:34:12: `5` is not a list [value-type] -- write "
                    "`[5]`, a list of the items"
                ),
                (
                    "demo/ping.yaml:35:9: there is no member `Q` "
                    "[value-unknown-member] -- known: `B`, `D`, `F`, `I`, `L`, "
                    "`M`, `P`, `S`, `T`, `U`, `X`, `Y`"
                ),
            ],
            id="values",
        ),
        pytest.param(
            SERVICE + KNOWN,
            OPERATION
            + ALLF
            + V
            + "        S:\n        I: 1.0\n        L: {}\n        Y: 31.01.2026\n        M: 2026-01-31\n        T: {B: 1, A: x}\n        P: [1, null, x, ~]\n",
            [
                (
                    "demo/ping.yaml:16:6: there is no type `Unknown` "
                    "[type-unknown] -- did you mean `Known`?"
                ),
                (
                    "demo/ping.yaml:23:11: a value is missing here [value-empty] "
                    '-- write "" for an empty element, null for one marked as nil, '
                    "or leave the member out"
                ),
                (
                    "demo/ping.yaml:24:12: `1.0` is not a whole number of 32 bits "
                    "[value-type] -- type in what the document says, in the form "
                    "of the field's type"
                ),
                (
                    "demo/ping.yaml:25:12: this is not a whole number of 64 bits "
                    "[value-type] -- type in what the document says, in the form "
                    "of the field's type"
                ),
                (
                    "demo/ping.yaml:26:12: `31.01.2026` is not a date such as "
                    "2026-01-31 [value-type] -- type in what the document says, in "
                    "the form of the field's type"
                ),
                (
                    "demo/ping.yaml:27:12: `2026-01-31` is not a date and time "
                    "such as 2026-01-31T12:00:00Z [value-type] -- write it with the "
                    "time: `2026-01-31T00:00:00`; or give the field the type `date`"
                ),
                (
                    "demo/ping.yaml:28:13: there is no member `B` "
                    "[value-unknown-member] -- known: `A`"
                ),
                (
                    "demo/ping.yaml:28:22: `x` is not a whole number of 32 bits "
                    "[value-type] -- type in what the document says, in the form "
                    "of the field's type"
                ),
                (
                    "demo/ping.yaml:29:16: `null` is not an item: no service of "
                    "this family sends one that is nil [value-type] -- type in "
                    "what the document says, in the form of the field's type"
                ),
                (
                    "demo/ping.yaml:29:22: `x` is not a whole number of 32 bits "
                    "[value-type] -- type in what the document says, in the form "
                    "of the field's type"
                ),
                (
                    "demo/ping.yaml:29:25: `~` is not an item: no service of this "
                    "family sends one that is nil [value-type] -- type in what the "
                    "document says, in the form of the field's type"
                ),
            ],
            id="more values",
        ),
        pytest.param(
            SERVICE + KNOWN,
            OPERATION
            + ALLF
            + V
            + "        S: ''\n        B: false\n        I: -2147483648\n        L: 9223372036854775807\n        D: 1.\n        F: -INF\n        Y: 2026-01-31\n        M: 2026-01-31T00:00:00Z\n        X: YQ==\n        T: {A: 1}\n        P: []\n",
            [
                (
                    "demo/ping.yaml:16:6: there is no type `Unknown` "
                    "[type-unknown] -- did you mean `Known`?"
                ),
                (
                    "demo/ping.yaml:21:13: `Request` is missing in `a` "
                    "[example-protocol] -- where no such element is documented, "
                    "write `protocol: {request: none}`"
                ),
                (
                    "demo/ping.yaml:21:13: `a` stands where the protocol has "
                    "`Ping` [example-protocol] -- correct the document or "
                    "`protocol`, whichever differs from the page"
                ),
            ],
            id="good values",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {type: string, pattern: '(ab){2,}[^cd]', length: [1, 2]}\n  B: {type: base64, allowed: [YQ==, YQ==]}\n  C: {type: date, allowed: [2026-01-01, 2026-01-01]}\n  D: {type: int, allowed: [1, 1]}\n",
            [
                (
                    "demo/ping.yaml:6:21: no text that matches `(ab){2,}[^cd]` has "
                    "the length that is asked for [constraint-pattern-length] -- "
                    "correct one of the two, or remove `length`"
                ),
                (
                    "demo/ping.yaml:7:21: `allowed` does not apply to type "
                    "`base64` [constraint-not-applicable] -- remove it, or give "
                    "the field the type that it is meant for"
                ),
                (
                    "demo/ping.yaml:8:19: `allowed` does not apply to type `date` "
                    "[constraint-not-applicable] -- remove it, or give the field "
                    "the type that it is meant for"
                ),
                (
                    "demo/ping.yaml:9:18: `1` is listed more than once "
                    "[constraint-allowed-repeated] -- list each allowed value once"
                ),
            ],
            id="fitting limits",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace("operation: Ping", "operation: My Ping"),
            [
                "demo/ping.yaml:2:12: `My Ping` cannot be the name of an operation [wire-name-invalid] -- write the name as the documentation spells it, without a prefix, blanks or brackets: perhaps `MyPing`, if a sample document agrees"
            ],
            id="operation name",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "protocol: {wrapper: 'a:b', request: 'x {y}'}\n",
            [
                "demo/ping.yaml:5:11: `request` has a brace that is no placeholder: `x {y}` [protocol-placeholder] -- write `{operation}` for the wire name; there is no other placeholder",
                "demo/ping.yaml:5:11: `a:b` cannot be the name of the element `wrapper` [wire-name-invalid] -- write the name as the documentation spells it, without a prefix, blanks or brackets: perhaps `b`, if a sample document agrees",
            ],
            id="operation with prefix",
        ),
        pytest.param(
            SERVICE.replace("/api,", "/{operation}/{host},").replace(
                "endpoint: https://example.com/{operation}/{host},",
                "endpoint: 'https://example.com/{operation}/{host}',",
            ),
            OPERATION,
            [
                (
                    "demo/service.yaml:6:11: `endpoint` has a brace that is no "
                    "placeholder: `https://example.com/Ping/{host}` "
                    "[protocol-placeholder] -- write `{operation}` for the wire "
                    "name; there is no other placeholder"
                )
            ],
            id="endpoint with brace",
        ),
    ],
)
def test_mistake_is_told_where_it_stands(
    service: str,
    operation: str,
    expected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever reads the sentence at that place knows what to correct."""
    monkeypatch.chdir(tmp_path)
    assert said(tmp_path, service, operation) == expected


# Files that are none


def test_spec_that_leads_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a link out of the folder leads to is not read, and neither is a circle of links."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.yaml").write_text("operation: Secret\n", "utf-8")
    demo = tmp_path / "demo"
    demo.mkdir()
    (demo / "service.yaml").write_text(SERVICE, "utf-8")
    (demo / "out.yaml").symlink_to("../secret.yaml")
    (demo / "round.yaml").symlink_to("round.yaml")
    report = Report()
    compile_service(demo, report)
    outside = "the name of a spec is a link that leads out of the service's folder"
    assert [
        f"{each.span}: {each.message}"
        for each in report.diagnostics
        if each.rule not in SHORTENED
    ] == [
        f"demo/out.yaml:1:1: {outside}",
        "demo/round.yaml:1:1: cannot read the file: Too many levels of symbolic links",
    ]


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("pipe", "cannot be read: It is not a file"),
        ("large", "is larger than 4 MiB"),
    ],
)
def test_document_that_cannot_be_one_is_refused(
    kind: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that would be read for ever, or for long, is told beside its name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "demo").mkdir()
    file = tmp_path / "demo" / "a.xml"
    if kind == "pipe":
        os.mkfifo(file)
    else:
        file.write_bytes(b" " * (4 * 2**20 + 1))
    operation = (
        OPERATION + "examples: [{title: one, request: {file: a.xml, values: {}}}]\n"
    )
    assert said(tmp_path, SERVICE, operation) == [
        f"demo/ping.yaml:5:41: the file `a.xml` {problem} [example-file]"
    ]


# The parts of the language that the model alone can tell


def misread(folder: Path, service: str, operation: str) -> list[str]:
    """Return what the decoder alone says about a service of one operation."""
    return [
        f"{each.span}: {each.message} [{each.rule}]"
        for each in decoded(folder, service, operation)[1].diagnostics
    ]


def decoded(folder: Path, service: str, operation: str) -> tuple[Service, Report]:
    """Return the model of a service of one operation, with what was wrong."""
    demo = folder / "demo"
    demo.mkdir()
    (demo / "service.yaml").write_text(SERVICE + service, "utf-8")
    (demo / "ping.yaml").write_text(OPERATION + operation, "utf-8")
    report = Report()
    found = decode_service(demo, "demo", report)
    assert found is not None
    return found, report


TYPES = "types: {K: {fields: {A: int, B: int}}, E: {values: [X, Y]}}\n"


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        pytest.param(
            "types: {K: {doc: A type.}}\n",
            "",
            ["demo/service.yaml:7:9: type `K` does not say what it is [type-kind]"],
            id="type without kind",
        ),
        pytest.param(
            "types: {K: {fields: {A: int}, open: true}}\n",
            "",
            [
                "demo/service.yaml:7:31: `open` does not apply to a structure [constraint-not-applicable]"
            ],
            id="open structure",
        ),
        pytest.param(
            "types: {E: {values: [X], rules: []}}\n",
            "",
            [
                "demo/service.yaml:7:26: `rules` does not apply to an enumeration [constraint-not-applicable]"
            ],
            id="enumeration with rules",
        ),
        pytest.param(
            "",
            "request: {A: {values: [X], length: 1}}\n",
            [
                "demo/ping.yaml:5:28: `length` does not apply to an enumeration [constraint-not-applicable]"
            ],
            id="constraint of enumeration",
        ),
        pytest.param(
            TYPES,
            "request: {A: {type: E, open: true}, B: {type: string, open: true}}\n",
            [
                "demo/ping.yaml:5:24: `open` does not apply to a named type [constraint-not-applicable]",
                "demo/ping.yaml:5:55: `open` does not apply to a named type [constraint-not-applicable]",
            ],
            id="open type",
        ),
        pytest.param(
            "",
            "request: {A: {list: {X: int}, of: int}}\n",
            [
                "demo/ping.yaml:5:31: `of` does not apply to a list that names the type of each child [constraint-not-applicable]"
            ],
            id="mixed list with of",
        ),
        pytest.param(
            "",
            "request: {A: {list: X, of: int, constant: 5}}\n",
            [
                "demo/ping.yaml:5:33: `constant` does not apply to anything but a single value [constraint-not-applicable]"
            ],
            id="constant list",
        ),
        pytest.param(
            "",
            "request: {A: {type: int, constant: five}, B: {constant: 5}}\n",
            [
                "demo/ping.yaml:5:36: `five` is not a whole number of 32 bits [constraint-value]"
            ],
            id="constant of another type",
        ),
        pytest.param(
            TYPES,
            "request: {A: {type: int, members: {B: required}}, B: {type: E, members: {B: required}}, C: {fields: {}, members: {B: required}}}\n",
            [
                "demo/ping.yaml:5:26: `members` does not apply to type `int` [constraint-not-applicable]",
                "demo/ping.yaml:5:64: `members` does not apply to an enumeration [constraint-not-applicable]",
                "demo/ping.yaml:5:105: `members` does not apply to a structure [constraint-not-applicable]",
            ],
            id="members of others",
        ),
        pytest.param(
            TYPES,
            "request: {A: {type: U, members: {B: required}}}\n",
            [],
            id="members of an unknown type",
        ),
        pytest.param(
            TYPES,
            "request: {A: {type: K, members: {C: required}}}\n",
            [
                "demo/ping.yaml:5:34: the shared structure has no member `C` [members-unknown]"
            ],
            id="unknown member of a use",
        ),
        pytest.param(
            "types: {K: {fields: {A: {type: K, members: {A: required}}}}}\n",
            "",
            [
                "demo/service.yaml:7:35: `K` cannot say how its members differ inside itself [members-recursive]"
            ],
            id="use inside itself",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int, C: {list: I, of: int}}\nrules:\n  - {choice: A}\n",
            ["demo/ping.yaml:7:6: `choice` alone demands nothing [rule-kind]"],
            id="choice without blocks",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {exclusive: [A, B], blocks: {A: x}}\n",
            [
                "demo/ping.yaml:7:25: `blocks` belongs to a rule with `choice` [rule-kind]"
            ],
            id="blocks without choice",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {member: A, given: true}}\n",
            ["demo/ping.yaml:7:6: `when` alone demands nothing [rule-kind]"],
            id="condition without demand",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {all: [{member: A, given: true}], not: {member: B, given: true}}, require: [B]}\n",
            [
                "demo/ping.yaml:7:46: the condition has `all` and `not` of `all`, `any`, `not` and `member` [condition-kind]"
            ],
            id="two connectives",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {given: true}, require: [B]}\n",
            [
                "demo/ping.yaml:7:12: the condition has none of `all`, `any`, `not` and `member` [condition-kind]"
            ],
            id="no connective",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {member: B, above: 1, below: 5}, require: [A]}\n",
            [
                "demo/ping.yaml:7:34: the condition asks `above` and `below` of `B` [condition-kind]"
            ],
            id="two tests",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {any: [{not: {member: B}}]}, require: [A]}\n",
            ["demo/ping.yaml:7:34: the condition asks nothing of `B` [condition-kind]"],
            id="no test",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {member: A, above: 1}, require: [B]}\n",
            [
                "demo/ping.yaml:7:24: `A` has no value that could be compared like this with `above` [condition-not-applicable]"
            ],
            id="limit of a text",
        ),
        pytest.param(
            "",
            "request: {A: string, C: {list: I, of: int}}\nrules:\n  - {when: {member: C, is: 5}, require: [A]}\n",
            [
                "demo/ping.yaml:7:28: `C` has no value that could be compared like this with `is` [condition-not-applicable]"
            ],
            id="value of a list",
        ),
        pytest.param(
            "",
            "request: {A: string, C: {list: I, of: int}}\nrules:\n  - {choice: C, blocks: {A: x}}\n",
            [
                "demo/ping.yaml:7:29: `C` has no value that could be compared like this with `is` [condition-not-applicable]"
            ],
            id="choice by a list",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {member: B, is: [1, two]}, require: [A]}\n  - {choice: B, blocks: {A: one}}\n",
            [
                "demo/ping.yaml:7:32: `two` is not a whole number of 32 bits [constraint-value]",
                "demo/ping.yaml:8:29: `one` is not a whole number of 32 bits [constraint-value]",
            ],
            id="value of another type",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nrules:\n  - {when: {member: Z, above: 5}, require: [A]}\n",
            [],
            id="test of an unknown member",
        ),
        pytest.param(
            "authentication: {alternatives: {Login: {fields: {User: string}}}}\n",
            "authentication: [Login, Logn]\n",
            [
                "demo/ping.yaml:5:25: the service has no authentication `Logn` [authentication-unknown]"
            ],
            id="no such authentication",
        ),
        pytest.param(
            "",
            "authentication: [Login]\n",
            [
                "demo/ping.yaml:5:18: the service has no authentication `Login` [authentication-unknown]"
            ],
            id="authentication of a service without",
        ),
        pytest.param(
            "",
            "authentication: none\n",
            [],
            id="no authentication of a service without",
        ),
        pytest.param(
            "",
            "request: {A: {constant: x}}\nexamples: [{title: one, request: {text: <a/>, values: {A: x}}}]\n",
            [
                "demo/ping.yaml:6:56: `A` is a constant, so no value is given for it [value-unknown-member]"
            ],
            id="constant among values",
        ),
        pytest.param(
            "",
            "request: {A: {list: {X: int, Y: string}}}\nexamples: [{title: one, request: {text: <a/>, values: {A: [5, {X: 1, Y: a}, {Z: 1}, {X: null}, {X: a}]}}}]\n",
            [
                "demo/ping.yaml:6:60: `5` is not a mapping of one wire name to its value [value-type]",
                "demo/ping.yaml:6:63: this is not a mapping of one wire name to its value [value-type]",
                "demo/ping.yaml:6:78: there is no member `Z` [value-unknown-member]",
                "demo/ping.yaml:6:89: `null` is not an item: no service of this family sends one that is nil [value-type]",
                "demo/ping.yaml:6:100: `a` is not a whole number of 32 bits [value-type]",
            ],
            id="items of a mixed list",
        ),
        pytest.param(
            "",
            "request: {A: {list: X, of: int}}\nexamples: [{title: one, request: {text: <a/>, values: {A: [null]}}}]\n",
            [
                "demo/ping.yaml:6:60: `null` is not an item: no service of this family sends one that is nil [value-type]"
            ],
            id="nil in a list",
        ),
        pytest.param(
            "",
            "request: {A: {values: [X, Y]}}\nexamples: [{title: one, request: {text: <a/>, values: {A: [X]}}}]\n",
            ["demo/ping.yaml:6:59: this is not a text [value-type]"],
            id="value of an enumeration",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: A, member: B, is: 1}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:35: the condition has `items` and `member` [condition-kind]",
            ],
            id="items beside a member",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: A, unlike: x, in: known}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:46: the condition asks `unlike` and `in` of the items of `A` [condition-kind]",
            ],
            id="two tests of items",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: A, count: 1}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:32: the condition asks nothing of the items of `A` [condition-kind]",
            ],
            id="no test of items",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: A, unlike: [x]}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:43: `examples.0.when.unlike` must be a text, not a list [schema-value]",
            ],
            id="test of items of the wrong kind",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: [A], unlike: x}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:32: `examples.0.when.items` must be a text, not a list [schema-value]",
            ],
            id="items of the wrong kind",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {member: A, in: known}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:36: `in` belongs to a test of `items` [condition-kind]",
            ],
            id="test of items of a member",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {member: A, is: x, source: {page: manual}}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:43: `source` belongs to a test of `items` [condition-kind]",
            ],
            id="source of a condition",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {all: [{items: A, unlike: x}, {member: A, is: x}]}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:32: key `items` is not known in `examples.0.when.all.0` [schema-unknown-key]",
                "demo/ping.yaml:7:42: key `unlike` is not known in `examples.0.when.all.0` [schema-unknown-key]",
            ],
            id="items inside a condition",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {member: A, above: 1}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:36: `A` has no value that could be compared like this with `above` [condition-not-applicable]",
            ],
            id="limit of a text in the condition of an answer",
        ),
        pytest.param(
            "",
            "request: {A: string, B: int}\nexamples:\n  - {title: one, when: {items: A, unlike: x, count: [1]}, response: {text: <a/>, values: {}}}\n",
            [
                "demo/ping.yaml:7:53: `examples.0.when.count` needs at least 2 entries [schema-value]",
            ],
            id="half a count",
        ),
    ],
)
def test_misuse_of_the_language_is_told_where_it_stands(
    service: str, operation: str, expected: list[str], tmp_path: Path
) -> None:
    """What cannot become part of the model is named, and nothing else is."""
    assert misread(tmp_path, service, operation) == expected


SHARED = """\
types:
  Line:
    fields: {A: string, B: string, C: string, D: string}
    rules:
      - exclusive: [A, B]
      - at_least_one: [A, B, C]
      - requires: [A, B]
      - requires: [B, A]
      - {choice: C, blocks: {A: x, B: y}}
      - {choice: C, blocks: {A: x}}
      - {when: {member: C, given: false}, prohibit: [A, B]}
      - {when: {member: C, given: true}, prohibit: [A]}
      - {when: {member: C, is: x}, require: [D]}
      - {when: {all: [{member: A, is: x}, {member: C, is: y}]}, require: [D]}
      - {when: {any: [{member: A, is: x}, {member: A, is: y}]}, require: [D]}
      - {when: {any: [{member: A, is: x}, {member: C, is: y}]}, require: [D]}
      - {when: {not: {member: A, is: x}}, require: [D]}
"""


def test_use_without_a_member_keeps_the_rules_that_make_sense(tmp_path: Path) -> None:
    """Where a member is prohibited, rules go on without it, or not at all."""
    service, report = decoded(
        tmp_path,
        SHARED,
        "request: {Line: {type: Line, members: {A: prohibited, B: {doc: Other., when: Often., presence: conditional}}}}\n",
    )
    assert not report.diagnostics
    kind = service.operations[0].request.fields[0].type
    assert isinstance(kind, InlineType)
    assert kind.derived_from == "Line"
    first, second, third, _ = kind.structure.fields
    assert first.presence is Presence.PROHIBITED
    assert (second.presence, second.condition, second.doc) == (
        Presence.CONDITIONAL,
        "Often.",
        "Other.",
    )
    assert third.presence is Presence.OPTIONAL
    assert [
        [member.name for member in rule.members] for rule in kind.structure.rules
    ] == [
        ["B", "C"],
        ["B", "A"],
        ["C", "B"],
        ["C", "B"],
        ["C", "D"],
        ["A", "C", "D"],
        ["A", "D"],
    ]


def test_use_that_requires_a_member_drops_what_is_met_by_it(tmp_path: Path) -> None:
    """Where a member is required, no rule demands it again; what cannot be kept stays to be told."""
    service, report = decoded(
        tmp_path,
        SHARED.replace("require: [D]", "require: [D, B]"),
        "request: {Line: {type: Line, members: {B: required}}, Other: {type: Line, members: {D: required, B: required}}}\n",
    )
    assert not report.diagnostics
    met: list[list[str]] = []
    for member in service.operations[0].request.fields:
        assert isinstance(member.type, InlineType)
        rules = member.type.structure.rules
        met.append(["".join(each.name for each in rule.members) for rule in rules])
    kept = ["AB", "BA", "CAB", "CA", "CAB", "CA"]
    assert met == [[*kept, "CD", "ACD", "AAD", "ACD", "AD"], kept]


def test_shared_enumeration_is_one_type_wherever_it_is_named(tmp_path: Path) -> None:
    """The values, their meanings and sources stand in the model once."""
    service, report = decoded(
        tmp_path,
        "types: {E: {values: {X: One., Y: {name: WHY, doc: Two., source: {page: manual}}}, open: true}}\n",
        "request: {A: {type: E, constant: X}, B: {list: I, of: E}}\n",
    )
    assert not report.diagnostics
    (named,) = service.enumerations
    assert service.enumeration("E") is named
    assert named.enumeration.is_open
    assert [
        (each.text, each.python_name, each.doc, each.source is None)
        for each in named.enumeration.values
    ] == [("X", "", "One.", True), ("Y", "WHY", "Two.", False)]
    constant = service.operations[0].request.fields[0]
    assert constant.constant == "X"
    assert constant.type == EnumerationType(
        enumeration=named.enumeration, shared_name="E", span=constant.span
    )


ANSWERED = """\
idempotent: {value: true, source: {page: manual, basis: inferred}}
request: {Name: string, TNs: {list: TN, of: string}, Limit: int}
examples:
  - {title: a, when: {items: TNs, unlike: x}, response: {text: <a/>, values: {}}}
  - {title: b, when: {items: TNs, in: known, count: 2}, response: {text: <a/>, values: {}}}
  - {title: c, when: {items: Name, not_in: known, count: [0, 3]}, response: {text: <a/>, values: {}}}
  - {title: d, when: {items: TNs, in: known, count: {max: 0}}, response: {text: <a/>, values: {}}}
  - {title: e, when: {items: TNs, in: known, count: {max: 4}}, response: {text: <a/>, values: {}}}
  - title: f
    when: {not: {member: Limit, below: 5}}
    adds: {known: TNs, other: Name}
    removes: {known: Name}
    response: {text: <a/>, values: {}}
"""
KEPT = """\
authentication:
  alternatives: {Login: {fields: {A: string}}, Session: {fields: {Key: string}}}
  session: {alternative: Session, members: {Key: Header/Key}, source: {page: manual}}
errors:
  Refused: {code: E1, doc: Refused., when: invalid_request}
  Unknown: {code: E2, doc: Unknown., cases: {Who: {doc: Who., when: refused_authentication, messages: [a]}}}
memory: {known: {doc: What is known., source: {page: manual}}, other: {doc: Others.}}
"""


def test_facts_about_answers_reach_the_model(tmp_path: Path) -> None:
    """When an answer is given, and what is kept then, is decoded as it is written."""
    [operation] = decoded(tmp_path, KEPT, ANSWERED)[0].operations
    tests = [each.when for each in operation.examples]
    counted = [
        (each.member.name, each.unlike, each.within, each.outside)
        for each in tests
        if isinstance(each, ItemsTest)
    ]
    assert counted == [
        ("TNs", "x", "", ""),
        ("TNs", "", "known", ""),
        ("Name", "", "", "known"),
        ("TNs", "", "known", ""),
        ("TNs", "", "known", ""),
    ]
    assert [
        (each.minimum, each.maximum) for each in tests if isinstance(each, ItemsTest)
    ] == [(1, None), (2, 2), (0, 3), (0, 0), (1, 4)]
    match tests[-1]:
        case Not(condition=Comparison(relation=relation, values=values)):
            assert (relation, values) == (Relation.BELOW, (5,))
        case other:
            raise AssertionError(other)
    assert [
        (each.memory, each.member.name, each.is_removal)
        for each in operation.examples[-1].effects
    ] == [("known", "TNs", False), ("other", "Name", False), ("known", "Name", True)]


def test_facts_about_a_service_reach_the_model(tmp_path: Path) -> None:
    """Memory, occasions, sessions and idempotence are decoded with their sources."""
    service, report = decoded(tmp_path, KEPT, ANSWERED)
    assert not report.diagnostics
    [operation] = service.operations
    assert operation.is_idempotent
    assert operation.idempotence_source is not None
    assert operation.idempotence_source.basis is Basis.INFERRED
    assert service.authentication is not None
    session = service.authentication.session
    assert session is not None
    assert session.alternative == "Session"
    assert [(name, str(path)) for name, path in session.members] == [
        ("Key", "Header/Key")
    ]
    assert session.source is not None
    assert [(each.name, each.doc, each.source is None) for each in service.memory] == [
        ("known", "What is known.", False),
        ("other", "Others.", True),
    ]
    refused, unknown = service.errors
    assert refused.occasion is Occasion.INVALID_REQUEST
    assert unknown.occasion is None
    assert unknown.cases[0].occasion is Occasion.REFUSED_AUTHENTICATION


@pytest.mark.parametrize(
    ("said_of_it", "expected"),
    [
        ("", False),
        ("idempotent: true\n", True),
        ("idempotent: false\n", False),
        ("idempotent: {value: true}\n", True),
        ("idempotent: {value: false, source: {page: manual}}\n", False),
    ],
)
def test_operation_is_idempotent_only_where_the_spec_says_so(
    said_of_it: str, expected: bool, tmp_path: Path
) -> None:
    """Nothing is sent a second time unless somebody wrote that this is harmless."""
    [operation] = decoded(tmp_path, "", said_of_it)[0].operations
    assert operation.is_idempotent is expected
