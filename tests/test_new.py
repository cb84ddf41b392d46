"""Promises of `soapstone new`, tried as its user would: what it writes is used as it stands."""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote, urlsplit

import pytest
import yaml

import soapstone
from soapstone.command import main
from soapstone.diagnostics import Report
from soapstone.model import Service
from soapstone.pipeline import compile_service
from soapstone.scaffold.text import scalar

HERE = Path(__file__).parent
SOURCE = Path(soapstone.__file__).parent.parent
SERVICES = [HERE.parent / "specs" / "revio", *sorted((HERE / "cases").iterdir())]


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


@dataclass
class Desk:
    """A working directory, in which the command runs inside this process."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str) -> Ended:
        """Run the command."""
        self.monkeypatch.setattr(sys, "argv", ["soapstone", *arguments])
        with pytest.raises(SystemExit) as leaving:
            main()
        said = self.capture.readouterr()
        assert isinstance(leaving.value.code, int)
        return Ended(leaving.value.code, said.out, said.err)

    def write(self, path: str, text: str) -> Path:
        """Write a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def files(self) -> dict[str, bytes]:
        """Return every file of the working directory, hidden ones too."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def desk(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Desk:
    """Return an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOAPSTONE_TRACEBACK", raising=False)
    return Desk(tmp_path, capsys, monkeypatch)


def service_of(folder: Path, *, warnings: int = 0) -> Service:
    """Return the service in a folder, which has no error and no more warnings than it may have."""
    report = Report()
    compiled = compile_service(folder, report)
    assert compiled is not None
    assert compiled.plan is not None, report.diagnostics
    assert len(report.diagnostics) == warnings, report.diagnostics
    return compiled.service


def run(folder: Path, *command: str) -> None:
    """Run a module of Python, which is to end well."""
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=os.environ
        | {"PYTHONPATH": str(SOURCE), "COVERAGE_PROCESS_CONFIG": "", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


SERVICE = """\
soapstone: 1
service: Demo
title: Demo
pages: {guide: {title: Guide, url: "https://example.com", retrieved: 2026-01-31}}
protocol: {endpoint: "https://example.com", namespace: "urn:demo"}
"""


# A service


def test_a_new_service_is_used_as_it_stands(desk: Desk) -> None:
    """In an empty folder the specs lint, generate, pass their tests and are typed, untouched."""
    ended = desk("new", "service", "Billing")
    assert ended.code == 0, ended.err
    assert ended.err == ""
    assert ended.out.splitlines()[:2] == [
        "created specs/billing/service.yaml",
        "created specs/billing/example_operation.yaml",
    ]
    assert list(desk.files()) == [
        "specs/billing/example_operation.yaml",
        "specs/billing/service.yaml",
    ]
    assert desk("lint") == Ended(0, "no problems in 1 service, 1 operation\n", "")
    assert desk("generate").code == 0
    run(desk.folder, "pytest", "-q", "-p", "no:cacheprovider", "generated")
    run(desk.folder / "generated", "mypy", "--strict", "billing")
    run(
        desk.folder / "generated",
        *("coverage", "run", "--data-file=.covered", "--branch", "--source=billing"),
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "billing"),
    )
    run(
        desk.folder / "generated",
        *("coverage", "report", "--data-file=.covered", "--fail-under=100"),
        "--omit=*/tests/*,*/_runtime/*,*/verify.py",
    )


def test_every_key_is_explained(desk: Desk) -> None:
    """A newcomer finds a comment at each key that opens a section, and a placeholder behind it."""
    assert desk("new", "service", "Billing", "--specs", "apis").code == 0
    for file in ("service.yaml", "example_operation.yaml"):
        text = (desk.folder / "apis" / "billing" / file).read_text("utf-8")
        for found in re.finditer(r"^(\w+):", text, re.MULTILINE):
            *_, above = text[: found.start()].rstrip("\n").split("\n")
            is_explained = above.startswith("#")
            assert is_explained or found[1] in {"title", "summary", "protocol"}, found
        assert "laceholder" in text
    service = service_of(desk.folder / "apis" / "billing")
    assert "//example.com/" in service.protocol.endpoint
    assert "//example.com/" in service.protocol.namespace


