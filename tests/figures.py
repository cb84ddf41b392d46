"""What tests count, which the summary of a run shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

# Adds a number to what is counted under a name.
Figure: TypeAlias = Callable[[str, int], None]


def show_figures(terminal: pytest.TerminalReporter) -> None:
    """Write the sums over all tests that passed."""
    sums: dict[str, int] = {}
    for report in terminal.stats.get("passed", ()):
        for name, number in report.user_properties:
            sums[name] = sums.get(name, 0) + number
    if sums:
        terminal.section("tried")
    for name, number in sorted(sums.items()):
        terminal.write_line(f"{number:>9,} {name}")
