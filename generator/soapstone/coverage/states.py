"""In which states a member stands on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import assert_never

from soapstone.model import (
    AtomValue,
    ListType,
    ListValue,
    MemberValue,
    NilValue,
    StructureValue,
    Type,
    Value,
)


class State(Enum):
    """Whether a member has a value, and how it is there."""

    GIVEN = "given"
    ABSENT = "absent"
    EMPTY = "empty"
    NIL = "nil"
    BLANK = "blank"


def states_of(kind: Type, value: Value | None) -> Iterator[State]:
    """Yield the states in which a member of a type is; None when nothing is typed in for it.

    What is empty or blank is given too: it is a value.
    """
    match value:
        case None:
            yield State.ABSENT
        case NilValue():
            yield State.NIL
        case ListValue(items=()) if isinstance(kind, ListType) and kind.item is None:
            # Without a wrapper there is nothing on the wire that could be empty.
            yield State.ABSENT
        case AtomValue(value=str() as text) if text and not text.strip():
            yield State.GIVEN
            yield State.BLANK
        case (
            AtomValue(value="" | b"") | ListValue(items=()) | StructureValue(members=())
        ):
            yield State.GIVEN
            yield State.EMPTY
        case AtomValue() | ListValue() | MemberValue() | StructureValue():
            yield State.GIVEN
        case _:
            assert_never(value)
