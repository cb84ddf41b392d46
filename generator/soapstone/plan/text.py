"""Sentences of docstrings: what the types do not say, in the words of the spec."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from soapstone.model import (
    AllOf,
    Allowed,
    AnyOf,
    Atom,
    AtomConstraint,
    AtomType,
    Basis,
    ChoiceRule,
    Citation,
    Comparison,
    Condition,
    ConditionalRule,
    Count,
    Enumeration,
    Field,
    Length,
    ListConstraint,
    ListType,
    Maximum,
    Member,
    MemberRule,
    Minimum,
    MixedListType,
    Not,
    Operation,
    Pattern,
    Presence,
    Relation,
    Rule,
    RuleKind,
    Service,
    Structure,
    Type,
    Unique,
    WhenAbsent,
)
from soapstone.naming import Identifier
from soapstone.plan.names import usable_fields
from soapstone.views import Docstring, Section

# What fits on the first line of a docstring, with its quotes and indentation.
_LONGEST_SUMMARY = 78


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureText:
    """What the docstring of a structure's class says, but for the names of its members."""

    summary: str
    paragraphs: tuple[str, ...]
    structure: Structure

    def docstring(
        self, attributes: Mapping[str, Identifier], *, is_written: bool
    ) -> Docstring:
        """Return the docstring, each member under its Python name.

        Args:
            attributes: Those names.
            is_written: Whether it stands in requests, where None has to mean something.
        """
        rules = tuple(rule_sentence(rule, attributes) for rule in self.structure.rules)
        return Docstring(
            summary=self.summary,
            paragraphs=(*self.paragraphs, *rules),
            sections=attribute_section(
                self.structure, attributes, is_written=is_written
            ),
        )


def structure_docstring(
    structure: Structure, doc: str, name: str, *, derived_from: str = ""
) -> StructureText:
    """Return the text for a structure; its first sentence is the summary if it is short.

    Args:
        structure: The structure.
        doc: What is said of its member, for a structure of which nothing is said.
        name: Its wire name.
        derived_from: The shared structure of which this is a use of its own.
    """
    summary, rest = split_summary(structure.doc or doc or f"Members of `{name}`.")
    if len(summary) > _LONGEST_SUMMARY:
        summary, rest = f"Members of `{name}`.", f"{summary} {rest}".strip()
    use = f"It differs from `{derived_from}` in which members are given."
    paragraphs = (rest, use if derived_from else "")
    return StructureText(
        summary=summary, paragraphs=tuple(filter(None, paragraphs)), structure=structure
    )


def split_summary(doc: str) -> tuple[str, str]:
    """Return the first sentence, with a full stop, and the rest."""
    head, stop, rest = doc.partition(". ")
    summary = head if not stop else f"{head}."
    return (
        summary if summary.endswith((".", "?", "!")) else f"{summary}."
    ), rest.strip()


def attribute_section(
    structure: Structure, attributes: Mapping[str, Identifier], *, is_written: bool
) -> tuple[Section, ...]:
    """Return the list of members, or nothing for a structure without any."""
    entries = tuple(
        (str(attributes[member.name]), field_text(member, is_written=is_written))
        for member in usable_fields(structure)
    )
    return (Section(title="Attributes", entries=entries),) if entries else ()


_ABSENT = {
    WhenAbsent.OMITTED: (),
    WhenAbsent.EMPTY: ("None is written as an empty element.",),
    WhenAbsent.NIL: ("None is written as an element marked nil.",),
}


def field_text(member: Field, *, is_written: bool) -> str:
    """Return what a member means, when it is given, and within which limits."""
    pieces = [sentence(member.doc or f"`{member.name}` on the wire")]
    if member.presence is Presence.CONDITIONAL and member.condition:
        pieces.append(f"Condition: {sentence(_inside_a_sentence(member.condition))}")
    pieces.extend(sentence(limit) for limit in _limits(member.type))
    if is_written and member.presence is not Presence.REQUIRED:
        pieces.extend(_ABSENT[member.states.absent])
    return " ".join(pieces)


