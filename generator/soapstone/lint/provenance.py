"""Where the facts come from."""

from __future__ import annotations

import datetime

from soapstone.diagnostics import Report, did_you_mean
from soapstone.lint import walk
from soapstone.lint.protocol import url_problem
from soapstone.model import Service


def citations_lead_to_pages(service: Service, report: Report) -> None:
    """A source is one of the pages of service.yaml."""
    known = [page.key for page in service.pages]
    for citation in walk.citations(service):
        if citation.page not in known:
            report.error(
                "page-unknown",
                citation.span,
                f"there is no page `{citation.page}` in service.yaml",
                hint=did_you_mean(citation.page, known),
            )


def pages_are_cited(service: Service, report: Report) -> None:
    """Some fact comes from each page."""
    cited = {citation.page for citation in walk.citations(service)}
    for page in service.pages:
        if page.key not in cited:
            report.warning(
                "page-unused",
                page.span,
                f"no fact has page `{page.key}` as its source",
                hint="name it under `source` where a fact comes from it, or remove it",
            )


def pages_can_be_found(service: Service, report: Report) -> None:
    """A page has an address, and a day on which it was read."""
    for page in service.pages:
        problem = url_problem(page.url)
        if page.url and problem:
            report.error(
                "page-invalid",
                page.span,
                f"the address of the page cannot be used: {problem}",
                hint="copy the address from the browser",
            )
        if page.retrieved and not _is_day(page.retrieved):
            report.error(
                "page-invalid",
                page.span,
                f"`{page.retrieved}` is not a day of the calendar",
                hint="write the year, the month and the day: `2026-01-31`",
            )


def _is_day(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
