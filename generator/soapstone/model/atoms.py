"""Types of text on the wire, and the Python values of them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TypeAlias


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


Atom: TypeAlias = str | bool | int | float | Decimal | date | datetime | bytes
"""The Python value of a primitive."""
