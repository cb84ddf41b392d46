"""The least that a person would write: an f-string without escaping, and ElementTree line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.worker import SESSION_KEY, Reading, main

_SMS = "{http://api.myh2o.com/v20}"
_SYNTHETIC = "{http://synthetic.example/billing}"
_BODY = "{http://schemas.xmlsoap.org/soap/envelope/}Body"


@dataclass(frozen=True, slots=True)
class Header:
    """What opens every answer."""

    success: bool
    message: str | None
    session_key: str | None
    impersonated: bool


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    record_id: int
    account_number: str
    contact_name: str
    is_active: bool
    amount: Decimal
    quantity: int
    due_on: date
    created_at: datetime


def requests(_folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Put the texts together, whatever they hold."""

    def build() -> bytes:
        items = "".join([f"<TN>{tn}</TN>" for tn in tns])
        return (
            '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap='
            '"http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><SMSOptOut_Create xmlns='
            f'"http://api.myh2o.com/v20"><Request><Session><SessionKey>{SESSION_KEY}'
            f"</SessionKey></Session><TNs>{items}</TNs></Request></SMSOptOut_Create>"
            "</soap:Body></soap:Envelope>"
        ).encode()

    return build


def answers(_folder: Path, document: bytes) -> Reading[Header]:
    """Find each member by its path."""
    path = f"{_BODY}/{_SMS}SMSOptOut_CreateResponse/{_SMS}SMSOptOut_CreateResult"

    def read() -> Header:
        header = ET.fromstring(document).find(f"{path}/{_SMS}Header")
        if header is None:
            raise ValueError("no header")
        return Header(
            success=header.findtext(f"{_SMS}Success") == "true",
            message=header.findtext(f"{_SMS}Message"),
            session_key=header.findtext(f"{_SMS}SessionKey"),
            impersonated=header.findtext(f"{_SMS}Impersonated") == "true",
        )

    return Reading(read, lambda header: header.session_key)


def records(_folder: Path, document: bytes) -> Reading[list[Record]]:
    """Convert the members of each record in their documented order."""

    def read() -> list[Record]:
        found = []
        for each in ET.fromstring(document).iter(f"{_SYNTHETIC}Record"):
            number, account, name, active, amount, quantity, due, created = each
            found.append(
                Record(
                    int(number.text or ""),
                    account.text or "",
                    name.text or "",
                    active.text == "true",
                    Decimal(amount.text or ""),
                    int(quantity.text or ""),
                    date.fromisoformat(due.text or ""),
                    datetime.fromisoformat(created.text or ""),
                )
            )
        return found

    return Reading(read, lambda found: sum((each.amount for each in found), Decimal()))


if __name__ == "__main__":
    main(requests, answers, records)
