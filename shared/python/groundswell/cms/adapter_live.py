"""Published pages in DynamoDB (how they lie there: `items`): one BatchGetItem, and one more call where a page moved or
is too large for an item."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from groundswell.cms.items import PageItem, page_pk, revision_sk, slug_pk, unpacked
from groundswell.cms.model import Copy, Page
from groundswell.cms.public import Info, Live, Moved, Site
from groundswell.kernel.page import Page as Listed
from groundswell.kernel.page import Position
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import find, get_rows
from groundswell.storage.settings import table_name

type Row = Mapping[str, Any]
_PREFIX = "PAGELIVE#"


class DynamoLiveReader:
    def read(self, client_id: str, slug: str) -> Live | Moved | None:
        pk = slug_pk(client_id, slug)
        keys = [(f"CLIENT#{client_id}", "CLIENT"), (pk, "SLUG"), (pk, "LIVE")]
        rows = {
            row["sk"]["S"]: row for row in get_rows("core", [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys])
        }
        site = _site(rows.get("CLIENT"))
        if site is None:
            return None
        live, claim = rows.get("LIVE"), rows.get("SLUG")
        if live and live["slug"]["S"] == slug:
            return _live(site, live)
        return _moved(client_id, claim, slug) if claim and claim["slug"]["S"] == slug else None

    def site(self, client_id: str) -> Site | None:
        rows = get_rows("core", [{"pk": {"S": f"CLIENT#{client_id}"}, "sk": {"S": "CLIENT"}}])
        return _site(rows[0] if rows else None)

    def draft(self, client_id: str, page_id: str) -> tuple[Site, Copy] | None:
        page = find(Page, PageItem, page_pk(client_id, page_id), "PAGE")
        site = self.site(client_id)
        if page is None or page.deleted_at or site is None:
            return None
        rows = get_rows("core", [{"pk": {"S": page_pk(client_id, page_id)}, "sk": {"S": revision_sk(page.revision)}}])
        return (site, unpacked(rows[0])) if rows else None

    def copies(self, client_id: str, limit: int) -> Sequence[tuple[str, Copy]]:
        """Slug and copy of so many published pages: two reads."""
        slugs = [page.slug for page in self.list(client_id, limit, None).items]
        rows = get_rows("core", [{"pk": {"S": slug_pk(client_id, slug)}, "sk": {"S": "LIVE"}} for slug in slugs])
        return sorted(((row["slug"]["S"], unpacked(row)) for row in rows), key=lambda pair: slugs.index(pair[0]))

    def list(self, client_id: str, limit: int, position: Position | None) -> Listed[Info]:
        start = f"{_PREFIX}{position['id']}!" if position else _PREFIX
        answer = dynamodb().query(
            TableName=table_name("core"),
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :client AND gsi1sk BETWEEN :start AND :end",
            ExpressionAttributeValues={
                ":client": {"S": f"CLIENT#{client_id}"},
                ":start": {"S": start},
                ":end": {"S": f"{_PREFIX}~"},
            },
            Limit=limit + 1,
        )
        rows = answer["Items"]
        following = {"id": rows[limit - 1]["page_id"]["S"]} if len(rows) > limit else None
        return Listed(tuple(map(_info, rows[:limit])), following)


def _site(row: Row | None) -> Site | None:
    if row is None or row["status"]["S"] != "active":
        return None
    return Site(row["id"]["S"], row["name"]["S"], row["logo"]["S"] if "logo" in row else None)


def _live(site: Site, row: Row) -> Live:
    shown = (site.name, site.logo, row["slug"]["S"], row["revision"]["N"], row["updated_at"]["S"])
    return Live(
        site,
        row["slug"]["S"],
        unpacked(dict(row)),
        datetime.fromisoformat(row["published_at"]["S"]),
        datetime.fromisoformat(row["updated_at"]["S"]),
        datetime.fromisoformat(row["unpublish_at"]["S"]) if "unpublish_at" in row else None,
        sha256(json.dumps(shown).encode()).hexdigest()[:16],
    )


def _moved(client_id: str, claim: Row, slug: str) -> Moved | None:
    page = find(Page, PageItem, page_pk(client_id, claim["page_id"]["S"]), "PAGE", consistent=False)
    return Moved(page.live_slug) if page and page.live_slug and page.live_slug != slug else None


def _info(row: Row) -> Info:
    return Info(row["slug"]["S"], json.loads(row["title"]["S"]), datetime.fromisoformat(row["updated_at"]["S"]))
