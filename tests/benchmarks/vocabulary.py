"""The words of the synthetic service: what operations are about, and what their members are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """One value: what constrains it, and a text of it that keeps to that."""

    type: str
    sample: str
    length: tuple[int, int] | None = None
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    values: tuple[str, ...] = ()


NOUNS = (
    *("Account", "Agent", "Bundle", "Call", "Carrier", "Charge", "Contact", "Contract"),
    *("Credit", "Customer", "Deposit", "Device", "Discount", "Dispute", "Event"),
    *("Inventory", "Invoice", "Line", "Location", "Number", "Order", "Package"),
    *("Payment", "Plan", "Price", "Product", "Profile", "Project", "Quote", "Rate"),
    *("Receipt", "Refund", "Report", "Request", "Service", "Task", "Tax", "Ticket"),
    *("Usage", "Vendor"),
)
# The end of the wire name, and the start of the summary.
VERBS = (
    *(("Create", "Create"), ("Update", "Change"), ("Get", "Return"), ("Find", "Find")),
    *(("Delete", "Remove"), ("Close", "Close"), ("Assign", "Assign"), ("Move", "Move")),
    *(("Approve", "Approve of"), ("Cancel", "Cancel")),
)
PARTS = ("", "Note", "History", "Group", "Batch", "Template", "Schedule", "Address")


def _text(sample: str, length: tuple[int, int]) -> Scalar:
    return Scalar(type="string", sample=sample, length=length)


def _pattern(sample: str, pattern: str) -> Scalar:
    return Scalar(type="string", sample=sample, pattern=pattern)


def _number(kind: str, sample: str, minimum: int, maximum: int | None = None) -> Scalar:
    return Scalar(type=kind, sample=sample, minimum=minimum, maximum=maximum)


def _plain(kind: str, sample: str) -> Scalar:
    return Scalar(type=kind, sample=sample)


def _values(*values: str) -> Scalar:
    return Scalar(type="string", sample=values[0], values=values)


SCALARS = {
    "AccountNumber": (
        _pattern("AC-004711", "[A-Z]{2}-[0-9]{6}"),
        "Number on invoices.",
    ),
    "ActivatedOn": (_plain("date", "2026-03-01"), "First day on which it works."),
    "Amount": (_number("decimal", "129.90", 0), "How much is owed."),
    "AreaCode": (_pattern("404", "[0-9]{3}"), "Where the number belongs."),
    "Balance": (_plain("decimal", "-12.50"), "What is owed after the change."),
    "BillingCycle": (
        _values("Monthly", "Quarterly", "Yearly"),
        "How often it is billed.",
    ),
    "BranchID": (_number("int", "17", 1), "Branch that looks after the customer."),
    "CarrierCode": (_pattern("TL042", "[A-Z]{2}[0-9]{3}"), "Who carries the calls."),
    "Channel": (_values("Web", "Phone", "Agent", "Import"), "How the order came."),
    "ContactName": (_text("Ada Whitfield", (1, 60)), "Whom to ask."),
    "Country": (_values("US", "CA", "MX"), "Country in two letters."),
    "CreatedAt": (_plain("dateTime", "2026-03-01T09:30:00"), "When it was made."),
    "CreditLimit": (_number("decimal", "5000.00", 0), "What the customer may owe."),
    "Currency": (_values("USD", "CAD", "EUR"), "Of what the amounts are."),
    "CustomerID": (_number("long", "4711004711", 1), "Whose it is."),
    "Description": (
        _text("Two lines and a fax", (1, 200)),
        "What stands on the invoice.",
    ),
    "DueOn": (_plain("date", "2026-04-15"), "Last day to pay."),
    "Email": (_text("ada@whitfield.example", (3, 120)), "Where mail goes."),
    "ExpiresAt": (_plain("dateTime", "2027-03-01T00:00:00"), "When it ends."),
    "ExternalReference": (_text("X-2026/17", (1, 40)), "The caller's own number."),
    "InvoiceNumber": (
        _pattern("INV-00000017", "INV-[0-9]{8}"),
        "Number of the invoice.",
    ),
    "IsActive": (_plain("boolean", "true"), "Whether it is in use."),
    "IsTaxable": (_plain("boolean", "false"), "Whether taxes come on top."),
    "Language": (_values("en", "es", "fr"), "Language of invoices."),
    "MarketShare": (_plain("double", "0.125"), "Part of all that is sold."),
    "Memo": (_text("Call before noon", (1, 500)), "What else is to be known."),
    "ModifiedBy": (_text("jdoe", (1, 30)), "Who changed it last."),
    "ParentID": (_number("long", "4711000001", 1), "What it is part of."),
    "Percentage": (_number("decimal", "12.5", 0, 100), "How much of the whole."),
    "PhoneNumber": (_pattern("4045550123", "[0-9]{10}"), "Where to call."),
    "PostalCode": (_pattern("30303", "[0-9]{5}"), "Code of the city."),
    "Priority": (_number("int", "2", 1, 5), "How urgent it is; 1 is most."),
    "Quantity": (_number("int", "4", 1, 999), "How many there are."),
    "Reason": (_text("Moved away", (1, 80)), "Why it is done."),
    "Revision": (_number("int", "3", 0), "How often it was changed."),
    "SalespersonID": (_number("int", "88", 1), "Who sold it."),
    "Score": (_plain("double", "0.75"), "How good the match is."),
    "Status": (_values("Open", "Pending", "Closed"), "How far it is."),
    "TaxRate": (_number("decimal", "8.9", 0, 50), "How much comes on top."),
    "UnitPrice": (_number("decimal", "9.99", 0), "Price of one."),
}
# Items of lists of texts.
TEXTS = (
    ("Tag", _text("priority", (1, 20))),
    ("TN", _pattern("4045550123", "[0-9]{10}")),
    ("Code", _pattern("TEL-01", "[A-Z]{3}-[0-9]{2}")),
)
