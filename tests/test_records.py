"""What runs find out for later ones: never more than that nothing has changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import soapstone
from soapstone import cache
from soapstone.decode.schema import check
from soapstone.diagnostics import Diagnostic, Related, Report, Severity, Span
from soapstone.output import LOCK_NAME, Package, Written, write
from soapstone.parts import read_parts
from soapstone.pipeline import build_package
from soapstone.records import Records
from soapstone.source import Mapping

DEMO = Path(__file__).parent / "demo"
SOURCE = Path(soapstone.__file__).parent.parent
HEAVY = ("black", "jinja2", "jsonschema", "yaml", "soapstone.pipeline")

WARNING = Diagnostic(
    rule="some-rule",
    span=Span("specs/demo/ping.yaml", 3, 4),
    message="odd",
    severity=Severity.WARNING,
    hint="look at it",
    related=(Related(Span("specs/demo/pong.yaml", 1, 2), "the other"),),
)


def package_of(specs: Path) -> Package:
    """Return what specs yield."""
    package = build_package(specs, Report())
    assert package is not None
    return package


@pytest.fixture(scope="module")
def package() -> Package:
    """Return the package of the small service."""
    return package_of(DEMO)


class Site:
    """A service, its package, and what is known of both."""

    def __init__(self, folder: Path, package: Package) -> None:
        self.specs = folder / "specs" / "demo"
        self.out = folder / "out"
        self.kept = folder / "kept"
        self.package = package
        shutil.copytree(DEMO, self.specs)
        self.age(self.specs)

    @property
    def tree(self) -> Path:
        """The folder of the package."""
        return self.out / self.package.name

    def records(self) -> Records:
        """Return the records as another run finds them."""
        return Records(self.out)

    def write(self) -> tuple[Records, Written]:
        """Write the package as a run does that has kept nothing yet."""
        records = self.records()
        assert records.unchanged(self.specs) is None
        records.look(self.package.name)
        return records, write(self.package, self.out)

    def run(self, *diagnostics: Diagnostic) -> None:
        """Write the package as a run does, and keep that it is right."""
        records, written = self.write()
        entries = written.entries if written.changes else None
        records.keep(self.specs, self.package, diagnostics, entries)

    def is_known(self) -> bool:
        """Whether another run would find that nothing has changed."""
        return self.records().unchanged(self.specs) is not None

    @staticmethod
    def age(folder: Path) -> None:
        """Wait until files are older than any look at them."""
        del folder
        time.sleep(0.03)


@pytest.fixture
def site(tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a service whose package is right, and known to be."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    made = Site(tmp_path, package)
    made.run()
    assert made.is_known()
    return made


def command(folder: Path, *arguments: str, **changes: str) -> str:
    """Run the command; return what it prints, with the heavy modules that it imported."""
    script = f"""
import sys
from soapstone.command import main
sys.argv[0] = "soapstone"
try:
    main()
finally:
    print(*[name for name in {HEAVY!r} if name in sys.modules])
