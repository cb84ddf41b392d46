"""Runs the tests of a package once for each changed text of a module, each time in a fork.

Called with the folder of the package and the name of the module; the texts come as a JSON list, and
the exit codes of pytest leave as one. A fork of a process that has pytest loaded costs a third of a
new one.
"""

from __future__ import annotations

import compileall
import json
import os
import sys
from pathlib import Path

import pytest

# What a test of a package runs in order to notice a lost check.
CONSTRAINTS = "constraint or another"
WITHOUT = ("cacheprovider", "hypothesispytest", "xdist", "terminal")


def main(folder: Path, module: str) -> None:
    """Try every text from standard input."""
    # Nothing but the changed module is compiled anew in each fork.
    compileall.compile_dir(folder, quiet=2)
    for compiled in (folder / "__pycache__").glob(f"{Path(module).stem}.*"):
        compiled.unlink()
    tests = folder / "tests"
    if module != "types.py":
        tests /= f"test_{module}"
    found = [run(folder / module, text, tests) for text in json.load(sys.stdin)]
    sys.stdout.write(json.dumps(found))


def run(module: Path, text: str, tests: Path) -> int:
    """Return the exit code of pytest when a module has another text."""
    module.write_text(text, encoding="utf-8")
    child = os.fork()
    if child == 0:
        # Who notices is not asked why, so that asserts need not be taken apart.
        options = ["--assert=plain"]
        options += [option for name in WITHOUT for option in ("-p", f"no:{name}")]
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        os._exit(int(pytest.main([*options, "-x", "-k", CONSTRAINTS, str(tests)])))
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
