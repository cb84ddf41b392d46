"""An environment without proxies, and both ways to call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from scripted import Tasks, Waiting, Way  # noqa: E402 -- found by the line above


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in tuple(os.environ):
        if name.lower().endswith("_proxy") or name == "REQUEST_METHOD":
            monkeypatch.delenv(name)


@pytest.fixture(params=[Waiting, Tasks], ids=["waiting", "tasks"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """Return a way to call, of either kind."""
    kind: type[Way] = request.param
    made = kind()
    yield made
    made.end()
