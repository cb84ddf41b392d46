"""From the document to its result: through the envelope and the element of the response."""

from contextlib import suppress
from xml.etree.ElementTree import Element

from .document import Unreadable, decode, described, parse
from .elements import NAME_LENGTH, placed, split
from .envelope import SOAP11_NAMESPACE, SOAP12_NAMESPACE
from .faults import is_fault, read_fault
from .repair import escape_bare_ampersands
from .source import Source


def find_result(
    source: Source, bare_ampersands: frozenset[str]
) -> tuple[Element, tuple[str, ...]]:
    """The result element, and which defects were mended in order to get at it.

    Args:
        source: The document.
        bare_ampersands: Local names of elements in whose text a `&` may stand unescaped.

    Raises:
        SoapFault: The document is a fault.
        MalformedResponse: It is neither that nor an answer to the operation.
    """
    root, repaired = _root(source, bare_ampersands)
    result = _result(_payload(root, source), source)
    if result.keys() and source.is_nil(result):
        raise source.no_result("a nil one")
    return result, repaired


def _root(
    source: Source, bare_ampersands: frozenset[str]
) -> tuple[Element, tuple[str, ...]]:
    try:
        return parse(decode(source.document)), ()
    except Unreadable as error:
        received = str(error)
    if bare_ampersands:
        with suppress(Unreadable):
            text = escape_bare_ampersands(decode(source.document), bare_ampersands)
            return parse(text), ("bare-ampersand",)
    raise source.no_result(received)


_BODIES = {
    f"{{{namespace}}}Envelope": f"{{{namespace}}}Body"
    for namespace in (SOAP11_NAMESPACE, SOAP12_NAMESPACE)
}


def _payload(root: Element, source: Source) -> Element:
    """The element that answers: the one in the body of an envelope, or the root."""
    body = _BODIES.get(root.tag)
    if body is None:
        if split(root.tag)[1] == "Envelope":
            raise source.malformed("a SOAP 1.1 or 1.2 envelope", placed(root))
        return root
    bodies = root.findall(body)
    if len(bodies) != 1:
        received = f"one with {len(bodies)}" if bodies else "one without"
        raise source.malformed("an envelope with one Body", received)
    payloads = list(bodies[0])
    if len(payloads) == 1:
        return payloads[0]
    for payload in payloads:
        if is_fault(payload):
            return payload
    received = f"a Body with {len(payloads)} elements" if payloads else "an empty Body"
    raise source.no_result(received)


def _result(payload: Element, source: Source) -> Element:
    """The result element in what answers, or that itself."""
    name = source.names[payload.tag]
    if name == source.result:
        return payload
    if name == source.response:
        return _inside_response(payload, source)
    if is_fault(payload):
        raise read_fault(payload, source.operation, source.secrets)
    if split(payload.tag)[1] in (source.response, source.result):
        raise source.malformed(_documented(source), placed(payload))
    if split(payload.tag)[1].lower() == "html":
        raise source.no_result(described(source.document) or "an HTML page")
    raise source.no_result(_unexpected(payload))


def _inside_response(response: Element, source: Source) -> Element:
    results = [child for child in response if source.names[child.tag] == source.result]
    if len(results) == 1:
        return results[0]
    if results:
        expected = f"one element {source.result}"
        raise source.malformed(expected, f"{len(results)} of them")
    for child in response:
        if split(child.tag)[1] == source.result:
            raise source.malformed(_documented(source), placed(child))
    if len(response):
        raise source.no_result(_unexpected(response[0]))
    raise source.no_result(f"element {source.response} with nothing inside")


def _documented(source: Source) -> str:
    return f"element {source.result} in a documented namespace"


def _unexpected(element: Element) -> str:
    """An element of another name, in words; most likely another operation's."""
    name = split(element.tag)[1][:NAME_LENGTH]
    for ending in ("Response", "Result"):
        if name.endswith(ending):
            other = name.removesuffix(ending)
            return f"element {name}, which is the answer to {other}"
    return f"element {name}"
