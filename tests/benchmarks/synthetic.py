"""Writes the synthetic service: `python -m benchmarks.synthetic N DIR`."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.descriptions import write_descriptions
from benchmarks.model import DEFAULT_SEED, synthetic_service
from benchmarks.specs import write_specs


def main() -> None:
    """Write so many operations as the arguments ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic")
    parser.add_argument("count", type=int, metavar="N", help="number of operations")
    parser.add_argument("folder", type=Path, metavar="DIR", help="where to write")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    parser.add_argument(
        "--described",
        type=Path,
        metavar="DIR",
        help="where to describe the same operations as XSD, WSDL and OpenAPI",
    )
    options = parser.parse_args()
    service = synthetic_service(options.count, options.seed)
    write_specs(service, options.folder / "synthetic")
    if options.described is not None:
        write_descriptions(service, options.described)


if __name__ == "__main__":
    main()
