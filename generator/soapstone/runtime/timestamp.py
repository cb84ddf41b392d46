"""Points in time with more digits than a `datetime` has."""

import datetime as dt
from typing import SupportsIndex, final, overload


@final
class Timestamp(dt.datetime):
    """A `datetime` that keeps the seventh to ninth digit of a fraction of a second.

    It is compared and hashed like the `datetime` without these digits, and equals it. They are
    kept by `replace`, `astimezone` and sums with a `timedelta`, by pickling and copying, and
    shown by `isoformat`, `str` and `repr`.
    """

    _nanosecond = 0

    def __new__(  # noqa: PLR0913, PLR0917 - what a `datetime` takes
        cls,
        year: SupportsIndex,
        month: SupportsIndex,
        day: SupportsIndex,
        hour: SupportsIndex = 0,
        minute: SupportsIndex = 0,
        second: SupportsIndex = 0,
        microsecond: SupportsIndex = 0,
        tzinfo: dt.tzinfo | None = None,
        *,
        fold: int = 0,
        nanosecond: int = 0,
    ) -> "Timestamp":
        """Take what a `datetime` takes, and the nanoseconds beyond the microsecond, 0 to 999."""
        if nanosecond not in range(1000):
            raise ValueError("nanosecond must be in 0..999")
        self = super().__new__(
            cls,
            year,
            month,
            day,
            hour,
            minute,
            second,
            microsecond,
            tzinfo,
            fold=fold,
        )
        self._nanosecond = nanosecond
        return self

    @property
    def nanosecond(self) -> int:
        """Nanoseconds beyond the microsecond, 0 to 999."""
        return self._nanosecond

    def replace(
        self,
        *parts: SupportsIndex | dt.tzinfo | None,
        nanosecond: int | None = None,
        **named: SupportsIndex | dt.tzinfo | None,
    ) -> "Timestamp":
        """Like that of a `datetime`, and for the nanoseconds as well."""
        moment = _moment(self).replace(*parts, **named)  # type: ignore[arg-type]
        return with_nanosecond(
            moment, self._nanosecond if nanosecond is None else nanosecond
        )

    def __replace__(
        self,
        /,
        *,
        nanosecond: int | None = None,
        **named: SupportsIndex | dt.tzinfo | None,
    ) -> "Timestamp":
        return self.replace(nanosecond=nanosecond, **named)

    def astimezone(self, tz: dt.tzinfo | None = None) -> "Timestamp":
        """The same point in time in another zone, or in that of the system."""
        return with_nanosecond(_moment(self).astimezone(tz), self._nanosecond)

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """Like that of a `datetime`, with all digits unless another precision is asked for."""
        if timespec != "auto" or not self._nanosecond:
            return super().isoformat(sep, timespec)
        written = super().isoformat(sep, "microseconds")
        digits = f"{self._nanosecond:03}".rstrip("0")
        end = len("2024-02-29T01:02:03.000004")
        return written[:end] + digits + written[end:]

    def __add__(self, other: dt.timedelta) -> "Timestamp":
        return with_nanosecond(_moment(self) + other, self._nanosecond)

    def __radd__(self, other: dt.timedelta) -> "Timestamp":
        return self + other

    # As with `datetime` itself, which differs from a `date` here.
    @overload  # type: ignore[override]
    def __sub__(self, other: dt.datetime) -> dt.timedelta: ...

    @overload
    def __sub__(self, other: dt.timedelta) -> "Timestamp": ...

    def __sub__(self, other: dt.datetime | dt.timedelta) -> "dt.timedelta | Timestamp":
        if isinstance(other, dt.datetime):
            return _moment(self) - other
        return with_nanosecond(_moment(self) - other, self._nanosecond)

    def __repr__(self) -> str:
        shown = repr(_moment(self)).removeprefix("datetime.datetime(")
        return f"Timestamp({shown[:-1]}, nanosecond={self._nanosecond})"

    def __reduce_ex__(self, protocol: SupportsIndex) -> tuple[object, ...]:
        return with_nanosecond, (_moment(self), self._nanosecond)


def with_nanosecond(moment: dt.datetime, nanosecond: int) -> Timestamp:
    """The same point in time with more digits."""
    return Timestamp(
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.microsecond,
        moment.tzinfo,
        fold=moment.fold,
        nanosecond=nanosecond,
    )


def _moment(timestamp: Timestamp) -> dt.datetime:
    """Without the further digits, which only what knows them may keep."""
    return dt.datetime.combine(timestamp.date(), timestamp.timetz())
