"""Which tasks are asked for, and in which order."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from functions.tasks.schemas import AnyPriority, AnyStatus, AnyType, Id
from groundswell.http.principal import Viewer
from groundswell.http.timestamps import RangeEnd
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import FORMS, named_span, zone
from groundswell.tasks.model import Filter, Order

_VALUES_AT_MOST = 20
Sort = Literal["due_date", "-due_date", "created_at", "-created_at", "priority", "-priority"]
_SEVERAL = Query(max_length=_VALUES_AT_MOST, description="Any of these")


async def _filter(
    who: Viewer,
    status: Annotated[tuple[AnyStatus, ...], _SEVERAL] = (),
    priority: Annotated[tuple[AnyPriority, ...], _SEVERAL] = (),
    assignee: Annotated[tuple[Id, ...], _SEVERAL] = (),
    task_type: Annotated[tuple[AnyType, ...], _SEVERAL] = (),
    related_object_id: Annotated[tuple[Id, ...], _SEVERAL] = (),
    due_from: Annotated[RangeEnd | None, Query(description=f"Inclusive: {FORMS}")] = None,
    due_to: Annotated[RangeEnd | None, Query(description=f"Exclusive: {FORMS}")] = None,
    assignee_inactive: Annotated[
        bool, Query(description="Only tasks of people who do not work for the client any more: reassign them")
    ] = False,
    q: Annotated[str | None, Query(min_length=1, max_length=200, description="Part of the name, in any case")] = None,
) -> Filter:
    clocks, now = zone(who.timezone), utc_now()
    start, end = named_span("due_from", due_from, "due_to", due_to, clocks, now)
    return Filter(status, priority, assignee, task_type, related_object_id, start, end, q, assignee_inactive)


Wanted = Annotated[Filter, Depends(_filter)]


async def _order(
    wanted: Wanted,
    sort: Annotated[
        Sort | None,
        Query(description="`-` is descending. Newest first by default, or by due date where a range of it is given"),
    ] = None,
) -> Order:
    if sort is None:
        return Order("due_date", descending=False) if wanted.due_from or wanted.due_to else Order()
    return Order(sort.removeprefix("-"), descending=sort.startswith("-"))


Sorted = Annotated[Order, Depends(_order)]