def test_what_comes_next_names_the_folder(desk: Desk) -> None:
    """The last line shows commands that can be copied, whatever the folder is called."""
    assert "`soapstone lint` checks" in desk("new", "service", "One").out
    ended = desk("new", "service", "One", "--specs", "my specs")
    assert "`soapstone lint 'my specs'` checks" in ended.out
    assert "`soapstone generate 'my specs'` makes" in ended.out


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("billing", "for example `Billing`"),
        ("Billing API", "for example `BillingApi`"),
        ("2", "it is not written like a class of Python; give another name, for"),
        ("2", "for example `Service2`"),
        ("名前", "for example `OwnService`"),
        (
            "Class",
            "it is a keyword of Python; give another name, for example `ClassSer",
        ),
        ("A" * 101, "more than 100 characters; give another name, for example `Aaaa"),
        ("A\x1b[1m", "`A\\x1b[1m` cannot be the name of a service"),
        ("Email", "would hide the module `email`; give another name, for example `Ema"),
        (
            "Api",
            "would have the base `ApiError`, but it is the exception for a failure",
        ),
        ("Runtime", "would have the base `RuntimeError`, but Python has one built in"),
        ("Validation", "for example `ValidationService`"),
    ],
)
def test_a_service_needs_a_good_name(desk: Desk, name: str, sentence: str) -> None:
    """A name that no package can have is refused with one to type instead; nothing is written."""
    ended = desk("new", "service", name)
    assert ended.code == 2
    assert sentence in ended.err
    assert desk.files() == {}


@pytest.mark.parametrize("name", ["Warning", "Tests", "A" * 100])
def test_a_service_may_have_an_odd_name(desk: Desk, name: str) -> None:
    """A name that only looks taken makes a package whose tests pass and that is typed."""
    assert desk("new", "service", name).err == ""
    assert desk("generate").code == 0
    run(desk.folder, "pytest", "-q", "-p", "no:cacheprovider", "generated")
    run(desk.folder / "generated", "mypy", "--strict", name.lower())


@pytest.mark.parametrize("name", ["2", "Email", "Class", "Api", "A" * 101, "名前"])
def test_the_proposed_name_of_a_service_can_be_taken(desk: Desk, name: str) -> None:
    """Whoever types what a refusal proposes has a service."""
    proposed = desk("new", "service", name).err.rpartition("`")[0].rpartition("`")[2]
    ended = desk("new", "service", proposed)
    assert ended.code == 0, ended.err
    assert desk("lint") == Ended(0, "no problems in 1 service, 1 operation\n", "")


def test_a_service_has_a_folder_of_its_own(desk: Desk) -> None:
    """What is there already stays as it is, under whatever name the service stands."""
    assert desk("new", "service", "Billing").code == 0
    desk.write("specs/odd/service.yaml", "- no service\n")
    desk.write("specs/pay/service.yaml", SERVICE)
    desk.write("specs/shop/notes.txt", "mine")
    before = desk.files()
    for name, sentence in (
        ("Billing", "is that of `Billing` already: specs/billing/service.yaml:7:10"),
        ("Demo", "package `demo` is that of `Demo` already: specs/pay/service.yaml:2"),
        ("Odd", "`specs/odd` is there already; give another name, or move it away"),
        ("Shop", "`specs/shop` is there already"),
    ):
        ended = desk("new", "service", name)
        assert ended.code == 2
        assert sentence in ended.err
    assert desk.files() == before


def test_services_stand_in_a_folder_of_services(desk: Desk) -> None:
    """A file, and the folder of one service, are no place for another one."""
    file = desk.write("specs/pay/service.yaml", SERVICE)
    for place, sentence in (
        ("specs/pay/service.yaml", "is a file"),
        ("specs/pay", f"give the folder that holds it, `{file.parent.parent}`"),
    ):
        ended = desk("new", "service", "Billing", "--specs", place)
        assert ended.code == 2
        assert sentence in ended.err


# An operation


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_a_new_operation_fits_its_service(desk: Desk, service: Path) -> None:
    """Beside any service the operation lints, cites a page, and has both documents."""
    folder = desk.folder / "specs" / service.name
    shutil.copytree(service, folder, ignore=shutil.ignore_patterns("expected"))
    report = Report()
    compile_service(folder, report)
    before = desk.files()
    ended = desk("new", "operation", "Never_Documented")
    assert ended.code == 0, ended.err
    assert ended.err == ""
    path = f"specs/{service.name}/never_documented.yaml"
    assert ended.out.splitlines()[0] == f"created {path}"
    assert desk.files().keys() - before.keys() == {path}
    read = service_of(folder, warnings=len(report.diagnostics))
    operation = next(
        each for each in read.operations if each.name == "Never_Documented"
    )
    assert operation.source.page == read.pages[0].key
    assert operation.protocol.envelope is read.protocol.envelope
    (example,) = operation.examples
    assert example.request is not None
    assert example.response is not None
    assert (example.request.authentication is None) is (read.authentication is None)


