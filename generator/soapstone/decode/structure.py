"""Fields, types, constraints and rules: what operations and shared structures are made of."""

from __future__ import annotations

from soapstone.decode import nodes
from soapstone.decode.atoms import DESCRIPTIONS, read_atom
from soapstone.diagnostics import Report, Span
from soapstone.model import (
    Allowed,
    Atom,
    AtomConstraint,
    AtomType,
    Basis,
    Citation,
    Count,
    Field,
    InlineType,
    Length,
    ListConstraint,
    ListType,
    Maximum,
    Member,
    Minimum,
    NamedStructure,
    Pattern,
    Presence,
    Primitive,
    Rule,
    RuleKind,
    SharedType,
    Structure,
    Type,
    Unique,
)
from soapstone.source import Entry, Mapping, Node, Scalar, Sequence

_KINDS = ("type", "fields", "list", "repeated")
_TEXT = frozenset({Primitive.STRING})
_ORDERED = frozenset(
    {
        Primitive.INT,
        Primitive.LONG,
        Primitive.DECIMAL,
        Primitive.DOUBLE,
        Primitive.DATE,
        Primitive.DATE_TIME,
    }
)
_LISTED = frozenset(
    {Primitive.STRING, Primitive.INT, Primitive.LONG, Primitive.DECIMAL}
)
_APPLIES = {
    "length": _TEXT,
    "pattern": _TEXT,
    "minimum": _ORDERED,
    "maximum": _ORDERED,
    "allowed": _LISTED,
}
_LIST_CONSTRAINTS = ("count", "unique")


def decode_citation(node: Node | None) -> Citation | None:
    """Return where a fact is written; None when the spec does not say."""
    if not isinstance(node, Mapping):
        return None
    return Citation(
        page=nodes.text(node.get("page")),
        section=nodes.text(node.get("section")),
        basis=Basis(nodes.text(node.get("basis"), Basis.DOCUMENTED.value)),
        note=nodes.text(node.get("note")),
        span=node.span,
    )


def decode_named_structures(
    node: Node | None, report: Report
) -> tuple[NamedStructure, ...]:
    """Return the structures of a mapping from names to structures."""
    return tuple(
        NamedStructure(
            name=entry.key.text,
            structure=decode_structure(
                nodes.mapping(entry.value, entry.key.span), entry.key.span, report
            ),
            python_name=nodes.text(
                nodes.mapping(entry.value, entry.key.span).get("name")
            ),
            span=entry.key.span,
        )
        for entry in nodes.entries(node)
    )


def decode_structure(node: Mapping, span: Span, report: Report) -> Structure:
    """Return the structure that a mapping with `fields` describes."""
    return Structure(
        fields=decode_fields(node.get("fields"), report),
        rules=decode_rules(node.get("rules"), report),
        doc=nodes.text(node.get("doc")),
        source=decode_citation(node.get("source")),
        span=span,
    )


def decode_fields(node: Node | None, report: Report) -> tuple[Field, ...]:
    """Return the members of a mapping from wire names to fields."""
    return tuple(_decode_field(entry, report) for entry in nodes.entries(node))


def decode_rules(node: Node | None, report: Report) -> tuple[Rule, ...]:
    """Return the rules of a list; each names one kind."""
    decoded = (
        _decode_rule(nodes.mapping(rule, rule.span), report)
        for rule in nodes.items(node)
    )
    return tuple(rule for rule in decoded if rule is not None)


def _decode_rule(rule: Mapping, report: Report) -> Rule | None:
    kinds = [kind for kind in RuleKind if rule.get(kind.value) is not None]
    if len(kinds) != 1:
        found = " and ".join(f"`{kind.value}`" for kind in kinds)
        report.error(
            "rule-kind",
            rule.key(kinds[1].value).span if kinds else rule.span,
            (
                f"the rule says {found}; one is what it is about"
                if kinds
                else "the rule does not say what it demands"
            ),
            hint="name one of " + ", ".join(f"`{kind.value}`" for kind in RuleKind),
        )
        return None
    kind = kinds[0]
    return Rule(
        kind=kind,
        members=tuple(
            Member(name=nodes.verbatim(member), span=member.span)
            for member in nodes.items(rule.get(kind.value))
        ),
        message=nodes.text(rule.get("message")),
        source=decode_citation(rule.get("source")),
        span=rule.key(kind.value).span,
    )


