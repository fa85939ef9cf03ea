"""When to try a vendor again, and when not."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_OVERLOADED = frozenset({429, 503})
_BROKEN = frozenset({500, 502, 504})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
FIRST_WAIT, LONGEST_WAIT = 0.5, 20.0
"""Seconds."""


def may_repeat(method: str, status: int | None, *, repeatable: bool) -> bool:
    """Whether the same request may be sent again. `status` is None where no answer came, and the request may have
    arrived; `repeatable` says that a second one does no harm, whatever the method (RFC 9110 §9.2.2)."""
    if status in _OVERLOADED:
        return True
    return (status is None or status in _BROKEN) and (repeatable or method in _SAFE_METHODS)


def backoff(attempt: int, random: Callable[[], float]) -> float:
    """Seconds before the attempt after the `attempt`-th (from 1): full jitter, doubled each time."""
    longest: float = min(LONGEST_WAIT, FIRST_WAIT * 2**attempt)
    return random() * longest


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or a date (RFC 9110 §10.2.3). None when it is absent or none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    # A date "-0000" is UTC too.
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
