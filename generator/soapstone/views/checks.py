"""Functions that check values."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.model import Atom
from soapstone.naming import NO_CODE, Code, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentView:
    """A keyword argument with a literal value, or with a module's constant."""

    name: Identifier
    value: Atom | tuple[Atom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintView:
    """A call of one check of the runtime."""

    function: Identifier
    positional: tuple[Atom | tuple[Atom, ...], ...] = ()
    constant: Identifier | None = None
    keywords: tuple[ArgumentView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """The checks of one value.

    Attributes:
        path: Expression for its place in a violation.
        inner: Expression for the place that its members' names are added to.
        function: Check of its type in the runtime.
        guard: Condition under which there is anything to check; empty where there always is.
        classes: The classes of which one is expected, for a structure or an enumeration.
        validators: Functions that check the members of a structure, one for each class; None
            where there is nothing to check.
        items: The checks of a list's items.
    """

    value: Code
    path: Code
    inner: Code
    function: Identifier
    guard: Code
    classes: tuple[Identifier, ...] = ()
    constraints: tuple[ConstraintView, ...] = ()
    validators: tuple[Identifier | None, ...] = ()
    items: ItemChecksView | None = None

    @property
    def has_body(self) -> bool:
        """Whether anything is checked once the type is right."""
        return bool(self.constraints or any(self.validators)) or self.items is not None

    @property
    def branches(self) -> tuple[BranchView, ...]:
        """The function that checks each class, under the condition that tells it from the rest."""
        return branches(self.value, self.classes, self.validators)


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchView:
    """One of the classes that a value may have, and the function for it.

    Attributes:
        condition: What stands before its line; empty where there are no other classes.
    """

    condition: Code
    function: Identifier


def branches(
    value: Code,
    classes: tuple[Identifier, ...],
    functions: tuple[Identifier | None, ...],
) -> tuple[BranchView, ...]:
    """Return a branch for each class that has a function; the last class needs no test."""
    if len(functions) == 1 and functions[0] is not None:
        return (BranchView(condition=NO_CODE, function=functions[0]),)
    found: list[BranchView] = []
    for class_name, function in zip(classes, functions, strict=True):
        word = "elif" if found else "if"
        is_last = len(found) == len(functions) - 1
        condition = "else" if is_last else f"{word} isinstance({value}, {class_name})"
        if function is not None:
            found.append(BranchView(condition=Code(condition), function=function))
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChecksView:
    """The checks of each item of a list."""

    position: Identifier
    item: Identifier
    check: CheckView


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMemberView:
    """A member that a rule between fields names, with the expression for its value.

    Attributes:
        values: Those of the chooser that choose the member, where there is one.
    """

    name: Identifier
    value: Code
    values: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionView:
    """What must hold for a rule: a test of a value, or several conditions that a word connects.

    Attributes:
        function: Test of the runtime; None where the value must only be there.
        word: `and`, `or` or `not` between or before the conditions; empty for a test.
    """

    value: Code = NO_CODE
    function: Identifier | None = None
    values: tuple[Atom, ...] = ()
    word: Code = NO_CODE
    conditions: tuple[ConditionView, ...] = ()

    @property
    def is_negation(self) -> bool:
        """Whether it holds when the condition in it does not."""
        return self.word == "not"

    @property
    def is_group(self) -> bool:
        """Whether it stands in brackets inside another one."""
        return len(self.conditions) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleView:
    """A rule between fields, as a call of one check of the runtime."""

    function: Identifier
    path: Code
    members: tuple[RuleMemberView, ...]
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleGroupView:
    """Rules that apply together, always or under a condition."""

    rules: tuple[RuleView, ...]
    condition: ConditionView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidatorView:
    """A function that checks the members of a structure."""

    name: Identifier
    subject: Identifier
    class_name: Identifier
    checks: tuple[CheckView, ...]
    rules: tuple[RuleGroupView, ...]

    @property
    def has_body(self) -> bool:
        """Whether there is anything to check about the members."""
        return bool(self.checks or self.rules)

    @property
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")
