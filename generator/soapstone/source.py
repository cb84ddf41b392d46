"""First stage: YAML text to located nodes.

Scalars stay text: what a plain `no`, `010` or `1.10` means is decided by `decode`, which knows the
type that is expected. The nodes are built from parser events rather than composed, so that deep
nesting costs no stack and every anchor, alias and tag is seen where it stands.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias

import yaml

from soapstone.diagnostics import Related, Report, Span

MAXIMUM_BYTES = 4 * 1024 * 1024
MAXIMUM_DEPTH = 64
MAXIMUM_NODES = 50_000

# So many things that no spec has are told of a file; it is none then.
_MOST_MISTAKES = 100

# The C parser is eight times as fast; a PyYAML that was built without it still works.
_LOADER: type[yaml.CBaseLoader | yaml.BaseLoader] = getattr(
    yaml, "CBaseLoader", yaml.BaseLoader
)

# Characters that YAML refuses, and those that make a text read differently from what it is:
# bidirectional controls and invisible ones.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]"
)


class _Mark(Protocol):
    """A position of the parser, in C or in Python, counted from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


# A spec has hundreds of nodes, and frozen dataclasses take three times as long to make as tuples.
class Scalar(NamedTuple):
    """A piece of text.

    Attributes:
        start: Where the text itself starts: in a block, the line below its indicator.
        is_plain: Whether it was written without quotes and not as a block.
    """

    text: str
    span: Span
    start: Span
    is_plain: bool = True


class Sequence(NamedTuple):
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


class Entry(NamedTuple):
    """A key of a mapping with its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values in the order of the text; no key occurs twice.

    Attributes:
        by_key: Each entry under the text of its key.
        refused: Keys that were given, or meant, and taken out for what is wrong with them.
    """

    by_key: dict[str, Entry]
    span: Span = field(compare=False)
    refused: frozenset[str] = field(default=frozenset(), compare=False)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.by_key.values())

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The keys with their values."""
        return tuple(self.by_key.values())

    def get(self, key: str) -> Node | None:
        """Return the value under `key`."""
        entry = self.by_key.get(key)
        return None if entry is None else entry.value

    def key(self, key: str) -> Scalar:
        """Return the key itself, for its place; the key must be there."""
        return self.by_key[key].key


Node: TypeAlias = Scalar | Sequence | Mapping


def read(path: Path, shown_as: str, report: Report) -> Mapping | None:
    """Read one spec file; trouble goes to the report, and None comes back.

    Args:
        path: The file.
        shown_as: The path that spans carry.
        report: Receives the diagnostics.
    """
    content = read_content(path, shown_as, report)
    return None if content is None else parse_content(content, shown_as, report)


def parse_content(content: bytes, shown_as: str, report: Report) -> Mapping | None:
    """Turn the content of one spec file into nodes; None when it has no usable mapping at its root."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode("utf-8", "replace")
        report.error(
            "source-encoding",
            _span_at(shown_as, before, len(before)),
            f"byte 0x{content[problem.start]:02x} is not valid UTF-8",
            hint="save the file as UTF-8",
        )
        return None
    return parse(text, shown_as, report)


def inside(path: Path, folder: Path) -> Path | None:
    """Return where a path leads, links followed; None when that is not below the folder."""
    # Unlike `Path.resolve` before 3.13, it takes links that lead in a circle, which nobody can read.
    found = Path(os.path.realpath(path))
    return found if found.is_relative_to(folder.resolve()) else None


def size(path: Path) -> int:
    """Return the size of a file.

    Raises:
        OSError: There is none, or something that would be read for ever: a device, a pipe.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "It is not a file")
    return found.st_size


def read_content(path: Path, shown_as: str, report: Report) -> bytes | None:
    """Return what is in one spec file; trouble goes to the report, and None comes back."""
    start = Span(shown_as)
    try:
        bytes_there = size(path)
        content = b"" if bytes_there > MAXIMUM_BYTES else path.read_bytes()
    except OSError as problem:
        report.error(
            "source-unreadable", start, f"cannot read the file: {problem.strerror}"
        )
        return None
    if bytes_there > MAXIMUM_BYTES:
        report.error(
            "source-too-large",
            start,
            f"the file has {bytes_there:,} bytes; {MAXIMUM_BYTES:,} is the limit",
            hint="move sample documents into files of their own and split the spec by operation",
        )
        return None
    return content


def parse(text: str, shown_as: str, report: Report) -> Mapping | None:
    """Turn the text of one spec into nodes; None when it has no usable mapping at its root."""
    unwanted = list(islice(_UNWANTED.finditer(text), _MOST_MISTAKES))
    for found in unwanted:
        report.error(
            "source-character",
            _span_at(shown_as, text, found.start()),
            f"character U+{ord(found[0]):04X} is invisible or not allowed in YAML",
            hint=f'write it as "\\u{ord(found[0]):04X}" in double quotes where it is meant',
        )
    if unwanted:
        return None
    builder = _Builder(text, shown_as, report)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not builder.take(event):
                return None
    except yaml.MarkedYAMLError as problem:
        _report_syntax(problem, shown_as, report)
        return None
    return builder.root_mapping()


def _span_at(shown_as: str, text: str, offset: int) -> Span:
    """Turn an offset into a line and a column."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Span(shown_as, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _span_of(shown_as: str, mark: _Mark | None) -> Span:
    return (
        Span(shown_as)
        if mark is None
        else Span(shown_as, mark.line + 1, mark.column + 1)
    )


