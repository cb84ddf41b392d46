"""Answers: whatever means the same is read the same, and what is no value is said to be none."""

from __future__ import annotations

import codecs
import itertools
from typing import Any

import pytest
import revio_documents as page
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from revio import Header, MalformedResponse, sms_opt_out_create, sms_send
from revio.sms_send import SmsSendResponse, SmsSendResponseProfile

XSI = f' xmlns:xsi="{page.SCHEMA_INSTANCE}"'

EXPECTED = SmsSendResponse(
    header=Header(
        success=True,
        message="Grüße",
        session_key="key",
        impersonated=False,
        error_code="E1",
        error_description="None",
    ),
    profile=SmsSendResponseProfile(sms_profile_id=1000, from_number="67312"),
    id=3939323,
)

HEADER = [
    "<Success>true</Success>",
    "<Message>Grüße</Message>",
    "<SessionKey>key</SessionKey>",
    "<Impersonated>false</Impersonated>",
    "<Error_Code>E1</Error_Code>",
    "<Error_Description>None</Error_Description>",
]
PROFILE = ["<SmsProfileID>1000</SmsProfileID>", "<FromNumber>67312</FromNumber>"]


def result(
    header: list[str] = HEADER,
    profile: list[str] = PROFILE,
    *,
    order: tuple[int, ...] = (0, 1, 2),
    attributes: str = "",
) -> str:
    """The result element of an answer to SMS_Send."""
    members = [
        f"<Header>{''.join(header)}</Header>",
        "<ID>3939323</ID>",
        f"<Profile>{''.join(profile)}</Profile>",
    ]
    inside = "".join(members[index] for index in order)
    return f"<SMS_SendResult{attributes}>{inside}</SMS_SendResult>"


def wrapped(inside: str, namespace: str = page.V20) -> str:
    """The response element around a result."""
    return f'<SMS_SendResponse xmlns="{namespace}">{inside}</SMS_SendResponse>'


# Where the result stands


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(result(), id="bare result"),
        pytest.param(
            result(attributes=f' xmlns="{page.BARE}"'), id="bare result, namespace"
        ),
        pytest.param(result(attributes=f' xmlns="{page.V20}"'), id="bare result, v20"),
        pytest.param(wrapped(result()), id="bare response, v20"),
        pytest.param(wrapped(result(), page.BARE), id="bare response, namespace"),
        pytest.param(wrapped(result(), ""), id="bare response, no namespace"),
        pytest.param(
            wrapped(result(attributes=f' xmlns="{page.BARE}"')), id="both namespaces"
        ),
        pytest.param(wrapped(result(attributes=' xmlns=""')), id="result without"),
        pytest.param(page.envelope(wrapped(result())), id="soap 1.1"),
        pytest.param(page.envelope(wrapped(result()), page.SOAP12), id="soap 1.2"),
        pytest.param(page.envelope(result()), id="result in soap 1.1"),
        pytest.param(
            page.envelope(wrapped(result(), "")), id="no namespace in soap 1.1"
        ),
        pytest.param(
            page.envelope(wrapped(result()), more="<soap:Header><x/></soap:Header>"),
            id="soap header",
        ),
        pytest.param(
            f'<Envelope xmlns="{page.SOAP11}"><Body>{wrapped(result())}</Body></Envelope>',
            id="default namespace for soap",
        ),
        pytest.param(
            f'<SOAP-ENV:Envelope xmlns:SOAP-ENV="{page.SOAP12}"><SOAP-ENV:Body>'
            f"{wrapped(result())}</SOAP-ENV:Body></SOAP-ENV:Envelope>",
            id="another prefix for soap",
        ),
        pytest.param(
            (
                wrapped(result(), "")
                .replace("</", "</r:")
                .replace("<", "<r:")
                .replace("<r:/r:", "</r:")
                .replace('xmlns=""', f'xmlns:r="{page.V20}"')
            ),
            id="prefix for the members",
        ),
        pytest.param(
            f"<?xml version='1.0'?>\n<!-- a --><?b c?>{result()}<!-- d -->\n", id="misc"
        ),
    ],
)
def test_the_result_is_found(document: bytes | str) -> None:
    """In each envelope and none, with any prefix, in both documented namespaces and none."""
    answer = sms_send.parse_response(document)
    assert answer == EXPECTED
    assert answer.repaired == ()
    as_bytes = document if isinstance(document, bytes) else document.encode()
    assert sms_send.parse_response(as_bytes) == EXPECTED


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_members_come_in_any_order(order: tuple[int, ...]) -> None:
    """The order of the members of the result and of its parts means nothing."""
    assert sms_send.parse_response(result(order=order)) == EXPECTED
    document = result(HEADER[::-1], PROFILE[::-1], order=order)
    assert sms_send.parse_response(document) == EXPECTED


