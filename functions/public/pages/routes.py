"""Published pages: HTML for people, JSON for programs that ask for it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from functions.public.pages.addresses import address, query, sitemap
from functions.public.pages.wiring import Links, Published
from groundswell.cms.html import image_origins
from groundswell.cms.model import Copy, Reading, read_in
from groundswell.cms.previews import PURPOSE
from groundswell.cms.public import MAX_AGE, Info, Live, Moved, PublicPages, Site
from groundswell.http.pages import Visitor, create_page_router, page, show, wants_json
from groundswell.kernel.clock import rfc3339
from groundswell.pages.languages import choose
from groundswell.pages.model import Rendered, Theme, Visit
from groundswell.pages.pages import NAMES, Pages

PAGES = Pages(Path(__file__).parent)
router = create_page_router(PAGES)
ClientId = Annotated[str, Query(min_length=1, max_length=64)]
Locale = Annotated[str | None, Query(max_length=35, pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
_SECONDS = int(MAX_AGE.total_seconds())
_CACHED = {
    "cache-control": f"public, max-age={_SECONDS}, stale-while-revalidate={_SECONDS}",
    "vary": "Accept, Accept-Language, Origin",
}
_LISTED = 100
_IN_SITEMAP_AT_MOST = 50_000


@router.get("/public/pages", **page("public.pages.list"))
async def list_pages(
    request: Request,
    visit: Visitor,
    client_id: ClientId,
    published: Published,
    locale: Locale = None,
    after: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """Links to all published pages."""
    site = published.site(client_id)
    listed_pages = published.list(client_id, _LISTED, {"id": after} if after else None)
    languages = (*((locale,) if locale else ()), *visit.languages)
    rows = [_row(client_id, cms_page, languages) for cms_page in listed_pages.items]
    following = str(listed_pages.next["id"]) if listed_pages.next else None
    if wants_json(request):
        meta = {"next_cursor": following, "has_more": following is not None, "limit": _LISTED}
        return _json(rows, _CACHED, meta=meta)
    following_link = f"{query(client_id, locale)}&after={following}" if following else None
    rendered = PAGES.render(visit, "list.html", theme=_theme(site), rows=rows, following=following_link)
    return show(rendered, headers=_CACHED)


@router.get("/public/pages/{slug}", **page("public.pages.show"))
async def show_page(
    request: Request, visit: Visitor, slug: str, client_id: ClientId, published: Published, locale: Locale = None
) -> Response:
    """One published page, in the language asked for, or the nearest that it has."""
    live = published.read(client_id, slug)
    if isinstance(live, Moved):
        return RedirectResponse(address(client_id, live.slug, locale), 301, _CACHED)
    language = _language(visit, live.copy, locale)
    headers = _CACHED | {"etag": f'"{live.tag}-{language}"', "content-language": language}
    if wants_json(request):
        return _json(_page_out(live, read_in(live.copy, language)), headers)
    return show(_rendered(visit, live.site, live.copy, language, slug=live.slug), headers=headers)


@router.get("/public/pages/preview/{token}", **page("public.pages.preview"))
async def preview_page(
    visit: Visitor, token: str, links: Links, published: Published, locale: Locale = None
) -> Response:
    """The draft, for whoever has the link."""
    link = links.open(PURPOSE, token)
    site, copy = published.preview(link.client_id, str(link.claims["id"]), by=str(link.claims.get("by")))
    return show(_rendered(visit, site, copy, _language(visit, copy, locale), slug=None))


@router.get("/public/sitemap.xml", **page("public.sitemap"))
async def show_sitemap(client_id: ClientId, published: Published) -> Response:
    """All published pages, for search engines."""
    published.site(client_id)
    return Response(
        sitemap(client_id, _everything(published, client_id)), headers=_CACHED, media_type="application/xml"
    )


def _everything(published: PublicPages, client_id: str) -> Sequence[Info]:
    infos: list[Info] = []
    position: Mapping[str, str | int] | None = {"id": ""}
    while position is not None and len(infos) < _IN_SITEMAP_AT_MOST:
        listed = published.list(client_id, 1000, position if infos else None)
        infos += listed.items
        position = listed.next
    return infos[:_IN_SITEMAP_AT_MOST]


def _language(visit: Visit, copy: Copy, locale: str | None) -> str:
    return choose((*((locale,) if locale else ()), *visit.languages), copy.languages)


def _rendered(visit: Visit, site: Site, copy: Copy, language: str, slug: str | None) -> Rendered:
    reading = read_in(copy, language)
    others = [
        {"language": other, "name": NAMES.get(other, other), "href": _with_locale(visit, other)}
        for other in copy.languages
        if other != language
    ]
    return PAGES.render(
        visit,
        "page.html",
        theme=_theme(site),
        images=image_origins(reading.content),
        reading=reading,
        translations=others,
        canonical=address(site.client_id, slug, language) if slug else None,
        fallback=(language,),
    )


def _with_locale(visit: Visit, language: str) -> str:
    from urllib.parse import urlencode

    return "?" + urlencode({**visit.query, "locale": language})


def _theme(site: Site) -> Theme:
    return Theme(site.name, site.logo)


def _row(client_id: str, info: Info, languages: Sequence[str]) -> dict[str, Any]:
    language = choose(languages, tuple(sorted(info.title)))
    return {
        "slug": info.slug,
        "title": info.title[language],
        "language": language,
        "languages": sorted(info.title),
        "href": f"pages/{info.slug}{query(client_id)}",
        "url": address(client_id, info.slug),
        "updated_at": rfc3339(info.updated_at),
    }


def _page_out(live: Live, reading: Reading) -> dict[str, Any]:
    times = {"published_at": rfc3339(live.published_at), "updated_at": rfc3339(live.updated_at)}
    texts = {name: value for name, value in vars(reading).items() if name not in ("language", "content_language")}
    return {"slug": live.slug, "locale": reading.language, "locales": list(live.copy.languages), **texts, **times}


def _json(data: Any, headers: Mapping[str, str], **more: Any) -> Response:
    return JSONResponse({"status_code": 200, "message": "Success", "data": data, **more}, headers=dict(headers))
