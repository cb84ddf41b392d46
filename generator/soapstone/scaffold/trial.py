"""Specs that are tried before they are written, in a folder of their own."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from soapstone.decode import decode_service
from soapstone.diagnostics import Diagnostic, Report, Severity
from soapstone.folders import SERVICE_FILE, shown
from soapstone.lint import lint
from soapstone.model import Service
from soapstone.plan import check_operations, plan_service


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A service with one operation, which stand where messages say that they do.

    Attributes:
        folder: The folder that is tried.
        real: The one that it stands for.
        file: Name of the operation's file.
    """

    folder: Path
    real: Path
    file: str

    def read(self, operation: str, report: Report) -> Service | None:
        """Return the service with an operation; None, and the reasons in the report, if it has errors."""
        found = Report()
        service = self._decode(operation, found)
        return service if _is_sound(found.diagnostics, report) else None

    def check(
        self, operation: str, report: Report, *, is_whole: bool
    ) -> Service | None:
        """Return the service with an operation that lints and can be planned; otherwise None, as `read`.

        Args:
            operation: Its text.
            report: Receives errors, and what is worth a warning in the operation itself.
            is_whole: Whether nothing is to be added to the operation; otherwise only errors matter.
        """
        found = Report()
        service = self._decode(operation, found)
        if service is not None:  # pragma: no branch -- the type checker asks for it
            lint(service, found)
            check_operations(plan_service(service, found))
        # In service.yaml only errors: what only its other operations use is of use.
        own = f"{shown(self.real)}/{self.file}" if is_whole else ""
        telling = [
            each
            for each in found.diagnostics
            if each.severity is Severity.ERROR or each.span.path == own
        ]
        return service if _is_sound(telling, report) else None

    def _decode(self, operation: str, report: Report) -> Service | None:
        (self.folder / self.file).write_text(operation, encoding="utf-8")
        return decode_service(self.folder, shown(self.real), report)


@contextmanager
def trial(real: Path, service: bytes, file: str) -> Generator[Trial]:
    """Set up a folder in which an operation of a service can be tried."""
    with TemporaryDirectory() as place:
        folder = Path(place) / real.resolve().name
        folder.mkdir()
        (folder / SERVICE_FILE).write_bytes(service)
        yield Trial(folder=folder, real=real, file=file)


def _is_sound(found: Collection[Diagnostic], report: Report) -> bool:
    for diagnostic in found:
        report.add(diagnostic)
    return not found
