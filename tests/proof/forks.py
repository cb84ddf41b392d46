"""Runs the command in forks of one process, so that it is imported once; each has limits of its own.

Every line of the input is a folder and arguments as JSON, and every line of the output is how it ended.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import sys
import tempfile
import traceback
from typing import BinaryIO

from soapstone.command import main

# The command imports what it needs when it needs it, which would be in every fork.
for module in ("checking", "generating", "linting"):
    importlib.import_module(f"soapstone.command.{module}")

MEMORY = 1 << 30
# What runs on is stopped by the system, so that a test that fails also ends.
SECONDS = 60


def limited(folder: str, arguments: list[str], out: BinaryIO, err: BinaryIO) -> int:
    """Run the command and return its exit code."""
    os.chdir(folder)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.argv = ["soapstone", *arguments]
    try:
        main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 -- nothing of a fork may go on in it
        traceback.print_exc()
    return 70


def run(folder: str, arguments: list[str]) -> dict[str, object]:
    """Return how the command ended in a fork."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if not child:
            code = limited(folder, arguments, out, err)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status, used = os.wait4(child, 0)
        out.seek(0)
        err.seek(0)
        return {
            "code": os.waitstatus_to_exitcode(status),
            "out": out.read().decode(),
            "err": err.read().decode(),
            "seconds": used.ru_utime + used.ru_stime,
        }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(*json.loads(line))), flush=True)
