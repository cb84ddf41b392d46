"""Requests and answers: each kind of work by each library, in a process of its own, in turns."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import records
from benchmarks.descriptions import write_descriptions
from benchmarks.measuring import Command, Cost, import_path, in_turns, run
from benchmarks.peers import MISSING, Peers
from benchmarks.specs import write_specs
from benchmarks.worker import SESSION_KEY, TASKS

GENERATED = Path(__file__).parent.parent.parent / "generated"
OURS, FROMSTRING, STRAIGHT = "ours", "fromstring", "straight"
PEERS = ("zeep", "xsdata", "lxml", "xmltodict")
BARE = "bare interpreter"

_ANSWER = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20"><SMSOptOut_CreateResult>'
    f"<Header><Success>true</Success><SessionKey>{SESSION_KEY}</SessionKey>"
    "<Impersonated>false</Impersonated></Header></SMSOptOut_CreateResult>"
    "</SMSOptOut_CreateResponse></soap:Body></soap:Envelope>"
)
_FIRST_REQUESTS = {
    BARE: "pass",
    OURS: """\
from revio import Session
from revio.sms_opt_out_create import SmsOptOutCreateRequest, build_request
build_request(SmsOptOutCreateRequest(tns=["6788650000"]), Session("xyzabc123"))
""",
    "zeep": """\
from benchmarks.sides.zeep import requests
from pathlib import Path
requests(Path(), ["6788650000"])()
""",
    "xsdata": """\
from benchmarks.sides.xsdata import requests
from pathlib import Path
requests(Path(), ["6788650000"])()
""",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a call, and the bytes that the process grew by in the first one."""

    seconds: float
    memory: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What was measured: by the kind of work and by who did it, and whole processes."""

    work: dict[str, dict[str, Measured | str]]
    first_requests: dict[str, Cost | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thoroughness:
    """How often everything is measured: processes, calls in them, and starts of interpreters."""

    rounds: int
    repetitions: int
    starts: int


def prepare(folder: Path, peers: Peers, count: int = records.COUNT) -> None:
    """Write documents and descriptions, and generate what is generated beforehand."""
    folder.mkdir(parents=True)
    (folder / "answer.xml").write_text(_ANSWER, "utf-8")
    (folder / "records.xml").write_bytes(records.answer(count))
    shutil.copy(Path(__file__).parent / "sms.wsdl", folder)
    write_specs(records.SERVICE, folder / "specs" / "synthetic")
    write_descriptions(records.SERVICE, folder / "described")
    ours = (sys.executable, "-m", "soapstone", "generate", "specs", "--out", "out")
    run(Command(arguments=ours, folder=folder))
    if "xsdata" in peers.versions:
        program = str(Path(peers.python).parent / "xsdata")
        for source, package in (
            ("sms.wsdl", "sms_made"),
            ("described/service.wsdl", "records_made"),
        ):
            arguments = (program, "generate", source, f"--package={package}")
            environment = peers.environment
            run(Command(arguments=arguments, environment=environment, folder=folder))


def measure(folder: Path, peers: Peers, thoroughness: Thoroughness) -> Calls:
    """Measure everything in what was prepared."""
    found: dict[str, dict[str, list[Measured]]] = {
        task: {side: [] for side in _sides(peers)} for task in TASKS
    }
    for _ in range(thoroughness.rounds):
        for task, sides in found.items():
            for side in sides:
                options = ("--repetitions", str(thoroughness.repetitions))
                sides[side] += work(side, task, folder, peers, *options)
    return Calls(
        work={
            task: {
                **{
                    side: _median(measured)
                    for side, measured in sides.items()
                    if measured
                },
                **{side: MISSING for side in PEERS if side not in peers.versions},
            }
            for task, sides in found.items()
        },
        first_requests=in_turns(first_requests(folder, peers), thoroughness.starts),
    )


def work(
    side: str, task: str, folder: Path, peers: Peers, *options: str
) -> Iterator[Measured]:
    """Yield what one kind of work costs one library; nothing when it does no such work."""
    python = peers.python if side in PEERS else sys.executable
    ended = subprocess.run(
        [python, "-m", f"benchmarks.sides.{side}", task, str(folder), *options],
        env={**os.environ, **_environment()},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    told: dict[str, float] = json.loads(ended.stdout)
    if told:
        yield Measured(seconds=told["seconds"], memory=int(told["memory"]))


def first_requests(folder: Path, peers: Peers) -> dict[str, Command]:
    """Return processes that do nothing, or import a library and build one request with it."""
    return {
        name: Command(
            arguments=(peers.python if name in PEERS else sys.executable, "-c", code),
            environment=_environment(),
            folder=folder,
        )
        for name, code in _FIRST_REQUESTS.items()
        if name not in PEERS or name in peers.versions
    }


def _environment() -> dict[str, str]:
    return {"PYTHONPATH": import_path(GENERATED)}


def _sides(peers: Peers) -> tuple[str, ...]:
    installed = (side for side in PEERS if side in peers.versions)
    return (OURS, FROMSTRING, STRAIGHT, *installed)


def _median(measured: list[Measured]) -> Measured:
    return Measured(
        seconds=statistics.median(each.seconds for each in measured),
        memory=int(statistics.median(each.memory for each in measured)),
    )
