"""Usage by month, quotas, and what a used-up quota refuses. Months are UTC, spelled `2026-11`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from groundswell.kernel.errors import Forbidden, Invalid

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class SeatsTaken(Forbidden):
    code = "QUOTA_EXCEEDED"

    def __init__(self, what: str, allowed: int) -> None:
        super().__init__(
            f"The organization may have {allowed} {what}: ask an operator of the platform to raise the quota, "
            f"or make room"
        )


@dataclass(frozen=True)
class Month:
    """`start` <= time < `end`."""

    name: str
    start: datetime
    end: datetime

    @property
    def previous(self) -> "Month":
        year, month = self.start.year, self.start.month
        return _month(year - 1, 12) if month == 1 else _month(year, month - 1)


def month_of(time: datetime) -> Month:
    return _month(time.year, time.month)


def parse_month(text: str) -> Month:
    """Raises Invalid (`month`)."""
    match = _MONTH.fullmatch(text)
    if match is None:
        raise Invalid.on("month", "such as 2026-11", "format")
    return _month(int(match[1]), int(match[2]))


def _month(year: int, month: int) -> Month:
    end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    return Month(f"{year:04d}-{month:02d}", datetime(year, month, 1, tzinfo=UTC), end)


@dataclass(frozen=True)
class Quota:
    """None is no limit, and the stage's own for the model and for the recipients that a user's campaigns have in a day.
    `blocked_until` is epoch seconds: events are refused until then."""

    org_id: str
    events_per_month: int | None = None
    users: int | None = None
    clients: int | None = None
    model_tokens_per_month: int | None = None
    recipients_per_day: int | None = None
    blocked_until: int | None = None
    version: int = 0


@dataclass(frozen=True)
class ClientMonth:
    """Events of one client in one month, by day of the month (`"01"`)."""

    org_id: str
    client_id: str
    month: str
    days: Mapping[str, int]
    as_of: datetime

    @property
    def events(self) -> int:
        return sum(self.days.values())


@dataclass(frozen=True)
class Counts:
    """What there is now. `api_keys` are those that work."""

    users: int
    active_users: int
    clients: int
    api_keys: int


@dataclass(frozen=True)
class Usage:
    """One month of an organization. `as_of` is None before anything was measured."""

    org_id: str
    month: Month
    counts: Counts
    quota: Quota
    clients: tuple[ClientMonth, ...] = field(default=())

    @property
    def events(self) -> int:
        return sum(client.events for client in self.clients)

    @property
    def days(self) -> Mapping[str, int]:
        """Events by date (`2026-11-22`), of all clients."""
        total: dict[str, int] = {}
        for client in self.clients:
            for day, events in client.days.items():
                date = f"{self.month.name}-{day}"
                total[date] = total.get(date, 0) + events
        return dict(sorted(total.items()))

    @property
    def as_of(self) -> datetime | None:
        return min((client.as_of for client in self.clients), default=None)
