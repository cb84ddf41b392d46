"""Which files single operations yielded in earlier runs, by a digest of all that these depend on.

Only digests are kept: the files themselves are those of the package, as long as they are what was
generated.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from soapstone.cache import keep, read_kept
from soapstone.output import check_paths, digest

if TYPE_CHECKING:
    from pathlib import Path

    from soapstone.output import Package

_Digests = dict[str, str]


@dataclass(slots=True, kw_only=True)
class Parts:
    """What is known of the operations of one service.

    Attributes:
        out: The folder of the packages.
        known: By a digest of what they depend on, the digests of the files of an operation by
            their path.
        sound: Digests of operations about which there was nothing to say.
        accepted: Digests of files that the schemas accepted.
    """

    out: Path
    known: dict[str, _Digests] = field(default_factory=dict[str, _Digests])
    sound: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()

    def files(self, package: str, key: str) -> dict[str, bytes] | None:
        """Return the files that an operation yields; None where they have to be made."""
        if key not in self.known:
            return None
        found: dict[str, bytes] = {}
        for path, listed in self.known[key].items():
            try:
                found[path] = (self.out / package / path).read_bytes()
            except OSError:
                return None
            if digest(found[path]) != listed:
                return None
        return found


def read_parts(file: Path, out: Path) -> Parts:
    """Return what a file says of a service; nothing where it is damaged, or somebody else's."""
    document = read_kept(file)
    known = cast("dict[str, _Digests]", document.get("parts", {}))
    sound = cast("list[str]", document.get("sound", []))
    accepted = cast("list[str]", document.get("accepted", []))
    try:
        for digests in known.values():
            check_paths(digests.keys())
        return Parts(
            out=out,
            known=known,
            sound=frozenset(sound),
            accepted=frozenset(accepted),
        )
    except (AttributeError, TypeError, ValueError):
        return Parts(out=out)


def keep_parts(file: Path, package: Package) -> None:
    """Keep in a file which files the operations of a package yield."""
    known = {
        key: {path: digest(package.files[path]) for path in sorted(paths)}
        for key, paths in package.parts.items()
    }
    # A package comes of nothing else.
    accepted = sorted(set(package.specs.values()))
    keep(file, {"parts": known, "sound": sorted(package.sound), "accepted": accepted})
