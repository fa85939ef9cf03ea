"""Leads as personal data: each with what is said of it, and last what counts them."""

from collections.abc import Iterator, Sequence
from typing import Any

from groundswell.kernel.page import Position
from groundswell.leads.items import (
    LISTING,
    SHARDS,
    companies_pk,
    count_pk,
    derived,
    key_pk,
    lead_pk,
    lookup_pk,
)
from groundswell.leads.model import Lead
from groundswell.leads.store import DynamoLeadStore
from groundswell.personal_data.port import ClientData
from groundswell.storage.deletion import delete_items, delete_partition
from groundswell.storage.listing import Selection

_TOGETHER = 100


class Leads:
    """The row of a lead in the list of all goes last, so that whoever goes on finds the rest."""

    kind = "leads"
    prefixes = ()
    places = (
        f"core {LISTING.name}#{{client}}#",
        f"core {lead_pk('{client}', '')}",
        f"core {key_pk('{client}', '')}",
        f"core {lookup_pk('{client}', '')}",
        f"core {companies_pk('{client}')}",
        "core LEADCOUNT#{client}#",
    )

    def __init__(self, store: DynamoLeadStore) -> None:
        self._store = store

    def purge(self, client_id: str) -> Iterator[int]:
        position: Position | None = {}
        while position is not None:
            page = LISTING.page(client_id, Selection(("all",), LISTING.orders[0]), _TOGETHER, position or None)
            yield from self._purge(client_id, self._store.find_many(client_id, page.items))
            position = page.next
        yield from delete_partition("core", _all(client_id))
        for partition in (companies_pk(client_id), *(count_pk(client_id, shard) for shard in range(SHARDS))):
            yield from delete_partition("core", partition)

    def _purge(self, client_id: str, leads: Sequence[Lead]) -> Iterator[int]:
        keys: list[dict[str, Any]] = [
            change.operation["Delete"]["Key"] for lead in leads for change in derived(lead, None)
        ]
        last = [key for key in keys if key["pk"]["S"] == _all(client_id)]
        delete_items("core", [key for key in keys if key not in last])
        for lead in leads:
            for lead_id in (*lead.merged_ids, lead.id):
                yield from delete_partition("core", lead_pk(client_id, lead_id))
        delete_items("core", last)
        yield len(keys)


def _all(client_id: str) -> str:
    return f"{LISTING.name}#{client_id}#all"


def personal_data() -> tuple[ClientData, ...]:
    return (Leads(DynamoLeadStore()),)
