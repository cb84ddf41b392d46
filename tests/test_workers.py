"""The same for many things in several processes."""

from __future__ import annotations

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import soapstone
from soapstone.workers import ALONE, WorkerError, Workers

MANY = range(60)


def test_results_come_in_order_from_several_processes() -> None:
    """Each thing is done once, whoever does it, and what comes is in the order of the things."""
    found = list(Workers(count=3).map(lambda each: (each, os.getpid()), MANY, "x"))
    assert [each for each, _ in found] == list(MANY)
    processes = {process for _, process in found}
    assert os.getpid() not in processes
    assert len(processes) <= 3


@pytest.mark.parametrize(
    ("workers", "things"), [(ALONE, MANY), (Workers(count=3), MANY[:5])]
)
def test_little_work_stays_here(workers: Workers, things: range) -> None:
    """Where there is little to do, or one process to do it, no other one is started."""
    found = workers.map(lambda _: os.getpid(), things, "x")
    assert set(found) == {os.getpid()}
    assert list(workers.map(str, [], "x")) == []


def test_costly_things_are_worth_a_process() -> None:
    """Whoever knows that few things take long can have them shared; never by more than there are."""
    found = set(Workers(count=9).map(lambda _: os.getpid(), range(2), "x", few=2))
    assert os.getpid() not in found
    assert len(found) <= 2


@pytest.mark.parametrize("workers", [ALONE, Workers(count=2)])
def test_something_else_is_done_meanwhile(workers: Workers) -> None:
    """Whoever waits can do something else first, here, and once."""
    done: list[int] = []
    found = workers.map(abs, MANY, "x", meanwhile=lambda: done.append(os.getpid()))
    assert next(found) == 0
    assert done == [os.getpid()]
    assert list(found) == list(MANY)[1:]
    assert done == [os.getpid()]


def test_processes_end_when_something_else_fails() -> None:
    """What goes wrong meanwhile leaves no process behind."""
    before = set(multiprocessing.active_children())

    def fail() -> None:
        raise RuntimeError

    def wait(_: int) -> None:
        signal.pause()

    with pytest.raises(RuntimeError):
        next(Workers(count=2).map(wait, MANY, "x", meanwhile=fail))
    assert set(multiprocessing.active_children()) == before


def test_who_waits_is_told() -> None:
    """After each thing it is told what is being done, and how much of it is done."""
    told: list[tuple[str, int, int]] = []
    workers = Workers(count=2, tell=lambda *news: told.append(news))
    list(workers.map(abs, MANY, "counting"))
    list(workers.map(abs, MANY[:2], "resting"))
    counting = [("counting", number, 60) for number in range(1, 61)]
    assert told == [*counting, ("resting", 1, 2), ("resting", 2, 2)]


def test_an_exception_comes_over() -> None:
    """What goes wrong in another process goes wrong here."""

    def divide(number: int) -> float:
        return 1 / (number - 40)

    with pytest.raises(ZeroDivisionError):
        list(Workers(count=2).map(divide, MANY, "x"))


def test_a_killed_process_is_noticed() -> None:
    """A process that ends before it is done leaves no gap in the results."""

    def end(number: int) -> int:
        if number == 30:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with pytest.raises(WorkerError):
        list(Workers(count=2).map(end, MANY, "x"))


def test_processes_end_with_whoever_waits_for_them() -> None:
    """When nobody wants any more results, no process goes on with its work."""
    found: set[int] = set()

    def wait(number: int) -> int:
        if number:
            signal.pause()
        return os.getpid()

    for process in Workers(count=2).map(wait, MANY[:2], "x", few=2):
        found.add(process)
        break
    threads = [each for each in threading.enumerate() if not each.daemon]
    assert threads == [threading.main_thread()]
    (process,) = found
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_an_interrupt_ends_all_without_a_word() -> None:
    """Ctrl-C, which reaches every process, ends each at once, and only the first one tells of it."""
    script = """
import signal, os
from soapstone.workers import Workers
# Whatever runs the tests may ignore it.
signal.signal(signal.SIGINT, signal.default_int_handler)
def wait(number):
    if number:
        os.killpg(0, signal.SIGINT)
        signal.pause()
try:
    list(Workers(count=2).map(wait, range(2), "x", few=2))
except KeyboardInterrupt:
    print("told")
"""
    ended = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(soapstone.__file__).parent.parent)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        start_new_session=True,
    )
    assert (ended.stdout, ended.stderr) == ("told\n", "")


def test_processes_end_with_one_that_is_killed() -> None:
    """When the first process is killed, and cannot say so, the others do not wait for ever."""
    script = """
import os, signal
from soapstone.workers import Workers
def wait(number):
    if number:
        signal.pause()
    return os.getpid()
found = Workers(count=2).map(wait, range(2), "x", few=2)
print(next(found), flush=True)
signal.pause()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(Path(soapstone.__file__).parent.parent)},
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        other = int(first.stdout.readline())
        assert other != first.pid
        first.kill()
        # All hold the pipe, which ends with the last of them.
        ended, _, _ = select.select([first.stdout], [], [], 60)
        assert ended
        assert not first.stdout.read()
