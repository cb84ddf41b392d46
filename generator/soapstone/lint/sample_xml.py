"""Sample documents as trees in which everything has its place.

The second opinion on every sample: nothing here is shared with the parser of generated packages,
so that a mistake of one is not repeated by the other. Places are offsets into the sample as it
stands in the specs, in characters, whatever was mended before parsing.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple
from xml.parsers import expat
from xml.parsers.expat import errors

from soapstone.lint.ampersands import MAXIMUM_ELEMENTS, SHIFT, mend

# Values nest less deep than this, because YAML may not; it also keeps recursion from overflowing.
MAXIMUM_DEPTH: Final = 128

BLANKS = " \t\r\n"
"""What XML takes for white space, which is less than what Python does."""

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a sample cannot be read, or not as it should be."""

    rule: str
    offset: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """An attribute of an element; declarations of namespaces are none."""

    namespace: str
    name: str
    value: str
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """The declaration of a namespace; an empty one takes the default back."""

    uri: str
    offset: int


class Piece(NamedTuple):
    """Text as it came, between two other things or at the end of a line."""

    text: str
    offset: int


@dataclass(slots=True, kw_only=True)
class Element:
    """An element; `name` is without prefix."""

    namespace: str
    name: str
    offset: int
    attributes: tuple[Attribute, ...]
    declarations: tuple[Declaration, ...]
    children: list[Element]
    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The text of the element itself, across comments and children."""
        return "".join([piece.text for piece in self.pieces])

    @property
    def text_offset(self) -> int:
        """Where the text starts; the element itself when there is none."""
        return self.pieces[0].offset if self.pieces else self.offset

    @property
    def is_nil(self) -> bool:
        """Whether it is marked as nil."""
        return bool(self.attributes) and any(
            attribute.value in {"true", "1"}
            for attribute in self.attributes
            if is_nil_attribute(attribute)
        )

    def named(self, name: str) -> list[Element]:
        """Return the children with a name, in whatever namespace."""
        return [child for child in self.children if child.name == name]

    def walk(self) -> Iterator[Element]:
        """Yield the element and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def is_nil_attribute(attribute: Attribute) -> bool:
    """Whether an attribute says that its element is, or is not, nil."""
    return (
        attribute.namespace == SCHEMA_INSTANCE
        and attribute.name == "nil"
        and attribute.value in {"true", "1", "false", "0"}
    )


# From bytes to text


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A sample as text, without a byte order mark.

    Attributes:
        is_whole: Whether all of it could be decoded; `text` ends where it could not.
    """

    text: str
    is_whole: bool
    problems: tuple[Problem, ...]


def decode(content: bytes) -> Decoded:
    """Turn bytes into text by their byte order mark, their NULs or the XML declaration."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decode_as(content.removeprefix(mark), encoding)
    for start, encoding in _STARTS:
        if content.startswith(start):
            return _decode_as(content, encoding)
    named = _DECLARED_BYTES.match(content)
    declared = "" if named is None else named[1].decode("ascii").lower()
    is_other = _is_known(declared) and not declared.startswith("utf-")
    # Almost any bytes are text in another encoding; only UTF-8 shows what it is.
    is_utf8 = not is_other or _looks_like_utf8(content)
    return _decode_as(content, "utf-8" if is_utf8 else declared)


# UTF-32 before UTF-16, which it looks like.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_STARTS = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED_BYTES = re.compile(
    rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]*)["']"""
)
_DECLARED = re.compile(r"""<\?xml\s[^>]*?\bencoding\s*=\s*["'](?P<value>[^"']*)["']""")
_VERSION = re.compile(r"""<\?xml\s[^>]*?\bversion\s*=\s*["'](?P<value>[^"']*)["']""")

# As registered for XML: Python would take `utf--8` as well, and codecs that no document can mean.
_KNOWN = re.compile(
    r"utf-8|utf-16(le|be)?|utf-32(le|be)?|us-ascii|iso-8859-([1-9]|1[013-6])"
    r"|windows-125[0-8]|koi8-[ru]|big5|gb2312|gbk|gb18030|shift_jis|euc-jp|euc-kr"
)


def _is_known(name: str) -> bool:
    return _KNOWN.fullmatch(name) is not None


def _looks_like_utf8(content: bytes) -> bool:
    if content.isascii():
        return False
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(content: bytes, encoding: str) -> Decoded:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as trouble:
        text = content[: trouble.start].decode(encoding, "replace")
        undecodable = _encoding_problem(
            len(text),
            f"byte 0x{content[trouble.start]:02x} is not valid in `{encoding}`",
            "save the document in the encoding that it declares; without a declaration that is UTF-8",
        )
        problems = (undecodable, *_wrong_declarations(text, encoding))
        return Decoded(text=text, is_whole=False, problems=problems)
    problems = tuple(_wrong_declarations(text, encoding))
    return Decoded(text=text, is_whole=True, problems=problems)


