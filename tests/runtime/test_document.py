"""Documents are read in any encoding, refused in words, and never expanded."""

import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.document import (
    Unreadable,
    decode,
    decode_roughly,
    described,
    parse,
)

TEXT = "<a>né €</a>"


def _declared(encoding: str, text: str = "<a>né</a>") -> bytes:
    return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)


@pytest.mark.parametrize(
    "came",
    [
        TEXT,
        "\ufeff" + TEXT,
        f'<?xml version="1.0" encoding="utf-16"?>{TEXT}',
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        f" \n{TEXT}".encode(),
        TEXT.encode("utf-16"),
        ("\ufeff" + TEXT).encode("utf-16-be"),
        TEXT.encode("utf-32"),
        ("\ufeff" + TEXT).encode("utf-32-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-le"),
        TEXT.encode("utf-32-be"),
        b'\xef\xbb\xbf<?xml version="1.0" encoding="latin-1"?>' + TEXT.encode(),
        _declared("utf-8", TEXT),
        _declared("UTF-8", TEXT),
        _declared("windows-1252", TEXT),
        _declared("utf-16", TEXT),
        _declared("cp1252", TEXT),
        _declared("gb18030", TEXT),
        b"<?xml version='1.0'\n encoding = 'ISO-8859-15' standalone='yes'?>"
        + TEXT.encode("iso-8859-15"),
    ],
)
def test_encodings(came: bytes | str) -> None:
    """Byte order mark and declaration are understood, and text needs neither."""
    assert parse(decode(came)).text == "né €"


@pytest.mark.parametrize(
    ("came", "received"),
    [
        (b"\xff", "not in its encoding utf-8 (byte 1)"),
        (b"<a>caf\xe9</a>", "not in its encoding utf-8 (byte 7)"),
        (b"<a>\xc3", "stops before its end (inside a utf-8 character)"),
        (
            "<a>".encode("utf-16")[:-1],
            "stops before its end (inside a utf-16 character)",
        ),
        (_declared("us-ascii", "<a/>") + b"\xe9", "encoding us-ascii (byte 46)"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "unknown encoding klingon"),
        (b'<?xml version="1.0" encoding="hex"?><a/>', "unknown encoding hex"),
        (b'<?xml version="1.0" encoding="rot13"?><a/>', "unknown encoding rot13"),
        (
            b'<?xml version="1.0" encoding="unicode_escape"?><a>\\d</a>',
            "unknown encoding unicode_escape",
        ),
        (b'<?xml version="1.0" encoding="utf-16"?><a/>', "not in its encoding utf-16"),
        (b'<?xml version="1.0" encoding="cp037"?><a/>', "not in its encoding cp037"),
        (
            b'<?xml version="1.0" encoding="%s"?><a/>' % (b"x" * 9999),
            "unknown encoding " + "x" * 40,
        ),
    ],
)
def test_wrong_encodings(came: bytes, received: str) -> None:
    """Bytes that are not in the encoding they should be in are refused, never guessed."""
    with pytest.raises(Unreadable) as caught:
        decode(came)
    assert received in str(caught.value)
    assert len(str(caught.value)) < 120


def test_no_codec_of_python() -> None:
    """A codec that fails in its own way is one more wrong encoding."""
    with pytest.raises(Unreadable, match="not in its encoding"):
        decode(b'<?xml version="1.0" encoding="utf-7"?>\xff')


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("", "an empty document"),
        (" \n\t", "white space only"),
        ("<html><body>Bad Gateway</body></html>", None),
        ("<!DOCTYPE html><html><br></html>", "an HTML page"),
        ("<!doctype html>\n<html></html>", "an HTML page"),
        ("<!-- a --> <!-- b -->\n<HTML><br></HTML>", "an HTML page"),
        ('<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x" "y">', "an HTML page"),
        ('{"a": 1}', "JSON"),
        (" [1]", "JSON"),
        ("Service unavailable", "plain text"),
        ("<a><b></a>", "not well-formed XML (line 1, column 9: mismatched tag)"),
        ("<a>\n  &oops;</a>", "line 2, column 3: undefined entity"),
        ("<a>\0</a>", "NUL"),
        ("<a>\ud800</a>", "surrogates"),
        ("<a>&#1;</a>", "reference to invalid character number"),
        ("<a b='1' b='2'/>", "duplicate attribute"),
        ("<x:a/>", "unbound prefix"),
        ("<a/><b/>", "junk after document element"),
        ("<a><b>text</b>", "stops before its end (line 1, column 15"),
        ("<a><b", "stops before its end"),
        ("<a><![CDATA[x", "stops before its end"),
        ('<?xml version="1.0"?>', "stops before its end"),
        ("<!DOCTYPE a><a/>", "a document with a DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "a document with a DOCTYPE"),
        ("<!-- x --><!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "a DOCTYPE"),
        ("<!DOCTYPE a [", "DOCTYPE"),
        ("<a><!DOCTYPE a></a>", "not well-formed"),
        ("<a>\ud800<!DOCTYPE</a>", "surrogates"),
    ],
)
def test_refused(text: str, received: str | None) -> None:
    """What is no XML, or none that may be read, is refused in words for people."""
    if received is None:
        assert parse(text).tag == "html"  # well-formed: the answer says what it is
        return
    with pytest.raises(Unreadable) as caught:
        parse(text)
    assert received in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "<a><!-- <!DOCTYPE a> --></a>",
        "<a><![CDATA[<!DOCTYPE a [<!ENTITY b 'c'>]>]]></a>",
        "<a b='&lt;!DOCTYPE'>&lt;!DOCTYPE a></a><!-- <!DOCTYPE -->",
        "<!-- <!DOCTYPE a> --><a/>",
        "<?pi <!DOCTYPE a>?><a/>",
    ],
)
def test_no_doctype(text: str) -> None:
    """The word in a comment, in CDATA or in an instruction is no DOCTYPE."""
    assert parse(text).tag == "a"


