"""A document of an example with everything that it is checked against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, assert_never

from soapstone.diagnostics import Related, Report, Span
from soapstone.lint.sample_xml import SCHEMA_INSTANCE, Attribute, Element
from soapstone.model import (
    Authentication,
    AuthenticationPlace,
    Defect,
    Document,
    EnvelopeKind,
    Field,
    InlineType,
    MemberValue,
    Operation,
    Presence,
    Service,
    StructureValue,
)

# Whoever corrects so many finds the others too.
_MOST_ERRORS = 100

CORRECT = "correct whichever of the two differs from the page"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDefect:
    """A defect that a document has: where, and in words."""

    offset: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A request or a response of one operation, while it is checked.

    Attributes:
        text: The document, decoded.
        mended: Offsets of the bare ampersands in it, which are read as if they were escaped.
        report: Receives what is wrong with this document and nothing else.
        found: Defects that were met, each where it was first.
        undocumented: Namespaces that were reported where they are declared.
        skipped: Wire names of elements that the model does not describe in full.
        headers: Elements that stand in the header of the envelope.
        without_value: Members that stand in the document and are read as None, each by the
            place of its structure's values and its name.
    """

    service: Service
    operation: Operation
    document: Document
    is_request: bool
    text: str
    mended: tuple[int, ...] = ()
    report: Report = field(default_factory=Report)
    found: dict[Defect, FoundDefect] = field(default_factory=dict[Defect, FoundDefect])
    undocumented: set[str] = field(default_factory=set[str])
    skipped: set[str] = field(default_factory=set[str])
    headers: list[Element] = field(default_factory=list[Element])
    without_value: set[tuple[Span, str]] = field(default_factory=set[tuple[Span, str]])

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the element of the request, or the result, may hold, in wire order."""
        if not self.is_request:
            return self.operation.response.fields
        own = self.operation.request.fields
        place = None if self.authentication is None else self.authentication.place
        match place:
            case AuthenticationPlace.FIRST:
                return (*self.authentication_fields, *own)
            case AuthenticationPlace.LAST:
                return (*own, *self.authentication_fields)
            case AuthenticationPlace.HEADER | None:
                return own
            case _:
                assert_never(place)

    @property
    def authentication(self) -> Authentication | None:
        """What stands in the document beside its members; nothing does in a response."""
        return self.operation.authentication if self.is_request else None

    @property
    def header_fields(self) -> tuple[Field, ...]:
        """What the header of the envelope may hold."""
        authentication = self.authentication
        if authentication is None:
            return ()
        is_in_header = authentication.place is AuthenticationPlace.HEADER
        return self.authentication_fields if is_in_header else ()

    @property
    def authentication_fields(self) -> tuple[Field, ...]:
        """The alternatives of authentication, as if they were members of the request."""
        if self.authentication is None:
            return ()
        return tuple(
            Field(
                name=alternative.name,
                type=InlineType(structure=alternative.structure),
                presence=Presence.CONDITIONAL,
                span=alternative.span,
            )
            for alternative in self.authentication.alternatives
        )

    @property
    def values(self) -> StructureValue:
        """The values that were typed in, without those of the authentication."""
        return self.document.values

    @property
    def envelope(self) -> EnvelopeKind:
        """What stands around the payload: the operation's own envelope, or the service's."""
        own = self.operation.protocol.envelope
        if own is EnvelopeKind.NONE:
            return self.service.protocol.envelope
        return own

    def has_declared(self, defect: Defect) -> bool:
        """Whether the spec declares a defect of this document."""
        return any(declared.defect is defect for declared in self.document.defects)

    def span(self, offset: int) -> Span:
        """Return the place of a character of the document, in its file or in the spec."""
        start = self.document.start
        line = self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1)
        return Span(start.path, start.line + line, start.column + column)

    def error(
        self,
        rule: str,
        place: Element | int,
        message: str,
        hint: str,
        *related: Related,
    ) -> None:
        """Report an error at an element or a character of the document; the first hundred do."""
        if self.report.error_count == _MOST_ERRORS:
            return
        offset = place if isinstance(place, int) else place.offset
        self.report.error(rule, self.span(offset), message, hint=hint, related=related)

    def find(self, defect: Defect, place: Element, message: str) -> None:
        """Note that the document has a defect."""
        self.found.setdefault(defect, FoundDefect(offset=place.offset, message=message))


def find_member(values: StructureValue, name: str) -> MemberValue | None:
    """Return a member with its place; None when it is absent."""
    for member in values.members:
        if member.name == name:
            return member
    return None


def counted(number: int, thing: str) -> str:
    """Return a number of things in words, such as `1 item` and `2 items`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def qualified_name(attribute: Attribute) -> str:
    """Return the name of an attribute as specs write it; empty for one of a foreign namespace."""
    prefix = _PREFIXES.get(attribute.namespace)
    return "" if prefix is None else f"{prefix}{attribute.name}"


_PREFIXES: Final = {
    "": "",
    "http://www.w3.org/XML/1998/namespace": "xml:",
    SCHEMA_INSTANCE: "xsi:",
}
