"""Wire shapes of usage and quotas."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, Field, Strict

from groundswell.http.schema import In, Time
from groundswell.language_model.model import Ledger
from groundswell.language_model.model import Usage as ModelUsage
from groundswell.tenancy.usage.model import Quota, Usage

Limit = Annotated[int, Strict(), Field(ge=0, le=10**12)]


class QuotaUpdate(In):
    """Absent keeps; `null` lifts the limit."""

    events_per_month: Limit | None = None
    users: Limit | None = None
    clients: Limit | None = None
    model_tokens_per_month: Limit | None = Field(
        default=None, description="Of the language model; `null` is the stage's default"
    )
    recipients_per_day: Limit | None = Field(
        default=None, description="Of campaigns, by each user; `null` is the default, 10,000"
    )

    def limits(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class QuotaOut(BaseModel):
    """Null is no limit. While `events_refused_until` lies ahead, API keys get 429 `QUOTA_EXCEEDED` for events."""

    events_per_month: int | None
    users: int | None
    clients: int | None
    model_tokens_per_month: int | None
    recipients_per_day: int | None
    events_refused_until: Time | None
    version: int


class ClientUsageOut(BaseModel):
    client_id: str
    events: int


class PurposeOut(BaseModel):
    """`cost` in US dollars, null where the price of a model that answered is not known. `failed` calls brought no
    answer; answers that were no use are not among them, and cost."""

    purpose: str
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cost: str | None


class ModelUsageOut(BaseModel):
    """`reserved` tokens are of calls that run, or were never finished. No `limit` is no limit."""

    month: str
    tokens: int
    reserved: int
    limit: int | None
    cost: str | None
    currency: str = "USD"
    purposes: list[PurposeOut]


def model_usage_out(ledger: Ledger) -> ModelUsageOut:
    total = sum((purpose.usage for purpose in ledger.purposes), ModelUsage())
    return ModelUsageOut(
        month=ledger.month,
        tokens=ledger.settled,
        reserved=ledger.reserved,
        limit=ledger.limit,
        cost=_dollars(total.cost),
        purposes=[
            PurposeOut(
                purpose=purpose.purpose,
                calls=purpose.calls,
                failed=purpose.failed,
                input_tokens=purpose.usage.input_tokens,
                output_tokens=purpose.usage.output_tokens,
                cost=_dollars(purpose.usage.cost),
            )
            for purpose in ledger.purposes
        ],
    )


def _dollars(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.6f}"


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
        model_tokens_per_month=quota.model_tokens_per_month,
        recipients_per_day=quota.recipients_per_day,
        events_refused_until=datetime.fromtimestamp(until, UTC) if until else None,
        version=quota.version,
    )


def usage_out(usage: Usage) -> UsageOut:
    return UsageOut(
        org_id=usage.org_id,
        month=usage.month.name,
        events=usage.events,
        days=dict(usage.days),
        clients=[ClientUsageOut(client_id=client.client_id, events=client.events) for client in usage.clients],
        users=usage.counts.users,
        active_users=usage.counts.active_users,
        clients_total=usage.counts.clients,
        api_keys=usage.counts.api_keys,
        quota=quota_out(usage.quota),
        as_of=usage.as_of,
    )
