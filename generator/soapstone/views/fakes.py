"""The fake service: how it reads requests and chooses answers."""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.naming import Code, Identifier
from soapstone.views.checks import ConditionView
from soapstone.views.code import ConstantView, Docstring, ImportView
from soapstone.views.wire import ReaderView, ReadView, StateView


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemsView:
    """A variable with those items of a request that a test counts.

    Attributes:
        function: The test in the runtime.
        against: The pattern or the memory that items are held against.
    """

    variable: Identifier
    function: Identifier
    value: Code
    against: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectView:
    """A change of a memory: a method of a set, called with what a request says.

    Attributes:
        is_optional: Whether the request may say nothing of it.
    """

    memory: Identifier
    method: Identifier
    value: Code
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerMessageView:
    """What a message says of the items that an answer is about: all of them, or the first."""

    before: str
    items: Identifier
    separator: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerDocumentView:
    """A documented document, by its file, and what its message says instead, if it does."""

    file: str
    message: AnswerMessageView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """A documented answer with the condition on which it is given.

    Attributes:
        items: What is found out first; None where an earlier condition needed it already.
        test: Expression on the number of items; empty for a condition on members.
    """

    items: ItemsView | None
    test: Code
    condition: ConditionView | None
    effects: tuple[EffectView, ...]
    document: AnswerDocumentView


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeOperationView:
    """The module that answers for one operation.

    Attributes:
        place: Where the authentication stands; empty where there is none.
        refused: Document for who is not accepted; empty where a fault says so.
        invalid: Document for a request that is not valid; empty where a fault says so.
        message: Element of these documents that holds the message; empty without one.
        otherwise: The answer when no condition holds.
    """

    name: str
    path: Code
    module: Identifier
    doc: Docstring
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    patterns: tuple[ConstantView, ...]
    request_class: Identifier
    wrapper: str
    request: str
    namespace: str
    place: str
    refused: str
    invalid: str
    message: str
    has_nil_attribute: bool
    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]
    readers: tuple[ReaderView, ...]
    answers: tuple[AnswerView, ...]
    otherwise: AnswerDocumentView
    effects: tuple[EffectView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAlternativeView:
    """One of the structures that open a request: its wire name and its reader."""

    wire_name: str
    reader: Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedReadersView:
    """`testing/shared.py`: how structures are read that several requests have.

    Attributes:
        annotation: The type of what opens requests; None where nothing does.
    """

    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    annotation: Code | None
    alternatives: tuple[ReadAlternativeView, ...]
    readers: tuple[ReaderView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeServiceView:
    """The other modules of `testing`.

    Attributes:
        annotation: The type of what opens requests; `None` where nothing does.
        memories: What the service keeps, with what it means.
        fixture: Name of the fixture that gives a fake.
    """

    doc: Docstring
    main_doc: Docstring
    fixtures_doc: Docstring
    annotation: Code
    imports: tuple[ImportView, ...]
    memories: tuple[Identifier, ...]
    memory_doc: Docstring
    modules: tuple[Identifier, ...]
    fixture: Identifier
