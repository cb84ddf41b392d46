"""The document that an answer came in, for whatever is read from it or said about it."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .elements import is_nil
from .errors import MalformedResponse
from .redaction import start_of


class Names(dict[str, str]):
    """Local names by the whole names of elements, as the parser gives them.

    Empty, which no name is, for elements of a namespace that is not documented. Remembers what
    it was asked, because answers have only a few names; but not without end, because it
    outlives them, and a name may be anything.
    """

    def __init__(self, namespaces: frozenset[str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, tag: str) -> str:
        namespace, _, name = tag.rpartition("}")
        known = not namespace or namespace[1:] in self._namespaces
        if len(self) < _REMEMBERED and len(tag) < _REMEMBERED:
            self[tag] = name if known else ""
        return name if known else ""


_REMEMBERED = 1000  # names, and characters of one


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShape:
    """What the documentation says about the answers of one operation.

    Attributes:
        operation: Wire name of the operation.
        response: Name of the element around the result; that of the result itself when its
            members stand directly in the response.
        result: Name of the result element.
        namespaces: Documented namespaces; elements without a namespace count as well.
        secrets: Local names of elements and attributes whose content is never shown.
        bare_ampersands: Local names of elements in whose text a `&` may stand unescaped.
        has_nil_attribute: Whether a structure has an attribute `nil` of its own. It marks nothing
            as nil then; only one in the namespace of XML Schema does.
        names: Local names of the elements in a documented namespace or in none.
    """

    operation: str
    response: str
    result: str
    namespaces: frozenset[str]
    secrets: frozenset[str]
    bare_ampersands: frozenset[str] = frozenset()
    has_nil_attribute: bool = False
    names: Names = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "names", Names(self.namespaces))


class Source:
    """A document as it came, and what the documentation says about all of it.

    Attributes:
        document: What came.
        shape: What the documentation says.
        names: Local names of the elements that count; those of the shape unless others are set.
    """

    __slots__ = ("document", "names", "shape")

    def __init__(self, document: bytes | str, shape: AnswerShape) -> None:
        self.document = document
        self.shape = shape
        self.names = shape.names

    def is_nil(self, element: Element) -> bool:
        """Whether an element is marked as nil, also without a prefix unless that means something else."""
        return is_nil(element, unprefixed=not self.shape.has_nil_attribute)

    def malformed(self, expected: str, received: str) -> MalformedResponse:
        """The error that says what should have come, and what came instead."""
        return MalformedResponse(
            operation=self.shape.operation,
            expected=expected,
            received=received,
            start=start_of(self.document, self.shape.secrets),
        )

    def no_result(self, received: str) -> MalformedResponse:
        """The error that says what came instead of the result."""
        return self.malformed(f"element {self.shape.result}", received)
