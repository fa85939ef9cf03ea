"""Which bookings are asked for."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from functions.bookings.schemas import Id
from groundswell.bookings.model import Filter, Order, Status
from groundswell.http.principal import Viewer
from groundswell.http.schema import any_case
from groundswell.http.timestamps import From, To
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import span, zone

_SEVERAL = Query(max_length=20, description="Any of these")
Sort = Literal["created_at", "-created_at", "starts_at", "-starts_at"]


async def _filter(
    who: Viewer,
    status: Annotated[tuple[Annotated[Status, any_case(Status)], ...], _SEVERAL] = (),
    host_id: Annotated[tuple[Id, ...], _SEVERAL] = (),
    type_id: Annotated[tuple[Id, ...], _SEVERAL] = (),
    q: Annotated[str | None, Query(min_length=1, max_length=200, description="Part of the attendee's e-mail")] = None,
    start: From = None,
    end: To = None,
) -> Filter:
    first, last = span(start, end, zone(who.timezone), utc_now())
    return Filter(status, host_id, type_id, first, last, q.lower() if q else None)


async def _order(sort: Annotated[Sort, Query(description="`-` is descending")] = "-created_at") -> Order:
    return Order(sort.removeprefix("-"), descending=sort.startswith("-"))


Wanted = Annotated[Filter, Depends(_filter)]
Sorted = Annotated[Order, Depends(_order)]
