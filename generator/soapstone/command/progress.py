"""Bars for whoever waits at a terminal: one for each thing that is done many times."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Generator

    from click._termui_impl import ProgressBar

_MANY = 8
"""From that many things on there is something to wait for."""


@dataclass(slots=True)
class Progress:
    """Shows what it is told, with counts."""

    _bar: ProgressBar[int] | None = field(default=None)

    def __call__(self, label: str, done: int, number: int) -> None:
        """Show that so many of so many things are done."""
        if number < _MANY:
            return
        if self._bar is None or done == 1:
            self.end()
            self._bar = click.progressbar(
                length=number,
                label=label,
                show_percent=True,
                show_pos=True,
                file=sys.stderr,
            )
            self._bar.__enter__()
        self._bar.update(done - self._bar.pos)

    def end(self) -> None:
        """Leave the line of the bar."""
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None


@contextmanager
def shown_progress() -> Generator[Progress]:
    """Yield what shows progress, and clean up after it."""
    progress = Progress()
    try:
        yield progress
    finally:
        progress.end()
