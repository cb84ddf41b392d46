"""Promises about why a tree is not what the specs say: each cause by itself, and several in one run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

import soapstone
from soapstone.format import differs_in_layout_alone
from soapstone.output import Cause, Difference, Package, compare, write

if TYPE_CHECKING:
    from collections.abc import Mapping

GENERATOR = Path(soapstone.__file__).parent
SPECS = Path(__file__).parent / "demo"


class Project:
    """A folder with specs and a generator of its own, into which anything can be changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "generated" / "demo"

    def __call__(self, *arguments: str) -> tuple[int, str]:
        """Run the command of this generator; return its exit code and what it prints."""
        kept = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }
        ended = subprocess.run(
            [sys.executable, "-m", "soapstone", *arguments],
            cwd=self.folder,
            env={**kept, "PYTHONPATH": str(self.folder / "tool")},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return ended.returncode, ended.stdout

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a text in a file."""
        file = self.folder / path
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    def change_generator(self, path: str, old: str, new: str) -> None:
        """Change a text in a file of the generator."""
        self.replace(f"tool/soapstone/{path}", old, new)

    def check(self) -> dict[str, dict[str, Any]]:
        """Return what `check` says for programs, by the path inside the package."""
        _, out = self("check", "--format", "json")
        start = "generated/demo/"
        return {
            each["path"].removeprefix(start): each
            for each in json.loads(out)["differences"]
        }

    def causes(self) -> dict[str, list[str]]:
        """Return the causes of each difference, the likeliest first."""
        return {
            path: [each["cause"], *each["also"]] for path, each in self.check().items()
        }


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose tree is what its specs say."""
    folder = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(GENERATOR, folder / "tool" / "soapstone", ignore=ignored)
    shutil.copytree(SPECS, folder / "specs" / "demo")
    assert Project(folder)("generate")[0] == 0
    assert Project(folder)("check")[0] == 0
    return folder


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Project:
    """Return a copy of it."""
    shutil.copytree(original, tmp_path, dirs_exist_ok=True)
    return Project(tmp_path)


def mended(project: Project) -> bool:
    """Whether one more run of the generator is all that the tree needs."""
    return project("generate")[0] == 0 and project("check")[0] == 0


# --- One cause ---------------------------------------------------------------------------------


def test_a_changed_spec(project: Project) -> None:
    """What a spec changes is said to be its doing, with its name."""
    project.replace("specs/demo/ping.yaml", "What to say.", "What to repeat.")
    found = project.check()
    assert {each["cause"] for each in found.values()} == {"spec changed"}
    assert found["ping.py"]["message"] == (
        "`demo/ping.py` is not what the specs say: `demo/ping.yaml` changed since"
    )
    assert found["ping.py"]["remedy"] == "run `soapstone generate`"


def test_an_operation_that_is_gone_or_new(project: Project) -> None:
    """Files that have come or gone with a spec are missing or orphans, and name it."""
    kept = project.folder / "kept"
    specs = project.folder / "specs" / "demo"
    kept.mkdir()
    for path in specs.glob("pong*"):
        shutil.move(path, kept)
    found = project.check()["pong.py"]
    assert (found["cause"], found["also"]) == ("orphan", ["spec changed"])
    assert "`demo/pong.yaml` and 1 more spec are gone" in found["message"]
    assert "which deletes it" in found["remedy"]
    assert mended(project)
    for path in kept.iterdir():
        shutil.move(path, specs)
    found = project.check()["pong.py"]
    assert (found["cause"], found["also"]) == ("missing", ["spec changed"])
    assert "is not generated yet: `demo/pong.yaml`" in found["message"]
    assert "are new" in found["message"]
    assert mended(project)


def test_a_changed_template(project: Project) -> None:
    """A template that changed explains the modules that it makes, and how to do without."""
    project.change_generator(
        "templates/operation.py.j2", "Do not edit.", "Please do not edit."
    )
    found = project.check()
    assert {path: each["cause"] for path, each in found.items()} == dict.fromkeys(
        ("ping.py", "pong.py"),
        "template changed",
    )
    assert "the templates changed since" in found["ping.py"]["message"]
    assert "go back to the templates" in found["ping.py"]["remedy"]


def test_a_changed_copy(project: Project) -> None:
    """A file of the runtime that changed explains its copy, and nothing else."""
    project.change_generator("runtime/checks.py", '"""', '"""Now: ')
    found = project.check()
    assert project.causes() == {"_runtime/checks.py": ["template changed"]}
    assert "it is a copy of" in found["_runtime/checks.py"]["message"]
    assert "copies it again" in found["_runtime/checks.py"]["remedy"]


def test_another_generator(project: Project) -> None:
    """A generator of another version is named with both versions."""
    project.change_generator("__init__.py", "0.1.0", "0.2.0")
    found = project.check()
    assert list(found) == ["soapstone.lock"]
    (lock,) = found.values()
    assert lock["cause"] == "generator changed"
    assert "soapstone 0.1.0 wrote it, and this is 0.2.0" in lock["message"]
    assert "install soapstone 0.1.0" in lock["remedy"]
    project.change_generator("runtime/nil.py", '"""', '"""Now: ')
    assert project.causes() == {
        "_runtime/nil.py": ["generator changed", "template changed"]
    }


def test_a_generator_of_the_same_version(project: Project) -> None:
    """What no version and no digest explains is the generator's own code."""
    project.change_generator("render.py", '"py.typed": ""', '"py.typed": "\\n"')
    found = project.check()
    assert project.causes() == {"py.typed": ["generator changed"]}
    assert "under the same version" in found["py.typed"]["message"]
    assert "go back to the generator" in found["py.typed"]["remedy"]
    assert mended(project)


def test_another_formatter(project: Project) -> None:
    """Another black explains what only looks different, with both versions."""
    project.change_generator(
        "format/options.py", "{metadata.version('black')}", "99.1.0"
    )
    project.change_generator(
        "format/formatter.py", "line_length=WIDTH", "line_length=WIDTH, is_pyi=True"
    )
    found = project.check()
    assert "ping.py" in found
    assert not [path for path in found if path.startswith("_runtime")]
    for each in found.values():
        assert (each["cause"], each["also"]) == ("formatter changed", [])
        assert "laid it out, and now it is black 99.1.0" in each["message"]
        assert "or install black " in each["remedy"]


# Lines become shorter.
NARROW = ("format/options.py", "from soapstone.render import WIDTH", "WIDTH = 60")


def test_another_option(project: Project) -> None:
    """An option that decides about layout is named, with its old value and its new one."""
    project.change_generator(*NARROW)
    found = project.check()
    assert "ping.py" in found
    for each in found.values():
        assert (each["cause"], each["also"]) == ("option changed", [])
        assert "`line-length` was 88 and is 60" in each["message"]
        assert "give `line-length` the old value again" in each["remedy"]
    assert mended(project)


def test_an_edit_and_a_gap(project: Project) -> None:
    """A file that was edited and one that was removed by hand have nothing to do with inputs."""
    (project.package / "types.py").write_text("# mine\n", "utf-8")
    (project.package / "client.py").unlink()
    found = project.check()
    assert project.causes() == {"client.py": ["missing"], "types.py": ["edited"]}
    assert "is not there any more" in found["client.py"]["message"]
    assert "which writes it again" in found["client.py"]["remedy"]
    assert "edited by hand" in found["types.py"]["message"]
    assert "--force" in found["types.py"]["remedy"]


# --- Several causes ------------------------------------------------------------------------------


def disturb(project: Project) -> None:
    """Let everything happen at once that can make a tree differ."""
    project.replace("specs/demo/ping.yaml", "What to say.", "What to repeat.")
    for path in (project.folder / "specs" / "demo").glob("pong*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    project.change_generator(
        "templates/test_operation.py.j2", "Do not edit.", "Please do not edit."
    )
    project.change_generator("runtime/checks.py", '"""', '"""Now: ')
    project.change_generator(*NARROW)
    (project.package / "_runtime" / "nil.py").write_text("# mine\n", "utf-8")
    (project.package / "_runtime" / "source.py").unlink()


def test_everything_at_once(project: Project) -> None:
    """In one run each file has the causes that explain it, and no others."""
    disturb(project)
    found = project.causes()
    expected = {
        "_runtime/checks.py": ["template changed"],
        "_runtime/nil.py": ["edited"],
        "_runtime/source.py": ["missing"],
        "client.py": ["spec changed", "template changed", "option changed"],
        "ping.py": ["spec changed", "template changed", "option changed"],
        "pong.py": ["orphan", "spec changed", "template changed"],
        "testing/answers/ping.py": ["option changed"],
        "tests/data/pong/documented_request.xml": ["orphan", "spec changed"],
        "tests/test_ping.py": ["spec changed", "template changed", "option changed"],
    }
    assert {path: found[path] for path in expected} == expected
    assert project("generate")[0] == 1
    assert project.causes() == found
    assert project("generate", "--force")[0] == 0
    assert project("check")[0] == 0


def test_the_tree_is_summed_up(project: Project) -> None:
    """For each tree it is said how many files each cause has a part in, in every format."""
    disturb(project)
    _, out = project("check", "--format", "json")
    document = json.loads(out)
    counts = Counter(
        cause
        for each in document["differences"]
        for cause in (each["cause"], *each["also"])
    )
    assert document["packages"] == [{"path": "generated/demo", "causes": counts}]
    text = project("check")[1].splitlines()
    assert text[-2].startswith("generated/demo: ")
    assert text[-1] == f"{len(document['differences'])} differences"
    notices = [
        line
        for line in project("check", "--format", "github")[1].splitlines()
        if line.startswith("::notice title=generated/demo::")
    ]
    for cause, count in counts.items():
        words = f"{cause} ({count} file{'' if count == 1 else 's'})"
        assert words in text[-2]
        assert words in notices[0]


def test_a_tree_with_one_cause_is_not_summed_up(project: Project) -> None:
    """Where all has one cause, the number of differences says enough."""
    (project.package / "types.py").unlink()
    (project.package / "client.py").unlink()
    _, *others = project("check")[1].splitlines()
    assert others[-1] == "2 differences"
    assert not [line for line in others if line.startswith("generated/demo: ")]
    assert "::notice" not in project("check", "--format", "github")[1]
    _, out = project("check", "--format", "json")
    assert json.loads(out)["packages"] == [
        {"path": "generated/demo", "causes": {"missing": 2}}
    ]


def test_a_tree_that_is_right_has_no_causes(project: Project) -> None:
    """A program finds each package, also one without a difference."""
    _, out = project("check", "--format", "json")
    assert json.loads(out)["packages"] == [{"path": "generated/demo", "causes": {}}]


# --- Single questions ----------------------------------------------------------------------------


def make(
    files: Mapping[str, bytes],
    *,
    b: str = "0",
    generator: str = "0.1.0",
    templates: str = "t1",
    formatter: str = "black 1",
    options: Mapping[str, str] = MappingProxyType({"width": "88"}),
) -> Package:
    """Return a package; `b` is the digest of one of its three specs."""
    return Package(
        name="revio",
        files=files,
        specs={"revio/service.yaml": "0", "revio/a.yaml": "0", "revio/b.yaml": b},
        generator=generator,
        templates=templates,
        formatter=formatter,
        options=options,
        copies=frozenset({"copy.py"}),
        subjects={
            "a.py": frozenset({"revio/a.yaml", "revio/service.yaml"}),
            "data/a": frozenset({"revio/a.yaml"}),
        },
    )


FILES = {
    "a.py": b"a = 1\n",
    "copy.py": b"c = 1\n",
    "data/a/x.xml": b"<a/>\n",
    "other.py": b"o = 1\n",
}


def differences(out: Path, package: Package) -> dict[str, Difference]:
    """Return the differences, by the path inside the package."""
    found = compare(package, out)
    return {each.path.removeprefix("revio/"): each for each in found}


def causes(out: Path, package: Package) -> dict[str, tuple[Cause, ...]]:
    """Return the causes of each difference."""
    return {path: each.causes for path, each in differences(out, package).items()}


def test_a_change_of_another_operation(tmp_path: Path) -> None:
    """The specs of other operations explain a file only where nothing else does."""
    write(make(FILES), tmp_path)
    changed = {**FILES, "a.py": b"a = 2\n", "data/a/x.xml": b"<b/>\n"}
    assert causes(tmp_path, make(changed, b="1")) == {
        "a.py": (Cause.SPEC_CHANGED,),
        "data/a/x.xml": (Cause.SPEC_CHANGED,),
    }
    assert causes(tmp_path, make(changed, b="1", templates="t2")) == {
        "a.py": (Cause.TEMPLATE_CHANGED,),
        "data/a/x.xml": (Cause.SPEC_CHANGED,),
    }


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (("a",), ("a", "b"), "`b` is new"),
        (("a",), ("b",), "`a` and 1 more spec changed since"),
        (("a", "b", "c"), (), "`a` and 2 more specs are gone"),
        ((), ("a", "b"), "`a` and 1 more spec are new"),
    ],
)
def test_what_happened_to_specs(
    tmp_path: Path, before: tuple[str, ...], after: tuple[str, ...], words: str
) -> None:
    """Specs that changed, have come or have gone are told apart."""
    write(replace(make(FILES), specs=dict.fromkeys(before, "0")), tmp_path)
    package = replace(make(FILES), specs=dict.fromkeys(after, "0"))
    (found,) = compare(package, tmp_path)
    assert found.message.endswith(f"although every file is right: {words}")


