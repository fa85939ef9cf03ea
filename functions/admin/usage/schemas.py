"""Wire shapes of usage and quotas."""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, Strict

from groundswell.http.schema import In, Time
from groundswell.tenancy.usage.model import Quota, Usage

Limit = Annotated[int, Strict(), Field(ge=0, le=10**12)]


class QuotaUpdate(In):
    """Absent keeps; `null` lifts the limit."""

    events_per_month: Limit | None = None
    users: Limit | None = None
    clients: Limit | None = None

    def limits(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class QuotaOut(BaseModel):
    """Null is no limit. While `events_refused_until` lies ahead, API keys get 429 `QUOTA_EXCEEDED` for events."""

    events_per_month: int | None
    users: int | None
    clients: int | None
    events_refused_until: Time | None
    version: int


class ClientUsageOut(BaseModel):
    client_id: str
    events: int


class UsageOut(BaseModel):
    """`events` and `days` are of the month, by the day on which they happened (UTC); the other counts are of now."""

    org_id: str
    month: str
    events: int
    days: dict[str, int]
    clients: list[ClientUsageOut]
    users: int
    active_users: int
    clients_total: int
    api_keys: int
    quota: QuotaOut
    as_of: Time | None


def quota_out(quota: Quota) -> QuotaOut:
    until = quota.blocked_until
    return QuotaOut(
        events_per_month=quota.events_per_month,
        users=quota.users,
        clients=quota.clients,
        events_refused_until=datetime.fromtimestamp(until, UTC) if until else None,
        version=quota.version,
    )


def usage_out(usage: Usage) -> UsageOut:
    return UsageOut(
        org_id=usage.org_id,
        month=usage.month.name,
        events=usage.events,
        days=dict(usage.days),
        clients=[ClientUsageOut(client_id=each.client_id, events=each.events) for each in usage.clients],
        users=usage.counts.users,
        active_users=usage.counts.active_users,
        clients_total=usage.counts.clients,
        api_keys=usage.counts.api_keys,
        quota=quota_out(usage.quota),
        as_of=usage.as_of,
    )
