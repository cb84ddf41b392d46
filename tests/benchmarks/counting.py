"""Counts what black lays out and what is read as YAML, in a process and all that it starts.

Python imports `sitecustomize` in each of them; the one that `prepared` writes calls `start`.
"""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import ParamSpec, TypeVar

from benchmarks.measuring import import_path

_FILE = "BENCHMARK_COUNTED"
_Parameters = ParamSpec("_Parameters")
_Returned = TypeVar("_Returned")

FORMATTED = "f"
PARSED = "p"


def prepared(folder: Path) -> dict[str, str]:
    """Return the environment of processes that count into the folder."""
    folder.mkdir(exist_ok=True)
    hook = "from benchmarks.counting import start\n\nstart()\n"
    (folder / "sitecustomize.py").write_text(hook, "utf-8")
    (folder / "counted").write_bytes(b"")
    return {"PYTHONPATH": import_path(folder), _FILE: str(folder / "counted")}


def counted(folder: Path) -> Counter[str]:
    """Return how often each happened since the environment was prepared."""
    return Counter((folder / "counted").read_text("ascii"))


def start() -> None:
    """Count from here on."""
    import black  # noqa: PLC0415 -- not where nothing is counted
    import yaml  # noqa: PLC0415 -- the same

    _count(black, "format_file_contents", FORMATTED)
    _count(black, "format_str", FORMATTED)
    for name in ("BaseLoader", "CBaseLoader", "SafeLoader", "CSafeLoader"):
        loader = getattr(yaml, name)
        loader.__init__ = _counting(loader.__init__, PARSED)


def _count(module: ModuleType, name: str, event: str) -> None:
    setattr(module, name, _counting(getattr(module, name), event))


def _counting(
    function: Callable[_Parameters, _Returned], event: str
) -> Callable[_Parameters, _Returned]:
    @functools.wraps(function)
    def wrapped(*args: _Parameters.args, **kwargs: _Parameters.kwargs) -> _Returned:
        # Several processes append to the file, each byte in one piece.
        file = os.open(os.environ[_FILE], os.O_WRONLY | os.O_APPEND)
        os.write(file, event.encode())
        os.close(file)
        return function(*args, **kwargs)

    return wrapped
