"""Tables in Markdown, aligned so that they read as well in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table, its first column to the left and all others to the right."""
    lines = [list(heads), *(list(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines.insert(1, rule)
    return "\n".join(
        "| "
        + " | ".join(
            cell.rjust(width) if position else cell.ljust(width)
            for position, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    )


def seconds(value: float) -> str:
    """Write a time with three digits that count."""
    for factor, unit in ((1, "s"), (1e3, "ms"), (1e6, "us")):
        if value * factor >= 1:
            return f"{_digits(value * factor)} {unit}"
    return f"{_digits(value * 1e9)} ns"


def megabytes(value: float) -> str:
    """Write an amount of memory."""
    return f"{_digits(value / 1e6)} MB"


def ratio(value: float, other: float) -> str:
    """Write how many times another value is in one."""
    return f"{_digits(value / other)} x"


def _digits(value: float) -> str:
    return (
        f"{value:.2f}"
        if value < 10
        else f"{value:.1f}" if value < 100 else f"{value:.0f}"
    )  # fmt: skip -- one line for one decision
