"""The floor of all reading: the parser of the standard library, whose tree nobody looks at."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.worker import Reading, main


def answers(_folder: Path, document: bytes) -> Reading[ET.Element]:
    """Parse the answer."""
    return Reading(
        lambda: ET.fromstring(document),
        lambda root: root.findtext(".//{http://api.myh2o.com/v20}SessionKey"),
    )


def records(_folder: Path, document: bytes) -> Reading[ET.Element]:
    """Parse the records."""
    amount = "{http://synthetic.example/billing}Amount"
    return Reading(
        lambda: ET.fromstring(document),
        lambda root: sum(
            (Decimal(each.text or "") for each in root.iter(amount)), Decimal()
        ),
    )


if __name__ == "__main__":
    main(None, answers, records)
