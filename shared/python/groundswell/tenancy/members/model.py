"""Members of a client, what their roles allow, and who may give which role."""

from dataclasses import dataclass

from groundswell.access.model import Caller, ClientContext, Role
from groundswell.kernel.errors import Conflict, Forbidden, NotFound
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.clients.model import Membership, Scope


class MemberNotFound(NotFound):
    code = "MEMBER_NOT_FOUND"
    message = "No such member"


class AlreadyMember(Conflict):
    code = "ALREADY_MEMBER"
    message = "This person is a member already: change the role instead"


class LastOwner(Conflict):
    code = "LAST_OWNER"
    message = "This is the last owner: make someone else an owner first"


class WitnessGone(Conflict):
    """The other owner, on whose account this was allowed, is none any more."""

    code = "OWNERS_CHANGED"
    message = "Someone else changed the owners at the same moment: try again"


class RoleTooHigh(Forbidden):
    code = "ROLE_TOO_HIGH"


@dataclass(frozen=True)
class Member:
    """A membership, and whose it is."""

    membership: Membership
    user: User


_SCOPES = (
    (
        Role.VIEWER,
        {
            Scope.ALERTS_READ,
            Scope.ANALYTICS_READ,
            Scope.CAMPAIGNS_READ,
            Scope.BOTS_READ,
            Scope.CLIENTS_READ,
            Scope.CONTENT_READ,
            Scope.CREATIVES_READ,
            Scope.EVENTS_READ,
            Scope.INTEGRATIONS_READ,
            Scope.LEADS_READ,
            Scope.OPERATIONS_READ,
            Scope.PEOPLE_READ,
            Scope.PRIVACY_READ,
            Scope.REPORTS_READ,
            Scope.SEARCH_READ,
            Scope.TASKS_READ,
            Scope.WEBHOOKS_READ,
            Scope.WEBINARS_READ,
            Scope.WHITEPAPERS_READ,
            Scope.BOOKINGS_READ,
        },
    ),
    (
        Role.MEMBER,
        {
            Scope.ALERTS_WRITE,
            Scope.ANALYTICS_WRITE,
            Scope.CHAT_READ,
            Scope.CHAT_WRITE,
            Scope.CREATIVES_WRITE,
            Scope.INTEGRATIONS_WRITE,
            Scope.LEADS_WRITE,
            Scope.MEMBERS_READ,
            Scope.METRICS_WRITE,
            Scope.REPORTS_WRITE,
            Scope.SEARCH_WRITE,
            Scope.TASKS_WRITE,
        },
    ),
    (
        Role.EDITOR,
        {
            Scope.BOOKINGS_WRITE,
            Scope.CAMPAIGNS_WRITE,
            Scope.CONTENT_WRITE,
            Scope.WEBINARS_WRITE,
            Scope.WHITEPAPERS_WRITE,
        },
    ),
)


def scopes_of(role: Role) -> frozenset[Scope]:
    """What an API key needs to do whatever the role may, as far as keys may it at all. For viewer, member, editor."""
    return frozenset(scope for covered_role, scopes in _SCOPES if role.covers(covered_role) for scope in scopes)


def reach(role: Role, scopes: frozenset[str] | None) -> Role | None:
    """The highest role that somebody gives, and whose holders they change: a person the own one, an API key (`scopes`)
    the highest whose scopes it has all. Never an admin's, who make keys with every scope and so do what no key does."""
    if scopes is None:
        return role
    reached = [
        covered_role for covered_role, _ in _SCOPES if role.covers(covered_role) and scopes_of(covered_role) <= scopes
    ]
    return reached[-1] if reached else None


def need_power_over(own: Role | None, other: Role) -> None:
    """Nobody changes those above, and nobody lifts anybody above themselves. Raises RoleTooHigh."""
    if own is None:
        raise RoleTooHigh(f"This concerns the role {other.value}; this key's scopes amount to none")
    if not own.covers(other):
        raise RoleTooHigh(f"This concerns the role {other.value}; yours amounts to {own.value}")


def need_grantable(own: Role | None, role: Role) -> None:
    """Raises RoleTooHigh for a role above the own one, and for the platform's, which no tenant gives."""
    if role is Role.SUPER_ADMIN:
        raise RoleTooHigh("super_admin is given by the platform's operators only")
    need_power_over(own, role)


_ACTIONS = (
    (Role.VIEWER, ("read",)),
    (Role.MEMBER, ("write_own",)),
    (Role.EDITOR, ("write",)),
    (Role.ADMIN, ("delete", "administer", "approve")),
    (Role.OWNER, ("grant_owner",)),
)


def actions_of(role: Role) -> tuple[str, ...]:
    """What a role may do for a client, from reading on: `write_own` are own tasks, comments and submissions, `write`
    content and campaigns, `administer` members, API keys and settings."""
    return tuple(action for needed, actions in _ACTIONS if role.covers(needed) for action in actions)


@dataclass(frozen=True)
class Permissions:
    """`source` is where the role comes from: `membership`, `organization` (its admins are admins of every client)
    or `platform`."""

    client_id: str
    role: Role
    source: str
    actions: tuple[str, ...]


def permissions(caller: Caller, acting: ClientContext) -> Permissions:
    source = "membership" if caller.roles.get(acting.client_id) is acting.role else "organization"
    if acting.role is Role.SUPER_ADMIN:
        source = "platform"
    return Permissions(acting.client_id, acting.role, source, actions_of(acting.role))
