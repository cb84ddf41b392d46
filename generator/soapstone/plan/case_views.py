"""What the tests of a package share: cases, sample values, imports."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from soapstone import naming
from soapstone.model import (
    Atom,
    AtomValue,
    Field,
    Form,
    ListValue,
    MemberValue,
    NilValue,
    Operation,
    Presence,
    Structure,
    StructureValue,
    Timestamp,
    Value,
    WhenAbsent,
)
from soapstone.naming import Code, Identifier
from soapstone.plan.imports import import_view
from soapstone.plan.names import may_be_nil
from soapstone.plan.values import Used, ValuePlanner
from soapstone.samples.cases import Case
from soapstone.samples.values import Known
from soapstone.views import (
    CaseView,
    ImportView,
    ValueView,
)


def plan_case(
    values: ValuePlanner,
    structure: Structure,
    start: tuple[str, ...],
    case: Case,
    names: Sequence[Identifier],
) -> CaseView:
    """Plan one case: the name of the valid value, and everything else under Python names."""
    changes: list[tuple[str, ValueView]] = []
    lost: list[str] = []
    for change in case.changes:
        place = values.place(structure, start, change.steps)
        is_nil = place.member is not None and may_be_nil(place.member)
        view = values.value(place.kind, place.names, change.value, is_nil=is_nil)
        changes.append((place.path, view))
        if not case.broken and _is_lost(place.member, change.value):
            lost.append(place.path)
    return CaseView(
        request=names[case.base],
        changes=tuple(changes),
        broken=tuple(
            (values.place(structure, start, steps).path, rule)
            for steps, rule in case.broken
        ),
        lost=tuple(lost),
    )


def _is_lost(member: Field | None, value: Value | None) -> bool:
    """Whether a service takes what is empty on the wire for a member without a value."""
    if member is None or member.presence is Presence.REQUIRED:
        return False
    match value:
        case (
            AtomValue(value="" | b"") | ListValue(items=()) | StructureValue(members=())
        ):
            is_text = member.form is Form.TEXT
            return is_text or member.states.absent is not WhenAbsent.OMITTED
        case NilValue():
            return member.states.absent is not WhenAbsent.OMITTED
        case _:
            return False


def sample_authentication(known: Known, operation: Operation) -> MemberValue | None:
    """Return values for the first alternative that an operation takes."""
    if operation.authentication is None:
        return None
    first = operation.authentication.alternatives[0]
    return MemberValue(
        name=first.name,
        value=known.usual(first.structure),
        span=first.span,
    )


def success_answer(
    known: Known, operation: Operation, *, success: bool = True
) -> StructureValue:
    """Return an answer with every member, or those that rules allow together.

    Args:
        known: What is known about the service, and whether its rules count.
        operation: The operation.
        success: Whether it says that the operation succeeded.
    """
    answer = known.usual(operation.response)
    if operation.outcome is None:
        return answer
    changed = _with_atom(answer, operation.outcome.success.names, success)
    return changed if isinstance(changed, StructureValue) else answer


def _with_atom(value: Value, names: tuple[str, ...], atom: Atom) -> Value:
    if not names:
        return AtomValue(value=atom, span=value.span)
    if not isinstance(
        value, StructureValue
    ):  # pragma: no cover -- the type checker asks for it
        return value
    members = tuple(
        (
            replace(member, value=_with_atom(member.value, names[1:], atom))
            if member.name == names[0]
            else member
        )
        for member in value.members
    )
    return replace(value, members=members)


def runtime_imports(used: Used) -> tuple[ImportView, ...]:
    """Return the imports of the runtime that the values of a module need."""
    has_nil, has_timestamp = "NIL" in used.constants, used.has_literal(Timestamp)
    imports = (
        import_view(".._runtime.nil", ["NIL"] if has_nil else []),
        import_view(".._runtime.timestamp", ["Timestamp"] if has_timestamp else []),
    )
    return tuple(each for each in imports if each.names)


def standard_imports(used: Used, *, pickles: bool) -> tuple[Code, ...]:
    """Return the imports of the standard library that the literals of a module need."""
    statements = {
        "import datetime": used.has_literal(datetime.date),
        "import pickle": pickles,
        "from decimal import Decimal": used.has_literal(Decimal),
    }
    return tuple(
        Code(statement) for statement, is_needed in statements.items() if is_needed
    )


def text_at(values: StructureValue, names: tuple[str, ...]) -> object:
    """Return the atom at a path of wire names; None when there is none."""
    found = values.at(names)
    return found.value if isinstance(found, AtomValue) else None


def example_stems(operation: Operation) -> dict[str, str]:
    """Return what the documents and tests of each example are called, by its title."""
    stems: dict[str, str] = {}

    def is_free(stem: str) -> bool:
        return naming.is_identifier(stem) and stem not in stems.values()

    for example in operation.examples:
        # Titles that differ in their spelling alone are told apart by a number.
        stems[example.title] = naming.suggest(
            naming.file_stem(example.title), "example", is_free
        )
    return stems
