"""The endpoints of what platforms brought, and of what could not be taken."""

from datetime import date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Path, Query

from functions.integrations import examples
from functions.integrations.answers import (
    ad_row_out,
    quarantined_out,
    record_out,
    totals_out,
)
from functions.integrations.schemas import (
    DataMeta,
    DataOut,
    QuarantinedOut,
    ReplayIn,
    ReplayOut,
)
from functions.integrations.wiring import Replayer, Reviews
from groundswell.http.app import create_router
from groundswell.http.envelope import Envelope, Listed, ok
from groundswell.http.operation import operation
from groundswell.http.paging import PageRequest, paging
from groundswell.http.principal import Member, Viewer
from groundswell.http.ratelimit import HOUR
from groundswell.http.timestamps import From, To, range_of, timestamp_of
from groundswell.integrations.catalogue import platform as find_platform
from groundswell.tenancy.clients.model import Scope

router = create_router("Integrations")
Platform = Annotated[str, Path(max_length=40, description="As GET /integrations names it; `facebook` is `meta_ads`")]
Chosen = Annotated[str | None, Query(max_length=100)]
StreamName = Annotated[str | None, Query(max_length=60, description="The platform's first by default")]
Rows = Annotated[PageRequest, paging(1000, 100, sorts=("date",))]
Oldest = Annotated[PageRequest, paging(sorts=("at",))]
_REFUSED = (401, 403, 404)
_DATA = operation("integrations.data", scope=Scope.INTEGRATIONS_READ, errors=_REFUSED)
_DATA["openapi_extra"]["responses"] = {"200": {"content": {"application/json": {"example": examples.DATA}}}}


@router.get(
    "/integrations/{platform}/data",
    **_DATA,
)
async def get_data(
    platform: Platform,
    who: Viewer,
    paging: Rows,
    reviews: Reviews,
    start: From = None,
    end: To = None,
    stream: StreamName = None,
    campaign_id: Chosen = None,
    account_id: Chosen = None,
) -> DataOut:
    """What was read: ad rows by day with their totals, records of other streams by the time of their last change."""
    named = find_platform(platform)
    chosen = reviews.stream(named, stream)
    position = paging.position(who.client_id)
    ends = range_of(start, end, who.timezone)
    span = (_moment(ends[0]), _moment(ends[1]))
    if chosen.kind == "ads":
        days = (_day(span[0], who.timezone), _day(span[1], who.timezone))
        ads = reviews.ads(
            who.client_id, named, days, paging.limit, position, campaign_id=campaign_id, account_id=account_id
        )
        rows = paging.answer(who.client_id, ads.page.map(ad_row_out))
        totals = totals_out(ads.total, ads.currencies)
        meta = DataMeta(**rows.meta.model_dump(), stream=chosen.name, totals=totals)
        return DataOut(data=[*rows.data], meta=meta)
    page = reviews.records(who.client_id, named, chosen, span, paging.limit, position)
    listed = paging.answer(who.client_id, page.map(record_out))
    return DataOut(data=[*listed.data], meta=DataMeta(**listed.meta.model_dump(), stream=chosen.name, totals=None))


@router.get(
    "/integrations/{platform}/quarantine",
    **operation(
        "integrations.quarantine",
        scope=Scope.INTEGRATIONS_READ,
        response_example=[examples.QUARANTINED],
        errors=_REFUSED,
    ),
)
async def list_quarantine(
    platform: Platform, who: Viewer, paging: Oldest, reviews: Reviews, stream: StreamName = None
) -> Listed[QuarantinedOut]:
    """Records that could not be taken, and why. Kept for 30 days."""
    position = paging.position(who.client_id)
    page = reviews.quarantined(who.client_id, find_platform(platform), stream, paging.limit, position)
    return paging.answer(who.client_id, page.map(quarantined_out))


@router.post(
    "/integrations/{platform}/quarantine/replay",
    **operation(
        "integrations.replay",
        scope=Scope.INTEGRATIONS_WRITE,
        limit=(60, HOUR, "user"),
        request_example=examples.REPLAY,
        response_example=examples.REPLAYED,
        errors=_REFUSED,
    ),
)
async def replay(
    platform: Platform, who: Member, replayer: Replayer, body: ReplayIn | None = None
) -> Envelope[ReplayOut]:
    """Read them once more, as they are read by now. What came since is not overwritten."""
    outcome = replayer.replay(who.client_id, find_platform(platform), (body or ReplayIn()).ids)
    return ok(ReplayOut.model_validate(outcome))


def _moment(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else timestamp_of(milliseconds)


def _day(moment: datetime | None, timezone: str) -> date | None:
    return moment.astimezone(ZoneInfo(timezone)).date() if moment else None
