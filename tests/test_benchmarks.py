from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import lxml.etree
import pytest

from benchmarks import calls, counting, generation, report
from benchmarks.counting import FORMATTED, PARSED
from benchmarks.descriptions import write_descriptions
from benchmarks.measuring import Command, CommandError, Cost, import_path, run
from benchmarks.model import NAMESPACE, operation, synthetic_service, with_member
from benchmarks.peers import MISSING, Peers
from benchmarks.records import SERVICE
from benchmarks.specs import write_operation, write_specs
from benchmarks.tables import seconds, table
from benchmarks.worker import TASKS
from soapstone.diagnostics import Report
from soapstone.pipeline import compile_service

NOBODY = Peers(versions={})
ONCE = calls.Thoroughness(rounds=1, repetitions=0, starts=1)


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def written(folder: Path, count: int, seed: int, hash_seed: str) -> dict[str, bytes]:
    """Return what the script writes."""
    subprocess.run(
        [
            *(sys.executable, "-m", "benchmarks.synthetic", str(count), str(folder)),
            *("--seed", str(seed), "--described", str(folder / "described")),
        ],
        env=os.environ | {"PYTHONPATH": import_path(), "PYTHONHASHSEED": hash_seed},
        check=True,
    )
    return files_in(folder)


def test_a_seed_gives_the_same_service_everywhere(tmp_path: Path) -> None:
    """The same seed gives the same bytes in any process, and another one gives others."""
    first = written(tmp_path / "first", 5, 1, "0")
    assert first == written(tmp_path / "again", 5, 1, "4711")
    assert first != written(tmp_path / "other", 5, 2, "0")


def test_a_larger_service_starts_with_a_smaller_one() -> None:
    """Growth is of the same operations and more, whose names all differ."""
    small, large = synthetic_service(10), synthetic_service(5000)
    assert large.operations[:10] == small.operations
    assert operation(7) == large.operations[7]
    assert len({each.name.lower() for each in large.operations}) == 5000


def test_the_synthetic_service_lints_clean(tmp_path: Path) -> None:
    """No rule has anything to say about the operations, before a change or after it, or about the records."""
    service = synthetic_service(15)
    write_specs(service, tmp_path / "synthetic")
    write_operation(with_member(service.operations[3]), tmp_path / "synthetic")
    write_specs(SERVICE, tmp_path / "records")
    for folder in ("synthetic", "records"):
        found = Report()
        compiled = compile_service(tmp_path / folder, found)
        assert compiled is not None
        assert list(found.diagnostics) == []


def test_other_generators_get_the_same_operations(tmp_path: Path) -> None:
    """Every document of the specs is valid by the XSD, which the WSDL has as well, and OpenAPI names as many operations."""
    service = synthetic_service(40)
    write_specs(service, tmp_path / "specs")
    write_descriptions(service, tmp_path)
    schema = lxml.etree.XMLSchema(lxml.etree.parse(str(tmp_path / "service.xsd")))
    documents = list((tmp_path / "specs").glob("*/*.xml"))
    assert len(documents) == 80
    for document in documents:
        ((payload,),) = lxml.etree.parse(str(document)).getroot()
        schema.assertValid(payload)
    wsdl = lxml.etree.parse(str(tmp_path / "service.wsdl"))
    types = wsdl.find(".//{http://www.w3.org/2001/XMLSchema}schema")
    assert len(types) == len(lxml.etree.parse(str(tmp_path / "service.xsd")).getroot())
    assert types.get("targetNamespace") == NAMESPACE
    described = json.loads((tmp_path / "openapi.json").read_text("utf-8"))
    assert len(described["paths"]) == 40
    for each in described["components"]["schemas"].values():
        jsonschema.Draft4Validator.check_schema(each)


def test_generation_is_measured(tmp_path: Path) -> None:
    """Each way to generate ends well; the parser is counted where it works, and what comes is laid out without black."""
    measured = generation.measure(tmp_path / "workshop", 1, 1, NOBODY)
    assert all(isinstance(cost, Cost) for cost in measured.ours.values()), measured.ours
    cold = measured.counts[generation.COLD]
    assert cold[PARSED] == 2
    assert cold[FORMATTED] == 0
    assert measured.unclean == []
    assert set(measured.peers.values()) == {MISSING}
    tables = report.generation(measured) + report.growth([measured])
    assert all(work in tables for work in measured.ours)


