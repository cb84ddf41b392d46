"""Names of one package, with a report when no good one can be found or two are the same.

What is reported comes with a name that would do: a hint that leads to the next error is none.
"""

from __future__ import annotations

import builtins
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import assert_never

from soapstone import naming
from soapstone.diagnostics import Related, Report, Span
from soapstone.model import (
    Enumeration,
    EnumerationValue,
    Field,
    Form,
    Presence,
    Structure,
    WhenNil,
)
from soapstone.naming import (
    Identifier,
    class_problem,
    is_attribute_name,
    is_wire_name,
    is_wire_text,
)
from soapstone.samples.validation import is_bare_list

_UNUSABLE = Identifier("unusable_name")

# Names that the functions of a generated module use for themselves.
_LOCAL_NAMES = frozenset(
    {
        "auth",
        "build_request",
        "checks",
        "enclose",
        "envelope",
        "errors",
        "found",
        "members",
        "parse_response",
        "position",
        "prefix",
        "reading",
        "request",
        "validate",
        "violations",
        "writing",
        "xml",
    }
)
_LOCAL_STARTS = ("position_", "read_", "validate_", "write_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a structure or a member stands.

    Attributes:
        names: What a class is named after, from the operation or the shared structure down.
        functions: What functions and constants are named after.
        wire_name: Name of the innermost element.
        member: The innermost member; None for a structure that stands by itself.
        items: How many of the last names are those of items in the member.
        bare: How many lists around it have no element around their items.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]
    wire_name: str = ""
    member: Field | None = None
    items: int = 0
    bare: int = 0

    @property
    def list_key(self) -> tuple[tuple[str, ...], int]:
        """What tells a list from all others of its structure."""
        return self.functions, self.bare

    def inside(self, member: Field) -> Place:
        """Return the place of a member."""
        return Place(
            names=(*self.names, member.stem),
            functions=(*self.functions, member.stem),
            wire_name=member.name,
            member=member,
        )

    def item(self, wire_name: str | None) -> Place:
        """Return the place of a list's items, whose names are those of the list if it is bare."""
        if wire_name is None:
            return replace(self, bare=self.bare + 1)
        stem = naming.item_stem(wire_name)
        return Place(
            names=(*self.names, stem),
            functions=(*self.functions, stem),
            wire_name=wire_name,
            member=self.member,
            items=self.items + 1,
            bare=self.bare,
        )

    def renamed(self, name: str) -> tuple[str, ...]:
        """Return the names as they were if the member had another one."""
        at = len(self.names) - 1 - self.items
        return (*self.names[:at], name, *self.names[at + 1 :])


