"""The endpoints of pages, for editors. What the public reads is in `functions/public/pages`."""

from typing import Annotated, Any

from fastapi import Query, Response

from functions.cms import examples
from functions.cms.schemas import (
    DiffOut,
    PageCreate,
    PageOut,
    PageSummary,
    PageUpdate,
    PreviewIn,
    PreviewOut,
    RestoreIn,
    RevisionOut,
    difference_out,
    page_out,
    revision_out,
    summary,
)
from functions.cms.shown import tagged
from functions.cms.wiring import Approvals, Pages, Previews
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst, NewestOnly
from groundswell.http.preconditions import IfMatch
from groundswell.http.principal import Admin, Editor, MaybeViewer, NamedClient, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import Unauthenticated
from groundswell.kernel.page import Page
from groundswell.tenancy.clients.model import Scope

router = create_router("Pages")
router.include_late("functions.cms.approving")
_READS: dict[str, Any] = {"scope": Scope.CONTENT_READ, "errors": (401, 403, 404)}
_WRITES: dict[str, Any] = {"scope": Scope.CONTENT_WRITE, "errors": (401, 403, 404, 409, 412)}


@router.post(
    "/content/pages",
    **operation(
        "pages.create",
        limit=(500, HOUR, "user"),
        request_example=examples.CREATE,
        response_example=examples.PAGE,
        status=201,
        location="/content/pages/{id}",
        scope=Scope.CONTENT_WRITE,
        errors=(401, 403, 404, 409),
    ),
)
async def create_page(
    body: PageCreate, who: Editor, response: Response, pages: Pages, approvals: Approvals
) -> Envelope[PageOut]:
    """Write a page, in one language or many: a draft, unless `status` says `published` or `publish_at` is over."""
    changes = body.changes()
    approvals.check_people(who, changes.get("approval"))
    return created(tagged(pages.create(who, changes), response))


@router.get("/content/pages", **operation("pages.list", response_example=[examples.SUMMARY], **_READS))
async def list_pages(
    who: Viewer,
    page: NewestFirst,
    pages: Pages,
    deleted: Annotated[bool, Query(description="Those in the trash instead")] = False,
) -> Listed[PageSummary]:
    """The client's pages, newest first."""
    listed_pages = pages.list(who.client_id, page.limit, page.position(who.client_id), deleted=deleted)
    return page.answer(who.client_id, listed_pages.map(summary))


@router.get("/content/pages/{page_id}", **operation("pages.get", response_example=examples.PAGE, **_READS))
async def get_page(
    page_id: str, who: MaybeViewer, named: NamedClient, response: Response, pages: Pages
) -> Envelope[PageOut]:
    """A page's draft. The version is the ETag. Without signing in: the published copy of a page of `client_id`."""
    if who is not None:
        return ok(tagged(pages.get(who.client_id, page_id), response))
    if named is None:
        raise Unauthenticated("Sign in, or name the client (client_id) whose published page to read")
    return ok(page_out(pages.published(named, page_id), public=True))


@router.update(
    "/content/pages/{page_id}",
    **operation(
        "pages.update",
        limit=(2000, HOUR, "user"),
        request_example=examples.UPDATE,
        response_example=examples.UPDATED,
        scope=Scope.CONTENT_WRITE,
        errors=(401, 403, 404, 409, 412, 428),
    ),
)
async def update_page(
    page_id: str,
    body: PageUpdate,
    who: Editor,
    expected: IfMatch,
    response: Response,
    pages: Pages,
    approvals: Approvals,
) -> Envelope[PageOut]:
    """Change the draft, as a new revision; the published copy stays as it is until the page is published again.

    With `If-Match` or `version` a change by somebody else is not lost: 412, whose `error.details.fields` are the fields
    that differ from the version you read, and `conflicts` those of them that you change, too.
    """
    changes = body.changes()
    approvals.check_people(who, changes.get("approval"))
    return ok(tagged(pages.update(who, page_id, changes, expected or body.version), response))


