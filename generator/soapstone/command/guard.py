"""The outermost floor: every way in which the command can end."""

from __future__ import annotations

import gc
import io
import os
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from soapstone.command.application import application
from soapstone.reporting import visible

_TRACEBACK = "SOAPSTONE_TRACEBACK"
# Nearly all that stages make stays until the end: to look through it for garbage costs a fifth.
_GARBAGE_COLLECTION = (50_000, 20, 100)


def main() -> None:
    """Run the command and leave: with 0 clean, 1 on problems, 2 on wrong usage."""
    gc.set_threshold(*_GARBAGE_COLLECTION)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A lone surrogate, of an undecodable file name, becomes an escape, in JSON too.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = _run()
    flushed = [_flushed(stream) for stream in (sys.stdout, sys.stderr)]
    # Python would look through all that is still there once more before it frees it.
    gc.freeze()
    sys.exit(code if all(flushed) else 1)


def _run() -> int:
    try:
        return _call()
    except SystemExit as leaving:
        # Click's own way out, when a pipe was closed or a shell asked for completions.
        return 1 if leaving.code else 0
    except click.ClickException as problem:
        with suppress(OSError):
            problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell("interrupted; no package was left half-written")
    except OSError as problem:
        place = f"`{problem.filename}`: " if problem.filename else ""
        _tell(f"{place}{problem.strerror or problem}")
        _trace(problem)
    except Exception as problem:  # noqa: BLE001 -- no traceback unasked
        _tell(_bug(problem))
        _trace(problem)
    return 1


def _call() -> int:
    code: object = application.main(prog_name="soapstone", standalone_mode=False)
    return code if isinstance(code, int) else 0


def _bug(problem: Exception) -> str:
    """Return what a user can copy into a report."""
    steps = traceback.extract_tb(problem.__traceback__)
    place = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}"
    notes = "".join(f", {note}" for note in getattr(problem, "__notes__", ()))
    return (
        f"{type(problem).__name__}: {problem} (at {place}{notes})\n"
        "This is a bug in soapstone, and nothing that you did wrong: please report it. "
        f"With {_TRACEBACK}=1 in the environment the command shows the traceback."
    )


def _tell(sentence: str) -> None:
    # Whoever closed the stream does not want to know.
    with suppress(OSError):
        lines = "\n".join(visible(line) for line in sentence.split("\n"))
        click.echo(f"soapstone: {lines}", err=True)


def _trace(problem: Exception) -> None:
    if os.environ.get(_TRACEBACK):
        text = "".join(traceback.format_exception(problem))
        with suppress(OSError):
            click.echo("\n".join(map(visible, text.split("\n"))), err=True)


def _flushed(stream: TextIO | None) -> bool:
    """Write out what is left, so that Python has nothing to complain about when it ends."""
    if stream is None:
        return True
    try:
        stream.flush()
    except OSError:
        # The stream keeps what it could not write and would try again at exit.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        return False
    return True
