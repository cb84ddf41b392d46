"""Where facts come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from soapstone.diagnostics import Span


class Basis(Enum):
    """On what a fact rests."""

    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of documentation that the specs record."""

    key: str
    title: str
    url: str
    retrieved: str
    note: str = ""
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact comes from: a page, by its key in `service.yaml`, and a section of it."""

    page: str
    section: str = ""
    basis: Basis = Basis.DOCUMENTED
    note: str = ""
    span: Span = field(compare=False, repr=False)
