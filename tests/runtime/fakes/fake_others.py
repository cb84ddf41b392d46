"""Fakes of services of other kinds: without authentication or an envelope, or with a header."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from lxml import etree

from soapstone.runtime import reading
from soapstone.runtime.answer import Members
from soapstone.runtime.calls.operation import (
    BuildRequest,
    OperationDescription,
    ServiceDescription,
)
from soapstone.runtime.envelope import Envelope
from soapstone.runtime.errors import MalformedResponse, Violation
from soapstone.runtime.fakes.operation import FakeOperation
from soapstone.runtime.fakes.service import BaseFakeService

XSI = "http://www.w3.org/2001/XMLSchema-instance"
NO_ACTION = ("SOAPAction", '""')


def _never_built(
    _request: object, _auth: object, /, *, envelope: Envelope | None = None
) -> bytes:
    raise NotImplementedError(envelope)


_NEVER_BUILT: BuildRequest[object, object] = _never_built


def _parsed(document: bytes) -> str:
    root = etree.fromstring(document)
    if root.tag != "Number":
        raise MalformedResponse(
            operation="", expected="element Number", received="none", start=""
        )
    return str(root.text)


# Adds, and knows the last sum. Two operations have one action.


ADD: OperationDescription[tuple[int, int], None, str] = OperationDescription(
    name="Add",
    endpoint="https://numbers.example",
    soap_action="",
    envelope=Envelope.NONE,
    is_idempotent=True,
    secrets=frozenset(),
    build=_NEVER_BUILT,
    parse=_parsed,
)
LAST: OperationDescription[tuple[()], None, str] = OperationDescription(
    name="Last",
    endpoint="https://numbers.example/",
    soap_action="",
    envelope=Envelope.NONE,
    is_idempotent=True,
    secrets=frozenset(),
    build=_NEVER_BUILT,
    parse=_parsed,
)
SQUARE: OperationDescription[int, None, str] = OperationDescription(
    name="Square",
    endpoint="https://numbers.example/",
    soap_action="urn:square",
    envelope=Envelope.NONE,
    is_idempotent=True,
    secrets=frozenset(),
    build=_NEVER_BUILT,
    parse=_parsed,
)


def _read_add(members: Members) -> tuple[int, int]:
    return (
        members.required_value("A", reading.integer),
        members.required_value("B", reading.integer),
    )


def _answer_add(request: tuple[int, int], memory: list[int]) -> bytes:
    memory.append(sum(request))
    return f"<Number>{memory[-1]}</Number>".encode()


def _read_last(_: Members) -> tuple[()]:
    return ()


def _answer_last(_: tuple[()], memory: list[int]) -> bytes:
    return f"<Number>{memory[-1]}</Number>".encode()


def _read_square(members: Members) -> int:
    return members.required_text(reading.integer)


def _validate_square(number: int) -> list[Violation]:
    return [] if number >= 0 else [Violation("", "minimum", "must be 0 or more")]


def _answer_square(number: int, _: list[int]) -> bytes:
    return f"<Root>{number}</Root>".encode()


class FakeNumbers(BaseFakeService[None, list[int]]):
    """A fake that remembers the sums."""

    _service = ServiceDescription(endpoint="https://numbers.example", logger="numbers")
    _operations = (
        FakeOperation(
            operation=ADD,
            wrapper="Add",
            request="",
            namespace="",
            read=_read_add,
            validate=lambda _: [],
            answer=_answer_add,
        ),
        FakeOperation(
            operation=LAST,
            wrapper="Last",
            request="",
            namespace="",
            read=_read_last,
            validate=lambda _: [],
            answer=_answer_last,
        ),
        FakeOperation(
            operation=SQUARE,
            wrapper="Square",
            request="",
            namespace="",
            read=_read_square,
            validate=_validate_square,
            answer=_answer_square,
        ),
    )
    _memory = list


# Opens boxes for whoever has the key, which stands in the header.


@dataclass(frozen=True)
class Box:
    """What is opened."""

    number: int
    label: str
    coins: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """A request to open a box."""

    box: Box
    count: int | None
    on: dt.date | None


OPEN: OperationDescription[Open, int, str] = OperationDescription(
    name="Open",
    endpoint="https://vault.example/a",
    soap_action="",
    envelope=Envelope.SOAP11,
    is_idempotent=True,
    secrets=frozenset(),
    build=_NEVER_BUILT,
    parse=_parsed,
)


def _read_key(members: Members) -> int | None:
    return members.value("Key", reading.integer)


def _read_box(members: Members) -> Box:
    return Box(
        number=members.required_attribute("n", reading.integer),
        label=members.required_text(reading.text),
        coins=members.repeated_values("Coin", reading.text),
    )


def _read_open(members: Members) -> Open:
    members.omit_empty("Count")
    return Open(
        box=members.required_structure("Box", _read_box),
        count=members.value("Count", reading.integer),
        on=members.value("On", reading.date),
    )


def _answer_open(request: Open, memory: list[Box]) -> bytes:
    memory.append(request.box)
    box = request.box
    return f"<Opened>{box.number} {box.label!r} {box.coins}</Opened>".encode()


class FakeVault(BaseFakeService[int, list[Box]]):
    """A fake that remembers what was opened."""

    _service = ServiceDescription(endpoint="https://vault.example/a", logger="vault")
    _operations = (
        FakeOperation(
            operation=OPEN,
            wrapper="Open",
            request="",
            namespace="urn:vault",
            place="header",
            read_authentication=_read_key,
            read=_read_open,
            validate=lambda _: [],
            answer=_answer_open,
            has_nil_attribute=True,
        ),
    )
    _memory = list
