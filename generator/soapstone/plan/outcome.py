"""Where answers tell how an operation went, as expressions and as the types that these need."""

from __future__ import annotations

from dataclasses import dataclass, field

from soapstone import naming
from soapstone.model import (
    AtomType,
    Field,
    InlineType,
    Presence,
    Service,
    SharedType,
    Structure,
    WirePath,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan.imports import import_view
from soapstone.plan.paths import outcome_paths
from soapstone.plan.structures import ANNOTATIONS
from soapstone.views import AttributeView, Docstring, OutcomeView, ProtocolView

_ANSWER = "Answer"


def plan_outcome(service: Service) -> OutcomeView | None:
    """Plan what the exceptions need to know of answers; None where these tell nothing."""
    outcome = service.outcome
    operation = next((each for each in service.operations if each.outcome), None)
    if outcome is None or operation is None:
        return None
    planner = _Planner(service)
    found = {
        path: planner.expression(path, operation.response)
        for path in outcome_paths(operation)
    }
    return OutcomeView(
        protocols=planner.protocols(),
        imports=(import_view(".types", ["SECRETS", *planner.shared]),),
        message=_of(found, outcome.message),
        code=_of(found, outcome.code),
        description=_of(found, outcome.description),
    )


def _of(found: dict[WirePath, Code | None], path: WirePath | None) -> Code:
    told = None if path is None else found[path]
    return told or Code("None")


@dataclass(slots=True)
class _Planner:
    """Follows the paths of the outcome through an answer, noting what it passes.

    A structure that is described in the answer has another class in each operation, so that
    only a protocol can stand for all of them.
    """

    service: Service
    shared: set[str] = field(default_factory=set[str])
    members: dict[str, dict[str, AttributeView]] = field(
        default_factory=dict[str, dict[str, AttributeView]]
    )

    def expression(self, path: WirePath, response: Structure) -> Code | None:
        """Return the expression for what a path leads to; None when it leads nowhere."""
        structure: Structure | None = response
        protocol, place, guards = _ANSWER, "response", list[str]()
        for name in path.names:
            member = None if structure is None else structure.member(name)
            attribute = (
                None
                if member is None
                else naming.attribute_name(name, member.python_name)
            )
            if member is None or attribute is None:
                return None
            inner = f"{protocol}{naming.pascal_case(attribute)}"
            self._note(protocol, member, attribute, inner)
            place = f"{place}.{attribute}"
            if name is not path.names[-1] and member.presence is not Presence.REQUIRED:
                guards.append(f"{place} is None")
            protocol = inner if isinstance(member.type, InlineType) else ""
            structure = self.service.structure_of(member.type)
        guard = " or ".join(guards)
        return expression(f"None if {guard} else {place}" if guard else place)

    def _note(
        self, protocol: str, member: Field, attribute: Identifier, inner: str
    ) -> None:
        # The members of a shared structure are those of its class.
        if not protocol:
            return
        match member.type:
            case SharedType(name=name):
                annotation = Code(naming.class_name(name) or "object")
                self.shared.add(str(annotation))
            case InlineType():
                annotation = Code(inner)
            case AtomType(primitive=primitive):
                annotation = ANNOTATIONS[primitive]
            case _:
                annotation = Code("str")
        if member.presence is not Presence.REQUIRED:
            annotation = expression(f"{annotation} | None")
        view = AttributeView(name=attribute, annotation=annotation, default=None)
        self.members.setdefault(protocol, {})[attribute] = view

    def protocols(self) -> tuple[ProtocolView, ...]:
        """Return the protocols, each after those that it names."""
        return tuple(
            ProtocolView(
                name=Identifier(name),
                doc=Docstring(
                    summary=(
                        "Where every answer tells how the operation went."
                        if name == _ANSWER
                        else "The part of an answer in which that is told."
                    )
                ),
                # What stands after a member called `property` could not be declared as one.
                members=tuple(
                    sorted(found.values(), key=lambda each: each.name == "property")
                ),
            )
            for name, found in reversed(self.members.items())
        )
