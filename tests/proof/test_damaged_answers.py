"""No answer surprises: whatever comes is refused in a documented way, or read as lxml reads it.

Where the two parsers do not even agree that a document is one, this is for a reason that stands
here, in `OURS_ONLY` and `LXML_ONLY`, and each reason has a test of its own below.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from proof_answers import AnswerReader, Element, Fault, Refused, elements, tree
from proof_effort import thorough
from proof_mutations import Damage, damages
from proof_packages import Subject, subjects
from proof_plain import Plain, Speaker
from proof_tree_damage import Seed

from figures import Figure
from soapstone.model import Defect, Form

SUBJECTS = subjects()
EACH_OPERATION = pytest.mark.parametrize("subject", SUBJECTS, ids=str)

REFUSED = "refused"
FAULT = "a fault"


def seeds(subject: Subject) -> list[Seed]:
    """Return the documented answers, and the one of all members that the tests came with."""
    documents = [
        subject.read(f"tests/data/{subject.module_name}/answer.xml"),
        *(
            example.response.content
            for example in subject.operation.examples
            if example.response is not None and not example.response.defects
        ),
    ]
    names = set[str]()
    for document in documents:
        for element in tree(document).iter():
            names.add(str(etree.QName(element).localname))
            names.update(map(str, element.attrib))
    spoken = tuple(sorted(names))
    return [Seed(each, subject.service.namespaces, spoken) for each in documents]


@dataclass(frozen=True)
class Parsed:
    """What came of a document: what it says, or `REFUSED` or `FAULT`.

    Attributes:
        reason: Why it was refused, in the words of whoever refused it.
    """

    said: Plain
    reason: str = ""
    root: Element | None = None
    is_repaired: bool = False

    @property
    def outcome(self) -> str:
        """In one word what came of it."""
        return self.said if isinstance(self.said, str) else "read"


class Pair:
    """The two parsers of an operation: that of its package, and lxml with the model."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._reader = AnswerReader(subject.service, subject.operation)
        self._speaker = Speaker(subject.service)

    def ours(self, document: bytes) -> Parsed:
        """Parse with the package; any exception that is not documented passes through."""
        subject = self._subject
        errors = subject.errors
        has_outcome = subject.operation.outcome is not None
        try:
            response = subject.module.parse_response(
                document, **({"check": False} if has_outcome else {})
            )
        except (errors.SoapFault, errors.MalformedResponse) as error:
            refused = error
        else:
            said = self._said(response)
            if has_outcome:
                # Once more in the usual way, which raises what the answer reports.
                with suppress(errors.ApiError):
                    assert self._said(subject.module.parse_response(document)) == said
            return Parsed(said, is_repaired=response.repaired != ())
        assert subject.operation.name in str(refused)
        if isinstance(refused, errors.SoapFault):
            return Parsed(FAULT)
        assert refused.expected
        return Parsed(REFUSED, refused.received)

    def _said(self, response: object) -> dict[str, Plain]:
        operation = self._subject.operation
        return self._speaker.structure(
            operation.response, (operation.stem, "Response"), response
        )

    def lxml(self, document: bytes) -> Parsed:
        """Parse with lxml, and read by the model."""
        try:
            root = tree(document)
        except (etree.XMLSyntaxError, LookupError) as error:
            return Parsed(REFUSED, str(error) or "an empty document")
        try:
            return Parsed(self._reader.read(root), root=root)
        except Refused:
            return Parsed(REFUSED, root=root)
        except Fault:
            return Parsed(FAULT, root=root)


# Where acceptance differs by design


def depth_of(root: Element) -> int:
    """Return how many elements stand inside each other."""
    depth, level = 0, [root]
    while level:
        depth, level = depth + 1, [child for each in level for child in elements(each)]
    return depth


def has_odd_names(root: Element) -> bool:
    """Whether a name needs the fifth edition of XML, which expat does not know."""
    return any(
        not name.isascii()
        for element in root.iter()
        for name in (str(element.tag), *map(str, element.attrib))
    )


def is_in_another_encoding(document: bytes) -> bool:
    """Whether a document is, or says that it is, in something else than UTF-8."""
    declared = re.match(
        rb"""<\?xml[^>]*encoding=["'](?!utf-8["'])""", document, re.IGNORECASE
    )
    return (
        bool(declared)
        or b"\0" in document[:4]
        or document[:2] in {b"\xfe\xff", b"\xff\xfe"}
    )


def has_odd_version(document: bytes) -> bool:
    """Whether a declaration names a version that there will never be, which expat passes over."""
    declared = re.search(rb"""<\?xml\s+version\s*=\s*["']([^"']*)""", document[:100])
    return declared is not None and not re.fullmatch(rb"1\.[0-9]+", declared[1])


# What lxml takes and the package refuses.
LXML_ONLY: dict[str, Callable[[bytes, Element], bool]] = {
    "depth": lambda _, root: depth_of(root) > 256,
    "DOCTYPE": lambda _, root: root.getroottree().docinfo.internalDTD is not None,
    "encoding": lambda document, _: is_in_another_encoding(document),
    "names": lambda _, root: has_odd_names(root),
}

# What the package takes and lxml refuses.
OURS_ONLY: dict[str, Callable[[bytes, Parsed, str], bool]] = {
    "repaired": lambda _, ours, __: ours.is_repaired,
    "encoding": lambda document, _, __: is_in_another_encoding(document),
    "second mark": lambda document, _, __: document.startswith(2 * codecs.BOM_UTF8),
    "version": lambda document, _, __: has_odd_version(document),
    "name of a namespace": lambda _, __, reason: "is not a valid URI" in reason,
}


