"""What is imported, and what is not: no library of others, and nothing before it is needed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

GENERATED = Path(__file__).parent.parent.parent / "generated"

# Finds none of the libraries that adapters stand on, wherever they may be installed.
BLOCKER = """
    import sys
    from importlib.abc import MetaPathFinder

    class Blocker(MetaPathFinder):
        tried = []

        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in {"httpx", "httpcore", "requests", "urllib3", "aiohttp"}:
                self.tried.append(name)
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return None

    sys.meta_path.insert(0, Blocker())
"""


def run(code: str, *, is_blocked: bool = True) -> object:
    """What a fresh interpreter prints, which must end well and warn of nothing."""
    program = f"import sys\nsys.path.insert(0, {str(GENERATED)!r})\n"
    program += textwrap.dedent(BLOCKER) if is_blocked else ""
    program += "import json\n" + textwrap.dedent(code)
    kept = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ
    }
    ended = subprocess.run(
        [sys.executable, "-I", "-B", "-W", "error", "-c", program],
        env=kept,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    shown: object = json.loads(ended.stdout)
    return shown


def test_calls_work_without_other_libraries() -> None:
    """Both clients call a fake over HTTP where no library of an adapter is installed."""
    assert (
        run("""
        import asyncio
        from revio import AsyncClient, Client, Credentials
        from revio.testing import FakeService

        auth = Credentials("user", "secret", "client")

        async def called(endpoint):
            async with AsyncClient(auth, endpoint=endpoint) as client:
                sent = await client.sms_send(to_number="8504700000", message="Hello")
                await client.sms_opt_out_delete(tns=["8504700000"])
            return sent.id

        fake = FakeService()
        with fake.serve() as endpoint, Client(auth, endpoint=endpoint) as client:
            sent = client.sms_send(to_number="8504700000", message="Hello")
            client.sms_opt_out_create(tns=["8504700000"])
            identifiers = [sent.id, asyncio.run(called(endpoint))]
        names = [call.operation for call in fake.calls]
        print(json.dumps([identifiers, names, Blocker.tried]))
        """)
        == [
            [3939323, 3939323],
            ["SMS_Send", "SMSOptOut_Create", "SMS_Send", "SMSOptOut_Delete"],
            [],
        ]
    )


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("HttpxTransport", "httpx"),
        ("AsyncHttpxTransport", "httpx"),
        ("RequestsTransport", "requests"),
        ("AiohttpTransport", "aiohttp"),
    ],
)
def test_an_adapter_without_its_library(name: str, library: str) -> None:
    """An adapter can be imported without its library; making one says what to install."""
    sentence = f"this transport sends through {library}, which is not installed: run `pip install {library}`"
    assert run(f"""
        from revio import {name}
        tried = list(Blocker.tried)
        try:
            {name}()
        except ImportError as error:
            print(json.dumps([tried, str(error), error.name]))
        """) == [[], sentence, library]


# What takes long, or is for one operation only.
LATE = (
    *("ssl", "http.client", "asyncio", "socket", "selectors", "logging.handlers"),
    *("revio.sms_send", "revio.sms_opt_out_create", "revio.sms_opt_out_delete"),
)


def test_the_package_imports_nothing_of_its_own() -> None:
    """`import revio` imports none of its modules, and with them neither TLS nor HTTP nor the event loop."""
    imported = run("import revio; print(json.dumps(sorted(sys.modules)))")
    assert isinstance(imported, list)
    assert not set(LATE) & set(imported)
    assert [each for each in imported if str(each).startswith("revio")] == ["revio"]


@pytest.mark.parametrize("name", ["Client", "AsyncClient", "Credentials", "Session"])
def test_a_client_imports_what_it_needs_later(name: str) -> None:
    """A client or what it is made with imports neither TLS nor HTTP nor any operation."""
    imported = run(f"from revio import {name}; print(json.dumps(sorted(sys.modules)))")
    assert isinstance(imported, list)
    assert not set(LATE) & set(imported)
    assert "revio" in imported


def test_a_call_imports_only_its_operation() -> None:
    """A call imports the module of its operation, and of no other one."""
    imported = run("""
        from revio import Client, Session
        from revio._runtime.transports.messages import HttpResponse

        class Stub:
            def send(self, request):
                header = b"<Header><Success>1</Success></Header>"
                return HttpResponse(status=200, body=b"<SMS_SendResult>" + header + b"</SMS_SendResult>")

        Client(Session("key"), transport=Stub()).sms_send(to_number="8504700000", message="Hello")
        print(json.dumps(sorted(sys.modules)))
        """)
    assert isinstance(imported, list)
    operations = [each for each in imported if str(each).startswith("revio.sms_")]
    assert operations == ["revio.sms_send"]
    assert not {"ssl", "http.client", "asyncio"} & set(imported)


def test_the_first_request_imports_what_makes_it() -> None:
    """A request is built without a client, a transport or another operation, and what is rare stays unmade."""
    imported = run("""
        from revio import Session
        from revio.sms_opt_out_create import SmsOptOutCreateRequest, build_request
        from revio._runtime import checks

        build_request(SmsOptOutCreateRequest(tns=["6788651234"]), Session("key"))
        print(json.dumps([sorted(sys.modules), checks._forbidden.cache_info().currsize]))
        """)
    assert isinstance(imported, list)
    modules, made = imported
    late = {*LATE, "logging"} - {"revio.sms_opt_out_create"}
    assert not late & set(modules)
    own = {each.removeprefix("revio.") for each in modules if each.startswith("revio.")}
    assert {each for each in own if not each.startswith("_runtime")} == {
        *("errors", "sms_opt_out_create", "types"),
    }
    assert {each for each in own if each.startswith("_runtime.calls.")} == {
        "_runtime.calls.operation"
    }
    assert not {each for each in own if each.startswith("_runtime.transports")}
    assert made == 0
