"""The endpoints of comments and share links."""

from typing import Any

from functions.creatives import examples
from functions.creatives.schemas import (
    CommentIn,
    CommentOut,
    ShareCreated,
    ShareIn,
    ShareOut,
    comment_out,
    share_created,
    share_out,
)
from functions.creatives.wiring import Discussions
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import OldestFirst
from groundswell.http.principal import Member, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.tenancy.clients.model import Scope

router = create_router("Creatives")
_ERRORS = (401, 403, 404)
_READS: dict[str, Any] = {"scope": Scope.CREATIVES_READ, "errors": _ERRORS}
_WRITES: dict[str, Any] = {"scope": Scope.CREATIVES_WRITE, "errors": _ERRORS}
_PATH = "/creative-submissions/{creative_id}"
_COMMENT = _PATH + "/comments/{comment_id}"


@router.post(
    _PATH + "/comments",
    **operation(
        "creatives.comment",
        limit=(1000, HOUR, "user"),
        request_example=examples.COMMENT_IN,
        response_example=examples.COMMENT,
        status=201,
        location=_PATH + "/comments/{id}",
        **_WRITES,
    ),
)
async def add_comment(creative_id: str, body: CommentIn, who: Member, discussion: Discussions) -> Envelope[CommentOut]:
    """Say something of the newest version: of a region of the picture, of a page, of a moment, or of all of it."""
    return created(comment_out(discussion.add(who, creative_id, body.values())))


@router.get(_PATH + "/comments", **operation("creatives.comments", response_example=[examples.COMMENT], **_READS))
async def list_comments(
    creative_id: str, who: Viewer, page: OldestFirst, discussion: Discussions
) -> Listed[CommentOut]:
    """What was said, oldest first."""
    comments = discussion.comments(who.client_id, creative_id, page.limit, page.position(who.client_id))
    return page.answer(who.client_id, comments.map(comment_out))


@router.get(_COMMENT, **operation("creatives.get_comment", response_example=examples.COMMENT, **_READS))
async def get_comment(creative_id: str, comment_id: str, who: Viewer, discussion: Discussions) -> Envelope[CommentOut]:
    """One comment."""
    return ok(comment_out(discussion.comment(who.client_id, creative_id, comment_id)))


@router.post(_COMMENT + "/resolve", **operation("creatives.resolve", response_example=examples.RESOLVED, **_WRITES))
async def resolve_comment(
    creative_id: str, comment_id: str, who: Member, discussion: Discussions
) -> Envelope[CommentOut]:
    """It is done."""
    return ok(comment_out(discussion.resolve(who, creative_id, comment_id, resolved=True)))


@router.post(_COMMENT + "/unresolve", **operation("creatives.unresolve", response_example=examples.COMMENT, **_WRITES))
async def unresolve_comment(
    creative_id: str, comment_id: str, who: Member, discussion: Discussions
) -> Envelope[CommentOut]:
    """It is not done after all."""
    return ok(comment_out(discussion.resolve(who, creative_id, comment_id, resolved=False)))


@router.delete(_COMMENT, **operation("creatives.delete_comment", response_example={}, **_WRITES))
async def delete_comment(creative_id: str, comment_id: str, who: Member, discussion: Discussions) -> Envelope[Empty]:
    """Take a comment away: one's own, or any as an admin."""
    discussion.remove(who, creative_id, comment_id)
    return ok(Empty())


@router.post(
    _PATH + "/share-links",
    **operation(
        "creatives.share",
        limit=(100, HOUR, "user"),
        request_example=examples.SHARE,
        response_example=examples.LINK_CREATED,
        status=201,
        location=_PATH + "/share-links/{id}",
        **_WRITES,
    ),
)
async def share_creative(
    creative_id: str, who: Member, discussion: Discussions, body: ShareIn | None = None
) -> Envelope[ShareCreated]:
    """A link to a page that shows the creative and takes one decision of somebody without an account, for 14 days
    unless it says otherwise. For whoever submitted the creative, and editors."""
    return created(share_created(*discussion.share(who, creative_id, body.expires_at if body else None)))


@router.get(_PATH + "/share-links", **operation("creatives.shared", response_example=[examples.LINK], **_READS))
async def list_share_links(
    creative_id: str, who: Viewer, page: OldestFirst, discussion: Discussions
) -> Listed[ShareOut]:
    """Which links there are, and whether a decision was made by them. Their addresses are shown when they are made."""
    return page.answer_whole(who.client_id, [share_out(link) for link in discussion.shared(who.client_id, creative_id)])


@router.get(
    _PATH + "/share-links/{share_link_id}",
    **operation("creatives.get_link", response_example=examples.LINK, **_READS),
)
async def get_share_link(
    creative_id: str, share_link_id: str, who: Viewer, discussion: Discussions
) -> Envelope[ShareOut]:
    """One link, without its address, which is shown when it is made."""
    return ok(share_out(discussion.link(who.client_id, creative_id, share_link_id)))


@router.delete(
    _PATH + "/share-links/{share_link_id}", **operation("creatives.revoke_link", response_example={}, **_WRITES)
)
async def revoke_share_link(
    creative_id: str, share_link_id: str, who: Member, discussion: Discussions
) -> Envelope[Empty]:
    """From now on the link leads nowhere."""
    discussion.revoke(who, creative_id, share_link_id)
    return ok(Empty())
