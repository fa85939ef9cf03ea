"""One script for a client's own site, without dependencies. It calls the API, so the site is among the client's
`allowed_origins`."""

from functools import cache
from pathlib import Path

from starlette.responses import Response

from groundswell.http.app import create_router
from groundswell.http.pages import page

router = create_router("Public")
_HEADERS = {
    "cache-control": "public, max-age=3600",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
}


@router.get("/public/embed.js", **page("public.embed"))
async def show_script() -> Response:
    """`<div data-groundswell="webinar:ID"></div><script src=".../public/embed.js" async></script>`"""
    return Response(_script(), media_type="text/javascript; charset=utf-8", headers=_HEADERS)


@cache
def _script() -> str:
    return (Path(__file__).parent / "embed.js").read_text(encoding="utf-8")
