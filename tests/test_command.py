"""Promises of the command, tried as its user would: by what it prints, writes and exits with."""

from __future__ import annotations

import errno
import io
import json
import os
import pty
import re
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import soapstone
from soapstone import explanations
from soapstone.command import generating as generating_module
from soapstone.command import main, services
from soapstone.diagnostics import Span
from soapstone.output import LOCK_NAME, OutputError, Package, Written
from soapstone.output import write as write_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from soapstone.diagnostics import Report
    from soapstone.workers import Workers

SOURCE = Path(soapstone.__file__).parent.parent
SPECS = Path(__file__).parent.parent / "specs" / "revio"
COMMANDS = (
    *("check", "coverage", "dump", "explain", "generate", "lint", "new"),
    "vendor",
)


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


@dataclass
class Workshop:
    """A folder with specs, in which the command runs inside this process."""

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

    def path(self, path: str) -> Path:
        """Return a path in the folder."""
        return self.folder / path

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text in a file."""
        text = self.path(path).read_text("utf-8")
        assert old in text
        self.path(path).write_text(text.replace(old, new, 1), "utf-8")

    def add_service(self, name: str) -> None:
        """Add a copy of the service under another name."""
        shutil.copytree(SPECS, self.path(f"specs/{name.lower()}"))
        self.replace(
            f"specs/{name.lower()}/service.yaml", "service: Revio", f"service: {name}"
        )

    def files(self, folder: str = "generated") -> dict[str, bytes]:
        """Return every file below a folder."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.path(folder).rglob("*"))
            if path.is_file()
        }


@pytest.fixture
def workshop(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Workshop:
    """Return a folder with a copy of the real specs, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "SOAPSTONE_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(SPECS, tmp_path / "specs" / "revio")
    return Workshop(tmp_path, capsys, monkeypatch)


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process that finds the generator under test."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("LC_")
    }
    return {**kept, "PYTHONPATH": str(SOURCE), "TERM": "xterm", **changes}


def run(folder: Path, *arguments: str | bytes, **changes: str) -> Ended:
    """Run the command in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "soapstone", *arguments],
        cwd=folder,
        env=environment(**changes),
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Ended(
        ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8")
    )


def on_terminal(folder: Path, *arguments: str, **changes: str) -> tuple[int, str]:
    """Run the command on a terminal; return its exit code and all that stands there."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "soapstone", *arguments],
        cwd=folder,
        env=environment(**changes),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = b"".join(read_all(ours))
    os.close(ours)
    return process.returncode, shown.decode("utf-8")


def read_all(descriptor: int) -> Iterator[bytes]:
    """Return what a terminal shows until nobody writes to it any more."""
    while True:
        try:
            part = os.read(descriptor, 65536)
        except OSError:
            return
        if not part:
            return
        yield part


MISTAKES = (
    ("service.yaml", "envelope: soap11", "envelope: soap13", "soap13"),
    (
        "sms_send.yaml",
        "    required: true\n    pattern",
        "    requird: true\n    pattern",
        "requird",
    ),
    ("sms_send.yaml", "length: [1, 160]", "length: [1, many]", "many"),
)


def break_spec(workshop: Workshop, service: str = "revio") -> list[str]:
    """Make a mistake of each kind in a service; return where they are."""
    places: list[str] = []
    for file, old, new, mistake in MISTAKES:
        path = f"specs/{service}/{file}"
        workshop.replace(path, old, new)
        before, _, _ = workshop.path(path).read_text("utf-8").partition(mistake)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        places.append(f"{path}:{line}:{column}")
    return places


def warn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the first service carry a warning."""
    for name in ("compile_service", "build_package"):
        original: Callable[..., object] = getattr(services, name)

        def warned(
            folder: Path,
            report: Report,
            *workers: Workers,
            stage: Callable[..., object] = original,
        ) -> object:
            report.warning("some-rule", Span("specs/revio/service.yaml", 3, 1), "odd")
            return stage(folder, report, *workers)

        monkeypatch.setattr(services, name, warned)


# Help and wrong usage


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_shows_an_example(
    workshop: Workshop, command: str
) -> None:
    """Whoever asks how a command is used is shown a line to copy."""
    ended = workshop(command, "--help")
    assert ended.code == 0
    _, _, examples = ended.out.partition("Examples:\n")
    assert f"    soapstone {command}" in examples


def test_help_lists_the_commands(workshop: Workshop) -> None:
    """The command alone says what it can do, and what its exit codes mean."""
    ended = workshop("--help")
    assert ended.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z].*\.$", ended.out, re.MULTILINE)
    assert "Exit codes: 0 clean, 1 problems found, 2 wrong usage." in ended.out


