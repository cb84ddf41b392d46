"""What the tests of a package share: cases, sample values, imports."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from soapstone.model import (
    Atom,
    AtomValue,
    MemberValue,
    Operation,
    Service,
    Structure,
    StructureValue,
    Value,
)
from soapstone.naming import Code, Identifier
from soapstone.plan.values import ValuePlanner, atoms_in
from soapstone.samples.cases import Case
from soapstone.samples.values import Sampler
from soapstone.views import (
    CaseView,
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
    return CaseView(
        request=names[case.base],
        changes=tuple(
            (
                values.path(structure, change.steps),
                values.value(
                    values.type_at(structure, change.steps),
                    values.names_at(structure, start, change.steps),
                    change.value,
                ),
            )
            for change in case.changes
        ),
        broken=tuple(
            (values.path(structure, steps), rule) for steps, rule in case.broken
        ),
    )


def sample_authentication(service: Service) -> MemberValue | None:
    """Return values for the first alternative that opens a request."""
    if service.authentication is None or not service.authentication.alternatives:
        return None
    first = service.authentication.alternatives[0]
    return MemberValue(
        name=first.name,
        value=Sampler(service).structure(first.structure),
        span=first.span,
    )


def success_answer(
    service: Service, operation: Operation, *, success: bool = True
) -> StructureValue:
    """Return an answer with every member, which says that the operation succeeded."""
    answer = Sampler(service).structure(operation.response)
    if service.outcome is None:
        return answer
    changed = _with_atom(answer, service.outcome.success.names, success)
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


def standard_imports(values: Iterable[ValueView], *, pickles: bool) -> tuple[Code, ...]:
    """Return the imports of the standard library that the literals of a module need."""
    atoms = [atom for value in values for atom in atoms_in(value)]
    statements = {
        "import datetime": any(isinstance(atom, datetime.date) for atom in atoms),
        "import pickle": pickles,
        "from decimal import Decimal": any(isinstance(atom, Decimal) for atom in atoms),
    }
    return tuple(
        Code(statement) for statement, is_needed in statements.items() if is_needed
    )
