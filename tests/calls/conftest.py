"""What the tests of calls share: the packages, an environment without proxies, and the ways to call."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = HERE.parent

# The package as a consumer would have it, and servers that other tests use as well.
for folder in (
    TESTS.parent / "generated",
    TESTS / "services",
    TESTS / "runtime" / "adapters",
    HERE,
):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from tally import Tally, built  # noqa: E402 -- importable from here on
from ways import ALL_WAYS, HTTP_WAYS, OWN_WAYS, Way  # noqa: E402 -- the same

VARIABLES = (
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    *("request_method", "requests_ca_bundle", "curl_ca_bundle", "ssl_cert_file"),
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what would change the way of requests or what they carry."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


def _way(request: pytest.FixtureRequest) -> Way:
    found = request.param
    assert isinstance(found, Way)
    return found


@pytest.fixture(params=ALL_WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    """Return one way to call after the other, those without a socket among them."""
    return _way(request)


@pytest.fixture(params=HTTP_WAYS, ids=str)
def http_way(request: pytest.FixtureRequest) -> Way:
    """Return one way to call over HTTP after the other."""
    return _way(request)


@pytest.fixture(params=OWN_WAYS, ids=str)
def own_way(request: pytest.FixtureRequest) -> Way:
    """Return both clients as they are without a transport."""
    return _way(request)


@pytest.fixture(scope="session")
def tally(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tally]:
    """Return the package of the second service, under a name of its own."""
    parent = tmp_path_factory.mktemp("called")
    built(TESTS / "services" / "tallyhouse", parent / "tally_called")
    sys.path.insert(0, str(parent))
    yield Tally(import_module("tally_called"))
    sys.path.remove(str(parent))
