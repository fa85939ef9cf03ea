"""What a client's webhooks and editors hear of its posts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from groundswell.kernel.clock import rfc3339
from groundswell.kernel.message import Message
from groundswell.notifications.message import Kind, notification_message
from groundswell.social.model import Account, Post, PostStatus
from groundswell.webhooks.events import event_message

PUBLISHED, FAILED = "post.published", "post.failed"
NEEDS_REAUTH = "social_account.needs_reauth"
_EXAMPLE: dict[str, Any] = {
    "id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c11",
    "network": "linkedin",
    "account_id": "0192f0c1-7c1a-7d3e-8f00-2b6f1e9a4c12",
    "status": "published",
    "urls": ["https://www.linkedin.com/feed/update/urn:li:share:1"],
    "published_at": "2026-11-30T12:00:00.000Z",
    "error": None,
}
EVENTS: Mapping[str, Mapping[str, Any]] = {
    PUBLISHED: {"post": _EXAMPLE},
    FAILED: {"post": {**_EXAMPLE, "status": "failed", "urls": [], "published_at": None, "error": "Duplicate content"}},
    NEEDS_REAUTH: {"account": {"id": _EXAMPLE["account_id"], "network": "linkedin", "name": "Example Ltd"}},
}
KINDS = (
    Kind("social.failed", "A post could not be published"),
    Kind("social.needs_reauth", "A network has to be connected again"),
    Kind("social.approval", "A post waits for approval", mail=False),
)


def ended(post: Post, at: datetime) -> list[Message]:
    """Of a post that is published or failed for now."""
    error = post.error.message if post.error else None
    data = {
        "id": post.id,
        "network": post.network.value,
        "account_id": post.account_id,
        "status": post.status.value,
        "urls": [part.url for part in post.parts if part.url],
        "published_at": rfc3339(post.published_at) if post.published_at else None,
        "error": error,
    }
    kind = FAILED if post.error else PUBLISHED
    name = f"{post.id}-{post.attempt}"
    messages = [event_message(post.client_id, kind, {"post": data}, id=name, at=at)]
    if error:
        messages.append(_notice(post, KINDS[0], f"A post could not be published: {error}", name, at))
    return messages


def awaited(before: Post | None, after: Post) -> list[Message]:
    """For the approvers it names, of the stage that is open: their turn has come."""
    people = _awaited(after)
    if not people or (before and before.revision == after.revision and _awaited(before) == people):
        return []
    notice = notification_message(
        after.client_id,
        people,
        KINDS[2],
        f"A post for {after.network.value} waits for your approval",
        object_type="social_post",
        object_id=after.id,
        id=f"{after.id}-{after.version}-approval",
        at=after.updated_at,
    )
    return [notice]


def _awaited(post: Post) -> tuple[str, ...]:
    if post.status is not PostStatus.PENDING_APPROVAL or post.review is None:
        return ()
    stage = post.review.progress(post.revision, post.authors).stage
    approvers = () if stage is None else post.review.policy.stages[stage].approvers
    return tuple(user_id for user_id in approvers if user_id not in post.authors)


def rejected(account: Account, at: datetime) -> list[Message]:
    """Of an account whose tokens the network does not take any more."""
    name = f"{account.id}-{account.version}"
    data = {"id": account.id, "network": account.network.value, "name": account.name}
    text = f"{account.name} ({account.network.value}) has to be connected again"
    return [
        event_message(account.client_id, NEEDS_REAUTH, {"account": data}, id=name, at=at),
        notification_message(
            account.client_id,
            [account.created_by],
            KINDS[1],
            text,
            object_type="social_account",
            object_id=account.id,
            id=name,
            at=at,
        ),
    ]


def expiring(account: Account, ends: datetime) -> Message:
    """For whoever connected an account whose tokens nobody can renew."""
    return notification_message(
        account.client_id,
        [account.created_by],
        KINDS[1],
        f"{account.name} ({account.network.value}) has to be connected again by {ends:%Y-%m-%d}",
        object_type="social_account",
        object_id=account.id,
        id=f"{account.id}-expiring-{ends:%Y%m%d}",
        at=account.updated_at,
    )


def _notice(post: Post, kind: Kind, text: str, name: str, at: datetime) -> Message:
    return notification_message(
        post.client_id,
        [post.created_by],
        kind,
        text,
        object_type="social_post",
        object_id=post.id,
        id=name,
        at=at,
    )
