"""How media lie in the core table: an item an asset, and one by each content.

| pk | sk | gsi1sk below `CLIENT#<client>` |
|---|---|---|
| `MEDIA#<client>#<id>` | `MEDIA` | `MEDIA#<id>` |
| `MEDIAHASH#<client>#<sha256>` | `HASH` | `MEDIAHASH#<sha256>` |

An asset that is not complete is listed as `MEDIAPENDING#<id>`, one whose content is another's as `MEDIAALIAS#<id>`.
"""

from typing import Any

from pynamodb.attributes import (
    JSONAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
    UTCDateTimeAttribute,
)

from groundswell.media.model import UPLOAD_KEPT, Asset, Status
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item

LISTED = "MEDIA"


class AssetItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    filename = UnicodeAttribute()
    mime = UnicodeAttribute()
    size = NumberAttribute()
    status = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    sha256 = UnicodeAttribute(null=True)
    width = NumberAttribute(null=True)
    height = NumberAttribute(null=True)
    seconds = NumberAttribute(null=True)
    alt = JSONAttribute()
    uses = UnicodeSetAttribute(null=True)
    same_as = UnicodeAttribute(null=True)


class HashItem(CoreItem):
    media_id = UnicodeAttribute()


def asset_pk(client_id: str, media_id: str) -> str:
    return f"MEDIA#{client_id}#{media_id}"


def hash_pk(client_id: str, digest: str) -> str:
    return f"MEDIAHASH#{client_id}#{digest}"


def asset_item(asset: Asset) -> AssetItem:
    keys: dict[str, Any] = {
        "kind": "media",
        "gsi1pk": f"CLIENT#{asset.client_id}",
        "gsi1sk": _listed_as(asset),
    }
    if asset.status is Status.PENDING:
        keys["expires_at"] = int((asset.created_at + UPLOAD_KEPT).timestamp())
    return to_item(AssetItem, asset, asset_pk(asset.client_id, asset.id), "MEDIA", **keys)


def hash_item(asset: Asset) -> HashItem:
    return HashItem(
        hash_pk(asset.client_id, asset.sha256 or ""),
        "HASH",
        kind="media_hash",
        gsi1pk=f"CLIENT#{asset.client_id}",
        gsi1sk=f"MEDIAHASH#{asset.sha256}",
        media_id=asset.id,
    )


def _listed_as(asset: Asset) -> str:
    if asset.same_as:
        return f"MEDIAALIAS#{asset.id}"
    return f"{LISTED}#{asset.id}" if asset.status is Status.READY else f"MEDIAPENDING#{asset.id}"
