"""A request is enclosed in the envelope that was asked for."""

import pytest
from lxml import etree

from soapstone.runtime.envelope import (
    SOAP11_NAMESPACE,
    SOAP12_NAMESPACE,
    Envelope,
    enclose,
    header_violations,
)

BODY = '<Send xmlns="urn:x">né 𝄞</Send>'


@pytest.mark.parametrize(
    ("envelope", "namespace"),
    [(Envelope.SOAP11, SOAP11_NAMESPACE), (Envelope.SOAP12, SOAP12_NAMESPACE)],
)
def test_soap(envelope: Envelope, namespace: str) -> None:
    """A SOAP envelope has one body with just the request, in the version's namespace."""
    root = etree.fromstring(enclose(BODY, envelope))
    assert root.tag == f"{{{namespace}}}Envelope"
    (body,) = root
    assert body.tag == f"{{{namespace}}}Body"
    (request,) = body
    assert request.tag == "{urn:x}Send"
    assert request.text == "né 𝄞"


def test_none() -> None:
    """Without envelope the request is the root of the document."""
    document = enclose(BODY, Envelope.NONE)
    assert document.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert etree.fromstring(document).tag == "{urn:x}Send"


def test_surrogate() -> None:
    """Text that is no Unicode is refused, not sent."""
    with pytest.raises(UnicodeEncodeError):
        enclose("<a>\ud800</a>", Envelope.NONE)


@pytest.mark.parametrize("envelope", ["soap11", None, []])
def test_no_envelope(envelope: Envelope) -> None:
    """What is no envelope is told so, not looked up."""
    with pytest.raises(TypeError, match="must be an Envelope"):
        enclose("<a/>", envelope)


HEADER = '<Auth xmlns="urn:x"><Key>k</Key></Auth>'


@pytest.mark.parametrize(
    ("envelope", "namespace"),
    [(Envelope.SOAP11, SOAP11_NAMESPACE), (Envelope.SOAP12, SOAP12_NAMESPACE)],
)
def test_header(envelope: Envelope, namespace: str) -> None:
    """A header stands before the body, and nothing else changes."""
    assert header_violations(envelope) == []
    header, body = etree.fromstring(enclose(BODY, envelope, HEADER))
    assert header.tag == f"{{{namespace}}}Header"
    assert [child.tag for child in header] == ["{urn:x}Auth"]
    assert [child.tag for child in body] == ["{urn:x}Send"]
    without = enclose(BODY, envelope).decode()
    assert enclose(BODY, envelope, HEADER).decode() == without.replace(
        "<soap:Body>", f"<soap:Header>{HEADER}</soap:Header><soap:Body>"
    )


def test_header_without_envelope() -> None:
    """A header without an envelope is a violation, and is never left out silently."""
    (violation,) = header_violations(Envelope.NONE)
    assert (violation.path, violation.rule) == ("envelope", "envelope")
    with pytest.raises(ValueError, match="a header needs an envelope"):
        enclose(BODY, Envelope.NONE, HEADER)