@page.thorough(60)
@given(header=st.permutations(HEADER), profile=st.permutations(PROFILE))
def test_members_of_the_header_come_in_any_order(
    header: list[str], profile: list[str]
) -> None:
    """Any permutation of the header and the profile gives the same answer."""
    assert sms_send.parse_response(result(header, profile)) == EXPECTED


# What means nothing

UNKNOWN = [
    "<Unknown/>",
    "<Unknown>x<Success>false</Success></Unknown>",
    "<success>false</success>",
    "<Foreign xmlns='urn:foreign'><Message>no</Message></Foreign>",
    "<Message xmlns='urn:foreign'>no</Message>",
    "<f:Success xmlns:f='urn:foreign'>false</f:Success>",
    "<f:Success xmlns:f='http://api.myh2o.com'>false</f:Success>",
    "<f:Success xmlns:f='http://api.myh2o.com/v20/'>false</f:Success>",
    "<f:Success xmlns:f='HTTP://API.MYH2O.COM/V20'>false</f:Success>",
    "<f:ID xmlns:f='urn:foreign'>no number</f:ID>",
    "<Debug>anything</Debug>",
    "<!-- <Success>false</Success> -->",
    "<?Success false?>",
    "stray text",
    "<![CDATA[<Success>false</Success>]]>",
]


@pytest.mark.parametrize("unknown", UNKNOWN)
def test_unknown_elements_mean_nothing(unknown: str) -> None:
    """Unknown elements, foreign namespaces, comments and stray text change nothing anywhere."""
    document = result([unknown, *HEADER, unknown], [unknown, *PROFILE, unknown])
    document = document.replace("<ID>", unknown + "<ID>")
    for each in (document, page.envelope(wrapped(document))):
        assert sms_send.parse_response(each) == EXPECTED


@pytest.mark.parametrize(
    "attributes",
    [
        ' a="b"',
        ' type="string"',
        ' xsi:type="string"',
        ' xsi:type="xsd:no-such-prefix"',
        ' xsi:nil="false"',
        ' xsi:nil="0"',
        ' xsi:nil=" 0 "',
        ' xsi:nil=""',
        ' xml:space="preserve" xml:lang="de" xml:id="i"',
        ' xmlns:n="urn:n" n:nil="true"',
        ' id="_1" href="#_1" xsi:schemaLocation="a b"',
    ],
)
def test_unknown_attributes_mean_nothing(attributes: str) -> None:
    """Attributes, xsi:type without a prefix among them, change nothing on any element."""
    document = result()
    for name in [
        "SMS_SendResult",
        "Header",
        "Success",
        "Message",
        "SessionKey",
        "Impersonated",
        "Error_Code",
        "Error_Description",
        "ID",
        "Profile",
        "SmsProfileID",
        "FromNumber",
    ]:
        changed = document.replace(f"<{name}>", f"<{name}{attributes}{XSI}>")
        assert changed != document
        if "xml:id" not in attributes:
            page.tree(changed.encode())
        assert sms_send.parse_response(changed) == EXPECTED


