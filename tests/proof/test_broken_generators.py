"""Tests of the tests: whatever is broken in the generator, the tests of its packages notice it.

Each mistake is made in a copy of the generator, which then generates a package with its tests.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
GENERATOR = HERE.parent.parent / "generator"
TESTS = HERE.parent


@dataclass(frozen=True)
class Mistake:
    """A change of one place in the generator.

    Attributes:
        file: The module or template, below the package.
        right: What stands there, once.
        wrong: What stands there instead.
        case: The fragment whose package is generated.
        noticed: A test that fails.
    """

    name: str
    file: str
    right: str
    wrong: str
    case: str
    noticed: str


CHECKED = "test_a_constraint_is_checked"
WRITTEN = "test_a_valid_request_is_written"
STATES = "test_a_member_is_read_in_every_state"
REFUSED = "test_what_is_no_answer_is_refused"
HARMLESS = "test_what_means_nothing_changes_nothing"
SECRET_ANSWER = "test_a_secret_of_an_answer_stays_secret"

_ATOMS = "self._atom_constraint(each, place) for each in kind.constraints"
_LISTS = "constraints=tuple(map(_list_constraint, kind.constraints)),"
_RULES = "        for rule in named.structure.rules\n"


def without(kind: str) -> Mistake:
    """Return the mistake of a generator that leaves out one kind of constraint."""
    unlike = f'type(each).__name__ != "{kind}"'
    if kind in {"Count", "Unique"}:
        kept = f"tuple(_list_constraint(each) for each in kind.constraints if {unlike})"
        wrong = f"constraints={kept},"
        return Mistake(kind, "plan/checks.py", _LISTS, wrong, "constraints", CHECKED)
    wrong = f"{_ATOMS} if {unlike}"
    return Mistake(kind, "plan/checks.py", _ATOMS, wrong, "constraints", CHECKED)


def without_rule(kind: str, case: str) -> Mistake:
    """Return the mistake of a generator that leaves out one kind of rule."""
    wrong = f'{_RULES}        if type(rule).__name__ != "{kind}"\n'
    return Mistake(kind, "plan/rules.py", _RULES, wrong, case, CHECKED)


MISTAKES = [
    # A check removed
    *map(
        without,
        ["Length", "Pattern", "Minimum", "Maximum", "Allowed", "Count", "Unique"],
    ),
    *map(
        without_rule,
        ["MemberRule", "ChoiceRule", "ConditionalRule"],
        ["rules", "choice", "conditions"],
    ),
    Mistake(
        "required",
        "plan/checks.py",
        "    if may_be_none(member):",
        "    if True:",
        "primitives",
        CHECKED,
    ),
    Mistake(
        "enumeration",
        "plan/checks.py",
        "if enumeration.is_open:",
        "if True:",
        "enumerations",
        CHECKED,
    ),
    Mistake(
        "range",
        "plan/module.py",
        'Primitive.INT: Identifier("integer")',
        'Primitive.INT: Identifier("long")',
        "primitives",
        CHECKED,
    ),
    Mistake(
        "what checks found",
        "templates/operation.py.j2",
        "    violations = validate(request)\n    if violations:",
        "    violations = validate(request)[:0]\n    if violations:",
        "constraints",
        CHECKED,
    ),
    Mistake(
        "authentication",
        "templates/operation.py.j2",
        "    violations = [*{{ auth_check(view.authentication) }}, *validate(request)]\n"
        "{% endif %}",
        "    violations = [*validate(request)]\n{% endif %}",
        "answers",
        "test_another_authentication_is_reported",
    ),
    # A secret shown
    Mistake(
        "repr",
        "templates/macros.j2",
        " = field(default={{ attribute.default }}, repr=False)",
        " = field(default={{ attribute.default }})",
        "answers",
        SECRET_ANSWER,
    ),
    Mistake(
        "repr of a member that is required",
        "templates/macros.j2",
        " = field(repr=False)",
        "",
        "header_authentication",
        "test_a_secret_does_not_show",
    ),
    Mistake(
        "names of secrets",
        "templates/types.py.j2",
        "{% if view.secrets %}",
        "{% if view.secrets and not view.secrets %}",
        "header_authentication",
        SECRET_ANSWER,
    ),
    Mistake(
        "start of a document",
        "runtime/redaction.py",
        "    if not secrets:\n        return text\n    patterns",
        "    if secrets or not secrets:\n        return text\n    patterns",
        "header_authentication",
        SECRET_ANSWER,
    ),
    Mistake(
        "answer in an error",
        "runtime/redaction.py",
        "    shown = copy.copy(instance)\n",
        "    return instance\n",
        "answers",
        SECRET_ANSWER,
    ),
    Mistake(
        "value in a violation",
        "runtime/checks.py",
        'f"must be {wanted}, not {kind}"',
        'f"must be {wanted}, not {value!r}"',
        "attributes",
        "test_a_secret_of_a_request_stays_secret",
    ),
]


# Mistakes in what is written and read, most of them in values that no sample of a package has.
VALUES = "test_values.py::test_a_valid_request_says_what_was_put_into_it"
ANSWERS = "test_damaged_answers.py::test_damaged_answers_are_refused_or_read_alike"
ACCEPTED = "test_damaged_answers.py::test_what_only_lxml_takes"
NAMESPACES = "test_damaged_answers.py::test_a_namespace_that_is_not_documented"
INVALID = "test_values.py::test_an_invalid_request_is_reported_and_not_sent"

DOCUMENTS = [
    Mistake(
        "ampersands",
        "runtime/writing.py",
        'value = value.replace("&", "&amp;")',
        "pass",
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "carriage returns",
        "runtime/writing.py",
        'value = value.replace("\\r", "&#13;")',
        "pass",
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "scale",
        "runtime/writing.py",
        'return format(value, "f")',
        'return format(value.normalize(), "f")',
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "nanoseconds",
        "runtime/timestamp.py",
        'digits = f"{self._nanosecond:03}".rstrip("0")',
        'digits = ""',
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "zone",
        "runtime/writing.py",
        'return f"{written[:-6]}Z" if written.endswith("+00:00") else written',
        'return f"{written[:19]}Z" if "+" in written else written',
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "characters",
        "runtime/checks.py",
        "if not _forbidden().search(value):",
        "if value is not None:",
        "protocols.other_call",
        INVALID,
    ),
    Mistake(
        "order of members",
        "plan/writes.py",
        "for member in shown_fields(self._named.structure):",
        "for member in reversed(shown_fields(self._named.structure)):",
        "primitives.echo",
        VALUES,
    ),
    Mistake(
        "DOCTYPE",
        "runtime/document.py",
        'if "<!DOCTYPE" in text and _has_doctype(text):',
        'if "<!DOCTYPE" not in text and _has_doctype(text):',
        "minimal.ping",
        ACCEPTED,
    ),
    Mistake(
        "depth",
        "runtime/document.py",
        "DEPTH_LIMIT = 256",
        "DEPTH_LIMIT = 257",
        "minimal.ping",
        ACCEPTED,
    ),
    Mistake(
        "namespaces",
        "runtime/source.py",
        'self[tag] = name if known else ""',
        "self[tag] = name if known or name else name",
        "primitives.echo",
        NAMESPACES,
    ),
    Mistake(
        "blanks in a text",
        "runtime/reading.py",
        '    """The text as it is, with its blanks."""\n    return text\n',
        '    """The text as it is, with its blanks."""\n    return text.strip()\n',
        "answers.join",
        ANSWERS,
    ),
    Mistake(
        "text behind an element",
        "runtime/elements.py",
        'return value + "".join(child.tail or "" for child in element)',
        "return value",
        "primitives.echo",
        ANSWERS,
    ),
    Mistake(
        "an exception that is not documented",
        "runtime/reading.py",
        "    if not -limit <= number < limit:\n        raise NotAValue(wanted)\n",
        "    if not -limit <= number < limit:\n        raise ValueError(wanted)\n",
        "primitives.echo",
        ANSWERS,
    ),
]


# Mistakes in how files get to their places.
EVERY_CALL = "../test_output.py::test_kill_at_every_call[exchange-old]"

WRITES = [
    Mistake(
        "one step",
        "output/disk.py",
        "        elif not _exchange(staging, folder):\n            _take_turns(staging, folder)\n",
        "        else:\n            shutil.rmtree(folder)\n            staging.rename(folder)\n",
        "",
        EVERY_CALL,
    ),
    Mistake(
        "staging",
        "output/writing.py",
        "        _build(folder, staging, plan, wanted)\n",
        "        _build(folder, staging, plan, wanted)\n        _build(folder, folder, plan, wanted)\n",
        "",
        EVERY_CALL,
    ),
    Mistake(
        "one at a time",
        "output/disk.py",
        "        fcntl.flock(descriptor, fcntl.LOCK_EX)\n",
        "        pass\n",
        "",
        "../test_output.py::test_running_generator",
    ),
]


def broken_copy(mistake: Mistake, parent: Path) -> Path:
    """Return a copy of the generator with a mistake in it."""
    copy = parent / "generator"
    # Links would change the state of the sources, by which runs tell generators apart.
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(GENERATOR, copy, ignore=ignored)
    file = copy / "soapstone" / mistake.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mistake.right) == 1, mistake.name
    file.write_text(text.replace(mistake.right, mistake.wrong), encoding="utf-8")
    return copy


def run(
    *command: object, generator: Path, case: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command with a generator of its own, on one case alone."""
    return subprocess.run(
        [sys.executable, *map(str, command)],
        env=os.environ
        | {
            "PYTHONPATH": str(generator),
            "PYTHONDONTWRITEBYTECODE": "1",
            "COVERAGE_PROCESS_CONFIG": "",
            "SOAPSTONE_PROOF": "1",
            "SOAPSTONE_PROOF_ONLY": case,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def failing(generator: Path, case: str, target: Path, start: str) -> list[str]:
    """Return which tests of the package of a case fail, of those whose names start in some way."""
    target.mkdir()
    specs = TESTS / "cases" / case
    program = HERE / "proof_broken.py"
    ended = run(program, generator, specs, target, TESTS, start, generator=generator)
    assert ended.returncode == 0, ended.stderr
    found: list[str] = json.loads(ended.stdout)
    return found


@pytest.mark.parametrize("case", sorted({each.case for each in MISTAKES}))
def test_the_generator_as_it_is(case: str, tmp_path: Path) -> None:
    """Without a mistake no test fails, so that it is the mistake that the others are about."""
    assert failing(GENERATOR, case, tmp_path / "package", "test_") == []


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_package_notices_what_is_missing(mistake: Mistake, tmp_path: Path) -> None:
    """A check that the generator leaves out, or a secret that it shows, fails a test that it ships."""
    generator = broken_copy(mistake, tmp_path)
    target = tmp_path / "package"
    found = failing(generator, mistake.case, target, mistake.noticed)
    assert found == [mistake.noticed]


@pytest.mark.parametrize("mistake", DOCUMENTS, ids=lambda mistake: mistake.name)
def test_a_proof_notices_what_is_wrong(mistake: Mistake, tmp_path: Path) -> None:
    """A mistake in what is written or read fails the proof of it."""
    generator = broken_copy(mistake, tmp_path)
    ended = tried(f"{mistake.noticed}[{mistake.case}]", mistake.case, generator)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout


def tried(test: str, case: str, generator: Path) -> subprocess.CompletedProcess[str]:
    """Run a test of this project with another generator."""
    return run(
        *("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist"),
        *("--rootdir", TESTS.parent, HERE / test),
        generator=generator,
        case=case.partition(".")[0],
    )


@pytest.mark.parametrize("mistake", WRITES, ids=lambda mistake: mistake.name)
def test_a_write_that_is_not_atomic(mistake: Mistake, tmp_path: Path) -> None:
    """A generator that puts files into their places in another way fails the tests of that."""
    ended = tried(mistake.noticed, "", broken_copy(mistake, tmp_path))
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED, ended.stdout
