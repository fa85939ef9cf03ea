"""Measures events from the rollups, and closes an organization's API keys while its quota is used up.

The event path pays nothing for it: whether a key is closed stands on the key, which it reads anyway. So a quota is
overrun by what comes in between two rounds (an hour), and no round is needed to open the keys again: they are closed
until the month ends. Events are counted by the day on which they happened.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from groundswell.access.model import OrgContext
from groundswell.audit.model import Entry
from groundswell.kernel.errors import require_version
from groundswell.tenancy.usage.model import ClientMonth, Counts, Month, Quota, Usage, month_of

FRESH_FOR = timedelta(minutes=5)
_CLIENTS_AT_ONCE = 50  # that a request may measure
_LATE = timedelta(days=2)  # for which a month that ended is measured again


class UsageStore(Protocol):
    def quota(self, org_id: str) -> Quota: ...

    def save_quota(self, quota: Quota, entry: Entry) -> Quota:
        """Raises PreconditionFailed if someone else wrote first."""

    def block(self, org_id: str, until: int | None) -> None:
        """Close all API keys of the organization until then (epoch seconds), or open them."""

    def months(self, org_id: str, month: str) -> tuple[ClientMonth, ...]: ...

    def save_month(self, usage: ClientMonth) -> None: ...

    def counts(self, org_id: str) -> Counts: ...

    def client_ids(self, org_id: str) -> tuple[str, ...]:
        """Of the clients that are not deleted."""

    def owner_of(self, client_id: str) -> str | None:
        """The organization of a client, deleted or not."""


class Events(Protocol):
    def by_day(self, client_id: str, month: Month) -> Mapping[str, int]:
        """Events by day of the month (`"01"`), days without any left out."""

    def client_ids(self) -> Iterator[str]:
        """All that ever sent an event."""


class UsageService:
    def __init__(self, store: UsageStore, events: Events, now: Callable[[], datetime]) -> None:
        self._store = store
        self._events = events
        self._now = now

    def usage(self, org_id: str, month: Month) -> Usage:
        """This month's is measured again when it is older than five minutes and the clients are few."""
        now = self._now()
        if month == month_of(now):
            known = {month.client_id: month.as_of for month in self._store.months(org_id, month.name)}
            clients = self._store.client_ids(org_id)
            if len(clients) <= _CLIENTS_AT_ONCE:
                for client_id in clients:
                    if client_id not in known or now - known[client_id] > FRESH_FOR:
                        self._measure(org_id, client_id, month)
        months = self._store.months(org_id, month.name)
        return Usage(org_id, month, self._store.counts(org_id), self._store.quota(org_id), months)

    def set_quota(self, governing: OrgContext, limits: Mapping[str, Any], expected: int | None) -> Quota:
        """Felt at once. Raises PreconditionFailed."""
        quota = self._store.quota(governing.org_id)
        require_version(expected, quota.version)
        changed = replace(quota, **limits)
        details = {name: str(value) for name, value in limits.items()}
        target = f"organization:{quota.org_id}"
        self._store.save_quota(changed, Entry(quota.org_id, "quota.updated", governing.actor_id, target, details))
        self.enforce(governing.org_id)
        return self._store.quota(governing.org_id)

    def run(self, has_time_left: Callable[[], bool]) -> tuple[int, bool]:
        """Measure every client with events and enforce every quota. Returns (clients measured, whether all)."""
        now, organizations, done, whole = self._now(), set[str](), 0, True
        months = [month_of(now)]
        if now - months[0].start < _LATE:
            months.append(months[0].previous)
        # The clients' order turns by the hour: whoever comes last in a round that takes too long comes first later.
        ids = sorted(set(self._events.client_ids()))
        start = int(now.timestamp() // 3600) % len(ids) if ids else 0
        for client_id in ids[start:] + ids[:start]:
            if not has_time_left():
                whole = False
                break
            org_id = self._store.owner_of(client_id)
            if org_id is not None:
                organizations.add(org_id)
                for month in months:
                    self._measure(org_id, client_id, month)
                done += 1
        for org_id in sorted(organizations):
            self.enforce(org_id)
        return done, whole

    def enforce(self, org_id: str) -> None:
        """Close or open the organization's keys, as its month's events ask."""
        quota, month = self._store.quota(org_id), month_of(self._now())
        used_up = quota.events_per_month is not None and self._events_in(org_id, month) >= quota.events_per_month
        until = int(month.end.timestamp()) if used_up else None
        was_closed = (quota.blocked_until or 0) > self._now().timestamp()
        if until or was_closed:
            self._store.block(org_id, until)

    def _events_in(self, org_id: str, month: Month) -> int:
        return sum(month.events for month in self._store.months(org_id, month.name))

    def _measure(self, org_id: str, client_id: str, month: Month) -> None:
        days = self._events.by_day(client_id, month)
        self._store.save_month(ClientMonth(org_id, client_id, month.name, days, self._now()))
