"""The endpoints of how posts do."""

from typing import Annotated, Any

from fastapi import Query

from functions.social.engagement import examples
from functions.social.engagement.schemas import EngagementOut, PostEngagementOut, engagement_out, post_engagement_out
from functions.social.networks import Named, on_networks
from functions.social.wiring import Posts
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, ok
from groundswell.http.principal import Viewer
from groundswell.http.range import QueryRange
from groundswell.social.visits import NOBODY
from groundswell.tenancy.clients.model import Scope

router = create_router("Social")
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}


@on_networks(router, "GET", "/engagement", "engagement.summary", response_example=examples.ENGAGEMENT, **_READS)
async def get_engagement(
    who: Viewer,
    network: Named,
    time_range: QueryRange,
    posts: Posts,
    account_id: Annotated[str | None, Query(max_length=64)] = None,
) -> Envelope[EngagementOut]:
    """How the posts did that were published between `from` and `to`, as their network said last: of each and in all.
    It is asked every six hours for three days after publication, then daily until the thirtieth."""
    pairs = posts.engagement(who.client_id, network, time_range.start, time_range.end, account_id)
    return ok(engagement_out(pairs, posts.visits(who.client_id, [post for post, _ in pairs])))


@on_networks(router, "GET", "/engagement/{post_id}", "engagement.post", response_example=examples.POST, **_READS)
async def get_post_engagement(post_id: str, who: Viewer, network: Named, posts: Posts) -> Envelope[PostEngagementOut]:
    """How one post did, over time: by its id here, or the network's."""
    post, snapshots = posts.snapshots(who.client_id, network, post_id)
    visits = posts.visits(who.client_id, [post]).get(post.id, NOBODY)
    return ok(post_engagement_out(post.id, snapshots, visits))
