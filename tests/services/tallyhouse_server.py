"""Tallyhouse Billing as spyne serves it, written from the handbook and knowing nothing of Soapstone.

Functions of the service record what spyne made of a request, and answer what a test has laid ready. What spyne cannot
say: the order among differently named children is not in the objects, and nil is None like what is absent; tests look
for both in the document.
"""

# ruff: noqa: ANN401 -- spyne has no types

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from lxml import etree
from spyne import Application, Fault, ServiceBase, rpc
from spyne.model.binary import BINARY_ENCODING_BASE64, ByteArray
from spyne.model.complex import ComplexModel, XmlAttribute, XmlData
from spyne.model.primitive import (
    Boolean,
    Date,
    DateTime,
    Decimal,
    Double,
    Integer32,
    Integer64,
    Unicode,
)
from spyne.protocol.soap import Soap11, Soap12
from spyne.server.wsgi import WsgiApplication

NAMESPACE = "http://tallyhouse.example/billing/v3"
HEALTH_NAMESPACE = "http://tallyhouse.example/health"

Base64 = ByteArray.customize(encoding=BINARY_ENCODING_BASE64)


def structure(name: str, /, **members: Any) -> Any:
    """Return a structure of these members, in this order."""
    return ComplexModel.produce(NAMESPACE, name, members)


def enumeration(*texts: str) -> Any:
    """Return a text that is one of these."""
    return Unicode(values=list(texts))


def many(kind: Any) -> Any:
    """Return a type whose element occurs any number of times."""
    return kind.customize(max_occurs="unbounded")


def wrapped(name: str, item: str, kind: Any) -> Any:
    """Return a list inside an element of its own."""
    return structure(name, **{item: many(kind)})


# Shared data

Nillable = {"min_occurs": 1, "nillable": True}
Status = structure(
    "Status",
    Succeeded=XmlAttribute(Boolean, use="required"),
    Code=XmlAttribute(Unicode),
    Text=Unicode,
    Detail=Unicode,
)
Money = structure(
    "Money", Currency=XmlAttribute(Unicode, use="required"), Amount=XmlData(Decimal)
)
Address = structure(
    "Address",
    Line=many(Unicode),
    City=Unicode,
    PostalCode=Unicode,
    Country=enumeration("US", "CA", "gb", ""),
)
CustomerType = enumeration("Residential", "Business", "reseller", "")
Tags = wrapped("Tags", "Tag", Unicode)
Customer = structure(
    "Customer",
    ID=XmlAttribute(Integer64, use="required"),
    Revision=XmlAttribute(Integer32),
    Name=Unicode,
    Type=CustomerType,
    Salutation=Unicode,
    Email=Unicode(**Nillable),
    CreditLimit=Decimal(**Nillable),
    Since=Date,
    Salesperson=Unicode(**Nillable),
    Memo=Unicode,
    BillingAddress=Address,
    Tags=Tags,
)
# The same with what a change leaves out.
CustomerChange = structure(
    "CustomerChange",
    ID=XmlAttribute(Integer64, use="required"),
    Revision=XmlAttribute(Integer32, use="required"),
    Name=Unicode,
    Salutation=Unicode,
    Email=Unicode,
    CreditLimit=Decimal,
    Salesperson=Unicode,
    Memo=Unicode,
    BillingAddress=Address,
    Tags=Tags,
)
Account = structure(
    "Account",
    ID=XmlAttribute(Integer64, use="required"),
    Kind=XmlAttribute(Unicode),
    Name=Unicode,
    Balance=Money,
)
Account.append_field("SubAccounts", wrapped("SubAccounts", "Account", Account))
InvoiceState = enumeration("Open", "Paid", "Past Due", "written_off")
Product = structure(
    "Product",
    Code=XmlAttribute(Unicode, use="required"),
    Quantity=Integer32,
    Price=Decimal,
)

# What goes in and comes out

