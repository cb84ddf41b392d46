"""Diagnostics and differences as text for people, JSON for programs and annotations for GitHub.

Specs are written by others, so what they hold never reaches a terminal raw: every character that
does not print is shown as an escape.
"""

from __future__ import annotations

import codecs
import json
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from itertools import accumulate, groupby
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, TextIO, TypedDict, assert_never

import click

from soapstone.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from soapstone.diagnostics import Diagnostic, Span
    from soapstone.output import Difference

_WIDTH = 96
"""Columns that an excerpt may take."""

_MOST_SHOWN = 500
"""Findings that are shown to people; programs get all of them."""

_TAB = 4

_READ_AT_MOST = 4 * 1024 * 1024
"""Bytes of a file that are read for an excerpt; no spec is longer."""

# What these found is the matter of a file's name, or of what it is; it is not opened for that.
_NOT_OPENED = frozenset({"source-file-name", "source-unreadable"})

# The line ends of YAML, by which the parser counts.
_LINE_END = re.compile("\r\n|[\r\n\x85]")


class _Style(TypedDict, total=False):
    """Arguments of `click.style`."""

    fg: str
    bold: bool
    dim: bool


_STYLES: Mapping[str, _Style] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan"},
    "hint": {"fg": "green"},
    "place": {"bold": True},
    "rule": {"dim": True},
}


