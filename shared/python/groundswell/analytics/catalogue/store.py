"""Blocked names, beside the suppression list: ingestion reads both in one call."""

from groundswell.analytics.catalogue.model import BLOCKED_AT_MOST, TooManyBlocked
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.events.suppressions.store import listed, until_unchanged
from groundswell.storage.transaction import put, write


class DynamoBlockedNames:
    def names(self, client_id: str) -> frozenset[str]:
        return frozenset(listed(client_id).blocked or ())

    def change(self, client_id: str, name: str, entry: Entry, *, blocked: bool) -> None:
        until_unchanged(lambda: _change(client_id, name, entry, blocked=blocked))


def _change(client_id: str, name: str, entry: Entry, *, blocked: bool) -> None:
    item = listed(client_id)
    names = set(item.blocked or ())
    if (name in names) is blocked:
        return
    names ^= {name}
    if len(names) > BLOCKED_AT_MOST:
        raise TooManyBlocked
    item.blocked = names or None  # DynamoDB has no empty sets
    write([put(item), note(entry)])
