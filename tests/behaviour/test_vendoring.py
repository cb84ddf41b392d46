"""The folder in other hands: renamed, moved, without anything installed, in every Python."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest
import revio_documents as page

import matrix

PACKAGE = Path(__file__).parent.parent.parent / "generated" / "revio"
PYTEST = ("_pytest", "pytest", "py", "pluggy", "iniconfig", "packaging", "pygments")


def clean() -> dict[str, str]:
    """An environment in which nothing of ours is set, and no byte code is left behind."""
    kept = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def run(python: str | Path, *arguments: str, cwd: Path) -> str:
    """The output of a fresh interpreter, which must end well and complain about nothing."""
    ended = subprocess.run(
        [str(python), *arguments],
        cwd=cwd,
        env=clean(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stderr == ""
    return ended.stdout


def copied(target: Path) -> Path:
    """A copy of the package under another name and at another depth."""
    return Path(
        shutil.copytree(PACKAGE, target, ignore=shutil.ignore_patterns("__pycache__"))
    )


def contents(folder: Path) -> dict[Path, bytes]:
    """What stands in the files of a folder that people wrote, or a test might have."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


@pytest.fixture(scope="module")
def lonely_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has pytest and what pytest needs, and nothing else."""
    folder = tmp_path_factory.mktemp("lonely")
    venv.create(folder, with_pip=False, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    needed = [*PYTEST, "tomli", "exceptiongroup", "typing_extensions"]
    for name in needed if sys.version_info < (3, 11) else PYTEST:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin is not None:
            origin = Path(spec.origin)
            origin = origin.parent if origin.name == "__init__.py" else origin
            (packages / origin.name).symlink_to(origin)
    (distribution,) = Path(pytest.__file__).parent.parent.glob("pytest-*.dist-info")
    (packages / distribution.name).symlink_to(distribution)
    return folder / "bin" / "python"


# Its own tests


@pytest.mark.parametrize(
    ("place", "packages", "options"),
    [
        ("a/b/c/renamed", [], []),
        ("a/b/c/renamed", ["a", "a/b", "a/b/c"], []),
        ("a/b/c/renamed", ["a", "a/b", "a/b/c"], ["--import-mode=importlib"]),
        ("renamed", [], ["-W", "error", "--strict-markers", "--strict-config"]),
    ],
    ids=["deep", "inside packages", "importlib", "strict"],
)
def test_its_tests_pass_elsewhere(
    tmp_path: Path,
    lonely_python: Path,
    place: str,
    packages: list[str],
    options: list[str],
) -> None:
    """A renamed copy at any depth passes the tests that came along, with pytest alone."""
    folder = copied(tmp_path / place)
    for package in packages:
        (tmp_path / package / "__init__.py").touch()
    output = run(
        lonely_python,
        *(
            "-I",
            "-B",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            *options,
            str(folder),
        ),
        cwd=tmp_path,
    )
    assert " passed" in output
    assert "failed" not in output
    assert "skipped" not in output
    assert int(output.rpartition(" passed")[0].split()[-1]) > 300
    assert run(
        lonely_python,
        "-I",
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        cwd=folder,
    )


def test_the_lonely_interpreter_is_lonely(tmp_path: Path, lonely_python: Path) -> None:
    """The interpreter of the test before can import nothing that the package must not need."""
    code = (
        "import importlib.util as u; "
        "print([n for n in ('lxml', 'hypothesis', 'yaml', 'jinja2', 'revio', 'soapstone', 'black')"
        " if u.find_spec(n)])"
    )
    assert run(lonely_python, "-I", "-c", code, cwd=tmp_path).strip() == "[]"


def test_its_tests_leave_nothing_behind(tmp_path: Path, lonely_python: Path) -> None:
    """The tests that came along write no file into the copy, byte code of Python's apart."""
    folder = copied(tmp_path / "x")
    before = contents(folder)
    options = ("-q", "-p", "no:cacheprovider", "x")
    run(lonely_python, "-I", "-B", "-m", "pytest", *options, cwd=tmp_path)
    assert contents(folder) == before