def _encoding_problem(offset: int, message: str, hint: str) -> Problem:
    return Problem(rule="example-encoding", offset=offset, message=message, hint=hint)


def _wrong_declarations(text: str, encoding: str) -> Iterator[Problem]:
    """Yield what is wrong with the XML declaration of a text that came in `encoding`."""
    version = _VERSION.match(text)
    if version is not None and version["value"] != "1.0":
        sentence = f"the document says that it is XML `{version['value']}`"
        yield _encoding_problem(
            version.start("value"), sentence, "samples are XML `1.0`"
        )
    declared = _DECLARED.match(text)
    if declared is None:
        return
    sentence = _wrong_encoding(declared["value"], encoding)
    if sentence:
        yield _encoding_problem(
            declared.start("value"),
            sentence,
            "declare what the bytes are; a document that stands in a spec is `utf-8`",
        )


def _wrong_encoding(declared: str, encoding: str) -> str:
    """Return what is wrong with a declared encoding, given what the bytes are."""
    if not _is_known(declared.lower()):
        return f"the document declares the unknown encoding `{declared}`"
    own = encoding.replace("-le", "le").replace("-be", "be")
    if declared.lower() in {own, own.removesuffix("le").removesuffix("be")}:
        return ""
    # Text in ASCII is the same in every encoding of single bytes, which is why it decodes.
    shown = own.removesuffix("le").removesuffix("be")
    return (
        f"the document declares the encoding `{declared}`, but its bytes are `{shown}`"
    )


# From text to elements


def parse(text: str, mended: Sequence[int] = ()) -> Element | Problem:
    """Return the root of a sample, or why it cannot be read.

    Args:
        text: The sample as it stands.
        mended: Offsets of the ampersands that are read as if they were escaped.
    """
    if "\0" in text:  # expat would take it for a sign of UTF-16
        return _not_well_formed(
            text.index("\0"), "the character U+0000 cannot stand in XML"
        )
    root = _Builder(mend(text, mended).encode(), mended).build()
    if isinstance(root, Problem) and not text.lstrip(BLANKS).startswith("<"):
        return replace(root, hint=_BEFORE_DOCUMENT)
    return root


_BEFORE_DOCUMENT = "remove what stands before the first `<`, such as the header of HTTP"


_SHORTER = "shorten the document: a few items of a list show what all of them are like"


def _not_well_formed(offset: int, message: str, hint: str = "") -> Problem:
    return Problem(
        rule="example-not-well-formed",
        offset=offset,
        message=message,
        hint=hint
        or "correct the document; one that the page shows like this has a defect, which is declared by name",
    )