@dataclass(slots=True)
class Names:
    """Hands out names, and remembers where each class of a package comes from.

    Attributes:
        service: Name of the service, of which suggestions remind.
    """

    report: Report
    service: str = ""
    classes: dict[str, Span] = field(default_factory=dict[str, Span])
    _offered: set[str] = field(default_factory=set[str])
    _siblings: dict[Span, set[str]] = field(default_factory=dict[Span, set[str]])
    _reported: set[Span] = field(default_factory=set[Span])

    def apart(self, report: Report) -> Names:
        """Return names that start with the same classes, and know nothing of what comes then."""
        return Names(report, self.service, dict(self.classes))

    # Classes

    def is_free(self, name: str) -> bool:
        """Whether a class can have a name, and no hint has offered it to another one."""
        taken = name in self.classes or name in self._offered
        return not taken and not class_problem(name)

    def offer(self, *names: str) -> None:
        """Keep the classes that a hint leads to from other hints."""
        self._offered.update(names)

    def claim(self, name: str, stem: str, span: Span, ask: str) -> bool:
        """Give a class to what a spec names; whether it could be given.

        Args:
            name: The class; empty where none can be derived.
            stem: What the spec calls it.
            span: Where it does.
            ask: How a spec gives it another name, with `{}` in its place.
        """
        first = self.classes.get(name)
        if first is None and not class_problem(name):
            self.classes[name] = span
            return True
        if first is not None:
            sentence = f"the package has a class `{name}` already"
        else:
            reason = class_problem(name) if name else naming.NOT_TOLD
            sentence = f"no class can be named after `{stem}`: {reason}"
        suggested = naming.suggest_class(stem, self.service, self.is_free)
        self.offer(suggested)
        self._report(span, sentence, ask.format(suggested), first, reserved=name)
        return False

    def class_name(self, place: Place, span: Span) -> Identifier:
        """Return the class at a place, which nothing else in the package may be named like."""
        name = naming.class_name(*place.names)
        first = None if name is None else self.classes.setdefault(name, span)
        if name is not None and first == span:
            return name
        if place.member is not None and place.member.span not in self._reported:
            self._report_class(place, place.member, first)
        return name or _UNUSABLE

    def _report_class(self, place: Place, member: Field, first: Span | None) -> None:
        name = naming.attribute_name(member.name, member.python_name) or _UNUSABLE
        suggested = naming.suggest_number(
            name,
            lambda each: self._suits(member, each)
            and self.is_free("".join(map(naming.class_spelling, place.renamed(each)))),
        )
        self._note(member, suggested)
        shown = "".join(map(naming.class_spelling, place.names))
        self._report(
            member.span,
            f"the package has a class `{shown}` already",
            f"give the member another name: `name: {suggested}`",
            first,
            reserved=shown,
        )

    # Values of enumerations

    def enumeration(self, enumeration: Enumeration) -> dict[str, Identifier]:
        """Return the names of an enumeration's members by their texts."""
        owners: dict[Identifier, EnumerationValue] = {}
        found: dict[str, Identifier] = {}
        asked = {each.python_name for each in enumeration.values}
        derived = {naming.constant_name(each.text, "") for each in enumeration.values}
        taken = {*asked, *map(str, derived)}
        for value in enumeration.values:
            name = naming.constant_name(value.text, value.python_name)
            if name is None:
                self._report_unnamed(value, taken)
                continue
            other = owners.setdefault(name, value)
            if other.text != value.text:
                suggested = naming.suggest_constant(
                    name, lambda each: each not in owners and each not in asked
                )
                self._report_same_name(value, name, other, suggested)
            found[value.text] = name
        return found

    def _report_unnamed(self, value: EnumerationValue, taken: set[str]) -> None:
        """Report a value without a name; what is offered to it is taken for the others."""
        # A text that no document can hold is another mistake, which lint reports.
        if value.span in self._reported or not is_wire_text(value.text):
            return
        self._reported.add(value.span)
        shown = value.python_name or value.text
        reason = naming.constant_problem(value.python_name)
        suggested = naming.suggest_constant(shown, lambda each: each not in taken)
        taken.add(suggested)
        self.report.error(
            "python-name-invalid",
            value.span,
            (
                f"`{shown}` cannot be the name of a value of an enumeration: {reason}"
                if value.python_name
                else f"no Python name can be derived from the value `{shown}`"
            ),
            hint="give the value a name of your own, in capitals: in the mapping `values`, write "
            f"`{_key(value.text)}: {{name: {suggested}, doc: ...}}`",
        )

    def _report_same_name(
        self,
        value: EnumerationValue,
        name: str,
        other: EnumerationValue,
        suggested: str,
    ) -> None:
        if value.span in self._reported:
            return
        self._reported.add(value.span)
        self.report.error(
            "python-name-collision",
            value.span,
            f"`{value.text}` and `{other.text}` would both be `{name}` in Python",
            hint=f"give one of them another name: `{{name: {suggested}, doc: ...}}`",
            related=[Related(other.span, f"`{other.text}`")],
        )

    # Members

    def attributes(
        self, structure: Structure, taken: Iterable[str] = ()
    ) -> dict[str, Identifier]:
        """Return the Python names of a structure's members by their wire names."""
        owners: dict[str, Field] = {}
        found: dict[str, Identifier] = {}
        members = usable_fields(structure)
        derived = {
            str(naming.attribute_name(member.name, member.python_name))
            for member in members
        }
        unavailable = {*derived, *taken}
        for member in members:
            self._siblings[member.span] = unavailable
            name = naming.attribute_name(member.name, member.python_name)
            found[member.name] = name or _UNUSABLE
            if name is None:
                self._report_unusable(member)
                continue
            other = owners.setdefault(name, member)
            # What service.yaml gives to every operation is reported once.
            if member.span in self._reported:
                continue
            if name in taken:
                self._report_taken(member, name)
            elif member.name != other.name:
                self._report_collision(member, name, other)
        return found

    def _suits(self, member: Field, name: str) -> bool:
        """Whether a member can have a name beside the others of its structure."""
        taken = self._siblings.get(member.span, set())
        return bool(naming.attribute_name("", name)) and name not in taken

    def _suited(self, member: Field) -> Callable[[str], bool]:
        return lambda name: self._suits(member, name)

    def _note(self, member: Field, suggested: str) -> None:
        """Remember that a member was reported, and what was offered to it."""
        self._reported.add(member.span)
        self._siblings.setdefault(member.span, set()).add(suggested)

    def _report_unusable(self, member: Field) -> None:
        # A name that XML does not take is another mistake, which lint reports.
        if not _has_wire_name(member) or member.span in self._reported:
            self._reported.add(member.span)
            return
        if member.python_name:
            reason = naming.reserved_reason(member.python_name)
            sentence = f"`{member.python_name}` cannot be the Python name of `{member.name}`: {reason}"
        else:
            sentence = f"no Python name can be derived from `{member.name}`"
        suggested = naming.suggest(member.stem, "value", self._suited(member))
        self._note(member, suggested)
        self.report.error(
            "python-name-invalid",
            member.span,
            sentence,
            hint=f"give the member a name of your own: `name: {suggested}`",
        )

    def _report_taken(self, member: Field, name: str) -> None:
        suggested = naming.suggest(name, "value", self._suited(member))
        self._note(member, suggested)
        self.report.error(
            "python-name-collision",
            member.span,
            f"`{member.name}` would be `{name}` in Python, which every answer has already",
            hint=f"give the member another name: `name: {suggested}`",
        )

    def _report_collision(self, member: Field, name: str, other: Field) -> None:
        suggested = naming.suggest_number(name, self._suited(member))
        self._note(member, suggested)
        self.report.error(
            "python-name-collision",
            member.span,
            f"`{member.name}` and `{other.name}` would both be `{name}` in Python",
            hint=f"give one of them another name: `name: {suggested}`, or better a word that tells them apart",
            related=[Related(other.span, f"`{other.name}`")],
        )

    def _report(
        self, span: Span, sentence: str, hint: str, first: Span | None, *, reserved: str
    ) -> None:
        is_collision = first is not None or reserved in naming.RESERVED_CLASSES
        self.report.error(
            "python-name-collision" if is_collision else "python-name-invalid",
            span,
            sentence,
            hint=hint,
            related=[] if first is None else [Related(first, "the other one")],
        )


