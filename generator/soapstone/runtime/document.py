"""A document as it came, bytes or text, to a tree of elements.

Reads any encoding that a byte order mark or the XML declaration names. Never expands an
entity: a document with a DOCTYPE, the only place to declare one, is refused unread.
"""

import codecs
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from xml.parsers import expat

DEPTH_LIMIT = 256


class Unreadable(Exception):
    """A document is not XML that may be read; the message says in words what it is."""


def parse_usual(
    document: bytes, follow: Callable[[Element], bool] | None = None
) -> Element | None:
    """The root element of a document as services usually write them; None for any other.

    It is in UTF-8 and well-formed, and has no DOCTYPE, and its bytes need not be decoded for
    this. Whether and why any other cannot be read is for `parse` to say.

    Args:
        document: The document.
        follow: Is given the root time and again while a long document comes in, and may take
            out of it what is complete, which the last child of an element need not be. It
            answers whether to go on.
    """
    if not _USUAL_START.match(document):
        return None
    if follow is None or len(document) <= _STEP:
        root = root_of(document)
    else:
        root = _followed_root(document, follow)
    # That many elements around each other need that many end tags, at least "</a>".
    if (
        root is not None
        and len(document) > 4 * DEPTH_LIMIT
        and document.count(b"</") >= DEPTH_LIMIT
        and is_deeper(root, DEPTH_LIMIT)
    ):
        return None
    return root


def root_of(document: bytes) -> Element | None:
    """The root element of a document that has no DOCTYPE; None when it is not well-formed."""
    parser = XMLParser()  # noqa: S314 -- no DOCTYPE, hence no entities
    try:
        parser.feed(document)
        return parser.close()
    except ParseError:
        return None


def parse(text: str) -> Element:
    """The root element of a document.

    Raises:
        Unreadable: Not well-formed, with a DOCTYPE, or nested deeper than 256 elements.
    """
    if "<!DOCTYPE" in text and _has_doctype(text):
        raise Unreadable(described(text) or "a document with a DOCTYPE")
    root = _tree(text)
    if isinstance(root, str):
        raise Unreadable(described(text) or root)
    # That many elements around each other need that many end tags, at least "</a>".
    if (
        len(text) > 4 * DEPTH_LIMIT
        and text.count("</") >= DEPTH_LIMIT
        and is_deeper(root, DEPTH_LIMIT)
    ):
        raise Unreadable(f"elements nested deeper than {DEPTH_LIMIT}")
    return root


def decode(document: bytes | str) -> str:
    """The text of a document without its byte order mark.

    Raises:
        Unreadable: The encoding is unknown, or the bytes are not in it.
    """
    if isinstance(document, str):
        return document.removeprefix("\ufeff")
    encoding = _encoding_of(document)
    try:
        return _decoded(document, encoding, "strict")
    except LookupError:
        trouble = f"a document in the unknown encoding {encoding[:40]}"
    except UnicodeError as error:  # quotes the document, and so is left behind
        trouble = _undecodable(encoding, error)
    raise Unreadable(trouble)


def decode_roughly(document: bytes | str, limit: int) -> str:
    """About the first `limit` characters, whatever the document is, to show to people.

    Undecodable bytes are replaced, and NULs, which betray an encoding that was not
    recognised, are dropped.
    """
    if isinstance(document, str):
        return document[:limit]
    start = document[: 4 * limit]  # no encoding of XML takes more for a character
    try:
        text = _decoded(start, _encoding_of(start), "replace")
    except (LookupError, UnicodeError):
        text = start.decode("utf-8", "replace")
    return text[:limit].replace("\0", "")


# Encodings


def _encoding_of(document: bytes) -> str:
    """The encoding by byte order mark, by NULs, by declaration, in this order."""
    if document.startswith(_USUAL_DECLARATION):
        return "utf-8"
    if document[:1] != b"<" or document[1:2] == b"\0":
        for start, encoding in _STARTS:
            if document.startswith(start):
                return encoding
    declared = _DECLARED.match(document)
    return declared[1].decode("ascii") if declared else "utf-8"


_USUAL_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>'  # only to save time

_STARTS = (
    # UTF-32 before UTF-16, which it looks like.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)

_DECLARED = re.compile(
    rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]*)["']"""
)


def _decoded(document: bytes, encoding: str, errors: str) -> str:
    if encoding != "utf-8":
        _refuse_implausible(document, encoding)
    return document.decode(encoding, errors)


