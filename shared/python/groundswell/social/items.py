"""How accounts and posts lie in the tables.

| table | pk | sk | what |
|---|---|---|---|
| core | `SOCIAL#<client>` | `ACCOUNT#<id>` | an account |
| | | `ACCOUNT#<id>#BUDGET` | what is left of its rate, until when |
| | | `NAMED#<network>#<network's id>` | which post that is |
| | | `TEXT#<account>#<digest>` | guards a text for a day: nobody posts it twice |
| | | `SLOT#<account>#<time>` | a slot of its queue that a post has |
| | | `LATEST#<network>#<post>` | how a post did, as last heard |
| core | `SOCIALPOST#<client>#<post>` | `POST` | a post |
| | | `AT#<time>` | how it did at that time |
| | | `CLICKS` | how often each of its short links was followed, and how many leads came: `adapter_credits` |
| | | `LEAD#<digest>` | a lead that was counted |
| core | `SHORTLINK#<code>` | `LINK` | where a short link leads, and of which post it is: `adapter_links` |
| core | `SOCIALPOSTS#<client>#<view>` | `<created at>#<post>` | a row of a list: `storage.listing` |
| ephemeral | `SOCIALVISIT#<id>` | `VISIT` | somebody is at the network to let us in |
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from groundswell.kernel.clock import rfc3339
from groundswell.social.model import Account, Network, Post
from groundswell.social.networks.port import Budget, Engagement
from groundswell.social.snapshots import Snapshot
from groundswell.storage.core import CoreItem
from groundswell.storage.listing import Entry, Listing
from groundswell.storage.mapper import from_item, to_item

LISTING = Listing("SOCIALPOSTS", ("created_at",))
GUARDED = timedelta(days=1)


class AccountItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    org_id = UnicodeAttribute()
    network = UnicodeAttribute()
    network_id = UnicodeAttribute()
    handle = UnicodeAttribute()
    name = UnicodeAttribute()
    sealed = UnicodeAttribute()
    refreshable = BooleanAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    token_ends_at = UTCDateTimeAttribute(null=True)
    rejected = UnicodeAttribute(null=True)
    budget = JSONAttribute(null=True)
    queue = JSONAttribute()


class PostItem(CoreItem):
    id = UnicodeAttribute()
    client_id = UnicodeAttribute()
    network = UnicodeAttribute()
    account_id = UnicodeAttribute()
    parts = JSONAttribute()
    status = UnicodeAttribute()
    created_by = UnicodeAttribute()
    created_at = UTCDateTimeAttribute()
    updated_at = UTCDateTimeAttribute()
    scheduled_at = UTCDateTimeAttribute(null=True)
    first_comment = BooleanAttribute()
    links = JSONAttribute(default=list)
    approval = BooleanAttribute()
    approved_by = UnicodeAttribute(null=True)
    revision = NumberAttribute(default=1)
    written_by = UnicodeAttribute(null=True)
    review = JSONAttribute(null=True)
    attempt = NumberAttribute()
    leased_until = UTCDateTimeAttribute(null=True)
    published_at = UTCDateTimeAttribute(null=True)
    error = JSONAttribute(null=True)


def social_pk(client_id: str) -> str:
    return f"SOCIAL#{client_id}"


def post_pk(client_id: str, post_id: str) -> str:
    return f"SOCIALPOST#{client_id}#{post_id}"


def visit_key(visit_id: str) -> dict[str, Any]:
    return {"pk": {"S": f"SOCIALVISIT#{visit_id}"}, "sk": {"S": "VISIT"}}


def post_key(client_id: str, post_id: str) -> dict[str, Any]:
    return {"pk": {"S": post_pk(client_id, post_id)}, "sk": {"S": "POST"}}


def named_key(client_id: str, network: Network, network_id: str) -> dict[str, Any]:
    """Of a post by an id that the network gave to one of its parts."""
    return {"pk": {"S": social_pk(client_id)}, "sk": {"S": f"NAMED#{network.value}#{network_id}"}}


def named_rows(post: Post) -> Iterator[dict[str, Any]]:
    more = {"kind": {"S": "social_name"}, "post_id": {"S": post.id}}
    ids = {part.network_id for part in post.parts if part.network_id}
    yield from ({**named_key(post.client_id, post.network, identifier), **more} for identifier in sorted(ids))


ACCOUNTS = "ACCOUNT#"


def account_sk(account_id: str) -> str:
    return f"{ACCOUNTS}{account_id}"


def account_item(account: Account) -> AccountItem:
    """What is left of its rate lies beside it: it changes with every post, and nobody's version with it."""
    kept = replace(account, budget=None)
    return to_item(AccountItem, kept, social_pk(account.client_id), account_sk(account.id), kind="social_account")


