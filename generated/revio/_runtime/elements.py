"""What matters about a single element of a document, whatever it stands for."""

from xml.etree.ElementTree import Element

from .reading import BLANKS


def text_of(element: Element) -> str:
    """The text of an element; text around unknown elements inside counts as one text."""
    value = element.text or ""
    if len(element):
        return value + "".join(child.tail or "" for child in element)
    return value


def is_nil(element: Element, *, unprefixed: bool = True) -> bool:
    """Whether an element is marked as nil.

    Args:
        element: The element.
        unprefixed: Whether an attribute `nil` without a namespace is such a mark too.
    """
    for name, value in element.items():
        if (name in _NIL or (unprefixed and name == "nil")) and (
            value.strip(BLANKS) in {"true", "1"}
        ):
            return True
    return False


# In the namespaces of the standard and of its drafts, which old services still write.
_NIL = {
    "{http://www.w3.org/2001/XMLSchema-instance}nil",
    "{http://www.w3.org/1999/XMLSchema-instance}null",
    "{http://www.w3.org/2000/10/XMLSchema-instance}nil",
    "{http://www.w3.org/2000/10/XMLSchema-instance}null",
}


def split(name: str) -> tuple[str, str]:
    """Namespace, empty when there is none, and local name, of an element or attribute."""
    namespace, _, local = name.rpartition("}")
    return namespace[1:], local


def placed(element: Element) -> str:
    """An element with its namespace, in words."""
    namespace, name = split(element.tag)
    if not namespace:
        return f"element {name} without a namespace"
    return f"element {name} in the namespace {namespace[:NAME_LENGTH]!r}"


# A name that an error shows comes from the document and may be of any length.
NAME_LENGTH = 100