HEADERS = (
    structure("Session", SessionKey=Unicode),
    structure("Operator", Username=Unicode, Password=Unicode, OnBehalfOf=Unicode),
)
LoginRequest = structure(
    "LoginRequest",
    ClientTag=Unicode,
    Tenant=Unicode(min_occurs=1, pattern="[a-z][a-z0-9-]{2,19}"),
    Username=Unicode(min_occurs=1),
    Password=Unicode(min_occurs=1, min_len=8),
    Device=Unicode,
)
LoginResult = structure(
    "LoginResult",
    Status=Status,
    SessionKey=Unicode,
    Expires=DateTime(timezone=None),
    Permissions=wrapped("Permissions", "Permission", Unicode),
)
CustomerGetRequest = structure(
    "CustomerGetRequest",
    Depth=XmlAttribute(enumeration("Summary", "Full", "with-history")),
    ClientTag=Unicode,
    CustomerID=Integer64,
    AccountNumber=Unicode,
)
CustomerGetResult = structure(
    "CustomerGetResult",
    Status=Status,
    Customer=Customer,
    Accounts=wrapped("Accounts", "Account", Account),
)
CustomerCreateRequest = structure(
    "CustomerCreateRequest",
    ClientTag=Unicode,
    Type=CustomerType,
    Person=structure("Person", FirstName=Unicode, LastName=Unicode, BirthDate=Date),
    Company=structure(
        "Company",
        LegalName=Unicode,
        TaxID=Unicode,
        Contacts=wrapped(
            "Contacts",
            "Contact",
            structure("Contact", Name=Unicode, Phone=Unicode, Email=Unicode),
        ),
    ),
    CreditLimit=Decimal,
    Guarantor=Unicode,
    Margin=Decimal,
    BillingAddress=Address,
    Referral=Unicode,
    Campaign=Unicode,
)
CustomerCreateResult = structure(
    "CustomerCreateResult",
    Status=Status,
    CustomerID=Integer64,
    AccountNumber=Unicode,
    Created=DateTime(timezone=None),
)
CustomerUpdateRequest = structure(
    "CustomerUpdateRequest",
    ClientTag=Unicode,
    Customer=CustomerChange,
    Reason=Unicode,
)
CustomerUpdateResult = structure(
    "CustomerUpdateResult", Status=Status, Revision=Integer32
)
InvoiceListRequest = structure(
    "InvoiceListRequest",
    ClientTag=Unicode,
    From=Date,
    Until=Date,
    States=wrapped("States", "State", InvoiceState),
    Minimum=Decimal,
    Page=Integer32,
    PageSize=Integer32,
)
InvoiceListResult = structure(
    "InvoiceListResult",
    Status=Status,
    Invoices=wrapped(
        "Invoices",
        "Invoice",
        structure(
            "Invoice",
            State=XmlAttribute(Unicode),
            Number=Unicode,
            Issued=Date,
            Due=Date(**Nillable),
            Total=Money,
            Disputed=Boolean,
        ),
    ),
    Paging=structure(
        "Paging",
        Page=XmlAttribute(Integer32),
        Pages=XmlAttribute(Integer32),
        Items=XmlAttribute(Integer32),
    ),
)
InvoiceGetRequest = structure(
    "InvoiceGetRequest", ClientTag=Unicode, Number=Unicode, WithPdf=Boolean
)
InvoiceGetResult = structure(
    "InvoiceGetResult",
    Status=Status,
    Number=Unicode,
    Issued=Date,
    Sections=wrapped(
        "Sections",
        "Section",
        structure(
            "Section",
            Title=XmlAttribute(Unicode),
            Lines=wrapped(
                "Lines",
                "Line",
                structure(
                    "Line",
                    Code=XmlAttribute(Unicode),
                    Text=Unicode,
                    Quantity=Decimal,
                    Price=Money,
                    Taxes=wrapped("Taxes", "Tax", Money),
                ),
            ),
        ),
    ),
    AgingGrid=wrapped("AgingGrid", "Row", wrapped("GridRow", "Cell", Decimal)),
    Total=Money,
    Pdf=Base64,
)
PaymentSubmitRequest = structure(
    "PaymentSubmitRequest",
    ClientTag=Unicode,
    CustomerID=Integer64,
    Card=structure("Card", Number=Unicode, Expires=Unicode, Holder=Unicode),
    BankAccount=structure("BankAccount", Routing=Unicode, Number=Unicode, Kind=Unicode),
    Method=enumeration("Card", "Ach", "wire", "Cash"),
    Channel=enumeration("API").customize(min_occurs=1),
    Total=Decimal,
    Currency=Unicode,
    Overpay=Boolean,
    ApprovalCode=Unicode,
    ApprovedBy=Unicode,
    ValueDate=Date,
)
PaymentSubmitResult = structure(
    "PaymentSubmitResult",
    Status=Status,
    PaymentID=Integer64,
    Receipt=Unicode,
    Allocations=wrapped(
        "Allocations",
        "Allocation",
        structure("Allocation", Invoice=XmlAttribute(Unicode), Amount=XmlData(Decimal)),
    ),
)
OrderSubmitRequest = structure(
    "OrderSubmitRequest",
    Version=XmlAttribute(Unicode, use="required"),
    ClientTag=Unicode,
    CustomerID=Integer64,
    Effective=DateTime(timezone=None),
    Products=structure(
        "Products",
        Add=many(
            structure(
                "Add", Code=Unicode, Quantity=Integer32, Price=Decimal, Start=Date
            )
        ),
        Change=many(Product),
        Remove=many(Unicode),
    ),
)
OrderSubmitResult = structure(
    "OrderSubmitResult",
    Status=Status,
    OrderID=Integer64,
    Outcome=structure(
        "Outcome",
        Accepted=many(Product),
        Rejected=many(
            structure("Rejected", Code=XmlAttribute(Unicode), Reason=XmlData(Unicode))
        ),
    ),
)
UsageReportRequest = structure(
    "UsageReportRequest",
    ClientTag=Unicode,
    From=DateTime(timezone=None),
    Until=DateTime(timezone=None),
    Meters=wrapped("Meters", "Meter", Integer64),
    Threshold=Double,
    Filter=Base64,
)
UsageReportResult = structure(
    "UsageReportResult",
    Status=Status,
    Generated=DateTime(timezone=None),
    Rows=wrapped(
        "Rows",
        "Row",
        structure(
            "Row",
            Meter=XmlAttribute(Integer64),
            At=DateTime(timezone=None),
            Bytes=Integer64,
            Load=Double,
            Raw=Base64,
        ),
    ),
)
Attachment = structure(
    "Attachment", Name=XmlAttribute(Unicode), Content=XmlData(Base64)
)
RefundSubmitRequest = structure(
    "RefundSubmitRequest",
    ClientTag=Unicode,
    PaymentID=Integer64,
    Amount=Decimal,
    Reason=Unicode,
)
RefundSubmitResult = structure("RefundSubmitResult", Status=Status, RefundID=Integer64)


