"""Promises of the reporting: what a reader, a program and GitHub are shown."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.command.progress import shown_progress
from soapstone.diagnostics import Diagnostic, Related, Severity, Span
from soapstone.output import Cause, Difference
from soapstone.reporting import (
    Format,
    counted,
    json_text,
    packages_document,
    render_diagnostics,
    render_differences,
    tally,
    uses_colour,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

OUT = PurePath("generated")


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, without the user's settings."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


def make(
    line: int = 1,
    column: int = 1,
    *,
    severity: Severity = Severity.ERROR,
    path: str = "spec.yaml",
    hint: str = "",
    related: Sequence[Related] = (),
    message: str = "this is wrong",
) -> Diagnostic:
    """Return a diagnostic."""
    return Diagnostic(
        rule="some-rule",
        span=Span(path, line, column),
        message=message,
        severity=severity,
        hint=hint,
        related=tuple(related),
    )


def text_of(*diagnostics: Diagnostic) -> list[str]:
    """Return the lines of diagnostics as text."""
    return render_diagnostics(diagnostics, Format.TEXT).split("\n")


def excerpt(content: str | bytes, line: int, column: int) -> tuple[str, str]:
    """Return the line that is shown of a file, and the one with the caret."""
    raw = content.encode() if isinstance(content, str) else content
    Path("spec.yaml").write_bytes(raw)
    _, shown, caret, _ = text_of(make(line, column))
    return shown, caret


def test_text_has_place_excerpt_hint_notes_and_count() -> None:
    """A reader finds the place, the line with a caret, the remedy, other places and a count."""
    Path("spec.yaml").write_text("one: 1\ntwo: 2\n", encoding="utf-8")
    found = make(
        2, 6, hint="write `3`", related=[Related(Span("spec.yaml", 1, 6), "the first")]
    )
    assert text_of(found) == [
        "spec.yaml:2:6: error: this is wrong [some-rule]",
        "    2 | two: 2",
        "      |      ^",
        "  hint: write `3`",
        "spec.yaml:1:6: note: the first",
        "1 error",
    ]


def test_text_of_nothing_is_empty() -> None:
    """Where nothing was found nothing is said."""
    assert render_diagnostics([], Format.TEXT) == ""
    assert render_diagnostics([], Format.GITHUB) == ""
    assert render_diagnostics([], Format.JSON) == "[]"
    assert render_differences([], OUT, Format.TEXT) == ""


def test_count_names_errors_before_warnings() -> None:
    """The last line counts errors and warnings apart."""
    warning = make(severity=Severity.WARNING)
    assert tally([warning, make(), make(2), make(3)]) == "3 errors, 1 warning"
    assert tally([warning, warning]) == "2 warnings"
    assert counted(0, "file") == "0 files"


@pytest.mark.parametrize(
    "path", ["absent.yaml", ".", "a\0b"], ids=["absent", "folder", "nul"]
)
def test_no_excerpt_without_a_file(path: str) -> None:
    """A file that is not there, or none, costs the excerpt and nothing else."""
    lines = text_of(make(path=path))
    assert lines[1:] == ["1 error"]
    assert lines[0].endswith("this is wrong [some-rule]")


@pytest.mark.parametrize(("content", "line"), [("a: 1\n", 9), ("", 1), ("\n  \n", 2)])
def test_no_excerpt_of_nothing(content: str, line: int) -> None:
    """A line that is not there, or blank, is not quoted."""
    Path("spec.yaml").write_text(content, encoding="utf-8")
    assert len(text_of(make(line))) == 2


def test_caret_stands_below_the_column_after_tabs() -> None:
    """A tab takes up to four columns, and the caret counts them."""
    shown, caret = excerpt("\tab\tc", 1, 5)
    assert shown == "    1 |     ab  c"
    assert caret == "      |         ^"


def test_caret_stands_below_the_column_after_wide_characters() -> None:
    """A wide character takes two columns of a terminal, a combining one none."""
    shown, caret = excerpt("名前: e\u0301x", 1, 7)
    assert shown == "    1 | 名前: e\u0301x"
    assert caret == "      | " + " " * 7 + "^"


def test_caret_stands_below_the_column_after_escapes() -> None:
    """A character that does not print is shown as an escape, and the caret counts it."""
    shown, caret = excerpt("a\x1b[31mb", 1, 7)
    assert shown == "    1 | a\\x1b[31mb"
    assert caret.index("^") == shown.rindex("b")


@pytest.mark.parametrize("column", [4, 40, 4000])
def test_caret_stands_behind_a_line_that_is_too_short(column: int) -> None:
    """A column behind the end of the line is shown just behind it."""
    shown, caret = excerpt("abc\n", 1, column)
    assert shown == "    1 | abc"
    assert caret == "      |    ^"


@pytest.mark.parametrize("column", [1, 20, 500, 990, 1000])
@pytest.mark.parametrize("width", [1, 2])
def test_long_lines_are_shortened_around_the_column(column: int, width: int) -> None:
    """Of a long line only what is near the column is shown, and the caret still stands right."""
    fill = "." if width == 1 else "。"
    line = fill * (column - 1) + "X" + fill * (1000 - column)
    shown, caret = excerpt(line, 1, column)
    before, _, after = shown.partition("X")
    assert len(caret) - 1 == len("    1 | ") + width * before.count(fill) + (
        before.count("…")
    )
    assert width * shown.count(fill) <= 96
    assert before.endswith(fill) == (column > 1)
    assert before.startswith("    1 | …") == (column >= 500)
    assert after.endswith("…") == (column <= 500)


def test_lines_are_counted_as_the_parser_counts_them() -> None:
    """Every line end of YAML counts, a byte order mark does not."""
    shown, caret = excerpt("\ufeffa: 1\r\nb: 2\rc: 3\x85d: 4", 4, 4)
    assert shown == "    4 | d: 4"
    assert caret == "      |    ^"
    shown, _ = excerpt("\ufeffa: 1", 1, 1)
    assert shown == "    1 | a: 1"


def test_excerpts_of_other_encodings() -> None:
    """A UTF-16 sample is quoted as its text, and bytes of no encoding break nothing."""
    assert excerpt("<a>\n<b>".encode("utf-16"), 2, 2)[0] == "    2 | <b>"
    assert excerpt(b"a: \xff\n", 1, 4)[0] == "    1 | a: \N{REPLACEMENT CHARACTER}"


def test_a_file_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with a hundred mistakes is not read a hundred times."""
    Path("spec.yaml").write_text("a\nb\n", encoding="utf-8")
    opened: list[Path] = []
    original = Path.open

    def spy(path: Path, mode: str) -> object:
        opened.append(path)
        return original(path, mode)

    monkeypatch.setattr(Path, "open", spy)
    text_of(make(1), make(2))
    assert opened == [Path("spec.yaml")]


