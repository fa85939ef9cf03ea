"""A lead: who it is, how to reach them, how far they are, and who looks after them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from groundswell.access.model import ClientContext, Role
from groundswell.events.chain import caip
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from groundswell.leads.identities import Identity, IdentityKind, external

TAGS_AT_MOST = 20
LISTS_AT_MOST = 20
WATCHERS_AT_MOST = 20
CUSTOM_FIELDS_AT_MOST = 200


class LeadNotFound(NotFound):
    code = "LEAD_NOT_FOUND"
    message = "No such lead"


class LeadMerged(NotFound):
    code = "LEAD_MERGED"
    message = "This lead was merged into another one: `error.details.id` is that one"


class LeadExists(Conflict):
    code = "LEAD_EXISTS"
    message = "There is a lead with this identity: `error.details.id` is that one"


class IdentitiesMeet(Conflict):
    """Nothing is joined unasked: a shared phone number must not make one person of two."""

    code = "IDENTITIES_MEET"
    message = "These identities belong to different leads: `error.details.ids` names them, `POST /leads/merge` joins"


class IdentityRequired(Invalid):
    code = "IDENTITY_REQUIRED"
    message = "A lead has an e-mail, a phone or one of `identities` at least"


class Status(StrEnum):
    NEW = "new"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    LOST = "lost"


@dataclass(frozen=True)
class Consent:
    """What somebody agreed to on a channel, or withdrew: the newest entry of the ledger is what holds.

    `text_version` is that of the text that was shown; `network` the caller's address, shortened (/24, /48).
    """

    channel: str
    granted: bool
    at: datetime
    by: str
    source: str | None = None
    text: str | None = None
    text_version: str | None = None
    network: str | None = None


def consent_place(consent: Consent) -> str:
    """Where an entry is in the ledger."""
    return f"{rfc3339(consent.at)}#{consent.channel}"


@dataclass(frozen=True)
class Lead:
    """`aliases` are further identities (`Identity.key`) that lead here: other addresses of the same person.

    `merged_ids` are leads that went into this one, directly or with another; `merged_into` is set on those that did.
    `score` is 0 to 1 and None until something scored it. `email_verdict` is on the e-mail that the lead has
    (`validation.model.Verdict`). `list_ids` and `segment_ids` are the audience's.
    """

    id: str
    client_id: str
    created_by: str
    created_at: datetime
    updated_at: datetime
    last_activity_at: datetime
    status_changed_at: datetime
    email: str | None = None
    phone: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    title: str | None = None
    website: str | None = None
    source: str | None = None
    status: Status = Status.NEW
    tags: tuple[str, ...] = ()
    owner_id: str | None = None
    watchers: tuple[str, ...] = ()
    locale: str | None = None
    timezone: str | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    telegram_chat_id: str | None = None
    wallet: str | None = None
    distinct_id: str | None = None
    external: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    consent: Mapping[str, Consent] = field(default_factory=dict)
    score: float | None = None
    grade: str | None = None
    scored_at: datetime | None = None
    email_verdict: str | None = None
    email_checked_at: datetime | None = None
    list_ids: tuple[str, ...] = ()
    segment_ids: tuple[str, ...] = ()
    merged_ids: tuple[str, ...] = ()
    merged_into: str | None = None
    version: int = 0

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first_name, self.last_name) if part)

    @property
    def identities(self) -> tuple[Identity, ...]:
        return tuple(_identities(self))

    @property
    def keys(self) -> frozenset[str]:
        """All that nobody else of the client may have."""
        return frozenset(identity.key for identity in self.identities) | frozenset(self.aliases)

    @property
    def user_id(self) -> str | None:
        """By which events know its person: its distinct id, else its wallet's address, else its e-mail, which many
        sites give as the user's id."""
        return self.distinct_id or self.wallet_address or self.email

    @property
    def wallet_address(self) -> str:
        """As events have it: without its chain, and in lower case where case means nothing. Empty without a wallet."""
        return caip.lowered((self.wallet or "").rpartition(":")[2])

    def need_identity(self) -> None:
        """Raises IdentityRequired."""
        if not self.identities:
            raise IdentityRequired

    def need_editable_by(self, acting: ClientContext) -> None:
        """A member edits what is theirs, an editor everything. Raises Forbidden."""
        if not acting.role.covers(Role.EDITOR) and acting.actor_id not in (self.owner_id, self.created_by):
            raise Forbidden("A member changes leads that they own or made; an editor changes all")

    def touched(self, at: datetime) -> "Lead":
        """Something happened with it at that time."""
        return self if at <= self.last_activity_at else replace(self, last_activity_at=at)


def _identities(lead: Lead) -> Iterator[Identity]:
    for kind in IdentityKind:
        if kind is not IdentityKind.EXTERNAL and (value := getattr(lead, kind.value)):
            yield Identity(kind, value)
    for system, value in sorted(lead.external.items()):
        yield external(system, value)


@dataclass(frozen=True)
class Filter:
    """Which leads are meant. An empty field is any; several values of one are any of them. Times are [from, to)."""

    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    min_score: float | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    text: str | None = None


@dataclass(frozen=True)
class Order:
    """`by` is `created_at`, `score` or `last_activity_at`. Who has no score is below all that have one."""

    by: str = "created_at"
    descending: bool = True