class _Stop(Exception):  # noqa: N818 - a signal
    """Ends the parsing: there is a problem that expat does not see."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


class _Builder:
    """Builds elements from the events of expat."""

    def __init__(self, content: bytes, mended: Sequence[int]) -> None:
        self._content = content
        self._offsets = _Offsets(content, mended)
        # No URI contains this character, so the last one always ends the namespace.
        parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartNamespaceDeclHandler = self._declare
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser
        self._declared: dict[str, str] = {}
        self._open: list[Element] = []
        self._root: Element | None = None
        self._elements = 0

    def build(self) -> Element | Problem:
        """Return the root, or the first problem."""
        try:
            self._parser.Parse(self._content, True)
        except _Stop as stop:
            return stop.problem
        except expat.ExpatError as trouble:
            return self._problem(trouble.code)
        # Expat accepts no document without an element.
        assert self._root is not None  # noqa: S101
        return self._root

    def _problem(self, code: int) -> Problem:
        offset = self._offsets.at(self._parser.ErrorByteIndex)
        if not self._content.strip():
            return _not_well_formed(offset, "the document is empty")
        reason = expat.ErrorString(code)
        reason = _REASONS.get(reason, reason)
        if self._open:
            reason = f"{reason}, inside `{self._open[-1].name}`"
        return _not_well_formed(offset, f"the document is not well-formed: {reason}")

    def _here(self) -> int:
        return self._offsets.at(self._parser.CurrentByteIndex)

    def _start(self, tag: str, attributes: list[str]) -> None:
        if len(self._open) == MAXIMUM_DEPTH:
            sentence = f"the document is nested more than {MAXIMUM_DEPTH} levels deep"
            raise _Stop(_not_well_formed(self._here(), sentence))
        namespace, name = _split(tag)
        offset = self._here()
        self._elements += 1 + len(attributes) // 2 + len(self._declared)
        if self._elements > MAXIMUM_ELEMENTS:
            sentence = f"the document has more than {MAXIMUM_ELEMENTS:,} elements and attributes"
            raise _Stop(_not_well_formed(offset, sentence, _SHORTER))
        # Most elements have nothing of the kind.
        has_any = bool(attributes or self._declared)
        own, declarations = self._in_tag(attributes) if has_any else ((), ())
        element = Element(
            namespace=namespace,
            name=name,
            offset=offset,
            attributes=own,
            declarations=declarations,
            children=[],
            pieces=[],
        )
        self._declared.clear()
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)

    def _in_tag(
        self, given: list[str]
    ) -> tuple[tuple[Attribute, ...], tuple[Declaration, ...]]:
        """Return the attributes, of which expat gave names and values in turn, and the declarations."""
        written = list(self._written_attributes())
        values = zip(given[::2], given[1::2], strict=True)
        places = [place for raw, place in written if not _is_declaration(raw)]
        attributes = tuple(
            _attribute(qualified, value, place)
            for (qualified, value), place in zip(values, places, strict=True)
        )
        declarations = tuple(
            Declaration(uri=self._declared[_prefix(raw)], offset=place)
            for raw, place in written
            if _is_declaration(raw)
        )
        return attributes, declarations

    def _written_attributes(self) -> Iterator[tuple[str, int]]:
        """Yield name and offset of each attribute of the tag that expat has just approved."""
        position = self._parser.CurrentByteIndex
        found = _TAG_NAME.match(self._content, position)
        while found is not None:
            position = found.end()
            found = _WRITTEN.match(self._content, position)
            if found is not None:
                yield found["name"].decode(), self._offsets.at(found.start("name"))

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(Piece(text=text, offset=self._here()))

    def _declare(self, prefix: str | None, uri: str | None) -> None:
        self._declared[prefix or ""] = uri or ""

    def _instruction(self, target: str, data: str) -> None:
        # Any other instruction is legal and has no meaning here.
        if self._root is None and _DECLARING.search(data):
            problem = Problem(
                rule="example-encoding",
                offset=self._here(),
                message=f"`<?{target}` is no XML declaration, though it looks like one",
                hint="write `<?xml`",
            )
            raise _Stop(problem)

    def _doctype(self, *_: object) -> None:
        problem = _not_well_formed(
            self._here(),
            "the document has a DOCTYPE",
            "remove it: no sample needs one, and nothing here expands entities",
        )
        raise _Stop(problem)


_SEPARATOR = "\x1f"

# The words of expat where a reader of a sample would not know what they mean.
_REASONS = {
    errors.XML_ERROR_INVALID_TOKEN: "something stands here that XML does not allow",
    errors.XML_ERROR_SYNTAX: "something stands here that XML does not allow",
    errors.XML_ERROR_NO_ELEMENTS: "it ends too early",
    errors.XML_ERROR_UNCLOSED_TOKEN: "what begins here is not closed",
    errors.XML_ERROR_TAG_MISMATCH: "this end tag does not match the start tag",
    errors.XML_ERROR_DUPLICATE_ATTRIBUTE: "this attribute is here a second time",
    errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT: "something stands after the root element",
    errors.XML_ERROR_UNBOUND_PREFIX: "this prefix is not declared",
    errors.XML_ERROR_UNDEFINED_ENTITY: "this entity is not defined",
    errors.XML_ERROR_MISPLACED_XML_PI: "the XML declaration is not at the very start",
    errors.XML_ERROR_XML_DECL: "the XML declaration is not as it must be",
}
_DECLARING = re.compile(r"\b(version|encoding)\s*=")
_TAG_NAME = re.compile(rb"<[^\s/>]+")
_WRITTEN = re.compile(rb"""\s+(?P<name>[^\s=/>]+)\s*=\s*(?:"[^"]*"|'[^']*')""")


def _split(tag: str) -> tuple[str, str]:
    namespace, _, name = tag.rpartition(_SEPARATOR)
    return namespace, name


def _attribute(tag: str, value: str, offset: int) -> Attribute:
    namespace, name = _split(tag)
    return Attribute(namespace=namespace, name=name, value=value, offset=offset)


def _is_declaration(name: str) -> bool:
    return name == "xmlns" or name.startswith("xmlns:")


def _prefix(name: str) -> str:
    return name.removeprefix("xmlns").removeprefix(":")


class _Offsets:
    """Turns ascending byte offsets of the mended text into characters of the original."""

    def __init__(self, content: bytes, mended: Sequence[int]) -> None:
        self._content = content
        self._is_plain = content.isascii() and not mended
        self._escaped = [offset + index * SHIFT for index, offset in enumerate(mended)]
        self._byte = 0
        self._character = 0

    def at(self, byte: int) -> int:
        """Return the offset of the character at `byte`; never asked for an earlier one."""
        if self._is_plain:
            return byte
        self._character += len(self._content[self._byte : byte].decode())
        self._byte = byte
        before = bisect_left(self._escaped, self._character)
        return self._character - before * SHIFT