# How values are written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("1", True),
        ("false", False),
        ("0", False),
        (" true ", True),
        ("\n\t1\r\n", True),
        ("  false", False),
        ("0\n", False),
        ("<![CDATA[true]]>", True),
        ("tr<!-- x -->ue", True),
        ("&#116;rue", True),
    ],
)
def test_booleans(text: str, value: bool) -> None:
    """A boolean is true, false, 1 or 0, perhaps among blanks."""
    document = page.send_answer(f"<Success>{text}</Success>")
    assert sms_send.parse_response(document, check=False).header.success is value
    header = f"<Success>1</Success><Impersonated>{text}</Impersonated>"
    assert (
        sms_send.parse_response(page.send_answer(header)).header.impersonated is value
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "True",
        "TRUE",
        "yes",
        "2",
        "00",
        "01",
        "-1",
        "t",
        "true false",
        "\u00a0true",
        "\uff11",
    ],
)
def test_what_is_no_boolean(text: str) -> None:
    """Any other text, and none, is a malformed answer where a boolean belongs."""
    with pytest.raises(MalformedResponse):
        sms_send.parse_response(page.send_answer(f"<Success>{text}</Success>"))
    header = f"<Success>1</Success><Impersonated>{text}</Impersonated>"
    with pytest.raises(MalformedResponse):
        sms_send.parse_response(page.send_answer(header))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("+7", 7),
        ("-7", -7),
        ("007", 7),
        ("0", 0),
        ("-0", 0),
        ("0" * 5000 + "7", 7),
        ("2147483647", 2147483647),
        ("-2147483648", -2147483648),
        ("39<!-- in between -->39<?and?>323", 3939323),
        ("<![CDATA[39]]>39<![CDATA[323]]>", 3939323),
    ],
)
def test_integers(text: str, value: int) -> None:
    """A 32-bit integer may have blanks around, a sign, zeros before, and comments inside."""
    answer = sms_send.parse_response(page.send_answer(rest=f"<ID>{text}</ID>"))
    assert answer.id == value
    assert type(answer.id) is int


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "7.0",
        "7e0",
        "1_000",
        "1,000",
        "0x7",
        "+ 7",
        "--7",
        "\uff17",
        "2147483648",
        "-2147483649",
        "9" * 30,
        "9" * 5000,
        "7 8",
        "NaN",
        "true",
        "\xa07",
        "7\u2003",
    ],
)
def test_what_is_no_integer(text: str) -> None:
    """Any other text, a number that does not fit, and none, is a malformed answer."""
    with pytest.raises(MalformedResponse) as caught:
        sms_send.parse_response(page.send_answer(rest=f"<ID>{text}</ID>"))
    assert "ID" in caught.value.expected


def test_text_keeps_its_blanks() -> None:
    """Blanks, tabs and line feeds around and in a text are part of it."""
    document = page.send_answer("<Success>1</Success><Message> \t a\n b </Message>")
    assert sms_send.parse_response(document).header.message == " \t a\n b "


def test_four_states_of_a_text() -> None:
    """A text is None when absent or nil, empty when empty, and blank when blank."""
    for written, value in (
        ("", None),
        ('<Message xsi:nil="true"/>', None),
        ("<Message/>", ""),
        ("<Message></Message>", ""),
        ("<Message><!-- x --></Message>", ""),
        ("<Message>  </Message>", "  "),
    ):
        document = page.send_answer(f"<Success>1</Success>{written}", attributes=XSI)
        assert sms_send.parse_response(document).header.message == value


@pytest.mark.parametrize(
    "nil",
    [
        'xsi:nil="true"',
        "xsi:nil='1'",
        'xsi:nil=" true "',
        'xsi:nil="\n1\t"',
        'other="x" xsi:nil="true"',
        f'xmlns:i="{page.SCHEMA_INSTANCE}" i:nil="true"',
    ],
)
def test_nil_in_all_spellings(nil: str) -> None:
    """Nil is recognised as true or 1, among blanks, with any prefix, whatever is inside."""
    for content in ("", "false", "<x/>"):
        header = f"<Success>1</Success><Impersonated {nil}>{content}</Impersonated>"
        rest = f"<ID {nil}>{content}</ID><Profile {nil}><FromNumber>1</FromNumber></Profile>"
        document = page.send_answer(header, rest, attributes=XSI)
        answer = sms_send.parse_response(document)
        assert answer.header.impersonated is None
        assert answer.id is None
        assert answer.profile is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Success>true</Success>", '<Success xsi:nil="true"/>'),
        ("<Success>true</Success>", ""),
        ("<Header>", '<Header xsi:nil="true">'),
        ("<SMS_SendResult>", '<SMS_SendResult xsi:nil="true">'),
    ],
)
def test_what_must_not_be_nil_or_absent(old: str, new: str) -> None:
    """Without a result, a header, or word about success, an answer is malformed."""
    document = f"<SMS_SendResponse{XSI}>{result()}</SMS_SendResponse>".replace(old, new)
    with pytest.raises(MalformedResponse):
        sms_send.parse_response(document)
    with pytest.raises(MalformedResponse):
        sms_send.parse_response(document, check=False)


@pytest.mark.parametrize(
    "name", ["Success", "Message", "SessionKey", "ID", "Profile", "Header"]
)
def test_a_member_that_comes_twice(name: str) -> None:
    """Of a member that can come once, two are a malformed answer that names it."""
    document = result()
    start = document.index(f"<{name}>")
    end = document.index(f"</{name}>") + len(name) + 3
    doubled = document[:end] + document[start:end] + document[end:]
    page.tree(doubled.encode())
    with pytest.raises(MalformedResponse, match=name):
        sms_send.parse_response(doubled)


