"""zeep, which reads a WSDL at run time."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Protocol

import lxml.etree
import zeep

from benchmarks.worker import SESSION_KEY, Reading, main


class _Record(Protocol):
    Amount: Decimal


class _Records(Protocol):
    Record: list[_Record]


class _Answer(Protocol):
    SessionKey: str
    Records: _Records


def requests(folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Create the message, and write it."""
    client = zeep.Client(str(folder / "sms.wsdl"))

    def build() -> bytes:
        message = client.create_message(
            client.service,
            "SMSOptOut_Create",
            Request={"Session": {"SessionKey": SESSION_KEY}, "TNs": {"TN": tns}},
        )
        written = lxml.etree.tostring(message)
        if not isinstance(written, bytes):
            raise TypeError("no bytes")
        return written

    return build


def answers(folder: Path, document: bytes) -> Reading[_Answer]:
    """Let the binding process the answer."""
    read = _reader(folder / "sms.wsdl", "SMSOptOut_Create", document)
    return Reading(read, lambda answer: answer.SessionKey)


def records(folder: Path, document: bytes) -> Reading[_Answer]:
    """Let the binding process the records."""
    read = _reader(folder / "described" / "service.wsdl", "Record_List", document)
    return Reading(
        read,
        lambda answer: sum((each.Amount for each in answer.Records.Record), Decimal()),
    )


def _reader(wsdl: Path, operation: str, document: bytes) -> Callable[[], _Answer]:
    client = zeep.Client(str(wsdl), settings=zeep.Settings(xml_huge_tree=True))
    # There is no public way that goes without a socket.
    binding = getattr(client.service, "_binding")  # noqa: B009 -- the same
    described = binding.get(operation)
    response = SimpleNamespace(
        status_code=200, headers={}, content=document, encoding="utf-8"
    )

    def read() -> _Answer:
        answer: _Answer = binding.process_reply(client, described, response)
        return answer

    return read


if __name__ == "__main__":
    main(requests, answers, records)