"""
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SOURCE)} | changes,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.stdout + ended.stderr


# --- What is known -----------------------------------------------------------------------------------


def test_what_is_known_is_told_again(tmp_path: Path, package: Package) -> None:
    """The files of a package and what was said of its specs come back as they were."""
    site = Site(tmp_path, package)
    (site.tree / "own").mkdir(parents=True)
    (site.tree / "own" / "notes.txt").write_text("mine", "utf-8")
    site.run(WARNING)
    records = site.records()
    record = records.unchanged(site.specs)
    assert record is not None
    assert record.name == "demo"
    assert record.diagnostics == (WARNING,)
    files = {f"demo/{path}" for path in (*package.files, LOCK_NAME)}
    assert set(records.files(record)) == files


def edit(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def edit_unnoticed(path: Path) -> None:
    """Change a file, and give it back its size and the time of its last change."""
    status = path.stat()
    path.write_bytes(bytes(reversed(path.read_bytes())))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def replace(path: Path) -> None:
    """Put another file with the same content and times in the place of one."""
    other = path.with_name("other")
    shutil.copy2(path, other)
    other.replace(path)


CHANGES: dict[str, Callable[[Site], object]] = {
    "spec": lambda site: edit(site.specs / "ping.yaml"),
    "spec of the service": lambda site: edit(site.specs / "service.yaml"),
    "example": lambda site: edit(next((site.specs / "pong").iterdir())),
    "new spec": lambda site: shutil.copy(
        site.specs / "ping.yaml", site.specs / "other.yaml"
    ),
    "spec gone": lambda site: (site.specs / "pong.yaml").unlink(),
    "specs gone": lambda site: shutil.rmtree(site.specs),
    "edit": lambda site: edit(site.tree / "ping.py"),
    "hidden edit": lambda site: edit_unnoticed(site.tree / "ping.py"),
    "hidden edit of a spec": lambda site: edit_unnoticed(site.specs / "ping.yaml"),
    "other file": lambda site: replace(site.tree / "ping.py"),
    "mode": lambda site: (site.tree / "ping.py").chmod(0o600),
    "lock": lambda site: edit(site.tree / LOCK_NAME),
    "file gone": lambda site: (site.tree / "ping.py").unlink(),
    "stranger": lambda site: (site.tree / "notes.txt").touch(),
    "folder of a stranger": lambda site: (site.tree / "notes").mkdir(),
    "package gone": lambda site: shutil.rmtree(site.tree),
    "all gone": lambda site: shutil.rmtree(site.out),
    "put aside": lambda site: site.tree.rename(site.out / ".demo.soapstone-old"),
    "killed run": lambda site: (site.out / f".demo.soapstone-{'0' * 16}").mkdir(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_is_noticed(site: Site, change: Callable[[Site], object]) -> None:
    """Whatever has changed among specs and files, nothing is known of them any more."""
    change(site)
    assert not site.is_known()


def test_what_python_leaves_is_no_change(site: Site) -> None:
    """A package that was imported has not changed."""
    (site.tree / "__pycache__").mkdir()
    (site.tree / "__pycache__" / "ping.pyc").touch()
    assert site.is_known()


def test_a_change_of_the_generator_is_noticed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another generator found out is worth nothing, nor what was found with another library."""
    cache.generator.cache_clear()
    monkeypatch.setattr(cache, "_LIBRARIES", ("lxml", "of_that_name_is_none"))
    assert not site.is_known()
    cache.generator.cache_clear()
    monkeypatch.undo()
    monkeypatch.setenv("SOAPSTONE_CACHE", str(site.kept))
    assert site.is_known()