def test_the_least_that_an_answer_can_be() -> None:
    """Members that have their default may be left out."""
    answer = sms_send.parse_response(page.send_answer(rest=""))
    assert answer == SmsSendResponse(header=Header(success=True))
    answer = sms_send.parse_response(page.send_answer(rest="<Profile/>"))
    assert answer.profile == SmsSendResponseProfile()


# Text, compared with another parser


def message_of(document: bytes) -> str:
    """The message as lxml reads it."""
    (element,) = page.tree(document).iterfind(".//{*}Message")
    return "".join(element.xpath("text()"))


@pytest.mark.parametrize(
    "written",
    [
        "a\rb",
        "a\r\nb\r\rc",
        "\r",
        "&#13;",
        "&#13;&#10;",
        "&#xD;a&#9;",
        "&lt;&gt;&amp;&quot;&apos;",
        "<![CDATA[<&]]>",
        "a<![CDATA[ & ]]>b<!-- c -->d<?e?>f",
        "<![CDATA[]]]]><![CDATA[>]]>",
        "&#128241;&#x1F4F1;",
        "&amp;lt;b&amp;gt;",
        "\u0085\u2028",
        "<!---->",
        "<![CDATA[]]>",
    ],
)
def test_text_as_another_parser_reads_it(written: str) -> None:
    """Raw carriage returns, references, CDATA and comments mean what XML says they mean."""
    document = page.send_answer(f"<Success>1</Success><Message>{written}</Message>")
    assert sms_send.parse_response(document).header.message == message_of(document)


@page.thorough(200)
@given(
    pieces=st.lists(
        st.sampled_from(
            [
                "<!-- - -->",
                "<?p x?>",
                "<![CDATA[",
                "]]>",
                "&amp;",
                "&lt;",
                "&#13;",
                "\r",
                "\n",
                " ",
                "]]",
                "x",
                "é",
                "📱",
                "&#x9;",
                "<![CDATA[&<a>]]>",
            ]
        )
    )
)
@example(pieces=["<![CDATA[", "&lt;", "]]>"])
def test_any_text_as_another_parser_reads_it(pieces: list[str]) -> None:
    """Of any mixture of text, references and sections the same text is read, or none by both."""
    document = page.send_answer(
        f"<Success>1</Success><Message>{''.join(pieces)}</Message>"
    )
    try:
        expected = message_of(document)
    except etree.XMLSyntaxError:
        with pytest.raises(MalformedResponse):
            sms_send.parse_response(document)
    else:
        assert sms_send.parse_response(document).header.message == expected


# Encodings

