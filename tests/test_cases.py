"""Each folder of `cases` is a spec and the whole tree that it yields."""

from __future__ import annotations

import difflib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from soapstone.diagnostics import Report
from soapstone.output import Package, write
from soapstone.pipeline import build_package

HERE = Path(__file__).parent
REPOSITORY = HERE.parent
CASES = sorted(folder for folder in (HERE / "cases").iterdir() if folder.is_dir())
SOURCES = REPOSITORY / "generator" / "soapstone"
COPIES = {"_runtime": "runtime", "tests": "shipped_tests"}

# What is the same in every package is compared once, with the file it is copied from.
_COPIED = {
    f"{target}/{file.relative_to(folder).as_posix()}": file
    for target, source in COPIES.items()
    for folder in (SOURCES / source,)
    for file in folder.rglob("*.py")
} | {"verify.py": SOURCES / "shipped_root" / "verify.py"}


def build(case: Path) -> Package:
    report = Report()
    package = build_package(case, report)
    errors = [each for each in report.diagnostics if each.severity.value == "error"]
    assert errors == []
    assert package is not None
    return package


def name_of(case: Path) -> str:
    return case.name


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the packages of all cases."""
    folder = tmp_path_factory.mktemp("packages")
    for case in CASES:
        write(build(case), folder)
    return folder


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_yields_its_tree(case: Path, update_goldens: bool) -> None:
    """The package is exactly the tree in `expected`: nothing differs, lacks or is too much."""
    built = {
        path: content
        for path, content in build(case).files.items()
        if path not in _COPIED
    }
    expected = case / "expected"
    if update_goldens:
        shutil.rmtree(expected, ignore_errors=True)
        for path, content in built.items():
            (expected / path).parent.mkdir(parents=True, exist_ok=True)
            (expected / path).write_bytes(content)
    stored = {
        file.relative_to(expected).as_posix(): file.read_bytes()
        for file in expected.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    assert sorted(built) == sorted(stored), "pytest --update-goldens rewrites the trees"
    for path, content in built.items():
        difference = difflib.unified_diff(
            stored[path].decode().splitlines(),
            content.decode().splitlines(),
            path,
            path,
            lineterm="",
        )
        assert content == stored[path], "\n".join(difference)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_says_what_it_guards(case: Path) -> None:
    """The first line of a case names the one quirk that it is about."""
    first = (case / "service.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert first.endswith(".")


@pytest.mark.parametrize("path", sorted(_COPIED))
def test_hand_written_files_are_copied_verbatim(path: str) -> None:
    """The runtime and the test support of a package are byte for byte those of the generator."""
    assert build(CASES[0]).files[path] == _COPIED[path].read_bytes()


def run(*command: str, cwd: Path, **environment: str) -> str:
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env=os.environ | {"COVERAGE_PROCESS_CONFIG": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_tests_of_every_case_cover_its_modules(packages: Path) -> None:
    """The tests that come with a package pass, and reach every line and branch of its modules."""
    run(
        *(
            "coverage",
            "run",
            "--branch",
            f"--source={packages}",
            "--data-file=.covered",
        ),
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "."),
        cwd=packages,
    )
    run(
        *(
            "coverage",
            "report",
            "--data-file=.covered",
            "--fail-under=100",
            "--show-missing",
        ),
        *("--skip-covered", "--omit=*/tests/*,*/_runtime/*,*/verify.py"),
        cwd=packages,
    )


def test_every_case_is_typed(packages: Path) -> None:
    """Neither mypy --strict nor pyright in strict mode finds anything in any package."""
    names = sorted(folder.name for folder in packages.iterdir() if folder.is_dir())
    run("mypy", "--strict", "--python-version=3.10", *names, cwd=packages)
    (packages / "pyrightconfig.json").write_text(
        '{"typeCheckingMode": "strict", "pythonVersion": "3.10"}', encoding="utf-8"
    )
    run("pyright", "--pythonpath", sys.executable, cwd=packages)