def test_version(workshop: Workshop) -> None:
    """The version is one line."""
    assert workshop("--version") == Ended(0, f"soapstone {soapstone.__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--loud"], "No such option"),
        (["carve"], "No such command 'carve'"),
        (["lint", "--loud"], "No such option"),
        (["lint", "--format", "xml"], "'xml' is not one of"),
        (["lint", "a", "b"], "unexpected extra argument"),
        (["lint", "nowhere"], "there is no folder `nowhere`; give the folder"),
        (
            ["lint", "specs/revio/sms_send.yaml"],
            "is a file; give its folder, `specs/revio`",
        ),
        (
            ["check", "empty"],
            "`empty` holds no service: there is neither `empty/service.yaml`",
        ),
        (["generate", "--jobs", "0"], "0 is not in the range"),
        (["generate", "--out", "specs/revio/service.yaml"], "is a file"),
        (["generate", "--out", "specs"], "--out is the folder of the specs"),
        (["generate", "specs/revio", "--out", "specs"], "--out is the folder of"),
        (["dump", "nowhere"], "there is no folder `nowhere`"),
        (["explain"], "give one rule, or --list"),
        (["explain", "some-rule", "--list"], "give one rule, or --list"),
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_with_2(
    workshop: Workshop, arguments: list[str], sentence: str
) -> None:
    """What cannot be meant is answered with a sentence and exit code 2, and nothing is written."""
    workshop.path("empty").mkdir()
    ended = workshop(*arguments)
    assert ended.code == 2
    assert sentence in ended.err
    assert "Usage: soapstone" in ended.err
    assert ended.out == ""
    assert not workshop.path("generated").exists()


def test_no_arguments_show_the_help(workshop: Workshop) -> None:
    """The command without anything shows its help, as wrong usage."""
    ended = workshop()
    assert ended.code == 2
    assert "Commands:" in ended.err


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["explain", "--list"]]
)
def test_quick_commands_import_nothing_heavy(
    tmp_path: Path, arguments: list[str]
) -> None:
    """Help and explanations do not wait for the libraries that they do not need."""
    script = (
        "import sys\n"
        "from soapstone.command import main\n"
        "try:\n    main()\n"
        "except SystemExit as leaving:\n    assert not leaving.code\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=tmp_path,
        # A measurement of coverage imports libraries of its own.
        env={
            name: value
            for name, value in environment().items()
            if "COVERAGE" not in name
        },
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.partition(".")[0] for name in ended.stderr.split()}
    assert "soapstone" in loaded
    assert not loaded & {"black", "jinja2", "jsonschema", "yaml", "multiprocessing"}


