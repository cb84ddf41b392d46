"""What an operation shows to the modules that are about all operations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from soapstone.diagnostics import Span
from soapstone.naming import Identifier
from soapstone.views import MethodView


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """What the rest of a package has to know of the module of one operation.

    Attributes:
        defined: The classes that it defines.
        claims: Where each class comes from that the operation needed a name for.
    """

    module: Identifier
    request_class: Identifier
    response_class: Identifier
    defined: tuple[Identifier, ...]
    method: MethodView
    claims: Mapping[str, Span]


def collide(interfaces: Iterable[Interface]) -> bool:
    """Whether two operations would both have a class of the same name."""
    owners: dict[str, Span] = {}
    return any(
        owners.setdefault(name, span) != span
        for each in interfaces
        for name, span in each.claims.items()
    )
