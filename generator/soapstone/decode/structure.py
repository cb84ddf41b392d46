"""Structures, their members and types: what operations and shared types are made of."""

from __future__ import annotations

from copy import copy
from dataclasses import replace

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.constraints import (
    ATOM_CONSTRAINTS,
    LIST_CONSTRAINTS,
    LISTED,
    decode_atom,
    decode_atom_constraints,
    decode_list_constraints,
    refuse,
)
from soapstone.decode.enumerations import decode_enumeration
from soapstone.decode.presence import decode_presence
from soapstone.decode.rules import decode_rules
from soapstone.decode.uses import derived
from soapstone.diagnostics import Report, Span
from soapstone.model import (
    AS_USUAL,
    AtomConstraint,
    AtomType,
    EnumerationType,
    Field,
    Form,
    InlineType,
    ListType,
    MixedListType,
    NamedEnumeration,
    NamedStructure,
    Presence,
    Primitive,
    SharedType,
    States,
    Structure,
    Type,
    WhenAbsent,
    WhenEmpty,
    WhenNil,
)
from soapstone.source import Entry, Mapping, Node, Scalar

_PRIMITIVES = {primitive.value: primitive for primitive in Primitive}
_STATES = ("absent", "empty", "nil", "blank")
_KINDS = ("type", "fields", "list", "repeated", "values")
# What other languages call a list; no primitive and, written like this, no class is called so.
LIST_WORDS = frozenset({"list", "array"})
_OF_ENUMERATIONS = ("open",)
_OF_STRUCTURES = ("rules",)
_OF_SHARED = ("members",)
_OF_LISTS = (*LIST_CONSTRAINTS, "of")


