"""What earlier runs found out: in which state of its specs, and of the generator, a package was right.

States are told apart as git does it: by the size, the times and the number of every file. A file as
young as the look at it might change once more without showing that, so that no state with one is kept.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypedDict, cast

from soapstone.cache import cache_folder, keep, kept_file, read_kept
from soapstone.diagnostics import Diagnostic, Related, Severity, Span
from soapstone.output import LOCK_NAME, Listing, check_name, is_settled, list_folder
from soapstone.parts import Parts, keep_parts, read_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from soapstone.output import Entry, Package

# The longest that a clock of a file system stands still.
_TICK = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A package that is what its specs say.

    Attributes:
        strangers: What stands in its folder beside it.
        diagnostics: What was said of its specs, which was no error.
    """

    name: str
    specs: str
    tree: str
    strangers: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


class Records:
    """The records of one folder of packages.

    Args:
        out: The folder.
        is_used: Whether anything is kept, or taken from what was.
    """

    def __init__(self, out: Path, *, is_used: bool = True) -> None:
        self._out = out
        self._folder = cache_folder() if is_used else None
        self._specs: dict[Path, Listing] = {}
        self._trees: dict[str, Listing] = {}

    def unchanged(self, specs: Path) -> Record | None:
        """Return what is known of a service if neither it nor its package has changed."""
        if self._folder is None:
            return None
        # What cannot be read is reported by whoever needs it.
        with suppress(OSError):
            listing = self._specs[specs] = list_folder(specs.resolve())
            record = self._read(self._folder, specs)
            if record is None or record.specs != listing.digest:
                return None
            self.look(record.name)
            tree = self._trees.get(record.name)
            if tree and tree.digest == record.tree and is_settled(self._out):
                return record
        return None

    def files(self, record: Record) -> tuple[str, ...]:
        """Return the files of a package that has not changed."""
        ours = self._trees[record.name].files - set(record.strangers)
        return tuple(f"{record.name}/{path}" for path in sorted(ours))

    def parts(self, specs: Path) -> Parts | None:
        """Return what is known of the operations of a service; None where nothing is kept."""
        if self._folder is None:
            return None
        return read_parts(kept_file(self._folder, "parts", specs, self._out), self._out)

    def look(self, name: str) -> None:
        """Remember how a package stands there before it is compared with anything."""
        if self._folder is not None and name not in self._trees:
            with suppress(OSError):
                self._trees[name] = list_folder(self._out / name)

    def keep(
        self,
        specs: Path,
        package: Package,
        diagnostics: Iterable[Diagnostic],
        entries: Mapping[str, Entry] | None = None,
    ) -> None:
        """Keep that a package is what its specs say.

        Args:
            specs: The folder of the service.
            package: What it yields.
            diagnostics: What was said of it.
            entries: What stands there if it was written since it was looked at.
        """
        listing, tree = self._specs.get(specs), self._trees.get(package.name)
        if entries is not None and self._folder is not None:
            tree = _settled(self._out / package.name)
        if self._folder is None or listing is None or tree is None:
            return
        is_known = entries is None or tree.entries == entries
        if listing.has_links or not (is_known and _is_old(listing) and _is_old(tree)):
            return
        # What was saved meanwhile may have been digested, and never read.
        now = _listed(specs.resolve())
        if now is None or now.digest != listing.digest:
            return
        strangers = tree.files - package.files.keys() - {LOCK_NAME}
        record = Record(
            name=package.name,
            specs=listing.digest,
            tree=tree.digest,
            strangers=tuple(sorted(strangers)),
            diagnostics=tuple(diagnostics),
        )
        keep(self._file(self._folder, specs), _document(record))
        keep_parts(kept_file(self._folder, "parts", specs, self._out), package)

    def _read(self, folder: Path, specs: Path) -> Record | None:
        document = read_kept(self._file(folder, specs))
        try:
            return _record(cast("_Document", document))
        except (ValueError, TypeError, LookupError):
            return None

    def _file(self, folder: Path, specs: Path) -> Path:
        return kept_file(folder, "record", specs, self._out)


def _settled(folder: Path) -> Listing | None:
    """List a folder as soon as all that is in it has become old enough."""
    time.sleep(_TICK / 1e9)
    return _listed(folder)


def _listed(folder: Path) -> Listing | None:
    """List a folder; None where something in it goes away meanwhile."""
    with suppress(OSError):
        return list_folder(folder)
    return None


def _is_old(listing: Listing) -> bool:
    return listing.newest <= listing.taken - _TICK


class _Place(TypedDict):
    path: str
    line: int
    column: int


class _Other(TypedDict):
    span: _Place
    message: str


class _Said(TypedDict):
    rule: str
    span: _Place
    message: str
    severity: str
    hint: str
    related: list[_Other]


class _Document(TypedDict):
    name: str
    specs: str
    tree: str
    strangers: list[str]
    diagnostics: list[_Said]


def _document(record: Record) -> dict[str, object]:
    said = [
        asdict(each) | {"severity": each.severity.value} for each in record.diagnostics
    ]
    return {**asdict(record), "diagnostics": said}


def _record(document: _Document) -> Record:
    check_name(document["name"])
    return Record(
        name=document["name"],
        specs=document["specs"],
        tree=document["tree"],
        strangers=tuple(document["strangers"]),
        diagnostics=tuple(map(_diagnostic, document["diagnostics"])),
    )


def _diagnostic(said: _Said) -> Diagnostic:
    return Diagnostic(
        rule=said["rule"],
        span=Span(**said["span"]),
        message=said["message"],
        severity=Severity(said["severity"]),
        hint=said["hint"],
        related=tuple(
            Related(Span(**each["span"]), each["message"]) for each in said["related"]
        ),
    )
