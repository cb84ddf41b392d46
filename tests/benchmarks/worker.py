"""Measures one kind of work in a process of its own, once it has proven to be done right."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Generic, TypeVar
from xml.etree import ElementTree as ET

from benchmarks.measuring import per_call

REQUEST_ONE = "request of one TN"
REQUEST_MANY = "request of 1,000 TNs"
ANSWER = "answer"
RECORDS = "10,000 records"
TASKS = (REQUEST_ONE, REQUEST_MANY, ANSWER, RECORDS)

SESSION_KEY = "xyzabc123"
_Result = TypeVar("_Result")
_Answer = TypeVar("_Answer")
_Records = TypeVar("_Records")


@dataclass(frozen=True, slots=True)
class Reading(Generic[_Result]):
    """How a document is read, and what the result shows of it."""

    read: Callable[[], _Result]
    seen: Callable[[_Result], object]


# By the folder with what was prepared: what builds a request of the numbers.
Requests = Callable[[Path, list[str]], Callable[[], bytes]]


def main(
    requests: Requests | None,
    answers: Callable[[Path, bytes], Reading[_Answer]],
    records: Callable[[Path, bytes], Reading[_Records]],
) -> None:
    """Measure what the arguments ask for, and print it as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repetitions", type=int, default=5)
    options = parser.parse_args()
    folder: Path = options.folder
    match options.task:
        case task if task in {REQUEST_ONE, REQUEST_MANY} and requests is not None:
            tns = numbers(1 if task == REQUEST_ONE else 1000)
            reading = Reading(requests(folder, tns), _numbers_in)
            print(_measured(reading, lambda: tns, options.repetitions))
        case task if task == ANSWER:
            read = answers(folder, (folder / "answer.xml").read_bytes())
            print(_measured(read, lambda: SESSION_KEY, options.repetitions))
        case task if task == RECORDS:
            document = (folder / "records.xml").read_bytes()
            listing = records(folder, document)
            print(_measured(listing, lambda: _total(document), options.repetitions))
        case _:
            print(json.dumps({}))


def numbers(count: int) -> list[str]:
    """Return so many telephone numbers."""
    return [str(6788650000 + each) for each in range(count)]


def _measured(
    reading: Reading[_Result], expected: Callable[[], object], repetitions: int
) -> str:
    before = _memory("VmRSS")
    # The highest point so far is forgotten.
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    result = reading.read()
    grown = _memory("VmHWM") - before
    if reading.seen(result) != expected():
        raise ValueError("the work was not done right")
    del result
    taken = per_call(reading.read, repetitions)
    return json.dumps({"seconds": taken, "memory": grown})


def _memory(figure: str) -> int:
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith(figure):
            return int(line.split()[1]) * 1024
    raise LookupError(figure)


def _numbers_in(document: bytes) -> list[str]:
    found = ET.fromstring(document).iter("{http://api.myh2o.com/v20}TN")
    return [each.text or "" for each in found]


def _total(document: bytes) -> Decimal:
    amounts = ET.fromstring(document).iter("{http://synthetic.example/billing}Amount")
    return sum((Decimal(each.text or "") for each in amounts), Decimal())
