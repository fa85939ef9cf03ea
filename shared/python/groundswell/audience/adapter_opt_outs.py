"""Opt-outs in DynamoDB (how they lie there: `items`)."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from groundswell.audience.items import OptOutItem, opt_out_item, opt_outs_pk
from groundswell.audience.model import OptOut
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.page import Page, Position
from groundswell.leads.adapter_activity import timeline_entry
from groundswell.leads.identities import Identity
from groundswell.leads.store import DynamoLeadStore
from groundswell.leads.timeline import Entry as TimelineEntry
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find_many
from groundswell.storage.transaction import delete, put, write


class DynamoOptOutStore:
    def find(self, client_id: str, ids: Collection[str]) -> Mapping[str, OptOut]:
        keys = [(opt_outs_pk(client_id), identifier) for identifier in ids]
        return {opt_out.id: opt_out for opt_out in find_many(OptOut, OptOutItem, keys, consistent=True)}

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[OptOut]:
        before = OptOutItem.gsi1sk < str(position["before"]) if position else None
        results = OptOutItem.by_gsi1.query(opt_outs_pk(client_id), before, scan_index_forward=False, limit=limit + 1)
        items = list(results)
        opt_outs = tuple(from_item(OptOut, item) for item in items[:limit])
        return Page(opt_outs, {"before": str(items[limit - 1].gsi1sk)} if len(items) > limit else None)

    def holder(self, client_id: str, identity: Identity) -> str | None:
        return DynamoLeadStore().holders(client_id, [identity.key]).get(identity.key)

    def save(self, opt_out: OptOut, lead_entry: tuple[str, TimelineEntry] | None, noted: Entry | None) -> OptOut:
        entry = [timeline_entry(opt_out.client_id, *lead_entry)] if lead_entry else []
        write([put(opt_out_item(opt_out)), *entry, *([note(noted)] if noted else [])])
        return replace(opt_out, version=opt_out.version + 1)

    def delete(self, opt_out: OptOut, noted: Entry | None) -> None:
        write([delete(opt_out_item(opt_out)), *([note(noted)] if noted else [])])
