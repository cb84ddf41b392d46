"""Measures everything and prints the tables: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks import calls, generation, report
from benchmarks.peers import find_peers

FULL = calls.Thoroughness(rounds=5, repetitions=3, starts=20)
QUICK = calls.Thoroughness(rounds=1, repetitions=1, starts=5)


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--quick", action="store_true", help="less than a minute")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="operations")
    parser.add_argument(
        "--peers",
        default=sys.executable,
        metavar="PYTHON",
        help="interpreter that has the peers installed; this one unless given",
    )
    options = parser.parse_args()
    sizes: list[int] = options.sizes or ([10] if options.quick else [3, 100, 1000])
    rounds = 1 if options.quick else 3
    thoroughness = QUICK if options.quick else FULL
    peers = find_peers(options.peers)
    print(report.versions(peers))
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            workshop = Path(folder) / str(size)
            measured.append(generation.measure(workshop, size, rounds, peers))
            print(report.generation(measured[-1]), flush=True)
        print(report.growth(measured), flush=True)
        calls.prepare(Path(folder) / "calls", peers)
        print(report.calls(calls.measure(Path(folder) / "calls", peers, thoroughness)))


if __name__ == "__main__":
    main()
