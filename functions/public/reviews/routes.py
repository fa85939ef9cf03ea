"""The page of a review. Opening it changes nothing; the form takes one decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints
from starlette.responses import Response

from functions.public.reviews.wiring import Creatives, Discussions, Media, site_of
from groundswell.approval.model import Verdict
from groundswell.creatives.discussion import Discussion
from groundswell.creatives.model import Creative, LinkNotFound, ShareLink
from groundswell.creatives.service import Ruling
from groundswell.http.pages import Form, Visitor, attempt, create_page_router, page, read_form, show
from groundswell.http.ratelimit import HOUR
from groundswell.http.schema import In, Line
from groundswell.kernel.errors import FieldProblem
from groundswell.media.model import Asset, MediaNotFound
from groundswell.media.service import MediaService
from groundswell.pages.model import Theme, Visit
from groundswell.pages.pages import Pages

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
_LINK_SECONDS = 3600


class ReviewIn(In):
    decision: Verdict
    name: Line
    comment: Annotated[str, StringConstraints(max_length=5000)] | None = None
    creative_version: int | None = Field(default=None, ge=1)


@dataclass(frozen=True)
class _Opened:
    client_id: str
    link: ShareLink
    creative: Creative
    theme: Theme


@router.get("/r/{token}", **page("public.review.show", limit=(300, HOUR, "ip")))
async def show_review(visit: Visitor, token: str, discussion: Discussions, media: Media) -> Response:
    """What is to be decided on."""
    return _show(visit, _open(discussion, token), media)


@router.post("/r/{token}", **page("public.review", limit=(60, HOUR, "ip")))
async def decide(
    visit: Visitor, token: str, form: Form, discussion: Discussions, creatives: Creatives, media: Media
) -> Response:
    """One decision, in the name that is given."""
    opened = _open(discussion, token)

    def say() -> None:
        sent = read_form(ReviewIn, form)
        ruling = Ruling(sent.decision, sent.comment, sent.creative_version, sent.name)
        creatives.decide_by_link(opened.client_id, opened.link, ruling)

    problems = [_at_its_field(problem) for problem in attempt(say)]
    if problems:
        return _show(visit, opened, media, problems, form.get("name", ""), form.get("comment", ""))
    title, text = f"decided.{form['decision']}.title", "decided.text"
    return show(PAGES.render(visit, "message.html", theme=opened.theme, title=title, message=text))


def _open(discussion: Discussion, token: str) -> _Opened:
    client_id, link, creative = discussion.open(token)
    site = site_of(client_id)
    if site is None:
        raise LinkNotFound
    return _Opened(client_id, link, creative, Theme(*site))


def _at_its_field(problem: FieldProblem) -> FieldProblem:
    return FieldProblem("comment", problem.code, problem.message) if problem.field == "reason" else problem


def _show(
    visit: Visit,
    opened: _Opened,
    media: MediaService,
    problems: Sequence[FieldProblem] = (),
    name: str = "",
    comment: str = "",
) -> Response:
    creative, asset = opened.creative, _asset(media, opened)
    source = media.download_url(asset, _LINK_SECONDS, inline=True) if asset else None
    rendered = PAGES.render(
        visit,
        "review.html",
        theme=opened.theme,
        problems=problems,
        images=(_origin(source),) if source else (),
        creative={**vars(creative.content), "version": creative.creative_version, "status": creative.status.value},
        failed=[check.message for check in creative.checks if not check.ok],
        source=source,
        alt=(asset.alt.get("en") or next(iter(asset.alt.values()), "")) if asset else "",
        shows=asset.mime.value.partition("/")[0] if asset else None,
        open=opened.link.decided_at is None and creative.status.value == "pending",
        name=name,
        comment=comment,
    )
    return show(rendered, 400 if problems else 200)


def _asset(media: MediaService, opened: _Opened) -> Asset | None:
    try:
        media_id = opened.creative.content.media_id
        return media.get(opened.client_id, media_id) if media_id else None
    except MediaNotFound:
        return None


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
