"""How an operation stands on the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from soapstone.diagnostics import Related, Report
from soapstone.model import AuthenticationPlace, EnvelopeKind, Protocol, Service

_URI = re.compile(
    r"[A-Za-z][A-Za-z0-9+.\-]*:([A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+"
)
_HEADER_VALUE = re.compile(r"([!#-~]([ !#-~]*[!#-~])?)?")
_TAKEN = {
    "http://schemas.xmlsoap.org/soap/envelope/": "SOAP 1.1",
    "http://www.w3.org/2003/05/soap-envelope": "SOAP 1.2",
    "http://www.w3.org/2001/XMLSchema-instance": "XML Schema",
    "http://www.w3.org/2000/xmlns/": "XML",
    "http://www.w3.org/XML/1998/namespace": "XML",
}


def endpoints_are_urls(service: Service, report: Report) -> None:
    """Requests go to an address of the web, which carries no password."""
    for protocol in _protocols(service):
        if _has_brace(protocol.endpoint):
            continue
        problem = url_problem(protocol.endpoint)
        if problem:
            report.error(
                "endpoint-invalid",
                protocol.span,
                f"the endpoint cannot be used: {problem}",
                hint="write the address as documented, for example `https://api.rev.io/v20/default.asmx`",
            )


def namespaces_are_uris(service: Service, report: Report) -> None:
    """A namespace is a URI that belongs to the service."""
    for protocol in _protocols(service):
        namespace = protocol.namespace
        if _has_brace(namespace):
            continue
        problem = _namespace_problem(namespace)
        if problem:
            report.error(
                "namespace-invalid",
                protocol.span,
                f"the namespace cannot be used: {problem}",
                hint="copy the value of `xmlns` from the documentation, for example `http://api.myh2o.com/v20`",
            )


def soap_actions_are_header_values(service: Service, report: Report) -> None:
    """The value of the header SOAPAction fits between its quotes."""
    for operation in service.operations:
        action = operation.protocol.soap_action
        if _has_brace(action) or _HEADER_VALUE.fullmatch(action):
            continue
        # Without one of its own, the action is made of these two, which have their own rules.
        if action == f"{operation.protocol.namespace.rstrip('/')}/{operation.name}":
            continue
        report.error(
            "soap-action-invalid",
            operation.protocol.span,
            f"`{action}` cannot be the value of the header SOAPAction",
            hint="write printable ASCII characters, without quotes",
        )


def placeholders_are_known(service: Service, report: Report) -> None:
    """`{operation}` is the only placeholder."""
    for operation in service.operations:
        for key, value in _values(operation.protocol).items():
            # The operation's own name has a rule of its own.
            if _has_brace(
                value.replace(operation.name, "") if operation.name else value
            ):
                report.error(
                    "protocol-placeholder",
                    operation.protocol.span,
                    f"`{key}` has a brace that is no placeholder: `{value}`",
                    hint="write `{operation}` for the wire name; there is no other placeholder",
                )


def headers_have_envelopes(service: Service, report: Report) -> None:
    """Authentication in a header has an envelope whose header it is."""
    for operation in service.operations:
        authentication, protocol = operation.authentication, operation.protocol
        if (
            authentication is not None
            and authentication.place is AuthenticationPlace.HEADER
            and protocol.envelope is EnvelopeKind.NONE
        ):
            report.error(
                "authentication-without-envelope",
                protocol.span,
                f"the authentication of `{operation.name}` stands in a header, and nothing has one",
                hint="give the operation an `envelope`, or the authentication another `place`",
                related=[Related(authentication.span, "the authentication")],
            )


def url_problem(url: str) -> str:
    """Return why a text is no address of the web; empty when it is one."""
    authority = url.partition("://")[2].partition("/")[0]
    if "@" in authority:
        # What it carries is nobody's business, so it is not shown.
        return "it carries a user or a password"
    if not _URI.fullmatch(url):
        return f"`{url}` is not a URL" if url.strip() else "it is empty"
    # A port beyond the highest one raises the same error as one that is no number.
    try:
        parts = urlsplit(url)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return f"`{url}` is not a URL"
    if parts.scheme not in {"http", "https"}:
        return f"`{url}` does not start with `https://` or `http://`"
    return "" if parts.hostname and is_port else f"`{url}` has no host"


def _namespace_problem(namespace: str) -> str:
    if not namespace.strip():
        return "it is empty"
    if not _URI.fullmatch(namespace):
        return f"`{namespace}` is not a URI"
    taken = _TAKEN.get(namespace)
    return f"`{namespace}` belongs to {taken}" if taken else ""


def _protocols(service: Service) -> Iterator[Protocol]:
    """Yield the service's protocol, and those of operations that have an address of their own."""
    shared = service.protocol
    yield shared
    for operation in service.operations:
        own = operation.protocol
        if (own.endpoint, own.namespace) != (shared.endpoint, shared.namespace):
            yield own


def _values(protocol: Protocol) -> dict[str, str]:
    return {
        "endpoint": protocol.endpoint,
        "namespace": protocol.namespace,
        "soap_action": protocol.soap_action,
        "wrapper": protocol.wrapper,
        "request": protocol.request,
        "response": protocol.response,
        "result": protocol.result,
    }


def _has_brace(value: str) -> bool:
    return "{" in value or "}" in value