def test_the_module_is_the_command(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`python -m soapstone` does the same, and importing the module does nothing."""
    monkeypatch.setattr(sys, "argv", ["soapstone", "--version"])
    with pytest.raises(SystemExit):
        runpy.run_module("soapstone", run_name="__main__")
    assert workshop.capture.readouterr().out.startswith("soapstone ")
    runpy.run_module("soapstone.__main__", run_name="worker")
    assert workshop.capture.readouterr().out == ""


def test_shell_completion_works(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shell can ask for its completion script."""
    monkeypatch.setenv("_SOAPSTONE_COMPLETE", "zsh_source")
    ended = workshop()
    assert ended.code == 0
    assert "compdef" in ended.out


# explain


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be two rules."""
    known = {"field-unknown": "# field-unknown\n\nLong.\n", "value": "# value\n"}
    monkeypatch.setattr(explanations, "_texts", lambda: known)


@pytest.mark.usefixtures("rules")
def test_explain_prints_what_there_is_to_know(workshop: Workshop) -> None:
    """The text about a rule is printed as it stands."""
    assert workshop("explain", "field-unknown") == Ended(
        0, "# field-unknown\n\nLong.\n", ""
    )


@pytest.mark.usefixtures("rules")
def test_explain_lists_every_rule_with_its_summary(workshop: Workshop) -> None:
    """The list has a line for each rule, in columns."""
    lines = workshop("explain", "--list").out.split("\n")
    assert lines == ["field-unknown  Long.", "value          ", ""]


@pytest.mark.usefixtures("rules")
@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("Field-unknwon", "did you mean `field-unknown`?"),
        ("zzz", "--list names them all"),
    ],
)
def test_explain_of_no_rule_says_which_is_near(
    workshop: Workshop, rule: str, hint: str
) -> None:
    """A rule that does not exist is wrong usage, with the nearest one that does."""
    ended = workshop("explain", rule)
    assert ended.code == 2
    assert f"there is no rule `{rule}`; {hint}" in ended.err


# lint


def test_lint_of_clean_specs_says_so(workshop: Workshop) -> None:
    """Where there is nothing to mend one line says what was looked at."""
    operations = len(list(SPECS.glob("*.yaml"))) - 1
    said = f"no problems in 1 service, {operations} operations\n"
    assert workshop("lint") == Ended(0, said, "")
    assert workshop("lint", "specs/revio").out.startswith("no problems in 1 service,")
    assert workshop("lint", "--format", "json") == Ended(0, "[]\n", "")
    assert workshop("lint", "--format", "github").out.startswith("no problems")


def test_lint_shows_every_mistake_at_its_place(workshop: Workshop) -> None:
    """All mistakes of all files come in one run, each with its line, a caret and the count."""
    places = break_spec(workshop)
    ended = workshop("lint")
    assert (ended.code, ended.err) == (1, "")
    assert re.findall(r"^(specs/\S+): error: ", ended.out, re.MULTILINE) == places
    lines = ended.out.splitlines()
    place = next(at for at, line in enumerate(lines) if "key `requird`" in line)
    number = int(places[1].split(":")[1])
    assert lines[place + 1 : place + 4] == [
        f"{number:>5} |     requird: true",
        "      |     ^",
        "  hint: did you mean `required`?",
    ]
    assert lines[-1] == "3 errors"


def test_lint_for_programs_and_for_github(workshop: Workshop) -> None:
    """The same mistakes come as JSON and as annotations."""
    places = break_spec(workshop)
    ended = workshop("lint", "--format", "json")
    assert (ended.code, ended.err) == (1, "")
    found = json.loads(ended.out)
    assert [f"{at['path']}:{at['line']}:{at['column']}" for at in found] == places
    ended = workshop("lint", "--format", "github")
    assert (ended.code, ended.err) == (1, "")
    annotations = ended.out.splitlines()
    for place, annotation in zip(places, annotations, strict=True):
        path, line, column = place.split(":")
        assert annotation.startswith(f"::error file={path},line={line},col={column},")


def test_warnings_are_shown_and_are_no_failure(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning is something to look at: every command shows it and goes on."""
    warn(monkeypatch)
    warning = "specs/revio/service.yaml:3:1: warning: odd [some-rule]\n"
    ended = workshop("lint")
    assert ended.code == 0
    assert ended.out.startswith(warning)
    assert ended.out.endswith("1 warning\n")
    ended = workshop("generate")
    assert (ended.code, ended.err.startswith(warning)) == (0, True)
    assert ended.out.startswith("revio: created ")
    ended = workshop("check")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(warning)
    assert ended.out.endswith("generated/ equals what the specs say\n")
    ended = workshop("dump")
    assert (ended.code, ended.err.startswith(warning)) == (0, True)
    assert json.loads(ended.out)["services"]


def test_two_services_cannot_have_one_package(workshop: Workshop) -> None:
    """Two services under one name are a mistake of the specs, with both places."""
    workshop.add_service("Other")
    workshop.replace("specs/other/service.yaml", "service: Other", "service: Revio")
    for command in ("lint", "generate", "check", "dump"):
        ended = workshop(command)
        assert ended.code == 1
        said = ended.out + ended.err
        assert "error: package `revio` would be that of another service too" in said
        assert re.search(r"specs/revio/service.yaml:3:\d+: error: ", said)
        assert re.search(r"specs/other/service.yaml:3:\d+: note: the other", said)
    assert not workshop.path("generated").exists()


# generate


def test_generate_writes_the_package_once(workshop: Workshop) -> None:
    """The first run creates the package, the second has nothing to do and touches nothing."""
    ended = workshop("generate")
    assert (ended.code, ended.err) == (0, "")
    files = workshop.files()
    head, *changes = ended.out.splitlines()
    assert head == f"revio: created {len(files)} files"
    assert changes == [f"  created {path}" for path in files]
    before = workshop.path("generated/revio/sms_send.py").stat()
    ended = workshop("generate")
    assert ended == Ended(0, f"revio: {len(files)} files unchanged\n", "")
    assert workshop.path("generated/revio/sms_send.py").stat() == before


def test_generate_says_what_changed(workshop: Workshop) -> None:
    """What was created, updated, deleted and left is counted, and what changed is named."""
    workshop("generate")
    for path in workshop.path("specs/revio").glob("sms_opt_out_delete*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    workshop.path("generated/revio/sms_send.py").unlink()
    ended = workshop("generate")
    assert (ended.code, ended.err) == (0, "")
    head, *changes = ended.out.splitlines()
    assert re.fullmatch(
        r"revio: created 1 file, updated \d+ files, deleted \d+ files, \d+ files unchanged",
        head,
    )
    assert "  created generated/revio/sms_send.py" in changes
    assert "  updated generated/revio/__init__.py" in changes
    assert "  deleted generated/revio/sms_opt_out_delete.py" in changes
    assert not workshop.path("generated/revio/sms_opt_out_delete.py").exists()
    assert workshop("check").code == 0


def test_generate_writes_nothing_when_any_service_has_mistakes(
    workshop: Workshop,
) -> None:
    """The mistakes of all services come in one run, and the sound ones are not written either."""
    workshop.add_service("Alpha")
    workshop.add_service("Zulu")
    places = break_spec(workshop) + break_spec(workshop, "zulu")
    ended = workshop("generate")
    assert (ended.code, ended.out) == (1, "")
    assert re.findall(r"^(specs/\S+): error: ", ended.err, re.MULTILINE) == places
    assert ended.err.endswith("6 errors\n")
    assert not workshop.path("generated").exists()


def test_generate_keeps_what_was_edited_by_hand(workshop: Workshop) -> None:
    """A hand-edited file is refused and kept, and no other package is touched either."""
    workshop.add_service("Alpha")
    workshop("generate")
    file = workshop.path("generated/revio/types.py")
    file.write_bytes(file.read_bytes() + b"# mine\n")
    workshop.path("generated/alpha/types.py").unlink()
    before = workshop.files()
    ended = workshop("generate")
    assert (ended.code, ended.out) == (1, "")
    first, hint, *ending = ended.err.splitlines()
    assert first.startswith("generated/revio/types.py: edited: `revio/types.py` was ")
    assert hint.startswith("  hint: move the change into the spec; ")
    assert ending == ["1 difference", "nothing was written"]
    assert workshop.files() == before
    assert workshop("generate", "--dry-run").code == 1


def test_force_replaces_what_was_edited_by_hand(workshop: Workshop) -> None:
    """With `--force` the edit is gone and the package is what the specs say."""
    workshop("generate")
    file = workshop.path("generated/revio/types.py")
    original = file.read_bytes()
    file.write_bytes(original + b"# mine\n")
    ended = workshop("generate", "--force")
    assert (ended.code, ended.err) == (0, "")
    assert "  updated generated/revio/types.py" in ended.out
    assert file.read_bytes() == original


def test_generate_keeps_foreign_files(workshop: Workshop) -> None:
    """What somebody put beside our files is theirs, and no difference."""
    workshop("generate")
    workshop.path("generated/revio/notes.txt").write_text("mine", "utf-8")
    assert workshop("check").code == 0
    workshop.replace("specs/revio/sms_send.yaml", "Text to send.", "What to send.")
    assert workshop("generate").code == 0
    assert workshop.path("generated/revio/notes.txt").read_text("utf-8") == "mine"


def test_dry_run_writes_nothing(workshop: Workshop) -> None:
    """A preview names what a run would do, does nothing, and is no failure."""
    ended = workshop("generate", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    assert re.match(r"revio: would create \d+ files\n  create generated/", ended.out)
    assert not workshop.path("generated").exists()
    workshop("generate")
    assert re.fullmatch(
        r"revio: \d+ files unchanged\n", workshop("generate", "--dry-run").out
    )


def test_generate_of_one_service_leaves_the_others(workshop: Workshop) -> None:
    """Who gives one service's folder means that service, also when it runs from elsewhere."""
    workshop.add_service("Alpha")
    workshop("generate")
    shutil.rmtree(workshop.path("specs/revio"))
    ended = workshop("generate", "specs/alpha")
    assert re.fullmatch(r"alpha: \d+ files unchanged\n", ended.out)
    assert workshop.path("generated/revio").exists()
    assert workshop("check", "specs/alpha") == Ended(
        0, "generated/alpha/ equals what the specs say\n", ""
    )


def test_generate_removes_packages_without_specs(workshop: Workshop) -> None:
    """A package whose specs are gone goes too, but not what somebody put into it."""
    workshop.add_service("Alpha")
    workshop("generate")
    shutil.rmtree(workshop.path("specs/alpha"))
    workshop.path("generated/alpha/notes.txt").write_text("mine", "utf-8")
    ended = workshop("generate")
    assert (ended.code, ended.err) == (0, "")
    assert re.search(r"^alpha: deleted \d+ files$", ended.out, re.MULTILINE)
    assert "  deleted generated/alpha/sms_send.py" in ended.out
    left = [path for path in workshop.files() if path.startswith("generated/alpha/")]
    assert left == ["generated/alpha/notes.txt"]


def test_an_edited_package_without_specs_is_kept(workshop: Workshop) -> None:
    """An edit is not lost with its package, not even by force; the remedy is one that works."""
    workshop.add_service("Alpha")
    workshop("generate")
    shutil.rmtree(workshop.path("specs/alpha"))
    workshop.path("generated/alpha/types.py").write_text("# mine\n", "utf-8")
    before = workshop.files()
    ended = workshop("generate", "--force")
    assert (ended.code, ended.out) == (1, "")
    assert "generated/alpha/types.py: edited: " in ended.err
    assert "hint: bring its specs back, or remove the folder" in ended.err
    assert workshop.files() == before


def test_a_leftover_with_an_impossible_name_is_refused(workshop: Workshop) -> None:
    """Somebody's copy of a package under a name that none can have is reported, not removed."""
    workshop("generate")
    copy = workshop.path("generated/revio:old")
    shutil.copytree(workshop.path("generated/revio"), copy)
    ended = workshop("generate")
    assert ended.code == 1
    assert "generated/revio:old: orphan: " in ended.err
    assert copy.exists()


def test_generate_for_programs(workshop: Workshop) -> None:
    """JSON says in one document what was found, refused and done."""
    ended = workshop("generate", "--format", "json", "--dry-run")
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    (package,) = document.pop("packages")
    assert document == {
        "dry_run": True,
        "diagnostics": [],
        "refused": [],
        "failures": [],
    }
    assert package["name"] == "revio"
    assert f"generated/revio/{LOCK_NAME}" in package["created"]
    assert package["updated"] == package["deleted"] == package["unchanged"] == []
    workshop("generate")
    workshop.path("generated/revio/types.py").write_text("# mine\n", "utf-8")
    ended = workshop("generate", "--format", "json")
    document = json.loads(ended.out)
    assert (ended.code, ended.err) == (1, "")
    assert document["packages"] == []
    assert document["refused"][0]["path"] == "generated/revio/types.py"
    break_spec(workshop)
    document = json.loads(workshop("generate", "--format", "json").out)
    assert len(document["diagnostics"]) == 3


def test_generate_for_github(workshop: Workshop) -> None:
    """Annotations and results stand in one stream, as the log of a workflow shows them."""
    assert workshop("generate", "--format", "github").out.startswith("revio: created")
    workshop.path("generated/revio/types.py").write_text("# mine\n", "utf-8")
    ended = workshop("generate", "--format", "github")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.startswith("::error file=generated/revio/types.py,title=edited::")
    assert ended.out.endswith("\nnothing was written\n")
    break_spec(workshop)
    ended = workshop("generate", "--format", "github")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.count("::error file=specs/") == 3


def test_jobs_change_nothing_but_the_time(workshop: Workshop) -> None:
    """Built in several processes, the packages and what is said are the same."""
    workshop.add_service("Alpha")
    alone = workshop("generate", "--out", "alone")
    jobs = run(workshop.folder, "generate", "--out", "jobs", "--jobs", "3")
    assert (jobs.code, jobs.err) == (0, "")
    assert jobs.out == alone.out.replace("alone/", "jobs/")
    expected = {
        path.replace("alone/", "jobs/"): content
        for path, content in workshop.files("alone").items()
    }
    assert workshop.files("jobs") == expected
    break_spec(workshop)
    alone = workshop("generate")
    assert run(workshop.folder, "generate", "--jobs", "2") == alone


def test_a_killed_worker_is_a_sentence(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that the system kills, for want of memory say, is no bug and no traceback."""
    workshop.add_service("Alpha")
    ours = os.getpid()

    def build(*_: object) -> None:
        assert os.getpid() != ours
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(services, "build_package", build)
    ended = workshop("generate", "--jobs", "2")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("Error: a process was killed while it built a package")
    assert not workshop.path("generated").exists()


def test_a_disk_that_refuses_is_a_sentence(workshop: Workshop) -> None:
    """Where nothing can be written the path and the reason are said, with exit code 1."""
    ended = workshop("generate", "--out", "/proc/soapstone")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "Error: `/proc/soapstone`: No such file or directory; the package is as it was "
        "before\nnothing was written\n"
    )
    ended = workshop("generate", "--out", "/proc/soapstone", "--format", "json")
    assert ended.code == 1
    assert json.loads(ended.out)["failures"]


def test_one_package_that_fails_does_not_hide_the_others(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses one package, what was done with the others is still said."""
    workshop.add_service("Alpha")
    original = write_package

    def write(package: Package, out: Path, *, force: bool, dry_run: bool) -> Written:
        if package.name == "alpha" and not dry_run:
            raise OutputError("`generated/alpha`: no space")
        return original(package, out, force=force, dry_run=dry_run)

    monkeypatch.setattr(generating_module, "write", write)
    ended = workshop("generate")
    assert ended.code == 1
    assert ended.err == "Error: `generated/alpha`: no space\n"
    assert ended.out.startswith("revio: created ")


def test_an_output_folder_that_cannot_be_read_is_a_sentence(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Trouble with the folder of the packages is reported before anything is written."""

    def refuse(out: Path, names: object) -> object:
        raise OutputError(f"`{out}`: Permission denied {bool(names)}")

    monkeypatch.setattr(generating_module, "leftover_packages", refuse)
    ended = workshop("generate")
    assert ended.code == 1
    assert ended.err.startswith("Error: `generated`: Permission denied")
    workshop.path("loop").symlink_to("loop")
    ended = workshop("check", "--out", "loop")
    assert ended.code == 1
    assert ended.err.startswith("Error: `")
    assert "Too many levels of symbolic links" in ended.err


# check


def test_check_of_a_package_that_is_not_there(workshop: Workshop) -> None:
    """Before the first run one line says so, and nothing is written."""
    ended = workshop("check")
    assert ended.code == 1
    assert ended.err == ""
    assert ended.out.splitlines() == [
        "generated/revio: missing: `revio` is not generated yet",
        "  hint: run `soapstone generate`",
        "1 difference",
    ]
    assert not workshop.path("generated").exists()


def test_check_of_a_package_that_is_right(workshop: Workshop) -> None:
    """When nothing differs one line says so."""
    workshop("generate")
    assert workshop("check") == Ended(0, "generated/ equals what the specs say\n", "")
    workshop("generate", "--out", "deep/er")
    assert workshop("check", "--out", "deep/er").out.startswith("deep/er/ equals")


def test_check_tells_the_causes_apart(workshop: Workshop) -> None:
    """Edited, missing, orphaned and outdated files are told apart, and nothing is changed."""
    workshop.add_service("Alpha")
    workshop("generate")
    shutil.rmtree(workshop.path("specs/alpha"))
    workshop.replace("specs/revio/sms_send.yaml", "Text to send.", "What to send.")
    for path in workshop.path("specs/revio").glob("sms_opt_out_delete*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    workshop.path("generated/revio/types.py").write_text("# mine\n", "utf-8")
    workshop.path("generated/revio/_runtime/checks.py").unlink()
    before = workshop.files()
    ended = workshop("check", "--format", "json")
    assert (ended.code, ended.err) == (1, "")
    document = json.loads(ended.out)
    assert document["diagnostics"] == []
    causes = {each["path"]: each["cause"] for each in document["differences"]}
    assert list(causes) == sorted(causes)
    expected = {
        "generated/alpha": "orphan",
        "generated/revio/_runtime/checks.py": "missing",
        "generated/revio/sms_opt_out_delete.py": "orphan",
        "generated/revio/sms_send.py": "spec changed",
        "generated/revio/types.py": "edited",
    }
    assert expected.items() <= causes.items()
    text = workshop("check").out
    for path, cause in causes.items():
        assert f"\n{path}: {cause}: `" in f"\n{text}"
    assert text.endswith(f"{len(causes)} differences\n")
    assert workshop("check", "--format", "github").out.count("::error file=") == len(
        causes
    )
    assert workshop.files() == before


def test_check_of_specs_with_mistakes_shows_these(workshop: Workshop) -> None:
    """As long as the specs are wrong, that is what there is to mend."""
    break_spec(workshop)
    ended = workshop("check")
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.endswith("3 errors\n")
    assert "generated" not in ended.out
    document = json.loads(workshop("check", "--format", "json").out)
    assert len(document["diagnostics"]) == 3
    assert document["differences"] == []


# dump


def test_dump_prints_every_service(workshop: Workshop) -> None:
    """The model comes as one document, in the order of the folders."""
    workshop.add_service("Alpha")
    ended = workshop("dump")
    assert (ended.code, ended.err) == (0, "")
    assert [each["name"] for each in json.loads(ended.out)["services"]] == [
        "Alpha",
        "Revio",
    ]


def test_dump_of_specs_with_mistakes_prints_no_half(workshop: Workshop) -> None:
    """With mistakes there is no model: they stand on stderr, and stdout is empty."""
    break_spec(workshop)
    ended = workshop("dump")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("3 errors\n")


def test_specs_that_are_no_mapping_are_reported(workshop: Workshop) -> None:
    """A service of which nothing can be read is a located error like any other."""
    workshop.path("specs/revio/service.yaml").write_text("- a\n", "utf-8")
    for command in ("lint", "generate", "check", "dump"):
        ended = workshop(command)
        assert ended.code == 1
        assert "specs/revio/service.yaml:1:1: error: " in ended.out + ended.err


# Wherever and however it runs


def test_it_runs_from_anywhere(workshop: Workshop) -> None:
    """From another folder the places are as the user can open them, with excerpts."""
    place = break_spec(workshop)[1]
    elsewhere = workshop.path("else/where")
    elsewhere.mkdir(parents=True)
    for shown in ("../..", str(workshop.folder)):
        ended = run(elsewhere, "lint", f"{shown}/specs")
        assert ended.code == 1
        assert f"\n{shown}/{place}: error: " in ended.out
        assert " |     requird: true\n" in ended.out
    ended = run(workshop.path("specs/revio"), "lint", ".")
    assert re.search(r"^(\./)?sms_send.yaml:", ended.out, re.MULTILINE)


def test_exit_codes_of_the_process(workshop: Workshop) -> None:
    """The process ends with 0, 1 or 2, as documented."""
    assert run(workshop.folder, "lint").code == 0
    assert run(workshop.folder, "check").code == 1
    assert run(workshop.folder, "lint", "nowhere").code == 2


def test_colours_on_a_terminal_alone(workshop: Workshop) -> None:
    """On a terminal there are colours, unless NO_COLOR is set; in a pipe there are none."""
    break_spec(workshop)
    code, shown = on_terminal(workshop.folder, "lint", NO_COLOR="")
    assert code == 1
    assert "\x1b[31m\x1b[1merror:\x1b[0m" in shown
    plain = run(workshop.folder, "lint").out
    assert "\x1b" not in plain
    code, shown = on_terminal(workshop.folder, "lint", NO_COLOR="1")
    assert shown.replace("\r\n", "\n") == plain


def test_a_bar_for_many_services_on_a_terminal_alone(workshop: Workshop) -> None:
    """Who waits for many services sees how far they are; a pipe and a few services do not."""
    # With a mistake in each there is no package to build, which is quicker.
    break_spec(workshop)
    _, shown = on_terminal(workshop.folder, "generate")
    assert "building packages" not in shown
    for number in range(7):
        workshop.add_service(f"Service{number}")
        break_spec(workshop, f"service{number}")
    code, shown = on_terminal(workshop.folder, "generate")
    assert code == 1
    assert "building packages" in shown
    assert "100%" in shown
    ended = run(workshop.folder, "generate")
    assert (ended.code, ended.out) == (1, "")
    assert "building packages" not in ended.err


def test_terminal_escapes_of_a_spec_stay_out_of_the_terminal(
    workshop: Workshop,
) -> None:
    """Neither raw nor escaped control characters of a spec reach the terminal."""
    texts = {"sms_send": '"\\e]0;owned\\a": 1\n', "sms_opt_out_create": "x: \x1b[31m\n"}
    for operation, text in texts.items():
        file = workshop.path(f"specs/revio/{operation}.yaml")
        file.write_text(file.read_text("utf-8") + text, "utf-8")
    _, shown = on_terminal(workshop.folder, "lint", NO_COLOR="1")
    assert "\\x1b]0;owned\\x07" in shown
    assert "x: \\x1b[31m" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
)
def test_output_is_utf8_on_any_locale(
    workshop: Workshop, changes: Mapping[str, str]
) -> None:
    """No locale is too small for what a spec says."""
    workshop.replace("specs/revio/sms_send.yaml", "Text to send.", "Grüße, 名前 😀")
    ended = run(workshop.folder, "dump", **changes)
    assert (ended.code, ended.err) == (0, "")
    assert "Grüße, 名前 😀" in ended.out
    workshop.replace("specs/revio/sms_send.yaml", "    doc: Grüße", "    größe: Grüße")
    for command in ("lint", "generate"):
        ended = run(workshop.folder, command, **changes)
        assert ended.code == 1
        assert "`größe`" in ended.out + ended.err


def test_names_that_are_no_text_are_shown(workshop: Workshop) -> None:
    """A folder whose name is not UTF-8 is named as far as it can be."""
    name = b"sp\xffcs"
    ended = run(workshop.folder, "lint", name)
    assert ended.code == 2
    assert "`sp\\udcffcs`" in ended.err
    specs = workshop.path("specs").rename(workshop.path(os.fsdecode(name)))
    shutil.rmtree(specs / "revio" / "sms_send")
    for form in ("text", "json", "github"):
        ended = run(workshop.folder, "lint", name, "--format", form)
        assert ended.code == 1
        assert "sp\\udcffcs/revio/sms_send.yaml" in ended.out


def test_a_closed_pipe_ends_quietly(workshop: Workshop) -> None:
    """Who has seen enough, as `head` has, is not bothered with an error."""
    with subprocess.Popen(
        [sys.executable, "-m", "soapstone", "dump"],
        cwd=workshop.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("redirection", "code", "sentence"),
    [
        (">/dev/full", 1, "soapstone: No space left on device\n"),
        ("2>/dev/full", 0, ""),
        (">&-", 0, ""),
        ("2>&-", 0, ""),
    ],
)
def test_streams_that_take_nothing(
    workshop: Workshop, redirection: str, code: int, sentence: str
) -> None:
    """An output that is full is a failure with a sentence, one that is closed is a wish."""
    ended = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m soapstone lint {redirection}', sys.executable],
        cwd=workshop.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (code, sentence)


class Full(io.StringIO):
    """A stream that takes nothing, in front of a real file."""

    def __init__(self, descriptor: int) -> None:
        """Take the file's place."""
        super().__init__()
        self._descriptor = descriptor

    def flush(self) -> None:
        """Refuse."""
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fileno(self) -> int:
        """Return the file's descriptor."""
        return self._descriptor


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_output_that_cannot_be_written_is_a_failure(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    """What could not be said to the end is no success."""
    with tempfile.TemporaryFile() as file:
        monkeypatch.setattr(sys, stream, Full(file.fileno()))
        assert workshop("explain", "--list").code == 1
        assert Path(f"/proc/self/fd/{file.fileno()}").readlink() == Path(os.devnull)


def test_no_streams_at_all(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any stream the exit code still says how it went."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert workshop("lint").code == 0
    assert workshop("check").code == 1


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let processes be interrupted, also when the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_is_a_sentence_and_leaves_the_old_tree(
    workshop: Workshop, jobs: str
) -> None:
    """An interrupted run ends at once, with exit code 1 and without a traceback."""
    # More than any machine makes before it is interrupted.
    for number in range(40):
        workshop.add_service(f"Alpha{number}")
    with subprocess.Popen(
        [sys.executable, "-m", "soapstone", "generate", "--jobs", jobs],
        cwd=workshop.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(2)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert out == ""
    assert err.strip() == "soapstone: interrupted; no package was left half-written"
    assert not workshop.path("generated").exists()


# Bugs and other accidents


def fail(monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    """Make building a package fail."""

    def build(*_: object) -> object:
        raise problem

    monkeypatch.setattr(services, "build_package", build)


def test_ctrl_c_within_a_library_is_no_bug(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the interrupt strikes, the sentence is the same."""
    fail(monkeypatch, KeyboardInterrupt())
    ended = workshop("check")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.endswith("interrupted; no package was left half-written\n")


def test_the_bar_takes_nothing_from_the_result(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a bar above it everything that was found is shown all the same."""
    monkeypatch.setattr(services, "is_terminal", lambda _stream: True)
    places = break_spec(workshop)
    for number in range(7):
        workshop.add_service(f"Service{number}")
        places += break_spec(workshop, f"service{number}")
    ended = workshop("generate")
    assert ended.code == 1
    assert "building packages" in ended.err
    assert re.findall(r"^(specs/\S+): error: ", ended.err, re.MULTILINE) == places


def test_a_bug_is_a_request_to_report_it(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug shows what to report and where it was, in one piece and without a traceback."""
    fail(monkeypatch, KeyError("x\x1b\n"))
    ended = workshop("generate")
    assert (ended.code, ended.out) == (1, "")
    first, second = ended.err.splitlines()
    assert re.fullmatch(
        r"soapstone: KeyError: 'x\\x1b\\n' \(at test_command.py:\d+, building `specs/revio`\)",
        first,
    )
    assert second.startswith("This is a bug in soapstone")
    assert not workshop.path("generated").exists()


def test_a_traceback_on_request(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for the traceback gets it, without control characters."""
    fail(monkeypatch, RuntimeError("a\x1bb"))
    monkeypatch.setenv("SOAPSTONE_TRACEBACK", "1")
    ended = workshop("check")
    assert ended.code == 1
    assert "Traceback (most recent call last):" in ended.err
    assert "\x1b" not in ended.err


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (
            OSError(errno.EACCES, "Permission denied", "specs/a\x1b.xml"),
            "soapstone: `specs/a\\x1b.xml`: Permission denied\n",
        ),
        (OSError("out of luck"), "soapstone: out of luck\n"),
    ],
)
def test_trouble_with_the_disk_is_no_bug(
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
    problem: OSError,
    sentence: str,
) -> None:
    """What the system says is passed on with the path, wherever it comes from."""
    fail(monkeypatch, problem)
    assert workshop("generate") == Ended(1, "", sentence)
