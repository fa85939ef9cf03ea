"""Wire shapes of leads."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from functions.leads.fields import (
    Channel,
    Chat,
    ConsentIn,
    CustomFields,
    Email,
    ExternalId,
    Key,
    Locale,
    Phone,
    System,
    Tags,
    Timezone,
    Wallet,
    Website,
    phone_of,
)
from groundswell.http.schema import In, Line, Out, Time
from groundswell.leads.companies import domain_of
from groundswell.leads.history import FieldChange
from groundswell.leads.identities import EXTERNAL_AT_MOST
from groundswell.leads.model import WATCHERS_AT_MOST, Lead, Status
from groundswell.leads.settings.model import Stage

_IDENTITIES = ("telegram_chat_id", "wallet", "distinct_id")
UserId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class IdentitiesIn(In):
    """Absent keeps; `null` clears. `external` are ids in other systems, by the system's name."""

    telegram_chat_id: Chat | None = None
    wallet: Wallet | None = Field(default=None, description="CAIP-10; an EVM address alone is Ethereum's")
    distinct_id: Line | None = Field(default=None, description="The id that `identify` calls of SDKs give")
    external: Annotated[dict[System, ExternalId | None], Field(max_length=EXTERNAL_AT_MOST)] = Field(
        default_factory=dict
    )


class LeadIn(In):
    locale: Locale | None = None  # first: it says how to read the phone
    email: Email | None = None
    phone: Phone | None = Field(default=None, description="E.164, or national with a `locale` that names the country")
    first_name: Line | None = None
    last_name: Line | None = None
    company: Line | None = None
    title: Line | None = None
    website: Website | None = None
    source: Key | None = None
    status: Status | None = None
    tags: Tags | None = None
    owner_id: UserId | None = None
    watchers: Annotated[tuple[UserId, ...], Field(max_length=WATCHERS_AT_MOST)] | None = None
    timezone: Timezone | None = None
    custom_fields: CustomFields | None = None
    identities: IdentitiesIn | None = None
    consent: dict[Channel, ConsentIn] | None = None
    client_id: str | None = None

    @field_validator("status", mode="before")
    @classmethod
    def _in_any_case(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("phone")
    @classmethod
    def _in_e164(cls, value: str | None, info: ValidationInfo) -> str | None:
        return phone_of(value, info.data.get("locale"))

    def values(self) -> dict[str, Any]:
        """What was sent, in the domain's names."""
        sent = self.model_dump(exclude_unset=True, exclude={"client_id", "identities"})
        for name, empty in (("tags", ()), ("watchers", ())):
            if name in sent and sent[name] is None:
                sent[name] = empty
        if sent.get("status", ...) is None:
            sent["status"] = Status.NEW
        if "identities" in self.model_fields_set:
            sent |= _identities(self.identities)
        return sent


def _identities(identities: IdentitiesIn | None) -> dict[str, Any]:
    if identities is None:
        return {**dict.fromkeys(_IDENTITIES), "external": None}
    return identities.model_dump(exclude_unset=True)


class IdentitiesOut(Out):
    telegram_chat_id: str | None
    wallet: str | None
    distinct_id: str | None
    external: dict[str, str]


class ConsentOut(Out):
    granted: bool
    at: Time
    by: str
    source: str | None
    text: str | None
    text_version: str | None
    network: str | None


class LeadOut(Out):
    """`score` and `grade` are null until something scored it, `email_verdict` until
    `POST /search/validate` was asked. `aliases` are further identities that lead here."""

    id: str
    client_id: str
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    company: str | None
    company_domain: str | None
    title: str | None
    website: str | None
    source: str | None
    status: Status
    status_changed_at: Time
    tags: list[str]
    owner_id: str | None
    watchers: list[str]
    locale: str | None
    timezone: str | None
    custom_fields: dict[str, Any]
    identities: IdentitiesOut
    aliases: list[str]
    consent: dict[str, ConsentOut]
    score: float | None
    grade: str | None
    scored_at: Time | None
    email_verdict: Literal["deliverable", "risky", "undeliverable", "unknown"] | None
    email_checked_at: Time | None
    list_ids: list[str]
    segment_ids: list[str]
    created_by: str
    last_activity_at: Time
    created_at: Time
    updated_at: Time
    version: int


def lead_out(lead: Lead) -> LeadOut:
    derived = {"identities", "company_domain", "consent"}
    plain = {name: getattr(lead, name) for name in LeadOut.model_fields if name not in derived}
    return LeadOut(
        **plain,
        company_domain=domain_of(lead),
        identities=IdentitiesOut.model_validate(lead),
        consent={channel: ConsentOut.model_validate(consent) for channel, consent in lead.consent.items()},
    )


class FieldChangeOut(Out):
    """`from` and `to` are null where the field had, or has, no value."""

    at: Time
    by: str
    field: str
    before: Any = Field(serialization_alias="from")
    after: Any = Field(serialization_alias="to")


def field_change_out(change: FieldChange) -> FieldChangeOut:
    return FieldChangeOut.model_validate(change)


class StageOut(Out):
    status: Status
    name: str
    position: int
    leads: int


def stage_out(stage: Stage, position: int, leads: int) -> StageOut:
    return StageOut(status=stage.status, name=stage.name, position=position, leads=leads)


class CompanyOut(Out):
    domain: str
    name: str | None
    leads: int
    created_at: Time
