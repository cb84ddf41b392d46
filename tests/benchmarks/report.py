"""What was measured, as sections of tables."""

from __future__ import annotations

import platform
from collections.abc import Sequence

from benchmarks.calls import BARE, FROMSTRING, OURS, PEERS, STRAIGHT, Calls, Measured
from benchmarks.counting import FORMATTED, PARSED
from benchmarks.generation import CHANGED, CHECKED, COLD, UNCHANGED, Generation
from benchmarks.measuring import Cost
from benchmarks.peers import MISSING, Peers
from benchmarks.tables import megabytes, ratio, seconds, table
from benchmarks.worker import ANSWER, RECORDS, REQUEST_MANY, REQUEST_ONE

# Goals for 1,000 operations, in seconds.
_GOALS = {COLD: 10.0, CHANGED: 0.4, UNCHANGED: 0.2, CHECKED: 0.2}
# Times, or how many times the floor.
_CALL_GOALS = {
    REQUEST_ONE: "3 us",
    REQUEST_MANY: "20 x floor",
    ANSWER: "1.4 x floor",
    RECORDS: "1.7 x floor",
}


def versions(peers: Peers) -> str:
    """Name what was measured with."""
    found = [f"{name} {version}" for name, version in sorted(peers.versions.items())]
    return f"Python {platform.python_version()}; {', '.join(found) or 'no peers'}\n"


def generation(measured: Generation) -> str:
    """Return the tables about whole processes with so many operations."""
    parts = [f"### {measured.count:,} operations\n", _ours(measured), _peers(measured)]
    if measured.unclean:
        parts.append("Not as black lays it out:\n" + "\n".join(measured.unclean) + "\n")
    return "\n".join(parts)


def growth(measured: Sequence[Generation]) -> str:
    """Return the table that compares sizes."""
    heads = ("operations", *(name for name in _GOALS), "cold, each", "cold, memory")
    rows = []
    for each in measured:
        cost = each.ours[COLD]
        ends = ("", "")
        if isinstance(cost, Cost):
            ends = (seconds(cost.wall / each.count), megabytes(cost.memory))
        times = (_cells(each.ours[name], "")[0] for name in _GOALS)
        rows.append((f"{each.count:,}", *times, *ends))
    return "### Growth\n\n" + table(heads, rows) + "\n"


def _ours(measured: Generation) -> str:
    heads = (
        "work",
        "time",
        "goal at 1,000",
        "processors",
        "memory",
        "laid out",
        "parsed",
    )
    rows = []
    for name, cost in measured.ours.items():
        counted = ("", "")
        if name in measured.counts:
            counts = measured.counts[name]
            counted = (f"{counts[FORMATTED]:,} files", f"{counts[PARSED]:,} specs")
        rows.append((name, *_cells(cost, f"{_GOALS[name]} s"), *counted))
    return table(heads, rows) + "\n"


def _cells(cost: Cost | str, between: str) -> tuple[str, str, str, str]:
    if isinstance(cost, str):
        return (cost.strip().split("\n")[-1], between, "", "")
    return (
        seconds(cost.wall),
        between,
        seconds(cost.processor),
        megabytes(cost.memory),
    )


def _peers(measured: Generation) -> str:
    ours = measured.ours[COLD]
    rows = [("soapstone", *_cells(ours, ""))]
    for name, cost in measured.peers.items():
        beside = ""
        if isinstance(cost, Cost) and isinstance(ours, Cost):
            beside = ratio(cost.wall, ours.wall)
        rows.append((name, *_cells(cost, beside)))
    return (
        table(("generator", "time", "beside ours", "processors", "memory"), rows) + "\n"
    )


def calls(measured: Calls) -> str:
    """Return the tables about requests and answers."""
    heads = ("work", "goal", "ours", "floor", "ours to floor", "by hand", *PEERS)
    rows = [_work(task, sides) for task, sides in measured.work.items()]
    rows += [_memory(measured.work[RECORDS]), _first(measured.first_requests)]
    return "### Requests and answers\n\n" + table(heads, rows) + "\n"


def _work(task: str, sides: dict[str, Measured | str]) -> tuple[str, ...]:
    ours = sides[OURS]
    floor = sides.get(FROMSTRING, sides[STRAIGHT])
    by_hand = sides[STRAIGHT] if FROMSTRING in sides else ""
    return (
        *(task, _CALL_GOALS[task], _time(ours), _time(floor), _times(ours, floor)),
        *(_time(by_hand), *(_time(sides.get(peer, "")) for peer in PEERS)),
    )


def _time(measured: Measured | str) -> str:
    return measured if isinstance(measured, str) else seconds(measured.seconds)


def _times(ours: Measured | str, floor: Measured | str) -> str:
    if isinstance(ours, str) or isinstance(floor, str):
        return ""
    return ratio(ours.seconds, floor.seconds)


def _memory(sides: dict[str, Measured | str]) -> tuple[str, ...]:
    found = {
        name: each.memory for name, each in sides.items() if isinstance(each, Measured)
    }
    shown = {name: megabytes(memory) for name, memory in found.items()}
    return (
        *(f"memory for {RECORDS}", "1.5 x floor", shown[OURS], shown[FROMSTRING]),
        *(ratio(found[OURS], found[FROMSTRING]), shown[STRAIGHT]),
        *(shown.get(peer, MISSING) for peer in PEERS),
    )


def _first(costs: dict[str, Cost | str]) -> tuple[str, ...]:
    bare, times = costs[BARE], dict[str, str]()
    for name, cost in costs.items():
        if isinstance(cost, Cost) and isinstance(bare, Cost):
            times[name] = seconds(max(0.0, cost.wall - bare.wall))
    floor = bare if isinstance(bare, str) else f"(bare) {seconds(bare.wall)}"
    peers = (times.get(peer, "") for peer in PEERS)
    return (
        "import, first request",
        "45 ms",
        times.get(OURS, ""),
        floor,
        "",
        "",
        *peers,
    )
