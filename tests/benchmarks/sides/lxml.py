"""lxml, line by line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import lxml.etree

from benchmarks.sides.straight import Header, Record
from benchmarks.worker import SESSION_KEY, Reading, main

_SMS = "{http://api.myh2o.com/v20}"
_SYNTHETIC = "{http://synthetic.example/billing}"
_SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def requests(_folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Make an element for each member, and write them."""

    def build() -> bytes:
        envelope = lxml.etree.Element(f"{_SOAP}Envelope", nsmap={"soap": _SOAP[1:-1]})
        body = lxml.etree.SubElement(envelope, f"{_SOAP}Body")
        payload = lxml.etree.SubElement(
            body, f"{_SMS}SMSOptOut_Create", nsmap={None: _SMS[1:-1]}
        )
        request = lxml.etree.SubElement(payload, f"{_SMS}Request")
        session = lxml.etree.SubElement(request, f"{_SMS}Session")
        lxml.etree.SubElement(session, f"{_SMS}SessionKey").text = SESSION_KEY
        items = lxml.etree.SubElement(request, f"{_SMS}TNs")
        for tn in tns:
            lxml.etree.SubElement(items, f"{_SMS}TN").text = tn
        written: bytes = lxml.etree.tostring(
            envelope, xml_declaration=True, encoding="utf-8"
        )
        return written

    return build


def answers(_folder: Path, document: bytes) -> Reading[Header]:
    """Find each member by its path."""
    path = f"{_SOAP}Body/{_SMS}SMSOptOut_CreateResponse/{_SMS}SMSOptOut_CreateResult"

    def read() -> Header:
        header = lxml.etree.fromstring(document).find(f"{path}/{_SMS}Header")
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
        for each in lxml.etree.fromstring(document).iter(f"{_SYNTHETIC}Record"):
            number, account, name, active, amount, quantity, due, created = each
            found.append(
                Record(
                    int(number.text),
                    account.text,
                    name.text,
                    active.text == "true",
                    Decimal(amount.text),
                    int(quantity.text),
                    date.fromisoformat(due.text),
                    datetime.fromisoformat(created.text),
                )
            )
        return found

    return Reading(read, lambda found: sum((each.amount for each in found), Decimal()))


if __name__ == "__main__":
    main(requests, answers, records)
