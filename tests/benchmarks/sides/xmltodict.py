"""xmltodict, whose values are all text."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import xmltodict

from benchmarks.worker import SESSION_KEY, Reading, main


def requests(_folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Write nested dictionaries."""

    def build() -> bytes:
        request = {"Session": {"SessionKey": SESSION_KEY}, "TNs": {"TN": tns}}
        payload = {"@xmlns": "http://api.myh2o.com/v20", "Request": request}
        envelope = {
            "@xmlns:soap": "http://schemas.xmlsoap.org/soap/envelope/",
            "soap:Body": {"SMSOptOut_Create": payload},
        }
        written: str = xmltodict.unparse({"soap:Envelope": envelope})
        return written.encode()

    return build


def answers(_folder: Path, document: bytes) -> Reading[object]:
    """Read nested dictionaries."""
    result = ("SMSOptOut_CreateResponse", "SMSOptOut_CreateResult")
    path = ("soap:Envelope", "soap:Body", *result, "Header", "SessionKey")
    return Reading(
        lambda: xmltodict.parse(document), lambda found: _inside(found, path)
    )


def records(_folder: Path, document: bytes) -> Reading[object]:
    """Read nested dictionaries."""
    result = ("Record_ListResponse", "Record_ListResult")
    path = ("soap:Envelope", "soap:Body", *result, "Records", "Record")

    def seen(found: object) -> Decimal:
        listed = _inside(found, path)
        if not isinstance(listed, list):
            raise TypeError("no list")
        return sum((Decimal(each["Amount"]) for each in listed), Decimal())

    return Reading(lambda: xmltodict.parse(document), seen)


def _inside(found: object, path: tuple[str, ...]) -> object:
    for name in path:
        found = found[name] if isinstance(found, dict) else None
    return found


if __name__ == "__main__":
    main(requests, answers, records)
