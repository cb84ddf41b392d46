"""Answers: from the document that came to the members of the documented result."""

from collections.abc import Callable, Mapping
from typing import Generic, TypeAlias, TypeVar
from xml.etree.ElementTree import Element

from .document import DEPTH_LIMIT, is_deeper
from .elements import text_of
from .errors import MalformedResponse
from .nil import NIL, Nil
from .payload import find_result
from .reading import BLANKS, NotAValue
from .redaction import mask_document
from .source import AnswerShape, Names, Source

_Value = TypeVar("_Value")
_Value_co = TypeVar("_Value_co", covariant=True)


# Where something stands: what it stands in, and its name. Only errors make a path of it.
Place: TypeAlias = "tuple[Place | None, str]"


def open_answer(
    document: bytes | str, shape: AnswerShape, *lists: "StructureList[object]"
) -> "tuple[Members, tuple[str, ...]]":
    """Find the result in a document, with or without a SOAP envelope of either version.

    Args:
        document: The document.
        shape: What the documentation says about it.
        lists: What is read of a long document while it comes in.

    Returns:
        The members of the result element, and the names of the declared defects that were
        mended in the document.

    Raises:
        SoapFault: The document is a fault.
        MalformedResponse: It is neither that nor an answer to the operation.
        TypeError: It is neither bytes nor text.
    """
    if type(document) is not bytes:  # as it is most often; a call takes longer
        document = _bytes_or_text(document)
    source = Source(document, shape)
    follow = _follower(lists, source) if lists else None
    result, repaired = find_result(source, follow)
    return Members(result, source, (None, shape.result)), repaired


def _bytes_or_text(document: object) -> bytes | str:
    if isinstance(document, (bytes, str)):
        return document
    if isinstance(document, bytearray):
        return bytes(document)
    if isinstance(document, memoryview):
        return document.tobytes()
    raise TypeError(f"a document must be bytes or str, not {type(document).__name__}")


