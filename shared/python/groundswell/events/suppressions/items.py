"""How the list lies in the core table: `SUPPRESSED#<client>`, with an item for each entry and one of all digests."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, UnicodeSetAttribute, UTCDateTimeAttribute

from groundswell.events.suppressions.keys import LIST, partition
from groundswell.events.suppressions.model import Suppression
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item


class SuppressionItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    id_kind = UnicodeAttribute()
    value = UnicodeAttribute(null=True)
    reason = UnicodeAttribute()
    by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()


class ListItem(CoreItem):
    digests = BinaryAttribute(legacy_encoding=False)
    blocked = UnicodeSetAttribute(null=True)
    """Names of events that the client does not want."""


def suppression_item(suppression: Suppression) -> SuppressionItem:
    keys = {"gsi1pk": f"CLIENT#{suppression.client_id}", "gsi1sk": f"SUPPRESSED#{suppression.id}"}
    return to_item(
        SuppressionItem,
        suppression,
        partition(suppression.client_id),
        f"E#{suppression.id}",
        kind="suppression",
        **keys,
    )


def new_list(client_id: str) -> ListItem:
    item = ListItem(partition(client_id), LIST, kind="suppression_list", digests=b"")
    item.gsi1pk, item.gsi1sk = f"CLIENT#{client_id}", f"SUPPRESSED#{LIST}"
    return item