BOMB = (
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + "".join(
        f'<!ENTITY {"b" * (n + 2)} "{f"&{chr(98) * (n + 1)};" * 10}">'
        for n in range(12)
    )
    + f"]><a>&{'b' * 13};</a>"
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"]
)
def test_no_entity_is_expanded(encoding: str) -> None:
    """A bomb of entities is refused at once, in whatever encoding it hides."""
    started = time.perf_counter()
    with pytest.raises(Unreadable, match="DOCTYPE"):
        parse(decode(BOMB.encode(encoding)))
    assert time.perf_counter() - started < 0.5


def test_utf_16_in_text() -> None:
    """Text that looks like UTF-16 to the parser is refused before it gets there."""
    with pytest.raises(Unreadable, match="NUL"):
        parse("\0".join(BOMB) + "\0")


@pytest.mark.parametrize(
    ("depth", "accepted"),
    [(1, True), (255, True), (256, True), (257, False), (100_000, False)],
)
def test_depth(depth: int, *, accepted: bool) -> None:
    """256 elements inside each other are read, one more is refused, wherever it is."""
    nested = "<a>" * (depth - 1) + "<a/>" + "</a>" * (depth - 1)
    beside = f"<a>{'<b></b>' * 300}{nested[3:-4]}</a>" if depth > 1 else nested
    for text in (nested, beside):
        if accepted:
            parse(text)
        else:
            with pytest.raises(Unreadable, match="nested deeper than 256"):
                parse(text)


def test_wide_is_not_deep() -> None:
    """Any number of elements beside each other is read."""
    assert len(parse(f"<a>{'<b></b>' * 10_000}</a>")) == 10_000


@given(st.binary(max_size=60) | st.binary(max_size=30).map(lambda end: b"<?xml " + end))
def test_any_bytes(came: bytes) -> None:
    """Whatever comes is read or refused, and can be shown."""
    assert len(decode_roughly(came, 10)) <= 10
    with contextlib.suppress(Unreadable):
        parse(decode(came))


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ("héllo", "hél"),
        ("héllo".encode(), "hél"),
        (b"h\xe9llo", "h\ufffdl"),
        ("héllo".encode("utf-16"), "hél"),
        ("<él".encode("utf-16-le"), "<él"),
        (b" \0<\0a\0", " <"),
    ],
)
def test_decode_roughly(came: bytes | str, shown: str) -> None:
    """The beginning of anything can be shown."""
    assert decode_roughly(came, 3) == shown


@pytest.mark.parametrize("encoding", ["klingon", "idna", "utf-16", "unicode--escape"])
def test_decode_roughly_in_no_encoding(encoding: str) -> None:
    """A document in an impossible encoding is shown as if it were in UTF-8."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><a>\\d</a>'
    with pytest.raises(Unreadable):
        decode(text.encode())
    assert decode_roughly(text.encode(), 99) == text


@pytest.mark.parametrize(
    ("came", "kind"),
    [
        ("", "an empty document"),
        (b"", "an empty document"),
        (" \r\n", "white space only"),
        ('{"title": "<html>"}', "JSON"),
        ("[]", "JSON"),
        ("upstream connect error", "plain text"),
        ("<a><html><title>x</title></html></a>", None),
        ("<html5/>", None),
        ("<html>", "an HTML page"),
        ("<html><title></title>", "an HTML page"),
        ("<html><title>\n \t</title>", "an HTML page"),
        ("<html><titles>x</titles>", "an HTML page"),
        (
            "<!-- a --><!doctype HTML><HTML><HEAD lang='en'><TITLE\nid='x'>502 Bad\n Gateway",
            "an HTML page titled '502 Bad Gateway'",
        ),
        (
            "<?xml version='1.0'?>\n<html><title>a</title><title>b</title>",
            "an HTML page titled 'a'",
        ),
        ("<html><title>It's \x07\u202ea</title>", 'an HTML page titled "It\'s a"'),
        (f"<html><title>{'x' * 99}", f"an HTML page titled '{'x' * 80}'"),
        (f"<html>{'<p/>' * 5000}<title>late</title>", "an HTML page"),
        ("<html><title>né</title>".encode("utf-16"), "an HTML page titled 'né'"),
        (b"<html><title>n\xe9</title>", "an HTML page titled 'n\ufffd'"),
    ],
)
def test_described(came: bytes | str, kind: str | None) -> None:
    """What was never meant as an answer is told by its kind, and a page by its title."""
    assert described(came) == kind


@pytest.mark.parametrize("piece", ["<title>", "<title ", "<!--", "<!-- --> ", "<title"])
def test_described_in_linear_time(piece: str) -> None:
    """No page, however broken, holds up its description."""
    started = time.perf_counter()
    assert described(f"<html>{piece * 20_000}") == "an HTML page"
    described(piece * 20_000)
    assert time.perf_counter() - started < 2
