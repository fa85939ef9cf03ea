"""The endpoints of bookings."""

from typing import Annotated, Any

from fastapi import Query, Request, Response

from functions.bookings import examples
from functions.bookings.booked import BookingCreate, BookingOut, BookingUpdate, booking_out
from functions.bookings.filters import Sorted, Wanted
from functions.bookings.slots import router as slots
from functions.bookings.wiring import Addresses, Bookings
from groundswell.access.model import ClientContext, Role
from groundswell.bookings.model import Booking, Status
from groundswell.bookings.service import BookingService
from groundswell.bookings.wanted import Wanted as WantedBooking
from groundswell.calendar.writer import content_type
from groundswell.http.app import create_router
from groundswell.http.envelope import Counted, Empty, Envelope, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Paging
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, MaybeEditor, MaybeViewer, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.kernel.errors import Unauthenticated
from groundswell.kernel.network import near
from groundswell.tenancy.clients.model import Scope
from groundswell.visitors.model import Visitor

router = create_router("Bookings")
router.include_router(slots)  # before `{booking_id}`, which would take their paths
router.include_late("functions.bookings.types")
_READS: dict[str, Any] = {"scope": Scope.BOOKINGS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.BOOKINGS_WRITE, "errors": (401, 403, 404, 409, 412)}
Token = Annotated[str | None, Query(min_length=1, max_length=2000, description="Of the booking's `manage_url`")]


@router.get(
    "/business/bookings", **operation("bookings.list", response_example=[examples.BOOKING], counted=True, **_READS)
)
async def list_bookings(
    who: Viewer, wanted: Wanted, order: Sorted, paging: Paging, bookings: Bookings, places: Addresses
) -> Counted[BookingOut]:
    """The client's bookings, newest first; `from` and `to` are of their start. `meta.total` is exact without a filter
    and for statuses, else null."""
    page = bookings.page(who.client_id, wanted, order, paging.limit, paging.position(who.client_id))
    return paging.answer_counted(who.client_id, page.map(lambda booking: booking_out(booking, places, own=_edits(who))))


@router.post(
    "/business/bookings",
    **operation(
        "bookings.create",
        request_example=examples.CREATE,
        response_example=examples.BOOKING,
        status=201,
        location="/business/bookings/{id}",
        limit=(600, HOUR, "ip"),
        errors=(404, 409),
    ),
)
async def create_booking(
    body: BookingCreate, request: Request, response: Response, bookings: Bookings, places: Addresses
) -> Envelope[BookingOut]:
    """Book a slot, without signing in. A slot is sold once: 409 `SLOT_TAKEN` for everybody else. Whoever has
    `manage_url` moves or cancels it."""
    locale = body.locale or request.headers.get("accept-language", "")[:35].partition(",")[0] or None
    visitor = Visitor(body.attendee.email, body.attendee.name, None, body.timezone, locale, body.attribution)
    wanted = WantedBooking(body.starts_at, visitor, body.consent, body.notes, body.hold_id, near(request.state.caller))
    booking, _ = bookings.book(body.type_id, wanted)
    tag(response, booking.version)
    return created(booking_out(booking, places))


@router.get("/business/bookings/{booking_id}", **operation("bookings.get", response_example=examples.BOOKING, **_READS))
async def get_booking(
    booking_id: str,
    who: MaybeViewer,
    response: Response,
    bookings: Bookings,
    places: Addresses,
    token: Token = None,
) -> Envelope[BookingOut]:
    """One booking: for who works there, or with its own `token`."""
    booking = _allowed(bookings, booking_id, who, token)
    tag(response, booking.version)
    return ok(booking_out(booking, places, own=token is not None or bool(who and _edits(who))))


@router.update(
    "/business/bookings/{booking_id}",
    **operation("bookings.update", request_example=examples.UPDATE, response_example=examples.UPDATED, **_CHANGES),
)
async def update_booking(
    booking_id: str,
    body: BookingUpdate,
    who: MaybeEditor,
    response: Response,
    expected: IfMatch,
    bookings: Bookings,
    places: Addresses,
    token: Token = None,
) -> Envelope[BookingOut]:
    """Confirm, decline, cancel, complete, say that nobody came; or move it to another slot (`starts_at`). With its own
    `token` it is cancelled or moved. Everybody is mailed, with what their calendars need."""
    booking = _allowed(bookings, booking_id, who, token)
    if body.starts_at is not None:
        changed = bookings.move(booking, body.starts_at, body.reason, expected)
    else:
        changed = bookings.end(
            booking, Status(body.status or ""), body.reason, by_attendee=token is not None, expected=expected
        )
    tag(response, changed.version)
    return ok(booking_out(changed, places))


@router.delete("/business/bookings/{booking_id}", **operation("bookings.delete", response_example={}, **_CHANGES))
async def delete_booking(booking_id: str, who: Editor, bookings: Bookings) -> Envelope[Empty]:
    """Delete a booking for good; its time is free, and nobody is told. Cancelling tells them."""
    bookings.delete(bookings.get(who.client_id, booking_id))
    return ok(Empty())


_SHOWS_CALENDAR = operation("bookings.calendar", scope=Scope.BOOKINGS_READ, errors=(401, 403, 404))
_SHOWS_CALENDAR["responses"][200] = {
    "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
}


@router.get("/business/bookings/{booking_id}/calendar.ics", response_class=Response, **_SHOWS_CALENDAR)
async def get_calendar(booking_id: str, who: MaybeViewer, bookings: Bookings, token: Token = None) -> Response:
    """The booking as a calendar entry (iCalendar, RFC 5545): for who works there, or with its own `token`."""
    text, method = bookings.calendar(_allowed(bookings, booking_id, who, token))
    headers = {"content-disposition": 'attachment; filename="booking.ics"', "cache-control": "private, no-cache"}
    return Response(text, media_type=content_type(method), headers=headers)


def _edits(who: ClientContext) -> bool:
    return who.scopes is None and who.role.covers(Role.EDITOR)


def _allowed(bookings: BookingService, booking_id: str, who: ClientContext | None, token: str | None) -> Booking:
    if token is not None:
        return bookings.own(token, booking_id)
    if who is None:
        raise Unauthenticated
    return bookings.get(who.client_id, booking_id)
