"""Wire shapes of senders."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from functions.campaigns.fields import Email, Subject
from groundswell.campaigns.limits import Limits, Mailboxes, WarmUp
from groundswell.campaigns.senders import ProviderKind, SenderIdentity
from groundswell.http.schema import In, Out, Time, any_case
from groundswell.http.timestamps import Timestamp

Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=253)]
_NEEDED = {
    ProviderKind.SENDGRID: ("api_key",),
    ProviderKind.MAILGUN: ("api_key", "domain"),
    ProviderKind.SES: ("access_key_id", "secret_access_key"),
    ProviderKind.SMTP: ("host",),
}


class SenderFrom(In):
    name: Annotated[Subject, StringConstraints(max_length=100)] = ""
    email: Email


class CredentialsIn(In):
    """SendGrid: `api_key`; Mailgun: `api_key`, `domain`, and `signing_key` for its webhooks; SES: `access_key_id`,
    `secret_access_key`, `region`; SMTP: `host`, `port`, `username`, `password`, `tls`."""

    api_key: Secret | None = None
    domain: Annotated[Name, StringConstraints(pattern=r"^[A-Za-z0-9.-]+$")] | None = None
    signing_key: Secret | None = None
    verification_key: Secret | None = Field(default=None, description="SendGrid's, of its signed event webhook")
    access_key_id: Secret | None = None
    secret_access_key: Secret | None = None
    region: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$")] | None = None
    host: Annotated[Name, StringConstraints(pattern=r"^[A-Za-z0-9.:-]+$")] | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    username: Secret | None = None
    password: Secret | None = None
    tls: Literal["starttls", "tls", "none"] | None = None
    dkim_selector: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,63}$")] | None = None

    def values(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


class WarmUpIn(In):
    """So many messages on the first day, and so many percent more on each day after it (UTC)."""

    first_day: Annotated[int, Field(ge=1, le=100_000)]
    growth_percent: Annotated[int, Field(ge=1, le=900)] = 50
    since: Timestamp | None = Field(default=None, description="Its first day; from now on where that is absent")


class LimitsIn(In):
    """What a sender may send. What waits for it stays `pending` with the reason; all else of the batch leaves."""

    warm_up: WarmUpIn | None = None
    hourly: dict[Mailboxes, Annotated[int, Field(ge=1, le=1_000_000)]] = Field(
        default_factory=dict, description="Messages an hour to mailboxes of one provider"
    )

    def limits(self, now: datetime) -> Limits:
        warm_up = self.warm_up
        ramp = WarmUp(warm_up.first_day, warm_up.growth_percent, warm_up.since or now) if warm_up else None
        return Limits(ramp, {keeper.value: number for keeper, number in self.hourly.items()})


class SenderIn(In):
    sender: SenderFrom = Field(alias="from")
    provider: Annotated[ProviderKind, any_case(ProviderKind)]
    credentials: CredentialsIn
    limits: LimitsIn | None = None
    client_id: str | None = None

    @field_validator("credentials")
    @classmethod
    def _complete(cls, value: CredentialsIn, info: ValidationInfo) -> CredentialsIn:
        provider: ProviderKind | None = info.data.get("provider")  # None: it is refused by itself
        lacking = [name for name in _NEEDED[provider] if getattr(value, name) is None] if provider else []
        if lacking:
            raise ValueError(f"{provider} needs {', '.join(lacking)}")
        return value


class SenderChange(In):
    name: Annotated[Subject, StringConstraints(max_length=100)] | None = None
    credentials: CredentialsIn | None = None
    limits: LimitsIn | None = Field(default=None, description="Whole: what it does not say is no limit any more")
    client_id: str | None = None


class SenderFromOut(Out):
    name: str
    email: str


class DnsOut(Out):
    """`found` is null where the DNS did not answer."""

    type: str
    name: str
    value: str
    is_published: bool | None = Field(serialization_alias="found")


class WarmUpOut(Out):
    first_day: int
    growth_percent: int
    since: Time


class LimitsOut(Out):
    warm_up: WarmUpOut | None
    hourly: dict[str, int]


class SenderOut(Out):
    """Credentials are never shown. `hook_url` takes the provider's reports of bounces and complaints."""

    id: str
    client_id: str
    sender: SenderFromOut = Field(serialization_alias="from")
    provider: ProviderKind
    dns: list[DnsOut]
    verified: bool
    checked_at: Time | None
    limits: LimitsOut | None
    hook_url: str
    created_by: str
    created_at: Time
    updated_at: Time
    version: int


def sender_out(sender: SenderIdentity, hook_url: str) -> SenderOut:
    plain = {
        name: getattr(sender, name)
        for name in SenderOut.model_fields
        if name not in ("hook_url", "sender", "dns", "limits")
    }
    return SenderOut(
        **plain,
        sender=SenderFromOut.model_validate(sender.sender),
        dns=[DnsOut.model_validate(record) for record in sender.dns],
        limits=LimitsOut.model_validate(sender.limits) if sender.limits else None,
        hook_url=hook_url,
    )