class Format(Enum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is there and somebody may look at it."""
    return stream is not None and stream.isatty()


def uses_colour(stream: TextIO | None) -> bool:
    """Whether colours are wanted on a stream: on a terminal that knows them, unless told not to."""
    is_refused = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return is_terminal(stream) and not is_refused


def visible(text: str) -> str:
    """Return a text on one line, with an escape for each character that does not print."""
    if text.isprintable():
        return text
    return "".join(_visible_character(character) for character in text)


def counted(number: int, singular: str) -> str:
    """Return a number with its noun."""
    return f"{number} {singular}" if number == 1 else f"{number} {singular}s"


def tally(diagnostics: Iterable[Diagnostic]) -> str:
    """Return how many errors and warnings there are."""
    found = Counter(diagnostic.severity for diagnostic in diagnostics)
    return ", ".join(
        counted(found[severity], severity.value)
        for severity in Severity
        if found[severity]
    )


def json_text(document: object) -> str:
    """Return a document as JSON in which every character prints."""
    written = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return "\n".join(_printable_json(line) for line in written.split("\n"))


def render_diagnostics(
    diagnostics: Sequence[Diagnostic], form: Format, *, colour: bool = False
) -> str:
    """Return diagnostics in a format; as text with the lines they are about, and a count."""
    match form:
        case Format.TEXT:
            return _Text(colour=colour).diagnostics(diagnostics)
        case Format.JSON:
            return json_text(diagnostics_document(diagnostics))
        case Format.GITHUB:
            return "\n".join(map(_diagnostic_annotation, diagnostics))
        case _:
            assert_never(form)


def render_differences(
    differences: Sequence[Difference],
    out: PurePath,
    form: Format,
    *,
    colour: bool = False,
) -> str:
    """Return differences between the folder `out` and the specs in a format."""
    match form:
        case Format.TEXT:
            return _Text(colour=colour).differences(differences, out)
        case Format.JSON:
            return json_text(differences_document(differences, out))
        case Format.GITHUB:
            return "\n".join(_difference_annotations(differences, out))
        case _:
            assert_never(form)


def diagnostics_document(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """Return diagnostics as values that JSON knows; the order of the keys is fixed."""
    return [
        {
            "rule": found.rule,
            "severity": found.severity.value,
            **span_document(found.span),
            "message": found.message,
            "hint": found.hint,
            "related": [
                {**span_document(related.span), "message": related.message}
                for related in found.related
            ],
        }
        for found in diagnostics
    ]


def differences_document(
    differences: Iterable[Difference], out: PurePath
) -> list[dict[str, object]]:
    """Return differences as values that JSON knows; the order of the keys is fixed."""
    return [
        {
            "path": place_of(found.path, out),
            "cause": found.cause.value,
            "also": [cause.value for cause in found.also],
            "message": found.message,
            "remedy": found.remedy,
        }
        for found in differences
    ]


def packages_document(
    names: Iterable[str], differences: Sequence[Difference], out: PurePath
) -> list[dict[str, object]]:
    """Return how many files of each package each cause has a part in, as values that JSON knows."""
    found = _causes_by_package(differences)
    return [
        {"path": place_of(name, out), "causes": dict(found.get(name, {}))}
        for name in sorted({*names, *found})
    ]


def _causes_by_package(
    differences: Iterable[Difference],
) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for difference in differences:
        package = found.setdefault(difference.path.partition("/")[0], Counter())
        package.update(cause.value for cause in difference.causes)
    return found


def _summaries(differences: Sequence[Difference]) -> Iterator[tuple[str, str]]:
    """Yield each package with what its differences have in common, unless that says nothing new."""
    found = _causes_by_package(differences)
    if sum(map(len, found.values())) > 1:
        for name, causes in found.items():
            counts = (f"{cause} ({counted(causes[cause], 'file')})" for cause in causes)
            yield name, ", ".join(counts)


def place_of(path: str, out: PurePath) -> str:
    """Return a path in the output folder as the user would type it."""
    return (out / path).as_posix()


def span_document(span: Span) -> dict[str, object]:
    """Return a place as values that JSON knows."""
    return {"path": span.path, "line": span.line, "column": span.column}


def _visible_character(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def _printable_json(line: str) -> str:
    # Outside strings JSON is plain ASCII, so that an escape is always in the right place.
    if line.isprintable():
        return line
    return "".join(
        character if character.isprintable() else json.dumps(character)[1:-1]
        for character in line
    )


def _diagnostic_annotation(found: Diagnostic) -> str:
    properties = {
        "file": found.span.path,
        "line": str(found.span.line),
        "col": str(found.span.column),
        "title": found.rule,
    }
    related = [f"{note.span}: note: {note.message}" for note in found.related]
    hint = [f"hint: {found.hint}"] if found.hint else []
    return annotation(
        found.severity.value, properties, [found.message, *hint, *related]
    )


def _difference_annotations(
    differences: Sequence[Difference], out: PurePath
) -> Iterator[str]:
    for found in differences:
        properties = {"file": place_of(found.path, out), "title": found.cause.value}
        lines = [found.message, found.remedy]
        yield annotation(Severity.ERROR.value, properties, lines)
    for name, causes in _summaries(differences):
        yield annotation("notice", {"title": place_of(name, out)}, [causes])


def annotation(level: str, properties: Mapping[str, str], lines: Iterable[str]) -> str:
    """Return a workflow command that shows lines at a place: an `error`, `warning` or `notice`."""
    # The escapes of the runner's workflow commands; a real line end would end the command.
    written = ",".join(
        f"{name}={_escaped(visible(value), '%:,')}"
        for name, value in properties.items()
    )
    message = "%0A".join(_escaped(visible(line), "%") for line in lines)
    return f"::{level} {written}::{message}"


def _escaped(text: str, characters: str) -> str:
    return "".join(
        f"%{ord(character):02X}" if character in characters else character
        for character in text
    )


@dataclass(slots=True, kw_only=True)
class _Text:
    """Writes text for people; remembers the files from which it quotes."""

    colour: bool
    _files: dict[str, list[str]] = field(default_factory=dict[str, list[str]])

    def diagnostics(self, diagnostics: Sequence[Diagnostic]) -> str:
        lines = [
            line
            for found in diagnostics[:_MOST_SHOWN]
            for line in self._diagnostic(found)
        ]
        if diagnostics[_MOST_SHOWN:]:
            lines.append(f"and {tally(diagnostics[_MOST_SHOWN:])} more")
        return "\n".join([*lines, tally(diagnostics)] if lines else [])

    def differences(self, differences: Sequence[Difference], out: PurePath) -> str:
        lines: list[str] = []
        # What mends several files at once is said once, below the last of them.
        for remedy, group in groupby(differences, lambda found: found.remedy):
            lines += [self._difference(found, out) for found in group]
            lines.append(self._hint(remedy))
        for name, causes in _summaries(differences):
            lines.append(f"{self._bold(place_of(name, out))}: {causes}")
        count = counted(len(differences), "difference")
        return "\n".join([*lines, count] if lines else [])

    def _diagnostic(self, found: Diagnostic) -> Iterator[str]:
        severity = found.severity.value
        rule = self._styled(f"[{visible(found.rule)}]", "rule")
        yield f"{self._remark(found.span, severity, found.message)} {rule}"
        line = "" if found.rule in _NOT_OPENED else self._line(found.span)
        if line.strip():
            text, before = _excerpt(line, found.span.column - 1)
            gutter = f"{found.span.line:>5} | "
            yield gutter + text
            caret = self._styled("^", severity)
            yield f"{'| ':>{len(gutter)}}{' ' * before}{caret}"
        if found.hint:
            yield self._hint(found.hint)
        for related in found.related:
            yield self._remark(related.span, "note", related.message)

    def _difference(self, found: Difference, out: PurePath) -> str:
        place = self._bold(place_of(found.path, out))
        cause = self._styled(f"{found.cause.value}:", "error")
        return f"{place}: {cause} {visible(found.message)}"

    def _remark(self, span: Span, label: str, message: str) -> str:
        coloured = self._styled(f"{label}:", label)
        return f"{self._bold(str(span))}: {coloured} {visible(message)}"

    def _hint(self, hint: str) -> str:
        return f"  {self._styled('hint:', 'hint')} {visible(hint)}"

    def _bold(self, text: str) -> str:
        return self._styled(visible(text), "place")

    def _styled(self, text: str, role: str) -> str:
        return click.style(text, **_STYLES[role]) if self.colour else text

    def _line(self, span: Span) -> str:
        """Return the line that a span is in; empty where there is none to be had."""
        if span.path not in self._files:
            self._files[span.path] = _lines(span.path)
        lines = self._files[span.path]
        return lines[span.line - 1] if span.line <= len(lines) else ""


def _lines(path: str) -> list[str]:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_READ_AT_MOST)
    except (OSError, ValueError):
        # What cannot be read was reported as such; a path that holds NUL is a `ValueError`.
        return []
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = content.decode("utf-16" if is_utf16 else "utf-8-sig", "replace")
    return _LINE_END.split(text)


def _excerpt(line: str, offset: int) -> tuple[str, int]:
    """Return the part of a line around an offset, and how many columns stand before the offset."""
    # Every character but a combining one takes a column, so that more cannot be shown.
    offset = min(offset, len(line))
    start = max(0, offset - _WIDTH)
    pieces = list(_pieces(line[start : offset + _WIDTH]))
    ends = [0, *accumulate(map(columns, pieces))]
    here = min(offset - start, len(pieces))
    first, last = 0, len(pieces)
    if ends[last] > _WIDTH:
        while ends[here] - ends[first] > _WIDTH // 2:
            first += 1
        while ends[last] - ends[first] > _WIDTH:
            last -= 1
    left = "…" if start + first else ""
    right = "…" if start + last < len(line) else ""
    text = f"{left}{''.join(pieces[first:last])}{right}"
    return text, len(left) + ends[here] - ends[first]


def _pieces(text: str) -> Iterator[str]:
    """Return what is shown for each character."""
    column = 0
    for character in text:
        tab = " " * (_TAB - column % _TAB)
        piece = tab if character == "\t" else _visible_character(character)
        column += columns(piece)
        yield piece


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return sum(
        (
            0
            if unicodedata.category(character) in {"Mn", "Me"}
            else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        )
        for character in text
    )
