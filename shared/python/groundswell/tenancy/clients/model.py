"""Organizations own clients; clients own everything else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from groundswell.access.model import Role
from groundswell.kernel.errors import Conflict, Gone, NotFound

KEYS_AT_MOST = 50
RESTORABLE_FOR = timedelta(days=14)
IN_OVERLAP_AT_MOST = 40  # all usable keys and their client fit into one transaction (100 items)
ROTATION_OVERLAP_AT_MOST = timedelta(days=7)


class Scope(StrEnum):
    """What an API key may do, for its own client. Never: make keys, delete the client, or what is a person's own."""

    EVENTS_WRITE = "events:write"
    EVENTS_READ = "events:read"
    METRICS_WRITE = "metrics:write"
    ANALYTICS_READ = "analytics:read"
    ANALYTICS_WRITE = "analytics:write"
    PEOPLE_READ = "people:read"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    MEMBERS_READ = "members:read"
    MEMBERS_WRITE = "members:write"
    PRIVACY_READ = "privacy:read"
    PRIVACY_WRITE = "privacy:write"
    OPERATIONS_READ = "operations:read"
    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    CAMPAIGNS_READ = "campaigns:read"
    CAMPAIGNS_WRITE = "campaigns:write"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    SEARCH_READ = "search:read"
    SEARCH_WRITE = "search:write"
    CONTENT_READ = "content:read"
    CONTENT_WRITE = "content:write"
    CREATIVES_READ = "creatives:read"
    CREATIVES_WRITE = "creatives:write"
    WEBINARS_READ = "webinars:read"
    WEBINARS_WRITE = "webinars:write"
    WHITEPAPERS_READ = "whitepapers:read"
    WHITEPAPERS_WRITE = "whitepapers:write"
    BOOKINGS_READ = "bookings:read"
    BOOKINGS_WRITE = "bookings:write"
    BOTS_READ = "bots:read"
    BOTS_WRITE = "bots:write"
    CHAT_READ = "chat:read"
    CHAT_WRITE = "chat:write"
    ALERTS_READ = "alerts:read"
    ALERTS_WRITE = "alerts:write"
    REPORTS_READ = "reports:read"
    REPORTS_WRITE = "reports:write"
    INTEGRATIONS_READ = "integrations:read"
    INTEGRATIONS_WRITE = "integrations:write"


class ClientGone(Gone):
    code = "CLIENT_GONE"
    message = f"A deleted client can be restored for {RESTORABLE_FOR.days} days: these are over"


class KeyNotFound(NotFound):
    code = "API_KEY_NOT_FOUND"
    message = "No such API key"


class KeyClosed(Conflict):
    code = "API_KEY_REVOKED"
    message = "This API key is revoked or was rotated already"


class TooManyKeys(Conflict):
    code = "TOO_MANY_API_KEYS"
    message = f"A client has at most {KEYS_AT_MOST} API keys: revoke one first"


class ClientStatus(StrEnum):
    """`purged`: nothing is left but this trace."""

    ACTIVE = "active"
    DELETED = "deleted"
    PURGED = "purged"


@dataclass(frozen=True)
class Client:
    """A client company: the boundary nothing crosses. `timezone` is an IANA name, `allowed_origins` are the browser
    origins (RFC 6454, such as `https://app.example`) that may call the API for it, `logo` is an image's address,
    `lead_scoring_config` is JSON."""

    id: str
    org_id: str
    name: str
    website: str | None
    industry: str | None
    timezone: str
    status: ClientStatus
    created_by: str
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    allowed_origins: tuple[str, ...] = ()
    logo: str | None = None
    lead_scoring_config: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    @property
    def is_active(self) -> bool:
        return self.status is ClientStatus.ACTIVE

    @property
    def purge_due(self) -> datetime | None:
        """When a deleted client ceases to be restorable."""
        return self.deleted_at + RESTORABLE_FOR if self.deleted_at else None

    def deleted(self, now: datetime) -> "Client":
        return replace(self, status=ClientStatus.DELETED, deleted_at=now, updated_at=now)

    def restored(self, now: datetime) -> "Client":
        """Raises ClientGone when its time is over."""
        if self.status is ClientStatus.PURGED or (self.purge_due and self.purge_due <= now):
            raise ClientGone
        return replace(self, status=ClientStatus.ACTIVE, deleted_at=None, updated_at=now)

    def purged(self, now: datetime) -> "Client":
        emptied = replace(self, settings={}, lead_scoring_config={}, allowed_origins=(), logo=None)
        return replace(emptied, status=ClientStatus.PURGED, updated_at=now)


@dataclass(frozen=True)
class Membership:
    """A user's role in one client; `org_id` is the client's. `version` 0 means: not stored yet."""

    user_id: str
    client_id: str
    org_id: str
    role: Role
    created_at: datetime
    version: int = 0


class KeyStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


@dataclass(frozen=True)
class ApiKey:
    """A key as it is remembered: the secret's hash, and enough of it to recognise. Times are as in `KeyGrant`."""

    public_id: str
    client_id: str
    org_id: str
    name: str
    secret_hash: str
    last4: str
    scopes: frozenset[Scope]
    status: KeyStatus
    created_by: str
    created_at: datetime
    valid_until: int | None = None
    rotated_to: str | None = None
    calls_per_minute: int | None = None
    blocked_until: int | None = None
    last_used_at: int | None = None
    version: int = 0

    @property
    def hint(self) -> str:
        """What is shown after creation: prefix, public id and the last four characters."""
        return f"gp_live_{self.public_id}…{self.last4}"

    def usable(self, now: datetime) -> bool:
        return self.status is KeyStatus.ACTIVE and (self.valid_until is None or now.timestamp() < self.valid_until)

    def suspended(self) -> "ApiKey":
        """Out of use while its client is deleted; restoring the client brings it back."""
        return replace(self, status=KeyStatus.SUSPENDED)

    def resumed(self) -> "ApiKey":
        return replace(self, status=KeyStatus.ACTIVE)

    def revoked(self) -> "ApiKey":
        return replace(self, status=KeyStatus.REVOKED)

    def rotated(self, successor: str, valid_until: int) -> "ApiKey":
        return replace(self, rotated_to=successor, valid_until=valid_until)


@dataclass(frozen=True)
class NewKey:
    """A key at its creation, the only time its text exists."""

    key: ApiKey
    text: str
