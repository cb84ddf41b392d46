"""The texts of a spec, found by a parser that is not ours, and written over where they stand."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TypeAlias

import yaml

TESTS = Path(__file__).parent.parent
SPECS = (
    *sorted(folder for folder in (TESTS / "cases").iterdir() if folder.is_dir()),
    TESTS.parent / "specs" / "revio",
    TESTS / "services" / "tallyhouse",
)

Step: TypeAlias = str | int
Place: TypeAlias = tuple[str, int, int]


@dataclass(frozen=True, eq=False)
class Leaf:
    """A key or a value.

    Attributes:
        places: Where it starts, and where the keys and values that it is in do.
    """

    file: str
    start: int
    end: int
    path: tuple[Step, ...]
    text: str
    is_key: bool
    places: tuple[Place, ...]

    def __str__(self) -> str:
        return f"{self.file}: {'.'.join(map(str, self.path))}{' (key)' * self.is_key}"

    @property
    def place(self) -> Place:
        """Where it starts."""
        return self.places[-1]

    @property
    def kind(self) -> tuple[str, ...]:
        """What it is: its way through the spec, names and numbers left out."""
        # A mapping whose keys are names stands under one of these.
        names = {
            *("accepts", "auth", "cases", "data", "defects", "fields", "members"),
            *("memory", "one_of", "pages", "request", "response", "set", "split"),
            *("types", "values", "errors", "alternatives", "when"),
        }
        steps = ("", *map(str, self.path))
        shown = [
            "*" if before in names or step.isdecimal() else step
            for before, step in pairwise(steps)
        ]
        return ("key" if self.is_key else "value", *shown)


def leaves_of(folder: Path) -> list[Leaf]:
    """Return every key and every value of a spec."""
    return [
        leaf
        for file in sorted(folder.glob("*.yaml"))
        for leaf in _found(_parsed(file), file.name, (), ())
    ]


def _parsed(file: Path) -> yaml.Node:
    node = yaml.compose(file.read_text("utf-8"), Loader=yaml.BaseLoader)
    assert node is not None
    return node


def _found(
    node: yaml.Node,
    file: str,
    path: tuple[Step, ...],
    above: tuple[Place, ...],
    *,
    is_key: bool = False,
) -> Iterator[Leaf]:
    start = node.start_mark
    places = (*above, (file, start.line + 1, start.column + 1))
    if isinstance(node, yaml.ScalarNode):
        end: int = node.end_mark.index
        yield Leaf(file, start.index, end, path, node.value, is_key, places)
    elif isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _found(item, file, (*path, position), places)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            way = (*path, str(key.value))
            here = (file, key.start_mark.line + 1, key.start_mark.column + 1)
            yield from _found(key, file, way, places, is_key=True)
            yield from _found(value, file, way, (*places, here))


def quoted(text: str) -> str:
    """Return a text as YAML in double quotes, whatever it holds."""
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    code = ord(character)
    if character in '"\\':
        return f"\\{character}"
    if " " <= character <= "~":
        return character
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class Workshop:
    """A copy of a spec, in which texts are replaced."""

    def __init__(self, spec: Path, folder: Path) -> None:
        self.folder = folder / spec.name
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(spec, self.folder, ignore=shutil.ignore_patterns("expected"))
        self.leaves = leaves_of(self.folder)
        self._texts = {
            path.relative_to(self.folder).as_posix(): path.read_text("utf-8")
            for path in sorted(self.folder.rglob("*"))
            if path.suffix in {".xml", ".yaml"}
        }
        self._changed = set[str]()

    def write(self, texts: Mapping[Leaf, str]) -> None:
        """Write some texts over those that stand there; whatever was written before is undone."""
        by_file: dict[str, list[Leaf]] = {}
        for leaf in texts:
            by_file.setdefault(leaf.file, []).append(leaf)
        self._write(
            {
                file: _overwritten(self._texts[file], leaves, texts)
                for file, leaves in by_file.items()
            }
        )

    def write_as_it_is(self, snippets: Mapping[Leaf, str]) -> None:
        """Write some YAML, right or wrong, where texts stand."""
        self._write(
            {
                leaf.file: f"{text[: leaf.start]}{snippet}{text[leaf.end :]}"
                for leaf, snippet in snippets.items()
                for text in (self._texts[leaf.file],)
            }
        )

    def write_everywhere(self, old: str, new: str) -> None:
        """Write one text over another one wherever it stands, also in documents of examples."""
        element = (f">{old}<", f">{_in_xml(new)}<")
        texts = {leaf: new for leaf in self.leaves if leaf.text == old}
        for leaf in self.leaves:
            if leaf not in texts and element[0] in leaf.text:
                texts[leaf] = leaf.text.replace(*element)
        self.write(texts)
        for path, text in self._texts.items():
            if path.endswith(".xml") and element[0] in text:
                (self.folder / path).write_text(text.replace(*element), "utf-8")
                self._changed.add(path)

    def _write(self, files: Mapping[str, str]) -> None:
        for path in self._changed | set(files):
            text = files.get(path, self._texts[path])
            (self.folder / path).write_text(text, "utf-8", newline="")
        self._changed = set(files)


def _in_xml(text: str) -> str:
    """Return a text as XML has it, every character but letters and digits as a reference."""
    return "".join(
        each if each.isalnum() and each.isascii() else f"&#{ord(each)};"
        for each in text
    )


def _overwritten(source: str, leaves: Iterable[Leaf], texts: Mapping[Leaf, str]) -> str:
    pieces: list[str] = []
    position = 0
    for leaf in sorted(leaves, key=lambda each: each.start):
        # A block ends with the line end that keeps it from what follows.
        end = "\n" if source[leaf.start : leaf.end].endswith("\n") else ""
        pieces += [source[position : leaf.start], quoted(texts[leaf]), end]
        position = leaf.end
    return "".join([*pieces, source[position:]])
