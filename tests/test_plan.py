"""Names that Python cannot take are refused, and told from where they come."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.pipeline import build_package, compile_service

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

# What the shortened specs of this module leave out on purpose.
SHORTENED = frozenset({"doc-missing", "example-missing", "page-unused", "type-unused"})


def said(folder: Path, service: str, operation: str) -> list[str]:
    """Return what all stages up to the plan say about a service of one operation."""
    demo = folder / "demo"
    demo.mkdir()
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
            SERVICE.replace("service: Demo", "service: demo"),
            OPERATION,
            [
                "demo/service.yaml:2:10: no package can be named after `demo`: it is not written like a class of Python [python-name-invalid] -- choose another name: `service: Demo`"
            ],
            id="package",
        ),
        pytest.param(
            SERVICE.replace("service: Demo", "service: ß"),
            OPERATION,
            [
                "demo/service.yaml:2:10: no package can be named after `ß`: it is not written like a class of Python [python-name-invalid] -- choose another name: `service: OwnService`"
            ],
            id="package without words",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace("operation: Ping", "operation: class"),
            [
                "demo/ping.yaml:2:12: no module can be named after `class`: it is a keyword of Python [python-name-invalid] -- give the operation a name of your own: `name: class_operation`"
            ],
            id="operation",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "name: _ping\n",
            [
                "demo/ping.yaml:2:12: no module can be named after `_ping`: a leading underscore would make it private [python-name-invalid] -- give the operation a name of your own: `name: ping_operation`"
            ],
            id="operation asked",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "name: errors\n",
            [
                "demo/ping.yaml:2:12: no module can be named after `errors`: it holds the exceptions of the package [python-name-collision] -- give the operation a name of your own: `name: errors_operation`"
            ],
            id="module of package",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {type: string, name: class}\n  B: {type: string, name: tuple}\n  C: {type: string, name: _c}\n  D: {type: string, name: größe}\n",
            [
                "demo/ping.yaml:6:3: `class` cannot be the Python name of `A`: it is a keyword of Python [python-name-invalid] -- give the member a name of your own: `name: class_value`",
                "demo/ping.yaml:7:3: `tuple` cannot be the Python name of `B`: it hides the type in the annotations that follow it [python-name-invalid] -- give the member a name of your own: `name: tuple_value`",
                "demo/ping.yaml:8:3: `_c` cannot be the Python name of `C`: a leading underscore would make it private [python-name-invalid] -- give the member a name of your own: `name: c`",
                "demo/ping.yaml:9:3: `größe` cannot be the Python name of `D`: it is not an identifier of ASCII letters [python-name-invalid] -- give the member a name of your own: `name: gro_e`",
            ],
            id="member keyword asked",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  _: string\n  ß: string\n",
            [
                "demo/ping.yaml:6:3: no Python name can be derived from `_` [python-name-invalid] -- give the member a name of your own: `name: value`",
                "demo/ping.yaml:7:3: no Python name can be derived from `ß` [python-name-invalid] -- give the member a name of your own: `name: value_2`",
            ],
            id="member without name",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {fields: {ß: {type: string, as: attribute}, T: {type: string, as: text, name: class}}}\n",
            [
                "demo/ping.yaml:6:16: no Python name can be derived from `ß` [python-name-invalid] -- give the member a name of your own: `name: value`",
                "demo/ping.yaml:6:50: `class` cannot be the Python name of `T`: it is a keyword of Python [python-name-invalid] -- give the member a name of your own: `name: class_value`",
            ],
            id="attribute and text",
        ),
        pytest.param(
            SERVICE
            + "authentication: {alternatives: {Login: {fields: {User: string}}, Ticket: {fields: {N: string}}}, session: {alternative: Ticket, members: {N: [a]}}}\n",
            OPERATION + "response: {N: string}\n",
            [
                "demo/service.yaml:7:142: `authentication.session.members.N` must be a text, not a list [schema-value]"
            ],
            id="session of nothing",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  ToNumber: string\n  To_Number: string\n",
            [
                (
                    "demo/ping.yaml:7:3: `To_Number` and `ToNumber` would both be "
                    "`to_number` in Python [python-name-collision] -- give one of "
                    "them another name: `name: to_number_2`, or better a word that "
                    "tells them apart"
                )
            ],
            id="members collide",
        ),
        pytest.param(
            SERVICE,
            OPERATION + "response: {Repaired: string}\n",
            [
                (
                    "demo/ping.yaml:5:12: `Repaired` would be `repaired` in "
                    "Python, which every answer has already "
                    "[python-name-collision] -- give the member another name: "
                    "`name: repaired_value`"
                )
            ],
            id="answer member taken",
        ),
        pytest.param(
            SERVICE,
            OPERATION
            + R
            + "  A: {fields: {B_C: {fields: {X: string}}}}\n  A_B: {fields: {C: {fields: {X: string}}}}\n",
            [
                "demo/ping.yaml:7:18: the package has a class `PingRequestABC` already [python-name-collision] -- give the member another name: `name: c_2`"
            ],
            id="structures collide",
        ),
        pytest.param(
            SERVICE + "authentication: {alternatives: {none: {fields: {X: string}}}}\n",
            OPERATION,
            [
                "demo/service.yaml:7:33: no class can be named after `none`: Python has one built in [python-name-invalid] -- give it a name in Python: `name: DemoNone`"
            ],
            id="structure without class",
        ),
        pytest.param(
            SERVICE + "types: {PingRequest: {fields: {X: string}}}\n",
            OPERATION + "request: {A: PingRequest}\n",
            [
                "demo/ping.yaml:2:12: the package has a class `PingRequest` already [python-name-collision] -- give one of them another name: `name: ping_2`, or better a word that tells them apart"
            ],
            id="type like operation",
        ),
        pytest.param(
            SERVICE
            + "outcome: {success: Ok, code: Code, message: Message}\nresponse: {Ok: {type: boolean, required: true}, Code: string, Message: string}\nerrors: {gone: {doc: Gone., code: E1}, ApiError: {doc: Refused., code: E2}, Lost: {doc: Lost., code: E3, cases: {Lost: {doc: Lost., messages: [lost]}}}}\n",
            OPERATION,
            [
                "demo/service.yaml:9:10: no class can be named after `gone`: it is not written like a class of Python [python-name-invalid] -- call it `Gone`",
                "demo/service.yaml:9:40: no class can be named after `ApiError`: it is the exception for a failure that an answer reports [python-name-collision] -- call it `DemoApiError`",
                "demo/service.yaml:9:114: the package has a class `Lost` already [python-name-collision] -- call it `DemoLost`",
            ],
            id="errors",
        ),
        pytest.param(
            SERVICE.replace("service: Demo", "service: Api"),
            OPERATION,
            [
                (
                    "demo/service.yaml:2:10: no package can be named after `Api`: its "
                    "exceptions would have the base `ApiError`, but it is the exception for a "
                    "failure that an answer reports [python-name-invalid] -- "
                    "choose another name: `service: ApiService`"
                )
            ],
            id="base of all errors",
        ),
        pytest.param(
            SERVICE,
            OPERATION + R + "  A: string\nrules: [{exclusive: [X, Y]}]\n",
            [
                (
                    "demo/ping.yaml:7:22: there is no member `X` "
                    "[rule-member-unknown] -- known: `A`"
                ),
                (
                    "demo/ping.yaml:7:25: there is no member `Y` "
                    "[rule-member-unknown] -- known: `A`"
                ),
            ],
            id="defects of rules",
        ),
        pytest.param(
            SERVICE,
            OPERATION.replace(
                "Ask for an answer.", "Ask " + "very " * 30 + "long for an answer."
            ),
            [],
            id="long summary",
        ),
        pytest.param(SERVICE, OPERATION + "response: {}\n", [], id="unused"),
    ],
)
def test_name_that_python_cannot_take_is_refused(
    service: str,
    operation: str,
    expected: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No name is bent in silence, and none is taken twice."""
    monkeypatch.chdir(tmp_path)
    assert said(tmp_path, service, operation) == expected


def test_a_long_first_sentence_becomes_a_paragraph(tmp_path: Path) -> None:
    """What does not fit on the first line of a class's docstring stands below it, and nothing is lost."""
    long = f"Tells {'very ' * 20}much about one of these."
    demo = tmp_path / "demo"
    demo.mkdir()
    types = "types: {K: {values: [a], doc: LONG And more.}, S: {fields: {A: K}, doc: LONG And more.}}\n"
    (demo / "service.yaml").write_text(SERVICE + types.replace("LONG", long), "utf-8")
    (demo / "ping.yaml").write_text(OPERATION + "request: {A: K, B: S}\n", "utf-8")
    package = build_package(demo, Report())
    assert package is not None
    module = ast.parse(package.files["types.py"])
    found = {
        each.name: (ast.get_docstring(each) or "").split("\n\n")[:2]
        for each in module.body
        if isinstance(each, ast.ClassDef)
    }
    assert {name: " ".join(text.split()) for name, (_, text) in found.items()} == {
        "K": f"{long} And more.",
        "S": f"{long} And more.",
    }
    assert found["K"][0] == "Values of `K`."
    assert found["S"][0] == "Members of `S`."
