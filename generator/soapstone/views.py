"""What the Python will say: everything that a template needs, decided and named.

Two kinds of text stand here. `Code` is Python source made of names that `naming` approved; a template
prints it as it is. A plain `str` came from a spec; a template can only pass it through the filters
`literal` and `docstring`.
"""

from __future__ import annotations

from dataclasses import dataclass

from soapstone.model import Atom
from soapstone.naming import NO_CODE, Code, Identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A titled list in a docstring: names with what they mean."""

    title: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Docstring:
    """Text of a docstring before it is wrapped; the lines of `drawing` stay as they are."""

    summary: str
    paragraphs: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    drawing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportView:
    """`from module import names`, sorted."""

    module: Code
    names: tuple[Identifier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeView:
    """A member of a generated class."""

    name: Identifier
    annotation: Code
    default: Code | None
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAttributeView:
    """A member that takes any iterable, or iterables in it down to a depth."""

    name: Identifier
    depth: int

    @property
    def is_nested(self) -> bool:
        """Whether its items are lists."""
        return self.depth > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassView:
    """A structure as a dataclass.

    Attributes:
        lists: Members that take any iterable and keep a tuple.
        is_positional: Whether the constructor takes its members by position as well.
        is_answer: Whether it is a whole answer, which names the defects that were mended.
    """

    name: Identifier
    doc: Docstring
    attributes: tuple[AttributeView, ...]
    lists: tuple[ListAttributeView, ...] = ()
    is_positional: bool = False
    is_answer: bool = False

    @property
    def looks_like_test(self) -> bool:
        """Whether pytest would collect it."""
        return self.name.startswith("Test")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumerationView:
    """Documented values of a text as an enumeration: names with their texts."""

    name: Identifier
    doc: Docstring
    members: tuple[tuple[Identifier, str], ...]


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
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteView:
    """How one value is written.

    Attributes:
        value: Empty for a constant, which `opening` holds.
        function: Writer of an atom in the runtime.
        writer: Function that writes a structure's members.
        items: How the items of a list are written.
        absent: What stands for None; empty where nothing does.
        nil: What stands for NIL; empty where that is no value.
    """

    opening: str
    closing: str = ""
    value: Code = NO_CODE
    is_optional: bool = False
    function: Identifier | None = None
    writer: Identifier | None = None
    items: ItemWritesView | None = None
    absent: str = ""
    nil: str = ""

    @property
    def is_certain(self) -> bool:
        """Whether it is one expression, whatever the value is."""
        return not self.is_optional and not self.nil and self.items is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWritesView:
    """How each item of a list is written: as the only class there is, or as the one that it has."""

    item: Identifier
    classes: tuple[Identifier, ...]
    writes: tuple[WriteView, ...]

    @property
    def branches(self) -> tuple[tuple[Code, WriteView], ...]:
        """How each class is written, under the condition that tells it from the rest."""
        if len(self.writes) == 1:
            return ((NO_CODE, self.writes[0]),)
        names = (Identifier("write"),) * len(self.writes)
        conditions = branches(self.item, self.classes, names)
        return tuple(
            (each.condition, write)
            for each, write in zip(conditions, self.writes, strict=True)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WriterView:
    """A function that writes the members of a structure."""

    name: Identifier
    subject: Identifier
    class_name: Identifier
    writes: tuple[WriteView, ...]

    @property
    def only(self) -> WriteView | None:
        """The one value that is written whatever the members are, where there is no other."""
        first = self.writes[0] if len(self.writes) == 1 else None
        return first if first is not None and first.is_certain else None

    @property
    def starts_with_value(self) -> bool:
        """Whether something is written whatever the members are."""
        return any(
            not each.is_optional and not each.nil and bool(each.opening)
            for each in self.writes[:1]
        )

    @property
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadView:
    """How one member is read: a method of `Members`, the wire names, and the reader.

    Attributes:
        method: None where the reader takes the element's members as they are.
        alternatives: Wire names with readers, for a list of differently named children.
        nil: Wire name of a member that may be nil, and then is NIL; empty for any other.
    """

    attribute: Identifier
    method: Identifier | None
    wire_names: tuple[str, ...] = ()
    reader: Code = NO_CODE
    alternatives: tuple[tuple[str, Code], ...] = ()
    nil: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateView:
    """A statement about members that are empty, blank or nil, made before they are read."""

    method: Identifier
    wire_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """A function that reads a structure; no class where an item of a list is a list."""

    name: Identifier
    annotation: Code
    class_name: Identifier | None
    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]

    @property
    def is_public(self) -> bool:
        """Whether other modules call it."""
        return not self.name.startswith("_")


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantView:
    """A compiled pattern."""

    name: Identifier
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternativeView:
    """One of the structures that open a request, with the functions around it."""

    class_name: Identifier
    validator: Identifier
    writer: Identifier
    opening: str
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationView:
    """The parameter that opens every request.

    Attributes:
        is_chosen: Whether some operations take only some of the alternatives.
    """

    annotation: Code
    is_chosen: bool
    but_last: tuple[AlternativeView, ...]
    last: AlternativeView

    @property
    def classes(self) -> tuple[Identifier, ...]:
        """The classes of all alternatives."""
        return tuple(each.class_name for each in (*self.but_last, self.last))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesView:
    """`types.py`: what operations share.

    Attributes:
        is_recursive: Whether some class holds itself, perhaps inside another.
    """

    doc: Docstring
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    namespaces: tuple[str, ...]
    secrets: tuple[str, ...]
    patterns: tuple[ConstantView, ...]
    is_recursive: bool
    enumerations: tuple[EnumerationView, ...]
    classes: tuple[ClassView, ...]
    authentication: AuthenticationView | None
    validators: tuple[ValidatorView, ...]
    writers: tuple[WriterView, ...]
    readers: tuple[ReaderView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationAuthenticationView:
    """The authentication as one operation takes it.

    Attributes:
        classes: Those it takes, where it does not take all; empty where it does.
        place: `first`, `last` or `header`.
    """

    annotation: Code
    classes: tuple[Identifier, ...]
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationView:
    """The module of one operation.

    Attributes:
        opening: Start of the document up to the members, or to the attributes before them.
        attributes: Attributes of the element that holds the members, with its end.
    """

    name: str
    path: Code
    module: Identifier
    doc: Docstring
    imports: tuple[ImportView, ...]
    standard_imports: tuple[Code, ...]
    public: tuple[Identifier, ...]
    endpoint: str
    soap_action: str
    envelope: Identifier
    opening: str
    closing: str
    wire_response: str
    wire_result: str
    bare_ampersands: tuple[str, ...]
    patterns: tuple[ConstantView, ...]
    enumerations: tuple[EnumerationView, ...]
    classes: tuple[ClassView, ...]
    request_class: Identifier
    response_class: Identifier
    authentication: OperationAuthenticationView | None
    build_doc: Docstring
    parse_doc: Docstring
    request: ValidatorView
    attributes: tuple[WriteView, ...]
    writes: tuple[WriteView, ...]
    validators: tuple[ValidatorView, ...]
    writers: tuple[WriterView, ...]
    states: tuple[StateView, ...]
    reads: tuple[ReadView, ...]
    readers: tuple[ReaderView, ...]
    success: Code | None
    required_on_success: tuple[str, ...]
    required_or_nil_on_success: tuple[str, ...]

    @property
    def defined(self) -> tuple[Identifier, ...]:
        """The classes that the module defines."""
        enumerations = (each.name for each in self.enumerations)
        return (*enumerations, *(each.name for each in self.classes))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageView:
    """A test of a message, and the values that it carries."""

    literals: tuple[str, ...]
    values: tuple[MessageValueView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageValueView:
    """One extracted value: the text itself, a tuple of it alone, or the tuple it splits into."""

    name: Identifier
    position: int
    is_list: bool
    separator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorView:
    """An exception for a documented failure."""

    name: Identifier
    base: Identifier
    doc: Docstring
    code: str
    data: tuple[AttributeView, ...]
    messages: tuple[MessageView, ...]
    cases: tuple[ErrorView, ...]

    @property
    def looks_like_test(self) -> bool:
        """Whether pytest would collect it."""
        return self.name.startswith("Test")

    @property
    def with_messages(self) -> tuple[ErrorView, ...]:
        """This failure and its cases, as far as a message tells them apart."""
        found = (self, *(each for case in self.cases for each in case.with_messages))
        return tuple(each for each in found if each.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """Where an answer tells how it went, as expressions on `response`."""

    members: tuple[AttributeView, ...]
    imports: tuple[ImportView, ...]
    success: Code
    message: Code
    code: Code
    description: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorsView:
    """`errors.py`: the tree of exceptions."""

    base: Identifier
    doc: Docstring
    public: tuple[Identifier, ...]
    errors: tuple[ErrorView, ...]
    outcome: OutcomeView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportView:
    """A public name of the package with the module that defines it."""

    name: Identifier
    module: Code


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageView:
    """`__init__.py`: the public names, resolved when they are first used."""

    name: Identifier
    doc: Docstring
    imports: tuple[ImportView, ...]
    exports: tuple[ExportView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """A value as an expression: a literal, a call of a generated class, or a tuple.

    Attributes:
        name: A constant in place of a literal.
        member: The member of an enumeration, which is the class then.
        times: How often the literal, one character, is repeated; 0 for a plain literal.
        is_malformed: Whether the document must be refused instead.
        is_impossible: Whether there is no such document.
    """

    atom: Atom | None = None
    name: Identifier | None = None
    member: Identifier | None = None
    times: int = 0
    class_name: Identifier | None = None
    arguments: tuple[tuple[Identifier, ValueView], ...] = ()
    items: tuple[ValueView, ...] = ()
    is_tuple: bool = False
    is_malformed: bool = False
    is_impossible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRequestView:
    """A valid request, and the document that it is written as."""

    name: Identifier
    value: ValueView
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """A valid request with changes, and the places and rules that are then reported."""

    request: Identifier
    changes: tuple[tuple[str, ValueView], ...]
    broken: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedRequestView:
    """A documented request: values, what opens it, its document and our own bytes.

    Attributes:
        function: What its test's name ends with.
    """

    function: Identifier
    value: ValueView
    authentication: ValueView | None
    envelope: Identifier
    file: str
    is_comparable: bool
    golden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedAnswerView:
    """A documented answer: its document, its values, and the exception for a failure.

    Attributes:
        function: What its test's name ends with.
    """

    function: Identifier
    file: str
    value: ValueView
    repaired: tuple[str, ...]
    error: Identifier | None
    data: tuple[tuple[Identifier, tuple[str, ...] | str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatesView:
    """What is read for one member when it is absent, empty, nil or blank.

    Attributes:
        wire_path: Wire names; an attribute after `@`, the text of an element as `text()`.
    """

    wire_path: str
    attribute: str
    absent: ValueView
    empty: ValueView
    nil: ValueView
    blank: ValueView


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationTestsView:
    """The tests of one operation.

    Attributes:
        success_path: Where the sample answer says that the operation succeeded.
        success_text: How its document shows that.
        failure_text: How the document of a failure shows the opposite.
    """

    name: str
    path: Code
    module: Identifier
    doc: Docstring
    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    authentication: ValueView | None
    requests: tuple[NamedRequestView, ...]
    cases: tuple[CaseView, ...]
    documented_requests: tuple[DocumentedRequestView, ...]
    documented_answers: tuple[DocumentedAnswerView, ...]
    request_class: Identifier
    answer_file: str
    wire_response: str
    wire_result: str
    answer: ValueView
    ordered: tuple[str, ...]
    states: tuple[StatesView, ...]
    secrets: tuple[str, ...]
    success_path: str
    success_text: bytes
    failure_text: bytes
    has_outcome: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCaseView:
    """An answer with a code and a message, and the exception that it becomes."""

    code: str
    message: str
    error: Identifier
    data: tuple[tuple[Identifier, tuple[str, ...] | str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorTestsView:
    """The tests of the catalogue of failures."""

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    response_class: Identifier
    response: ValueView
    code_path: str
    message_path: str
    cases: tuple[MessageCaseView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningView:
    """A valid value that opens a request, and what it is written as."""

    name: Identifier
    value: ValueView
    written: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthenticationTestsView:
    """The tests of what opens a request.

    Attributes:
        chosen: All classes, where callers say which of them they take.
    """

    standard_imports: tuple[Code, ...]
    imports: tuple[ImportView, ...]
    annotation: Code
    chosen: tuple[Identifier, ...]
    openings: tuple[OpeningView, ...]
    cases: tuple[CaseView, ...]

    @property
    def has_secrets(self) -> bool:
        """Whether any member is secret."""
        return any(opening.secrets for opening in self.openings)
