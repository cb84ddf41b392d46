"""Copies of a small package, and what git and other interpreters make of them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from soapstone.output import LOCK_NAME, Origin, Package, vendor
from soapstone.shipped_root import verify as module

VERIFY = Path(module.__file__)
NAME = "shop"
FILES = {
    "__init__.py": b"one\n",
    "types.py": b"raise ImportError('the package hides a module of Python')\n",
    "_runtime/checks.py": b"two\nthree\n",
    "testing/answer.xml": b"<a>\r\n</a>\r\n",
    "tests/test_a.py": b"four\n",
    "tests/data/a.xml": b"<a/>\n",
    "verify.py": VERIFY.read_bytes(),
}


@dataclass(frozen=True)
class Ended:
    """How a run of a command ended."""

    code: int
    out: str
    err: str


def package(files: Mapping[str, bytes] = FILES, generator: str = "0.1.0") -> Package:
    """Return a package of some files."""
    return Package(
        name=NAME,
        files=files,
        specs={"shop/service.yaml": "0" * 64},
        generator=generator,
        templates="t",
        formatter="black 26",
    )


def plain_copy(out: Path) -> Path:
    """Return a copy that was made without the command, so that no origin is recorded."""
    return vendored(out, keeps_origin=False)


def vendored(out: Path, *left_out: str, keeps_origin: bool = True) -> Path:
    """Return a copy of the package in a folder."""
    vendor(package(), out, Origin(left_out=left_out))
    if not keeps_origin:
        (out / NAME / "soapstone.origin").unlink()
    return out / NAME


def digest_of_lock(copy: Path) -> str:
    return hashlib.sha256((copy / LOCK_NAME).read_bytes()).hexdigest()


def environment(**changes: str) -> dict[str, str]:
    """Return an environment in which neither Python nor git is told anything."""
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("PYTHON", "GIT_"))
    }
    nowhere = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **nowhere, **changes}


def run(*command: str | Path, cwd: Path, python: str | Path = sys.executable) -> Ended:
    """Run Python as somebody would who has never heard of the generator."""
    ended = subprocess.run(
        [python, *command],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, which must work."""
    who = {"NAME": "A", "EMAIL": "a@example.com"}
    people = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in who.items()
    }
    ended = subprocess.run(
        ["git", *arguments],  # noqa: S607 -- whichever git there is
        cwd=folder,
        env=environment(**people),
        capture_output=True,
        text=True,
        check=True,
    )
    return ended.stdout.strip()
