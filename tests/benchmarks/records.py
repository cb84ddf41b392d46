"""An operation that answers many records of eight typed members."""

from __future__ import annotations

from benchmarks.model import Field, Listing, Operation, Service, Structure
from benchmarks.specs import response_document
from benchmarks.vocabulary import Scalar

COUNT = 10_000


def _field(name: str, kind: str, sample: str, doc: str) -> Field:
    scalar = Scalar(type=kind, sample=sample)
    return Field(name=name, type=scalar, doc=doc, is_required=True)


_RECORD = Structure(
    fields=(
        _field("RecordID", "long", "4711000001", "Number of the record."),
        _field("AccountNumber", "string", "AC-004711", "Number on invoices."),
        _field("ContactName", "string", "Ada Whitfield", "Whom to ask."),
        _field("IsActive", "boolean", "true", "Whether it is in use."),
        _field("Amount", "decimal", "129.90", "How much is owed."),
        _field("Quantity", "int", "4", "How many there are."),
        _field("DueOn", "date", "2026-04-15", "Last day to pay."),
        _field("CreatedAt", "dateTime", "2026-03-01T09:30:00", "When it was made."),
    )
)
_OPERATION = Operation(
    name="Record_List",
    summary="Return the records of a reseller.",
    request=Structure(fields=(_field("CustomerID", "long", "4711", "Whose."),)),
    response=Structure(
        fields=(
            Field(
                name="Records",
                type=Listing(item="Record", of=_RECORD, maximum=100_000),
                doc="All records, the oldest first.",
            ),
        )
    ),
)
SERVICE = Service(operations=(_OPERATION,))


def answer(count: int) -> bytes:
    """Return an answer with so many records, without white space between elements."""
    values: dict[str, object] = {
        "Header": {"Success": "true"},
        "Records": [_values(number) for number in range(count)],
    }
    lines = response_document(_OPERATION, values).split("\n")
    return "".join(line.strip() for line in lines).encode()


def _values(number: int) -> dict[str, object]:
    day = f"2026-{1 + number % 12:02}-{1 + number % 28:02}"
    return {
        "RecordID": str(4711000000 + number),
        "AccountNumber": f"AC-{number:06}",
        "ContactName": f"Whitfield & Sons {number}",
        "IsActive": "true" if number % 3 else "false",
        "Amount": f"{number}.{number % 100:02}",
        "Quantity": str(number % 999 + 1),
        "DueOn": day,
        "CreatedAt": f"{day}T09:30:00",
    }
