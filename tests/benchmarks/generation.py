"""Generation, as whole processes: cold, after a change, with nothing to do, and by other generators."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from benchmarks.counting import counted, prepared
from benchmarks.measuring import Command, Cost, import_path, in_turns, run
from benchmarks.model import Operation, operation, with_member
from benchmarks.peers import Peers, generation_commands
from benchmarks.specs import write_operation

COLD = "generate, cold"
CHANGED = "generate, one spec changed"
UNCHANGED = "generate, nothing changed"
CHECKED = "check, nothing changed"
# Files that black is asked about; all of 1,000 operations would take longer than the benchmark.
_ASKED_ABOUT = 40


@dataclass(slots=True)
class Workshop:
    """Specs of so many operations, where their package comes, and what others need."""

    folder: Path
    count: int
    _changes: Iterator[Operation] = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        # In a process of its own: the highest point of what is measured starts at ours.
        run(
            Command(
                arguments=(
                    *(sys.executable, "-m", "benchmarks.synthetic"),
                    *(str(self.count), "specs", "--described", "described"),
                ),
                environment={"PYTHONPATH": import_path()},
                folder=self.folder,
            )
        )
        last = operation(self.count - 1)
        self._changes = cycle([with_member(last), last])

    @property
    def specs(self) -> Path:
        """The folder of the service."""
        return self.folder / "specs" / "synthetic"

    @property
    def package(self) -> Path:
        """The folder of its package."""
        return self.folder / "out" / "synthetic"

    def commands(self) -> dict[str, Command]:
        """Return what there is to measure, to be run in this order."""
        return {
            COLD: self._command("generate", self._clear, "--jobs", "2"),
            UNCHANGED: self._command("generate"),
            CHECKED: self._command("check"),
            CHANGED: self._command("generate", self._change),
        }

    def counts(self, names: Iterable[str]) -> dict[str, Counter[str]]:
        """Return what black and the parser of YAML have to do for some, which takes a run more."""
        found = {}
        for name in names:
            command = self.commands()[name]
            environment = prepared(self.folder / "counting")
            run(
                Command(
                    arguments=command.arguments,
                    environment={**command.environment, **environment},
                    folder=command.folder,
                    prepare=command.prepare,
                )
            )
            found[name] = counted(self.folder / "counting")
        return found

    def unclean_files(self) -> list[str]:
        """Return what black would lay out differently among some of the generated files."""
        files = sorted(self.package.rglob("*.py"))
        asked_about = files[:: max(1, len(files) // _ASKED_ABOUT)]
        told = subprocess.run(
            [sys.executable, "-m", "black", "--check", "-tpy310", *asked_about],
            capture_output=True,
            text=True,
            check=False,
        )
        return [line for line in told.stderr.split("\n") if line.startswith("would")]

    def _command(
        self, verb: str, prepare: Callable[[], None] = lambda: None, *options: str
    ) -> Command:
        return Command(
            arguments=(
                *(sys.executable, "-m", "soapstone", verb, "specs", "--out", "out"),
                *options,
            ),
            # Whatever is kept from one run to the next is kept here, and is gone when it is cold.
            environment={
                "HOME": str(self.folder / "home"),
                "XDG_CACHE_HOME": str(self.folder / "home" / "cache"),
            },
            folder=self.folder,
            prepare=prepare,
        )

    def _clear(self) -> None:
        for name in ("out", "home"):
            shutil.rmtree(self.folder / name, ignore_errors=True)

    def _change(self) -> None:
        write_operation(next(self._changes), self.specs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """What was measured with so many operations."""

    count: int
    ours: dict[str, Cost | str]
    peers: dict[str, Cost | str]
    counts: dict[str, Counter[str]]
    unclean: list[str]


def measure(folder: Path, count: int, rounds: int, peers: Peers) -> Generation:
    """Measure ours and the peers in turns."""
    workshop = Workshop(folder, count)
    theirs = generation_commands(workshop.folder / "described", peers)
    costs = in_turns({**workshop.commands(), **theirs.commands}, rounds)
    ours = {name: costs[name] for name in workshop.commands()}
    well = [name for name, cost in ours.items() if isinstance(cost, Cost)]
    return Generation(
        count=count,
        ours=ours,
        peers={**theirs.missing, **{name: costs[name] for name in theirs.commands}},
        counts=workshop.counts(well),
        unclean=workshop.unclean_files(),
    )
