"""Leads in DynamoDB (how they lie there: `items`)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.message import Message
from groundswell.kernel.page import CountedPage, Page, Position, following, is_reversed
from groundswell.leads.adapter_activity import entry_once
from groundswell.leads.adapter_derived import counted, derived
from groundswell.leads.adapter_selection import counted_in, selection
from groundswell.leads.companies import Company
from groundswell.leads.edits import new_consents
from groundswell.leads.events import Telling, untold
from groundswell.leads.history import ChangeSet, FieldChange
from groundswell.leads.items import (
    LISTING,
    SHARDS,
    STATUS_COUNTER,
    ChangeSetItem,
    CompanyItem,
    KeyItem,
    LeadItem,
    change_set_item,
    companies_pk,
    consent_item,
    count_pk,
    key_pk,
    lead_item,
    lead_pk,
    lookup_pk,
    merge_pk,
)
from groundswell.leads.lookup import first_match, folded
from groundswell.leads.model import Filter, Lead, Order
from groundswell.leads.settings.model import LeadSettings
from groundswell.leads.settings.store import read_settings, settings_key
from groundswell.leads.timeline import Entry as TimelineEntry
from groundswell.storage.client import dynamodb
from groundswell.storage.core import CoreItem
from groundswell.storage.deletion import delete_items, delete_matching
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, put, write


class DynamoLeadStore:
    def find(self, client_id: str, lead_id: str) -> Lead | None:
        return find(Lead, LeadItem, lead_pk(client_id, lead_id), "LEAD")

    def find_many(self, client_id: str, lead_ids: Collection[str]) -> tuple[Lead, ...]:
        rows = get_rows("core", [_lead_key(client_id, lead_id) for lead_id in dict.fromkeys(lead_ids)])
        return tuple(map(_lead, rows))

    def holders(self, client_id: str, keys: Collection[str]) -> dict[str, str]:
        return _holders(client_id, get_rows("core", _key_keys(client_id, keys)))

    def met(self, client_id: str, keys: Collection[str]) -> tuple[dict[str, str], LeadSettings]:
        rows = get_rows("core", [*_key_keys(client_id, keys), settings_key(client_id)])
        set_by_client = next((row for row in rows if row["kind"]["S"] == "lead_settings"), None)
        settings = read_settings(set_by_client) if set_by_client else LeadSettings(client_id)
        return _holders(client_id, [row for row in rows if row is not set_by_client]), settings

    def page(
        self, client_id: str, wanted: Filter, order: Order | None, limit: int, position: Position | None
    ) -> CountedPage[Lead]:
        """A Query for each view (two at most), and BatchGetItem for the leads together with what counts them."""
        if wanted.text and wanted == Filter(text=wanted.text) and order is None:
            return self._matching(client_id, folded(wanted.text), limit, position)
        ids = LISTING.page(client_id, selection(wanted, order or Order()), limit, position)
        counter = counted_in(wanted)
        counters = _counter_keys(client_id, counter[0]) if counter else []
        rows = get_rows("core", [*(_lead_key(client_id, lead_id) for lead_id in ids.items), *counters])
        leads = {row["id"]["S"]: _lead(row) for row in rows if row["kind"]["S"] == "lead"}
        total = _sum(rows, counter[1]) if counter else None
        return CountedPage(Page(tuple(leads[lead_id] for lead_id in ids.items if lead_id in leads), ids.next), total)

    def _matching(self, client_id: str, text: str, limit: int, position: Position | None) -> CountedPage[Lead]:
        low = f"{position['key']}!" if position else text
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :low AND :high",
            ExpressionAttributeValues={
                ":pk": {"S": lookup_pk(client_id, text)},
                ":low": {"S": low},
                ":high": {"S": f"{text}\U0010ffff"},
            },
            Limit=limit + 1,
        )
        rows = [(row["sk"]["S"], row["id"]["S"]) for row in answer["Items"]]
        shown = rows[:limit]
        leads = {lead.id: lead for lead in self.find_many(client_id, [lead_id for _, lead_id in shown])}
        matches = (leads[lead_id] for sk, lead_id in shown if lead_id in leads and _first(leads[lead_id], text, sk))
        return CountedPage(Page(tuple(matches), {"key": shown[-1][0]} if len(rows) > limit else None), None)

    def status_totals(self, client_id: str) -> dict[str, int]:
        rows = get_rows("core", _counter_keys(client_id, STATUS_COUNTER))
        names = {name for row in rows for name, value in row.items() if "N" in value}
        return {name: _sum(rows, name) for name in names}

    def totals(self, client_id: str, counters: Collection[str]) -> dict[str, int]:
        """How many leads have each `list=<id>`, `segment=<id>`, `owner=<id>` or `source=<name>`; none is left out."""
        rows = get_rows("core", [key for counter in counters for key in _counter_keys(client_id, counter)])
        return {counter: _sum([row for row in rows if row["sk"]["S"] == counter], "n") for counter in counters}

    def save(self, before: Lead | None, after: Lead, done: ChangeSet | None = None, telling: Telling = untold) -> Lead:
        return _written(after, saved(before, after, done), telling(after))

    def save_met(
        self,
        before: Lead | None,
        after: Lead,
        done: ChangeSet | None,
        entry: TimelineEntry | None,
        messages: Sequence[Message],
    ) -> Lead:
        entry_rows = entry_once(after.client_id, after.id, entry) if entry else []
        return _written(after, [*saved(before, after, done), *entry_rows], messages)

    def remove(self, lead: Lead, noted: Entry | None, messages: Sequence[Message] = ()) -> None:
        """What was said of it goes first: a lead that is there leads to all that is left."""
        for lead_id in (*lead.merged_ids, lead.id):
            self._remove_entries(lead.client_id, lead_id, but_lead=lead_id == lead.id)
        counters = counted(lead.client_id, (lead, None))
        trail = [note(noted)] if noted else []
        write([delete(lead_item(lead)), *derived((lead, None)), *counters, *trail], messages)

    def purge(self, lead: Lead) -> int:
        """As all of its client goes: nobody counts any more. How many items."""
        for lead_id in (lead.id, *lead.merged_ids):
            self._remove_entries(lead.client_id, lead_id, but_lead=lead_id == lead.id)
        keys = [change.operation["Delete"]["Key"] for change in derived((lead, None))]
        last = [key for key in keys if key["pk"]["S"].endswith("#all")]
        delete_items("core", [*(key for key in keys if key not in last), _lead_key(lead.client_id, lead.id)])
        delete_items("core", last)
        return len(keys) + 1

    def _remove_entries(self, client_id: str, lead_id: str, *, but_lead: bool) -> None:
        pointers = CoreItem.query(lead_pk(client_id, lead_id), CoreItem.sk.startswith("M#"), consistent_read=True)
        merges = [merge_pk(client_id, pointer.sk.removeprefix("M#")) for pointer in pointers]
        delete_items("core", [{"pk": {"S": merge}, "sk": {"S": "MERGE"}} for merge in merges])
        values: dict[str, Any] = {":pk": {"S": lead_pk(client_id, lead_id)}}
        condition: dict[str, Any] = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values}
        for keys in ("sk < :lead", "sk > :lead") if but_lead else ("",):
            if keys:
                condition["KeyConditionExpression"] = f"pk = :pk AND {keys}"
                values[":lead"] = {"S": "LEAD"}
            for _ in delete_matching("core", condition):
                pass

    def history(self, client_id: str, lead_id: str, limit: int, position: Position | None) -> Page[FieldChange]:
        """Newest first. A place in the list is a change of several fields, and how many of it were shown."""
        last = f"H#{position['id']}" if position else "H$"
        sets = ChangeSetItem.query(
            lead_pk(client_id, lead_id),
            ChangeSetItem.sk.between("H#", last),
            scan_index_forward=False,
            limit=limit + 2,
            page_size=limit + 2,
            consistent_read=True,
        )
        places = [(item, number) for item in sets for number in range(len(item.changes))]
        skip = int(position.get("shown", 0)) if position else 0
        shown = places[skip : skip + limit]
        more = shown[-1] if len(places) > skip + limit else None
        following: Position | None = {"id": more[0].id, "shown": more[1] + 1} if more else None
        return Page(tuple(_field_change(item, number) for item, number in shown), following)

    def companies(self, client_id: str, limit: int, position: Position | None) -> Page[Company]:
        """Those that have leads, in the order of their domains."""
        descending, last = is_reversed(position), (position or {}).get("domain")
        rest = (CompanyItem.sk < str(last) if descending else CompanyItem.sk > str(last)) if last else None
        query = CompanyItem.query(
            companies_pk(client_id), rest, CompanyItem.leads > 0, limit=limit + 1, scan_index_forward=not descending
        )
        items = list(query)
        companies = tuple(from_item(Company, item) for item in items[:limit])
        return Page(companies, following(position, domain=companies[-1].domain) if len(items) > limit else None)

    def company(self, client_id: str, domain: str) -> Company | None:
        company = find(Company, CompanyItem, companies_pk(client_id), domain)
        return company if company and company.leads > 0 else None


def saved(before: Lead | None, after: Lead, done: ChangeSet | None = None) -> list[Change]:
    """A lead as it is now, with all that follows; the first of the changes is the lead's own."""
    return [*uncounted(before, after, done), *counted(after.client_id, (before, after))]