def test_a_package_with_new_operations_works(desk: Desk) -> None:
    """The packages of several services, each with a new operation, pass their tests and are typed."""
    for service in SERVICES:
        folder = desk.folder / "specs" / service.name
        shutil.copytree(service, folder, ignore=shutil.ignore_patterns("expected"))
        assert (
            desk("new", "operation", "Never_Documented", f"specs/{service.name}").code
            == 0
        )
    run(desk.folder, "soapstone", "generate", "--jobs", "2")
    run(desk.folder, "pytest", "-q", "-p", "no:cacheprovider", "generated")
    names = sorted(path.name for path in (desk.folder / "generated").iterdir())
    run(desk.folder / "generated", "mypy", "--strict", *names)


def test_a_first_operation_makes_a_service_whole(desk: Desk) -> None:
    """A service.yaml without operations is enough to start one, and may begin with a BOM."""
    desk.write("specs/demo/service.yaml", "\ufeff" + SERVICE)
    assert desk("new", "operation", "Ping", "specs/demo").code == 0
    assert desk("lint") == Ended(0, "no problems in 1 service, 1 operation\n", "")


def test_an_operation_has_the_outcome_that_no_other_gives_to_it(desk: Desk) -> None:
    """Members to which the outcome leads stand in the operation where all answers have none."""
    desk.write(
        "specs/demo/service.yaml",
        SERVICE
        + "outcome: {success: State/Ok, message: State/Why/Text, code: Code, "
        + "description: Common/Text}\n"
        + "response: {Common: {doc: Common., fields: {Text: {type: string, doc: A.}}}}\n",
    )
    assert desk("new", "operation", "Ping").code == 0
    service = service_of(desk.folder / "specs" / "demo")
    response = service.operations[0].response
    assert [each.name for each in response.fields][:3] == ["Common", "State", "Code"]
    document = service.operations[0].examples[0].response
    assert document is not None
    # A success, so that nothing says what went wrong.
    assert b"<Ok>true</Ok>" in document.content
    assert b"<Text>" not in document.content
    assert b"<Code>" not in document.content


def test_members_of_all_operations_are_not_repeated(desk: Desk) -> None:
    """A name that service.yaml has taken, on the wire or in Python, is not taken again."""
    desk.write(
        "specs/demo/service.yaml",
        SERVICE
        + "request:\n"
        + "  Comment: {type: string, required: true, doc: A., allowed: ['null', ' a: b', '']}\n"
        + "  Comment2: {type: string, doc: A.}\n"
        + "  Number: {type: int, name: quantity, doc: A.}\n"
        + "  Share: {type: double, required: true, doc: A.}\n"
        + "  At: {type: dateTime, required: true, doc: A.}\n"
        + "  Raw: {type: base64, required: true, doc: A.}\n"
        + "response:\n"
        + "  Total: {type: string, doc: A., pattern: 'a\\tb'}\n"
        + "  Message: {type: string, required: true, doc: A.}\n"
        + "authentication: {alternatives: {Contact: {doc: Nobody., fields: {}}}}\n"
        + "outcome: {success: Ok, message: Message}\n",
    )
    assert desk("new", "operation", "Ping").code == 0
    operation = service_of(desk.folder / "specs" / "demo").operations[0]
    names = [each.name for each in operation.request.fields]
    assert names[6:9] == ["CustomerNumber", "Comment3", "Quantity2"]
    assert "Contact2" in names
    assert "Total2" in [each.name for each in operation.response.fields]
    # What an answer always has is there on success too.
    answer = operation.examples[0].response
    assert answer is not None
    assert b"<Message>" in answer.content
    example = operation.examples[0].request
    assert example is not None
    # Of the common members those that have to be given are.
    given = [each.name for each in example.values.members]
    assert given[:4] == ["Comment", "Share", "At", "Raw"]


def test_long_values_stand_on_lines_of_their_own(desk: Desk) -> None:
    """Many values of one structure are written below each other, and say the same."""
    fields = ", ".join(
        f"SomeMember{number}: {{type: string, doc: A.}}" for number in range(9)
    )
    desk.write(
        "specs/demo/service.yaml",
        SERVICE
        + f"types: {{Row: {{doc: A row., fields: {{{fields}}}}}}}\n"
        + "response: {Rows: {list: Row, of: Row, doc: Rows.}}\n",
    )
    assert desk("new", "operation", "Ping").code == 0
    service_of(desk.folder / "specs" / "demo")
    text = (desk.folder / "specs" / "demo" / "ping.yaml").read_text("utf-8")
    assert "          - SomeMember0: SomeMember0 1\n            SomeMember1: " in text


