"""Names of one module, with a report when no good one can be found or two are the same."""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

from soapstone import naming
from soapstone.diagnostics import Related, Report, Span
from soapstone.model import (
    Enumeration,
    EnumerationValue,
    Field,
    Presence,
    Structure,
    WhenNil,
)
from soapstone.naming import Identifier
from soapstone.samples.validation import is_bare_list

_UNUSABLE = Identifier("unusable_name")

# Names that the functions of a generated module use for themselves.
_LOCAL_NAMES = frozenset(
    {
        "auth",
        "checks",
        "errors",
        "found",
        "envelope",
        "members",
        "position",
        "prefix",
        "reading",
        "request",
        "validate",
        "writing",
        "xml",
    }
)


@dataclass(slots=True)
class Names:
    """Hands out names, and remembers where each class of a module comes from."""

    report: Report
    classes: dict[Identifier, Span] = field(default_factory=dict[Identifier, Span])

    def class_name(self, wire_names: tuple[str, ...], span: Span) -> Identifier:
        """Return the name of the class for a path of wire names, which no other may have."""
        name = naming.class_name(*wire_names)
        if name is None:
            self.report.error(
                "python-name-invalid",
                span,
                f"no class can be named after `{'/'.join(wire_names)}`",
                hint="share the structure under a name of its own in `types` of service.yaml",
            )
            return _UNUSABLE
        first = self.classes.setdefault(name, span)
        if first != span:
            self.report.error(
                "python-name-collision",
                span,
                f"two structures would both be the class `{name}`",
                hint="share one of them under another name in `types` of service.yaml",
                related=[Related(first, "the other one")],
            )
        return name

    def attributes(
        self, structure: Structure, taken: Iterable[str] = ()
    ) -> dict[str, Identifier]:
        """Return the Python names of a structure's members by their wire names."""
        owners: dict[str, Field] = {}
        found: dict[str, Identifier] = {}
        for member in usable_fields(structure):
            name = self._attribute(member)
            found[member.name] = name
            if name == _UNUSABLE:
                continue
            if name in taken:
                self._report_taken(member, name)
            elif name in owners and member.name != owners[name].name:
                self._report_collision(member, name, owners[name])
            owners.setdefault(name, member)
        return found

    def enumeration(self, enumeration: Enumeration) -> dict[str, Identifier]:
        """Return the names of an enumeration's members by their texts."""
        owners: dict[Identifier, EnumerationValue] = {}
        found: dict[str, Identifier] = {}
        for value in enumeration.values:
            name = naming.constant_name(value.text, value.python_name)
            if name is None:
                self._report_unnamed(value)
                continue
            if name in owners and owners[name].text != value.text:
                self._report_same_name(value, name, owners[name])
            owners.setdefault(name, value)
            found[value.text] = name
        return found

    def _report_unnamed(self, value: EnumerationValue) -> None:
        shown = value.python_name or value.text
        self.report.error(
            "python-name-invalid",
            value.span,
            (
                f"`{shown}` cannot be the name of a member of an enumeration"
                if value.python_name
                else f"no name for Python can be derived from the value `{shown}`"
            ),
            hint="say what the value is called: `{name: NOT_SPECIFIED, doc: ...}`, in capitals",
        )

    def _report_same_name(
        self, value: EnumerationValue, name: str, other: EnumerationValue
    ) -> None:
        self.report.error(
            "python-name-collision",
            value.span,
            f"`{value.text}` and `{other.text}` would both be `{name}` in Python",
            hint=f"give one of them another name: `{{name: {name}_2, doc: ...}}`",
            related=[Related(other.span, f"`{other.text}`")],
        )

    def _attribute(self, member: Field) -> Identifier:
        name = naming.attribute_name(member.name, member.python_name)
        if name is not None:
            return name
        if member.python_name:
            reason = naming.reserved_reason(member.python_name)
            sentence = f"`{member.python_name}` cannot be the Python name of `{member.name}`: {reason}"
        else:
            sentence = f"no Python name can be derived from `{member.name}`"
        self.report.error(
            "python-name-invalid",
            member.span,
            sentence,
            hint="give the member a name of your own: `name: some_name`",
        )
        return _UNUSABLE

    def _report_taken(self, member: Field, name: str) -> None:
        self.report.error(
            "python-name-collision",
            member.span,
            f"`{member.name}` would be `{name}` in Python, which every answer has already",
            hint=f"give the member another name: `name: {name}_value`",
        )

    def _report_collision(self, member: Field, name: str, other: Field) -> None:
        self.report.error(
            "python-name-collision",
            member.span,
            f"`{member.name}` and `{other.name}` would both be `{name}` in Python",
            hint=f"give one of them another name: `name: {name}_2`, or better a word that tells them apart",
            related=[Related(other.span, f"`{other.name}`")],
        )


def shown_fields(structure: Structure) -> tuple[Field, ...]:
    """Return the members that stand in documents, constants among them."""
    hidden = {Presence.PROHIBITED, Presence.IGNORED}
    return tuple(member for member in structure.fields if member.presence not in hidden)


def usable_fields(structure: Structure) -> tuple[Field, ...]:
    """Return the members that Python code can set or read."""
    return tuple(each for each in shown_fields(structure) if each.constant is None)


def may_be_none(member: Field) -> bool:
    """Whether a member may have no value; a list without a wrapper is empty instead."""
    return member.presence is not Presence.REQUIRED and not is_bare_list(member.type)


def may_be_nil(member: Field) -> bool:
    """Whether a member may be marked as nil, and is told from an absent one then."""
    return member.states.nil is WhenNil.KEPT


def subject_name(wire_name: str) -> Identifier:
    """Return the name of a function's parameter that holds a structure."""
    name = naming.attribute_name(wire_name, "") or Identifier("structure")
    is_taken = name in _LOCAL_NAMES or hasattr(builtins, name)
    return Identifier(f"{name}_") if is_taken else name
