"""What happens at a time: posts go out, tokens are renewed, networks are asked how posts did."""

from datetime import datetime, timedelta

from groundswell.schedules.timers import Timer
from groundswell.social.model import EXPIRING, Account, Post

QUEUE = "social"
PUBLISH, REFRESH, LOOK = "social.publish", "social.refresh", "social.look"
AHEAD = timedelta(minutes=10)
"""Before their end, tokens are renewed."""
GRACE = timedelta(hours=1)
"""A post that comes later than this after an outage does not go out of itself."""


def publish_timer(post: Post, at: datetime) -> Timer:
    return Timer(post.client_id, PUBLISH, post.id, at, QUEUE, attempt_of(post), grace=GRACE)


def attempt_of(post: Post) -> dict[str, int | str]:
    """What a timer or message to publish says: which attempt, and whose account is read with the post."""
    return {"attempt": post.attempt, "account_id": post.account_id}


def refresh_timer(account: Account, now: datetime) -> Timer | None:
    """Ahead of the end of tokens that can be renewed. For others when people must be told that they end, and then at
    their end. None for tokens that do not end, or ended."""
    ends = account.token_ends_at
    if ends is None or account.rejected or (not account.refreshable and ends <= now):
        return None
    at = ends - AHEAD
    if not account.refreshable:
        at = ends - EXPIRING if now < ends - EXPIRING else ends
    return Timer(account.client_id, REFRESH, account.id, at, QUEUE, grace=timedelta(days=400))


def look_timer(post: Post, at: datetime) -> Timer:
    return Timer(post.client_id, LOOK, post.id, at, QUEUE, grace=timedelta(days=31))