def _decode_field(entry: Entry, report: Report) -> Field:
    name, value = entry.key, entry.value
    if isinstance(value, Scalar):
        return Field(
            name=name.text, type=_named_type(value, (), name.span), span=name.span
        )
    body = nodes.mapping(value, name.span)
    return Field(
        name=name.text,
        type=_decode_type(body, name.span, report),
        presence=_presence(body, report),
        condition=nodes.text(body.get("when")),
        python_name=nodes.text(body.get("name")),
        is_secret=nodes.is_true(body.get("secret")),
        doc=nodes.text(body.get("doc")),
        source=decode_citation(body.get("source")),
        span=name.span,
    )


def _presence(body: Mapping, report: Report) -> Presence:
    required, presence = body.get("required"), body.get("presence")
    if required is not None and presence is not None:
        report.error(
            "field-presence",
            body.key("presence").span,
            "`required` and `presence` say the same thing in two ways",
            hint="keep one of them",
        )
    if presence is not None:
        return Presence(nodes.text(presence))
    return Presence.REQUIRED if nodes.is_true(required) else Presence.OPTIONAL


def _decode_type(body: Mapping, span: Span, report: Report) -> Type:
    given = [key for key in _KINDS if body.get(key) is not None]
    if len(given) != 1:
        found = " and ".join(f"`{key}`" for key in given)
        report.error(
            "field-kind",
            span if not given else body.key(given[1]).span,
            (
                f"the field has {found}; one says what it is"
                if given
                else "the field does not say what it is"
            ),
            hint="give exactly one of `type`, `fields`, `list` and `repeated`",
        )
        return AtomType(primitive=Primitive.STRING, span=span)
    match given[0]:
        case "type":
            return _decode_named(body, span, report)
        case "fields":
            _refuse_constraints(
                body, (*_APPLIES, *_LIST_CONSTRAINTS, "of"), "a structure", report
            )
            return InlineType(structure=decode_structure(body, span, report))
        case _:
            _refuse_constraints(
                body,
                (*_APPLIES, "rules"),
                "a list; its items take it, under `of`,",
                report,
            )
            return _decode_list(body, span, report)


def _decode_named(body: Mapping, span: Span, report: Report) -> Type:
    _refuse_constraints(
        body, (*_LIST_CONSTRAINTS, "of", "rules"), "a single value", report
    )
    named = body.get("type")
    primitive = _primitive(nodes.verbatim(named))
    if primitive is None:
        _refuse_constraints(body, tuple(_APPLIES), "a structure", report)
    constraints = (
        () if primitive is None else _atom_constraints(body, primitive, report)
    )
    return _named_type(named, constraints, span)


def _named_type(
    named: Node | None, constraints: tuple[AtomConstraint, ...], span: Span
) -> Type:
    name = nodes.verbatim(named)
    primitive = _primitive(name)
    if primitive is not None:
        return AtomType(primitive=primitive, constraints=constraints, span=span)
    return SharedType(name=name, span=span if named is None else named.span)


def _decode_list(body: Mapping, span: Span, report: Report) -> ListType:
    of = body.get("of")
    if of is None:
        report.error(
            "field-kind",
            span,
            "the list does not say what its items are",
            hint="add `of:` with a type, for example `of: string`",
        )
        item: Type = AtomType(primitive=Primitive.STRING, span=span)
    elif isinstance(of, Scalar):
        item = _named_type(of, (), of.span)
    else:
        item = _decode_type(nodes.mapping(of, span), body.key("of").span, report)
    listed = body.get("list")
    return ListType(
        item=None if listed is None else nodes.verbatim(listed),
        of=item,
        constraints=_list_constraints(body),
        span=span,
    )