def test_layout_alone(tmp_path: Path) -> None:
    """Where only the layout is another one, only what decides about layout explains it."""
    write(make(FILES), tmp_path)
    changed = {**FILES, "a.py": b"a = (1)\n", "other.py": b"o = 2\n"}
    found = differences(
        tmp_path, make(changed, b="1", formatter="black 2", options={"w": "8"})
    )
    layout = (Cause.FORMATTER_CHANGED, Cause.OPTION_CHANGED)
    assert found["a.py"].causes == layout
    assert found["other.py"].causes == (Cause.SPEC_CHANGED, *layout)
    assert "black 1 laid it out, and now it is black 2, and " in found["a.py"].message
    assert "`w` was not set and is 8, `width` was 88 and is not set" in (
        found["a.py"].message
    )
    assert "install black 1" in found["a.py"].remedy
    assert found["other.py"].remedy == "run `soapstone generate`"


def test_layout_has_no_part_in_copies(tmp_path: Path) -> None:
    """A copy is laid out by nobody, so that only the file that it is a copy of explains it."""
    write(make(FILES), tmp_path)
    package = make({**FILES, "copy.py": b"c = (1)\n"}, formatter="black 2")
    assert causes(tmp_path, package) == {
        "copy.py": (Cause.TEMPLATE_CHANGED,),
        "soapstone.lock": (Cause.FORMATTER_CHANGED,),
    }


