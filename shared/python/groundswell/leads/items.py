"""How leads lie in the core table.

| pk | sk | what |
|---|---|---|
| `LEAD#<client>#<lead>` | `LEAD` | the lead |
| | `H#<id>` | what somebody changed at once |
| | `C#<id>` | an entry of the consent ledger |
| | `M#<merge>` | a merge that it was part of |
| | `I#<time>#<id>`, `T#<time>#<id>` | an interaction, an entry of the timeline |
| `LEADKEY#<client>#<identity>` | `KEY` | whose the identity is |
| `LEADS#<client>#<view>` | order | a row of a list: `storage.listing` |
| `LEADQ#<client>#<first two characters>` | `<token>#<lead>` | what a search begins with |
| `LEADCOUNT#<client>#<shard>` | counter | part of a total: one transaction of many must not wait for another |
| `LEADCOMPANIES#<client>` | domain | a company, and how many leads it has |
| `LEADMERGE#<client>#<merge>` | `MERGE` | two leads as they were before they were one |
"""

import random
from collections import Counter
from collections.abc import Iterable, Iterator
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
from groundswell.kernel.errors import PreconditionFailed
from groundswell.leads.companies import domain_of
from groundswell.leads.history import ChangeSet
from groundswell.leads.lookup import search_text, tokens
from groundswell.leads.merging import Merge
from groundswell.leads.model import Consent, Lead, LeadExists, consent_place
from groundswell.leads.timeline import Entry as TimelineEntry
from groundswell.leads.timeline import Interaction, as_entry, place
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Entry, Listing
from groundswell.storage.mapper import to_item
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put, put_row

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
    return [put_row("core", {"pk": {"S": lead_pk(merge.client_id, each)}, **pointer}) for each in leads]


def lead_item(lead: Lead) -> LeadItem:
    return to_item(LeadItem, lead, lead_pk(lead.client_id, lead.id), "LEAD", kind="lead")


def change_set_item(client_id: str, lead_id: str, done: ChangeSet) -> ChangeSetItem:
    item = to_item(ChangeSetItem, done, lead_pk(client_id, lead_id), f"H#{done.id}", kind="lead_change")
    item.changes = [{"field": each.field, "from": each.before, "to": each.after} for each in done.changes]
    return item


def consent_item(client_id: str, lead_id: str, entry: Consent) -> ConsentItem:
    keys = lead_pk(client_id, lead_id), f"C#{consent_place(entry)}"
    return to_item(ConsentItem, entry, *keys, kind="lead_consent")


def interaction_item(client_id: str, interaction: Interaction) -> InteractionItem:
    keys = lead_pk(client_id, interaction.lead_id), f"I#{place(as_entry(interaction))}"
    return to_item(InteractionItem, interaction, *keys, kind="lead_interaction")


def entry_item(client_id: str, lead_id: str, entry: TimelineEntry) -> EntryItem:
    return to_item(EntryItem, entry, lead_pk(client_id, lead_id), f"T#{place(entry)}", kind="lead_timeline")


def derived(*pairs: tuple[Lead | None, Lead | None]) -> list[Change]:
    """What else changes with leads that were and are: identities, rows of lists and of the search. The counters, which
    leads that change together share, are `counted`."""
    [client_id] = {lead.client_id for pair in pairs for lead in pair if lead}
    changes = [*_keys(client_id, *pairs)]
    for before, after in pairs:
        changes += LISTING.changes(client_id, _entry(before), _entry(after))
        changes += _lookups(client_id, before, after)
    return changes


def counted(client_id: str, *pairs: tuple[Lead | None, Lead | None]) -> list[Change]:
    """The counters of what changed in one transaction, in a shard of its own choosing: their sum is what counts."""
    steps, companies = Counter[tuple[str, str]](), Counter[str]()
    names: dict[str, Lead] = {}
    for pair in pairs:
        for lead, step in zip(pair, (-1, 1), strict=True):
            if lead and not lead.merged_into:
                steps.update(dict.fromkeys(_counters(lead), step))
                if domain := domain_of(lead):
                    companies[domain] += step
                    names[domain] = lead
    shard = random.randrange(SHARDS)
    grouped: dict[str, dict[str, int]] = {}
    for (counter, field), step in steps.items():
        if step:
            grouped.setdefault(counter, {})[field] = step
    totals = [_add(client_id, shard, counter, fields) for counter, fields in sorted(grouped.items())]
    return [*totals, *(_company(names[domain], domain, step) for domain, step in sorted(companies.items()) if step)]


def _counters(lead: Lead) -> Iterator[tuple[str, str]]:
    yield STATUS_COUNTER, lead.status.value
    for name, values in _facts(lead).items():
        if name in ("owner", "source", "list", "segment"):
            for value in values:
                yield f"{name}={value}", "n"


