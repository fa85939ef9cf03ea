"""Media in DynamoDB (how they lie there: `items`)."""

from dataclasses import replace

from groundswell.kernel.errors import PreconditionFailed
from groundswell.kernel.page import Page, Position
from groundswell.media.items import LISTED, AssetItem, HashItem, asset_item, asset_pk, hash_item, hash_pk
from groundswell.media.model import Asset
from groundswell.media.service import ContentKnown
from groundswell.storage.reading import find, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, put, write


class DynamoMediaStore:
    def find(self, client_id: str, media_id: str) -> Asset | None:
        return find(Asset, AssetItem, asset_pk(client_id, media_id), "MEDIA")

    def holder(self, client_id: str, digest: str) -> str | None:
        try:
            return str(HashItem.get(hash_pk(client_id, digest), "HASH", consistent_read=True).media_id)
        except HashItem.DoesNotExist:
            return None

    def page(self, client_id: str, limit: int, position: Position | None) -> Page[Asset]:
        return list_page(Asset, AssetItem, f"CLIENT#{client_id}", LISTED, limit, position, newest_first=True)

    def save(self, asset: Asset, *, first: bool = False) -> Asset:
        item = asset_item(asset)
        write([put(item), *([put(hash_item(asset), ContentKnown())] if first else [])])
        return replace(asset, version=int(item.version or 0))

    def remove(self, asset: Asset) -> None:
        # Whoever uses it writes a new version of it: what is used meanwhile is not removed.
        write([delete(asset_item(asset)), *([_forget_hash(asset)] if asset.sha256 else [])])


def _forget_hash(asset: Asset) -> Change:
    """If it is this asset's: of a pending one it may be another's."""
    key = {"pk": {"S": hash_pk(asset.client_id, asset.sha256 or "")}, "sk": {"S": "HASH"}}
    operation = {
        "TableName": table_name("core"),
        "Key": key,
        "ConditionExpression": "attribute_not_exists(pk) OR media_id = :id",
        "ExpressionAttributeValues": {":id": {"S": asset.id}},
    }
    return Change({"Delete": operation}, PreconditionFailed())
