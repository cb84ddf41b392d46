"""What the keys of one member say about each other."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone.diagnostics import Report
from soapstone.lint import walk
from soapstone.lint.evaluation import refused
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


def constants_stand_alone(service: Service, report: Report) -> None:
    """A constant needs no caller, so nothing that is said to callers is said of it."""
    derived = {
        id(member) for use in walk.uses(service) for member in use.structure.fields
    }
    for member in walk.fields(service):
        if member.constant is None:
            continue
        # A use of a shared structure may well leave its constants out.
        is_left_out = id(member) in derived and member.presence in _HIDDEN
        for key, reason in _beside_constant(member):
            if key != "presence" or not is_left_out:
                report.error(
                    "constant-conflict",
                    member.span,
                    f"`{member.name}` is a constant: {reason}",
                    hint=f"remove {_KEYS.get(key, f'`{key}`')}, or the constant",
                )


# How a spec may have said what the model has under one name.
_KEYS = {"presence": "`required` or `presence`"}


def constants_are_possible(service: Service, report: Report) -> None:
    """A constant keeps what the spec says of the values of its member."""
    for member in walk.fields(service):
        problem = (
            "" if member.constant is None else refused(member.type, member.constant)
        )
        if problem:
            report.error(
                "constant-refused",
                member.span,
                f"the constant of `{member.name}` {problem}",
                hint="correct the constant, or what the spec says of its values",
            )


def constants_are_written(service: Service, report: Report) -> None:
    """A constant stands in some request: answers are not read for it."""
    written = {id(member) for member in walk.written(service)}
    for member in walk.read(service):
        if member.constant is not None and id(member) not in written:
            report.warning(
                "constant-without-effect",
                member.span,
                f"`{member.name}` is a constant in answers only, where it is not read",
                hint="remove `constant` to read the member, or set `presence: ignored` without it",
            )


_HIDDEN = frozenset({Presence.PROHIBITED, Presence.IGNORED})


def _beside_constant(member: Field) -> Iterator[tuple[str, str]]:
    """Yield the keys that do not go with a constant, and why."""
    if member.presence is not Presence.OPTIONAL:
        shown = member.presence.value
        yield "presence", f"it always stands in a request, and `{shown}` is for others"
    if member.is_secret:
        yield "secret", "it stands in the code, so it is no secret"
    if member.python_name:
        yield "name", "it is no attribute in Python, so it has no name there"


def _can_be_secret(member: Field) -> bool:
    match member.type:
        case AtomType(primitive=primitive):
            return primitive is Primitive.STRING
        case SharedType(name=name):
            # A mistyped `string` is the matter of another rule.
            return not name[:1].isupper()
        case _:
            return False
