"""One way in which a package folder differs from what the specs say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why something on disk is not what the specs say; the value is fit for print."""

    SPEC_CHANGED = "spec changed"
    GENERATOR_CHANGED = "generator changed"
    FORMATTER_CHANGED = "formatter changed"
    EDITED = "edited"
    MISSING = "missing"
    ORPHAN = "orphan"
    FOREIGN = "foreign"
    BROKEN_LOCK = "broken lock"


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which the disk is not what the specs say.

    Attributes:
        path: Relative to the output folder, with forward slashes; the package's name alone
            where the difference concerns it as a whole.
        message: One sentence: what is different, and why.
        remedy: The command or the action that mends it.
    """

    path: str
    cause: Cause
    message: str
    remedy: str


def difference(
    name: str, path: str, cause: Cause, message: str, remedy: str
) -> Difference:
    """Return a difference of the package `name`: at a path in its folder, or of it as a whole."""
    place = f"{name}/{path}" if path else name
    return Difference(place, cause, f"`{place}` {message}", remedy)
