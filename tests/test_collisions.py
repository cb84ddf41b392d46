"""What cannot stand side by side in one package, or in one folder, is told before anything is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from soapstone.diagnostics import Diagnostic, Report
from soapstone.naming import RESERVED_CLASSES, RESERVED_MODULES
from soapstone.pipeline import build_package, compile_service

SERVICE = """\
soapstone: 1
service: Demo
title: Demo
pages: {guide: {title: Guide, url: "https://example.com", retrieved: 2026-01-31}}
protocol: {endpoint: "https://example.com", namespace: "urn:demo"}
"""
OPERATION = """\
soapstone: 1
operation: NAME
summary: Do something.
source: {page: guide}
"""


def told(folder: Path, files: dict[str, str]) -> list[str]:
    """Return the errors that a service with some operation files gives."""
    (folder / "service.yaml").write_text(SERVICE, encoding="utf-8")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    report = Report()
    compile_service(folder, report)
    return [
        f"{Path(each.span.path).name}:{each.span.line}:{each.span.column}: {each.message} [{each.rule}]"
        for each in report.diagnostics
        if each.severity.value == "error"
    ]


def test_two_operations_of_one_module(tmp_path: Path) -> None:
    """Two wire names that are one name in Python are told apart by the spec, or refused."""
    files = {
        "a.yaml": OPERATION.replace("NAME", "Get_Line"),
        "b.yaml": OPERATION.replace("NAME", "GetLine"),
    }
    assert (
        "b.yaml:2:12: two operations would both be the module `get_line` [python-name-collision]"
        in told(tmp_path, files)
    )


@pytest.mark.parametrize("name", ["a b.yaml", "é.yaml", "a;b.yaml"])
def test_a_file_with_an_odd_name(tmp_path: Path, name: str) -> None:
    """The name of a spec stands in generated comments, so it is plain."""
    shown = name.encode("ascii", "backslashreplace").decode()
    files = {"a.yaml": OPERATION.replace("NAME", "Ping"), name: OPERATION}
    assert told(tmp_path, files) == [
        f"{shown}:1:1: the name of a spec has other characters than letters, digits, `_`, `-` and `.` [source-file-name]"
    ]


def test_a_rule_without_members(tmp_path: Path) -> None:
    """A rule whose members were all refused stops nothing else from being told."""
    text = OPERATION.replace("NAME", "Ping") + (
        "request: {class_: {type: string, name: class, doc: A class.}}\n"
        "rules: [{exclusive: [[a], [b]]}]\n"
    )
    rules = {line.rpartition(" ")[2] for line in told(tmp_path, {"a.yaml": text})}
    assert rules == {"[schema-value]", "[python-name-invalid]"}


# What every file of the following specs starts with; a `$` parts service.yaml from its operations.
AUTH = "authentication: {alternatives: {%s: {fields: {User: {type: string, required: true}}}}}\n"
OUTCOME = "outcome: {success: Ok, message: Text, code: Code}\nresponse: {Ok: {type: boolean, required: true}, Text: string, Code: string}\n"
ERROR = 'errors: {%s: {doc: Gone., code: E1, data: {tn: {doc: Number.}}, messages: ["{tn} is gone"]}}\n'
TYPE = "types: {%s: {fields: {X: {type: string, pattern: a}, When: dateTime, Sum: decimal, Rows: {list: Row, of: {list: Cell, of: int}}}}}\n"
USE = "request: {A: %s, Many: {list: One, of: %s}}\nresponse: {A: %s, When: dateTime, Sum: decimal}\n"


def using(name: str) -> str:
    return USE % (name, name, name)


def members(*names: str) -> str:
    """Return members of some names as texts, structures, lists and items, both ways."""
    found: list[str] = []
    for number, name in enumerate(names):
        found += [
            f'"{name}": {{type: string, pattern: a}}',
            f'T{number}: {{fields: {{"{name}": {{fields: {{"{name}": dateTime}}}}}}}}',
            f'L{number}: {{list: "{name}", of: {{fields: {{"{name}": {{list: "{name}", of: int}}}}}}}}',
        ]
    return "".join(
        f"{side}: {{{', '.join(found)}}}\n" for side in ("request", "response")
    )


def write(
    folder: Path, service: str, *operations: str, name: str = "demo"
) -> tuple[Path, Report]:
    """Write a service whose operations are given as wire names with whatever follows."""
    demo = folder / name
    demo.mkdir(exist_ok=True)
    text = service if service.startswith("soapstone") else SERVICE + service
    (demo / "service.yaml").write_text(text, encoding="utf-8")
    for number, operation in enumerate(operations):
        wire, _, rest = operation.partition("\n")
        text = OPERATION.replace("NAME", f'"{wire}"') + rest
        (demo / f"operation{number}.yaml").write_text(text, encoding="utf-8")
    return demo, Report()


def errors(report: Report) -> list[Diagnostic]:
    return [each for each in report.diagnostics if each.severity.value == "error"]


# Names that look like trouble and are none, each as `service$operation$operation`.
GOOD = {
    "keywords": "$Ping\n" + members("class", "None", "True", "match", "type", "case"),
    "built-ins": "$Ping\n" + members("list", "id", "str", "object", "property", "int"),
    "parameters": "$Ping\n" + members("self", "cls", "request", "response", "members"),
    "locals": "$Ping\n" + members("prefix", "found", "xml", "violations", "position_2"),
    "functions": "$Ping\n"
    + members("validate", "enclose", "Validate_A", "build_request"),
    "imports": "$Ping\n" + members("checks", "reading", "writing", "datetime", "field"),
    "underscores": "$Ping\n" + members("__init__", "__class__", "_private", "A_"),
    "accents": "$Ping\n" + members("Ünï", "éàü"),
    "long": "$Ping\n" + members("A" * 300, "Aa" * 150),
    "items without letters": "$Ping\nrequest: {A: {list: _, of: {list: __, of: {list: 日, of: int}}}}\n",
    "own constant": "$Ping\nrequest: {Answer: {type: string, pattern: a}}\n",
    "constants": "$Ping\nrequest: {A_B: {type: string, pattern: a}, A: {fields: {B: {type: string, pattern: b}}}}\n",
    "readers": "$Ping\nresponse: {Rows: {list: Row, of: {list: Cell, of: int}}, Rows_Row: {fields: {X: string}}}\n",
    "shared readers": "types: {Row: {fields: {Item: {list: X, of: {list: Y, of: int}}}}, RowItemX: {fields: {Z: string}}}\n$Ping\nresponse: {A: Row, B: RowItemX}\n",
    "named": "$Ping\nrequest: {ß: {name: day, fields: {æ: {name: book, type: string, pattern: a}}}}\nresponse: {ß: {name: day, fields: {æ: {name: book, type: string}}}}\n",
    "property of outcome": OUTCOME.replace("Ok", "Property") + ERROR % "Gone" + "$Ping",
    "tests": "types: {TestLine: {fields: {X: string}}}\n"
    + OUTCOME
    + ERROR % "TestFailed"
    + "$TestAll\n"
    + using("TestLine"),
    "named alternative": AUTH.replace("%s: {", "Client: {name: ClientLogin, ")
    + "$Ping\nrequest: {A: string}\n",
    "short alternatives": "authentication: {alternatives: {F: {fields: {A: {type: string, required: true}, B: string}}, F_2: {fields: {A: string}}}}\n$Ping",
    "operations": "$Init$Support$Request$Match$None$Exception$_runtime$Api",
    "item of nothing": "$Ping\nrequest: {A: {list: {Empty: {fields: {}}, Full: {fields: {B: string}}, Last: {fields: {}}}}}\n",
    "constant text": "$Ping\nrequest: {A: {fields: {B: {type: string, as: attribute}, Text: {constant: fixed, as: text}}}}\n",
    "number as text": "$Ping\nresponse: {A: {fields: {B: {type: string, as: attribute}, Text: {type: int, as: text, required: true}}}}\n",
    "condition in brackets": "$Ping\nrequest: {A: string, B: string}\nrules: [{when: {all: [{any: [{member: A, is: a}]}]}, require: [B]}]\n",
    "values": '$Ping\nrequest: {A: {values: ["", None, class, a1, a b, name, value, read]}, B: {list: I, of: {values: [name]}}}\n',
    "titles": '$Ping\nrequest: {A: string}\nexamples: [{title: class, request: {text: "<Ping xmlns=\\"urn:demo\\"><Request/></Ping>", values: {}, defects: {missing-envelope: No.}}}, {title: Class, request: {text: "<Ping xmlns=\\"urn:demo\\"><Request/></Ping>", values: {}, defects: {missing-envelope: No.}}}]\n',
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages of all good names."""
    folder = tmp_path_factory.mktemp("good")
    for number, case in enumerate(GOOD.values()):
        demo, report = write(folder, *case.split("$"), name=f"specs{number}")
        package = build_package(demo, report)
        assert errors(report) == []
        assert package is not None
        for path, content in package.files.items():
            target = folder / "packages" / f"case{number}" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    return folder / "packages"


