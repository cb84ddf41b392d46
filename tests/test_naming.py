"""Python names: derived from wire names, or refused with a reason."""

from __future__ import annotations

import keyword

import pytest

from soapstone.naming import (
    Identifier,
    attribute_name,
    class_name,
    expression,
    module_name,
    pascal_case,
    path_in_comment,
    reserved_reason,
    snake_case,
)


@pytest.mark.parametrize(
    ("wire", "snake", "pascal"),
    [
        ("SMSOptOut_Create", "sms_opt_out_create", "SmsOptOutCreate"),
        ("SMS_Send", "sms_send", "SmsSend"),
        ("SmsProfileID", "sms_profile_id", "SmsProfileId"),
        ("TNs", "tns", "Tns"),
        ("Error_Code", "error_code", "ErrorCode"),
        ("ToNumber", "to_number", "ToNumber"),
        ("Line2Address", "line2_address", "Line2Address"),
        ("e-mail.address", "e_mail_address", "EMailAddress"),
        ("Ünï", "uni", "Uni"),
        ("ß", "", ""),
    ],
)
def test_words_of_a_wire_name(wire: str, snake: str, pascal: str) -> None:
    """Runs of capitals are one word, plurals of them too, and digits stay where they are."""
    assert (snake_case(wire), pascal_case(wire)) == (snake, pascal)


@pytest.mark.parametrize(
    ("wire", "asked_for", "name"),
    [
        ("ID", "", "id"),
        ("Class", "", "class_"),
        ("Int", "", "int_"),
        ("ID", "identifier", "identifier"),
        ("ID", "class", None),
        ("ID", "tuple", None),
        ("ID", "_id", None),
        ("ID", "größe", None),
        ("2nd", "", None),
        ("ß", "", None),
    ],
)
def test_attribute_of_a_member(wire: str, asked_for: str, name: str | None) -> None:
    """A derived name gives way to what Python needs; one that was asked for is never bent."""
    assert attribute_name(wire, asked_for) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("field", "it hides the function by which later members are declared"),
        ("int", "it hides the type in the annotations that follow it"),
        ("class", "it is a keyword of Python"),
        ("_id", "a leading underscore would make it private"),
        ("größe", "it is not an identifier of ASCII letters"),
        ("two words", "it is not an identifier of ASCII letters"),
        ("identifier", ""),
    ],
)
def test_reason_why_a_name_cannot_be_taken(name: str, reason: str) -> None:
    """A name that is refused comes with its reason, and a good one without."""
    assert reserved_reason(name) == reason


@pytest.mark.parametrize(
    ("wire", "asked_for", "name"),
    [("SMS_Send", "", "sms_send"), ("X", "own", "own"), ("X", "_own", None)],
)
def test_module_of_an_operation(wire: str, asked_for: str, name: str | None) -> None:
    """A module is named after its operation unless the spec asks for another name."""
    assert module_name(wire, asked_for) == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("SMS_Send", "Profile"), "SmsSendProfile"),
        (("Value_Error",), None),
        (("2nd",), None),
        (("none",), None),
    ],
)
def test_class_of_a_path(path: tuple[str, ...], name: str | None) -> None:
    """A class is named after its path, and never like something that Python has already."""
    assert class_name(*path) == name


@pytest.mark.parametrize("name", [*keyword.kwlist, "", "a b", "1a", "ä"])
def test_identifier_refuses_what_python_refuses(name: str) -> None:
    """What is no identifier never becomes source text."""
    with pytest.raises(ValueError, match="not an identifier"):
        Identifier(name)


def test_path_in_a_comment_consists_of_plain_names() -> None:
    """A path that could end a comment never becomes source text."""
    assert path_in_comment("demo/ping.yaml") == "demo/ping.yaml"
    with pytest.raises(ValueError, match="not a path of plain names"):
        path_in_comment("demo/ping\nimport os")


def test_expression_is_python() -> None:
    """Text that Python cannot read as an expression never becomes source text."""
    assert expression("response.id") == "response.id"
    with pytest.raises(SyntaxError):
        expression("response.")
