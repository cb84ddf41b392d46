"""Whatever is meant as a list of values is kept as a tuple."""

from collections.abc import Iterator

import pytest

from soapstone.runtime import checks
from soapstone.runtime.items import as_items


class Refusing:
    """Refuses to be iterated."""

    def __iter__(self) -> Iterator[object]:
        raise RuntimeError


def _generated() -> Iterator[int]:
    yield 1
    yield 2


@pytest.mark.parametrize(
    "value", [(1, 2), [1, 2], _generated(), {1: "a", 2: "b"}.keys(), range(1, 3)]
)
def test_lists(value: tuple[int, ...]) -> None:
    """Any iterable is a list of values and becomes a tuple."""
    assert as_items(value) == (1, 2)


def test_lists_in_lists() -> None:
    """Lists in a list become tuples down to their depth, and no further."""
    value: tuple[object, ...] = ([[1], [2]], "ab", [])
    assert as_items(value) == value
    assert as_items(value, depth=2) == (([1], [2]), "ab", ())
    assert as_items(value, depth=3) == (((1,), (2,)), "ab", ())


@pytest.mark.parametrize(
    "value",
    ["text", b"x", bytearray(b"x"), memoryview(b"x"), {"a": 1}, 5, None, object()],
)
def test_no_lists(value: tuple[object, ...]) -> None:
    """Text, bytes, mappings and what is no iterable come back as they are."""
    assert as_items(value) is value
    assert not checks.items([], "a", as_items(value))


def test_raising_iteration() -> None:
    """What an iteration raises is the caller's to see."""

    def broken() -> Iterator[int]:
        yield 1
        raise LookupError

    items: list[object] = [broken(), Refusing()]
    for value, error in zip(items, (LookupError, RuntimeError), strict=True):
        with pytest.raises(error):
            as_items(value)


def test_what_only_looks_like_a_list() -> None:
    """An object whose `__iter__` gives no iterator comes back as it is."""

    class Pretender:
        def __iter__(self) -> int:
            return 5

    value = Pretender()
    assert as_items(value) is value
