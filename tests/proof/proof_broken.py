"""Generates a package, and says which of the tests that come with it fail.

Called with the folder of a generator, that of the specs, an empty one for the package, and that of
the runner of tests, and with how the names of tests start. What is written is a list of the names of tests, as JSON.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path


def main(generator: str, specs: str, target: str, runner: str, start: str) -> None:
    """Generate and try."""
    sys.path[:0] = [generator, target, runner]
    soapstone = import_module("soapstone")
    assert str(soapstone.__file__).startswith(generator)
    report = import_module("soapstone.diagnostics").Report()
    pipeline = import_module("soapstone.pipeline")
    compiled = pipeline.compile_service(Path(specs), report)
    folder = Path(target) / str(compiled.plan.name)
    for path, content in pipeline.package_files(compiled.plan, dict).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    json.dump(sorted(set(failures(folder, start))), sys.stdout)


def failures(folder: Path, start: str) -> list[str]:
    """Return the tests that fail."""
    rows_of = import_module("mutants").rows_of
    names = sorted(path.stem for path in (folder / "tests").glob("test_*.py"))
    names.remove("test_package")  # which compares with a lock, and here is none
    modules = [import_module(f"{folder.name}.tests.{name}") for name in names]
    rows = [row for module in modules for row in rows_of(module)]
    tried = [row for row in rows if row.name.startswith(start)]
    return [row.name for row in tried if not row.passes()]


if __name__ == "__main__":
    main(*sys.argv[1:])
