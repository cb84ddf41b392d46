"""The packages that specs yield: what is known of them from earlier runs, and the others built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soapstone.diagnostics import Report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soapstone.command.services import Built
    from soapstone.command.specs import Specs
    from soapstone.output import Entry, Package
    from soapstone.parts import Parts
    from soapstone.records import Record, Records


@dataclass(slots=True, kw_only=True)
class Building:
    """The packages of all services, or why there are none.

    Attributes:
        known: The services of which nothing has changed since their packages were right.
        built: The others.
    """

    report: Report = field(default_factory=Report)
    known: dict[Path, Record] = field(default_factory=dict["Path", "Record"])
    built: dict[Path, Built] = field(default_factory=dict["Path", "Built"])

    @property
    def is_sound(self) -> bool:
        """Whether there is a package for each service."""
        return not self.report.has_errors and all(
            each.package for each in self.built.values()
        )

    @property
    def packages(self) -> list[Package]:
        """The packages that were built."""
        found = (each.package for each in self.built.values())
        return [package for package in found if package is not None]

    @property
    def names(self) -> list[str]:
        """The names of all packages, in the order of the alphabet."""
        built = [package.name for package in self.packages]
        return sorted([*built, *(each.name for each in self.known.values())])

    def keep(
        self, records: Records, entries: Mapping[str, Mapping[str, Entry] | None]
    ) -> None:
        """Keep what is right now.

        Args:
            records: Where.
            entries: By package, what stands there if it was written.
        """
        for folder, built in self.built.items():
            package = built.package
            if package is not None and package.name in entries:
                records.keep(folder, package, built.diagnostics, entries[package.name])


def build(specs: Specs, records: Records, jobs: int) -> Building:
    """Build what has to be built; all is built anew where two packages have the same name."""
    found = Building()
    for folder in specs.folders:
        record = records.unchanged(folder)
        if record is not None:
            found.known[folder] = record
    others = [each for each in specs.folders if each not in found.known]
    _build(found, {each: records.parts(each) for each in others}, jobs)
    if len(set(found.names)) < len(found.names):
        from soapstone.command.services import (  # noqa: PLC0415 -- as below
            read_all,
        )

        # The places of the names are in the specs.
        read_all(specs.folders, found.report)
    for package in found.packages:
        records.look(package.name)
    return found


def _build(found: Building, folders: dict[Path, Parts | None], jobs: int) -> None:
    for record in found.known.values():
        for diagnostic in record.diagnostics:
            found.report.add(diagnostic)
    if folders:
        # To import all stages takes longer than to see that nothing has changed.
        from soapstone.command.services import (  # noqa: PLC0415 -- see above
            build_all,
        )

        results = build_all(folders, jobs, found.report)
        found.built = dict(zip(folders, results, strict=True))
