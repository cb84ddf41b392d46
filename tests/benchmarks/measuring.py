"""What a process or a call costs: measured in turns, so that a busy moment falls on all alike."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import threading
import time
import timeit
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# What a process that takes longer is not worth waiting for.
LIMIT = 120.0
# One run is enough of what takes that long: noise is small beside it.
_LONG = 20.0
# Seconds between two looks at memory, and how much longer that is than a look takes.
_PAUSE = 0.05
_RARELY = 50


class CommandError(Exception):
    """A command did not end well; holds the end of what it wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A process to measure, and what has to be so before each run."""

    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: Path = Path()
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds on the clock and of all processors, and the bytes at the highest point."""

    wall: float
    processor: float
    memory: int


def import_path(*folders: Path) -> str:
    """Return the `PYTHONPATH` of a process that imports this package, and from some folders."""
    paths = [*map(str, folders), str(Path(__file__).parent.parent)]
    paths += filter(None, [os.environ.get("PYTHONPATH")])
    return os.pathsep.join(paths)


def run(command: Command, limit: float = LIMIT) -> Cost:
    """Run a process to its end.

    Raises:
        CommandError: It failed, or took longer than the limit.
    """
    command.prepare()
    environment = {**os.environ, **command.environment}
    with (command.folder / "output.txt").open("w+b") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            command.arguments,
            cwd=command.folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with _memory_watched(process.pid) as watched, _stopped_after(process, limit):
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            output.seek(0)
            text = output.read().decode(errors="replace")[-2000:]
            over = f"over {limit:g} s" if wall >= limit else text
            raise CommandError(over)
    return Cost(
        wall=wall,
        processor=usage.ru_utime + usage.ru_stime,
        memory=watched.highest,
    )


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost | str]:
    """Run all commands one after the other, so many times; return the medians, or what failed."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    failures: dict[str, str] = {}
    for turn in range(rounds):
        for name, command in commands.items():
            if name in failures or (turn and costs[name][0].wall > _LONG):
                continue
            try:
                costs[name].append(run(command))
            except CommandError as failure:
                failures[name] = str(failure)
    return {
        name: failures[name] if name in failures else median(costs[name])
        for name in commands
    }


def median(costs: list[Cost]) -> Cost:
    """Return the median of each figure."""
    return Cost(
        wall=statistics.median(cost.wall for cost in costs),
        processor=statistics.median(cost.processor for cost in costs),
        memory=int(statistics.median(cost.memory for cost in costs)),
    )


def per_call(function: Callable[[], object], repetitions: int = 5) -> float:
    """Return the median seconds of a call; the garbage collector runs as it does by default.

    Without repetitions it is called once, which tells that it can be, and little about its speed.
    """
    if not repetitions:
        return timeit.timeit(function, number=1)
    timer = timeit.Timer(function, setup="import gc; gc.enable()")
    number, _ = timer.autorange()
    return statistics.median(timer.repeat(repetitions, number)) / number


@dataclass(slots=True)
class _Watched:
    highest: int = 0


@contextlib.contextmanager
def _memory_watched(process: int) -> Iterator[_Watched]:
    """Look at the memory of a process and all below it, what they share counted once."""
    watched, ended = _Watched(), threading.Event()
    # Until it runs its own program, a process has the memory of this one, and `wait4` says so.
    here = _read(os.getpid(), "cmdline")

    def watch() -> None:
        pause = _PAUSE
        while not ended.wait(pause):
            started = time.perf_counter()
            if _read(process, "cmdline") != here:
                now = sum(_kilobytes(each, "smaps_rollup") for each in _family(process))
                peak = _kilobytes(process, "status")
                watched.highest = max(watched.highest, 1024 * now, 1024 * peak)
            # A process stands still while its memory is looked through.
            pause = max(_PAUSE, _RARELY * (time.perf_counter() - started))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield watched
    finally:
        ended.set()
        thread.join()


@contextlib.contextmanager
def _stopped_after(process: subprocess.Popen[bytes], limit: float) -> Iterator[None]:
    timer = threading.Timer(limit, lambda: os.killpg(process.pid, 9))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _family(process: int) -> Iterator[int]:
    yield process
    for child in _read(process, f"task/{process}/children").split():
        yield from _family(int(child))


def _kilobytes(process: int, file: str) -> int:
    """Return the share that a process has of all memory, or the most that it ever had."""
    for line in _read(process, file).splitlines():
        if line.startswith(("Pss:", "VmHWM:")):
            return int(line.split()[1])
    return 0


def _read(process: int, file: str) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/{file}").read_text("utf-8", "replace")
    return ""