@router.delete("/content/pages/{page_id}", **operation("pages.delete", response_example={}, **_WRITES))
async def delete_page(page_id: str, who: Admin, expected: IfMatch, pages: Pages) -> Envelope[Empty]:
    """Move a page to the trash: it is not public any more, and its slugs are free."""
    pages.delete(who, page_id, expected)
    return ok(Empty())


@router.post(
    "/content/pages/{page_id}/publish", **operation("pages.publish", response_example=examples.PUBLISHED, **_WRITES)
)
async def publish_page(
    page_id: str, who: Editor, expected: IfMatch, response: Response, pages: Pages
) -> Envelope[PageOut]:
    """Make the draft public as it is now. A slug that the public copy had before leads to the new one (301)."""
    return ok(tagged(pages.publish(who, page_id, expected), response))


@router.post(
    "/content/pages/{page_id}/unpublish", **operation("pages.unpublish", response_example=examples.PAGE, **_WRITES)
)
async def unpublish_page(
    page_id: str, who: Editor, expected: IfMatch, response: Response, pages: Pages
) -> Envelope[PageOut]:
    """Take the published copy away. The draft stays."""
    return ok(tagged(pages.unpublish(who, page_id, expected), response))


@router.post(
    "/content/pages/{page_id}/restore",
    **operation(
        "pages.restore", request_example=examples.RESTORE, response_example=examples.PAGE | {"revision": 3}, **_WRITES
    ),
)
async def restore_page(
    page_id: str, who: Editor, response: Response, pages: Pages, body: RestoreIn | None = None
) -> Envelope[PageOut]:
    """Bring a deleted page back as a draft; with `revision`, make that revision the draft again."""
    return ok(tagged(pages.restore(who, page_id, body.revision if body else None), response))


@router.get(
    "/content/pages/{page_id}/revisions",
    **operation("pages.revisions", response_example=[examples.REVISION], **_READS),
)
async def list_revisions(page_id: str, who: Viewer, page: NewestOnly, pages: Pages) -> Listed[RevisionOut]:
    """A page's newest 200 revisions, newest first."""
    position = page.position(who.client_id)
    before = int(position["number"]) if position else None
    revisions = tuple(pages.history.revisions(who.client_id, page_id, page.limit + 1, before))
    shown = revisions[: page.limit]
    following = {"number": shown[-1].number} if len(revisions) > page.limit else None
    return page.answer(who.client_id, Page(shown, following).map(revision_out))


@router.get(
    "/content/pages/{page_id}/revisions/{number}/diff",
    **operation("pages.diff", response_example=examples.DIFF, **_READS),
)
async def diff_revision(
    page_id: str,
    number: int,
    who: Viewer,
    pages: Pages,
    against: Annotated[int | None, Query(ge=1, description="Another revision than the one before")] = None,
) -> Envelope[DiffOut]:
    """What a revision changed, field by field and language by language."""
    other, changes = pages.history.diff(who.client_id, page_id, number, against)
    return ok(DiffOut(from_=other, to=number, changes=[difference_out(change) for change in changes]))


@router.post(
    "/content/pages/{page_id}/preview-links",
    **operation(
        "pages.preview_link",
        request_example=examples.PREVIEW,
        response_example=examples.PREVIEW_LINK,
        status=201,
        scope=Scope.CONTENT_WRITE,
        errors=(401, 403, 404),
    ),
)
async def create_preview_link(
    page_id: str, who: Editor, pages: Pages, previews: Previews, body: PreviewIn | None = None
) -> Envelope[PreviewOut]:
    """A link that shows the draft to whoever has it, until it expires."""
    page = pages.get(who.client_id, page_id).page
    url, expires_at = previews.link(who, page, body.expires_at if body else None)
    return created(PreviewOut(url=url, expires_at=expires_at))