def test_a_list_of_differently_named_children_is_written(desk: Desk) -> None:
    """An item of such a list stands under its name, in the values as on the wire."""
    desk.write(
        "specs/demo/service.yaml",
        SERVICE
        + "request: {Changes: {list: {Add: string, Keep: int}, required: true, doc: A.}}\n",
    )
    assert desk("new", "operation", "Ping").code == 0
    example = service_of(desk.folder / "specs" / "demo").operations[0].examples[0]
    assert example.request is not None
    assert b"<Add>" in example.request.content
    assert b"<Keep>" in example.request.content


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Foo:Bar"], "`Foo:Bar` cannot be the name of an operation; write it as"),
        (["1st"], "`1st` cannot be the name of an operation"),
        (["A\u200cB"], "`A\\u200cB` cannot be the name of an operation"),
        (["___"], "in letters and digits of ASCII; add `--name operation`"),
        (["Größe"], "in letters and digits of ASCII; add `--name gro_e`"),
        (["A" * 101], f"of more than 100 characters; add `--name {'a' * 60}`"),
        (["X", "--name", "if"], "is a keyword of Python; write `--name if_operation`"),
        (["X", "--name", "x1:"], "it is not an identifier of ASCII letters"),
        (["X", "--name", "_x"], "a leading underscore would make it private"),
        (["X", "--name", "tRUE", "specs/pay"], ""),
        (["Answer"], ""),
        (["Warning"], ""),
        (["A" * 100], ""),
        (
            ["Errors"],
            "holds the exceptions of the package; add `--name errors_operation`",
        ),
        (["Service"], "there is a file `specs/pay/service.yaml` already; add"),
        (["Notes"], "there is a file `specs/pay/notes.yaml` already; add"),
        (["Link"], "there is a file `specs/pay/link.yaml` already; add"),
        (["Get_Line"], "`Get_Line` has a file already: specs/pay/lines.yaml:2:12"),
        (["GetLine"], "module `get_line` is that of `Get_Line` already: specs/pay/"),
        (["Other"], "module `other` is that of `Something` already: specs/pay/"),
        (["X", "--name", "other"], "module `other` is that of `Something` already"),
        (["X", "--name", "oTHER"], "already: specs/pay/some.yaml:1:12; write `--name"),
        (["class"], "add `--name class_2`"),
    ],
)
def test_an_operation_needs_a_free_name(
    desk: Desk, arguments: list[str], sentence: str
) -> None:
    """A name that is none, or that is taken, is refused with a remedy; nothing is written."""
    desk.write("specs/pay/service.yaml", SERVICE)
    desk.write("specs/pay/lines.yaml", "soapstone: 1\noperation: Get_Line\n")
    desk.write("specs/pay/some.yaml", "operation: Something\nname: other\n")
    desk.write("specs/pay/notes.yaml", "soapstone: 1\n")
    desk.write("specs/pay/class_operation.yaml", "operation: Class\nname: klass\n")
    (desk.folder / "specs" / "pay" / "link.yaml").symlink_to("nowhere")
    before = desk.files()
    ended = desk("new", "operation", *arguments)
    if sentence:
        assert ended.code == 2
        assert sentence in ended.err
        assert desk.files() == before
    else:
        assert ended.code == 0, ended.err


def test_a_name_for_python_is_written_down(desk: Desk) -> None:
    """`--name` gives the module and the file their name, and the wire name stays."""
    desk.write("specs/pay/service.yaml", SERVICE)
    assert desk("new", "operation", "Errors", "--name", "list_errors").code == 0
    (operation,) = service_of(desk.folder / "specs" / "pay").operations
    assert (operation.name, operation.python_name) == ("Errors", "list_errors")
    assert operation.path == "pay/list_errors.yaml"
    assert desk("new", "operation", "Größe", "--name", "size").code == 0
    text = (desk.folder / "specs" / "pay" / "size.yaml").read_text("utf-8")
    assert "operation: Größe\n" in text
    assert "<Größe " in text
    assert desk("lint") == Ended(0, "no problems in 1 service, 2 operations\n", "")


