"""The documents of the SMS page, copied from it, and what every test needs to look at XML.

The copies are kept apart from the specs on purpose: whoever changes an example there finds out
here that the page says something else. lxml reads what the package wrote, and writes what it reads.
"""

from __future__ import annotations

from types import ModuleType

from hypothesis import settings
from lxml import etree

from revio import sms_opt_out_create, sms_opt_out_delete, sms_send

SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
BARE = "http://api.myh2o.com/"
V20 = "http://api.myh2o.com/v20"

SEND_REQUEST = b"""\
<SMS_Send xmlns="http://api.myh2o.com/">
<Request>
<Session>
<SessionKey>xyzabc123</SessionKey>
</Session>
<ToNumber>8504700000</ToNumber>
<Message>Test Message from Rev.io</Message>
</Request>
</SMS_Send>
"""

SEND_SUCCESS = b"""\
<SMS_SendResult>
<Header>
<Success>true</Success>
<SessionKey>xyzabc123</SessionKey>
</Header>
<ID>3939323</ID>
<Profile>
<SmsProfileID>1000</SmsProfileID>
<FromNumber>67312</FromNumber>
</Profile>
</SMS_SendResult>
"""

CREATE_REQUEST = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
<soap:Body>
<SMSOptOut_Create xmlns="http://api.myh2o.com/v20">
<Request>
<Credentials>
<Username>[Rev.io user]</Username>
<Password>[Rev.io password]</Password>
<Client>[Rev.io Client Code]</Client>
</Credentials>
<TNs>
<TN>6788651234</TN>
</TNs>
</Request>
</SMSOptOut_Create>
</soap:Body>
</soap:Envelope>
"""

CREATE_SUCCESS = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>true</Success>
<SessionKey>ASGJDHAGS%&^%&@!</SessionKey>
<Impersonated>false</Impersonated>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""

CREATE_ONE_INVALID = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>false</Success>
<Message>'' is an invalid TN.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""

CREATE_SEVERAL_INVALID = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>false</Success>
<Message>', ' are invalid TNs.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""

CREATE_ONE_OPTED_OUT = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>false</Success>
<Message>'1234567890' is already in the opt-out list.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""

CREATE_SEVERAL_OPTED_OUT = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_CreateResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_CreateResult>
<Header>
<Success>false</Success>
<Message>'1234567890, 1234567891' are already in the opt-out list.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_CreateResult>
</SMSOptOut_CreateResponse>
</soap:Body>
</soap:Envelope>
"""

DELETE_REQUEST = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
<soap:Body>
<SMSOptOut_Delete xmlns="http://api.myh2o.com/v20">
<Request>
<Credentials>
<Username>[Rev.io user]</Username>
<Password>[Rev.io password]</Password>
<Client>[Rev.io Client Code]</Client>
</Credentials>
<TNs>
<TN>1234567890</TN>
</TNs>
</Request>
</SMSOptOut_Delete>
</soap:Body>
</soap:Envelope>
"""

DELETE_SUCCESS = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_DeleteResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_DeleteResult>
<Header>
<Success>true</Success>
<SessionKey>asdjlas^*&^*&@KJHASD</SessionKey>
<Impersonated>false</Impersonated>
</Header>
</SMSOptOut_DeleteResult>
</SMSOptOut_DeleteResponse>
</soap:Body>
</soap:Envelope>
"""

DELETE_ONE_INVALID = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_DeleteResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_DeleteResult>
<Header>
<Success>false</Success>
<Message>'' is an invalid TN.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_DeleteResult>
</SMSOptOut_DeleteResponse>
</soap:Body>
</soap:Envelope>
"""

DELETE_SEVERAL_INVALID = b"""\
<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<soap:Body>
<SMSOptOut_DeleteResponse xmlns="http://api.myh2o.com/v20">
<SMSOptOut_DeleteResult>
<Header>
<Success>false</Success>
<Message>', ' are invalid TNs.</Message>
<Impersonated xsi:nil="true" />
<Error_Code>S2010</Error_Code>
<Error_Description>Invalid input received.</Error_Description>
</Header>
</SMSOptOut_DeleteResult>
</SMSOptOut_DeleteResponse>
</soap:Body>
</soap:Envelope>
"""


# Each documented answer with the module that reads it.
ANSWERS = {
    "send success": (sms_send, SEND_SUCCESS),
    "create success": (sms_opt_out_create, CREATE_SUCCESS),
    "create one invalid": (sms_opt_out_create, CREATE_ONE_INVALID),
    "create several invalid": (sms_opt_out_create, CREATE_SEVERAL_INVALID),
    "create one opted out": (sms_opt_out_create, CREATE_ONE_OPTED_OUT),
    "create several opted out": (sms_opt_out_create, CREATE_SEVERAL_OPTED_OUT),
    "delete success": (sms_opt_out_delete, DELETE_SUCCESS),
    "delete one invalid": (sms_opt_out_delete, DELETE_ONE_INVALID),
    "delete several invalid": (sms_opt_out_delete, DELETE_SEVERAL_INVALID),
}

OPERATIONS: dict[str, ModuleType] = {
    "SMS_Send": sms_send,
    "SMSOptOut_Create": sms_opt_out_create,
    "SMSOptOut_Delete": sms_opt_out_delete,
}


def thorough(examples: int) -> settings:
    """The same examples in every run, without a clock: a failure is a failure everywhere."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None
    )


def tree(document: bytes) -> etree._Element:
    """The root of a document, read by lxml, which must not be asked to look anything up."""
    return etree.fromstring(
        document, etree.XMLParser(resolve_entities=False, no_network=True)
    )


def canonical(document: bytes) -> bytes:
    """Exclusive canonical XML without the line ends that the page puts between elements."""
    root = etree.fromstring(document, etree.XMLParser(remove_blank_text=True))
    text: bytes = etree.tostring(root, method="c14n", exclusive=True)
    return text


def sent(document: bytes, name: str) -> list[str]:
    """The texts of all elements of a local name in a request, in document order."""
    found = tree(document).iterfind(f".//{{*}}{name}")
    return ["".join(element.xpath("text()")) for element in found]


def send_answer(
    header: str = "<Success>true</Success>",
    rest: str = "<ID>7</ID>",
    *,
    attributes: str = "",
) -> bytes:
    """An answer to SMS_Send, bare as the page shows it."""
    return (
        f"<SMS_SendResult{attributes}><Header>{header}</Header>{rest}</SMS_SendResult>"
    ).encode()


def create_answer(header: str = "<Success>true</Success>", rest: str = "") -> bytes:
    """An answer to SMSOptOut_Create, in the envelope and namespace of the page."""
    return envelope(
        f'<SMSOptOut_CreateResponse xmlns="{V20}"><SMSOptOut_CreateResult>'
        f"<Header>{header}</Header>{rest}"
        "</SMSOptOut_CreateResult></SMSOptOut_CreateResponse>"
    )


def envelope(payload: str, namespace: str = SOAP11, *, more: str = "") -> bytes:
    """A SOAP envelope around a payload."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{namespace}" '
        f'xmlns:xsi="{SCHEMA_INSTANCE}">{more}<soap:Body>{payload}</soap:Body></soap:Envelope>'
    ).encode()


def fault(inside: str, namespace: str = SOAP11) -> bytes:
    """A fault, whose members are given, in an envelope."""
    return envelope(f"<soap:Fault>{inside}</soap:Fault>", namespace)
