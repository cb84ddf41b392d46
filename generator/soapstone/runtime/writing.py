"""Values to XML text, each such that an XML parser reads back exactly the same value.

The values have passed `checks`: of the right type, in range, and free of characters that
XML cannot carry. Every result is a plain `str`, also for members of an enumeration.
"""

import binascii
import datetime as dt
import math
from collections.abc import Sequence
from decimal import Decimal


def text(value: str) -> str:
    """The text of an element; blanks, tabs and line ends come back as they are."""
    if type(value) is not str:  # a subclass may escape, or refuse, in ways of its own
        value = str.__str__(value)
    if "&" in value:
        value = value.replace("&", "&amp;")
    if "<" in value:
        value = value.replace("<", "&lt;")
    if ">" in value:  # XML forbids "]]>" in text
        value = value.replace(">", "&gt;")
    if "\r" in value:  # a parser reads a bare one as a line feed
        value = value.replace("\r", "&#13;")
    return value


def texts(values: Sequence[str], name: str) -> str:
    """An element of this name around each text."""
    together = "".join(values)
    if not values:
        return ""
    pieces = values if text(together) == together else map(text, values)
    between = f"</{name}><{name}>"
    return f"<{name}>{between.join(pieces)}</{name}>"


def attribute(value: str) -> str:
    """The value of an attribute, for use between quotation marks of either kind."""
    escaped = text(value).replace('"', "&quot;").replace("'", "&apos;")
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;")


def boolean(value: bool) -> str:  # noqa: FBT001 - the value is what this writes
    """`true` or `false`."""
    return "true" if value else "false"


def integer(value: int) -> str:
    """Decimal digits, also for a member of an integer enumeration."""
    return int.__repr__(value)


def decimal(value: Decimal) -> str:
    """All digits with the scale kept: `1.50` stays `1.50`, and never an exponent."""
    return format(value, "f")


def double(value: float) -> str:
    """The shortest text that gives the same double; `INF`, `-INF` and `NaN` as in XSD."""
    number = float(value)
    if math.isfinite(number):
        return repr(number)
    if math.isnan(number):
        return "NaN"
    return "INF" if number > 0 else "-INF"


def date(value: dt.date) -> str:
    """Year, month and day, for example `2024-02-29`."""
    return value.isoformat()


def date_time(value: dt.datetime) -> str:
    """Date and time with the zone the value has, `Z` for UTC, or none for a naive one.

    A fraction of a second has no zeros at its end; all digits of a `Timestamp` are written.
    """
    written = value.isoformat()
    start, point, rest = written.partition(".")
    if point:
        zone = rest.lstrip("0123456789")
        written = f"{start}.{rest.removesuffix(zone).rstrip('0')}{zone}"
    return f"{written[:-6]}Z" if written.endswith("+00:00") else written


def binary(value: bytes) -> str:
    """Base64 in one line."""
    return binascii.b2a_base64(value, newline=False).decode("ascii")
