"""Which alternative of the authentication an answer opens."""

from __future__ import annotations

from collections.abc import Iterator

from soapstone.diagnostics import Related, Report, did_you_mean
from soapstone.lint.outcome import follow, lost_ways, told
from soapstone.lint.relations import is_usable
from soapstone.model import (
    AtomType,
    Authentication,
    Field,
    NamedStructure,
    Operation,
    Presence,
    Primitive,
    Service,
    SessionSource,
    WirePath,
)


def sessions_are_alternatives(service: Service, report: Report) -> None:
    """A session is one of several alternatives, of which another one opens it."""
    for authentication, session in _sessions(service):
        names = [each.name for each in authentication.alternatives]
        if session.alternative not in names:
            report.error(
                "session-alternative",
                session.span,
                f"the service has no authentication `{session.alternative}`",
                hint=did_you_mean(session.alternative, names),
            )
        elif len(names) == 1:
            report.error(
                "session-alternative",
                session.span,
                f"nothing opens a session: `{session.alternative}` is the only alternative",
                hint="add the alternative whose requests open it, or remove `session`",
            )


def sessions_are_complete(service: Service, report: Report) -> None:
    """Answers give each member that a session needs, and give texts only."""
    for authentication, session in _sessions(service):
        for alternative in authentication.alternatives:
            if alternative.name == session.alternative:
                _check_members(alternative, session, report)
                _check_needs(alternative, session, report)


def sessions_come_with_answers(service: Service, report: Report) -> None:
    """Each path leads to a text of every answer that can open a session."""
    for _, session in _sessions(service):
        for _, path in session.members:
            for way, related in lost_ways(path, _opening(path, service), service):
                report.error(
                    "session-path",
                    path.span,
                    f"`{path}` leads nowhere: {way.problem}",
                    hint=way.hint,
                    related=related,
                )
            for end in _ends(path, service):
                if not _is_text(end):
                    report.error(
                        "session-path",
                        path.span,
                        f"`{path}` must be of type `string`",
                        hint="only texts are taken from an answer into a session",
                        related=[Related(end.span, "the member")],
                    )


def _check_members(
    alternative: NamedStructure, session: SessionSource, report: Report
) -> None:
    structure = alternative.structure
    usable = [
        each.name for each in structure.fields if is_usable(each) and _is_text(each)
    ]
    for name, path in session.members:
        field = structure.member(name)
        if field is None or not is_usable(field):
            report.error(
                "session-member",
                path.span,
                f"`{alternative.name}` has no member `{name}` that callers give",
                hint=did_you_mean(name, usable),
            )
        elif not _is_text(field):
            report.error(
                "session-member",
                path.span,
                f"`{name}` of `{alternative.name}` must be of type `string`",
                hint="only texts are taken from an answer into a session",
                related=[Related(field.span, "the member")],
            )


def _check_needs(
    alternative: NamedStructure, session: SessionSource, report: Report
) -> None:
    given = {name for name, _ in session.members}
    for field in alternative.structure.fields:
        is_needed = field.presence is Presence.REQUIRED and field.constant is None
        if is_needed and field.name not in given:
            report.error(
                "session-member",
                session.span,
                f"`{alternative.name}` needs `{field.name}`, which no path leads to",
                hint=f"add `{field.name}` to `members`, with its path in the answer",
                related=[Related(field.span, "the member")],
            )


def _sessions(service: Service) -> Iterator[tuple[Authentication, SessionSource]]:
    authentication = service.authentication
    if authentication is not None and authentication.session is not None:
        yield authentication, authentication.session


def _opening(path: WirePath, service: Service) -> list[Operation]:
    """Return the operations with the members that all answers share, as far as one can tell."""
    if service.outcome is not None:
        return list(told(service))
    having = [
        each for each in service.operations if each.response.member(path.names[0])
    ]
    return having or list(service.operations)


def _ends(path: WirePath, service: Service) -> Iterator[Field]:
    """Yield the members to which a path leads, each once."""
    seen: set[int] = set()
    for operation in _opening(path, service):
        way = follow(path, operation.response, service)
        if not way.problem and id(way.members[-1]) not in seen:
            seen.add(id(way.members[-1]))
            yield way.members[-1]


def _is_text(field: Field) -> bool:
    match field.type:
        case AtomType(primitive=primitive):
            return primitive is Primitive.STRING
        case _:
            return False
