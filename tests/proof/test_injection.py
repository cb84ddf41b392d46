"""Text of a spec is refused, or becomes a constant: never syntax, never a path, never a command."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hostile import MARK, SINGLE, WORST, Hostile, hostile
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import DictLoader
from judgement import Judge
from leaves import SPECS, Leaf, Workshop, leaves_of, quoted
from proof_effort import TIMES
from trees import Outcome, least_difference, planned_operations, tried

import soapstone
from figures import Figure
from soapstone.command import main
from soapstone.diagnostics import Report
from soapstone.naming import Code, path_in_comment
from soapstone.output import write
from soapstone.pipeline import build_package, compile_service
from soapstone.plan import Plan, plan_shared
from soapstone.render import environment
from soapstone.reporting import Format, render_diagnostics

pytestmark = pytest.mark.usefixtures("uncounted")

# Whoever asks for more has every text tried in every leaf, which takes an hour.
IS_LONG = TIMES > 1
CASES = SPECS[:-2]
LEAVES = "hostile texts in specs"
TAKEN = "hostile texts in specs that were taken, as constants"
ROTATING = tuple(name for name in WORST if name not in {"everything", "surrogate"})


def texts_for(spec: Path) -> tuple[str, ...]:
    """Return the names of the texts for a spec: the one that is taken in most places, and for some another."""
    if IS_LONG:
        return (*WORST, *SINGLE)
    number = CASES.index(spec) if spec in CASES else 0
    if number % 2 == 0:
        return ("everything",)
    return "everything", ROTATING[number // 2 % len(ROTATING)]


@functools.cache
def kinds_of(spec: Path) -> dict[tuple[str, ...], Leaf]:
    """Return a leaf of each kind in a spec."""
    return {leaf.kind: leaf for leaf in reversed(leaves_of(spec))}


def chosen(workshop: Workshop, spec: Path) -> list[Leaf]:
    """Return the leaves to try: all of them, but of large specs some of those of kinds found nowhere else."""
    if IS_LONG or spec in CASES:
        return workshop.leaves
    known = {kind for each in CASES for kind in kinds_of(each)}
    own = [leaf for kind, leaf in kinds_of(spec).items() if kind not in known]
    return own[::3]


@functools.cache
def judged(spec: Path, name: str, folder: Path) -> Judge:
    """Return what became of the leaves of a spec that have one text."""
    workshop = Workshop(spec, folder / f"{spec.name} {name}")
    judge = Judge(workshop, (WORST | SINGLE)[name])
    judge.judge(chosen(workshop, spec))
    return judge


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all tests share."""
    return tmp_path_factory.mktemp("hostile")


def printable(report: Report) -> None:
    """Check that findings can be shown: in each format, with nothing that a terminal would act on."""
    found = report.diagnostics
    text = render_diagnostics(found, Format.TEXT)
    annotations = render_diagnostics(found, Format.GITHUB)
    document = render_diagnostics(found, Format.JSON)
    assert all(
        line.isprintable()
        for written in (text, annotations, document)
        for line in written.split("\n")
    )
    assert [line[:2] for line in annotations.split("\n")] == (
        ["::"] * len(found) or [""]
    )
    assert [each["message"] for each in json.loads(document)] == [
        each.message for each in found
    ]


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        pytest.param(spec, name, id=f"{spec.name}-{name}")
        for spec in SPECS
        for name in texts_for(spec)
    ],
)
def test_a_hostile_text_is_reported_or_a_constant(
    spec: Path, name: str, folder: Path, figure: Figure
) -> None:
    """Wherever it stands, it is reported there, or the package differs from a harmless one's in constants alone."""
    judge = judged(spec, name, folder)
    taken = [leaf for group in judge.accepted for leaf in group]
    assert judge.failures == []
    assert len(judge.refused) + len(taken) == judge.tried > 0
    figure(LEAVES, judge.tried)
    figure(TAKEN, len(taken))