def test_two_copies_live_side_by_side(tmp_path: Path) -> None:
    """Two copies under two names are two packages, with classes of their own."""
    copied(tmp_path / "one")
    copied(tmp_path / "inner" / "two")
    code = """
    import sys; sys.path.insert(0, sys.argv[1])
    import one.sms_send, inner.two.sms_send
    from one import Session
    from inner.two import ValidationError
    assert one.sms_send.SmsSendRequest is not inner.two.sms_send.SmsSendRequest
    assert not [name for name in sys.modules if "revio" in name]
    foreign = one.sms_send.SmsSendRequest(to_number="8504700000", message="x")
    try:
        inner.two.sms_send.build_request(foreign, Session("k"))
    except ValidationError as error:
        print(len(error.violations))
    """
    output = run(
        sys.executable, "-I", "-c", textwrap.dedent(code), str(tmp_path), cwd=tmp_path
    )
    assert output.strip() == "2"


# Imports

MODULES = [
    path
    for path in PACKAGE.rglob("*.py")
    if "tests" not in path.relative_to(PACKAGE).parts
]


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_only_the_standard_library(path: Path) -> None:
    """Every import is relative and stays inside, or of the standard library; the fixture needs pytest."""
    is_fixture = path == PACKAGE / "testing" / "fixtures.py"
    others = {"pytest"} if is_fixture else set[str]()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [str(node.module)]
        else:
            if isinstance(node, ast.ImportFrom):
                assert node.level <= depth
            continue
        for name in names:
            assert name.partition(".")[0] in sys.stdlib_module_names | others


@pytest.mark.parametrize(
    "path", list((PACKAGE / "tests").glob("*.py")), ids=lambda path: path.name
)
def test_its_tests_need_pytest_only(path: Path) -> None:
    """The tests that came along import the standard library and pytest."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [str(node.module)]
        for name in names:
            assert name.partition(".")[0] in {*sys.stdlib_module_names, "pytest"}


OPERATIONS = ["sms_send", "sms_opt_out_create", "sms_opt_out_delete"]


def loaded(code: str) -> set[str]:
    """The modules of the package that some code imports."""
    code += "; import sys, json; print(json.dumps([n for n in sys.modules if n.startswith('revio')]))"
    start = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); "
    output = run(sys.executable, "-I", "-c", start + code, cwd=PACKAGE.parent)
    names: list[str] = json.loads(output)
    return {name.removeprefix("revio").removeprefix(".") for name in names}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_one_operation_does_not_import_the_others(operation: str) -> None:
    """Importing one operation, also by its class, leaves the other operations alone."""
    others = set(OPERATIONS) - {operation}
    kind = "".join(part.title() for part in operation.split("_")) + "Request"
    for code in (
        f"import revio.{operation}",
        f"from revio.{operation} import build_request",
        f"from revio import {operation}",
        f"from revio import {kind}, Credentials, ApiError",
        f"import revio; revio.{kind}",
    ):
        modules = loaded(code)
        assert operation in modules
        assert modules & others == set()


def test_importing_the_package_imports_nothing_of_it() -> None:
    """The package itself loads none of its modules until a name is used."""
    assert loaded("import revio") == {""}
    assert not loaded("from revio import Credentials, Session, Envelope") & set(
        OPERATIONS
    )


def test_no_module_touches_the_network_or_the_disk() -> None:
    """Building and parsing load no module for sockets, processes or files."""
    code = "import revio.sms_send, revio.sms_opt_out_create, revio.sms_opt_out_delete; import sys"
    start = f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); "
    wanted = (
        "('socket', 'ssl', 'http.client', 'urllib.request', 'asyncio', 'subprocess')"
    )
    output = run(
        sys.executable,
        *(
            "-I",
            "-c",
            f"{start}{code}; print([n for n in {wanted} if n in sys.modules])",
        ),
        cwd=PACKAGE.parent,
    )
    assert output.strip() == "[]"


@pytest.mark.parametrize(
    "options",
    [["-W", "error"], ["-W", "error", "-OO"], ["-W", "error", "-bb", "-X", "dev"]],
    ids=" ".join,
)
def test_no_warning(options: list[str]) -> None:
    """The package can be imported and used where every warning is an error."""
    code = "import revio; [getattr(revio, name) for name in revio.__all__]"
    run(sys.executable, *options, "-c", code, cwd=PACKAGE.parent)


# Every Python

USE = """
import sys
sys.path.insert(0, sys.argv[1])
import dataclasses, json, pickle
from revio import AlreadyOptedOut, Credentials, Envelope, MalformedResponse, Session, ValidationError
from revio import sms_opt_out_create, sms_send

