"""Wire shapes of how posts do."""

from collections.abc import Sequence

from groundswell.http.schema import Out, Time
from groundswell.social.model import Post
from groundswell.social.snapshots import Snapshot, by_name, total


class Counts(Out):
    """Null: the network does not say."""

    impressions: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    clicks: int | None


class PostCounts(Counts):
    post_id: str
    account_id: str
    published_at: Time | None
    as_of: Time


class SnapshotOut(Counts):
    as_of: Time


class EngagementOut(Out):
    """`totals` are the sums of what is known of these posts."""

    totals: Counts
    posts: list[PostCounts]


class PostEngagementOut(Counts):
    """The newest snapshot, and all of them, oldest first."""

    post_id: str
    as_of: Time | None
    snapshots: list[SnapshotOut]


def engagement_out(pairs: Sequence[tuple[Post, Snapshot]]) -> EngagementOut:
    totals = total(snapshot.engagement for _, snapshot in pairs)
    posts = [
        PostCounts(
            post_id=post.id,
            account_id=post.account_id,
            published_at=post.published_at,
            as_of=snapshot.at,
            **by_name(snapshot.engagement),
        )
        for post, snapshot in pairs
    ]
    return EngagementOut(totals=Counts(**by_name(totals)), posts=posts)


def post_engagement_out(post_id: str, snapshots: Sequence[Snapshot]) -> PostEngagementOut:
    last = snapshots[-1] if snapshots else None
    counts = by_name(last.engagement) if last else dict.fromkeys(Counts.model_fields)
    shown = [SnapshotOut(as_of=each.at, **by_name(each.engagement)) for each in snapshots]
    return PostEngagementOut(post_id=post_id, as_of=last.at if last else None, snapshots=shown, **counts)
