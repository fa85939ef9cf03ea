"""Withdrawing invitations whose inviter has lost the right to them.

Accepting one asks for that right as well, so nothing hangs on this but that lists are true, and that a right which
comes back does not bring old invitations back.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.message import Message
from groundswell.tenancy.invitations.acceptance import Standings
from groundswell.tenancy.invitations.model import Invitation, Status
from groundswell.tenancy.invitations.service import entry_of


class SentInvitations(Protocol):
    def sent_by(self, by: str) -> Iterable[Invitation]:
        """Those that may still be open."""

    def save(self, invitation: Invitation, entry: Entry, message: Message | None) -> Invitation: ...


class Withdrawals:
    def __init__(self, store: SentInvitations, standings: Standings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._standings = standings
        self._now = now

    def withdraw(self, by: str, actor: str) -> None:
        """After `actor` took rights from `by`. Doing it again changes nothing."""
        now = self._now()
        for invitation in self._store.sent_by(by):
            if invitation.invited_by != by or invitation.status(now) is not Status.PENDING:
                continue
            if not self._standings.of(by, invitation.org_id, invitation.client_id).may_give(invitation.role):
                # Somebody answers it at this moment: then it is closed, or asked for the right.
                with suppress(PreconditionFailed):
                    self._store.save(invitation.revoked(now), entry_of(invitation, actor, "invitation.withdrawn"), None)
