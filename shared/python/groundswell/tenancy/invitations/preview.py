"""What an invitation is about, for whoever holds its mailed token, before they accept it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from groundswell.tenancy.clients.model import Client
from groundswell.tenancy.invitations.model import Invitation, Inviting
from groundswell.tenancy.invitations.service import People


@dataclass(frozen=True)
class Preview:
    """`place` is the client's name or the organization's, `inviter` a person's; `has_account` is the address's."""

    email: str
    place: str
    inviter: str
    has_account: bool
    logo: str | None


class Names(Protocol):
    def name_of(self, inviting: Inviting) -> str:
        """The client's name, or the organization's."""


class PreviewService:
    def __init__(
        self,
        find: Callable[[str], Invitation],
        names: Names,
        people: People,
        client: Callable[[str], Client | None],
    ) -> None:
        self._find = find
        self._names = names
        self._people = people
        self._client = client

    def show(self, token: str) -> Preview:
        """Raises InvitationOver."""
        invitation = self._find(token)
        inviter = self._people.find(invitation.invited_by)
        client = self._client(invitation.client_id) if invitation.client_id else None
        return Preview(
            email=invitation.email,
            place=client.name if client else self._names.name_of(Inviting.of(invitation)),
            inviter=inviter.name if inviter else "",
            has_account=self._people.by_email(invitation.email) is not None,
            logo=client.logo if client else None,
        )
