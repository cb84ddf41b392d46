"""What can be made to go wrong: each step of a script is used up by one call."""

import gzip
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from .replies import Fault, Headers, Reply, Step, Usual, page, with_headers

__all__ = [
    "Chunk",
    "Compress",
    "CutDocument",
    "Delay",
    "Drop",
    "Fault",
    "HtmlPage",
    "Respond",
    "Script",
    "Step",
    "Throttle",
    "Truncate",
]


@dataclass(frozen=True, slots=True)
class Delay:
    """The operation is carried out, and the answer comes after some seconds."""

    seconds: float

    def __post_init__(self) -> None:
        if not self.seconds >= 0:
            raise ValueError(f"a delay must be 0 or more seconds, not {self.seconds}")

    def applied(self, usual: Usual, /) -> Reply:
        """The usual reply, later."""
        return replace(usual(), delay=self.seconds)


@dataclass(frozen=True, slots=True)
class Drop:
    """The connection ends without an answer; the operation is not carried out.

    `Truncate(0)` ends it after the operation was carried out.
    """

    def applied(self, _: Usual, /) -> Reply:
        """No reply."""
        return Reply(status=None)


@dataclass(frozen=True, slots=True)
class Truncate:
    """The operation is carried out, and the connection ends in the middle of the answer.

    Attributes:
        at: How much of the body is sent, from 0 to less than 1.
    """

    at: float = 0.5

    def __post_init__(self) -> None:
        _check_part(self.at)

    def applied(self, usual: Usual, /) -> Reply:
        """The usual reply, of which only a part is sent."""
        reply = usual()
        return replace(reply, sent=int(len(reply.body) * self.at))


@dataclass(frozen=True, slots=True)
class CutDocument:
    """The operation is carried out, and the document in a complete answer stops too early.

    Attributes:
        at: How much of the document there is, from 0 to less than 1.
    """

    at: float = 0.5

    def __post_init__(self) -> None:
        _check_part(self.at)

    def applied(self, usual: Usual, /) -> Reply:
        """The usual reply with the beginning of its body."""
        reply = usual()
        return replace(reply, body=reply.body[: int(len(reply.body) * self.at)])


def _check_part(at: float) -> None:
    if not 0 <= at < 1:
        raise ValueError(f"a part must be from 0 to less than 1, not {at}")


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page of the server, or of one before it; the operation is not carried out."""

    status: int = 503
    title: str = "Service Unavailable"

    def applied(self, _: Usual, /) -> Reply:
        """The page."""
        return page(self.status, self.title)


@dataclass(frozen=True, slots=True)
class Throttle:
    """There are too many requests; the operation is not carried out.

    Attributes:
        retry_after: How long to wait, in seconds; None when the service does not say.
    """

    retry_after: int | None = 1

    def applied(self, _: Usual, /) -> Reply:
        """The status that asks to wait."""
        reply = page(429, "Too Many Requests")
        if self.retry_after is None:
            return reply
        return with_headers(reply, ("Retry-After", str(self.retry_after)))


@dataclass(frozen=True, slots=True)
class Respond:
    """Any other answer; the operation is not carried out.

    Attributes:
        status: HTTP status.
        body: The body, which is sent as it is.
        headers: Names and values; the length is added.
    """

    status: int = 200
    body: bytes = field(default=b"", repr=False)
    headers: Headers = ()

    def applied(self, _: Usual, /) -> Reply:
        """That answer."""
        return Reply(status=self.status, headers=self.headers, body=self.body)


@dataclass(frozen=True, slots=True)
class Compress:
    """The usual answer, compressed."""

    encoding: Literal["gzip", "deflate"]

    def __post_init__(self) -> None:
        if self.encoding not in _COMPRESSORS:
            raise ValueError(f"no such compression: {self.encoding!r}")

    def applied(self, usual: Usual, /) -> Reply:
        """The usual reply, compressed."""
        reply = usual()
        reply = replace(reply, body=_COMPRESSORS[self.encoding](reply.body))
        return with_headers(reply, ("Content-Encoding", self.encoding))


_COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """The usual answer, transferred in chunks where HTTP carries it.

    Attributes:
        size: Bytes of a chunk.
    """

    size: int

    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError(f"a chunk must have at least 1 byte, not {self.size}")

    def applied(self, usual: Usual, /) -> Reply:
        """The usual reply, in pieces."""
        return replace(usual(), chunk=self.size)


class Script:
    """The steps to come, in their order."""

    def __init__(self) -> None:
        self._steps: list[tuple[str | None, Step]] = []

    def add(self, steps: Iterable[Step], operation: str | None) -> None:
        """Append steps for calls of an operation, or of any if that is None."""
        self._steps.extend((operation, step) for step in steps)

    def taken(self, operation: str) -> Step | None:
        """The next step for a call of an operation, which is used up; None if there is none."""
        for position, (wanted, step) in enumerate(self._steps):
            if wanted is None or wanted == operation:
                del self._steps[position]
                return step
        return None
