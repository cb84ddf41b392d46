"""Answers: from the document that came to the members of the documented result."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar
from xml.etree.ElementTree import Element, tostring

from . import writing
from .document import Unreadable, decode, parse
from .envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from .errors import MalformedResponse, SoapFault
from .reading import BLANKS, NotAValue, text
from .redaction import mask_document, start_of
from .repair import escape_bare_ampersands

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShape:
    """What the documentation says about the answers of one operation.

    Attributes:
        operation: Wire name of the operation.
        response: Name of the element around the result.
        result: Name of the result element.
        namespaces: Documented namespaces; elements without a namespace count as well.
        secrets: Local names of elements whose content is never shown.
        bare_ampersands: Local names of elements in whose text a `&` may stand unescaped.
    """

    operation: str
    response: str
    result: str
    namespaces: frozenset[str]
    secrets: frozenset[str]
    bare_ampersands: frozenset[str] = frozenset()


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
    source = _Source(_bytes_or_text(document), shape)
    root, repaired = _root(source)
    result = _result(_payload(root, source), source)
    if result.keys() and _is_nil(result):
        raise source.malformed(_expected(shape), "a nil one")
    return Answer(Members(result, source, shape.result), repaired)


def _bytes_or_text(document: object) -> bytes | str:
    if isinstance(document, (bytes, str)):
        return document
    if isinstance(document, bytearray):
        return bytes(document)
    if isinstance(document, memoryview):
        return document.tobytes()
    raise TypeError(f"a document must be bytes or str, not {type(document).__name__}")


class _Source:
    """What every error about an answer needs to know."""

    __slots__ = ("document", "shape")

    def __init__(self, document: bytes | str, shape: AnswerShape) -> None:
        self.document = document
        self.shape = shape

    def malformed(self, expected: str, received: str) -> MalformedResponse:
        return MalformedResponse(
            operation=self.shape.operation,
            expected=expected,
            received=received,
            start=start_of(self.document, self.shape.secrets),
        )


class Members:
    """The members of one structure, by wire name.

    An element is a member when it has a documented namespace or none. Everything else, such as
    attributes, stray text and the order of the elements, is ignored. A member that was read
    as single but came twice raises `MalformedResponse`, as does any unreadable value; the
    error names the place by its path of wire names, items of a list counted from 1.

    Readers are the functions of `reading` for values, and functions of the generated code
    that take `Members` for structures.
    """

    __slots__ = ("_members", "_path", "_source")

    def __init__(self, element: Element, source: _Source, path: str) -> None:
        self._source = source
        self._path = path
        members: dict[str, list[Element]] = {}
        namespaces = source.shape.namespaces
        for child in element:
            namespace, _, name = child.tag.rpartition("}")
            if not namespace or namespace[1:] in namespaces:
                members.setdefault(name, []).append(child)
        self._members = members

    def value(self, name: str, reader: Callable[[Element], _Value]) -> _Value | None:
        """The value of a member; None when it is absent or nil."""
        element = self._single(name)
        return None if element is None else self._read(element, reader, name)

    def required_value(self, name: str, reader: Callable[[Element], _Value]) -> _Value:
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
        self, name: str, item: str, reader: Callable[[Element], _Value]
    ) -> tuple[_Value, ...] | None:
        """The items inside a wrapper; None when the wrapper is absent or nil."""
        wrapper = self.structure(name, _itself)
        return None if wrapper is None else wrapper.repeated_values(item, reader)

    def required_values(
        self, name: str, item: str, reader: Callable[[Element], _Value]
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
        self, name: str, reader: Callable[[Element], _Value]
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

    def require(self, *names: str) -> None:
        """Refuse the answer unless these members are there and not nil."""
        for name in names:
            self._required(name)

    def _single(self, name: str) -> Element | None:
        elements = self._members.get(name)
        if elements is None:
            return None
        if len(elements) > 1:
            raise self._source.malformed(
                f"one element {self._path}/{name}", f"{len(elements)} of them"
            )
        element = elements[0]
        return None if element.keys() and _is_nil(element) else element

    def _required(self, name: str) -> Element:
        element = self._single(name)
        if element is None:
            raise self._source.malformed(
                f"element {self._path}/{name}",
                "a nil one" if name in self._members else "none",
            )
        return element

    def _items(self, name: str) -> list[tuple[str, Element]]:
        """The elements of a list, each with its name for a path."""
        items: list[tuple[str, Element]] = []
        for index, element in enumerate(self._members.get(name, ()), start=1):
            place = f"{name}[{index}]"
            if element.keys() and _is_nil(element):
                raise self._source.malformed(
                    f"element {self._path}/{place}", "a nil one"
                )
            items.append((place, element))
        return items

    def _inside(self, element: Element, name: str) -> "Members":
        return Members(element, self._source, f"{self._path}/{name}")

    def _read(
        self, element: Element, reader: Callable[[Element], _Value], name: str
    ) -> _Value:
        try:
            return reader(element)
        except NotAValue as error:
            expected = str(error)
        path = f"{self._path}/{name}"
        received = _shown_text(element, path, self._source.shape.secrets)
        raise self._source.malformed(f"{expected} in {path}", received)


def _itself(members: Members) -> Members:
    """The reader of a wrapper, whose members are read afterwards."""
    return members


# A name that an error shows comes from the document and may be of any length.
_NAME_LENGTH = 100
_VALUE_LENGTH = 50
_DETAIL_LENGTH = 2000

# In the namespaces of the standard and of its drafts, which old services still write.
_NIL = (
    "{http://www.w3.org/2001/XMLSchema-instance}nil",
    "nil",
    "{http://www.w3.org/1999/XMLSchema-instance}null",
    "{http://www.w3.org/2000/10/XMLSchema-instance}nil",
    "{http://www.w3.org/2000/10/XMLSchema-instance}null",
)


def _is_nil(element: Element) -> bool:
    """Whether an element is nil; to save time, only asked of one with attributes."""
    return any(element.get(name, "").strip(BLANKS) in {"true", "1"} for name in _NIL)


def _shown_text(element: Element, path: str, secrets: frozenset[str]) -> str:
    """What an element holds, in words that may be shown."""
    value = text(element).strip(BLANKS)
    if not value:
        return "an empty element"
    if any(name.partition("[")[0] in secrets for name in path.split("/")):
        return "a value that is secret"
    value = mask_document(value, secrets)
    return repr(value if len(value) <= _VALUE_LENGTH else f"{value[:_VALUE_LENGTH]}...")


# From the document to its result


def _root(source: _Source) -> tuple[Element, tuple[str, ...]]:
    """The root element, and which defects were mended in order to get at it."""
    try:
        return parse(decode(source.document)), ()
    except Unreadable as error:
        received = str(error)
    mended = _mended_root(source)
    if mended is not None:
        return mended, ("bare-ampersand",)
    raise source.malformed(_expected(source.shape), received)


def _mended_root(source: _Source) -> Element | None:
    """The root element of a document that has declared defects and no others."""
    names = source.shape.bare_ampersands
    if names:
        with suppress(Unreadable):
            return parse(escape_bare_ampersands(decode(source.document), names))
    return None


def _expected(shape: AnswerShape) -> str:
    return f"element {shape.result}"


_SOAP_NAMESPACES = frozenset((SOAP11_NAMESPACE, SOAP12_NAMESPACE))
_BODIES = {f"{{{name}}}Envelope": f"{{{name}}}Body" for name in _SOAP_NAMESPACES}


def _payload(root: Element, source: _Source) -> Element:
    """The element that answers: the one in the body of an envelope, or the root."""
    body = _BODIES.get(root.tag)
    if body is None:
        if _split(root.tag)[1] == "Envelope":
            raise source.malformed("a SOAP 1.1 or 1.2 envelope", _placed(root))
        return root
    bodies = root.findall(body)
    if len(bodies) != 1:
        received = f"one with {len(bodies)}" if bodies else "one without"
        raise source.malformed("an envelope with one Body", received)
    payloads = list(bodies[0])
    if len(payloads) == 1:
        return payloads[0]
    for payload in payloads:
        if _is_fault(payload):
            return payload
    received = f"a Body with {len(payloads)} elements" if payloads else "an empty Body"
    raise source.malformed(_expected(source.shape), received)


def _result(payload: Element, source: _Source) -> Element:
    """The result element in what answers, or that itself."""
    shape = source.shape
    name = _known_name(payload, shape)
    if name == shape.response:
        return _inside_response(payload, source)
    if name == shape.result:
        return payload
    if _is_fault(payload):
        raise _fault(payload, source)
    if _split(payload.tag)[1] in (shape.response, shape.result):
        raise source.malformed(_documented(shape), _placed(payload))
    raise source.malformed(_expected(shape), _unexpected(payload))


def _inside_response(response: Element, source: _Source) -> Element:
    shape = source.shape
    results = [child for child in response if _known_name(child, shape) == shape.result]
    if len(results) == 1:
        return results[0]
    if results:
        expected = f"one element {shape.result}"
        raise source.malformed(expected, f"{len(results)} of them")
    for child in response:
        if _split(child.tag)[1] == shape.result:
            raise source.malformed(_documented(shape), _placed(child))
    if len(response):
        raise source.malformed(_expected(shape), _unexpected(response[0]))
    received = f"element {shape.response} with nothing inside"
    raise source.malformed(_expected(shape), received)


def _known_name(element: Element, shape: AnswerShape) -> str | None:
    """The local name of an element with a documented namespace or none."""
    namespace, _, name = element.tag.rpartition("}")
    return name if not namespace or namespace[1:] in shape.namespaces else None


def _documented(shape: AnswerShape) -> str:
    return f"{_expected(shape)} in a documented namespace"


def _split(tag: str) -> tuple[str, str]:
    """Namespace, empty when there is none, and local name."""
    namespace, _, name = tag.rpartition("}")
    return namespace[1:], name


def _placed(element: Element) -> str:
    """An element with its namespace, in words."""
    namespace, name = _split(element.tag)
    if not namespace:
        return f"element {name} without a namespace"
    return f"element {name} in the namespace {namespace[:_NAME_LENGTH]!r}"


def _unexpected(element: Element) -> str:
    """An element of another name, in words; most likely another operation's."""
    name = _split(element.tag)[1][:_NAME_LENGTH]
    if name.lower() == "html":
        return "an HTML page"
    for ending in ("Response", "Result"):
        if name.endswith(ending):
            other = name.removesuffix(ending)
            return f"element {name}, which is the answer to {other}"
    return f"element {name}"


