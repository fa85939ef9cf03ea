"""Wire shapes of how posts do."""

from collections.abc import Mapping, Sequence

from groundswell.http.schema import Out, Time
from groundswell.social.model import Post
from groundswell.social.snapshots import Snapshot, by_name, total
from groundswell.social.visits import NOBODY, Visits


class Counts(Out):
    """Null: the network does not say."""

    impressions: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    clicks: int | None


class Totals(Counts):
    leads: int


class PostCounts(Counts):
    """`leads` came by its short links, whatever the network says."""

    post_id: str
    leads: int
    account_id: str
    published_at: Time | None
    as_of: Time


class SnapshotOut(Counts):
    as_of: Time


class EngagementOut(Out):
    """`totals` are the sums of what is known of these posts."""

    totals: Totals
    posts: list[PostCounts]


class PostEngagementOut(Counts):
    """The newest snapshot, and all of them, oldest first."""

    post_id: str
    leads: int
    as_of: Time | None
    snapshots: list[SnapshotOut]


def engagement_out(pairs: Sequence[tuple[Post, Snapshot]], visits: Mapping[str, Visits]) -> EngagementOut:
    totals = total(snapshot.engagement for _, snapshot in pairs)
    posts = [
        PostCounts(
            post_id=post.id,
            leads=visits.get(post.id, NOBODY).leads,
            account_id=post.account_id,
            published_at=post.published_at,
            as_of=snapshot.at,
            **by_name(snapshot.engagement),
        )
        for post, snapshot in pairs
    ]
    leads = sum(post.leads for post in posts)
    return EngagementOut(totals=Totals(**by_name(totals), leads=leads), posts=posts)


def post_engagement_out(post_id: str, snapshots: Sequence[Snapshot], visits: Visits) -> PostEngagementOut:
    last = snapshots[-1] if snapshots else None
    counts = by_name(last.engagement) if last else dict.fromkeys(Counts.model_fields)
    shown = [SnapshotOut(as_of=snapshot.at, **by_name(snapshot.engagement)) for snapshot in snapshots]
    as_of = last.at if last else None
    return PostEngagementOut(post_id=post_id, leads=visits.leads, as_of=as_of, snapshots=shown, **counts)
