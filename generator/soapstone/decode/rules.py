"""Rules between the members of one structure."""

from __future__ import annotations

from collections.abc import Mapping as Lookup
from collections.abc import Sequence

from soapstone.decode import nodes
from soapstone.decode.citations import decode_citation
from soapstone.decode.constraints import ORDERED, decode_atom
from soapstone.diagnostics import Report, Span
from soapstone.model import (
    AllOf,
    AnyOf,
    Atom,
    AtomType,
    Block,
    ChoiceRule,
    Comparison,
    Condition,
    ConditionalRule,
    EnumerationType,
    Field,
    Member,
    MemberRule,
    Not,
    Primitive,
    Relation,
    Rule,
    RuleKind,
)
from soapstone.source import Entry, Mapping, Node
from soapstone.source import Sequence as SequenceNode

_KINDS = (*(kind.value for kind in RuleKind), "choice", "when")
_COMPANIONS = {"choice": ("blocks",), "when": ("require", "prohibit")}
_CONNECTIVES = ("all", "any", "not", "member")
CONDITION_KEYS = (*_CONNECTIVES, *(relation.value for relation in Relation))
_LIMITS = (Relation.MINIMUM, Relation.MAXIMUM, Relation.ABOVE, Relation.BELOW)


def decode_rules(
    node: Node | None, fields: Sequence[Field], report: Report
) -> tuple[Rule, ...]:
    """Return the rules of a list, between these fields; each names one kind."""
    decoder = _RuleDecoder({field.name: field for field in fields}, report)
    decoded = (
        decoder.rule(nodes.mapping(rule, rule.span)) for rule in nodes.items(node)
    )
    return tuple(rule for rule in decoded if rule is not None)


def decode_condition(
    body: Mapping, fields: Sequence[Field], report: Report
) -> Condition | None:
    """Return a condition on these fields; None for one that was reported."""
    decoder = _RuleDecoder({field.name: field for field in fields}, report)
    return decoder.condition(body, body.span)


