"""Promises of `soapstone generate` when it is killed, refused or not alone: with real processes."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import soapstone
from figures import Figure
from soapstone.command import main, services
from soapstone.diagnostics import Report
from soapstone.output import LOCK_NAME
from soapstone.output import disk as disk_module
from soapstone.pipeline import build_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.process import BaseProcess

    from soapstone.output import Package

HERE = Path(__file__).parent
SOURCE = Path(soapstone.__file__).parent.parent
FORK = multiprocessing.get_context("fork")
NOBODY = 65534

# What a fork does with the threads of pytest's plugins is of no interest here.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

Tree = dict[str, bytes]

PACKAGES = ("demo", "gone", "other")
OWN = {
    "README.md": b"beside\n",
    "own/__init__.py": b"beside\n",
    ".own.soapstone-notes/note.txt": b"beside\n",
    "demo/own.py": b"inside\n",
    "demo/tests/own/data.txt": b"inside\n",
    "gone/own.txt": b"inside\n",
}


def tree(folder: Path) -> Tree:
    """Return the contents of all files in a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@dataclass(frozen=True)
class Ended:
    """How a run of the command ended; the code is negative for a signal."""

    code: int
    said: str


@dataclass(frozen=True)
class Site:
    """A folder with specs and the tree that others of them yielded.

    Attributes:
        old: The complete trees of all packages before the run, hand-written files excepted.
        new: The same after it.
    """

    folder: Path
    old: dict[str, Tree]
    new: dict[str, Tree]

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.folder / "generated"

    def reset(self) -> None:
        """Put the old tree back, with files of a person in it and beside it."""
        shutil.rmtree(self.out, ignore_errors=True)
        for package, files in self.old.items():
            for path, content in files.items():
                place = self.out / package / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        for path, content in OWN.items():
            (self.out / path).parent.mkdir(parents=True, exist_ok=True)
            (self.out / path).write_bytes(content)

    def start(
        self, before: Callable[[], object] = int, specs: str = "new"
    ) -> BaseProcess:
        """Run the command in a process of its own, in which something is done first."""
        said = self.folder / f"said-{specs}"

        def run() -> None:
            os.chdir(self.folder)
            stream = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(stream, 1)
            os.dup2(stream, 2)
            sys.stdout = sys.stderr = os.fdopen(1, "w", encoding="utf-8")
            sys.argv = ["soapstone", "generate", "--jobs", "1", specs]
            before()
            main()

        process = FORK.Process(target=run)
        process.start()
        return process

    def finish(self, process: BaseProcess, specs: str = "new") -> Ended:
        """Wait until a run has ended."""
        process.join()
        assert process.exitcode is not None
        said = (self.folder / f"said-{specs}").read_text("utf-8")
        return Ended(process.exitcode, said)

    def run(self, before: Callable[[], object] = int, specs: str = "new") -> Ended:
        """Run the command and wait for its end."""
        return self.finish(self.start(before, specs), specs)

    def states(self) -> dict[str, str]:
        """Return which complete tree each package is, and check that what is a person's is there."""
        found = tree(self.out)
        for path, content in OWN.items():
            package, _, name = path.partition("/")
            aside = f".{package}.soapstone-old/{name}"
            assert content in {found.pop(path, None), found.pop(aside, None)}, path
        return {package: self._state(package, found) for package in PACKAGES}

    def _state(self, package: str, found: Tree) -> str:
        here = {
            path.removeprefix(f"{package}/"): content
            for path, content in found.items()
            if path.startswith(f"{package}/")
        }
        if not here and not (self.out / package).exists():
            aside = f".{package}.soapstone-old/"
            here = {
                path.removeprefix(aside): content
                for path, content in found.items()
                if path.startswith(aside)
            }
        (state,) = {
            name
            for name, trees in (("old", self.old), ("new", self.new))
            if trees[package] == here
        }
        return state

    def hidden(self) -> list[str]:
        """Return what is left of runs that did not come to their end."""
        names = (path.name for path in self.out.iterdir())
        return [name for name in names if name.startswith(".") and "own" not in name]

    def check_mended(self) -> None:
        """Check that one more run gives the new tree and leaves nothing else."""
        ended = self.run()
        assert ended.code == 0, ended.said
        assert set(self.states().values()) == {"new"}
        assert self.hidden() == []


