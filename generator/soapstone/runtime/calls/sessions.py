"""Who calls: what a client was given, or the session that an earlier answer opened."""

from threading import Lock
from typing import Generic

from .operation import AuthT


class Callers(Generic[AuthT]):
    """Opens requests, with a session when there is one. Threads may share it.

    A session never takes the place of what the client was given: once it is refused, that
    opens the next request.

    Attributes:
        given: What the client was given.
    """

    def __init__(self, given: AuthT, *, keeps_session: bool) -> None:
        self.given = given
        self._keeps_session = keeps_session
        self._session: AuthT | None = None
        self._lock = Lock()

    def current(self) -> AuthT:
        """What opens the next request."""
        session = self._session
        return self.given if session is None else session

    def opened(self, session: AuthT | None) -> None:
        """Keep what an answer opened, if sessions are to be kept; the last one counts."""
        if session is not None and self._keeps_session:
            with self._lock:
                self._session = session

    def refused(self, used: AuthT) -> bool:
        """Forget a session that was refused; whether something else can be tried.

        Another call may have opened a new session meanwhile, which stays.
        """
        if used == self.given:
            return False
        with self._lock:
            if self._session == used:
                self._session = None
        return True
