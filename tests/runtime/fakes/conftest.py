"""An environment without proxies, and a fake of the SMS service."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

for folder in (HERE.parent.parent.parent / "generated", HERE):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from fake_sms import FakeSms  # noqa: E402 -- importable from here on


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what would change the way of requests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def fake() -> FakeSms:
    """Return a fake that accepts everybody."""
    return FakeSms()
