"""Answers: from the document that came to the members of the documented result."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element

from .elements import text_of
from .errors import MalformedResponse
from .nil import NIL, Nil
from .payload import find_result
from .reading import BLANKS, NotAValue
from .redaction import mask_document
from .source import Source

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShape:
    """What the documentation says about the answers of one operation.

    Attributes:
        operation: Wire name of the operation.
        response: Name of the element around the result; that of the result itself when its
            members stand directly in the response.
        result: Name of the result element.
        namespaces: Documented namespaces; elements without a namespace count as well.
        secrets: Local names of elements and attributes whose content is never shown.
        bare_ampersands: Local names of elements in whose text a `&` may stand unescaped.
        has_nil_attribute: Whether a structure has an attribute `nil` of its own. It marks nothing
            as nil then; only one in the namespace of XML Schema does.
    """

    operation: str
    response: str
    result: str
    namespaces: frozenset[str]
    secrets: frozenset[str]
    bare_ampersands: frozenset[str] = frozenset()
    has_nil_attribute: bool = False


class Answer:
    """An answer of the documented shape.

    Attributes:
        result: Members of the result element.
        repaired: Names of the declared defects that were mended in the document.
    """

    __slots__ = ("repaired", "result")

    def __init__(self, result: "Members", repaired: tuple[str, ...]) -> None:
        self.result = result
        self.repaired = repaired


def open_answer(document: bytes | str, shape: AnswerShape) -> Answer:
    """Find the result in a document, with or without a SOAP envelope of either version.

    Raises:
        SoapFault: The document is a fault.
        MalformedResponse: It is neither that nor an answer to the operation.
        TypeError: It is neither bytes nor text.
    """
    source = Source(
        _bytes_or_text(document),
        operation=shape.operation,
        response=shape.response,
        result=shape.result,
        namespaces=shape.namespaces,
        secrets=shape.secrets,
        has_nil_attribute=shape.has_nil_attribute,
    )
    result, repaired = find_result(source, shape.bare_ampersands)
    return Answer(Members(result, source, shape.result), repaired)


def _bytes_or_text(document: object) -> bytes | str:
    if isinstance(document, (bytes, str)):
        return document
    if isinstance(document, bytearray):
        return bytes(document)
    if isinstance(document, memoryview):
        return document.tobytes()
    raise TypeError(f"a document must be bytes or str, not {type(document).__name__}")


class Members:
    """The members of one structure, by wire name.

    An element is a member when it has a documented namespace or none. Everything else, such as
    other attributes, stray text and the order of the elements, is ignored. A member that was
    read as single but came twice raises `MalformedResponse`, as does any unreadable value; the
    error names the place by its path of wire names, items of a list counted from 1.

    Readers are the functions of `reading` for values, and functions of the generated code
    that take `Members` for structures.

    What `require`, `refuse_...` and `omit_...` say holds for single members, and for what is
    read after it. A member without text and without elements inside is empty; one with
    nothing but white space is blank; one that is nil is neither.
    """

    __slots__ = ("_element", "_members", "_path", "_source")

    def __init__(self, element: Element, source: Source, path: str) -> None:
        self._element = element
        self._source = source
        self._path = path
        names = source.names
        members: dict[str, list[Element]] = {}
        for child in element:
            name = names[child.tag]
            if name in members:
                members[name].append(child)
            else:
                members[name] = [child]
        self._members = members

    def value(self, name: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of a member; None when it is absent or nil."""
        element = self._single(name)
        return None if element is None else self._read(element, reader, name)

    def required_value(self, name: str, reader: Callable[[str], _Value]) -> _Value:
        """The value of a member, which must be there and not nil."""
        return self._read(self._required(name), reader, name)

    def structure(
        self, name: str, reader: Callable[["Members"], _Value]
    ) -> _Value | None:
        """A structure; None when it is absent or nil."""
        element = self._single(name)
        return None if element is None else reader(self._inside(element, name))

    def required_structure(
        self, name: str, reader: Callable[["Members"], _Value]
    ) -> _Value:
        """A structure, which must be there and not nil."""
        return reader(self._inside(self._required(name), name))

    def values(
        self, name: str, item: str, reader: Callable[[str], _Value]
    ) -> tuple[_Value, ...] | None:
        """The items inside a wrapper; None when the wrapper is absent or nil."""
        wrapper = self.structure(name, _itself)
        return None if wrapper is None else wrapper.repeated_values(item, reader)

    def required_values(
        self, name: str, item: str, reader: Callable[[str], _Value]
    ) -> tuple[_Value, ...]:
        """The items inside a wrapper, which must be there and not nil."""
        return self.required_structure(name, _itself).repeated_values(item, reader)

    def structures(
        self, name: str, item: str, reader: Callable[["Members"], _Value]
    ) -> tuple[_Value, ...] | None:
        """The structures inside a wrapper; None when the wrapper is absent or nil."""
        wrapper = self.structure(name, _itself)
        return None if wrapper is None else wrapper.repeated_structures(item, reader)

    def required_structures(
        self, name: str, item: str, reader: Callable[["Members"], _Value]
    ) -> tuple[_Value, ...]:
        """The structures inside a wrapper, which must be there and not nil."""
        return self.required_structure(name, _itself).repeated_structures(item, reader)

    def repeated_values(
        self, name: str, reader: Callable[[str], _Value]
    ) -> tuple[_Value, ...]:
        """The values of a member that comes any number of times."""
        return tuple(
            self._read(element, reader, place) for place, element in self._items(name)
        )

    def repeated_structures(
        self, name: str, reader: Callable[["Members"], _Value]
    ) -> tuple[_Value, ...]:
        """The structures of a member that comes any number of times."""
        return tuple(
            reader(self._inside(element, place)) for place, element in self._items(name)
        )

    def mixed(
        self, name: str, readers: Mapping[str, Callable[["Members"], _Value]]
    ) -> tuple[_Value, ...] | None:
        """Items of several names inside a wrapper; None when that is absent or nil."""
        wrapper = self.structure(name, _itself)
        return None if wrapper is None else wrapper.repeated_mixed(readers)

    def required_mixed(
        self, name: str, readers: Mapping[str, Callable[["Members"], _Value]]
    ) -> tuple[_Value, ...]:
        """Items of several names inside a wrapper, which must be there and not nil."""
        return self.required_structure(name, _itself).repeated_mixed(readers)

    def repeated_mixed(
        self, readers: Mapping[str, Callable[["Members"], _Value]]
    ) -> tuple[_Value, ...]:
        """The members of some names in the order of the document, each by its reader."""
        counts = dict.fromkeys(readers, 0)
        items: list[_Value] = []
        for element in self._element:
            name = self._source.names[element.tag]
            if name in readers:
                counts[name] += 1
                place = f"{name}[{counts[name]}]"
                self._refuse_nil_item(element, place)
                items.append(readers[name](self._inside(element, place)))
        return tuple(items)

    def attribute(self, name: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of an attribute of the structure's own element; None when absent.

        Args:
            name: Its name, `{namespace}local` when it has a prefix.
            reader: What makes a value of its text.
        """
        text = self._element.get(name)
        return None if text is None else self._read_attribute(text, reader, name)

    def required_attribute(self, name: str, reader: Callable[[str], _Value]) -> _Value:
        """The value of an attribute of the structure's own element, which must be there."""
        text = self._element.get(name)
        if text is None:
            raise self._missing_attribute(name)
        return self._read_attribute(text, reader, name)

    def text(self, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of the structure's own text; None when it has no text."""
        if not text_of(self._element):
            return None
        return self.required_text(reader)

    def required_text(self, reader: Callable[[str], _Value]) -> _Value:
        """The value of the structure's own text, which is empty when it has none."""
        return self._read(self._element, reader, "")

    def nil(self, name: str) -> Nil | None:
        """`NIL` when a member is there once and nil; None otherwise."""
        elements = self._members.get(name, ())
        if len(elements) == 1 and self._source.is_nil(elements[0]):
            return NIL
        return None

    def require(self, *names: str) -> None:
        """Refuse the answer unless these members are there and not nil.

        A name after `@` is that of an attribute.
        """
        for name in names:
            if not name.startswith("@"):
                self._required(name)
            elif self._element.get(name[1:]) is None:
                raise self._missing_attribute(name[1:])

    def require_or_nil(self, *names: str) -> None:
        """Refuse the answer unless these members are there, nil or not."""
        for name in names:
            if name not in self._members:
                raise self._missing(name, "none")

    def refuse_nil(self, *names: str) -> None:
        """Refuse the answer when one of these members is nil."""
        for name in names:
            if self.nil(name):
                raise self._missing(name, "a nil one")

    def refuse_empty(self, *names: str) -> None:
        """Refuse the answer when one of these members is empty."""
        for name in names:
            if self._is_empty(name):
                raise self._missing(name, "an empty one")

    def refuse_blank(self, *names: str) -> None:
        """Refuse the answer when one of these members is blank."""
        for name in names:
            if self._is_blank(name):
                raise self._missing(name, "a blank one")

    def omit_empty(self, *names: str) -> None:
        """Take those of these members that are empty as absent."""
        for name in names:
            if self._is_empty(name):
                del self._members[name]

    def omit_blank(self, *names: str) -> None:
        """Take those of these members that are blank as absent."""
        for name in names:
            if self._is_blank(name):
                del self._members[name]

    def _single(self, name: str) -> Element | None:
        elements = self._members.get(name)
        if elements is None:
            return None
        if len(elements) > 1:
            raise self._source.malformed(
                f"one element {self._path}/{name}", f"{len(elements)} of them"
            )
        element = elements[0]
        return None if element.keys() and self._source.is_nil(element) else element

    def _required(self, name: str) -> Element:
        element = self._single(name)
        if element is None:
            raise self._missing(name, "a nil one" if name in self._members else "none")
        return element

    def _missing(self, place: str, received: str) -> MalformedResponse:
        return self._source.malformed(f"element {self._path}/{place}", received)

    def _missing_attribute(self, name: str) -> MalformedResponse:
        expected = f"attribute {self._path}/{_attribute(name)}"
        return self._source.malformed(expected, "none")

    def _is_empty(self, name: str) -> bool:
        element = self._single(name)
        return element is not None and not len(element) and not element.text

    def _is_blank(self, name: str) -> bool:
        element = self._single(name)
        if element is None or len(element) or not element.text:
            return False
        return not element.text.strip(BLANKS)

    def _items(self, name: str) -> list[tuple[str, Element]]:
        """The elements of a list, each with its name for a path."""
        items: list[tuple[str, Element]] = []
        for index, element in enumerate(self._members.get(name, ()), start=1):
            place = f"{name}[{index}]"
            self._refuse_nil_item(element, place)
            items.append((place, element))
        return items

    def _refuse_nil_item(self, element: Element, place: str) -> None:
        if element.keys() and self._source.is_nil(element):
            raise self._missing(place, "a nil one")

    def _inside(self, element: Element, name: str) -> "Members":
        return Members(element, self._source, f"{self._path}/{name}")

    def _read(
        self, element: Element, reader: Callable[[str], _Value], name: str
    ) -> _Value:
        text = text_of(element) if len(element) else element.text or ""
        try:
            return reader(text)
        except NotAValue as error:
            expected = str(error)
        raise self._unreadable(expected, text, name)

    def _read_attribute(
        self, text: str, reader: Callable[[str], _Value], name: str
    ) -> _Value:
        try:
            return reader(text)
        except NotAValue as error:
            expected = str(error)
        raise self._unreadable(expected, text, _attribute(name))

    def _unreadable(self, expected: str, text: str, name: str) -> MalformedResponse:
        """The error about a text; no name means that of the structure itself."""
        path = f"{self._path}/{name}" if name else self._path
        received = _shown_text(text, path, self._source.secrets)
        return self._source.malformed(f"{expected} in {path}", received)


def _itself(members: Members) -> Members:
    """The reader of a wrapper, whose members are read afterwards."""
    return members


def _attribute(name: str) -> str:
    """An attribute in a path, without its namespace."""
    return "@" + name.rpartition("}")[2]


_VALUE_LENGTH = 50


def _shown_text(text: str, path: str, secrets: frozenset[str]) -> str:
    """What stands at a path, in words that may be shown."""
    value = text.strip(BLANKS)
    names = [part.removeprefix("@").partition("[")[0] for part in path.split("/")]
    if not value:
        return f"an empty {'attribute' if '@' in path else 'element'}"
    if not secrets.isdisjoint(names):
        return "a value that is secret"
    value = mask_document(value, secrets)
    return repr(value if len(value) <= _VALUE_LENGTH else f"{value[:_VALUE_LENGTH]}...")
