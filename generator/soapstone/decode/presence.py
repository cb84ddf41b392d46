"""Whether a member stands in a document: said in one word, or in the short form of it."""

from __future__ import annotations

from soapstone.decode import nodes
from soapstone.diagnostics import Report
from soapstone.model import Presence
from soapstone.source import Mapping


def decode_presence(body: Mapping, otherwise: Presence, report: Report) -> Presence:
    """Return what `presence` or `required` says; `otherwise` where neither is there."""
    required, presence = body.get("required"), body.get("presence")
    if required is not None and presence is not None:
        report.error(
            "field-presence",
            body.key("presence").span,
            "`required` and `presence` say the same thing in two ways",
            hint="keep one of them",
        )
    if presence is not None:
        return Presence(nodes.text(presence))
    if required is None:
        return otherwise
    return Presence.REQUIRED if nodes.is_true(required) else Presence.OPTIONAL
