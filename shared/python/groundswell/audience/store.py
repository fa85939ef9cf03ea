"""Lists and their members in DynamoDB (how they lie there: `items`)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from groundswell.audience.items import (
    ListItem,
    MemberItem,
    list_item,
    lists_pk,
    member_item,
    members_pk,
    of_lead_pk,
    of_status_pk,
    use_pk,
)
from groundswell.audience.model import MailingList, Member, MemberStatus
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.leads.adapter_activity import timeline_entry
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore, saved
from groundswell.leads.timeline import Entry as TimelineEntry
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, find_many, list_page
from groundswell.storage.transaction import Change, delete, delete_row, put, put_row, write


class DynamoListStore:
    def __init__(self) -> None:
        self._leads = DynamoLeadStore()

    def find(self, client_id: str, list_id: str) -> MailingList | None:
        return find(MailingList, ListItem, lists_pk(client_id), list_id)

    def find_many(self, client_id: str, list_ids: Collection[str]) -> tuple[MailingList, ...]:
        return find_many(
            MailingList, ListItem, [(lists_pk(client_id), list_id) for list_id in list_ids], consistent=True
        )

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[MailingList]:
        return list_page(MailingList, ListItem, lists_pk(client_id), "", limit, position, own_keys=True)

    def save(self, mailing_list: MailingList, noted: Entry | None) -> MailingList:
        write([put(list_item(mailing_list)), *([note(noted)] if noted else [])])
        return replace(mailing_list, version=mailing_list.version + 1)

    def drop(self, mailing_list: MailingList) -> None:
        """Whatever its version."""
        write([delete_row("core", _key(lists_pk(mailing_list.client_id), mailing_list.id))])

    def sizes(self, client_id: str, list_ids: Sequence[str]) -> Mapping[str, int]:
        totals = self._leads.totals(client_id, [f"list={list_id}" for list_id in list_ids])
        return {list_id: totals.get(f"list={list_id}", 0) for list_id in list_ids}

    def used_by(self, client_id: str, list_id: str) -> Sequence[Mapping[str, str]]:
        return uses(client_id, list_id)


class DynamoMemberStore:
    def __init__(self) -> None:
        self._leads = DynamoLeadStore()

    def leads(self, client_id: str, lead_ids: Collection[str]) -> Mapping[str, Lead]:
        leads = {lead.id: lead for lead in self._leads.find_many(client_id, lead_ids)}
        gone = {lead.merged_into for lead in leads.values() if lead.merged_into}
        if gone:
            kept = self.leads(client_id, gone)
            leads = {id_: kept.get(lead.merged_into, lead) if lead.merged_into else lead for id_, lead in leads.items()}
        return {id_: lead for id_, lead in leads.items() if not lead.merged_into}

    def find(self, client_id: str, list_id: str, lead_ids: Collection[str]) -> Mapping[str, Member]:
        keys = [(members_pk(client_id, list_id), lead_id) for lead_id in lead_ids]
        return {member.lead_id: member for member in find_many(Member, MemberItem, keys, consistent=True)}

    def page(
        self, client_id: str, list_id: str, status: MemberStatus | None, limit: int, position: Position | None
    ) -> Page[Member]:
        after = str(position["after"]) if position else None
        if status is None:
            condition = MemberItem.sk > after if after else None
            items = list(
                MemberItem.query(members_pk(client_id, list_id), condition, limit=limit + 1, consistent_read=True)
            )
        else:
            condition = MemberItem.gsi2sk > after if after else None
            items = list(MemberItem.by_gsi2.query(of_status_pk(client_id, list_id, status), condition, limit=limit + 1))
        members = tuple(from_item(Member, item) for item in items[:limit])
        last = items[limit - 1] if len(items) > limit else None
        return Page(members, {"after": str(last.gsi2sk if status else last.sk)} if last else None)

    def of_lead(self, client_id: str, lead_id: str) -> Sequence[Member]:
        return [from_item(Member, item) for item in MemberItem.by_gsi1.query(of_lead_pk(client_id, lead_id))]

    def save(
        self, member: Member, leads: tuple[Lead, Lead], entry: TimelineEntry | None, messages: Sequence[Message]
    ) -> Member:
        entries = [timeline_entry(member.client_id, member.lead_id, entry)] if entry else []
        write([put(member_item(member)), *_changed(leads), *entries], messages)
        return replace(member, version=member.version + 1)

    def remove(self, member: Member, leads: tuple[Lead, Lead] | None) -> None:
        write([delete(member_item(member)), *(_changed(leads) if leads else [])])


def use(client_id: str, what_id: str, kind: str, by_id: str) -> Change:
    """The port for features: a change of the transaction in which something (`kind`: "campaign") begins to address a
    list or segment, which is not deleted as long as it does."""
    row = {**_key(use_pk(client_id, what_id), f"{kind}#{by_id}"), "kind": {"S": "audience_use"}}
    return put_row("core", row)


def release(client_id: str, what_id: str, kind: str, by_id: str) -> Change:
    """It does not address it any more."""
    return delete_row("core", _key(use_pk(client_id, what_id), f"{kind}#{by_id}"))


def uses(client_id: str, what_id: str) -> Sequence[Mapping[str, str]]:
    """What addresses a list or segment: some of it, where it is much."""
    items = CoreItem.query(use_pk(client_id, what_id), limit=20, consistent_read=True)
    return [dict(zip(("kind", "id"), item.sk.split("#", 1), strict=True)) for item in items]


def _changed(leads: tuple[Lead, Lead]) -> Iterator[Change]:
    before, after = leads
    if before != after:
        yield from saved(before, after)


def _key(pk: str, sk: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
