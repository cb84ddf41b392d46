"""Faults, of SOAP 1.1 or 1.2 by their members: services mix the versions up."""

import re
from xml.etree.ElementTree import Element, tostring

from . import writing
from .elements import split, text_of
from .envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from .errors import SoapFault
from .reading import BLANKS
from .redaction import mask_document

DETAIL_LENGTH = 2000

# As .NET says it, of a document as a whole and of the place where its reader stopped.
_PLACE = re.compile(
    r"(?:\bXML document \(|\bline )([1-9][0-9]{0,8}), (?:position |column )?([0-9]{1,9})\b",
    re.IGNORECASE,
)


def is_fault(element: Element) -> bool:
    """Whether an element is a fault, in the namespace of either version or in none."""
    namespace, name = split(element.tag)
    return name == "Fault" and namespace in {"", SOAP11_NAMESPACE, SOAP12_NAMESPACE}


def read_fault(fault: Element, operation: str, secrets: frozenset[str]) -> SoapFault:
    """The error that a fault stands for, with its secrets masked."""
    code = _first(fault, ("faultcode",), ("Code", "Value"))
    explanation = _first(fault, ("faultstring",), ("Reason", "Text"))
    actor = _first(fault, ("faultactor",), ("Role",))
    detail = _first(fault, ("detail",), ("Detail",))
    text = _masked_text(explanation, secrets) or ""
    place = _PLACE.search(text)
    return SoapFault(
        operation=operation,
        code=_masked_text(code, secrets) or "",
        text=text,
        actor=_masked_text(actor, secrets),
        detail=_masked_xml(detail, secrets),
        line=int(place[1]) if place else None,
        column=int(place[2]) if place else None,
    )


def _first(element: Element, *paths: tuple[str, ...]) -> Element | None:
    """The first element at one of the paths of local names, in whatever namespaces."""
    for path in paths:
        level = [element]
        for name in path:
            children = [child for parent in level for child in parent]
            level = [child for child in children if split(child.tag)[1] == name]
        if level:
            return level[0]
    return None


def _masked_text(element: Element | None, secrets: frozenset[str]) -> str | None:
    if element is None:
        return None
    return mask_document(text_of(element).strip(BLANKS), secrets)


def _masked_xml(element: Element | None, secrets: frozenset[str]) -> str | None:
    """The beginning of the XML inside an element."""
    if element is None:
        return None
    inside = "".join(tostring(child, encoding="unicode") for child in element)
    start = writing.text(element.text or "")
    return mask_document(f"{start}{inside}".strip(BLANKS), secrets)[:DETAIL_LENGTH]
