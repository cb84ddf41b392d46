"""The value of a member that is there and says that it has no value."""

from enum import Enum
from typing import Final


class Nil(Enum):
    """What a member is that is marked as nil, where that is told from leaving it out.

    It has one value, which is `NIL`; ask for it by `is NIL`.
    """

    NIL = "nil"

    def __repr__(self) -> str:
        return "NIL"


NIL: Final = Nil.NIL
