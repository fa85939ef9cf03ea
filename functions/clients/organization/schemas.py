"""Wire shapes of the organization."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from functions.clients.schemas import Timezone, Website, cannot_be_cleared
from groundswell.access.model import Role
from groundswell.http.email import Email
from groundswell.http.schema import In, Line, Out, PlaceName, Time
from groundswell.kernel.countries import country_codes
from groundswell.kernel.email import normalize_email
from groundswell.tenancy.clients.organization import Organization, Size
from groundswell.tenancy.purge.model import State
from groundswell.tenancy.usage.model import Quota

type Weekday = Literal["monday", "saturday", "sunday"]
type Granted = Literal["admin", "editor", "member", "viewer"]


def _country(text: str) -> str:
    code = text.upper()
    if code not in country_codes():
        raise ValueError("not an ISO 3166 code such as DE")
    return code


def _domain(text: str) -> str:
    """As it stands behind the @-sign of a stored address."""
    try:
        return normalize_email(f"a@{text.removeprefix('@')}").rpartition("@")[2]
    except ValueError as error:
        raise ValueError("not a domain such as example.com") from error


def _digits(value: object) -> object:
    return "".join(character for character in value if character not in " -/().") if isinstance(value, str) else value


Country = Annotated[str, StringConstraints(min_length=2, max_length=2), AfterValidator(_country)]
Phone = Annotated[str, BeforeValidator(_digits), StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
TaxId = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ./-]*$")]
Language = Annotated[str, StringConstraints(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Domain = Annotated[str, StringConstraints(max_length=253), AfterValidator(_domain)]
Text = Annotated[str, StringConstraints(max_length=1000)]


class CompanyIn(In):
    """`phone` as `+49 30 901820`. `null` clears, here and everywhere below."""

    legal_name: Line | None = None
    website: Website | None = None
    industry: Line | None = None
    size: Size | None = None
    phone: Phone | None = None
    logo: Website | None = None
    description: Text | None = None


class AddressIn(In):
    """`country` is an ISO 3166-1 alpha-2 code."""

    line1: Line | None = None
    line2: Line | None = None
    city: Line | None = None
    region: Line | None = None
    postal_code: Annotated[Line, StringConstraints(max_length=20)] | None = None
    country: Country | None = None


class BillingIn(In):
    """`plan_name` is a label: what the plan allows are the quotas of `/usage`, which operators set."""

    email: Email | None = None
    tax_id: TaxId | None = None
    plan_name: Line | None = None


class TeamIn(In):
    """`default_role` is of invitations that name none; with `invitation_domains` nobody else is invited."""

    default_role: Granted | None = None
    invitation_domains: (
        Annotated[
            tuple[Domain, ...], Field(max_length=20), AfterValidator(lambda domains: tuple(dict.fromkeys(domains)))
        ]
        | None
    ) = None


class PreferencesIn(In):
    """`timezone` is of new clients that name none. The others are for whoever shows things."""

    timezone: Timezone | None = None
    language: Language | None = Field(default=None, description="An RFC 5646 tag such as de-AT")
    currency: Currency | None = Field(default=None, description="An ISO 4217 code such as EUR")
    week_starts_on: Weekday | None = None


class OrganizationUpdate(In):
    """Merged: what is absent stays, inside of the groups as well; `null` clears a field or a whole group."""

    name: PlaceName | None = None
    company: CompanyIn | None = None
    address: AddressIn | None = None
    billing: BillingIn | None = None
    team: TeamIn | None = None
    preferences: PreferencesIn | None = None

    _kept = cannot_be_cleared("name")

    def changes(self) -> dict[str, Any]:
        changes = self.model_dump(exclude_unset=True)
        if (changes.get("team") or {}).get("default_role"):
            changes["team"]["default_role"] = Role(changes["team"]["default_role"])
        return changes


class CompanyOut(Out):
    legal_name: str | None
    website: str | None
    industry: str | None
    size: Size | None
    phone: str | None
    logo: str | None
    description: str | None


class AddressOut(Out):
    line1: str | None
    line2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None


class BillingOut(Out):
    email: str | None
    tax_id: str | None
    plan_name: str | None


class TeamOut(Out):
    default_role: Role
    invitation_domains: list[str]


class PreferencesOut(Out):
    timezone: str
    language: str | None
    currency: str | None
    week_starts_on: Weekday


class LimitsOut(Out):
    """Null is no limit."""

    events_per_month: int | None
    users: int | None
    clients: int | None
    model_tokens_per_month: int | None
    recipients_per_day: int | None


class OrganizationOut(Out):
    """`billing` and `plan_limits` are shown to its admins alone."""

    id: str
    name: str
    company: CompanyOut
    address: AddressOut
    billing: BillingOut | None
    plan_limits: LimitsOut | None
    team: TeamOut
    preferences: PreferencesOut
    created_at: Time
    version: int


def organization_out(organization: Organization, limits: Quota | None) -> OrganizationOut:
    """`limits` are None for who sees neither them nor billing."""
    shown = {name: getattr(organization, name) for name in OrganizationOut.model_fields if name != "plan_limits"}
    shown["billing"] = organization.billing if limits else None
    return OrganizationOut.model_validate({**shown, "plan_limits": limits})


class PersonOut(Out):
    id: str
    email: str
    name: str
    role: Role
    is_active: bool


class PurgeOut(Out):
    """What was deleted for good, by kind."""

    client_id: str
    client_name: str
    state: State
    deleted_at: Time
    started_at: Time
    finished_at: Time | None
    counts: dict[str, int]
