"""Says whether this copy of the package is complete, unmodified and free of strangers.

`python -m` with the name of this module, whatever the package is called and wherever it lies, or
the path of this file compares each file with its SHA-256 in `soapstone.lock`, this one included.

A digest that is kept beside the files finds what happens by accident: an edit, a formatter, half a
merge, line ends that git changed. It proves nothing against somebody who means it, and changes the
lock or this module as well. Two things do: a lock or its digest that is kept elsewhere (`--lock`,
`--digest`), and the module of a copy that you trust, which runs no code of the folder that it is
given. `python -m` imports the packages around this module before it has a say. Byte code that Python
keeps in `__pycache__` is not looked at, nor are folders that hold nothing else.
"""

import os
import sys

if __name__ == "__main__" and not __package__:
    # Called by its path: Python looks in this folder first, where `types.py` hides a module of its own.
    _HERE = os.path.realpath(f"{__file__}/..")
    sys.path[:] = [place for place in sys.path if os.path.realpath(place) != _HERE]

import argparse
import hashlib
import json
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import NamedTuple, TypeGuard

LOCK = "soapstone.lock"
ORIGIN = "soapstone.origin"

_FORMAT = 1
# Python gives byte code a number until all of it is written.
_BYTE_CODE = re.compile(r"(?:.*/)?__pycache__/[^/]*\.pyc(?:\.[0-9]+)?", re.DOTALL)
_DIGEST = re.compile(r"[0-9a-f]{64}")
# Without anything else a copy is not complete.
_MAY_BE_LEFT_OUT = frozenset({"tests"})

_AGAIN = "restore it from version control, or vendor the package again"
_FORCED = f"{_AGAIN} with `soapstone vendor --force`"
_AWAY = "move it out of the package"


class Kind(Enum):
    """In which way something is not as it was generated."""

    BROKEN = "broken"
    EDITED = "edited"
    LINE_ENDS = "line ends"
    LINK = "link"
    MISSING = "missing"
    RENAMED = "renamed"
    STRANGER = "stranger"
    UNREADABLE = "unreadable"


class Deviation(NamedTuple):
    """One thing in a copy that is not as it was generated.

    Attributes:
        path: Inside the package, with forward slashes; empty for the folder itself.
        message: Completes a sentence that starts with the path.
        remedy: What mends it.
    """

    kind: Kind
    path: str
    message: str
    remedy: str


class _BrokenError(ValueError):
    """A file says nothing that can be relied on; the text completes a sentence that starts with it."""


@dataclass
class _Copy:
    """A folder, and what was found out about it.

    Attributes:
        modes: What stands in it, by paths; byte code aside.
        lock: What its lock says, as it was before git changed line ends; None when that is not known.
        listed: The files that it should have, with their digests; None when that is not known.
        left_out: Folders that nobody wanted.
    """

    folder: Path
    modes: dict[str, int] = field(default_factory=dict[str, int])
    lock: bytes | None = None
    listed: Mapping[str, str] | None = None
    left_out: frozenset[str] = frozenset()
    deviations: list[Deviation] = field(default_factory=list[Deviation])

    def report(self, kind: Kind, path: str, message: str, remedy: str) -> None:
        self.deviations.append(Deviation(kind, path, message, remedy))

    def read(self, path: str) -> bytes | None:
        """Return the content of a file; what speaks against that is reported."""
        mode = self.modes[path]
        if stat.S_ISDIR(mode):
            self.report(Kind.MISSING, path, "is a folder where a file belongs", _AGAIN)
        elif not stat.S_ISREG(mode):
            self.report(
                Kind.LINK, path, "is a symbolic link or a special file", _FORCED
            )
        else:
            try:
                return (self.folder / path).read_bytes()
            except OSError as error:
                self.report_unreadable(path, error)
        return None

    def report_unreadable(self, path: str, error: OSError) -> None:
        reason = error.strerror or str(error)
        self.report(
            Kind.UNREADABLE, path, f"cannot be read: {reason}", "make it readable"
        )

    def report_line_ends(self, path: str) -> None:
        self.report(
            Kind.LINE_ENDS,
            path,
            "has other line ends, and is the same otherwise (git's `core.autocrlf`?)",
            f"write `{self.folder.resolve().name}/** -text` into a .gitattributes beside "
            "the package, and check it out again",
        )