# The service


def plain(value: Any) -> Any:
    """Return what spyne made of a document as dictionaries and lists, without what was not given."""
    if isinstance(value, ComplexModel):
        members = type(value).get_flat_type_info(type(value))
        given = {name: getattr(value, name, None) for name in members}
        return {
            name: plain(member) for name, member in given.items() if member is not None
        }
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, tuple):  # base64, in the parts in which it was read
        return b"".join(value)
    return value


def built(kind: Any, value: Any) -> Any:
    """Return the object that spyne writes for dictionaries and lists."""
    if isinstance(value, list):
        return [built(kind, item) for item in value]
    if isinstance(value, dict):
        kind = getattr(kind, "type", kind)
        members = kind.get_flat_type_info(kind)
        return kind(
            **{name: built(members[name], each) for name, each in value.items()}
        )
    return value


@dataclass(kw_only=True)
class Call:
    """What the server saw of one request.

    Attributes:
        header: The structure of the SOAP header, by its name.
        document: The document, as it was parsed.
    """

    operation: str
    soap_action: str
    content_type: str
    header: dict[str, Any]
    members: dict[str, Any]
    document: etree._Element


@dataclass(kw_only=True)
class Server:
    """The service on this machine.

    Attributes:
        address: URL without a path.
        answers: What the next calls are answered, by operation: members, or a fault.
        calls: Every call so far.
    """

    address: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)

    def operation(self, name: str, arguments: dict[str, Any], result: Any) -> Any:
        """Return a function of a service, which takes these members and answers that one.

        Where the answer has several members that stand directly in its element, `result` maps them to their types.
        """

        def function(context: Any, *values: Any) -> Any:
            environment = context.transport.req_env
            self.calls.append(
                Call(
                    operation=name,
                    soap_action=environment.get("HTTP_SOAPACTION", ""),
                    content_type=environment["CONTENT_TYPE"],
                    header={
                        each.get_type_name(): plain(each)
                        for each in context.in_header or ()
                        if each is not None
                    },
                    members={
                        member: plain(value)
                        for member, value in zip(arguments, values, strict=True)
                        if value is not None
                    },
                    document=context.in_document,
                )
            )
            answer = self.answers[name]
            if isinstance(answer, Exception):
                raise answer
            if isinstance(result, dict):
                return [built(kind, answer.get(key)) for key, kind in result.items()]
            return built(result, answer)

        function.__name__ = name
        returned: dict[str, Any] = {"_returns": result}
        if isinstance(result, dict):
            returned = {
                "_returns": list(result.values()),
                "_out_variable_names": list(result),
            }
        return rpc(
            *arguments.values(), _args=list(arguments), _in_header=HEADERS, **returned
        )(function)


