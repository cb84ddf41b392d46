"""How the values of a structure are checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from soapstone.model import (
    Allowed,
    AtomConstraint,
    AtomType,
    Count,
    InlineType,
    Length,
    ListConstraint,
    ListType,
    Maximum,
    Minimum,
    Pattern,
    Rule,
    SharedType,
    Type,
    Unique,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan.module import FUNCTIONS, Module, NamedStructure, item_names
from soapstone.plan.names import Place, may_be_none, usable_fields
from soapstone.views import (
    ArgumentView,
    CheckView,
    ConstantView,
    ConstraintView,
    ItemChecksView,
    RuleMemberView,
    RuleView,
    ValidatorView,
)


def plan_validator(module: Module, named: NamedStructure) -> ValidatorView:
    """Plan the function that checks a structure: its members in order, then its rules."""
    function = Identifier("validate")
    return ValidatorView(
        name=function if named.is_root else module.function("validate", named.place),
        subject=named.subject,
        class_name=named.class_name,
        checks=_Planner(module, named).members(),
        rules=tuple(_rule(rule, named) for rule in named.structure.rules),
    )


class _Planner:
    """Plans the checks of one structure's members."""

    def __init__(self, module: Module, named: NamedStructure) -> None:
        self._module = module
        self._named = named
        self._items = item_names(named)

    def members(self) -> tuple[CheckView, ...]:
        named = self._named
        return tuple(
            self._check(
                member.type,
                _PathCode(
                    text=str(named.attributes[member.name]), is_root=named.is_root
                ),
                expression(f"{named.subject}.{named.attributes[member.name]}"),
                named.place.inside(member),
                is_optional=may_be_none(member),
            )
            for member in usable_fields(named.structure)
        )

    def _check(
        self,
        kind: Type,
        path: _PathCode,
        value: Code,
        place: Place,
        *,
        is_optional: bool,
    ) -> CheckView:
        class_name = validator = items = None
        constraints: tuple[ConstraintView, ...] = ()
        match kind:
            case AtomType(primitive=primitive):
                function = FUNCTIONS[primitive]
                constraints = tuple(
                    self._atom_constraint(each, place) for each in kind.constraints
                )
            case ListType():
                function = Identifier("items")
                constraints = tuple(map(_list_constraint, kind.constraints))
                items = self._items_of(kind, path, place)
            case SharedType(name=name):
                function = Identifier("structure")
                class_name = self._module.shared_class(name)
                validator = self._module.shared_function("validate", name)
            case InlineType(structure=structure):
                function = Identifier("structure")
                class_name = self._module.names.class_name(place, structure.span)
                validator = self._module.function("validate", place)
            case _:
                assert_never(kind)
        return CheckView(
            value=value,
            path=path.whole(),
            inner=path.inner(),
            function=function,
            is_optional=is_optional,
            class_name=class_name,
            constraints=constraints,
            validator=validator,
            items=items,
        )

    def _items_of(
        self, kind: ListType, path: _PathCode, place: Place
    ) -> ItemChecksView:
        depth = "" if path.depth == 0 else f"_{path.depth + 1}"
        position = Identifier(f"position{depth}")
        item = self._items[place.functions]
        return ItemChecksView(
            position=position,
            item=item,
            check=self._check(
                kind.of,
                path.item(position),
                item,
                place.item(kind.item),
                is_optional=False,
            ),
        )

    def _atom_constraint(
        self, constraint: AtomConstraint, place: Place
    ) -> ConstraintView:
        message = _message(constraint.message)
        match constraint:
            case Length(minimum=minimum, maximum=maximum):
                return ConstraintView(
                    function=Identifier("length"),
                    keywords=(*_limits(minimum, maximum), *message),
                )
            case Pattern(expression=pattern):
                return ConstraintView(
                    function=Identifier("pattern"),
                    constant=self._pattern(pattern, place),
                    keywords=message,
                )
            case Minimum(limit=limit):
                return ConstraintView(
                    function=Identifier("minimum"),
                    positional=(limit,),
                    keywords=message,
                )
            case Maximum(limit=limit):
                return ConstraintView(
                    function=Identifier("maximum"),
                    positional=(limit,),
                    keywords=message,
                )
            case Allowed(values=values):
                return ConstraintView(
                    function=Identifier("allowed"),
                    positional=(values,),
                    keywords=message,
                )
            case _:
                assert_never(constraint)

    def _pattern(self, pattern: str, place: Place) -> Identifier:
        view = ConstantView(name=self._module.constant(place), expression=pattern)
        if (
            view not in self._module.parts.patterns
        ):  # pragma: no branch -- a class is planned once, its validator too
            self._module.parts.patterns.append(view)
        return view.name


@dataclass(frozen=True, slots=True, kw_only=True)
class _PathCode:
    """Builds the expression for a value's place in a violation.

    Attributes:
        text: The place, with list positions in braces.
        is_root: Whether there is no prefix to put before it.
        depth: How many list positions it has.
    """

    text: str
    is_root: bool
    depth: int = 0

    def item(self, position: Identifier) -> _PathCode:
        return _PathCode(
            text=f"{self.text}[{{{position}}}]",
            is_root=self.is_root,
            depth=self.depth + 1,
        )

    def whole(self) -> Code:
        return self._code(self.text)

    def inner(self) -> Code:
        return self._code(f"{self.text}.")

    def _code(self, text: str) -> Code:
        if self.depth:
            return expression(f'f"{text}"' if self.is_root else f'f"{{prefix}}{text}"')
        return expression(f'"{text}"' if self.is_root else f'prefix + "{text}"')


def _rule(rule: Rule, named: NamedStructure) -> RuleView:
    names = [
        named.attributes[member.name]
        for member in rule.members
        if member.name in named.attributes
    ]
    return RuleView(
        function=Identifier(rule.kind.value),
        path=Code('""') if named.is_root else Code("prefix"),
        members=tuple(
            RuleMemberView(name=name, value=expression(f"{named.subject}.{name}"))
            for name in names
        ),
        message=rule.message,
    )


def _list_constraint(constraint: ListConstraint) -> ConstraintView:
    message = _message(constraint.message)
    match constraint:
        case Count(minimum=minimum, maximum=maximum):
            return ConstraintView(
                function=Identifier("count"),
                keywords=(*_limits(minimum, maximum), *message),
            )
        case Unique():
            return ConstraintView(function=Identifier("unique"), keywords=message)
        case _:
            assert_never(constraint)


def _limits(minimum: int | None, maximum: int | None) -> tuple[ArgumentView, ...]:
    limits = (("minimum", minimum), ("maximum", maximum))
    return tuple(
        ArgumentView(name=Identifier(name), value=limit)
        for name, limit in limits
        if limit is not None
    )


def _message(message: str) -> tuple[ArgumentView, ...]:
    name = Identifier("message")
    return (ArgumentView(name=name, value=message),) if message else ()
