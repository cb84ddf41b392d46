"""Who may call the fake: whom a test accepts, and the sessions that answers opened."""

from collections.abc import Iterable
from typing import Generic

from ..calls.operation import AuthT


class Accounts(Generic[AuthT]):
    """Accepts or refuses callers."""

    def __init__(self, accept: Iterable[AuthT] | None) -> None:
        self._accept = None if accept is None else tuple(accept)
        self._open: list[AuthT] = []
        self._ended: list[AuthT] = []

    def accepts(self, auth: AuthT) -> bool:
        """Whether a caller may call now."""
        if auth in self._open:
            return True
        if auth in self._ended:
            return False
        return self._accept is None or auth in self._accept

    def opened(self, session: AuthT | None) -> None:
        """Accept the session that an answer opened, or went on with; None if there was none.

        The keys in documented answers differ, so one session may go on with another key.
        """
        if session is None:
            return
        if session in self._ended:
            self._ended.remove(session)
        if session not in self._open:
            self._open.append(session)

    def end_sessions(self) -> None:
        """Refuse the open sessions from now on, until an answer opens them anew."""
        self._ended += self._open
        self._open.clear()
