"""The module of one operation."""

from __future__ import annotations

from dataclasses import replace

from soapstone import naming
from soapstone.model import (
    AuthenticationPlace,
    Defect,
    EnvelopeKind,
    Form,
    Operation,
    Presence,
    Service,
    Structure,
    WhenAbsent,
    WhenNil,
)
from soapstone.naming import Code, Identifier
from soapstone.plan import text, wire
from soapstone.plan.checks import plan_validator
from soapstone.plan.imports import (
    Usage,
    import_view,
    in_order,
    runtime_imports,
    runtime_modules,
    standard_imports,
)
from soapstone.plan.module import (
    Module,
    NamedStructure,
    Parts,
    has_attributes,
    has_nil_attribute,
)
from soapstone.plan.names import Names, Place, usable_fields
from soapstone.plan.paths import outcome_paths, python_path
from soapstone.plan.reads import plan_states, plan_structure_lists
from soapstone.plan.sessions import plan_session
from soapstone.plan.shared import (
    authentication_annotation,
    authentication_classes,
)
from soapstone.plan.structures import StructurePlanner
from soapstone.plan.writes import joined, plan_attribute_writes, plan_writes
from soapstone.samples.validation import is_bare_list
from soapstone.views import (
    CallView,
    ClassView,
    Docstring,
    ImportView,
    OperationAuthenticationView,
    OperationView,
    ReadView,
    Section,
    StateView,
    ValidatorView,
    WriteView,
)

_ENVELOPES = {
    EnvelopeKind.NONE: Identifier("NONE"),
    EnvelopeKind.SOAP11: Identifier("SOAP11"),
    EnvelopeKind.SOAP12: Identifier("SOAP12"),
}


_PLACES = {
    AuthenticationPlace.FIRST: "opens the request",
    AuthenticationPlace.LAST: "closes the request",
    AuthenticationPlace.HEADER: "stands in the header of the envelope",
}


