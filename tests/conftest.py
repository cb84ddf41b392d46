"""What all tests of the generator share."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Callable

import pytest
from hypothesis import settings

from figures import Figure, show_figures

# What is drawn at random is the same in every run, unless more is asked for; how long it takes says nothing.
settings.register_profile(
    "same",
    derandomize=os.environ.get("SOAPSTONE_PROOF", "1") == "1",
    deadline=None,
)
settings.load_profile("same")

# Packages that are compared; `test_cases` runs their tests where they are importable.
collect_ignore = ["cases"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that accepts what the generator says today."""
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="rewrite golden files with what comes out now; look at the difference afterwards",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to rewrite goldens where nobody would look at the difference."""
    if config.getoption("--update-goldens") and os.environ.get("CI"):
        raise pytest.UsageError("--update-goldens is for your own machine, not for CI")
    # A fork that collects garbage would copy all that the tests before it hold, up to a gigabyte.
    os.register_at_fork(before=gc.freeze, after_in_parent=gc.unfreeze)
    # What runs of the command keep for each other is not that of whoever runs the tests.
    kept = tempfile.TemporaryDirectory()
    config.add_cleanup(kept.cleanup)
    os.environ["SOAPSTONE_CACHE"] = kept.name


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was tried."""
    show_figures(terminalreporter)


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    """Return what adds a number to a figure in the summary of the run."""
    return record_property


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are rewritten instead of compared."""
    return bool(request.config.getoption("--update-goldens"))
