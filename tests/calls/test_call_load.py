"""Many calls at once: every answer belongs to its caller, and no connection is left."""

from __future__ import annotations

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from adapter_servers import Connection, answer, serving
from ways import Way

from revio import Session

LONG = 30.0


@dataclass
class Echo:
    """A service that answers each message with an identifier made of the number that it goes to.

    Attributes:
        open: Connections that are open now.
        most: The most that were open at one time.
        numbers: How often each number came.
    """

    open: int = 0
    most: int = 0
    numbers: Counter[str] = field(default_factory=Counter[str])
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, connection: Connection) -> None:
        """Serve a connection until its end."""
        with self._lock:
            self.open += 1
            self.most = max(self.most, self.open)
        try:
            while received := connection.receive():
                connection.send(self._answer(received.body))
        finally:
            with self._lock:
                self.open -= 1

    def _answer(self, body: bytes) -> bytes:
        found = re.search(rb"<ToNumber>(\d+)</ToNumber>", body)
        assert found is not None
        number = found[1].decode()
        with self._lock:
            self.numbers[number] += 1
        # Some answers overtake others.
        time.sleep(int(number) % 5 / 1000)
        identifier = int(number) - 5550000000
        return answer(
            "<SMS_SendResult><Header><Success>true</Success></Header>"
            f"<ID>{identifier}</ID></SMS_SendResult>".encode()
        )

    def is_left(self) -> bool:
        """Whether all connections end within the time that nobody needs."""
        until = time.monotonic() + LONG
        while self.open and time.monotonic() < until:
            time.sleep(0.005)
        return not self.open


def test_every_answer_belongs_to_its_caller(http_way: Way) -> None:
    """A hundred threads, or up to a thousand tasks, get the answers to their own messages, each once."""
    echo = Echo()
    identifiers = range(1, http_way.at_once + 1)
    numbers = [str(5550000000 + each) for each in identifiers]
    with serving(echo) as server:
        with http_way.connect(Session("key"), endpoint=server.url()) as caller:
            answers = caller.send_all(numbers)
            assert [each.id for each in answers] == list(identifiers)
            assert echo.numbers == Counter(numbers)
            assert echo.most <= 100
            # What was opened for many serves the next ones.
            opened = server.connections
            for each in answers[:5]:
                assert each.id is not None
                assert caller.send(str(5550000000 + each.id)).id == each.id
            assert server.connections == opened
        assert echo.is_left()
    assert not server.requests[0].body.count(b"Credentials")
