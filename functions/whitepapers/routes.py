"""The endpoints of whitepapers."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from functions.whitepapers import examples
from functions.whitepapers.schemas import (
    AnyStatus,
    DeliveredOut,
    DownloadIn,
    DownloadOut,
    WhitepaperCreate,
    WhitepaperOut,
    WhitepaperUpdate,
    download_out,
    whitepaper_out,
)
from functions.whitepapers.wiring import Addresses, Deliveries, Whitepapers
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import NewestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, MaybeViewer, NamedClient, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import Unauthenticated
from groundswell.kernel.network import near
from groundswell.tenancy.clients.model import Scope
from groundswell.visitors.model import Visitor
from groundswell.whitepapers.model import Counts, Status, WhitepaperNotFound

router = create_router("Whitepapers")
_READS: dict[str, Any] = {"scope": Scope.WHITEPAPERS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.WHITEPAPERS_WRITE, "errors": (401, 403, 404, 409, 412)}
_ONE = "/business/whitepapers/{whitepaper_id}"


@router.get("/business/whitepapers", **operation("whitepapers.list", response_example=[examples.WHITEPAPER], **_READS))
async def list_whitepapers(
    who: MaybeViewer,
    named: NamedClient,
    paging: NewestFirst,
    whitepapers: Whitepapers,
    deliveries: Deliveries,
    places: Addresses,
    status: Annotated[tuple[AnyStatus, ...], Query(max_length=3, description="Any of these")] = (),
) -> Listed[WhitepaperOut]:
    """The client's whitepapers, newest first; without signing in, those of the `client_id` named that are published."""
    if who is None and named is None:
        raise Unauthenticated("Sign in, or name the client (client_id) whose published whitepapers to list")
    client_id = who.client_id if who else deliveries.host(str(named)).client_id
    statuses = status if who else (Status.PUBLISHED,)
    page = whitepapers.page(client_id, statuses, paging.limit, paging.position(client_id))
    public = who is None
    return paging.answer(client_id, page.map(lambda pair: whitepaper_out(*pair, places.page(pair[0]), public=public)))


@router.post(
    "/business/whitepapers",
    **operation(
        "whitepapers.create",
        scope=Scope.WHITEPAPERS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.WHITEPAPER,
        status=201,
        location="/business/whitepapers/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_whitepaper(
    body: WhitepaperCreate, who: Editor, response: Response, whitepapers: Whitepapers, places: Addresses
) -> Envelope[WhitepaperOut]:
    """Make a whitepaper: a draft, unless it says `published`."""
    paper = whitepapers.create(who, body.changes())
    tag(response, paper.version)
    return created(whitepaper_out(paper, Counts(), places.page(paper)))


@router.get(_ONE, **operation("whitepapers.get", response_example=examples.WHITEPAPER, **_READS))
async def get_whitepaper(
    whitepaper_id: str, who: MaybeViewer, response: Response, whitepapers: Whitepapers, places: Addresses
) -> Envelope[WhitepaperOut]:
    """One whitepaper. Without signing in: if it is published, and without its file."""
    paper = whitepapers.get(who.client_id, whitepaper_id) if who else whitepapers.find(whitepaper_id)
    if who is None and paper.status is not Status.PUBLISHED:
        raise WhitepaperNotFound
    counts = whitepapers.counts(paper)
    tag(response, paper.version, counts.requests + counts.downloads)
    return ok(whitepaper_out(paper, counts, places.page(paper), public=who is None))


@router.update(
    _ONE,
    **operation("whitepapers.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGES),
)
async def update_whitepaper(
    whitepaper_id: str,
    body: WhitepaperUpdate,
    who: Editor,
    response: Response,
    expected: IfMatch,
    whitepapers: Whitepapers,
    places: Addresses,
) -> Envelope[WhitepaperOut]:
    """Change a whitepaper, publish or archive it. Links that are out lead to the newest file."""
    paper = whitepapers.update(who, whitepaper_id, body.changes(), expected)
    tag(response, paper.version)
    return ok(whitepaper_out(paper, whitepapers.counts(paper), places.page(paper)))


@router.delete(_ONE, **operation("whitepapers.delete", response_example={}, **_CHANGES))
async def delete_whitepaper(
    whitepaper_id: str, who: Editor, expected: IfMatch, whitepapers: Whitepapers
) -> Envelope[Empty]:
    """Delete a whitepaper for good, with what it says of who got it; the file and the leads stay."""
    whitepapers.delete(who, whitepaper_id, expected)
    return ok(Empty())


@router.post(
    f"{_ONE}/download",
    **operation(
        "whitepapers.download",
        request_example=examples.DOWNLOAD,
        response_example=examples.DELIVERED,
        limit=(30, HOUR, "email"),
        address_limit=(120, HOUR),
        errors=(404,),
    ),
)
async def download_whitepaper(
    whitepaper_id: str, body: DownloadIn, request: Request, deliveries: Deliveries
) -> Envelope[DeliveredOut]:
    """Get a whitepaper, without signing in: a link that is good for a quarter of an hour, or a mail with one that is
    good for a day."""
    locale = body.locale or request.headers.get("accept-language", "")[:35].partition(",")[0] or None
    visitor = (
        Visitor(body.email, body.name, body.company, None, locale, body.attribution) if body.email is not None else None
    )
    network = near(request.state.caller)
    delivered = deliveries.deliver(whitepaper_id, visitor, consent=body.consent, network=network)
    return ok(DeliveredOut.model_validate(delivered))


@router.get(f"{_ONE}/downloads", **operation("whitepapers.downloads", response_example=[examples.DOWNLOADED], **_READS))
async def list_downloads(
    whitepaper_id: str, who: Viewer, paging: NewestFirst, whitepapers: Whitepapers
) -> Listed[DownloadOut]:
    """Who asked for it and got it, newest first."""
    page = whitepapers.downloads(who, whitepaper_id, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(download_out))
