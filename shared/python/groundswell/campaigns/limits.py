"""What a sender may send: little at first, more each day, and to each mailbox provider no more than it takes.

An address that nobody knows and that writes to thousands on its first day is spam to Gmail and others; so new senders
warm up. All of it is counted in UTC days and hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from groundswell.outbound.model import Buckets, Rate

_DAY, _HOUR = 86_400, 3600
_ENOUGH = 1_000_000
"""A day. Who may send as many is warm."""
_CHUNKS = 20
"""A process takes a twentieth of what is left to take at a time, so that little is lost with it."""


class Mailboxes(StrEnum):
    """Who keeps the recipient's mailbox, by its domain."""

    GOOGLE = "google"
    MICROSOFT = "microsoft"
    YAHOO = "yahoo"
    APPLE = "apple"
    OTHER = "other"


_DOMAINS = {
    Mailboxes.GOOGLE: ("gmail.com", "googlemail.com"),
    Mailboxes.MICROSOFT: (
        "outlook.com",
        "hotmail.com",
        "live.com",
        "msn.com",
        "hotmail.de",
        "outlook.de",
        "hotmail.fr",
    ),
    Mailboxes.YAHOO: ("yahoo.com", "ymail.com", "rocketmail.com", "aol.com", "yahoo.de", "yahoo.fr", "yahoo.co.uk"),
    Mailboxes.APPLE: ("icloud.com", "me.com", "mac.com"),
}
_KEEPERS = {domain: keeper for keeper, domains in _DOMAINS.items() for domain in domains}


def keeper_of(address: str) -> Mailboxes:
    return _KEEPERS.get(address.rpartition("@")[2].lower(), Mailboxes.OTHER)


@dataclass(frozen=True)
class WarmUp:
    """`first_day` messages on the day of `since`, and so many percent more on each day after it."""

    first_day: int
    growth_percent: int
    since: datetime

    def allowed(self, now: datetime) -> int | None:
        """On that day; None for one that is warm."""
        days = max((now.date() - self.since.date()).days, 0)
        allowed = float(self.first_day)
        for _ in range(days):
            allowed *= 1 + self.growth_percent / 100
            if allowed >= _ENOUGH:
                return None
        return int(allowed)


@dataclass(frozen=True)
class Limits:
    """`hourly` are messages an hour to the mailboxes of one provider."""

    warm_up: WarmUp | None = None
    hourly: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.warm_up or self.hourly)


@dataclass(frozen=True)
class Hold:
    """Why a message waits, and for how many seconds."""

    seconds: float
    reason: str


class Doorkeeper:
    """Counts what leaves by one sender."""

    def __init__(self, name: str, limits: Limits, buckets: Buckets) -> None:
        self._name = name
        self._limits = limits
        self._buckets = buckets

    def hold(self, address: str, now: datetime) -> Hold | None:
        """None: it may leave, and is counted."""
        keeper = keeper_of(address)
        hourly = self._limits.hourly.get(keeper)
        if hourly and (wait := self._take(f"{keeper}", hourly, _HOUR)):
            return Hold(wait, f"cap: {hourly} an hour to mailboxes of {keeper}")
        warm_up = self._limits.warm_up
        allowed = warm_up.allowed(now) if warm_up else None
        if allowed and (wait := self._take("day", allowed, _DAY)):
            tomorrow = (now + timedelta(seconds=wait)).date()
            return Hold(wait, f"warm_up: {allowed} on this day, more from {tomorrow}")
        return None

    def _take(self, what: str, calls: int, seconds: int) -> float:
        chunk = max(1, min(10, calls // _CHUNKS))
        return self._buckets.take(f"SENDER#{self._name}#{what}", Rate(calls, seconds, chunk))