def verify(
    folder: Path | None = None, *, lock: Path | None = None, digest: str | None = None
) -> list[Deviation]:
    """Return how a copy differs from what was generated, in order of paths.

    Args:
        folder: The copy; the one that this module is part of unless given.
        lock: A lock that is kept elsewhere, and is believed in place of the copy's own.
        digest: SHA-256 in hexadecimal that the copy's own lock is to have.

    Raises:
        OSError: `lock` cannot be read.
        ValueError: `lock` is no lock.
    """
    return _examined(folder or Path(__file__).parent, lock, digest).deviations


def _examined(folder: Path, lock: Path | None, digest: str | None) -> _Copy:
    expected = None if lock is None else _plain(lock.read_bytes())
    copy = _Copy(folder, listed=None if expected is None else _files_of(expected))
    _find_all(copy)
    _examine_lock(copy, expected, digest)
    _examine_origin(copy)
    if copy.listed is not None:
        _examine_files(copy, copy.listed)
    copy.deviations.sort(key=lambda deviation: deviation.path)
    return copy


def _find_all(copy: _Copy) -> None:
    # No link is followed: what stands behind one is not part of the copy.
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(copy.folder / prefix) as entries:
                for entry in entries:
                    path = f"{prefix}{entry.name}"
                    mode = entry.stat(follow_symlinks=False).st_mode
                    if stat.S_ISDIR(mode):
                        waiting.append(f"{path}/")
                    if not (stat.S_ISREG(mode) and _BYTE_CODE.fullmatch(path)):
                        copy.modes[path] = mode
        except OSError as error:
            copy.report_unreadable(prefix.rstrip("/"), error)


def _examine_lock(copy: _Copy, expected: bytes | None, digest: str | None) -> None:
    copy.lock = _text(copy, LOCK)
    if copy.lock is None:
        return
    found = _digest(copy.lock)
    if expected not in {None, copy.lock}:
        message = "is not the lock that is kept elsewhere"
        copy.report(Kind.EDITED, LOCK, message, _FORCED)
    if digest not in {None, found}:
        message = f"has the SHA-256 {found}, and another one is expected"
        copy.report(Kind.EDITED, LOCK, message, _FORCED)
    if expected is None:
        try:
            copy.listed = _files_of(copy.lock)
        except _BrokenError as error:
            copy.report(Kind.BROKEN, LOCK, str(error), _FORCED)


def _examine_origin(copy: _Copy) -> None:
    if ORIGIN not in copy.modes:
        return  # nobody is obliged to vendor with the command
    text = _text(copy, ORIGIN)
    if text is None:
        return
    try:
        document = _document(text)
        left_out = _left_out(document)
    except _BrokenError as error:
        copy.report(Kind.BROKEN, ORIGIN, str(error), _FORCED)
        return
    copy.left_out = left_out
    if copy.lock is not None and document.get("lock") != _digest(copy.lock):
        message = f"is not the lock that was vendored, by `{ORIGIN}`"
        copy.report(Kind.EDITED, LOCK, message, _FORCED)


def _text(copy: _Copy, path: str) -> bytes | None:
    if path not in copy.modes:
        copy.report(Kind.MISSING, path, "is not there", _AGAIN)
        return None
    content = copy.read(path)
    if content is None:
        return None
    if b"\r" in content:
        copy.report_line_ends(path)
    return _plain(content)