class OperationPlanner:
    """Plans one module: the request first, then the answer.

    Args:
        operation: The operation.
        module: Its name.
        service: Its service.
        names: Those of the package.
        is_chosen: Whether the operations of the service differ in whom they take.
    """

    def __init__(
        self,
        operation: Operation,
        module: Identifier,
        service: Service,
        names: Names,
        *,
        is_chosen: bool,
    ) -> None:
        self._operation = operation
        self._is_chosen = is_chosen
        self._service = service
        self._parts = Parts()
        self._planned = Module(service=service, names=names, parts=self._parts)
        self._module = module

    def plan(self) -> OperationView:
        """Return the view of the module."""
        operation = self._operation
        request_class, request, writes = self._plan_request()
        response_class, states, reads = self._plan_response()
        usage = self._usage(request, writes, reads)
        lists, reads = plan_structure_lists(reads)
        protocol = operation.protocol
        return OperationView(
            name=operation.name,
            path=naming.path_in_comment(operation.path),
            module=self._module,
            doc=text.operation_docstring(operation, self._service),
            imports=self._imports(usage, has_lists=bool(lists)),
            standard_imports=standard_imports(usage),
            public=self._public(),
            endpoint=protocol.endpoint,
            soap_action=protocol.soap_action,
            envelope=_ENVELOPES[protocol.envelope],
            wire_response=protocol.response,
            wire_result=protocol.result,
            bare_ampersands=self._bare_ampersands(),
            has_nil_attribute=has_nil_attribute(self._service, operation.response),
            patterns=tuple(self._parts.patterns),
            enumerations=tuple(self._parts.enumerations),
            classes=tuple(self._parts.classes),
            request_class=request_class,
            response_class=response_class,
            authentication=self._authentication(),
            build_doc=self._build_docstring(),
            parse_doc=self._parse_docstring(),
            request=request,
            writes=writes,
            validators=tuple(self._parts.validators),
            writers=tuple(self._parts.writers),
            lists=lists,
            states=states,
            reads=reads,
            readers=tuple(self._parts.readers),
            call=self._call(),
            success=self._success(),
            required_on_success=self._required_on_success(
                WhenNil.NONE, WhenNil.REFUSED
            ),
            required_or_nil_on_success=self._required_on_success(WhenNil.KEPT),
        )

    # Request

    def _plan_request(
        self,
    ) -> tuple[Identifier, ValidatorView, tuple[WriteView, ...]]:
        structure = self._operation.request
        named = self._named(structure, "Request")
        planner = StructurePlanner(module=self._planned, writes=True, reads=False)
        attributes = planner.attributes(named)
        doc = text.StructureText(
            summary=f"Members of a request for {self._operation.name}.",
            paragraphs=self._omission(structure),
            structure=structure,
        )
        self._parts.classes.append(
            ClassView(
                name=named.class_name,
                doc=doc.docstring(named.attributes, is_written=True),
                attributes=attributes,
                lists=planner.lists(named),
            )
        )
        return (
            named.class_name,
            plan_validator(self._planned, named),
            self._plan_writes(named),
        )

    def _plan_writes(self, named: NamedStructure) -> tuple[WriteView, ...]:
        """Plan the whole document, from its first tag to its last."""
        view = self._authentication()
        written = WriteView(
            opening="", value=Code("auth"), writer=Identifier("write_authentication")
        )
        return joined(
            [
                WriteView(opening=self._opening_tags()),
                *plan_attribute_writes(self._planned, named),
                *([written] if view is not None and view.is_first else []),
                *plan_writes(self._planned, named),
                *([written] if view is not None and view.is_last else []),
                WriteView(opening=self._closing_tags()),
            ]
        )

    def _opening_tags(self) -> str:
        """Return the tags before the members; the last one is open where attributes follow."""
        protocol = self._operation.protocol
        is_open = has_attributes(self._operation.request, self._service)
        wrapper = f'<{protocol.wrapper} xmlns="{_attribute(protocol.namespace)}"'
        if not protocol.request:
            return wrapper if is_open else f"{wrapper}>"
        return f"{wrapper}>{wire.start_tag(protocol.request, is_open=is_open)}"

    def _closing_tags(self) -> str:
        protocol = self._operation.protocol
        inner = wire.end_tag(protocol.request) if protocol.request else ""
        return f"{inner}{wire.end_tag(protocol.wrapper)}"

    def _authentication(self) -> OperationAuthenticationView | None:
        authentication = self._operation.authentication
        annotation = authentication_annotation(authentication)
        if authentication is None or annotation is None:
            return None
        return OperationAuthenticationView(
            annotation=annotation,
            classes=(authentication_classes(authentication) if self._is_chosen else ()),
            place=authentication.place,
        )

    def _named(
        self, structure: Structure, side: str, *, taken: tuple[str, ...] = ()
    ) -> NamedStructure:
        place = Place(names=(self._operation.stem, side), functions=())
        return NamedStructure(
            structure=structure,
            place=place,
            class_name=self._planned.names.class_name(place, structure.span),
            attributes=self._planned.names.attributes(structure, taken=taken),
            subject=Identifier(side.lower()),
            is_root=True,
        )

    @staticmethod
    def _omission(structure: Structure) -> tuple[str, ...]:
        if all(
            member.presence is Presence.REQUIRED for member in usable_fields(structure)
        ):
            return ()
        if all(
            member.states.absent is WhenAbsent.OMITTED
            for member in usable_fields(structure)
        ):
            return ("A member that is None is left out of the document.",)
        return ("A member that is None is left out, unless it says otherwise.",)

    # Answer

    def _plan_response(
        self,
    ) -> tuple[Identifier, tuple[StateView, ...], tuple[ReadView, ...]]:
        structure = self._operation.response
        named = self._named(structure, "Response", taken=("repaired",))
        planner = StructurePlanner(module=self._planned, writes=False, reads=True)
        late = self._late()
        attributes = planner.attributes(named, optional=late)
        doc = text.StructureText(
            summary=f"Answer to {self._operation.name}.",
            paragraphs=(),
            structure=structure,
        ).docstring(named.attributes, is_written=False)
        repaired = (
            "repaired",
            "Names of the documented defects that were mended in the document.",
        )
        entries = [entry for section in doc.sections for entry in section.entries]
        section = Section(title="Attributes", entries=(*entries, repaired))
        self._parts.classes.append(
            ClassView(
                name=named.class_name,
                doc=replace(doc, sections=(section,)),
                attributes=attributes,
                is_answer=True,
            )
        )
        reads = planner.reading.reads(named, optional=late)
        return named.class_name, plan_states(named, self._service), reads

    def _late(self) -> frozenset[str]:
        """Return the members that only an answer of success must have.

        Where an answer can report a failure, it has no others than those that say so.
        """
        outcome = self._operation.outcome
        if outcome is None:
            return frozenset()
        first = {path.names[0] for path in outcome_paths(self._operation)}
        return frozenset(
            member.name
            for member in usable_fields(self._operation.response)
            if member.presence is Presence.REQUIRED
            and member.name not in first
            and not is_bare_list(member.type)
        )

    def _required_on_success(self, *states: WhenNil) -> tuple[str, ...]:
        """Return the late members for which nil has one of some meanings."""
        late = self._late()
        return tuple(
            sorted(
                (
                    f"@{wire.attribute_tag(member.name)}"
                    if member.form is Form.ATTRIBUTE
                    else member.name
                )
                for member in usable_fields(self._operation.response)
                if member.name in late
                and member.form is not Form.TEXT
                and member.states.nil in states
            )
        )

    def _success(self) -> Code | None:
        outcome = self._operation.outcome
        return (
            None
            if outcome is None
            else python_path(outcome.success, self._operation, self._service)
        )

    def _call(self) -> CallView:
        """Plan what a client has to know of the operation."""
        operation, service = self._operation, self._service
        taken = authentication_classes(operation.authentication)
        offered = authentication_classes(service.authentication)
        return CallView(
            annotation=authentication_annotation(service.authentication)
            or Code("None"),
            is_idempotent=operation.is_idempotent,
            is_adapted=not offered or taken != offered,
            session=plan_session(operation, service, self._late()),
        )

    def _bare_ampersands(self) -> tuple[str, ...]:
        return tuple(
            sorted(
                {
                    element
                    for example in self._operation.examples
                    if example.response is not None
                    for declared in example.response.defects
                    if declared.defect is Defect.BARE_AMPERSAND
                    for element in declared.elements
                }
            )
        )

    def _build_docstring(self) -> Docstring:
        envelope = self._operation.protocol.envelope
        shown = f"`Envelope.{_ENVELOPES[envelope]}`"
        arguments = [("request", "What to send.")]
        if self._operation.authentication is not None:
            arguments.append(("auth", self._opening()))
        arguments.append(
            (
                "envelope",
                f"What stands around the request; the documentation shows {shown}.",
            )
        )
        return Docstring(
            summary="Return the document to send, in UTF-8.",
            sections=(
                Section(title="Args", entries=tuple(arguments)),
                Section(
                    title="Raises",
                    entries=(
                        ("ValidationError", "With every constraint that is broken."),
                    ),
                ),
            ),
        )

    def _opening(self) -> str:
        authentication = self._operation.authentication
        classes = [f"`{each}`" for each in authentication_classes(authentication)]
        place = (
            AuthenticationPlace.FIRST
            if authentication is None
            else authentication.place
        )
        return f"{' or '.join(classes)}, which {_PLACES[place]}."

    def _parse_docstring(self) -> Docstring:
        arguments = [("document", "The answer as it came.")]
        raises = [
            ("SoapFault", "The service answered with a fault."),
            ("MalformedResponse", "The document is no answer to this operation."),
        ]
        if self._operation.outcome is not None:
            arguments.append(
                ("check", "Whether a failure that the answer reports is raised.")
            )
            raises.insert(0, ("ApiError", "The answer reports a failure."))
        return Docstring(
            summary="Return what an answer says.",
            sections=(
                Section(title="Args", entries=tuple(arguments)),
                Section(title="Raises", entries=tuple(raises)),
            ),
        )

    def _public(self) -> tuple[Identifier, ...]:
        names = {str(view.name) for view in self._parts.classes}
        names |= {str(view.name) for view in self._parts.enumerations}
        names |= {
            "ENDPOINT",
            "ENVELOPE",
            "OPERATION",
            "SOAP_ACTION",
            "build_request",
            "parse_response",
            "validate",
        }
        return import_view("", names).names

    def _usage(
        self,
        request: ValidatorView,
        writes: tuple[WriteView, ...],
        reads: tuple[ReadView, ...],
    ) -> Usage:
        return Usage(
            enumerations=tuple(self._parts.enumerations),
            classes=tuple(self._parts.classes),
            validators=(*self._parts.validators, request),
            writers=tuple(self._parts.writers),
            readers=tuple(self._parts.readers),
            patterns=tuple(self._parts.patterns),
            writes=writes,
            reads=reads,
        )

    def _imports(self, usage: Usage, *, has_lists: bool) -> tuple[ImportView, ...]:
        modules = {"checks", *runtime_modules(usage)}
        answer = ["open_answer"]
        answer += ["Members"] * bool(usage.readers) + ["StructureList"] * has_lists
        shared = {str(name) for name in self._parts.shared} | {"NAMESPACES", "SECRETS"}
        envelope = ["Envelope", "enclose"]
        # What clients are given may be more than the operation takes.
        shared |= set(map(str, authentication_classes(self._service.authentication)))
        authentication = self._operation.authentication
        if authentication is not None:
            shared |= {"validate_authentication", "write_authentication"}
            if authentication.place is AuthenticationPlace.HEADER:
                envelope.append("header_violations")
        imports = [
            *runtime_imports(usage),
            import_view("._runtime", modules),
            import_view("._runtime.answer", answer),
            import_view("._runtime.calls.operation", ["OperationDescription"]),
            import_view("._runtime.envelope", envelope),
            import_view("._runtime.errors", ["ValidationError", "Violation"]),
            import_view("._runtime.source", ["AnswerShape"]),
            import_view(".types", shared),
        ]
        if self._operation.outcome is not None:
            imports.append(import_view(".errors", ["failure"]))
        return in_order(imports)


def _attribute(text_: str) -> str:
    """Escape the value of an attribute between double quotes."""
    return text_.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