def _refuse_constraints(
    body: Mapping, keys: tuple[str, ...], what: str, report: Report
) -> None:
    for key in keys:
        if body.get(key) is not None:
            report.error(
                "constraint-not-applicable",
                body.key(key).span,
                f"`{key}` does not apply to {what}".rstrip(","),
                hint="remove it, or give the field the type that it is meant for",
            )


def _list_constraints(body: Mapping) -> tuple[ListConstraint, ...]:
    found: list[ListConstraint] = []
    if (count := body.get("count")) is not None:
        minimum, maximum, message = _limits(count)
        found.append(
            Count(
                minimum=minimum,
                maximum=maximum,
                message=message,
                span=body.key("count").span,
            )
        )
    unique = body.get("unique")
    if isinstance(unique, Mapping) or nodes.is_true(unique):
        found.append(Unique(message=_message(unique), span=body.key("unique").span))
    return tuple(found)


def _atom_constraints(
    body: Mapping, primitive: Primitive, report: Report
) -> tuple[AtomConstraint, ...]:
    found: list[AtomConstraint] = []
    for key, primitives in _APPLIES.items():
        node = body.get(key)
        if node is None:
            continue
        span = body.key(key).span
        if primitive not in primitives:
            _refuse_constraints(body, (key,), f"type `{primitive.value}`", report)
        elif (
            constraint := _atom_constraint(key, node, primitive, span, report)
        ) is not None:
            found.append(constraint)
    return tuple(found)


def _atom_constraint(
    key: str, node: Node, primitive: Primitive, span: Span, report: Report
) -> AtomConstraint | None:
    match key:
        case "length":
            least, most, message = _limits(node)
            return Length(minimum=least, maximum=most, message=message, span=span)
        case "pattern":
            return _pattern(node, span)
        case "allowed":
            values = [
                _atom(item, primitive, report)
                for item in nodes.items(_value(node, "values"))
            ]
            known = tuple(value for value in values if value is not None)
            return Allowed(values=known, message=_message(node), span=span)
        case _:
            limit = _atom(_value(node, "value"), primitive, report)
            if limit is None:
                return None
            kind = Minimum if key == "minimum" else Maximum
            return kind(limit=limit, message=_message(node), span=span)


def _pattern(node: Node, span: Span) -> Pattern:
    body = nodes.mapping(node, span)
    return Pattern(
        expression=nodes.verbatim(_value(node, "regex")),
        accepts=nodes.texts(body.get("accepts")),
        rejects=nodes.texts(body.get("rejects")),
        message=_message(node),
        span=span,
    )


def _limits(node: Node) -> tuple[int | None, int | None, str]:
    match node:
        case Scalar():
            exact = nodes.integer(node)
            return exact, exact, ""
        case Sequence(items=limits):
            least, most = (*limits, None, None)[:2]
            return nodes.integer(least), nodes.integer(most), ""
        case Mapping():
            return (
                nodes.integer(node.get("min")),
                nodes.integer(node.get("max")),
                _message(node),
            )


def _message(node: Node | None) -> str:
    return nodes.text(node.get("message")) if isinstance(node, Mapping) else ""


def _value(node: Node, key: str) -> Node | None:
    """Return what a constraint says, whether it is written short or as a mapping."""
    return node.get(key) if isinstance(node, Mapping) else node


def _atom(node: Node | None, primitive: Primitive, report: Report) -> Atom | None:
    if not isinstance(node, Scalar):
        return None
    value = read_atom(node.text, primitive)
    if value is None:
        report.error(
            "constraint-value",
            node.span,
            f"`{node.text}` is not {DESCRIPTIONS[primitive]}",
            hint=f"the field is of type `{primitive.value}`",
        )
    return value


def _primitive(name: str) -> Primitive | None:
    return next((primitive for primitive in Primitive if primitive.value == name), None)
