"""What decides about the layout."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import metadata

from soapstone.render import WIDTH

__all__ = ["KNOWN_VERSION", "OPTIONS", "TARGET", "VERSION", "WIDTH"]

TARGET = "py310"
VERSION = f"black {metadata.version('black')}"

# The version of black whose layout the modules beside this one know.
KNOWN_VERSION = "black 26.10.1"

# What decides beside the version, by the name that black has for it.
OPTIONS: Mapping[str, str] = {"line-length": str(WIDTH), "target-version": TARGET}