def build(folder: Path, *_: object) -> Package | None:
    """Return the package of specs, which is always the same one."""
    return built(folder.resolve())


@cache
def built(folder: Path) -> Package | None:
    """Build a package once: it takes most of a run."""
    return build_package(folder, Report())


NEW = {"demo": "new", "gone": "new", "other": "new"}
OLD = {"demo": "old", "gone": "old", "other": "old"}


def add_service(specs: Path, name: str, text: str = "What to say.") -> None:
    """Add a copy of the service of the tests."""
    folder = specs / name.lower()
    shutil.copytree(HERE / "demo", folder)
    service = (folder / "service.yaml").read_text("utf-8")
    (folder / "service.yaml").write_text(
        service.replace("service: Demo", f"service: {name}"), "utf-8"
    )
    ping = (folder / "ping.yaml").read_text("utf-8")
    (folder / "ping.yaml").write_text(ping.replace("What to say.", text), "utf-8")


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return a folder, in memory where that can be: trees in it come and go by the hundred."""
    memory = Path("/dev/shm")  # noqa: S108 -- a folder of its own in there
    usable = memory if os.access(memory, os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=usable) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def original(place: Path) -> Site:
    """Return a site, after a run with the old specs and one with the new ones."""
    folder = place / "site"
    for name in ("Demo", "Gone", "Other"):
        add_service(folder / "old", name)
    for name in ("Demo", "Other"):
        add_service(folder / "new", name, "What to repeat.")
    trees: list[dict[str, Tree]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(services, "build_package", build)
        patched.chdir(folder)
        for specs in ("old", "new"):
            patched.setattr(
                sys, "argv", ["soapstone", "generate", "--jobs", "1", specs]
            )
            with pytest.raises(SystemExit) as leaving:
                main()
            assert leaving.value.code == 0
            trees.append({name: tree(folder / "generated" / name) for name in PACKAGES})
    assert trees[0] != trees[1]
    assert trees[1]["gone"] == {}
    return Site(folder, *trees)


@pytest.fixture
def site(original: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return the site with the old tree."""
    monkeypatch.setattr(services, "build_package", build)
    # It only matters when the power fails.
    monkeypatch.setattr(os, "fsync", lambda _: None)
    original.reset()
    return original


# --- At every step -----------------------------------------------------------------------------

STEPS = {"ctypes.dlsym", "os.chmod", "os.link", "os.mkdir", "os.remove", "os.rename"}
STEPS |= {"os.rmdir", "os.utime"}


def is_step(event: str, arguments: tuple[object, ...], out: Path) -> bool:
    """Whether an event of the interpreter is about to change something in the output folder."""
    if event == "open":
        path, _, flags = arguments
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        return bool(writes) and is_below(path, out)
    if event == "ctypes.dlsym":
        return arguments[1] == "renameat2"
    # What is removed is named relative to its folder, which is open.
    is_relative = event in {"os.remove", "os.rmdir"} and arguments[-1] != -1
    return event in STEPS and (is_relative or is_below(arguments[0], out))


def is_below(path: object, out: Path) -> bool:
    """Whether a path leads into the output folder."""
    return isinstance(path, (str, os.PathLike)) and (
        Path(os.fsdecode(path)).absolute().is_relative_to(out)
    )


