"""An environment without proxies and passwords, and the adapters to be tried in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent

if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from adapter_kinds import KINDS, Adapter, Kind  # noqa: E402 -- importable from here on

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what would change the way of requests or what they carry."""
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Return one kind of adapter after the other."""
    found = request.param
    assert isinstance(found, Kind)
    return found


@pytest.fixture
def adapter(kind: Kind) -> Iterator[Adapter]:
    """Return an adapter with a client of its own."""
    with kind.own() as made:
        yield made
