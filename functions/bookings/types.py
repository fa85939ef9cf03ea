"""The endpoints of booking types."""

from typing import Any

from fastapi import Response

from functions.bookings import examples
from functions.bookings.schemas import CalendarOut, TypeCreate, TypeOut, TypeUpdate, calendars_out, type_out
from functions.bookings.wiring import Addresses, Types
from groundswell.bookings.model import BookingType, TypeNotFound
from groundswell.bookings.places import Places
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import Catalogue, OldestFirst
from groundswell.http.preconditions import IfMatch, tag
from groundswell.http.principal import Editor, MaybeViewer, Viewer
from groundswell.tenancy.clients.model import Scope

router = create_router("Bookings")
_READS: dict[str, Any] = {"scope": Scope.BOOKINGS_READ, "errors": (401, 403, 404)}
_CHANGES: dict[str, Any] = {"scope": Scope.BOOKINGS_WRITE, "errors": (401, 403, 404, 409, 412)}


@router.get("/business/booking-types", **operation("booking_types.list", response_example=[examples.TYPE], **_READS))
async def list_types(who: Viewer, paging: OldestFirst, types: Types, places: Addresses) -> Listed[TypeOut]:
    """What can be booked, in the order of creation."""
    page = types.page(who, paging.limit, paging.position(who.client_id))
    return paging.answer(who.client_id, page.map(lambda booking_type: _out(booking_type, places)))


@router.post(
    "/business/booking-types",
    **operation(
        "booking_types.create",
        scope=Scope.BOOKINGS_WRITE,
        request_example=examples.CREATE_TYPE,
        response_example=examples.TYPE,
        status=201,
        location="/business/booking-types/{id}",
        errors=(401, 403, 404),
    ),
)
async def create_type(
    body: TypeCreate, who: Editor, response: Response, types: Types, places: Addresses
) -> Envelope[TypeOut]:
    """Make something that can be booked, at once."""
    kind = types.create(who, body.values())
    tag(response, kind.version)
    return created(_out(kind, places))


@router.get(
    "/business/booking-types/{type_id}", **operation("booking_types.get", response_example=examples.TYPE, **_READS)
)
async def get_type(
    type_id: str, who: MaybeViewer, response: Response, types: Types, places: Addresses
) -> Envelope[TypeOut]:
    """One booking type. Without signing in: while it is active, and without who and where."""
    kind = types.get(who.client_id, type_id) if who else types.find(type_id)
    if who is None and not kind.is_active:
        raise TypeNotFound
    tag(response, kind.version)
    return ok(type_out(kind, places.page(kind.id), public=who is None))


@router.get(
    "/business/booking-types/{type_id}/calendars",
    **operation("booking_types.calendars", response_example=[examples.CALENDAR_READ], **_READS),
)
async def list_calendars(type_id: str, who: Viewer, page: Catalogue, types: Types) -> Listed[CalendarOut]:
    """What came of reading the outside calendars of its hosts."""
    kind = types.get(who.client_id, type_id)
    return page.answer_in_order(who.client_id, calendars_out(kind, types.calendars(kind)))


@router.update(
    "/business/booking-types/{type_id}",
    **operation(
        "booking_types.update",
        request_example=examples.UPDATE_TYPE,
        response_example=examples.UPDATED_TYPE,
        **_CHANGES,
    ),
)
async def update_type(
    type_id: str,
    body: TypeUpdate,
    who: Editor,
    response: Response,
    expected: IfMatch,
    types: Types,
    places: Addresses,
) -> Envelope[TypeOut]:
    """Change it. Bookings that there are stay as they are."""
    kind = types.update(who, type_id, body.values(), expected)
    tag(response, kind.version)
    return ok(_out(kind, places))


@router.delete(
    "/business/booking-types/{type_id}", **operation("booking_types.delete", response_example={}, **_CHANGES)
)
async def delete_type(type_id: str, who: Editor, expected: IfMatch, types: Types) -> Envelope[Empty]:
    """Delete it; what was booked stays. Not while there are bookings to come."""
    types.delete(who, type_id, expected)
    return ok(Empty())


def _out(kind: BookingType, places: Places) -> TypeOut:
    return type_out(kind, places.page(kind.id))