def _report_syntax(
    problem: yaml.MarkedYAMLError, shown_as: str, report: Report
) -> None:
    span = _span_of(shown_as, problem.problem_mark or problem.context_mark)
    sentence = problem.problem or problem.context or "not readable as YAML"
    hint = "put quotes around a value that holds a colon, a hash or a bracket"
    if "tab character" in sentence or "cannot start any token" in sentence:
        hint = "indent with blanks, never with tabs; quote a value that starts with @, ` or %"
    report.error("source-syntax", span, f"not readable as YAML: {sentence}", hint=hint)


@dataclass(slots=True)
class _Open:
    """A collection whose end was not met yet."""

    span: Span
    is_mapping: bool
    children: list[Node | None] = field(default_factory=list["Node | None"])


class _Builder:
    """Builds nodes from parser events."""

    def __init__(self, text: str, shown_as: str, report: Report) -> None:
        self._lines = text.splitlines()
        self._shown_as = shown_as
        self._report = report
        self._open: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0
        self._nodes = 0
        self._mistakes = 0
        self._is_sound = True

    def take(self, event: yaml.Event) -> bool:
        """Take the next event; false when reading on makes no sense."""
        if isinstance(event, yaml.NodeEvent):
            span = _span_of(self._shown_as, event.start_mark)
            return self._count(span) and self._take_node(event, span)
        if isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent):
            return self._start_document(_span_of(self._shown_as, event.start_mark))
        return True

    def _take_node(self, event: yaml.NodeEvent, span: Span) -> bool:
        if isinstance(event, yaml.ScalarEvent):
            self._check_properties(event, span)
            is_block = event.style in ("|", ">")
            start = self._block_start(span) if is_block else span
            is_plain = not event.style
            self._add(Scalar(event.value, span, start, is_plain))
            return True
        if isinstance(event, yaml.CollectionStartEvent):
            self._check_properties(event, span)
            is_mapping = isinstance(event, yaml.MappingStartEvent)
            return self._start(span, is_mapping=is_mapping)
        self._refuse_alias(span, f"alias `*{event.anchor}`")
        self._drop()
        return True

    def root_mapping(self) -> Mapping | None:
        """Return what was built, when it is a mapping and nothing was refused."""
        if self._root is None:
            if self._is_sound:
                self._report.error(
                    "source-empty", Span(self._shown_as), "the file holds no spec"
                )
            return None
        if not isinstance(self._root, Mapping):
            self._report.error(
                "source-not-mapping",
                self._root.span,
                "a spec is a mapping of keys to values",
                hint="start the file with `soapstone: 1`",
            )
            return None
        return self._root if self._is_sound else None

    def _count(self, span: Span) -> bool:
        self._nodes += 1
        if self._mistakes >= _MOST_MISTAKES:
            self._is_sound = False
            return False
        if self._nodes <= MAXIMUM_NODES:
            return True
        self._report.error(
            "source-too-large",
            span,
            f"the file has more than {MAXIMUM_NODES:,} keys, values, lists and mappings",
            hint="split the spec by operation",
        )
        self._is_sound = False
        return False

    def _block_start(self, span: Span) -> Span:
        first = self._lines[span.line] if span.line < len(self._lines) else ""
        return Span(span.path, span.line + 1, len(first) - len(first.lstrip(" ")) + 1)

    def _start_document(self, span: Span) -> bool:
        self._documents += 1
        if self._documents > 1:
            self._report.error(
                "source-second-document",
                span,
                "a spec file holds one document; here starts a second one",
                hint="remove the line `---` or move what follows it into a file of its own",
            )
            self._is_sound = False
        return self._documents == 1

    def _start(self, span: Span, *, is_mapping: bool) -> bool:
        if len(self._open) == MAXIMUM_DEPTH:
            self._report.error(
                "source-too-deep", span, f"nested more than {MAXIMUM_DEPTH} levels deep"
            )
            self._is_sound = False
            return False
        self._open.append(_Open(span, is_mapping))
        return True

    def _end(self) -> None:
        ended = self._open.pop()
        if ended.is_mapping:
            self._add(Mapping(self._entries(ended), ended.span))
        else:
            items = tuple(child for child in ended.children if child is not None)
            self._add(Sequence(items, ended.span))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].children.append(node)
        else:
            self._root = node

    def _drop(self) -> None:
        """Leave out a value that was reported, with the key that it belongs to."""
        if self._open:
            self._open[-1].children.append(None)
        else:
            self._is_sound = False

    def _entries(self, mapping: _Open) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for key, value in zip(
            mapping.children[::2], mapping.children[1::2], strict=True
        ):
            if key is None or value is None:
                continue
            if not isinstance(key, Scalar):
                self._report.error(
                    "source-key",
                    key.span,
                    "a key is a piece of text, not a list or a mapping",
                )
                self._is_sound = False
            elif key.is_plain and key.text == "<<":
                self._refuse_alias(key.span, "merge key `<<`")
            elif key.text in entries:
                self._mistakes += 1
                self._report.error(
                    "source-duplicate-key",
                    key.span,
                    f"key `{key.text}` is here a second time",
                    hint="remove one of the two",
                    related=[Related(entries[key.text].key.span, "the first one")],
                )
            else:
                entries[key.text] = Entry(key, value)
        return entries

    def _check_properties(
        self,
        event: yaml.ScalarEvent | yaml.CollectionStartEvent,
        span: Span,
    ) -> None:
        if event.anchor is not None:
            self._refuse_alias(span, f"anchor `&{event.anchor}`")
        if event.tag is not None and event.tag != "!":
            self._mistakes += 1
            self._report.error(
                "source-tag",
                span,
                f"tag `{event.tag}` is not used in specs",
                hint="remove it: the expected type decides how a value is read",
            )

    def _refuse_alias(self, span: Span, what: str) -> None:
        self._mistakes += 1
        self._report.error(
            "source-alias",
            span,
            f"{what} is not used in specs",
            hint="write the value out, or make it a shared type in service.yaml",
        )
