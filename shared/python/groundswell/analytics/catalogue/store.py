"""Blocked names, beside the suppression list, so that ingestion reads both in one call; and what people say of events:
`EVENT_NAMES#<client>`, an item for each name, by its digest."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.analytics.catalogue.model import BLOCKED_AT_MOST, Description, TooManyBlocked
from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.events.suppressions.store import listed, until_unchanged
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import from_item, to_item
from groundswell.storage.reading import find
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


class DescriptionItem(CoreItem):
    client_id = UnicodeAttribute()
    name = UnicodeAttribute()
    updated_by = UnicodeAttribute()
    updated_at = UTCDateTimeAttribute()
    display_name = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    hidden = BooleanAttribute()
    verified = BooleanAttribute()


class DynamoDescriptions:
    def all(self, client_id: str) -> Mapping[str, Description]:
        """By name."""
        items = DescriptionItem.query(descriptions_pk(client_id), consistent_read=True)
        return {item.name: from_item(Description, item) for item in items}

    def find(self, client_id: str, name: str) -> Description | None:
        return find(Description, DescriptionItem, descriptions_pk(client_id), _digest(name))

    def save(self, described: Description, entry: Entry) -> Description:
        """Raises PreconditionFailed if somebody else wrote first."""
        pk = descriptions_pk(described.client_id)
        item = to_item(DescriptionItem, described, pk, _digest(described.name), kind="event_name")
        write([put(item), note(entry)])
        return replace(described, version=int(item.version or 0))


def descriptions_pk(client_id: str) -> str:
    return f"EVENT_NAMES#{client_id}"


def _digest(name: str) -> str:
    """A name has up to 512 characters, and a sort key 1,024 bytes."""
    return sha256(name.encode()).hexdigest()
