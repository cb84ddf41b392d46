"""Pieces of the sentences that say what is wrong with a value."""

import datetime as dt

_VOWELS = tuple("AEIOUaeiou")
# They begin with a vowel in writing only.
_CONSONANTS = ("Eu", "One", "Uni", "Us", "Ut")


def with_article(name: str) -> str:
    """The name of a class with `a` or `an`."""
    is_open = name.startswith(_VOWELS) and not name.startswith(_CONSONANTS)
    return f"{'an' if is_open else 'a'} {name}"


def limits(minimum: int | None, maximum: int | None, noun: str) -> str:
    """How many there must be of something, of which the noun is the singular."""
    last = minimum if maximum is None else maximum
    counted = noun if last == 1 else f"{noun}s"
    if minimum is None:
        return f"at most {maximum} {counted}"
    if maximum is None:
        return f"at least {minimum} {counted}"
    if minimum == maximum:
        return f"exactly {minimum} {counted}"
    return f"{minimum} to {maximum} {counted}"


def minimum(limit: object) -> str:
    """What a value must be that has a lower limit."""
    if isinstance(limit, dt.date):
        return f"must be on or after {limit.isoformat()}"
    return f"must be {limit} or more"


def maximum(limit: object) -> str:
    """What a value must be that has an upper limit."""
    if isinstance(limit, dt.date):
        return f"must be on or before {limit.isoformat()}"
    return f"must be {limit} or less"


def shown(value: object) -> str:
    """A documented value in a sentence; one of an enumeration like any other text."""
    return repr(str(value)) if isinstance(value, str) else str(value)