class StructureDecoder:
    """Decodes structures; those that `types` shares when the first use needs them.

    Args:
        types: The mapping `types` of service.yaml, checked.
        report: Receives the diagnostics.
    """

    def __init__(self, types: Node | None, report: Report) -> None:
        self._entries = {entry.key.text: entry for entry in nodes.entries(types)}
        self._structures: dict[str, NamedStructure] = {}
        self._enumerations: dict[str, NamedEnumeration] = {}
        self._open: set[str] = set()
        self._report = report

    def reporting(self, report: Report) -> StructureDecoder:
        """Return a decoder with the same shared types that reports elsewhere."""
        other = copy(self)
        other._report = report  # noqa: SLF001 -- its own class
        return other

    # Shared types

    def structures(self) -> tuple[NamedStructure, ...]:
        """Return the structures of `types`, in their order."""
        found = (self._structure(name) for name in self._entries)
        return tuple(each for each in found if each is not None)

    def enumerations(self) -> tuple[NamedEnumeration, ...]:
        """Return the enumerations of `types`, in their order."""
        found = (self._enumeration(name) for name in self._entries)
        return tuple(each for each in found if each is not None)

    def structure_of(self, kind: Type) -> Structure | None:
        """Return the structure that a type stands for; None for any other and for an unknown one."""
        match kind:
            case InlineType(structure=structure):
                return structure
            case SharedType(name=name):
                named = self._structure(name)
                return None if named is None else named.structure
            case _:  # pragma: no cover -- the type checker asks for it
                return None

    def _structure(self, name: str) -> NamedStructure | None:
        entry = self._entries.get(name)
        if entry is None or _is_enumeration(entry) or name in self._open:
            return None
        if name not in self._structures:
            self._open.add(name)
            self._structures[name] = self._named(entry)
            self._open.discard(name)
        return self._structures[name]

    def _named(self, entry: Entry) -> NamedStructure:
        span, body = entry.key.span, nodes.mapping(entry.value, entry.key.span)
        if body.get("fields") is None and not body.refused & {"fields", "values"}:
            self._report.error(
                "type-kind",
                span,
                f"type `{entry.key.text}` does not say what it is",
                hint="give it `fields`, for a structure, or `values`, for an enumeration",
            )
        refuse(body, _OF_ENUMERATIONS, "a structure", self._report)
        structure = self.structure(body, span)
        return NamedStructure(name=entry.key.text, structure=structure, span=span)

    def _enumeration(self, name: str) -> NamedEnumeration | None:
        entry = self._entries.get(name)
        if entry is None or not _is_enumeration(entry):
            return None
        if name not in self._enumerations:
            span, body = entry.key.span, nodes.mapping(entry.value, entry.key.span)
            refuse(body, ("fields", "rules"), "an enumeration", self._report)
            self._enumerations[name] = NamedEnumeration(
                name=name, enumeration=decode_enumeration(body, span), span=span
            )
        return self._enumerations[name]

    # Structures

    def alternatives(self, node: Node | None) -> tuple[NamedStructure, ...]:
        """Return the structures of a mapping from names to structures."""
        return tuple(
            NamedStructure(
                name=entry.key.text,
                structure=self.structure(
                    nodes.mapping(entry.value, entry.key.span), entry.key.span
                ),
                python_name=nodes.text(
                    nodes.mapping(entry.value, entry.key.span).get("name")
                ),
                span=entry.key.span,
            )
            for entry in nodes.entries(node)
        )

    def structure(self, body: Mapping, span: Span) -> Structure:
        """Return the structure that a mapping with `fields` describes."""
        fields = self.fields(body.get("fields"))
        return Structure(
            fields=fields,
            rules=decode_rules(body.get("rules"), fields, self._report),
            doc=nodes.text(body.get("doc")),
            source=decode_citation(body.get("source")),
            span=span,
        )

    def fields(self, node: Node | None) -> tuple[Field, ...]:
        """Return the members of a mapping from wire names to fields."""
        return tuple(self._field(entry) for entry in nodes.entries(node))

    def _field(self, entry: Entry) -> Field:
        name, value = entry.key, entry.value
        if isinstance(value, Scalar):
            kind = self._named_type(value, (), name.span)
            return Field(name=name.text, type=kind, span=name.span)
        body = nodes.mapping(value, name.span)
        field = Field(
            name=name.text,
            type=self._type(body, name.span),
            form=Form(nodes.text(body.get("as"), Form.ELEMENT.value)),
            presence=decode_presence(body, Presence.OPTIONAL, self._report),
            states=_states(body),
            condition=nodes.text(body.get("when")),
            python_name=nodes.text(body.get("name")),
            is_secret=nodes.is_true(body.get("secret")),
            doc=nodes.text(body.get("doc")),
            source=decode_citation(body.get("source")),
            span=name.span,
        )
        return self._with_constant(field, body)

    def _with_constant(self, field: Field, body: Mapping) -> Field:
        node = body.get("constant")
        match field.type:
            case AtomType(primitive=primitive) if node is not None:
                constant = decode_atom(node, primitive, self._report)
                return replace(field, constant=constant)
            case EnumerationType() if node is not None:
                return replace(field, constant=nodes.verbatim(node))
            case _:
                refuse(body, ("constant",), "anything but a single value", self._report)
                return field

    # Types

    def _type(self, body: Mapping, span: Span) -> Type:
        given = [key for key in _KINDS if body.get(key) is not None]
        if not given and body.get("constant") is not None:
            return self._named_or_derived(body, span)
        if not given and body.refused.intersection({*_KINDS, ""}):
            return AtomType(primitive=Primitive.STRING, span=span)
        if len(given) != 1:
            found = " and ".join(f"`{key}`" for key in given)
            self._report.error(
                "field-kind",
                span if not given else body.key(given[1]).span,
                (
                    f"the field has {found}; one says what it is"
                    if given
                    else "the field does not say what it is"
                ),
                hint=_kind_hint(given, body),
            )
            return AtomType(primitive=Primitive.STRING, span=span)
        match given[0]:
            case "type":
                return self._named_or_derived(body, span)
            case "fields":
                others = (*ATOM_CONSTRAINTS, *_OF_LISTS, *_OF_ENUMERATIONS)
                refuse(body, others, "a structure", self._report)
                inline = "say it at each member itself, for example `required: true`"
                refuse(body, _OF_SHARED, "a structure", self._report, hint=inline)
                return InlineType(structure=self.structure(body, span))
            case "values":
                others = (*ATOM_CONSTRAINTS, *_OF_LISTS, *_OF_STRUCTURES, *_OF_SHARED)
                refuse(body, others, "an enumeration", self._report)
                enumeration = decode_enumeration(body, span)
                return EnumerationType(enumeration=enumeration, span=span)
            case _:
                others = (*ATOM_CONSTRAINTS, *_OF_STRUCTURES, *_OF_ENUMERATIONS)
                what = "a list; its items take it, under `of`,"
                refuse(body, (*others, *_OF_SHARED), what, self._report)
                return self._list(body, span)

    def _named_or_derived(self, body: Mapping, span: Span) -> Type:
        others = (*_OF_LISTS, *_OF_STRUCTURES)
        # Of a type that is called like a list, lint says how a list is written.
        if nodes.verbatim(body.get("type")).lower() not in LIST_WORDS:
            refuse(body, others, "a single value", self._report)
        refuse(body, _OF_ENUMERATIONS, "a named type", self._report)
        named, report = body.get("type"), self._report
        primitive = Primitive.STRING if named is None else _primitive(named)
        if primitive is not None:
            refuse(body, _OF_SHARED, f"type `{primitive.value}`", report)
            constraints = decode_atom_constraints(body, primitive, report)
            return AtomType(primitive=primitive, constraints=constraints, span=span)
        refuse(body, ATOM_CONSTRAINTS, "a named structure or enumeration", report)
        kind = self._named_type(named, (), span)
        if body.get("members") is None:
            return kind
        return self._derived(kind, body)

    def _derived(self, kind: Type, body: Mapping) -> Type:
        """Return a type that differs from a shared one in what `members` says."""
        if not isinstance(kind, SharedType):
            refuse(body, _OF_SHARED, "an enumeration", self._report)
            return kind
        if kind.name in self._open:
            self._report.error(
                "members-recursive",
                body.key("members").span,
                f"`{kind.name}` cannot say how its members differ inside itself",
                hint="share another structure with these members, and use that here",
            )
            return kind
        structure = self.structure_of(kind)
        if structure is None:  # reported as a type that is not known
            return kind
        changed = derived(structure, nodes.entries(body.get("members")), self._report)
        return InlineType(structure=changed, derived_from=kind.name)

    def _named_type(
        self, named: Node | None, constraints: tuple[AtomConstraint, ...], span: Span
    ) -> Type:
        name = nodes.verbatim(named)
        primitive = _primitive(named)
        if primitive is not None:
            return AtomType(primitive=primitive, constraints=constraints, span=span)
        place = span if named is None else named.span
        shared = self._enumeration(name)
        if shared is not None:
            return EnumerationType(
                enumeration=shared.enumeration, shared_name=name, span=place
            )
        return SharedType(name=name, span=place)

    def _list(self, body: Mapping, span: Span) -> ListType | MixedListType:
        listed, of = body.get("list"), body.get("of")
        constraints = decode_list_constraints(body)
        if isinstance(listed, Mapping):
            refuse(
                body, ("of",), "a list that names the type of each child", self._report
            )
            alternatives = tuple(self._alternative(each) for each in listed.entries)
            return MixedListType(
                alternatives=alternatives, constraints=constraints, span=span
            )
        if of is None:
            if "of" not in body.refused:
                self._report.error(
                    "field-kind",
                    span,
                    "the list does not say what its items are",
                    hint="add `of:` with a type, for example `of: string`",
                )
            item: Type = AtomType(primitive=Primitive.STRING, span=span)
        else:
            item = self._item(of, body.key("of").span)
        name = None if listed is None else nodes.verbatim(listed)
        return ListType(item=name, of=item, constraints=constraints, span=span)

    def _alternative(self, entry: Entry) -> Field:
        body = nodes.mapping(entry.value, entry.key.span)
        return Field(
            name=entry.key.text,
            type=self._item(entry.value, entry.key.span),
            presence=Presence.REQUIRED,
            doc=nodes.text(body.get("doc")),
            span=entry.key.span,
        )

    def _item(self, node: Node, span: Span) -> Type:
        if isinstance(node, Scalar):
            return self._named_type(node, (), node.span)
        return self._type(nodes.mapping(node, span), span)


