"""Secrets show nowhere: in no repr, no error, no pickle of an error, however a document is cut."""

from __future__ import annotations

import logging
import pickle
import pprint
import traceback
from collections.abc import Callable, Iterator
from types import ModuleType
from xml.sax.saxutils import escape

import pytest
import revio_documents as page

from revio import (
    ApiError,
    Credentials,
    Header,
    MalformedResponse,
    RevioError,
    Session,
    SmsSendRequest,
    SmsSendResponse,
    SoapFault,
    ValidationError,
    sms_opt_out_create,
    sms_opt_out_delete,
    sms_send,
)

# No two pieces of four characters are alike or stand in any document or message.
CANARY = "Zq7Xv3Kw9Yp2Rj5Hg8Nb4Tc6"
PIECES = [CANARY[start : start + 4] for start in range(len(CANARY) - 3)]


def assert_hidden(*texts: str) -> None:
    """No text may hold as much as a piece of the secret."""
    for text in texts:
        shown = [piece for piece in PIECES if piece in text]
        assert shown == [], text


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error with everything that it came from."""
    while error is not None:
        yield error
        if error.__cause__ is not None:
            yield from chain(error.__cause__)
        error = error.__context__


def pickled(value: object) -> str:
    """What anyone can read in a pickle."""
    return pickle.dumps(value, 0).decode("latin-1") + pickle.dumps(value).decode(
        "latin-1"
    )


def assert_error_hides(error: RevioError) -> None:
    """Nothing that can be had from an error shows the secret."""
    for each in chain(error):
        assert_hidden(
            str(each),
            repr(each),
            repr(each.args),
            "".join(traceback.format_exception(each)),
            pprint.pformat(vars(each)),
            pickled(each),
            *map(str, vars(each).values()),
        )
    record = logging.LogRecord(
        "x",
        logging.ERROR,
        "x",
        1,
        "%s %r",
        (error, error),
        (type(error), error, error.__traceback__),
    )
    assert_hidden(logging.Formatter().format(record))
    response = getattr(error, "response", None)
    if response is not None:
        assert_hidden(
            repr(response), pickled(response), str(response.header.session_key)
        )


def error_of(document: bytes | str, operation: ModuleType = sms_send) -> RevioError:
    """The error of a document, which must be one."""
    with pytest.raises(RevioError) as caught:
        operation.parse_response(document)
    return caught.value


# Objects


@pytest.mark.parametrize(
    "instance",
    [
        Credentials("user", CANARY, "client"),
        Credentials("user", "secret", "client", CANARY),
        Credentials("user", CANARY, "client", CANARY),
        Session(CANARY),
        Header(success=True, session_key=CANARY),
        SmsSendResponse(header=Header(success=True, session_key=CANARY)),
    ],
    ids=["password", "impersonation key", "both", "session", "header", "response"],
)
def test_no_object_shows_its_secrets(instance: object) -> None:
    """Neither repr, str, format nor a container shows a secret."""
    assert_hidden(
        repr(instance),
        str(instance),
        f"{instance} {instance!r} {instance!s}",
        repr([instance]),
        pprint.pformat({"a": instance}),
        pprint.pformat(instance, width=20),
    )


@pytest.mark.parametrize(
    "operation", page.OPERATIONS.values(), ids=list(page.OPERATIONS)
)
def test_an_answer_does_not_show_its_session(operation: ModuleType) -> None:
    """The key of a session is in an answer for use, and not for show."""
    name = next(key for key, value in page.OPERATIONS.items() if value is operation)
    header = f"<Success>true</Success><SessionKey>{CANARY}</SessionKey>"
    debug = f"<Debug><Password>{CANARY}</Password>{CANARY}</Debug>"
    document = f"<{name}Result><Header>{header}</Header>{debug}</{name}Result>"
    response = operation.parse_response(document)
    assert response.header.session_key == CANARY
    assert_hidden(repr(response), str(response), repr(response.header))
    failed = document.replace("true", "false")
    error = error_of(failed, operation)
    assert isinstance(error, ApiError)
    assert_error_hides(error)
    assert_hidden(repr(operation.parse_response(failed, check=False)))


# Requests


@pytest.mark.parametrize(
    "auth",
    [
        Credentials("u", CANARY + "\0", "c"),
        Credentials("u", CANARY.encode(), "c"),  # type: ignore[arg-type]
        Credentials("u", [CANARY], "c"),  # type: ignore[arg-type]
        Credentials("u", "p", "c", CANARY + "\ud800"),
        Credentials("u", "p", "c", {"key": CANARY}),  # type: ignore[arg-type]
        Credentials(None, CANARY, None, CANARY),  # type: ignore[arg-type]
        Session(CANARY + "\ufffe"),
        Session(CANARY.encode()),  # type: ignore[arg-type]
        Session(Session(CANARY)),  # type: ignore[arg-type]
        CANARY,
        CANARY.encode(),
        {"session_key": CANARY},
        (CANARY,),
    ],
    ids=str,
)
def test_a_refused_request_does_not_show_its_secrets(auth: Credentials) -> None:
    """The error about a secret of a wrong type or with wrong characters does not quote it."""
    request = SmsSendRequest(to_number="", message="")
    with pytest.raises(ValidationError) as caught:
        sms_send.build_request(request, auth)
    assert_error_hides(caught.value)
    assert_hidden(repr(caught.value.violations))


# Answers

ECHO = (
    f"<Request><Credentials><Username>u</Username><Password>{CANARY}</Password>"
    f"<Client>c</Client><ImpersonationKey>{CANARY}</ImpersonationKey></Credentials>"
    f"<Session><SessionKey>{CANARY}</SessionKey></Session></Request>"
)

# A secret in all the ways in which one can stand in an answer or in an echo of a request.
SHOWN = {
    "session key": f"<SessionKey>{CANARY}</SessionKey>",
    "password": f"<Password>{CANARY}</Password>",
    "impersonation key": f"<ImpersonationKey>{CANARY}</ImpersonationKey>",
    "debug": f"<Debug>{CANARY}</Debug>",
    "debug with markup": f"<Debug><a>{CANARY}</a><b/>{CANARY}</Debug>",
    "debug in debug": f"<Debug><Debug>x</Debug>{CANARY}</Debug>",
    "echo": ECHO,
    "echo in debug": f"<Debug>{ECHO}</Debug>",
    "escaped echo": escape(ECHO),
    "echo escaped twice": escape(escape(ECHO)),
    "echo escaped in references": ECHO.replace("<", "&#60;").replace(">", "&#x3E;"),
    "escaped echo in debug": f"<Debug>{escape(ECHO)}</Debug>",
    "escaped echo with >": ECHO.replace("<", "&lt;"),
    "echo in cdata": f"<![CDATA[{ECHO}]]>",
    "echo in a comment": f"<!--{ECHO}-->",
    "prefix": f'<q:SessionKey xmlns:q="urn:q">{CANARY}</q:SessionKey>',
    "namespace": f'<SessionKey xmlns="urn:q">{CANARY}</SessionKey>',
    "attributes": f"<Password a='>' b=\"&lt;/Password>\" >{CANARY}</Password\n>",
    "line ends": f"<Password\r\n\ta='b'\n>{CANARY}</Password\n>",
    "cdata inside": f"<Password>x<![CDATA[</Password>{CANARY}]]></Password>",
    "comment inside": f"<Password><!-- </Password> -->{CANARY}</Password>",
    "escaped end inside": f"<Password>&lt;/Password&gt;{CANARY}</Password>",
    "child inside": f"<Password><x>{CANARY}</x></Password>",
    "after an empty one": f"<Password/><Password></Password><Password>{CANARY}</Password>",
    "attribute": f"<a Password='{CANARY}' SessionKey=\"{CANARY}\"/>",
    "attribute of itself": f"<Password value='{CANARY}'/>",
    "escaped attribute": escape(f'<a Password="{CANARY}"/>', {'"': "&quot;"}),
    "json": f'{{"Password": "{CANARY}", "SessionKey":"a\\"{CANARY}"}}'.replace(
        '"', "&quot;"
    ),
}
EACH_SHOWN = pytest.mark.parametrize("shown", SHOWN.values(), ids=list(SHOWN))


def test_the_samples_are_well_formed() -> None:
    """Every sample stands in XML as a server may send it."""
    for shown in SHOWN.values():
        page.tree(f"<a>{shown}</a>".encode())


@EACH_SHOWN
@pytest.mark.parametrize(
    "encode",
    [
        pytest.param(lambda text: text, id="str"),
        pytest.param(lambda text: text.encode(), id="utf-8"),
        pytest.param(lambda text: text.encode("utf-16"), id="utf-16"),
        pytest.param(
            lambda text: b"\xfe\xff" + text.encode("utf-16-be"), id="utf-16-be"
        ),
        pytest.param(lambda text: text.encode("utf-16-le"), id="utf-16-le without bom"),
        pytest.param(lambda text: text.encode("utf-16-be"), id="utf-16-be without bom"),
        pytest.param(lambda text: text.encode("utf-32"), id="utf-32"),
        pytest.param(lambda text: b"\xff" + text.encode(), id="no encoding"),
        pytest.param(
            lambda text: b'<?xml version="1.0" encoding="utf-16"?>' + text.encode(),
            id="wrong encoding",
        ),
        pytest.param(
            lambda text: b'<?xml version="1.0" encoding="no-such"?>' + text.encode(),
            id="unknown encoding",
        ),
        pytest.param(
            lambda text: b'<?xml version="1.0" encoding="iso-8859-1"?>' + text.encode(),
            id="iso-8859-1",
        ),
    ],
)
@pytest.mark.parametrize(
    "around",
    [
        "<a>{}</a>",
        "<a>{}",
        "{}",
        "\n {}",
        "<!DOCTYPE a><a>{}</a>",
        (
            "<SMSOptOut_CreateResult><Header><Success>true</Success></Header>{}"
            "</SMSOptOut_CreateResult>"
        ),
        "<SMS_SendResult><Header><Success>{}</Success></Header></SMS_SendResult>",
        "<SMS_SendResult><Header><Success>1</Success></Header><ID>{}</ID></SMS_SendResult>",
        "<SMS_SendResult><Header><Success>1</Success></Header><ID>5</ID><ID>{}</ID></SMS_SendResult>",
    ],
)
def test_a_malformed_answer_does_not_show_a_secret(
    shown: str, encode: Callable[[str], bytes], around: str
) -> None:
    """The beginning of a refused document is masked, in any encoding and spelling."""
    document = encode(around.format(shown))
    error = error_of(document)
    assert isinstance(error, MalformedResponse)
    assert_error_hides(error)


@EACH_SHOWN
def test_a_document_cut_inside_a_secret(shown: str) -> None:
    """Wherever a document stops, no part of a secret is shown."""
    document = f"<SMS_SendResult><Header>{shown}</Header></SMS_SendResult>"
    for length in range(len(document)):
        error = error_of(document[:length])
        assert isinstance(error, MalformedResponse)
        assert_hidden(error.start, str(error), repr(error))
    encoded = document.encode("utf-16")
    for length in range(0, len(encoded), 7):
        error = error_of(encoded[:length])
        assert_hidden(str(error), repr(error))


@EACH_SHOWN
@pytest.mark.parametrize("limit", [300, 4096])
def test_a_secret_where_the_start_ends(shown: str, limit: int) -> None:
    """A secret across the end of what is kept, or of what is looked at, is not shown."""
    for padding in range(max(0, limit - len(shown) - 4), limit + 2):
        error = error_of("<a>" + "x" * padding + shown + "</a>")
        assert isinstance(error, MalformedResponse)
        assert_hidden(error.start)
        assert len(error.start) <= 300


@EACH_SHOWN
def test_a_secret_behind_a_long_one(shown: str) -> None:
    """What a long secret leaves room for is masked as well."""
    for padding in range(4096 - len(shown) - 60, 4100):
        secret = f"<a><Password>{'x' * padding}</Password>{shown}</a>"
        error = error_of(secret.encode("utf-16") if padding % 2 else secret)
        assert isinstance(error, MalformedResponse)
        assert_hidden(error.start)


def test_the_start_is_still_of_use() -> None:
    """What is not secret is shown, or nobody could tell what came."""
    error = error_of(
        f"<Page><Title>Busy</Title><Password>{CANARY}</Password><p>later</p></Page>"
    )
    assert isinstance(error, MalformedResponse)
    assert error.start.startswith("<Page><Title>Busy</Title><Password>")
    assert error.start.endswith("</Password><p>later</p></Page>")


@EACH_SHOWN
@pytest.mark.parametrize(
    "place", ["code", "text", "actor", "detail", "deep in the detail"]
)
@pytest.mark.parametrize("version", [page.SOAP11, page.SOAP12], ids=["1.1", "1.2"])
def test_a_fault_does_not_show_a_secret(shown: str, place: str, version: str) -> None:
    """A fault that echoes the request, in whatever spelling and place, is masked."""
    members = {
        "code": f"<faultcode>{shown}</faultcode>",
        "text": f"<faultstring>x {shown} y</faultstring>",
        "actor": f"<faultactor>{shown}</faultactor>",
        "detail": f"<detail>{shown}</detail>",
        "deep in the detail": f"<detail><a><b>{shown}</b>{shown}</a></detail>",
    }[place]
    if version == page.SOAP12:
        for old, new in (
            ("<faultcode>", "<Code><Value>"),
            ("</faultcode>", "</Value></Code>"),
            ("<faultstring>", "<Reason><Text>"),
            ("</faultstring>", "</Text></Reason>"),
            ("faultactor>", "Role>"),
            ("detail>", "Detail>"),
        ):
            members = members.replace(old, new)
    error = error_of(page.fault(members, version))
    assert isinstance(error, SoapFault)
    assert_error_hides(error)
    error = error_of(
        page.fault(members, version)
        .decode()
        .replace("utf-8", "utf-16")
        .encode("utf-16")
    )
    assert isinstance(error, SoapFault)
    assert_error_hides(error)


@EACH_SHOWN
def test_a_secret_where_the_detail_ends(shown: str) -> None:
    """A detail is cut after it was masked."""
    for padding in range(2000 - len(shown) - 2, 2002, 3):
        detail = f"<detail>{'x' * padding}{shown}</detail>"
        error = error_of(page.fault(detail))
        assert isinstance(error, SoapFault)
        assert error.detail is not None
        assert_hidden(error.detail)


@EACH_SHOWN
def test_a_failure_does_not_show_a_secret(shown: str) -> None:
    """A failure whose texts echo the request shows no secret in its error either."""
    for member in ("Message", "Error_Code", "Error_Description"):
        header = f"<Success>false</Success><{member}>{shown}</{member}>"
        for operation, document in (
            (sms_send, page.send_answer(header)),
            (sms_opt_out_create, page.create_answer(header)),
        ):
            error = error_of(document, operation)
            assert isinstance(error, ApiError)
            assert_error_hides(error)


def test_a_failure_with_an_echo_beside_its_header() -> None:
    """The Debug member of an answer, and the key in its header, are not in its error."""
    header = (
        "<Success>false</Success><Message>'1' is an invalid TN.</Message>"
        f"<SessionKey>{CANARY}</SessionKey><Error_Code>S2010</Error_Code>"
    )
    error = error_of(
        page.create_answer(header, f"<Debug>{ECHO}</Debug>"), sms_opt_out_create
    )
    assert isinstance(error, ApiError)
    assert_error_hides(error)
    assert error.message == "'1' is an invalid TN."
    twin = pickle.loads(pickle.dumps(error))
    assert_error_hides(twin)


def test_the_documented_keys_are_not_shown() -> None:
    """The keys of the documented answers are masked when another operation gets them."""
    for operation, document, key in (
        (sms_send, page.CREATE_SUCCESS.replace(b"&", b"&amp;"), "ASGJDHAGS"),
        (sms_send, page.CREATE_SUCCESS, "ASGJDHAGS"),
        (sms_opt_out_create, page.DELETE_SUCCESS, "asdjlas"),
        (sms_opt_out_delete, page.SEND_SUCCESS, "xyzabc123"),
    ):
        error = error_of(document, operation)
        assert key not in str(error)
        assert key not in pickled(error)


def test_a_failed_repair_does_not_show_the_key() -> None:
    """A key that cannot be mended is masked, ampersand and all."""
    for written in (f"&nbsp;{CANARY}", f"{CANARY}&", f"a&b{CANARY}&e;{CANARY}"):
        document = page.create_answer(
            f"<Success>1</Success><SessionKey>{written}</SessionKey><Message>&</Message>"
        )
        error = error_of(document, sms_opt_out_create)
        assert_error_hides(error)
        assert_error_hides(error_of(document[:-30], sms_opt_out_create))
