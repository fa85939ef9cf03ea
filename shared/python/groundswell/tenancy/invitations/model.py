"""An invitation, its states, and the refusals that belong to it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

from groundswell.access.model import ClientContext, OrgContext, Role
from groundswell.kernel.errors import Conflict, Forbidden, Gone, Invalid, NotFound, Unauthenticated
from groundswell.kernel.ids import hash_secret
from groundswell.tenancy.members.model import reach

LIFETIME = timedelta(hours=48)
RESEND_AFTER = timedelta(seconds=60)
PENDING_AT_MOST = 100
"""For one client, or for the organization itself."""


class InvitationNotFound(NotFound):
    code = "INVITATION_NOT_FOUND"
    message = "No such invitation"


class InvitationOver(Gone):
    code = "INVITATION_EXPIRED"
    message = "This invitation was used, was revoked, or has expired: ask for a new one"


class InvitationClosed(Conflict):
    code = "INVITATION_CLOSED"
    message = "This invitation was accepted or revoked"


class AlreadyInvited(Conflict):
    code = "ALREADY_INVITED"
    message = "This address has an invitation already: resend or revoke it"


class TooManyInvitations(Conflict):
    code = "TOO_MANY_INVITATIONS"
    message = f"At most {PENDING_AT_MOST} invitations may wait for an answer: revoke some"


class SignInToAccept(Unauthenticated):
    code = "SIGN_IN_TO_ACCEPT"
    message = "An account with this e-mail exists: sign in as it and accept again"


class WrongAccount(Forbidden):
    code = "WRONG_ACCOUNT"
    message = "This invitation is for another e-mail address than yours"


class OtherOrganization(Conflict):
    code = "OTHER_ORGANIZATION"
    message = "Your account belongs to another organization: you can be invited to its clients, but not to join it"


class DetailsRequired(Invalid):
    code = "DETAILS_REQUIRED"


class Status(StrEnum):
    """`expired` is never stored: it is a pending invitation past its time."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Inviting:
    """On whose behalf: for a client, or (`client_id` None) for the organization. `role` is the highest they give."""

    org_id: str
    client_id: str | None
    by: str
    role: Role | None

    @classmethod
    def to_client(cls, acting: ClientContext) -> "Inviting":
        return cls(acting.org_id, acting.client_id, acting.actor_id, reach(acting.role, acting.scopes))

    @classmethod
    def to_organization(cls, governing: OrgContext) -> "Inviting":
        return cls(governing.org_id, None, governing.actor_id, governing.role)

    @classmethod
    def of(cls, invitation: "Invitation") -> "Inviting":
        return cls(invitation.org_id, invitation.client_id, invitation.invited_by, invitation.role)


@dataclass(frozen=True)
class Invitation:
    """`token_hash` is of the newest mailed token: a resend makes the one before worthless, and who sent it again is
    from then on who invites."""

    id: str
    org_id: str
    client_id: str | None
    email: str
    role: Role
    token_hash: str
    invited_by: str
    created_at: datetime
    sent_at: datetime
    ends_at: datetime
    state: Status = Status.PENDING
    answered_at: datetime | None = None
    user_id: str | None = None
    version: int = 0

    def status(self, now: datetime) -> Status:
        return Status.EXPIRED if self.state is Status.PENDING and self.ends_at <= now else self.state

    def opened_by(self, secret: str, now: datetime) -> bool:
        return self.status(now) is Status.PENDING and compare_digest(hash_secret(secret), self.token_hash)

    def sent(self, by: str, secret: str, now: datetime) -> "Invitation":
        return replace(self, invited_by=by, token_hash=hash_secret(secret), sent_at=now, ends_at=now + LIFETIME)

    def accepted(self, user_id: str, now: datetime) -> "Invitation":
        return replace(self, state=Status.ACCEPTED, answered_at=now, user_id=user_id)

    def revoked(self, now: datetime) -> "Invitation":
        return replace(self, state=Status.REVOKED, answered_at=now)

    def belongs_to(self, inviting: Inviting) -> bool:
        return (self.org_id, self.client_id) == (inviting.org_id, inviting.client_id)


def spell(invitation_id: str, secret: str) -> str:
    """The token that is mailed: it names its invitation, so that nothing has to be searched."""
    return f"{invitation_id}.{secret}"


def split(token: str) -> tuple[str, str]:
    """(invitation id, secret); the secret is empty when it cannot be one of ours."""
    invitation_id, _, secret = token.partition(".")
    return invitation_id, secret
