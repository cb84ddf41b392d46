"""Every rule: its explanation, its edge cases, and what becomes of its findings."""

from __future__ import annotations

import ast
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

import soapstone
from soapstone.decode import decode_service
from soapstone.diagnostics import Diagnostic, Report, Severity, Span
from soapstone.explanations import explain, known_rules, summary
from soapstone.lint import RULES, lint
from soapstone.lint.allowances import WARNINGS, without_allowed
from soapstone.lint.backtracking import slowness
from soapstone.pipeline import compile_service
from soapstone.reporting import visible

HERE = Path(__file__).parent / "rules"
BASE = HERE / "base"
SOURCES = Path(soapstone.__file__).parent
REVIO = Path(__file__).parent.parent / "specs" / "revio"
REVIO_FILES = ("service.yaml", "sms_send.yaml")

# Rules that no block of YAML can break, each with the reason.
IN_WORDS = {
    "example-encoding": "a block of YAML is UTF-8",
    "service-duplicate": "it takes two services",
    "operation-missing": "a block is laid over the base service, which has an operation",
    "source-character": "the character could not be seen in the explanation",
    "source-encoding": "a block of YAML is UTF-8",
    "source-file-name": "the mistake is in the name of the file",
    "source-too-deep": "it takes more than 64 levels",
    "source-too-large": "it takes more than 4 MiB",
    "source-unreadable": "the mistake is in the rights of the file",
}

Files: TypeAlias = dict[str, str]


def cases() -> list[str]:
    """Return the names of the rules with edge cases."""
    return sorted(
        folder.name for folder in HERE.iterdir() if folder.is_dir() and folder != BASE
    )


def shown_rules() -> list[str]:
    """Return the names of the rules whose explanation has blocks of YAML."""
    return [rule for rule in known_rules() if rule not in IN_WORDS]


def lay_out(folder: Path, files: Files) -> Path:
    """Write the base service with some files in the place of its own."""
    service = folder / "demo"
    service.mkdir()
    base = {path.name: path.read_text("utf-8") for path in BASE.iterdir()}
    for name, text in (base | files).items():
        (service / name).write_text(text, "utf-8")
    return service


def findings(service: Path) -> tuple[Diagnostic, ...]:
    """Return what all stages up to the plan say about a service."""
    report = Report()
    compile_service(service, report)
    return report.diagnostics


