"""Accepting an invitation, with or without an account."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from groundswell.access.model import Caller, Role
from groundswell.audit.model import Entry
from groundswell.kernel.errors import FieldProblem
from groundswell.kernel.ids import can_be_id
from groundswell.tenancy.auth.model import Credential, SignupClosed, User, split_name
from groundswell.tenancy.clients.model import Membership
from groundswell.tenancy.invitations.model import (
    DetailsRequired,
    Invitation,
    InvitationOver,
    OtherOrganization,
    SignInToAccept,
    WrongAccount,
    split,
)
from groundswell.tenancy.invitations.service import People, entry_of
from groundswell.tenancy.members.model import AlreadyMember
from groundswell.tenancy.members.standing import Standing


class AcceptanceStore(Protocol):
    def find(self, invitation_id: str) -> Invitation | None: ...

    def accept(
        self,
        invitation: Invitation,
        membership: Membership | None,
        entry: Entry,
        account: tuple[User, Credential] | None,
    ) -> None:
        """Everything that accepting makes, or nothing.

        Raises InvitationOver (used meanwhile, or its client is deleted), AlreadyMember, EmailTaken.
        """


class Passwords(Protocol):
    def check(self, password: str, email: str) -> None:
        """Raises Invalid for one outside the policy."""

    def hash(self, password: str) -> str: ...


class Seats(Protocol):
    def need_seat(self, org_id: str) -> None:
        """Raises QuotaExceeded when the organization may have no more users."""


class Standings(Protocol):
    def of(self, by: str, org_id: str, client_id: str | None) -> Standing: ...


class AcceptanceService:
    """`signup_mode` is open, invite or closed."""

    def __init__(
        self,
        store: AcceptanceStore,
        people: People,
        passwords: Passwords,
        seats: Seats,
        standings: Standings,
        signup_mode: str,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._people = people
        self._passwords = passwords
        self._seats = seats
        self._standings = standings
        self._signup_mode = signup_mode
        self._now = now
        self._new_id = new_id

    def find(self, token: str) -> Invitation:
        """The invitation that the token opens, unchanged. Raises InvitationOver."""
        return self._by_token(token)

    def accept(self, token: str, caller: Caller | None, name: str | None, password: str | None) -> Invitation:
        """As the signed-in account of that e-mail; without one, with a name and a password for a new account.

        Raises InvitationOver, SignInToAccept, WrongAccount, OtherOrganization, DetailsRequired, Invalid, AlreadyMember,
        SignupClosed, QuotaExceeded.
        """
        invitation = self._by_token(token)
        if caller is not None and caller.email != invitation.email:
            raise WrongAccount
        user = self._people.by_email(invitation.email)
        if user is None:
            return self._join_anew(invitation, name, password)
        if caller is None:
            raise SignInToAccept
        if invitation.client_id is None:
            raise AlreadyMember if user.org_id == invitation.org_id else OtherOrganization
        return self._accept(invitation, user, None)

    def _join_anew(self, invitation: Invitation, name: str | None, password: str | None) -> Invitation:
        if self._signup_mode == "closed":
            raise SignupClosed
        if not name or not password:
            missing = [field for field, value in (("name", name), ("password", password)) if not value]
            problems = (FieldProblem(field, "missing", "needed: this e-mail has no account yet") for field in missing)
            raise DetailsRequired(problems=tuple(problems))
        self._passwords.check(password, invitation.email)
        self._seats.need_seat(invitation.org_id)
        now, (first, last) = self._now(), split_name(name)
        user = User(
            id=self._new_id(),
            org_id=invitation.org_id,
            email=invitation.email,
            first_name=first,
            last_name=last,
            role=_role_in_org(invitation, self._standing(invitation)),
            is_verified=True,  # whoever has the token reads the address's mail
            is_active=True,
            created_at=now,
            updated_at=now,
        )
        return self._accept(invitation, user, Credential(user.email, user.id, self._passwords.hash(password)))

    def _accept(self, invitation: Invitation, user: User, new: Credential | None) -> Invitation:
        now = self._now()
        membership = None
        if invitation.client_id is not None:
            membership = Membership(user.id, invitation.client_id, invitation.org_id, invitation.role, now)
        accepted = invitation.accepted(user.id, now)
        entry = entry_of(accepted, user.id, "invitation.accepted", new_account=str(new is not None).lower())
        self._store.accept(accepted, membership, entry, (user, new) if new else None)
        return accepted

    def _by_token(self, token: str) -> Invitation:
        invitation_id, secret = split(token)
        invitation = self._store.find(invitation_id) if can_be_id(invitation_id) else None
        if invitation is None or not invitation.opened_by(secret, self._now()):
            raise InvitationOver
        if not self._standing(invitation).may_give(invitation.role):
            raise InvitationOver  # what somebody promised who may not promise it any more
        return invitation

    def _standing(self, invitation: Invitation) -> Standing:
        return self._standings.of(invitation.invited_by, invitation.org_id, invitation.client_id)


def _role_in_org(invitation: Invitation, inviter: Standing) -> Role:
    """Who is invited to a client alone becomes no more than a member of its organization, and by who is no member of
    it (a guest, an API key) no more than a viewer."""
    if invitation.client_id is None:
        return invitation.role
    return inviter.adds if invitation.role.covers(inviter.adds) else Role.VIEWER