def test_each_kind_of_leaf_has_each_text(folder: Path, figure: Figure) -> None:
    """One hostile character alone comes to no more than all of them together, in any kind of place."""
    tried_, taken = 0, 0
    known = set[tuple[str, ...]]()
    for spec in SPECS[: -1 if IS_LONG else -2]:
        workshop = Workshop(spec, folder / "kinds")
        for kind, leaf in kinds_of(spec).items():
            if kind in known:
                continue
            known.add(kind)
            if not IS_LONG and len(known) % 4:
                continue
            for pattern in some_of(tuple(SINGLE.values()), len(known)):
                tried_ += 1
                taken += checked(workshop, leaf, hostile(pattern, leaf, tried_))
    assert 0 < taken < tried_
    figure("kinds of strings in specs", len(known))
    figure(LEAVES, tried_)
    figure(TAKEN, taken)


def some_of(patterns: tuple[str, ...], number: int) -> Iterator[str]:
    """Yield some texts, others for each number; all of them where there is time."""
    count = len(patterns) if IS_LONG else 1
    return (patterns[(number + 11 * each) % len(patterns)] for each in range(count))


def checked(workshop: Workshop, leaf: Leaf, texts: Hostile) -> bool:
    """Check what becomes of a text in one leaf, and return whether it is taken."""
    outcome = written(workshop, leaf, texts.text)
    printable(outcome.report)
    if outcome.plan is None:
        return False
    harmless = (written(workshop, leaf, text) for text in texts.harmless)
    assert least_difference(outcome.plan, harmless) == [], leaf
    return True


def written(workshop: Workshop, leaf: Leaf, text: str) -> Outcome:
    workshop.write({leaf: text})
    return tried(workshop.folder)


NASTY = st.one_of(
    st.text(st.characters(), max_size=80),
    st.text(
        st.sampled_from(
            "\"'\\\n\r\t{}%#&<>\0\x1b\x85\u2028\u202e\u200b\ud800 aA1_.:/-"
        ),
        max_size=40,
    ),
    st.lists(st.sampled_from([each for each in SINGLE.values() if len(each) < 99])).map(
        "".join
    ),
)


@settings(max_examples=5000 if IS_LONG else 150, deadline=None, derandomize=not IS_LONG)
@given(st.data())
def test_no_text_gets_out_of_its_leaf(folder: Path, data: st.DataObject) -> None:
    """Whatever the text and the leaf of a spec, it is reported, or a constant."""
    spec = data.draw(st.sampled_from(CASES))
    workshop = Workshop(spec, folder / "any")
    leaf = data.draw(st.sampled_from(workshop.leaves))
    text = data.draw(NASTY).replace(MARK, "q")
    checked(workshop, leaf, hostile(text, leaf, 0))


SNIPPETS = (
    *("1.0", "1e3", "1e300", "-1", "+5", "010", "0x1f", "99999999999999999999", "1_0"),
    *("", "~", "true", "no", ".inf", ".nan", "2026-02-30", "12:30", "[]", "{}", "[[]]"),
    *("[a, b]", "{a: b}", "{type: string}", "[{}]", "{list: a}", "!!binary x", "&a x"),
    *("*a", "[1, 2]", "[2, 1]", "{min: 1}", "{in: [a]}", "- a", "? a", "<<", "|", "@"),
)


@settings(max_examples=5000 if IS_LONG else 150, deadline=None, derandomize=not IS_LONG)
@given(st.data())
def test_no_yaml_is_too_much(folder: Path, data: st.DataObject) -> None:
    """Whatever stands in a leaf's place, be it no text at all, there is a report and never a traceback."""
    spec = data.draw(st.sampled_from(CASES))
    workshop = Workshop(spec, folder / "yaml")
    leaf = data.draw(st.sampled_from(workshop.leaves))
    workshop.write_as_it_is({leaf: data.draw(st.sampled_from(SNIPPETS))})
    printable(tried(workshop.folder).report)


