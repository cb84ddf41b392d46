"""Specs that once yielded packages with a fault: what they yield is typed and passes its tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.output import write
from soapstone.pipeline import build_package

SERVICE = """\
soapstone: 1
service: {name}
title: Demo API
pages:
  manual: {{title: Manual, url: https://example.com/manual, retrieved: 2026-01-31}}
protocol: {{endpoint: https://example.com/api, namespace: http://example.com/}}
"""
OPERATION = """\
soapstone: 1
operation: Ping
summary: Ask for an answer.
source: {page: manual}
"""

# So many structures in each other that a sample ends before all of them were shown.
LISTS = ", ".join(f"L{number}: {{list: Item, of: T{number}}}" for number in range(4))
RECURSIVE = "types:\n" + "".join(
    f"  T{number}: {{fields: {{A: string, {LISTS}}}}}\n" for number in range(4)
)
RECURSIVE += "".join(
    f"  U{number}: {{fields: {{A: string, B: U{(number + 1) % 6}}}}}\n"
    for number in range(6)
)

# By the name of the package: what is special about the service and about its operation.
SPECS: dict[str, tuple[str, str]] = {
    "Moments": (
        "",
        """\
request:
  Until: {type: dateTime, maximum: "2021-01-01T00:00:00.1234567Z"}
  Local: {type: dateTime, minimum: "2021-01-01T00:00:00.1234567"}
  Note: string
rules:
  - when: {member: Until, above: "2020-01-01T00:00:00.1234567Z"}
    require: [Note]
""",
    ),
    "NilAttribute": (
        "",
        """\
protocol: {result: none}
response:
  nil: {type: boolean, as: attribute}
  Line: {fields: {nil: {type: boolean, as: attribute}, Text: string}}
""",
    ),
    "MixedRecursion": (
        "types: {Bu: {fields: {Mix: {list: {Bu: Bu, Note: string}}}}}\n",
        "response: {Whole: Bu}\n",
    ),
    "Deep": (
        "types: {Bundle: {fields: {Bundle: Bundle, Bundles: {repeated: true, of: Bundle}}}}\n",
        "request: {Bundle: Bundle, Note: {repeated: true, of: string}}\n",
    ),
    "ManyInside": (RECURSIVE, "response: {X: T0, Y: U0}\n"),
    "DifferentItems": (
        "",
        """\
request:
  A: {repeated: true, of: boolean, unique: true, count: 2}
  B: {repeated: true, of: {type: string, length: 1}, unique: true, count: [80, 90]}
  C: {list: Item, of: {list: Inner, of: {type: string, pattern: 'a|b'}, unique: true, count: 2}, unique: true, count: 2}
  D: {list: {P: {type: string, pattern: a}, Q: {type: int}}, unique: true, count: [4, 6]}
  E: {list: Item, of: {fields: {K: {values: [a, b]}}}, unique: true, count: 3}
  F: {list: Item, of: {type: string, pattern: '[a-d]|e{2,4}'}, unique: true, count: 7}
  G: {list: Item, of: {type: date, minimum: 2026-01-01, maximum: 2026-01-02}, unique: true, count: 2}
  H: {list: Item, of: {type: decimal, minimum: 1, maximum: 2}, unique: true, count: 5}
  I: {list: Item, of: {type: double, minimum: 1, maximum: 2}, unique: true, count: 5}
  J: {list: Item, of: {fields: {B: {type: base64, required: true}}}, unique: true, count: 3}
  K: {list: Item, of: {values: [a, b]}, unique: true}
  Some: {repeated: true, of: string, count: 2}
""",
    ),
}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages of all specs."""
    folder = tmp_path_factory.mktemp("packages")
    for name, (service, operation) in SPECS.items():
        spec = folder / "specs" / name
        spec.mkdir(parents=True)
        (spec / "service.yaml").write_text(SERVICE.format(name=name) + service, "utf-8")
        (spec / "ping.yaml").write_text(OPERATION + operation, "utf-8")
        report = Report()
        package = build_package(spec, report)
        errors = [each for each in report.diagnostics if each.severity.value == "error"]
        assert errors == []
        assert package is not None
        write(package, folder / "made")
    return folder / "made"


def run(*command: str, cwd: Path) -> None:
    """Run a module of Python, which has to find nothing wrong."""
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=os.environ
        | {"COVERAGE_PROCESS_CONFIG": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


def test_their_own_tests_pass(packages: Path) -> None:
    """The tests that come with each package pass."""
    run("pytest", "-q", "-p", "no:cacheprovider", ".", cwd=packages)


def test_they_are_typed(packages: Path) -> None:
    """Nothing in any package is of a wrong type, and no name is missing."""
    names = sorted(folder.name for folder in packages.iterdir())
    run("mypy", "--strict", "--cache-dir=/dev/null", *names, cwd=packages)


DEEP = """\
from deep.errors import ValidationError
from deep.ping import PingRequest, build_request, validate
from deep.types import Bundle


def nested(levels: int) -> Bundle:
    bundle = Bundle()
    for level in range(levels - 1):
        bundle = Bundle(bundle=bundle) if level % 2 else Bundle(bundles=[bundle])
    return bundle


circle = Bundle()
object.__setattr__(circle, "bundle", circle)
assert build_request(PingRequest(bundle=nested(256))).count(b"</Bundle>") == 128
for bundle in (nested(257), nested(3000), circle):
    (found,) = validate(PingRequest(bundle=bundle))
    assert (found.path, found.rule) == ("bundle", "depth")
    try:
        build_request(PingRequest(bundle=bundle))
    except ValidationError as error:
        assert error.violations == (found,)
    else:
        raise AssertionError
(found,) = validate(PingRequest(note=None))  # type: ignore[arg-type]
assert (found.rule, found.message) == ("type", "must be a list of values, not None")
"""


def test_requests_that_are_too_deep_are_refused(packages: Path) -> None:
    """A structure that goes deeper than a reader would, or round in a circle, is a violation."""
    (packages / "deep_requests.py").write_text(DEEP, "utf-8")
    run("deep_requests", cwd=packages)
