"""Documented answers, which need not be well-formed, and what is put into them."""

import re
from collections.abc import Container, Iterable
from os import PathLike
from pathlib import Path

from .. import writing
from ..document import decode
from ..envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE, Envelope


class Documents:
    """The documents of a folder, each of which is read once."""

    def __init__(self, folder: str | PathLike[str]) -> None:
        self._folder = Path(folder)
        self._read: dict[str, bytes] = {}

    def read(self, name: str) -> bytes:
        """A document by the name of its file, in UTF-8 whatever it is stored in."""
        if name not in self._read:
            text = decode((self._folder / name).read_bytes())
            self._read[name] = _OTHER_ENCODING.sub(r"\1utf-8", text).encode()
        return self._read[name]


def stored_documents(module: str, name: str) -> Documents:
    """The documents that a package keeps for one operation.

    Args:
        module: The file of the module that answers for it, `answers/sms_send.py` for example.
        name: The folder, which lies in `documents` beside that of the module.
    """
    return Documents(Path(module).parent.parent / "documents" / name)


_OTHER_ENCODING = re.compile(
    r"""(\A<\?xml[^>]*?\sencoding\s*=\s*["'])(?!utf-8["'])[^"'>]*""", re.IGNORECASE
)


def with_text(document: bytes, name: str, text: str) -> bytes:
    """A document in which the first element of a local name has another text.

    What was marked as nil is so no more. A document without such an element stays as it is.

    Args:
        document: The document, in UTF-8.
        name: Local name of the element.
        text: Its text, as it is to be read.
    """
    written = document.decode()
    for token in _TOKEN.finditer(written):
        if token["name"] == name:
            tag = _NIL.sub("", token["tag"]).rstrip("/> ")
            end = "" if not token["tag"].endswith("/>") else f"</{token['whole']}>"
            changed = f"{tag}>{writing.text(text)}{end}"
            start, stop = token.span()
            return (written[:start] + changed + written[stop:]).encode()
    return document


# A start tag with the text after it; what looks like one elsewhere is passed over.
_QUOTED = r"<!--.*?(?:-->|\Z) | <!\[CDATA\[.*?(?:\]\]>|\Z)"
_TOKEN = re.compile(
    rf"""
    {_QUOTED} | <\?.*?(?:\?>|\Z)
  | (?P<tag> <
        (?P<whole> (?:[^\s<>/:!?"'=]+:)? (?P<name>[^\s<>/:!?"'=]+) )
        (?: (?=[\s/>]) [^<>"']* (?:(?:"[^"<]*"|'[^'<]*') [^<>"']*)* )
    >)
    (?: (?<=/>) | (?: {_QUOTED} | [^<]+ )* )
    """,
    re.DOTALL | re.VERBOSE,
)
_NIL = re.compile(r"""\s+(?:[^\s<>/:"'=]+:)?nil\s*=\s*(?:"[^"]*"|'[^']*')""")


def in_form(document: bytes, envelope: Envelope) -> bytes:
    """A documented answer in another envelope; one that is documented without stays so.

    Args:
        document: The document, in UTF-8.
        envelope: What is to stand around it.
    """
    old, new = SOAP11_NAMESPACE, SOAP12_NAMESPACE
    if envelope is Envelope.SOAP12:
        return document.replace(old.encode(), new.encode())
    if envelope is Envelope.SOAP11:
        return document.replace(new.encode(), old.encode())
    return _without_envelope(document.decode()).encode()


def _without_envelope(written: str) -> str:
    """What stands in the body of an envelope, with the prefixes that the envelope declares."""
    found = _ENVELOPE.search(written)
    if found is None:
        return written
    declarations = "".join(
        f" {each[0]}" for each in _DECLARATION.finditer(found["attributes"])
    )
    return _FIRST_NAME.sub(rf"\g<0>{declarations}", found["content"], count=1)


_ENVELOPE = re.compile(
    r"""<(?:[^\s<>/:!?"'=]+:)?Envelope(?P<attributes>\s[^>]*)>.*?"""
    r"""<(?:[^\s<>/:!?"'=]+:)?Body(?:\s[^>]*)?>\s*(?P<content>.*?)\s*</(?:[^\s<>/:!?"'=]+:)?Body\s*>""",
    re.DOTALL,
)
_DECLARATION = re.compile(r"""xmlns:[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*')""")
_FIRST_NAME = re.compile(r"<[^\s<>/!?]+")


# What `answer` of an operation asks of a request. A text is one value; None is none.


def unlike(
    values: str | Iterable[str] | None, pattern: re.Pattern[str]
) -> tuple[str, ...]:
    """Those values that do not match a pattern as a whole."""
    return tuple(value for value in texts_of(values) if not pattern.fullmatch(value))


def among(values: str | Iterable[str] | None, known: Container[str]) -> tuple[str, ...]:
    """Those values that are known."""
    return tuple(value for value in texts_of(values) if value in known)


def not_among(
    values: str | Iterable[str] | None, known: Container[str]
) -> tuple[str, ...]:
    """Those values that are not known."""
    return tuple(value for value in texts_of(values) if value not in known)


def texts_of(values: str | Iterable[str] | None) -> Iterable[str]:
    """The texts of a member: those of a list, a text itself, or none."""
    if values is None:
        return ()
    return (values,) if isinstance(values, str) else values
