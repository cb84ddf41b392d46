"""The documents of an operation that has none yet, with their values, made from the model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from xml.dom import minidom

from markupsafe import Markup

from soapstone.model import (
    AtomValue,
    ListValue,
    MemberValue,
    NilValue,
    Operation,
    Presence,
    Service,
    Structure,
    StructureValue,
    Value,
)
from soapstone.samples.documents import answer_document, lexical, request_document
from soapstone.samples.values import Sampler
from soapstone.scaffold.text import Plain, Tree, indented, tree

# How deep the values and the text of a document stand in the list of examples.
_DEPTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as a spec holds it: its values, and the text below `text: |`.

    Attributes:
        authentication: What opens a request; None where nothing does.
    """

    values: Markup
    text: Markup
    authentication: Markup | None = None


def request_view(
    service: Service, operation: Operation, own: frozenset[str]
) -> DocumentView:
    """Return a request that gives the operation's own members, and else what has to be given."""
    sampler = Sampler(service)
    opening = _authentication(service, sampler)
    full = sampler.structure(operation.request)
    wanted = own | {
        member.name
        for member in operation.request.fields
        if member.presence is Presence.REQUIRED
    }
    values = replace(
        full, members=tuple(each for each in full.members if each.name in wanted)
    )
    document = request_document(
        service, operation, values, opening, operation.protocol.envelope
    )
    return DocumentView(
        authentication=None if opening is None else _written((opening,)),
        values=_written(values.members),
        text=_laid_out(document),
    )


def response_view(service: Service, operation: Operation) -> DocumentView:
    """Return an answer that reports success, and so no failure."""
    structure = operation.response
    values = Sampler(service).structure(structure)
    outcome = service.outcome
    paths = (
        () if outcome is None else (outcome.message, outcome.code, outcome.description)
    )
    for path in paths:
        if path is not None:
            values = _without(service, structure, values, path.names)
    return DocumentView(
        values=_written(values.members),
        text=_laid_out(answer_document(service, operation, values)),
    )


def _authentication(service: Service, sampler: Sampler) -> MemberValue | None:
    if service.authentication is None:
        return None
    first = service.authentication.alternatives[0]
    return MemberValue(
        name=first.name, value=sampler.structure(first.structure), span=first.span
    )


def _without(
    service: Service,
    structure: Structure,
    values: StructureValue,
    path: tuple[str, ...],
) -> StructureValue:
    """Return the values without the member at the end of a path, unless it has to be there."""
    return replace(
        values, members=tuple(_kept(service, structure, values.members, path))
    )


def _kept(
    service: Service,
    structure: Structure,
    members: tuple[MemberValue, ...],
    path: tuple[str, ...],
) -> Iterator[MemberValue]:
    for each in members:
        field = structure.member(each.name)
        if each.name != path[0] or field is None:
            yield each
        elif len(path) == 1:
            if field.presence is Presence.REQUIRED:
                yield each
        else:
            inner = service.structure_of(field.type)
            if inner is not None and isinstance(
                each.value, StructureValue
            ):  # pragma: no branch -- the type checker asks for it
                value = _without(service, inner, each.value, path[1:])
                yield replace(each, value=value)


def _written(members: tuple[MemberValue, ...]) -> Markup:
    return tree({each.name: _tree(each.value) for each in members}, _DEPTH)


def _tree(value: Value) -> Tree:
    match value:
        case StructureValue(members=members):
            return {each.name: _tree(each.value) for each in members}
        case ListValue(items=items):
            return [_tree(item) for item in items]
        case AtomValue(value=str(text)):
            return text
        case AtomValue(value=atom):
            return Plain(lexical(atom))
        case MemberValue(name=name, value=inner):
            return {name: _tree(inner)}
        case NilValue():  # pragma: no cover -- the type checker asks for it
            return Plain("null")


def _laid_out(document: bytes) -> Markup:
    """Return a document with a line for each element, which means the same."""
    parsed = minidom.parseString(document)  # noqa: S318 -- was written one line before
    text = parsed.toprettyxml(indent="  ", encoding="utf-8").decode("utf-8")
    return indented(text, _DEPTH)