def uncounted(before: Lead | None, after: Lead, done: ChangeSet | None = None) -> list[Change]:
    """The same without the counters, which leads that are written together share (`adapter_derived.counted`)."""
    history = [put(change_set_item(after.client_id, after.id, done))] if done else []
    ledger = [put(consent_item(after.client_id, after.id, consent)) for consent in new_consents(before, after)]
    return [put(lead_item(after)), *derived((before, after)), *history, *ledger]


def _written(lead: Lead, changes: Sequence[Change], messages: Sequence[Message]) -> Lead:
    write(changes, messages)
    return replace(lead, version=lead.version + 1)


def _key_keys(client_id: str, keys: Collection[str]) -> list[dict[str, Any]]:
    return [{"pk": {"S": key_pk(client_id, key)}, "sk": {"S": "KEY"}} for key in sorted(keys)]


def _holders(client_id: str, rows: Sequence[dict[str, Any]]) -> dict[str, str]:
    items = map(KeyItem.from_raw_data, rows)
    return {item.pk.removeprefix(key_pk(client_id, "")): item.lead_id for item in items}


def _lead_key(client_id: str, lead_id: str) -> dict[str, Any]:
    return {"pk": {"S": lead_pk(client_id, lead_id)}, "sk": {"S": "LEAD"}}


def _lead(row: dict[str, Any]) -> Lead:
    return from_item(Lead, LeadItem.from_raw_data(row))


def _first(lead: Lead, text: str, sk: str) -> bool:
    return first_match(lead, text) == sk.rpartition("#")[0]


def _counter_keys(client_id: str, counter: str) -> list[dict[str, Any]]:
    return [{"pk": {"S": count_pk(client_id, shard)}, "sk": {"S": counter}} for shard in range(SHARDS)]


def _sum(rows: Sequence[dict[str, Any]], field: str | None) -> int:
    """Of one field of the counters among the rows, or of all their fields."""
    counters = [row for row in rows if row["kind"]["S"] == "lead_count"]
    return sum(
        int(value["N"])
        for row in counters
        for name, value in row.items()
        if "N" in value and name != "version" and field in (None, name)
    )


def _field_change(item: ChangeSetItem, number: int) -> FieldChange:
    change: dict[str, Any] = item.changes[number]
    return FieldChange(item.at, item.by, change["field"], change.get("from"), change.get("to"))
