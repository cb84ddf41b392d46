"""What every error has to say, and what must be possible with it."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from typing import TypeVar

import pytest
from ways import Caller

from revio import RevioError

ErrorT = TypeVar("ErrorT", bound=RevioError)


def raised(kind: type[ErrorT], call: Callable[[], object]) -> ErrorT:
    """The error of a call, which must be of exactly that class."""
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    return caught.value


def assert_told(
    error: RevioError, caller: Caller, operation: str = "SMS_Send", attempt: int = 1
) -> None:
    """An error says of which call it is, in its fields and in its sentence, and can be pickled."""
    assert error.operation == operation
    assert error.endpoint == caller.endpoint
    assert error.attempt == attempt
    tried = f"attempt {attempt}" if attempt else "nothing was sent"
    sentence = str(error)
    assert re.match(rf"{operation}(: | failed: )(?!{operation})", sentence)
    assert sentence.endswith(f" ({caller.endpoint}, {tried})")
    # No words of Python's or of the system's for themselves.
    assert (
        re.search(r"\[Errno|Traceback|object at|\bNone\b|<class|[a-z]Error\b", sentence)
        is None
    )
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == sentence
        assert vars(twin) == vars(error)
