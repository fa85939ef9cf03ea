"""Reads the audit log, and adds entries that stand alone."""

from datetime import UTC, datetime
from uuid import UUID

from groundswell.audit.items import AuditItem, note
from groundswell.audit.model import Entry, Recorded, Search
from groundswell.kernel.clock import millis
from groundswell.kernel.page import Page, Position
from groundswell.storage.mapper import from_item
from groundswell.storage.transaction import write

_READ_AT_MOST = 1000
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


class DynamoAuditStore:
    def add(self, entry: Entry) -> None:
        write([note(entry)])

    def search(self, org_id: str, search: Search, limit: int, position: Position | None) -> Page[Recorded]:
        """Newest first. Reads 1,000 entries at most: a rare find may leave the page short, or empty, with a next."""
        low = _id_at(search.since or _FIRST)
        high = str(position["id"]) if position else _id_at(search.until or _LAST)
        if high < low:
            return Page(())  # `from` goes on with the clock while somebody reads
        items = AuditItem.query(
            f"AUDIT#{org_id}",
            AuditItem.sk.between(low, high),
            scan_index_forward=False,
            limit=_READ_AT_MOST,
            page_size=min(_READ_AT_MOST, 2 * limit),
        )
        entries: list[Recorded] = []
        for item in items:
            entry = from_item(Recorded, item)
            # between() includes its upper end, which is the last entry of the page before.
            if entry.id != high and search.matches(entry):
                entries.append(entry)
            if len(entries) == limit:
                break
        last = items.last_evaluated_key
        return Page(tuple(entries), {"id": last["sk"]["S"]} if last else None)


def _id_at(time: datetime) -> str:
    """The smallest UUIDv7 of that millisecond: ids sort by time."""
    return str(UUID(int=millis(time) << 80))