HOSTILE = "\x1b]0;owned\x07 \u202e\u200b\r\n\t\ud800\x9b31m \U000e0041"


@pytest.mark.parametrize("form", Format)
def test_nothing_from_a_spec_reaches_the_terminal_raw(form: Format) -> None:
    """Escapes, direction marks and line ends show as what they are, wherever they come from."""
    Path("spec.yaml").write_bytes(HOSTILE.encode("utf-8", "replace"))
    found = make(
        message=HOSTILE,
        hint=HOSTILE,
        path="spec.yaml",
        related=[Related(Span(HOSTILE), HOSTILE)],
    )
    difference = Difference(HOSTILE, Cause.EDITED, HOSTILE, HOSTILE)
    written = [
        render_diagnostics([found], form),
        render_differences([difference], OUT, form),
    ]
    for line in "\n".join(written).split("\n"):
        assert line.isprintable()


@given(st.text())
def test_json_reads_back_as_it_was(text: str) -> None:
    """JSON has an escape for what does not print, and means the same."""
    written = json_text([text])
    assert json.loads(written) == [text]
    assert all(line.isprintable() for line in written.split("\n"))


@given(st.text())
def test_visible_text_is_one_printable_line(text: str) -> None:
    """Whatever the text, one line comes out, and printable text comes out as it is."""
    assert visible(text).isprintable()
    assert visible(visible(text)) == visible(text)


def test_json_is_a_list_with_keys_in_a_fixed_order() -> None:
    """A program finds every member of a diagnostic under its name."""
    found = make(
        2,
        6,
        severity=Severity.WARNING,
        hint="größer",
        related=[Related(Span("b.yaml", 3, 4), "the first")],
    )
    written = render_diagnostics([found], Format.JSON)
    assert "größer" in written
    (document,) = json.loads(written)
    assert list(document.items()) == [
        ("rule", "some-rule"),
        ("severity", "warning"),
        ("path", "spec.yaml"),
        ("line", 2),
        ("column", 6),
        ("message", "this is wrong"),
        ("hint", "größer"),
        (
            "related",
            [{"path": "b.yaml", "line": 3, "column": 4, "message": "the first"}],
        ),
    ]


def test_github_shows_annotations() -> None:
    """Each diagnostic is one workflow command with its place, hint and notes."""
    found = [
        make(2, 6, hint="a, b: 100%", related=[Related(Span("b.yaml"), "here")]),
        make(path="a,b:c%.yaml", severity=Severity.WARNING),
    ]
    first, second = render_diagnostics(found, Format.GITHUB).split("\n")
    assert first == (
        "::error file=spec.yaml,line=2,col=6,title=some-rule::"
        "this is wrong%0Ahint: a, b: 100%25%0Ab.yaml:1:1: note: here"
    )
    assert second == (
        "::warning file=a%2Cb%3Ac%25.yaml,line=1,col=1,title=some-rule::this is wrong"
    )


