"""Pieces that every module has: docstrings, imports, constants."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.naming import Code, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled list in a docstring: names with what they mean."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring:
    """Text of a docstring before it is wrapped; the lines of `drawing` stay as they are."""

    summary: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    drawing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """`from module import names`, sorted."""

    module: Code
    names: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantView:
    """A compiled pattern."""

    name: Identifier
    expression: str
