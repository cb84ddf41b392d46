"""The document that an answer came in, for whatever is read from it or said about it."""

from xml.etree.ElementTree import Element

from .elements import is_nil
from .errors import MalformedResponse
from .redaction import start_of


class Names(dict[str, str]):
    """Local names by the whole names of elements, as the parser gives them.

    Empty, which no name is, for elements of a namespace that is not documented. Remembers what
    it was asked, because a document of thousands of elements has only a few names.
    """

    def __init__(self, namespaces: frozenset[str]) -> None:
        super().__init__()
        self._namespaces = namespaces

    def __missing__(self, tag: str) -> str:
        namespace, _, name = tag.rpartition("}")
        known = not namespace or namespace[1:] in self._namespaces
        self[tag] = name if known else ""
        return self[tag]


class Source:
    """A document as it came, and what the documentation says about all of it.

    Attributes:
        document: What came.
        operation: Wire name of the operation that it should answer.
        response: Name of the element around the result; that of the result when there is none.
        result: Name of the result element.
        secrets: Local names of elements and attributes whose content is never shown.
        names: Local names of the elements in a documented namespace or in none.
    """

    __slots__ = (
        "_has_nil_attribute",
        "document",
        "names",
        "operation",
        "response",
        "result",
        "secrets",
    )

    def __init__(  # noqa: PLR0913 -- it knows all that is documented, by name
        self,
        document: bytes | str,
        *,
        operation: str,
        response: str,
        result: str,
        namespaces: frozenset[str],
        secrets: frozenset[str],
        has_nil_attribute: bool,
    ) -> None:
        self.document = document
        self.operation = operation
        self.response = response
        self.result = result
        self.secrets = secrets
        self.names = Names(namespaces)
        self._has_nil_attribute = has_nil_attribute

    def is_nil(self, element: Element) -> bool:
        """Whether an element is marked as nil, also without a prefix unless that means something else."""
        return is_nil(element, unprefixed=not self._has_nil_attribute)

    def malformed(self, expected: str, received: str) -> MalformedResponse:
        """The error that says what should have come, and what came instead."""
        return MalformedResponse(
            operation=self.operation,
            expected=expected,
            received=received,
            start=start_of(self.document, self.secrets),
        )

    def no_result(self, received: str) -> MalformedResponse:
        """The error that says what came instead of the result."""
        return self.malformed(f"element {self.result}", received)
