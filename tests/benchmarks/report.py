"""What was measured, as sections of tables."""

from __future__ import annotations

import platform
from collections.abc import Sequence

from benchmarks.counting import FORMATTED, PARSED
from benchmarks.generation import CHANGED, CHECKED, COLD, UNCHANGED, Generation
from benchmarks.measuring import Cost
from benchmarks.peers import Peers
from benchmarks.tables import megabytes, ratio, seconds, table

# Goals for 1,000 operations, in seconds.
_GOALS = {COLD: 10.0, CHANGED: 0.4, UNCHANGED: 0.2, CHECKED: 0.2}


def versions(peers: Peers) -> str:
    """Name what was measured with."""
    found = [f"{name} {version}" for name, version in sorted(peers.versions.items())]
    return f"Python {platform.python_version()}; {', '.join(found) or 'no peers'}\n"


def generation(measured: Sequence[Generation]) -> str:
    """Return the tables about whole processes."""
    parts = []
    for each in measured:
        parts += [f"### {each.count:,} operations\n", _ours(each), _peers(each)]
        if each.unclean:
            parts.append("Not as black lays it out:\n" + "\n".join(each.unclean) + "\n")
    return "\n".join([*parts, "### Growth\n", _growth(measured)])


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


def _growth(measured: Sequence[Generation]) -> str:
    heads = ("operations", *(name for name in _GOALS), "cold, each", "cold, memory")
    rows = []
    for each in measured:
        cost = each.ours[COLD]
        ends = ("", "")
        if isinstance(cost, Cost):
            ends = (seconds(cost.wall / each.count), megabytes(cost.memory))
        times = (_cells(each.ours[name], "")[0] for name in _GOALS)
        rows.append((f"{each.count:,}", *times, *ends))
    return table(heads, rows) + "\n"
