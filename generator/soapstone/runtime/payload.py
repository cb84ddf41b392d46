"""From the document to its result: through the envelope and the element of the response."""

from collections.abc import Callable
from contextlib import suppress
from xml.etree.ElementTree import Element

from .document import (
    DEPTH_LIMIT,
    Unreadable,
    decode,
    described,
    parse,
    parse_usual,
    root_of,
)
from .elements import NAME_LENGTH, placed, split
from .envelope import DECLARATION, SOAP11_NAMESPACE, SOAP12_NAMESPACE
from .faults import is_fault, read_fault
from .repair import escape_bare_ampersands
from .source import Source


def find_result(
    source: Source, follow: Callable[[Element], bool] | None
) -> tuple[Element, tuple[str, ...]]:
    """The result element, and which defects were mended in order to get at it.

    Args:
        source: The document.
        follow: Is given a long result while it comes in, as by `parse_usual`.

    Raises:
        SoapFault: The document is a fault.
        MalformedResponse: It is neither that nor an answer to the operation.
    """
    repaired: tuple[str, ...] = ()
    payload = _usual_payload(source.document)
    if payload is None:
        root, repaired = _root(source, follow)
        payload = _payload(root, source)
    result = _result(payload, source)
    if result.keys() and source.is_nil(result):
        raise source.no_result("a nil one")
    return result, repaired


def _usual_payload(document: bytes | str) -> Element | None:
    """What answers in a short document with an envelope as most services write it.

    It is parsed without the envelope, which says nothing and takes a fifth of the time. None for
    any other document, and where what answers is not well-formed by itself, as when it has a
    prefix that the envelope declares: such documents are read as a whole.
    """
    if not isinstance(document, bytes) or len(document) > _SHORT:
        return None
    for start, prefix in _USUAL_STARTS:
        if document.startswith(start) and document.endswith(_USUAL_END):
            payload = document[len(start) - 1 : -len(_USUAL_END)]
            # A letter excludes a declaration, a DOCTYPE and every encoding but UTF-8.
            if payload[1:2].isalpha() and not (prefix and prefix in payload):
                return root_of(payload)
    return None


# Each level of elements takes at least "<a></a>", and so a short document is not too deep.
_SHORT = 7 * DEPTH_LIMIT

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "http://www.w3.org/2001/XMLSchema"

# Up to the name of what answers; and the prefix that this may have from its envelope, which to
# look for takes less time than to fail.
_USUAL_STARTS = tuple(
    (f"{DECLARATION}<soap:Envelope{prefixes}><soap:Body><".encode(), prefix)
    for namespace in (SOAP11_NAMESPACE, SOAP12_NAMESPACE)
    for prefixes, prefix in (
        (f' xmlns:soap="{namespace}"', b""),
        (f' xmlns:soap="{namespace}" xmlns:xsi="{_XSI}" xmlns:xsd="{_XSD}"', b"xsi:"),
    )
)
_USUAL_END = b"</soap:Body></soap:Envelope>"


def _root(
    source: Source, follow: Callable[[Element], bool] | None
) -> tuple[Element, tuple[str, ...]]:
    document, names = source.document, source.shape.bare_ampersands
    if isinstance(document, bytes):
        root = parse_usual(document, follow and _only_result(follow, source))
        if root is not None:
            return root, ()
    try:
        text = decode(document)
        mended = escape_bare_ampersands(text, names) if names else text
        if mended != text:  # which no well-formed document is
            with suppress(Unreadable):
                return parse(mended), ("bare-ampersand",)
        return parse(text), ()
    except Unreadable as error:
        received = str(error)
    raise source.no_result(received)


def _only_result(
    follow: Callable[[Element], bool], source: Source
) -> Callable[[Element], bool]:
    """What follows the whole document, for what only wants to follow the result in it."""

    def follow_root(root: Element) -> bool:
        result = _result_so_far(root, source)
        return result is None or follow(result)

    return follow_root


def _result_so_far(root: Element, source: Source) -> Element | None:
    """The result in a document that may go on; None where another element stands there yet."""
    path = [root]
    while len(path) < _RESULT_DEPTH and len(path[-1]):
        path.append(path[-1][-1])
    body = _BODIES.get(root.tag)
    if body is not None:
        path = path[2:] if path[1:] and path[1].tag == body else []
    for element in path[:2]:
        name = source.names[element.tag]
        if name == source.shape.result:
            return element
        if name != source.shape.response:
            break
    return None


_RESULT_DEPTH = 4  # below an envelope, its body and the response

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
    payloads = bodies[0][:]
    if len(payloads) == 1:
        return payloads[0]
    for payload in payloads:
        if is_fault(payload):
            return payload
    received = f"a Body with {len(payloads)} elements" if payloads else "an empty Body"
    raise source.no_result(received)


def _result(payload: Element, source: Source) -> Element:
    """The result element in what answers, or that itself."""
    shape, name = source.shape, source.names[payload.tag]
    if name == shape.result:
        return payload
    if name == shape.response:
        return _inside_response(payload, source)
    if is_fault(payload):
        raise read_fault(payload, shape.operation, shape.secrets)
    if split(payload.tag)[1] in (shape.response, shape.result):
        raise source.malformed(_documented(source), placed(payload))
    if split(payload.tag)[1].lower() == "html":
        raise source.no_result(described(source.document) or "an HTML page")
    raise source.no_result(_unexpected(payload))


def _inside_response(response: Element, source: Source) -> Element:
    names, result = source.names, source.shape.result
    if len(response) == 1 and names[response[0].tag] == result:
        return response[0]
    results = [child for child in response if names[child.tag] == result]
    if len(results) == 1:
        return results[0]
    if results:
        expected = f"one element {result}"
        raise source.malformed(expected, f"{len(results)} of them")
    for child in response:
        if split(child.tag)[1] == result:
            raise source.malformed(_documented(source), placed(child))
    if len(response):
        raise source.no_result(_unexpected(response[0]))
    raise source.no_result(f"element {source.shape.response} with nothing inside")


def _documented(source: Source) -> str:
    return f"element {source.shape.result} in a documented namespace"


def _unexpected(element: Element) -> str:
    """An element of another name, in words; most likely another operation's."""
    name = split(element.tag)[1][:NAME_LENGTH]
    for ending in ("Response", "Result"):
        if name.endswith(ending):
            other = name.removesuffix(ending)
            return f"element {name}, which is the answer to {other}"
    return f"element {name}"