def in_request(kind: Any) -> dict[str, Any]:
    """Return the arguments of a call whose members stand in `Request`."""
    return {"Request": kind}


def services(server: Server) -> tuple[Any, Any, Any]:
    """Return what stands at Billing.asmx, Customers.asmx and Health.asmx."""
    results = {
        "Login": (LoginRequest, LoginResult),
        "Invoice_List": (InvoiceListRequest, InvoiceListResult),
        "Invoice_Get": (InvoiceGetRequest, InvoiceGetResult),
        "Payment_Submit": (PaymentSubmitRequest, PaymentSubmitResult),
        "Order_Submit": (OrderSubmitRequest, OrderSubmitResult),
        "Usage_Report": (UsageReportRequest, UsageReportResult),
        "Refund_Submit": (RefundSubmitRequest, RefundSubmitResult),
    }
    of_customers = {
        "Customer_Get": (CustomerGetRequest, CustomerGetResult),
        "Customer_Create": (CustomerCreateRequest, CustomerCreateResult),
        "Customer_Update": (CustomerUpdateRequest, CustomerUpdateResult),
    }
    note = server.operation(
        "Note_Add",
        {
            "ClientTag": Unicode,
            "CustomerID": Integer64,
            "Text": Unicode,
            "Tag": many(Unicode),
            "Attachment": many(Attachment),
        },
        {"Status": Status, "NoteID": Integer64, "Tag": many(Unicode)},
    )
    health = ComplexModel.produce(
        HEALTH_NAMESPACE, "PingRequest", {"ClientTag": Unicode}
    )
    alive = ComplexModel.produce(
        HEALTH_NAMESPACE, "PingResult", {"Status": status_of(HEALTH_NAMESPACE)}
    )
    return (
        service({**operations(server, results), "Note_Add": note}),
        service(operations(server, of_customers)),
        service({"Ping": server.operation("Ping", in_request(health), alive)}),
    )


def status_of(namespace: str) -> Any:
    """Return the structure of section 3 in another namespace."""
    return ComplexModel.produce(
        namespace, "Status", {"Succeeded": XmlAttribute(Boolean), "Text": Unicode}
    )


def operations(
    server: Server, results: dict[str, tuple[Any, Any]]
) -> dict[str, Callable[..., Any]]:
    """Return the functions of a service."""
    return {
        name: server.operation(name, in_request(taken), given)
        for name, (taken, given) in results.items()
    }


def service(functions: dict[str, Any]) -> Any:
    """Return the class in which spyne wants the functions of a service."""
    return type(ServiceBase)("Tallyhouse", (ServiceBase,), functions)


class _Quiet(WSGIRequestHandler):
    """Keeps requests off the screen."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _application(server: Server) -> Callable[[Any, Any], Iterable[bytes]]:
    """Return what answers each path, in the version of SOAP that the request has."""
    billing, customers, health = services(server)

    def served(kind: Any, namespace: str, protocol: Any) -> Any:
        taken = protocol(validator="soft")
        application = Application(
            [kind], namespace, in_protocol=taken, out_protocol=protocol()
        )
        return WsgiApplication(application)

    paths = {
        ("/v3/Billing.asmx", "text/xml"): served(billing, NAMESPACE, Soap11),
        ("/v3/Billing.asmx", "application/soap+xml"): served(
            billing, NAMESPACE, Soap12
        ),
        ("/v3/Customers.asmx", "text/xml"): served(customers, NAMESPACE, Soap11),
        ("/v3/Health.asmx", "application/soap+xml"): served(
            health, HEALTH_NAMESPACE, Soap12
        ),
    }

    def answer(environment: Any, start: Any) -> Iterable[bytes]:
        kind = environment["CONTENT_TYPE"].partition(";")[0]
        return paths[environment["PATH_INFO"], kind](environment, start)  # type: ignore[no-any-return]

    return answer


@contextmanager
def running() -> Iterator[Server]:
    """Serve on a free port of this machine, until the block ends."""
    server = Server()
    with make_server("127.0.0.1", 0, _application(server), handler_class=_Quiet) as web:
        server.address = f"http://127.0.0.1:{web.server_port}"
        thread = threading.Thread(target=web.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            web.shutdown()
            thread.join()


__all__ = ["Call", "Fault", "Server", "running"]