with open(sys.argv[2], encoding="utf-8") as file:
    documents = json.load(file)
request = sms_send.SmsSendRequest(to_number="8504700000", message="Test Message from Rev.io")
opt_out = sms_opt_out_create.SmsOptOutCreateRequest(tns=(n for n in ["6788651234"]))
user = Credentials("[Rev.io user]", "[Rev.io password]", "[Rev.io Client Code]")
answer = sms_send.parse_response(documents["send"])
mended = sms_opt_out_create.parse_response(documents["create"])
try:
    sms_opt_out_create.parse_response(documents["failure"])
except AlreadyOptedOut as error:
    failure = pickle.loads(pickle.dumps(error))
try:
    sms_send.build_request(dataclasses.replace(request, to_number="1"), user)
except ValidationError as error:
    violations = [each.path for each in error.violations]
try:
    sms_send.parse_response("<a>" * 100000 + "</a>" * 100000)
except MalformedResponse as error:
    deep = error.operation
assert pickle.loads(pickle.dumps(answer)) == answer and hash(answer)
assert pickle.loads(pickle.dumps(opt_out)) == opt_out
print(json.dumps({
    "send": sms_send.build_request(request, Session("xyzabc123")).decode(),
    "create": sms_opt_out_create.build_request(opt_out, user).decode(),
    "soap12": sms_send.build_request(request, user, envelope=Envelope.SOAP12).decode(),
    "id": answer.id,
    "from_number": answer.profile.from_number,
    "key": mended.header.session_key,
    "repaired": mended.repaired,
    "tns": failure.tns,
    "violations": violations,
    "deep": deep,
    "repr": repr(user),
}))
"""


@pytest.mark.parametrize("minor", range(matrix.OLDEST, matrix.LATEST + 1))
def test_every_python(minor: int, tmp_path: Path) -> None:
    """Each supported Python builds and reads the documented documents, without a warning."""
    python = matrix.pythons_here().get(minor)
    if python is None:
        pytest.skip(f"no Python 3.{minor} here")
    documents = {
        "send": page.SEND_SUCCESS.decode(),
        "create": page.CREATE_SUCCESS.decode(),
        "failure": page.CREATE_SEVERAL_OPTED_OUT.decode(),
    }
    (tmp_path / "documents.json").write_text(json.dumps(documents), "utf-8")
    (tmp_path / "use.py").write_text(USE, "utf-8")
    output = run(
        python,
        *("-I", "-W", "error", "use.py", str(PACKAGE.parent), "documents.json"),
        cwd=tmp_path,
    )
    got = json.loads(output)
    assert page.canonical(got.pop("send").encode()) == page.canonical(page.SEND_REQUEST)
    assert page.canonical(got.pop("create").encode()) == page.canonical(
        page.CREATE_REQUEST
    )
    assert page.tree(got.pop("soap12").encode()).tag == f"{{{page.SOAP12}}}Envelope"
    assert "[Rev.io password]" not in got.pop("repr")
    assert got == {
        "id": 3939323,
        "from_number": "67312",
        "key": "ASGJDHAGS%&^%&@!",
        "repaired": ["bare-ampersand"],
        "tns": ["1234567890", "1234567891"],
        "violations": ["to_number"],
        "deep": "SMS_Send",
    }
