"""What a service says in its sentences is taken out exactly, or not at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soapstone.runtime.messages import extract


@pytest.mark.parametrize(
    ("message", "literals", "texts"),
    [
        ("'1' is an invalid TN.", ("'", "' is an invalid TN."), ("1",)),
        ("'a, b' are invalid TNs.", ("'", "' are invalid TNs."), ("a, b",)),
        ("'' is an invalid TN.", ("'", "' is an invalid TN."), ("",)),
        ("', ' are invalid TNs.", ("'", "' are invalid TNs."), (", ",)),
        ("\n 'x' is an invalid TN. \t", ("'", "' is an invalid TN."), ("x",)),
        ("'1' is an invalid TN.", ("'", "' are invalid TNs."), None),
        ("X '1' is an invalid TN.", ("'", "' is an invalid TN."), None),
        ("'1' is an invalid TN. Sorry.", ("'", "' is an invalid TN."), None),
        ("' is an invalid TN.", ("'", "' is an invalid TN."), None),
        ("from 1 to 2", ("from ", " to ", ""), ("1", "2")),
        ("from a to b to c", ("from ", " to ", ""), ("a", "b to c")),
        ("from 1", ("from ", " to ", ""), None),
        ("a-b-c", ("", "-", "-c"), ("a", "b")),
        ("a-c", ("", "-", "-c"), None),
        ("exactly this", ("exactly this",), ()),
        ("not this", ("exactly this",), None),
        (None, ("'", "'"), None),
        ("anything", (), None),
        ("", ("", ""), ("",)),
    ],
)
def test_extract(
    message: str | None, literals: tuple[str, ...], texts: tuple[str, ...] | None
) -> None:
    """A message of exactly the literals gives the texts between, any other gives None."""
    assert extract(message, *literals) == texts


@given(st.lists(st.text(alphabet="ab,' "), min_size=1, max_size=4), st.data())
def test_extract_puts_nothing_in_and_leaves_nothing_out(
    texts: list[str], data: st.DataObject
) -> None:
    """What was extracted and the literals make up the message again."""
    literals = [
        data.draw(st.text(alphabet="xy'", min_size=1)) for _ in range(len(texts) + 1)
    ]
    message = literals[0] + "".join(
        text + literal for text, literal in zip(texts, literals[1:], strict=True)
    )
    found = extract(message, *literals)
    assert found is not None
    assert message == literals[0] + "".join(
        text + literal for text, literal in zip(found, literals[1:], strict=True)
    )


def test_extract_is_linear() -> None:
    """A long message that almost matches is refused without delay."""
    started = time.perf_counter()
    assert extract("a" * 1_000_000, "a", "ab", "b") is None
    assert extract("ab" * 500_000, "a", "b", "a", "c") is None
    assert time.perf_counter() - started < 1
