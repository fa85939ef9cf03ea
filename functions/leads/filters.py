"""What a list of leads is asked for."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from groundswell.http.timestamps import Timestamp
from groundswell.kernel.errors import Invalid
from groundswell.leads.lookup import SHORTEST
from groundswell.leads.model import Filter, Order, Status

Values = Annotated[list[Annotated[str, Query(max_length=200)]], Query(max_length=20)]
Domain = Annotated[str, Query(max_length=253)]
Sort = Literal["created_at", "-created_at", "score", "-score", "last_activity_at", "-last_activity_at"]


async def _filter(
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
    created_from: Timestamp | None = None,
    created_to: Timestamp | None = None,
) -> Filter:
    if created_from and created_to and created_to <= created_from:
        raise Invalid.on("created_to", "must be after created_from", "range")
    return Filter(
        statuses=tuple(each.value for each in status),
        owners=tuple(owner_id),
        sources=tuple(source),
        tags=tuple(tag),
        lists=tuple(list_id),
        segments=tuple(segment_id),
        domains=tuple(company),
        min_score=min_score,
        created_from=created_from,
        created_to=created_to,
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
