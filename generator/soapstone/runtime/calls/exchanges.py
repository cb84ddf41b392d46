"""What clients tell of their work: to hooks and to the log, never with a secret in it."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from ..errors import ServiceError
from ..redaction import start_of

# A log is no archive: what a document says stands at its beginning.
_SHOWN = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpExchange:
    """One request that was sent, and what came back; secrets are masked.

    Attributes:
        operation: Wire name of the operation.
        endpoint: Where the request went.
        attempt: Which attempt of the call it was, counted from 1.
        request: Beginning of the document that was sent.
        request_size: All of it, in bytes.
        status: HTTP status of the answer; None when there was none.
        response: Beginning of the body that came; None when there was none.
        response_size: All of it as it was transferred, in bytes.
        duration: From before the request was sent until the answer was there, in seconds.
        error: Why there was no answer; None when there was one.
    """

    operation: str
    endpoint: str
    attempt: int
    request: str
    request_size: int
    status: int | None
    response: str | None
    response_size: int
    duration: float
    error: str | None


Hook: TypeAlias = Callable[[HttpExchange], object]


class Observer:
    """Tells hooks and a logger of each exchange. A hook cannot make a call fail."""

    def __init__(self, logger: str, hooks: Iterable[Hook]) -> None:
        self._logger = logging.getLogger(logger)
        if not self._logger.handlers:  # or Python prints warnings that nobody asked for
            self._logger.addHandler(logging.NullHandler())
        self._hooks = tuple(hooks)

    @property
    def wants_exchanges(self) -> bool:
        """Whether anybody is told of exchanges; masking documents takes time."""
        return bool(self._hooks) or self._logger.isEnabledFor(logging.DEBUG)

    def exchanged(self, exchange: HttpExchange) -> None:
        """Tell of an exchange."""
        answered = f"HTTP {exchange.status}, {exchange.response_size} bytes"
        self._logger.debug(
            "%s after %.3f s",
            exchange.error
            or f"{exchange.operation}: {answered} ({exchange.endpoint}, attempt {exchange.attempt})",
            exchange.duration,
        )
        self._logger.debug("%s: sent %s", exchange.operation, exchange.request)
        if exchange.response is not None:
            self._logger.debug("%s: received %s", exchange.operation, exchange.response)
        for hook in self._hooks:
            self._tell(hook, exchange)

    def _tell(self, hook: Hook, exchange: HttpExchange) -> None:
        try:
            hook(exchange)
        except Exception:  # an answer must not get lost because nobody could be told
            # Not its `repr`, which may hold what the hook itself keeps secret.
            name = getattr(hook, "__qualname__", type(hook).__qualname__)
            self._logger.exception("%s: a hook failed: %s", exchange.operation, name)

    def repeating(self, error: ServiceError, pause: float, attempt: int) -> None:
        """Tell that another attempt follows."""
        self._logger.warning("%s; attempt %d in %.1f s", error, attempt, pause)

    def refused(self, operation: str) -> None:
        """Tell that a session is over."""
        self._logger.info("%s: the session was refused; signing in again", operation)


def legible(document: bytes, secrets: frozenset[str], values: frozenset[str]) -> str:
    """The beginning of a document to show to people, without what is secret.

    Args:
        document: Anything that was sent or received.
        secrets: Local names of elements and attributes whose content is secret.
        values: Texts that are secret wherever they stand.
    """
    return start_of(document, secrets, values, _SHOWN)
