"""Pages in DynamoDB (how they lie there: `items`). A change of one is one transaction with all that follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from groundswell.cms.items import (
    PageItem,
    info_row,
    live_row,
    page_item,
    page_pk,
    revision_sk,
    slug_pk,
    snapshot_of,
    snapshot_row,
)
from groundswell.cms.model import REVISIONS_AT_MOST, Page, SlugTaken, Snapshot
from groundswell.cms.timers import due_times, timer
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page as Listed
from groundswell.kernel.page import Position
from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import Use
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.storage.client import dynamodb
from groundswell.storage.reading import find, get_rows, list_page
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put, put_row, write


class DynamoPageStore:
    def find(self, client_id: str, page_id: str) -> Page | None:
        return find(Page, PageItem, page_pk(client_id, page_id), "PAGE")

    def snapshot(self, client_id: str, page_id: str, number: int) -> Snapshot | None:
        rows = get_rows("core", [_key(page_pk(client_id, page_id), revision_sk(number))])
        return snapshot_of(rows[0]) if rows else None

    def snapshots(self, client_id: str, page_id: str, limit: int, before: int | None) -> tuple[Snapshot, ...]:
        last = f"R#{before - 1:06d}" if before else "R#~"
        answer = dynamodb().query(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND sk BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":pk": {"S": page_pk(client_id, page_id)},
                ":first": {"S": "R#"},
                ":last": {"S": last},
            },
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=limit,
        )
        return tuple(snapshot_of(row) for row in answer["Items"])

    def page(self, client_id: str, limit: int, position: Position | None, *, deleted: bool) -> Listed[Page]:
        prefix = "PAGETRASH" if deleted else "PAGE"
        return list_page(Page, PageItem, f"CLIENT#{client_id}", prefix, limit, position, newest_first=True)

    def save(
        self,
        before: Page | None,
        after: Page,
        draft: Snapshot | None,
        live: Snapshot | None,
        messages: Sequence[Message] = (),
    ) -> Page:
        item = page_item(after)
        changes = [
            put(item),
            *(_revision(after, draft) if draft else ()),
            *_claims(before, after),
            *_live(before, after, live),
            *_uses(before, after),
            *_timers(before, after),
        ]
        write(changes, messages)
        return replace(after, version=int(item.version or 0))


def _revision(page: Page, draft: Snapshot) -> Iterator[Change]:
    yield put_row("core", snapshot_row(page, draft))
    if draft.number > REVISIONS_AT_MOST:
        oldest = revision_sk(draft.number - REVISIONS_AT_MOST)
        yield delete_row("core", _key(page_pk(page.client_id, page.id), oldest))


def _claims(before: Page | None, after: Page) -> Iterator[Change]:
    """Its slugs, by what they look like."""
    old, new = _claimed(before), _claimed(after)
    yield from (delete_row("core", _key(pk, "SLUG")) for pk in sorted(old.keys() - new.keys()))
    yield from (_claim(after, pk, slug) for pk, slug in sorted(new.items()) if old.get(pk) != slug)


def _claimed(page: Page | None) -> dict[str, str]:
    """Where two of its own look alike, the one that is public counts, then the draft's."""
    if page is None or not page.slugs:
        return {}
    order = (*page.former_slugs, page.slug, page.live_slug)
    return {slug_pk(page.client_id, slug): slug for slug in order if slug}


def _claim(page: Page, pk: str, slug: str) -> Change:
    row = {
        "pk": {"S": pk},
        "sk": {"S": "SLUG"},
        "kind": {"S": "page_slug"},
        "page_id": {"S": page.id},
        "slug": {"S": slug},
    }
    operation = {
        "TableName": table_name("core"),
        "Item": row,
        "ConditionExpression": "attribute_not_exists(pk) OR page_id = :page",
        "ExpressionAttributeValues": {":page": {"S": page.id}},
    }
    return Change({"Put": operation}, SlugTaken(f"Another page has the slug {slug}, or one that looks like it"))


def _live(before: Page | None, after: Page, live: Snapshot | None) -> Iterator[Change]:
    old = slug_pk(before.client_id, before.live_slug) if before and before.live_slug else None
    new = slug_pk(after.client_id, after.live_slug) if after.live_slug else None
    if old and old != new:
        yield from (delete_row("core", _key(old, sk)) for sk in ("INFO", "LIVE"))
    if live:
        yield put_row("core", live_row(after, live))
        yield put_row("core", info_row(after, live))


def _uses(before: Page | None, after: Page) -> Iterator[Change]:
    old, new = before.shown_media if before else frozenset(), after.shown_media
    where = Use("page", after.id)
    yield from (unuse(after.client_id, media_id, where) for media_id in sorted(old - new))
    yield from (use(after.client_id, media_id, where) for media_id in sorted(new - old))


def _timers(before: Page | None, after: Page) -> Iterator[Change]:
    old = due_times(before)
    for kind, due in due_times(after).items():
        if due and due != old[kind]:
            yield set_timer(timer(after, kind, due))
        elif old[kind] and not due:
            yield cancel_timer(after.client_id, kind, after.id)


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