def hook(out: Path, act: Callable[[int, str], object]) -> Callable[[], object]:
    """Return what has something done before every step, with its number and name."""

    def install() -> None:
        count = 0

        def heard(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal count
            if is_step(event, arguments, out):
                count += 1
                act(count, event)

        sys.addaudithook(heard)

    return install


def at(turn: int, act: Callable[[], object]) -> Callable[[int, str], object]:
    """Return what acts at one step."""
    return lambda count, _: act() if count == turn else None


def turns(site: Site, every: int) -> list[int]:
    """Return the numbers of all steps that differ from the one before, and of some that do not."""
    log = site.folder / "steps"
    stream = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    ended = site.run(
        hook(site.out, lambda _, event: os.write(stream, f"{event}\n".encode()))
    )
    os.close(stream)
    assert ended.code == 0
    steps = log.read_text().splitlines()
    site.reset()
    return [
        number
        for number, (last, step) in enumerate(zip(["", *steps], steps, strict=False), 1)
        if step != last or number % every == 0
    ]


@pytest.fixture(params=["exchange", "renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run with the exchange of folders, and on a system without it."""
    if request.param == "renames":
        monkeypatch.setattr(disk_module, "_EXCHANGES", {})
    return str(request.param)


@pytest.mark.usefixtures("way")
def test_killed_at_every_step(site: Site, figure: Figure) -> None:
    """Wherever SIGKILL meets it, each package is the old or the new one, and a run mends the rest."""
    seen: set[str] = set()
    numbers = turns(site, 100)
    assert len(numbers) > 20
    for turn in numbers:
        ended = site.run(
            hook(site.out, at(turn, lambda: os.kill(os.getpid(), signal.SIGKILL)))
        )
        assert ended.code == -signal.SIGKILL
        seen |= set(site.states().values())
        site.check_mended()
        site.reset()
    assert seen == {"old", "new"}
    figure("places of a run at which it was killed", len(numbers))


def refuse(number: int) -> Callable[[], None]:
    """Return what behaves like a disk that refuses."""

    def act() -> None:
        raise OSError(number, os.strerror(number))

    return act


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_refused_at_every_step(site: Site, number: int, figure: Figure) -> None:
    """Wherever the disk refuses there is a sentence and an old tree, or a new tree and no error."""
    numbers = turns(site, 150)
    figure("places of a run at which the disk refused", len(numbers))
    for turn in numbers:
        ended = site.run(hook(site.out, at(turn, refuse(number))))
        states = site.states()
        if ended.code == 0:
            assert states == NEW
        else:
            assert ended.code == 1
            assert os.strerror(number) in ended.said
            assert "the package is as it was before" in ended.said
            assert "bug" not in ended.said
            assert "old" in states.values()
        site.check_mended()
        site.reset()


def test_interrupted_at_every_step(site: Site, figure: Figure) -> None:
    """Wherever Ctrl-C meets it there is a sentence, and no litter."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    numbers = turns(site, 150)
    figure("places of a run at which it was interrupted", len(numbers))
    for turn in numbers:
        ended = site.run(hook(site.out, at(turn, interrupt)))
        assert ended.code == 1
        assert "interrupted; no package was left half-written" in ended.said
        assert set(site.states().values()) <= {"old", "new"}
        assert site.hidden() == []
        site.check_mended()
        site.reset()


# --- Processes of their own -----------------------------------------------------------------------


def command(*arguments: str | Path) -> list[str | Path]:
    """Return the command line of the generator under test."""
    return [sys.executable, "-m", "soapstone", "generate", *arguments]


def environment() -> dict[str, str]:
    """Return the environment of a process that finds the generator under test."""
    return {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONDONTWRITEBYTECODE": "1"}


def test_killed_while_it_writes(site: Site) -> None:
    """A process that is killed while it replaces packages leaves old ones and new ones only."""
    moment = random.Random(7)  # noqa: S311 -- no secret
    for _ in range(5):
        with subprocess.Popen(
            command("new"),
            cwd=site.folder,
            env=environment(),
            stdout=subprocess.DEVNULL,
        ) as process:
            while process.poll() is None and not site.hidden():
                time.sleep(0.001)
            time.sleep(moment.uniform(0, 0.05))
            process.kill()
        assert set(site.states().values()) <= {"old", "new"}
        site.check_mended()
        site.reset()


def test_two_at_once(site: Site) -> None:
    """Two processes that want different trees end well, and one of the two trees stands there."""
    seen: set[str] = set()
    for _ in range(3):
        both = [
            subprocess.Popen(
                command(specs),
                cwd=site.folder,
                env=environment(),
                stdout=subprocess.DEVNULL,
            )
            for specs in ("old", "new")
        ]
        assert [process.wait() for process in both] == [0, 0]
        seen |= set(site.states().values())
        assert site.hidden() == []
    assert seen <= {"old", "new"}


@pytest.mark.usefixtures("way")
def test_two_at_once_for_many_rounds(site: Site) -> None:
    """However the steps of two runs fall among each other, each package is one of the two trees."""
    for _ in range(25):
        both = [(site.start(specs=specs), specs) for specs in ("old", "new")]
        for process, specs in both:
            ended = site.finish(process, specs)
            assert ended.code == 0, ended.said
        assert set(site.states().values()) <= {"old", "new"}
        assert site.hidden() == []
    site.check_mended()


def test_one_waits_for_the_other(site: Site) -> None:
    """A run that is stopped keeps others out, and one that is killed lets them in."""
    for turn in turns(site, 150)[::4]:
        stop = at(turn, lambda: os.kill(os.getpid(), signal.SIGSTOP))
        first = site.start(hook(site.out, stop))
        assert first.pid is not None
        os.waitpid(first.pid, os.WUNTRACED)
        second = site.start(specs="old")
        os.kill(first.pid, signal.SIGKILL)
        ended = site.finish(second, "old")
        first.join()
        assert ended.code == 0, ended.said
        assert site.states() == OLD
        assert site.hidden() == []
        site.reset()


@pytest.mark.usefixtures("way")
def test_a_person_saves_files_meanwhile(site: Site) -> None:
    """Every file that somebody saves in the packages during runs is there in the end."""
    log = site.folder / "saved"
    log.write_bytes(b"")

    def save() -> None:
        number = 0
        while True:
            path = site.out / "demo" / ("tests" if number % 2 else "") / f"late{number}"
            try:
                path.with_suffix(".saving").write_bytes(b"%d\n" % number)
                path.with_suffix(".saving").replace(path)
            except OSError:
                continue  # there is no folder for the moment, which an editor would say
            with log.open("ab") as file:
                file.write(f"{path}\n".encode())
            number += 1
            time.sleep(0.002)

    writer = FORK.Process(target=save, daemon=True)
    writer.start()
    try:
        for number in range(40):
            ended = site.run(specs="old" if number % 2 else "new")
            # What was seen a moment before may have another name, or there is more of it.
            sentences = ("run the command again", "the package is as it was before")
            is_told = any(sentence in ended.said for sentence in sentences)
            assert ended.code == 0 or is_told, ended.said
    finally:
        writer.kill()
        writer.join()
    saved = log.read_text().splitlines()
    assert len(saved) > 20
    assert [path for path in saved if not Path(path).exists()] == []


# --- A disk that has no room --------------------------------------------------------------------------


def test_files_that_are_too_large(site: Site) -> None:
    """A limit in the middle of any file keeps the old tree of its package."""
    sizes = sorted(
        {
            len(content)
            for package in ("demo", "other")
            for path, content in site.new[package].items()
            if site.old[package].get(path) != content
        }
    )
    assert len(sizes) > 2
    for size in sizes:

        def limit(size: int = size) -> None:
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (size - 1, hard))

        ended = site.run(limit)
        assert ended.code == 1
        assert "File too large; the package is as it was before" in ended.said
        assert "old" in site.states().values()
        site.check_mended()
        site.reset()


NAMESPACE = """\
import json, os, pathlib, shutil, subprocess, sys

out, old, pages, *command = sys.argv[1:]


def mount(*options):
    subprocess.run(["mount", *options, out], check=True)


def tree():
    files = sorted(path for path in pathlib.Path(out).rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes().hex() for path in files}


def generate():
    ended = subprocess.run([*command], capture_output=True, text=True)
    return {"code": ended.returncode, "said": ended.stderr, "tree": tree()}


results = []
for size in range(0, 24, 4):
    mount("-t", "tmpfs", "-o", f"size={(int(pages) + size) * 4}k", "none")
    shutil.copytree(old, out, dirs_exist_ok=True)
    results.append(generate())
    subprocess.run(["umount", out], check=True)
mount("-t", "tmpfs", "none")
shutil.copytree(old, out, dirs_exist_ok=True)
mount("-o", "remount,ro")
results.append(generate())
mount("-o", "remount,rw")
results.append(generate())
print(json.dumps(results))
"""


def test_full_and_read_only_disks(site: Site) -> None:
    """On disks of any size, and on one that may not be written, trees are the old or the new one."""
    unshare = shutil.which("unshare")
    is_root = os.geteuid() == 0
    # Who is not root is it in a name space of their own.
    options = ["--mount"] if is_root else ["--mount", "--user", "--map-root-user"]
    if (
        unshare is None
        or subprocess.run([unshare, *options, "true"], check=False).returncode
    ):
        pytest.skip("this machine has no name spaces for disks")
    pages = sum(-(-len(content) // 4096) for content in tree(site.out).values())
    (site.folder / "keep").mkdir()
    site.out.rename(site.folder / "keep" / "old")
    site.out.mkdir()
    arguments = [site.out, site.folder / "keep" / "old", str(pages), *command("new")]
    ended = subprocess.run(
        [unshare, *options, sys.executable, "-c", NAMESPACE, *arguments],
        cwd=site.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(site.folder / "keep")
    if "mount:" in ended.stderr:
        pytest.skip("this machine mounts nothing")
    assert ended.returncode == 0, ended.stderr
    *sizes, read_only, last = json.loads(ended.stdout)
    words = ("No space left on device", "the package is as it was before")
    for result in sizes:
        check_on_disk(site, result, words if result["code"] else ())
    assert {result["code"] for result in sizes} == {0, 1}
    assert read_only["code"] == 1
    check_on_disk(site, read_only, ("Read-only file system",))
    assert last["code"] == 0
    check_on_disk(site, last, ())


def check_on_disk(site: Site, result: dict[str, Any], words: tuple[str, ...]) -> None:
    """Check the tree that a run left on another disk, and what it said."""
    shutil.rmtree(site.out)
    for path, content in result["tree"].items():
        (site.out / path).parent.mkdir(parents=True, exist_ok=True)
        (site.out / path).write_bytes(bytes.fromhex(content))
    states = set(site.states().values())
    assert states == {"new"} if result["code"] == 0 else "old" in states
    assert site.hidden() == []
    for word in words:
        assert word in result["said"]


# --- No permission --------------------------------------------------------------------------------------


def as_nobody(site: Site) -> Callable[[], None]:
    """Return what makes a process one for which permissions count; the tree is its own."""
    if os.geteuid() != 0:
        return lambda: None
    for path in (site.folder.parent, site.folder, *site.folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)

    def become() -> None:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    return become


@pytest.mark.parametrize(
    ("path", "mode", "is_done"),
    [
        (".", 0o500, False),
        ("demo", 0o500, True),
        ("demo/tests", 0o500, True),
        ("demo/ping.py", 0o400, True),
        ("demo/ping.py", 0o000, False),
        ("demo/tests", 0o000, False),
        ("demo/own.py", 0o400, True),
        (f"demo/{LOCK_NAME}", 0o000, False),
    ],
)
def test_no_permission(site: Site, path: str, mode: int, *, is_done: bool) -> None:
    """What may not be written or read is a sentence and an old tree, unless it is in nobody's way."""
    become = as_nobody(site)
    place = site.out / path
    usual = place.stat().st_mode
    place.chmod(mode)
    ended = site.run(become)
    place.chmod(usual)
    if is_done:
        assert ended.code == 0, ended.said
    else:
        assert ended.code == 1
        assert "Permission denied" in ended.said
        assert "nothing was written" in ended.said
        assert site.states() == OLD
    ended = site.run(become)
    assert ended.code == 0, ended.said
    assert site.states() == NEW
    assert site.hidden() == []


def test_no_place_for_the_output_folder(site: Site) -> None:
    """An output folder that cannot be made, or is a file, is a sentence."""
    become = as_nobody(site)
    shutil.rmtree(site.out)
    site.folder.chmod(0o500)
    ended = site.run(become)
    site.folder.chmod(0o700)
    assert ended.code == 1
    assert "generated`: Permission denied" in ended.said
    site.out.write_bytes(b"own\n")
    ended = site.run()
    assert ended.code == 2
    assert "is a file" in ended.said
    assert site.out.read_bytes() == b"own\n"
    site.out.unlink()


def test_a_file_in_the_place_of_a_folder(site: Site) -> None:
    """A file where a package or a folder of one belongs stays, and nothing is written."""
    for path in ("demo", "demo/tests"):
        site.reset()
        moved = site.folder / "moved"
        (site.out / path).rename(moved)
        (site.out / path).write_bytes(b"own\n")
        before = tree(site.out)
        ended = site.run()
        assert ended.code == 1
        assert "nothing was written" in ended.said
        assert tree(site.out) == before
        (site.out / path).unlink()
        moved.rename(site.out / path)
        site.check_mended()


def test_an_edit_stops_every_package(site: Site) -> None:
    """An edit in one package, also one without specs, is neither lost nor half of a run."""
    for path in ("demo/ping.py", "gone/client.py", "other/types.py"):
        site.reset()
        content = (site.out / path).read_bytes()
        (site.out / path).write_bytes(b"# mine\n")
        before = tree(site.out)
        ended = site.run()
        assert ended.code == 1
        assert f"generated/{path}: edited" in ended.said
        assert tree(site.out) == before
        (site.out / path).write_bytes(content)
        site.check_mended()
