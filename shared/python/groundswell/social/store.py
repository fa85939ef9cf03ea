"""Accounts and posts in DynamoDB (how they lie there: `items`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from groundswell.audit.items import note
from groundswell.audit.model import Entry
from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.kernel.page import Page, Position
from groundswell.schedules.store import cancel_timer, set_timer
from groundswell.social.accounts import Visit
from groundswell.social.adapter_beside import WAITING, afterwards, guards, links, slots, timed, uses
from groundswell.social.adapter_credits import visits_of
from groundswell.social.adapter_visits import keep_visit, take_visit
from groundswell.social.items import (
    ACCOUNTS,
    LISTING,
    PostItem,
    account_item,
    account_keys,
    account_of,
    budget_key,
    budget_row,
    entry,
    named_key,
    post_item,
    post_key,
    post_pk,
    read_snapshot,
    snapshot_row,
    social_pk,
)
from groundswell.social.model import Account, Network, Post, PostStatus
from groundswell.social.networks.port import Budget
from groundswell.social.snapshots import Snapshot
from groundswell.social.timers import REFRESH, look_timer, refresh_timer
from groundswell.social.visits import Visits
from groundswell.storage.client import dynamodb
from groundswell.storage.listing import Selection
from groundswell.storage.mapper import from_item
from groundswell.storage.reading import find, get_rows
from groundswell.storage.settings import table_name
from groundswell.storage.transaction import Change, delete, delete_row, put, put_row, write

_LATEST_AT_MOST = 1000
_SLOTS_READ = 200


class DynamoAccountStore:
    def find(self, client_id: str, account_id: str) -> Account | None:
        return account_of(get_rows("core", account_keys(client_id, account_id)))

    account = find

    def accounts(self, client_id: str, network: Network) -> Sequence[Account]:
        """Oldest first."""
        rows = _rows(social_pk(client_id), ACCOUNTS)
        by_id: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_id.setdefault(row["sk"]["S"].split("#")[1], []).append(row)
        accounts = (account_of(of_one) for of_one in by_id.values())
        return [account for account in accounts if account and account.network is network]

    def save(self, account: Account, noted: Entry | None) -> Account:
        return self._write(account, [note(noted)] if noted else [], [])

    def renew(self, account: Account, messages: Sequence[Message]) -> Account:
        return self._write(account, [], messages)

    def remove(self, account: Account, noted: Entry) -> None:
        timer = cancel_timer(account.client_id, REFRESH, account.id)
        budget = delete_row("core", budget_key(account.client_id, account.id))
        write([delete(account_item(account)), budget, timer, note(noted)])

    def keep_visit(self, visit: Visit) -> None:
        keep_visit(visit)

    def take_visit(self, visit_id: str) -> Visit | None:
        return take_visit(visit_id)

    def waiting(self, account: Account) -> bool:
        return bool(DynamoPostStore().of_account(account.client_id, account.id, WAITING, 1))

    def _write(self, account: Account, changes: list[Change], messages: Sequence[Message]) -> Account:
        item = account_item(account)
        timer = refresh_timer(account, account.updated_at)
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

    def visits(self, client_id: str, post_ids: Sequence[str]) -> Mapping[str, Visits]:
        return visits_of(client_id, post_ids)

    def slots_taken(self, client_id: str, account_id: str) -> Sequence[datetime]:
        posts = self.of_account(client_id, account_id, WAITING, _SLOTS_READ)
        return [post.scheduled_at for post in posts if post.scheduled_at]

    def save(self, before: Post | None, post: Post, messages: Sequence[Message] = (), *, in_slot: bool = False) -> Post:
        item = post_item(post)
        rows = LISTING.changes(post.client_id, entry(before) if before else None, entry(post))
        more = [*uses(before, post), *guards(before, post), *slots(before, post, in_slot), *links(before, post)]
        write([put(item), *rows, *more, timed(post)], messages)
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
        return [read_snapshot(client_id, row) for row in _rows(post_pk(client_id, post_id), "AT#")]

    def named(self, client_id: str, network: Network, network_id: str) -> Post | None:
        """The post that the network knows by that id, of any of its parts."""
        rows = get_rows("core", [named_key(client_id, network, network_id)])
        return self.find(client_id, rows[0]["post_id"]["S"]) if rows else None

    def posts(self, client_id: str, post_ids: Sequence[str]) -> Sequence[Post]:
        """Those that there are, in no order."""
        rows = get_rows(
            "core", [{"pk": {"S": post_pk(client_id, post_id)}, "sk": {"S": "POST"}} for post_id in post_ids]
        )
        return [from_item(Post, PostItem.from_raw_data(row)) for row in rows]

    def _page(
        self, client_id: str, view: str, statuses: Sequence[PostStatus], limit: int, position: Position | None
    ) -> Page[Post]:
        facts = {"status": tuple(status.value for status in statuses)} if statuses else {}
        wanted = Selection(views=(view,), order="created_at", newest_first=True, facts=facts)
        ids = LISTING.page(client_id, wanted, limit, position)
        posts = {post.id: post for post in self.posts(client_id, ids.items)}
        return Page(tuple(posts[post_id] for post_id in ids.items if post_id in posts), ids.next)


class DynamoPublishingStore(DynamoPostStore):
    """What the publisher and the watcher write."""

    def open(self, client_id: str, post_id: str, account_id: str | None) -> tuple[Post | None, Account | None]:
        keys = [post_key(client_id, post_id), *(account_keys(client_id, account_id) if account_id else ())]
        rows = get_rows("core", keys)
        post = next((from_item(Post, PostItem.from_raw_data(row)) for row in rows if row["sk"]["S"] == "POST"), None)
        if post and post.account_id != account_id:
            return post, self.account(client_id, post.account_id)
        return post, account_of(rows)

    def keep(
        self,
        before: Post,
        post: Post,
        messages: Sequence[Message] = (),
        *,
        again: datetime | None = None,
        budget: Budget | None = None,
    ) -> Post:
        item = post_item(post)
        rows = LISTING.changes(post.client_id, entry(before), entry(post))
        spent = [put_row("core", budget_row(post.client_id, post.account_id, budget))] if budget else []
        write([put(item), *rows, *spent, *afterwards(post, again)], messages)
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


def _rows(pk: str, prefix: str) -> list[dict[str, Any]]:
    pages = (
        dynamodb()
        .get_paginator("query")
        .paginate(
            TableName=table_name("core"),
            KeyConditionExpression="pk = :pk AND begins_with(sk, :prefix)",
            ExpressionAttributeValues={":pk": {"S": pk}, ":prefix": {"S": prefix}},
            ConsistentRead=True,
        )
    )
    return [dict(row) for page in pages for row in page["Items"]]
