"""What the keys of one member say about each other."""

from __future__ import annotations

from soapstone.diagnostics import Report
from soapstone.lint import walk
from soapstone.model import AtomType, Field, Presence, Primitive, Service, SharedType


def conditions_fit_presence(service: Service, report: Report) -> None:
    """A condition and conditional presence go together."""
    for member in walk.fields(service):
        is_conditional = member.presence is Presence.CONDITIONAL
        if member.condition and not is_conditional:
            report.warning(
                "presence-when",
                member.span,
                f"`{member.name}` has a condition but is {member.presence.value}",
                hint="add `presence: conditional`, or move the words from `when` to `doc`",
            )
        elif is_conditional and not member.condition:
            report.warning(
                "presence-when",
                member.span,
                f"`{member.name}` is conditional, and nothing says when it is given",
                hint="add the condition in words: `when: Only for prepaid lines.`",
            )


def secrets_are_texts(service: Service, report: Report) -> None:
    """Only a text can be kept secret: it is masked wherever its element shows."""
    for member in walk.fields(service):
        if member.is_secret and not _can_be_secret(member):
            report.error(
                "secret-not-text",
                member.span,
                f"`{member.name}` is secret but not a single text",
                hint="make it a `string`, or set `secret` on the texts inside it",
            )


def _can_be_secret(member: Field) -> bool:
    match member.type:
        case AtomType(primitive=primitive):
            return primitive is Primitive.STRING
        case SharedType(name=name):
            # A mistyped `string` is the matter of another rule.
            return not name[:1].isupper()
        case _:
            return False
