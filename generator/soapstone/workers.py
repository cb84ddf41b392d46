"""The same function for many things, in several processes where that saves time.

Processes are forked, so that they know everything without being told and only results travel. Where
there is little to do, or a system cannot fork, all happens in this process.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")

# Fewer things than that are done before there are processes for them.
_FEW = 24
# So many at once travel cheaply, and leave nobody without work at the end.
_AT_ONCE = 4
# After so many things garbage is collected.
_BETWEEN = 20
# What the processes are to do, which they find where they were forked.
_work: list[Callable[[int], object]] = []


class WorkerError(Exception):
    """A process was killed before it was done."""


def _say_nothing(_label: str, _done: int, _all: int) -> None:
    pass


def nothing() -> None:
    """Do nothing meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workers:
    """So many processes.

    Attributes:
        tell: Is told what is being done, how many things are done, and of how many.
    """

    count: int = 1
    tell: Callable[[str, int, int], None] = _say_nothing

    def map(
        self,
        function: Callable[[_Thing], _Result],
        things: Sequence[_Thing],
        label: str,
        *,
        few: int = _FEW,
        meanwhile: Callable[[], object] = nothing,
    ) -> Iterator[_Result]:
        """Yield what a function makes of each thing, in their order.

        Args:
            function: Its results can be pickled.
            things: They need not be.
            label: What is being done.
            few: So many things are worth a second process.
            meanwhile: Is called once the others have begun, before the first result comes.

        Raises:
            WorkerError: A process was killed.
        """
        is_alone = self.count == 1 or len(things) < few or sys.platform == "win32"
        if is_alone:
            meanwhile()
            results: Iterator[_Result] = map(function, things)
        else:
            count = min(self.count, len(things))
            results = _spread(count, function, things, meanwhile)
        for done, result in enumerate(results, 1):
            self.tell(label, done, len(things))
            yield result


ALONE = Workers()


def _spread(
    count: int,
    function: Callable[[_Thing], _Result],
    things: Sequence[_Thing],
    meanwhile: Callable[[], object],
) -> Iterator[_Result]:
    # Most runs do without: it takes as long to import as all else.
    from concurrent.futures.process import (  # noqa: PLC0415 -- see above
        BrokenProcessPool,
    )

    def work(number: int) -> _Result:
        return function(things[number])  # pragma: no cover -- not counted in a fork

    at_once = _AT_ONCE if len(things) > _FEW else 1
    with _pool(count, work) as pool:
        try:
            with _undisturbed():
                results = pool.map(_do, range(len(things)), chunksize=at_once)
            meanwhile()
            for result in results:
                yield cast("_Result", result)
        except BrokenProcessPool as problem:
            raise WorkerError from problem


@contextmanager
def _pool(count: int, work: Callable[[int], object]) -> Generator[ProcessPoolExecutor]:
    from concurrent.futures import (  # noqa: PLC0415 -- see above
        ProcessPoolExecutor,
    )
    from multiprocessing import (  # noqa: PLC0415 -- see above
        active_children,
        get_context,
    )

    _work.append(work)
    # What is here already is no garbage, and pages that nobody touches stay shared.
    gc.freeze()
    pool = ProcessPoolExecutor(count, get_context("fork"), initializer=_settle_in)
    try:
        yield pool
    except BaseException:
        for process in active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        gc.unfreeze()
        _work.pop()


@contextmanager
def _undisturbed() -> Generator[None]:
    """Hold Ctrl-C back while processes start, since each would have its say about it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _do(number: int) -> object:  # pragma: no cover -- as above
    # Between two things there is little to look through; while one is done there is much.
    if not number % _BETWEEN:
        gc.collect()
    return _work[-1](number)


def _settle_in() -> None:  # pragma: no cover -- as above
    # Ctrl-C reaches every process; the first one ends the others, and tells of it once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:  # pragma: no cover -- as above
    """End with the first process, which may be killed before it can say so."""
    from multiprocessing import parent_process  # noqa: PLC0415 -- as above

    if (first := parent_process()) is not None:
        first.join()
        os._exit(1)
