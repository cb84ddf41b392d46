"""What is recorded of a copy when a package is vendored; `verify` in every package reads it, too."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from soapstone.output.lock import lock_digest
from soapstone.output.package import ORIGIN_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from soapstone.output.package import Package

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a copy of a package came from; what it was generated from stands in its lock.

    Attributes:
        commit: One in which the package is as it was copied; empty when none is known.
        left_out: Folders of the package that the copy does without.
    """

    commit: str = ""
    left_out: tuple[str, ...] = ()


def render_origin(package: Package, origin: Origin) -> bytes:
    """Return the file that says where a copy of `package` came from."""
    document = {
        "format": _FORMAT,
        "package": package.name,
        "generator": package.generator,
        "commit": origin.commit or None,
        "left_out": list(origin.left_out),
        "lock": lock_digest(package),
    }
    return f"{json.dumps(document, indent=2, sort_keys=True)}\n".encode()


def leaves_out(folder: Path, part: str) -> bool:
    """Whether it is recorded of a copy that it does without a folder of the package."""
    try:
        document: object = json.loads((folder / ORIGIN_NAME).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(document, dict):
        return False
    left_out = cast("dict[str, object]", document).get("left_out")
    return isinstance(left_out, list) and part in cast("list[object]", left_out)
