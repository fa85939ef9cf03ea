"""Wire shapes of integrations."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from groundswell.http.envelope import PageMeta
from groundswell.http.fields import Duration
from groundswell.http.schema import In, Out, Time
from groundswell.http.timestamps import Day
from groundswell.integrations.model import ErrorKind, Status, SyncStatus
from groundswell.integrations.platform import AuthKind, Category

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
    from_: Day | None = Field(default=None, alias="from", description="The first day to read")


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
