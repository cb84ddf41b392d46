"""The members of a request, read as leniently and as strictly as such services read them."""

from collections.abc import Callable
from typing import TypeVar
from xml.etree.ElementTree import Element

from ..answer import Members, Place
from ..elements import text_of
from ..reading import NotAValue
from ..source import Names, Source
from .requests import Position

_Value = TypeVar("_Value")


class UnreadableValue(Exception):
    """A text in a request is not a value of its type; the message says so like ASP.NET.

    Attributes:
        position: Where its element starts.
    """

    def __init__(self, sentence: str, position: Position) -> None:
        super().__init__(sentence)
        self.position = position


class ExactNames(Names):
    """Local names of elements in one namespace; all others are unknown elements."""

    def __init__(self, namespace: str) -> None:
        super().__init__(frozenset())
        self._prefix = f"{{{namespace}}}" if namespace else ""

    def __missing__(self, tag: str) -> str:
        namespace, brace, name = tag.rpartition("}")
        self[tag] = name if namespace + brace == self._prefix else ""
        return self[tag]


class RequestMembers(Members):
    """The members of one structure of a request.

    Unlike those of an answer: of several elements the first counts, a value that is marked as
    nil is read as an empty text, and an unreadable value raises `UnreadableValue`.
    """

    __slots__ = ("_positions",)

    def __init__(
        self,
        element: Element,
        source: Source,
        place: Place,
        positions: dict[Element, Position],
    ) -> None:
        super().__init__(element, source, place)
        self._positions = positions

    def value(self, name: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of a member; None when it is absent."""
        element = self._first(name)
        return None if element is None else self._read(element, reader, name)

    def required_value(self, name: str, reader: Callable[[str], _Value]) -> _Value:
        """The value of a member, which must be there."""
        element = self._first(name)
        if element is None:
            raise self._missing(name, "none")
        return self._read(element, reader, name)

    def _first(self, name: str) -> Element | None:
        return next(iter(self._all(name)), None)

    def _single(self, name: str) -> Element | None:
        element = self._first(name)
        return None if element is None or self._source.is_nil(element) else element

    def _is_empty(self, name: str) -> bool:
        """Whether a member has no text and no elements inside, marked as nil or not."""
        element = self._first(name)
        return element is not None and not len(element) and not element.text

    def _refuse_nil_item(self, element: Element, place: str) -> None:
        """Let it pass: an item that is nil has no text and no members."""

    def _inside(self, element: Element, name: str) -> Members:
        place = (self._place, name)
        return RequestMembers(element, self._source, place, self._positions)

    def _read(
        self,
        element: Element,
        reader: Callable[[str], _Value],
        name: str,  # noqa: ARG002 -- only answers are told of by name
    ) -> _Value:
        text = "" if self._source.is_nil(element) else text_of(element)
        return self._converted(text, element, reader)

    def _read_attribute(
        self,
        text: str,
        reader: Callable[[str], _Value],
        name: str,  # noqa: ARG002 -- only answers are told of by name
    ) -> _Value:
        return self._converted(text, self._element, reader)

    def _converted(
        self, text: str, element: Element, reader: Callable[[str], _Value]
    ) -> _Value:
        try:
            return reader(text)
        except NotAValue as error:
            sentence = _SENTENCES.get(str(error), _NUMBER)
        # An element that stands for an absent one is nowhere.
        position = self._positions.get(element, Position(1, 1))
        raise UnreadableValue(sentence.format(text), position)


_NUMBER = "Input string was not in a correct format."
_SENTENCES = {
    "a boolean": "The string '{}' is not a valid Boolean value.",
    "a date": "The string '{}' is not a valid AllXsd value.",
    "a date and time": "The string '{}' is not a valid AllXsd value.",
    "base64": "Invalid length for a Base-64 char array or string.",
}
