"""The packages that Soapstone generates."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Protocol

from benchmarks.worker import SESSION_KEY, Reading, main
from revio import Session
from revio.sms_opt_out_create import (
    SmsOptOutCreateRequest,
    SmsOptOutCreateResponse,
    build_request,
    parse_response,
)


class _Record(Protocol):
    @property
    def amount(self) -> Decimal: ...


class _Records(Protocol):
    @property
    def records(self) -> tuple[_Record, ...]: ...


def requests(_folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Construct, validate and build, as a caller does."""
    session = Session(SESSION_KEY)
    return lambda: build_request(SmsOptOutCreateRequest(tns=tns), session)


def answers(_folder: Path, document: bytes) -> Reading[SmsOptOutCreateResponse]:
    """Read the typed answer."""
    return Reading(
        lambda: parse_response(document), lambda answer: answer.header.session_key
    )


def records(folder: Path, document: bytes) -> Reading[_Records]:
    """Read the typed records with the package that was generated for them."""
    sys.path.insert(0, str(folder / "out"))
    parse: Callable[[bytes], _Records] = import_module(
        "synthetic.record_list"
    ).parse_response
    return Reading(
        lambda: parse(document),
        lambda answer: sum((each.amount for each in answer.records), Decimal()),
    )


if __name__ == "__main__":
    main(requests, answers, records)
