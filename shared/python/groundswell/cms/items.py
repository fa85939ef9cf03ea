"""How pages lie in the core table.

| pk | sk | |
|---|---|---|
| `PAGE#<client>#<id>` | `PAGE` | the page; listed as `PAGE#<id>`, in the trash as `PAGETRASH#<id>` |
| | `R#<number>` | a revision |
| `PAGESLUG#<client>#<skeleton>` | `SLUG` | whose slug it is |
| | `LIVE` | the published copy |
| | `INFO` | what lists tell of it; listed as `PAGELIVE#<id>` |

A copy is JSON, packed; where an item cannot hold it, it names an object in the bucket `media`.
"""

import json
import zlib
from datetime import datetime
from hashlib import sha256
from typing import Any

from pynamodb.attributes import JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.cms.model import ORDER, Copy, Page, Snapshot
from groundswell.cms.slugs import skeleton
from groundswell.kernel.clock import rfc3339
from groundswell.storage.client import s3
from groundswell.storage.core import CoreItem
from groundswell.storage.mapper import to_item
from groundswell.storage.settings import bucket_name

LARGEST_IN_ITEM = 300_000
"""Bytes, packed: an item holds 400 KB."""


class PageItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    slug = UnicodeAttribute()
    title = JSONAttribute()
    revision = NumberAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_by = UnicodeAttribute()
    updated_at = UTCDateTimeAttribute()
    live_slug = UnicodeAttribute(null=True)
    live_revision = NumberAttribute(null=True)
    published_at = UTCDateTimeAttribute(null=True)
    publish_at = UTCDateTimeAttribute(null=True)
    unpublish_at = UTCDateTimeAttribute(null=True)
    former_slugs: ListAttribute[Any] = ListAttribute(default=list)
    media: ListAttribute[Any] = ListAttribute(default=list)
    live_media: ListAttribute[Any] = ListAttribute(default=list)
    deleted_at = UTCDateTimeAttribute(null=True)
    revised_by = UnicodeAttribute(null=True)
    approval = JSONAttribute(null=True)


def page_pk(client_id: str, page_id: str) -> str:
    return f"PAGE#{client_id}#{page_id}"


def slug_pk(client_id: str, slug: str) -> str:
    return f"PAGESLUG#{client_id}#{skeleton(slug)}"


def revision_sk(number: int) -> str:
    return f"R#{number:06d}"


def page_item(page: Page) -> PageItem:
    place = f"PAGETRASH#{page.id}" if page.deleted_at else f"PAGE#{page.id}"
    listed = {"gsi1pk": f"CLIENT#{page.client_id}", "gsi1sk": place}
    return to_item(PageItem, page, page_pk(page.client_id, page.id), "PAGE", kind="page", **listed)


def snapshot_row(page: Page, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "pk": {"S": page_pk(page.client_id, page.id)},
        "sk": {"S": revision_sk(snapshot.number)},
        "kind": {"S": "page_revision"},
        "number": {"N": str(snapshot.number)},
        "page_version": {"N": str(snapshot.version)},
        "by": {"S": snapshot.by},
        "slug": {"S": snapshot.slug},
        "at": {"S": rfc3339(snapshot.at)},
        **_times(publish_at=snapshot.publish_at, unpublish_at=snapshot.unpublish_at),
        **packed(page, snapshot.copy),
    }


def snapshot_of(row: dict[str, Any]) -> Snapshot:
    return Snapshot(
        int(row["number"]["N"]),
        datetime.fromisoformat(row["at"]["S"]),
        row["by"]["S"],
        row["slug"]["S"],
        unpacked(row),
        version=int(row["page_version"]["N"]),
        publish_at=_time(row, "publish_at"),
        unpublish_at=_time(row, "unpublish_at"),
    )


def live_row(page: Page, live: Snapshot) -> dict[str, Any]:
    return {
        "pk": {"S": slug_pk(page.client_id, live.slug)},
        "sk": {"S": "LIVE"},
        "kind": {"S": "page_live"},
        "page_id": {"S": page.id},
        "slug": {"S": live.slug},
        "revision": {"N": str(live.number)},
        "updated_at": {"S": rfc3339(page.updated_at)},
        **_times(published_at=page.published_at, unpublish_at=page.unpublish_at),
        **packed(page, live.copy),
    }


def info_row(page: Page, live: Snapshot) -> dict[str, Any]:
    return {
        "pk": {"S": slug_pk(page.client_id, live.slug)},
        "sk": {"S": "INFO"},
        "kind": {"S": "page_info"},
        "gsi1pk": {"S": f"CLIENT#{page.client_id}"},
        "gsi1sk": {"S": f"PAGELIVE#{page.id}"},
        "page_id": {"S": page.id},
        "slug": {"S": live.slug},
        "title": {"S": json.dumps(dict(live.copy.title), ensure_ascii=False)},
        "updated_at": {"S": rfc3339(page.updated_at)},
    }


def packed(page: Page, copy: Copy) -> dict[str, Any]:
    body = zlib.compress(json.dumps({name: dict(getattr(copy, name)) for name in ORDER}, ensure_ascii=False).encode())
    if len(body) <= LARGEST_IN_ITEM:
        return {"body": {"B": body}}
    name = f"{page.client_id}/pages/{page.id}/{sha256(body).hexdigest()}"
    s3().put_object(Bucket=bucket_name("media"), Key=name, Body=body)
    return {"object": {"S": name}}


def unpacked(row: dict[str, Any]) -> Copy:
    if "object" in row:
        body = s3().get_object(Bucket=bucket_name("media"), Key=row["object"]["S"])["Body"].read()
    else:
        body = row["body"]["B"]
    return Copy(**json.loads(zlib.decompress(body)))


def _times(**moments: datetime | None) -> dict[str, Any]:
    return {name: {"S": rfc3339(moment)} for name, moment in moments.items() if moment}


def _time(row: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(row[name]["S"]) if name in row else None
