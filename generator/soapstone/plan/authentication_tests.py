"""The tests of what opens a request."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice

from soapstone import naming
from soapstone.model import (
    AtomValue,
    MemberValue,
    NamedStructure,
    Service,
    Structure,
    StructureValue,
)
from soapstone.naming import Identifier
from soapstone.plan.case_views import plan_case, runtime_imports, standard_imports
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.shared import (
    alternatives,
    authentication_annotation,
    authentication_classes,
    is_chosen,
)
from soapstone.plan.values import ValuePlanner, used_in
from soapstone.samples.cases import constraint_cases, valid_requests
from soapstone.samples.documents import (
    authentication_text,
)
from soapstone.samples.values import Known
from soapstone.views import (
    AuthenticationTestsView,
    CaseView,
    OpeningView,
)


def plan_authentication_tests(service: Service) -> AuthenticationTestsView | None:
    """Plan the tests of what opens a request; None for a service without authentication."""
    annotation = authentication_annotation(service.authentication)
    if annotation is None:
        return None
    values, known = ValuePlanner(service=service), Known(service)
    openings: list[OpeningView] = []
    cases: list[CaseView] = []
    taken = {naming.class_spelling(each.stem) for each in alternatives(service)}
    for alternative in alternatives(service):
        structure = alternative.structure
        bases = valid_requests(known, structure)
        names = _constants(alternative, len(bases), taken)
        for name, base in zip(names, bases, strict=True):
            opening = MemberValue(
                name=alternative.name, value=base, span=alternative.span
            )
            openings.append(
                OpeningView(
                    name=name,
                    value=values.structure(structure, (alternative.stem,), base),
                    written=authentication_text(service, opening),
                    secrets=tuple(_secret_texts(structure, base)),
                )
            )
        found = constraint_cases(known, structure, bases)
        cases += [
            plan_case(values, structure, (alternative.stem,), case, names)
            for case in found
        ]
    shown = used_in(
        [each.value for each in openings]
        + [value for case in cases for _, value in case.changes]
    )
    used = set(shown.classes)
    functions = {"validate_authentication", "write_authentication"}
    used |= {str(naming.class_name(each.stem)) for each in alternatives(service)}
    return AuthenticationTestsView(
        standard_imports=standard_imports(shown, pickles=False),
        imports=in_order(
            [
                *runtime_imports(shown),
                import_view("..types", used | functions),
                import_view(".", ["support"]),
            ]
        ),
        annotation=annotation,
        chosen=(
            authentication_classes(service.authentication) if is_chosen(service) else ()
        ),
        openings=tuple(openings),
        cases=tuple(cases),
    )


def _constants(
    alternative: NamedStructure, number: int, taken: set[str]
) -> tuple[Identifier, ...]:
    """Return a name for each of some values, none of which is another one's or a class's."""
    stem = naming.snake_case(alternative.stem).upper()
    numbered = (f"{stem}_{place}" for place in count(2))
    free = (each for each in chain((stem,), numbered) if each not in taken)
    found = tuple(map(Identifier, islice(free, number)))
    taken.update(found)
    return found


def _secret_texts(structure: Structure, value: StructureValue) -> Iterator[str]:
    for member in structure.fields:
        found = value.get(member.name)
        if (
            member.is_secret
            and isinstance(found, AtomValue)
            and isinstance(found.value, str)
        ):
            yield found.value
