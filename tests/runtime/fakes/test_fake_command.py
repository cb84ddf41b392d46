"""A fake on the command line: what it prints and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from fake_sms import FakeSms

from soapstone.runtime.fakes.command import main

PROGRAM = "python -m sms.testing"
HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@contextmanager
def _running(code: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs code, with the fake importable."""
    paths = [HERE, ROOT / "generated", ROOT / "generator"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    # Ctrl-C is ignored in what a shell starts in the background, tests among it.
    start = (
        "import signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    )
    start += f"from fake_sms import FakeSms\n{code}"
    with subprocess.Popen(
        [sys.executable, "-c", start],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


MAIN = f"""\
from soapstone.runtime.fakes.command import main
sys.exit(main(sys.argv[1:] or ["--verbose"], FakeSms(), program={PROGRAM!r}))
"""


def test_it_serves_until_it_is_interrupted() -> None:
    """It says where it serves, what, and how it is stopped; and each answer, if asked for."""
    with _running(MAIN) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        assert process.stdout.readline() == (
            "Operations: SMS_Send, SMSOptOut_Create, SMSOptOut_Delete\n"
        )
        assert process.stdout.readline() == "Ctrl-C stops it.\n"
        url = first.split()[-1]
        with urlopen(url) as page:  # noqa: S310 -- what it has just printed
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert rest == "GET /v20/default.asmx: 200 OK\nStopped.\n"
    assert (process.returncode, errors) == (0, "")


def test_a_fake_runs_by_itself() -> None:
    """What runs from code says the same, and does not tell of answers unless asked to."""
    with _running("FakeSms().run()") as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        process.stdout.readline()
        process.stdout.readline()
        with urlopen(url) as page:  # noqa: S310 -- what it has just printed
            assert page.status == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (rest, errors) == ("Stopped.\n", "")


def test_a_port_that_is_taken(
    fake: FakeSms, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where another program listens, it says so, and what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)], fake, program=PROGRAM) == 1
    assert capsys.readouterr().err == (
        f"{PROGRAM}: port {port} of 127.0.0.1 is taken; choose another one with --port\n"
    )


def test_a_place_where_it_cannot_serve(
    fake: FakeSms, capsys: pytest.CaptureFixture[str]
) -> None:
    """An address of another machine cannot be served at, and the system says why."""
    assert main(["--host", "192.0.2.1"], fake, program=PROGRAM) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{PROGRAM}: cannot serve at 192.0.2.1: ")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--port", "x"], "a port is a number from 0 to 65535, not 'x'"),
        (["--port", "65536"], "a port is a number from 0 to 65535, not '65536'"),
        (["--port", "-1"], "a port is a number from 0 to 65535, not '-1'"),
        (["serve"], "unrecognized arguments: serve"),
    ],
)
def test_wrong_usage(
    fake: FakeSms,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    """Arguments that make no sense are explained."""
    assert main(arguments, fake, program=PROGRAM) == 2
    assert told in capsys.readouterr().err


def test_help_shows_an_example(
    fake: FakeSms, capsys: pytest.CaptureFixture[str]
) -> None:
    """Help is printed, with an example, and is no failure."""
    assert main(["--help"], fake, program=PROGRAM) == 0
    assert f"example: {PROGRAM} --port 8080" in capsys.readouterr().out
