"""The packages of all services, importable side by side, and this folder's helpers."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

HERE = Path(__file__).parent

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

import proof_packages  # noqa: E402 -- stands in the folder that was just made importable


@pytest.fixture(scope="session", autouse=True)
def _packages(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Write every package into a folder of this run, and make that importable."""
    parent = tmp_path_factory.mktemp("proof")
    proof_packages.write_all(parent / proof_packages.PARENT)
    sys.path.insert(0, str(parent))


@pytest.fixture(scope="module")
def uncounted() -> Iterator[None]:
    """Let tests run that reach again and again what others have reached: counting doubles their time."""
    counting = coverage.Coverage.current()
    if counting is not None:
        counting.stop()
    yield
    if counting is not None:
        counting.start()
