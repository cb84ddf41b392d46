"""Structures: their classes, and the functions that check, write and read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from soapstone import naming
from soapstone.diagnostics import Span
from soapstone.model import (
    Allowed,
    AtomConstraint,
    AtomType,
    Count,
    Field,
    InlineType,
    Length,
    ListConstraint,
    ListType,
    Maximum,
    Minimum,
    Pattern,
    Presence,
    Primitive,
    Rule,
    Service,
    SharedType,
    Structure,
    Type,
    Unique,
)
from soapstone.naming import Code, Identifier, expression
from soapstone.plan import text
from soapstone.plan.names import Names, subject_name, usable_fields
from soapstone.samples.validation import is_bare_list
from soapstone.views import (
    ArgumentView,
    AttributeView,
    CheckView,
    ClassView,
    ConstantView,
    ConstraintView,
    Docstring,
    ItemChecksView,
    ItemWritesView,
    ListAttributeView,
    ReaderView,
    ReadView,
    RuleMemberView,
    RuleView,
    ValidatorView,
    WriterView,
    WriteView,
)

_ANNOTATIONS = {
    Primitive.STRING: Code("str"),
    Primitive.BOOLEAN: Code("bool"),
    Primitive.INT: Code("int"),
    Primitive.LONG: Code("int"),
    Primitive.DECIMAL: Code("Decimal"),
    Primitive.DOUBLE: Code("float"),
    Primitive.DATE: Code("datetime.date"),
    Primitive.DATE_TIME: Code("datetime.datetime"),
    Primitive.BASE64: Code("bytes"),
}

# One stem for each primitive names its check, its writer and its reader in the runtime.
FUNCTIONS = {
    Primitive.STRING: Identifier("text"),
    Primitive.BOOLEAN: Identifier("boolean"),
    Primitive.INT: Identifier("integer"),
    Primitive.LONG: Identifier("long"),
    Primitive.DECIMAL: Identifier("decimal"),
    Primitive.DOUBLE: Identifier("double"),
    Primitive.DATE: Identifier("date"),
    Primitive.DATE_TIME: Identifier("date_time"),
    Primitive.BASE64: Identifier("binary"),
}
# A written number does not show how many bits it may have.
_WRITERS = FUNCTIONS | {Primitive.LONG: Identifier("integer")}


@dataclass(slots=True, kw_only=True)
class Parts:
    """What the structures of one module need, nested ones first."""

    classes: list[ClassView] = field(default_factory=list[ClassView])
    validators: list[ValidatorView] = field(default_factory=list[ValidatorView])
    writers: list[WriterView] = field(default_factory=list[WriterView])
    readers: list[ReaderView] = field(default_factory=list[ReaderView])
    patterns: list[ConstantView] = field(default_factory=list[ConstantView])
    shared: set[Identifier] = field(default_factory=set[Identifier])


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A structure's class with the names of its members, and the functions around it."""

    class_name: Identifier
    attributes: dict[str, Identifier]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a structure stands.

    Attributes:
        names: Wire names that its class is named after.
        functions: Wire names that its functions are named after.
    """

    names: tuple[str, ...]
    functions: tuple[str, ...]

    def inside(self, wire_name: str) -> Place:
        """Return the place of a member."""
        return Place(
            names=(*self.names, wire_name), functions=(*self.functions, wire_name)
        )


@dataclass(slots=True, kw_only=True)
class StructurePlanner:
    """Plans the structures of one module and of one direction.

    Attributes:
        writes: Whether Python code makes them: then they are checked and written.
        reads: Whether answers hold them: then they are read.
        is_shared: Whether other modules import the functions.
    """

    service: Service
    names: Names
    parts: Parts
    writes: bool
    reads: bool
    is_shared: bool = False
    _items: dict[tuple[str, ...], Identifier] = field(
        default_factory=dict[tuple[str, ...], Identifier], init=False
    )

    def structure(
        self,
        structure: Structure,
        place: Place,
        doc: text.StructureText,
        *,
        is_positional: bool = False,
    ) -> Planned:
        """Plan a structure with all that is inline in it."""
        class_name = self.names.class_name(place.names, structure.span)
        attributes = self.names.attributes(structure)
        self._add_class(
            structure,
            class_name,
            attributes,
            place,
            doc.docstring(attributes),
            is_positional,
        )
        subject = subject_name(place.functions[-1])
        if self.writes:
            self.parts.validators.append(
                self.validator(structure, class_name, attributes, place, subject)
            )
            self.parts.writers.append(
                self.writer(structure, class_name, attributes, place, subject)
            )
        if self.reads:
            self.parts.readers.append(
                ReaderView(
                    name=self._function("read", place),
                    annotation=class_name,
                    class_name=class_name,
                    reads=self.read_members(structure, attributes, place),
                )
            )
        return Planned(class_name=class_name, attributes=attributes)

    def _add_class(
        self,
        structure: Structure,
        class_name: Identifier,
        attributes: dict[str, Identifier],
        place: Place,
        doc: Docstring,
        is_positional: bool,  # noqa: FBT001 -- private, and passed on from a keyword
    ) -> None:
        views = self.class_attributes(structure, attributes, place)
        if is_positional:
            views = tuple(sorted(views, key=lambda view: view.default is not None))
        self.parts.classes.append(
            ClassView(
                name=class_name,
                doc=doc,
                attributes=views,
                lists=self.list_attributes(structure, attributes),
                is_positional=is_positional,
            )
        )

    def class_attributes(
        self,
        structure: Structure,
        attributes: dict[str, Identifier],
        place: Place,
        *,
        always_optional: frozenset[str] = frozenset(),
    ) -> tuple[AttributeView, ...]:
        """Plan the members of a class, and whatever is inline in them."""
        return tuple(
            self._attribute(
                member, attributes[member.name], place, member.name in always_optional
            )
            for member in usable_fields(structure)
        )

    def list_attributes(
        self, structure: Structure, attributes: dict[str, Identifier]
    ) -> tuple[ListAttributeView, ...]:
        """Return the members that callers may give as any iterable."""
        if not self.writes:
            return ()
        return tuple(
            ListAttributeView(name=attributes[member.name], depth=_depth(member.type))
            for member in usable_fields(structure)
            if isinstance(member.type, ListType)
        )

    def _attribute(
        self,
        member: Field,
        name: Identifier,
        place: Place,
        always_optional: bool,  # noqa: FBT001 -- private, and passed on by position in one place
    ) -> AttributeView:
        annotation = self._annotation(member.type, place.inside(member.name), member)
        is_optional = always_optional or member.presence is not Presence.REQUIRED
        if not is_optional:
            default = None
        elif is_bare_list(member.type):
            default = Code("()")
        else:
            annotation, default = expression(f"{annotation} | None"), Code("None")
        return AttributeView(
            name=name,
            annotation=annotation,
            default=default,
            is_secret=member.is_secret,
        )

    def outcome_attribute(self, member: Field) -> AttributeView:
        """Plan a member that tells how an operation went, as other modules see it."""
        name = self.names.attributes(Structure(fields=(member,), span=member.span))[
            member.name
        ]
        return self._attribute(member, name, Place(names=(), functions=()), False)

    def _annotation(self, kind: Type, place: Place, member: Field) -> Code:
        """Return the type expression of a member, planning what is inline in it."""
        match kind:
            case AtomType(primitive=primitive):
                return _ANNOTATIONS[primitive]
            case SharedType(name=name):
                return self._shared_class(name)
            case InlineType(structure=structure):
                return self._inline_class(structure, place, member.doc)
            case ListType(item=item, of=of):
                inner = place if item is None else place.inside(item)
                item_type = self._annotation(of, inner, member)
                if self.writes:
                    return expression(f"Sequence[{item_type}]")
                return expression(f"tuple[{item_type}, ...]")
            case _:
                assert_never(kind)

    def _inline_class(self, structure: Structure, place: Place, doc: str) -> Identifier:
        class_name = self.names.class_name(place.names, structure.span)
        # The items of a list in a list are met twice: in the class and in their reader.
        if class_name not in {view.name for view in self.parts.classes}:
            self.structure(
                structure,
                place,
                text.structure_docstring(structure, doc, place.names[-1]),
            )
        return class_name

    def _shared_class(self, name: str) -> Identifier:
        found = shared_class(name)
        self.parts.shared.add(found)
        return found

    def _function(self, verb: str, place: Place) -> Identifier:
        subject = "_".join(naming.snake_case(name) for name in place.functions)
        return Identifier(f"{'' if self.is_shared else '_'}{verb}_{subject}")

    def _shared_function(self, verb: str, name: str) -> Identifier:
        function = Identifier(f"{verb}_{naming.snake_case(name)}")
        self.parts.shared.add(function)
        return function

    # Checks

    def validator(
        self,
        structure: Structure,
        class_name: Identifier,
        attributes: dict[str, Identifier],
        place: Place,
        subject: Identifier,
    ) -> ValidatorView:
        """Plan the function that checks the members of a nested structure."""
        return ValidatorView(
            name=self._function("validate", place),
            subject=subject,
            class_name=class_name,
            checks=self.check_members(
                structure, attributes, place, subject, is_nested=True
            ),
            rules=tuple(
                self._rule(rule, attributes, subject, is_nested=True)
                for rule in structure.rules
            ),
        )

    def check_members(
        self,
        structure: Structure,
        attributes: dict[str, Identifier],
        place: Place,
        subject: Identifier,
        *,
        is_nested: bool,
    ) -> tuple[CheckView, ...]:
        """Plan the checks of each member, in documented order."""
        self._name_items(structure, place, subject)
        return tuple(
            self._check(
                member.type,
                _PathCode.of_member(attributes[member.name], is_nested=is_nested),
                expression(f"{subject}.{attributes[member.name]}"),
                place.inside(member.name),
                is_optional=_may_be_none(member),
            )
            for member in usable_fields(structure)
        )

    def _name_items(
        self, structure: Structure, place: Place, subject: Identifier
    ) -> None:
        """Choose a variable for the items of each list of a structure, none for two lists."""
        taken = {subject}
        for member in usable_fields(structure):
            kind, inner = member.type, place.inside(member.name)
            while isinstance(kind, ListType):
                name = subject_name(kind.item or inner.functions[-1])
                while name in taken:
                    name = Identifier(f"{name}_")
                taken.add(name)
                self._items[inner.functions] = name
                if kind.item is not None:
                    inner = inner.inside(kind.item)
                kind = kind.of

    def rules(
        self,
        structure: Structure,
        attributes: dict[str, Identifier],
        subject: Identifier,
    ) -> tuple[RuleView, ...]:
        """Plan the rules between the members of a request."""
        return tuple(
            self._rule(rule, attributes, subject, is_nested=False)
            for rule in structure.rules
        )

    def _rule(
        self,
        rule: Rule,
        attributes: dict[str, Identifier],
        subject: Identifier,
        *,
        is_nested: bool,
    ) -> RuleView:
        names = [
            attributes[member.name]
            for member in rule.members
            if member.name in attributes
        ]
        return RuleView(
            function=Identifier(rule.kind.value),
            path=Code("prefix") if is_nested else Code('""'),
            members=tuple(
                RuleMemberView(name=name, value=expression(f"{subject}.{name}"))
                for name in names
            ),
            message=rule.message,
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
        match kind:
            case AtomType(primitive=primitive, constraints=constraints):
                return CheckView(
                    value=value,
                    path=path.whole(),
                    inner=path.inner(),
                    function=FUNCTIONS[primitive],
                    is_optional=is_optional,
                    constraints=tuple(
                        self._atom_constraint(each, primitive, place)
                        for each in constraints
                    ),
                )
            case ListType():
                return self._check_list(
                    kind, path, value, place, is_optional=is_optional
                )
            case SharedType(name=name):
                class_name = self._shared_class(name)
                validator = self._shared_function("validate", name)
            case InlineType():
                class_name = self.names.class_name(place.names, _span_of(kind))
                validator = self._function("validate", place)
            case _:
                assert_never(kind)
        return CheckView(
            value=value,
            path=path.whole(),
            inner=path.inner(),
            function=Identifier("structure"),
            is_optional=is_optional,
            class_name=class_name,
            validator=validator,
        )

    def _check_list(
        self,
        kind: ListType,
        path: _PathCode,
        value: Code,
        place: Place,
        *,
        is_optional: bool,
    ) -> CheckView:
        depth = "" if path.depth == 0 else f"_{path.depth + 1}"
        position = Identifier(f"position{depth}")
        item = self._items[place.functions]
        inner = place if kind.item is None else place.inside(kind.item)
        return CheckView(
            value=value,
            path=path.whole(),
            inner=path.inner(),
            function=Identifier("items"),
            is_optional=is_optional,
            constraints=tuple(_list_constraint(each) for each in kind.constraints),
            items=ItemChecksView(
                position=position,
                item=item,
                check=self._check(
                    kind.of,
                    path.item(position),
                    item,
                    inner,
                    is_optional=False,
                ),
            ),
        )

    def _atom_constraint(
        self, constraint: AtomConstraint, primitive: Primitive, place: Place
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
        words = (naming.snake_case(name).upper() for name in place.functions)
        name = Identifier(f"_{'_'.join(words)}")
        view = ConstantView(name=name, expression=pattern)
        if view not in self.parts.patterns:
            self.parts.patterns.append(view)
        return name

    # Writing

    def writer(
        self,
        structure: Structure,
        class_name: Identifier,
        attributes: dict[str, Identifier],
        place: Place,
        subject: Identifier,
    ) -> WriterView:
        """Plan the function that writes the members of a nested structure."""
        return WriterView(
            name=self._function("write", place),
            subject=subject,
            class_name=class_name,
            writes=self.write_members(structure, attributes, place, subject),
        )

    def write_members(
        self,
        structure: Structure,
        attributes: dict[str, Identifier],
        place: Place,
        subject: Identifier,
    ) -> tuple[WriteView, ...]:
        """Plan how each member is written, in wire order."""
        self._name_items(structure, place, subject)
        return tuple(
            self._write(
                member.type,
                member.name,
                expression(f"{subject}.{attributes[member.name]}"),
                place.inside(member.name),
                is_optional=_may_be_none(member),
            )
            for member in usable_fields(structure)
        )

    def _write(
        self,
        kind: Type,
        tag: str,
        value: Code,
        place: Place,
        *,
        is_optional: bool,
    ) -> WriteView:
        view = WriteView(
            value=value,
            is_optional=is_optional,
            opening=f"<{tag}>",
            closing=f"</{tag}>",
        )
        match kind:
            case AtomType(primitive=primitive):
                return _with(view, function=_WRITERS[primitive])
            case SharedType(name=name):
                return _with(view, writer=self._shared_function("write", name))
            case InlineType():
                return _with(view, writer=self._function("write", place))
            case ListType(item=item, of=of):
                variable = self._items[place.functions]
                inner = place if item is None else place.inside(item)
                items = ItemWritesView(
                    item=variable,
                    write=self._write(
                        of,
                        item or tag,
                        variable,
                        inner,
                        is_optional=False,
                    ),
                )
                if item is None:
                    return WriteView(
                        value=value,
                        is_optional=is_optional,
                        opening="",
                        closing="",
                        items=items,
                    )
                return _with(view, items=items)
            case _:
                assert_never(kind)

    # Reading

    def read_members(
        self,
        structure: Structure,
        attributes: dict[str, Identifier],
        place: Place,
        *,
        always_optional: frozenset[str] = frozenset(),
    ) -> tuple[ReadView, ...]:
        """Plan how each member is read."""
        return tuple(
            self._read(
                member,
                attributes[member.name],
                place.inside(member.name),
                is_required=member.presence is Presence.REQUIRED
                and member.name not in always_optional,
            )
            for member in usable_fields(structure)
        )

    def _read(
        self, member: Field, attribute: Identifier, place: Place, *, is_required: bool
    ) -> ReadView:
        kind = member.type
        if isinstance(kind, ListType):
            inner = place if kind.item is None else place.inside(kind.item)
            is_value, reader = self._reader(kind.of, inner)
            noun = "values" if is_value else "structures"
            wire_names = (
                [member.name] if kind.item is None else [member.name, kind.item]
            )
            is_repeated = kind.item is None
        else:
            is_value, reader = self._reader(kind, place)
            noun = "value" if is_value else "structure"
            wire_names, is_repeated = [member.name], False
        method = f"repeated_{noun}" if is_repeated else noun
        if is_required and not is_repeated:
            method = f"required_{noun}"
        return ReadView(
            attribute=attribute,
            method=Identifier(method),
            wire_names=tuple(wire_names),
            reader=reader,
        )

    def _reader(self, kind: Type, place: Place) -> tuple[bool, Code]:
        """Return whether a type is text on the wire, and the function that reads it."""
        match kind:
            case AtomType(primitive=primitive):
                return True, expression(f"reading.{FUNCTIONS[primitive]}")
            case SharedType(name=name):
                return False, self._shared_function("read", name)
            case InlineType():
                return False, self._function("read", place)
            case ListType():
                return False, self._list_reader(kind, place)
            case _:
                assert_never(kind)

    def _list_reader(self, kind: ListType, place: Place) -> Identifier:
        """Plan the function that reads an item which is itself a list."""
        name = self._function("read", place)
        tag = kind.item or place.names[-1]
        inner = place.inside(tag)
        is_value, reader = self._reader(kind.of, inner)
        noun = "repeated_values" if is_value else "repeated_structures"
        annotation = self._annotation(
            kind, place, Field(name=tag, type=kind, span=kind.span)
        )
        view = ReaderView(
            name=name,
            annotation=annotation,
            class_name=None,
            reads=(
                ReadView(
                    attribute=name,
                    method=Identifier(noun),
                    wire_names=(tag,),
                    reader=reader,
                ),
            ),
        )
        self.parts.readers.append(view)
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class _PathCode:
    """Builds the expression for a value's place in a violation.

    Attributes:
        text: The place, with list positions in braces.
        is_nested: Whether the function got a prefix to put before it.
        depth: How many list positions it has.
    """

    text: str
    is_nested: bool
    depth: int = 0

    @staticmethod
    def of_member(name: Identifier, *, is_nested: bool) -> _PathCode:
        return _PathCode(text=str(name), is_nested=is_nested)

    def item(self, position: Identifier) -> _PathCode:
        return _PathCode(
            text=f"{self.text}[{{{position}}}]",
            is_nested=self.is_nested,
            depth=self.depth + 1,
        )

    def whole(self) -> Code:
        return self._code(self.text)

    def inner(self) -> Code:
        return self._code(f"{self.text}.")

    def _code(self, text: str) -> Code:
        if self.depth:
            return expression(
                f'f"{{prefix}}{text}"' if self.is_nested else f'f"{text}"'
            )
        return expression(f'prefix + "{text}"' if self.is_nested else f'"{text}"')


def _depth(kind: Type) -> int:
    return 1 + _depth(kind.of) if isinstance(kind, ListType) else 0


def _may_be_none(member: Field) -> bool:
    return member.presence is not Presence.REQUIRED and not is_bare_list(member.type)


def shared_class(name: str) -> Identifier:
    """Return the class of a shared structure; its name was approved when it was planned."""
    return naming.class_name(name) or Identifier("unusable_name")


def _span_of(kind: InlineType) -> Span:
    return kind.structure.span


def _with(
    view: WriteView,
    *,
    function: Identifier | None = None,
    writer: Identifier | None = None,
    items: ItemWritesView | None = None,
) -> WriteView:
    return WriteView(
        value=view.value,
        is_optional=view.is_optional,
        opening=view.opening,
        closing=view.closing,
        function=function,
        writer=writer,
        items=items,
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
    return (ArgumentView(name=Identifier("message"), value=message),) if message else ()


def uses(kind: Type, primitive: Primitive) -> bool:
    """Whether a type is, or lists, a primitive."""
    match kind:
        case AtomType(primitive=own):
            return own is primitive
        case ListType(of=of):
            return uses(of, primitive)
        case _:
            return False
