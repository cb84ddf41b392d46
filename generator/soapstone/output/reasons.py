"""Why a file that nobody touched is not what the specs say any more: which input has changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from soapstone.output.difference import Cause
from soapstone.output.package import parents
from soapstone.output.plan import GENERATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from soapstone.output.lock import Lock
    from soapstone.output.package import Package

RUN_GENERATE = f"run `{GENERATE}`"


@dataclass(frozen=True, slots=True)
class Reason:
    """One input that is another one now.

    Attributes:
        text: A clause that says what has changed.
    """

    cause: Cause
    text: str
    remedy: str


UNEXPLAINED = Reason(
    Cause.GENERATOR_CHANGED,
    "the generator changed since, under the same version",
    f"{RUN_GENERATE}, or go back to the generator that wrote it",
)

_COPY = Reason(
    Cause.TEMPLATE_CHANGED,
    "the file that it is a copy of changed since",
    f"{RUN_GENERATE}, which copies it again",
)


@dataclass(frozen=True)
class Reasons:
    """What has changed since a lock was written, and which files that can explain."""

    package: Package
    lock: Lock

    @cached_property
    def all(self) -> tuple[Reason, ...]:
        """Every input that has changed, in the order in which they come into a package."""
        return (*self._of_specs(self._specs), *self._of_generator, *self._of_layout)

    def of(self, path: str) -> tuple[Reason, ...]:
        """Return what explains that a file has come or gone, the likeliest first."""
        return self._of_content(path) or (UNEXPLAINED,)

    def of_change(self, path: str, before: bytes | None = None) -> tuple[Reason, ...]:
        """Return what explains that a file is to say something else, the likeliest first.

        Args:
            path: Inside the package folder.
            before: What was generated, where that is still known.
        """
        layout = self._of_layout if self._is_laid_out(path) else ()
        if layout and before is not None:
            # Black is here already: it laid out what is compared.
            from soapstone.format import (  # noqa: PLC0415 -- see above
                differs_in_layout_alone,
            )

            if differs_in_layout_alone(before, self.package.files[path]):
                return layout
        return (*self._of_content(path), *layout) or (UNEXPLAINED,)

    def _is_laid_out(self, path: str) -> bool:
        return path.endswith(".py") and path not in self.package.copies

    def _of_content(self, path: str) -> tuple[Reason, ...]:
        if path in self.package.copies:
            return (*self._of_version, _COPY)
        subjects = self.package.subjects
        places = (place for place in (path, *parents(path)) if place in subjects)
        own = subjects.get(next(places, ""), self._specs)
        # What is no module is no template's.
        made = self._of_generator if self._is_laid_out(path) else self._of_version
        return (*self._of_specs(own), *made) or self._of_specs(self._specs)

    @cached_property
    def _specs(self) -> frozenset[str]:
        return frozenset(self.package.specs) | frozenset(self.lock.specs)

    def _of_specs(self, paths: Iterable[str]) -> tuple[Reason, ...]:
        now, then = self.package.specs, self.lock.specs
        changed = [path for path in sorted(paths) if now.get(path) != then.get(path)]
        if not changed:
            return ()
        text = f"{_some(changed)} {_happened(changed, now, then)}"
        return (Reason(Cause.SPEC_CHANGED, text, RUN_GENERATE),)

    @cached_property
    def _of_version(self) -> tuple[Reason, ...]:
        now, then = self.package.generator, self.lock.generator
        if now == then:
            return ()
        text = f"soapstone {then} wrote it, and this is {now}"
        remedy = f"{RUN_GENERATE}, or install soapstone {then}"
        return (Reason(Cause.GENERATOR_CHANGED, text, remedy),)

    @cached_property
    def _of_generator(self) -> tuple[Reason, ...]:
        if self.package.templates == self.lock.templates:
            return self._of_version
        text = "the templates changed since"
        remedy = f"{RUN_GENERATE}, or go back to the templates that it was made with"
        return (*self._of_version, Reason(Cause.TEMPLATE_CHANGED, text, remedy))

    @cached_property
    def _of_layout(self) -> tuple[Reason, ...]:
        return tuple(self._layout_changes())

    def _layout_changes(self) -> Iterator[Reason]:
        now, then = self.package, self.lock
        if now.formatter != then.formatter:
            yield Reason(
                Cause.FORMATTER_CHANGED,
                f"{then.formatter} laid it out, and now it is {now.formatter}",
                f"{RUN_GENERATE} to lay it out anew, or install {then.formatter}",
            )
        if then.options is not None and now.options != then.options:
            yield _option_changed(now.options, then.options)


def _option_changed(now: Mapping[str, str], then: Mapping[str, str]) -> Reason:
    names = sorted(now.keys() | then.keys())
    changed = [name for name in names if now.get(name) != then.get(name)]
    values = (
        f"`{name}` was {then.get(name, 'not set')} and is {now.get(name, 'not set')}"
        for name in changed
    )
    named = " and ".join(f"`{name}`" for name in changed)
    remedy = f"{RUN_GENERATE}, or give {named} the old value again"
    return Reason(Cause.OPTION_CHANGED, ", ".join(values), remedy)


def _some(paths: Iterable[str]) -> str:
    first, *others = paths
    if not others:
        return f"`{first}`"
    return f"`{first}` and {len(others)} more {'specs' if others[1:] else 'spec'}"


def _happened(
    changed: Sequence[str], now: Mapping[str, str], then: Mapping[str, str]
) -> str:
    verb = "are" if changed[1:] else "is"
    if not then.keys() & changed:
        return f"{verb} new"
    return "changed since" if now.keys() & changed else f"{verb} gone"
