"""Invitations in the core table: `INVITATION#<id>`, listed below their client or, without one, their organization.

`INVITER#<user, or key:<key>>`, `<id>#<sent at>` leads to what somebody has sent, until it cannot be accepted any more.
"""

from dataclasses import replace
from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import check, put, write
from groundswell.tenancy.auth.items import credential_item, user_item
from groundswell.tenancy.auth.model import Credential, EmailTaken, User
from groundswell.tenancy.clients.items import ClientItem, MembershipItem, OrganizationItem, membership_item
from groundswell.tenancy.clients.model import ClientStatus, Membership
from groundswell.tenancy.clients.organization import Organization, Team
from groundswell.tenancy.invitations.model import Invitation, InvitationOver, Inviting
from groundswell.tenancy.members.model import AlreadyMember

_KEPT_AFTER_END = timedelta(days=30)


class InvitationItem(CoreItem):
    id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    client_id = UnicodeAttribute(null=True)
    email = UnicodeAttribute()
    role = UnicodeAttribute()
    token_hash = UnicodeAttribute()
    invited_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    sent_at = UTCDateTimeAttribute()
    ends_at = UTCDateTimeAttribute()
    state = UnicodeAttribute()
    answered_at = UTCDateTimeAttribute(null=True)
    user_id = UnicodeAttribute(null=True)


class InviterItem(CoreItem):
    """Written once a mail, so its version is 1."""

    invitation_id = UnicodeAttribute()


def inviter_item(invitation: Invitation) -> InviterItem:
    pk, sk = f"INVITER#{invitation.invited_by}", f"{invitation.id}#{invitation.sent_at.isoformat()}"
    expires = int(invitation.ends_at.timestamp())
    return InviterItem(pk, sk, kind="inviter", invitation_id=invitation.id, expires_at=expires)


def invitation_item(invitation: Invitation) -> InvitationItem:
    keys: dict[str, str | int] = {
        "gsi1pk": _owner(invitation.org_id, invitation.client_id),
        "gsi1sk": f"INVITATION#{invitation.id}",
        "expires_at": int((invitation.ends_at + _KEPT_AFTER_END).timestamp()),
    }
    return to_item(InvitationItem, invitation, f"INVITATION#{invitation.id}", "INVITATION", kind="invitation", **keys)


class DynamoInvitationStore:
    def find(self, invitation_id: str) -> Invitation | None:
        try:
            item = InvitationItem.get(f"INVITATION#{invitation_id}", "INVITATION", consistent_read=True)
        except InvitationItem.DoesNotExist:
            return None
        return from_item(Invitation, item)

    def page(self, inviting: Inviting, limit: int, position: Position | None) -> Page[Invitation]:
        owner = _owner(inviting.org_id, inviting.client_id)
        return list_page(Invitation, InvitationItem, owner, "INVITATION", limit, position)

    def name_of(self, inviting: Inviting) -> str:
        if inviting.client_id is None:
            return str(OrganizationItem.get(f"ORG#{inviting.org_id}", "ORG").name)
        return str(ClientItem.get(f"CLIENT#{inviting.client_id}", "CLIENT").name)

    def team_of(self, org_id: str) -> Team:
        organization = find(Organization, OrganizationItem, f"ORG#{org_id}", "ORG", consistent=False)
        return organization.team if organization else Team()

    def is_member(self, client_id: str, user_id: str) -> bool:
        try:
            MembershipItem.get(f"USER#{user_id}", f"CLIENT#{client_id}", consistent_read=True)
        except MembershipItem.DoesNotExist:
            return False
        return True

    def save(self, invitation: Invitation, entry: Entry, message: Message | None) -> Invitation:
        """With a mail, it is found by its inviter from now on."""
        item = invitation_item(invitation)
        found_by = [put(inviter_item(invitation))] if message else []
        write([put(item), note(entry), *found_by], [message] if message else [])
        return replace(invitation, version=item.version)

    def sent_by(self, by: str) -> tuple[Invitation, ...]:
        ids = dict.fromkeys(item.invitation_id for item in InviterItem.query(f"INVITER#{by}", consistent_read=True))
        return tuple(invitation for identifier in ids if (invitation := self.find(identifier)))

    def accept(
        self,
        invitation: Invitation,
        membership: Membership | None,
        entry: Entry,
        account: tuple[User, Credential] | None,
    ) -> None:
        changes = [put(invitation_item(invitation), InvitationOver()), note(entry)]
        if membership is not None:
            client = ClientItem(f"CLIENT#{membership.client_id}", "CLIENT")
            changes.append(check(client, ClientItem.status == ClientStatus.ACTIVE.value, InvitationOver()))
            changes.append(put(membership_item(membership), AlreadyMember()))
        if account is not None:
            user, credential = account
            changes += [put(credential_item(credential), EmailTaken()), put(user_item(user))]
        write(changes)


def _owner(org_id: str, client_id: str | None) -> str:
    return f"CLIENT#{client_id}" if client_id else f"ORG#{org_id}"
