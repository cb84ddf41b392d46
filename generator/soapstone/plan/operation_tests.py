"""The tests of one operation: from its examples, its constraints and its shape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from soapstone.model import (
    Defect,
    Document,
    EnvelopeKind,
    Field,
    Form,
    ListType,
    MemberValue,
    MixedListType,
    Operation,
    Service,
    Structure,
    StructureValue,
    Type,
)
from soapstone.naming import Code, Identifier
from soapstone.plan.call_tests import plan_call_tests
from soapstone.plan.case_views import (
    example_stems,
    plan_case,
    runtime_imports,
    sample_authentication,
    standard_imports,
    success_answer,
    text_at,
)
from soapstone.plan.error_tests import recognised
from soapstone.plan.imports import import_view, in_order
from soapstone.plan.module import fields_in
from soapstone.plan.states import StatesPlanner, wire_step
from soapstone.plan.values import Used, ValuePlanner, used_in
from soapstone.samples.cases import (
    Case,
    constraint_cases,
    request_of_nils,
    valid_requests,
)
from soapstone.samples.documents import (
    answer_document,
    request_document,
)
from soapstone.samples.recursion import reachable
from soapstone.samples.values import Known
from soapstone.views import (
    CaseView,
    Docstring,
    DocumentedAnswerView,
    DocumentedRequestView,
    ImportView,
    NamedRequestView,
    OperationTestsView,
    OperationView,
    ValueView,
)

_NILS = Identifier("ALL_NIL")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTests:
    """The tests of one operation, and the documents that they read, by their path."""

    view: OperationTestsView
    data: dict[str, bytes]


class OperationTestsPlanner:
    """Plans the test module of one operation."""

    def __init__(self, operation: Operation, known: Known, view: OperationView) -> None:
        self._operation = operation
        self._known = known
        self._service = known.service
        self._authentication = sample_authentication(known, operation)
        self._view = view
        self._values = ValuePlanner(service=known.service)
        self._data: dict[str, bytes] = {}
        self._stems = example_stems(operation)

    def plan(self) -> PlannedTests:
        """Return the view of the tests with their documents."""
        bases = valid_requests(self._known, self._operation.request)
        names = _request_names(len(bases))
        found = constraint_cases(self._known, self._operation.request, bases)
        cases = self._cases(found, names)
        nils = request_of_nils(self._known, self._operation.request)
        requests = tuple(map(self._named_request, names, bases))
        unruled = Known(self._service, ignores_rules=True)
        answer = success_answer(unruled, self._operation)
        success = tuple(self._success())
        view = OperationTestsView(
            name=self._operation.name,
            path=self._view.path,
            module=self._view.module,
            doc=Docstring(
                summary=f"Tests of {self._operation.name}: documented documents, constraints, shapes."
            ),
            standard_imports=(),
            imports=(),
            authentication=self._authentication_view(self._authentication),
            requests=requests,
            nils=None if nils is None else self._named_request(_NILS, nils),
            request_secrets=tuple(dict.fromkeys(self._secrets(found, names))),
            cases=tuple(each for each in cases if not each.lost),
            lost=tuple(each for each in cases if each.lost),
            documented_requests=tuple(self._documented_requests()),
            documented_answers=tuple(self._documented_answers()),
            request_class=self._view.request_class,
            answer_file=self._store(
                "answer.xml", answer_document(self._service, self._operation, answer)
            ),
            wire_response=self._operation.protocol.response,
            wire_result=self._operation.protocol.result,
            answer=self._answer_view(answer),
            ordered=tuple(
                sorted(set(_ordered_names(self._service, self._operation.response)))
            ),
            states=StatesPlanner(self._operation, self._service).states(answer),
            success_path="/".join(map(wire_step, success)),
            success_text=_outcome_text(success, "true"),
            failure_text=_outcome_text(success, "false"),
            has_outcome=self._operation.outcome is not None,
            calls=plan_call_tests(
                self._known,
                self._operation,
                self._view,
                answer=answer,
                cases=cases,
            ),
        )
        return PlannedTests(view=self._with_imports(view), data=self._data)

    # Requests

    def _cases(
        self, cases: tuple[Case, ...], names: tuple[Identifier, ...]
    ) -> tuple[CaseView, ...]:
        request, start = self._operation.request, (self._operation.stem, "Request")
        return tuple(
            plan_case(self._values, request, start, case, names) for case in cases
        )

    def _secrets(
        self, cases: tuple[Case, ...], names: tuple[Identifier, ...]
    ) -> Iterator[tuple[Identifier, str]]:
        """Yield where a request holds a secret."""
        request = self._operation.request
        for case in cases:
            for change in case.changes:
                member = self._values.place(request, (), change.steps).member
                if member is not None and member.is_secret:
                    yield names[case.base], self._values.path(request, change.steps)

    def _named_request(
        self, name: Identifier, value: StructureValue
    ) -> NamedRequestView:
        return NamedRequestView(
            name=name,
            value=self._request_view(value),
            golden=self._store(
                f"{name.lower()}.xml",
                request_document(
                    self._service,
                    self._operation,
                    value,
                    self._authentication,
                    self._operation.protocol.envelope,
                ),
            ),
        )

    def _request_view(self, value: StructureValue) -> ValueView:
        return self._values.structure(
            self._operation.request, (self._operation.stem, "Request"), value
        )

    def _authentication_view(self, value: MemberValue | None) -> ValueView | None:
        authentication = self._operation.authentication
        if value is None or authentication is None:
            return None
        for alternative in authentication.alternatives:
            if alternative.name == value.name and isinstance(
                value.value, StructureValue
            ):
                return self._values.structure(
                    alternative.structure, (alternative.stem,), value.value
                )
        return None  # pragma: no cover -- the type checker asks for it

    def _documented_requests(self) -> Iterator[DocumentedRequestView]:
        for example in self._operation.examples:
            document = example.request
            if document is None:
                continue
            stem = self._stems[example.title]
            envelope = _envelope_of(document, self._operation)
            yield DocumentedRequestView(
                function=Identifier(stem),
                value=self._request_view(document.values),
                authentication=self._authentication_view(document.authentication),
                envelope=Identifier(envelope.name),
                file=self._store(f"{stem}_request.xml", document.content),
                is_comparable=not _has(
                    document, Defect.BARE_AMPERSAND, Defect.MISSING_NAMESPACE
                ),
                golden=self._store(
                    f"{stem}_request_built.xml",
                    request_document(
                        self._service,
                        self._operation,
                        document.values,
                        document.authentication,
                        envelope,
                    ),
                ),
            )

    # Answers

    def _answer_view(self, value: StructureValue) -> ValueView:
        return self._values.structure(
            self._operation.response, (self._operation.stem, "Response"), value
        )

    def _documented_answers(self) -> Iterator[DocumentedAnswerView]:
        for example in self._operation.examples:
            document = example.response
            if document is None:
                continue
            error, data = self._failure(document.values)
            yield DocumentedAnswerView(
                function=Identifier(self._stems[example.title]),
                file=self._store(
                    f"{self._stems[example.title]}_response.xml", document.content
                ),
                value=self._answer_view(document.values),
                repaired=(
                    (Defect.BARE_AMPERSAND.value,)
                    if _has(document, Defect.BARE_AMPERSAND)
                    else ()
                ),
                error=error,
                data=data,
            )

    def _failure(
        self, values: StructureValue
    ) -> tuple[Identifier | None, tuple[tuple[Identifier, tuple[str, ...] | str], ...]]:
        outcome = self._operation.outcome
        if outcome is None or text_at(values, outcome.success.names) is not False:
            return None, ()
        code = None if outcome.code is None else text_at(values, outcome.code.names)
        message = (
            None if outcome.message is None else text_at(values, outcome.message.names)
        )
        return recognised(self._service.errors, code, message)

    def _success(self) -> Iterator[Field]:
        """Yield the members that lead to where an answer says whether the operation succeeded."""
        outcome = self._operation.outcome
        structure: Structure | None = self._operation.response
        for name in () if outcome is None else outcome.success.names:
            member = None if structure is None else structure.member(name)
            if member is None:  # pragma: no cover -- the type checker asks for it
                return
            yield member
            structure = self._service.structure_of(member.type)

    # Documents, and what the module imports

    def _store(self, name: str, content: bytes) -> str:
        path = f"{self._view.module}/{name}"
        self._data[path] = content
        return path

    def _with_imports(self, view: OperationTestsView) -> OperationTestsView:
        used = used_in(_values_of(view))
        return replace(
            view,
            imports=self._imports(view, used),
            standard_imports=(
                Code("import asyncio"),
                *([Code("import contextlib")] if view.has_outcome else []),
                *standard_imports(used, pickles=view.has_outcome),
            ),
        )

    def _imports(self, view: OperationTestsView, used: Used) -> tuple[ImportView, ...]:
        own = set(map(str, self._view.defined))
        shared = (used.classes - own) | {"NAMESPACES"}
        errors = {"MalformedResponse", "SoapFault", "ValidationError"}
        errors |= {"ApiError"} if view.has_outcome else set()
        errors |= {
            str(each.error)
            for each in view.documented_answers
            if each.error is not None
        }
        has_scenarios = bool(view.calls.scenarios)
        functions = {"OPERATION"} if view.calls.session else set[str]()
        functions |= {"build_request", "parse_response", "validate"}
        markers = used.constants & {"IMPOSSIBLE", "MALFORMED"}
        imports = [
            *runtime_imports(used),
            import_view(".._runtime.envelope", ["Envelope"]),
            import_view("..errors", errors),
            import_view(f"..{self._view.module}", (used.classes & own) | functions),
            import_view("..types", shared),
            import_view("..client", ["AsyncClient", "Client"]),
            import_view("..testing.memory", ["ServiceMemory"] * has_scenarios),
            import_view("..testing.service", ["FakeService"]),
            import_view(
                f"..testing.answers.{self._view.module}",
                ["DOCUMENTS", "answer"] * has_scenarios,
            ),
            import_view(
                ".._runtime.fakes.documents", ["with_text"] * view.calls.has_messages
            ),
            import_view(".", ["answers", "support"]),
            import_view(".answers", markers),
        ]
        return in_order(each for each in imports if each.names)


def _ordered_names(service: Service, structure: Structure) -> Iterator[str]:
    """Yield the wire names of elements in which the order of the children has a meaning."""
    structures = reachable(service, structure)
    for member in (field for each in structures for field in fields_in(each.fields)):
        kind: Type = member.type
        name = member.name
        while isinstance(kind, ListType):
            name, kind = kind.item or name, kind.of
        if isinstance(kind, MixedListType):
            yield name


def _outcome_text(members: Sequence[Field], text: str) -> bytes:
    """Return how a document shows a text in the member that others lead to."""
    if members and members[-1].form is Form.ATTRIBUTE:
        return f'{members[-1].name}="{text}"'.encode()
    return f">{text}<".encode()


def _request_names(count: int) -> tuple[Identifier, ...]:
    """Return the names of the valid requests; the last one is the smallest if there are more."""
    full = ["FULL", *(f"FULL_{number}" for number in range(2, count))]
    return tuple(
        Identifier(name) for name in (*full[: max(count - 1, 1)], "SMALLEST")[:count]
    )


def _has(document: Document, *defects: Defect) -> bool:
    return any(declared.defect in defects for declared in document.defects)


def _envelope_of(document: Document, operation: Operation) -> EnvelopeKind:
    return (
        EnvelopeKind.NONE
        if _has(document, Defect.MISSING_ENVELOPE)
        else operation.protocol.envelope
    )


def _values_of(view: OperationTestsView) -> Iterator[ValueView]:
    if view.authentication is not None:
        yield view.authentication
    yield view.answer
    yield from (each.value for each in view.requests)
    yield from () if view.nils is None else (view.nils.value,)
    yield from (
        value for case in (*view.cases, *view.lost) for _, value in case.changes
    )
    for request in view.documented_requests:
        yield request.value
        if request.authentication is not None:
            yield request.authentication
    yield from (each.value for each in view.documented_answers)
    yield from _states_of(view)
    yield from view.calls.values


def _states_of(view: OperationTestsView) -> Iterator[ValueView]:
    for row in view.states:
        yield from (row.absent, row.empty, row.nil, row.blank)