def _kind_hint(given: list[str], body: Mapping) -> str:
    if given == ["type", "values"]:
        primitive = _primitive(body.get("type"))
        if primitive in LISTED and primitive is not Primitive.STRING:
            return "write `allowed` instead of `values`: they are no texts with a name"
        return "remove `type`: what has `values` is an enumeration of texts"
    if "type" in given and ("list" in given or "repeated" in given):
        return "write `of` instead of `type`: it says what the items of the list are"
    return "give exactly one of " + ", ".join(f"`{key}`" for key in _KINDS)


def _is_enumeration(entry: Entry) -> bool:
    return isinstance(entry.value, Mapping) and entry.value.get("values") is not None


def _states(body: Mapping) -> States:
    if not any(map(body.get, _STATES)):
        return AS_USUAL
    return States(
        absent=WhenAbsent(nodes.text(body.get("absent"), WhenAbsent.OMITTED.value)),
        empty=WhenEmpty(nodes.text(body.get("empty"), WhenEmpty.VALUE.value)),
        nil=WhenNil(nodes.text(body.get("nil"), WhenNil.NONE.value)),
        blank=WhenEmpty(nodes.text(body.get("blank"), WhenEmpty.VALUE.value)),
    )


def _primitive(named: Node | None) -> Primitive | None:
    return _PRIMITIVES.get(nodes.verbatim(named))