def enumeration_docstring(
    enumeration: Enumeration, name: str, members: Mapping[str, Identifier]
) -> Docstring:
    """Return the docstring of an enumeration: what it is, and what its values mean."""
    summary, rest = split_summary(enumeration.doc or f"Values of `{name}`.")
    if len(summary) > _LONGEST_SUMMARY:
        summary, rest = f"Values of `{name}`.", f"{summary} {rest}".strip()
    entries = tuple(
        (str(members[value.text]), sentence(value.doc))
        for value in enumeration.values
        if value.doc and value.text in members
    )
    return Docstring(
        summary=summary,
        paragraphs=(rest,) if rest else (),
        sections=(Section(title="Attributes", entries=entries),) if entries else (),
    )


def condition_words(condition: Condition, attributes: Mapping[str, str]) -> str:
    """Return a condition in words that follow `when`."""
    match condition:
        case Comparison(member=member, relation=relation, values=values):
            name = attributes.get(member.name, member.name)
            if relation is Relation.GIVEN:
                return f"{name} is given"
            shown = _join([_quoted(value) for value in values], "or")
            is_time = any(isinstance(value, datetime.date) for value in values)
            relations = _RELATIONS_IN_TIME if is_time else _RELATIONS
            return f"{name} is {relations[relation]}{shown}"
        case Not(condition=Comparison(relation=Relation.GIVEN, member=member)):
            return f"{attributes.get(member.name, member.name)} is not given"
        case Not(condition=inner):
            return f"not ({condition_words(inner, attributes)})"
        case AllOf(conditions=conditions):
            return " and ".join(_grouped(each, attributes) for each in conditions)
        case AnyOf(conditions=conditions):
            return " or ".join(_grouped(each, attributes) for each in conditions)
        case _:
            assert_never(condition)


_RELATIONS = {
    Relation.IS: "",
    Relation.MINIMUM: "at least ",
    Relation.MAXIMUM: "at most ",
    Relation.ABOVE: "more than ",
    Relation.BELOW: "less than ",
}


_RELATIONS_IN_TIME = {
    Relation.IS: "",
    Relation.MINIMUM: "on or after ",
    Relation.MAXIMUM: "on or before ",
    Relation.ABOVE: "after ",
    Relation.BELOW: "before ",
}


def _grouped(condition: Condition, attributes: Mapping[str, str]) -> str:
    words = condition_words(condition, attributes)
    is_group = isinstance(condition, AllOf | AnyOf) and len(condition.conditions) > 1
    return f"({words})" if is_group else words


def _quoted(value: Atom) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, str) else _shown(value)


def rule_sentence(rule: Rule, attributes: Mapping[str, Identifier]) -> str:
    """Return a rule between members in words."""
    match rule:
        case MemberRule():
            return _member_rule_sentence(rule, attributes)
        case ChoiceRule(chooser=chooser, blocks=blocks):
            shown = [
                f"{_named([block.member], attributes)} exactly for "
                + _join([f"`{_shown(value)}`" for value in block.values], "or")
                for block in blocks
            ]
            chooses = _named([chooser], attributes)
            return f"{chooses} chooses what is given: {_join(shown)}."
        case ConditionalRule(required=required, prohibited=prohibited):
            names = {wire: f"`{name}`" for wire, name in attributes.items()}
            words = condition_words(rule.condition, names)
            demands = [
                f"{_named(members, attributes)} {'is' if len(members) == 1 else 'are'} {demand}"
                for members, demand in (
                    (required, "required"),
                    (prohibited, "not given"),
                )
                if members
            ]
            return f"When {words}, {_join(demands)}."
        case _:
            assert_never(rule)


def _named(members: Sequence[Member], attributes: Mapping[str, Identifier]) -> str:
    return _join([f"`{attributes.get(each.name, each.name)}`" for each in members])


def _member_rule_sentence(
    rule: MemberRule, attributes: Mapping[str, Identifier]
) -> str:
    names = [f"`{attributes.get(member.name, member.name)}`" for member in rule.members]
    match rule.demand:
        case RuleKind.EXCLUSIVE:
            return f"At most one of {_join(names)} is given."
        case RuleKind.EXACTLY_ONE:
            return f"Exactly one of {_join(names)} is given."
        case RuleKind.AT_LEAST_ONE:
            return f"At least one of {_join(names)} is given."
        case RuleKind.REQUIRES:
            return f"{_join(names[:1])} is given only together with {_join(names[1:])}."
        case _:
            assert_never(rule.demand)