@pytest.mark.parametrize(
    "command",
    [
        [
            "pytest",
            "-q",
            "-W",
            "error",
            "-p",
            "no:cacheprovider",
            "-k",
            "not test_package",
            ".",
        ],
        ["mypy", "--strict", "--python-version=3.10", "."],
        ["pyright", "--pythonpath", sys.executable],
    ],
    ids=lambda command: str(command[0]),
)
def test_a_name_that_looks_like_trouble_is_none(good: Path, command: list[str]) -> None:
    """Packages full of odd names pass their own tests and both type checkers."""
    (good / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "pythonVersion": "3.10"}', encoding="utf-8"
    )
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=good,
        env=os.environ | {"COVERAGE_PROCESS_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-3000:] + ended.stderr


# Names that cannot be taken, and how their hints are followed: what is sought, and what replaces it.
MEMBER = (r"`name: (\w+)`", "type: string", r"type: string, name: {}")
STRUCTURE = (r"`name: (\w+)`", "fields: {X", "name: {}, fields: {{X")
OPERATED = (r"`name: (\w+)`", "summary", "name: {}\nsummary")
CALLED = (r"`(\w+)`$", "NAMED", "{}")
VALUE = (r"name: (\w+)", "{doc: Two", "{{name: {}, doc: Two")
REFUSED = {
    **{
        f"member {name}": (f'$Ping\nrequest: {{"{name}": {{type: string}}}}\n', MEMBER)
        for name in ("_", "__", "_1", "日本", "日本TN", "ß")
    },
    **{
        f"member {first} {second}": (
            f"$Ping\nrequest: {{{first}: string, {second}: {{type: string}}}}\n",
            MEMBER,
        )
        for first, second in (
            ("Line_ID", "LineID"),
            ("TN", "Tn"),
            ("TNs", "Tns"),
            ("class", "Class_"),
        )
    },
    "numbers taken": (
        "$Ping\nrequest: {TN_2: string, TN: string, Tn: {type: string}}\n",
        MEMBER,
    ),
    "repaired": ("$Ping\nresponse: {Repaired: {type: string}}\n", MEMBER),
    "shared repaired": ("response: {Repaired: {type: string}}\n$Ping$Pong", MEMBER),
    "asked keyword": (
        "$Ping\nrequest: {A: {type: string, name: class}}\n",
        (r"`name: (\w+)`", "name: class", "name: {}"),
    ),
    "shared member": (
        "request: {_: {type: string}}\n$Ping$Pong",
        MEMBER,
    ),
    "structures": (
        "$Ping\nrequest: {LineID: {fields: {A: string}}, Line_ID: {fields: {X: string}}}\n",
        STRUCTURE,
    ),
    "paths": (
        "$Ping\nrequest: {A: {fields: {B_C: {fields: {A: string}}}}, A_B: {fields: {C: {fields: {X: string}}}}}\n",
        STRUCTURE,
    ),
    "structure like a type": (
        "types: {PingRequestA: {fields: {B: string}}}\n$Ping\nrequest: {A: {fields: {X: string}}, B: PingRequestA}\n",
        STRUCTURE,
    ),
    "structure like a request": (
        "$PingRequest\nrequest: {A: string}\n$Ping\nrequest: {Response: {fields: {X: string}}}\n",
        STRUCTURE,
    ),
    "structure like that of another operation": (
        "$PingRequest\nrequest: {A: {fields: {X: string}}}\n$Ping\nrequest: {RequestA: {fields: {X: string}}}\n",
        (r"name: (\w+)", "RequestA: {", "RequestA: {{name: {}, "),
    ),
    **{
        f"value {name}": (
            f'$Ping\nrequest: {{A: {{values: {{X: One., "{name}": {{doc: Two.}}}}}}}}\n',
            VALUE,
        )
        for name in ("日本", "-", "_", "1st", "x", "X_")
    },
    "value of two operations": (
        'request: {A: {values: {X: One., "日本": {doc: Two.}}}}\n$Ping$Pong',
        VALUE,
    ),
    "values of two operations": (
        "request: {A: {values: {a b: One., a-b: {doc: Two.}}}}\n$Ping$Pong",
        VALUE,
    ),
    "values of a type": (
        "types: {T: {values: {a b: One., a-b: {doc: Two.}}}}\n$Ping\nrequest: {A: T}\n$Pong\nrequest: {A: T}\n",
        VALUE,
    ),
    "value with another name": (
        "$Ping\nrequest: {A: {values: {X: One., Y: {name: lower, doc: Two.}}}}\n",
        (r"name: (\w+)", "name: lower", "name: {}"),
    ),
    **{
        f"operation {name}": (f"${name}", OPERATED)
        for name in (
            *("Types", "Errors", "Client", "Tests", "Testing", "Verify", "Package"),
            *("Import", "Async", "Class", "_", "日本", "A" * 300),
        )
    },
    "modules": ("$SMSOptOut_Create$SMS_OptOutCreate", OPERATED),
    "capitals": ("$SMS_Send$Sms_Send", OPERATED),
    "classes": ("$A1$A_1", OPERATED),
    "type like a request": (
        "types: {PingRequest: {fields: {X: string}}}\n$Ping\nrequest: {A: PingRequest}\n",
        OPERATED,
    ),
    **{
        f"type {name}": (
            (TYPE % name + "$Ping\n" + using(name))
            .replace(f" {name}", " NAMED")
            .replace(f"{{{name}", "{NAMED"),
            CALLED,
        )
        for name in (
            *("Members", "Violation", "Envelope", "AnswerShape", "Sequence", "Decimal"),
            *(
                "Protocol",
                "Client",
                "Nil",
                "Authentication",
                "Warning",
                "_1",
                "DemoError",
            ),
        )
    },
    **{
        f"alternative {name}": (
            AUTH % name + "$Ping",
            (r"`name: (\w+)`", "fields: {User", "name: {}, fields: {{User"),
        )
        for name in ("Client", "Authentication", "Decimal", "ConnectionError", "日本")
    },
    **{
        f"error {name}": (OUTCOME + ERROR % "NAMED" + "$Ping", CALLED)
        for name in (
            *("ConnectionError", "Warning", "SECRETS", "TYPE_CHECKING", "Answer"),
            *("gone", "ApiError", "Violation", "_Gone", "日本", "DemoError"),
        )
    },
    **{
        f"service {name}": (
            SERVICE.replace("Demo\ntitle", "NAMED\ntitle") + "$Ping",
            (r"`service: (\w+)`", "NAMED", "{}"),
        )
        for name in (
            *("Class", "Import", "123", "demo", "Connection", "Api", "Email", "Pytest"),
            *("日本", "A" * 300),
        )
    },
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_hint_leads_out(case: str, tmp_path: Path) -> None:
    """A name that cannot be taken is one error, and what its hint asks for is free of any."""
    text, (sought, old, new) = REFUSED[case]
    bad = text.replace("NAMED", f'"{case.rpartition(" ")[2]}"')
    demo, report = write(tmp_path, *bad.split("$"))
    assert build_package(demo, report) is None
    read = Report()
    compile_service(demo, read)
    assert read.diagnostics == report.diagnostics
    found = errors(report)
    assert len({each.span for each in found}) == 1
    assert {each.rule for each in found} <= {
        "python-name-invalid",
        "python-name-collision",
    }
    suggested = re.search(sought, found[0].hint)
    assert suggested is not None, found[0].hint
    for file in sorted(demo.iterdir()):
        written = file.read_text(encoding="utf-8")
        if file.name == Path(found[0].span.path).name or old == "NAMED":
            written = (
                written.replace(f'"{case.rpartition(" ")[2]}"', "NAMED")
                if old == "NAMED"
                else written
            )
            file.write_text(
                written.replace(old, new.format(suggested[1])), encoding="utf-8"
            )
    report = Report()
    package = build_package(demo, report)
    assert errors(report) == []
    assert package is not None
    for path, content in package.files.items():
        if path.endswith(".py"):
            compile(content, path, "exec")


def test_two_hints_do_not_lead_to_each_other(tmp_path: Path) -> None:
    """Each of several names without letters is offered another name."""
    demo, report = write(
        tmp_path, "", "Ping\nrequest: {_: string, __: string, 日: string}\n", "_", "__"
    )
    compile_service(demo, report)
    hints = [each.hint for each in errors(report)]
    assert len(hints) == len(set(hints)) == 5


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("1stLine", "_1stLine"),
        ("PIN PartnerCode", "PINPartnerCode"),
        ("ns:Line", "Line"),
    ],
)
def test_a_name_that_xml_does_not_take(name: str, instead: str, tmp_path: Path) -> None:
    """What can be no element is one error, which tells what the element may be called."""
    demo, report = write(tmp_path, "", f'Ping\nrequest: {{"{name}": string}}\n')
    compile_service(demo, report)
    assert [each.rule for each in errors(report)] == ["wire-name-invalid"]
    assert f"perhaps `{instead}`" in errors(report)[0].hint


