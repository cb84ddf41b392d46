"""Faults, and failures that an ordinary answer reports: which error, and what it carries."""

from __future__ import annotations

from types import ModuleType

import pytest
import revio_documents as page
from hypothesis import given
from hypothesis import strategies as st

from revio import (
    AccessRefused,
    AlreadyOptedOut,
    ApiError,
    InvalidInput,
    InvalidTn,
    MalformedResponse,
    RevioError,
    SoapFault,
    TransportError,
    ValidationError,
    sms_opt_out_create,
    sms_send,
)

EACH_OPERATION = pytest.mark.parametrize(
    "operation", page.OPERATIONS.values(), ids=list(page.OPERATIONS)
)


def raised(operation: ModuleType, document: bytes | str) -> SoapFault:
    """The fault that a document is, which is raised without the check too."""
    with pytest.raises(SoapFault) as unchecked:
        operation.parse_response(document, check=False)
    with pytest.raises(SoapFault) as caught:
        operation.parse_response(document)
    assert vars(caught.value) == vars(unchecked.value)
    return caught.value


# Faults

MEMBERS11 = (
    "<faultcode>soap:Server</faultcode><faultstring>One ---&gt; two</faultstring>"
    "<faultactor>urn:actor</faultactor><detail><Code>7</Code></detail>"
)
MEMBERS12 = (
    "<soap:Code><soap:Value>soap:Sender</soap:Value>"
    "<soap:Subcode><soap:Value>soap:Sub</soap:Value></soap:Subcode></soap:Code>"
    '<soap:Reason><soap:Text xml:lang="en">One ---&gt; two</soap:Text>'
    '<soap:Text xml:lang="de">Eins</soap:Text></soap:Reason>'
    "<soap:Node>urn:node</soap:Node><soap:Role>urn:actor</soap:Role>"
    "<soap:Detail><Code>7</Code></soap:Detail>"
)


@EACH_OPERATION
@pytest.mark.parametrize("around", [page.SOAP11, page.SOAP12], ids=["in 1.1", "in 1.2"])
@pytest.mark.parametrize(
    ("members", "code"),
    [
        pytest.param(MEMBERS11, "soap:Server", id="1.1"),
        pytest.param(MEMBERS12, "soap:Sender", id="1.2"),
        pytest.param(
            MEMBERS12.replace("soap:", "").replace(">Sender<", ">soap:Sender<"),
            "soap:Sender",
            id="1.2 without prefix",
        ),
        pytest.param(
            MEMBERS11.replace("</", "</soap:")
            .replace("<", "<soap:")
            .replace("<soap:/soap:", "</soap:"),
            "soap:Server",
            id="1.1 with prefix",
        ),
    ],
)
def test_a_fault(operation: ModuleType, around: str, members: str, code: str) -> None:
    """A fault of either version in an envelope of either version gives all its parts."""
    error = raised(operation, page.fault(members, around))
    assert error.code == code
    assert error.text == "One ---> two"
    assert error.actor == "urn:actor"
    assert error.detail is not None
    assert "Code" in error.detail
    assert ">7<" in error.detail
    assert "One ---> two" in str(error)
    assert isinstance(error, RevioError)
    assert not issubclass(type(error), ApiError)


@EACH_OPERATION
@pytest.mark.parametrize(
    ("members", "code", "text"),
    [
        ("", "", ""),
        ("<faultcode>a</faultcode>", "a", ""),
        ("<faultstring>b</faultstring>", "", "b"),
        ("<faultcode/><faultstring/>", "", ""),
        ("<faultstring> b </faultstring><faultcode>\na\n</faultcode>", "a", "b"),
        ("<soap:Code/>", "", ""),
        ("<soap:Reason/>", "", ""),
        ("<soap:Code><soap:Value/></soap:Code>", "", ""),
        ("<Unknown/>", "", ""),
        ("just text", "", ""),
    ],
)
def test_a_fault_with_members_missing(
    operation: ModuleType, members: str, code: str, text: str
) -> None:
    """A fault is a fault however little it says; what is missing is empty or None."""
    for around in (page.SOAP11, page.SOAP12):
        error = raised(operation, page.fault(members, around))
        assert (error.code, error.text) == (code, text)
        assert (error.actor, error.detail) == (None, None)
        assert str(error)


