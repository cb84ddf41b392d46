"""How the values of a structure are checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from soapstone.model import (
    Allowed,
    AtomConstraint,
    AtomType,
    Count,
    EnumerationType,
    Field,
    InlineType,
    Length,
    ListConstraint,
    ListType,
    Maximum,
    Minimum,
    MixedListType,
    Pattern,
    Primitive,
    SharedType,
    Structure,
    Type,
    Unique,
)
from soapstone.naming import NO_CODE, Code, Identifier, expression
from soapstone.plan.module import (
    FUNCTIONS,
    Module,
    NamedStructure,
    item_names,
    item_structure,
)
from soapstone.plan.names import Place, may_be_nil, may_be_none, usable_fields
from soapstone.plan.rules import plan_rules
from soapstone.samples.recursion import is_recursive
from soapstone.samples.validation import is_bare_list
from soapstone.views import (
    ArgumentView,
    CheckView,
    ConstantView,
    ConstraintView,
    ItemChecksView,
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
        rules=plan_rules(named),
    )


def has_checks(structure: Structure) -> bool:
    """Whether there is anything to check about the members of a structure."""
    return bool(usable_fields(structure) or structure.rules)


class _Planner:
    """Plans the checks of one structure's members."""

    def __init__(self, module: Module, named: NamedStructure) -> None:
        self._module = module
        self._named = named
        self._items = item_names(named)

    def members(self) -> tuple[CheckView, ...]:
        return tuple(map(self._member, usable_fields(self._named.structure)))

    def _member(self, member: Field) -> CheckView:
        named = self._named
        name = named.attributes[member.name]
        value = expression(f"{named.subject}.{name}")
        return self._check(
            member.type,
            _PathCode(text=str(name), is_root=named.is_root),
            value,
            named.place.inside(member),
            guard=_guard(member, value),
        )

    def _check(
        self,
        kind: Type,
        path: _PathCode,
        value: Code,
        place: Place,
        *,
        guard: Code = NO_CODE,
    ) -> CheckView:
        view = CheckView(
            value=value,
            path=path.whole(),
            inner=path.inner(),
            function=Identifier("structure"),
            guard=guard,
        )
        match kind:
            case AtomType(primitive=primitive):
                constraints = tuple(
                    self._atom_constraint(each, place) for each in kind.constraints
                )
                function = FUNCTIONS[primitive]
                return replace(view, function=function, constraints=constraints)
            case EnumerationType(enumeration=enumeration):
                if enumeration.is_open:
                    return replace(view, function=FUNCTIONS[Primitive.STRING])
                function = Identifier("enumeration")
                classes = (self._module.enumeration_class(kind, place),)
                return replace(view, function=function, classes=classes)
            case ListType() | MixedListType():
                view = replace(
                    view,
                    function=Identifier("repeated" if is_bare_list(kind) else "items"),
                    constraints=tuple(map(_list_constraint, kind.constraints)),
                )
                return self._items_of(view, kind, path, place)
            case SharedType(name=name):
                classes = (self._module.shared_class(name),)
                validators = (self._module.shared_function("validate", name),)
                function = Identifier(
                    "nested" if self._is_recursive(kind) else "structure"
                )
                return replace(
                    view, function=function, classes=classes, validators=validators
                )
            case InlineType():
                return self._structures(view, (place,), (kind.structure,))
            case _:
                assert_never(kind)

    def _is_recursive(self, kind: SharedType) -> bool:
        """Whether a structure can stand inside itself; every such circle has a shared one."""
        structure = self._module.service.structure_of(kind)
        return structure is not None and is_recursive(self._module.service, structure)

    def _structures(
        self, view: CheckView, places: Sequence[Place], structures: Sequence[Structure]
    ) -> CheckView:
        """Add the classes that may stand at a place, with the functions that check them."""
        names = self._module.names
        return replace(
            view,
            classes=tuple(
                names.class_name(place, structure.span)
                for place, structure in zip(places, structures, strict=True)
            ),
            validators=tuple(
                self._module.function("validate", place) if has_checks(inner) else None
                for place, inner in zip(places, structures, strict=True)
            ),
        )

    def _items_of(
        self,
        view: CheckView,
        kind: ListType | MixedListType,
        path: _PathCode,
        place: Place,
    ) -> CheckView:
        """Add the checks of items: of plain texts in one call, of anything else one by one."""
        depth = "" if path.depth == 0 else f"_{path.depth + 1}"
        position = Identifier(f"position{depth}")
        item = self._items[place.list_key]
        inner = path.item(position)
        if isinstance(kind, ListType):
            check = self._check(kind.of, inner, item, place.item(kind.item))
            texts = _texts(check)
            if texts is not None:
                return replace(view, constraints=(*view.constraints, texts))
        else:
            check = CheckView(
                value=item,
                path=inner.whole(),
                inner=inner.inner(),
                function=Identifier("structure"),
                guard=NO_CODE,
            )
            places = [place.inside(each) for each in kind.alternatives]
            structures = [item_structure(each) for each in kind.alternatives]
            check = self._structures(check, places, structures)
        items = ItemChecksView(position=position, item=item, check=check)
        return replace(view, items=items)

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


def _guard(member: Field, value: Code) -> Code:
    """Return the condition under which a member has a value to be checked."""
    conditions: list[str] = []
    if may_be_none(member):
        conditions.append(f"{value} is not None")
    if may_be_nil(member):
        conditions.append(f"not isinstance({value}, Nil)")
    return expression(" and ".join(conditions)) if conditions else NO_CODE


def _texts(check: CheckView) -> ConstraintView | None:
    """Return the one call that checks all items, where these are texts of some length at most."""
    if check.function != FUNCTIONS[Primitive.STRING]:
        return None
    match check.constraints:
        case ():
            return ConstraintView(function=Identifier("texts"))
        case (ConstraintView(function="length") as length,):
            return replace(length, function=Identifier("texts"))
        case _:
            return None


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
