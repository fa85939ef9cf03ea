"""The suppression list in the core table. An entry and the list of digests change together."""

from collections.abc import Callable, Collection, Sequence
from itertools import batched

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.events.suppressions.items import ListItem, SuppressionItem, new_list, suppression_item
from groundswell.events.suppressions.keys import LIST, partition
from groundswell.events.suppressions.model import LISTED_AT_MOST, ListFull, Suppression
from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.personal_data.identifiers import SIZE
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import list_page
from groundswell.storage.transaction import Change, delete, put, write

_ATTEMPTS = 8
_TOGETHER = 90  # a transaction has 100 items


class DynamoSuppressionStore:
    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Suppression]:
        return list_page(Suppression, SuppressionItem, partition(client_id), "E", limit, position, own_keys=True)

    def find(self, client_id: str, suppression_id: str) -> Suppression | None:
        try:
            item = SuppressionItem.get(partition(client_id), f"E#{suppression_id}", consistent_read=True)
        except SuppressionItem.DoesNotExist:
            return None
        return from_item(Suppression, item)

    def add(self, client_id: str, wanted: Sequence[Suppression], entry: Entry | None) -> None:
        for batch in batched({suppression.id: suppression for suppression in wanted}.values(), _TOGETHER, strict=False):
            until_unchanged(lambda: _add(client_id, batch, entry))  # noqa: B023 - called at once

    def hide(self, client_id: str, suppression_ids: Collection[str]) -> None:
        for suppression_id in suppression_ids:
            until_unchanged(lambda: _hide(client_id, suppression_id))  # noqa: B023 - called at once

    def remove(self, client_id: str, suppression: Suppression, entry: Entry) -> None:
        until_unchanged(lambda: _remove(client_id, suppression, entry))


def until_unchanged(change: Callable[[], None]) -> None:
    """Again from the beginning while others change the list. Raises PreconditionFailed when they do not stop."""
    for attempt in range(_ATTEMPTS):
        try:
            change()
        except PreconditionFailed:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def _add(client_id: str, wanted: Sequence[Suppression], entry: Entry | None) -> None:
    item = listed(client_id)
    known = _digests(item)
    new = [suppression for suppression in wanted if bytes.fromhex(suppression.id) not in known]
    if not new:
        return
    if len(known) + len(new) > LISTED_AT_MOST:
        raise ListFull
    item.digests = bytes(item.digests) + b"".join(bytes.fromhex(suppression.id) for suppression in new)
    changes: list[Change] = [put(item), *(put(suppression_item(suppression)) for suppression in new)]
    write([*changes, note(entry)] if entry else changes)


def _hide(client_id: str, suppression_id: str) -> None:
    try:
        item = SuppressionItem.get(partition(client_id), f"E#{suppression_id}", consistent_read=True)
    except SuppressionItem.DoesNotExist:
        return
    if item.value is not None:
        item.value = None
        write([put(item)])


def _remove(client_id: str, suppression: Suppression, entry: Entry) -> None:
    item, gone = listed(client_id), bytes.fromhex(suppression.id)
    if gone not in _digests(item):
        return
    item.digests = b"".join(digest for digest in _in_order(item) if digest != gone)
    write([put(item), delete(suppression_item(suppression)), note(entry)])


def listed(client_id: str) -> ListItem:
    """The item that ingestion reads: digests of people, and names of events that are blocked."""
    try:
        return ListItem.get(partition(client_id), LIST, consistent_read=True)
    except ListItem.DoesNotExist:
        return new_list(client_id)


def _in_order(item: ListItem) -> list[bytes]:
    raw = bytes(item.digests)
    return [raw[at : at + SIZE] for at in range(0, len(raw), SIZE)]


def _digests(item: ListItem) -> set[bytes]:
    return set(_in_order(item))
