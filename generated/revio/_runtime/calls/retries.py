"""Whether, and when, a call that failed is tried again."""

from dataclasses import dataclass
from datetime import timezone

from ..errors import ResponseTooLarge, TransportError, UnexpectedStatus

# The service, or what stands before it, says that it did not get to the request, or not now.
PASSING = frozenset({429, 502, 503, 504})

# Longer waits do not fit into the timers of all systems.
_LONGEST = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how soon a failed attempt is repeated.

    Only operations for which a repetition is documented to be harmless are repeated once any
    part of a request may have reached the service; all others only when none has.

    Attributes:
        attempts: How many there are at most, the first among them; 1 for no repetition. One
            that was made with a session that is refused counts, and one without it follows.
        backoff: Longest pause before the second attempt, in seconds. It doubles with each
            attempt; how much of it is waited is left to chance, so that clients spread out.
        longest_pause: What no pause exceeds, in seconds, unless the service asks for more.
        deadline: When a call is over, all attempts and pauses together, in seconds; None for
            no such limit.
    """

    attempts: int = 3
    backoff: float = 0.5
    longest_pause: float = 20.0
    deadline: float | None = 120.0

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"there must be at least 1 attempt, not {self.attempts}")
        if not (self.backoff >= 0 and self.longest_pause >= 0):
            raise ValueError("a pause must not be negative")
        if self.deadline is not None and not self.deadline > 0:
            raise ValueError(f"the deadline must be above 0, not {self.deadline}")


def may_repeat(error: TransportError, *, is_idempotent: bool) -> bool:
    """Whether another attempt can do no harm and may succeed."""
    if isinstance(error, ResponseTooLarge):
        return False  # so would be the next one
    if isinstance(error, UnexpectedStatus):
        return is_idempotent and error.status in PASSING
    return is_idempotent or not error.was_sent


def pause_after(
    policy: RetryPolicy, attempt: int, asked: float | None, chance: float
) -> float:
    """How long to wait after an attempt, in seconds.

    Args:
        policy: How long it may be.
        attempt: Which one failed, counted from 1.
        asked: What the service asks for, which is waited at least, up to a day.
        chance: Between 0 and 1: how much of the pause is waited.
    """
    # From some attempt on the power would be no number any more.
    longest = min(policy.backoff * 2.0 ** min(attempt - 1, 64), policy.longest_pause)
    return min(max(min(longest, _LONGEST) * chance, asked or 0.0), _LONGEST)


def retry_after(header: str | None, now: float) -> float | None:
    """What a header `Retry-After` asks for, in seconds from now; None when it is not legible.

    Args:
        header: Its value, a number of seconds or a date.
        now: Seconds since 1970.
    """
    if header is None:
        return None
    value = header.strip()
    if value.isascii() and value.isdigit():
        # More digits than that would be no pause but the end.
        return min(float(value), 1e9)
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 -- a date is rare

    try:
        moment = parsedate_to_datetime(value)
        if moment.tzinfo is None:  # the oldest form names no zone, and means this one
            moment = moment.replace(tzinfo=timezone.utc)
        return max(moment.timestamp() - now, 0.0)
    except (ValueError, TypeError, OverflowError):
        return None
