"""Short links of posts lead on to where they say, and bring along which post it was."""

from pathlib import Path as FilePath
from typing import Annotated

from fastapi import Path, Request
from starlette.responses import RedirectResponse, Response

from groundswell.campaigns.machines import is_machine
from groundswell.http.pages import create_page_router, page
from groundswell.pages.pages import Pages
from groundswell.social.adapter_links import count_click, find_link
from groundswell.social.short_links import destination

_UNKEPT = {"cache-control": "no-store, private, max-age=0"}
PAGES = Pages(FilePath(__file__).parent)
router = create_page_router(PAGES)


@router.get("/t/s/{code}", **page("public.social.followed"))
async def follow(request: Request, code: Annotated[str, Path(min_length=12, max_length=12)]) -> Response:
    """Networks look at links to show a preview: machines are led on, and not counted."""
    link = find_link(code)
    method = request.scope.get("aws.event", {}).get("requestContext", {}).get("http", {}).get("method", request.method)
    if not is_machine(str(method), request.headers):
        count_click(link)
    return RedirectResponse(destination(link.url, link.network, link.post_id), 302, headers=_UNKEPT)
