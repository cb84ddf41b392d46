"""Texts of which the documentation lists the values."""

from contextlib import suppress
from enum import Enum
from typing import TypeVar

from .reading import BLANKS

_Member = TypeVar("_Member", bound="Enumeration")


class Enumeration(str, Enum):
    """Base of the documented values of a text, each a `str` that equals its text on the wire.

    `str()` and `format()` give that text, in every version of Python.
    """

    def __str__(self) -> str:
        return str.__str__(self)

    def __format__(self, format_spec: str) -> str:
        return str.__format__(self, format_spec)

    @classmethod
    def read(  # noqa: PYI019 - `Self` came after the oldest version of Python
        cls: type[_Member], text: str
    ) -> _Member | str:
        """The documented value of a text from an answer, or the text when it is another one.

        White space around a value is ignored, unless it is documented with it.
        """
        for candidate in (text, text.strip(BLANKS)):
            with suppress(ValueError):
                return cls(candidate)
        return text
