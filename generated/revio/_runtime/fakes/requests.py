"""Requests: from what came over HTTP to the members of the documented request."""

import codecs
import re
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ..document import Unreadable, decode
from ..elements import split
from ..envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE, Envelope
from ..reading import BLANKS
from .replies import Headers, Refused, Reply, refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An HTTP request.

    Attributes:
        method: The method.
        target: Path and query, or a whole URL.
        headers: Names and values in their order.
        body: The body.
    """

    method: str = "POST"
    target: str
    headers: Headers
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The path, in which capitals do not matter to such servers."""
        return path_of(self.target)

    def header(self, name: str) -> str | None:
        """The value of a header; None when there is none."""
        values = [value for each, value in self.headers if each.lower() == name]
        return values[0] if values else None


def path_of(url: str) -> str:
    """The path of an address, to be compared with others."""
    return urlsplit(url).path.lower() or "/"


class Position(NamedTuple):
    """Where an element starts, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A document that is well-formed, and what HTTP says about it.

    Attributes:
        action: What the request asks for; None when it does not say.
        protocol: The version of SOAP that the type of the content belongs to.
        envelope: What stands around the payload.
        payload: The element that asks; None when the envelope has none.
        header: Header of the envelope; an empty element when there is none.
        positions: Where elements start.
        document: The document as text.
    """

    action: str | None
    protocol: Envelope
    envelope: Envelope
    payload: Element | None
    header: Element
    positions: dict[Element, Position] = field(repr=False)
    document: str = field(repr=False)


def read_message(received: Received) -> Message:
    """Read a request as far as no operation is needed for that.

    Raises:
        Refused: Its type is not supported, or it is no XML that may be read, or its envelope is
            of another version than its type.
    """
    kind, parameters = _content_type(received.header("content-type") or "")
    if kind not in _PROTOCOLS:
        raise Refused(Reply(status=415))
    protocol = _PROTOCOLS[kind]
    try:
        document = _text(received.body, parameters.get("charset"), protocol)
        root, positions = _tree(document)
    except Unreadable:
        raise Refused(Reply(status=400)) from None
    action = received.header("soapaction")
    if protocol is Envelope.SOAP12:
        action = parameters.get("action")
    envelope, header, payload = _opened(root, protocol)
    return Message(
        action=None if action is None else _unquoted(action.strip()),
        protocol=protocol,
        envelope=envelope,
        payload=payload,
        header=header,
        positions=positions,
        document=document,
    )


_PROTOCOLS = {
    "text/xml": Envelope.SOAP11,
    "application/soap+xml": Envelope.SOAP12,
}


def _content_type(header: str) -> tuple[str, dict[str, str]]:
    kind, _, rest = header.partition(";")
    parameters = {
        found[1].lower(): _unquoted(found[2]) for found in _PARAMETER.finditer(rest)
    }
    return kind.strip().lower(), parameters


_PARAMETER = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s;]*)""")


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


# Text


def _text(body: bytes, charset: str | None, protocol: Envelope) -> str:
    """The text of a body.

    Raises:
        Unreadable: Its encoding is unknown, or it is not in it.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], encoding)
    if charset is not None:
        return _decoded(body, charset)
    if protocol is Envelope.SOAP11:
        return _NON_ASCII.sub(b"?", body).decode("ascii")
    return decode(body)


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except (LookupError, ValueError):
        trouble = f"a document that is not in its encoding {encoding}"
    raise Unreadable(trouble)


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# What these services make of text/xml without a charset, whatever the document declares.
_NON_ASCII = re.compile(rb"[\x80-\xff]")


# Elements


def _tree(text: str) -> tuple[Element, dict[Element, Position]]:
    """The root element, and where the elements start.

    Raises:
        Unreadable: Not well-formed, with a DOCTYPE, or with a comment in a value.
    """
    builder = _Builder()
    try:
        builder.parser.Parse(text, True)
    except (expat.ExpatError, UnicodeEncodeError):
        trouble = "a document that is not well-formed XML"
    else:
        return builder.root, builder.positions
    raise Unreadable(trouble)


class _Builder:
    """Makes elements of a document while it is parsed.

    Attributes:
        root: The root element, once there is one.
        positions: Where the elements start.
    """

    root: Element

    def __init__(self) -> None:
        self.positions: dict[Element, Position] = {}
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._data
        self.parser.CommentHandler = self._comment
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._tree = TreeBuilder()
        self._open: list[Element] = []
        self._commented: set[Element] = set()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        named = {_tag(each): value for each, value in attributes.items()}
        element = self._tree.start(_tag(name), named)
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber
        self.positions[element] = Position(line, column + 1)
        if not self._open:
            self.root = element
        self._open.append(element)

    def _end(self, name: str) -> None:
        self._tree.end(_tag(name))
        element = self._open.pop()
        is_value = not len(element) and (element.text or "").strip(BLANKS)
        if is_value and element in self._commented:
            raise Unreadable("a document with a comment in a value")

    def _data(self, data: str) -> None:
        self._tree.data(data)

    def _comment(self, _: str) -> None:
        self._commented.update(self._open[-1:])

    def _doctype(self, *_: object) -> None:
        raise Unreadable("a document with a DOCTYPE")


def _tag(name: str) -> str:
    return "{" + name if "}" in name else name


_NAMESPACES = {
    Envelope.SOAP11: SOAP11_NAMESPACE,
    Envelope.SOAP12: SOAP12_NAMESPACE,
}


def _opened(
    root: Element, protocol: Envelope
) -> tuple[Envelope, Element, Element | None]:
    """The envelope of a document, its header, and what stands in its body.

    Raises:
        Refused: It is of another version.
    """
    namespace, name = split(root.tag)
    if name != "Envelope":
        return Envelope.NONE, Element("Header"), root
    expected = _NAMESPACES[protocol]
    if namespace != expected:
        sentence = (
            f"Possible SOAP version mismatch: Envelope namespace {namespace} was unexpected. "
            f"Expecting {expected}."
        )
        raise refused(sentence, "soap:VersionMismatch", protocol)
    header = root.find(f"{{{namespace}}}Header")
    body = root.find(f"{{{namespace}}}Body")
    payload = None if body is None else next(iter(body), None)
    return protocol, Element("Header") if header is None else header, payload