def shown(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Return diagnostics as golden files hold them."""
    return "".join(
        f"{each.span}: {each.severity.value}: {visible(each.message)} [{each.rule}]\n"
        + (f" hint: {visible(each.hint)}\n" if each.hint else "")
        for each in diagnostics
    )


def file_name(text: str) -> str:
    """Return which file of a service a text is: its first line may say so."""
    named = re.match(r"# (\w+\.yaml)\n", text)
    if named is not None:
        return named[1]
    is_service = re.search(r"^service:", text, re.MULTILINE) is not None
    return "service.yaml" if is_service else "operation.yaml"


def blocks(rule: str, title: str) -> Files:
    """Return the files that a section of an explanation shows."""
    text = explain(rule)
    assert text is not None
    section = re.search(
        rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE
    )
    assert section is not None, f"{rule} has no section {title}"
    found = re.findall(r"^```yaml\n(.*?)^```\n", section[1], re.DOTALL | re.MULTILINE)
    return {file_name(block): block for block in found}


# Explanations


@pytest.mark.parametrize("rule", shown_rules())
def test_bad_spec_of_an_explanation_breaks_its_rule_alone(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an explanation shows as bad is found by that rule and by no other."""
    monkeypatch.chdir(tmp_path)
    found = findings(lay_out(tmp_path, blocks(rule, "Bad")))
    assert {each.rule for each in found} == {rule}, shown(found)


@pytest.mark.parametrize("rule", shown_rules())
def test_good_spec_of_an_explanation_is_clean(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an explanation shows as good has no mistake at all."""
    monkeypatch.chdir(tmp_path)
    found = findings(lay_out(tmp_path, blocks(rule, "Good")))
    assert not found, shown(found)


@pytest.mark.parametrize("rule", sorted(IN_WORDS))
def test_explanation_in_words_has_no_sections(rule: str) -> None:
    """A rule is explained in words only where it is listed with a reason."""
    assert "```" not in (explain(rule) or "```")


@pytest.mark.parametrize("rule", known_rules())
def test_explanation_has_the_common_form(rule: str) -> None:
    """An explanation opens with its name, one sentence, and a paragraph of reasons."""
    heading, what, why, *_ = (explain(rule) or "").split("\n\n")
    assert heading == f"# {rule}"
    assert what.endswith((".", "(Warning.)"))
    assert len(why) > len("Because.")
    assert summary(rule) == " ".join(what.split())


@pytest.mark.parametrize("rule", sorted(WARNINGS | {"allow-unused"}))
def test_explanation_of_a_warning_says_so(rule: str) -> None:
    """A rule that only warns is marked in its first line, and no other is."""
    marked = {each for each in known_rules() if summary(each).endswith("(Warning.)")}
    assert rule in marked
    assert marked == WARNINGS | {"allow-unused"}


def test_unknown_rule_has_no_explanation() -> None:
    """Nothing is made up for a rule that does not exist."""
    assert explain("no-such-rule") is None
    assert not summary("no-such-rule")


def test_every_rule_that_the_code_reports_is_explained() -> None:
    """The explanations are those of the rules in the code, no more and no less."""
    assert set(reported()) == set(known_rules())


def test_every_rule_has_one_severity() -> None:
    """A rule warns wherever it reports, or nowhere; only warnings can be allowed."""
    severities: dict[str, set[str]] = {}
    for rule, severity in _reports():
        severities.setdefault(rule, set()).add(severity)
    assert {rule for rule, found in severities.items() if len(found) > 1} == set()
    warned = {rule for rule, found in severities.items() if found == {"warning"}}
    assert warned - {"allow-unused"} == WARNINGS


def test_registry_has_every_rule_function() -> None:
    """Each public function of a topic that takes a service and a report is registered."""
    names = [rule.__name__ for rule in RULES]
    assert len(names) == len(set(names))
    assert names[-1] == "check_examples"
    assert set(names) == set(_rule_functions())


def reported() -> set[str]:
    """Return the names of all rules in the code."""
    return {name for name, _ in _reports()}


def _reports() -> Iterator[tuple[str, str]]:
    """Yield the name and the severity of each rule, as the stages' calls have them."""
    for path in [SOURCES / "source.py", *_modules("command", "decode", "lint", "plan")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield from _reports_of_call(node)


def _reports_of_call(call: ast.Call) -> Iterator[tuple[str, str]]:
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    rule = call.args[0] if method in {"error", "warning"} and call.args else None
    rule = keywords.get("rule", rule)
    if isinstance(rule, ast.Constant) and isinstance(rule.value, str):
        severity = method if method == "warning" else "error"
        if "WARNING" in ast.unparse(keywords.get("severity", rule)):
            severity = "warning"
        yield rule.value, severity


def _rule_functions() -> Iterator[str]:
    for path in _modules("lint"):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                arguments = [argument.arg for argument in node.args.args]
                if arguments == ["service", "report"] and node.name != "lint":
                    yield node.name


def _modules(*stages: str) -> Iterator[Path]:
    for stage in stages:
        yield from sorted((SOURCES / stage).glob("*.py"))


# Edge cases


@pytest.mark.parametrize("rule", cases())
def test_edge_cases_are_reported_as_recorded(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, update_goldens: bool
) -> None:
    """Every edge case is found at its place, in the recorded words, by its rule alone."""
    monkeypatch.chdir(tmp_path)
    found = findings(lay_out(tmp_path, case_files(rule, "bad")))
    golden = HERE / rule / "bad.txt"
    if update_goldens:
        golden.write_text(shown(found), "utf-8")
    assert {each.rule for each in found} == {rule}, shown(found)
    assert shown(found) == golden.read_text("utf-8")


@pytest.mark.parametrize("rule", cases())
def test_near_misses_are_not_reported(
    rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks like the mistake and is none is left alone."""
    monkeypatch.chdir(tmp_path)
    found = findings(lay_out(tmp_path, case_files(rule, "good")))
    assert not found, shown(found)


@pytest.mark.parametrize("rule", cases())
def test_edge_cases_belong_to_a_rule(rule: str) -> None:
    """A folder of edge cases has the name of a rule."""
    assert rule in known_rules()


def case_files(rule: str, kind: str) -> Files:
    """Return the files of an edge case: one that is bad or good, and those beside it.

    Files whose names start with `bad_` are there for the bad one only.
    """
    folder = HERE / rule
    text = (folder / f"{kind}.yaml").read_text("utf-8")
    others = {
        path.name: path.read_text("utf-8")
        for path in folder.glob("*.yaml")
        if path.name not in {"bad.yaml", "good.yaml"}
        and (kind == "bad" or not path.name.startswith("bad_"))
    }
    return {**others, file_name(text): text}


# What the rules leave alone


def test_service_of_the_repository_is_clean() -> None:
    """The specs that the repository keeps have no mistakes and need no allowances."""
    report = Report()
    compile_service(REVIO, report)
    assert not report.diagnostics, shown(report.diagnostics)


def test_service_without_operations_is_reported(tmp_path: Path) -> None:
    """A folder with nothing but service.yaml has nothing to generate."""
    service = lay_out(tmp_path, {})
    (service / "operation.yaml").unlink()
    # The page is not cited by anything either; that follows, and is a warning.
    assert {"operation-missing", "page-unused"} == {
        each.rule for each in findings(service)
    }


def test_allowance_of_an_operation_covers_the_files_of_its_examples(
    tmp_path: Path,
) -> None:
    """A warning in a sample document is allowed by the spec that names the document."""
    report, spec, sample = Report(), Span("demo/operation.yaml"), Span("demo/a.xml")
    service = decode_service(
        lay_out(tmp_path, {"operation.yaml": WITH_SAMPLE, "a.xml": "<Ping/>"}),
        "demo",
        report,
    )
    assert service is not None
    warnings = [
        Diagnostic(
            rule="example-outcome", span=span, message="", severity=Severity.WARNING
        )
        for span in (sample, spec, Span("demo/service.yaml"))
    ]
    kept = without_allowed(warnings, service, is_whole=True)
    assert [each.span.path for each in kept] == ["demo/service.yaml"]


WITH_SAMPLE = """
soapstone: 1
operation: Ping
summary: Ask for an answer.
source: {page: manual}
examples:
  - title: documented
    request: {file: a.xml, values: {}}
allow: [{rule: example-outcome, reason: The page is wrong.}]
"""


def test_allowance_covers_its_own_file_only(tmp_path: Path) -> None:
    """What service.yaml allows, no operation may do."""
    text = (BASE / "service.yaml").read_text("utf-8")
    allow = "allow: [{rule: doc-missing, reason: Nothing is said.}]\n"
    own = (BASE / "operation.yaml").read_text("utf-8") + "request: {To: int}\n"
    found = findings(
        lay_out(tmp_path, {"service.yaml": text + allow, "operation.yaml": own})
    )
    assert [each.rule for each in found] == ["doc-missing", "allow-unused"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("service.yaml", "  Header:\n    doc:", "  Header: 5\n  Other:\n    doc:"),
        (
            "service.yaml",
            "  standards:\n    title:",
            "  standards: 5\n  x:\n    title:",
        ),
        ("service.yaml", "    required: true\n", "    required: yes please\n"),
        ("service.yaml", "code: S2010", "code: []"),
        ("sms_opt_out_create.yaml", "count: {min: 1}", "count: {min: one}"),
        ("sms_opt_out_create.yaml", "TNs: [6788651234]", "TNs: 6788651234"),
        ("sms_send.yaml", "        type: int\n", "        type: [int]\n"),
        ("sms_send.yaml", "summary: Send", "summary: []\ndoc: Send"),
        ("sms_send.yaml", "  CustomerID:\n", "  ToNumber:\n"),
        ("service.yaml", "  opted_out:\n", "  opted_out: 5\n  other:\n"),
        ("service.yaml", "    Session:\n", "    Session: 5\n    Other:\n"),
        ("service.yaml", "{SessionKey: Header/SessionKey}", "{SessionKey: []}"),
        ("sms_opt_out_create.yaml", "create/one_invalid_tn.xml", "create/none.xml"),
        ("sms_opt_out_create.yaml", "    list: TN\n", "    list: [TN]\n"),
        ("sms_opt_out_create.yaml", "      count: 1\n", "      count: one\n"),
    ],
)
def test_mistake_is_reported_once(
    file: str, old: str, new: str, tmp_path: Path
) -> None:
    """What an earlier stage took out is not missed by a rule a second time."""
    service = tmp_path / "revio"
    shutil.copytree(REVIO, service)
    text = (service / file).read_text("utf-8")
    assert old in text
    (service / file).write_text(text.replace(old, new, 1), "utf-8")
    report = Report()
    decoded = decode_service(service, "revio", report)
    before = report.diagnostics
    assert decoded is not None
    assert before
    lint(decoded, report)
    assert report.diagnostics == before, shown(report.diagnostics)


def test_mistakes_of_all_stages_are_reported_together(tmp_path: Path) -> None:
    """A misspelt key hides neither an unknown type nor a broken rule."""
    text = (BASE / "operation.yaml").read_text("utf-8") + (
        "request:\n"
        "  To: {type: strng, requierd: true, doc: Number that is asked.}\n"
        "  From: {type: string, length: [2, 1], doc: Number that asks.}\n"
        "rules: [{exclusive: [To, Form]}]\n"
    )
    found = findings(lay_out(tmp_path, {"operation.yaml": text}))
    assert [each.rule for each in found] == [
        "type-unknown",
        "schema-unknown-key",
        "constraint-range-empty",
        "rule-member-unknown",
    ]


def test_no_part_that_is_missing_stops_the_rules(tmp_path: Path) -> None:
    """Every rule copes with whatever is left of a service after a mistake anywhere."""
    service = tmp_path / "revio"
    shutil.copytree(REVIO, service)
    for file in REVIO_FILES:
        lines = (service / file).read_text("utf-8").splitlines(keepends=True)
        for number, line in enumerate(lines):
            key, colon, _ = line.partition(":")
            if not colon or key.startswith("#"):
                continue
            broken = [
                *lines[:number],
                f"{key}: [[x], {{y: z}}]\n",
                *lines[number + 1 :],
            ]
            (service / file).write_text("".join(broken), "utf-8")
            report = Report()
            decoded = decode_service(service, "revio", report)
            if decoded is not None:
                lint(decoded, report)
            assert report.has_errors, f"{file}: {line}"
        (service / file).write_text("".join(lines), "utf-8")


def test_required_list_that_may_be_empty_ends_a_recursion(tmp_path: Path) -> None:
    """A structure can hold a required list of itself, as long as the list may be empty."""
    text = (BASE / "service.yaml").read_text("utf-8") + (
        "response: {Tree: {type: Tree, doc: A tree.}}\n"
        "types:\n"
        "  Tree:\n"
        "    doc: A tree.\n"
        "    fields:\n"
        "      Trees: {list: Tree, of: Tree, required: true, doc: Those in it.}\n"
    )
    report = Report()
    decoded = decode_service(lay_out(tmp_path, {"service.yaml": text}), "demo", report)
    assert decoded is not None
    lint(decoded, report)
    assert not report.diagnostics, shown(report.diagnostics)


OUTCOME = """
outcome: {success: Ok, code: Code}
errors: {Refused: {code: S1, doc: Refused., messages: [{text: No., source: {page: a}}]}}
pages:
  a: {title: A, url: https://example.com/a, retrieved: 2026-01-31}
  b: {title: B, url: https://example.com/b, retrieved: 2026-01-31}
  c: {title: C, url: https://example.com/c, retrieved: 2026-01-31}
  manual: {title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}
response:
  Ok: {type: boolean, required: true, doc: Whether it went well., as: attribute%s}
  Code: {values: {S1: {doc: Refused., source: {page: b}}, S0: Done.}, doc: What went wrong.}
  Of: {type: string, length: {max: 9, source: {page: c}}, doc: What is meant.}
"""


def of_outcome(folder: Path, more: str, **changes: str) -> list[str]:
    """Return what the rules say of a service with an outcome, its success described further."""
    text = (BASE / "service.yaml").read_text("utf-8")
    text = re.sub("pages:\n.*\n", "", text) + OUTCOME % more
    for old, new in changes.items():
        text = text.replace(old, new)
    text = text.replace("code: Code}", "code: Code, message: Of}")
    service, report = lay_out(folder, {"service.yaml": text}), Report()
    decoded = decode_service(service, "demo", report)
    assert decoded is not None
    lint(decoded, report)
    return [f"{each.rule}: {each.message}" for each in report.diagnostics]


def test_outcome_may_be_an_attribute_and_an_enumeration(tmp_path: Path) -> None:
    """A path ends in whatever has the value; its facts may come from pages of their own."""
    assert of_outcome(tmp_path, "") == []


@pytest.mark.parametrize("state", ["empty: none", "blank: none", "nil: kept"])
def test_success_that_may_have_no_value_is_reported(state: str, tmp_path: Path) -> None:
    """A required member says nothing where its state is read as no value."""
    found = of_outcome(tmp_path, f", {state}", attribute="element")
    assert found == [
        f"outcome-optional: `Ok` may have no value: `Ok` has `{state}`",
    ]


def test_constant_is_no_outcome(tmp_path: Path) -> None:
    """What is not read cannot tell how an operation went."""
    found = of_outcome(tmp_path, "", **{"required: true": "constant: true"})
    assert (
        "outcome-path-unknown: `Ok` leads nowhere: the response has no member `Ok` that is read"
        in found
    )


def test_message_of_another_type_is_reported(tmp_path: Path) -> None:
    """A list of texts is no text."""
    single = "type: string, length: {max: 9, source: {page: c}}"
    found = of_outcome(tmp_path, "", **{single: "list: I, of: string"})
    assert "outcome-type: `Of` must be of type `string`" in found


def test_rules_of_a_shared_structure_are_not_held_against_one_use(
    tmp_path: Path,
) -> None:
    """Where one use requires a member, a rule may say nothing; but it must not contradict."""
    text = (BASE / "service.yaml").read_text("utf-8") + (
        "types:\n"
        "  Line:\n"
        "    doc: A line.\n"
        "    fields:\n"
        "      A: {type: string, doc: One.}\n"
        "      B: {type: string, doc: Another.}\n"
        "    rules: [{at_least_one: [A, B]}, {exclusive: [A, B]}]\n"
        "request:\n"
        "  One: {type: Line, members: {A: required, B: prohibited}, doc: A line.}\n"
        "  Two: {type: Line, doc: A line.}\n"
    )
    both = text.replace("B: prohibited", "B: required")
    for number, (given, expected) in enumerate(
        [(text, []), (both, ["rule-contradiction"])]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        report = Report()
        decoded = decode_service(
            lay_out(folder, {"service.yaml": given}), "demo", report
        )
        assert decoded is not None
        lint(decoded, report)
        assert [each.rule for each in report.diagnostics] == expected


def test_shared_enumeration_says_what_it_means(tmp_path: Path) -> None:
    """An enumeration becomes a class, whose docstring somebody has to write."""
    text = (BASE / "service.yaml").read_text("utf-8") + (
        "types: {Status: {values: [X, Y]}}\n"
        "response: {Status: {type: Status, doc: What is meant.}}\n"
    )
    found = findings(lay_out(tmp_path, {"service.yaml": text}))
    assert [each.message for each in found] == ["nothing says what `Status` means"]


def test_password_in_an_endpoint_is_not_shown(tmp_path: Path) -> None:
    """The message about a URL with a password holds neither the password nor the user."""
    text = (BASE / "service.yaml").read_text("utf-8")
    text = text.replace(
        "https://example.com/api", "https://ann:s3cret@example.com/ api"
    )
    found = findings(lay_out(tmp_path, {"service.yaml": text}))
    assert [each.rule for each in found] == ["endpoint-invalid"]
    assert "s3cret" not in shown(found)
    assert "ann:" not in shown(found)


# Slow patterns


@pytest.mark.parametrize(
    "expression",
    [
        r"(a+)+",
        r"(a*)*",
        r"(a+)+?b",
        r"(a|a)*",
        r"(a|ab|b)*",
        r"((a*)?b)*",
        r"(.*a)*",
        r"(x+x+)+y",
        r"(a+ba*)+",
        r"([a-zA-Z]+)*",
        r"([a-z]+\.?)*",
        r"(\w+\s*)+",
        r"([0-9]{1,3},?)+",
        r"(a{1,20}){1,20}",
        r"(?:\d+|\d+\.\d*)*",
        r"(([a-z])+.)+[A-Z]([a-z])+",
        r"([^,]*,?)*",
        r"([\u0400-\u04ff]+)+",
        # No loop, but more ways than anybody can try.
        "[a-z]?" * 70,
        "a?" * 30 + "a" * 30,
        "(a|a)" * 40,
        "(a?){30}",
        "((a|a){15}){15}",
        r"\d*\d*\d*\d*\d*",
        # What looks ahead, never goes back, ignores case or reads a group again.
        r"(?=(a+)+b)a*",
        r"(?>(a+)+b)",
        r"(?i)(ab|AB)*",
        r"(?i:(ab|AB)*)",
        r"(a+)\1+b",
        # Nobody can tell, or wait for a text.
        r"(a{5000}){5000}",
        "(" * 9 + "){15}" * 9,
        "(" * 9 + "(?=a)" + "){15}" * 9,
        "(?>(" * 9 + "a" + "){15})" * 9,
        "(" + "|".join(f"word{number}" for number in range(300)) + ")*",
        "[a-z]{0,12}" * 45,
        "(" * 90 + "a" + ")*" * 90,
        "(?:" + "|".join(["ab"] * 150) + ")*",
        "(?:" + "|".join(chr(number) + "." for number in range(256, 396)) + ")*",
    ],
)
def test_pattern_with_too_many_ways_is_slow(expression: str) -> None:
    """A text that is read in several ways makes the time double with each character."""
    assert slowness(expression)


@pytest.mark.parametrize(
    "expression",
    [
        r"",
        r"a+",
        r"(|)",
        r"(a?)*",
        r"(a+b)+",
        r"(a|b)*",
        r"(a|bc)*",
        r"x{0,5}",
        r"[A-Z]{1,160}",
        r"[0-9]{10}",
        r"([0-9]{3}){2,5}",
        r"([0-9]{16},?)+",
        r"([a-z]{2})*",
        r"\d{1,3}(,\d{3})*",
        r"[a-z]+(\.[a-z]+)*",
        r"(\w+\.)*\w+@(\w+\.)+\w+",
        r"(?:[A-Z][a-z]*)+",
        r"[^,]+(,[^,]+)*",
        r"\s*\S+\s*",
        r"\d*\d*",
        r".+@.+\..+",
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        r"((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)",
        r"(?!000)\d{3}-(?!00)\d{2}-(?!0000)\d{4}",
        r"([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
        r"\+?1?[-. ]?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}",
        r"https?://[^\s/?#]+(/[^\s]*)?",
        r"\+?[0-9]{1,3}[ -]?[0-9]{3,14}",
        r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}",
        r"(19|20)[0-9]{2}-(0[1-9]|1[0-2])",
        r".{1,160}",
        r"[\w.-]+@[\w-]+(\.[\w-]+)+",
        r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]",
        r"[A-Za-z][A-Za-z .'-]{0,49}",
        "|".join(f"word{number}" for number in range(60)),
        "(?:" + "|".join(f"{number:02}" for number in range(99)) + ")*",
        "(?:"
        + "|".join(f"[{each}-z]" + "[a-z]" * 95 + each.upper() for each in "abcde")
        + ")*",
        "({0})(,({0}))*".format("|".join(f"{n:02}" for n in range(50))),
        # What never goes back, looks ahead, or reads a group again.
        r"(?>a+)+",
        r"(?>(?:)|a)b",
        r"a*+b",
        r"(?P<one>a)(?P=one)+",
        r"(a)?(?(1)b|c)",
        r"(a)(?(1)b)",
        r"(?=a)a+",
        r"(?i:yes|no)+",
    ],
)
def test_pattern_with_few_ways_is_fast(expression: str) -> None:
    """No expression is blamed that is through with a text in no time."""
    assert not slowness(expression)


def test_slow_pattern_is_told_in_no_time() -> None:
    """The check itself stays fast for the largest expressions that it follows."""
    start = time.perf_counter()
    assert slowness("[a-z]?" * 60 + "x*")
    assert not slowness("(?:a" + "[b-z]" * 60 + "A)*")
    assert time.perf_counter() - start < LONG


LONG = 5
"""Seconds; the check takes a hundredth of one."""