@pytest.mark.parametrize("name", ["No", "null", "Y", "_", "a-b.c"])
def test_a_wire_name_stays_itself(desk: Desk, name: str) -> None:
    """What YAML takes for something else is still the name that was typed."""
    desk.write("specs/pay/service.yaml", SERVICE)
    ended = desk("new", "operation", name, "--name", "some_name")
    assert ended.code == 0, ended.err
    (operation,) = service_of(desk.folder / "specs" / "pay").operations
    assert operation.name == name
    assert operation.source.section == name


@pytest.mark.parametrize(
    "text",
    ["", "null", "~", "a: b", "a, b", "# no", "'\"", "a\nb ", "\u200b", " a", "- ]"],
)
def test_a_text_is_quoted_where_it_needs_quotes(text: str) -> None:
    """Another reader of YAML finds the text that was written, as a value and in a list."""
    written = scalar(text)
    assert "\n" not in written
    assert yaml.safe_load(f"a: {written}\n") == {"a": text}
    assert yaml.safe_load(f"[{written}, {{a: {written}}}]") == [text, {"a": text}]


def test_of_several_services_one_has_to_be_named(desk: Desk) -> None:
    """A folder with several services is refused, with their names and a call that works."""
    assert desk("new", "service", "Billing").code == 0
    assert desk("new", "service", "Shop").code == 0
    before = desk.files()
    ended = desk("new", "operation", "Foo_Bar")
    assert ended.code == 2
    assert "`specs` holds several services: `billing`, `shop`; " in ended.err
    assert "for example `soapstone new operation Foo_Bar specs/billing`" in ended.err
    assert desk.files() == before
    assert desk("new", "operation", "Foo_Bar", "specs/billing").code == 0
    assert desk("new", "operation", "Foo_Bar", "nowhere").code == 2


def test_a_service_with_mistakes_is_mended_first(desk: Desk) -> None:
    """Mistakes of service.yaml are shown where they are, and nothing is written."""
    desk.write("specs/pay/service.yaml", SERVICE.replace("title: Demo", "titel: Demo"))
    before = desk.files()
    ended = desk("new", "operation", "Foo_Bar")
    assert ended.code == 1
    assert "specs/pay/service.yaml:3:1: error: key `titel` is not known" in ended.err
    assert ended.err.endswith("nothing was written\n")
    desk.write("specs/pay/service.yaml", "[]\n")
    assert "a spec is a mapping" in desk("new", "operation", "Foo_Bar").err
    desk.write("specs/pay/service.yaml", SERVICE.replace("urn:demo", "no uri"))
    ended = desk("new", "operation", "Foo_Bar")
    assert ended.code == 1
    assert "specs/pay/service.yaml:5:11: error: the namespace cannot be" in ended.err
    assert desk.files().keys() == before.keys()


def test_a_sibling_with_mistakes_is_no_hindrance(desk: Desk) -> None:
    """Whoever is in the middle of one operation can start another one."""
    desk.write("specs/pay/service.yaml", SERVICE)
    desk.write("specs/pay/half.yaml", "soapstone: 1\noperation: [\n")
    ended = desk("new", "operation", "Foo_Bar")
    assert (ended.code, ended.err) == (0, "")


def test_a_service_that_nothing_fits_is_told(desk: Desk) -> None:
    """Where the operation would not lint, its user learns why; nothing is written."""
    desk.write(
        "specs/pay/service.yaml",
        SERVICE + "types: {PingRequest: {doc: A., fields: {A: {type: int, doc: A.}}}}\n"
        "response: {A: {type: PingRequest, doc: A.}}\n",
    )
    ended = desk("new", "operation", "Ping")
    assert ended.code == 1
    assert (
        "ping.yaml:8:12: error: the package has a class `PingRequest` al" in ended.err
    )
    assert list(desk.files()) == ["specs/pay/service.yaml"]


# The schema


def schema_in(file: Path) -> Path:
    """Return the schema to which the first line of a spec leads, as an editor finds it."""
    first = file.read_text("utf-8").splitlines()[0]
    address = first.removeprefix("# yaml-language-server: $schema=")
    assert address != first
    if address.startswith("file:"):
        return Path(unquote(urlsplit(address).path))
    return (file.parent / address).resolve()


SCHEMAS = SOURCE / "soapstone" / "schemas"


def test_an_editor_finds_the_schema_of_an_installed_generator(desk: Desk) -> None:
    """Outside the project of the generator the schema has a whole address."""
    assert desk("new", "service", "Billing").code == 0
    folder = desk.folder / "specs" / "billing"
    assert schema_in(folder / "service.yaml") == SCHEMAS / "service.schema.json"
    operation = SCHEMAS / "operation.schema.json"
    assert schema_in(folder / "example_operation.yaml") == operation