@pytest.mark.parametrize(
    "spec", SPECS[:-1] if IS_LONG else CASES[::2], ids=lambda path: path.name
)
def test_a_hostile_name_is_reported_or_a_constant_everywhere(
    spec: Path, folder: Path, figure: Figure
) -> None:
    """A text that stands in several places, and in documents, is no more when it changes in all of them."""
    workshop = Workshop(spec, folder / "everywhere")
    texts = [leaf.text for leaf in workshop.leaves]
    several = sorted({text for text in texts if texts.count(text) > 1})
    taken = 0
    for number, text in enumerate(several):
        leaf = workshop.leaves[texts.index(text)]
        found = hostile(WORST["everything"], leaf, number)
        workshop.write_everywhere(text, found.text)
        outcome = tried(workshop.folder)
        if outcome.plan is not None:
            taken += 1
            harmless = renamed(workshop, text, found.harmless)
            assert least_difference(outcome.plan, harmless) == [], text
    figure(LEAVES, len(several))
    figure(TAKEN, taken)


def renamed(workshop: Workshop, old: str, texts: Iterable[str]) -> Iterator[Outcome]:
    for text in texts:
        workshop.write_everywhere(old, text)
        yield tried(workshop.folder)


# The generated tests


def test_the_tests_of_hostile_packages_pass(
    folder: Path, tmp_path: Path, figure: Figure
) -> None:
    """Packages of texts that were taken, of every kind of leaf, pass the tests that come with them."""
    packages = tmp_path / "packages"
    packages.mkdir()
    kinds, count = set[tuple[str, ...]](), 0
    for spec in CASES:
        workshop = Workshop(spec, tmp_path / "specs")
        for number, texts in enumerate(
            together(workshop, judged(spec, "everything", folder))
        ):
            new = {leaf.kind for leaf in texts} - kinds
            if new:
                kinds |= new
                workshop.write(texts)
                place(workshop.folder, packages, f"of_{spec.name}_{number}")
                count += 1
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
            *("--import-mode=importlib", "-W", "error", "."),
        ],
        cwd=packages,
        env=os.environ
        | {"COVERAGE_PROCESS_CONFIG": "", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout[-4000:]
    figure("packages of hostile texts whose tests passed", count)


def together(workshop: Workshop, judge: Judge) -> list[dict[Leaf, str]]:
    """Return the texts of a spec that were taken: all of them at once where that is taken too."""
    by_path = {(leaf.file, leaf.path, leaf.is_key): leaf for leaf in workshop.leaves}
    groups = [
        {
            by_path[leaf.file, leaf.path, leaf.is_key]: text
            for leaf, text in group.items()
        }
        for group in sorted(judge.accepted, key=len, reverse=True)
    ]
    everything = {leaf: text for group in groups for leaf, text in group.items()}
    workshop.write(everything)
    return groups if tried(workshop.folder).plan is None else [everything]


def place(spec: Path, folder: Path, name: str) -> None:
    """Write the package of a spec, laid out as it always is, under a name of its own."""
    package = build_package(spec, Report())
    assert package is not None
    write(replace(package, name=name), folder)


# Templates


def plan_of(spec: Path) -> Plan:
    compiled = compile_service(spec, Report())
    assert compiled is not None
    assert compiled.plan is not None
    return compiled.plan


def views_of(plan: Plan) -> Iterator[tuple[str, object]]:
    """Yield the name of each template with a view for it."""
    operations = planned_operations(plan)
    shared = plan_shared(plan, [each.interface for each in operations])
    yield "package.py.j2", shared.package
    yield "client.py.j2", shared.client
    yield "errors.py.j2", shared.errors
    yield "types.py.j2", shared.types
    yield "test_testing.py.j2", shared.fake_tests
    for name in ("answers", "fixtures", "main", "memory", "package", "service"):
        yield f"fake_{name}.py.j2", shared.fake
    if shared.shared_readers is not None:
        yield "fake_shared.py.j2", shared.shared_readers
    for planned in operations:
        yield "operation.py.j2", planned.view
        yield "fake_operation.py.j2", planned.fake.view
        yield "test_operation.py.j2", planned.tests.view
    if shared.error_tests is not None:
        yield "test_errors.py.j2", shared.error_tests
    if shared.authentication_tests is not None:
        yield "test_types.py.j2", shared.authentication_tests


FILTER = re.compile(r" \| (?:literal|(?:dict|list)_display|docstring\([^)]*\))")


def test_what_goes_through_a_filter_is_refused_without_it(figure: Figure) -> None:
    """At every place of the templates that has a filter, what it is given could not be printed itself."""
    made = environment()
    bare = made.from_string("{{ value }}")
    places, refused = set[str](), set[str]()

    def probe(value: object, place: str) -> object:
        # A name that was checked may stand in quotes as well.
        if not isinstance(value, Code):
            with pytest.raises(TypeError):
                bare.render(value=value)
        refused.add(place)
        return value

    def probed(name: str, text: str) -> str:
        lines = text.split("\n")
        for number, line in enumerate(lines, 1):
            place = f"{name}:{number}"
            lines[number - 1], count = FILTER.subn(rf' | probe("{place}")\g<0>', line)
            places.update([place] * bool(count))
        return "\n".join(lines)

    templates = Path(soapstone.__file__).parent / "templates"
    watched = made.overlay(
        loader=DictLoader(
            {
                path.name: probed(path.name, path.read_text("utf-8"))
                for path in templates.glob("*.j2")
            }
        )
    )
    watched.filters = {**made.filters, "probe": probe}
    for spec in SPECS:
        for name, view in views_of(plan_of(spec)):
            watched.get_template(name).render(view=view)
    assert refused == places
    figure("lines of templates that write text of specs", len(places))


# Paths


@pytest.fixture
def minimal(tmp_path: Path) -> Path:
    """Return a copy of a small spec, with a file outside that it has no business with."""
    (tmp_path / "secret.xml").write_text("<Secret/>", "utf-8")
    (tmp_path / "secret.yaml").write_text("password: hunter2\n", "utf-8")
    spec = tmp_path / "specs" / "minimal"
    shutil.copytree(
        SPECS[0].parent / "minimal", spec, ignore=shutil.ignore_patterns("expected")
    )
    return spec


def said(spec: Path) -> list[str]:
    """Return the rules that a spec breaks, each with its file."""
    found = tried(spec).report
    printable(found)
    return [f"{Path(each.span.path).name}: {each.rule}" for each in found.diagnostics]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "../../secret.xml",
            "/etc/passwd",
            "./../../secret.xml",
            "a/../../../secret.xml",
        ),
        *(
            "link.xml",
            "folder/secret.xml",
            "//etc/passwd",
            "..\\..\\secret.xml",
            "",
            ".",
        ),
        *(
            "C:\\secret.xml",
            "~/secret.xml",
            "loop.xml",
            "none.xml",
            "pipe.xml",
            "a\0b",
            "\n",
        ),
        *("x" * 300, "x/" * 3000, "/dev/zero", "zero.xml", "\u202ex.xml", ".."),
    ],
)
def test_a_path_does_not_leave_the_folder(minimal: Path, path: str) -> None:
    """Neither dots nor a root nor a link lead an example to a file elsewhere, nor to what is no file."""
    (minimal / "link.xml").symlink_to(minimal.parent.parent / "secret.xml")
    (minimal / "folder").symlink_to(minimal.parent.parent)
    (minimal / "loop.xml").symlink_to(minimal / "loop.xml")
    (minimal / "zero.xml").symlink_to("/dev/zero")
    os.mkfifo(minimal / "pipe.xml")
    spec = minimal / "ping.yaml"
    before, _, after = spec.read_text("utf-8").partition("request: {text: ")
    after = after.partition(", values")[2]
    text = f"{before}request: {{file: {quoted(path)}, values{after}"
    spec.write_text(text, "utf-8")
    assert said(minimal) in (["ping.yaml: example-file"], ["ping.yaml: schema-value"])


