"""Creatives in DynamoDB (how they lie there: `items`)."""

from collections.abc import Sequence
from dataclasses import replace

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.creatives.items import (
    LISTED,
    CommentItem,
    CreativeItem,
    LinkItem,
    LogItem,
    VersionItem,
    comment_item,
    creative_item,
    creative_pk,
    link_item,
    log_item,
    version_item,
)
from groundswell.creatives.model import Comment, Creative, Filter, LinkUsed, LogEntry, ShareLink, Version
from groundswell.creatives.review_tasks import STALLED, stalled_timer
from groundswell.creatives.service import Written
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position, following
from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import Use
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.storage.core import CoreItem
from groundswell.storage.deletion import delete_partition
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, list_page
from groundswell.storage.transaction import Change, delete, put, write

_QUERIES_AT_MOST = 10
"""For one page where few of what there is are wanted."""


class DynamoCreativeStore:
    def find(self, client_id: str, creative_id: str) -> Creative | None:
        return find(Creative, CreativeItem, creative_pk(client_id, creative_id), "CREATIVE")

    def page(self, client_id: str, wanted: Filter, limit: int, position: Position | None) -> Page[Creative]:
        creatives: list[Creative] = []
        for _ in range(_QUERIES_AT_MOST):
            owner = f"CLIENT#{client_id}"
            read = list_page(Creative, CreativeItem, owner, LISTED, limit, position, newest_first=True)
            for creative in read.items:
                if wanted.matches(creative):
                    creatives.append(creative)
                if len(creatives) == limit:
                    last = creative is read.items[-1] and read.next is None
                    return Page(tuple(creatives), None if last else following(position, id=creative.id))
            position = read.next
            if position is None:
                break
        return Page(tuple(creatives), position)

    def save(self, before: Creative | None, after: Creative, written: Written, messages: Sequence[Message]) -> Creative:
        item = creative_item(after)
        old = set(before.media_ids) if before else set()
        where = Use("creative", after.id)
        changes = [
            put(item),
            *([put(version_item(after, written.version))] if written.version else []),
            *([put(log_item(after, written.entry))] if written.entry else []),
            *([put(link_item(after.client_id, written.link), LinkUsed())] if written.link else []),
            *(use(after.client_id, media_id, where) for media_id in sorted(set(after.media_ids) - old)),
            _timer(after),
        ]
        write(changes, messages)
        return replace(after, version=int(item.version or 0))

    def remove(self, creative: Creative, by: str, messages: Sequence[Message]) -> None:
        """The creative first: what was said of it is found by nobody then, and goes with its partition."""
        where = Use("creative", creative.id)
        entry = Entry(
            creative.org_id, "creative.deleted", by, f"creative:{creative.id}", {"client": creative.client_id}
        )
        unused = (unuse(creative.client_id, media_id, where) for media_id in creative.media_ids)
        stopped = cancel_timer(creative.client_id, STALLED, creative.id)
        write([delete(creative_item(creative)), *unused, stopped, note(entry)], messages)
        for _ in delete_partition("core", creative_pk(creative.client_id, creative.id)):
            continue

    def say(self, messages: Sequence[Message]) -> None:
        write([], messages)

    def versions(self, client_id: str, creative_id: str) -> tuple[Version, ...]:
        return tuple(from_item(Version, item) for item in _items(VersionItem, client_id, creative_id, "V#"))

    def log(self, client_id: str, creative_id: str) -> tuple[LogEntry, ...]:
        return tuple(from_item(LogEntry, item) for item in _items(LogItem, client_id, creative_id, "D#"))


class DynamoDiscussionStore:
    def comments(self, client_id: str, creative_id: str, limit: int, position: Position | None) -> Page[Comment]:
        return list_page(Comment, CommentItem, creative_pk(client_id, creative_id), "C", limit, position, own_keys=True)

    def comment(self, client_id: str, creative_id: str, comment_id: str) -> Comment | None:
        return find(Comment, CommentItem, creative_pk(client_id, creative_id), f"C#{comment_id}")

    def save_comment(self, client_id: str, creative_id: str, comment: Comment, messages: Sequence[Message]) -> Comment:
        item = comment_item(client_id, creative_id, comment)
        write([put(item)], messages)
        return replace(comment, version=int(item.version or 0))

    def remove_comment(self, client_id: str, creative_id: str, comment: Comment) -> None:
        write([delete(comment_item(client_id, creative_id, comment))])

    def links(self, client_id: str, creative_id: str) -> tuple[ShareLink, ...]:
        return tuple(from_item(ShareLink, item) for item in _items(LinkItem, client_id, creative_id, "L#"))

    def link(self, client_id: str, creative_id: str, link_id: str) -> ShareLink | None:
        return find(ShareLink, LinkItem, creative_pk(client_id, creative_id), f"L#{link_id}")

    def save_link(self, client_id: str, link: ShareLink) -> ShareLink:
        item = link_item(client_id, link)
        write([put(item)])
        return replace(link, version=int(item.version or 0))


def _timer(creative: Creative) -> Change:
    wanted = stalled_timer(creative)
    return set_timer(wanted) if wanted else cancel_timer(creative.client_id, STALLED, creative.id)


def _items[I: CoreItem](item_type: type[I], client_id: str, creative_id: str, prefix: str) -> list[I]:
    pk = creative_pk(client_id, creative_id)
    return list(item_type.query(pk, item_type.sk.startswith(prefix), consistent_read=True))