def _follower(
    lists: "tuple[StructureList[object], ...]", source: Source
) -> Callable[[Element], bool]:
    return lambda result: all(each.take(result, source) for each in lists)


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

    __slots__ = ("_element", "_lists", "_members", "_place", "_source")

    def __init__(self, element: Element, source: Source, place: "Place") -> None:
        self._element = element
        self._source = source
        self._place = place
        names = source.names
        children = element[:]  # to go through the element itself ends in an IndexError
        members: dict[str, Element] = {}
        for child in children:
            members[names[child.tag]] = child
        self._members = members
        self._lists = (
            _NO_LISTS if len(members) == len(children) else _lists(children, names)
        )

    def value(self, name: str, reader: Callable[[str], _Value]) -> _Value | None:
        """The value of a member; None when it is absent or nil."""
        element = self._members.get(name)
        if element is None:
            return None
        if self._lists or element.keys():
            element = self._single(name)
            if element is None:
                return None
        text = text_of(element) if len(element) else element.text or ""
        try:
            return reader(text)
        except NotAValue as error:
            expected = str(error)
        raise self._unreadable(expected, text, name)

    def required_value(self, name: str, reader: Callable[[str], _Value]) -> _Value:
        """The value of a member, which must be there and not nil."""
        element = self._members.get(name)
        if element is None or self._lists or element.keys():
            element = self._required(name)
        text = text_of(element) if len(element) else element.text or ""
        try:
            return reader(text)
        except NotAValue as error:
            expected = str(error)
        raise self._unreadable(expected, text, name)

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
        element = self._members.get(name)
        if element is None or self._lists or element.keys():
            element = self._required(name)
        return reader(self._inside(element, name))

    def listed(self, items: "StructureList[_Value]") -> tuple[_Value, ...] | None:
        """The items of a list; None when it is absent or nil."""
        wrapper = self._single(items.name)
        return None if wrapper is None else self._listed(wrapper, items)

    def required_listed(self, items: "StructureList[_Value]") -> tuple[_Value, ...]:
        """The items of a list, which must be there and not nil."""
        return self._listed(self._required(items.name), items)

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
            self._read(element, reader, place)
            for place, element in self._items(name, 1)
        )

    def repeated_structures(
        self, name: str, reader: Callable[["Members"], _Value], first: int = 1
    ) -> tuple[_Value, ...]:
        """The structures of a member that comes any number of times.

        Args:
            name: Its name.
            reader: What makes a value of each.
            first: Number of the first one, when others stood before it.
        """
        return tuple(
            reader(self._inside(element, place))
            for place, element in self._items(name, first)
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
        element = self._members.get(name)
        if element is None or name in self._lists or not self._source.is_nil(element):
            return None
        return NIL

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
        element = self._members.get(name)
        if element is None:
            return None
        if name in self._lists:
            raise self._source.malformed(
                f"one element {_path(self._place)}/{name}",
                f"{len(self._lists[name])} of them",
            )
        return None if element.keys() and self._source.is_nil(element) else element

    def _required(self, name: str) -> Element:
        element = self._single(name)
        if element is None:
            raise self._missing(name, "a nil one" if name in self._members else "none")
        return element

    def _missing(self, place: str, received: str) -> MalformedResponse:
        return self._source.malformed(f"element {_path(self._place)}/{place}", received)

    def _missing_attribute(self, name: str) -> MalformedResponse:
        expected = f"attribute {_path(self._place)}/{_attribute(name)}"
        return self._source.malformed(expected, "none")

    def _is_empty(self, name: str) -> bool:
        element = self._single(name)
        return element is not None and not len(element) and not element.text

    def _is_blank(self, name: str) -> bool:
        element = self._single(name)
        if element is None or len(element) or not element.text:
            return False
        return not element.text.strip(BLANKS)

    def _items(self, name: str, first: int) -> list[tuple[str, Element]]:
        """The elements of a list, each with its name for a path."""
        items: list[tuple[str, Element]] = []
        for index, element in enumerate(self._all(name), first):
            place = f"{name}[{index}]"
            self._refuse_nil_item(element, place)
            items.append((place, element))
        return items

    def _all(self, name: str) -> list[Element]:
        element = self._members.get(name)
        if element is None:
            return []
        return self._lists.get(name, [element])

    def _listed(
        self, wrapper: Element, items: "StructureList[_Value]"
    ) -> tuple[_Value, ...]:
        taken = items.taken_from(wrapper)
        inside = self._inside(wrapper, items.name)
        rest = inside.repeated_structures(items.item, items.read, len(taken) + 1)
        return (*taken, *rest)

    def _refuse_nil_item(self, element: Element, place: str) -> None:
        if element.keys() and self._source.is_nil(element):
            raise self._missing(place, "a nil one")

    def _inside(self, element: Element, name: str) -> "Members":
        return Members(element, self._source, (self._place, name))

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
        path = _path((self._place, name) if name else self._place)
        received = _shown_text(text, path, self._source.shape.secrets)
        return self._source.malformed(f"{expected} in {path}", received)


def _path(place: Place) -> str:
    outer, name = place
    return name if outer is None else f"{_path(outer)}/{name}"


_NO_LISTS: dict[str, list[Element]] = {}


def _lists(children: list[Element], names: Names) -> dict[str, list[Element]]:
    """The members that come more than once."""
    found: dict[str, list[Element]] = {}
    for child in children:
        found.setdefault(names[child.tag], []).append(child)
    return {name: children for name, children in found.items() if len(children) > 1}


class StructureList(Generic[_Value_co]):
    """The structures inside a wrapper that stands in the result, for `Members.listed`.

    Those of a long document are read while it comes in, and given up as elements, which
    saves most of the memory and much of the time. Where anything is wrong with one, the
    document is read again as a whole, so that the same is said of it in both ways.

    Attributes:
        name: Name of the wrapper.
        item: Name of the structures.
        read: Their reader.
    """

    __slots__ = ("_taken", "_wrapper", "item", "name", "read")

    def __init__(
        self, name: str, item: str, read: Callable[[Members], _Value_co]
    ) -> None:
        self.name = name
        self.item = item
        self.read = read
        self._taken: list[_Value_co] = []
        self._wrapper: Element | None = None

    def take(self, result: Element, source: Source) -> bool:
        """Read what is complete in a result that comes in, and take it out; whether all was well."""
        wrapper = result[-1] if len(result) else None
        if wrapper is None or source.names[wrapper.tag] != self.name:
            return True
        if self._wrapper is None:
            self._wrapper = wrapper
        # Not as deep as a document may be, because something stands around the wrapper.
        if wrapper is not self._wrapper or is_deeper(wrapper, DEPTH_LIMIT // 2):
            return False
        try:
            for each in wrapper[:-1]:
                if source.names[each.tag] != self.item:
                    continue
                if each.keys() and source.is_nil(each):
                    return False
                self._taken.append(self.read(Members(each, source, (None, self.item))))
        except MalformedResponse:
            return False
        del wrapper[:-1]
        return True

    def taken_from(self, wrapper: Element) -> list[_Value_co]:
        """The structures that were taken out of a wrapper."""
        return self._taken if wrapper is self._wrapper else []


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
