"""Documented values are texts in every respect, and answers may hold others."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.enumeration import Enumeration


class Status(Enumeration):
    """Documented values of every spelling."""

    ACTIVE = "Active"
    NOT_SPECIFIED = ""
    SPACED = " spaced "
    LOWER = "active"
    WHITE = " "


@pytest.mark.parametrize("member", list(Status))
def test_text(member: Status) -> None:
    """A member is its text: shown, formatted, compared, hashed and written as JSON."""
    text = member.value
    assert type(str(member)) is type(f"{member}") is str
    assert str(member) == f"{member}" == text
    assert f"{member:>12}" == text.rjust(12)
    assert member == text
    assert hash(member) == hash(text)
    assert {text: 1}[member] == 1
    assert json.loads(json.dumps(member)) == text


@pytest.mark.parametrize("member", list(Status))
def test_identity(member: Status) -> None:
    """A member stays the same object when it is pickled, copied or read."""
    assert copy.copy(member) is copy.deepcopy(member) is member
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(member, protocol)) is member
    assert Status.read(member.value) is member


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("\n Active\t", Status.ACTIVE),
        (" active", Status.LOWER),
        (" spaced ", Status.SPACED),
        ("\r\n", Status.NOT_SPECIFIED),
        (" ", Status.WHITE),
    ],
)
def test_blanks(text: str, member: Status) -> None:
    """The exact text comes first, then that without white space around."""
    assert Status.read(text) is member


@pytest.mark.parametrize("text", ["ACTIVE", "spaced", " Suspended ", "\xa0Active", "x"])
def test_others(text: str) -> None:
    """Any other text survives as itself."""
    assert Status.read(text) is text


@given(st.text())
def test_read(text: str) -> None:
    """What is read is documented, or what came."""
    found = Status.read(text)
    assert isinstance(found, Status) or found == text
    assert found.strip(" \t\r\n") == text.strip(" \t\r\n")