@pytest.mark.parametrize("name", ["service.yaml", "ping.yaml", "other.yaml"])
@pytest.mark.parametrize("target", ["../../secret.yaml", "/dev/zero", "pipe", "folder"])
def test_a_spec_is_a_file_of_its_folder(minimal: Path, name: str, target: str) -> None:
    """A spec that is a link to elsewhere, a device, a pipe or a folder is reported and not opened."""
    spec = minimal / name
    spec.unlink(missing_ok=True)
    if target == "pipe":
        os.mkfifo(spec)
    elif target == "folder":
        spec.mkdir()
    else:
        spec.symlink_to(target)
    (found,) = tried(minimal).report.diagnostics
    assert Path(found.span.path).name == name
    assert found.rule in {"source-file-name", "source-unreadable"}
    assert "hunter2" not in render_diagnostics([found], Format.TEXT)


def test_links_inside_the_folder_are_followed(minimal: Path) -> None:
    """Two operations may share a document, and a spec may stand under a second name of its folder."""
    content = (minimal / "ping.yaml").read_text("utf-8")
    document = re.findall("request: {text: '([^']*)'", content)[0]
    (minimal / "real.xml").write_text(document, "utf-8")
    (minimal / "link.xml").symlink_to("real.xml")
    (minimal / "ping.yaml").write_text(
        content.replace(f"request: {{text: '{document}'", "request: {file: link.xml"),
        "utf-8",
    )
    other = minimal.parent / "alias"
    other.symlink_to(minimal)
    assert said(minimal) == said(other) == []


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a b.yaml",
            "a\n.yaml",
            '"""\nimport os\n.yaml',
            "\u202e.yaml",
            "-\x1b[31m.yaml",
        ),
        *("é.yaml", "#.yaml", "a\\b.yaml", "{{x}}.yaml", "\udcff.yaml"),
    ],
)
def test_the_name_of_a_file_is_plain(minimal: Path, name: str) -> None:
    """A spec whose name could leave the comment that shows it is reported, in characters that print."""
    (minimal / "ping.yaml").rename(minimal / name)
    report = tried(minimal).report
    printable(report)
    assert "source-file-name" in {each.rule for each in report.diagnostics}


