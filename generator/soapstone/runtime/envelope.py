"""The envelope around a request."""

from enum import Enum

from .errors import Violation

SOAP11_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12_NAMESPACE = "http://www.w3.org/2003/05/soap-envelope"

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


class Envelope(Enum):
    """What surrounds the element of a request.

    Attributes:
        NONE: Nothing: that element is the root of the document.
        SOAP11: A SOAP 1.1 envelope.
        SOAP12: A SOAP 1.2 envelope.
    """

    NONE = "none"
    SOAP11 = "soap11"
    SOAP12 = "soap12"


# To take a member from its class costs a call in older versions of Python.
_NONE, _SOAP11, _ = Envelope


def enclose(body: str, envelope: Envelope, header: str = "") -> bytes:
    """The whole document, in UTF-8, around the XML text of a request.

    Args:
        body: The element of the request.
        envelope: What stands around it.
        header: What stands in the header of the envelope, if it has one.

    Raises:
        TypeError: The envelope is none of the three.
        ValueError: There is a header but no envelope; `header_violations` says so before.
        UnicodeEncodeError: The text holds a lone surrogate; checked values never do.
    """
    if type(envelope) is not Envelope:
        raise TypeError(
            f"an envelope must be an Envelope, not {type(envelope).__name__}"
        )
    if envelope is _NONE:
        if header:
            raise ValueError("a header needs an envelope")
        return f"{DECLARATION}{body}".encode()
    namespace = SOAP11_NAMESPACE if envelope is _SOAP11 else SOAP12_NAMESPACE
    start = f'{DECLARATION}<soap:Envelope xmlns:soap="{namespace}">'
    header = header and f"<soap:Header>{header}</soap:Header>"
    return f"{start}{header}<soap:Body>{body}</soap:Body></soap:Envelope>".encode()


def header_violations(envelope: Envelope) -> list[Violation]:
    """What is wrong with an envelope for a request that needs a header."""
    if envelope is not _NONE:
        return []
    sentence = "must be a SOAP envelope, because the request needs a header"
    return [Violation("envelope", "envelope", sentence)]
