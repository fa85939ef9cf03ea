"""What is written beside a post, in its transaction: its timers, its files' uses, guards, short links, names."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import Use
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.social.adapter_links import KnownLink, link_key, link_row
from groundswell.social.items import GUARDED, named_rows, slot_key, text_key
from groundswell.social.model import DuplicatePost, Post, PostStatus, SlotTaken
from groundswell.social.snapshots import next_look
from groundswell.social.timers import PUBLISH, look_timer, publish_timer
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete_row, put_new_row, put_row

WAITING = (PostStatus.SCHEDULED, PostStatus.PUBLISHING, PostStatus.PENDING_APPROVAL)


def timed(post: Post) -> Change:
    if post.status is PostStatus.SCHEDULED and post.scheduled_at:
        return set_timer(publish_timer(post, post.scheduled_at))
    return cancel_timer(post.client_id, PUBLISH, post.id)


def afterwards(post: Post, again: datetime | None) -> Iterator[Change]:
    if again:
        yield set_timer(publish_timer(post, again))
    elif post.status in (PostStatus.PUBLISHED, PostStatus.FAILED):
        yield cancel_timer(post.client_id, PUBLISH, post.id)
    if post.status is PostStatus.PUBLISHED and post.published_at:
        yield from (put_row("core", row) for row in named_rows(post))
        first = next_look(post.published_at, post.published_at)
        if first:
            yield set_timer(look_timer(post, first))


def uses(before: Post | None, post: Post) -> Iterator[Change]:
    """A file is in use as long as a post of it may be published."""
    old, new = _files(before), _files(post)
    where = Use("social_post", post.id)
    yield from (use(post.client_id, file_id, where) for file_id in sorted(new - old))
    yield from (unuse(post.client_id, file_id, where) for file_id in sorted(old - new))


def _files(post: Post | None) -> set[str]:
    if post is None or post.status is PostStatus.CANCELLED:
        return set()
    return set(chain.from_iterable(part.media_ids for part in post.parts))


def guards(before: Post | None, post: Post) -> Iterator[Change]:
    old = text_key(before) if before and _guarded(before) else None
    new = text_key(post) if _guarded(post) else None
    if old and old != new:
        yield delete_row("core", old)
    if new:
        yield _guard(post, new)


def slots(before: Post | None, post: Post, in_slot: bool) -> Iterator[Change]:
    """A slot is one post's: two that take it at the same moment do not both get it."""
    left = before.scheduled_at if before else None
    stays = post.status in WAITING and post.scheduled_at == left
    if before and left and not stays:
        yield delete_row("core", slot_key(before, left))
    if in_slot and post.scheduled_at and not stays:
        ends = {"N": str(int((post.scheduled_at + GUARDED).timestamp()))}
        row = {**slot_key(post, post.scheduled_at), "kind": {"S": "social_slot"}, "expires_at": ends}
        yield put_new_row("core", row, SlotTaken())


def links(before: Post | None, post: Post) -> Iterator[Change]:
    old, new = (before.links if before else ()), post.links
    yield from (delete_row("core", link_key(link.code)) for link in old if link not in new)
    for number, link in enumerate(new):
        if link not in old:
            known = KnownLink(post.client_id, post.id, post.network, number, link.url)
            yield put_row("core", link_row(link.code, known))


def _guarded(post: Post) -> bool:
    return post.status in (*WAITING, PostStatus.PUBLISHED)


def _guard(post: Post, key: dict[str, Any]) -> Change:
    since = max(post.scheduled_at or post.updated_at, post.updated_at)
    operation = {
        "TableName": table_name("core"),
        "Item": {
            **key,
            "kind": {"S": "social_text"},
            "post_id": {"S": post.id},
            "expires_at": {"N": str(int((since + GUARDED).timestamp()))},
        },
        "ConditionExpression": "attribute_not_exists(pk) OR post_id = :post OR expires_at < :now",
        "ExpressionAttributeValues": {
            ":post": {"S": post.id},
            ":now": {"N": str(int(post.updated_at.timestamp()))},
        },
    }
    return Change({"Put": operation}, DuplicatePost())
