"""Where requests go: which addresses are safe enough, and how they are shown."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

_LOOPBACK = re.compile(r"(?:.+\.)?localhost|127(?:\.[0-9]{1,3}){3}|::1")

_UNSAFE = (
    "the endpoint must be an https address, because requests carry secrets; for plain http to "
    "another machine, allow it: allow_plain_http=True"
)


def checked(endpoint: str, *, allow_plain_http: bool) -> str:
    """The address as it is, if requests may be sent to it.

    Raises:
        ValueError: It is no address of a web service, or requests would be legible on the way.
            What may be secret in it is not quoted.
    """
    parts = _split(endpoint)
    if parts is None or not parts.hostname or parts.scheme not in {"http", "https"}:
        raise ValueError("the endpoint must be an address like https://host/path")
    if parts.username is not None or parts.password is not None:
        raise ValueError("the endpoint must not hold a user or a password")
    if "#" in endpoint:
        raise ValueError("the endpoint must not have a fragment")
    if parts.scheme == "http" and not (
        allow_plain_http or _LOOPBACK.fullmatch(parts.hostname)
    ):
        raise ValueError(_UNSAFE)
    return endpoint


def _split(endpoint: str) -> SplitResult | None:
    """The parts of an address; None when it is not written like one."""
    try:
        parts = urlsplit(endpoint)
        has_port = parts.port != 0  # raises where it is no number of a port
    except ValueError:
        return None
    return parts if has_port and _is_plain(endpoint) else None


def _is_plain(endpoint: str) -> bool:
    """Whether an address consists of characters that may stand in one, none of them a blank."""
    return endpoint.isascii() and endpoint.isprintable() and " " not in endpoint


def shown(endpoint: str) -> str:
    """An address without user, query and fragment, any of which may be secret."""
    parts = urlsplit(endpoint)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def address_of(operation: str, service: str, chosen: str | None) -> str:
    """Where the requests of an operation go.

    Args:
        operation: Its documented endpoint.
        service: The documented endpoint of the service as a whole.
        chosen: What stands in for the latter; an operation with another path keeps that.
    """
    if chosen is None or operation == service:
        return operation if chosen is None else chosen
    own, base = urlsplit(operation), urlsplit(chosen)
    path, inside = own.path, service.rstrip("/") + "/"
    if operation.startswith(inside):
        path = f"{base.path.rstrip('/')}/{path[len(urlsplit(inside).path):]}"
    return urlunsplit((base.scheme, base.netloc, path, own.query or base.query, ""))


def redirected(endpoint: str, location: str) -> str | None:
    """Where a redirect leads; None unless it stays on the same server, and as safe."""
    old, new = urlsplit(endpoint), _split(location)
    if new is None or not new.path.startswith("/"):
        return None
    if new.netloc and _server(new) != _server(old):
        return None
    return urlunsplit((old.scheme, old.netloc, new.path, new.query, ""))


def _server(parts: SplitResult) -> tuple[str, str | None, int | None]:
    standard = {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or standard
