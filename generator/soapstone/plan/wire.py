"""Fixed pieces of documents: tags, attributes and what stands for no value."""

from __future__ import annotations

from xml.sax.saxutils import escape

from soapstone.model import Atom
from soapstone.samples.documents import lexical

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_QUOTED = {
    '"': "&quot;",
    "'": "&apos;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
_NAMESPACES = {"xsi": XSI, "xml": "http://www.w3.org/XML/1998/namespace"}


def start_tag(name: str, *, is_open: bool = False) -> str:
    """Return the start of an element, without its end where attributes follow."""
    return f"<{name}" if is_open else f"<{name}>"


def end_tag(name: str) -> str:
    """Return the end of an element."""
    return f"</{name}>"


def empty_element(name: str) -> str:
    """Return an element without content."""
    return f"<{name}></{name}>"


def nil_element(name: str) -> str:
    """Return an element that is marked as nil."""
    return f'<{name} xmlns:xsi="{XSI}" xsi:nil="true"/>'


def attribute_opening(name: str) -> str:
    """Return an attribute up to its value, with the declaration of the prefix `xsi`."""
    declared = f' xmlns:xsi="{XSI}"' if name.startswith("xsi:") else ""
    return f'{declared} {name}="'


def attribute_tag(name: str) -> str:
    """Return the name under which a parser finds an attribute; an unknown prefix was reported."""
    prefix, colon, local = name.partition(":")
    is_known = colon and prefix in _NAMESPACES
    return f"{{{_NAMESPACES[prefix]}}}{local}" if is_known else name


def attribute_value(value: Atom) -> str:
    """Return a constant between the double quotes of an attribute."""
    return escape(str(value), _QUOTED) if isinstance(value, str) else lexical(value)
