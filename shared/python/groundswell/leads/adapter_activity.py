"""Interactions and timelines in DynamoDB, below their lead."""

from collections.abc import Sequence

from groundswell.leads.adapter_derived import counted, derived
from groundswell.leads.capture import EntryKnown
from groundswell.leads.items import (
    ConsentItem,
    EntryItem,
    InteractionItem,
    entry_item,
    interaction_item,
    lead_item,
    lead_pk,
)
from groundswell.leads.model import Consent, Lead
from groundswell.leads.timeline import Entry, Interaction
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item
from groundswell.storage.transaction import Change, put, put_row, write


def timeline_entry(client_id: str, lead_id: str, entry: Entry) -> Change:
    """The port for features: a change of the transaction that makes it true. Said again, it is the same entry."""
    return put_row("core", {**entry_item(client_id, lead_id, entry).serialize(), "version": {"N": "1"}})


def entry_once(client_id: str, lead_id: str, entry: Entry) -> list[Change]:
    """The same for whoever cannot say the same time again: the transaction is refused by EntryKnown where an entry of
    this id was told so before."""
    known = CoreItem(lead_pk(client_id, lead_id), f"E#{entry.id}", kind="lead_entry")
    return [put(known, EntryKnown()), timeline_entry(client_id, lead_id, entry)]


class DynamoActivityStore:
    def add(self, before: Lead, after: Lead, interaction: Interaction) -> None:
        pair = (before, after)
        noted = put(interaction_item(after.client_id, interaction))
        write([put(lead_item(after)), noted, *derived(pair), *counted(after.client_id, pair)])

    def interaction(self, client_id: str, lead_id: str, interaction_id: str) -> Interaction | None:
        """By reading those of the lead: their keys are in the order of time."""
        keys = InteractionItem.sk.startswith("I#")
        items = InteractionItem.query(lead_pk(client_id, lead_id), keys, InteractionItem.id == interaction_id)
        return next((from_item(Interaction, item) for item in items), None)

    def interactions(self, client_id: str, lead_id: str, limit: int, after: str | None) -> Sequence[Interaction]:
        items = _newest(InteractionItem, client_id, lead_id, "I", limit, after)
        return [from_item(Interaction, item) for item in items]

    def entries(self, client_id: str, lead_id: str, limit: int, after: str | None) -> Sequence[Entry]:
        return [from_item(Entry, item) for item in _newest(EntryItem, client_id, lead_id, "T", limit, after)]

    def consents(self, client_id: str, lead_id: str, limit: int, before: str | None) -> Sequence[Consent]:
        return [from_item(Consent, item) for item in _newest(ConsentItem, client_id, lead_id, "C", limit, before)]


def _newest[I: CoreItem](
    item_type: type[I], client_id: str, lead_id: str, prefix: str, limit: int, after: str | None
) -> list[I]:
    """In the order of their places, newest first; the one at `after` is the last of the page before."""
    keys = item_type.sk.between(f"{prefix}#", f"{prefix}#{after}" if after else f"{prefix}$")
    items = item_type.query(
        lead_pk(client_id, lead_id),
        keys,
        scan_index_forward=False,
        limit=limit + 1,
        page_size=limit + 1,
        consistent_read=True,
    )
    return [item for item in items if item.sk != f"{prefix}#{after}"][:limit]
