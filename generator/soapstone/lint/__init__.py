"""Third stage: what the model can contradict, rule by rule."""

from __future__ import annotations

from soapstone.diagnostics import Report
from soapstone.model import Service


def lint(service: Service, report: Report) -> None:
    """Apply every rule to a service; findings go to the report."""
