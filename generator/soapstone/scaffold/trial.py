"""Specs that are tried before they are written, in a folder of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from soapstone.decode import SERVICE_FILE, decode_service
from soapstone.diagnostics import Diagnostic, Report, Severity
from soapstone.lint import lint
from soapstone.model import Service
from soapstone.pipeline import shown
from soapstone.plan import plan_service


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
        _hand_over(found.diagnostics, report)
        return None if found.has_errors else service

    def check(self, operation: str, report: Report) -> bool:
        """Whether an operation that could be read lints and can be planned; what it is not, is reported."""
        found = Report()
        service = self._decode(operation, found)
        if service is not None:
            lint(service, found)
            plan_service(service, found)
        own = f"{shown(self.real)}/{self.file}"
        # Of service.yaml, errors only: its other operations are not here to use all that it offers.
        telling = [
            each
            for each in found.diagnostics
            if each.severity is Severity.ERROR or each.span.path == own
        ]
        _hand_over(telling, report)
        return not telling

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


def _hand_over(found: Iterable[Diagnostic], report: Report) -> None:
    for diagnostic in found:
        report.add(diagnostic)
