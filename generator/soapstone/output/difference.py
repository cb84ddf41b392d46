"""One way in which a package folder differs from what the specs say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Cause(Enum):
    """Why something on disk is not what the specs say; the value is fit for print."""

    SPEC_CHANGED = "spec changed"
    GENERATOR_CHANGED = "generator changed"
    TEMPLATE_CHANGED = "template changed"
    FORMATTER_CHANGED = "formatter changed"
    OPTION_CHANGED = "option changed"
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
        cause: What explains it, or most of it.
        message: One sentence: what is different, and why.
        remedy: The command or the action that mends it.
        also: What else may have a part in it, the likeliest first.
    """

    path: str
    cause: Cause
    message: str
    remedy: str
    also: tuple[Cause, ...] = ()

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Everything that may have a part in it, the likeliest first."""
        return (self.cause, *self.also)


def difference(
    name: str, path: str, causes: tuple[Cause, ...], message: str, remedy: str
) -> Difference:
    """Return a difference of the package `name`: at a path in its folder, or of it as a whole."""
    place = f"{name}/{path}" if path else name
    cause, *also = causes
    return Difference(place, cause, f"`{place}` {message}", remedy, tuple(also))
