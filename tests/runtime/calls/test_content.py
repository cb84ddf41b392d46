"""Compressed answers are read as they were, and no further than the limit."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.calls.content import decompressed
from soapstone.runtime.errors import ConnectionFailed, ResponseTooLarge, TransportError

Pack: TypeAlias = Callable[[bytes], bytes]

BODY = b"<a>" + bytes(range(256)) * 40 + b"</a>"
LIMIT = 100_000
PACKERS: dict[str, Pack] = {"gzip": gzip.compress, "deflate": zlib.compress}


def _bare(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("body", "encodings"),
    [
        (BODY, None),
        (BODY, ""),
        (BODY, "identity"),
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), " GZip "),
        (gzip.compress(BODY), "x-gzip"),
        (gzip.compress(BODY), "identity, gzip,"),
        (zlib.compress(BODY), "deflate"),
        (zlib.compress(BODY, 0), "deflate"),
        (_bare(BODY), "deflate"),
        (gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]), "gzip"),
        (gzip.compress(BODY) + gzip.compress(b""), "gzip"),
        (gzip.compress(b"") * 500 + gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY) + b"\0" * 9000, "gzip"),
        (zlib.compress(BODY[:9]) + b"\0" + zlib.compress(BODY[9:]), "deflate"),
        (gzip.compress(zlib.compress(BODY)), "deflate, gzip"),
        (_bare(gzip.compress(gzip.compress(BODY))), "gzip,gzip,deflate"),
    ],
)
def test_encodings(body: bytes, encodings: str | None) -> None:
    """Every usual way to compress is undone, several of them from the last to the first."""
    assert decompressed(body, encodings, LIMIT) == BODY


@given(
    st.binary(max_size=20_000),
    st.lists(st.sampled_from(["gzip", "deflate"]), max_size=5),
    st.integers(0, 20_000),
)
def test_what_was_compressed_comes_back(
    body: bytes, encodings: list[str], split: int
) -> None:
    """Whatever was compressed, in two parts and up to five times over, comes back."""
    packed = body
    for encoding in encodings:
        pack = PACKERS[encoding]
        packed = pack(packed[:split]) + pack(packed[split:])
    assert decompressed(packed, ", ".join(encodings), LIMIT) == body


def test_no_body() -> None:
    """A header about the encoding may stand beside no body at all."""
    assert decompressed(b"", "gzip", LIMIT) == b""


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, _bare])
def test_every_cut_is_noticed(pack: Pack) -> None:
    """A compressed answer that lacks its end is no answer, wherever it stops."""
    packed = pack(b"<a>some text</a>")
    encoding = "gzip" if pack is gzip.compress else "deflate"
    for end in range(1, len(packed)):
        with pytest.raises(ConnectionFailed, match="stops before its end") as caught:
            decompressed(packed[:end], encoding, LIMIT)
        assert caught.value.was_sent


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"<a>not compressed</a>", "gzip"),
        (b"\xff\xff", "deflate"),
        (gzip.compress(BODY)[:-8] + b"\0" * 8, "gzip"),
        (gzip.compress(BODY) + b"garbage", "gzip"),
        (zlib.compress(BODY)[:-1] + b"?", "deflate"),
    ],
)
def test_damage(body: bytes, encoding: str) -> None:
    """A damaged answer, or one with a wrong checksum, is told from a good one."""
    with pytest.raises(ConnectionFailed, match="is damaged") as caught:
        decompressed(body, encoding, LIMIT)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("encodings", "sentence"),
    [
        ("br", "compressed in an unknown way: 'br'"),
        ("gzip, zstd", "in an unknown way: 'zstd'"),
        ("x\n" * 99, r"in an unknown way: 'x\\n"),
        (", ".join(["gzip"] * 6), "the answer is compressed 6 times over"),
    ],
)
def test_unknown_encodings(encodings: str, sentence: str) -> None:
    """What was not asked for is named, with no more of it than is useful."""
    with pytest.raises(TransportError, match=sentence) as caught:
        decompressed(b"x", encodings, LIMIT)
    assert type(caught.value) is TransportError
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "identity"])
def test_the_limit(encoding: str) -> None:
    """An answer of exactly the limit is taken, and not one of a byte more."""
    pack = PACKERS.get(encoding, bytes)
    assert len(decompressed(pack(b"x" * LIMIT), encoding, LIMIT)) == LIMIT
    with pytest.raises(ResponseTooLarge, match="has more than 100000 bytes"):
        decompressed(pack(b"x" * (LIMIT + 1)), encoding, LIMIT)


@pytest.mark.parametrize("layers", [1, 2])
def test_bombs(layers: int) -> None:
    """A bomb is stopped at the limit, and takes no more memory than a few times that."""
    bomb = gzip.compress(b"\0" * (200 * LIMIT), 9)
    if layers > 1:
        bomb = gzip.compress(bomb)
    tracemalloc.start()
    try:
        with pytest.raises(ResponseTooLarge, match="100000 bytes when decompressed"):
            decompressed(bomb, ", ".join(["gzip"] * layers), LIMIT)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 5 * LIMIT


def test_many_streams() -> None:
    """A body of nothing but empty streams is not copied once for each of them."""
    body = gzip.compress(b"") * 200_000
    started = time.process_time()
    assert decompressed(body, "gzip", LIMIT) == b""
    assert (
        time.process_time() - started < 15
    )  # it would be a minute, and takes half a second