# Faults


def _is_fault(element: Element) -> bool:
    namespace, name = _split(element.tag)
    return name == "Fault" and (not namespace or namespace in _SOAP_NAMESPACES)


def _fault(fault: Element, source: _Source) -> SoapFault:
    """A fault, of SOAP 1.1 or 1.2 by its members: services mix the versions up."""
    secrets = source.shape.secrets
    code = _first(fault, ("faultcode",), ("Code", "Value"))
    explanation = _first(fault, ("faultstring",), ("Reason", "Text"))
    actor = _first(fault, ("faultactor",), ("Role",))
    detail = _first(fault, ("detail",), ("Detail",))
    return SoapFault(
        operation=source.shape.operation,
        code=_masked_text(code, secrets) or "",
        text=_masked_text(explanation, secrets) or "",
        actor=_masked_text(actor, secrets),
        detail=_masked_xml(detail, secrets),
    )


def _first(element: Element, *paths: tuple[str, ...]) -> Element | None:
    """The first element at one of the paths of local names, in whatever namespaces."""
    for path in paths:
        level = [element]
        for name in path:
            children = [child for parent in level for child in parent]
            level = [child for child in children if _split(child.tag)[1] == name]
        if level:
            return level[0]
    return None


def _masked_text(element: Element | None, secrets: frozenset[str]) -> str | None:
    if element is None:
        return None
    return mask_document(text(element).strip(BLANKS), secrets)


def _masked_xml(element: Element | None, secrets: frozenset[str]) -> str | None:
    """The beginning of the XML inside an element."""
    if element is None:
        return None
    inside = "".join(tostring(child, encoding="unicode") for child in element)
    start = writing.text(element.text or "")
    return mask_document(f"{start}{inside}".strip(BLANKS), secrets)[:_DETAIL_LENGTH]
