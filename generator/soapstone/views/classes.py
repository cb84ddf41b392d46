"""Classes: structures and enumerations."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.naming import Code, Identifier
from soapstone.views.code import Docstring


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeView:
    """A member of a generated class."""

    name: Identifier
    annotation: Code
    default: Code | None
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAttributeView:
    """A member that takes any iterable, or iterables in it down to a depth."""

    name: Identifier
    depth: int

    @property
    def is_nested(self) -> bool:
        """Whether its items are lists."""
        return self.depth > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A structure as a dataclass.

    Attributes:
        lists: Members that take any iterable and keep a tuple.
        is_positional: Whether the constructor takes its members by position as well.
        is_answer: Whether it is a whole answer, which names the defects that were mended.
    """

    name: Identifier
    doc: Docstring
    attributes: tuple[AttributeView, ...]
    lists: tuple[ListAttributeView, ...] = ()
    is_positional: bool = False
    is_answer: bool = False

    @property
    def looks_like_test(self) -> bool:
        """Whether pytest would collect it."""
        return self.name.startswith("Test")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationView:
    """Documented values of a text as an enumeration: names with their texts."""

    name: Identifier
    doc: Docstring
    members: tuple[tuple[Identifier, str], ...]
