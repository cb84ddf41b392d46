"""A service that nobody offers: operations of realistic depth, drawn from a seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from benchmarks.vocabulary import NOUNS, PARTS, SCALARS, TEXTS, VERBS, Scalar

DEFAULT_SEED = 20261128
NAMESPACE = "http://synthetic.example/billing"
ENDPOINT = "https://synthetic.example/billing.asmx"


class RuleKind(Enum):
    """How the members of a rule depend on each other, as specs spell it."""

    EXCLUSIVE = "exclusive"
    REQUIRES = "requires"
    AT_LEAST_ONE = "at_least_one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule between two members that may both be absent."""

    kind: RuleKind
    members: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """Members in wire order; with a name when several operations share it."""

    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    shared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Items under one wire name, inside an element of their own."""

    item: str
    of: Scalar | Structure
    maximum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a structure."""

    name: str
    type: Scalar | Structure | Listing
    doc: str
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one page of the documentation would say."""

    name: str
    summary: str
    request: Structure
    response: Structure


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """All operations, and the structures that they share by name."""

    operations: tuple[Operation, ...]

    @property
    def shared(self) -> dict[str, Structure]:
        """The structures by their names that every answer or some operation has."""
        used = chain.from_iterable(
            (*each.request.fields, *each.response.fields) for each in self.operations
        )
        found = {"Header": HEADER}
        return found | {
            field.type.shared: field.type
            for field in used
            if isinstance(field.type, Structure) and field.type.shared
        }


def _named(name: str, *, is_required: bool = False) -> Field:
    scalar, doc = SCALARS[name]
    return Field(name=name, type=scalar, doc=doc, is_required=is_required)


def _text(name: str, doc: str, sample: str, *, is_required: bool = False) -> Field:
    scalar = Scalar(type="string", sample=sample)
    return Field(name=name, type=scalar, doc=doc, is_required=is_required)


HEADER = Structure(
    shared="Header",
    fields=(
        Field(
            name="Success",
            type=Scalar(type="boolean", sample="true"),
            doc="Whether the operation was carried out.",
            is_required=True,
        ),
        _text("Message", "What went wrong, for a reader.", ""),
        _text("ErrorCode", "Code of the failure.", ""),
        _text("ErrorDescription", "What the code means.", ""),
    ),
)
ADDRESS = Structure(
    shared="Address",
    fields=(
        _text("Street", "Street and house.", "12 Mill Lane", is_required=True),
        _text("City", "Name of the city.", "Atlanta", is_required=True),
        _named("PostalCode"),
        _named("Country"),
    ),
)


def synthetic_service(count: int, seed: int = DEFAULT_SEED) -> Service:
    """Return a service of so many operations; a larger one starts with those of a smaller one."""
    return Service(operations=tuple(operation(each, seed) for each in range(count)))


def operation(number: int, seed: int = DEFAULT_SEED) -> Operation:
    """Return one operation, which is the same in a service of any size."""
    draw = random.Random(f"{seed}/{number}")  # noqa: S311 -- for variety, no secrets
    noun = NOUNS[number % len(NOUNS)]
    verb, infinitive = VERBS[number // len(NOUNS) % len(VERBS)]
    part = PARTS[number // (len(NOUNS) * len(VERBS)) % len(PARTS)]
    again = number // (len(NOUNS) * len(VERBS) * len(PARTS))
    words = " ".join(word.lower() for word in (noun, part) if word)
    return Operation(
        name=f"{noun}{part}_{verb}{again or ''}",
        summary=f"{infinitive} the {words} of a reseller.",
        request=_request(draw),
        response=_response(draw),
    )


def with_member(page: Operation) -> Operation:
    """Return what a page says once a member was added to the request."""
    added = _text("Remark", "What a person wrote beside the request.", "As agreed")
    fields = (*page.request.fields, added)
    return replace(page, request=replace(page.request, fields=fields))


def _request(draw: random.Random) -> Structure:
    names = draw.sample(sorted(SCALARS), 8)
    plain = draw.randint(3, 5)
    fields = [
        _named(name, is_required=position < plain - 2)
        for position, name in enumerate(names[:plain])
    ]
    first, second = names[plain - 2 : plain]
    kind = draw.choice(list(RuleKind))
    fields.append(_structure(draw, names[5:]))
    fields.append(draw.choice([_list, _list_of_texts])(draw))
    rule = Rule(kind=kind, members=(first, second))
    return Structure(fields=tuple(fields), rules=(rule,))


def _response(draw: random.Random) -> Structure:
    names = draw.sample(sorted(SCALARS), draw.randint(1, 3))
    return Structure(fields=(*(_named(name) for name in names), _list(draw)))


def _structure(draw: random.Random, names: list[str]) -> Field:
    if draw.random() < 0.25:
        return Field(name="Address", type=ADDRESS, doc="Where the mail goes.")
    rule = Rule(kind=RuleKind.EXCLUSIVE, members=(names[0], names[1]))
    fields = tuple(_named(name) for name in names[: draw.randint(2, 3)])
    return Field(
        name=draw.choice(["Details", "Settings", "Filter", "Options"]),
        type=Structure(fields=fields, rules=(rule,)),
        doc="What else is to be known, one way or another.",
    )


def _list(draw: random.Random) -> Field:
    item = draw.choice(["Line", "Item", "Position", "Record"])
    names = draw.sample(sorted(SCALARS), draw.randint(2, 3))
    fields = tuple(_named(each, is_required=each == names[0]) for each in names)
    return Field(
        name=f"{item}s",
        type=Listing(item=item, of=Structure(fields=fields), maximum=50),
        doc="Each part, in the order of the invoice.",
    )


def _list_of_texts(draw: random.Random) -> Field:
    item, scalar = draw.choice(TEXTS)
    return Field(
        name=f"{item}s",
        type=Listing(item=item, of=scalar, maximum=100),
        doc="What belongs to it, in any order.",
        is_required=True,
    )
