"""Roles and principals: the rules that every feature inherits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from groundswell.kernel.errors import Forbidden, Invalid, NotFound, Quota, RateLimited, Unauthenticated


class Role(StrEnum):
    """From the least to the most powerful. `super_admin` belongs to the platform, the others to a client or its org."""

    VIEWER = "viewer"
    MEMBER = "member"
    EDITOR = "editor"
    ADMIN = "admin"
    OWNER = "owner"
    SUPER_ADMIN = "super_admin"

    def covers(self, needed: "Role") -> bool:
        return _RANK[self] >= _RANK[needed]


_RANK = {role: rank for rank, role in enumerate(Role)}
_SPELLINGS = {"user": Role.MEMBER, "client": Role.VIEWER, "company_owner": Role.OWNER, "superadmin": Role.SUPER_ADMIN}


def parse_role(text: str) -> Role:
    """Any seed's spelling of a role, in any case. Raises Invalid (`role`)."""
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return _SPELLINGS.get(name) or Role(name)
    except ValueError as error:
        raise Invalid.on("role", f"one of {', '.join(role.value for role in Role)}", "enum") from error


class ClientRequired(Invalid):
    code = "CLIENT_REQUIRED"
    message = "You work for several clients: name one with client_id or X-Client-Id"


class MissingScope(Forbidden):
    code = "SCOPE_REQUIRED"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope {scope}")


class PersonRequired(Unauthenticated):
    code = "PERSON_REQUIRED"
    message = "No API key opens this: sign in"


class InvalidToken(Unauthenticated):
    code = "INVALID_TOKEN"
    message = "The token is not valid: sign in again"


class InvalidKey(Unauthenticated):
    code = "INVALID_API_KEY"
    message = "The API key is not valid"


class QuotaExceeded(RateLimited):
    """What the organization's plan includes is used up. `left` is the seconds until its period ends."""

    code = "QUOTA_EXCEEDED"

    def __init__(self, what: str, left: int) -> None:
        super().__init__(Quota(f"quota.{what}", 0, left, 0, left))
        self.text = (
            f"The organization's quota of {what} is used up: ask an operator of the platform to raise it, "
            f"or try again in {left} s, when its period ends"
        )


USE_NOTED_EVERY = 3600
"""Seconds between two notes of an API key's last use."""


@dataclass(frozen=True)
class Caller:
    """A signed-in user of one organization. `roles` maps client id to the role held there; the clients of `guest_in`
    belong to other organizations. `scopes` are an API key's; None is a person, whom nothing but roles bounds."""

    user_id: str
    org_id: str
    org_role: Role
    session_id: str
    email: str
    roles: Mapping[str, Role] = field(default_factory=dict)
    guest_in: frozenset[str] = frozenset()
    scopes: frozenset[str] | None = None

    @property
    def administers_org(self) -> bool:
        return self.org_role.covers(Role.ADMIN)

    def need_operator(self) -> None:
        """Raises Forbidden for all but the platform's own people."""
        if self.org_role is not Role.SUPER_ADMIN:
            raise Forbidden("This is for operators of the platform")

    def need_administration(self) -> None:
        """Raises Forbidden for all but admins of the organization."""
        if not self.administers_org:
            raise Forbidden(f"This needs the role {Role.ADMIN.value} in the organization")

    def govern(self, named: str | None) -> "OrgContext":
        """The own organization, or the one an operator names. Raises Forbidden."""
        if named is not None and named != self.org_id:
            self.need_operator()
        self.need_administration()
        return OrgContext(named or self.org_id, self.user_id, self.org_role)

    def role_in(self, client_id: str, owned_by: str) -> Role | None:
        """The role for a client that organization `owned_by` owns; None when the caller cannot see it.

        An org admin is an admin of every client of the org; the platform's super admin of every client there is. In a
        client of another organization the caller is a guest: what was granted there counts, and nothing else.
        """
        if self.org_role is Role.SUPER_ADMIN:
            return Role.SUPER_ADMIN
        granted = self.roles.get(client_id)
        if owned_by != self.org_id:
            return granted
        if self.administers_org and (granted is None or self.org_role.covers(granted)):
            return self.org_role
        return granted

    def the_client(self, named: str | None) -> str:
        """The acting client: the one named, else the only one. Raises ClientRequired."""
        if named:
            return named
        if len(self.roles) == 1:
            return next(iter(self.roles))
        raise ClientRequired


@dataclass(frozen=True)
class KeyGrant:
    """What an API key opens. Times are epoch seconds: `valid_until` is set when the key was rotated or expires,
    `blocked_until` while the organization's quota of events is used up, `last_used_at` is true to the hour."""

    public_id: str
    client_id: str
    org_id: str
    secret_hash: str
    scopes: frozenset[str]
    is_active: bool
    valid_until: int | None
    calls_per_minute: int | None = None
    blocked_until: int | None = None
    last_used_at: int | None = None
    rotated_to: str | None = None

    def usable(self, now: datetime) -> bool:
        return self.is_active and (self.valid_until is None or now.timestamp() < self.valid_until)

    @property
    def holder(self) -> Caller:
        """Whoever presents it: an admin of the one client as far as its scopes go, and nobody elsewhere."""
        roles = {self.client_id: Role.ADMIN}
        return Caller(f"key:{self.public_id}", self.org_id, Role.VIEWER, "", "", roles, scopes=self.scopes)

    def need_events_left(self, now: datetime) -> None:
        """Raises QuotaExceeded."""
        left = (self.blocked_until or 0) - int(now.timestamp())
        if left > 0:
            raise QuotaExceeded("events", left)


@dataclass(frozen=True)
class ActiveClient:
    """What every request asks of the client it is for: who owns it, and the time zone (IANA) of its days."""

    org_id: str
    timezone: str = "UTC"


@dataclass(frozen=True)
class ClientContext:
    """A caller acting for one client, with the role held there. What routes hand to services.

    `scopes` as in `Caller`. `timezone` is the client's, and that of every question that names none.
    """

    client_id: str
    org_id: str
    actor_id: str
    role: Role
    scopes: frozenset[str] | None = None
    timezone: str = "UTC"

    def need(self, role: Role) -> None:
        """Raises Forbidden when the role held is less than `role`."""
        if not self.role.covers(role):
            raise Forbidden(f"This needs the role {role.value}; yours is {self.role.value}")

    def need_scope(self, scope: str) -> None:
        """Raises MissingScope for an API key without it, where the operation's own scope does not say all."""
        if self.scopes is not None and scope not in self.scopes:
            raise MissingScope(scope)


@dataclass(frozen=True)
class OrgContext:
    """An admin acting for a whole organization: the own one, or any for the platform's operators."""

    org_id: str
    actor_id: str
    role: Role


class OrganizationNotFound(NotFound):
    code = "ORGANIZATION_NOT_FOUND"
    message = "No such organization"


class ClientNotFound(NotFound):
    code = "CLIENT_NOT_FOUND"
    message = "No such client"
