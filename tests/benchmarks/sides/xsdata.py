"""xsdata, with the classes that it generated from the WSDL beforehand."""

from __future__ import annotations

import sys
from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType

from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.serializers import XmlSerializer

from benchmarks.worker import SESSION_KEY, Reading, main


def requests(folder: Path, tns: list[str]) -> Callable[[], bytes]:
    """Construct the generated classes, and write them."""
    made = _made(folder, "sms_made")
    serializer = XmlSerializer(context=XmlContext())
    prefixes = {None: "http://api.myh2o.com/v20"}

    def build() -> bytes:
        envelope = made.SmsSoapSmsoptOutCreateInput(
            body=made.SmsSoapSmsoptOutCreateInput.Body(
                smsopt_out_create=made.SmsoptOutCreate(
                    request=made.OptOutRequest(
                        session=made.Session(session_key=SESSION_KEY),
                        tns=made.Tns(tn=tns),
                    )
                )
            )
        )
        written: str = serializer.render(envelope, ns_map=prefixes)
        return written.encode()

    return build


def answers(folder: Path, document: bytes) -> Reading[object]:
    """Read into the generated classes."""
    kind = _made(folder, "sms_made").SmsSoapSmsoptOutCreateOutput
    path = ("body", "smsopt_out_create_response", "smsopt_out_create_result")
    return _reading(
        kind, document, lambda root: _inside(root, *path, "header", "session_key")
    )


def records(folder: Path, document: bytes) -> Reading[object]:
    """Read into the generated classes."""
    kind = _made(folder, "records_made").SyntheticSoapRecordListOutput
    path = ("body", "record_list_response", "record_list_result", "records", "record")

    def seen(root: object) -> Decimal:
        listed = _inside(root, *path)
        if not isinstance(listed, list):
            raise TypeError("no list")
        return sum((each.amount for each in listed), Decimal())

    return _reading(kind, document, seen)


def _made(folder: Path, name: str) -> ModuleType:
    sys.path.insert(0, str(folder))
    return import_module(name)


def _reading(
    kind: type[object], document: bytes, seen: Callable[[object], object]
) -> Reading[object]:
    parser = XmlParser(context=XmlContext())
    return Reading(lambda: parser.from_bytes(document, kind), seen)


def _inside(root: object, *path: str) -> object:
    for name in path:
        root = getattr(root, name)
    return root


if __name__ == "__main__":
    main(requests, answers, records)
