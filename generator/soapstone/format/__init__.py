"""Sixth stage: the layout of black, in one pinned version and the target's own mode.

Black takes far longer than all other stages. What templates write is regular enough for a short
account of its rules, which hands whatever it is not sure of to black itself. In a version that it
does not know, all is left to black.
"""

from __future__ import annotations

from soapstone.format.modules import lay_out_module
from soapstone.format.options import KNOWN_VERSION, OPTIONS, VERSION, WIDTH
from soapstone.format.tokens import UnsureError

__all__ = ["OPTIONS", "VERSION", "differs_in_layout_alone", "format_files"]


def format_files(files: dict[str, str]) -> dict[str, str]:
    """Return the files with every Python module laid out as black does it."""
    return {
        path: format_module(text) if path.endswith(".py") else text
        for path, text in files.items()
    }


def format_module(text: str) -> str:
    """Return a module laid out as black does it."""
    if VERSION == KNOWN_VERSION:
        try:
            return lay_out_module(text, WIDTH, _format_statement)
        except UnsureError:
            pass
    # Black takes long to import, and is seldom needed.
    from soapstone.format import formatter  # noqa: PLC0415 -- see above

    return formatter.format_module(text)


def differs_in_layout_alone(one: bytes, other: bytes) -> bool:
    """Whether two modules are the same program with the same comments."""
    from soapstone.format import formatter  # noqa: PLC0415 -- see above

    return formatter.differs_in_layout_alone(one, other)


def _format_statement(statement: str, depth: int) -> list[str]:
    from soapstone.format import formatter  # noqa: PLC0415 -- see above

    return formatter.format_statement(statement, depth)