def _examine_files(copy: _Copy, listed: Mapping[str, str]) -> None:
    strangers = {
        path
        for path in copy.modes.keys() - listed.keys() - {LOCK, ORIGIN}
        if not stat.S_ISDIR(copy.modes[path])
    }
    spelled = {_folded(path): path for path in sorted(strangers)}
    for path in _absent(copy, listed):
        other = spelled.get(_folded(path))
        if other is None:
            copy.report(Kind.MISSING, path, "is not there", _AGAIN)
        else:
            strangers.discard(other)
            message = f"is spelled `{other}`, which is another file where case matters"
            copy.report(Kind.RENAMED, path, message, f"rename it to `{path}`")
    for path in listed.keys() & copy.modes.keys():
        _examine_file(copy, path, listed[path])
    for path in strangers:
        _examine_stranger(copy, path)


def _absent(copy: _Copy, listed: Mapping[str, str]) -> Iterator[str]:
    """Yield the files that should be there and are not, unless another deviation says so."""
    absent = listed.keys() - copy.modes.keys()
    # Folders are left out as a whole, or not.
    left_out = copy.left_out - {_first(path) for path in listed.keys() - absent}
    in_the_way = {each.path for each in copy.deviations}
    in_the_way |= {path for path, mode in copy.modes.items() if not stat.S_ISDIR(mode)}
    for path in absent:
        above = {str(folder) for folder in PurePosixPath(path).parents}
        if _first(path) not in left_out and not above & in_the_way:
            yield path


def _examine_file(copy: _Copy, path: str, digest: str) -> None:
    content = copy.read(path)
    if content is None or _digest(content) == digest:
        return
    plain = _plain(content)
    if digest in {_digest(plain), _digest(plain.replace(b"\n", b"\r\n"))}:
        copy.report_line_ends(path)
    else:
        copy.report(Kind.EDITED, path, "is not what was generated", _FORCED)


def _examine_stranger(copy: _Copy, path: str) -> None:
    if stat.S_ISREG(copy.modes[path]):
        copy.report(Kind.STRANGER, path, "is not part of the package", _AWAY)
    else:
        message = "is a symbolic link or a special file, and not part of the package"
        copy.report(Kind.LINK, path, message, _AWAY)


def _files_of(lock: bytes) -> dict[str, str]:
    """Return the files that a lock lists, with their digests."""
    files = _document(lock).get("files")
    if not _is_mapping(files):
        raise _BrokenError("is damaged: it lists no files")
    return {path: str(digest) for path, digest in files.items()}


def _left_out(origin: Mapping[str, object]) -> frozenset[str]:
    found = origin.get("left_out")
    if not _is_list(found) or not set(map(str, found)) <= _MAY_BE_LEFT_OUT:
        raise _BrokenError("is damaged: `left_out` names what no copy can do without")
    return frozenset(map(str, found))


def _document(content: bytes) -> Mapping[str, object]:
    try:
        found: object = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise _BrokenError(f"is not JSON: {error}") from error
    if not _is_mapping(found) or found.get("format") != _FORMAT:
        raise _BrokenError(f"is not of format {_FORMAT}, which this module reads")
    if content.decode() != f"{json.dumps(found, indent=2, sort_keys=True)}\n":
        raise _BrokenError("is not laid out as it was written")
    return found


def _is_mapping(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _first(path: str) -> str:
    return path.partition("/")[0]


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path).casefold()


# The command


class _Options(argparse.Namespace):
    folder: Path
    lock: Path | None
    digest: str | None
    form: str