def test_an_editor_finds_the_schema_of_the_project(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Within one project the way to the schema is the same on every machine."""
    for mark, blank in ((".git", ""), ("pyproject.toml", " ")):
        project = desk.folder / f"project{blank}{mark}"
        schemas = project / f".venv{blank}" / "soapstone" / "schemas"
        shutil.copytree(SCHEMAS, schemas)
        (project / mark).mkdir()
        monkeypatch.setattr("soapstone.scaffold.editor._SCHEMAS", schemas)
        place = str(project / "specs")
        assert desk("new", "service", "Billing", "--specs", place).code == 0
        file = project / "specs" / "billing" / "service.yaml"
        assert schema_in(file) == schemas / "service.schema.json"
        # A blank would end the address.
        is_relative = "=../../.venv/" in file.read_text("utf-8")
        assert is_relative is (not blank)


def test_neighbours_know_where_the_schema_is(desk: Desk) -> None:
    """A project that keeps the schemas at an address of its own is followed, if it leads somewhere."""
    line = "# yaml-language-server: $schema={}/service.schema.json\n"
    shutil.copytree(SCHEMAS, desk.folder / "schemas")
    for number, (address, expected) in enumerate(
        (
            ("https://example.com/v1", "https://example.com/v1"),
            ("../../schemas", "../../schemas"),
            ("../../gone", SCHEMAS.as_uri()),
        )
    ):
        folder = f"specs{number}/pay"
        desk.write(f"{folder}/service.yaml", line.format(address) + SERVICE)
        assert desk("new", "operation", "Ping", folder).code == 0
        text = (desk.folder / folder / "ping.yaml").read_text("utf-8")
        assert text.startswith(line.format(expected).replace("service.", "operation."))
        assert desk("new", "service", "Shop", "--specs", f"specs{number}").code == 0
        text = (desk.folder / f"specs{number}/shop/service.yaml").read_text("utf-8")
        assert text.startswith(line.format(expected))


# The disk


def test_a_disk_that_refuses_is_told_in_a_sentence(desk: Desk) -> None:
    """No traceback, no half a file: the path, the reason, and exit code 1."""
    desk.write("file", "mine")
    before = desk.files()
    ended = desk("new", "service", "Billing", "--specs", "file/specs")
    assert ended.code == 1
    assert "file/specs" in ended.err
    assert "Not a directory" in ended.err
    assert desk.files() == before


@pytest.mark.parametrize("what", [["service", "Shop"], ["operation", "Ping"]])
def test_a_full_disk_leaves_nothing_behind(
    desk: Desk, what: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """When writing fails half-way, everything is as it was before."""
    desk.write("specs/pay/service.yaml", SERVICE)
    before = desk.files()

    def refuse(_descriptor: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    ended = desk("new", *what)
    assert ended.code == 1
    assert "cannot be written: No space left on device; nothing was" in ended.err
    assert ".soapstone" not in ended.err
    assert desk.files() == before
    assert [path.name for path in (desk.folder / "specs").iterdir()] == ["pay"]


@pytest.mark.parametrize("what", [["service", "Shop"], ["operation", "Ping"]])
def test_somebody_else_may_be_faster(
    desk: Desk, what: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What appears while the text is made stays as it is."""
    desk.write("specs/pay/service.yaml", SERVICE)
    sync = os.fsync

    def meanwhile(descriptor: int) -> None:
        desk.write("specs/shop/service.yaml", "mine")
        desk.write("specs/pay/ping.yaml", "mine")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    ended = desk("new", *what)
    assert ended.code == 1
    assert "nothing was written" in ended.err
    assert (desk.folder / "specs/shop/service.yaml").read_text("utf-8") == "mine"
    assert (desk.folder / "specs/pay/ping.yaml").read_text("utf-8") == "mine"
    assert len(desk.files()) == 3


def test_a_disk_without_second_names_takes_operations(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file can have one name only, it is written all the same."""
    desk.write("specs/pay/service.yaml", SERVICE)

    def refuse(_old: Path, _new: Path) -> NoReturn:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    assert desk("new", "operation", "Ping").code == 0
    assert list(desk.files()) == ["specs/pay/ping.yaml", "specs/pay/service.yaml"]
    service_of(desk.folder / "specs" / "pay")