@pytest.mark.parametrize("around", [page.SOAP11, page.SOAP12])
def test_the_detail_of_a_fault(around: str) -> None:
    """The detail is what stands inside, as text or as XML, with its texts escaped once."""
    detail = "<detail>{}</detail>"
    for inside, parts in (
        ("plain", ["plain"]),
        ("<a>x</a><b c='d'/>", ["<a>x</a>", "b", 'c="d"']),
        ("a &lt; b", ["a &lt; b"]),
        ("<e xmlns='urn:e'>x</e>y", ["urn:e", "x", "y"]),
    ):
        error = raised(sms_send, page.fault(detail.format(inside), around))
        assert error.detail is not None
        assert [part for part in parts if part not in error.detail] == []


def test_a_fault_beside_or_instead_of_an_answer() -> None:
    """A fault without an envelope is one, and so is one in another prefix or in UTF-16."""
    assert raised(sms_send, "<Fault><faultstring>x</faultstring></Fault>").text == "x"
    document = page.fault(MEMBERS11).decode()
    document = document.replace("soap:", "e:").replace(":soap=", ":e=")
    assert raised(sms_send, document).text == "One ---> two"
    document = document.replace('"utf-8"', '"utf-16"')
    assert raised(sms_send, document.encode("utf-16")).text == "One ---> two"


def test_an_element_that_is_only_called_fault() -> None:
    """A fault of another vocabulary is no SOAP fault."""
    for document in (
        "<Fault xmlns='urn:other'><faultstring>x</faultstring></Fault>",
        page.envelope("<Fault xmlns='urn:other'/>"),
        page.send_answer("<Fault/>"),
    ):
        with pytest.raises(MalformedResponse):
            sms_send.parse_response(document)


# Failures


def failed(header: str = "") -> bytes:
    """An answer to SMSOptOut_Create that reports a failure."""
    return page.create_answer(f"<Success>false</Success>{header}")


def failure(header: str = "") -> ApiError:
    """The error of such an answer."""
    with pytest.raises(ApiError) as caught:
        sms_opt_out_create.parse_response(failed(header))
    return caught.value


def header(code: str | None, message: str | None) -> str:
    """Members of a header, from their texts."""
    written = ""
    if message is not None:
        written += f"<Message>{message}</Message>"
    if code is not None:
        written += f"<Error_Code>{code}</Error_Code>"
    return written


@pytest.mark.parametrize(
    ("code", "message", "kind", "tns"),
    [
        ("S2010", "'1' is an invalid TN.", InvalidTn, ("1",)),
        ("S2010", "'1, 2' are invalid TNs.", InvalidTn, ("1", "2")),
        ("S2010", "'1, 2, 3' are invalid TNs.", InvalidTn, ("1", "2", "3")),
        ("S2010", "', 2, ' are invalid TNs.", InvalidTn, ("", "2", "")),
        ("S2010", "'1, 2' is an invalid TN.", InvalidTn, ("1, 2",)),
        ("S2010", "'it's' is an invalid TN.", InvalidTn, ("it's",)),
        ("S2010", "'1' is already in the opt-out list.", AlreadyOptedOut, ("1",)),
        (
            "S2010",
            "'1, 2' are already in the opt-out list.",
            AlreadyOptedOut,
            ("1", "2"),
        ),
        (None, "'1' is an invalid TN.", InvalidTn, ("1",)),
        (None, "'1, 2' are already in the opt-out list.", AlreadyOptedOut, ("1", "2")),
        ("S2010", "Something else.", InvalidInput, None),
        ("S2010", "1 is an invalid TN.", InvalidInput, None),
        ("S2010", "'1' is an invalid TN", InvalidInput, None),
        ("S2010", "'1' is an invalid tn.", InvalidInput, None),
        ("S2010", "Sorry: '1' is an invalid TN.", InvalidInput, None),
        ("S2010", "'1' is an invalid TN. Sorry.", InvalidInput, None),
        ("S2010", "'", InvalidInput, None),
        ("S2010", "' is an invalid TN.", InvalidInput, None),
        ("S2010", "", InvalidInput, None),
        ("S2010", None, InvalidInput, None),
        ("S2005", "No.", AccessRefused, None),
        ("S2005", None, AccessRefused, None),
        ("S2005", "'1' is an invalid TN.", AccessRefused, None),
        ("S9999", "'1' is an invalid TN.", ApiError, None),
        ("S9999", None, ApiError, None),
        ("s2010", None, ApiError, None),
        ("2010", None, ApiError, None),
        (None, "Message alone.", ApiError, None),
        (None, "", ApiError, None),
        (None, None, ApiError, None),
    ],
)
def test_a_failure(
    code: str | None,
    message: str | None,
    kind: type[ApiError],
    tns: tuple[str, ...] | None,
) -> None:
    """Code and message decide about the class exactly; what they say is kept as it came."""
    error = failure(header(code, message))
    assert type(error) is kind
    assert error.code == code
    assert error.message == message
    assert error.description is None
    assert getattr(error, "tns", None) == tns
    assert error.response.header.success is False
    assert "SMSOptOut_Create" in str(error)
    for part in (code, message):
        assert (part or "") in str(error)


