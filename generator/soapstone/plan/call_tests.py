"""The tests of calls: both clients against the fake service, and the fake's own answers."""

from __future__ import annotations

from soapstone.model import (
    AuthenticationPlace,
    MemberValue,
    NamedStructure,
    Operation,
    StructureValue,
)
from soapstone.naming import Identifier
from soapstone.plan.case_views import example_stems, text_at
from soapstone.plan.error_tests import message_text, recognised_message
from soapstone.plan.failures import message_element
from soapstone.plan.shared import alternatives
from soapstone.plan.values import ValuePlanner
from soapstone.samples.scenarios import Memory, Scenario, scenarios
from soapstone.samples.values import Known
from soapstone.views import (
    CallTestsView,
    CaseView,
    OperationView,
    ScenarioView,
    ValueView,
)


def plan_call_tests(
    known: Known,
    operation: Operation,
    view: OperationView,
    *,
    answer: StructureValue,
    cases: tuple[CaseView, ...],
) -> CallTestsView:
    """Plan the tests of one operation's calls.

    Args:
        known: What is known about the service.
        operation: The operation.
        view: Its module.
        answer: The sample answer.
        cases: What is changed in requests, and what is then broken.
    """
    return _Planner(known, operation, view).plan(answer, cases)


class _Planner:
    def __init__(self, known: Known, operation: Operation, view: OperationView) -> None:
        self._known = known
        self._service = known.service
        self._operation = operation
        self._view = view
        self._values = ValuePlanner(service=known.service)
        self._stems = example_stems(operation)

    def plan(
        self, answer: StructureValue, cases: tuple[CaseView, ...]
    ) -> CallTestsView:
        taken = self._operation.authentication
        names = {each.name for each in taken.alternatives} if taken else set[str]()
        offered = alternatives(self._service)
        others = [each for each in offered if each.name not in names]
        paths = self._session_paths()
        return CallTestsView(
            caller=self._caller(offered[0]) if offered and taken is None else None,
            other_caller=self._caller(others[0]) if others and taken else None,
            invalid=next((each for each in cases if each.broken), None),
            needs_envelope=taken is not None
            and taken.place is AuthenticationPlace.HEADER,
            session=self._session(answer),
            session_paths=paths,
            session_choices=next((each for each in paths if each[1:]), ()),
            scenarios=tuple(
                map(self._scenario, scenarios(self._known, self._operation))
            ),
            message=message_element(self._operation),
        )

    def _caller(self, alternative: NamedStructure) -> ValueView:
        structure = alternative.structure
        value = self._known.usual(structure)
        return self._values.structure(structure, (alternative.stem,), value)

    def _session(self, answer: StructureValue) -> ValueView | None:
        """Return the session in an answer; None where answers open none."""
        authentication = self._service.authentication
        source = None if authentication is None else authentication.session
        if source is None or self._view.call.session is None:
            return None
        opened = next(
            each
            for each in alternatives(self._service)
            if each.name == source.alternative
        )
        members = tuple(
            MemberValue(name=name, value=value, span=opened.span)
            for name, path in source.members
            if (value := answer.at(path.names)) is not None
        )
        value = StructureValue(members=members, span=opened.span)
        return self._values.structure(opened.structure, (opened.stem,), value)

    def _session_paths(self) -> tuple[tuple[str, ...], ...]:
        """Return what must be missing, each alone or some together, for there to be no session."""
        session = self._view.call.session
        if session is None:
            return ()
        return tuple(
            tuple(map(_path_in, alone.split(" and ")))
            for alone in session.is_missing.split(" or ")
        )

    def _scenario(self, scenario: Scenario) -> ScenarioView:
        example = scenario.example
        return ScenarioView(
            request=self._values.structure(
                self._operation.request,
                (self._operation.stem, "Request"),
                scenario.request,
            ),
            memory=_shown(scenario.memory),
            file=f"{'answer' if example is None else self._stems[example.title]}.xml",
            message=self._message(scenario),
            remembered=_shown(scenario.remembered),
        )

    def _message(self, scenario: Scenario) -> str:
        """Return the message that names the items; empty where the documented one stays."""
        outcome, example = self._operation.outcome, scenario.example
        document = None if example is None else example.response
        if outcome is None or outcome.message is None or document is None:
            return ""
        code = outcome.code and text_at(document.values, outcome.code.names)
        message = text_at(document.values, outcome.message.names)
        found = recognised_message(self._service.errors, code, message)
        if found is None or not scenario.items or len(found[1].names) != 1:
            return ""
        pattern = found[1]
        separator = pattern.separators.get(pattern.names[0])
        items = scenario.items
        named = items[0] if separator is None else separator.join(items)
        return message_text(pattern, [named])


def _shown(memory: Memory) -> tuple[tuple[Identifier, tuple[str, ...]], ...]:
    return tuple(
        (Identifier(name), tuple(sorted(texts)))
        for name, texts in sorted(memory.items())
    )


def _path_in(guard: str) -> str:
    """Return the path in an answer of what a guard asks for."""
    asked = guard.removeprefix("not ").removesuffix(" is None")
    return asked.removeprefix("response.")
