"""Where facts are written."""

from __future__ import annotations

from soapstone.decode import nodes
from soapstone.model import Basis, Citation
from soapstone.source import Mapping, Node


def decode_citation(node: Node | None) -> Citation | None:
    """Return where a fact is written; None when the spec does not say."""
    if not isinstance(node, Mapping):
        return None
    return Citation(
        page=nodes.text(node.get("page")),
        section=nodes.text(node.get("section")),
        basis=Basis(nodes.text(node.get("basis"), Basis.DOCUMENTED.value)),
        note=nodes.text(node.get("note")),
        span=node.span,
    )
