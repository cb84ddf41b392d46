"""The envelope around a request."""

from enum import Enum

SOAP11_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12_NAMESPACE = "http://www.w3.org/2003/05/soap-envelope"

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


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


def _soap(namespace: str) -> tuple[str, str]:
    start = f'{_DECLARATION}<soap:Envelope xmlns:soap="{namespace}"><soap:Body>'
    return start, "</soap:Body></soap:Envelope>"


_AROUND = {
    Envelope.NONE: (_DECLARATION, ""),
    Envelope.SOAP11: _soap(SOAP11_NAMESPACE),
    Envelope.SOAP12: _soap(SOAP12_NAMESPACE),
}


def enclose(body: str, envelope: Envelope) -> bytes:
    """The whole document, in UTF-8, around the XML text of a request.

    Raises:
        TypeError: The envelope is none of the three.
        UnicodeEncodeError: The text holds a lone surrogate; checked values never do.
    """
    if type(envelope) is not Envelope:
        raise TypeError(
            f"an envelope must be an Envelope, not {type(envelope).__name__}"
        )
    start, end = _AROUND[envelope]
    return f"{start}{body}{end}".encode()
