"""What a campaign leaves behind, taken away."""

from collections.abc import Iterator

from groundswell.campaigns.adapter_ledger import DynamoLedger, pointer_keys
from groundswell.campaigns.items import campaign_pk, sent_pk
from groundswell.storage.deletion import delete_items, delete_partition

_TOGETHER = 50


def remove_deliveries(client_id: str, campaign_id: str) -> Iterator[int]:
    """Its records with the pointers to them, then what counted them. Again is as good as once."""
    after = -1
    while batches := DynamoLedger().page(client_id, campaign_id, after, _TOGETHER):
        keys = [key for batch in batches for key in pointer_keys(batch)]
        delete_items("core", keys)
        yield len(keys)
        after = batches[-1].number
    yield from delete_partition("core", sent_pk(client_id, campaign_id))
    yield from delete_partition("core", campaign_pk(client_id, campaign_id))