def budget_key(client_id: str, account_id: str) -> dict[str, Any]:
    return {"pk": {"S": social_pk(client_id)}, "sk": {"S": f"{account_sk(account_id)}#BUDGET"}}


def budget_row(client_id: str, account_id: str, budget: Budget) -> dict[str, Any]:
    return {
        **budget_key(client_id, account_id),
        "kind": {"S": "social_budget"},
        "remaining": {"N": str(budget.remaining)},
        "resets_at": {"S": budget.resets_at.isoformat()},
        "expires_at": {"N": str(int(budget.resets_at.timestamp()))},
    }


def account_keys(client_id: str, account_id: str) -> list[dict[str, Any]]:
    sk = {"S": account_sk(account_id)}
    return [{"pk": {"S": social_pk(client_id)}, "sk": sk}, budget_key(client_id, account_id)]


def account_of(rows: Iterable[dict[str, Any]]) -> Account | None:
    """Of what there is at these keys, in any order."""
    by_kind = {row["kind"]["S"]: row for row in rows}
    if "social_account" not in by_kind:
        return None
    account = from_item(Account, AccountItem.from_raw_data(by_kind["social_account"]))
    row = by_kind.get("social_budget")
    if row is None:
        return account
    budget = Budget(int(row["remaining"]["N"]), datetime.fromisoformat(row["resets_at"]["S"]))
    return replace(account, budget=budget)


def post_item(post: Post) -> PostItem:
    return to_item(PostItem, post, post_pk(post.client_id, post.id), "POST", kind="social_post")


def slot_key(post: Post, at: datetime) -> dict[str, Any]:
    return {"pk": {"S": social_pk(post.client_id)}, "sk": {"S": f"SLOT#{post.account_id}#{rfc3339(at)}"}}


def text_key(post: Post) -> dict[str, Any]:
    digest = sha256("\x00".join(part.text for part in post.parts).encode()).hexdigest()[:32]
    return {"pk": {"S": social_pk(post.client_id)}, "sk": {"S": f"TEXT#{post.account_id}#{digest}"}}


def entry(post: Post) -> Entry:
    """What lists know of it."""
    return Entry(
        id=post.id,
        views=frozenset({post.network.value, f"account={post.account_id}"}),
        orders={"created_at": rfc3339(post.created_at)},
        facts={"status": (post.status.value,)},
    )


def snapshot_row(snapshot: Snapshot, sk: str, pk: str, **more: str) -> dict[str, Any]:
    known = {name: value for name, value in asdict(snapshot.engagement).items() if value is not None}
    return {
        "pk": {"S": pk},
        "sk": {"S": sk},
        "kind": {"S": "social_snapshot"},
        "post_id": {"S": snapshot.post_id},
        "at": {"S": rfc3339(snapshot.at)},
        **{name: {"N": str(value)} for name, value in known.items()},
        **{name: {"S": value} for name, value in more.items()},
    }


def read_snapshot(client_id: str, row: dict[str, Any]) -> Snapshot:
    names = Engagement.__dataclass_fields__
    counts = {name: int(row[name]["N"]) if name in row else None for name in names}
    return Snapshot(client_id, row["post_id"]["S"], datetime.fromisoformat(row["at"]["S"]), Engagement(**counts))
