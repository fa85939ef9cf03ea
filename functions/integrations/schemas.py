"""Wire shapes of integrations."""

import os
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from groundswell.http.envelope import PageMeta
from groundswell.http.fields import Duration
from groundswell.http.schema import In, Out, Time
from groundswell.integrations.facts import AdRow, Sums, rounded
from groundswell.integrations.model import Connection, ErrorKind, Quarantined, Status, Sync, SyncStatus
from groundswell.integrations.platform import Account, AuthKind, Category, Platform
from groundswell.integrations.records import Record

Secret = Annotated[str, StringConstraints(max_length=3000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
AccountId = Annotated[str, StringConstraints(min_length=1, max_length=100)]
CredentialsIn = Annotated[
    dict[Name, Secret], Field(max_length=20, description="By the names that GET /integrations lists for the platform")
]


class SettingsIn(In):
    every: Duration | None = Field(default=None, description="Between scheduled syncs: 15m to 7d, 1h by default")
    lookback_days: Annotated[int, Field(ge=0, le=90)] | None = Field(
        default=None, description="Days that are read again because platforms attribute late"
    )
    conversion_action: Name | None = Field(default=None, description="Meta: the action type that is a conversion")
    leads: Literal["on", "off"] | None = Field(default=None, description="Whether contacts become leads")
    events: Literal["on", "off"] | None = Field(default=None, description="Whether payments and orders become events")

    def own(self) -> dict[str, str]:
        named = {"conversion_action": self.conversion_action, "leads": self.leads, "events": self.events}
        return {name: value for name, value in named.items() if value is not None}


class ConnectIn(In):
    credentials: CredentialsIn
    account_ids: Annotated[tuple[AccountId, ...], Field(max_length=50)] = ()
    settings: SettingsIn = SettingsIn()


class AuthorizeIn(In):
    return_url: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    credentials: CredentialsIn = Field(
        default_factory=dict, description="What consent does not bring: a shop's name, a property, an app of your own"
    )


class AuthorizeOut(Out):
    url: str
    expires_at: Time


class CredentialOut(Out):
    name: str
    label: str
    required: bool
    secret: bool


class PlatformOut(Out):
    platform: str
    name: str
    category: Category
    auth: AuthKind
    oauth: bool = Field(description="Whether POST …/authorize works")
    credentials: list[CredentialOut]
    streams: list[str]
    status: Status


class AccountOut(Out):
    id: str
    name: str
    currency: str | None
    timezone: str | None


class ErrorOut(Out):
    kind: ErrorKind
    message: str
    at: Time


class StreamOut(Out):
    name: str
    rows: int
    cursor: str | None
    synced_at: Time | None
    quarantined: int


class ConnectionOut(Out):
    id: str
    platform: str
    status: Status
    accounts: list[AccountOut]
    settings: dict[str, Any]
    webhook_url: str | None = Field(description="What the platform's webhooks are to be posted to, where it has any")
    sync_id: str | None = Field(description="The sync that is queued or running")
    last_sync_at: Time | None
    next_sync_at: Time | None
    last_error: ErrorOut | None
    streams: list[StreamOut]
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


class SyncIn(In):
    model_config = ConfigDict(populate_by_name=True)

    streams: Annotated[tuple[Name, ...], Field(max_length=20, description="None: all")] = ()
    full_refresh: bool = Field(default=False, description="Read everything again, whatever was read before")
    from_: date | None = Field(default=None, alias="from", description="The first day to read")


class StreamRunOut(Out):
    name: str
    read: int
    written: int
    quarantined: int


class SyncOut(Out):
    id: str
    sync_id: str
    platform: str
    status: SyncStatus
    trigger: str
    full_refresh: bool
    progress: float = Field(description="0 to 1")
    streams: list[StreamRunOut]
    error: ErrorOut | None
    resume_at: Time | None = Field(description="When it goes on, where the platform asked for patience")
    created_by: str
    created_at: Time
    started_at: Time | None
    finished_at: Time | None
    updated_at: Time
    version: int


class AdRowOut(Out):
    date: date
    platform: str
    account_id: str
    campaign_id: str
    campaign: str
    spend: str | None
    currency: str | None
    impressions: int | None
    clicks: int | None
    landing_page_views: int | None
    conversions: float | None
    revenue: str | None


class RecordOut(Out):
    """`fields` are in our terms, `raw` is as the platform sent it."""

    id: str
    stream: str
    account_id: str
    updated_at: Time | None
    fields: dict[str, Any]
    raw: Any


class SumsOut(Out):
    """A metric that no row has is null. Amounts are null at the top where there are several currencies."""

    rows: int
    currency: str | None
    spend: str | None
    revenue: str | None
    impressions: int | None
    clicks: int | None
    landing_page_views: int | None
    conversions: float | None


class TotalsOut(SumsOut):
    by_currency: list[SumsOut]


class DataMeta(PageMeta):
    stream: str
    totals: TotalsOut | None = Field(description="Of all rows that were asked for; for ad rows")


class DataOut(BaseModel):
    model_config = ConfigDict(defer_build=True)

    status_code: int = 200
    message: str = "Success"
    data: list[AdRowOut | RecordOut]
    meta: DataMeta


class QuarantinedOut(Out):
    id: str
    stream: str
    account_id: str
    reason: str
    raw: Any
    at: Time
    sync_id: str


class ReplayIn(In):
    ids: Annotated[tuple[AccountId, ...], Field(max_length=500, description="None: the first 500")] = ()

    @field_validator("ids")
    @classmethod
    def _each_once(cls, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(ids))


class ReplayOut(Out):
    replayed: int
    left: int = Field(description="Those that could not be taken this time either")


class HeardOut(Out):
    news: bool


def platform_out(platform: Platform, connection: Connection | None) -> PlatformOut:
    return PlatformOut(
        platform=platform.name,
        name=platform.title,
        category=platform.category,
        auth=platform.auth,
        oauth=platform.oauth is not None,
        credentials=[CredentialOut.model_validate(each) for each in platform.credentials],
        streams=[each.name for each in platform.streams],
        status=connection.status if connection else Status.DISCONNECTED,
    )


def connection_out(connection: Connection, platform: Platform) -> ConnectionOut:
    states = [connection.state(each.name) for each in platform.streams]
    own = {"every": _spelled(connection.every_minutes), "lookback_days": connection.lookback_days}
    return ConnectionOut(
        id=connection.platform,
        platform=connection.platform,
        status=connection.status,
        accounts=[
            AccountOut(
                id=each.id, name=each.name or each.id, currency=each.currency or None, timezone=each.timezone or None
            )
            for each in connection.accounts
        ],
        settings={**own, **connection.settings},
        webhook_url=_hook_url(connection) if platform.hook else None,
        sync_id=connection.sync_id,
        last_sync_at=connection.last_sync_at,
        next_sync_at=connection.next_sync_at,
        last_error=ErrorOut.model_validate(connection.last_error) if connection.last_error else None,
        streams=[
            StreamOut(
                name=each.name,
                rows=each.rows,
                cursor=min(each.cursors.values()) if each.cursors else None,
                synced_at=each.synced_at,
                quarantined=each.quarantined,
            )
            for each in states
        ],
        created_by=connection.created_by,
        created_at=connection.created_at,
        updated_at=connection.updated_at,
        version=connection.version,
    )


def _account_out(account: Account) -> AccountOut:
    currency, timezone = account.currency or None, account.timezone or None
    return AccountOut(id=account.id, name=account.name or account.id, currency=currency, timezone=timezone)


def sync_out(sync: Sync) -> SyncOut:
    error = ErrorOut.model_validate(sync.error) if sync.error else None
    named = {name: getattr(sync, name) for name in SyncOut.model_fields if hasattr(sync, name)}
    streams = [StreamRunOut.model_validate(each) for each in sync.streams]
    return SyncOut(**{**named, "sync_id": sync.id, "error": error, "streams": streams})


def ad_row_out(row: AdRow) -> AdRowOut:
    own = {name: value for name, value in vars(row).items() if name != "id"}
    return AdRowOut(
        **{
            **own,
            "spend": _money(row.spend),
            "revenue": _money(row.revenue),
            "conversions": _number(row.conversions),
            "currency": row.currency or None,
        }
    )


def totals_out(total: Sums, currencies: Mapping[str, Sums]) -> TotalsOut:
    by_currency = [_sums_out(currency, each) for currency, each in currencies.items()]
    alone = next(iter(currencies)) if len(currencies) == 1 else None
    top = _sums_out(alone or "", total).model_dump()
    if len(currencies) > 1:
        top |= {"spend": None, "revenue": None}
    return TotalsOut(**top, by_currency=by_currency)


def record_out(record: Record) -> RecordOut:
    return RecordOut.model_validate(record)


def quarantined_out(item: Quarantined) -> QuarantinedOut:
    return QuarantinedOut.model_validate(item)


def _sums_out(currency: str, found: Sums) -> SumsOut:
    return SumsOut(
        rows=found.rows,
        currency=currency or None,
        spend=_rounded(found.spend, currency),
        revenue=_rounded(found.revenue, currency),
        impressions=found.impressions,
        clicks=found.clicks,
        landing_page_views=found.landing_page_views,
        conversions=_number(found.conversions),
    )


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _rounded(amount: Decimal | None, currency: str) -> str | None:
    return None if amount is None else f"{rounded(amount, currency):f}"


def _number(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _spelled(minutes: int) -> str:
    for size, unit in ((1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{unit}"
    return f"{minutes}m"


def _hook_url(connection: Connection) -> str:
    public = os.environ["PUBLIC_URL"].rstrip("/")
    return f"{public}/hooks/{connection.platform}/{connection.client_id}.{connection.hook}"