def _entry(lead: Lead | None) -> Entry | None:
    """None where it is in no list: it is not there, or went into another one."""
    if lead is None or lead.merged_into:
        return None
    facts = _facts(lead)
    return Entry(
        id=lead.id,
        views=frozenset({"all", *(f"{name}={value}" for name, values in facts.items() for value in values)}),
        orders={
            "created_at": rfc3339(lead.created_at),
            "score": score_key(lead.score),
            "last_activity_at": rfc3339(lead.last_activity_at),
        },
        facts=facts,
        texts={"q": search_text(lead)} if search_text(lead) else {},
    )


def score_key(score: float | None) -> str:
    return NO_SCORE if score is None else f"{score:.6f}"


def _facts(lead: Lead) -> dict[str, tuple[str, ...]]:
    named = {
        "status": (lead.status.value,),
        "owner": (lead.owner_id,) if lead.owner_id else (),
        "source": (lead.source,) if lead.source else (),
        "tag": lead.tags,
        "list": lead.list_ids,
        "segment": lead.segment_ids,
        "domain": (domain,) if (domain := domain_of(lead)) else (),
    }
    return {name: values for name, values in named.items() if values}


def _keys(client_id: str, *pairs: tuple[Lead | None, Lead | None]) -> Iterator[Change]:
    """An identity may pass from one of the leads to another. One that went into another lead has none."""
    old, new = _holders(before for before, _ in pairs), _holders(after for _, after in pairs)
    for key in sorted(old.keys() - new.keys()):
        yield delete_row("core", {"pk": {"S": key_pk(client_id, key)}, "sk": {"S": "KEY"}})
    for key, lead_id in sorted(new.items()):
        item = KeyItem(key_pk(client_id, key), "KEY", kind="lead_key", lead_id=lead_id)
        if key not in old:
            yield put(item, LeadExists())
        elif old[key] != lead_id:
            yield put_row("core", {**item.serialize(), "version": {"N": "1"}})


def _holders(leads: Iterable[Lead | None]) -> dict[str, str]:
    return {key: lead.id for lead in leads if lead and not lead.merged_into for key in lead.keys}


def _lookups(client_id: str, before: Lead | None, after: Lead | None) -> Iterator[Change]:
    old = set(tokens(before)) if before and not before.merged_into else set()
    new = set(tokens(after)) if after and not after.merged_into else set()
    lead_id = (after or before or _nobody()).id
    for text in sorted(old - new):
        yield delete_row("core", _lookup_key(client_id, text, lead_id))
    for text in sorted(new - old):
        row = {**_lookup_key(client_id, text, lead_id), "kind": {"S": "lead_lookup"}, "id": {"S": lead_id}}
        yield put_row("core", row)


def _nobody() -> Lead:
    raise ValueError("no lead before and none after")


def _lookup_key(client_id: str, text: str, lead_id: str) -> dict[str, Any]:
    return {"pk": {"S": lookup_pk(client_id, text)}, "sk": {"S": f"{text}#{lead_id}"}}


def _add(client_id: str, shard: int, counter: str, fields: dict[str, int]) -> Change:
    names = {f"#f{at}": name for at, name in enumerate(sorted(fields))}
    operation = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": count_pk(client_id, shard)}, "sk": {"S": counter}},
        "UpdateExpression": "SET kind = :kind ADD " + ", ".join(f"{each} :{each[1:]}" for each in names),
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {
            ":kind": {"S": "lead_count"},
            **{f":{each[1:]}": {"N": str(fields[name])} for each, name in names.items()},
        },
    }
    return Change({"Update": operation}, PreconditionFailed())


def _company(lead: Lead, domain: str, step: int) -> Change:
    new: dict[str, Any] = CompanyItem(
        companies_pk(lead.client_id), domain, kind="lead_company", domain=domain, leads=step, created_at=lead.created_at
    ).serialize()
    values: dict[str, Any] = {
        ":kind": new["kind"],
        ":domain": new["domain"],
        ":at": new["created_at"],
        ":step": new["leads"],
    }
    called = "#name = if_not_exists(#name, :name), " if lead.company else ""
    operation: dict[str, Any] = {
        "TableName": table_name("core"),
        "Key": {"pk": {"S": companies_pk(lead.client_id)}, "sk": {"S": domain}},
        "UpdateExpression": f"SET {called}kind = :kind, #domain = :domain, created_at = if_not_exists(created_at, :at) "
        "ADD leads :step",
        "ExpressionAttributeNames": {"#domain": "domain"} | ({"#name": "name"} if called else {}),
        "ExpressionAttributeValues": values | ({":name": {"S": lead.company}} if called else {}),
    }
    return Change({"Update": operation}, PreconditionFailed())
