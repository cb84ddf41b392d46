"""Sixth stage: black, in one pinned version and the target's own mode, never a user's settings."""

from __future__ import annotations

from importlib import metadata

from black import format_file_contents
from black.mode import Mode, TargetVersion
from black.report import NothingChanged

from soapstone.render import WIDTH

VERSION = f"black {metadata.version('black')}"

_MODE = Mode(target_versions={TargetVersion.PY310}, line_length=WIDTH)


def format_files(files: dict[str, str]) -> dict[str, str]:
    """Return the files with every Python module laid out by black."""
    return {
        path: _format(text) if path.endswith(".py") else text
        for path, text in files.items()
    }


def _format(text: str) -> str:
    try:
        return format_file_contents(text, fast=True, mode=_MODE)
    except NothingChanged:
        return text
