"""How adapters find their libraries, and what type checkers say of clients of these."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

RUNTIME = Path(__file__).parents[3] / "generator"

ADAPTERS = (
    ("adapter_httpx", "HttpxTransport", "httpx"),
    ("adapter_httpx", "AsyncHttpxTransport", "httpx"),
    ("adapter_requests", "RequestsTransport", "requests"),
    ("adapter_aiohttp", "AiohttpTransport", "aiohttp"),
)

USE = """
import importlib, sys
sys.path.insert(0, sys.argv[1])
for blocked in sys.argv[4].split(","):
    sys.modules[blocked] = None
module = importlib.import_module("soapstone.runtime.transports." + sys.argv[2])
try:
    getattr(module, sys.argv[3])()
except ImportError as error:
    print(error.name, error, sep=": ")
"""


def said_without(blocked: str, module: str, name: str) -> str:
    """What making an adapter raises where some modules cannot be imported."""
    done = subprocess.run(
        (sys.executable, "-I", "-c", USE, str(RUNTIME), module, name, blocked),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("module", "name", "library"), ADAPTERS)
def test_a_missing_library(module: str, name: str, library: str) -> None:
    """Without any library a module can be imported; an adapter says what to install."""
    said = said_without("httpx,requests,aiohttp,anyio,urllib3", module, name)
    assert said == (
        f"{library}: this transport sends through {library}, which is not installed: "
        f"run `pip install {library}`"
    )


@pytest.mark.parametrize(
    ("module", "name", "needed"),
    [
        ("adapter_httpx", "HttpxTransport", "httpcore"),
        ("adapter_requests", "RequestsTransport", "urllib3"),
        ("adapter_aiohttp", "AiohttpTransport", "yarl"),
    ],
)
def test_a_broken_library(module: str, name: str, needed: str) -> None:
    """What a library itself misses is told as Python tells it."""
    said = said_without(needed, module, name)
    assert said.startswith(f"{needed}")
    assert "pip install" not in said


GOOD = """
import aiohttp
import httpx
import requests

from soapstone.runtime.transports.adapter_aiohttp import AiohttpTransport
from soapstone.runtime.transports.adapter_httpx import AsyncHttpxTransport, HttpxTransport
from soapstone.runtime.transports.adapter_requests import RequestsTransport
from soapstone.runtime.transports.messages import AsyncTransport, Transport

threads: list[Transport] = [
    HttpxTransport(),
    HttpxTransport(httpx.Client()),
    RequestsTransport(),
    RequestsTransport(requests.Session()),
]


async def tasks() -> list[AsyncTransport]:
    return [
        AsyncHttpxTransport(),
        AsyncHttpxTransport(httpx.AsyncClient()),
        AiohttpTransport(),
        AiohttpTransport(aiohttp.ClientSession()),
    ]


async def contexts() -> None:
    with HttpxTransport() as first, RequestsTransport() as second:
        threads.extend((first, second))
    async with AsyncHttpxTransport() as third, AiohttpTransport() as fourth:
        (await tasks()).extend((third, fourth))
"""

BAD = """
import httpx
import requests

from soapstone.runtime.transports.adapter_aiohttp import AiohttpTransport
from soapstone.runtime.transports.adapter_httpx import AsyncHttpxTransport, HttpxTransport
from soapstone.runtime.transports.adapter_requests import RequestsTransport

HttpxTransport(httpx.AsyncClient())
HttpxTransport(requests.Session())
AsyncHttpxTransport(httpx.Client())
RequestsTransport(httpx.Client())
AiohttpTransport(httpx.AsyncClient())
AiohttpTransport(requests.Session())
AiohttpTransport("https://service.example/")
"""


def wrong_lines(checker: str, folder: Path, code: str) -> list[int]:
    """The lines of a text in which a type checker in strict mode finds something wrong."""
    path = folder / "use.py"
    path.write_text(code, "utf-8")
    if checker == "mypy":
        done = subprocess.run(
            (sys.executable, "-m", "mypy", "--strict", "--output=json", "use.py"),
            cwd=folder,
            env={"MYPYPATH": str(RUNTIME), "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        said = [line for line in done.stdout.splitlines() if line.startswith("{")]
        return [json.loads(line)["line"] for line in said]
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(RUNTIME)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    done = subprocess.run(
        (
            *(sys.executable, "-m", "pyright", "--outputjson"),
            *("--pythonpath", sys.executable),
        ),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(done.stdout)["generalDiagnostics"]
    return [each["range"]["start"]["line"] + 1 for each in found]


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_clients_have_the_types_that_adapters_ask_for(
    checker: str, tmp_path: Path
) -> None:
    """Type checkers in strict mode take the clients of a library, and no others."""
    pytest.importorskip(checker)
    assert wrong_lines(checker, tmp_path, GOOD) == []
    expected = [
        number
        for number, line in enumerate(BAD.splitlines(), 1)
        if "Transport(" in line
    ]
    assert sorted(set(wrong_lines(checker, tmp_path, BAD))) == expected
