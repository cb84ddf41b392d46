"""Only bare ampersands, and only where they are declared, are mended."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.document import parse
from soapstone.runtime.repair import escape_bare_ampersands

NAMES = frozenset({"Key", "Zweite-Ö.1"})


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("<Key>A&B</Key>", "<Key>A&amp;B</Key>"),
        ("<Key>ASG%&^%&@!</Key>", "<Key>ASG%&amp;^%&amp;@!</Key>"),
        ("<Key>&</Key>", "<Key>&amp;</Key>"),
        ("<Key>&&amp;&</Key>", "<Key>&amp;&amp;&amp;</Key>"),
        ("<Key>&amp;&lt;&#38;&#x26;&#xaF;</Key>", None),
        ("<Key>&unknown;&é1.-·;</Key>", None),
        (
            "<Key>&#;&#x;&#xg;&#12a;&1;</Key>",
            "<Key>{0}#;{0}#x;{0}#xg;{0}#12a;{0}1;</Key>",
        ),
        ("<Key>& amp;&amp</Key>", "<Key>&amp; amp;&amp;amp</Key>"),
        ("<p:Key>&</p:Key>", "<p:Key>&amp;</p:Key>"),
        ("<Zweite-Ö.1>&</Zweite-Ö.1>", "<Zweite-Ö.1>&amp;</Zweite-Ö.1>"),
        ("<Key\n a='>&' b=\"/>\" >&</Key>", "<Key\n a='>&' b=\"/>\" >&amp;</Key>"),
        ("<Key a='1'/>&<Other>&</Other>", None),
        ("<Key/>&", None),
        ("<Keys>&</Keys><key>&</key><Key:x>&</Key:x>", None),
        ("<Key><b/>&</Key>", None),
        ("<Key>&<b>&</b>&</Key>", "<Key>&amp;<b>&</b>&</Key>"),
        ("<![CDATA[<Key>&</Key>]]>", None),
        ("<Key><![CDATA[&]]></Key>", None),
        ("<!-- <Key>&</Key> -->", None),
        ("<?pi <Key>&</Key>?>", None),
        ("<a b='<Key>&'><Key>&</Key>", "<a b='<Key>&amp;'><Key>&amp;</Key>"),
        ("</Key>&", None),
        ("<!-- <Key>&", None),
        ("<![CDATA[ <Key>&", None),
        ("<? <Key>&", None),
        ("plain & text", None),
    ],
)
def test_repair(text: str, mended: str | None) -> None:
    """Text of a declared element is mended, everything else stays to the letter."""
    wanted = text if mended is None else mended.replace("{0}", "&amp;")
    assert escape_bare_ampersands(text, NAMES) == wanted


@given(st.text(alphabet="&a;# <>'\"/K!-[]?", max_size=40))
def test_nothing_but_ampersands_changes(text: str) -> None:
    """What was inserted is only ever the escape of an ampersand."""
    mended = escape_bare_ampersands(f"<Key>{text}", frozenset({"Key", "K"}))
    assert mended.replace("&amp;", "&") == f"<Key>{text}".replace("&amp;", "&")


@given(st.text(alphabet="&abz;#x12%^ ", max_size=40))
def test_mended_text_is_read_as_it_was_meant(text: str) -> None:
    """Without any reference in it, the text is what stands there."""
    if ";" not in text:
        root = parse(escape_bare_ampersands(f"<Key>{text}</Key>", NAMES))
        assert (root.text or "") == text


@pytest.mark.parametrize(
    "piece",
    ["<!--", "<![CDATA[", "<?", "<Key ", "<Key a='", '<a b="', "<a", "&", "&a", "<a:"],
)
def test_linear(piece: str) -> None:
    """No document, however broken, holds up the repair."""
    started = time.perf_counter()
    escape_bare_ampersands(piece * 40_000, NAMES)
    escape_bare_ampersands("<Key>" + piece * 40_000, NAMES)
    assert time.perf_counter() - started < 2
