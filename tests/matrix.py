"""What `make matrix` runs: everything that has to work in every Python, in each that is here.

In virtual environments that are thrown away: the tests of a generated package in every Python from the
oldest on, both type checkers for the oldest and the newest, the generator in its own oldest and the
newest. An interpreter that is not here is named and is no failure.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import tomllib

REPOSITORY = Path(__file__).parent.parent
PACKAGE = REPOSITORY / "generated" / "revio"

OLDEST = 10
"""The second number of the first Python that generated packages run in."""

OLDEST_OF_GENERATOR = 11
LATEST = 14
"""The newest one that is missed where it is not here; newer ones are used where they are."""

# Those that build packages and write trees; the others ask the same of models and texts.
QUICK = (
    "test_source.py",
    "test_decode.py",
    "test_naming.py",
    "test_rules.py",
    "test_plan.py",
    "test_templates.py",
    "test_dump.py",
    "test_reporting.py",
    "test_causes.py",
    "test_atomicity.py",
)

_QUESTION = (
    "import sys; print(sys.implementation.name, *sys.version_info[:2], sys.executable)"
)


@dataclass(slots=True)
class Results:
    """What was found out, by what was tried and the Python that it was tried for."""

    found: dict[tuple[str, int], str] = field(
        default_factory=dict[tuple[str, int], str]
    )

    def add(self, what: str, minor: int, said: str | None) -> None:
        """Note how something ended; `said` is what a failure had to say."""
        word = "passed" if said is None else "FAILED"
        self.found[what, minor] = word
        print(f"3.{minor:<3} {what}: {word}", flush=True)
        if said:
            print("".join(f"    {line}\n" for line in said.splitlines()[-40:]), end="")

    @property
    def has_failures(self) -> bool:
        """Whether anything failed."""
        return "FAILED" in self.found.values()

    def table(self, pythons: Mapping[int, Path]) -> str:
        """Return a row for everything that was tried and a column for every Python."""
        minors = sorted({*pythons, *range(OLDEST, LATEST + 1)})
        rows = [["", *(f"3.{minor}" for minor in minors)]]
        for what in dict.fromkeys(what for what, _ in self.found):
            cells = (
                self.found.get((what, minor), "-" if minor in pythons else "missing")
                for minor in minors
            )
            rows.append([what, *cells])
        width = max(len(row[0]) for row in rows)
        return "\n".join(
            f"{first:<{width}}  {''.join(f'{cell:<9}' for cell in cells)}".rstrip()
            for first, *cells in rows
        )


def find_pythons(candidates: Iterable[Sequence[str]]) -> dict[int, Path]:
    """Return the interpreters that run, by the second number of their version; the first one wins.

    Args:
        candidates: Command lines, which need not lead to anything.
    """
    found: dict[int, Path] = {}
    for candidate in candidates:
        said = _output([*candidate, "-c", _QUESTION]).split(maxsplit=3)
        if said[:2] == ["cpython", "3"] and int(said[2]) >= OLDEST:
            found.setdefault(int(said[2]), Path(said[3].strip()))
    return dict(sorted(found.items()))


@cache
def pythons_here() -> dict[int, Path]:
    """Return the interpreters of this machine."""
    return find_pythons(candidates())


def candidates() -> Iterator[list[str]]:
    """Yield where interpreters usually are, the likeliest first."""
    home = Path.home()
    pyenv = Path(os.environ.get("PYENV_ROOT", home / ".pyenv")) / "versions"
    uv = Path(os.environ.get("UV_PYTHON_INSTALL_DIR", home / ".local/share/uv/python"))
    frameworks = Path("/Library/Frameworks/Python.framework/Versions")
    launcher = shutil.which("py")
    for minor in range(OLDEST, LATEST + 6):
        name = f"python3.{minor}"
        on_path = shutil.which(name)
        if on_path:
            yield [on_path]
        for folder in (pyenv, uv, frameworks):
            known = folder.glob(f"*3.{minor}*/bin/{name}")
            yield from (
                [str(path)] for path in sorted(known, key=_numbers, reverse=True)
            )
        if launcher:
            yield [launcher, f"-3.{minor}"]


def _numbers(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]


def _output(command: Sequence[str]) -> str:
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return "" if ended.returncode else ended.stdout


def run(*command: str | Path, cwd: Path, **changes: str) -> str | None:
    """Return what a command that fails has to say, `None` when it ends well."""
    kept = ("PATH", "HOME", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_CERT")
    proxies = [name for name in os.environ if name.lower().endswith("_proxy")]
    names = [*kept, *(proxies if "pip" in command else ())]
    ended = subprocess.run(
        command,
        cwd=cwd,
        env={name: os.environ[name] for name in names if name in os.environ} | changes,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return None if ended.returncode == 0 else ended.stdout or "failed without a word"


def make_environment(python: Path, folder: Path) -> tuple[Path, str | None]:
    """Return the interpreter of a new virtual environment, and what went wrong."""
    said = run(python, "-m", "venv", folder, cwd=folder.parent)
    windows = folder / "Scripts" / "python.exe"
    return (windows if windows.exists() else folder / "bin" / "python"), said


def install(python: Path, *requirements: str) -> str | None:
    """Install what a test needs; return what went wrong."""
    quietly = ("--quiet", "--disable-pip-version-check")
    return run(python, "-m", "pip", "install", *quietly, *requirements, cwd=REPOSITORY)


def install_generator(python: Path) -> str | None:
    """Install the generator, and of what its tests need whatever can be installed."""
    if install(python, ".[test]") is None:
        return None
    said = install(python, ".")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    for requirement in project["project"]["optional-dependencies"]["test"]:
        if install(python, requirement) is not None:
            print(f"    not installed: {requirement}")
    return said


def try_package(python: Path, minor: int, work: Path, results: Results) -> None:
    """Run the tests that come with the package, elsewhere and under another name."""
    what = "tests of the package"
    ours, said = make_environment(python, work / f"package-{minor}")
    said = said or install(ours, "pytest")
    if said is None:
        folder = work / f"project-{minor}"
        copy_package(folder / "app" / "client")
        options = ("-q", "-p", "no:cacheprovider", "-W", "error")
        said = run(ours, "-m", "pytest", *options, "app/client", cwd=folder)
    results.add(what, minor, said)


def try_types(minor: int, work: Path, results: Results) -> None:
    """Run both type checkers on the package, as code for one version of Python."""
    folder = work / f"types-{minor}"
    copy_package(folder / "revio")
    settings = {"typeCheckingMode": "strict", "pythonVersion": f"3.{minor}"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    python = Path(sys.executable)
    version = ("--python-version", f"3.{minor}")
    said = run(
        python,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        os.devnull,
        *version,
        "revio",
        cwd=folder,
    )
    results.add("mypy for this target", minor, said)
    said = run(python, "-m", "pyright", "--pythonpath", python, cwd=folder)
    results.add("pyright for this target", minor, said)


def try_generator(python: Path, minor: int, work: Path, results: Results) -> None:
    """Let the generator say whether it yields the same tree, and run its quick tests."""
    ours, said = make_environment(python, work / f"generator-{minor}")
    said = said or install_generator(ours)
    results.add("generator installed", minor, said)
    if said is None:
        said = run(ours, "-m", "soapstone", "check", cwd=REPOSITORY)
        results.add("soapstone check", minor, said)
        options = ("-q", "-p", "no:cacheprovider")
        tests = [f"tests/{name}" for name in QUICK]
        said = run(ours, "-m", "pytest", *options, *tests, cwd=REPOSITORY)
        results.add("tests of the generator", minor, said)


def copy_package(target: Path) -> None:
    """Copy the package as a project would."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, target, ignore=ignored)


def main() -> int:
    """Try everything and print a table; return 1 when anything failed."""
    pythons = pythons_here()
    for minor in sorted({*pythons, *range(OLDEST, LATEST + 1)}):
        print(f"3.{minor:<3} {pythons.get(minor, 'missing')}", flush=True)
    results = Results()
    newest = max(pythons, default=OLDEST)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for minor, python in pythons.items():
            try_package(python, minor, work, results)
        for minor in sorted({OLDEST, newest}):
            try_types(minor, work, results)
        for minor in sorted({OLDEST_OF_GENERATOR, newest} & pythons.keys()):
            try_generator(pythons[minor], minor, work, results)
    print(f"\n{results.table(pythons)}")
    return int(results.has_failures)


if __name__ == "__main__":
    sys.exit(main())
