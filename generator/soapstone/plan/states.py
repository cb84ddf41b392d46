"""What is read for each member of an answer that is absent, empty, nil or blank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from soapstone import naming
from soapstone.diagnostics import Report
from soapstone.model import (
    AtomType,
    EnumerationType,
    Field,
    Form,
    ListType,
    ListValue,
    MemberValue,
    MixedListType,
    Operation,
    Presence,
    Primitive,
    Service,
    SharedType,
    Structure,
    StructureValue,
    Type,
    Value,
    WhenEmpty,
    WhenNil,
)
from soapstone.naming import Identifier
from soapstone.plan.names import Names, usable_fields
from soapstone.plan.values import ValuePlanner
from soapstone.samples.validation import Steps, is_bare_list
from soapstone.views import StatesView, ValueView

_MALFORMED = ValueView(name=Identifier("MALFORMED"))
_IMPOSSIBLE = ValueView(name=Identifier("IMPOSSIBLE"))
_NONE = ValueView()
_NIL = ValueView(name=Identifier("NIL"))
_NO_ITEMS = ValueView(is_tuple=True)


def wire_step(member: Field) -> str:
    """Return the step of a path in a document that leads to a member."""
    match member.form:
        case Form.ELEMENT:
            return member.name
        case Form.ATTRIBUTE:
            return f"@{member.name}"
        case Form.TEXT:
            return "text()"


class StatesPlanner:
    """Plans the states of every member that a sample answer has."""

    def __init__(self, operation: Operation, service: Service) -> None:
        self._response = operation.response
        self._start = (operation.stem, "Response")
        self._service = service
        self._values = ValuePlanner(service=service)
        self._open: list[Structure] = []

    def states(self, answer: StructureValue) -> tuple[StatesView, ...]:
        """Return the states, of a recursive structure at its first level only."""
        return tuple(self._inside(self._response, answer, (), ()))

    def _inside(
        self,
        structure: Structure,
        value: StructureValue,
        wire: tuple[str, ...],
        steps: Steps,
        *,
        is_kept: bool = True,
    ) -> Iterator[StatesView]:
        """Yield the states of members; `is_kept` if the structure is still one without any."""
        if any(structure is each for each in self._open):
            return
        self._open.append(structure)
        for member in usable_fields(structure):
            given = value.get(member.name)
            if given is None:
                continue
            inner_wire = (*wire, wire_step(member))
            inner_steps = (*steps, member.name)
            if not is_bare_list(member.type):
                state = self._state(member, inner_wire, inner_steps)
                is_last = len(value.members) == 1 and not is_kept
                yield replace(state, absent=_IMPOSSIBLE) if is_last else state
            yield from self._below(
                member.type,
                given,
                inner_wire,
                inner_steps,
                is_kept=member.states.empty is WhenEmpty.VALUE,
            )
        self._open.pop()

    def _below(
        self,
        kind: Type,
        value: Value,
        wire: tuple[str, ...],
        steps: Steps,
        *,
        is_kept: bool = True,
    ) -> Iterator[StatesView]:
        match kind, value:
            case ListType(of=of, item=item), ListValue(items=[first, *_]):
                inner = wire if item is None else (*wire, item)
                yield from self._below(of, first, inner, (*steps, 0))
            case MixedListType(), ListValue(items=items):
                yield from self._first_of_each(kind, items, wire, steps)
            case _, StructureValue():
                structure = self._service.structure_of(kind)
                if (
                    structure is not None
                ):  # pragma: no branch -- the type checker asks for it
                    yield from self._inside(
                        structure, value, wire, steps, is_kept=is_kept
                    )
            case _:
                pass

    def _first_of_each(
        self,
        kind: MixedListType,
        items: tuple[Value, ...],
        wire: tuple[str, ...],
        steps: Steps,
    ) -> Iterator[StatesView]:
        seen: set[str] = set()
        for position, item in enumerate(items):
            for each in kind.alternatives:
                if (
                    isinstance(item, MemberValue)
                    and item.name == each.name
                    and each.name not in seen
                ):
                    seen.add(each.name)
                    inner = (*steps, position, each.name)
                    yield from self._below(
                        each.type, item.value, (*wire, each.name), inner
                    )

    def _state(self, member: Field, wire: tuple[str, ...], steps: Steps) -> StatesView:
        return StatesView(
            wire_path="/".join(wire),
            attribute=self._values.path(self._response, steps),
            is_secret=member.is_secret,
            absent=self._absent(member),
            empty=self._empty(member, steps, member.states.empty, ""),
            nil=self._nil(member),
            blank=self._empty(member, steps, member.states.blank, "  "),
        )

    @staticmethod
    def _absent(member: Field) -> ValueView:
        if member.form is Form.TEXT:
            return _IMPOSSIBLE
        return _MALFORMED if member.presence is Presence.REQUIRED else _NONE

    @staticmethod
    def _nil(member: Field) -> ValueView:
        if member.form is not Form.ELEMENT:
            return _IMPOSSIBLE
        match member.states.nil:
            case WhenNil.KEPT:
                return _NIL
            case WhenNil.REFUSED:
                return _MALFORMED
            case WhenNil.NONE:
                return _MALFORMED if member.presence is Presence.REQUIRED else _NONE

    def _empty(
        self, member: Field, steps: Steps, state: WhenEmpty, text: str
    ) -> ValueView:
        """Return what an element is read as that holds nothing, or only blanks."""
        if state is WhenEmpty.REFUSED:
            return _MALFORMED
        is_optional = member.presence is not Presence.REQUIRED
        if member.form is Form.TEXT and is_optional and not text:
            return _NONE
        if state is WhenEmpty.NONE:
            return _NONE if is_optional else _MALFORMED
        return self._content(member.type, steps, text)

    def _content(self, kind: Type, steps: Steps, text: str) -> ValueView:
        """Return what an element of a type is read as that holds no more than some blanks."""
        match kind:
            case AtomType(primitive=Primitive.STRING):
                return ValueView(atom=text)
            case AtomType(primitive=Primitive.BASE64):
                return ValueView(atom=b"")
            case AtomType():
                return _MALFORMED
            case EnumerationType():
                return self._enumerated(kind, steps, text)
            case ListType() | MixedListType():
                return _NO_ITEMS
            case _:
                return self._structure(kind, steps, text)

    def _enumerated(self, kind: EnumerationType, steps: Steps, text: str) -> ValueView:
        values = {each.text for each in kind.enumeration.values}
        found = next((each for each in (text, text.strip()) if each in values), text)
        return self._values.enumerated(kind, self._names(steps), found)

    def _structure(self, kind: Type, steps: Steps, text: str) -> ValueView:
        structure = self._service.structure_of(kind)
        fields = () if structure is None else usable_fields(structure)
        if any(map(_must_be_there, fields)):
            return _MALFORMED
        own = (kind.name,) if isinstance(kind, SharedType) else self._names(steps)
        names = Names(Report())
        contents = [
            (member, self._content(member.type, steps, text))
            for member in fields
            if member.form is Form.TEXT
            and (text or member.presence is Presence.REQUIRED)
        ]
        if any(content == _MALFORMED for _, content in contents):
            return _MALFORMED
        attributes = {} if structure is None else names.attributes(structure)
        return ValueView(
            class_name=naming.class_name(*own),
            arguments=tuple(
                (attributes[member.name], content) for member, content in contents
            ),
        )

    def _names(self, steps: Steps) -> tuple[str, ...]:
        return self._values.place(self._response, self._start, steps).names


def _must_be_there(member: Field) -> bool:
    return (
        member.presence is Presence.REQUIRED
        and member.form is not Form.TEXT
        and not is_bare_list(member.type)
    )
