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


def decompressed(body: bytes, encodings: str | None, limit: int) -> bytes:
    """The body as it was before it was compressed.

    Args:
        body: What was transferred.
        encodings: The header `Content-Encoding`.
        limit: The largest result that is taken, in bytes.

    Raises:
        ResponseTooLarge: The result would be larger.
        ConnectionFailed: The compressed body is damaged, or stops before its end.
        TransportError: It is compressed in a way that was not asked for.
    """
    named = [each.strip().lower() for each in (encodings or "").split(",")]
    for encoding in reversed([each for each in named if each not in {"", "identity"}]):
        body = _inflated(body, encoding, limit)
    if len(body) > limit:
        raise ResponseTooLarge(f"the answer has more than {limit} bytes")
    return body


def _inflated(body: bytes, encoding: str, limit: int) -> bytes:
    window = _WINDOWS.get(encoding)
    if window is None:
        raise TransportError(
            f"the answer is compressed in an unknown way: {encoding[:40]!r}"
        )
    if not body:
        return body
    # Some servers send what the standard calls deflate without the frame that it asks for.
    if encoding == "deflate" and (body[0] & 0x0F) != zlib.DEFLATED:
        window = -zlib.MAX_WBITS
    pieces: list[bytes] = []
    size = 0
    stream = zlib.decompressobj(window)
    for start in range(0, len(body), _TAKEN):
        rest = body[start : start + _TAKEN]
        while rest:
            if stream.eof:  # the standard allows several streams, one after the other
                stream = zlib.decompressobj(window)
            try:
                pieces.append(stream.decompress(rest, limit - size + 1))
            except zlib.error:
                raise ConnectionFailed("the compressed answer is damaged") from None
            size += len(pieces[-1])
            if size > limit:
                raise ResponseTooLarge(
                    f"the answer has more than {limit} bytes when decompressed"
                )
            rest = stream.unused_data
            if stream.eof: rest = rest.lstrip(b"\0")
    if not stream.eof:
        raise ConnectionFailed("the compressed answer stops before its end")
    return b"".join(pieces)
