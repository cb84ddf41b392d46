"""HTTP statuses that are no answer, in words that an operator understands."""

import time
from urllib.parse import urlsplit

from ..errors import UnexpectedStatus
from ..redaction import kind_of, mask_values, start_of
from ..transports.messages import HttpResponse
from .endpoints import shown
from .retries import retry_after

_MEANINGS = {
    400: "the service could not read the request",
    401: "the server asks for a log-in of its own before it lets requests through",
    403: "the server does not let the request through",
    404: "there is no service at this address",
    405: "there is no service at this address that takes requests",
    407: "the proxy asks for a user and a password",
    408: "the server did not get the request in time",
    410: "the service is no longer at this address",
    411: "the server does not take requests of this form",
    413: "the request is larger than the server allows",
    415: "the service does not take documents of this type; another envelope may help",
    429: "the service gets more requests than it allows",
    500: "the service failed",
    501: "the server does not know such requests",
    502: "a gateway could not reach the service",
    503: "the service is not available at present",
    504: "a gateway got no answer from the service in time",
}
_CLASSES = {
    1: "the server sent no final answer",
    3: "the server points to another address",
    4: "the server refused the request",
    5: "the server failed",
}
_REDIRECTS = 3
_REASON_LENGTH = 60
_TARGET_LENGTH = 200


def unexpected_status(
    response: HttpResponse,
    body: bytes,
    *,
    secrets: frozenset[str],
    values: frozenset[str],
    received: str = "",
) -> UnexpectedStatus:
    """The error about a response whose status says that it is no answer.

    Args:
        response: What came.
        body: Its body, decompressed.
        secrets: Local names of elements and attributes whose content is never shown.
        values: Texts that are secret wherever they stand.
        received: What the body is, in words, where that is known.
    """
    status = response.status
    meaning = _MEANINGS.get(status) or _CLASSES.get(
        status // 100, "the server answered with an unknown status"
    )
    reason = _printable(mask_values(response.reason.strip(), values), _REASON_LENGTH)
    named = f"HTTP {status} {reason}".rstrip()
    what = received or _words_for(body, values)
    target = _printable(mask_values(_target(response), values), _TARGET_LENGTH)
    destination = f": {target}" if target else ""
    return UnexpectedStatus(
        f"{meaning}{destination} ({named}, with {what})",
        status=status,
        reason=reason,
        start=start_of(body, secrets, values),
        retry_after=retry_after(response.header("retry-after"), time.time()),
    )


def _printable(text: str, length: int) -> str:
    return "".join(filter(str.isprintable, text))[:length]


def _words_for(body: bytes, values: frozenset[str]) -> str:
    if not body.strip():
        return "an empty body"
    return kind_of(body, values) or "a body that is no answer to the operation"


def _target(response: HttpResponse) -> str:
    """Where the service says that it is, as far as that may be shown."""
    location = response.header("location")
    if response.status // 100 != _REDIRECTS or location is None:
        return ""
    try:
        target = urlsplit(location)
    except ValueError:
        return ""
    return shown(location) if target.netloc else target.path