def main(arguments: Sequence[str], program: str) -> int:
    """Say how a copy differs from what was generated, and return the exit code.

    Args:
        arguments: Those of the command line.
        program: The command, as it is to be typed.

    Returns:
        0 when it does not, 1 when it does, 2 when the arguments are wrong.
    """
    parser = _parser(program)
    try:
        options = parser.parse_args(arguments, namespace=_Options())
        copy = _opened(parser, options)
    except SystemExit as end:
        return 2 if end.code else 0
    for line in _json(copy) if options.form == "json" else _lines(copy, options.form):
        sys.stdout.write(f"{line}\n")
    return 1 if copy.deviations else 0


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program,
        description="Say whether a copy of the package is complete, unmodified and free of strangers.",
        epilog="exit codes: 0 clean, 1 problems found, 2 wrong usage",
    )
    parser.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path(__file__).parent,
        metavar="FOLDER",
        help="the copy; unless given, the one that this module is part of",
    )
    elsewhere = parser.add_mutually_exclusive_group()
    elsewhere.add_argument(
        "--digest",
        type=_sha256,
        metavar="SHA256",
        help="what the lock is to have, as an earlier run printed it",
    )
    elsewhere.add_argument(
        "--lock",
        type=Path,
        metavar="FILE",
        help="a lock that is kept elsewhere, and is believed in place of the copy's own",
    )
    parser.add_argument(
        "--format",
        dest="form",
        choices=("text", "json", "github"),
        default="text",
        help="for people, for programs, or as annotations on GitHub",
    )
    return parser


def _sha256(text: str) -> str:
    if not _DIGEST.fullmatch(text.lower()):
        raise argparse.ArgumentTypeError(
            f"a SHA-256 has 64 hexadecimal digits, not {text!r}"
        )
    return text.lower()


def _opened(parser: argparse.ArgumentParser, options: _Options) -> _Copy:
    if not options.folder.is_dir():
        parser.error(f"there is no folder {str(options.folder)!r}")
    try:
        return _examined(options.folder, options.lock, options.digest)
    except OSError as error:
        parser.error(f"--lock {str(options.lock)!r}: {error.strerror or error}")
    except _BrokenError as error:
        parser.error(f"--lock {str(options.lock)!r} {error}")


def _json(copy: _Copy) -> Iterator[str]:
    document = {
        "folder": _shown(copy.folder),
        "lock": None if copy.lock is None else _digest(copy.lock),
        "files": _count(copy),
        "left_out": sorted(copy.left_out),
        "deviations": [
            {
                "kind": each.kind.value,
                "path": each.path,
                "message": each.message,
                "remedy": each.remedy,
            }
            for each in copy.deviations
        ],
    }
    yield json.dumps(document, indent=2)


def _lines(copy: _Copy, form: str) -> Iterator[str]:
    shown = _shown(copy.folder)
    for each in copy.deviations:
        place = f"{shown}/{each.path}".rstrip("/")
        if form == "github":
            properties = f"file={_escaped(place, '%:,')},title={each.kind.value}"
            sentence = f"`{place}` {each.message}"
            yield f"::error {properties}::{_escaped(sentence, '%')}%0A{_escaped(each.remedy, '%')}"
        else:
            kind = each.kind.value
            yield _visible(f"{place}: {kind}: {each.message}; {each.remedy}")
    known = "" if copy.lock is None else f"; SHA-256 of the lock: {_digest(copy.lock)}"
    yield f"{_visible(shown)}: {_verdict(copy)}{known}"


def _verdict(copy: _Copy) -> str:
    number = len(copy.deviations)
    if number:
        return f"{number} deviation{'s' if number > 1 else ''} from what was generated"
    without = "".join(f", without `{folder}/`" for folder in sorted(copy.left_out))
    return f"{_count(copy)} files are as they were generated{without}"


def _count(copy: _Copy) -> int:
    return len((copy.listed or {}).keys() & copy.modes.keys())


def _shown(folder: Path) -> str:
    here = Path.cwd()
    return (
        folder.relative_to(here) if folder.is_relative_to(here) else folder
    ).as_posix()


def _visible(text: str) -> str:
    # Names of strangers reach neither a terminal nor a log raw.
    return "".join(
        each if each.isascii() and each.isprintable() else _escape(each)
        for each in text
    )


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _escaped(text: str, characters: str) -> str:
    # The escapes of workflow commands.
    return "".join(
        f"%{ord(each):02X}" if each in characters else each for each in _visible(text)
    )


if __name__ == "__main__":
    _CALLED = f"-m {__package__}.verify" if __package__ else sys.argv[0]
    sys.exit(main(sys.argv[1:], f"python {_CALLED}"))