def compared(document: bytes, ours: Parsed, lxml: Parsed) -> str:
    """Return in one word how the two agree, or the reason for which they do not."""
    if ours.said == lxml.said:
        return f"both: {ours.outcome}"
    if lxml.root is not None and ours.said == REFUSED and ours.reason:
        reasons = [
            name for name, holds in LXML_ONLY.items() if holds(document, lxml.root)
        ]
        if reasons:
            return f"lxml only: {reasons[0]}"
    if lxml.root is None:
        reasons = [
            name
            for name, holds in OURS_ONLY.items()
            if holds(document, ours, lxml.reason)
        ]
        if reasons:
            return f"ours only: {reasons[0]}"
    raise AssertionError(document, ours, lxml)


@EACH_OPERATION
def test_damaged_answers_are_refused_or_read_alike(
    subject: Subject, figure: Figure
) -> None:
    """However an answer is damaged, two parsers read the same from it, or it is refused as documented."""
    pair = Pair(subject)
    found = seeds(subject)
    outcomes = Counter[str]()

    @thorough(120)
    @given(damages(), st.sampled_from(found))
    def check(damage: Damage, seed: Seed) -> None:
        document = damage.done(seed)
        outcomes[compared(document, pair.ours(document), pair.lxml(document))] += 1

    check()
    assert outcomes["both: read"] > 10
    assert outcomes[f"both: {REFUSED}"] > 10
    figure("damaged answers, compared with lxml", outcomes.total())
    figure("damaged answers that both parsers read", outcomes["both: read"])


# What they do not agree about, by design


def answer_of(subject: Subject, inside: str = "") -> str:
    """Return the answer of all members, with something put before the end of its result."""
    document = subject.read(f"tests/data/{subject.module_name}/answer.xml").decode()
    end = f"</{subject.operation.protocol.result}>"
    return document.partition("?>")[2].replace(end, inside + end)


def nested(subject: Subject, depth: int) -> str:
    """Return the answer with so many elements in each other."""
    result = subject.operation.protocol.result
    (element,) = tree(answer_of(subject).encode()).iter(f"{{*}}{result}")
    more = depth - 1 - len(list(element.iterancestors()))
    return answer_of(subject, "<a>" * more + "</a>" * more)


@EACH_OPERATION
def test_what_only_lxml_takes(subject: Subject) -> None:
    """A DOCTYPE, and more than 256 elements in each other, are refused though they are well-formed."""
    pair = Pair(subject)
    said = pair.lxml(answer_of(subject).encode()).said
    assert pair.ours(answer_of(subject).encode()) == Parsed(said)
    assert pair.ours(nested(subject, 256).encode()) == Parsed(said)
    for document, reason in (
        (f"<!DOCTYPE a>{answer_of(subject)}", "a document with a DOCTYPE"),
        (
            f'<!DOCTYPE a [<!ENTITY b "c">]>{answer_of(subject, "<d>&b;</d>")}',
            "a document with a DOCTYPE",
        ),
        (nested(subject, 257), "elements nested deeper than 256"),
    ):
        assert pair.lxml(document.encode()).said == said
        assert pair.ours(document.encode()) == Parsed(REFUSED, reason)


@EACH_OPERATION
def test_a_namespace_that_is_not_documented(subject: Subject) -> None:
    """An answer in another namespace is no answer, and members in one are passed over, to both."""
    pair = Pair(subject)
    said = pair.lxml(answer_of(subject).encode()).said
    for namespace in subject.service.namespaces:
        other = answer_of(subject).replace(
            f'"{escape(namespace)}"', '"urn:not-documented"'
        )
        assert pair.ours(other.encode()).said == pair.lxml(other.encode()).said
    members = "".join(
        f'<{member.name} xmlns="urn:not-documented">x</{member.name}>'
        for member in subject.operation.response.fields
        if member.form is Form.ELEMENT
    )
    document = answer_of(subject, members).encode()
    assert pair.ours(document) == Parsed(said)
    assert pair.lxml(document).said == said


def bare_elements(subject: Subject) -> list[tuple[Seed, str]]:
    """Return the documented answers with a bare ampersand, each with an element that has one."""
    return [
        (Seed(example.response.content, subject.service.namespaces, ()), element)
        for example in subject.operation.examples
        if example.response is not None
        for defect in example.response.defects
        if defect.defect is Defect.BARE_AMPERSAND
        for element in defect.elements
    ]


BARE = [(subject, *each) for subject in SUBJECTS for each in bare_elements(subject)]


@pytest.mark.parametrize(("subject", "seed", "element"), BARE, ids=str)
def test_what_only_the_package_takes(
    subject: Subject, seed: Seed, element: str
) -> None:
    """A bare `&` is mended where it is declared, and lxml reads the same once it is escaped."""
    pair = Pair(subject)
    assert pair.lxml(seed.document).root is None
    ours = pair.ours(seed.document)
    assert ours.is_repaired
    mended = re.sub(rb"&(?!\w+;|#)", b"&amp;", seed.document)
    assert pair.lxml(mended).said == ours.said
    elsewhere = mended.replace(b"<Header>", b"<Header><Unknown>this & that</Unknown>")
    assert element != "Unknown"
    assert pair.ours(elsewhere).said == REFUSED


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_document_in_utf_16_without_a_mark(encoding: str) -> None:
    """UTF-16 is recognised by its NULs, which lxml does not do without a declaration."""
    for subject in SUBJECTS:
        pair = Pair(subject)
        document = answer_of(subject)
        said = pair.lxml(document.encode()).said
        assert pair.ours(document.encode(encoding)) == Parsed(said)
        assert pair.lxml(document.encode(encoding)).root is None