class _RuleDecoder:
    """Decodes the rules of one structure; values in them are read as their members' types."""

    def __init__(self, fields: Lookup[str, Field], report: Report) -> None:
        self._fields = fields
        self._report = report

    def rule(self, body: Mapping) -> Rule | None:
        kind = self._kind(body)
        if kind is None or not self._has_companions(body, kind):
            return None
        message, span = nodes.text(body.get("message")), body.key(kind).span
        source = decode_citation(body.get("source"))
        if kind == "choice":
            chooser = _member(body.get("choice"), span)
            if self._is_turned_round(body, chooser):
                return None
            return ChoiceRule(
                chooser=chooser,
                blocks=tuple(
                    self._block(entry, chooser)
                    for entry in nodes.entries(body.get("blocks"))
                ),
                message=message,
                source=source,
                span=span,
            )
        if kind == "when":
            condition = self.condition(body.get("when"), span)
            if condition is None:
                return None
            return ConditionalRule(
                condition=condition,
                required=_members(body.get("require")),
                prohibited=_members(body.get("prohibit")),
                message=message,
                source=source,
                span=span,
            )
        return MemberRule(
            demand=RuleKind(kind),
            members=_members(body.get(kind)),
            message=message,
            source=source,
            span=span,
        )

    def _kind(self, body: Mapping) -> str | None:
        kinds = [kind for kind in _KINDS if body.get(kind) is not None]
        if len(kinds) == 1:
            return kinds[0]
        if not kinds and body.refused:
            return None
        found = " and ".join(f"`{kind}`" for kind in kinds)
        self._report.error(
            "rule-kind",
            body.key(kinds[1]).span if kinds else body.span,
            (
                f"the rule says {found}; one is what it is about"
                if kinds
                else "the rule does not say what it demands"
            ),
            hint=(
                "beside `when` it is `require`"
                if kinds == ["requires", "when"]
                else "name one of " + ", ".join(f"`{kind}`" for kind in _KINDS)
            ),
        )
        return None

    def _has_companions(self, body: Mapping, kind: str) -> bool:
        """Whether the keys that belong to a kind are there, and no others."""
        for other, companions in _COMPANIONS.items():
            given = [key for key in companions if body.get(key) is not None]
            if other == kind and not given:
                if body.refused:
                    return False
                wanted = " or ".join(f"`{key}`" for key in companions)
                self._report.error(
                    "rule-kind",
                    body.key(kind).span,
                    f"`{kind}` alone demands nothing",
                    hint=f"add {wanted}",
                )
                return False
            if other != kind and given:
                self._report.error(
                    "rule-kind",
                    body.key(given[0]).span,
                    f"`{given[0]}` belongs to a rule with `{other}`",
                    hint=f"remove it, or write `{other}` instead of `{kind}`",
                )
        return True

    def _is_turned_round(self, body: Mapping, chooser: Member) -> bool:
        """Whether the blocks stand under the values that choose them; reported then."""
        entries = nodes.entries(body.get("blocks"))
        for entry in entries:
            value = nodes.verbatim(entry.value)
            if entry.key.text in self._fields or value not in self._fields:
                return False
        first = entries[0]
        self._report.error(
            "rule-kind",
            first.key.span,
            f"`{first.key.text}` is a value of `{chooser.name}`, `{nodes.verbatim(first.value)}` the member",
            hint=f"turned round: `{nodes.verbatim(first.value)}: {first.key.text}`, the member first",
        )
        return True

    def _block(self, entry: Entry, chooser: Member) -> Block:
        return Block(
            member=Member(name=entry.key.text, span=entry.key.span),
            values=self._values(entry.value, chooser),
        )

    def condition(self, node: Node | None, span: Span) -> Condition | None:
        body = nodes.mapping(node, span)
        given = [key for key in _CONNECTIVES if body.get(key) is not None]
        if not given and body.refused:
            return None
        if len(given) != 1:
            found = " and ".join(f"`{key}`" for key in given) or "none"
            self._report.error(
                "condition-kind",
                body.key(given[1]).span if given else body.span,
                f"the condition has {found} of `all`, `any`, `not` and `member`",
                hint="give exactly one of them",
            )
            return None
        if given[0] == "member":
            return self._comparison(body)
        if given[0] == "not":
            inner = self.condition(body.get("not"), span)
            return None if inner is None else Not(condition=inner)
        found_conditions = [
            self.condition(item, item.span) for item in nodes.items(body.get(given[0]))
        ]
        conditions = tuple(each for each in found_conditions if each is not None)
        if not conditions:
            return None
        return (AllOf if given[0] == "all" else AnyOf)(conditions=conditions)

    def _comparison(self, body: Mapping) -> Condition | None:
        member = _member(body.get("member"), body.span)
        given = [each for each in Relation if body.get(each.value) is not None]
        if not given and body.refused:
            return None
        if len(given) != 1:
            found = " and ".join(f"`{each.value}`" for each in given) or "nothing"
            self._report.error(
                "condition-kind",
                body.key(given[1].value).span if given else member.span,
                f"the condition asks {found} of `{member.name}`",
                hint="ask one thing: "
                + ", ".join(f"`{each.value}`" for each in Relation),
            )
            return None
        relation, node = given[0], body.get(given[0].value)
        span = body.key(relation.value).span
        if relation is Relation.GIVEN:
            test = Comparison(member=member, relation=relation, span=span)
            return test if nodes.is_true(node) else Not(condition=test)
        if relation in _LIMITS and not self._is_ordered(member):
            self._refuse(relation, span, member)
            return None
        values = self._values(node, member)
        if not values:
            return None
        return Comparison(member=member, relation=relation, values=values, span=span)

    def _values(self, node: Node | None, member: Member) -> tuple[Atom, ...]:
        listed = node.items if isinstance(node, SequenceNode) else (node,)
        # A member that is not there is reported once, by the rules over the model.
        is_known = member.name in self._fields
        primitive = self._primitive(member) if is_known else Primitive.STRING
        if primitive is None:
            self._refuse(
                Relation.IS, member.span if node is None else node.span, member
            )
            return ()
        read = (decode_atom(item, primitive, self._report) for item in listed)
        return tuple(value for value in read if value is not None)

    def _primitive(self, member: Member) -> Primitive | None:
        field = self._fields.get(member.name)
        match None if field is None else field.type:
            case AtomType(primitive=primitive):
                return primitive
            case EnumerationType():
                return Primitive.STRING
            case _:
                return None

    def _is_ordered(self, member: Member) -> bool:
        return member.name not in self._fields or self._primitive(member) in ORDERED

    def _refuse(self, relation: Relation, span: Span, member: Member) -> None:
        self._report.error(
            "condition-not-applicable",
            span,
            f"`{member.name}` has no value that could be compared like this with `{relation.value}`",
            hint="limits are for numbers and dates, `is` for any single value; of all others ask `given`",
        )


def _members(node: Node | None) -> tuple[Member, ...]:
    return tuple(_member(item, item.span) for item in nodes.items(node))


def _member(node: Node | None, span: Span) -> Member:
    return Member(name=nodes.verbatim(node), span=span if node is None else node.span)
