"""`testing/answers`: how the fake service answers for one operation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count

from soapstone.model import (
    Effect,
    Example,
    ItemsTest,
    ListType,
    Member,
    Occasion,
    Operation,
    Service,
)
from soapstone.naming import NO_CODE, Code, Identifier, expression
from soapstone.plan.case_views import example_stems, success_answer, text_at
from soapstone.plan.error_tests import recognised_message
from soapstone.plan.failures import failure_document, message_element
from soapstone.plan.imports import (
    import_view,
    in_order,
    names_in_readers,
    reader_imports,
    reader_modules,
)
from soapstone.plan.module import NamedStructure, has_nil_attribute
from soapstone.plan.names import Names, Place, may_be_none
from soapstone.plan.request_reads import plan_request_reads
from soapstone.plan.rules import plan_condition
from soapstone.samples.documents import answer_document
from soapstone.samples.scenarios import conditional, default
from soapstone.samples.values import Known
from soapstone.views import (
    AnswerDocumentView,
    AnswerMessageView,
    AnswerView,
    ConditionView,
    ConstantView,
    Docstring,
    EffectView,
    FakeOperationView,
    ImportView,
    ItemsView,
    OperationView,
    TypesView,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFake:
    """How one operation is answered, and the documents for that, by the names of their files."""

    view: FakeOperationView
    documents: dict[str, bytes]


class FakePlanner:
    """Plans the module that answers for one operation."""

    def __init__(
        self,
        operation: Operation,
        known: Known,
        view: OperationView,
        types: TypesView,
        names: Names,
        descriptions: Mapping[str, str],
    ) -> None:
        self._operation = operation
        self._known = known
        self._service = known.service
        self._descriptions = descriptions
        self._view = view
        self._types = types
        self._reads = plan_request_reads(operation, known.service, names)
        self._answers = _AnswerPlanner(operation, known.service, view, names)
        self._documents: dict[str, bytes] = {}

    def plan(self) -> PlannedFake:
        """Return the view of the module with its documents."""
        operation, protocol = self._operation, self._operation.protocol
        answers = tuple(
            self._answers.answer(example) for example in conditional(operation)
        )
        usual = default(operation)
        taken = operation.authentication
        view = FakeOperationView(
            name=operation.name,
            path=self._view.path,
            module=self._view.module,
            doc=Docstring(summary=f"How the fake service answers {operation.name}."),
            imports=(),
            standard_imports=(),
            patterns=tuple(self._answers.patterns.values()),
            request_class=self._view.request_class,
            wrapper=protocol.wrapper,
            request=protocol.request,
            namespace=protocol.namespace,
            place="" if taken is None else taken.place.value,
            refused=self._failure("refused", Occasion.REFUSED_AUTHENTICATION),
            invalid=self._failure("invalid", Occasion.INVALID_REQUEST),
            message=message_element(operation),
            has_nil_attribute=has_nil_attribute(self._service, operation.request),
            states=self._reads.states,
            reads=self._reads.reads,
            readers=self._reads.readers,
            answers=answers,
            otherwise=AnswerDocumentView(
                file=self._usual() if usual is None else self._answers.file(usual)
            ),
            effects=() if usual is None else tuple(self._answers.effects(usual)),
        )
        for example in (*conditional(operation), usual):
            if example is not None and example.response is not None:
                self._documents[self._answers.file(example)] = example.response.content
        return PlannedFake(view=self._with_imports(view), documents=self._documents)

    def _failure(self, stem: str, occasion: Occasion) -> str:
        """Store the answer on some occasion; return its file, or nothing without one."""
        document = failure_document(
            self._known, self._operation, occasion, self._descriptions
        )
        if document is None:
            return ""
        return self._store(stem, document)

    def _usual(self) -> str:
        """Store an answer of success for an operation of which none is shown."""
        answer = success_answer(self._known, self._operation)
        document = answer_document(self._service, self._operation, answer)
        return self._store("answer", document)

    def _store(self, stem: str, document: bytes) -> str:
        # Documented titles come first: they are what a reader looks for.
        taken = self._answers.stems.values()
        names = chain((stem,), (f"{stem}_{number}" for number in count(2)))
        file = f"{next(each for each in names if each not in taken)}.xml"
        self._documents[file] = document
        return file

    # Imports

    def _with_imports(self, view: FakeOperationView) -> FakeOperationView:
        conditions = [each.condition for each in view.answers if each.condition]
        standard = reader_imports(
            view.readers, conditions, has_patterns=bool(view.patterns)
        )
        return replace(
            view,
            standard_imports=standard,
            imports=in_order(
                each for each in self._imports(view, conditions) if each.names
            ),
        )

    def _imports(
        self, view: FakeOperationView, conditions: list[ConditionView]
    ) -> Iterator[ImportView]:
        reads = [*view.reads, *(read for each in view.readers for read in each.reads)]
        used = names_in_readers(view.readers, reads)
        own = set(map(str, self._view.defined))
        shared = {str(each.name) for each in self._types.classes}
        shared |= {str(each.name) for each in self._types.enumerations}
        helpers = [str(each.items.function) for each in view.answers if each.items]
        if any(each.document.message for each in view.answers):
            helpers.append("with_text")
        effects = (*view.effects, *(each for a in view.answers for each in a.effects))
        if any(each.is_optional for each in effects):
            helpers.append("texts_of")
        functions = [str(name) for name in self._reads.shared if str(name)[0].islower()]
        if view.place:
            functions.append("read_authentication")
        yield import_view("..._runtime", reader_modules(reads, conditions))
        yield import_view("..._runtime.answer", ["Members"])
        yield import_view("..._runtime.fakes.documents", ["stored_documents", *helpers])
        yield import_view("..._runtime.fakes.operation", ["FakeOperation"])
        yield import_view(
            f"...{view.module}",
            {"OPERATION", str(view.request_class), "validate"} | (used & own),
        )
        yield import_view("...types", used & (shared - own))
        yield import_view("..memory", ["ServiceMemory"])
        yield import_view("..shared", functions)


class _AnswerPlanner:
    """Plans on which conditions the documented answers are given.

    Attributes:
        stems: What the documents are called, by the title of their example.
        patterns: The constants of the module, by their expression.
    """

    def __init__(
        self, operation: Operation, service: Service, view: OperationView, names: Names
    ) -> None:
        self._operation = operation
        self._service = service
        self.stems = example_stems(operation)
        self.patterns: dict[str, ConstantView] = {}
        self._items: dict[tuple[Code, Code], ItemsView] = {}
        self._request = NamedStructure(
            structure=operation.request,
            place=Place(names=(operation.stem, "Request"), functions=()),
            class_name=view.request_class,
            attributes=names.attributes(operation.request),
            subject=Identifier("request"),
            is_root=True,
        )

    def file(self, example: Example) -> str:
        """Return the file of a documented answer."""
        return f"{self.stems[example.title]}.xml"

    def answer(self, example: Example) -> AnswerView:
        """Plan one answer with its condition."""
        effects = tuple(self.effects(example))
        document = AnswerDocumentView(file=self.file(example))
        view = AnswerView(
            items=None,
            test=NO_CODE,
            condition=None,
            effects=effects,
            document=document,
        )
        if isinstance(example.when, ItemsTest):
            items, is_new = self._counted(example.when)
            message = self._message(example, items.variable)
            return replace(
                view,
                items=items if is_new else None,
                test=_number(items.variable, example.when),
                document=replace(document, message=message),
            )
        if example.when is None:  # pragma: no cover -- the type checker asks for it
            return view
        return replace(view, condition=plan_condition(self._request, example.when))

    def effects(self, example: Example) -> Iterator[EffectView]:
        """Plan what an answer changes of what the service remembers."""
        for effect in example.effects:
            yield self._effect(effect)

    def _effect(self, effect: Effect) -> EffectView:
        member = self._operation.request.member(effect.member.name)
        is_list = member is not None and isinstance(member.type, ListType)
        is_optional = member is not None and may_be_none(member)
        several = ("difference_update", "update")
        methods = several if is_list or is_optional else ("discard", "add")
        return EffectView(
            memory=Identifier(effect.memory),
            method=Identifier(methods[0] if effect.is_removal else methods[1]),
            value=self._value(effect.member),
            is_optional=is_optional,
        )

    def _value(self, member: Member) -> Code:
        return expression(f"request.{self._request.attributes[member.name]}")

    def _counted(self, test: ItemsTest) -> tuple[ItemsView, bool]:
        """Return the items that a test counts, and whether no earlier one did the same."""
        attribute = self._request.attributes[test.member.name]
        function, stem, against = "not_among", f"new_{attribute}", test.outside
        if test.unlike:
            function, stem = "unlike", f"other_{attribute}"
        elif test.within:
            function, stem, against = "among", f"known_{attribute}", test.within
        value = self._value(test.member)
        held = (
            Code(self._pattern(attribute, test.unlike))
            if test.unlike
            else expression(f"memory.{against}")
        )
        key = (Code(f"{function} {value}"), held)
        is_new = key not in self._items
        taken = {each.variable for each in self._items.values()}
        view = ItemsView(
            variable=_free(stem, taken),
            function=Identifier(function),
            value=value,
            against=held,
        )
        return self._items.setdefault(key, view), is_new

    def _pattern(self, attribute: Identifier, pattern: str) -> Identifier:
        taken = {each.name for each in self.patterns.values()}
        name = _free(f"_{attribute.upper()}", taken)
        view = ConstantView(name=name, expression=pattern)
        return self.patterns.setdefault(pattern, view).name

    def _message(
        self, example: Example, variable: Identifier
    ) -> AnswerMessageView | None:
        """Return what a message says of the items; None where it cannot name them."""
        outcome = self._operation.outcome
        if outcome is None or outcome.message is None or example.response is None:
            return None
        values = example.response.values
        code = None if outcome.code is None else text_at(values, outcome.code.names)
        message = text_at(values, outcome.message.names)
        found = recognised_message(self._service.errors, code, message)
        if found is None or len(found[1].names) != 1:
            return None
        pattern = found[1]
        return AnswerMessageView(
            before=pattern.literals[0],
            items=variable,
            separator=pattern.separators.get(pattern.names[0], ""),
            after=pattern.literals[1],
        )


def _free(stem: str, taken: set[Identifier]) -> Identifier:
    names = chain((stem,), (f"{stem}_{number}" for number in count(2)))
    return Identifier(next(each for each in names if each not in taken))


def _number(items: Identifier, test: ItemsTest) -> Code:
    """Return the expression that holds when there are as many items as a test asks for."""
    least, most = test.minimum, test.maximum
    if most is None:
        return expression(items if least == 1 else f"len({items}) >= {least}")
    if most == 0:
        return expression(f"not {items}")
    if least == most:
        return expression(f"len({items}) == {least}")
    return expression(f"{least} <= len({items}) <= {most}")
