"""The endpoints of free slots and holds."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from functions.bookings import examples
from functions.bookings.booked import HoldIn, HoldOut, SlotOut
from functions.bookings.schemas import Id
from functions.bookings.wiring import Bookings, Holds
from groundswell.http.app import create_router
from groundswell.http.envelope import Empty, Envelope, Listed, created, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, whole
from groundswell.http.principal import MaybeViewer
from groundswell.http.ratelimit import HOUR
from groundswell.http.timestamps import From, To
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import span, zone
from groundswell.tenancy.clients.model import Scope

router = create_router("Bookings")
_WEEK = timedelta(days=7)
ByTime = Annotated[PageRequest, whole("starts_at")]


@router.get(
    "/business/bookings/slots",
    **operation("bookings.slots", scope=Scope.BOOKINGS_READ, response_example=[examples.SLOT], errors=(401, 403, 404)),
)
async def list_slots(
    who: MaybeViewer,
    type_id: Annotated[Id, Query(description="What is to be booked")],
    bookings: Bookings,
    page: ByTime,
    start: From = None,
    end: To = None,
    timezone: Annotated[
        str | None, Query(max_length=64, description="Slots are shown in it, and dates are days in it (IANA)")
    ] = None,
) -> Listed[SlotOut]:
    """What is free, for anybody: seven days from now unless `from` and `to` say otherwise, 62 at most."""
    kind, _ = bookings.kind(type_id)
    clocks, now = zone(timezone or kind.availability.timezone), utc_now()
    first, last = span(start, end, clocks, now)
    first = first or min(now, last - _WEEK if last else now)
    free = bookings.slots(type_id, first, last or first + _WEEK)
    shown = bool(who and who.client_id == kind.client_id)

    def spelled(moment: datetime) -> str:
        return moment.astimezone(clocks).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    return page.answer_in_order(
        kind.client_id,
        [
            SlotOut(
                starts_at=spelled(free_slot.slot.starts_at),
                ends_at=spelled(free_slot.slot.ends_at),
                hosts=list(free_slot.hosts) if shown else [],
            )
            for free_slot in free
        ],
    )


@router.post(
    "/business/bookings/holds",
    **operation(
        "bookings.hold",
        request_example=examples.HOLD,
        response_example=examples.HELD,
        status=201,
        location="/business/bookings/holds/{id}",
        limit=(600, HOUR, "ip"),
        errors=(404, 409),
    ),
)
async def hold_slot(body: HoldIn, bookings: Bookings) -> Envelope[HoldOut]:
    """Keep a slot for five minutes while a form is filled in; `hold_id` of the booking takes it."""
    return created(HoldOut.model_validate(bookings.hold(body.type_id, body.starts_at)))


@router.get(
    "/business/bookings/holds/{hold_id}",
    **operation("bookings.holds.get", response_example=examples.HELD, limit=(600, HOUR, "ip"), errors=(404,)),
)
async def get_hold(hold_id: str, holds: Holds) -> Envelope[HoldOut]:
    """A hold that stands: 404 once it expired, was released, or became a booking. Its id is the credential."""
    return ok(HoldOut.model_validate(holds.get(hold_id)))


@router.delete(
    "/business/bookings/holds/{hold_id}",
    **operation("bookings.holds.delete", response_example={}, limit=(600, HOUR, "ip"), errors=(404,)),
)
async def release_hold(hold_id: str, holds: Holds) -> Envelope[Empty]:
    """Give the slot back before the hold expires. Its id is the credential."""
    holds.release(hold_id)
    return ok(Empty())
