"""An organization: whose it is, where it is, who pays, and what its people start from."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.access.model import Role
from groundswell.kernel.errors import Forbidden


class AddressNotInvitable(Forbidden):
    code = "ADDRESS_NOT_INVITABLE"

    def __init__(self, domains: tuple[str, ...]) -> None:
        super().__init__(f"The organization invites only addresses at {', '.join(domains)}")


class Size(StrEnum):
    """Employees, in the bands that most directories of companies use."""

    SELF = "1"
    TO_10 = "2-10"
    TO_50 = "11-50"
    TO_200 = "51-200"
    TO_500 = "201-500"
    TO_1000 = "501-1000"
    TO_5000 = "1001-5000"
    TO_10000 = "5001-10000"
    ABOVE = "10001+"


@dataclass(frozen=True)
class Company:
    """`phone` is E.164."""

    legal_name: str | None = None
    website: str | None = None
    industry: str | None = None
    size: Size | None = None
    phone: str | None = None
    logo: str | None = None
    description: str | None = None


@dataclass(frozen=True)
class Address:
    """`country` is an ISO 3166-1 alpha-2 code."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Billing:
    """`plan_name` is a label: what the plan allows are the organization's quotas, which only operators set."""

    email: str | None = None
    tax_id: str | None = None
    plan_name: str | None = None


@dataclass(frozen=True)
class Team:
    """`default_role` is of invitations that name none. Without `invitation_domains` anybody may be invited."""

    default_role: Role = Role.MEMBER
    invitation_domains: tuple[str, ...] = ()

    def need_invitable(self, email: str) -> None:
        """Raises AddressNotInvitable."""
        if self.invitation_domains and email.rpartition("@")[2] not in self.invitation_domains:
            raise AddressNotInvitable(self.invitation_domains)


@dataclass(frozen=True)
class Preferences:
    """`timezone` is an IANA name: of new clients that name none. The others are for those who show things."""

    timezone: str = "UTC"
    language: str | None = None
    currency: str | None = None
    week_starts_on: str = "monday"


@dataclass(frozen=True)
class Organization:
    id: str
    name: str
    created_at: datetime
    version: int = 0
    company: Company = field(default_factory=Company)
    address: Address = field(default_factory=Address)
    billing: Billing = field(default_factory=Billing)
    team: Team = field(default_factory=Team)
    preferences: Preferences = field(default_factory=Preferences)

    def changed(self, changes: Mapping[str, Any]) -> "Organization":
        """Merged as RFC 7396 says: what is absent stays, None goes back to the default."""
        return _merged(self, changes)


def _merged[M](model: M, changes: Mapping[str, Any]) -> M:
    values = {}
    for model_field in fields(model):  # type: ignore[arg-type]  # a dataclass
        if model_field.name in changes:
            before, change = getattr(model, model_field.name), changes[model_field.name]
            if change is None:
                values[model_field.name] = (
                    model_field.default if model_field.default_factory is MISSING else model_field.default_factory()
                )
            else:
                values[model_field.name] = _merged(before, change) if is_dataclass(before) else change
    return replace(model, **values)  # type: ignore[type-var]
