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

    def answered(self, auth: AuthT | None, session: AuthT | None) -> None:
        """Open the session in an answer, unless it was a session that was answered."""
        if session is None or type(auth) is type(session):
            return
        if session in self._ended:
            self._ended.remove(session)
        if session not in self._open:
            self._open.append(session)

    def end_sessions(self) -> None:
        """Refuse the open sessions from now on, until an answer opens them anew."""
        self._ended += self._open
        self._open.clear()
