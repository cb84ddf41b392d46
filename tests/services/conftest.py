"""The package of the second service, and a server for it."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from soapstone.diagnostics import Report
from soapstone.output import write
from soapstone.pipeline import build_package

HERE = Path(__file__).parent
SPECS = HERE / "tallyhouse"

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))


# What callers take from the support code.
_SUPPORT = frozenset({"nil", "timestamp"})


class Package:
    """The generated package: its modules by their names."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getattr__(self, name: str) -> ModuleType:
        """Return a module."""
        inside = "._runtime" if name in _SUPPORT else ""
        return import_module(f"{self.folder.name}{inside}.{name}")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the package, which is importable from then on."""
    report = Report()
    built = build_package(SPECS, report)
    assert built is not None, report.diagnostics
    parent = tmp_path_factory.mktemp("second")
    write(built, parent)
    sys.path.insert(0, str(parent))
    return Package(parent / built.name)
