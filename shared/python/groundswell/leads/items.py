"""How leads lie in the core table.

| pk | sk | what |
|---|---|---|
| `LEAD#<client>#<lead>` | `LEAD` | the lead |
| | `H#<id>` | what somebody changed at once |
| | `C#<id>` | an entry of the consent ledger |
| | `M#<merge>` | a merge that it was part of |
| | `E#<id>` | that an entry of the timeline was told |
| | `I#<time>#<id>`, `T#<time>#<id>` | an interaction, an entry of the timeline |
| `LEADKEY#<client>#<identity>` | `KEY` | whose the identity is |
| `LEADS#<client>#<view>` | order | a row of a list: `storage.listing` |
| `LEADQ#<client>#<first two characters>` | `<token>#<lead>` | what a search begins with |
| `LEADCOUNT#<client>#<shard>` | counter | part of a total: one transaction of many must not wait for another |
| `LEADCOMPANIES#<client>` | domain | a company, and how many leads it has |
| `LEADMERGE#<client>#<merge>` | `MERGE` | two leads as they were before they were one |
"""

from typing import Any

from pynamodb.attributes import (
    BooleanAttribute,
    JSONAttribute,
    ListAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from groundswell.kernel.clock import rfc3339
from groundswell.leads.history import ChangeSet
from groundswell.leads.merging import Merge
from groundswell.leads.model import Consent, Lead, consent_place
from groundswell.leads.timeline import Entry as TimelineEntry
from groundswell.leads.timeline import Interaction, as_entry, place
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Listing
from groundswell.storage.mapper import to_item
from groundswell.storage.transaction import Change, put_row

LISTING = Listing("LEADS", ("created_at", "score", "last_activity_at"))
SHARDS = 16
NO_SCORE = "-"
"""Sorts below every digit."""
STATUS_COUNTER = "status"


class LeadItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    last_activity_at = UTCDateTimeAttribute()
    status_changed_at = UTCDateTimeAttribute()
    email = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    first_name = UnicodeAttribute(null=True)
    last_name = UnicodeAttribute(null=True)
    company = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)
    website = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    status = UnicodeAttribute()
    tags: ListAttribute[Any] = ListAttribute()
    owner_id = UnicodeAttribute(null=True)
    watchers: ListAttribute[Any] = ListAttribute()
    locale = UnicodeAttribute(null=True)
    timezone = UnicodeAttribute(null=True)
    custom_fields = JSONAttribute()
    telegram_chat_id = UnicodeAttribute(null=True)
    wallet = UnicodeAttribute(null=True)
    distinct_id = UnicodeAttribute(null=True)
    external = JSONAttribute()
    aliases: ListAttribute[Any] = ListAttribute()
    consent = JSONAttribute()
    score = NumberAttribute(null=True)
    grade = UnicodeAttribute(null=True)
    scored_at = UTCDateTimeAttribute(null=True)
    email_verdict = UnicodeAttribute(null=True)
    email_checked_at = UTCDateTimeAttribute(null=True)
    list_ids: ListAttribute[Any] = ListAttribute()
    segment_ids: ListAttribute[Any] = ListAttribute()
    merged_ids: ListAttribute[Any] = ListAttribute()
    merged_into = UnicodeAttribute(null=True)


class KeyItem(CoreItem):
    lead_id = UnicodeAttribute()


class ChangeSetItem(CoreItem):
    id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()
    changes = JSONAttribute()


class ConsentItem(CoreItem):
    channel = UnicodeAttribute()
    granted = BooleanAttribute()
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()
    source = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    text_version = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)


class InteractionItem(CoreItem):
    id = UnicodeAttribute()
    lead_id = UnicodeAttribute()
    type = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    body = UnicodeAttribute(null=True)
    due_at = UTCDateTimeAttribute(null=True)
    task_id = UnicodeAttribute(null=True)


class EntryItem(CoreItem):
    id = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    channel = UnicodeAttribute()
    event = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    object_type = UnicodeAttribute(null=True)
    object_id = UnicodeAttribute(null=True)
    data = JSONAttribute()


class CompanyItem(CoreItem):
    domain = UnicodeAttribute()
    name = UnicodeAttribute(null=True)
    leads = NumberAttribute()
    created_at = UTCDateTimeAttribute()


def lead_pk(client_id: str, lead_id: str) -> str:
    return f"LEAD#{client_id}#{lead_id}"


def key_pk(client_id: str, key: str) -> str:
    return f"LEADKEY#{client_id}#{key}"


def companies_pk(client_id: str) -> str:
    return f"LEADCOMPANIES#{client_id}"


def lookup_pk(client_id: str, text: str) -> str:
    return f"LEADQ#{client_id}#{text[:2]}"


def count_pk(client_id: str, shard: int) -> str:
    return f"LEADCOUNT#{client_id}#{shard}"


def merge_pk(client_id: str, merge_id: str) -> str:
    return f"LEADMERGE#{client_id}#{merge_id}"


def merge_row(merge: Merge) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pk": {"S": merge_pk(merge.client_id, merge.id)},
        "sk": {"S": "MERGE"},
        "kind": {"S": "lead_merge"},
        "by": {"S": merge.by},
        "created_at": {"S": rfc3339(merge.created_at)},
        **{name: {"M": lead_item(getattr(merge, name)).serialize()} for name in ("keep", "other", "merged")},
    }
    if merge.undone_at:
        row |= {"undone_at": {"S": rfc3339(merge.undone_at)}, "undone_by": {"S": merge.undone_by or ""}}
    return row


def merge_pointers(merge: Merge) -> list[Change]:
    """Below both leads: who erases one of them finds what was kept of it."""
    pointer = {"sk": {"S": f"M#{merge.id}"}, "kind": {"S": "lead_merge_pointer"}}
    leads = (merge.keep.id, merge.other.id)
    return [put_row("core", {"pk": {"S": lead_pk(merge.client_id, lead)}, **pointer}) for lead in leads]


def lead_item(lead: Lead) -> LeadItem:
    return to_item(LeadItem, lead, lead_pk(lead.client_id, lead.id), "LEAD", kind="lead")


def change_set_item(client_id: str, lead_id: str, done: ChangeSet) -> ChangeSetItem:
    item = to_item(ChangeSetItem, done, lead_pk(client_id, lead_id), f"H#{done.id}", kind="lead_change")
    item.changes = [{"field": change.field, "from": change.before, "to": change.after} for change in done.changes]
    return item


def consent_item(client_id: str, lead_id: str, entry: Consent) -> ConsentItem:
    keys = lead_pk(client_id, lead_id), f"C#{consent_place(entry)}"
    return to_item(ConsentItem, entry, *keys, kind="lead_consent")


def interaction_item(client_id: str, interaction: Interaction) -> InteractionItem:
    keys = lead_pk(client_id, interaction.lead_id), f"I#{place(as_entry(interaction))}"
    return to_item(InteractionItem, interaction, *keys, kind="lead_interaction")


def entry_item(client_id: str, lead_id: str, entry: TimelineEntry) -> EntryItem:
    return to_item(EntryItem, entry, lead_pk(client_id, lead_id), f"T#{place(entry)}", kind="lead_timeline")


def score_key(score: float | None) -> str:
    return NO_SCORE if score is None else f"{score:.6f}"