DIFFERENCES = [
    Difference("revio/a.py", Cause.MISSING, "`revio/a.py` is missing", "run it"),
    Difference("revio/b.py", Cause.MISSING, "`revio/b.py` is missing", "run it"),
    Difference("revio/c.py", Cause.EDITED, "`revio/c.py` was edited", "undo it"),
]


def test_differences_say_the_same_remedy_once() -> None:
    """Each difference is a line; what mends several in a row stands below the last."""
    text = render_differences(DIFFERENCES, OUT, Format.TEXT)
    assert text.split("\n") == [
        "generated/revio/a.py: missing: `revio/a.py` is missing",
        "generated/revio/b.py: missing: `revio/b.py` is missing",
        "  hint: run it",
        "generated/revio/c.py: edited: `revio/c.py` was edited",
        "  hint: undo it",
        "generated/revio: missing (2 files), edited (1 file)",
        "3 differences",
    ]


def test_differences_for_programs() -> None:
    """JSON and annotations carry path, cause, message and remedy."""
    written = render_differences(DIFFERENCES[2:], OUT, Format.JSON)
    assert [list(each.items()) for each in json.loads(written)] == [
        [
            ("path", "generated/revio/c.py"),
            ("cause", "edited"),
            ("also", []),
            ("message", "`revio/c.py` was edited"),
            ("remedy", "undo it"),
        ]
    ]
    assert render_differences(DIFFERENCES[2:], OUT, Format.GITHUB) == (
        "::error file=generated/revio/c.py,title=edited::"
        "`revio/c.py` was edited%0Aundo it"
    )


def test_causes_are_summed_up_by_package() -> None:
    """For each package it is told how many files each cause has a part in, where there is more than one."""
    other = Difference("z/a.py", Cause.SPEC_CHANGED, "m", "r", (Cause.EDITED,))
    found = [*DIFFERENCES, other]
    assert packages_document(["revio", "right"], found, OUT) == [
        {"path": "generated/revio", "causes": {"missing": 2, "edited": 1}},
        {"path": "generated/right", "causes": {}},
        {"path": "generated/z", "causes": {"spec changed": 1, "edited": 1}},
    ]
    lines = render_differences(found, OUT, Format.TEXT).split("\n")
    assert lines[-3:-1] == [
        "generated/revio: missing (2 files), edited (1 file)",
        "generated/z: spec changed (1 file), edited (1 file)",
    ]
    lines = render_differences(found, OUT, Format.GITHUB).split("\n")
    assert lines[-1] == (
        "::notice title=generated/z::spec changed (1 file), edited (1 file)"
    )
    assert "generated/revio:" not in (
        render_differences(DIFFERENCES[:2], OUT, Format.TEXT)
    )


def test_colours_change_nothing_but_the_colour() -> None:
    """Without its colours a coloured text is the plain one."""
    Path("spec.yaml").write_text("one: 1\n", encoding="utf-8")
    found = [
        make(hint="h", related=[Related(Span("b.yaml"), "n")]),
        make(severity=Severity.WARNING),
    ]
    coloured = [
        render_diagnostics(found, Format.TEXT, colour=True),
        render_differences(DIFFERENCES, OUT, Format.TEXT, colour=True),
    ]
    plain = [
        render_diagnostics(found, Format.TEXT),
        render_differences(DIFFERENCES, OUT, Format.TEXT),
    ]
    assert [re.sub(r"\x1b\[\d+m", "", text) for text in coloured] == plain
    assert coloured != plain


def test_colours_only_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Colours are for terminals that know them and users who did not refuse them."""
    assert uses_colour(Terminal())
    assert not uses_colour(io.StringIO())
    assert not uses_colour(None)
    monkeypatch.setenv("NO_COLOR", "")
    assert uses_colour(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not uses_colour(Terminal())
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not uses_colour(Terminal())


def test_every_pass_over_things_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second service has a bar of its own under the same label, and each comes to its end."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    with shown_progress() as progress:
        for number in (40, 20):
            for done in range(1, number + 1):
                progress("reading specs", done, number)
        progress("little", 1, 2)
    first, second, rest = terminal.getvalue().split("\n")
    assert re.findall(r"(\d+/\d+) +100%", first) == ["40/40"]
    assert re.findall(r"(\d+/\d+) +100%", second) == ["20/20"]
    assert "little" not in rest
