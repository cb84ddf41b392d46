"""Whether documents differ, beside the canonical form of the standard library."""

from __future__ import annotations

from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given
from hypothesis import strategies as st

from soapstone.lint.wire import first_difference

NAMES = st.sampled_from(["a", "p:a", "q:a", "b"])
TEXTS = st.sampled_from(["", "1", " 1", "1\n", " ", "\n", "<a>", "é&"])
ATTRIBUTES = st.dictionaries(st.sampled_from(["x", "p:x", "q:x", "xml:lang"]), TEXTS)
LEAVES = st.tuples(NAMES, ATTRIBUTES, TEXTS)


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    """Return an element as text."""
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{given}>{inside}</{name}>"


def leaf(parts: tuple[str, dict[str, str], str]) -> str:
    """Return an element that holds a text."""
    name, attributes, text = parts
    return element(name, attributes, escape(text))


def branch(parts: tuple[str, dict[str, str], list[str], str]) -> str:
    """Return an element with others in it, and blanks or other things between these."""
    name, attributes, children, between = parts
    return element(name, attributes, between.join(["", *children, ""]))


BETWEEN = st.sampled_from(["", "\n", "  ", "<!-- a -->", "<?a b?>"])
ELEMENTS = st.recursive(
    LEAVES.map(leaf),
    lambda inner: st.tuples(
        NAMES, ATTRIBUTES, st.lists(inner, min_size=1, max_size=3), BETWEEN
    ).map(branch),
    max_leaves=4,
)


def canonical(document: str) -> str:
    """Return the canonical form of a document, without what stands between its elements."""
    root = ET.fromstring(document)
    for each in root.iter():
        if len(each):
            each.text = None
            for child in each:
                child.tail = None
    return ET.canonicalize(ET.tostring(root, "unicode"), rewrite_prefixes=True)


@given(ELEMENTS, ELEMENTS, st.booleans(), st.booleans())
def test_documents_differ_where_their_canonical_forms_do(
    one: str, other: str, is_same: bool, is_renamed: bool
) -> None:
    """Two documents have no difference exactly when their canonical forms are the same."""
    left = f'<r xmlns:p="urn:p" xmlns:q="urn:q">{one}</r>'
    right = f"<r xmlns:q='urn:q' xmlns:p='urn:p'>\n{one if is_same else other}</r>"
    if is_renamed:
        right = right.replace("p:", "z:").replace("xmlns:p", "xmlns:z")
    found = first_difference(left, right)
    assert (found is None) == (canonical(left) == canonical(right))
