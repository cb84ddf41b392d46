"""What a single value or a list must be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from soapstone.diagnostics import Span
from soapstone.model.atoms import Atom
from soapstone.model.sources import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Length:
    """Number of characters, both limits inclusive."""

    minimum: int | None = None
    maximum: int | None = None
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A regular expression with ASCII classes that the whole value matches.

    Attributes:
        accepts: Values that match, for patterns from which none can be derived.
        rejects: Values that do not match, likewise.
    """

    expression: str
    accepts: tuple[str, ...] = ()
    rejects: tuple[str, ...] = ()
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """The least value allowed."""

    limit: Atom
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """The greatest value allowed."""

    limit: Atom
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """The only values that the service takes."""

    values: tuple[Atom, ...]
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Number of items in a list, both limits inclusive."""

    minimum: int | None = None
    maximum: int | None = None
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """No item of a list occurs twice."""

    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


AtomConstraint: TypeAlias = Length | Pattern | Minimum | Maximum | Allowed


ListConstraint: TypeAlias = Count | Unique
