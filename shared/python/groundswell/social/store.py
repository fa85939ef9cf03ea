"""Accounts and posts in DynamoDB (how they lie there: `items`)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.media.adapter_uses import unuse, use
from groundswell.media.model import Use
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.social.accounts import Visit
from groundswell.social.adapter_visits import keep_visit, take_visit
from groundswell.social.items import (
    GUARDED,
    LISTING,
    AccountItem,
    PostItem,
    account_item,
    account_sk,
    entry,
    post_item,
    post_pk,
    read_snapshot,
    snapshot_row,
    social_pk,
    text_key,
)
from groundswell.social.model import Account, DuplicatePost, Network, Post, PostStatus
from groundswell.social.snapshots import Snapshot, next_look
from groundswell.social.timers import PUBLISH, REFRESH, look_timer, publish_timer, refresh_timer
from groundswell.storage.client import dynamodb
from groundswell.storage.listing import Selection
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, delete_row, put, put_row, write

_LATEST_AT_MOST = 1000
_WAITING = (PostStatus.SCHEDULED, PostStatus.PUBLISHING, PostStatus.PENDING_APPROVAL)
_SLOTS_READ = 200


class DynamoAccountStore:
    def find(self, client_id: str, account_id: str) -> Account | None:
        return find(Account, AccountItem, social_pk(client_id), account_sk(account_id))

    account = find

    def accounts(self, client_id: str, network: Network) -> Sequence[Account]:
        """Oldest first."""
        begins = AccountItem.sk.startswith("ACCOUNT#")
        items = AccountItem.query(social_pk(client_id), begins, consistent_read=True)
        return [account for item in items if (account := from_item(Account, item)).network is network]

    def save(self, account: Account, noted: Entry | None) -> Account:
        return self._write(account, [note(noted)] if noted else [], [])

    def renew(self, account: Account, messages: Sequence[Message]) -> Account:
        return self._write(account, [], messages)

    def remove(self, account: Account, noted: Entry) -> None:
        timer = cancel_timer(account.client_id, REFRESH, account.id)
        write([delete(account_item(account)), timer, note(noted)])

    def keep_visit(self, visit: Visit) -> None:
        keep_visit(visit)

    def take_visit(self, visit_id: str) -> Visit | None:
        return take_visit(visit_id)

    def waiting(self, account: Account) -> bool:
        return bool(DynamoPostStore().of_account(account.client_id, account.id, _WAITING, 1))

    def _write(self, account: Account, changes: list[Change], messages: Sequence[Message]) -> Account:
        item = account_item(account)
        timer = refresh_timer(account)
        timed = set_timer(timer) if timer else cancel_timer(account.client_id, REFRESH, account.id)
        write([put(item), timed, *changes], messages)
        return replace(account, version=int(item.version or 0))


class DynamoPostStore:
    def find(self, client_id: str, post_id: str) -> Post | None:
        return find(Post, PostItem, post_pk(client_id, post_id), "POST")

    def account(self, client_id: str, account_id: str) -> Account | None:
        return DynamoAccountStore().find(client_id, account_id)

    def page(
        self, client_id: str, network: Network, statuses: Sequence[PostStatus], limit: int, position: Position | None
    ) -> Page[Post]:
        """A Query and a BatchGetItem."""
        return self._page(client_id, network.value, statuses, limit, position)

    def of_account(self, client_id: str, account_id: str, statuses: Sequence[PostStatus], limit: int) -> Sequence[Post]:
        """Newest first."""
        return self._page(client_id, f"account={account_id}", statuses, limit, None).items

    def slots_taken(self, client_id: str, account_id: str) -> Sequence[datetime]:
        posts = self.of_account(client_id, account_id, _WAITING, _SLOTS_READ)
        return [post.scheduled_at for post in posts if post.scheduled_at]

    def save(self, before: Post | None, post: Post, messages: Sequence[Message] = ()) -> Post:
        item = post_item(post)
        rows = LISTING.changes(post.client_id, entry(before) if before else None, entry(post))
        write([put(item), *rows, *_uses(before, post), *_guards(before, post), _timed(post)], messages)
        return replace(post, version=int(item.version or 0))

    def latest(self, client_id: str, network: Network) -> Sequence[Snapshot]:
        """Of the newest posts, a thousand at most."""
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("core"),
                KeyConditionExpression="pk = :pk AND begins_with(sk, :network)",
                ExpressionAttributeValues={
                    ":pk": {"S": social_pk(client_id)},
                    ":network": {"S": f"LATEST#{network.value}#"},
                },
                ScanIndexForward=False,
                PaginationConfig={"MaxItems": _LATEST_AT_MOST},
            )
        )
        return [read_snapshot(client_id, dict(row)) for page in pages for row in page["Items"]]

    def snapshots(self, client_id: str, post_id: str) -> Sequence[Snapshot]:
        pages = (
            dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=table_name("core"),
                KeyConditionExpression="pk = :pk AND begins_with(sk, :at)",
                ExpressionAttributeValues={":pk": {"S": post_pk(client_id, post_id)}, ":at": {"S": "AT#"}},
            )
        )
        return [read_snapshot(client_id, dict(row)) for page in pages for row in page["Items"]]

    def posts(self, client_id: str, post_ids: Sequence[str]) -> Sequence[Post]:
        """Those that there are, in no order."""
        rows = get_rows("core", [{"pk": {"S": post_pk(client_id, each)}, "sk": {"S": "POST"}} for each in post_ids])
        return [from_item(Post, PostItem.from_raw_data(row)) for row in rows]

    def _page(
        self, client_id: str, view: str, statuses: Sequence[PostStatus], limit: int, position: Position | None
    ) -> Page[Post]:
        facts = {"status": tuple(each.value for each in statuses)} if statuses else {}
        wanted = Selection(views=(view,), order="created_at", newest_first=True, facts=facts)
        ids = LISTING.page(client_id, wanted, limit, position)
        found = {post.id: post for post in self.posts(client_id, ids.items)}
        return Page(tuple(found[each] for each in ids.items if each in found), ids.next)


class DynamoPublishingStore(DynamoPostStore):
    """What the publisher and the watcher write."""

    def keep(self, post: Post, messages: list[Message], *, again: datetime | None = None) -> Post:
        before = self.find(post.client_id, post.id)
        item = post_item(post)
        rows = LISTING.changes(post.client_id, entry(before) if before else None, entry(post))
        write([put(item), *rows, *_afterwards(post, again)], messages)
        return replace(post, version=int(item.version or 0))

    def record(self, post: Post, snapshot: Snapshot | None, again: datetime | None) -> None:
        changes = [set_timer(look_timer(post, again))] if again else []
        if snapshot:
            pk = post_pk(post.client_id, post.id)
            latest = f"LATEST#{post.network.value}#{post.id}"
            row = snapshot_row(snapshot, latest, social_pk(post.client_id), account_id=post.account_id)
            changes += [put_row("core", snapshot_row(snapshot, f"AT#{rfc3339(snapshot.at)}", pk)), put_row("core", row)]
        if changes:
            write(changes)


def _timed(post: Post) -> Change:
    if post.status is PostStatus.SCHEDULED and post.scheduled_at:
        return set_timer(publish_timer(post, post.scheduled_at))
    return cancel_timer(post.client_id, PUBLISH, post.id)


def _afterwards(post: Post, again: datetime | None) -> Iterator[Change]:
    if again:
        yield set_timer(publish_timer(post, again))
    elif post.status in (PostStatus.PUBLISHED, PostStatus.FAILED):
        yield cancel_timer(post.client_id, PUBLISH, post.id)
    if post.status is PostStatus.PUBLISHED and post.published_at:
        first = next_look(post.published_at, post.published_at)
        if first:
            yield set_timer(look_timer(post, first))


def _uses(before: Post | None, post: Post) -> Iterator[Change]:
    """A file is in use as long as a post of it may be published."""
    old, new = _files(before), _files(post)
    where = Use("social_post", post.id)
    yield from (use(post.client_id, each, where) for each in sorted(new - old))
    yield from (unuse(post.client_id, each, where) for each in sorted(old - new))


def _files(post: Post | None) -> set[str]:
    if post is None or post.status is PostStatus.CANCELLED:
        return set()
    return set(chain.from_iterable(part.media_ids for part in post.parts))


def _guards(before: Post | None, post: Post) -> Iterator[Change]:
    old = text_key(before) if before and _guarded(before) else None
    new = text_key(post) if _guarded(post) else None
    if old and old != new:
        yield delete_row("core", old)
    if new:
        yield _guard(post, new)


def _guarded(post: Post) -> bool:
    return post.status in (*_WAITING, PostStatus.PUBLISHED)


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
