"""What a list of leads is asked for."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from groundswell.http.principal import Viewer
from groundswell.http.timestamps import RangeEnd
from groundswell.kernel.clock import utc_now
from groundswell.kernel.ranges import FORMS, named_span, zone
from groundswell.leads.lookup import SHORTEST
from groundswell.leads.model import Filter, Order, Status

Values = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=20)]
Domain = Annotated[str, Query(max_length=253)]
Sort = Literal["created_at", "-created_at", "score", "-score", "last_activity_at", "-last_activity_at"]


CreatedFrom = Annotated[RangeEnd | None, Query(description=f"Inclusive: {FORMS}; in the client's zone")]
CreatedTo = Annotated[RangeEnd | None, Query(description=f"Exclusive: {FORMS}; in the client's zone")]


async def _filter(
    who: Viewer,
    status: Annotated[list[Status], Query(max_length=5)] = [],  # noqa: B006  # FastAPI's way to say optional
    min_score: Annotated[float | None, Query(ge=0, le=1)] = None,
    tag: Values = [],  # noqa: B006
    owner_id: Values = [],  # noqa: B006
    source: Values = [],  # noqa: B006
    list_id: Values = [],  # noqa: B006
    segment_id: Values = [],  # noqa: B006
    company: Annotated[list[Domain], Query(max_length=20, description="Its domain")] = [],  # noqa: B006
    q: Annotated[
        str | None, Query(min_length=SHORTEST, max_length=60, description="The beginning of a name, e-mail or company")
    ] = None,
    created_from: CreatedFrom = None,
    created_to: CreatedTo = None,
) -> Filter:
    created = named_span("created_from", created_from, "created_to", created_to, zone(who.timezone), utc_now())
    return Filter(
        statuses=tuple(lead_status.value for lead_status in status),
        owners=tuple(owner_id),
        sources=tuple(source),
        tags=tuple(tag),
        lists=tuple(list_id),
        segments=tuple(segment_id),
        domains=tuple(company),
        min_score=min_score,
        created_from=created[0],
        created_to=created[1],
        text=q.strip() if q and len(q.strip()) >= SHORTEST else None,
    )


async def _order(
    sort: Annotated[
        Sort | None,
        Query(description="`-` is descending. Else newest first; with `min_score` by score, with `q` alone by match"),
    ] = None,
    min_score: Annotated[float | None, Query(ge=0, le=1)] = None,
) -> Order | None:
    if sort is None:
        return Order("score") if min_score is not None else None
    return Order(sort.removeprefix("-"), sort.startswith("-"))


Wanted = Annotated[Filter, Depends(_filter)]
Sorted = Annotated[Order | None, Depends(_order)]