def test_files_as_young_as_the_look_at_them_are_not_trusted(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spec that may change once more within the tick of a clock is read again by the next run."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    site = Site(tmp_path, package)
    future = time.time_ns() + 10**12
    os.utime(site.specs / "ping.yaml", ns=(future, future))
    site.run()
    assert not site.is_known()


def test_a_link_among_specs_is_not_trusted(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a link leads to can change without a trace in the folder."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    site = Site(tmp_path, package)
    (tmp_path / "ping.yaml").write_bytes((site.specs / "ping.yaml").read_bytes())
    (site.specs / "ping.yaml").unlink()
    (site.specs / "ping.yaml").symlink_to(tmp_path / "ping.yaml")
    site.age(site.specs)
    site.run()
    assert not site.is_known()


def test_another_run_in_between_is_no_failure(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another run takes away while this one looks at what it wrote is found out again, next time."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    site = Site(tmp_path, package)
    sleep, scandir = time.sleep, os.scandir

    def list_and_take_away(path: str) -> object:
        found = scandir(path)
        if path == str(site.tree):
            site.tree.rename(tmp_path / "aside")
        return found

    with monkeypatch.context() as patched:
        # After it was written, and before it is looked at.
        patched.setattr(
            time,
            "sleep",
            lambda seconds: (
                sleep(seconds),
                patched.setattr(os, "scandir", list_and_take_away),
            ),
        )
        site.run()
    assert not site.tree.exists()
    (tmp_path / "aside").rename(site.tree)
    assert not site.is_known()


def test_an_edit_during_the_run_is_not_trusted(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that somebody saved before the run was over is not what was generated."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    site = Site(tmp_path, package)
    records, written = site.write()
    edit(site.tree / "ping.py")
    records.keep(site.specs, package, [], written.entries)
    assert not site.is_known()


def test_a_spec_saved_during_the_run_is_not_trusted(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is kept about a text that may have been digested without having been read."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "kept"))
    site = Site(tmp_path, package)
    records, written = site.write()
    edit(site.specs / "ping.yaml")
    records.keep(site.specs, package, [], written.entries)
    parts = site.records().parts(site.specs)
    assert parts is not None
    assert (parts.known, parts.accepted) == ({}, frozenset())


# --- What is kept ------------------------------------------------------------------------------------


def kept_files(site: Site) -> list[Path]:
    return sorted(site.kept.iterdir())


DAMAGE = {
    "empty": b"",
    "half": b'{"generator": ',
    "no object": b"[1]",
    "deep": b"[" * 100_000,
    "binary": b"\xff\x00",
    "other generator": b'{"generator": "x"}',
}


@pytest.mark.parametrize("content", DAMAGE.values(), ids=DAMAGE)
def test_what_is_damaged_is_ignored(site: Site, content: bytes) -> None:
    """A file that says nothing is as good as none, and the next run writes it anew."""
    for file in kept_files(site):
        file.write_bytes(content)
    assert not site.is_known()
    assert read_parts(kept_files(site)[0], site.out).known == {}
    site.run()
    assert site.is_known()


FOREIGN: dict[str, object] = {
    "name": "../demo",
    "specs": None,
    "diagnostics": [{}],
    "strangers": 5,
}


@pytest.mark.parametrize("key", FOREIGN)
def test_what_others_wrote_is_ignored(site: Site, key: str) -> None:
    """A file with anything unexpected in it is as good as none."""
    file = next(each for each in kept_files(site) if ".record." in each.name)
    document = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**document, key: FOREIGN[key]}), "utf-8")
    assert not site.is_known()


@pytest.mark.parametrize("parts", [{"a": {"../x": "1"}}, {"a": 1}, 1, {"a": ["x"]}])
def test_parts_that_others_wrote_are_ignored(site: Site, parts: object) -> None:
    """No path outside a package is looked at, whatever a file says."""
    file = next(each for each in kept_files(site) if ".parts." in each.name)
    document = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps({**document, "parts": parts}), "utf-8")
    assert read_parts(file, site.out).known == {}


def test_nothing_is_kept_where_nothing_is_to_be(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever wants no cache gets none: by the variable, or by the option."""
    monkeypatch.setenv("SOAPSTONE_CACHE", "off")
    site = Site(tmp_path, package)
    site.run()
    assert site.records().parts(site.specs) is None
    monkeypatch.setenv("SOAPSTONE_CACHE", str(site.kept))
    site.records = lambda: Records(site.out, is_used=False)  # type: ignore[method-assign]  # as the option has it
    site.run()
    assert not site.kept.exists()


def test_things_are_kept_where_systems_keep_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a choice, the folder is the one for such things; without a home there is none."""
    monkeypatch.delenv("SOAPSTONE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "soapstone"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / ".cache" / "soapstone"

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert cache.cache_folder() is None


def test_a_cache_that_cannot_be_written_disturbs_nobody(
    tmp_path: Path, package: Package, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be kept, everything is found out again."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("SOAPSTONE_CACHE", str(tmp_path / "file"))
    site = Site(tmp_path, package)
    site.run()
    assert not site.is_known()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# --- The command -------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with specs of which a package was made."""
    shutil.copytree(DEMO, tmp_path / "specs" / "demo")
    time.sleep(0.03)
    assert "created" in command(tmp_path, "generate", **kept(tmp_path))
    return tmp_path


def kept(folder: Path) -> dict[str, str]:
    return {"SOAPSTONE_CACHE": str(folder / "kept")}


def test_where_nothing_has_changed_nothing_is_imported(desk: Path) -> None:
    """Neither the stages nor the libraries that they use are needed to see that."""
    said = command(desk, "generate", **kept(desk))
    assert said.startswith("demo: ")
    assert said.endswith(" files unchanged\n\n")
    said = command(desk, "check", **kept(desk))
    assert said == "generated/ equals what the specs say\n\n"


def test_whoever_wants_to_can_have_everything_built(desk: Path) -> None:
    """Without the cache all stages run."""
    said = command(desk, "check", "--no-cache", **kept(desk))
    assert "soapstone.pipeline" in said
    assert "equals" in said


def test_one_changed_service_is_built_alone(desk: Path) -> None:
    """Of two services only the one that has changed is built, and both are told of."""
    shutil.copytree(desk / "specs" / "demo", desk / "specs" / "other")
    service = desk / "specs" / "other" / "service.yaml"
    text = service.read_text("utf-8")
    service.write_text(text.replace("service: Demo", "service: Other"), "utf-8")
    said = command(desk, "generate", "--format", "json", **kept(desk))
    packages = json.loads(said.rpartition("}")[0] + "}")["packages"]
    assert [each["name"] for each in packages] == ["demo", "other"]
    assert [bool(each["created"]) for each in packages] == [False, True]
    service.write_text(text, "utf-8")
    said = command(desk, "generate", **kept(desk))
    assert "would be that of another service too" in said


def test_warnings_are_told_again(desk: Path) -> None:
    """What was said of specs is said by every run, also by one that does not read them."""
    ping = desk / "specs" / "demo" / "ping.yaml"
    text = ping.read_text("utf-8").replace(", doc: What to say.", "")
    ping.write_text(text, "utf-8")
    time.sleep(0.03)
    first = command(desk, "check", **kept(desk))
    assert "warning: nothing says what `Text` means" in first
    assert "demo/ping.py" in first
    command(desk, "generate", **kept(desk))
    again = command(desk, "check", **kept(desk))
    assert "warning: nothing says what `Text` means" in again
    assert again.endswith("generated/ equals what the specs say\n\n")
    # What was said of an operation is found out again by a run that builds.
    assert "warning" in command(desk, "check", "--no-cache", **kept(desk))


def test_one_changed_operation_is_made_alone(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is about other operations comes from the package; edits in it are noticed all the same."""
    monkeypatch.setenv("SOAPSTONE_CACHE", str(desk / "kept"))
    monkeypatch.chdir(desk)
    specs = Path("specs/demo")
    parts = Records(Path("generated")).parts(specs)
    assert parts is not None
    assert len(parts.known) == 2
    assert len(parts.sound) == 2
    whole = package_of(specs)
    for key, paths in whole.parts.items():
        assert parts.files("demo", key) == {path: whole.files[path] for path in paths}
    checked: list[str] = []

    def noted(root: Mapping, schema: str, report: Report) -> Mapping | None:
        checked.append(schema)
        return check(root, schema, report)

    monkeypatch.setattr("soapstone.decode.check", noted)
    again = build_package(specs, Report(), parts=parts)
    assert again == whole
    assert checked == ["service"]
    (key, paths), *_ = whole.parts.items()
    (desk / "generated" / "demo" / min(paths)).write_bytes(b"")
    assert parts.files("demo", key) is None
    assert parts.files("other", key) is None
    assert parts.files("demo", "unknown") is None
    assert build_package(specs, Report(), parts=parts) == whole
