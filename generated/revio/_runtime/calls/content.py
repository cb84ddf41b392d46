"""Compressed bodies of answers, up to a limit: a small answer may grow to any size."""

import zlib

from ..errors import ConnectionFailed, ResponseTooLarge, TransportError

# What a request says that its answer may be compressed with.
ACCEPTED = "gzip, deflate"

# 16 + window: with the header and the checksum of gzip; + window: with those of zlib.
_WINDOWS = {
    "gzip": 16 + zlib.MAX_WBITS,
    "x-gzip": 16 + zlib.MAX_WBITS,
    "deflate": zlib.MAX_WBITS,
}
# A body that was compressed more often was made to keep us busy.
_MOST_ENCODINGS = 5
# What is handed over at a time, in bytes: a stream that ends gives back a copy of the rest, and
# a body may consist of nothing but streams that end.
_TAKEN = 4096


def decompressed(body: bytes, encodings: str | None, limit: int) -> bytes:
    """The body as it was before it was compressed.

    Args:
        body: What was transferred.
        encodings: The header `Content-Encoding`.
        limit: The largest result that is taken, in bytes.

    Raises:
        ResponseTooLarge: The result would be larger.
        ConnectionFailed: The compressed body is damaged, or stops before its end.
        TransportError: It is compressed in a way that was not asked for, or too often.
    """
    named = [each.strip().lower() for each in (encodings or "").split(",")]
    applied = [each for each in named if each not in {"", "identity"}]
    if len(applied) > _MOST_ENCODINGS:
        raise TransportError(f"the answer is compressed {len(applied)} times over")
    for encoding in reversed(applied):
        if body:  # the header may also stand beside no body
            body = _inflated(body, _window(encoding, body), limit)
    if len(body) > limit:
        raise ResponseTooLarge(f"the answer has more than {limit} bytes")
    return body


def _window(encoding: str, body: bytes) -> int:
    window = _WINDOWS.get(encoding)
    if window is None:
        raise TransportError(
            f"the answer is compressed in an unknown way: {encoding[:40]!r}"
        )
    # Some servers send what the standard calls deflate without the frame that it asks for.
    is_bare = encoding == "deflate" and (body[0] & 0x0F) != zlib.DEFLATED
    return -window if is_bare else window


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    stream = zlib.decompressobj(window)
    for start in range(0, len(body), _TAKEN):
        rest = body[start : start + _TAKEN]
        # Behind a stream there may be zeros, which fill up its last block, or another stream.
        while rest := rest.lstrip(b"\0") if stream.eof else rest:
            if stream.eof:
                stream = zlib.decompressobj(window)
            try:
                piece = stream.decompress(rest, limit - size + 1)
            except zlib.error:
                raise ConnectionFailed("the compressed answer is damaged") from None
            size += len(piece)
            if size > limit:
                raise ResponseTooLarge(
                    f"the answer has more than {limit} bytes when decompressed"
                )
            pieces.append(piece)
            rest = stream.unused_data
    if not stream.eof:
        raise ConnectionFailed("the compressed answer stops before its end")
    return b"".join(pieces)
