"""A secret that can be recognised by any piece of it, and everything in which it must not stand."""

from __future__ import annotations

import dataclasses
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from xml.sax.saxutils import escape

from revio import HttpExchange

# No two pieces of six characters are alike or stand in any document or message.
CANARY = "Zq7Xv3Kw9Yp2Rj5Hg8Nb4Tc6"
# The same for secrets that must be digits.
DIGITS = "4929731685205"


def pieces(secret: str, size: int) -> list[str]:
    """Every piece of a secret by which it is recognised."""
    return [secret[start : start + size] for start in range(len(secret) - size + 1)]


# As few digits as six stand in times.
PIECES = (*pieces(CANARY, 6), *pieces(DIGITS, 9))


def found_in(texts: Iterable[str]) -> list[str]:
    """The texts that hold as much as a piece of a secret."""
    return [text for text in texts if any(piece in text for piece in PIECES)]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error with everything that it came from."""
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and each not in seen:
            seen.append(each)
            yield each
            waiting += (each.__cause__, each.__context__)


def pickled(value: object) -> str:
    """What anyone can read in a pickle."""
    dumps = (pickle.dumps(value, protocol) for protocol in (0, pickle.DEFAULT_PROTOCOL))
    return "".join(each.decode("latin-1") for each in dumps)


def members(value: object) -> Iterator[str]:
    """Every text inside a value, those that do not show in its `repr` among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from members(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from members(getattr(value, field.name))


def shown_by_error(error: BaseException) -> Iterator[str]:
    """Everything that can be had from an error and from all that it came from."""
    for each in chain(error):
        yield str(each)
        yield repr(each)
        yield repr(each.args)
        yield pprint.pformat(vars(each))
        yield "".join(traceback.format_exception(each))
        yield from members(each.args)
        for value in vars(each).values():
            yield str(value)
            yield from members(value)
    yield pickled(error)


def shown_by_record(record: logging.LogRecord) -> Iterator[str]:
    """Everything that handlers may make of a record."""
    yield record.getMessage()
    yield repr(record.args)
    yield pprint.pformat(vars(record))
    yield logging.Formatter("%(message)s").format(record)
    if record.exc_info and record.exc_info[1]:
        yield from shown_by_error(record.exc_info[1])


def shown_by_exchange(exchange: HttpExchange) -> Iterator[str]:
    """Everything that a hook may make of an exchange."""
    yield repr(exchange)
    yield str(exchange)
    yield pickled(exchange)
    yield from members(exchange)


def _bare(document: str) -> str:
    """A document as it can stand inside another one."""
    return document.partition("?>")[2] or document


def _cut(document: str) -> str:
    """A document up to the middle of its first secret."""
    start, size = min(
        (document.index(secret), len(secret))
        for secret in (CANARY, DIGITS)
        if secret in document
    )
    return document[: start + size // 2 + 1]


# How a service may repeat a document in another one.
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": _bare,
    "escaped": escape,
    "escaped twice": lambda document: escape(escape(document)),
    "references": lambda document: _bare(document)
    .replace("<", "&#60;")
    .replace(">", "&#x3E;"),
    "cdata": lambda document: f"<![CDATA[{document}]]>",
    "comment": lambda document: f"<!-- {_bare(document)} -->",
    "cut": lambda document: escape(_cut(document)),
    "cut, escaped twice": lambda document: escape(escape(_cut(document))),
    "value": lambda document: " or ".join(
        f"'{secret}'" for secret in (CANARY, DIGITS) if secret in document
    ),
    "json": lambda _: escape(f'{{"Password": "{CANARY}", "SessionKey":"{CANARY}"}}'),
    "attribute": lambda _: escape(f'<User Password="{CANARY}"/>'),
    "form": lambda _: f"Username=user&amp;Password={CANARY}",
}


class Spy(logging.Handler):
    """Keeps everything that people may get to see.

    Attributes:
        records: What was logged, by whomever.
        exchanges: What a hook was told.
        texts: What else was shown.
    """

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []
        self.exchanges: list[HttpExchange] = []
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)

    def hook(self, exchange: HttpExchange) -> None:
        """Keep an exchange."""
        self.exchanges.append(exchange)

    def fail(self, exchange: HttpExchange) -> None:
        """Fail, which is logged."""
        raise LookupError(f"cannot tell of {exchange}")

    def see(self, *values: object) -> None:
        """Keep what some values show."""
        for value in values:
            self.texts += (repr(value), str(value), pprint.pformat(value, width=20))

    def catch(self, error: BaseException) -> None:
        """Keep what an error shows."""
        self.texts += shown_by_error(error)
        record = logging.LogRecord(
            *("spy", logging.ERROR, "spy", 1, "%s %r", (error, error)),
            (type(error), error, error.__traceback__),
        )
        self.texts += shown_by_record(record)

    @contextmanager
    def watching(self, kind: type[Exception]) -> Iterator[None]:
        """Keep what an error shows that is raised inside."""
        try:
            yield
        except kind as error:
            self.catch(error)

    def logged(self, package: str = "") -> list[str]:
        """What the records show, of one package or of all."""
        records = [each for each in self.records if each.name.startswith(package)]
        return [text for each in records for text in shown_by_record(each)]

    def hooked(self) -> list[str]:
        """What the exchanges show."""
        return [text for each in self.exchanges for text in shown_by_exchange(each)]

    def seen(self) -> list[str]:
        """Everything."""
        return [*self.texts, *self.logged(), *self.hooked()]


@contextmanager
def spying(level: int = logging.DEBUG) -> Iterator[Spy]:
    """Listen to all loggers."""
    spy = Spy()
    root = logging.getLogger()
    before = root.level
    root.addHandler(spy)
    root.setLevel(level)
    try:
        yield spy
    finally:
        root.removeHandler(spy)
        root.setLevel(before)