def test_an_operation_whose_name_xml_does_not_take(tmp_path: Path) -> None:
    """An operation that can be no element is one error, not a second one about its module."""
    demo, report = write(tmp_path, "", "1st")
    compile_service(demo, report)
    assert [each.rule for each in errors(report)] == ["wire-name-invalid"]


def test_two_files_about_one_operation(tmp_path: Path) -> None:
    """That an operation is described twice is one error, not a second one about its module."""
    demo, report = write(tmp_path, "", "Ping", "Ping")
    compile_service(demo, report)
    assert [each.rule for each in errors(report)] == ["operation-duplicate"]


def test_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    """The name of the folder stands in generated comments too."""
    demo, report = write(tmp_path, "", "Ping", name="größe")
    assert compile_service(demo, report) is None
    assert [each.rule for each in errors(report)] == ["source-file-name"]


def test_each_reserved_name_has_its_reason() -> None:
    """Whoever is refused a name is told why."""
    for reason in (*RESERVED_CLASSES.values(), *RESERVED_MODULES.values()):
        assert len(reason.split()) > 3


def test_no_operation_replaces_tests_that_are_shipped() -> None:
    """The tests of no operation are in a file that every package has already."""
    shipped = Path(__file__).parent.parent / "generator" / "soapstone" / "shipped_tests"
    taken = {file.stem.removeprefix("test_") for file in shipped.glob("test_*.py")}
    assert taken <= set(RESERVED_MODULES)
