"""What a command that writes packages tells of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soapstone.reporting import counted, place_of, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePath

    from soapstone.output import Written


def written_lines(
    name: str, written: Written, out: PurePath, *, is_dry_run: bool
) -> Iterator[str]:
    """Yield what was done to a package, or would be: one line for it, and one for each file."""
    changes = {
        "create": written.created,
        "update": written.updated,
        "delete": written.deleted,
    }
    ending = "" if is_dry_run else "d"
    done = [
        f"{verb}{ending} {counted(len(paths), 'file')}"
        for verb, paths in changes.items()
        if paths
    ]
    would = "would " if is_dry_run and done else ""
    if written.unchanged:
        done.append(f"{counted(len(written.unchanged), 'file')} unchanged")
    yield visible(f"{name}: {would}{', '.join(done)}")
    for verb, paths in changes.items():
        for path in paths:
            yield visible(f"  {verb}{ending} {place_of(path, out)}")


def written_document(name: str, written: Written, out: PurePath) -> dict[str, object]:
    """Return the same as values that JSON knows; the order of the keys is fixed."""
    changes = {
        "created": written.created,
        "updated": written.updated,
        "deleted": written.deleted,
        "unchanged": written.unchanged,
    }
    return {
        "name": name,
        **{
            verb: [place_of(path, out) for path in paths]
            for verb, paths in changes.items()
        },
    }