@given(st.text(max_size=30) | st.from_regex(r"[a-z]+[/\n\\ .\"#]*[a-z]*"))
def test_a_path_in_a_comment_ends_where_the_line_ends(path: str) -> None:
    """What a comment shows is one line of plain characters, inside the folder, or refused."""
    try:
        shown = str(path_in_comment(path))
    except ValueError:
        return
    assert shown == path
    assert shown.isascii()
    assert shown.isprintable()
    assert not {"", ".", ".."} & set(path.split("/"))


# The command


def ended(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the command; return how it ended and what it printed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["soapstone", *arguments])
        with pytest.raises(SystemExit) as leaving:
            main()
    found = capsys.readouterr()
    assert isinstance(leaving.value.code, int)
    return leaving.value.code, found.out, found.err


@pytest.mark.parametrize(
    ("name", "form"),
    [
        (name, form.value)
        for number, name in enumerate(WORST)
        for each, form in enumerate(Format)
        if IS_LONG or number % 3 == each
    ],
)
def test_nothing_of_a_spec_reaches_the_terminal_raw(
    name: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever stands in a spec, the commands print lines of characters that print, and JSON where it is asked for."""
    workshop = Workshop(SPECS[0].parent / "minimal", tmp_path)
    prose = [leaf for leaf in workshop.leaves if leaf.path[-1] in {"title", "summary"}]
    for leaf in prose:
        workshop.write({leaf: hostile(WORST[name], leaf, 1).text})
        for command in (
            ("lint", str(workshop.folder), "--format", form),
            ("dump", str(workshop.folder)),
            ("coverage", str(workshop.folder), "--format", form),
            (
                "generate",
                str(workshop.folder),
                "--out",
                str(tmp_path / "out"),
                "--dry-run",
            ),
        ):
            code, out, err = ended(capsys, *command)
            assert code in {0, 1}
            assert "This is a bug" not in err
            assert [
                line for line in (out + err).split("\n") if not line.isprintable()
            ] == []
            if out and (command[0] == "dump" or "json" in command):
                json.loads(out)
