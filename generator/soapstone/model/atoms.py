"""Types of text on the wire, and the Python values of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, SupportsIndex, TypeAlias, cast


class Primitive(Enum):
    """Types of text on the wire, under their names in a spec."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    DECIMAL = "decimal"
    DOUBLE = "double"
    DATE = "date"
    DATE_TIME = "dateTime"
    BASE64 = "base64"


class Timestamp(datetime):
    """A point in time whose fraction of a second has more than the six digits of a `datetime`.

    Attributes:
        digits: Those after the sixth, without zeros at the end.
    """

    digits: str = ""

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[Any, ...]:
        # A `datetime` does not tell of what is added to it.
        made = cast("tuple[Any, ...]", super().__reduce_ex__(protocol))
        return *made, {"digits": self.digits}


Atom: TypeAlias = str | bool | int | float | Decimal | date | datetime | bytes
"""The Python value of a primitive."""