def test_what_shows_in_no_file(tmp_path: Path) -> None:
    """An input that changed without a file to show it is told by the lock, beside the others."""
    write(make(FILES), tmp_path)
    package = make(
        {**FILES, "a.py": b"a = 2\n"}, generator="0.2.0", options={"width": "100"}
    )
    assert causes(tmp_path, package) == {
        "a.py": (Cause.GENERATOR_CHANGED, Cause.OPTION_CHANGED)
    }
    package = make(
        {**FILES, "data/a/x.xml": b"<b/>\n"},
        generator="0.2.0",
        formatter="black 2",
        options={"width": "100"},
    )
    found = differences(tmp_path, package)
    assert found["data/a/x.xml"].causes == (Cause.GENERATOR_CHANGED,)
    lock = found["soapstone.lock"]
    assert lock.causes == (Cause.FORMATTER_CHANGED, Cause.OPTION_CHANGED)
    assert "although no file shows it" in lock.message
    assert "although every file is right" in (
        differences(tmp_path, make(FILES, templates="t2"))["soapstone.lock"].message
    )


def test_beneath_an_edit(tmp_path: Path) -> None:
    """Of an edited file it is said as well what else would change it."""
    write(make(FILES), tmp_path)
    for path in FILES:
        (tmp_path / "revio" / path).write_bytes(b"mine\n")
    package = make(
        {"a.py": b"a = 2\n", "copy.py": b"c = 1\n", "other.py": b"o = 2\n"},
        templates="t2",
    )
    found = differences(tmp_path, package)
    assert {path: each.causes for path, each in found.items()} == {
        "a.py": (Cause.EDITED, Cause.TEMPLATE_CHANGED),
        "copy.py": (Cause.EDITED,),
        "data/a/x.xml": (Cause.EDITED, Cause.GENERATOR_CHANGED),
        "other.py": (Cause.EDITED, Cause.TEMPLATE_CHANGED),
    }
    assert found["a.py"].message.endswith("; besides, the templates changed since")
    assert "besides" not in found["copy.py"].message


