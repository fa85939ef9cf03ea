"""Inviting, and what becomes of an invitation until it is answered."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import Quota, RateLimited
from groundswell.kernel.ids import can_be_id, hash_secret
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.tenancy.auth.model import User
from groundswell.tenancy.clients.organization import Team
from groundswell.tenancy.invitations.mails import invitation_mail
from groundswell.tenancy.invitations.model import (
    LIFETIME,
    PENDING_AT_MOST,
    RESEND_AFTER,
    AlreadyInvited,
    Invitation,
    InvitationClosed,
    InvitationNotFound,
    Inviting,
    Status,
    TooManyInvitations,
    spell,
)
from groundswell.tenancy.members.model import AlreadyMember, need_grantable


class InvitationStore(Protocol):
    def find(self, invitation_id: str) -> Invitation | None: ...

    def page(self, inviting: Inviting, limit: int, position: Position | None) -> Page[Invitation]:
        """Of the client, or of the organization itself, oldest first."""

    def name_of(self, inviting: Inviting) -> str:
        """The client's name, or the organization's."""

    def team_of(self, org_id: str) -> Team:
        """The organization's settings for whom it invites."""

    def is_member(self, client_id: str, user_id: str) -> bool: ...

    def save(self, invitation: Invitation, entry: Entry, message: Message | None) -> Invitation:
        """Raises PreconditionFailed if someone else wrote first."""


class People(Protocol):
    def find(self, user_id: str) -> User | None: ...

    def by_email(self, email: str) -> User | None: ...


class InvitationService:
    """`frontend_url` is where mailed links lead."""

    def __init__(
        self,
        store: InvitationStore,
        people: People,
        frontend_url: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        new_secret: Callable[[], str],
    ) -> None:
        self._store = store
        self._people = people
        self._frontend_url = frontend_url
        self._now = now
        self._new_id = new_id
        self._new_secret = new_secret

    def list(self, inviting: Inviting, limit: int, position: Position | None) -> Page[Invitation]:
        return self._store.page(inviting, limit, position)

    def get(self, inviting: Inviting, invitation_id: str) -> Invitation:
        """Raises InvitationNotFound."""
        invitation = self._store.find(invitation_id) if can_be_id(invitation_id) else None
        if invitation is None or not invitation.belongs_to(inviting):
            raise InvitationNotFound
        return invitation

    def invite(self, inviting: Inviting, email: str, role: Role | None) -> Invitation:
        """Without a role, as the organization's default.

        Raises AddressNotInvitable, RoleTooHigh, AlreadyMember, AlreadyInvited, TooManyInvitations.
        """
        team = self._store.team_of(inviting.org_id)
        team.need_invitable(email)
        role = role or team.default_role
        need_grantable(inviting.role, role)
        self._refuse_member(inviting, email)
        self._refuse_repeat(inviting, email)
        now, secret = self._now(), self._new_secret()
        invitation = Invitation(
            id=self._new_id(),
            org_id=inviting.org_id,
            client_id=inviting.client_id,
            email=email,
            role=role,
            token_hash=hash_secret(secret),
            invited_by=inviting.by,
            created_at=now,
            sent_at=now,
            ends_at=now + LIFETIME,
        )
        return self._send(inviting, invitation, secret, "invitation.created")

    def resend(self, inviting: Inviting, invitation_id: str) -> Invitation:
        """A new token, good for another 48 h; the one before is worthless.

        Raises InvitationNotFound, InvitationClosed, RateLimited within a minute of the last mail.
        """
        now, invitation = self._now(), self._open(inviting, invitation_id)
        need_grantable(inviting.role, invitation.role)
        wait = (invitation.sent_at + RESEND_AFTER - now).total_seconds()
        if wait > 0:
            raise RateLimited(Quota("invitations.resend", 1, int(RESEND_AFTER.total_seconds()), 0, int(wait) + 1))
        secret = self._new_secret()
        return self._send(inviting, invitation.sent(inviting.by, secret, now), secret, "invitation.resent")

    def revoke(self, inviting: Inviting, invitation_id: str) -> Invitation:
        """Revoking a revoked one changes nothing. Raises InvitationNotFound, InvitationClosed (it was accepted)."""
        invitation = self.get(inviting, invitation_id)
        if invitation.state is Status.REVOKED:
            return invitation
        invitation = self._open(inviting, invitation_id)
        return self._store.save(
            invitation.revoked(self._now()), entry_of(invitation, inviting.by, "invitation.revoked"), None
        )

    def _refuse_member(self, inviting: Inviting, email: str) -> None:
        """Tells nothing about accounts of other organizations."""
        user = self._people.by_email(email)
        if user is None:
            return
        if inviting.client_id is None:
            joined = user.org_id == inviting.org_id
        else:
            joined = self._store.is_member(inviting.client_id, user.id)
        if joined:
            raise AlreadyMember

    def _refuse_repeat(self, inviting: Inviting, email: str) -> None:
        """Of two at the same moment both may pass: then whichever is accepted first counts."""
        now, position, waiting = self._now(), None, 0
        while True:
            page = self._store.page(inviting, PENDING_AT_MOST, position)
            pending = [invitation for invitation in page.items if invitation.status(now) is Status.PENDING]
            if any(invitation.email == email for invitation in pending):
                raise AlreadyInvited
            waiting += len(pending)
            if waiting >= PENDING_AT_MOST:
                raise TooManyInvitations
            if page.next is None:
                return
            position = page.next

    def _send(self, inviting: Inviting, invitation: Invitation, secret: str, action: str) -> Invitation:
        inviter = self._people.find(inviting.by)
        mail = invitation_mail(
            self._new_id(),
            invitation.email,
            inviter.name if inviter else "Somebody",
            self._store.name_of(inviting),
            spell(invitation.id, secret),
            self._frontend_url,
        )
        return self._store.save(invitation, entry_of(invitation, inviting.by, action), mail.to_message())

    def _open(self, inviting: Inviting, invitation_id: str) -> Invitation:
        invitation = self.get(inviting, invitation_id)
        if invitation.state is not Status.PENDING:
            raise InvitationClosed
        return invitation


def entry_of(invitation: Invitation, by: str, action: str, **details: str) -> Entry:
    scope = {"client_id": invitation.client_id} if invitation.client_id else {}
    details |= {"role": invitation.role.value, **scope}
    return Entry(invitation.org_id, action, by, f"invitation:{invitation.id}", details)