def test_what_black_lays_out_is_counted(tmp_path: Path) -> None:
    """A module that goes to black counts once, also in a process that another one starts."""
    environment = counting.prepared(tmp_path / "counting")
    code = "import black; black.format_str('x=1', mode=black.Mode())"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {code!r}])"
    run(
        Command(
            arguments=(sys.executable, "-c", outer),
            environment=environment,
            folder=tmp_path,
        )
    )
    assert counting.counted(tmp_path / "counting") == {FORMATTED: 1}


def test_requests_and_answers_are_measured(tmp_path: Path) -> None:
    """Each kind of work is done right by ours and by the floors."""
    calls.prepare(tmp_path / "calls", NOBODY, count=10)
    measured = calls.measure(tmp_path / "calls", NOBODY, ONCE)
    assert tuple(measured.work) == TASKS
    for sides in measured.work.values():
        assert isinstance(sides[calls.OURS], calls.Measured)
        assert isinstance(sides[calls.STRAIGHT], calls.Measured)
        assert {sides[peer] for peer in calls.PEERS} == {MISSING}
    for cost in measured.first_requests.values():
        assert isinstance(cost, Cost)
    assert all(task in report.calls(measured) for task in TASKS)


def test_work_that_is_done_wrong_is_not_measured(tmp_path: Path) -> None:
    """An answer that says something else than the others read stops the benchmark."""
    calls.prepare(tmp_path / "calls", NOBODY, count=1)
    answer = tmp_path / "calls" / "answer.xml"
    answer.write_text(answer.read_text("utf-8").replace("xyzabc123", "other"), "utf-8")
    with pytest.raises(RuntimeError, match="the work was not done right"):
        list(calls.work(calls.OURS, "answer", tmp_path / "calls", NOBODY))


def test_a_process_that_fails_is_not_measured(tmp_path: Path) -> None:
    """Neither one that ends badly, which is shown, nor one that takes too long has a cost."""
    failing = Command(arguments=(sys.executable, "-c", "1 / 0"), folder=tmp_path)
    with pytest.raises(CommandError, match="ZeroDivisionError"):
        run(failing)
    code = "import time; time.sleep(600)"
    endless = Command(arguments=(sys.executable, "-c", code), folder=tmp_path)
    with pytest.raises(CommandError, match=r"over 0\.2 s"):
        run(endless, limit=0.2)


def test_the_memory_of_a_process_is_its_own(tmp_path: Path) -> None:
    """What a process and its children held at most is counted, with all that it was for at once."""
    code = (
        "import os, time\n"
        "(told, tell), (end, ending) = os.pipe(), os.pipe()\n"
        "child = os.fork()\n"
        "held = bytearray(os.urandom(1) * 50_000_000)\n"
        "if not child:\n"
        "    os.write(tell, b'.')\n"
        "    os.read(end, 1)\n"
        "else:\n"
        "    os.read(told, 1)\n"
        "    time.sleep(1)\n"
        "    os.write(ending, b'.')\n"
        "    os.wait()\n"
    )
    forked = Command(arguments=(sys.executable, "-c", code), folder=tmp_path)
    assert 100_000_000 < run(forked).memory < 200_000_000


def test_tables_are_aligned() -> None:
    """Columns are as wide as their widest cell, and figures stand to the right."""
    assert table(("work", "time"), [("one", "1 s"), ("another", "12 ms")]) == (
        "| work    |  time |\n"
        "| ------- | ----: |\n"
        "| one     |   1 s |\n"
        "| another | 12 ms |"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [(12.34, "12.3 s"), (0.5, "500 ms"), (4.211e-6, "4.21 us"), (3e-8, "30.0 ns")],
)
def test_times_have_three_digits(value: float, shown: str) -> None:
    """A time is shown in the unit in which it has digits before the point."""
    assert seconds(value) == shown