def _refuse_implausible(document: bytes, encoding: str) -> None:
    """Raise the error of an unknown encoding, or that of a wrong one.

    A declaration that is legible as it stands may still name, for example, UTF-16.
    """
    if codecs.lookup(encoding).name.replace("-", "_") in _NOT_FOR_XML:
        raise LookupError
    start = document[:8]
    if start.startswith(b"<?xml") and start.decode(encoding)[:5] != "<?xml":
        raise UnicodeError


# Codecs of Python's own, which no document can mean.
_NOT_FOR_XML = frozenset(
    ("idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape")
)


def _undecodable(encoding: str, error: UnicodeError) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"a document that is not in its encoding {encoding}"
    if error.reason in {"unexpected end of data", "truncated data"}:
        return f"a document that stops before its end (inside a {encoding} character)"
    place = f"byte {error.start + 1}"
    return f"a document that is not in its encoding {encoding} ({place})"


# Parsing

# Nothing but comments and the like may stand before the root in which a DOCTYPE could hide.
_USUAL_START = re.compile(
    rb"""(?:<\?xml\ version=["']1\.0["'](?:\ encoding=["'](?i:utf-8)["'])?\ ?\?>\s*)?<[A-Za-z_]"""
)
_STEP = 16_384  # bytes, of which the elements fit into the caches of a processor


def _followed_root(
    document: bytes, follow: Callable[[Element], bool]
) -> Element | None:
    builder = TreeBuilder()
    # An element around the root, which is known to us before the parser comes to its end.
    around = builder.start("document", {})
    parser = XMLParser(target=builder)  # noqa: S314 -- no DOCTYPE, hence no entities
    # A few steps suffice: some versions of expat start again with each in a long comment.
    step = max(_STEP, len(document) // _STEPS)
    try:
        for start in range(0, len(document), step):
            parser.feed(document[start : start + step])
            if len(around) and not follow(around[0]):
                return None
        builder.end("document")
        parser.close()
    except ParseError:
        return None
    return around[0]


_STEPS = 64


def _tree(text: str) -> Element | str:
    """The root element, or what is wrong.

    The errors caught here quote the document, secrets included, and so are left behind.
    """
    if "\0" in text:  # before expat sees it, which takes it for a sign of UTF-16
        return "a document with a NUL character"
    parser = XMLParser()  # noqa: S314 -- no DOCTYPE, hence no entities
    try:
        parser.feed(text)
        return parser.close()
    except ParseError as error:
        return _not_well_formed(error.code, error.position)
    except UnicodeEncodeError:
        return "a document with lone surrogates"


def _not_well_formed(code: int, position: tuple[int, int]) -> str:
    line, column = position
    place = f"line {line}, column {column + 1}: {expat.ErrorString(code)}"
    if code in _TRUNCATED:
        return f"a document that stops before its end ({place})"
    return f"a document that is not well-formed XML ({place})"


_TRUNCATED = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


class _Doctype(Exception):
    """Ends the search for a DOCTYPE: there is one."""


def _has_doctype(text: str) -> bool:
    """Whether the document has a DOCTYPE, and not just the word in a comment or CDATA."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop
    try:
        parser.Parse(text)
    except _Doctype:
        return True
    except (expat.ExpatError, UnicodeEncodeError):
        return False  # what is wrong is found again, and reported, by the real parser
    return False


def _stop(*_: object) -> None:
    raise _Doctype


def is_deeper(root: Element, limit: int) -> bool:
    """Whether more than so many elements stand inside each other, the root included."""
    level = [root]
    for _ in range(limit - 1):
        # Most elements have none inside, and are not even looked at in Python.
        level = [child for element in level for child in filter(len, element)]
        if not level:
            return False
    return any(map(len, level))


def described(document: bytes | str) -> str | None:
    """What a document is that was never meant as XML, when that is plain to see."""
    text = decode_roughly(document, LOOKED_AT)
    start = text.lstrip()
    if not start:
        return "white space only" if text else "an empty document"
    if start[0] in "{[":
        return "JSON"
    if start[0] != "<":
        return "plain text"
    return _described_page(start) if _HTML.match(start) else None


def _described_page(text: str) -> str:
    title = _TITLE.search(text)
    words = " ".join(title[1].split()) if title else ""
    shown = "".join(filter(str.isprintable, words))[:_TITLE_LENGTH]
    return f"an HTML page titled {shown!r}" if shown else "an HTML page"


LOOKED_AT = 16_384  # characters, of which a page has its title early
_TITLE_LENGTH = 80
_TITLE = re.compile(r"<title(?:\s[^<>]*)?>([^<]+)", re.IGNORECASE)

_HTML = re.compile(
    r"(?:<\?xml[^>]*>\s*|<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+)?html\b",
    re.DOTALL | re.IGNORECASE,
)
