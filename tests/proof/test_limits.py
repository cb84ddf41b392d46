"""Specs that would take all time or all memory get a located error, in a time that any spec takes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from proof_bombs import BASE, BOMBS, OPERATION, Bomb, files
from proof_effort import TIMES

from figures import Figure
from soapstone.diagnostics import Report
from soapstone.pipeline import compile_service
from soapstone.reporting import Format, render_diagnostics

# So many times as long as with a small spec may the command take with a bomb: three seconds or so.
FACTOR = 8
FORKS = Path(__file__).parent / "forks.py"
# What is measured is not to be counted as well.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if "COVERAGE" not in name
}


@dataclass(frozen=True)
class Ended:
    """How the command ended; the time is what it took of a processor."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def places(self) -> list[str]:
        """The file and the rule of each error that is shown."""
        found = re.findall(
            r"^specs/minimal/([a-z0-9_.]+):\d+:\d+: error: .* \[([a-z-]+)\]$",
            self.out + self.err,
            re.MULTILINE,
        )
        return [f"{file}: {rule}" for file, rule in found]


class Command:
    """The command, ready to be run."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process = process
        self._folder = folder

    def run(self, bomb: Bomb, *arguments: str) -> Ended:
        """Run the command on a small spec with a bomb in it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        spec = self._folder / "specs" / "minimal"
        shutil.copytree(BASE, spec, ignore=shutil.ignore_patterns("expected"))
        bomb(spec)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        written = json.dumps([str(self._folder), arguments])
        self._process.stdin.write(f"{written}\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    """Yield a process that runs the command in forks."""
    with subprocess.Popen(
        [sys.executable, str(FORKS)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Command(process, tmp_path_factory.mktemp("limits") / "work")


@pytest.fixture(scope="module")
def floor(command: Command) -> float:
    """Return how long the command takes with a small spec, once it is imported too."""
    started = os.times()
    subprocess.run(
        [sys.executable, "-m", "soapstone", "lint", str(BASE)],
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    ended = os.times()
    small = command.run(lambda _: None, *GENERATE)
    assert small.code == 0, small.err
    return sum(ended[2:4]) - sum(started[2:4])


LINT = ("lint", "specs/minimal")
GENERATE = ("generate", "specs/minimal", "--out", "out", "--jobs", "1")


# What both have in common takes the time: with `generate` some are tried again.
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        pytest.param(name, arguments, id=f"{name}-{arguments[0]}")
        for number, name in enumerate(BOMBS)
        for arguments in (LINT, GENERATE)
        if TIMES > 1 or arguments is LINT or number % 4 == 0
    ],
)
def test_a_bomb_is_a_located_error(
    command: Command,
    floor: float,
    name: str,
    arguments: tuple[str, ...],
    figure: Figure,
) -> None:
    """Neither time nor memory runs out: there is an error at the place of the mistake, and nothing is written."""
    bomb, wanted = BOMBS[name]
    ended = command.run(bomb, *arguments)
    assert ended.code == 1, ended.err[-2000:]
    assert "Traceback" not in ended.err
    assert "bug" not in ended.err
    assert any(each.startswith(wanted) for each in ended.places), ended.out[:2000]
    assert len(ended.out) + len(ended.err) < 300_000
    assert ended.seconds < FACTOR * floor
    figure("specs that would take all time or memory", 1)


# What is said in words of its own, once in this process, so that tests are seen to reach it.
TOLD = (
    *("many aliases", "unfit values", "unknown keys", "pattern, large"),
    "pattern, two loops and a long text",
    *("pattern, two loops and a long value", "pattern of an answer, and a long item"),
    *("document, unknown elements", "document, many elements", "members", "rules"),
    "length that is needed",
)


@pytest.mark.parametrize("name", TOLD)
def test_a_bomb_is_told_in_every_format(name: str, tmp_path: Path) -> None:
    """Programs get each finding, and people as many as they can read."""
    bomb, wanted = BOMBS[name]
    spec = tmp_path / "minimal"
    shutil.copytree(BASE, spec, ignore=shutil.ignore_patterns("expected"))
    bomb(spec)
    report = Report()
    compiled = compile_service(spec, report)
    assert compiled is None or compiled.plan is None
    found = report.diagnostics
    rules_ = {f"{Path(each.span.path).name}: {each.rule}" for each in found}
    assert any(each.startswith(wanted) for each in rules_)
    assert len(json.loads(render_diagnostics(found, Format.JSON))) == len(found)
    text = render_diagnostics(found, Format.TEXT)
    shown = re.findall(r"^\S+: (?:error|warning): ", text, re.MULTILINE)
    assert len(shown) == min(len(found), 500)
    assert (" more\n" in text) is (len(found) > 500)


@pytest.mark.parametrize(
    ("text", "wanted", "count"),
    [
        ("{{", "source-syntax", 1),
        (OPERATION.replace("summary", "sumary"), "schema-unknown-key", 2),
        (f"{OPERATION}request: {{A: {{type: Nix}}}}\n", "type-unknown", 1),
    ],
    ids=["no YAML", "unknown keys", "unknown types"],
)
def test_mistakes_in_many_files_can_be_read(
    command: Command, floor: float, text: str, wanted: str, count: int
) -> None:
    """A thousand operations with mistakes take no more than ten times what a hundred do; five hundred are shown, all are counted."""
    few = command.run(files(100, text), *LINT)
    ended = command.run(files(1000, text), *LINT)
    assert ended.code == 1
    assert {wanted} < {*(each.partition(": ")[2] for each in ended.places), ""}
    assert len(ended.places) <= 500
    assert ended.out.splitlines()[-1].startswith(f"{1000 * count} errors")
    assert len(ended.out) < 300_000
    assert ended.seconds < FACTOR * floor + 20 * few.seconds
