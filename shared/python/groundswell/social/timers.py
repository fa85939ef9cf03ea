"""What happens at a time: posts go out, tokens are renewed, networks are asked how posts did."""

from datetime import datetime, timedelta

from groundswell.schedules.timers import Timer
from groundswell.social.model import Account, Post

QUEUE = "social"
PUBLISH, REFRESH, LOOK = "social.publish", "social.refresh", "social.look"
AHEAD = timedelta(minutes=10)
"""Before their end, tokens are renewed."""
GRACE = timedelta(hours=1)
"""A post that comes later than this after an outage does not go out of itself."""


def publish_timer(post: Post, at: datetime) -> Timer:
    return Timer(post.client_id, PUBLISH, post.id, at, QUEUE, {"attempt": post.attempt}, grace=GRACE)


def refresh_timer(account: Account) -> Timer | None:
    """None for tokens that do not end, or that nobody can renew."""
    if account.token_ends_at is None or not account.refreshable or account.rejected:
        return None
    return Timer(
        account.client_id, REFRESH, account.id, account.token_ends_at - AHEAD, QUEUE, grace=timedelta(days=400)
    )


def look_timer(post: Post, at: datetime) -> Timer:
    return Timer(post.client_id, LOOK, post.id, at, QUEUE, grace=timedelta(days=31))
