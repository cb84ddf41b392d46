"""No mistake in a generated package goes unnoticed by its own tests.

What a mistake can be stands in `mutations.py`: a check taken out, a condition turned around, a limit
moved by one, a member not written or not read, a state or an effect forgotten, a secret shown.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from figures import Figure
from soapstone.diagnostics import Report
from soapstone.pipeline import compile_service, package_files

HERE = Path(__file__).parent
SERVICES = [
    HERE.parent / "specs" / "revio",
    *sorted((HERE / "cases").iterdir()),
    HERE / "services" / "tallyhouse",
]


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_every_mistake_is_noticed(
    service: Path, tmp_path: Path, figure: Figure
) -> None:
    """Whichever single mistake is made in a module, a test of the package fails."""
    compiled = compile_service(service, Report())
    assert compiled is not None
    assert compiled.plan is not None
    folder = tmp_path / str(compiled.plan.name)
    files = package_files(compiled.plan, dict)  # however it is laid out
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    ended = subprocess.run(
        [sys.executable, HERE / "mutants.py", folder],
        env=os.environ | {"COVERAGE_PROCESS_CONFIG": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, tuple[int, list[str]]] = json.loads(ended.stdout)
    survivors = {path: survived for path, (_, survived) in found.items() if survived}
    assert survivors == {}
    made = sum(number for number, _ in found.values())
    assert made
    figure("mistakes in packages, noticed by their own tests", made)