@EACH_OPERATION
def test_a_failure_of_each_operation(operation: ModuleType) -> None:
    """Each operation raises a failure, or returns it with check=False."""
    name = next(key for key, value in page.OPERATIONS.items() if value is operation)
    document = (
        f"<{name}Result><Header><Success>0</Success><Error_Code>S2005</Error_Code>"
        f"</Header></{name}Result>"
    )
    with pytest.raises(AccessRefused) as caught:
        operation.parse_response(document)
    assert caught.value.operation == name
    response = operation.parse_response(document, check=False)
    assert response.header.success is False
    assert response.header.error_code == "S2005"
    assert response == caught.value.response


def test_a_malformed_answer_is_one_without_the_check_too() -> None:
    """With check=False only the failure is let through, nothing that is no answer."""
    for document in (
        b"",
        b"<a/>",
        page.DELETE_SUCCESS,
        failed("<Success>false</Success>"),
    ):
        with pytest.raises(MalformedResponse):
            sms_opt_out_create.parse_response(document, check=False)


def test_nil_and_empty_members_of_a_failure() -> None:
    """A nil code is no code, and an empty one is empty."""
    error = failure(
        '<Message xsi:nil="true"/><Error_Code xsi:nil="1"/><Error_Description/>'
    )
    assert type(error) is ApiError
    assert (error.code, error.message, error.description) == (None, None, "")
    assert str(error)
    assert type(failure("<Error_Code/>")) is ApiError


tn = st.text("0123456789+-. ", max_size=12).filter(lambda text: ", " not in text)


@page.thorough(100)
@given(tns=st.lists(tn, min_size=2, max_size=6))
def test_numbers_of_a_failure(tns: list[str]) -> None:
    """Whatever numbers a message quotes, they come back in its order."""
    message = f"'{', '.join(tns)}' are invalid TNs."
    error = failure(header("S2010", message))
    assert isinstance(error, InvalidTn)
    assert error.tns == tuple(", ".join(tns).split(", "))
    assert type(error.tns) is tuple
    assert error.message == message


def test_the_tree_of_errors() -> None:
    """One base class catches everything, and the documented cases stand below their code."""
    for kind in (
        ValidationError,
        ApiError,
        SoapFault,
        MalformedResponse,
        TransportError,
    ):
        assert issubclass(kind, RevioError)
    assert issubclass(RevioError, Exception)
    assert issubclass(InvalidTn, InvalidInput)
    assert issubclass(AlreadyOptedOut, InvalidInput)
    assert issubclass(InvalidInput, ApiError)
    assert issubclass(AccessRefused, ApiError)
    assert not issubclass(ValidationError, ValueError | TypeError)
