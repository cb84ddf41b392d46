"""Enumerations, and texts that stand on the wire as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from soapstone.diagnostics import Related, Report, Span
from soapstone.lint import walk
from soapstone.model import Allowed, EnumerationValue, Service

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def enumeration_values_differ(service: Service, report: Report) -> None:
    """No enumeration lists a value twice."""
    for enumeration in walk.enumerations(service):
        first: dict[str, EnumerationValue] = {}
        for value in enumeration.values:
            other = first.setdefault(value.text, value)
            if other is not value:
                report.error(
                    "enumeration-value-repeated",
                    value.span,
                    f"`{value.text}` is a value of this enumeration already",
                    hint="list each value once",
                    related=[Related(other.span, "the other one")],
                )


def enumerations_offer_a_choice(service: Service, report: Report) -> None:
    """An enumeration has several values."""
    for enumeration in walk.enumerations(service):
        if len(enumeration.values) == 1:
            report.warning(
                "enumeration-single",
                enumeration.span,
                f"`{enumeration.values[0].text}` is the only value of the enumeration",
                hint="add the other documented values, or give the member a `constant`",
            )


def texts_can_be_carried(service: Service, report: Report) -> None:
    """What stands on the wire as it is has only characters that XML can carry."""
    for text, span in _wire_texts(service):
        found = _NOT_IN_XML.search(text)
        if found is not None:
            report.error(
                "wire-text-character",
                span,
                f"a value holds U+{ord(found[0]):04X}, which XML cannot carry",
                hint="write the value as the service sends it; no document can hold this character",
            )


def _wire_texts(service: Service) -> Iterator[tuple[str, Span]]:
    for enumeration in walk.enumerations(service):
        for value in enumeration.values:
            yield value.text, value.span
    for member in walk.fields(service):
        if isinstance(member.constant, str):
            yield member.constant, member.span
    for kind in walk.atoms(service):
        for constraint in kind.constraints:
            for allowed in constraint.values if isinstance(constraint, Allowed) else ():
                if isinstance(allowed, str):
                    yield allowed, constraint.span