DECLARED = '<?xml version="1.0" encoding="{}"?>'


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(result().encode(), id="utf-8"),
        pytest.param(codecs.BOM_UTF8 + result().encode(), id="utf-8 with bom"),
        pytest.param(
            codecs.BOM_UTF8 + (DECLARED.format("utf-8") + result()).encode(),
            id="utf-8 declared with bom",
        ),
        pytest.param(result().encode("utf-16"), id="utf-16"),
        pytest.param(
            codecs.BOM_UTF16_BE + result().encode("utf-16-be"), id="utf-16-be"
        ),
        pytest.param(
            (DECLARED.format("UTF-16") + result()).encode("utf-16"),
            id="utf-16 declared",
        ),
        pytest.param(
            (DECLARED.format("utf-8") + result()).encode("utf-16"),
            id="utf-16 declared as utf-8",
        ),
        pytest.param(
            (DECLARED.format("ISO-8859-1") + result()).encode("latin-1"),
            id="iso-8859-1",
        ),
        pytest.param(
            (DECLARED.format("windows-1252") + result()).encode("cp1252"),
            id="windows-1252",
        ),
        pytest.param(
            (DECLARED.format("iso-8859-15") + result()).encode("iso-8859-15"),
            id="iso-8859-15",
        ),
        pytest.param(
            (
                DECLARED.format("us-ascii")
                + result().replace("ü", "&#252;").replace("ß", "&#xDF;")
            ).encode("ascii"),
            id="us-ascii",
        ),
        pytest.param(
            f"<?xml version='1.0' encoding='iso-8859-1' standalone='yes' ?>{result()}".encode(
                "latin-1"
            ),
            id="apostrophes",
        ),
        pytest.param(result(), id="str"),
        pytest.param("\ufeff" + result(), id="str with bom"),
        pytest.param(DECLARED.format("utf-8") + result(), id="str, utf-8"),
        pytest.param(DECLARED.format("utf-16") + result(), id="str, utf-16"),
        pytest.param(DECLARED.format("iso-8859-1") + result(), id="str, iso-8859-1"),
        pytest.param(DECLARED.format("ascii") + result(), id="str, ascii"),
        pytest.param(DECLARED.format("no-such") + result(), id="str, unknown encoding"),
    ],
)
def test_encodings(document: bytes | str) -> None:
    """UTF-8, UTF-16 with its mark, and what is declared, are read; a str is read as it is."""
    assert sms_send.parse_response(document) == EXPECTED


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(result().encode("latin-1"), id="iso-8859-1 undeclared"),
        pytest.param(
            (DECLARED.format("utf-8") + result()).encode("cp1252"), id="not utf-8"
        ),
        pytest.param((DECLARED.format("ascii") + result()).encode(), id="not ascii"),
        pytest.param((DECLARED.format("utf-16") + result()).encode(), id="not utf-16"),
        pytest.param((DECLARED.format("no-such") + result()).encode(), id="unknown"),
        pytest.param((DECLARED.format("rot13") + result()).encode(), id="rot13"),
        pytest.param((DECLARED.format("hex") + result()).encode(), id="hex"),
        pytest.param((DECLARED.format("zlib") + result()).encode(), id="zlib"),
        pytest.param((DECLARED.format("idna") + result()).encode(), id="idna"),
        pytest.param(
            (DECLARED.format("unicode_escape") + result()).encode("latin-1"),
            id="unicode_escape",
        ),
        pytest.param(result().encode("utf-16")[:-1], id="half a character"),
        pytest.param(
            result().replace("ü", "\udcfc").encode("utf-8", "surrogatepass"),
            id="surrogate",
        ),
        pytest.param(result().replace("ü", "\udcfc"), id="surrogate in str"),
        pytest.param(result().replace("ü", "\0"), id="nul"),
        pytest.param(result().replace("ü", "\x01"), id="control character"),
        pytest.param(
            result().replace("ü", "&#1;"), id="reference to a control character"
        ),
        pytest.param(result().replace("ü", "\ufffe"), id="non-character"),
        pytest.param(result().replace("ü", "&#xD800;"), id="reference to a surrogate"),
        pytest.param(result().replace("ü", "&#x110000;"), id="beyond Unicode"),
    ],
)
def test_what_is_not_in_its_encoding(document: bytes | str) -> None:
    """Bytes that are not what they claim, and characters that XML has not, are malformed."""
    with pytest.raises(MalformedResponse) as caught:
        sms_send.parse_response(document)
    assert caught.value.operation == "SMS_Send"
    assert caught.value.expected
    assert caught.value.received


@page.thorough(150)
@given(
    message=st.text(st.characters(max_codepoint=0xFF, exclude_categories=["Cc"])),
    encoding=st.sampled_from(
        [
            "utf-8",
            "utf-16",
            "iso-8859-1",
            "utf-8-sig",
            "iso-8859-15",
            "windows-1252",
            "cp037",
        ]
    ),
)
def test_a_declared_encoding_as_another_parser_reads_it(
    message: str, encoding: str
) -> None:
    """Where another parser can read the encoding as well, both read the same."""
    escaped = message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = DECLARED.format(encoding.removesuffix("-sig")) + result(
        [HEADER[0], f"<Message>{escaped}</Message>"]
    )
    document = text.encode(encoding, "xmlcharrefreplace")
    try:
        answer: Any = sms_send.parse_response(document)
    except MalformedResponse:
        assert encoding == "cp037"
    else:
        assert answer.header.message == message_of(document) == message


def test_the_same_holds_in_an_envelope() -> None:
    """An opt-out answer is read with any prefix, in UTF-16, with comments and in any order."""
    text = (
        page.CREATE_SUCCESS.decode().replace("%&^", "%&amp;^").replace("%&@", "%&amp;@")
    )
    text = text.replace("soap:", "s-1:").replace(":soap", ":s-1")
    text = text.replace('encoding="utf-8"', 'encoding="utf-16"')
    text = text.replace("<Success>", "<!-- & --><Success a='b'>").replace(
        "<Header>", "<Unknown/><Header>"
    )
    answer = sms_opt_out_create.parse_response(text.encode("utf-16"))
    assert answer.header == Header(
        success=True, session_key="ASGJDHAGS%&^%&@!", impersonated=False
    )
    assert answer.repaired == ()
