"""An operation to start from, which fits its service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import Field, Operation, Service
from soapstone.naming import Identifier
from soapstone.scaffold.editor import schema_of
from soapstone.scaffold.example import DocumentView, request_view, response_view
from soapstone.scaffold.naming import Draft
from soapstone.scaffold.text import Plain, Tree, fill, tree
from soapstone.scaffold.trial import Trial, trial

_TRUE = Plain("true")


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What the template of an operation places.

    Attributes:
        outcome: Members that say how it went, where service.yaml has none for all answers.
        request: Wire names of the request's own members, by the names that the template has for them.
        response: The same for the answer.
        examples: The documents; none while the members are read for which they are made.
    """

    schema: Markup
    name: str
    asked_for: str
    module: Identifier
    page: str
    outcome: Markup
    request: Mapping[str, Markup]
    response: Mapping[str, Markup]
    examples: tuple[DocumentView, DocumentView] | None = None


# In the order in which they stand in the template.
_REQUEST = (
    "CustomerNumber",
    "Comment",
    "Quantity",
    "Amount",
    "DeliveryDate",
    "IsUrgent",
    "Labels",
    "Contact",
)
_RESPONSE = ("OrderID", "Total", "Lines")


def operation_text(draft: Draft, service: bytes, report: Report) -> str | None:
    """Return the spec of an operation with examples; None, and the reasons in the report, if there is none.

    Args:
        draft: The operation.
        service: Content of the service.yaml that it is for.
        report: Receives what is wrong with that file, or with the two together.
    """
    with trial(draft.folder, service, draft.path.name) as place:
        view = _bare_view(draft, service, place, report)
        if view is None:
            return None
        read = place.check(_fill(view), report, is_whole=False)
        if read is None:
            return None
        operation = read.operations[0]
        own = frozenset(map(str, view.request.values()))
        documents = request_view(read, operation, own), response_view(read, operation)
        text = _fill(replace(view, examples=documents))
        return text if place.check(text, report, is_whole=True) is not None else None


def _fill(view: _View) -> str:
    return fill("operation.yaml.j2", view)


def _bare_view(
    draft: Draft, service: bytes, place: Trial, report: Report
) -> _View | None:
    # Decoded with an operation that says nothing, service.yaml tells what all operations have.
    empty = {
        "soapstone": 1,
        "operation": draft.name,
        "summary": "None yet.",
        "source": {"page": "none"},
    }
    read = place.read(json.dumps(empty, ensure_ascii=False), report)
    if read is None:
        return None
    common = read.operations[0]
    outcome = _outcome_members(read, common)
    alternatives = (
        () if read.authentication is None else read.authentication.alternatives
    )
    request = {*_names(common.request.fields), *(each.name for each in alternatives)}
    response = {*_names(common.response.fields), *outcome}
    text = service.decode("utf-8-sig")
    return _View(
        schema=schema_of("operation", draft.folder, [text]),
        name=draft.name,
        asked_for=draft.asked_for,
        module=draft.module,
        page=read.pages[0].key,
        outcome=tree(outcome, 1) if outcome else Markup(""),
        request=_free_names(_REQUEST, request),
        response=_free_names(_RESPONSE, response),
    )


def _names(fields: Iterable[Field]) -> Iterator[str]:
    """Yield the names that members have on the wire and in Python."""
    for each in fields:
        yield each.name
        yield each.python_name


def _free_names(wanted: Iterable[str], taken: Iterable[str]) -> dict[str, Markup]:
    """Return a name for each member, which is none of those that are taken, in Python neither."""
    spoken_for = {naming.snake_case(each) for each in taken}
    found: dict[str, Markup] = {}
    for name in wanted:
        free, number = name, 1
        while naming.snake_case(free) in spoken_for:
            number += 1
            free = f"{name}{number}"
        found[name] = Markup(free)  # noqa: S704 -- letters and digits
    return found


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A member to which the outcome leads, by the names that are left of the way to it."""

    path: tuple[str, ...]
    kind: str
    doc: str


def _outcome_members(service: Service, common: Operation) -> dict[str, Tree]:
    """Return the members to which the outcome leads, and which each operation has to have itself."""
    outcome = service.outcome
    if outcome is None:
        return {}
    ways = (
        (outcome.success, "boolean", "Whether the operation succeeded."),
        (outcome.message, "string", "What went wrong, for a reader."),
        (outcome.code, "string", "Code of the failure."),
        (outcome.description, "string", "What the code means."),
    )
    return _members(
        [
            _Leaf(path.names, kind, doc)
            for path, kind, doc in ways
            if path is not None and common.response.member(path.names[0]) is None
        ]
    )


def _members(leaves: Iterable[_Leaf]) -> dict[str, Tree]:
    """Return a field for each leaf, within the structures that its path names."""
    inside: dict[str, list[_Leaf]] = {}
    found: dict[str, Tree] = {}
    for leaf in leaves:
        name, *rest = leaf.path
        if rest:
            inside.setdefault(name, []).append(replace(leaf, path=tuple(rest)))
            found.setdefault(name, {})
        else:
            needed = {"required": _TRUE} if leaf.kind == "boolean" else {}
            found[name] = {"type": leaf.kind, **needed, "doc": leaf.doc}
    for name, group in inside.items():
        found[name] = {
            "required": _TRUE,
            "doc": "How the operation went.",
            "fields": _members(group),
        }
    return found