def test_a_lock_of_the_time_before_options(tmp_path: Path) -> None:
    """A lock that says nothing of options is one of ours, in which none has changed."""
    write(make(FILES), tmp_path)
    lock = tmp_path / "revio" / "soapstone.lock"
    document = json.loads(lock.read_bytes())
    del document["options"]
    lock.write_text(json.dumps(document), "utf-8")
    assert causes(tmp_path, make({**FILES, "a.py": b"a = 2\n"}, templates="t2")) == {
        "a.py": (Cause.TEMPLATE_CHANGED,)
    }
    assert causes(tmp_path, make(FILES)) == {
        "soapstone.lock": (Cause.GENERATOR_CHANGED,)
    }
    assert write(make(FILES), tmp_path).updated == ("revio/soapstone.lock",)
    assert compare(make(FILES), tmp_path) == ()


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (b"f(a, b)\n", b"f(\n    a,\n    b,\n)\n", True),
        (b'def f():\n    """A.\n    b"""\n', b'def f():\n  """A.\n  b"""\n', True),
        (b"x = 'a'\n", b'x = "a"\n', True),
        (b"x = 1  # one\n", b"x = 1\n# one\n", True),
        (b"x = 1  # one\n", b"x = 1  # two\n", False),
        (b"x = 1\n", b"x = 2\n", False),
        (b"x = 1\n", b"x = = 1\n", False),
        (b"x = 1\n", b"\xff\n", False),
    ],
)
def test_what_layout_is(one: bytes, other: bytes, *, expected: bool) -> None:
    """Layout is what changes neither the program nor a comment."""
    assert differs_in_layout_alone(one, other) is expected