def _has_wire_name(member: Field) -> bool:
    """Whether XML takes the name of a member, where it has one."""
    match member.form:
        case Form.ELEMENT:
            return is_wire_name(member.name)
        case Form.ATTRIBUTE:
            return is_attribute_name(member.name)
        case Form.TEXT:
            return True
        case _:
            assert_never(member.form)


def _key(text: str) -> str:
    """Return a text as the key of a mapping in YAML."""
    is_plain = text.replace(" ", "").replace("-", "").isalnum() and text[0].isalnum()
    return text if is_plain else json.dumps(text, ensure_ascii=False)


def shown_fields(structure: Structure) -> tuple[Field, ...]:
    """Return the members that stand in documents, constants among them."""
    return tuple(
        member
        for member in structure.fields
        if member.presence is not Presence.PROHIBITED
        and member.presence is not Presence.IGNORED
    )


def usable_fields(structure: Structure) -> tuple[Field, ...]:
    """Return the members that Python code can set or read."""
    return tuple(each for each in shown_fields(structure) if each.constant is None)


def may_be_none(member: Field) -> bool:
    """Whether a member may have no value; a list without a wrapper is empty instead."""
    return member.presence is not Presence.REQUIRED and not is_bare_list(member.type)


def may_be_nil(member: Field) -> bool:
    """Whether a member may be marked as nil, and is told from an absent one then."""
    return member.states.nil is WhenNil.KEPT


def local_name(stem: str) -> Identifier:
    """Return the name of a parameter or variable that hides nothing its function needs."""
    name = naming.attribute_name(stem, "") or Identifier("structure")
    is_taken = name in _LOCAL_NAMES or name.startswith(_LOCAL_STARTS)
    return Identifier(f"{name}_") if is_taken or hasattr(builtins, name) else name
