"""The endpoints of posts."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.social.networks import Named, on_networks
from functions.social.posts import examples
from functions.social.posts.schemas import (
    BulkIn,
    HandBackIn,
    OutcomeOut,
    PostCreate,
    PostOut,
    PostUpdate,
    outcome_out,
    post_out,
)
from functions.social.wiring import Posts
from groundswell.access.model import ClientContext
from groundswell.http.app import create_router
from groundswell.http.approvals import ApproveRevisionIn
from groundswell.http.envelope import Envelope, Listed, accepted, created, ok, whole_list
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, Member, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import DomainError
from groundswell.social.model import Network, Post, PostStatus
from groundswell.social.service import Content, PostService
from groundswell.social.visits import NOBODY
from groundswell.tenancy.clients.model import Scope

router = create_router("Social")
_READS: dict[str, Any] = {"scope": Scope.CAMPAIGNS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.CAMPAIGNS_WRITE, "errors": (401, 403, 404, 409, 412)}


@on_networks(router, "GET", "/content", "posts.list", response_example=[examples.POST], **_READS)
async def list_posts(
    who: Viewer,
    network: Named,
    paging: NewestFirst,
    posts: Posts,
    status: Annotated[list[PostStatus], Query(max_length=7)] = [],  # noqa: B006 - FastAPI's way to say optional
) -> Listed[PostOut]:
    """The client's posts to the network, newest first. With a status a page may be short, and have a next one."""
    page = posts.list(who.client_id, network, status, paging.limit, paging.position(who.client_id))
    visits = posts.visits(who.client_id, page.items)
    return paging.answer(who.client_id, page.map(lambda post: post_out(post, visits.get(post.id, NOBODY))))


@on_networks(
    router,
    "POST",
    "/content",
    "posts.create",
    scope=Scope.CAMPAIGNS_WRITE,
    limit=(600, HOUR, "user"),
    request_example=examples.CREATE,
    response_example=examples.POST,
    status=201,
    location="/content/{id}",
    errors=(401, 403, 404, 409),
)
async def create_post(
    body: PostCreate, who: Editor, network: Named, response: Response, posts: Posts
) -> Envelope[PostOut]:
    """Write a post. Texts are counted as the network counts them, files checked by its limits: what it would refuse is
    refused here. With `scheduled_at` or `queue` it goes out of itself; without, it is a draft."""
    return created(_tagged(_create(body, who, network, posts), response))


def _create(body: PostCreate, who: ClientContext, network: Network, posts: PostService) -> Post:
    return posts.create(who, network, body.content() or Content(("",), ((),), ("text",)), body.options())


@on_networks(
    router,
    "POST",
    "/content/bulk",
    "posts.bulk",
    scope=Scope.CAMPAIGNS_WRITE,
    limit=(60, HOUR, "user"),
    request_example={"posts": [examples.CREATE]},
    response_example=[{"index": 0, "post": examples.POST, "error": None}],
    errors=(401, 403, 404),
)
async def create_posts(body: BulkIn, who: Editor, network: Named, posts: Posts) -> Listed[OutcomeOut]:
    """Write up to 50 posts at once, each as `POST …/content` does: in their order, so that with `queue` they get one
    slot after the other. Each is made or refused for itself."""
    return whole_list([outcome_out(index, _tried(post, who, network, posts)) for index, post in enumerate(body.posts)])


def _tried(body: PostCreate, who: ClientContext, network: Network, posts: PostService) -> Post | DomainError:
    try:
        return _create(body, who, network, posts)
    except DomainError as error:
        return error


@on_networks(router, "GET", "/content/{post_id}", "posts.get", response_example=examples.POST, **_READS)
async def get_post(post_id: str, who: Viewer, network: Named, response: Response, posts: Posts) -> Envelope[PostOut]:
    """One post, by its id here or the network's, with what became of each part. Its version is the ETag."""
    post = posts.get(who.client_id, network, post_id)
    tag(response, post.version)
    return ok(post_out(post, posts.visits(who.client_id, [post]).get(post.id, NOBODY)))


@on_networks(
    router,
    "PUT+PATCH",
    "/content/{post_id}",
    "posts.update",
    request_example=examples.UPDATE,
    response_example=examples.UPDATED,
    **_CHANGES,
)
async def update_post(
    post_id: str,
    body: PostUpdate,
    who: Editor,
    network: Named,
    expected: IfMatch,
    response: Response,
    posts: Posts,
) -> Envelope[PostOut]:
    """Change what has not begun to be published: 409 `POST_CLOSED` otherwise."""
    post = posts.update(who, network, post_id, body.content(), body.options(), expected)
    return ok(_tagged(post, response))


@on_networks(router, "DELETE", "/content/{post_id}", "posts.cancel", response_example=examples.CANCELLED, **_CHANGES)
async def cancel_post(
    post_id: str, who: Editor, network: Named, expected: IfMatch, response: Response, posts: Posts
) -> Envelope[PostOut]:
    """Cancel it: what is not out yet never goes out. It stays in the list. What is published stays published."""
    return ok(_tagged(posts.cancel(who, network, post_id, expected), response))


@on_networks(
    router,
    "POST",
    "/content/{post_id}/publish",
    "posts.publish",
    response_example=examples.POST,
    status=202,
    **_CHANGES,
)
async def publish_post(
    post_id: str, who: Editor, network: Named, expected: IfMatch, response: Response, posts: Posts
) -> Envelope[PostOut]:
    """Publish it now. One that failed goes on at its first unpublished part; the post says what becomes of it."""
    return accepted(_tagged(posts.publish(who, network, post_id, expected), response))


@on_networks(
    router,
    "POST",
    "/content/{post_id}/approve",
    "posts.approve",
    request_example=examples.APPROVE,
    response_example=examples.POST,
    **_CHANGES,
)
async def approve_post(
    post_id: str,
    who: Member,
    network: Named,
    response: Response,
    posts: Posts,
    body: ApproveRevisionIn | None = None,
) -> Envelope[PostOut]:
    """Approve a post that somebody else wrote, as one of its approvers, or as an editor where it names none: with the
    last approval it goes out at its time."""
    seen = body or ApproveRevisionIn()
    return ok(_tagged(posts.approve(who, network, post_id, seen.comment, seen.revision), response))


@on_networks(
    router,
    "POST",
    "/content/{post_id}/reject",
    "posts.reject",
    request_example=examples.HAND_BACK,
    response_example={**examples.POST, "status": "draft"},
    **_CHANGES,
)
async def reject_post(
    post_id: str,
    who: Member,
    network: Named,
    response: Response,
    posts: Posts,
    body: HandBackIn | None = None,
) -> Envelope[PostOut]:
    """Hand it back as a draft, as one of its approvers, or as an editor where it names none."""
    seen = body or HandBackIn()
    return ok(_tagged(posts.hand_back(who, network, post_id, seen.reason, seen.revision), response))


def _tagged(post: Post, response: Response) -> PostOut:
    tag(response, post.version)
    return post_out(post)