def citation_sentence(citation: Citation, service: Service) -> str:
    """Return where a fact is written."""
    page = next((page for page in service.pages if page.key == citation.page), None)
    title = citation.page if page is None else page.title
    section = f', section "{citation.section}"' if citation.section else ""
    url = "" if page is None else f" ({page.url})"
    verb = {
        Basis.DOCUMENTED: "Documented in",
        Basis.OBSERVED: "Observed; see",
        Basis.INFERRED: "Inferred from",
    }[citation.basis]
    return f"{verb} {title}{section}{url}."


def operation_docstring(operation: Operation, service: Service) -> Docstring:
    """Return the docstring of an operation's module."""
    heading = f"The page calls it {operation.heading}." if operation.heading else ""
    documented = citation_sentence(operation.source, service)
    paragraphs: tuple[str, ...] = (
        operation.doc,
        " ".join(filter(None, (documented, heading))),
    )
    summary = f"{operation.name}: {_inside_a_sentence(sentence(operation.summary))}"
    if len(summary) > _LONGEST_SUMMARY:
        paragraphs = (sentence(operation.summary), *paragraphs)
        summary = f"The operation {operation.name}."
    return Docstring(
        summary=summary,
        paragraphs=tuple(paragraph for paragraph in paragraphs if paragraph),
    )


def sentence(text: str) -> str:
    """Return a text with a full stop."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _inside_a_sentence(text: str) -> str:
    """Return a sentence that follows a colon: its first word in lower case unless it is a name."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first[1:].islower() else text


def _limits(kind: Type) -> list[str]:
    match kind:
        case AtomType(constraints=constraints):
            return [limit for each in constraints if (limit := _atom_limit(each))]
        case MixedListType(constraints=list_constraints):
            return [limit for each in list_constraints if (limit := _list_limit(each))]
        case ListType(of=of, constraints=list_constraints):
            own = [limit for each in list_constraints if (limit := _list_limit(each))]
            inner = [f"{limit[0].lower()}{limit[1:]}" for limit in _limits(of)]
            # What is said of the items of an inner list comes after a colon already.
            inner = [
                limit.replace("each item:", "each of its items:") for limit in inner
            ]
            return own + ([f"Each item: {'; '.join(inner)}"] if inner else [])
        case _:
            return []


def _atom_limit(constraint: AtomConstraint) -> str:
    match constraint:
        case Length(minimum=minimum, maximum=maximum):
            return _between(minimum, maximum, "character")
        case Pattern(expression=expression):
            return f"Matches `{expression}`"
        case Minimum(limit=limit):
            is_time = isinstance(limit, datetime.date)
            return f"{'On or after' if is_time else 'At least'} {_shown(limit)}"
        case Maximum(limit=limit):
            is_time = isinstance(limit, datetime.date)
            return f"{'On or before' if is_time else 'At most'} {_shown(limit)}"
        case Allowed(values=values):
            return f"One of {_join([f'`{_shown(value)}`' for value in values], 'or')}"
        case _:
            assert_never(constraint)


def _list_limit(constraint: ListConstraint) -> str:
    match constraint:
        case Count(minimum=minimum, maximum=maximum):
            return _between(minimum, maximum, "item")
        case Unique():
            return "No item occurs twice"
        case _:
            assert_never(constraint)


def _between(minimum: int | None, maximum: int | None, noun: str) -> str:
    if minimum is None and maximum is None:
        return ""
    if minimum == maximum:
        return f"Exactly {_counted(minimum or 0, noun)}"
    if minimum is None:
        return f"At most {_counted(maximum or 0, noun)}"
    if maximum is None:
        return f"At least {_counted(minimum, noun)}"
    return f"{minimum} to {_counted(maximum, noun)}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown(value: Atom) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _join(words: list[str], conjunction: str = "and") -> str:
    # A rule whose members were all refused is reported, and still described.
    if not words:
        return "nothing"
    return (
        words[0]
        if len(words) == 1
        else f"{', '.join(words[:-1])} {conjunction} {words[-1]}"
    )
