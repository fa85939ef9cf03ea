"""Takes the members off a list that was deleted."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from groundswell.audience.model import MailingList, Member, MemberStatus
from groundswell.audit.model import Entry
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.leads.model import Lead
from groundswell.operations.model import Operation

_TOGETHER = 100


class Lists(Protocol):
    def find(self, client_id: str, list_id: str) -> MailingList | None: ...

    def save(self, mailing_list: MailingList, noted: Entry | None) -> MailingList: ...

    def drop(self, mailing_list: MailingList) -> None: ...


class Members(Protocol):
    def page(
        self, client_id: str, list_id: str, status: MemberStatus | None, limit: int, position: Position | None
    ) -> Page[Member]: ...

    def leads(self, client_id: str, lead_ids: Sequence[str]) -> Mapping[str, Lead]: ...

    def remove(self, member: Member, leads: tuple[Lead, Lead] | None) -> None:
        """Raises PreconditionFailed."""


class RemovalJob:
    """A hundred members a step, always the first ones: whoever does a step again finds fewer."""

    def __init__(self, lists: Lists, members: Members, now: Callable[[], datetime]) -> None:
        self._lists = lists
        self._members = members
        self._now = now

    def step(self, operation: Operation) -> Operation:
        client_id, list_id = operation.client_id, str(operation.state["list_id"])
        removed = int(operation.state.get("removed", 0))
        mailing_list = self._lists.find(client_id, list_id)
        if mailing_list is None:
            return operation.succeeded({"list_id": list_id, "removed": removed})
        if mailing_list.deleted_at is None:  # whoever asked died before saying so
            mailing_list = self._lists.save(replace(mailing_list, deleted_at=self._now()), None)
        members = self._members.page(client_id, list_id, None, _TOGETHER, None).items
        if not members:
            self._lists.drop(mailing_list)
            return operation.succeeded({"list_id": list_id, "removed": removed})
        leads = self._members.leads(client_id, [member.lead_id for member in members])
        gone = sum(self._removed(member, leads.get(member.lead_id)) for member in members)
        return operation.at(50, removed=removed + gone)

    def outcome(self, operation: Operation) -> Mapping[str, str]:
        return {"removed": str((operation.result or {}).get("removed", 0))}

    def _removed(self, member: Member, lead: Lead | None) -> bool:
        """Who is changed by others meanwhile is found again by the next step."""
        pair = (lead, _off(lead, member.list_id)) if lead else None
        with suppress(PreconditionFailed):
            self._members.remove(member, pair)
            return True
        return False


def _off(lead: Lead, list_id: str) -> Lead:
    return replace(lead, list_ids=tuple(other_id for other_id in lead.list_ids if other_id != list_id))
