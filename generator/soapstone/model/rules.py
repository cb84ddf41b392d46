"""What the members of one structure must be together."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias

from soapstone.diagnostics import Span
from soapstone.model.atoms import Atom
from soapstone.model.sources import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A field that a rule names."""

    name: str
    span: Span = field(compare=False, repr=False)


class RuleKind(Enum):
    """What a rule between fields demands of its members."""

    EXCLUSIVE = "exclusive"
    EXACTLY_ONE = "exactly_one"
    AT_LEAST_ONE = "at_least_one"
    REQUIRES = "requires"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRule:
    """A rule about which members are given; in `requires` the first one needs the others."""

    demand: RuleKind
    members: tuple[Member, ...]
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A member that is given exactly when another member has one of some values."""

    member: Member
    values: tuple[Atom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRule:
    """Members of which another member's value chooses."""

    chooser: Member
    blocks: tuple[Block, ...]
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)

    @property
    def members(self) -> tuple[Member, ...]:
        """Every member that the rule names."""
        return (self.chooser, *(block.member for block in self.blocks))


class Relation(Enum):
    """What a condition asks of a member's value."""

    GIVEN = "given"
    IS = "is"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A condition on one member; it does not hold for a member without a value.

    Attributes:
        values: What it is compared with: one limit, or several values of which it is one.
    """

    member: Member
    relation: Relation
    values: tuple[Atom, ...] = ()
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Conditions that hold together."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    """Conditions of which at least one holds."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """A condition that does not hold."""

    condition: Condition


Condition: TypeAlias = Comparison | AllOf | AnyOf | Not


def comparisons_in(condition: Condition) -> tuple[Comparison, ...]:
    """Return the conditions on single members, in the order in which they are written."""
    match condition:
        case Comparison():
            return (condition,)
        case AllOf(conditions=conditions) | AnyOf(conditions=conditions):
            return tuple(
                comparison for each in conditions for comparison in comparisons_in(each)
            )
        case Not(condition=inner):
            return comparisons_in(inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalRule:
    """Members that must, or must not, be given when a condition holds."""

    condition: Condition
    required: tuple[Member, ...] = ()
    prohibited: tuple[Member, ...] = ()
    message: str = ""
    source: Citation | None = None
    span: Span = field(compare=False, repr=False)

    @property
    def members(self) -> tuple[Member, ...]:
        """Every member that the rule names, each once for each time it is named."""
        compared = (each.member for each in comparisons_in(self.condition))
        return (*compared, *self.required, *self.prohibited)


Rule: TypeAlias = MemberRule | ChoiceRule | ConditionalRule
