"""The endpoints of webinars."""

from typing import Annotated, Any, Literal

from fastapi import Query, Response

from functions.webinars import examples
from functions.webinars.schemas import AnyStatus, WebinarCreate, WebinarOut, WebinarUpdate, webinar_out
from functions.webinars.wiring import Addresses, Registrations, Webinars
from groundswell.http.app import create_router
from groundswell.http.envelope import Counted, Empty, Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, MaybeViewer, NamedClient
from groundswell.kernel.errors import Unauthenticated
from groundswell.tenancy.clients.model import Scope
from groundswell.webinars.model import PUBLIC, Order, Seats, Status, Webinar, WebinarNotFound
from groundswell.webinars.places import Places

router = create_router("Webinars")
router.include_late("functions.webinars.registrations")
_READS: dict[str, Any] = {"scope": Scope.WEBINARS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.WEBINARS_WRITE, "errors": (401, 403, 404, 409, 412)}
_ANNOUNCED = (Status.PUBLISHED, Status.LIVE)
Sort = Literal["created_at", "-created_at", "starts_at", "-starts_at"]


@router.get(
    "/business/webinars", **operation("webinars.list", response_example=[examples.WEBINAR], counted=True, **_READS)
)
async def list_webinars(
    who: MaybeViewer,
    named: NamedClient,
    paging: Paging,
    webinars: Webinars,
    registrations: Registrations,
    places: Addresses,
    status: Annotated[tuple[AnyStatus, ...], Query(max_length=5, description="Any of these")] = (),
    q: Annotated[str | None, Query(min_length=1, max_length=200, description="Part of the title")] = None,
    sort: Annotated[Sort, Query(description="`-` is descending")] = "-created_at",
) -> Counted[WebinarOut]:
    """The client's webinars; without signing in, those of the `client_id` named that are published or live."""
    if who is None and named is None:
        raise Unauthenticated("Sign in, or name the client (client_id) whose published webinars to list")
    client_id = who.client_id if who else registrations.host(str(named)).client_id
    statuses = (
        status if who else tuple(webinar_status for webinar_status in status if webinar_status in PUBLIC) or _ANNOUNCED
    )
    order = Order(sort.removeprefix("-"), descending=sort.startswith("-"))
    page = webinars.page(client_id, statuses, q, order, paging.limit, paging.position(client_id))
    return paging.answer_counted(client_id, page.map(lambda pair: _out(*pair, places, public=who is None)))


@router.post(
    "/business/webinars",
    **operation(
        "webinars.create",
        scope=Scope.WEBINARS_WRITE,
        request_example=examples.CREATE,
        response_example=examples.WEBINAR,
        status=201,
        location="/business/webinars/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_webinar(
    body: WebinarCreate, who: Editor, response: Response, webinars: Webinars, places: Addresses
) -> Envelope[WebinarOut]:
    """Make a webinar: a draft, unless it says `published`."""
    webinar = webinars.create(who, body.values())
    tag(response, webinar.version)
    return created(_out(webinar, Seats(), places))


@router.get("/business/webinars/{webinar_id}", **operation("webinars.get", response_example=examples.WEBINAR, **_READS))
async def get_webinar(
    webinar_id: str, who: MaybeViewer, response: Response, webinars: Webinars, places: Addresses
) -> Envelope[WebinarOut]:
    """One webinar. Without signing in: unless it is a draft, and without what is the organizers'."""
    webinar = webinars.get(who.client_id, webinar_id) if who else webinars.find(webinar_id)
    if who is None and webinar.status not in PUBLIC:
        raise WebinarNotFound
    seats = webinars.seats(webinar)
    tag(response, webinar.version, seats.taken + seats.waiting)
    return ok(_out(webinar, seats, places, public=who is None))


@router.update(
    "/business/webinars/{webinar_id}",
    **operation("webinars.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGES),
)
async def update_webinar(
    webinar_id: str,
    body: WebinarUpdate,
    who: Editor,
    response: Response,
    expected: IfMatch,
    webinars: Webinars,
    places: Addresses,
) -> Envelope[WebinarOut]:
    """Change a webinar, or its status. A new time, or a cancellation, is mailed to everybody who is registered, with
    what their calendars need; more capacity goes to who waits."""
    webinar = webinars.update(who, webinar_id, body.values(), expected)
    tag(response, webinar.version)
    return ok(_out(webinar, webinars.seats(webinar), places))


@router.delete("/business/webinars/{webinar_id}", **operation("webinars.delete", response_example={}, **_CHANGES))
async def delete_webinar(webinar_id: str, who: Editor, expected: IfMatch, webinars: Webinars) -> Envelope[Empty]:
    """Delete a webinar for good, with its registrations. While people are registered it is cancelled first."""
    webinars.delete(who, webinar_id, expected)
    return ok(Empty())


def _out(webinar: Webinar, seats: Seats, places: Places, *, public: bool = False) -> WebinarOut:
    return webinar_out(webinar, seats, places.page(webinar), places.calendar(webinar), public=public)
