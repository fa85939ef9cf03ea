"""Numbers of a whole organization."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from groundswell.tenancy.usage.model import Counts

_CLIENTS_AT_MOST = 200
_AT_ONCE = 8
_DAYS = 30


@dataclass(frozen=True)
class Overview:
    """Events of today (UTC), and of the last 7 and 30 days with today. `clients_counted` says of how many clients: the
    oldest 200."""

    counts: Counts
    events_today: int
    events_7d: int
    events_30d: int
    clients_counted: int
    as_of: datetime


class Organization(Protocol):
    def counts(self, org_id: str) -> Counts: ...

    def client_ids(self, org_id: str) -> tuple[str, ...]: ...


class Events(Protocol):
    def since(self, client_id: str, first_day: datetime, days: int) -> Mapping[int, int]:
        """Events by number of the day, from 0 on."""


class OverviewService:
    def __init__(self, organization: Organization, events: Events, now: Callable[[], datetime]) -> None:
        self._organization = organization
        self._events = events
        self._now = now

    def of(self, org_id: str) -> Overview:
        now = self._now()
        today = datetime(now.year, now.month, now.day, tzinfo=UTC)
        first, chosen = today - timedelta(days=_DAYS - 1), self._organization.client_ids(org_id)[:_CLIENTS_AT_MOST]
        days = [0] * _DAYS
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for counted in pool.map(lambda client_id: self._events.since(client_id, first, _DAYS), chosen):
                for day, events in counted.items():
                    days[day] += events
        return Overview(
            counts=self._organization.counts(org_id),
            events_today=days[-1],
            events_7d=sum(days[-7:]),
            events_30d=sum(days),
            clients_counted=len(chosen),
            as_of=now,
        )
